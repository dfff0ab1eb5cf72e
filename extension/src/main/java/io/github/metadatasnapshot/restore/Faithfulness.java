package io.github.metadatasnapshot.restore;

import io.github.metadatasnapshot.backup.BackupInfo;
import io.github.metadatasnapshot.engine.Engine;
import io.github.metadatasnapshot.engine.HistoryTable;
import io.github.metadatasnapshot.engine.LargeObjects;
import io.github.metadatasnapshot.engine.SchemaHistory;
import io.github.metadatasnapshot.engine.TableDigest;
import io.github.metadatasnapshot.engine.TableName;
import io.github.metadatasnapshot.engine.Version;
import io.github.metadatasnapshot.shape.DatabaseState;
import io.github.metadatasnapshot.shape.StateDifference;
import io.github.metadatasnapshot.shape.StateDifference.Gravity;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/** Compares a database after a restore with what the backup holds. */
final class Faithfulness {

    private Faithfulness() {}

    /**
     * Compares with a faithful copy, value by value.
     *
     * @param ofVersion what else is known to differ, that no value tells
     * @return the differences, the gravest first
     */
    static List<String> differences(DatabaseState faithful, DatabaseState after, Optional<StateDifference> ofVersion) {
        List<StateDifference> differences = new ArrayList<>(ofVersion.stream().toList());
        if (!after.history().equals(faithful.history())) {
            String says = after.history().describeVersion();
            String backup = faithful.history().describeVersion();
            differences.add(ofHistory(
                    says.equals(backup)
                            ? "the history has other rows than the backup, of the same version " + says
                            : "the history says " + says + ", the backup is of " + backup));
        }
        Set<TableName> tables = new TreeSet<>(faithful.digests().keySet());
        tables.addAll(after.digests().keySet());
        for (TableName table : tables) {
            TableDigest wanted = faithful.digests().get(table);
            TableDigest found = after.digests().get(table);
            if (wanted == null || found == null || wanted.rows() != found.rows()) {
                differences.add(rows(
                        table,
                        Optional.ofNullable(wanted).map(TableDigest::rows),
                        Optional.ofNullable(found).map(TableDigest::rows)));
            } else if (!wanted.equals(found)) {
                differences.add(new StateDifference(
                        Gravity.VALUES,
                        found.rows(),
                        "table " + table + " holds other values than the backup, in as many rows"));
            }
        }
        if (!after.largeObjects().equals(faithful.largeObjects())) {
            differences.add(largeObjects(faithful.largeObjects(), after.largeObjects()));
        }
        differences.addAll(faithful.behind(after, "with a faithful copy of the backup it continues at"));
        faithful.objectDifferences(after)
                .forEach(difference -> differences.add(StateDifference.ofObject(difference, difference.toString())));
        return StateDifference.describe(differences);
    }

    /**
     * Something that the database holds otherwise than the file says.
     *
     * @param table the table; empty where it is about no table
     * @param wanted the rows that the file has of it
     * @param found the rows that the database holds; empty where it has no such table
     * @param hidden whether the database may hold more than the connection's user sees
     * @param what the difference
     */
    record Difference(
            Optional<TableName> table, long wanted, Optional<Long> found, boolean hidden, StateDifference what) {}

    private static StateDifference ofHistory(String text) {
        return new StateDifference(Gravity.HISTORY, 0, text);
    }

    private static StateDifference largeObjects(LargeObjects wanted, LargeObjects found) {
        return StateDifference.ofLargeObjects(
                wanted,
                found,
                wanted.count() == found.count() && wanted.bytes() == found.bytes()
                        ? "the large objects are others than the backup's, as many and as long"
                        : "large objects: " + found + ", the backup has " + wanted);
    }

    /** {@return the difference between the rows of a table in the backup and in the database, of which one may lack it} */
    private static StateDifference rows(TableName table, Optional<Long> wanted, Optional<Long> found) {
        if (wanted.isEmpty()) {
            return StateDifference.ofRows(
                    0, found.orElseThrow(), "table " + table + " is there, which the backup does not have");
        }
        if (found.isEmpty()) {
            return StateDifference.ofMissingTable(wanted.get(), "table " + table + " of the backup is missing");
        }
        return StateDifference.ofRows(
                wanted.get(),
                found.get(),
                "table " + table + " holds " + found.get() + " rows, the backup has " + wanted.get());
    }

    /** Compares with what the file says: which tables it has, how many rows, and what its history says. */
    static List<Difference> differences(BackupInfo info, DatabaseState before, DatabaseState after) {
        List<Difference> differences = new ArrayList<>();
        Optional<Version> backup = info.history().flatMap(SchemaHistory::version);
        untransformed(info, before, after).ifPresent(what -> differences.add(ofNoTable(what)));
        if (backup.isPresent() && !backup.equals(after.history().version())) {
            differences.add(ofNoTable(ofHistory(
                    "the history says " + after.history().describeVersion() + ", the backup is of " + backup.get())));
        }
        SortedMap<TableName, Long> expected = new TreeMap<>();
        if (info.kind() == BackupInfo.Kind.DATA_ONLY) {
            expected.putAll(before.rows());
        }
        info.createdTables().forEach(table -> expected.put(table, 0L));
        expected.putAll(info.rows());
        compareRows(expected, after.rows()).stream()
                // A partitioned table holds no rows of its own, so it is not among those that are counted.
                .filter(difference -> difference.found().isPresent()
                        || difference.wanted() > 0
                        || !after.shape().hasTable(difference.table().orElseThrow()))
                .forEach(differences::add);
        LargeObjects wanted = info.largeObjects().count() == 0 ? before.largeObjects() : info.largeObjects();
        LargeObjects found = after.largeObjects();
        if (wanted.count() != found.count() || wanted.bytes() != found.bytes()) {
            differences.add(ofNoTable(largeObjects(wanted, found)));
        }
        return differences;
    }

