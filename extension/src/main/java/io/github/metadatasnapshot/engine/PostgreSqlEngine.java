package io.github.metadatasnapshot.engine;

import static java.util.stream.Collectors.joining;

import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** PostgreSQL. */
final class PostgreSqlEngine extends Engine {

    private static final System.Logger LOGGER = System.getLogger("io.github.metadatasnapshot");

    /** The options of a new database and of that which others are copied from: one row where they are the same. */
    private static final String OPTIONS_OF_DATABASES = """
            SELECT DISTINCT (to_jsonb(d) - ARRAY['oid', 'datname', 'datdba', 'datistemplate', 'datallowconn', 'datconnlimit',
                'datlastsysoid', 'datfrozenxid', 'datminmxid', 'dattablespace', 'datcollversion', 'datacl',
                'dathasloginevt'])::text
            FROM pg_catalog.pg_database d WHERE datname IN ('template1', '%s')
            """;

    private static final int FIRST_WITH_FORCE = 13;
    private static final String INSUFFICIENT_PRIVILEGE = "42501";
    private static final String DUPLICATE_OBJECT = "42710";

    /** Of roles that begin with {@code pg_}, which later releases have and nobody can create on an earlier one. */
    private static final String RESERVED_NAME = "42939";

    private static final String UNIQUE_VIOLATION = "23505";
    private static final RestoreHints HINTS = new PostgreSqlHints();
    private static final String OBJECT_IN_USE = "55006";
    private static final String IN_USE = "other sessions are connected to it";

    /** The first release that can be told how to copy a database. */
    private static final int FIRST_WITH_STRATEGY = 150000;

    /** From here on copying files beats copying blocks through the log, on a server that waits for its disks too. */
    private static final long LARGE_BYTES = 100L * 1024 * 1024;

    private static final int FIRST_WITH_SET_OPTION = 16;

    /**
     * The SQLSTATEs of what is not the statement's doing: the classes 08 (connection), 53 (resources) and 57 (an operator
     * intervened), of 58 (the system) those of no certain file, a conflict or a deadlock with another transaction (40001, 40P01), a
     * lock that was not to be had (55P03), and sessions that timed out (25P03, 25P04).
     */
    private static final Pattern FAULT = Pattern.compile("(?:08|53|57)...|58000|58030|40001|40P01|55P03|25P03|25P04");

    private static final Pattern CLIENT_ERROR = Pattern.compile(
            "^(?:psql:<stdin>:(?<line>\\d+): )?(?:ERROR|FATAL|PANIC|error):\\s+(?:(?<state>[0-9A-Z]{5}): )?(?<message>.*)");

    /** What libpq says, which has no SQLSTATE of the server, and pg_restore, which prints none. */
    private static final Pattern CLIENT_FAULT =
            Pattern.compile("^(?:psql:<stdin>:\\d+: |(?:psql|pg_restore): )?(?:error: )?(?:could not execute query: )?"
                    + "(?:(?:FATAL|PANIC):|server closed the connection|connection to server |no connection to the server"
                    + "|could not receive data from server|ERROR:\\s+(?:out of memory|could not .*: No space left on device"
                    + "|terminating connection|canceling statement due to|deadlock detected))");

    private static final Pattern ROLE_IS_THERE = Pattern.compile("role \"(?<role>.+)\" already exists");

    private static final Pattern POLICY_ROLES = Pattern.compile(
            "^CREATE\\s+POLICY\\s+%1$s\\s+ON\\s+%1$s(?:\\.%1$s)?(?:\\s+AS\\s+\\w+)?(?:\\s+FOR\\s+\\w+)?\\s+TO\\s+(?<roles>%1$s(?:\\s*,\\s*%1$s)*)"
                    .formatted("(?:\"(?:[^\"]|\"\")+\"|[\\w$]+)"),
            Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CHARACTER_CLASS);

    private static final Pattern NAMES_TEMPLATE = Pattern.compile("(?i)\\bTEMPLATE\\b");

    /** Schemas of users, as a condition on {@code pg_namespace n}. */
    private static final String USER_SCHEMA = "n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'";

    /** Suffixes of the names that the server makes up, with the number that makes them unique. */
    private static final Pattern GENERATED_NAME = Pattern.compile(".*_(pkey|key|fkey|check|excl|idx|seq|not_null)\\d*");

    private static final String WAITS_FOR_IDLE_SIBLING = """
        FROM pg_stat_activity w
        WHERE w.datname = current_database() AND w.pid <> pg_backend_pid() AND w.wait_event_type = 'Lock'
          AND EXISTS (SELECT FROM unnest(pg_blocking_pids(w.pid)))
          AND NOT EXISTS (
            SELECT FROM unnest(pg_blocking_pids(w.pid)) AS blocker (pid)
            LEFT JOIN pg_stat_activity h ON h.pid = blocker.pid AND h.datname = w.datname AND h.usename = w.usename
            WHERE h.state IS DISTINCT FROM 'idle in transaction')
        """;

    private static final Pattern TLS_PARAMETER = Pattern.compile("^ssl");

    /** Those that the client tools are told of, and one that is about the driver alone. */
    private static final Set<String> TLS_PARAMETERS = Set.of("ssl", "sslmode", "sslrootcert", "sslresponsetimeout");

    PostgreSqlEngine() {
        super("postgresql", "PostgreSQL", List.of("postgres", "postgis", "pgvector", "timescale"));
    }

    @Override
    public String driverArtifact() {
        return "org.postgresql:postgresql";
    }

    @Override
    public int port() {
        return 5432;
    }

    @Override
    public String jdbcUrl(String host, int port, String database) {
        return "jdbc:postgresql://" + host + ":" + port + "/" + database;
    }

