package io.github.metadatasnapshot.engine;

import static java.util.stream.Collectors.joining;
import static java.util.stream.Collectors.toSet;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;

/**
 * Reads the rows of tables so that they can be compared with those of another database of the same server, and sends no more
 * of them than it must. Takes the SELECT privilege only; at its end the session is as it was.
 */
public abstract sealed class DataReader implements AutoCloseable permits MySqlDataReader, PostgreSqlDataReader {

    /** How many characters of a value are read to be shown, at most. */
    public static final int LONGEST_SHOWN = 10_000;

    final Engine engine;
    final Connection connection;

    DataReader(Engine engine, Connection connection) {
        this.engine = engine;
        this.connection = connection;
    }

    /**
     * Lists the tables that hold rows, those of the engine and of its extensions left out.
     *
     * @return the tables by name, a partitioned one as a whole
     * @throws SQLException if the catalogue cannot be read
     */
    public final SortedMap<TableName, DataTable> tables() throws SQLException {
        Map<TableName, Map<String, List<String>>> keys = new HashMap<>();
        Map<TableName, String> primary = new HashMap<>();
        SortedMap<TableName, DataTable> tables = new TreeMap<>();
        try (Statement statement = connection.createStatement()) {
            try (ResultSet rows = statement.executeQuery(keysSql())) {
                while (rows.next()) {
                    TableName table = new TableName(rows.getString(1), rows.getString(2));
                    keys.computeIfAbsent(table, name -> new LinkedHashMap<>())
                            .computeIfAbsent(rows.getString(3), key -> new ArrayList<>())
                            .add(rows.getString(4));
                    if (rows.getBoolean(5)) {
                        primary.put(table, rows.getString(3));
                    }
                }
            }
            Map<TableName, Map<String, DataColumn>> columns = new HashMap<>();
            try (ResultSet rows = statement.executeQuery(columnsSql())) {
                while (rows.next()) {
                    columns.computeIfAbsent(
                                    new TableName(rows.getString(1), rows.getString(2)), t -> new LinkedHashMap<>())
                            .put(
                                    rows.getString(3),
                                    new DataColumn(
                                            rows.getString(3),
                                            rows.getString(4),
                                            rows.getString(5),
                                            rows.getString(6),
                                            rows.getBoolean(7),
                                            Map.of()));
                }
            }
            try (ResultSet rows = statement.executeQuery(tablesSql())) {
                while (rows.next()) {
                    TableName name = new TableName(rows.getString(1), rows.getString(2));
                    Map<String, List<String>> uniques = new LinkedHashMap<>(keys.getOrDefault(name, Map.of()));
                    List<String> key = uniques.remove(primary.getOrDefault(name, ""));
                    tables.put(
                            name,
                            new DataTable(
                                    name,
                                    source(name, rows.getBoolean(3)),
                                    columns.getOrDefault(name, Map.of()),
                                    key == null ? List.of() : key,
                                    List.copyOf(uniques.values())));
                }
            }
        }
        addHistories(tables);
        return tables;
    }

    /** Adds rows that tables had before, where the engine keeps such. */
    void addHistories(SortedMap<TableName, DataTable> tables) throws SQLException {}

    /**
     * Spells a name of a table, or of a column with its table's, as the server compares names.
     *
     * @param label the name, as {@link DataTable} returns it
     * @return the name, in lower case where the server takes no account of the case
     */
    public abstract String folded(String label);

    /**
     * Counts rows.
     *
     * @param table a table
     * @return how many rows it has
     * @throws SQLException if it cannot be read
     */
    public final long count(DataTable table) throws SQLException {
        return count("*", table);
    }

    /**
     * Counts the values of a column.
     *
     * @param table a table
     * @param column one of its columns
     * @return in how many rows it is not NULL
     * @throws SQLException if it cannot be read
     */
    public final long count(DataTable table, DataColumn column) throws SQLException {
        return count(engine.quote(column.name()), table);
    }

