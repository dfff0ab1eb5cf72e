package io.github.metadatasnapshot.engine;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.Map;
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

    /** What needs no conversion. Of a smaller set, such as ascii, MariaDB lets no other text stand beside a column. */
    private static final Set<String> UTF8 = Set.of("utf8mb4", "binary");

    /**
     * How many hexadecimal digits of a row's hash are added up, 100 bits. Written in hexadecimal once more, these are a decimal
     * number of twice as many digits: the only one that a server makes of a hash by one mention of it. Each further mention
     * would make the hash again, and a derived table of hashes goes to the disk on MariaDB, which takes as long as hashing. A
     * DECIMAL has 65 digits, which leaves room for the sum.
     */
    private static final int HASH_DIGITS = 25;

    /** Stands for a row that is too long to be hashed: more than the hashes of ten thousand million rows together. */
    private static final String NO_HASH = "1" + "0".repeat(60);

    /** The number of rows, that of rows with a hash, and the sum of hashes, of what {@link #sum} selects. */
    static final String RESULT = "n, n - s DIV " + NO_HASH + ", s, ''";

    private MySqlDigest() {}

    static SortedMap<TableName, TableDigest> read(
            MySqlEngine engine, Connection connection, Collection<TableName> tables) throws SQLException {
        Digests digests = new Digests(tables);
        try (var session = new MySqlSession(connection);
                var statement = connection.createStatement()) {
            // A session's sql_select_limit would leave tables out.
            Map<String, VersionedTables.Period> versioned = engine.versionedTables(connection, connection.getCatalog());
            try (ResultSet rows = statement.executeQuery(COLUMNS)) {
                while (rows.next()) {
                    String column = rows.getString(2);
                    digests.add(
                            new TableName("", rows.getString(1)),
                            column,
                            value(engine.quote(column), rows.getString(3), rows.getString(4)));
                }
            }
            // Not the times, which are others each time that a backup is restored or a migration is run.
            versioned.forEach((table, period) -> digests.add(
                    new TableName("", table), VersionedTables.ALL, VersionedTables.isCurrent(engine, period)));
            return digests.read(
                    statement,
                    TABLES_AT_ONCE,
                    (index, table, values) ->
                            select(index, source(engine, table, versioned.containsKey(table.name())), values));
        }
    }

    /**
     * Hashes each row and adds the hashes up, so that neither the order of the rows nor that of the columns matters, and a row
     * that is there twice counts twice.
     *
     * <p>The binary separator lets columns of any collation stand beside each other.
     */
    private static String select(int index, String source, Collection<String> values) {
        return "SELECT " + index + ", " + RESULT + " FROM (SELECT "
                + sum("CONCAT_WS(_binary',', '', " + String.join(", ", values) + ")") + " FROM " + source
                + ") AS sums";
    }

    private static String source(Engine engine, TableName table, boolean versioned) {
        return engine.quote(table) + (versioned ? VersionedTables.ALL : "");
    }

    /** {@return columns for {@link #RESULT}: the number of rows, and the sum of the hashes of a text that each has} */
    static String sum(String text) {
        return "COUNT(*) AS n, COALESCE(SUM(IFNULL(CAST(HEX(LEFT(SHA2(" + text + ", 256), " + HASH_DIGITS
                + ")) AS DECIMAL(" + 2 * HASH_DIGITS + ")), " + NO_HASH + ")), 0) AS s";
    }

    // Not MD5 or SHA-1, which MySQL 9.6 has no longer.
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
            // The server writes the text each time that it is mentioned.
            case "json" -> "IFNULL(SHA2(CAST(" + column + " AS CHAR), 256), 'N')";
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
