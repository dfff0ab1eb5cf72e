package io.github.metadatasnapshot.backup;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.metadatasnapshot.engine.SchemaHistory;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads the rows of Flyway's history table as a dump holds them. */
final class HistoryRows {

    /** The rows are not those of a history table. */
    static final class UnreadableException extends Exception {

        private static final long serialVersionUID = 1;

        UnreadableException(String message) {
            super(message);
        }
    }

    /** The order in which Flyway creates the columns, for an INSERT that does not name them. */
    private static final List<String> COLUMNS = List.of(
            "installed_rank",
            "version",
            "description",
            "type",
            "script",
            "checksum",
            "installed_by",
            "installed_on",
            "execution_time",
            "success");

    private static final Set<String> TRUE = Set.of("t", "true", "1", "\u0001");

    private final List<SchemaHistory.Row> rows = new ArrayList<>();

    SchemaHistory history() {
        return new SchemaHistory(rows);
    }

    /** Reads the rows of an INSERT; the tokens stand at the table's name. */
    void readInsert(Tokens tokens) throws UnreadableException {
        List<String> columns = columns(tokens);
        if (!tokens.is("values") && !tokens.skipTo("values")) {
            throw new UnreadableException("the INSERT has no VALUES");
        }
        while (tokens.next()) {
            if (tokens.is("(")) {
                add(columns, tuple(tokens));
            }
        }
    }

    /** Reads the rows of a COPY; the tokens stand at the table's name. */
    void readCopy(Tokens tokens, InputStream data) throws IOException, UnreadableException {
        List<String> columns = columns(tokens);
        BufferedReader lines = new BufferedReader(new InputStreamReader(data, UTF_8));
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            List<@Nullable String> values = new ArrayList<>();
            for (String field : line.split("\t", -1)) {
                values.add(field.equals("\\N") ? null : unescape(field));
            }
            add(columns, values);
        }
    }

    private static List<String> columns(Tokens tokens) {
        if (!tokens.next() || !tokens.is("(")) {
            return COLUMNS;
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

    private void add(List<String> columns, List<@Nullable String> values) throws UnreadableException {
        if (columns.size() != values.size()) {
            throw new UnreadableException("a row has " + values.size() + " values for " + columns.size() + " columns");
        }
        String rank = value(columns, values, "installed_rank");
        String checksum = value(columns, values, "checksum");
        try {
            rows.add(new SchemaHistory.Row(
                    Integer.parseInt(orEmpty(rank)),
                    value(columns, values, "version"),
                    orEmpty(value(columns, values, "description")),
                    orEmpty(value(columns, values, "type")),
                    orEmpty(value(columns, values, "script")),
                    checksum == null ? null : Integer.valueOf(checksum),
                    TRUE.contains(orEmpty(value(columns, values, "success")).toLowerCase(Locale.ROOT))));
        } catch (NumberFormatException e) {
            throw new UnreadableException(
                    "installed_rank is " + rank + " and checksum " + checksum + ", which are no numbers");
        }
    }

    private static @Nullable String value(List<String> columns, List<@Nullable String> values, String column)
            throws UnreadableException {
        int index = columns.indexOf(column);
        if (index < 0) {
            throw new UnreadableException("there is no column " + column);
        }
        return values.get(index);
    }

    private static String orEmpty(@Nullable String text) {
        return text == null ? "" : text;
    }
}
