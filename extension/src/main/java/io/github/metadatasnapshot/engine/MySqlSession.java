package io.github.metadatasnapshot.engine;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A look at a database of MySQL or MariaDB with settings of its own; the session's are put back at its end. */
final class MySqlSession implements AutoCloseable {

    /** What the text of values, and the result of a query, depends on. */
    private static final Map<String, String> SETTINGS = new TreeMap<>(Map.of(
            "time_zone", "'+00:00'",
            "sql_mode", "''",
            "character_set_connection", "utf8mb4",
            "collation_connection", "utf8mb4_general_ci",
            "sql_select_limit", "18446744073709551615",
            "sql_big_selects", "1",
            "sql_quote_show_create", "1",
            "div_precision_increment", "4"));

    private final Connection connection;
    private final String restore;

    MySqlSession(Connection connection) throws SQLException {
        this.connection = connection;
        List<String> before = new ArrayList<>();
        try (var statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT @@" + String.join(", @@", SETTINGS.keySet()))) {
            row.next();
            for (String setting : SETTINGS.keySet()) {
                String value = row.getString(before.size() + 1);
                // A number in quotes is no number to these engines.
                before.add(setting + " = " + (value.matches("\\d+") ? value : "'" + value.replace("'", "''") + "'"));
            }
        }
        restore = "SET " + String.join(", ", before);
        List<String> settings = new ArrayList<>();
        SETTINGS.forEach((setting, value) -> settings.add(setting + " = " + value));
        Engine.execute(connection, List.of("SET " + String.join(", ", settings)));
    }

    @Override
    public void close() throws SQLException {
        Engine.execute(connection, List.of(restore));
    }
}
