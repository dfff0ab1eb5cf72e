package io.github.metadatasnapshot.engine;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Writes to MySQL and MariaDB. */
record MySqlWrites(MySqlEngine engine) implements WriteDialect {

    private static final int DUPLICATE_ENTRY = 1062;

    /** The storage engine has no value for an AUTO_INCREMENT column; the same of MariaDB, and a sequence of it has run out. */
    private static final Set<Integer> NOTHING_LEFT = Set.of(1467, 167, 4084);

    /** At the end of its type, a counter of MySQL gives out the last value again. */
    private static final Pattern LAST_OF_TYPE =
            Pattern.compile("Duplicate entry '(?:127|255|32767|65535|8388607|16777215"
                    + "|2147483647|4294967295|9223372036854775807|18446744073709551615)' for key");

    /** A CHECK of MySQL, and of MariaDB, and what a trigger signals. */
    private static final Set<Integer> BROKEN_RULES = Set.of(3819, 4025, 1644);

    /** Storage engines whose tables are on another server. */
    private static final String ELSEWHERE = "'FEDERATED', 'CONNECT', 'SPIDER', 'S3'";

    private static final Pattern KEY = Pattern.compile("for key '(?:[^']*\\.)?(?<name>[^'.]+)'");
    private static final Pattern ENUM_LABEL = Pattern.compile("^enum\\((?<label>'(?:[^']|'')*')");
    private static final Pattern COLUMN_NAME = Pattern.compile("`((?:[^`]|``)+)`");

    /** Of rows that MariaDB keeps by their time, the server writes beginning and end. */
    private static final String COLUMNS = """
            SELECT table_name, column_name, data_type, column_type, is_nullable = 'NO' AND column_default IS NULL
                AND extra NOT LIKE '%auto_increment%',
              extra LIKE '%auto_increment%' OR COALESCE(column_default, '') LIKE '%nextval(%'
                OR COALESCE(column_default, '') LIKE '%uuid%' OR COALESCE(column_default, '') LIKE '%rand%(%',
              COALESCE(character_maximum_length, 0)
            FROM information_schema.columns JOIN information_schema.tables USING (table_schema, table_name)
            WHERE table_schema = DATABASE() AND table_type IN ('BASE TABLE', 'SYSTEM VERSIONED')
              AND COALESCE(generation_expression, '') = '' AND COALESCE(engine, '') NOT IN (%s)
            ORDER BY table_name, ordinal_position
            """.replace("%s", ELSEWHERE);

    private static final String GENERATED = """
            SELECT table_name, column_name, generation_expression FROM information_schema.columns
            WHERE table_schema = DATABASE() AND COALESCE(generation_expression, '') <> ''
            """;

    private static final String REFERENCES = """
            SELECT table_name, column_name, referenced_table_name, referenced_column_name, constraint_name
            FROM information_schema.key_column_usage
            WHERE table_schema = DATABASE() AND referenced_table_schema = DATABASE()
            ORDER BY table_name, constraint_name, ordinal_position
            """;