    @Override
    public Map<String, String> answerWithin(int seconds) {
        return Map.of("connectTimeout", "" + seconds, "socketTimeout", "" + seconds);
    }

    @Override
    public Optional<String> withoutGeneratedName(SchemaObject object) {
        boolean nameless =
                object.kind().equals(SchemaObject.CONSTRAINT) || object.kind().equals(SchemaObject.SEQUENCE);
        if (!GENERATED_NAME.matcher(object.ownName()).matches()) {
            return Optional.empty();
        }
        if (object.kind().equals(SchemaObject.INDEX)) {
            // CREATE UNIQUE INDEX "name" ON ...
            return Optional.of(
                    object.definition().replaceFirst(" INDEX (?:\"(?:[^\"]|\"\")+\"|\\S+) ON ", " INDEX ON "));
        }
        return nameless ? Optional.of(object.definition()) : Optional.empty();
    }

    @Override
    public String withSequence(String column, String sequence, String newName) {
        return column.replaceFirst(
                "(?<=['.])" + Pattern.quote(sequence) + "(?='::regclass\\))", Matcher.quoteReplacement(newName));
    }

    @Override
    public String release(String serverVersion) {
        return serverVersion.replaceFirst("\\..*", "");
    }

    @Override
    public List<String> throwAwaySettings() {
        return List.of(
                "-c", "fsync=off",
                "-c", "synchronous_commit=off",
                "-c", "full_page_writes=off",
                "-c", "wal_level=minimal",
                "-c", "max_wal_senders=0",
                "-c", "max_connections=200");
    }

    @Override
    public String serverWideQuery() {
        return """
            SELECT 'database ' || datname FROM pg_catalog.pg_database
            UNION ALL SELECT 'role ' || rolname FROM pg_catalog.pg_roles
            UNION ALL SELECT 'setting ' || COALESCE(r.rolname, '') || ' ' || pg_catalog.array_to_string(s.setconfig, ', ')
            FROM pg_catalog.pg_db_role_setting s LEFT JOIN pg_catalog.pg_roles r ON r.oid = s.setrole
            WHERE s.setdatabase = 0
            UNION ALL SELECT 'setting ' || name || ' ' || setting FROM pg_catalog.pg_file_settings
            WHERE sourcefile LIKE '%postgresql.auto.conf'
            """;
    }

    @Override
    public List<String> settingsForCaching() {
        // Old files of the log would be kept, up to a gigabyte, to be written over. PostgreSQL 12 is the first to have
        // it.
        return List.of("-c", "wal_recycle=off");
    }

    @Override
    public String passwordVariable() {
        return "PGPASSWORD";
    }

    @Override
    ClientAccess demanding(ClientAccess server, UrlParameters url) {
        url.requireOnly(TLS_PARAMETER, TLS_PARAMETERS, "psql");
        Optional<String> mode = url.get("sslmode")
                .or(() -> url.get("ssl")
                        .filter(ssl -> ssl.isEmpty() || ssl.equalsIgnoreCase("true"))
                        .map(ssl -> "verify-full"));
        if (mode.isEmpty()) {
            return server;
        }
        if (!mode.get().startsWith("verify-")) {
            return server.demanding(List.of(), Map.of("PGSSLMODE", mode.get()), "", false);
        }
        return server.demanding(
                List.of(),
                Map.of("PGSSLMODE", mode.get(), "PGSSLROOTCERT", ClientAccess.AUTHORITIES),
                Authorities.ofFile(
                        "sslrootcert", url.get("sslrootcert").orElseGet(PostgreSqlEngine::defaultAuthorities)),
                mode.get().equals("verify-full"));
    }

    /** {@return where the driver looks for the authorities' certificates by default} */
    private static String defaultAuthorities() {
        String roaming = System.getenv("APPDATA");
        return roaming != null && System.getProperty("os.name").startsWith("Windows")
                ? roaming + "\\postgresql\\root.crt"
                : System.getProperty("user.home") + "/.postgresql/root.crt";
    }

    @Override
    String authoritiesParameter() {
        return "sslrootcert";
    }

    @Override
    public List<String> clientCommand(ClientMode mode, ClientAccess access, String user, String database) {
        List<String> command = new ArrayList<>(List.of("psql", "-X", "-q"));
        command.addAll(access.arguments("-p", this));
        command.addAll(List.of("-U", user, "-d", database));
        // SQLSTATEs, and with a file, which "-" is, the line of each error.
        command.addAll(List.of("-v", "VERBOSITY=verbose", "-f", "-"));
        if (mode == ClientMode.STRICT) {
            command.addAll(List.of("-v", "ON_ERROR_STOP=1", "--single-transaction"));
        }
        return command;
    }

    @Override
    public List<String> console(InetSocketAddress server, String user, String database) {
        return List.of("psql", "-h", server.getHostString(), "-p", "" + server.getPort(), "-U", user, "-d", database);
    }

    @Override
    public Pattern clientError() {
        return CLIENT_ERROR;
    }

    @Override
    public boolean isFault(SQLException error) {
        return error.getSQLState() != null && FAULT.matcher(error.getSQLState()).matches();
    }

    @Override
    public boolean isClientFault(String line) {
        Matcher error = CLIENT_ERROR.matcher(line);
        if (error.find() && error.group("state") != null) {
            return FAULT.matcher(error.group("state")).matches();
        }
        return CLIENT_FAULT.matcher(line).find();
    }

    @Override
    public DumpTool dumpTool() {
        return DumpTool.PG_DUMP;
    }

    @Override
    public ScriptSyntax scriptSyntax() {
        return new ScriptSyntax(false, true, false, false, true, true, true, true, false, StandardCharsets.UTF_8);
    }

    @Override
    public String quote(String identifier) {
        return '"' + identifier.replace("\"", "\"\"") + '"';
    }

