package io.github.metadatasnapshot.restore;

import io.github.metadatasnapshot.backup.BackupInfo;
import io.github.metadatasnapshot.engine.SchemaHistory;
import io.github.metadatasnapshot.engine.TableDigest;
import io.github.metadatasnapshot.engine.TableName;
import io.github.metadatasnapshot.engine.Version;
import io.github.metadatasnapshot.shape.DatabaseState;
import io.github.metadatasnapshot.shape.ShapeDifference;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/** Compares a database after a restore with what the backup holds. */
final class Faithfulness {

    private Faithfulness() {}

    /** Compares with a faithful copy, value by value. */
    static List<String> differences(DatabaseState faithful, DatabaseState after) {
        List<String> differences = new ArrayList<>();
        if (!after.history().equals(faithful.history())) {
            String says = after.history().describeVersion();
            String backup = faithful.history().describeVersion();
            differences.add(
                    says.equals(backup)
                            ? "the history has other rows than the backup, of the same version " + says
                            : "the history says " + says + ", the backup is of " + backup);
        }
        Set<TableName> tables = new TreeSet<>(faithful.digests().keySet());
        tables.addAll(after.digests().keySet());
        for (TableName table : tables) {
            TableDigest wanted = faithful.digests().get(table);
            TableDigest found = after.digests().get(table);
            if (wanted == null) {
                differences.add("table " + table + " is there, which the backup does not have");
            } else if (found == null) {
                differences.add("table " + table + " of the backup is missing");
            } else if (wanted.rows() != found.rows()) {
                differences.add("table " + table + " holds " + found.rows() + " rows, the backup has " + wanted.rows());
            } else if (!wanted.equals(found)) {
                differences.add("table " + table + " holds other values than the backup, in as many rows");
            }
        }
        faithful.objectDifferences(after).stream()
                .map(ShapeDifference::toString)
                .forEach(differences::add);
        return differences;
    }

    /** Compares with what the file says: which tables it has, how many rows, and what its history says. */
    static List<String> differences(BackupInfo info, DatabaseState before, DatabaseState after) {
        List<String> differences = new ArrayList<>();
        Optional<Version> backup = info.history().flatMap(SchemaHistory::version);
        if (info.kind() == BackupInfo.Kind.DATA_ONLY) {
            Optional<Version> shape = before.history().version();
            if (backup.isPresent() && !backup.equals(shape)) {
                differences.add("rows of version " + backup.get() + " lie untransformed in the tables of "
                        + before.history().describeVersion());
            }
        }
        if (backup.isPresent() && !backup.equals(after.history().version())) {
            differences.add(
                    "the history says " + after.history().describeVersion() + ", the backup is of " + backup.get());
        }
        SortedMap<TableName, Long> expected = new TreeMap<>();
        if (info.kind() == BackupInfo.Kind.DATA_ONLY) {
            expected.putAll(before.rows());
        }
        info.createdTables().forEach(table -> expected.put(table, 0L));
        expected.putAll(info.rows());
        Set<TableName> tables = new TreeSet<>(expected.keySet());
        tables.addAll(after.rows().keySet());
        for (TableName table : tables) {
            Long wanted = expected.get(table);
            Long found = after.rows().get(table);
            if (wanted == null) {
                differences.add("table " + table + " is there, which the backup does not have");
            } else if (found == null) {
                // A partitioned table holds no rows of its own, so it is not among those that are counted.
                if (wanted > 0 || !after.shape().hasTable(table)) {
                    differences.add("table " + table + " of the backup is missing");
                }
            } else if (!wanted.equals(found)) {
                differences.add("table " + table + " holds " + found + " rows, the backup has " + wanted);
            }
        }
        return differences;
    }
}
