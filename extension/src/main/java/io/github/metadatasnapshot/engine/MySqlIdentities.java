package io.github.metadatasnapshot.engine;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Reads InnoDB's ids of tables, which a renamed table keeps and one whose rows were copied does not, and the places of their
 * columns. These say which column is which as long as there are as many of the same types.
 */
final class MySqlIdentities {

    private static final String COLUMNS = """
            SELECT table_name, column_name, CONCAT_WS(' ', column_type, character_set_name)
            FROM information_schema.columns WHERE table_schema = DATABASE() ORDER BY table_name, ordinal_position
            """;

    /** Counts, on MySQL from 8.0.29 on, how often columns were added or dropped without copying the rows. */
    private static final String COLUMN_CHANGES = "TOTAL_ROW_VERSIONS";

    private MySqlIdentities() {}

    static Map<TableName, TableIdentity> read(MySqlEngine engine, Connection connection) throws SQLException {
        Map<TableName, SortedMap<String, String>> files = new HashMap<>();
        Map<TableName, Map<String, String>> columns = new HashMap<>();
        String prefix = MySqlEngine.filePrefix(connection.getCatalog());
        try (var statement = connection.createStatement()) {
            try (ResultSet rows = statement.executeQuery("SELECT * FROM information_schema.%sTABLES WHERE name LIKE %s"
                    .formatted(engine.innodb(), engine.literal(prefix.replace("_", "\\_") + "%")))) {
                boolean counted = has(rows, COLUMN_CHANGES);
                while (rows.next()) {
                    String file = rows.getString("NAME").substring(prefix.length());
                    files.computeIfAbsent(new TableName("", MySqlEngine.tableOfFile(file)), table -> new TreeMap<>())
                            .put(rows.getString("TABLE_ID"), counted ? rows.getString(COLUMN_CHANGES) : "");
                }
            }
            try (ResultSet rows = statement.executeQuery(COLUMNS)) {
                while (rows.next()) {
                    columns.computeIfAbsent(new TableName("", rows.getString(1)), table -> new LinkedHashMap<>())
                            .put(rows.getString(2), rows.getString(3));
                }
            }
        }
        Map<TableName, TableIdentity> identities = new HashMap<>();
        files.forEach((table, ids) -> identities.put(
                table,
                new TableIdentity(
                        ids.keySet().toString(),
                        engine.copiesRowsForColumnOrder(),
                        places(
                                columns.getOrDefault(table, Map.of()),
                                ids.values().toString()))));
        return identities;
    }

    private static boolean has(ResultSet rows, String column) throws SQLException {
        for (int i = 1; i <= rows.getMetaData().getColumnCount(); i++) {
            if (rows.getMetaData().getColumnLabel(i).equalsIgnoreCase(column)) {
                return true;
            }
        }
        return false;
    }

    private static Map<String, TableIdentity.Column> places(Map<String, String> types, String changes) {
        String layout = types.values() + " " + changes;
        Map<String, TableIdentity.Column> places = new HashMap<>();
        for (String column : types.keySet()) {
            places.put(column, new TableIdentity.Column(places.size() + " of " + layout, Map.of()));
        }
        return places;
    }
}