    @Override
    public String literal(String text) {
        return (text.contains("\\") ? "E'" : "'") + text.replace("\\", "\\\\").replace("'", "''") + "'";
    }

    @Override
    public String guard(GuardSpec spec) {
        String clean = spec.acceptsClean()
                ? "RETURN;"
                : "RAISE EXCEPTION '%s%s, the database has no table %%', table_name USING ERRCODE = 'MS001', HINT = hint;"
                        .formatted(GuardSpec.MARK, spec.version());
        // A regclass is written as a quoted name. The query is made at run time, when the table is known to be there.
        return """
            \\set ON_ERROR_STOP on
            DO $metadata_snapshot$
            DECLARE
              table_name text := %TABLE%;
              hint text := 'Nothing was changed. Restore into a database that is at %VERSION%.';
              history regclass := to_regclass(table_name);
              complete boolean;
              latest text;
              unknown text;
            BEGIN
              IF history IS NULL THEN
                %CLEAN%
              END IF;
              EXECUTE format($query$
                SELECT coalesce(bool_or(version = '%VERSION%'), false),
                  (array_agg(version ORDER BY string_to_array(version, '.')::numeric[] DESC))[1],
                  (array_agg(version ORDER BY string_to_array(version, '.')::numeric[] DESC)
                    FILTER (WHERE version NOT IN (%APPLIED%)))[1]
                FROM %1$s h
                WHERE success AND version IS NOT NULL AND type NOT LIKE 'UNDO%%' AND type <> 'DELETE'
                  AND NOT EXISTS (
                    SELECT FROM %1$s u
                    WHERE u.version = h.version AND u.success AND u.installed_rank > h.installed_rank
                      AND (u.type LIKE 'UNDO%%' OR u.type = 'DELETE'))
                $query$, history) INTO complete, latest, unknown;
              IF complete AND unknown IS NULL THEN
                RETURN;
              END IF;
              RAISE EXCEPTION '%MARK%%VERSION%, the database %',
                CASE WHEN latest = '%VERSION%' THEN 'has ' || unknown || ', which the backup does not know'
                  ELSE coalesce('is at ' || latest, 'is at no version') END
                USING ERRCODE = 'MS001', HINT = hint;
            END
            $metadata_snapshot$;
            """.replace("%TABLE%", asciiLiteral(quote(spec.historyTable())))
                .replace("%CLEAN%", clean)
                .replace("%MARK%", GuardSpec.MARK)
                .replace("%VERSION%", spec.version().toString())
                .replace(
                        "%APPLIED%",
                        spec.applied().stream()
                                .map(version -> "'" + version + "'")
                                .collect(joining(", ")));
    }

