package io.github.metadatasnapshot.engine;

import static java.util.stream.Collectors.joining;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Reads the rows of tables of MySQL and MariaDB. */
final class MySqlDataReader extends DataReader {

    private static final Set<String> TIMES = Set.of("date", "datetime", "timestamp");
    private static final Set<String> FLOATS = Set.of("float", "double");
    private static final Set<String> NUMBERS =
            Set.of("tinyint", "smallint", "mediumint", "int", "bigint", "decimal", "bit", "year", "float", "double");
    private static final Set<String> UUID_TEXTS = Set.of("uuid", "char", "varchar", "tinytext", "text");
    private static final Set<String> BYTES =
            Set.of("binary", "varbinary", "tinyblob", "blob", "mediumblob", "longblob");

    /** The name of a column, with that of its table before the dot. */
    private static final Pattern COLUMN = Pattern.compile("((?:\"(?:[^\"]|\"\")+\"|[^.\"]+)\\.)(.+)");

    private final MySqlEngine mySql;
    private final int fetchSize;
    private final boolean foldsTables;
    private final MySqlSession session;

    MySqlDataReader(MySqlEngine engine, Connection connection, int fetchSize) throws SQLException {
        super(engine, connection);
        this.mySql = engine;
        this.fetchSize = fetchSize;
        this.session = new MySqlSession(connection);
        this.foldsTables = !Engine.queryForStrings(connection, "SELECT @@lower_case_table_names")
                .contains("0");
    }

    @Override
    String tablesSql() {
        return "SELECT '', table_name, FALSE FROM information_schema.tables"
                + " WHERE table_schema = DATABASE() AND table_type IN ('BASE TABLE', 'SYSTEM VERSIONED')";
    }

    /** The history of a table is a table of its own, in which a row is told by when it ended, too. */
    @Override
    void addHistories(SortedMap<TableName, DataTable> tables) throws SQLException {
        for (Map.Entry<String, VersionedTables.Period> entry :
                mySql.versionedTables(connection, connection.getCatalog()).entrySet()) {
            DataTable table = Objects.requireNonNull(tables.get(new TableName("", entry.getKey())));
            String end = entry.getValue().end();
            String rows = " FROM " + table.source() + VersionedTables.ALL + " WHERE NOT "
                    + VersionedTables.isCurrent(engine, entry.getValue());
            if (!Engine.queryForStrings(connection, "SELECT 1" + rows + " LIMIT 1")
                    .isEmpty()) {
                Map<String, DataColumn> columns = new LinkedHashMap<>(table.columns());
                columns.put(end, new DataColumn(end, "timestamp", "timestamp(6)", "", false, Map.of()));
                TableName name = VersionedTables.history(entry.getKey());
                String selected = columns.keySet().stream().map(engine::quote).collect(joining(", "));
                tables.put(
                        name,
                        new DataTable(
                                name,
                                "(SELECT " + selected + rows + ") AS history",
                                columns,
                                with(end, table.key()),
                                table.uniques().stream()
                                        .map(key -> with(end, key))
                                        .toList()));
            }
        }
    }

    private static List<String> with(String end, List<String> key) {
        return key.isEmpty()
                ? key
                : Stream.concat(key.stream(), Stream.of(end)).distinct().toList();
    }

    @Override
    String columnsSql() {
        return """
                SELECT '', table_name, column_name, data_type, column_type, COALESCE(character_set_name, ''),
                  COALESCE(generation_expression, '') <> ''
                FROM information_schema.columns WHERE table_schema = DATABASE() ORDER BY ordinal_position""";
    }

    @Override
    String keysSql() {
        // A key over an expression has no column for it, and one over the beginning of values tells whole values, too.
        return """
                SELECT '', table_name, index_name, column_name, index_name = 'PRIMARY' FROM information_schema.statistics
                WHERE table_schema = DATABASE() AND non_unique = 0 AND (table_name, index_name) NOT IN (
                  SELECT table_name, index_name FROM information_schema.statistics
                  WHERE table_schema = DATABASE() AND column_name IS NULL)
                ORDER BY table_name, index_name <> 'PRIMARY', index_name, seq_in_index""";
    }

    @Override
    public String folded(String label) {
        if (foldsTables) {
            return lower(label);
        }
        Matcher column = COLUMN.matcher(label);
        return column.matches() ? column.group(1) + lower(column.group(2)) : label;
    }

    private static String lower(String name) {
        return name.toLowerCase(Locale.ROOT);
    }

    @Override
    String source(TableName table, boolean partitioned) {
        return engine.quote(table);
    }

