package io.github.metadatasnapshot.restore;

import io.github.metadatasnapshot.backup.BackupInfo;
import io.github.metadatasnapshot.engine.SchemaHistory;
import io.github.metadatasnapshot.engine.TableName;
import io.github.metadatasnapshot.engine.Version;
import io.github.metadatasnapshot.shape.DatabaseState;
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
