package io.github.metadatasnapshot.engine;

import java.lang.System.Logger.Level;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Options of relations that a PostgreSQL server sets by itself, as bookkeeping, and that no dump holds. An option that only
 * an extension knows, such as {@code m} of an index of pgvector, looks the same in the catalogue; so the server is asked
 * which options a table, an index and a view have that were just created without any.
 */
final class ServerOptions {

    private static final System.Logger LOGGER = System.getLogger("io.github.metadatasnapshot");

    private static final String PROBE = "metadatasnapshot_probe";

    private static final List<String> CREATE = List.of(
            "CREATE TEMPORARY TABLE " + PROBE + " (a integer, b text) ON COMMIT DROP",
            "CREATE INDEX " + PROBE + "_index ON " + PROBE + " (a)",
            "CREATE TEMPORARY VIEW " + PROBE + "_view AS SELECT 1 AS a");

    private static final String QUERY = """
        SELECT DISTINCT split_part(o, '=', 1) FROM pg_class c CROSS JOIN unnest(c.reloptions) AS o
        WHERE c.relnamespace = pg_my_temp_schema() AND c.relname LIKE '%1$s%%' OR c.oid = (
          SELECT reltoastrelid FROM pg_class WHERE relnamespace = pg_my_temp_schema() AND relname = '%1$s')
        """.formatted(PROBE);

    /** Whether a server sets an option by itself, by the server and the option. */
    private static final Map<List<String>, Boolean> KNOWN = new ConcurrentHashMap<>();

    private static final Set<List<String>> LOGGED = ConcurrentHashMap.newKeySet();

    private ServerOptions() {}

    /**
     * Tells which options a server sets by itself. Creates relations for it, and rolls them back, once for each option; a
     * session that may not create any takes no option for the server's.
     *
     * @param connection a connection to a database of the server, left as it was
     * @param names the options
     * @return those that are the server's
     * @throws SQLException if the server does not answer
     */
    static Set<String> among(Connection connection, Collection<String> names) throws SQLException {
        String server = server(connection);
        if (!names.stream().allMatch(name -> KNOWN.containsKey(List.of(server, name)))) {
            Set<String> found = probe(connection);
            names.forEach(name -> KNOWN.put(List.of(server, name), found.contains(name)));
        }
        Set<String> own = new TreeSet<>();
        for (String name : names) {
            if (KNOWN.getOrDefault(List.of(server, name), false)) {
                own.add(name);
                logLeftOut(connection, "option " + name);
            }
        }
        return own;
    }

    private static Set<String> probe(Connection connection) throws SQLException {
        boolean autoCommit = connection.getAutoCommit();
        if (autoCommit) {
            connection.setAutoCommit(false);
        }
        @Nullable Savepoint savepoint = autoCommit ? null : connection.setSavepoint();
        try {
            Engine.execute(connection, CREATE);
            return new HashSet<>(Engine.queryForStrings(connection, QUERY));
        } catch (SQLException e) {
            LOGGER.log(
                    Level.WARNING,
                    "It is not known which options of tables and indexes the server sets by itself, because no"
                            + " temporary table could be created: " + e.getMessage());
            return Set.of();
        } finally {
            if (savepoint == null) {
                connection.rollback();
                connection.setAutoCommit(true);
            } else {
                connection.rollback(savepoint);
                connection.releaseSavepoint(savepoint);
            }
        }
    }

    /** Logs, once for each server, what schemas are without. */
    static void logLeftOut(Connection connection, String what) throws SQLException {
        String server = server(connection);
        if (LOGGED.add(List.of(server, what))) {
            LOGGER.log(
                    Level.INFO,
                    "Schemas are compared without the {0}, which PostgreSQL {1} sets by itself and no dump holds",
                    what,
                    connection.getMetaData().getDatabaseProductVersion());
        }
    }

    /** {@return the definition of an index, as the server prints it, without some options} */
    static String without(Set<String> options, String definition) {
        String rest = definition;
        for (String option : options) {
            String setting = Pattern.quote(option) + "=(?:'(?:[^']|'')*'|\\w+)";
            rest = rest.replaceFirst(" WITH \\(" + setting + "\\)", "")
                    .replaceFirst("(?<= WITH \\()" + setting + ", ", "")
                    .replaceFirst("( WITH \\([^)]*), " + setting, "$1");
        }
        return rest;
    }

    private static String server(Connection connection) throws SQLException {
        return Engine.POSTGRESQL.withDatabase(connection.getMetaData().getURL(), "");
    }
}
