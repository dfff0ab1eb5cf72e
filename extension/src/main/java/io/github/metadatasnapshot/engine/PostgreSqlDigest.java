package io.github.metadatasnapshot.engine;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.SortedMap;

/** Digests the rows of PostgreSQL's tables. */
final class PostgreSqlDigest {

    /** As many tables as one statement asks for. */
    private static final int TABLES_AT_ONCE = 100;

    private static final String COLUMNS = """
            SELECT n.nspname, c.relname, a.attname, a.atttypid IN ('bytea'::regtype, 'text'::regtype, 'varchar'::regtype)
            FROM pg_attribute a JOIN pg_class c ON c.oid = attrelid JOIN pg_namespace n ON n.oid = relnamespace
            WHERE c.relkind = 'r' AND attnum > 0 AND NOT attisdropped AND attgenerated = '' AND %s
            """;

    private PostgreSqlDigest() {}

    static SortedMap<TableName, TableDigest> read(
            Engine engine, Connection connection, Collection<TableName> tables, String userSchema) throws SQLException {
        Digests digests = new Digests(tables);
        try (var session = new PostgreSqlSession(connection);
                var statement = connection.createStatement()) {
            try (ResultSet rows = statement.executeQuery(COLUMNS.formatted(userSchema))) {
                while (rows.next()) {
                    String column = engine.quote(rows.getString(3));
                    digests.add(
                            new TableName(rows.getString(1), rows.getString(2)),
                            rows.getString(3),
                            rows.getBoolean(4) ? bounded(column) : column);
                }
            }
            return digests.read(
                    statement, TABLES_AT_ONCE, (index, table, values) -> select(engine, index, table, values));
        }
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

    // The text of a row ends at 1 GB, and a byte takes two characters of it. A length is known without reading the
    // value.
    static String bounded(String column) {
        return "CASE WHEN octet_length(" + column + ") > 16777216 THEN md5(" + column + ") ELSE " + column
                + "::text END";
    }
}
