package io.github.metadatasnapshot.engine;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Finds the rows for which a statement of a migration failed: those that break the rule which it makes. Looked up in the
 * database as the failure left it, and named only where there are any.
 */
final class RowsInTheWay {

    /** How many rows are shown. */
    private static final int EXAMPLES = 3;

    private static final String NAME = "(?:\"(?:[^\"]|\"\")+\"|`(?:[^`]|``)+`|[\\w$]+)";
    private static final String TABLE = NAME + "(?:\\." + NAME + ")?";

    private static final Pattern ALTER_TABLE =
            pattern("\\bALTER\\s+TABLE\\s+(?:IF\\s+EXISTS\\s+)?(?:ONLY\\s+)?(?<table>" + TABLE + ")");
    private static final Pattern INDEX = pattern("\\bCREATE\\s+UNIQUE\\s+INDEX\\b.*?\\bON\\s+(?:ONLY\\s+)?(?<table>"
            + TABLE + ")[^(]*\\((?<columns>[^()]+)\\)");
    private static final Pattern KEY = pattern("\\b(?:PRIMARY\\s+KEY|UNIQUE)\\b[^(,;]*\\((?<columns>[^()]+)\\)");
    private static final Pattern FOREIGN_KEY =
            pattern("\\bFOREIGN\\s+KEY\\b[^(,;]*\\((?<columns>[^()]+)\\)\\s*REFERENCES\\s+" + "(?<other>" + TABLE
                    + ")\\s*(?:\\((?<referenced>[^()]+)\\))?");
    private static final Pattern CHECK = pattern("\\bCHECK\\s*\\(");
    private static final Pattern NOT_NULL =
            pattern("\\bALTER\\s+(?:COLUMN\\s+)?(?<alter>" + NAME + ")\\s+SET\\s+NOT\\s+NULL|"
                    + "\\bMODIFY\\s+(?:COLUMN\\s+)?(?<modify>" + NAME + ")\\s(?:[^,;(]|\\([^)]*\\))*\\bNOT\\s+NULL|"
                    + "\\bCHANGE\\s+(?:COLUMN\\s+)?(?<change>" + NAME + ")\\s(?:[^,;(]|\\([^)]*\\))*\\bNOT\\s+NULL|"
                    + "\\bPRIMARY\\s+KEY\\s*\\((?<key>[^()]+)\\)");
    private static final Pattern TYPE = pattern("\\bALTER\\s+(?:COLUMN\\s+)?(?<alter>" + NAME
            + ")\\s+(?:SET\\s+DATA\\s+)?TYPE\\s+(?<type>[\\w ]+(?:\\(\\s*(?<length>\\d+))?)|"
            + "\\b(?:MODIFY|CHANGE)\\s+(?:COLUMN\\s+)?(?<modify>" + NAME + ")\\s+(?:" + NAME
            + "\\s+)??(?:VAR)?(?:CHAR|BINARY)\\w*\\s*\\(\\s*(?<size>\\d+)|"
            + "\\b(?:MODIFY|CHANGE)\\s+(?:COLUMN\\s+)?(?<other>" + NAME + ")\\s");
    private static final Pattern VALUE = Pattern.compile(
            "invalid input (?:syntax|value) for [^:]+: \"(?<value>.*)\"|(?:Incorrect|Truncated incorrect) .*? value: '(?<other>.*?)'");

    private static final Set<String> NULLS = Set.of("23502", "22004", "01000", "22001", "HY000");
    private static final Set<String> DUPLICATES = Set.of("23505", "23000");
    private static final Set<String> ORPHANS = Set.of("23503", "23000");
    private static final Set<String> CHECKS = Set.of("23514", "HY000", "23000");
    private static final Set<String> LENGTHS = Set.of("22001", "01000");
    private static final Set<String> VALUES = Set.of("22P02", "22007", "22008", "HY000", "22018", "22000");

    private final Engine engine;
    private final Connection connection;
    private final String sqlState;
    private final String message;
    private final String statement;

    RowsInTheWay(Engine engine, Connection connection, String sqlState, String message, String statement) {
        this.engine = engine;
        this.connection = connection;
        this.sqlState = sqlState;
        this.message = message;
        this.statement = statement.replaceAll("(?m)--.*$", " ").replaceAll("(?s)/\\*.*?\\*/", " ");
    }

    private static Pattern pattern(String regex) {
        return Pattern.compile(regex, Pattern.CASE_INSENSITIVE | Pattern.DOTALL);
    }

