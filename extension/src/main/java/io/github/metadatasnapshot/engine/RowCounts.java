package io.github.metadatasnapshot.engine;

import java.util.Map;
import java.util.Optional;

/**
 * The rows that a session has changed so far, by what the engine counts them.
 *
 * @param scope what the counts are of: only those of an equal scope can be compared
 * @param rows by table, where the engine tells them apart, or else all under one key
 */
public record RowCounts(String scope, Map<String, RowChanges> rows) {

    /** Copies the map. */
    public RowCounts {
        rows = Map.copyOf(rows);
    }

    /**
     * Tells what was changed between two looks.
     *
     * @param before the earlier look
     * @return the changes, empty where something in between keeps them from being counted
     */
    public Optional<RowChanges> since(RowCounts before) {
        if (!scope.equals(before.scope)) {
            return Optional.empty();
        }
        return Optional.of(rows.entrySet().stream()
                .map(row -> row.getValue().since(before.rows.getOrDefault(row.getKey(), RowChanges.NONE)))
                .reduce(RowChanges.NONE, RowChanges::plus));
    }
}
