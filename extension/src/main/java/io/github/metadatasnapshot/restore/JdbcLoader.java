package io.github.metadatasnapshot.restore;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.metadatasnapshot.backup.BackupException;
import io.github.metadatasnapshot.backup.ScriptReader;
import io.github.metadatasnapshot.backup.ScriptStatement;
import io.github.metadatasnapshot.backup.UnterminatedScriptException;
import io.github.metadatasnapshot.engine.Engine;
import io.github.metadatasnapshot.server.TestDatabase;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.CharacterCodingException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Runs a script over one JDBC connection as the engine's client would, one statement at a time. Of the client's commands it
 * knows {@code \set ON_ERROR_STOP} alone.
 */
final class JdbcLoader {

    /**
     * How a script is run.
     *
     * @param goesOn whether what follows an error is run too
     * @param singleTransaction whether all is undone after an error; for PostgreSQL, since MySQL and MariaDB commit at
     *     every change of the schema
     * @param prologue statements that run first, in the same session and transaction
     * @param prologueAfter the line of the script after which they run instead, where its guard ends; 0 for none
     * @param missingRoles roles that the server lacks, to be left out of statements
     */
    record Options(
            boolean goesOn,
            boolean singleTransaction,
            List<String> prologue,
            long prologueAfter,
            Set<String> missingRoles) {

        Options(boolean goesOn, boolean singleTransaction, List<String> prologue, Set<String> missingRoles) {
            this(goesOn, singleTransaction, prologue, 0, missingRoles);
        }
    }

    /** What a guard begins with on PostgreSQL; of the client's commands the only one that is obeyed. */
    private static final Pattern ERROR_STOP = Pattern.compile("\\\\set\\s+ON_ERROR_STOP(?:\\s+(?<value>\\S+))?");

    private static final Set<String> OFF = Set.of("off", "0", "false", "no");

    private static final Pattern CHARACTER_SET = Pattern.compile(
            "(?:/\\*!\\d+\\s+)?SET\\s+(?:NAMES|CHARACTER\\s+SET|client_encoding\\s*(?:=|TO))\\s+'?([\\w-]+)'?.*",
            Pattern.CASE_INSENSITIVE);

    private static final Pattern MAY_NAME_ROLE = Pattern.compile(
            "^(?:ALTER|GRANT|REVOKE|SET|CREATE\\s+(?:SCHEMA|POLICY))\\s|DEFINER\\s*=", Pattern.CASE_INSENSITIVE);

    /** Of a database that takes any bytes. A driver keeps UTF-8, which its bytes are, or else are refused. */
    private static final Pattern SQL_ASCII =
            Pattern.compile("SET\\s+client_encoding\\s*(?:=|TO)\\s*'?SQL_ASCII'?\\s*", Pattern.CASE_INSENSITIVE);

    /** What mysqldump writes around a routine that was created by a client of another character set. */
    private static final Pattern CHARACTER_SET_CLIENT =
            Pattern.compile("(?:/\\*!\\d+\\s+)?SET\\s+character_set_client\\s*=\\s*(\\S+).*", Pattern.CASE_INSENSITIVE);

    private static final Set<String> UTF8_NAMES = Set.of("utf8", "utf8mb3", "utf8mb4", "binary", "unicode", "default");

    private static final int LONGEST_SETTING_BYTES = 200;
    private static final int ROLES_WITHIN_BYTES = 1000;

    private final Connection connection;
    private final Engine engine;
    private final Options options;
    private final List<StatementError> errors = new ArrayList<>();
    private boolean goesOn;
    private long errorCount;

    /** The server's name of the script's character set where it is not UTF-8, in which a driver sends all the same. */
    private String characterSet = "";

    /** Whether the server was told the character set of the next statements by a name. */
    private boolean toldByName;

    private Optional<String> fault = Optional.empty();

    private JdbcLoader(Connection connection, Engine engine, Options options) {
        this.connection = connection;
        this.engine = engine;
        this.options = options;
        this.goesOn = options.goesOn();
    }

    /**
     * Runs the statements of a backup.
     *
     * @param attempt the backup and the database
     * @param goesOn whether what follows an error is run too
     * @param singleTransaction whether all is undone after an error, where the engine can
     * @return what came of it
     * @throws BackupException if the backup is in a character set that cannot be read here, or holds a command of the
     *     client
     * @throws IOException if the backup cannot be read
     * @throws SQLException if the database cannot be reached
     */
    static ClientReport load(RestoreAttempt attempt, boolean goesOn, boolean singleTransaction)
            throws IOException, SQLException {
        TestDatabase target = attempt.target();
        Options options = new Options(
                goesOn, singleTransaction, attempt.prologue(), attempt.info().guardEnd(), attempt.missingRoles());
        try (Connection connection = target.open();
                InputStream script = Progress.of(attempt.openScript(), attempt)) {
            return load(connection, target.engine(), script, attempt.backup().name(), options);
        }
    }