    /**
     * Names the rows.
     *
     * @return how many there are, which the first ones are, and what to do; empty where there are none, or the statement makes
     *     no rule for rows that were there before it
     * @throws SQLException if the rows cannot be read, as where an earlier statement of a transaction has made the table
     */
    Optional<String> explain() throws SQLException {
        Matcher table = ALTER_TABLE.matcher(statement);
        if (table.find()) {
            return explain(table.group("table"));
        }
        Matcher index = INDEX.matcher(statement);
        return DUPLICATES.contains(sqlState) && index.find()
                ? duplicates(index.group("table"), index.group("columns"))
                : Optional.empty();
    }

    private Optional<String> explain(String table) throws SQLException {
        Optional<String> found = Optional.empty();
        if (NULLS.contains(sqlState)) {
            found = nulls(table);
        }
        if (found.isEmpty() && DUPLICATES.contains(sqlState)) {
            Matcher key = KEY.matcher(statement);
            while (found.isEmpty() && key.find()) {
                found = duplicates(table, key.group("columns"));
            }
        }
        if (found.isEmpty() && ORPHANS.contains(sqlState)) {
            found = orphans(table);
        }
        if (found.isEmpty() && CHECKS.contains(sqlState)) {
            found = unchecked(table);
        }
        if (found.isEmpty() && (LENGTHS.contains(sqlState) || VALUES.contains(sqlState))) {
            found = values(table);
        }
        return found;
    }

    private Optional<String> nulls(String table) throws SQLException {
        Matcher column = NOT_NULL.matcher(statement);
        while (column.find()) {
            for (String name : columns(group(column, "alter", "modify", "change", "key"))) {
                Optional<String> found = rows(table, name + " IS NULL", List.of());
                if (found.isPresent()) {
                    return found.map(rows -> rows + " NULL in " + plain(name)
                            + ". Give them a value before the column takes" + " NULL no more");
                }
            }
        }
        return Optional.empty();
    }

    private Optional<String> duplicates(String table, String list) throws SQLException {
        List<String> columns = columns(list);
        String joined = String.join(", ", columns);
        List<String> groups = new ArrayList<>();
        try (var query = connection.createStatement();
                ResultSet rows = query.executeQuery("SELECT " + joined + ", COUNT(*) FROM " + table + " WHERE "
                        + columns.stream()
                                .map(column -> column + " IS NOT NULL")
                                .collect(Collectors.joining(" AND "))
                        + " GROUP BY " + joined + " HAVING COUNT(*) > 1 ORDER BY " + joined)) {
            while (rows.next()) {
                groups.add(values(rows, columns) + " in " + rows.getString(columns.size() + 1) + " rows");
            }
        }
        return groups.isEmpty()
                ? Optional.empty()
                : Optional.of("rows of table " + plain(table) + " are equal in " + plain(joined) + ": " + first(groups)
                        + ". Make them different, or one, before the key is made");
    }

    private Optional<String> orphans(String table) throws SQLException {
        Matcher key = FOREIGN_KEY.matcher(statement);
        while (key.find()) {
            List<String> columns = columns(key.group("columns"));
            String other = key.group("other");
            List<String> referenced = key.group("referenced") == null
                    ? primaryKey(other).stream().map(engine::quote).toList()
                    : columns(key.group("referenced"));
            if (referenced.size() != columns.size()) {
                return Optional.empty();
            }
            StringBuilder parent = new StringBuilder();
            for (int i = 0; i < columns.size(); i++) {
                parent.append(i == 0 ? "" : " AND ")
                        .append("parent.")
                        .append(referenced.get(i))
                        .append(" = child.")
                        .append(columns.get(i));
            }
            String condition = columns.stream()
                            .map(column -> "child." + column + " IS NOT NULL")
                            .collect(Collectors.joining(" AND "))
                    + " AND NOT EXISTS (SELECT 1 FROM " + other + " parent WHERE " + parent + ")";
            Optional<String> found = rows(table + " child", condition, columns);
            if (found.isPresent()) {
                return found.map(rows -> rows + " values that no row of table " + plain(other)
                        + " has. Add those, or take the rows away, before the foreign key is made");
            }
        }
        return Optional.empty();
    }

    private Optional<String> unchecked(String table) throws SQLException {
        Matcher check = CHECK.matcher(statement);
        while (check.find()) {
            String condition = upToItsEnd(check.end());
            Optional<String> found =
                    condition.isEmpty() ? Optional.empty() : rows(table, "NOT (" + condition + ")", List.of());
            if (found.isPresent()) {
                return found.map(rows -> rows + " values that break " + condition.strip()
                        + ". Change them before the constraint is made");
            }
        }
        return Optional.empty();
    }

    /** {@return what stands between parentheses, empty where they do not end} */
    private String upToItsEnd(int begin) {
        int depth = 1;
        for (int i = begin; i < statement.length(); i++) {
            depth += statement.charAt(i) == '(' ? 1 : statement.charAt(i) == ')' ? -1 : 0;
            if (depth == 0) {
                return statement.substring(begin, i);
            }
        }
        return "";
    }