    /** The encoding of the client is not known yet where a guard stands. */
    private static String asciiLiteral(String text) {
        StringBuilder literal = new StringBuilder("E'");
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            literal.append(
                    c < ' ' || c > '~' || c == '\\' || c == '\'' ? "\\u%04x".formatted((int) c) : String.valueOf(c));
        }
        return literal.append('\'').toString();
    }

    @Override
    String serverVersionSql() {
        return "SHOW server_version";
    }

    @Override
    public String createDatabase(String name, DatabaseDefaults defaults) {
        String options = defaults.options();
        String sql = "CREATE DATABASE " + quote(name);
        if (options.isEmpty()) {
            return sql;
        }
        // Another template has an encoding and a locale, which a copy of it must have too.
        return sql + " " + options + (NAMES_TEMPLATE.matcher(options).find() ? "" : " TEMPLATE template0");
    }

    @Override
    public DatabaseDefaults defaults(Connection admin, DatabaseDefaults said, String trial) throws SQLException {
        String options = said.options();
        List<String> settings = new ArrayList<>();
        try (Statement statement = admin.createStatement()) {
            try {
                statement.execute(createDatabase(trial, new DatabaseDefaults(options, List.of())));
            } catch (SQLException e) {
                notTaken(options, e);
                options = "";
                statement.execute(createDatabase(trial, DatabaseDefaults.NONE));
            }
            try {
                if (queryForStrings(admin, OPTIONS_OF_DATABASES.formatted(trial))
                                .size()
                        == 1) {
                    options = "";
                }
                for (String setting : said.settings()) {
                    try {
                        statement.execute("ALTER DATABASE " + quote(trial) + " SET " + setting);
                        settings.add(setting);
                    } catch (SQLException e) {
                        notTaken("SET " + setting, e);
                    }
                }
            } finally {
                statement.execute("DROP DATABASE " + quote(trial));
            }
        }
        return new DatabaseDefaults(options, settings);
    }

    private static void notTaken(String what, SQLException e) {
        LOGGER.log(
                System.Logger.Level.WARNING,
                "A backup says that its database had {0}, which the server does not take, and gives its own: {1}",
                what,
                e.getMessage());
    }

    @Override
    public Optional<String> templateClause(Connection admin, String source, boolean throwAway) throws SQLException {
        String template = " TEMPLATE " + quote(source);
        if (Integer.parseInt(queryForStrings(admin, "SHOW server_version_num").get(0)) < FIRST_WITH_STRATEGY) {
            return Optional.of(template);
        }
        // Copying files takes checkpoints, which are cheap where nobody waits for disks, and pay for large databases.
        boolean files = throwAway
                || Long.parseLong(queryForStrings(admin, "SELECT pg_database_size(" + literal(source) + ")")
                                .get(0))
                        > LARGE_BYTES;
        return Optional.of(template + " STRATEGY " + (files ? "FILE_COPY" : "WAL_LOG"));
    }

    @Override
    String databaseBytesSql() {
        return "SELECT pg_database_size(current_database())";
    }

    @Override
    public Optional<SQLException> refusalToCopy(Connection admin, String source) throws SQLException {
        boolean free = queryForStrings(
                        admin,
                        "SELECT 1 FROM pg_stat_activity WHERE backend_type = 'client backend' AND datname = "
                                + literal(source))
                .isEmpty();
        return free ? Optional.empty() : Optional.of(new SQLException(IN_USE, OBJECT_IN_USE));
    }

    @Override
    public List<String> databaseSettings(Connection admin, String from, String to) throws SQLException {
        return new DatabaseProperties(this, admin, from).settings(to);
    }

    @Override
    public List<String> creation(Connection connection, String like, String name) throws SQLException {
        return new DatabaseProperties(this, connection, like).creation(name);
    }

    @Override
    public ClientScript copyByClient(Connection admin, String user, String from, String to, CopyPlan plan) {
        String dump = shell(List.of("pg_dump", "-h", "127.0.0.1", "-U", user, "--lock-wait-timeout=60s", from));
        String load = shell(clientCommand(ClientMode.STRICT, user, to));
        return new ClientScript(List.of("bash", "-c", "set -o pipefail; " + dump + " | " + load), "");
    }

    @Override
    public Optional<String> renameDatabase(String name, String newName) {
        return Optional.of("ALTER DATABASE " + quote(name) + " RENAME TO " + quote(newName));
    }

    @Override
    public boolean isInUse(SQLException refusal) {
        return OBJECT_IN_USE.equals(refusal.getSQLState());
    }

    @Override
    public List<ConnectedSession> sessions(Connection connection, String database) throws SQLException {
        return sessions(connection, database, "");
    }

    @Override
    public List<ConnectedSession> busySessions(Connection connection, String database) throws SQLException {
        return sessions(connection, database, "AND state IS DISTINCT FROM 'idle'");
    }

    private List<ConnectedSession> sessions(Connection connection, String database, String condition)
            throws SQLException {
        List<ConnectedSession> sessions = new ArrayList<>();
        // Of the sessions of other users an ordinary one sees less: not of which type they are, for one.
        try (var statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("""
                    SELECT pid, usename, coalesce(client_hostname, host(client_addr)), application_name, state, query
                    FROM pg_stat_activity
                    WHERE datname = %s AND pid <> pg_backend_pid() AND usename IS NOT NULL
                      AND coalesce(backend_type, 'client backend') = 'client backend' %s
                    """.formatted(literal(database), condition))) {
            while (rows.next()) {
                String user = rows.getString(2);
                String host = rows.getString(3);
                sessions.add(new ConnectedSession(
                        rows.getLong(1),
                        user,
                        orEmpty(host),
                        describeSession(user, host, rows.getString(4), rows.getString(5), rows.getString(6))));
            }
        }
        return sessions;
    }

    @Override
    public List<BlockedSession> blockedSessions(Connection monitor, Set<Long> holders) throws SQLException {
        List<BlockedSession> blocked = new ArrayList<>();
        try (var statement = monitor.createStatement();
                ResultSet rows = statement.executeQuery("""
                    SELECT w.pid, h.pid, h.usename, coalesce(h.client_hostname, host(h.client_addr)), h.application_name,
                      h.state, h.query
                    FROM pg_stat_activity w, unnest(pg_blocking_pids(w.pid)) AS blocker (pid)
                      JOIN pg_stat_activity h ON h.pid = blocker.pid
                    WHERE w.datname = current_database() AND w.wait_event_type = 'Lock'
                    """)) {
            while (rows.next()) {
                if (holders.contains(rows.getLong(2))) {
                    blocked.add(new BlockedSession(
                            rows.getLong(1),
                            describeSession(
                                    rows.getString(3),
                                    rows.getString(4),
                                    rows.getString(5),
                                    rows.getString(6),
                                    rows.getString(7))));
                }
            }
        }
        return blocked;
    }

    @Override
    public void endSession(Connection monitor, long session) throws SQLException {
        execute(monitor, List.of("SELECT pg_terminate_backend(" + session + ")"));
    }

    @Override
    public void dropDatabase(Connection admin, String name) throws SQLException {
        String drop = "DROP DATABASE IF EXISTS " + quote(name);
        if (admin.getMetaData().getDatabaseMajorVersion() >= FIRST_WITH_FORCE) {
            try {
                execute(admin, List.of(drop + " WITH (FORCE)"));
                return;
            } catch (SQLException e) {
                // No ordinary user may end a worker of autovacuum, which makes way for a drop without force.
                if (!INSUFFICIENT_PRIVILEGE.equals(e.getSQLState())) {
                    throw e;
                }
            }
        }
        execute(
                admin,
                List.of(
                        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pg_has_role(usesysid, 'USAGE')"
                                + " AND datname = " + literal(name),
                        drop));
    }

    @Override
    public void emptyDatabase(Connection connection) throws SQLException {
        execute(
                connection,
                List.of(
                        // CASCADE may take objects along that the loop still has to come to: hence IF EXISTS.
                        """
                        DO $$
                        DECLARE command text;
                        BEGIN
                          FOR command IN
                            SELECT format('DROP EXTENSION IF EXISTS %I CASCADE', extname) FROM pg_extension
                            WHERE extname <> 'plpgsql' AND pg_has_role(extowner, 'USAGE')
                            UNION ALL
                            SELECT format('DROP SCHEMA IF EXISTS %I CASCADE', nspname) FROM pg_namespace n
                            WHERE %USER_SCHEMA% AND nspname <> 'public' AND nspowner = current_user::regrole
                            UNION ALL
                            SELECT format('DROP %s IF EXISTS %I.%I CASCADE',
                              CASE relkind WHEN 'v' THEN 'VIEW' WHEN 'm' THEN 'MATERIALIZED VIEW' WHEN 'S' THEN 'SEQUENCE'
                                WHEN 'f' THEN 'FOREIGN TABLE' WHEN 'c' THEN 'TYPE' ELSE 'TABLE' END, nspname, relname)
                            FROM pg_class JOIN pg_namespace n ON n.oid = relnamespace
                            WHERE %USER_SCHEMA% AND relkind IN ('r', 'p', 'v', 'm', 'S', 'f', 'c')
                              AND pg_has_role(relowner, 'USAGE')
                              -- The sequence of an identity column goes with its table, and not without.
                              AND NOT (relkind = 'S'
                                AND EXISTS (SELECT FROM pg_depend WHERE objid = pg_class.oid AND deptype = 'i'))
                            UNION ALL
                            SELECT format('DROP TYPE IF EXISTS %I.%I CASCADE', nspname, typname)
                            FROM pg_type JOIN pg_namespace n ON n.oid = typnamespace
                            WHERE %USER_SCHEMA% AND typtype IN ('e', 'd', 'r') AND pg_has_role(typowner, 'USAGE')
                            UNION ALL
                            SELECT format('DROP ROUTINE IF EXISTS %s CASCADE', p.oid::regprocedure)
                            FROM pg_proc p JOIN pg_namespace n ON n.oid = pronamespace
                            WHERE %USER_SCHEMA% AND pg_has_role(proowner, 'USAGE')
                              AND NOT EXISTS (SELECT FROM pg_depend WHERE objid = p.oid AND deptype = 'e')
                            UNION ALL
                            SELECT format('SELECT lo_unlink(%s)', oid) FROM pg_largeobject_metadata
                            WHERE pg_has_role(lomowner, 'USAGE')
                          LOOP
                            EXECUTE command;
                          END LOOP;
                        END $$
                        """.replace("%USER_SCHEMA%", USER_SCHEMA)));
    }

    @Override
    String tablesSql() {
        return """
            SELECT n.nspname, c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
            WHERE c.relkind = 'r' AND %s
              AND NOT EXISTS (SELECT FROM pg_depend WHERE objid = c.oid AND deptype = 'e')
            """.formatted(USER_SCHEMA);
    }

    @Override
    public Optional<Long> countRows(Connection connection, TableName table) throws SQLException {
        boolean exists = !queryForStrings(
                        connection,
                        "SELECT 1 FROM pg_class WHERE relkind IN ('r', 'p') AND oid = to_regclass("
                                + literal(quote(table)) + ")")
                .isEmpty();
        return exists
                ? Optional.of(Long.valueOf(queryForStrings(connection, "SELECT count(*) FROM " + quote(table))
                        .get(0)))
                : Optional.empty();
    }

    @Override
    public boolean hidesRows(Connection connection, TableName table) throws SQLException {
        return "t"
                .equals(queryForStrings(connection, "SELECT row_security_active(" + literal(quote(table)) + ")")
                        .get(0));
    }

    @Override
    public List<String> otherObjects(Connection connection) throws SQLException {
        return queryForStrings(connection, """
            SELECT name FROM (
              SELECT c.oid, n.nspname, c.relname AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
              WHERE c.relkind IN ('v', 'm', 'S', 'f', 'p')
              UNION ALL
              SELECT p.oid, n.nspname, p.proname FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
              UNION ALL
              SELECT t.oid, n.nspname, t.typname FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace
              WHERE t.typtype IN ('e', 'd')
            ) AS n
            WHERE %s AND NOT EXISTS (SELECT FROM pg_depend WHERE objid = n.oid AND deptype = 'e')
            ORDER BY name
            """.formatted(USER_SCHEMA));
    }

    @Override
    public List<SchemaObject> schemaObjects(Connection connection) throws SQLException {
        return PostgreSqlSchema.read(connection, USER_SCHEMA);
    }

    @Override
    public List<SchemaObject> grants(Connection connection) throws SQLException {
        return PostgreSqlSchema.readGrants(connection, USER_SCHEMA);
    }

    @Override
    public SortedMap<TableName, TableDigest> digests(
            Connection connection,
            Collection<TableName> tables,
            Map<TableName, TableDigest> earlier,
            Optional<DatabaseNameColumn> databaseName)
            throws SQLException {
        return PostgreSqlDigest.read(this, connection, tables, earlier, databaseName, USER_SCHEMA);
    }

    @Override
    public Map<TableName, TableIdentity> identities(Connection connection) throws SQLException {
        return PostgreSqlIdentities.read(connection, USER_SCHEMA);
    }

    @Override
    WriteDialect writeDialect() {
        return new PostgreSqlWrites(this, USER_SCHEMA);
    }

    @Override
    public List<SequencePosition> positions(Connection connection) throws SQLException {
        return PostgreSqlExtras.positions(this, connection, USER_SCHEMA);
    }

    @Override
    public LargeObjects largeObjects(Connection connection) throws SQLException {
        return PostgreSqlExtras.largeObjects(connection);
    }

    @Override
    public SortedMap<Long, String> largeObjectHashes(Connection connection) throws SQLException {
        return PostgreSqlExtras.largeObjectHashes(connection);
    }

    @Override
    public DataReader dataReader(Connection connection) throws SQLException {
        return new PostgreSqlDataReader(this, connection, USER_SCHEMA);
    }

    @Override
    public String defaultSchema(Connection connection) throws SQLException {
        return queryForStrings(connection, "SELECT coalesce(current_schema(), 'public')")
                .get(0);
    }

    @Override
    public Suspension suspendRules(Connection connection) throws SQLException {
        boolean replica = mayActAsReplica(connection);
        List<String> suspend = new ArrayList<>();
        List<String> resume = new ArrayList<>();
        // As a replica a session fires the triggers that are enabled ALWAYS or for REPLICA, and no other.
        String firing = replica ? "('A', 'R')" : "('O', 'A', 'R')";
        addPairs(connection, suspend, resume, """
                SELECT format('ALTER TABLE %%s DISABLE TRIGGER %%I', tgrelid::regclass, tgname),
                  format('ALTER TABLE %%s ENABLE %%s TRIGGER %%I', tgrelid::regclass,
                    CASE tgenabled WHEN 'A' THEN 'ALWAYS' WHEN 'R' THEN 'REPLICA' ELSE '' END, tgname)
                FROM pg_trigger t JOIN pg_class c ON c.oid = tgrelid JOIN pg_namespace n ON n.oid = relnamespace
                WHERE NOT tgisinternal AND tgenabled IN %s AND %s
                ORDER BY tgrelid, tgname
                """.formatted(firing, USER_SCHEMA));
        if (!replica) {
            addPairs(connection, suspend, resume, """
                    SELECT format('ALTER TABLE %%s DROP CONSTRAINT %%I', conrelid::regclass, conname),
                      format('ALTER TABLE %%s ADD CONSTRAINT %%I %%s', conrelid::regclass, conname,
                        pg_get_constraintdef(c.oid)),
                      'COMMENT ON CONSTRAINT ' || quote_ident(conname) || ' ON ' || conrelid::regclass || ' IS '
                        || quote_literal(obj_description(c.oid, 'pg_constraint'))
                    FROM pg_constraint c JOIN pg_namespace n ON n.oid = connamespace
                    WHERE contype = 'f' AND conparentid = 0 AND %s
                    ORDER BY conrelid, conname
                    """.formatted(USER_SCHEMA));
        }
        if (replica && !suspend.isEmpty()) {
            withoutEventTriggers(connection, suspend, resume);
        }
        execute(connection, suspend);
        return new Suspension(resume);
    }

    /** Adds, of each row, the first column to the one list, and what follows to the other. */
    private static void addPairs(Connection connection, List<String> suspend, List<String> resume, String query)
            throws SQLException {
        try (var statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(query)) {
            int columns = rows.getMetaData().getColumnCount();
            while (rows.next()) {
                suspend.add(rows.getString(1));
                for (int i = 2; i <= columns; i++) {
                    if (rows.getString(i) != null) {
                        resume.add(rows.getString(i));
                    }
                }
            }
        }
    }

    /** A product that logs its DDL by event triggers must not log ours. Changes of event triggers fire none. */
    private static void withoutEventTriggers(Connection connection, List<String> suspend, List<String> resume)
            throws SQLException {
        List<String> disable = new ArrayList<>(List.of("SET session_replication_role = replica"));
        List<String> enable = new ArrayList<>(List.of("RESET session_replication_role"));
        addPairs(connection, disable, enable, """
                SELECT format('ALTER EVENT TRIGGER %I DISABLE', evtname),
                  format('ALTER EVENT TRIGGER %I ENABLE %s', evtname,
                    CASE evtenabled WHEN 'A' THEN 'ALWAYS' ELSE 'REPLICA' END)
                FROM pg_event_trigger WHERE evtenabled IN ('A', 'R') AND pg_has_role(evtowner, 'USAGE')
                """);
        suspend.addAll(0, disable);
        suspend.add("RESET session_replication_role");
        resume.add(0, "SET session_replication_role = replica");
        resume.addAll(enable);
    }

    @Override
    public List<String> prologue(Connection connection, Collection<TableName> tables) throws SQLException {
        List<String> statements = new ArrayList<>();
        if (mayActAsReplica(connection)) {
            statements.add("SET session_replication_role = replica");
        }
        List<TableName> filled = filled(connection, withRowsOf(connection, tables));
        List<TableName> undeletable = undeletable(connection, filled);
        // Not TRUNCATE where DELETE does, since it refuses a table that a foreign key of another one points to.
        for (TableName table : filled) {
            if (!undeletable.contains(table)) {
                statements.add("DELETE FROM ONLY " + asciiName(table));
            }
        }
        if (!undeletable.isEmpty()) {
            statements.add(undeletable.stream().map(this::asciiName).collect(joining(", ", "TRUNCATE ONLY ", "")));
        }
        statements.addAll(deletesOfExtensions(connection, tables));
        return statements;
    }

    /** {@return the tables that exist, with the partitions of those that are partitioned in their place} */
    private SortedSet<TableName> withRowsOf(Connection connection, Collection<TableName> tables) throws SQLException {
        SortedSet<TableName> existing = tables(connection);
        existing.retainAll(tables);
        partitions(connection, "", (partition, partitioned) -> {
            if (tables.contains(partitioned)) {
                existing.add(partition);
            }
        });
        return existing;
    }

    @Override
    public Map<TableName, TableName> partitionedTables(Connection connection) throws SQLException {
        Map<TableName, TableName> partitioned = new HashMap<>();
        partitions(connection, "AND NOT r.relispartition", partitioned::put);
        return partitioned;
    }

    /** Lists the partitions that hold rows with each table that they are part of, at whatever level. */
    private static void partitions(Connection connection, String condition, BiConsumer<TableName, TableName> partitions)
            throws SQLException {
        try (var statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("""
                        SELECT rn.nspname, r.relname, n.nspname, c.relname
                        FROM pg_class r JOIN pg_namespace rn ON rn.oid = r.relnamespace
                        CROSS JOIN LATERAL pg_partition_tree(r.oid) AS tree
                        JOIN pg_class c ON c.oid = tree.relid JOIN pg_namespace n ON n.oid = c.relnamespace
                        WHERE r.relkind = 'p' AND tree.isleaf AND c.relkind = 'r' %s
                        """.formatted(condition))) {
            while (rows.next()) {
                partitions.accept(
                        new TableName(rows.getString(3), rows.getString(4)),
                        new TableName(rows.getString(1), rows.getString(2)));
            }
        }
    }

    /**
     * Lists the tables whose rows DELETE does not delete: a publication forbids it, as it publishes deletes and nothing
     * identifies a row, or a rule turns it into something else. They are joined by those whose foreign keys point to them,
     * without which TRUNCATE refuses them.
     */
    private List<TableName> undeletable(Connection connection, List<TableName> filled) throws SQLException {
        SortedSet<TableName> undeletable = new TreeSet<>();
        boolean published = false;
        try (var statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("""
                        SELECT '', '' FROM pg_publication
                        UNION SELECT nspname, relname FROM pg_rewrite
                        JOIN pg_class c ON c.oid = ev_class JOIN pg_namespace n ON n.oid = relnamespace
                        WHERE ev_type = '4' AND ev_enabled <> 'D' AND relkind = 'r'
                        """)) {
            while (rows.next()) {
                published |= rows.getString(2).isEmpty();
                undeletable.add(new TableName(rows.getString(1), rows.getString(2)));
            }
        }
        undeletable.retainAll(filled);
        if (published) {
            undeletable.addAll(refusedDeletes(connection, filled));
        }
        boolean grows = !undeletable.isEmpty();
        while (grows) {
            grows = undeletable.addAll(referring(connection, undeletable, filled));
        }
        return List.copyOf(undeletable);
    }

    private List<TableName> refusedDeletes(Connection connection, List<TableName> tables) throws SQLException {
        List<TableName> refused = new ArrayList<>();
        try (var statement = connection.createStatement()) {
            for (TableName table : tables) {
                try {
                    // Refused as the statement itself would be, and touches no row.
                    statement.execute("EXPLAIN DELETE FROM ONLY " + quote(table));
                } catch (SQLException e) {
                    refused.add(table);
                }
            }
        }
        return refused;
    }

    private static List<TableName> referring(
            Connection connection, Collection<TableName> tables, Collection<TableName> among) throws SQLException {
        List<TableName> referring = new ArrayList<>();
        try (var statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("""
                        SELECT rn.nspname, r.relname, n.nspname, c.relname FROM pg_constraint f
                        JOIN pg_class c ON c.oid = f.conrelid JOIN pg_namespace n ON n.oid = c.relnamespace
                        JOIN pg_class r ON r.oid = f.confrelid JOIN pg_namespace rn ON rn.oid = r.relnamespace
                        WHERE f.contype = 'f'
                        """)) {
            while (rows.next()) {
                TableName from = new TableName(rows.getString(3), rows.getString(4));
                if (tables.contains(new TableName(rows.getString(1), rows.getString(2))) && among.contains(from)) {
                    referring.add(from);
                }
            }
        }
        return referring;
    }

    /** Of an extension's table pg_dump writes the rows that users added, by a condition that the extension gives. */
    private List<String> deletesOfExtensions(Connection connection, Collection<TableName> tables) throws SQLException {
        List<String> statements = new ArrayList<>();
        try (var statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("""
                        SELECT nspname, relname, condition
                        FROM pg_extension, unnest(extconfig, extcondition) AS config (relation, condition)
                        JOIN pg_class c ON c.oid = relation JOIN pg_namespace n ON n.oid = relnamespace
                        WHERE relkind = 'r' AND has_table_privilege(c.oid, 'DELETE')
                        ORDER BY nspname, relname
                        """)) {
            while (rows.next()) {
                TableName table = new TableName(rows.getString(1), rows.getString(2));
                if (tables.contains(table)) {
                    statements.add("DELETE FROM ONLY " + asciiName(table) + " " + rows.getString(3));
                }
            }
        }
        return statements;
    }

    /** {@return the table in ASCII: the encoding of the client is not known yet where a prologue stands} */
    private String asciiName(TableName table) {
        return asciiName(table.schema()) + "." + asciiName(table.name());
    }

    private String asciiName(String name) {
        if (name.chars().allMatch(c -> c >= ' ' && c <= '~')) {
            return quote(name);
        }
        StringBuilder ascii = new StringBuilder("U&\"");
        name.codePoints()
                .forEach(c -> ascii.append(
                        c < ' ' || c > '~' || c == '\\' || c == '"'
                                ? "\\+%06x".formatted(c)
                                : String.valueOf((char) c)));
        return ascii.append('"').toString();
    }

    @Override
    public String withoutLargeObjects() {
        return "DO $$BEGIN PERFORM lo_unlink(oid) FROM pg_largeobject_metadata; END$$";
    }

    private static boolean mayActAsReplica(Connection connection) throws SQLException {
        try {
            execute(connection, List.of("SET session_replication_role = replica", "RESET session_replication_role"));
            return true;
        } catch (SQLException e) {
            if (INSUFFICIENT_PRIVILEGE.equals(e.getSQLState())) {
                return false;
            }
            throw e;
        }
    }

    @Override
    public CreatedRoles createMissingRoles(Connection connection, Collection<String> roles) throws SQLException {
        SortedSet<String> missing = new TreeSet<>(roles);
        missing.removeAll(queryForStrings(connection, "SELECT rolname FROM pg_roles"));
        // To make a role the owner of something takes the right to act as it: postgres, the owner in most dumps, is
        // there
        // on every server, and an ordinary user may not.
        String actAs = connection.getMetaData().getDatabaseMajorVersion() >= FIRST_WITH_SET_OPTION ? "SET" : "MEMBER";
        SortedSet<String> refused = new TreeSet<>(roles);
        refused.retainAll(queryForStrings(
                connection, "SELECT rolname FROM pg_roles WHERE NOT pg_has_role(oid, " + literal(actAs) + ")"));
        SortedSet<String> created = new TreeSet<>();
        for (String role : missing) {
            try {
                execute(connection, List.of("CREATE ROLE " + quote(role) + " NOLOGIN"));
                created.add(role);
            } catch (SQLException e) {
                if (INSUFFICIENT_PRIVILEGE.equals(e.getSQLState()) || RESERVED_NAME.equals(e.getSQLState())) {
                    refused.add(role);
                } else if (!DUPLICATE_OBJECT.equals(e.getSQLState()) && !UNIQUE_VIOLATION.equals(e.getSQLState())) {
                    // Another test may have created the role in the meantime; anything else is an error.
                    throw e;
                }
            }
        }
        return new CreatedRoles(created, refused);
    }

    @Override
    public void setForRole(Connection connection, String role, String database, List<String> settings)
            throws SQLException {
        try (Statement statement = connection.createStatement()) {
            for (String setting : settings) {
                try {
                    statement.execute(
                            "ALTER ROLE " + quote(role) + " IN DATABASE " + quote(database) + " SET " + setting);
                } catch (SQLException e) {
                    notTaken("SET " + setting + " for role " + role, e);
                }
            }
        }
    }

    @Override
    public List<String> rolesThatAreThere(Connection connection, String message) throws SQLException {
        Matcher role = ROLE_IS_THERE.matcher(message);
        return role.find()
                ? queryForStrings(
                        connection, "SELECT rolname FROM pg_roles WHERE rolname = " + literal(role.group("role")))
                : List.of();
    }

    @Override
    public void dropRole(Connection admin, String role) throws SQLException {
        execute(admin, List.of("DROP ROLE IF EXISTS " + quote(role)));
    }

    @Override
    public @Nullable String withoutRoles(String sql, Collection<String> missing) {
        String role = missing.stream()
                .map(name -> Pattern.quote(name) + "|" + Pattern.quote(quote(name)))
                .collect(joining("|", "(?:", ")"));
        boolean namesRole = Pattern.compile("(?is)ALTER\\s.*\\sOWNER\\s+TO\\s+" + role
                        + "|SET\\s+SESSION\\s+AUTHORIZATION\\s+.*"
                        + "|(?:GRANT|REVOKE|ALTER\\s+DEFAULT\\s+PRIVILEGES)\\s(?:.*[\\s,])?" + role
                        + "(?:[\\s,].*)?")
                .matcher(sql)
                .matches();
        if (namesRole) {
            return null;
        }
        Matcher policy = POLICY_ROLES.matcher(sql);
        if (policy.find()) {
            // Without any role it would be one for everybody.
            String roles = policy.group("roles").replaceAll("(?<![\\w$\"])" + role + "(?![\\w$\"])", "CURRENT_USER");
            return sql.substring(0, policy.start("roles")) + roles + sql.substring(policy.end("roles"));
        }
        return sql.replaceFirst("(?is)^(CREATE\\s+SCHEMA\\s+\\S+)\\s+AUTHORIZATION\\s+" + role, "$1");
    }

    @Override
    public SessionLook look(Connection session, Connection monitor) throws SQLException {
        String id = "";
        // The counts are of the transaction, which its beginning tells from others.
        String scope = "";
        Map<String, RowChanges> rows = new HashMap<>();
        Map<String, StoredTable> tables = new HashMap<>();
        try (var statement = session.createStatement();
                ResultSet row = statement.executeQuery("""
                    SELECT pg_backend_pid(), extract(epoch FROM now()), c.oid, nspname, relname, relfilenode,
                      pg_stat_get_xact_tuples_inserted(c.oid), pg_stat_get_xact_tuples_updated(c.oid),
                      pg_stat_get_xact_tuples_deleted(c.oid)
                    FROM pg_namespace n LEFT JOIN pg_class c ON relnamespace = n.oid AND relkind IN ('r', 'm', 'p')
                    WHERE %s
                    """.formatted(USER_SCHEMA))) {
            while (row.next()) {
                id = row.getString(1);
                scope = row.getString(2);
                String table = row.getString(3);
                if (table != null) {
                    tables.put(
                            table,
                            new StoredTable(new TableName(row.getString(4), row.getString(5)), row.getString(6)));
                    rows.put(table, new RowChanges(row.getLong(7), row.getLong(8), row.getLong(9)));
                }
            }
        }
        return new SessionLook(id, new RowCounts(scope, rows), Optional.of(tables));
    }

    @Override
    public Optional<Set<String>> exclusiveLocks(Connection monitor, String session) throws SQLException {
        return Optional.of(Set.copyOf(queryForStrings(monitor, """
            SELECT DISTINCT relation FROM pg_locks
            WHERE pid = %s AND locktype = 'relation' AND granted AND mode IN ('ExclusiveLock', 'AccessExclusiveLock')
            """.formatted(session))));
    }

    @Override
    public Optional<String> selfBlockedStatement(Connection monitor) throws SQLException {
        return queryForStrings(monitor, "SELECT w.query " + WAITS_FOR_IDLE_SIBLING).stream()
                .findFirst();
    }

    @Override
    public void cancelSelfBlocked(Connection monitor) throws SQLException {
        execute(monitor, List.of("SELECT pg_cancel_backend(w.pid) " + WAITS_FOR_IDLE_SIBLING));
    }

    @Override
    public Optional<String> laterSessionSetting(String statement, String message, int server) {
        return PostgreSqlHints.laterSessionSetting(statement, message, server);
    }

    @Override
    RestoreHints restoreHints() {
        return HINTS;
    }

    @Override
    Optional<String> cause(String sqlState, String message) {
        // The same SQLSTATE is that of a table with pending trigger events.
        if (OBJECT_IN_USE.equals(sqlState)
                && (message.contains(IN_USE) || message.contains("is being accessed by other users"))) {
            return Optional.of("a product that still runs, or a connection of the test; stop the one, close the other");
        }
        return message.contains("in file header")
                ? Optional.of("the dump was written by a pg_dump newer than the pg_restore that reads it")
                : Optional.empty();
    }
}
