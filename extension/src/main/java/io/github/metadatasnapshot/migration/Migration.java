package io.github.metadatasnapshot.migration;

import io.github.metadatasnapshot.engine.Version;
import java.util.Collection;
import java.util.Collections;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;

/**
 * A migration that there is, applied or not.
 *
 * @param version the version, empty for a repeatable migration
 * @param description what it is called
 * @param checksum the checksum of its script, empty where its kind has none
 * @param baseline whether it makes the schema of its version at once, in an empty database only
 */
public record Migration(Optional<Version> version, String description, Optional<Integer> checksum, boolean baseline) {

    /** {@return the versions that migrations lead to, the lowest first} */
    public static NavigableSet<Version> versions(Collection<Migration> migrations) {
        NavigableSet<Version> versions = new TreeSet<>();
        migrations.forEach(migration -> migration.version().ifPresent(versions::add));
        return Collections.unmodifiableNavigableSet(versions);
    }
}
