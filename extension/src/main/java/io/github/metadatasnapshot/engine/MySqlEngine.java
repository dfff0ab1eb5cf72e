package io.github.metadatasnapshot.engine;

import static java.util.stream.Collectors.joining;

import java.net.InetSocketAddress;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
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
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** MySQL, and what MariaDB shares with it. */
sealed class MySqlEngine extends Engine permits MariaDbEngine {

    /** How the client says each error; where one is of a statement, its line follows. */
    private static final Pattern CLIENT_ERROR = Pattern.compile("^ERROR (\\d+) \\(([0-9A-Z]{5})\\)");

    /**
     * The numbers of what is not the statement's doing and has no SQLSTATE of the class 08: a connection that was lost (2002,
     * 2003, 2006, 2013, 2055, 4031), a server that shuts down (1053), a disk that is full (3, 1021, 1026, 1114, 1878, 3675), too
     * little memory (1037, 1038, 1041), too many connections (1203), time-outs (1205, 1317, 1969, 3024) and a deadlock (1213).
     */
    private static final Set<Integer> FAULTS = Set.of(
            3, 1021, 1026, 1037, 1038, 1041, 1053, 1114, 1203, 1205, 1213, 1317, 1878, 1969, 2002, 2003, 2006, 2013,
            2055, 3024, 3675, 4031);

    /** Error 1205, which has this text alone; in quotes it is a value of the user's. */
    private static final Pattern LOCK_WAIT =
            Pattern.compile("(?<!')Lock wait timeout exceeded; try restarting transaction");

    private static final int UNKNOWN_CHARACTER_SET = 1115;
    private static final int COLLATION_OF_ANOTHER_SET = 1253;
    private static final int UNKNOWN_COLLATION = 1273;
    private static final int ACCESS_DENIED = 1044;
    private static final int TABLE_ACCESS_DENIED = 1142;
    /** Of the name of a user that the server takes for too long, as another release or engine did not. */
    private static final int WRONG_STRING_LENGTH = 1470;

    private static final int SPECIFIC_ACCESS_DENIED = 1227;
    private static final Set<Integer> DENIED = Set.of(ACCESS_DENIED, TABLE_ACCESS_DENIED, SPECIFIC_ACCESS_DENIED);
    private static final int COLUMN_ACCESS_DENIED = 1143;
    private static final int ROUTINE_ACCESS_DENIED = 1370;
    private static final Set<Integer> OUTSIDE =
            Set.of(ACCESS_DENIED, TABLE_ACCESS_DENIED, COLUMN_ACCESS_DENIED, ROUTINE_ACCESS_DENIED);

    private static final Pattern FULL_TABLE = Pattern.compile("The table '(?<table>.*)' is full");

    private static final Pattern MAX_ROWS = Pattern.compile("(?i)\\bmax_rows=(\\d+)");

    private static final Pattern CREATE_USER_FAILED =
            Pattern.compile("Operation CREATE (?:USER|ROLE) failed for (?<accounts>.*)");

    private static final Pattern ACCOUNT = Pattern.compile("'(?<user>[^']*)'(?:@'(?<host>[^']*)')?");

    /** What can be granted for the whole server and for one database alike. */
    private static final String DATABASE_PRIVILEGES = "SELECT, INSERT, UPDATE, DELETE, CREATE, DROP, REFERENCES, INDEX,"
            + " ALTER, CREATE TEMPORARY TABLES, LOCK TABLES, EXECUTE, CREATE VIEW, SHOW VIEW, CREATE ROUTINE,"
            + " ALTER ROUTINE, EVENT, TRIGGER";

    private static final int NO_SUCH_GRANT = 1141;

    /** A user that is to be created exists, or one that is to be dropped does not. */
    private static final int CANNOT_USER = 1396;

    /** Whom the server's own threads run as. */
    private static final Set<String> SERVER_USERS = Set.of("event_scheduler", "system user");

    /** Characters that a name has at most. */
    private static final int LONGEST_NAME = 64;

    private static final Pattern FOREIGN_KEY_NAME = Pattern.compile(".*_ibfk_\\d+");
    private static final Pattern CHECK_NAME = Pattern.compile(".*_chk_\\d+|CONSTRAINT_\\d+");
    private static final Pattern FIRST_COLUMN = Pattern.compile("INDEX \\(`((?:[^`]|``)+)`");

    /** How much of a version a guard looks at when it names the highest. */
    private static final int VERSION_PARTS_COMPARED = 4;

    /** How long one copy of files waits for others, of the same database. */
    private static final int FROZEN_LOCK_SECONDS = 3_600;

    /** How long a copy of files waits for who is writing, before rows are copied instead. */
    private static final int LIVE_LOCK_SECONDS = 1;

    private static final Pattern FILE_NAME_ESCAPED = Pattern.compile("[^A-Za-z0-9_]");
    private static final Pattern FILE_NAME_ESCAPE = Pattern.compile("@([0-9a-f]{4})");
    private static final Pattern PARTITION = Pattern.compile("(?i)#p#.*");

    static final Pattern TLS_PARAMETER = Pattern.compile(
            "^(?!xdevapi)(?:.*(?:ssl|tls|keyStore|trustStore|trustCertificate|trustServer|serverCertificate).*)",
            Pattern.CASE_INSENSITIVE);

    private static final Set<String> MYSQL_TLS_PARAMETERS = Set.of(
            "sslMode",
            "useSSL",
            "requireSSL",
            "verifyServerCertificate",
            "trustCertificateKeyStoreUrl",
            "trustCertificateKeyStoreType",
            "trustCertificateKeyStorePassword");

    /** To the tools, localhost is a socket otherwise. */
    static final List<String> TCP = List.of("--protocol=TCP");

    MySqlEngine() {
        this("mysql", "MySQL", List.of("mysql", "percona"));
    }

    MySqlEngine(String id, String displayName, List<String> imageWords) {
        super(id, displayName, imageWords);
    }

    @Override
    public String driverArtifact() {
        return "com.mysql:mysql-connector-j";
    }

