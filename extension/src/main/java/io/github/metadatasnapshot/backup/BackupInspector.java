package io.github.metadatasnapshot.backup;

import io.github.metadatasnapshot.backup.ScriptStatement.Kind;
import io.github.metadatasnapshot.engine.DatabaseDefaults;
import io.github.metadatasnapshot.engine.Engine;
import io.github.metadatasnapshot.engine.HistoryTable;
import io.github.metadatasnapshot.engine.LargeObjects;
import io.github.metadatasnapshot.engine.SchemaHistory;
import io.github.metadatasnapshot.engine.ScriptSyntax;
import io.github.metadatasnapshot.engine.TableName;
import io.github.metadatasnapshot.server.ClientHost;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads a backup once, from end to end, and notes what is in it. */
final class BackupInspector {

    private static final Pattern TOOL_VERSION = Pattern.compile(
            "^-- (?:Dumped by pg_dump version|(?:MySQL|MariaDB) dump .*?(?:Distrib |-)) *(\\d[\\d.]*).*");
    private static final Pattern SERVER_VERSION =
            Pattern.compile("^-- (?:Dumped from database version|Server version) *\\t?(?:5\\.5\\.5-)?(\\d[\\d.]*)(.*)");
    private static final Pattern DATA_FOR_TABLE = Pattern.compile("^-- Dumping data for table (?:`(.*)`|\"(.*)\")$");
    /** What MySQL's dump tool writes of the server's GTIDs and of its binary log, each in a statement of its own. */
    private static final Pattern OF_BINARY_LOG = Pattern.compile(
            "(?:/\\*!\\d*\\s*)?SET\\s+(?:@@)?(?:(?:GLOBAL[.\\s]\\s*)GTID_PURGED|(?:SESSION[.\\s]\\s*)?SQL_LOG_BIN)\\s*:?=.*",
            Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

    private static final Pattern LARGE_OBJECT =
            Pattern.compile("^SELECT (?:pg_catalog\\.)?(?:lo_create\\(|lowrite\\(\\d+, (?<bytes>E?'\\\\{1,2}x))");

    /** How much of a statement tells which function it calls, in characters. */
    private static final int CALL = 60;

    /** Commands of psql that touch nothing but its own output and variables. */
    private static final Set<String> HARMLESS = Set.of(
            "\\restrict",
            "\\unrestrict",
            "\\echo",
            "\\qecho",
            "\\warn",
            "\\set",
            "\\unset",
            "\\pset",
            "\\timing",
            "\\x");

    /** Commands that the client of MySQL or MariaDB knows by a word. */
    private static final Set<String> CLIENT_COMMANDS =
            Set.of("SYSTEM", "SOURCE", "CONNECT", "TEE", "PAGER", "EDIT", "QUERY_ATTRIBUTES", "RESETCONNECTION");

    private static final Set<String> NO_ROLES =
            Set.of("public", "current_user", "current_role", "session_user", "user", "none", "default");

    private static final String TAKE_OUT_OF_SERVER =
            "Take it out of the file. The roles that a backup names are created for it; of options that write such"
                    + " statements, leave --source-data, --master-data and --system out";
    private static final String TAKE_OUT = "Take it out of the file: a dump tool writes no such command";

    private final String name;
    private final Engine target;
    private final HistoryTable history;

    private final SortedMap<TableName, Long> rows = new TreeMap<>();
    private final SortedSet<TableName> createdTables = new TreeSet<>();
    private final Map<TableName, BackupException> unreadable = new HashMap<>();
    private final SortedSet<String> roles = new TreeSet<>();
    private long largeObjects;
    private long largeObjectBytes;
    private final GeneratorPositions generators = new GeneratorPositions();
    private final HistoryRows historyRows;
    private final GuardMark guard = new GuardMark();
    private Optional<String> toolVersion = Optional.empty();
    private Optional<String> serverVersion = Optional.empty();
    private Optional<DatabaseDefaults.CharacterSet> ofDatabase = Optional.empty();
    private Optional<DatabaseDefaults.CharacterSet> ofHistory = Optional.empty();
    private final SortedSet<Long> databaseLines = new TreeSet<>();
    private final Set<String> databaseNames = new HashSet<>();
    private final List<LeftOut> leftOut = new ArrayList<>();
    private final OwnDatabase ownDatabase = new OwnDatabase();
    /** Of a database that is created or dropped, and that the file has not connected to yet. */
    private @Nullable BackupException unconnected;

    private Engine writer;
    private WritingTool tool = WritingTool.UNKNOWN;
    private ScriptSyntax syntax;
    private String defaultSchema = "public";
    private int headers;
    private int ends;

    // The INSERT before: thousands in a row begin alike.
    private byte[] insertHead = {};
    private @Nullable TableName insertTable;
    private int insertColumnGroups;
    private long insertRows;

    /**
     * Creates an inspector, for one backup.
     *
     * @param name the backup's name for messages
     * @param target the engine that the backup is to go into
     * @param history the history table
     */
    BackupInspector(String name, Engine target, HistoryTable history) {
        this.name = name;
        this.target = target;
        this.history = history.databaseName()
                .map(column -> history.of(column.inBackups()))
                .orElse(history);
        this.historyRows = new HistoryRows(this.history, history.databaseName());
        this.writer = target;
        this.syntax = target.scriptSyntax();
    }

    BackupInfo inspect(Backup backup, Optional<ClientHost> host) {
        if (backup.format() == Backup.Format.POSTGRESQL_CUSTOM) {
            refuseOtherEngine(Engine.POSTGRESQL);
        }
        return inspect(backup.openScript(host));
    }

    /** Reads a script to its end, and closes it. */
    BackupInfo inspect(InputStream content) {
        long line = 1;
        ScriptReader reader = null;
        CaptureReader captured = new CaptureReader(content);
        try (InputStream script = captured) {
            byte[] head = script.readNBytes(FileHead.BYTES);
            FileHead fileHead = new FileHead(head);
            writer = fileHead.writer(target);
            tool = fileHead.tool();
            refuseOtherEngine(writer);
            syntax = writer.scriptSyntax();
            reader = new ScriptReader(
                    new SequenceInputStream(new ByteArrayInputStream(head), script), syntax, this::comment);
            for (ScriptStatement next = reader.next(); next != null; next = reader.next()) {
                line = next.firstLine();
                guard.statement();
                statement(next, reader);
            }
            countInserts();
            if (headers > ends) {
                throw new BackupException(name + " is cut off after line " + reader.line() + ": the line '"
                        + (writer == Engine.POSTGRESQL ? "-- PostgreSQL database dump complete" : "-- Dump completed")
                        + "', which the dump tool writes last, is missing. Copy the file again, or dump again and look"
                        + " at the exit status of the dump tool");
            }
            BackupInfo info = info(reader.bytesRead());
            Optional<CaptureReader.Capture> capture = captured.capture();
            capture.ifPresent(found -> CaptureCheck.check(name, found, info));
            return info.with(capture.map(CaptureReader.Capture::info));
        } catch (FileHead.NotADumpException | CaptureText.UnreadableException e) {
            throw new BackupException(name + " " + e.getMessage(), e);
        } catch (UnterminatedScriptException e) {
            throw new BackupException(
                    name + " is cut off: " + e.getMessage() + ". Copy the file again, or dump again and look at"
                            + " the exit status of the dump tool",
                    e);
        } catch (IOException e) {
            String reason = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
            throw new BackupException(
                    name + " is damaged, or was not copied to its end: " + reason + " (after line "
                            + (reader == null ? line : reader.line()) + "). Copy it again, or dump again",
                    e);
        }
    }

    private BackupInfo info(long bytes) {
        if (unconnected != null) {
            throw unconnected;
        }
        roles.addAll(ownDatabase.roleSettings().keySet());
        Optional<SchemaHistory> found = history();
        BackupInfo.Kind kind =
                createdTables.isEmpty() && !rows.isEmpty() ? BackupInfo.Kind.DATA_ONLY : BackupInfo.Kind.FULL;
        return new BackupInfo(
                writer,
                Optional.of(tool.displayName()).filter(name -> !name.isEmpty()),
                toolVersion,
                serverVersion,
                kind,
                rows,
                createdTables,
                new LargeObjects(largeObjects, largeObjectBytes, ""),
                generators.names(),
                roles,
                found,
                historyRows.otherDatabases(),
                ofDatabase.or(() -> ofHistory),
                ownDatabase.defaults(),
                ownDatabase.roleSettings(),
                databaseLines,
                leftOut,
                bytes,
                guard.version(),
                guard.lastLine(),
                Optional.empty(),
                Optional.empty());
    }

    /** Reads the history from its own tables, beside which another Flyway may have some of the same name. */
    private Optional<SchemaHistory> history() {
        Set<TableName> tables = new TreeSet<>(rows.keySet());
        tables.addAll(createdTables);
        tables.removeIf(table -> historyOf(table).isEmpty());
        Set<TableName> own = history.among(tables);
        for (TableName table : own) {
            BackupException problem = unreadable.get(table);
            if (problem != null) {
                throw problem;
            }
        }
        return own.isEmpty() ? Optional.empty() : Optional.of(historyRows.history(own));
    }

    private void refuseOtherEngine(Engine engine) {
        if (!target.reads(engine)) {
            throw new BackupException(name + " is a backup of " + engine + ", the database is " + target
                    + ". Name a backup of " + target + ", or a database of " + engine);
        }
    }

    private void comment(String text, long line) {
        guard.comment(text, line);
        if (text.startsWith("-- PostgreSQL database") || text.startsWith("-- Dump completed")) {
            if (text.contains("complete")) {
                ends++;
            } else if (text.matches("-- PostgreSQL database (cluster )?dump")) {
                headers++;
            }
        } else if (text.startsWith("-- MySQL dump ") || text.startsWith("-- MariaDB dump ")) {
            headers++;
        }
        Matcher data = DATA_FOR_TABLE.matcher(text);
        if (data.matches()) {
            rows.putIfAbsent(new TableName("", nameInComment(data)), 0L);
        } else if (toolVersion.isEmpty() || serverVersion.isEmpty()) {
            Matcher tool = TOOL_VERSION.matcher(text);
            if (tool.matches()) {
                toolVersion = Optional.of(tool.group(1));
            }
            Matcher server = SERVER_VERSION.matcher(text);
            if (server.matches()) {
                serverVersion = Optional.of(server.group(1));
                if (server.group(2).contains("MariaDB")) {
                    writer = Engine.MARIADB;
                }
            }
        }
    }

    private static String nameInComment(Matcher data) {
        String backticks = data.group(1);
        return backticks == null ? data.group(2).replace("\"\"", "\"") : backticks.replace("``", "`");
    }

    private void statement(ScriptStatement statement, ScriptReader reader) throws IOException {
        if (statement.kind() == Kind.META_COMMAND
                && statement.metaCommand().filter(ownDatabase::isConnectedBy).isPresent()) {
            unconnected = null;
            leftOut.add(leftOut(statement, reader));
            return;
        }
        refuseMetaCommand(statement);
        if (statement.kind() == Kind.META_COMMAND || continuesInserts(statement)) {
            return;
        }
        if (!statement.isTerminated() && headers > 0) {
            throw new BackupException(place(statement) + "the file ends inside the statement that begins here. Copy the"
                    + " file again, or dump again and look at the exit status of the dump tool" + quoted(statement));
        }
        syntax = statement.syntax();
        Tokens tokens = Tokens.of(statement);
        if (!tokens.next() || !tokens.isWord()) {
            return;
        }
        String word = tokens.text().toUpperCase(Locale.ROOT);
        boolean first = createdTables.isEmpty() && rows.isEmpty();
        if (!syntax.backtickQuotes() && ownDatabase.takes(word, Tokens.after(statement, tokens), first)) {
            if (word.equals("CREATE") || word.equals("DROP")) {
                String what = word.equals("CREATE") ? "it creates a database" : "it drops a database";
                unconnected = escape(statement, what, tool.oneDatabase());
            }
            leftOut.add(leftOut(statement, reader));
            return;
        }
        if (ServerStatement.isSubscription(word, Tokens.after(statement, tokens), syntax)) {
            throw escape(
                    statement,
                    "it would take rows from another server",
                    "Dump with --no-subscriptions, or take the statement out");
        }
        if (ServerStatement.is(word, Tokens.after(statement, tokens), syntax)) {
            throw escape(statement, "it changes the whole server, not one database", TAKE_OUT_OF_SERVER);
        }
        switch (word) {
            case "INSERT", "REPLACE" -> insert(statement, tokens);
            case "COPY" -> copy(statement, tokens, reader);
            case "CREATE" -> create(statement, tokens);
            case "DROP" -> drop(statement, tokens);
            case "ALTER" -> alter(statement, tokens);
            case "GRANT" -> rolesAfter(tokens, "to");
            case "REVOKE" -> rolesAfter(tokens, "from");
            case "SET" -> set(statement, tokens, reader);
            case "SELECT" -> select(statement, tokens);
            case "DO" -> generators.calls(tokens, defaultSchema, syntax);
            case "LOCK" -> lock(statement, tokens);
            case "TRUNCATE", "UPDATE" -> {
                tokens.accept("table");
                tokens.accept("only");
                table(statement, tokens);
            }
            case "DELETE" -> {
                if (tokens.skipTo("from")) {
                    tokens.accept("only");
                    table(statement, tokens);
                }
            }
            case "RENAME" -> {
                tokens.accept("table");
                do {
                    table(statement, tokens);
                } while (tokens.next() && (tokens.is("to") || tokens.is(",")));
            }
            case "USE" -> throw escape(statement, "it changes to another database", tool.oneDatabase());
            default -> other(statement, word);
        }
    }

    private void other(ScriptStatement statement, String word) {
        if (syntax.delimiterCommand() && CLIENT_COMMANDS.contains(word)) {
            throw escape(statement, "it is a command of the client, not a statement", TAKE_OUT);
        }
        if (FileHead.TOOL_MESSAGE.matcher(statement.excerpt()).find()) {
            throw new BackupException(place(statement) + "this is a message of the dump tool, not a statement. It was"
                    + " written into the file by 2>&1, or by a container's terminal (docker run -t): dump without, and"
                    + " look at the exit status" + quoted(statement));
        }
    }

    private void refuseMetaCommand(ScriptStatement statement) {
        Optional<String> command = statement.metaCommand();
        if (command.isEmpty()) {
            return;
        }
        String text = command.get();
        String name = text.split("\\s", 2)[0];
        if (name.equals("\\connect") || name.equals("\\c")) {
            throw escape(statement, "it connects to another database", tool.oneDatabase());
        }
        boolean harmless = statement.kind() == Kind.META_COMMAND && HARMLESS.contains(name) && text.indexOf('`') < 0;
        if (!harmless) {
            throw escape(
                    statement,
                    "the client would run the command " + name + (text.indexOf('`') < 0 ? "" : " and a program"),
                    TAKE_OUT);
        }
    }

    private boolean continuesInserts(ScriptStatement statement) {
        int offset = statement.offset();
        boolean continues = insertTable != null
                && statement.length() >= insertHead.length
                && Arrays.equals(
                        statement.buffer(), offset, offset + insertHead.length, insertHead, 0, insertHead.length)
                && statement.isTerminated();
        if (continues) {
            insertRows += statement.groups() - insertColumnGroups;
        }
        return continues;
    }

    private void countInserts() {
        if (insertTable != null) {
            rows.merge(insertTable, insertRows, Long::sum);
        }
        insertTable = null;
        insertRows = 0;
    }

    private void insert(ScriptStatement statement, Tokens tokens) {
        countInserts();
        for (String word : new String[] {"low_priority", "delayed", "high_priority", "ignore", "into"}) {
            tokens.accept(word);
        }
        TableName table = table(statement, tokens);
        if (table == null) {
            return;
        }
        Optional<HistoryTable> historyTable = historyOf(table);
        if (historyTable.isPresent()) {
            int nameEnds = tokens.position();
            try {
                historyRows.readInsert(table, historyTable.get(), tokens);
            } catch (HistoryRows.UnreadableException e) {
                unreadable.putIfAbsent(table, unreadableHistory(statement, e));
            }
            tokens = new Tokens(statement.buffer(), nameEnds, statement.offset() + statement.length(), syntax);
        }
        tokens.next();
        int columnGroups = tokens.is("(") ? 1 : 0;
        long count = tokens.is("default") ? 1 : statement.groups() - columnGroups;
        rows.merge(table, count, Long::sum);
        if (historyTable.isEmpty() && !tokens.is("default")) {
            insertTable = table;
            insertColumnGroups = columnGroups;
            insertHead = Arrays.copyOfRange(statement.buffer(), statement.offset(), tokens.position());
        }
    }

    private void copy(ScriptStatement statement, Tokens tokens, ScriptReader reader) throws IOException {
        TableName table = table(statement, tokens);
        if (!statement.isFollowedByRows()) {
            throw escape(
                    statement,
                    "it reads or writes a file of the server, or runs a program there",
                    "Take it out of the file: pg_dump writes COPY … FROM stdin only");
        }
        if (table == null) {
            return;
        }
        Optional<HistoryTable> historyTable = historyOf(table);
        if (historyTable.isPresent()) {
            try {
                // The statement's bytes are gone once its rows are read.
                byte[] bytes = Arrays.copyOfRange(
                        statement.buffer(), tokens.position(), statement.offset() + statement.length());
                historyRows.readCopy(
                        table,
                        historyTable.get(),
                        new Tokens(bytes, 0, bytes.length, syntax),
                        reader.copyData(),
                        syntax.charset());
            } catch (HistoryRows.UnreadableException e) {
                unreadable.putIfAbsent(table, unreadableHistory(statement, e));
            }
        }
        reader.skipRows();
        rows.merge(table, reader.copyRows(), Long::sum);
    }

    private BackupException unreadableHistory(ScriptStatement statement, HistoryRows.UnreadableException cause) {
        return new BackupException(
                name + ", line " + statement.firstLine() + ": the rows of " + history.name()
                        + " are not those of Flyway's history table: " + cause.getMessage()
                        + ". Set the history table's name, if it is another",
                cause);
    }

    private void create(ScriptStatement statement, Tokens tokens) {
        boolean temporary = false;
        while (tokens.next()) {
            if (tokens.is("definer")) {
                definer(tokens);
            } else if (tokens.is("temporary") || tokens.is("temp") || tokens.is("foreign")) {
                temporary = true;
            } else if (tokens.is("database") || (tokens.is("schema") && syntax.backtickQuotes())) {
                throw escape(statement, "it creates a database", tool.oneDatabase());
            } else if (tokens.is("schema")) {
                if (tokens.skipTo("authorization")) {
                    role(tokens);
                }
                return;
            } else if (tokens.is("table")) {
                skipExists(tokens);
                TableName table = table(statement, tokens);
                if (table != null && !temporary) {
                    createdTables.add(table);
                    if (syntax.backtickQuotes() && historyOf(table).isPresent()) {
                        // Flyway creates it without a character set, so it has that of the database.
                        ofHistory = DatabaseStatement.characterSetOfTable(statement);
                    }
                }
                return;
            } else if (tokens.is("policy")) {
                rolesAfter(tokens, "to");
                return;
            } else if (tokens.is("user") && tokens.accept("mapping")) {
                rolesAfter(tokens, "for");
                return;
            } else if (OBJECTS.contains(tokens.text().toUpperCase(Locale.ROOT))) {
                boolean onTable = tokens.is("trigger") || tokens.is("index");
                skipExists(tokens);
                table(statement, tokens);
                if (onTable && syntax.backtickQuotes() && tokens.skipTo("on")) {
                    table(statement, tokens);
                }
                return;
            }
        }
    }

    private static final Set<String> OBJECTS = Set.of(
            "VIEW",
            "FUNCTION",
            "PROCEDURE",
            "TRIGGER",
            "EVENT",
            "INDEX",
            "SEQUENCE",
            "TYPE",
            "DOMAIN",
            "RULE",
            "EXTENSION",
            "AGGREGATE",
            "OPERATOR",
            "CAST",
            "COLLATION",
            "PUBLICATION",
            "STATISTICS",
            "MATERIALIZED",
            "PACKAGE",
            "SERVER",
            "ROLE",
            "USER");

    private void definer(Tokens tokens) {
        if (tokens.next() && tokens.is("=") && tokens.next() && (tokens.isName() || tokens.isString())) {
            String user = tokens.text();
            if (user.equalsIgnoreCase("current_user")) {
                return;
            }
            boolean host = tokens.accept("@") && tokens.next();
            roles.add(user + "@" + (host ? tokens.text() : "%"));
        }
    }

    private void drop(ScriptStatement statement, Tokens tokens) {
        if (!tokens.next()) {
            return;
        }
        if (tokens.is("user") && tokens.accept("mapping")) {
            rolesAfter(tokens, "for");
            return;
        }
        if (tokens.is("database") || (tokens.is("schema") && syntax.backtickQuotes())) {
            throw escape(statement, "it drops a database", tool.oneDatabase());
        }
        boolean drops = tokens.is("table");
        if (drops || OBJECTS.contains(tokens.text().toUpperCase(Locale.ROOT))) {
            skipExists(tokens);
            do {
                // mysqldump before 8 and mariadb-dump create a table in a view's place first, and drop it later.
                TableName table = table(statement, tokens);
                if (drops && table != null) {
                    createdTables.remove(table);
                }
            } while (tokens.accept(","));
        }
    }

    private static void skipExists(Tokens tokens) {
        if (tokens.accept("if")) {
            tokens.accept("not");
            tokens.accept("exists");
        }
    }

    private void alter(ScriptStatement statement, Tokens tokens) {
        if (!tokens.next()) {
            return;
        }
        if (tokens.is("database") || (tokens.is("schema") && syntax.backtickQuotes())) {
            alterDatabase(statement);
            return;
        }
        if (tokens.is("default")) {
            if (tokens.skipTo("for") && tokens.next()) {
                names(tokens);
                if (!tokens.is("grant") && !tokens.is("revoke")) {
                    tokens.skipTo(statement.excerpt().matches("(?i).*\\sgrant\\s.*") ? "grant" : "revoke");
                }
                rolesAfter(tokens, tokens.is("grant") ? "to" : "from");
            }
            return;
        }
        if (tokens.is("table") && syntax.backtickQuotes()) {
            table(statement, tokens);
            return;
        }
        if (tokens.is("table")) {
            generators.alterTable(Tokens.after(statement, tokens), defaultSchema);
        } else if (tokens.is("sequence")) {
            generators.alterSequence(Tokens.after(statement, tokens), syntax.backtickQuotes() ? "" : defaultSchema);
        }
        if (tokens.is("user") && tokens.accept("mapping")) {
            rolesAfter(tokens, "for");
            return;
        }
        if (tokens.is("policy")) {
            rolesAfter(tokens, "to");
            return;
        }
        while (tokens.skipTo("owner")) {
            if (tokens.accept("to")) {
                role(tokens);
            }
        }
    }

    /** Takes what mysqldump writes around a routine that was created when the database had another character set. */
    private void alterDatabase(ScriptStatement statement) {
        Optional<DatabaseStatement> setsCharacterSet =
                syntax.backtickQuotes() ? DatabaseStatement.of(statement) : Optional.empty();
        setsCharacterSet.ifPresent(sets -> databaseNames.add(sets.database()));
        if (setsCharacterSet.isEmpty() || databaseNames.size() > 1) {
            throw escape(statement, "it changes a database by its name", tool.oneDatabase());
        }
        databaseLines.add(statement.firstLine());
        ofDatabase = Optional.of(setsCharacterSet.get().characterSet());
    }

    private void lock(ScriptStatement statement, Tokens tokens) {
        if (!syntax.backtickQuotes() || !tokens.next()) {
            return;
        }
        do {
            TableName table = table(statement, tokens);
            if (table != null) {
                rows.putIfAbsent(table, 0L);
            }
        } while (tokens.skipTo(","));
    }

    private void set(ScriptStatement statement, Tokens tokens, ScriptReader reader) {
        if (syntax.backtickQuotes()) {
            leaveOut(statement, tokens, reader);
        } else if (tokens.accept("search_path")) {
            boolean assigned = tokens.accept("=") || tokens.accept("to");
            if (assigned && tokens.next()) {
                defaultSchema = tokens.text().isEmpty() ? "public" : tokens.name();
            }
        } else {
            boolean session = tokens.accept("session") || tokens.accept("local");
            if (tokens.accept("role") || (session && tokens.accept("authorization"))) {
                tokens.accept("=");
                tokens.accept("to");
                role(tokens);
            }
        }
    }

    /**
     * The GTIDs belong to the server that the dump is from, and a server takes them once. The binary log of a test's server
     * is nobody's. MariaDB knows neither GTIDs of this kind nor a way to leave them out: there the error is the dump's.
     */
    private void leaveOut(ScriptStatement statement, Tokens tokens, ScriptReader reader) {
        if (target == Engine.MYSQL && OF_BINARY_LOG.matcher(statement.excerpt()).matches() && !tokens.skipTo(",")) {
            leftOut.add(leftOut(statement, reader));
        }
    }

    private static LeftOut leftOut(ScriptStatement statement, ScriptReader reader) {
        return new LeftOut(statement.firstLine(), reader.statementBegin(), reader.bytesRead(), statement.excerpt(100));
    }

    /**
     * Notes positions of sequences, and counts large objects as pg_dump writes them: one statement creates each, others write
     * parts in hexadecimal.
     */
    private void select(ScriptStatement statement, Tokens tokens) {
        Matcher call = LARGE_OBJECT.matcher(statement.excerpt(CALL));
        if (syntax.backtickQuotes() || !call.find()) {
            generators.calls(tokens, defaultSchema, syntax);
        } else if (call.group("bytes") == null) {
            largeObjects++;
        } else {
            int around = call.group().length() + "')".length();
            largeObjectBytes += (statement.length() - around) / 2;
        }
    }

    private void role(Tokens tokens) {
        if (tokens.next()) {
            addRole(tokens);
        }
    }

    private void addRole(Tokens tokens) {
        if (tokens.isString() || tokens.isQuotedName() || (tokens.isWord() && !NO_ROLES.contains(tokens.name()))) {
            roles.add(tokens.name());
        }
    }

    /** Notes the roles that follow the word, in PostgreSQL's statements. */
    private void rolesAfter(Tokens tokens, String word) {
        if (!syntax.backtickQuotes() && tokens.skipTo(word)) {
            names(tokens);
            if (tokens.is("granted") || tokens.skipTo("granted")) {
                if (tokens.accept("by")) {
                    role(tokens);
                }
            }
        }
    }

    private void names(Tokens tokens) {
        do {
            tokens.accept("group");
            role(tokens);
        } while (tokens.next() && tokens.is(","));
    }

    /** Reads the name of a table; {@code null} where none is there. */
    private @Nullable TableName table(ScriptStatement statement, Tokens tokens) {
        if (!tokens.next() || !tokens.isName()) {
            return null;
        }
        String schema = syntax.backtickQuotes() ? "" : defaultSchema;
        String name = tokens.name();
        while (tokens.accept(".") && tokens.next()) {
            if (syntax.backtickQuotes()) {
                throw escape(statement, "it names something of a certain database", tool.oneDatabase());
            }
            schema = name;
            name = tokens.name();
        }
        return new TableName(schema, name);
    }

    private Optional<HistoryTable> historyOf(TableName table) {
        return history.tables().stream()
                .filter(each -> each.name().equals(table.name())
                        && each.columns().column("version").isPresent())
                .findFirst();
    }

    private BackupException escape(ScriptStatement statement, String why, String wayOut) {
        String from = tool == WritingTool.UNKNOWN ? "" : " (the file is from " + tool.displayName() + ")";
        return new BackupException(place(statement) + "this must not run in a test's database: " + why + from + ". "
                + wayOut + quoted(statement));
    }

    private String place(ScriptStatement statement) {
        return name + ", line " + statement.firstLine() + ": ";
    }

    private static String quoted(ScriptStatement statement) {
        return "\n  " + statement.excerpt(200);
    }
}