    @Override
    String value(DataColumn column, DataColumn other) {
        String name = engine.quote(column.name());
        Set<String> types = Set.copyOf(List.of(column.type(), other.type()));
        if (column.hasTypeOf(other) || FLOATS.containsAll(types)) {
            return MySqlDigest.value(name, column.type(), column.charset());
        }
        if (NUMBERS.containsAll(types)) {
            boolean exact = types.stream().noneMatch(FLOATS::contains);
            // Adding 0 takes the padding of ZEROFILL away, and makes a number of bits.
            return orNull(withoutZeros(exact ? "CONCAT(" + name + " + 0)" : "CAST(" + name + " AS DECIMAL(65, 20))"));
        }
        if (TIMES.containsAll(types)) {
            return orNull("CAST(" + name + " AS DATETIME(6))");
        }
        if (types.equals(Set.of("time"))) {
            return orNull("CAST(" + name + " AS TIME(6))");
        }
        if (types.contains("uuid") && UUID_TEXTS.containsAll(types)) {
            return orNull("REPLACE(LOWER(CAST(" + name + " AS CHAR)), '-', '')");
        }
        if (areUuids(column, other) || areUuids(other, column)) {
            return orNull(
                    column.type().equals("binary") ? "HEX(" + name + ")" : "UPPER(REPLACE(" + name + ", '-', ''))");
        }
        if (types.stream().anyMatch(BYTES::contains)) {
            return MySqlDigest.bounded("HEX", text(column));
        }
        if (types.contains("json")) {
            return MySqlDigest.bounded("QUOTE", json(column));
        }
        return MySqlDigest.bounded("QUOTE", text(column));
    }

    /** Tells whether texts of the length of a UUID, which are too long for a column of 16 bytes, became its bytes. */
    private static boolean areUuids(DataColumn text, DataColumn bytes) {
        return bytes.modifier().equals("binary(16)") && text.modifier().matches("(var)?char\\(3[26]\\)");
    }

    private static String orNull(String value) {
        return "IFNULL(" + value + ", 'N')";
    }

    private static String withoutZeros(String number) {
        return "IF(INSTR(" + number + ", '.') > 0, TRIM(TRAILING '.' FROM TRIM(TRAILING '0' FROM " + number + ")), "
                + number + ")";
    }

    private String json(DataColumn column) {
        String text = text(column);
        return column.type().equals("json")
                ? text
                : "IF(JSON_VALID(" + text + "), CAST(CAST(" + text + " AS JSON) AS CHAR), " + text + ")";
    }

    private String text(DataColumn column) {
        String name = engine.quote(column.name());
        return BYTES.contains(column.type())
                ? name
                : column.charset().isEmpty() ? "CAST(" + name + " AS CHAR)" : MySqlDigest.utf8(name, column.charset());
    }

    @Override
    String shown(DataColumn column) {
        String name = engine.quote(column.name());
        return switch (column.type()) {
            case "bit" -> "CAST(" + name + " AS UNSIGNED)";
            case "float", "double" -> "CAST(" + name + " AS DOUBLE)";
            default -> {
                if (BYTES.contains(column.type())) {
                    yield "CONCAT('0x', HEX(LEFT(" + name + ", " + (LONGEST_SHOWN - 2) / 2 + ")))";
                }
                yield isOpaque(column)
                        ? "CONCAT('0x', LEFT(HEX(" + name + "), " + (LONGEST_SHOWN - 2) + "))"
                        : "LEFT(" + text(column) + ", " + LONGEST_SHOWN + ")";
            }
        };
    }

    /** Tells whether nothing but the engine reads the values: geometries and vectors. */
    private static boolean isOpaque(DataColumn column) {
        return Set.of(
                        "geometry",
                        "point",
                        "linestring",
                        "polygon",
                        "multipoint",
                        "multilinestring",
                        "multipolygon",
                        "geomcollection",
                        "geometrycollection",
                        "vector")
                .contains(column.type());
    }

    @Override
    String row(List<String> values) {
        // The binary separator lets columns of any collation stand beside each other.
        return "CONCAT_WS(_binary',', ''" + values.stream().map(", "::concat).collect(joining()) + ")";
    }

    @Override
    String hash(String text) {
        return MySqlDigest.hash(text);
    }

    @Override
    String part(String text, int parts) {
        return "(CRC32(" + text + ") & " + (parts - 1) + ")";
    }

    @Override
    String digestSql(String part, String text, String source) {
        return "SELECT part, " + MySqlDigest.RESULT + " FROM (SELECT " + part + " AS part, " + MySqlDigest.sum(text)
                + " FROM " + source + " GROUP BY part) AS sums";
    }

    @Override
    int fetchSize() {
        return fetchSize;
    }

    @Override
    public void close() throws SQLException {
        session.close();
    }
}
