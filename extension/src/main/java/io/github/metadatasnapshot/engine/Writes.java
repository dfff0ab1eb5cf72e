package io.github.metadatasnapshot.engine;

import static java.util.Objects.requireNonNull;
import static java.util.stream.Collectors.joining;
import static java.util.stream.Collectors.toSet;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Writes a row into each table of a database, takes the next value of each sequence and reads a row of each view. A row is
 * one that the table holds, with the key that the database generates and with other values in its unique columns; where it
 * holds none, a row is made up by type. Nothing is undone: a database for this is thrown away.
 */
final class Writes {

    /** How often a value is changed that turns out to be taken. */
    private static final int ATTEMPTS = 3;

    private static final String NOT_THERE_ALREADY = "no row could be made that is not there already";

    private static final String LOWER = "abcdefghijklmnopqrstuvwxyz";
    private static final String UPPER = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    private static final String DIGITS = "0123456789";

    private final Engine engine;
    private final WriteDialect dialect;
    private final Connection connection;
    private final boolean thorough;
    private final long deadline;
    private final long millis;
    private final WriteProbe.Builder probe = new WriteProbe.Builder();

    private Writes(Engine engine, WriteDialect dialect, Connection connection, boolean thorough, Duration limit) {
        this.engine = engine;
        this.dialect = dialect;
        this.connection = connection;
        this.thorough = thorough;
        this.millis = limit.toMillis();
        this.deadline = System.nanoTime() + limit.toNanos();
    }

    /**
     * Probes a database.
     *
     * @param connection a connection to it, in auto-commit mode, so that what is checked at the end of a transaction is
     *     checked as well
     * @param not the tables that are left out
     * @param thorough whether each table is given both a row that is made up and a copied one, where it takes them
     * @param limit how long all may take
     */
    static WriteProbe probe(
            Engine engine,
            WriteDialect dialect,
            Connection connection,
            Predicate<TableName> not,
            boolean thorough,
            Duration limit)
            throws SQLException {
        Writes writes = new Writes(engine, dialect, connection, thorough, limit);
        for (ProbedTable table : parentsFirst(dialect.tables(connection))) {
            if (!not.test(table.name())) {
                writes.table(table);
            }
        }
        dialect.elsewhere(connection).forEach(writes.probe::skipped);
        writes.queries(dialect.sequences(connection));
        writes.queries(dialect.views(connection));
        return writes.probe.build();
    }

    private static List<ProbedTable> parentsFirst(Collection<ProbedTable> tables) {
        Map<TableName, ProbedTable> left = new TreeMap<>();
        tables.forEach(table -> left.put(table.name(), table));
        List<ProbedTable> ordered = new ArrayList<>();
        while (!left.isEmpty()) {
            addWithParents(left.keySet().iterator().next(), left, ordered);
        }
        return ordered;
    }

    private static void addWithParents(TableName name, Map<TableName, ProbedTable> left, List<ProbedTable> ordered) {
        ProbedTable table = left.remove(name);
        if (table != null) {
            table.references().forEach(reference -> addWithParents(reference.parent(), left, ordered));
            ordered.add(table);
        }
    }

    private void queries(Map<String, String> queries) {
        queries.forEach((name, sql) -> {
            try {
                execute(sql);
                probe.worked(name, WriteProbe.Row.COPIED);
            } catch (SQLException e) {
                refused(name, WriteProbe.Row.COPIED, Set.of(), e);
            }
        });
    }

    private void table(ProbedTable table) {
        Set<ProbedTable.Column> altered = altered(table);
        try {
            if (thorough) {
                madeUp(table, altered);
                copied(table, altered);
            } else if (!copied(table, altered)) {
                madeUp(table, altered);
            }
        } catch (SQLException e) {
            refused(table.label(), WriteProbe.Row.COPIED, Set.of(), e);
        }
    }