    @Override
    public int port() {
        return 3306;
    }

    @Override
    public String jdbcUrl(String host, int port, String database) {
        // Without the server's public key a first login by caching_sha2_password fails where TLS is off. On the machine
        // itself TLS protects nothing, and takes several times as long as the login.
        return "jdbc:mysql://" + host + ":" + port + "/" + database + "?allowPublicKeyRetrieval=true"
                + (host.equals("localhost") ? "&sslMode=DISABLED" : "");
    }

    @Override
    public Map<String, String> answerWithin(int seconds) {
        String millis = "" + seconds * 1000L;
        return Map.of("connectTimeout", millis, "socketTimeout", millis);
    }

    /** An index that nobody named has the name of its first column, or of the foreign key that it serves. */
    @Override
    public Optional<String> withoutGeneratedName(SchemaObject object) {
        String name = object.ownName();
        boolean generated;
        if (object.kind().equals(SchemaObject.INDEX)) {
            Matcher column = FIRST_COLUMN.matcher(object.definition());
            generated = FOREIGN_KEY_NAME.matcher(name).matches()
                    || name.matches("functional_index(_\\d+)?")
                    || (column.find()
                            && name.matches(
                                    "(?i)" + Pattern.quote(column.group(1).replace("``", "`")) + "(_\\d+)?"));
        } else {
            generated = (object.kind().equals(SchemaObject.FOREIGN_KEY)
                            && FOREIGN_KEY_NAME.matcher(name).matches())
                    || (object.kind().equals(SchemaObject.CONSTRAINT)
                            && CHECK_NAME.matcher(name).matches());
        }
        return generated ? Optional.of(object.definition()) : Optional.empty();
    }

    @Override
    public String release(String serverVersion) {
        return serverVersion.replaceFirst("^(\\d+\\.\\d+).*", "$1");
    }

    @Override
    public List<String> throwAwaySettings() {
        return List.of(
                "--skip-log-bin",
                "--innodb-flush-log-at-trx-commit=0",
                "--innodb-doublewrite=0",
                "--loose-performance-schema=OFF",
                // What an event changes, and when, is not what a test looks at; nor may it meet a copy that is half
                // made.
                "--event-scheduler=OFF",
                "--loose-log-bin-trust-function-creators=1",
                // The default is a year, and a test that holds a lock of its own would wait for it.
                "--lock-wait-timeout=60",
                "--max-allowed-packet=1073741824",
                "--max-connections=200");
    }

    @Override
    public String serverWideQuery() {
        return """
            SELECT CONCAT('database ', schema_name) FROM information_schema.schemata
            UNION ALL SELECT CONCAT('role ', user, '@', host) FROM mysql.user
            """;
    }

    @Override
    public Optional<String> passwordAtStart(String password) {
        return Optional.of("""
            ALTER USER IF EXISTS root@'%' IDENTIFIED BY '$1';
            ALTER USER IF EXISTS root@localhost IDENTIFIED BY '$1';
            """.replace("$1", password));
    }

    @Override
    public String passwordVariable() {
        return "MYSQL_PWD";
    }

    @Override
    ClientAccess demanding(ClientAccess server, UrlParameters url) {
        url.requireOnly(TLS_PARAMETER, MYSQL_TLS_PARAMETERS, client());
        List<String> options = new ArrayList<>(TCP);
        if (url.isTrue("allowPublicKeyRetrieval")) {
            options.add("--get-server-public-key");
        }
        Optional<String> mode =
                url.get("sslMode").map(value -> value.toUpperCase(Locale.ROOT)).or(() -> modeByOldParameters(url));
        mode.ifPresent(value -> options.add("--ssl-mode=" + value));
        if (mode.filter(value -> value.startsWith("VERIFY_")).isEmpty()) {
            return server.demanding(options, Map.of(), "", false);
        }
        options.add("--ssl-ca=" + ClientAccess.AUTHORITIES);
        String authorities = url.get("trustCertificateKeyStoreUrl")
                .filter(store -> !store.isEmpty())
                .map(store -> Authorities.ofStore(
                        "trustCertificateKeyStoreUrl",
                        store,
                        () -> new URL(store.matches("[a-z]+:.*") ? store : "file:" + store).openStream(),
                        url.get("trustCertificateKeyStoreType")
                                .filter(type -> !type.isEmpty())
                                .orElse("JKS"),
                        url.get("trustCertificateKeyStorePassword")))
                .orElseGet(Authorities::ofThisJvm);
        return server.demanding(options, Map.of(), authorities, mode.get().equals("VERIFY_IDENTITY"));
    }

    /** As Connector/J reads what came before {@code sslMode}. */
    private static Optional<String> modeByOldParameters(UrlParameters url) {
        if (url.get("useSSL").filter("false"::equalsIgnoreCase).isPresent()) {
            return Optional.of("DISABLED");
        }
        if (url.isTrue("verifyServerCertificate")) {
            return Optional.of("VERIFY_CA");
        }
        return url.isTrue("requireSSL") ? Optional.of("REQUIRED") : Optional.empty();
    }

    @Override
    String authoritiesParameter() {
        return "trustCertificateKeyStoreUrl";
    }

    @Override
    public List<String> clientCommand(ClientMode mode, ClientAccess access, String user, String database) {
        List<String> command = new ArrayList<>(List.of(client()));
        command.addAll(access.arguments("-P", this));
        command.addAll(access.options());
        command.addAll(List.of("-u", user, database));
        if (mode == ClientMode.FORCED) {
            command.add("--force");
        }
        return command;
    }

    @Override
    public List<String> console(InetSocketAddress server, String user, String database) {
        return List.of(client(), "-h", server.getHostString(), "-P", "" + server.getPort(), "-u", user, database);
    }

    /** {@return the name of the client} */
    String client() {
        return "mysql";
    }

    @Override
    public Pattern clientError() {
        return Pattern.compile(
                "^ERROR (?<code>\\d+) \\((?<state>[0-9A-Z]{5})\\) at line (?<line>\\d+)[^:]*: (?<message>.*)");
    }

