package io.github.metadatasnapshot.engine;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** Asks a server for the hashes of its tables' rows, several tables at once, and makes a short text of each answer. */
final class Digests {

    private static final int BYTES = 16;

    private final SortedMap<TableName, SortedMap<String, String>> values = new TreeMap<>();
    private final Map<TableName, String> stamps = new TreeMap<>();

    /** Begins with tables that have no columns, as PostgreSQL's may. */
    Digests(Collection<TableName> tables) {
        tables.forEach(table -> values.put(table, new TreeMap<>()));
    }

    /** Adds a column, unless it belongs to a table that is not asked for. */
    void add(TableName table, String column, String value) {
        Map<String, String> columns = values.get(table);
        if (columns != null) {
            columns.put(column, value);
        }
    }

    /** Gives the digest of a table its stamp. */
    void stamp(TableName table, String stamp) {
        stamps.put(table, stamp);
    }

    /** Leaves tables out again. */
    void remove(Collection<TableName> tables) {
        values.keySet().removeAll(tables);
    }

    /** Builds the query of one table. */
    interface Select {

        /**
         * Returns a query for the index, the number of rows, the number of rows with a hash, and two sums of hashes.
         *
         * @param index the index
         * @param table the table
         * @param values an expression for each column, in the order of their names
         */
        String of(int index, TableName table, Collection<String> values);
    }

    SortedMap<TableName, TableDigest> read(Statement statement, int tablesAtOnce, Select select) throws SQLException {
        SortedMap<TableName, TableDigest> digests = new TreeMap<>();
        List<Map.Entry<TableName, SortedMap<String, String>>> tables = List.copyOf(values.entrySet());
        for (int from = 0; from < tables.size(); from += tablesAtOnce) {
            List<String> selects = new ArrayList<>();
            for (int i = from; i < Math.min(tables.size(), from + tablesAtOnce); i++) {
                selects.add(select.of(
                        i, tables.get(i).getKey(), tables.get(i).getValue().values()));
            }
            try (ResultSet rows = statement.executeQuery(String.join("\nUNION ALL\n", selects))) {
                while (rows.next()) {
                    TableName table = tables.get(rows.getInt(1)).getKey();
                    long count = rows.getLong(2);
                    if (count != rows.getLong(3)) {
                        throw new SQLException("A row of table " + table
                                + " is too long to be hashed: the server's max_allowed_packet is too small");
                    }
                    String hashes = count + " " + rows.getString(4) + " " + rows.getString(5);
                    digests.put(
                            table,
                            new TableDigest(
                                    count,
                                    digest(tables.get(rows.getInt(1)).getValue().keySet(), hashes),
                                    stamps.getOrDefault(table, "")));
                }
            }
        }
        return digests;
    }

    private static String digest(Collection<String> columns, String hashes) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            columns.forEach(column -> digest.update((column.length() + ":" + column + ",").getBytes(UTF_8)));
            return HexFormat.of().formatHex(digest.digest(hashes.getBytes(UTF_8)), 0, BYTES);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java has SHA-256", e);
        }
    }
}
