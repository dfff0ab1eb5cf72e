package io.github.metadatasnapshot.engine;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Explains errors of a restore. A cause is named only where its condition was looked up: in the database as it was before, in
 * the catalogue, in the file, or in the statement that failed.
 */
abstract class RestoreHints {

    static final String NOT_EMPTY = "the target is not empty: a full backup goes into an empty database";

    private static final String IDENTIFIER = "(?:\"(?:[^\"]|\"\")+\"|`(?:[^`]|``)+`|[\\w$]+)";

    private static final Pattern LOADED_TABLE = Pattern.compile(
            "^(?:COPY|(?:INSERT|REPLACE)(?: IGNORE)? INTO)\\s+(?:ONLY\\s+)?(?<table>" + IDENTIFIER + "(?:\\."
                    + IDENTIFIER + ")?)\\s*(?:\\((?<columns>[^)]*)(?<end>\\))?)?",
            Pattern.CASE_INSENSITIVE);

    /** An error of a statement, as the client reports it. */
    record Failure(String sqlState, String message, String statement, long line) {

        boolean says(String text) {
            return message.contains(text);
        }

        boolean begins(String word) {
            return statement.toUpperCase(Locale.ROOT).startsWith(word + " ");
        }

        /** {@return the line in words, and that of nothing where it is not known} */
        String place() {
            return line == 0 ? "the statement" : "line " + line;
        }

        /** {@return the table that the statement loads rows into, without quotes} */
        Optional<String> loadedTable() {
            Matcher matcher = LOADED_TABLE.matcher(statement);
            return matcher.find() ? Optional.of(unquoted(matcher.group("table"))) : Optional.empty();
        }

        /** {@return the columns that the statement names, empty where it names none or not all of them are known} */
        Optional<List<String>> loadedColumns() {
            Matcher matcher = LOADED_TABLE.matcher(statement);
            return matcher.find() && matcher.group("end") != null
                    ? Optional.of(Arrays.stream(matcher.group("columns").split(","))
                            .map(column -> unquoted(column.strip()))
                            .toList())
                    : Optional.empty();
        }

        Optional<String> group(Pattern pattern) {
            Matcher matcher = pattern.matcher(message);
            return matcher.find() ? Optional.of(matcher.group(1)) : Optional.empty();
        }

        private static String unquoted(String name) {
            return name.replaceAll("[\"`]", "");
        }
    }

    /**
     * Explains an error.
     *
     * @param connection a connection to the database, for look-ups in the catalogue
     * @param error the error
     * @param context what is known of the restore
     * @return the cause and the way out; empty where neither is known
     * @throws SQLException if the catalogue cannot be read
     */
    abstract Optional<String> explain(Connection connection, Failure error, RestoreContext context) throws SQLException;

    static Optional<String> exists(RestoreContext context) {
        return context.emptyBefore() || context.dataOnly() ? Optional.empty() : Optional.of(NOT_EMPTY);
    }

    static Optional<String> duplicate(Failure error, RestoreContext context) {
        return error.loadedTable()
                .flatMap(context::tableBefore)
                .filter(table -> context.rowsBefore().getOrDefault(table, 0L) > 0)
                .map(table -> "the target already holds rows: table " + table + " had "
                        + context.rowsBefore().get(table) + " before the restore");
    }

    static Optional<String> noSuchTable(String name, RestoreContext context) {
        return context.hasRowsOf(name) && context.tableBefore(name).isEmpty() && context.dataOnly()
                ? Optional.of("the target has no such table: its schema, at " + context.targetVersion()
                        + ", is not the one that the backup was taken from, at " + context.backupVersion())
                : Optional.empty();
    }

    static Optional<String> noSuchColumn(Failure error, String column, RestoreContext context) {
        return error.loadedTable()
                .flatMap(context::tableBefore)
                .filter(table -> !context.hadColumn(table, column))
                .map(table -> "the target's table " + table + " has no column " + column + ": its schema, at "
                        + context.targetVersion() + ", is not the one that the backup was taken from, at "
                        + context.backupVersion());
    }

    static Optional<String> columnLeftOut(Failure error, String column, RestoreContext context) {
        return error.loadedColumns()
                .filter(columns -> !columns.contains(column))
                .flatMap(columns -> error.loadedTable())
                .flatMap(context::tableBefore)
                .filter(table -> context.hadColumn(table, column))
                .map(table -> "the target demands a value for column " + column + " of table " + table
                        + ", which the backup does not have");
    }

    static Optional<String> noParent(String table, String constraint, RestoreContext context) {
        return context.hasRowsOf(table)
                ? Optional.empty()
                : Optional.of("the backup holds no rows of table "
                        + context.tableBefore(table).map(TableName::toString).orElse(table) + ", to which " + constraint
                        + " refers");
    }
}
