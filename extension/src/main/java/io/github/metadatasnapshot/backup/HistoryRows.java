package io.github.metadatasnapshot.backup;

import static java.util.Objects.requireNonNull;

import io.github.metadatasnapshot.engine.DatabaseNameColumn;
import io.github.metadatasnapshot.engine.HistoryColumns;
import io.github.metadatasnapshot.engine.HistoryTable;
import io.github.metadatasnapshot.engine.SchemaHistory;
import io.github.metadatasnapshot.engine.TableName;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.Charset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Reads the rows of the history's tables as a dump holds them. */
final class HistoryRows {

    /** The rows are not those of a history table. */
    static final class UnreadableException extends Exception {

        private static final long serialVersionUID = 1;

        UnreadableException(String message) {
            super(message);
        }
    }

    private final HistoryTable history;
    private final Optional<DatabaseNameColumn> databaseName;
    private final SortedSet<String> otherDatabases = new TreeSet<>();
    private final Map<TableName, List<Map<String, @Nullable String>>> rows = new HashMap<>();
    private final Map<TableName, HistoryTable> tables = new HashMap<>();

    /**
     * Creates a reader of rows.
     *
     * @param history the history of the database that the backup is of
     * @param databaseName the column in which rows name their database, where there is one
     */
    HistoryRows(HistoryTable history, Optional<DatabaseNameColumn> databaseName) {
        this.history = history;
        this.databaseName = databaseName;
    }

    /** {@return the databases that rows name, and that the backup is not of} */
    SortedSet<String> otherDatabases() {
        return otherDatabases;
    }

    /** Joins the rows of those tables, of all that have the name of one of the history's. */
    SchemaHistory history(Set<TableName> own) {
        Map<HistoryTable, List<SchemaHistory.Row>> read = new HashMap<>();
        rows.forEach((name, values) -> {
            if (own.contains(name)) {
                HistoryTable table = requireNonNull(tables.get(name));
                read.put(table, table.columns().rows(values));
            }
        });
        return history.join(read);
    }

    /** Reads the rows of an INSERT into one of the history's tables; the tokens stand at the table's name. */
    void readInsert(TableName name, HistoryTable table, Tokens tokens) throws UnreadableException {
        List<String> columns = columns(table, tokens);
        if (!tokens.is("values") && !tokens.skipTo("values")) {
            throw new UnreadableException("the INSERT has no VALUES");
        }
        while (tokens.next()) {
            if (tokens.is("(")) {
                add(name, table, columns, tuple(tokens));
            }
        }
    }

    /** Reads the rows of a COPY into one of the history's tables; the tokens stand at the table's name. */
    void readCopy(TableName name, HistoryTable table, Tokens tokens, InputStream data, Charset charset)
            throws IOException, UnreadableException {
        List<String> columns = columns(table, tokens);
        BufferedReader lines = new BufferedReader(new InputStreamReader(data, charset));
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            List<@Nullable String> values = new ArrayList<>();
            for (String field : line.split("\t", -1)) {
                values.add(field.equals("\\N") ? null : unescape(field));
            }
            add(name, table, columns, values);
        }
    }

    private static List<String> columns(HistoryTable table, Tokens tokens) {
        if (!tokens.next() || !tokens.is("(")) {
            return table.columns().names();
        }
        List<String> columns = new ArrayList<>();
        while (tokens.next() && !tokens.is(")")) {
            if (tokens.isName()) {
                columns.add(tokens.text().toLowerCase(Locale.ROOT));
            }
        }
        return columns;
    }

    private static List<@Nullable String> tuple(Tokens tokens) {
        List<@Nullable String> values = new ArrayList<>();
        StringBuilder value = new StringBuilder();
        boolean isNull = false;
        while (tokens.next() && !tokens.is(")")) {
            if (tokens.is(",")) {
                values.add(isNull ? null : value.toString());
                value.setLength(0);
                isNull = false;
            } else if (tokens.isString()) {
                // What stands before it, such as _binary or b, says how it is written.
                value.replace(0, value.length(), tokens.text());
            } else if (tokens.is("null")) {
                isNull = true;
            } else {
                value.append(tokens.text());
            }
        }
        values.add(isNull ? null : value.toString());
        return values;
    }

    private static String unescape(String field) {
        if (field.indexOf('\\') < 0) {
            return field;
        }
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < field.length(); i++) {
            char c = field.charAt(i);
            if (c == '\\' && i + 1 < field.length()) {
                c = (char) Tokens.unescape((byte) field.charAt(++i));
            }
            text.append(c);
        }
        return text.toString();
    }

    private void add(TableName name, HistoryTable table, List<String> columns, List<@Nullable String> values)
            throws UnreadableException {
        // Of a table that is not Flyway's, those columns are known that matter.
        boolean fits = table.columns().equals(HistoryColumns.FLYWAY)
                ? columns.size() == values.size()
                : columns.size() <= values.size();
        if (!fits) {
            throw new UnreadableException("a row has " + values.size() + " values for " + columns.size() + " columns");
        }
        Map<String, @Nullable String> row = new HashMap<>();
        for (String column : table.columns().read()) {
            row.put(column, value(columns, values, column));
        }
        try {
            // Read now, so that a line can be told in which it is wrong.
            table.columns().rows(List.of(row));
        } catch (NumberFormatException e) {
            throw new UnreadableException("installed_rank is " + row.get("installed_rank") + " and checksum "
                    + row.get("checksum") + ", which are no numbers");
        }
        databaseName.filter(column -> column.isIn(name)).ifPresent(column -> {
            String database = row.get(column.column());
            if (database != null && !database.equals(column.inBackups())) {
                otherDatabases.add(database);
            }
        });
        tables.put(name, table);
        rows.computeIfAbsent(name, key -> new ArrayList<>()).add(row);
    }

    private static @Nullable String value(List<String> columns, List<@Nullable String> values, String column)
            throws UnreadableException {
        for (int i = 0; i < columns.size(); i++) {
            if (columns.get(i).equalsIgnoreCase(column)) {
                return values.get(i);
            }
        }
        throw new UnreadableException("there is no column " + column);
    }
}