    @Override
    public Collection<ProbedTable> tables(Connection connection) throws SQLException {
        Map<String, Map<String, ProbedTable.Unique>> uniques = new HashMap<>();
        Map<String, Map<String, ProbedTable.Reference>> references = new HashMap<>();
        Map<String, ProbedTable> tables = new LinkedHashMap<>();
        Set<TableName> json = jsonColumns(connection);
        Map<String, Map<String, Set<String>>> generated = new HashMap<>();
        try (var statement = connection.createStatement()) {
            String expression = engine.hasSequences() ? "''" : "expression";
            try (ResultSet rows = statement.executeQuery("SELECT table_name, index_name, column_name, " + expression
                    + " FROM information_schema.statistics WHERE table_schema = DATABASE() AND non_unique = 0"
                    + " ORDER BY table_name, index_name, seq_in_index")) {
                while (rows.next()) {
                    Set<String> columns = uniques.computeIfAbsent(rows.getString(1), table -> new LinkedHashMap<>())
                            .computeIfAbsent(
                                    rows.getString(2),
                                    name -> new ProbedTable.Unique(Set.of(name), new LinkedHashSet<>()))
                            .columns();
                    if (rows.getString(3) != null) {
                        columns.add(rows.getString(3));
                    } else if (rows.getString(4) != null) {
                        columns.addAll(columns(rows.getString(4)));
                    }
                }
            }
            try (ResultSet rows = statement.executeQuery(GENERATED)) {
                while (rows.next()) {
                    generated
                            .computeIfAbsent(rows.getString(1), table -> new HashMap<>())
                            .put(rows.getString(2), columns(rows.getString(3)));
                }
            }
            try (ResultSet rows = statement.executeQuery(REFERENCES)) {
                while (rows.next()) {
                    TableName parent = new TableName("", rows.getString(3));
                    references
                            .computeIfAbsent(rows.getString(1), table -> new LinkedHashMap<>())
                            .computeIfAbsent(rows.getString(5), key -> new ProbedTable.Reference(parent))
                            .columns()
                            .put(rows.getString(2), rows.getString(4));
                }
            }
            try (ResultSet rows = statement.executeQuery(COLUMNS)) {
                while (rows.next()) {
                    tables.computeIfAbsent(
                                    rows.getString(1),
                                    name -> new ProbedTable(
                                            new TableName("", name),
                                            uniques.getOrDefault(name, Map.of()).values().stream()
                                                    .map(unique -> ProbedTable.unique(
                                                            unique.names(),
                                                            unique.columns(),
                                                            generated.getOrDefault(name, Map.of())))
                                                    .toList(),
                                            references
                                                    .getOrDefault(name, Map.of())
                                                    .values()))
                            .columns()
                            .put(
                                    rows.getString(2),
                                    column(rows, json.contains(new TableName(rows.getString(1), rows.getString(2)))));
                }
            }
        }
        return tables.values();
    }

    /** {@return the columns that an expression uses} */
    private static Set<String> columns(String expression) {
        Set<String> columns = new LinkedHashSet<>();
        Matcher names = COLUMN_NAME.matcher(expression);
        while (names.find()) {
            columns.add(names.group(1).replace("``", "`"));
        }
        return columns;
    }

    /** {@return the columns that MariaDB keeps JSON in, which are texts with a CHECK of their own name; by table and name} */
    private Set<TableName> jsonColumns(Connection connection) throws SQLException {
        Set<TableName> columns = new LinkedHashSet<>();
        if (engine.hasSequences()) {
            try (var statement = connection.createStatement();
                    ResultSet rows = statement.executeQuery(
                            "SELECT table_name, constraint_name FROM information_schema.check_constraints"
                                    + " WHERE constraint_schema = DATABASE() AND check_clause LIKE 'json_valid(%'")) {
                while (rows.next()) {
                    columns.add(new TableName(rows.getString(1), rows.getString(2)));
                }
            }
        }
        return columns;
    }

    private static ProbedTable.Column column(ResultSet row, boolean isJson) throws SQLException {
        String type = isJson ? "json" : row.getString(3).toLowerCase(Locale.ROOT);
        int length = (int) Math.min(row.getLong(7), 1000);
        return new ProbedTable.Column(
                row.getString(2),
                kind(type),
                row.getBoolean(5),
                row.getBoolean(6),
                type,
                value(type, row.getString(4)),
                length);
    }

    private static ProbedTable.Kind kind(String type) {
        return switch (type) {
            case "uuid" -> ProbedTable.Kind.UUID;
            case "char", "varchar", "tinytext", "text", "mediumtext", "longtext" -> ProbedTable.Kind.TEXT;
            case "tinyint", "smallint", "mediumint", "int", "bigint", "decimal", "float", "double" ->
                ProbedTable.Kind.NUMBER;
            case "date", "datetime", "timestamp" -> ProbedTable.Kind.DATE;
            case "binary", "varbinary", "tinyblob", "blob", "mediumblob", "longblob" -> ProbedTable.Kind.BYTES;
            case "json" -> ProbedTable.Kind.JSON;
            default -> ProbedTable.Kind.OTHER;
        };
    }

