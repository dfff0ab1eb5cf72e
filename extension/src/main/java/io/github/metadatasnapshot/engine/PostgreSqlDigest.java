package io.github.metadatasnapshot.engine;

import static java.util.Objects.requireNonNull;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/** Digests the rows of PostgreSQL's tables. */
final class PostgreSqlDigest {

    /** As many tables as one statement asks for. */
    private static final int TABLES_AT_ONCE = 100;

    /**
     * The columns, with whether the text of their values follows from the rows alone. That of a user's types may not: an
     * enumeration's is in the catalogue, and so are the names that {@code regclass} and its like print. Nor is it known how
     * another storage than the server's own keeps rows.
     */
    private static final String COLUMNS = """
            SELECT n.nspname, c.relname, a.attname, a.atttypid IN ('bytea'::regtype, 'text'::regtype, 'varchar'::regtype),
              c.oid, concat_ws(':', attnum, atttypid, atttypmod),
              t.oid < 16384 AND t.typtype = 'b' AND t.typname !~ '^_?(reg|aclitem)'
                AND c.relam IN (0, 2) AND NOT c.relrowsecurity AND has_table_privilege(c.oid, 'SELECT')
            FROM pg_attribute a JOIN pg_class c ON c.oid = attrelid JOIN pg_namespace n ON n.oid = relnamespace
              JOIN pg_type t ON t.oid = atttypid
            WHERE c.relkind = 'r' AND attnum > 0 AND NOT attisdropped AND attgenerated = '' AND %s
            ORDER BY c.oid, attnum
            """;

    /**
     * The first transaction that may write into the database after this, and nothing while another one may be doing so: the
     * server looks at the transactions before it looks at the sessions.
     */
    private static final String HORIZON = """
            SELECT txid_snapshot_xmax(txid_current_snapshot()) % 4294967296
            WHERE NOT EXISTS (
              SELECT FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()
                AND state IS DISTINCT FROM 'idle' AND backend_type IS DISTINCT FROM 'autovacuum worker')
              AND NOT EXISTS (SELECT FROM pg_prepared_xacts WHERE database = current_database())
            """;

    private PostgreSqlDigest() {}

    static SortedMap<TableName, TableDigest> read(
            Engine engine,
            Connection connection,
            Collection<TableName> tables,
            Map<TableName, TableDigest> earlier,
            Optional<DatabaseNameColumn> databaseName,
            String userSchema)
            throws SQLException {
        // What a transaction of the caller's has written may be undone.
        List<String> horizon = connection.getAutoCommit() ? Engine.queryForStrings(connection, HORIZON) : List.of();
        Digests digests = new Digests(tables);
        Map<TableName, String> layouts = new TreeMap<>();
        Set<TableName> unsteady = new TreeSet<>();
        try (var session = new PostgreSqlSession(connection);
                var statement = connection.createStatement()) {
            try (ResultSet rows = statement.executeQuery(COLUMNS.formatted(userSchema))) {
                while (rows.next()) {
                    TableName table = new TableName(rows.getString(1), rows.getString(2));
                    String name = rows.getString(3);
                    String column = engine.quote(name);
                    boolean named =
                            databaseName.filter(own -> own.isOf(table, name)).isPresent();
                    String value = rows.getBoolean(4) ? bounded(column) : column;
                    digests.add(table, name, named ? exceptOwnName(column, value) : value);
                    layouts.merge(
                            table,
                            rows.getString(5) + " " + rows.getString(6) + ":" + column,
                            (some, more) -> some + more.substring(more.indexOf(' ')));
                    if (named || !rows.getBoolean(7)) {
                        unsteady.add(table);
                    }
                }
            }
            layouts.keySet().removeAll(unsteady);
            SortedMap<TableName, TableDigest> unchanged = unchanged(engine, statement, tables, layouts, earlier);
            digests.remove(unchanged.keySet());
            horizon.forEach(transaction ->
                    layouts.forEach((table, layout) -> digests.stamp(table, transaction + " " + layout)));
            SortedMap<TableName, TableDigest> all = digests.read(
                    statement, TABLES_AT_ONCE, (index, table, values) -> select(engine, index, table, values));
            all.putAll(unchanged);
            return all;
        }
    }

    /**
     * Finds the tables that hold the same rows as when a digest was made of them: the same table with the same columns, as
     * many rows, and none that a transaction wrote which was not over then. PostgreSQL never changes a row in place: an
     * UPDATE makes a new one.
     */
    private static SortedMap<TableName, TableDigest> unchanged(
            Engine engine,
            Statement statement,
            Collection<TableName> tables,
            Map<TableName, String> layouts,
            Map<TableName, TableDigest> earlier)
            throws SQLException {
        List<TableName> same = tables.stream()
                .filter(table -> layouts.containsKey(table) && earlier.containsKey(table))
                .filter(table -> {
                    String stamp = requireNonNull(earlier.get(table)).stamp();
                    return stamp.substring(stamp.indexOf(' ') + 1).equals(layouts.get(table));
                })
                .toList();
        SortedMap<TableName, TableDigest> unchanged = new TreeMap<>();
        for (int from = 0; from < same.size(); from += TABLES_AT_ONCE) {
            List<String> selects = new ArrayList<>();
            for (int i = from; i < Math.min(same.size(), from + TABLES_AT_ONCE); i++) {
                String stamp = requireNonNull(earlier.get(same.get(i))).stamp();
                selects.add("SELECT %d, count(*), coalesce(bool_and(age(xmin) > age('%s'::xid)), true) FROM ONLY %s"
                        .formatted(i, stamp.substring(0, stamp.indexOf(' ')), engine.quote(same.get(i))));
            }
            try (ResultSet rows = statement.executeQuery(String.join("\nUNION ALL\n", selects))) {
                while (rows.next()) {
                    TableName table = same.get(rows.getInt(1));
                    TableDigest digest = requireNonNull(earlier.get(table));
                    if (rows.getLong(2) == digest.rows() && rows.getBoolean(3)) {
                        unchanged.put(table, digest);
                    }
                }
            }
        }
        return unchanged;
    }

    /**
     * Hashes each row twice, with different seeds, and adds the hashes up, so that neither the order of the rows nor that
     * of the columns matters, and a row that is there twice counts twice.
     *
     * <p>A row's text is the one that {@code pg_dump} would write for the values: exact, and with NULL told from an empty
     * string. OFFSET keeps the server from making it twice.
     */
    private static String select(Engine engine, int index, TableName table, Collection<String> values) {
        return """
                SELECT %d, count(*), count(r), coalesce(sum(hashtextextended(r, 0)), 0),
                  coalesce(sum(hashtextextended(r, 1)), 0)
                FROM (SELECT ROW(%s)::text COLLATE "C" AS r FROM ONLY %s OFFSET 0) AS rows""".formatted(index, String.join(", ", values), engine.quote(table));
    }

    /** {@return the same in each database where a value is the database's name, which is not empty} */
    private static String exceptOwnName(String column, String value) {
        return "CASE WHEN " + column + "::text = current_database() THEN E'\\x01' ELSE (" + value + ")::text END";
    }

    // The text of a row ends at 1 GB, and a byte takes two characters of it. A length is known without reading the
    // value.
    static String bounded(String column) {
        return "CASE WHEN octet_length(" + column + ") > 16777216 THEN md5(" + column + ") ELSE " + column
                + "::text END";
    }
}