    /**
     * Tells whether one of several columns is NULL somewhere.
     *
     * @param table a table
     * @param columns the names of some of its columns
     * @return whether a row has NULL in one of them
     * @throws SQLException if it cannot be read
     */
    public final boolean hasNull(DataTable table, Collection<String> columns) throws SQLException {
        return !Engine.queryForStrings(
                        connection,
                        "SELECT 1 FROM " + table.source() + " WHERE "
                                + columns.stream()
                                        .map(column -> engine.quote(column) + " IS NULL")
                                        .collect(joining(" OR "))
                                + " LIMIT 1")
                .isEmpty();
    }

    /**
     * Tells whether no two rows have the same id.
     *
     * @param selection the rows
     * @return whether the id tells each row from all others
     * @throws SQLException if the table cannot be read
     */
    public final boolean isUnique(DataSelection selection) throws SQLException {
        return Engine.queryForStrings(
                        connection,
                        "SELECT 1 FROM (SELECT " + hash(text(selection.id())) + " AS id FROM "
                                + selection.table().source() + ") AS ids GROUP BY id HAVING COUNT(*) > 1 LIMIT 1")
                .isEmpty();
    }

    private long count(String what, DataTable table) throws SQLException {
        return Long.parseLong(Engine.queryForStrings(connection, "SELECT COUNT(" + what + ") FROM " + table.source())
                .get(0));
    }

