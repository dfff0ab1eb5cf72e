package io.github.metadatasnapshot.engine;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;

/** Reads the OIDs of PostgreSQL's tables, the numbers of their columns and the OIDs of the labels of enumerations. */
final class PostgreSqlIdentities {

    private static final String COLUMNS = """
            SELECT n.nspname, c.relname, c.oid, attname, attnum
            FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace
              LEFT JOIN pg_attribute ON attrelid = c.oid AND attnum > 0 AND NOT attisdropped
            WHERE c.relkind IN ('r', 'p') AND %s
            """;

    /** Of columns of the enumeration itself, of an array of it, and of a domain over it. */
    private static final String LABELS = """
            SELECT n.nspname, c.relname, attname, e.oid, enumlabel
            FROM pg_enum e JOIN pg_type t ON enumtypid IN (t.oid, t.typelem, t.typbasetype)
              JOIN pg_attribute ON atttypid = t.oid AND attnum > 0 AND NOT attisdropped
              JOIN pg_class c ON c.oid = attrelid JOIN pg_namespace n ON n.oid = relnamespace
            WHERE c.relkind IN ('r', 'p') AND %s
            """;

    private PostgreSqlIdentities() {}

    static Map<TableName, TableIdentity> read(Connection connection, String userSchema) throws SQLException {
        Map<TableName, String> oids = new HashMap<>();
        Map<TableName, Map<String, String>> numbers = new HashMap<>();
        Map<TableName, Map<String, Map<String, String>>> labels = new HashMap<>();
        try (var statement = connection.createStatement()) {
            try (ResultSet rows = statement.executeQuery(COLUMNS.formatted(userSchema))) {
                while (rows.next()) {
                    TableName table = new TableName(rows.getString(1), rows.getString(2));
                    oids.put(table, rows.getString(3));
                    if (rows.getString(4) != null) {
                        numbers.computeIfAbsent(table, name -> new HashMap<>())
                                .put(rows.getString(4), rows.getString(5));
                    }
                }
            }
            try (ResultSet rows = statement.executeQuery(LABELS.formatted(userSchema))) {
                while (rows.next()) {
                    labels.computeIfAbsent(new TableName(rows.getString(1), rows.getString(2)), name -> new HashMap<>())
                            .computeIfAbsent(rows.getString(3), column -> new HashMap<>())
                            .put(rows.getString(4), rows.getString(5));
                }
            }
        }
        Map<TableName, TableIdentity> identities = new HashMap<>();
        oids.forEach((table, oid) -> {
            Map<String, TableIdentity.Column> columns = new HashMap<>();
            numbers.getOrDefault(table, Map.of())
                    .forEach((column, number) -> columns.put(
                            column,
                            new TableIdentity.Column(
                                    number, labels.getOrDefault(table, Map.of()).getOrDefault(column, Map.of()))));
            identities.put(table, new TableIdentity(oid, true, columns));
        });
        return identities;
    }
}
