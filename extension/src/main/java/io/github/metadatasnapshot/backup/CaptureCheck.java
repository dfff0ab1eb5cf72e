package io.github.metadatasnapshot.backup;

import io.github.metadatasnapshot.engine.SchemaHistory;
import io.github.metadatasnapshot.engine.TableName;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeSet;

/** Holds what a captured backup says about itself against what was found in it. */
final class CaptureCheck {

    private static final String AGAIN = ". Take the file from where it was captured, or capture again";

    private CaptureCheck() {}

    static void check(String name, CaptureReader.Capture capture, BackupInfo found) {
        CaptureInfo said = capture.info();
        if (said.engine() != found.writer()) {
            throw new BackupException(name + " says in its header that it was captured from " + said.engine()
                    + ", but holds a dump of " + found.writer() + AGAIN);
        }
        if (said.kind() != found.kind()) {
            throw new BackupException(
                    name + " says in its header that it is " + said.kind() + ", but it is " + found.kind() + AGAIN);
        }
        found.guard().filter(guard -> !guard.equals(said.version())).ifPresent(guard -> {
            throw new BackupException(name + " says in its header that it is of version " + said.version()
                    + ", but its guard demands " + guard + AGAIN);
        });
        SchemaHistory history = found.history().orElse(SchemaHistory.EMPTY);
        // Of a history whose rows name another database than this is known to be of, nothing counts here.
        boolean ofOther = history.version().isEmpty() && !found.otherDatabases().isEmpty();
        if (found.history().isPresent()
                && !ofOther
                && !history.describeVersion().equals(said.version())) {
            throw new BackupException(name + " says in its header that it is of version " + said.version()
                    + ", but the history in it says " + history.describeVersion() + AGAIN);
        }
        checkRows(name, capture.footer().rows(), found.rows());
        if (!capture.footer().head().equals(capture.head())) {
            throw new BackupException(
                    name + " was altered after it had been captured: its header or its guard is not as it was written"
                            + AGAIN);
        }
    }

    private static void checkRows(String name, SortedMap<TableName, Long> said, SortedMap<TableName, Long> found) {
        if (said.equals(found)) {
            return;
        }
        Set<Map.Entry<TableName, Long>> differences = new TreeSet<>(Map.Entry.comparingByKey());
        differences.addAll(said.entrySet());
        differences.addAll(found.entrySet());
        differences.removeIf(
                entry -> said.getOrDefault(entry.getKey(), -1L).equals(found.getOrDefault(entry.getKey(), -1L)));
        TableName table = differences.iterator().next().getKey();
        throw new BackupException(name + " says in its footer that table " + table + " has " + rows(said, table)
                + ", but it holds " + rows(found, table)
                + (differences.size() > 1 ? " (and " + (differences.size() - 1) + " tables more)" : "") + AGAIN);
    }

    private static String rows(SortedMap<TableName, Long> rows, TableName table) {
        return rows.containsKey(table) ? rows.get(table) + " rows" : "none of it";
    }
}