    private static @Nullable String value(String type, String declared) {
        return switch (type) {
            case "tinyint", "smallint", "mediumint", "int", "bigint", "decimal", "float", "double" -> "1";
            case "bit" -> "b'1'";
            case "year" -> "2026";
            case "char", "varchar", "tinytext", "text", "mediumtext", "longtext" -> "'a'";
            case "binary", "varbinary", "tinyblob", "blob", "mediumblob", "longblob" -> "'a'";
            case "date" -> "CURRENT_DATE";
            case "datetime", "timestamp" -> "NOW()";
            case "time" -> "'12:00:00'";
            case "enum" -> {
                Matcher label = ENUM_LABEL.matcher(declared);
                yield label.find() ? label.group("label") : null;
            }
            case "set" -> "''";
            case "json" -> "'{}'";
            case "uuid" -> "UUID()";
            case "inet4", "inet6" -> "'127.0.0.1'";
            case "geometry", "point" -> "ST_GeomFromText('POINT(0 0)')";
            case "linestring" -> "ST_GeomFromText('LINESTRING(0 0, 1 1)')";
            case "polygon" -> "ST_GeomFromText('POLYGON((0 0, 1 1, 1 0, 0 0))')";
            default -> null;
        };
    }

    @Override
    public SortedMap<String, String> elsewhere(Connection connection) throws SQLException {
        SortedMap<String, String> tables = new TreeMap<>();
        try (var statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT table_name, engine FROM information_schema.tables"
                        + " WHERE table_schema = DATABASE() AND engine IN (" + ELSEWHERE + ")")) {
            while (rows.next()) {
                tables.put("table " + rows.getString(1), "its storage engine is " + rows.getString(2));
            }
        }
        return tables;
    }

    @Override
    public SortedMap<String, String> sequences(Connection connection) throws SQLException {
        return queries(connection, "SEQUENCE", "sequence ", "SELECT NEXTVAL(%s)");
    }

    @Override
    public SortedMap<String, String> views(Connection connection) throws SQLException {
        return queries(connection, "VIEW", "view ", "SELECT * FROM %s LIMIT 1");
    }

    private SortedMap<String, String> queries(Connection connection, String type, String word, String query)
            throws SQLException {
        SortedMap<String, String> queries = new TreeMap<>();
        for (String name : Engine.queryForStrings(
                connection,
                "SELECT table_name FROM information_schema.tables WHERE table_schema = DATABASE() AND table_type = '"
                        + type + "'")) {
            queries.put(word + name, query.formatted(engine.quote(name)));
        }
        return queries;
    }

    @Override
    public String greater(ProbedTable.Column column) {
        String name = engine.quote(column.name());
        return column.kind() == ProbedTable.Kind.DATE
                ? "CAST(DATE_ADD(MAX(" + name + "), INTERVAL 1 DAY) AS CHAR)"
                : "CAST(MAX(" + name + ") + 1 AS CHAR)";
    }

    @Override
    public String text(ProbedTable.Column column) {
        String name = "r." + engine.quote(column.name());
        return column.kind() == ProbedTable.Kind.BYTES ? "HEX(" + name + ")" : name;
    }

    @Override
    public String asText(String value) {
        return value;
    }

    @Override
    public String cast(ProbedTable.Column column, String text) {
        return text;
    }

    @Override
    public String defaults() {
        return " () VALUES ()";
    }

    @Override
    public String bytes(String hexadecimal) {
        return "x'" + hexadecimal + (hexadecimal.length() % 2 == 0 ? "" : "0") + "'";
    }

    @Override
    public String newestFirst(ProbedTable table) {
        return table.columns().values().stream()
                .filter(ProbedTable.Column::generated)
                .findFirst()
                .map(column -> " ORDER BY r." + engine.quote(column.name()) + " DESC")
                .orElse("");
    }

    @Override
    public boolean isTaken(SQLException refusal) {
        return refusal.getErrorCode() == DUPLICATE_ENTRY;
    }

    @Override
    public @Nullable String index(SQLException refusal) {
        Matcher key = KEY.matcher(String.valueOf(refusal.getMessage()));
        return key.find() ? key.group("name") : null;
    }

    @Override
    public boolean isAtEnd(SQLException refusal) {
        return NOTHING_LEFT.contains(refusal.getErrorCode())
                || (isTaken(refusal)
                        && LAST_OF_TYPE
                                .matcher(String.valueOf(refusal.getMessage()))
                                .find());
    }

    /** A view or routine that is replaced is the session's from then on. */
    @Override
    public boolean isRightOfAnother(Connection connection, SQLException refusal) {
        return false;
    }

    @Override
    public boolean isCheck(SQLException refusal) {
        return BROKEN_RULES.contains(refusal.getErrorCode());
    }
}