    @Override
    public boolean isFault(SQLException error) {
        return isFault(error.getErrorCode(), String.valueOf(error.getSQLState()));
    }

    @Override
    public boolean isClientFault(String line) {
        Matcher error = CLIENT_ERROR.matcher(line);
        return error.find() && isFault(Integer.parseInt(error.group(1)), error.group(2));
    }

    private static boolean isFault(int code, String state) {
        return state.startsWith("08") || FAULTS.contains(code);
    }

    @Override
    public DumpTool dumpTool() {
        return DumpTool.MYSQLDUMP;
    }

    @Override
    public Optional<String> dumpOption(String kind) {
        return kind.equals("routine") || kind.equals("event")
                ? Optional.of(dumpTool().program() + " writes " + kind + "s only with --" + kind + "s")
                : Optional.empty();
    }

    @Override
    public ScriptSyntax scriptSyntax() {
        return new ScriptSyntax(true, false, true, true, false, false, false, false, true, StandardCharsets.UTF_8);
    }

    @Override
    public List<String> confinedUser(String user, String password, String databases) {
        String account = quote(user) + "@'%'";
        return List.of(
                "CREATE USER IF NOT EXISTS " + account,
                "ALTER USER " + account + " IDENTIFIED BY " + literal(password),
                "GRANT ALL PRIVILEGES ON *.* TO " + account + " WITH GRANT OPTION",
                "REVOKE " + DATABASE_PRIVILEGES + " ON *.* FROM " + account,
                "GRANT ALL PRIVILEGES ON " + quote(databases + "%") + ".* TO " + account + " WITH GRANT OPTION",
                "GRANT SELECT ON mysql.* TO " + account,
                "GRANT SELECT ON performance_schema.* TO " + account,
                "GRANT SELECT, EXECUTE ON sys.* TO " + account);
    }

    @Override
    public boolean writesAnywhere(Connection connection) throws SQLException {
        return !queryForStrings(
                        connection,
                        "SELECT 1 FROM information_schema.user_privileges"
                                + " WHERE privilege_type IN ('INSERT', 'UPDATE', 'DELETE', 'DROP')"
                                + " AND REPLACE(grantee, '''', '') = CURRENT_USER()")
                .isEmpty();
    }

    @Override
    public boolean isOutside(SQLException refusal) {
        return OUTSIDE.contains(refusal.getErrorCode());
    }

    @Override
    public String quote(String identifier) {
        return '`' + identifier.replace("`", "``") + '`';
    }

    @Override
    public String literal(String text) {
        return "'" + text.replace("\\", "\\\\").replace("'", "''") + "'";
    }

    /**
     * Neither engine can raise an error outside of a routine: a SELECT from a table that does not exist stops the client
     * as well, and the name of that table is the message. Written for every {@code sql_mode}: without double quotes, bars
     * and backslashes.
     */
    @Override
    public String guard(GuardSpec spec) {
        String history = quote(spec.historyTable().name());
        String parts = IntStream.rangeClosed(1, VERSION_PARTS_COMPARED)
                .mapToObj(part ->
                        "CAST(SUBSTRING_INDEX(SUBSTRING_INDEX(CONCAT(version, '%s'), '.', %d), '.', -1) AS UNSIGNED) DESC"
                                .formatted(".0".repeat(VERSION_PARTS_COMPARED), part))
                .collect(joining(", "));
        String applied =
                spec.applied().stream().map(version -> "'" + version + "'").collect(joining(", "));
        String latest = "SUBSTRING_INDEX(GROUP_CONCAT(version ORDER BY " + parts + " SEPARATOR ' '), ' ', 1)";
        String unknown = "SUBSTRING_INDEX(GROUP_CONCAT(IF(version IN (" + applied + "), NULL, version) ORDER BY "
                + parts + " SEPARATOR ' '), ' ', 1)";
        String query = """
            SELECT CASE
             WHEN COALESCE(SUM(version = '%VERSION%'), 0) > 0 AND %UNKNOWN% IS NULL THEN NULL
             WHEN %LATEST% = '%VERSION%' THEN CONCAT('has ', %UNKNOWN%)
             ELSE CONCAT('is at ', COALESCE(%LATEST%, 'no version')) END
             INTO @metadata_snapshot
             FROM %TABLE% h
             WHERE success = 1 AND version IS NOT NULL AND type NOT LIKE 'UNDO%' AND type <> 'DELETE'
             AND NOT EXISTS (SELECT 1 FROM %TABLE% u
             WHERE u.version = h.version AND u.success = 1 AND u.installed_rank > h.installed_rank
             AND (u.type LIKE 'UNDO%' OR u.type = 'DELETE'))\
            """.replace("\n", "")
                .replace("%UNKNOWN%", unknown)
                .replace("%LATEST%", latest)
                .replace("%VERSION%", spec.version().toString())
                .replace("%TABLE%", history);
        return """
            SET @metadata_snapshot = (SELECT COUNT(*) FROM information_schema.tables WHERE table_schema = DATABASE() AND table_name = %NAME%);
            SET @metadata_snapshot = IF(@metadata_snapshot = 0, %CLEAN%, %QUERY%);
            PREPARE metadata_snapshot FROM @metadata_snapshot;
            EXECUTE metadata_snapshot;
            SET @metadata_snapshot = IF(@metadata_snapshot IS NULL, 'DO 0', CONCAT('SELECT 1 FROM `', LEFT(CONCAT('%MARK%', ', target ', @metadata_snapshot), %LENGTH%), '`'));
            PREPARE metadata_snapshot FROM @metadata_snapshot;
            EXECUTE metadata_snapshot;
            DEALLOCATE PREPARE metadata_snapshot;
            SET @metadata_snapshot = NULL;
            """.replace(
                        "%CLEAN%",
                        asciiLiteral(
                                "SET @metadata_snapshot = " + (spec.acceptsClean() ? "NULL" : "'is at no version'")))
                .replace("%QUERY%", asciiLiteral(query))
                .replace("%NAME%", asciiLiteral(spec.historyTable().name()))
                .replace("%MARK%", GuardSpec.MARK + spec.version())
                .replace("%LENGTH%", String.valueOf(LONGEST_NAME));
    }