    /**
     * Digests rows inside the server.
     *
     * @param selection the rows
     * @param parts into how many parts, each of which has a digest; a power of 2
     * @return the digest of each part, from 0 on, that has rows: equal where the rows are equal, in whatever order
     * @throws SQLException if the table cannot be read
     */
    public final Map<Integer, String> digests(DataSelection selection, int parts) throws SQLException {
        String all = text(selection.pairs());
        Map<Integer, String> digests = new TreeMap<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(digestSql(
                        part(selection, parts), all, selection.table().source() + " WHERE " + filter(selection)))) {
            while (rows.next()) {
                if (rows.getLong(2) != rows.getLong(3)) {
                    throw new SQLException("A row of table " + selection.table().name()
                            + " is too long to be hashed: the server's max_allowed_packet is too small");
                }
                digests.put(rows.getInt(1), rows.getLong(2) + " " + rows.getString(4) + " " + rows.getString(5));
            }
        }
        return digests;
    }

    /**
     * Reads the hashes of rows, in constant memory.
     *
     * @param selection the rows
     * @param parts as in {@link #digests}
     * @param wanted the parts to read
     * @return the rows, to be closed before anything else is read
     * @throws SQLException if the table cannot be read
     */
    public final RowHashes hashes(DataSelection selection, int parts, Collection<Integer> wanted) throws SQLException {
        String from = selection.table().source() + " WHERE " + inParts(selection, parts, wanted);
        String id = hash(text(selection.id()));
        // The limit keeps MariaDB from sorting the rows' addresses and reading each of them from the disk.
        String sql = selection.keyed()
                ? "SELECT id, v FROM (SELECT " + id + " AS id, " + hash(text(selection.values())) + " AS v FROM " + from
                        + " LIMIT " + Long.MAX_VALUE + ") AS hashes ORDER BY id"
                : "SELECT id, COUNT(*) FROM (SELECT " + id + " AS id FROM " + from + ") AS ids GROUP BY id ORDER BY 1";
        Statement statement = connection.createStatement();
        try {
            statement.setFetchSize(fetchSize());
            return new RowHashes(statement, statement.executeQuery(sql));
        } catch (SQLException e) {
            statement.close();
            throw e;
        }
    }

    /**
     * Reads rows to show them.
     *
     * @param selection the rows
     * @param parts as in {@link #digests}
     * @param wanted the parts in which they are
     * @param ids the hashes of the ids of those to read
     * @return one row for each id that there is
     * @throws SQLException if the table cannot be read
     */
    public final Map<String, DataRow> rows(
            DataSelection selection, int parts, Collection<Integer> wanted, Collection<String> ids)
            throws SQLException {
        List<DataSelection.Pair> pairs = selection.pairs();
        String id = hash(text(selection.id()));
        String columns = pairs.stream()
                .map(pair -> ", " + hash(text(List.of(pair))) + ", " + shown(pair.column()))
                .collect(joining());
        String sql = "SELECT " + id + columns + " FROM " + selection.table().source() + " WHERE "
                + inParts(selection, parts, wanted) + " AND " + id
                + ids.stream().map(text -> "'" + text + "'").collect(joining(", ", " IN (", ")"));
        Map<String, DataRow> found = new HashMap<>();
        try (Statement statement = connection.createStatement()) {
            statement.setFetchSize(fetchSize());
            try (ResultSet rows = statement.executeQuery(sql)) {
                while (rows.next()) {
                    List<DataRow.Value> values = new ArrayList<>();
                    for (int i = 0; i < pairs.size(); i++) {
                        values.add(new DataRow.Value(
                                pairs.get(i).column().name(), rows.getString(2 * i + 2), rows.getString(2 * i + 3)));
                    }
                    found.putIfAbsent(rows.getString(1), new DataRow(rows.getString(1), values));
                }
            }
        }
        return found;
    }

    /** Lists half of the parts at most: MariaDB makes a join of a list of 1000, which may take hours. */
    private String inParts(DataSelection selection, int parts, Collection<Integer> wanted) {
        String filter = filter(selection);
        boolean most = wanted.size() > parts / 2;
        Set<Integer> listed = new TreeSet<>(wanted);
        if (most) {
            listed = others(parts, listed);
        }
        return listed.isEmpty()
                ? filter
                : part(selection, parts)
                        + listed.stream()
                                .map(String::valueOf)
                                .collect(joining(", ", (most ? " NOT" : "") + " IN (", ") AND "))
                        + filter;
    }

    private static Set<Integer> others(int parts, Set<Integer> wanted) {
        return IntStream.range(0, parts)
                .filter(part -> !wanted.contains(part))
                .boxed()
                .collect(toSet());
    }

    private String filter(DataSelection selection) {
        List<DataSelection.Pair> pairs = selection.pairs();
        List<DataSelection.Pair> others = pairs.stream()
                .filter(pair -> !selection.table().key().contains(pair.column().name()))
                .toList();
        return selection.withoutEmpty()
                ? (others.isEmpty() ? pairs : others)
                        .stream()
                                .map(pair -> engine.quote(pair.column().name()) + " IS NOT NULL")
                                .collect(joining(" OR ", "(", ")"))
                : "1 = 1";
    }

    private String part(DataSelection selection, int parts) {
        return parts == 1 ? "0" : part(text(selection.id()), parts);
    }

    private String text(List<DataSelection.Pair> pairs) {
        return row(
                pairs.stream().map(pair -> value(pair.column(), pair.other())).toList());
    }

    /** {@return a query for schema, name and whether it is partitioned, of each table} */
    abstract String tablesSql();

    /** {@return a query for schema, table, and the fields of a {@link DataColumn}, in the order of the columns} */
    abstract String columnsSql();

    /** {@return a query for schema, table, key, column and whether the key is the primary one, in the order of the columns} */
    abstract String keysSql();

    abstract String source(TableName table, boolean partitioned);

    /** {@return an expression for the value, the same text as that of an equal value of the other column's type} */
    abstract String value(DataColumn column, DataColumn other);

    /** {@return an expression for the beginning of the value as a person writes it} */
    abstract String shown(DataColumn column);

    /** {@return one text of several values} */
    abstract String row(List<String> values);

    /** {@return 32 hexadecimal digits, in an order that is Java's} */
    abstract String hash(String text);

    /** {@return a number from 0 to parts - 1} */
    abstract String part(String text, int parts);

    /** {@return a query for the part, the number of its rows, that of its rows with a hash, and two sums of hashes} */
    abstract String digestSql(String part, String text, String source);

    /** {@return the fetch size by which the driver does not read all rows at once} */
    abstract int fetchSize();

    @Override
    public abstract void close() throws SQLException;
}
