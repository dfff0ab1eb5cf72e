package io.github.metadatasnapshot.engine;

import static java.util.stream.Collectors.joining;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * Settings of a session that copies a database of MySQL or MariaDB: what a product created or wrote with other settings than
 * the server's is taken as it is, and nothing is added to it.
 */
final class CopyingSession {

    /** Rows that others are writing are neither read nor waited for. */
    private static final List<String> SETTINGS = List.of(
            "SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED",
            "SET foreign_key_checks = 0, sql_mode = 'NO_AUTO_VALUE_ON_ZERO,ALLOW_INVALID_DATES', time_zone = '+00:00'");

    /** Variables that not every release has, or lets every user set. */
    private static final Map<String, String> VARIABLES = new TreeMap<>(Map.of(
            "check_constraint_checks", "OFF",
            "explicit_defaults_for_timestamp", "ON",
            "innodb_strict_mode", "OFF",
            "restrict_fk_on_non_standard_key", "OFF",
            "show_gipk_in_create_table_and_information_schema", "ON",
            "sql_generate_invisible_primary_key", "OFF",
            "sql_require_primary_key", "OFF",
            "system_versioning_insert_history", "ON"));

    private CopyingSession() {}

    /** {@return the statements that a session begins with which may set every variable, as one of the administrator's} */
    static List<String> statements(MySqlEngine engine, Connection connection) throws SQLException {
        List<String> statements = new ArrayList<>(SETTINGS);
        statements.addAll(differing(engine, connection));
        return statements;
    }

    /** Sets what the session's user may set: of the rest only what needs it cannot be copied. */
    static void begin(MySqlEngine engine, Connection connection) throws SQLException {
        Engine.execute(connection, SETTINGS);
        for (String statement : differing(engine, connection)) {
            try {
                Engine.execute(connection, List.of(statement));
            } catch (SQLException e) {
                if (!engine.isDenied(e)) {
                    throw e;
                }
            }
        }
    }

    private static List<String> differing(MySqlEngine engine, Connection connection) throws SQLException {
        List<String> statements = new ArrayList<>();
        String names = VARIABLES.keySet().stream().map(engine::literal).collect(joining(", "));
        try (var statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(engine.sessionVariables(names))) {
            while (rows.next()) {
                String wanted = VARIABLES.get(rows.getString(1).toLowerCase(Locale.ROOT));
                if (!rows.getString(2).equals(wanted)) {
                    statements.add("SET SESSION " + rows.getString(1) + " = " + wanted);
                }
            }
        }
        return statements;
    }
}