    /** Tries a row that the table holds. Tells whether it holds one. */
    private boolean copied(ProbedTable table, Set<ProbedTable.Column> altered) throws SQLException {
        SQLException refusal = null;
        String order = "";
        for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
            Map<String, String> values = alteredValues(table, altered, order, attempt);
            if (values == null) {
                return false;
            }
            try {
                if (!write(copy(table, altered, values, order))) {
                    return refersElsewhere(table, altered);
                }
                probe.worked(table.label(), WriteProbe.Row.COPIED);
                return true;
            } catch (SQLException e) {
                refusal = e;
                if (isOver(e)) {
                    break;
                } else if (dialect.isCheck(e)
                        && order.isEmpty()
                        && !dialect.newestFirst(table).isEmpty()) {
                    // Rules that are not valid for old rows hold for those that are written today.
                    order = dialect.newestFirst(table);
                } else if (dialect.isCheck(e)) {
                    break;
                } else if (!dialect.isTaken(e) || !taken(table, e).isEmpty()) {
                    break;
                }
            }
        }
        requireNonNull(refusal);
        if (dialect.isCheck(refusal) && !thorough && takesMadeUp(table, altered)) {
            return true;
        }
        if (dialect.isTaken(refusal) && taken(table, refusal).isEmpty()) {
            probe.skipped(table.label(), NOT_THERE_ALREADY + ": " + message(refusal));
        } else {
            refused(table.label(), WriteProbe.Row.COPIED, taken(table, refusal), refusal);
        }
        return true;
    }

    /** Goes on where the row that is copied refers, with its other values, to all that it can refer to. */
    private boolean refersElsewhere(ProbedTable table, Set<ProbedTable.Column> altered) throws SQLException {
        if (!hasRow("SELECT 1 FROM " + engine.quote(table.name()) + " LIMIT 1")) {
            return false;
        }
        if (thorough || !takesMadeUp(table, altered)) {
            probe.skipped(table.label(), NOT_THERE_ALREADY);
        }
        return true;
    }

    private boolean takesMadeUp(ProbedTable table, Set<ProbedTable.Column> altered) {
        try {
            Insert row = insertMadeUp(table, altered);
            if (row == null || !write(row)) {
                return false;
            }
            probe.worked(table.label(), WriteProbe.Row.MADE_UP);
            return true;
        } catch (SQLException e) {
            return false;
        }
    }

    private void madeUp(ProbedTable table, Set<ProbedTable.Column> altered) throws SQLException {
        Insert row = insertMadeUp(table, altered);
        if (row == null) {
            probe.skipped(
                    table.label(),
                    "it is empty, and a row cannot be made up: no value is known for a column that needs one");
            return;
        }
        try {
            if (write(row)) {
                probe.worked(table.label(), WriteProbe.Row.MADE_UP);
            } else {
                probe.skipped(table.label(), "it is empty, and there is no row that one of it could refer to");
            }
        } catch (SQLException e) {
            refused(table.label(), WriteProbe.Row.MADE_UP, taken(table, e), e);
        }
    }

    private void refused(String object, WriteProbe.Row row, Set<SequencePosition.Column> taken, SQLException e) {
        if (isOver(e)) {
            probe.skipped(object, "the probe's time of " + millis + " ms was over");
        } else if (isRightOfAnother(e)) {
            probe.skipped(object, "a role lacks a right on what was created by another: " + message(e));
        } else {
            boolean isAtEnd = dialect.isAtEnd(e) && (!dialect.isTaken(e) || !taken.isEmpty());
            probe.failed(object, new WriteProbe.Failure(row, taken, isAtEnd, message(e)));
        }
    }

    private boolean isRightOfAnother(SQLException e) {
        try {
            return dialect.isRightOfAnother(connection, e);
        } catch (SQLException unknown) {
            return false;
        }
    }

    private boolean isOver(SQLException e) {
        return e instanceof SQLTimeoutException || deadline - System.nanoTime() <= 0;
    }

    /** {@return the columns whose value, which the database generated, is taken; none where a refusal is not of that} */
    private Set<SequencePosition.Column> taken(ProbedTable table, SQLException e) {
        String index = dialect.isTaken(e) ? dialect.index(e) : null;
        return index == null
                ? Set.of()
                : table.uniques().stream()
                        .filter(unique -> unique.names().contains(index))
                        .flatMap(unique -> table.generated(unique).stream())
                        .collect(toSet());
    }

    private static String message(SQLException e) {
        // MariaDB's driver begins with the number of the connection.
        return String.valueOf(e.getMessage())
                .replaceFirst("^\\(conn=\\d+\\) ", "")
                .strip()
                .replaceAll("\\s*\\R\\s*", "; ");
    }

    /** Writes a row. Tells whether there is one to be written; a trigger may put it elsewhere. */
    private boolean write(Insert row) throws SQLException {
        return execute(row.sql()) > 0 || row.source().isEmpty() || hasRow(row.source());
    }

    private boolean hasRow(String query) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.setQueryTimeout(secondsLeft());
            statement.setEscapeProcessing(false);
            try (ResultSet row = statement.executeQuery(query)) {
                return row.next();
            }
        }
    }

    /** Runs a statement within the time that is left, and returns how many rows it wrote. */
    private int execute(String sql) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.setQueryTimeout(secondsLeft());
            statement.setEscapeProcessing(false);
            return statement.execute(sql) ? 1 : statement.getUpdateCount();
        }
    }

    private int secondsLeft() throws SQLException {
        long left = deadline - System.nanoTime();
        if (left <= 0) {
            throw new SQLTimeoutException("no time is left");
        }
        return (int) Duration.ofNanos(left).toSeconds() + 1;
    }

    /** {@return of each unique index a column whose value is changed, unless the database generates one of its values} */
    private static Set<ProbedTable.Column> altered(ProbedTable table) {
        Set<ProbedTable.Column> altered = new LinkedHashSet<>();
        for (ProbedTable.Unique unique : table.uniques()) {
            List<ProbedTable.Column> columns = unique.columns().stream()
                    .flatMap(name -> Stream.ofNullable(table.columns().get(name)))
                    .toList();
            // Values of foreign keys are changed where nothing else is left.
            if (!table.isGenerated(unique) && columns.stream().noneMatch(altered::contains)) {
                columns.stream()
                        .min(Comparator.comparing((ProbedTable.Column column) -> table.refers(column))
                                .thenComparing(ProbedTable.Column::kind))
                        .ifPresent(altered::add);
            }
        }
        return altered;
    }

    /** {@return the values of changed columns in SQL, by column; {@code null} where the table holds no row} */
    private @Nullable Map<String, String> alteredValues(
            ProbedTable table, Set<ProbedTable.Column> altered, String order, int attempt) throws SQLException {
        Map<String, String> values = new LinkedHashMap<>();
        List<ProbedTable.Column> read = new ArrayList<>();
        for (ProbedTable.Column column : altered) {
            if (!table.refers(column) && column.kind() != ProbedTable.Kind.OTHER) {
                read.add(column);
            }
        }
        if (read.isEmpty()) {
            return values;
        }
        String name = engine.quote(table.name());
        String select = read.stream()
                .map(column -> isOrdered(column)
                        ? "(SELECT " + dialect.greater(column) + " FROM " + name + ")"
                        : dialect.text(column))
                .collect(joining(", "));
        try (var statement = connection.createStatement()) {
            statement.setQueryTimeout(secondsLeft());
            try (ResultSet row =
                    statement.executeQuery("SELECT " + select + " FROM " + name + " AS r" + order + " LIMIT 1")) {
                if (!row.next()) {
                    return null;
                }
                for (int i = 0; i < read.size(); i++) {
                    values.put(
                            read.get(i).name(),
                            dialect.cast(read.get(i), changed(read.get(i), row.getString(i + 1), attempt)));
                }
            }
        }
        return values;
    }

    private static boolean isOrdered(ProbedTable.Column column) {
        return column.kind() == ProbedTable.Kind.NUMBER || column.kind() == ProbedTable.Kind.DATE;
    }

    private String changed(ProbedTable.Column column, @Nullable String value, int attempt) {
        return switch (column.kind()) {
            case UUID -> engine.literal(UUID.randomUUID().toString());
            case JSON -> engine.literal(changedTexts(value == null ? "null" : value, attempt));
            case TEXT -> engine.literal(rotated(column, value == null ? "" : value, attempt));
            case BYTES -> dialect.bytes(random(value == null || value.isEmpty() ? 32 : value.length()));
            default -> value == null ? "NULL" : engine.literal(value);
        };
    }

    private static final Pattern JSON_TEXT = Pattern.compile("\"((?:[^\"\\\\]|\\\\.)*)\"(\\s*:)?");

    private static final Pattern UUID_TEXT = Pattern.compile("(?i)\\p{XDigit}{8}(-\\p{XDigit}{4}){3}-\\p{XDigit}{12}");

    /** Changes the texts of a document, but for the names of its members, dates and what has other characters escaped. */
    private static String changedTexts(String json, int attempt) {
        return JSON_TEXT.matcher(json).replaceAll(text -> {
            String value = text.group(1);
            String changed = value;
            if (text.group(2) == null && UUID_TEXT.matcher(value).matches()) {
                changed = UUID.randomUUID().toString();
            } else if (text.group(2) == null && !value.matches("\\d{4}-\\d\\d.*|.*\\\\.*")) {
                changed = rotated(value, attempt, List.of(LOWER, UPPER)).orElse(value);
            }
            return Matcher.quoteReplacement('"' + changed + '"' + (text.group(2) == null ? "" : text.group(2)));
        });
    }

    /** Changes letters and digits into others of their kind, so that what a text has to look like it still does. */
    private static String rotated(ProbedTable.Column column, String text, int attempt) {
        return UUID_TEXT.matcher(text).matches()
                ? UUID.randomUUID().toString()
                : rotated(text, attempt, List.of(LOWER, UPPER, DIGITS))
                        .orElseGet(() -> random(column.length() == 0 ? 16 : Math.min(16, column.length())));
    }

    private static Optional<String> rotated(String text, int attempt, List<String> alphabets) {
        StringBuilder rotated = new StringBuilder(text);
        boolean changed = false;
        for (int i = 0; i < rotated.length(); i++) {
            for (String alphabet : alphabets) {
                int index = alphabet.indexOf(rotated.charAt(i));
                if (index >= 0) {
                    rotated.setCharAt(i, alphabet.charAt((index + attempt) % alphabet.length()));
                    changed = true;
                    break;
                }
            }
        }
        return changed ? Optional.of(rotated.toString()) : Optional.empty();
    }

    private static String random(int length) {
        StringBuilder digits = new StringBuilder();
        while (digits.length() < length) {
            digits.append(UUID.randomUUID().toString().replace("-", ""));
        }
        return digits.substring(0, length);
    }

    /**
     * An INSERT of one row.
     *
     * @param sql the statement
     * @param source the query that finds what the row is made from, the empty string where it is made from nothing
     */
    private record Insert(String sql, String source) {}

    private Insert copy(
            ProbedTable table, Set<ProbedTable.Column> altered, Map<String, String> alteredValues, String order) {
        Map<String, String> values = new LinkedHashMap<>();
        table.columns().values().stream()
                .filter(column -> !column.generated())
                .forEach(column -> values.put(
                        column.name(), alteredValues.getOrDefault(column.name(), "r." + engine.quote(column.name()))));
        List<ProbedTable.Reference> references = table.references().stream()
                .filter(table::isWritable)
                .filter(reference ->
                        altered.stream().anyMatch(column -> reference.columns().containsKey(column.name())))
                .toList();
        String row = engine.quote(table.name()) + " AS r" + order;
        if (!references.isEmpty()) {
            row = values.keySet().stream()
                    .map(column -> "r." + engine.quote(column))
                    .collect(joining(", ", "(SELECT ", " FROM " + row + " LIMIT 1) AS r"));
        }
        return insert(table, altered, values, references, row);
    }

    private @Nullable Insert insertMadeUp(ProbedTable table, Set<ProbedTable.Column> altered) {
        List<ProbedTable.Reference> references = table.references().stream()
                .filter(table::isWritable)
                .filter(reference -> reference.columns().keySet().stream()
                        .anyMatch(column ->
                                requireNonNull(table.columns().get(column)).required()))
                .toList();
        Map<String, String> values = new LinkedHashMap<>();
        for (ProbedTable.Column column : table.columns().values()) {
            boolean refers = references.stream()
                    .anyMatch(reference -> reference.columns().containsKey(column.name()));
            if (refers || !column.required() || column.generated()) {
                continue;
            }
            String value = column.madeUp();
            if (altered.contains(column) && column.kind() == ProbedTable.Kind.TEXT) {
                value = engine.literal(random(column.length() == 0 ? 16 : Math.min(16, column.length())));
            } else if (altered.contains(column) && column.kind() == ProbedTable.Kind.UUID) {
                value = dialect.cast(column, engine.literal(UUID.randomUUID().toString()));
            } else if (altered.contains(column) && isOrdered(column) && value != null) {
                value = dialect.cast(
                        column,
                        "COALESCE((SELECT " + dialect.greater(column) + " FROM " + engine.quote(table.name()) + "), "
                                + dialect.asText(value) + ")");
            }
            if (value == null) {
                return null;
            }
            values.put(column.name(), value);
        }
        return insert(table, altered, values, references, "");
    }

    /**
     * {@return the INSERT of one row}
     *
     * @param values its values in SQL, by column
     * @param references the foreign keys for which a row of the parent is looked for: all columns of a key are taken from
     *     one, and such that no row is there already with the same values in a unique index
     * @param row the row, named {@code r}, that the values are from; the empty string where there is none
     */
    private Insert insert(
            ProbedTable table,
            Set<ProbedTable.Column> altered,
            Map<String, String> values,
            List<ProbedTable.Reference> references,
            String row) {
        List<String> from = new ArrayList<>();
        List<String> conditions = new ArrayList<>();
        if (!row.isEmpty()) {
            from.add(row);
        }
        Set<String> referring = new LinkedHashSet<>();
        for (ProbedTable.Reference reference : references) {
            String parent = "p" + from.size();
            from.add(engine.quote(reference.parent()) + " AS " + parent);
            reference.columns().forEach((column, its) -> {
                String key = parent + "." + engine.quote(its);
                boolean isOfOther = !row.isEmpty()
                        && table.references().stream()
                                .anyMatch(other -> !references.contains(other)
                                        && other.columns().containsKey(column));
                if (referring.add(column) && !isOfOther) {
                    values.put(column, key);
                    conditions.add(key + " IS NOT NULL");
                } else {
                    // One value for several keys.
                    conditions.add(key + " = " + requireNonNull(values.get(column)));
                }
            });
        }
        table.uniques().stream()
                .filter(unique -> !table.isGenerated(unique))
                .filter(unique -> altered.stream()
                        .anyMatch(column -> referring.contains(column.name())
                                && unique.columns().contains(column.name())))
                .map(unique -> unique.columns().stream()
                        .filter(column -> values.containsKey(column)
                                && isComparable(table.columns().get(column)))
                        .map(column -> "x." + engine.quote(column) + " = " + values.get(column))
                        .collect(joining(" AND ")))
                .map(same -> "NOT EXISTS (SELECT 1 FROM " + engine.quote(table.name()) + " AS x WHERE " + same + ")")
                .forEach(conditions::add);
        String into = "INSERT INTO " + engine.quote(table.name());
        if (values.isEmpty()) {
            return new Insert(into + dialect.defaults(), "");
        }
        String source = from.isEmpty()
                ? ""
                : " FROM " + String.join(", ", from)
                        + (conditions.isEmpty() ? "" : " WHERE " + String.join(" AND ", conditions)) + " LIMIT 1";
        return new Insert(
                into + values.keySet().stream().map(engine::quote).collect(joining(", ", " (", ")")) + " SELECT "
                        + String.join(", ", values.values()) + source,
                source.isEmpty() ? "" : "SELECT 1" + source);
    }

    /** JSON of PostgreSQL has no operator for it. */
    private static boolean isComparable(ProbedTable.@Nullable Column column) {
        return column != null && column.kind() != ProbedTable.Kind.JSON;
    }
}
