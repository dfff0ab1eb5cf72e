package io.github.metadatasnapshot.shape;

import io.github.metadatasnapshot.engine.Engine;
import io.github.metadatasnapshot.engine.SchemaHistory;
import io.github.metadatasnapshot.engine.TableName;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What a database holds at one moment. Two states are equal when nothing that is looked at has changed between them.
 *
 * @param history what the history table says
 * @param rows the number of rows of every table, that of the history included
 * @param otherObjects the names of views, routines, sequences and types
 */
public record DatabaseState(SchemaHistory history, SortedMap<TableName, Long> rows, List<String> otherObjects) {

    /** Copies the collections. */
    public DatabaseState {
        rows = Collections.unmodifiableSortedMap(new TreeMap<>(rows));
        otherObjects = List.copyOf(otherObjects);
    }

    /**
     * Looks at a database.
     *
     * @param connection a connection to it
     * @param engine its engine
     * @param historyTable where its history lies
     * @return its state
     * @throws SQLException if something of it cannot be read
     */
    public static DatabaseState read(Connection connection, Engine engine, HistoryTable historyTable)
            throws SQLException {
        var tables = engine.tables(connection);
        SortedMap<TableName, Long> counts = new TreeMap<>();
        try (var statement = connection.createStatement()) {
            for (TableName table : tables) {
                try (ResultSet row = statement.executeQuery("SELECT count(*) FROM " + engine.quote(table))) {
                    row.next();
                    counts.put(table, row.getLong(1));
                }
            }
        }
        return new DatabaseState(
                historyTable.read(connection, engine, tables), counts, engine.otherObjects(connection));
    }

    /** Tells whether the database holds nothing of anybody's. */
    public boolean isEmpty() {
        return rows.isEmpty() && otherObjects.isEmpty();
    }

    /** {@return the number of rows of all tables together} */
    public long totalRows() {
        return rows.values().stream().mapToLong(Long::longValue).sum();
    }

    /**
     * Says how a later state differs from this one.
     *
     * @param after the later state
     * @return one line a difference, none where the two are equal
     */
    public List<String> differences(DatabaseState after) {
        List<String> differences = new ArrayList<>();
        if (!history.equals(after.history)) {
            String before = history.describeVersion();
            String now = after.history.describeVersion();
            differences.add(
                    before.equals(now)
                            ? "the history has other rows, of the same version " + now
                            : "the history says " + now + ", before it said " + before);
        }
        var tables = new TreeSet<>(rows.keySet());
        tables.addAll(after.rows.keySet());
        for (TableName table : tables) {
            Long before = rows.get(table);
            Long now = after.rows.get(table);
            if (before == null) {
                differences.add("table " + table + " is new, with " + now + " rows");
            } else if (now == null) {
                differences.add("table " + table + " is gone, with " + before + " rows");
            } else if (!Objects.equals(before, now)) {
                differences.add("table " + table + " has " + now + " rows, before it had " + before);
            }
        }
        addNames(differences, "is new", after.otherObjects, otherObjects);
        addNames(differences, "is gone", otherObjects, after.otherObjects);
        return differences;
    }

    private static void addNames(List<String> differences, String what, List<String> these, List<String> without) {
        List<String> names = new ArrayList<>(these);
        without.forEach(names::remove);
        names.forEach(name -> differences.add(name + " " + what));
    }

    @Override
    public String toString() {
        return "version " + history.describeVersion() + ", " + rows.size() + " tables, " + totalRows() + " rows";
    }
}
