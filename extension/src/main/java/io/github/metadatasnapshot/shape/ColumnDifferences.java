package io.github.metadatasnapshot.shape;

import io.github.metadatasnapshot.engine.DataColumn;
import io.github.metadatasnapshot.engine.DataReader;
import io.github.metadatasnapshot.engine.DataSelection;
import io.github.metadatasnapshot.engine.DataSelection.Pair;
import io.github.metadatasnapshot.engine.DataTable;
import io.github.metadatasnapshot.engine.Engine;
import io.github.metadatasnapshot.engine.TableName;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** Finds the columns in which tables of two databases hold other values, of those that both have. */
public final class ColumnDifferences {

    private ColumnDifferences() {}

    /**
     * Compares tables, inside the server.
     *
     * @param engine the engine of the databases
     * @param before a connection to one database
     * @param after a connection to another one of the same server
     * @param tables tables that both have
     * @return the names of the columns that differ, by table; none for a table whose columns are equal, or of which the two
     *     have none in common
     * @throws SQLException if a table cannot be read
     */
    public static SortedMap<TableName, SortedSet<String>> of(
            Engine engine, Connection before, Connection after, Collection<TableName> tables) throws SQLException {
        SortedMap<TableName, SortedSet<String>> differing = new TreeMap<>();
        if (tables.isEmpty()) {
            return differing;
        }
        try (DataReader old = engine.dataReader(before);
                DataReader now = engine.dataReader(after)) {
            Map<TableName, DataTable> tablesBefore = old.tables();
            Map<TableName, DataTable> tablesAfter = now.tables();
            for (TableName name : tables) {
                DataTable table = tablesBefore.get(name);
                DataTable other = tablesAfter.get(name);
                differing.put(name, table == null || other == null ? new TreeSet<>() : of(old, now, table, other));
            }
        }
        return differing;
    }

    private static SortedSet<String> of(DataReader old, DataReader now, DataTable table, DataTable other)
            throws SQLException {
        List<Pair> key = new ArrayList<>();
        List<Pair> rest = new ArrayList<>();
        for (DataColumn column : table.columns().values()) {
            DataColumn same = other.columns().get(column.name());
            if (same != null && !column.generated()) {
                (table.key().contains(column.name()) ? key : rest).add(new Pair(column, same));
            }
        }
        List<Pair> all = new ArrayList<>(key);
        all.addAll(rest);
        SortedSet<String> differing = new TreeSet<>();
        if (areEqual(old, now, table, other, all)) {
            return differing;
        }
        for (Pair pair : key) {
            if (!areEqual(old, now, table, other, List.of(pair))) {
                differing.add(pair.column().name());
            }
        }
        // With the key, values that have changed places differ, too.
        List<Pair> steadyKey = differing.isEmpty() ? key : List.of();
        for (Pair pair : rest) {
            List<Pair> columns = new ArrayList<>(steadyKey);
            columns.add(pair);
            if (!areEqual(old, now, table, other, columns)) {
                differing.add(pair.column().name());
            }
        }
        return differing;
    }

    private static boolean areEqual(DataReader old, DataReader now, DataTable table, DataTable other, List<Pair> pairs)
            throws SQLException {
        DataSelection selection = new DataSelection(table, pairs, List.of(), false, false);
        return old.digests(selection, 1).equals(now.digests(selection.flipped(other), 1));
    }
}