    /**
     * Runs a script.
     *
     * @param connection the connection, in auto-commit mode
     * @param engine the engine that it leads to
     * @param script the script, decompressed; it is not closed
     * @param name the script's name for messages
     * @param options how it is run
     * @return what came of it
     * @throws BackupException if the script is in a character set that cannot be read here, or holds a command of the
     *     client
     * @throws IOException if the script cannot be read
     * @throws SQLException if the connection fails
     */
    static ClientReport load(Connection connection, Engine engine, InputStream script, String name, Options options)
            throws IOException, SQLException {
        return new JdbcLoader(connection, engine, options).load(script, name);
    }

    private ClientReport load(InputStream script, String name) throws IOException, SQLException {
        boolean transaction = options.singleTransaction() && engine == Engine.POSTGRESQL;
        boolean finished = false;
        try (Statement statement = connection.createStatement()) {
            statement.setEscapeProcessing(false);
            if (transaction) {
                // Not setAutoCommit(false): a COMMIT in the script must end the transaction as it does for psql, not
                // begin another.
                statement.execute("BEGIN");
            }
            finished = runScript(statement, new ScriptReader(script, engine.scriptSyntax()), name);
            if (transaction && !connection.isClosed()) {
                statement.execute(finished ? "COMMIT" : "ROLLBACK");
            }
        } catch (BackupException | IOException e) {
            if (transaction && !connection.isClosed()) {
                rollBack(e);
            }
            throw e;
        }
        return new ClientReport("JDBC", finished, errorCount, errors, List.of(), fault);
    }

    private void rollBack(Exception cause) {
        try (Statement statement = connection.createStatement()) {
            statement.execute("ROLLBACK");
        } catch (SQLException e) {
            cause.addSuppressed(e);
        }
    }

    private boolean runPrologue(Statement statement) throws SQLException {
        for (String sql : options.prologue()) {
            try {
                statement.execute(sql);
            } catch (SQLException e) {
                add(StatementError.ofPrologue(sql, state(e), message(e)), e);
                if (stopsAfter()) {
                    return false;
                }
            }
        }
        return true;
    }

    /** Returns whether the script ran to its end, with errors or without. */
    private boolean runScript(Statement statement, ScriptReader reader, String name) throws IOException, SQLException {
        boolean prepared = options.prologueAfter() == 0;
        try {
            if (prepared && !runPrologue(statement)) {
                return false;
            }
            for (ScriptStatement next = reader.next(); next != null; next = reader.next()) {
                if (!prepared && next.firstLine() > options.prologueAfter()) {
                    prepared = true;
                    if (!runPrologue(statement)) {
                        return false;
                    }
                }
                if (!isSkipped(next, name) && !run(statement, next, reader, name) && stopsAfter()) {
                    return false;
                }
            }
            return true;
        } catch (UnterminatedScriptException e) {
            add(new StatementError(e.line(), reader.line(), "", "", String.valueOf(e.getMessage())));
            return goesOn;
        }
    }

    private boolean isSkipped(ScriptStatement next, String name) {
        Optional<String> command = next.metaCommand();
        if (command.isEmpty()) {
            return false;
        }
        if (next.kind() == ScriptStatement.Kind.META_COMMAND) {
            Matcher errorStop = ERROR_STOP.matcher(command.get());
            if (errorStop.matches()) {
                String value = errorStop.group("value");
                goesOn = value != null && OFF.contains(value.toLowerCase(Locale.ROOT));
                return true;
            }
            if (command.get().matches("\\\\(un)?restrict\\s.*")) {
                return true;
            }
        }
        throw new BackupException(name + ", line " + next.firstLine() + ": the client's command " + command.get()
                + " cannot be run over JDBC. Take it out of the file, or run the server in a container, whose client knows"
                + " it");
    }

    private boolean run(Statement statement, ScriptStatement next, ScriptReader reader, String name)
            throws IOException, SQLException {
        // What an error needs of the statement is taken before its bytes make way for the rows of a COPY.
        long line = next.firstLine();
        long lastLine = next.lastLine();
        String excerpt = next.isFollowedByRows() ? next.excerpt() : "";
        try {
            if (next.isFollowedByRows()) {
                PostgreSqlCopy.copy(
                        connection,
                        next.text(),
                        characterSet.isEmpty()
                                ? reader.copyData()
                                : new Utf8InputStream(
                                        reader.copyData(), next.syntax().charset()));
                return true;
            }
            String sql = sql(next, reader, name);
            if (sql != null) {
                statement.execute(sql);
            }
            return true;
        } catch (CharacterCodingException e) {
            add(new StatementError(
                    line,
                    lastLine,
                    excerpt,
                    "",
                    "The rows hold bytes that are not " + next.syntax().charset()
                            + ", the character set that the file says it is in"));
        } catch (Utf8Statement.NotUtf8Exception e) {
            add(new StatementError(line, lastLine, next.excerpt(), "", String.valueOf(e.getMessage())));
        } catch (SQLException e) {
            add(
                    new StatementError(
                            line, lastLine, excerpt.isEmpty() ? next.excerpt() : excerpt, state(e), message(e)),
                    e);
        }
        return false;
    }

