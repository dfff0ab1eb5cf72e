package io.github.metadatasnapshot.engine;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.Set;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/** Digests the rows of tables of MySQL and MariaDB. */
final class MySqlDigest {

    /** As many tables as one statement asks for: each is open until the end. */
    private static final int TABLES_AT_ONCE = 50;

    private static final String COLUMNS = """
            SELECT table_name, column_name, data_type, character_set_name
            FROM information_schema.columns
            WHERE table_schema = DATABASE() AND COALESCE(generation_expression, '') = ''
            """;

    /** Character sets whose bytes are, for the characters that they have, those of utf8mb4. */
    private static final Set<String> UTF8 = Set.of("utf8mb4", "utf8mb3", "utf8", "ascii", "binary");

    private MySqlDigest() {}

    static SortedMap<TableName, TableDigest> read(Engine engine, Connection connection, Collection<TableName> tables)
            throws SQLException {
        Digests digests = new Digests(tables);
        try (var session = new MySqlSession(connection);
                var statement = connection.createStatement()) {
            try (ResultSet rows = statement.executeQuery(COLUMNS)) {
                while (rows.next()) {
                    String column = rows.getString(2);
                    digests.add(
                            new TableName("", rows.getString(1)),
                            column,
                            value(engine.quote(column), rows.getString(3), rows.getString(4)));
                }
            }
            return digests.read(
                    statement, TABLES_AT_ONCE, (index, table, values) -> select(engine, index, table, values));
        }
    }

    /**
     * Hashes each row and adds the halves of the hashes up, so that neither the order of the rows nor that of the columns
     * matters, and a row that is there twice counts twice.
     *
     * <p>Not MD5 or SHA-1, which MySQL 9.6 has no longer. LIMIT keeps the server from making each hash twice. The binary
     * separator lets columns of any collation stand beside each other.
     */
    private static String select(Engine engine, int index, TableName table, Collection<String> values) {
        return """
                SELECT %d, COUNT(*), COUNT(h), SUM(CAST(CONV(LEFT(h, 16), 16, 10) AS UNSIGNED)),
                  SUM(CAST(CONV(RIGHT(h, 16), 16, 10) AS UNSIGNED))
                FROM (SELECT %s AS h FROM %s
                  LIMIT 18446744073709551615) AS hashes""".formatted(
                index, hash("CONCAT_WS(_binary',', '', " + String.join(", ", values) + ")"), engine.quote(table));
    }

    static String hash(String text) {
        return "LEFT(SHA2(" + text + ", 256), 32)";
    }

    /** {@return an expression that is never NULL and differs for values that differ} */
    static String value(String column, String type, @Nullable String charset) {
        return switch (type) {
            case "tinyint",
                    "smallint",
                    "mediumint",
                    "int",
                    "bigint",
                    "decimal",
                    "date",
                    "datetime",
                    "timestamp",
                    "time",
                    "year" -> "IFNULL(" + column + ", 'N')";
            case "bit" -> "IFNULL(CAST(" + column + " AS UNSIGNED), 'N')";
            case "float", "double" -> number("CAST(" + column + " AS DOUBLE)");
            case "char", "varchar", "enum", "set" -> "QUOTE(" + utf8(column, charset) + ")";
            case "binary", "varbinary" -> "IFNULL(HEX(" + column + "), 'N')";
            case "tinytext", "text", "mediumtext", "longtext" -> bounded("QUOTE", utf8(column, charset));
            case "json" -> bounded("QUOTE", "CAST(" + column + " AS CHAR)");
            case "tinyblob", "blob", "mediumblob", "longblob" -> bounded("HEX", column);
            case "uuid", "inet4", "inet6" -> "QUOTE(CAST(" + column + " AS CHAR))";
            // Geometries, with their SRID, and vectors.
            default -> "IFNULL(SHA2(" + column + ", 256), 'N')";
        };
    }

    static String utf8(String column, @Nullable String charset) {
        return charset == null || UTF8.contains(charset) ? column : "CONVERT(" + column + " USING utf8mb4)";
    }

    // A text that would exceed max_allowed_packet becomes NULL, so that what may be long is hashed by itself.
    static String bounded(String function, String value) {
        return "IFNULL(IF(LENGTH(" + value + ") > 1024, CONCAT('S', SHA2(" + value + ", 256)), " + function + "("
                + value + ")), 'N')";
    }

    /**
     * Tells numbers apart that these engines print alike: a FLOAT has six digits when it is not cast, and a DOUBLE no more
     * characters than 22, too few for all its digits where an exponent stands behind them. What was cut off is added.
     */
    private static String number(String value) {
        return "IFNULL(IF(ABS(" + value + ") BETWEEN 1E-1 AND 1E14, CONCAT(" + value + "), CONCAT(" + value + ", '/', "
                + value + " - (CONCAT(" + value + ") + 0E0))), 'N')";
    }
}
