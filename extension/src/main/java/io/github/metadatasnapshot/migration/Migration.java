package io.github.metadatasnapshot.migration;

import io.github.metadatasnapshot.engine.Version;
import java.util.Optional;

/**
 * A migration that there is, applied or not.
 *
 * @param version the version, empty for a repeatable migration
 * @param description what it is called
 * @param checksum the checksum of its script, empty where its kind has none
 * @param baseline whether it makes the schema of its version at once, in an empty database only
 */
public record Migration(Optional<Version> version, String description, Optional<Integer> checksum, boolean baseline) {}