    /** The character set of the client, and what a backslash means to it, are not known yet where a guard stands. */
    private static String asciiLiteral(String text) {
        if (text.chars().allMatch(c -> c >= ' ' && c <= '~' && c != '\\')) {
            return "'" + text.replace("'", "''") + "'";
        }
        return "_utf8mb4 0x" + HexFormat.of().formatHex(text.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    String serverVersionSql() {
        return "SELECT version()";
    }

    @Override
    public String createDatabase(String name, DatabaseDefaults defaults) {
        return "CREATE DATABASE " + quote(name) + " "
                + (defaults.options().isEmpty() ? "CHARACTER SET utf8mb4" : defaults.options());
    }

    @Override
    public DatabaseDefaults defaults(Connection admin, DatabaseDefaults.CharacterSet said) throws SQLException {
        String characterSet = said.characterSet();
        Optional<String> collation = said.collation();
        String text = "CONVERT('' USING " + characterSet + ")"
                + collation.map(name -> " COLLATE " + name).orElse("");
        String known;
        try {
            known = queryForStrings(admin, "SELECT COLLATION(" + text + ")").get(0);
        } catch (SQLException e) {
            if (e.getErrorCode() == UNKNOWN_CHARACTER_SET
                    || e.getErrorCode() == UNKNOWN_COLLATION
                    || e.getErrorCode() == COLLATION_OF_ANOTHER_SET) {
                return DatabaseDefaults.NONE;
            }
            throw e;
        }
        String own = queryForStrings(admin, "SELECT COLLATION(CONVERT('' USING utf8mb4))")
                .get(0);
        return known.equals(own)
                ? DatabaseDefaults.NONE
                : new DatabaseDefaults("CHARACTER SET " + characterSet + " COLLATE " + known, List.of());
    }

    @Override
    String databaseBytesSql() {
        return "SELECT CAST(COALESCE(SUM(data_length + index_length), 0) AS SIGNED) FROM information_schema.tables"
                + " WHERE table_schema = DATABASE()";
    }

    @Override
    public List<String> databaseSettings(Connection admin, String from, String to) throws SQLException {
        return queryForStrings(admin, """
            SELECT CONCAT('ALTER DATABASE %s CHARACTER SET ', default_character_set_name, ' COLLATE ',
              default_collation_name)
            FROM information_schema.schemata WHERE schema_name = %s\
            """.formatted(quote(to), literal(from)));
    }

    /** Triggers and events come behind the rows, which set none off. */
    @Override
    public Optional<ClientScript> schemaForCopies(String user, String from) {
        String tables = dump(user, from, "--no-data", "--skip-triggers", "--skip-events");
        String rules = dump(user, from, "--no-data", "--no-create-info", "--skip-routines");
        return Optional.of(new ClientScript(
                List.of("bash", "-c", tables + " && echo && echo " + shell(List.of(rowsOf(from))) + " && " + rules),
                ""));
    }

    /** {@return the line at which the rows go in; nothing that a database holds knows its random name} */
    private static String rowsOf(String database) {
        return "-- Rows of " + database;
    }

    @Override
    public List<String> filesForCopies(Connection admin, String from) throws SQLException {
        return MySqlTablespaces.read(this, admin, from);
    }

    /** Copies the schema by dump and client, and the rows within the server: a dump has six digits of a FLOAT. */
    @Override
    public ClientScript copyByClient(Connection admin, String user, String from, String to, CopyPlan plan)
            throws SQLException {
        String mark = "\n" + rowsOf(from) + "\n";
        String schema = plan.schema();
        int rows = schema.indexOf(mark);
        ClientScript script = new ClientScript(
                copyingClient(user, to),
                lines(CopyingSession.statements(this, admin))
                        + schema.substring(0, rows)
                        + "\n"
                        + lines(rowCopies(admin, from, plan.files()))
                        + schema.substring(rows + mark.length()));
        return plan.files().isEmpty()
                ? script
                : MySqlTablespaces.copy(this, admin, script, from, to, plan.files(), FROZEN_LOCK_SECONDS);
    }

    private static String lines(List<String> statements) {
        return statements.stream().map(statement -> statement + ";\n").collect(joining());
    }

    private List<String> copyingClient(String user, String to) {
        List<String> client = new ArrayList<>(clientCommand(ClientMode.DOCUMENTED, user, to));
        client.addAll(List.of("--default-character-set=utf8mb4", "--comments"));
        return client;
    }

    private String dump(String user, String database, String... options) {
        return shell(dumpTool().command("127.0.0.1", port(), user, database, false, List.of(options)));
    }

    @Override
    public boolean toolsCopy(Connection admin, String from) throws SQLException {
        return BrokenViews.find(this, admin, from).isEmpty();
    }

    @Override
    public boolean copiesBySql() {
        return true;
    }

    @Override
    public void copyBySql(Connection from, Connection to, List<String> files) throws SQLException {
        MySqlCopy.run(this, from, to, files);
    }

    @Override
    public ClientScript copyFiles(Connection admin, String user, String from, String to, List<String> files)
            throws SQLException {
        ClientScript nothing = new ClientScript(copyingClient(user, to), "");
        return MySqlTablespaces.copy(this, admin, nothing, from, to, files, LIVE_LOCK_SECONDS);
    }

    /** {@return the statements that copy the rows of a database into the one they are run in, but for those of some tables} */
    List<String> rowCopies(Connection admin, String from, List<String> not) throws SQLException {
        List<String> statements = new ArrayList<>();
        Map<String, List<String>> columns = new TreeMap<>();
        // The rows of some engines' tables are those of others.
        try (var statement = admin.createStatement();
                ResultSet rows = statement.executeQuery("""
                        SELECT table_name, column_name
                        FROM information_schema.columns JOIN information_schema.tables USING (table_schema, table_name)
                        WHERE table_schema = %s AND table_type IN ('BASE TABLE', 'SYSTEM VERSIONED')
                          AND COALESCE(generation_expression, '') = '' AND UPPER(engine) NOT IN ('MRG_MYISAM', 'FEDERATED')
                        """.formatted(literal(from)))) {
            while (rows.next()) {
                columns.computeIfAbsent(rows.getString(1), table -> new ArrayList<>())
                        .add(quote(rows.getString(2)));
            }
        }
        columns.keySet().removeAll(not);
        Map<String, VersionedTables.Period> periods = insertsHistory(admin) ? versionedTables(admin, from) : Map.of();
        columns.forEach((table, names) -> {
            VersionedTables.Period period = periods.get(table);
            boolean history = period != null && !period.byTransaction();
            if (period != null && history) {
                names.add(quote(period.start()));
                names.add(quote(period.end()));
            }
            String list = String.join(", ", names);
            statements.add("INSERT INTO %s (%s) SELECT %s FROM %s.%s%s"
                    .formatted(
                            quote(table), list, list, quote(from), quote(table), history ? VersionedTables.ALL : ""));
        });
        return statements;
    }

    /** {@return the system-versioned tables of a database, which MySQL does not know} */
    Map<String, VersionedTables.Period> versionedTables(Connection connection, String database) throws SQLException {
        return Map.of();
    }

    /** Tells whether the history of rows can be inserted. */
    boolean insertsHistory(Connection connection) throws SQLException {
        return false;
    }

    /** {@return a query for names and values of those of some variables that a session can set} */
    String sessionVariables(String names) {
        return "SHOW SESSION VARIABLES WHERE variable_name IN (" + names + ")";
    }

    /** Tells whether the user lacks a privilege. */
    boolean isDenied(SQLException e) {
        return DENIED.contains(e.getErrorCode());
    }

    /** A session as the server lists it. */
    private record ListedSession(ConnectedSession session, String state) {

        long id() {
            return session.id();
        }

        String description() {
            return session.description();
        }
    }

    private List<ListedSession> listedSessions(Connection connection, String database) throws SQLException {
        String own = queryForStrings(connection, "SELECT CONNECTION_ID()").get(0);
        List<ListedSession> sessions = new ArrayList<>();
        try (var statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SHOW FULL PROCESSLIST")) {
            while (rows.next()) {
                String user = rows.getString("User");
                if (database.equals(rows.getString("db"))
                        && !own.equals(rows.getString("Id"))
                        && !SERVER_USERS.contains(user)) {
                    String host = rows.getString("Host").replaceFirst(":\\d+$", "");
                    String state = Stream.of(rows.getString("Command"), rows.getString("State"))
                            .filter(text -> text != null && !text.isEmpty())
                            .collect(joining(", "));
                    sessions.add(new ListedSession(
                            new ConnectedSession(
                                    rows.getLong("Id"),
                                    user,
                                    host,
                                    describeSession(user, host, "", state, rows.getString("Info"))),
                            state));
                }
            }
        }
        return sessions;
    }

    @Override
    public List<ConnectedSession> sessions(Connection connection, String database) throws SQLException {
        return listedSessions(connection, database).stream()
                .map(ListedSession::session)
                .toList();
    }

    @Override
    public List<ConnectedSession> busySessions(Connection connection, String database) throws SQLException {
        Set<Long> inTransaction = inTransaction(connection);
        return listedSessions(connection, database).stream()
                .filter(listed -> !listed.state().startsWith("Sleep") || inTransaction.contains(listed.id()))
                .map(ListedSession::session)
                .toList();
    }

    /** Without the privilege, the server lists the sessions of the same user alone, and says nothing of others. */
    @Override
    public Optional<String> whyNotAllSessions(Connection connection) throws SQLException {
        try {
            queryForStrings(connection, "SHOW ENGINE INNODB MUTEX");
            return Optional.empty();
        } catch (SQLException e) {
            if (!isDenied(e)) {
                throw e;
            }
            String user = queryForStrings(connection, "SELECT CURRENT_USER()").get(0);
            return Optional.of("the user " + user + " sees the sessions of others only by GRANT PROCESS ON *.*");
        }
    }

    /** The server tells who waits; who holds a lock only where it watches that, so that all in a transaction are named. */
    @Override
    public List<BlockedSession> blockedSessions(Connection monitor, Set<Long> holders) throws SQLException {
        List<ListedSession> sessions = listedSessions(monitor, monitor.getCatalog());
        List<ListedSession> waiting = sessions.stream()
                .filter(session -> session.state().contains("metadata lock"))
                .toList();
        if (waiting.isEmpty()) {
            return List.of();
        }
        Set<Long> inTransaction = inTransaction(monitor);
        List<ListedSession> known = sessions.stream()
                .filter(session -> holders.contains(session.id()))
                .toList();
        List<ListedSession> holding = known.stream()
                .filter(session -> inTransaction.contains(session.id()))
                .toList();
        String blocker = (holding.isEmpty() ? known : holding)
                .stream().map(ListedSession::description).collect(joining(" or "));
        return blocker.isEmpty()
                ? List.of()
                : waiting.stream()
                        .map(session -> new BlockedSession(session.id(), blocker))
                        .toList();
    }

    private static Set<Long> inTransaction(Connection monitor) {
        try {
            return numbers(monitor, "SELECT trx_mysql_thread_id FROM information_schema.innodb_trx");
        } catch (SQLException e) {
            // It takes a privilege that the user may lack.
            return Set.of();
        }
    }

    @Override
    public void endSession(Connection monitor, long session) throws SQLException {
        execute(monitor, List.of("KILL " + session));
    }

    @Override
    public void dropDatabase(Connection admin, String name) throws SQLException {
        execute(admin, List.of("DROP DATABASE IF EXISTS " + quote(name)));
    }

    @Override
    public List<String> creation(Connection connection, String like, String name) throws SQLException {
        // Privileges on a database are by its name, and stay when it is dropped.
        return queryForStrings(connection, """
            SELECT CONCAT('CREATE DATABASE %s CHARACTER SET ', default_character_set_name, ' COLLATE ',
              default_collation_name%s)
            FROM information_schema.schemata WHERE schema_name = %s\
            """.formatted(quote(name), creationOptions(), literal(like)));
    }

    /** {@return what is added to the statement, as further arguments of CONCAT} */
    String creationOptions() {
        return ", ' ENCRYPTION ', QUOTE(LEFT(default_encryption, 1))";
    }

    @Override
    public void emptyDatabase(Connection connection) throws SQLException {
        List<String> statements = new ArrayList<>(List.of("SET FOREIGN_KEY_CHECKS = 0"));
        for (String drop : List.of(
                "SELECT CONCAT('DROP ', IF(table_type = 'VIEW', 'VIEW', IF(table_type = 'SEQUENCE', 'SEQUENCE',"
                        + " 'TABLE')), ' IF EXISTS `', REPLACE(table_name, '`', '``'), '`') FROM information_schema.tables"
                        + " WHERE table_schema = DATABASE()",
                "SELECT CONCAT('DROP ', routine_type, ' IF EXISTS `', REPLACE(routine_name, '`', '``'), '`')"
                        + " FROM information_schema.routines WHERE routine_schema = DATABASE()",
                "SELECT CONCAT('DROP EVENT IF EXISTS `', REPLACE(event_name, '`', '``'), '`')"
                        + " FROM information_schema.events WHERE event_schema = DATABASE()")) {
            statements.addAll(queryForStrings(connection, drop));
        }
        statements.add("SET FOREIGN_KEY_CHECKS = 1");
        execute(connection, statements);
    }

    @Override
    String tablesSql() {
        return "SELECT '', table_name FROM information_schema.tables"
                + " WHERE table_schema = DATABASE() AND table_type IN ('BASE TABLE', 'SYSTEM VERSIONED')";
    }

    @Override
    public List<String> otherObjects(Connection connection) throws SQLException {
        return queryForStrings(
                connection,
                "SELECT table_name FROM information_schema.tables WHERE table_schema = DATABASE()"
                        + " AND table_type NOT IN ('BASE TABLE', 'SYSTEM VERSIONED')"
                        + " UNION ALL SELECT routine_name FROM information_schema.routines"
                        + " WHERE routine_schema = DATABASE()"
                        + " UNION ALL SELECT event_name FROM information_schema.events"
                        + " WHERE event_schema = DATABASE()");
    }

    @Override
    public List<SchemaObject> schemaObjects(Connection connection) throws SQLException {
        return MySqlSchema.read(this, connection);
    }

    @Override
    public List<SchemaObject> grants(Connection connection) throws SQLException {
        return MySqlSchema.readGrants(this, connection);
    }

    @Override
    public SortedMap<TableName, TableDigest> digests(
            Connection connection,
            Collection<TableName> tables,
            Map<TableName, TableDigest> earlier,
            Optional<DatabaseNameColumn> databaseName)
            throws SQLException {
        // Nothing that SQL can ask tells when a row was written.
        return MySqlDigest.read(this, connection, tables);
    }

    @Override
    public Map<TableName, TableIdentity> identities(Connection connection) throws SQLException {
        try {
            return MySqlIdentities.read(this, connection);
        } catch (SQLException e) {
            if (e.getErrorCode() == SPECIFIC_ACCESS_DENIED) {
                return Map.of();
            }
            throw e;
        }
    }

    /** Tells whether columns of a table whose rows were not copied stand in the order in which they stood. */
    boolean copiesRowsForColumnOrder() {
        return true;
    }

    @Override
    WriteDialect writeDialect() {
        return new MySqlWrites(this);
    }

    @Override
    public List<SequencePosition> positions(Connection connection) throws SQLException {
        return MySqlPositions.read(this, connection);
    }

    /** {@return whether there are sequences beside AUTO_INCREMENT} */
    boolean hasSequences() {
        return false;
    }

    @Override
    public DataReader dataReader(Connection connection) throws SQLException {
        return new MySqlDataReader(this, connection, streamingFetchSize());
    }

    /** {@return the fetch size by which the driver hands rows out as they come} */
    int streamingFetchSize() {
        return Integer.MIN_VALUE;
    }

    @Override
    public String defaultSchema(Connection connection) {
        return "";
    }

    @Override
    public SessionLook look(Connection session, Connection monitor) throws SQLException {
        String id = queryForStrings(session, "SELECT CONNECTION_ID()").get(0);
        return new SessionLook(id, rowCounts(session), storedTables(monitor));
    }

    private RowCounts rowCounts(Connection session) throws SQLException {
        // Definitions are rows to MySQL, and those that ALTER TABLE copies are to both; MySQL counts rows of internal
        // tables.
        long uncountable = 0;
        Map<String, Long> counts = new HashMap<>();
        try (var statement = session.createStatement();
                ResultSet row = statement.executeQuery("""
                    SHOW SESSION STATUS WHERE variable_name IN ('Handler_write', 'Handler_update', 'Handler_delete', %s)
                    OR variable_name REGEXP
                      '^Com_(alter|analyze|create|drop|grant|optimize|rename|repair|revoke|truncate)'
                    """.formatted(literal(internalTables())))) {
            while (row.next()) {
                if (row.getString(1).startsWith("Handler_")) {
                    counts.put(row.getString(1), row.getLong(2));
                } else {
                    uncountable += row.getLong(2);
                }
            }
        }
        return new RowCounts(
                String.valueOf(uncountable),
                Map.of(
                        "",
                        new RowChanges(
                                counts.getOrDefault("Handler_write", 0L),
                                counts.getOrDefault("Handler_update", 0L),
                                counts.getOrDefault("Handler_delete", 0L))));
    }

    /** {@return the variable that counts internal tables whose rows are counted as if they were the user's} */
    String internalTables() {
        return "Created_tmp_tables";
    }

    private Optional<Map<String, StoredTable>> storedTables(Connection monitor) throws SQLException {
        String prefix = filePrefix(monitor.getCatalog());
        Map<String, StoredTable> tables = new HashMap<>();
        try (var statement = monitor.createStatement();
                ResultSet row = statement.executeQuery(
                        "SELECT SUBSTR(name, %d), table_id FROM information_schema.%sTABLES WHERE name LIKE %s"
                                .formatted(prefix.length() + 1, innodb(), literal(prefix.replace("_", "\\_") + "%")))) {
            while (row.next()) {
                String file = row.getString(1);
                String table = tableOfFile(file);
                TableName name = new TableName("", table);
                tables.put(file, new StoredTable(name, row.getString(2)));
                // Locks are of tables, whatever files these have.
                tables.putIfAbsent(table, new StoredTable(name, ""));
            }
        } catch (SQLException e) {
            if (e.getErrorCode() == SPECIFIC_ACCESS_DENIED) {
                return Optional.empty();
            }
            throw e;
        }
        return tables.isEmpty() ? Optional.empty() : Optional.of(tables);
    }

    /** {@return how the names of the files of a database's tables begin} */
    static String filePrefix(String database) {
        // InnoDB spells what is no ASCII letter, digit or underscore in hexadecimal.
        return FILE_NAME_ESCAPED
                        .matcher(database)
                        .replaceAll(c -> "@%04x".formatted((int) c.group().charAt(0)))
                + "/";
    }

    /** {@return the name of the table to which a file belongs, that of a partition, too} */
    static String tableOfFile(String file) {
        return FILE_NAME_ESCAPE
                .matcher(PARTITION.matcher(file).replaceFirst(""))
                .replaceAll(c -> Matcher.quoteReplacement(String.valueOf((char) Integer.parseInt(c.group(1), 16))));
    }

    /** {@return how the names of InnoDB's own tables in information_schema begin} */
    String innodb() {
        return "INNODB_";
    }

    /** {@return the first version whose files hold what a copy needs where columns were added instantly, or which tells} */
    Version firstWithTablespaces() {
        return Version.of("8.0.29");
    }

    /**
     * {@return the condition that the file of a table {@code t} can be imported: no columns were added or dropped instantly,
     * and no index has several entries for a row, which an import takes for damage}
     */
    String isImportable() {
        return """
            total_row_versions = 0 AND NOT EXISTS (SELECT 1 FROM information_schema.statistics m
              WHERE m.table_schema = t.table_schema AND m.table_name = t.table_name AND m.expression LIKE '% array)')\
            """;
    }

    /** {@return the client's options without which its scripts run no commands, unknown to earlier ones} */
    String systemCommandOption() {
        return "--loose-commands --loose-system-command";
    }

    @Override
    public Optional<Set<String>> exclusiveLocks(Connection monitor, String session) throws SQLException {
        // The empty name says that locks are instrumented at all.
        Set<String> locks = new HashSet<>(queryForStrings(monitor, """
            SELECT '' FROM performance_schema.setup_instruments
            WHERE @@performance_schema AND name = 'wait/lock/metadata/sql/mdl' AND enabled = 'YES'
            UNION SELECT object_name
            FROM performance_schema.metadata_locks JOIN performance_schema.threads ON thread_id = owner_thread_id
            WHERE processlist_id = %s AND object_type = 'TABLE' AND object_schema = DATABASE() AND lock_status = 'GRANTED'
              AND lock_type IN ('SHARED_NO_WRITE', 'SHARED_NO_READ_WRITE', 'EXCLUSIVE')
            """.formatted(session)));
        return locks.remove("") ? Optional.of(locks) : Optional.empty();
    }

    @Override
    public Suspension suspendRules(Connection connection) throws SQLException {
        // No session can switch triggers off: they are dropped, and created again as they were.
        List<String> suspend = new ArrayList<>();
        List<String> resume = new ArrayList<>();
        for (String trigger : queryForStrings(
                connection,
                "SELECT trigger_name FROM information_schema.triggers WHERE trigger_schema = DATABASE()"
                        + " ORDER BY event_object_table, action_timing, event_manipulation, action_order")) {
            try (var statement = connection.createStatement();
                    ResultSet row = statement.executeQuery("SHOW CREATE TRIGGER " + quote(trigger))) {
                row.next();
                suspend.add("DROP TRIGGER " + quote(trigger));
                resume.add("SET SESSION sql_mode = " + literal(row.getString(2)));
                // mysqldump --no-create-info writes the triggers, unless it is told not to.
                resume.add("DROP TRIGGER IF EXISTS " + quote(trigger));
                resume.add(row.getString(3));
            }
        }
        execute(connection, suspend);
        return new Suspension(resume);
    }

    @Override
    public List<String> prologue(Connection connection, Collection<TableName> tables) throws SQLException {
        List<String> statements = new ArrayList<>();
        statements.add("SET FOREIGN_KEY_CHECKS = 0");
        List<String> versioned = queryForStrings(
                connection,
                "SELECT table_name FROM information_schema.tables"
                        + " WHERE table_schema = DATABASE() AND table_type = 'SYSTEM VERSIONED'");
        // Not DELETE, which would leave AUTO_INCREMENT behind the rows that were deleted; but MariaDB truncates no
        // system-versioned table.
        SortedSet<TableName> existing = tables(connection);
        existing.retainAll(tables);
        for (TableName table : filled(connection, existing)) {
            if (versioned.contains(table.name())) {
                statements.addAll(inAscii("DELETE FROM " + quote(table)));
                statements.addAll(inAscii("DELETE HISTORY FROM " + quote(table)));
            } else {
                statements.addAll(inAscii("TRUNCATE TABLE " + quote(table)));
            }
        }
        return statements;
    }

    /** {@return the statement in ASCII: the character set of the client is not known yet where a prologue stands} */
    private static List<String> inAscii(String sql) {
        return sql.chars().allMatch(c -> c >= ' ' && c <= '~')
                ? List.of(sql)
                : List.of(
                        "SET @metadata_snapshot = " + asciiLiteral(sql),
                        "PREPARE metadata_snapshot FROM @metadata_snapshot",
                        "EXECUTE metadata_snapshot",
                        "DEALLOCATE PREPARE metadata_snapshot");
    }

    @Override
    public CreatedRoles createMissingRoles(Connection connection, Collection<String> roles) throws SQLException {
        SortedSet<String> others = new TreeSet<>(roles);
        others.removeAll(queryForStrings(connection, "SELECT CURRENT_USER()"));
        SortedSet<String> created = new TreeSet<>();
        SortedSet<String> refused = new TreeSet<>();
        for (String role : others) {
            try {
                if (createUser(connection, role)) {
                    created.add(role);
                }
                execute(
                        connection,
                        List.of("GRANT ALL PRIVILEGES ON " + everythingIn(connection.getCatalog()) + " TO "
                                + account(role)));
            } catch (SQLException e) {
                if (!isDenied(e) && e.getErrorCode() != WRONG_STRING_LENGTH) {
                    throw e;
                }
                refused.add(role);
            }
        }
        return new CreatedRoles(created, refused);
    }

    private boolean createUser(Connection connection, String role) throws SQLException {
        try {
            execute(connection, List.of("CREATE USER " + account(role) + " ACCOUNT LOCK"));
            return true;
        } catch (SQLException e) {
            if (e.getErrorCode() == CANNOT_USER) {
                return false;
            }
            throw e;
        }
    }

    /** {@return every object of the database, as GRANT takes it, to which an underscore is a pattern} */
    private String everythingIn(String database) {
        return quote(database.replace("_", "\\_")) + ".*";
    }

    @Override
    public void revokeRoles(Connection admin, String database, Collection<String> roles) throws SQLException {
        for (String role : roles) {
            try {
                execute(
                        admin,
                        List.of("REVOKE ALL PRIVILEGES ON " + everythingIn(database) + " FROM " + account(role)));
            } catch (SQLException e) {
                if (e.getErrorCode() != NO_SUCH_GRANT) {
                    throw e;
                }
            }
        }
    }

    @Override
    public void dropRole(Connection admin, String role) throws SQLException {
        execute(admin, List.of("DROP USER IF EXISTS " + account(role)));
    }

    private String account(String role) {
        int at = role.lastIndexOf('@');
        return quote(role.substring(0, at)) + "@" + quote(role.substring(at + 1));
    }

    @Override
    public String withoutRoles(String sql, Collection<String> missing) {
        String stripped = sql;
        for (String role : missing) {
            // Under ANSI_QUOTES names stand in double quotes.
            String account = Pattern.quote(account(role)) + "|"
                    + Pattern.quote(account(role).replace('`', '"'));
            stripped = Pattern.compile("DEFINER\\s*=\\s*(?:" + account + ")", Pattern.CASE_INSENSITIVE)
                    .matcher(stripped)
                    .replaceFirst("");
        }
        return stripped;
    }

    @Override
    public List<String> rolesThatAreThere(Connection connection, String message) throws SQLException {
        Matcher refused = CREATE_USER_FAILED.matcher(message);
        if (!refused.find()) {
            return List.of();
        }
        List<String> names = new ArrayList<>();
        Matcher account = ACCOUNT.matcher(refused.group("accounts"));
        while (account.find()) {
            // A role of MariaDB has no host.
            String host = account.group("host") == null ? "" : account.group("host");
            if (!queryForStrings(
                            connection,
                            "SELECT 1 FROM mysql.user WHERE User = " + literal(account.group("user")) + " AND Host = "
                                    + literal(host))
                    .isEmpty()) {
                names.add(host.isEmpty() ? account.group("user") : account.group("user") + "@" + host);
            }
        }
        return names;
    }

    /** InnoDB says the same of a full disk as other storage engines of a limit. */
    @Override
    Optional<String> fullTable(Connection connection, String message) throws SQLException {
        Matcher full = FULL_TABLE.matcher(message);
        if (!full.find()) {
            return Optional.empty();
        }
        String name = full.group("table");
        try (var query = connection.prepareStatement(
                "SELECT ENGINE AS engine, CREATE_OPTIONS AS options FROM information_schema.TABLES"
                        + " WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = ?")) {
            query.setString(1, name);
            try (ResultSet row = query.executeQuery()) {
                return row.next()
                        ? Optional.of(fullTable(
                                name,
                                String.valueOf(row.getString("engine")),
                                String.valueOf(row.getString("options"))))
                        : Optional.empty();
            }
        }
    }

    private static String fullTable(String name, String storage, String options) {
        if (storage.equalsIgnoreCase("InnoDB")) {
            return FULL_DISK_CAUSE;
        }
        Matcher rows = MAX_ROWS.matcher(options);
        String limit = rows.find() ? "MAX_ROWS = " + rows.group(1) : "";
        if (storage.equalsIgnoreCase("MEMORY")) {
            return "table " + name + " is in memory (ENGINE = MEMORY) and at its limit, which is no full disk: "
                    + (limit.isEmpty() ? "" : limit + ", or ")
                    + "what max_heap_table_size was where the table was created. Raise it there, among the server's options"
                    + " or in the session, or take another storage engine";
        }
        return "table " + name + " is at a limit of its storage engine " + storage
                + (limit.isEmpty() ? "" : ", " + limit) + ", or the server's disk is full";
    }

    @Override
    Optional<String> cause(String sqlState, String message) {
        if (message.contains("You do not have the SUPER privilege and binary logging is enabled")) {
            return Optional.of(
                    "the server writes a binary log, as those of cloud services do, and then takes functions and"
                            + " triggers of an ordinary user only with log_bin_trust_function_creators = 1. Set that among"
                            + " the server's parameters; without it the product cannot create them either");
        }
        return LOCK_WAIT.matcher(message).find()
                ? Optional.of(
                        "another session holds the lock, perhaps a connection of the test with an open transaction")
                : Optional.empty();
    }

    @Override
    RestoreHints restoreHints() {
        return new MySqlHints(this);
    }
}