    /** {@return the statement as a driver sends it; {@code null} where nothing is to be sent} */
    private @Nullable String sql(ScriptStatement next, ScriptReader reader, String name)
            throws Utf8Statement.NotUtf8Exception {
        int from = next.offset();
        int to = from + next.length();
        String sql;
        if (!characterSet.isEmpty() && !toldByName && !next.syntax().charset().equals(UTF_8)) {
            sql = engine == Engine.POSTGRESQL
                    ? Utf8Statement.decoded(next.buffer(), from, to, next.syntax())
                    : Utf8Statement.of(next.buffer(), from, to, next.syntax(), characterSet);
        } else if (engine == Engine.POSTGRESQL && !Utf8Statement.isUtf8(next.buffer(), from, to)) {
            throw new Utf8Statement.NotUtf8Exception(
                    "The statement holds bytes that are not UTF-8, which a JDBC driver cannot send: dump with"
                            + " --encoding=UTF8, or use the client in a container");
        } else {
            sql = Utf8Statement.of(next.buffer(), from, to, next.syntax());
        }
        if (next.length() < LONGEST_SETTING_BYTES) {
            if (engine == Engine.POSTGRESQL && SQL_ASCII.matcher(sql).matches()) {
                return null;
            }
            Matcher told = CHARACTER_SET_CLIENT.matcher(sql);
            if (told.lookingAt()) {
                toldByName = !told.group(1).startsWith("@")
                        && !UTF8_NAMES.contains(told.group(1).toLowerCase(Locale.ROOT));
            }
            Matcher set = CHARACTER_SET.matcher(sql);
            if (set.lookingAt()) {
                return characterSet(set.group(1), sql, next, reader, name);
            }
        }
        boolean mayNameRole = !options.missingRoles().isEmpty() && mayNameRole(next);
        return mayNameRole ? engine.withoutRoles(sql, options.missingRoles()) : sql;
    }

    private static boolean mayNameRole(ScriptStatement next) {
        byte first = next.buffer()[next.offset()];
        if (first == 'I' || first == 'i') {
            // An INSERT, as most statements are.
            return false;
        }
        int length = Math.min(next.length(), ROLES_WITHIN_BYTES);
        return MAY_NAME_ROLE
                .matcher(new String(next.buffer(), next.offset(), length, ISO_8859_1))
                .find();
    }

    /**
     * Takes the statement that says the script's character set. A driver sends UTF-8, so what follows is decoded here and the
     * server is not told.
     */
    private @Nullable String characterSet(
            String set, String sql, ScriptStatement next, ScriptReader reader, String name) {
        toldByName = false;
        if (UTF8_NAMES.contains(set.toLowerCase(Locale.ROOT))) {
            characterSet = "";
            return sql;
        }
        if (reader.asciiBased(set).isEmpty()) {
            throw new BackupException(
                    name + ", line " + next.firstLine() + ": the backup is in the character set " + set
                            + ", which cannot be read here to be loaded over JDBC. Dump with "
                            + (engine == Engine.POSTGRESQL ? "--encoding=UTF8" : "--default-character-set=utf8mb4")
                            + ", or run the server in a container, whose client knows it\n  " + next.excerpt());
        }
        characterSet = set.toLowerCase(Locale.ROOT);
        return engine == Engine.POSTGRESQL ? null : "SET character_set_connection = " + characterSet;
    }

    private boolean stopsAfter() throws SQLException {
        return !goesOn || connection.isClosed();
    }

    private void add(StatementError error) {
        errorCount++;
        if (errors.size() < ClientReport.MAX_ERRORS) {
            errors.add(error);
        }
    }

    private void add(StatementError error, SQLException e) {
        add(error);
        if (fault.isEmpty() && engine.isFault(e)) {
            fault = Optional.of(ClientReport.NOT_OF_THE_STATEMENT
                    + error.message()
                    + (error.sqlState().isEmpty() ? "" : " (SQLSTATE " + error.sqlState() + ")"));
        }
    }

    private static String state(SQLException e) {
        return e.getSQLState() == null ? "" : e.getSQLState();
    }

    private static String message(SQLException e) {
        return String.valueOf(e.getMessage());
    }
}
