package io.github.metadatasnapshot.engine;

import java.sql.Connection;
import java.util.Optional;
import java.util.regex.Pattern;

/** Explains errors of restores into MySQL and MariaDB. */
final class MySqlHints extends RestoreHints {

    private static final Pattern TABLE = Pattern.compile("Table '(?:[^'.]+\\.)?([^'.]+)'");
    private static final Pattern COLUMN = Pattern.compile("(?:Unknown column|Field) '(?:[^'.]+\\.)?([^'.]+)'");
    private static final Pattern COLLATION = Pattern.compile("Unknown (?:collation|character set): '([^']+)'");
    private static final Pattern REFERENCED = Pattern.compile("CONSTRAINT `([^`]+)` FOREIGN KEY .* REFERENCES `[^`]+`");
    private static final Pattern PARENT = Pattern.compile("REFERENCES `([^`]+)`");

    /** What mysqldump writes where it writes GTIDs. */
    private static final Pattern GTIDS = Pattern.compile(
            "^(?:/\\*!\\d*\\s*)?SET\\s+@@(?:GLOBAL\\.GTID_PURGED|SESSION\\.SQL_LOG_BIN)\\s*=",
            Pattern.CASE_INSENSITIVE);

    /** The privileges that MySQL and MariaDB ask for where a statement names a DEFINER other than the session's user. */
    private static final Pattern DEFINER_PRIVILEGE = Pattern.compile(
            "you need \\(at least one of\\) the [^(]*\\b(?:SUPER|SET_ANY_DEFINER|SET_USER_ID|SET USER)\\b");

    private final Engine engine;

    MySqlHints(Engine engine) {
        this.engine = engine;
    }

    @Override
    Optional<String> explain(Connection connection, Failure error, RestoreContext context) {
        if (error.says("'sql_mode' can't be set to the value of 'NO_AUTO_CREATE_USER'")) {
            return Optional.of(
                    "MySQL 8 no longer has the SQL mode NO_AUTO_CREATE_USER, which dumps of MySQL 5.7 set: take"
                            + " the word out of the modes that " + error.place() + " sets");
        }
        if (error.says("Unknown collation") || error.says("Unknown character set")) {
            return error.group(COLLATION).flatMap(name -> collation(name, context));
        }
        if (GTIDS.matcher(error.statement()).find()) {
            return gtids(error);
        }
        if (error.says("The value specified for generated column")) {
            return context.writer() == Engine.MARIADB && engine == Engine.MYSQL
                    ? Optional.of(
                            "the dump holds values of generated columns, as MariaDB takes them back and MySQL does"
                                    + " not: dump a table's other columns alone, or restore into MariaDB")
                    : Optional.empty();
        }
        return switch (error.sqlState()) {
            case "42S01" -> exists(context);
            case "42S02" -> error.group(TABLE).flatMap(name -> noSuchTable(name, context));
            case "42S22" -> error.group(COLUMN).flatMap(column -> noSuchColumn(error, column, context));
            case "21S01" -> columnCount(error, context);
            case "23000" ->
                error.says("Duplicate")
                        ? duplicate(error, context)
                        : error.says("foreign key constraint")
                                ? error.group(PARENT)
                                        .flatMap(table -> noParent(
                                                table, error.group(REFERENCED).orElse("a foreign key"), context))
                                : Optional.empty();
            case "42000" -> definer(error);
            default ->
                error.says("doesn't have a default value")
                        ? error.group(COLUMN).flatMap(column -> columnLeftOut(error, column, context))
                        : Optional.empty();
        };
    }

    private Optional<String> collation(String name, RestoreContext context) {
        boolean ofMariaDb = name.contains("uca1400");
        Engine other = ofMariaDb ? Engine.MARIADB : Engine.MYSQL;
        if (other == engine || !(ofMariaDb || name.startsWith("utf8mb4_0900") || context.writer() == other)) {
            return Optional.empty();
        }
        return Optional.of(name + " is a collation of " + other.displayName() + ", which " + context.database()
                + " does not have"
                + (context.writer() == other ? ": the dump was taken from " + other.displayName() : "")
                + ". Restore it into " + other.displayName()
                + ", or give the tables a collation that both have, such as utf8mb4_unicode_ci, before they"
                + " are dumped");
    }

    private static Optional<String> columnCount(Failure error, RestoreContext context) {
        return error.loadedTable()
                .flatMap(context::tableBefore)
                .filter(table -> context.isOtherVersion())
                .map(table -> "the target's table " + table + " has other columns: its schema, at "
                        + context.targetVersion() + ", is not the one that the backup was taken from, at "
                        + context.backupVersion());
    }

    private static Optional<String> definer(Failure error) {
        return DEFINER_PRIVILEGE.matcher(error.message()).find()
                        && error.statement().contains("DEFINER=")
                ? Optional.of("the statement names another DEFINER than the connected user, which only an administrator"
                        + " may: take DEFINER=… out of the dump, as mysqldump has no option to leave it out")
                : Optional.empty();
    }

    private Optional<String> gtids(Failure error) {
        if (engine == Engine.MARIADB && error.says("Unknown system variable")) {
            return Optional.of("the dump carries GTIDs of MySQL, which MariaDB does not know: dump with"
                    + " --set-gtid-purged=OFF");
        }
        return error.says("Access denied; you need")
                ? Optional.of(
                        "the dump carries GTIDs, and beside them keeps the restore out of the binary log, which only"
                                + " an administrator may: dump with --set-gtid-purged=OFF")
                : Optional.empty();
    }
}