    private Optional<String> values(String table) throws SQLException {
        Matcher type = TYPE.matcher(statement);
        Matcher value = VALUE.matcher(message);
        boolean unreadable = value.find();
        while (type.find()) {
            String column = group(type, "alter", "modify", "other");
            String length = type.group("length") == null ? type.group("size") : type.group("length");
            if (unreadable) {
                String text = group(value, "value", "other");
                Optional<String> found = rows(table, asText(column) + " = " + engine.literal(text), List.of());
                if (found.isPresent()) {
                    return found.map(rows -> rows + " '" + text + "' in " + plain(column)
                            + ", which the new type does not take. Change them before");
                }
            } else if (length != null && LENGTHS.contains(sqlState)) {
                Optional<String> found = rows(table, "CHAR_LENGTH(" + asText(column) + ") > " + length, List.of());
                if (found.isPresent()) {
                    return found.map(rows -> rows + " more than " + length + " characters in " + plain(column)
                            + ". Shorten them before the column takes no more");
                }
            }
        }
        return Optional.empty();
    }

    /** {@return the number of rows and the first ones, up to the word {@code hold}; empty where there are none} */
    private Optional<String> rows(String table, String condition, List<String> shown) throws SQLException {
        String name = table.replaceFirst(" child$", "");
        List<String> key = primaryKey(name);
        List<String> columns = new ArrayList<>(key.stream().map(engine::quote).toList());
        shown.stream().filter(column -> !key.contains(plain(column))).forEach(columns::add);
        try (var query = connection.createStatement()) {
            long count;
            try (ResultSet rows = query.executeQuery("SELECT COUNT(*) FROM " + table + " WHERE " + condition)) {
                rows.next();
                count = rows.getLong(1);
            }
            if (count == 0) {
                return Optional.empty();
            }
            List<String> examples = new ArrayList<>();
            if (!columns.isEmpty()) {
                String list = String.join(", ", columns);
                try (ResultSet rows = query.executeQuery("SELECT " + list + " FROM " + table + " WHERE " + condition
                        + " ORDER BY " + list + " LIMIT " + EXAMPLES)) {
                    while (rows.next()) {
                        examples.add(values(rows, columns));
                    }
                }
            }
            String which = examples.isEmpty()
                    ? ""
                    : " (" + String.join("; ", examples) + (count > examples.size() ? "; …" : "") + ")";
            return Optional.of((count == 1 ? "1 row" : count + " rows") + " of table " + plain(name) + which
                    + (count == 1 ? " holds" : " hold"));
        }
    }

    private String asText(String column) {
        return "CAST(" + column + (engine == Engine.POSTGRESQL ? " AS TEXT)" : " AS CHAR)");
    }

    private static String first(List<String> groups) {
        return groups.stream().limit(EXAMPLES).collect(Collectors.joining("; "))
                + (groups.size() > EXAMPLES ? "; and " + (groups.size() - EXAMPLES) + " more" : "");
    }

    private static String values(ResultSet row, List<String> columns) throws SQLException {
        List<String> values = new ArrayList<>();
        for (int i = 0; i < columns.size(); i++) {
            String value = row.getString(i + 1);
            values.add(plain(columns.get(i)) + " = " + (value == null ? "NULL" : "'" + value + "'"));
        }
        return String.join(", ", values);
    }

    private List<String> primaryKey(String table) throws SQLException {
        String[] parts = plain(table).split("\\.", 2);
        String name = parts[parts.length - 1];
        boolean quoted = table.endsWith("\"") || table.endsWith("`");
        TreeMap<Integer, String> columns = new TreeMap<>();
        try (ResultSet rows = connection
                .getMetaData()
                .getPrimaryKeys(
                        connection.getCatalog(),
                        engine == Engine.POSTGRESQL ? parts.length > 1 ? parts[0] : connection.getSchema() : null,
                        engine == Engine.POSTGRESQL && !quoted ? name.toLowerCase(Locale.ROOT) : name)) {
            while (rows.next()) {
                columns.put(rows.getInt("KEY_SEQ"), rows.getString("COLUMN_NAME"));
            }
        }
        return List.copyOf(columns.values());
    }

    /** Splits a list of columns; of a prefix or an order of an index only the name is left. */
    private static List<String> columns(String list) {
        return Arrays.stream(list.split(","))
                .map(column -> column.strip().replaceFirst("(?is)^(" + NAME + ").*$", "$1"))
                .filter(column -> !column.isEmpty())
                .toList();
    }

    private static String group(Matcher matcher, String... names) {
        return Arrays.stream(names)
                .map(matcher::group)
                .filter(found -> found != null)
                .findFirst()
                .orElse("");
    }

    private static String plain(String name) {
        return name.replaceAll("[\"`]", "");
    }
}
