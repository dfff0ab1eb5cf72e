package io.github.metadatasnapshot.migration;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a {@link Migrator} did whose statements were watched.
 *
 * @param run what it did
 * @param statements how many statements each migration ran, by its file, in the order of the migrations; of one that was
 *     broken off with the statement that the server refused
 */
public record WatchedRun(MigrationRun run, Map<String, Integer> statements) {

    /** Copies the map. */
    public WatchedRun {
        statements = Collections.unmodifiableMap(new LinkedHashMap<>(statements));
    }
}
