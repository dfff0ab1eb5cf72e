package io.github.metadatasnapshot.engine;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;

/** MariaDB's system-versioned tables, which keep rows that were updated or deleted. */
final class VersionedTables {

    /** Selects all rows of a table, those of its history included. */
    static final String ALL = " FOR SYSTEM_TIME ALL";

    /**
     * The columns that say from when to when a row was there.
     *
     * @param start the first one's name
     * @param end the second one's
     * @param byTransaction whether they hold numbers of transactions, which nobody can insert
     */
    record Period(String start, String end, boolean byTransaction) {}

    private VersionedTables() {}

    /** {@return a condition on a row, that it was neither updated nor deleted; in a session whose time zone is UTC} */
    static String isCurrent(Engine engine, Period period) {
        // Also of numbers: the current ones have the highest that there is.
        return "(" + engine.quote(period.end()) + " > UTC_TIMESTAMP(6))";
    }

    /** {@return the name under which the history of a table is compared} */
    static TableName history(String table) {
        return new TableName("", table + " (history)");
    }

    /** {@return the periods of the system-versioned tables of a database, by the tables' names} */
    static Map<String, Period> read(Engine engine, Connection connection, String database) throws SQLException {
        Map<String, Period> periods = new HashMap<>();
        String schema = "WHERE table_schema = " + engine.literal(database);
        for (String table : Engine.queryForStrings(
                connection,
                "SELECT table_name FROM information_schema.tables " + schema
                        + " AND table_type = 'SYSTEM VERSIONED'")) {
            periods.put(table, new Period("row_start", "row_end", false));
        }
        if (periods.isEmpty()) {
            return periods;
        }
        try (var statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("""
                        SELECT table_name, MAX(IF(generation_expression = 'ROW START', column_name, '')),
                          MAX(IF(generation_expression = 'ROW END', column_name, '')), MAX(data_type)
                        FROM information_schema.columns %s AND generation_expression IN ('ROW START', 'ROW END')
                        GROUP BY table_name
                        """.formatted(schema))) {
            while (rows.next()) {
                periods.put(
                        rows.getString(1),
                        new Period(
                                rows.getString(2),
                                rows.getString(3),
                                rows.getString(4).equals("bigint")));
            }
        }
        return periods;
    }
}