    /**
     * Tells that rows without a schema are of another version than the database that they are in. Rows that bring the history
     * along change what it says, others don't, and a procedure may have migrated the database for them.
     */
    static Optional<StateDifference> untransformed(BackupInfo info, DatabaseState before, DatabaseState after) {
        SchemaHistory tables = info.declared().isPresent() ? after.history() : before.history();
        return info.kind() == BackupInfo.Kind.DATA_ONLY
                        && info.version().isPresent()
                        && !info.version().equals(tables.version())
                ? Optional.of(ofHistory("rows of version " + info.describeVersion()
                        + " lie untransformed in the tables of " + tables.describeVersion()))
                : Optional.empty();
    }

    /** {@return that the history, which is faithful, is that of a database of another name} */
    static Optional<StateDifference> otherHistory(BackupInfo info, HistoryTable historyTable, DatabaseState after) {
        return after.history().version().isPresent()
                ? Optional.empty()
                : info.whyOtherDatabase(historyTable)
                        .map(why ->
                                ofHistory("the history says " + after.history().describeVersion() + ": " + why));
    }

    private static Difference ofNoTable(StateDifference what) {
        return new Difference(Optional.empty(), 0, Optional.empty(), false, what);
    }

    private static List<Difference> compareRows(
            SortedMap<TableName, Long> expected, SortedMap<TableName, Long> actual) {
        List<Difference> differences = new ArrayList<>();
        Set<TableName> tables = new TreeSet<>(expected.keySet());
        tables.addAll(actual.keySet());
        for (TableName table : tables) {
            Optional<Long> wanted = Optional.ofNullable(expected.get(table));
            Optional<Long> found = Optional.ofNullable(actual.get(table));
            if (!wanted.equals(found)) {
                differences.add(difference(table, wanted, found));
            }
        }
        return differences;
    }

    private static Difference difference(TableName table, Optional<Long> wanted, Optional<Long> found) {
        return new Difference(Optional.of(table), wanted.orElse(0L), found, false, rows(table, wanted, found));
    }

    /**
     * Compares with a second load of the same backup: which tables there are, how many rows, the large objects, and what the
     * history says. Partitions are counted together: into which one a row goes may follow from numbers that each database has
     * of its own, as the hash of an enum's value does.
     *
     * @param second what the second load left
     * @param after what the first load left
     * @param partitioned of each partition the table that it is part of
     */
    static List<StateDifference> loadDifferences(
            DatabaseState second, DatabaseState after, Map<TableName, TableName> partitioned) {
        List<StateDifference> differences = new ArrayList<>();
        if (!after.history().version().equals(second.history().version())) {
            differences.add(ofHistory("the history says " + after.history().describeVersion() + ", the backup is of "
                    + second.history().describeVersion()));
        }
        compareRows(together(second.rows(), partitioned), together(after.rows(), partitioned)).stream()
                .map(Difference::what)
                .forEach(differences::add);
        if (!after.largeObjects().equals(second.largeObjects())) {
            differences.add(largeObjects(second.largeObjects(), after.largeObjects()));
        }
        return differences;
    }

    private static SortedMap<TableName, Long> together(
            SortedMap<TableName, Long> rows, Map<TableName, TableName> partitioned) {
        SortedMap<TableName, Long> together = new TreeMap<>();
        rows.forEach((table, count) -> together.merge(partitioned.getOrDefault(table, table), count, Long::sum));
        return together;
    }

    /**
     * Asks the database about tables that are not among those which a state holds: an extension's own, of which a dump has the
     * rows that users added, and those that are divided into partitions. And about those whose rows the connection's user may
     * not see.
     *
     * @param differences what the file says otherwise than the state
     * @param engine the engine
     * @param connection a connection to the database
     * @return the differences that remain
     */
    static List<Difference> lookedUp(List<Difference> differences, Engine engine, Connection connection)
            throws SQLException {
        List<Difference> remaining = new ArrayList<>();
        for (Difference difference : differences) {
            if (difference.table().isEmpty()) {
                remaining.add(difference);
                continue;
            }
            TableName table = difference.table().get();
            long wanted = difference.wanted();
            if (difference.found().isPresent()) {
                long found = difference.found().get();
                boolean hidden = found < wanted && engine.hidesRows(connection, table);
                remaining.add(hidden ? hidden(table, wanted, found, connection) : difference);
                continue;
            }
            Optional<Long> rows = engine.countRows(connection, table);
            if (rows.isEmpty()) {
                remaining.add(difference);
            } else if (rows.get() < wanted) {
                remaining.add(difference(table, Optional.of(wanted), rows));
            }
        }
        return remaining;
    }

    private static Difference hidden(TableName table, long wanted, long found, Connection connection)
            throws SQLException {
        return new Difference(
                Optional.of(table),
                wanted,
                Optional.of(found),
                true,
                StateDifference.ofRows(
                        wanted,
                        found,
                        "row-level security hides rows of table " + table + " from "
                                + connection.getMetaData().getUserName() + ", who sees " + found + " of the " + wanted
                                + " in the file: run the test as a user with BYPASSRLS, or in a container, whose user"
                                + " is a superuser"));
    }
}
