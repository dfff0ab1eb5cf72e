package io.github.metadatasnapshot.server;

import io.github.metadatasnapshot.engine.ClientScript;
import io.github.metadatasnapshot.engine.CopyPlan;
import io.github.metadatasnapshot.engine.DatabaseDefaults;
import io.github.metadatasnapshot.engine.Engine;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;

/** A server that creates and drops databases by SQL, over a connection of its own each time. */
abstract class AbstractServer implements DatabaseServer {

    private static final System.Logger LOGGER = System.getLogger("io.github.metadatasnapshot");

    /** How the names of databases begin. */
    static final String NAMES = "snapshot";

    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int CONNECT_TIMEOUT_MILLIS = 2_000;
    private static final int SESSION_END_MILLIS = 300;

    /** Of a database that nobody changes, other tests compare theirs with. */
    private static final int COMPARISON_MILLIS = 60_000;

    private static final int POLL_MILLIS = 10;

    private final ServerSpec spec;
    private final String version;
    final Login admin;
    private final AdminConnections connections;
    final Login owner;
    final LentRoles roles;
    private final Set<String> databases = ConcurrentHashMap.newKeySet();
    private final Map<DatabaseDefaults, DatabaseServer> withDefaults = new ConcurrentHashMap<>();
    private final Map<Object, DatabaseDefaults> saidByBackups = new ConcurrentHashMap<>();
    private final Set<String> kept = ConcurrentHashMap.newKeySet();
    private final Optional<CacheSlot> cache;
    private final Set<String> serverWideAtStart;

    /** As the other constructor, of a server that takes nothing from a cache. */
    AbstractServer(ServerSpec spec, String version, Login admin, Login owner) {
        this(spec, version, admin, owner, Optional.empty());
    }

    /**
     * @param admin who creates and drops databases, and the database to connect to for that
     * @param owner whom databases are handed out to; of the URL only host, port and parameters count
     * @param cache what the server was started with, and is left for the next run
     */
    AbstractServer(ServerSpec spec, String version, Login admin, Login owner, Optional<CacheSlot> cache) {
        this.spec = spec;
        this.version = version;
        this.admin = admin;
        this.connections = new AdminConnections(admin);
        this.owner = owner;
        this.roles = new LentRoles(spec.engine());
        this.cache = cache;
        this.serverWideAtStart = cache.isPresent() ? serverWideOrFail() : Set.of();
        cache.ifPresent(slot -> slot.all().forEach(state -> {
            databases.add(state.database());
            roles.adopt(state);
        }));
    }

    private Set<String> serverWideOrFail() {
        try {
            return serverWide();
        } catch (SQLException e) {
            throw new ServerException("What is on the server cannot be listed: " + describe(spec.engine(), e), e);
        }
    }

    @Override
    public final Optional<CachedDatabases> cached() {
        return cache.map(Cached::new);
    }

    /** The databases of the cache, as those of this server. */
    private final class Cached implements CachedDatabases {

        private final CacheSlot slot;

        Cached(CacheSlot slot) {
            this.slot = slot;
        }

        @Override
        public Optional<TestDatabase> any() {
            return slot.all().stream().findFirst().map(this::database);
        }

        @Override
        public Optional<Found> take(String key) {
            return slot.use(key).map(state -> new Found(database(state), state.contents()));
        }

        private TestDatabase database(CachedState state) {
            return handOut(state.database(), () -> dropDatabase(state.database()));
        }

        @Override
        public void keep(TestDatabase database, String key, String contents) {
            slot.keep(new CachedState(
                    key, database.name(), contents, new TreeSet<>(), new TreeSet<>(), CacheSlot.today()));
        }
    }

    /**
     * Leaves no database on the server but those that go into the cache, before the server is shut down.
     *
     * @return what is to be written; empty where there is nothing new, or the server cannot be trusted any more
     */
    final List<CachedState> clearForCache() {
        List<CachedState> save = cache.map(slot -> slot.toSave(roles)).orElse(List.of());
        if (save.isEmpty() || !answers()) {
            return List.of();
        }
        save.forEach(state -> databases.remove(state.database()));
        Set<String> left = new TreeSet<>();
        try {
            databases.forEach(this::dropOrLog);
            left.addAll(serverWide());
        } catch (SQLException e) {
            left.add(describe(engine(), e));
        }
        left.removeAll(serverWideAtStart);
        for (CachedState state : save) {
            left.remove("database " + state.database());
            state.created().forEach(role -> left.remove("role " + role));
        }
        dropDatabases();
        if (left.isEmpty()) {
            return save;
        }
        LOGGER.log(
                Level.WARNING,
                "The databases that were prepared on {0} are not kept for the next run, as tests have left more on the server"
                        + " than they found: {1}",
                description(),
                String.join("; ", left));
        return List.of();
    }

    private SortedSet<String> serverWide() throws SQLException {
        SortedSet<String> lines = new TreeSet<>();
        connections.use(connection -> {
            try (var statement = connection.createStatement();
                    ResultSet rows = statement.executeQuery(engine().serverWideQuery())) {
                while (rows.next()) {
                    lines.add(rows.getString(1));
                }
            }
        });
        return lines;
    }

    /** Writes the databases of a server that has been shut down into the cache. */
    final void save(List<CachedState> save, StateCache.Data data) {
        cache.ifPresent(slot -> slot.save(save, data));
    }

    @Override
    public final ServerSpec spec() {
        return spec;
    }

    @Override
    public final String version() {
        return version;
    }

    @Override
    public final TestDatabase createDatabase() {
        return createDatabase(DatabaseDefaults.NONE);
    }

    TestDatabase createDatabase(DatabaseDefaults defaults) {
        String name = randomName();
        try {
            connections.use(connection -> createOrDrop(connection, name, defaults));
            databases.add(name);
        } catch (SQLException e) {
            throw failure(
                    "A database could not be created on " + description()
                            + (defaults.isNone() ? "" : " (" + describe(defaults) + ")"),
                    e);
        }
        return handOut(name, () -> dropDatabase(name));
    }

    private void createOrDrop(Connection connection, String name, DatabaseDefaults defaults) throws SQLException {
        execute(connection, createDatabaseSql(name, defaults));
        try {
            for (String setting : engine().set(name, defaults)) {
                execute(connection, setting);
            }
        } catch (SQLException e) {
            engine().dropDatabase(connection, name);
            throw e;
        }
    }

    private static String describe(DatabaseDefaults defaults) {
        List<String> words = new ArrayList<>();
        if (!defaults.options().isEmpty()) {
            words.add(defaults.options());
        }
        defaults.settings().forEach(setting -> words.add("SET " + setting));
        return String.join(", ", words);
    }

    @Override
    public final DatabaseServer with(DatabaseDefaults defaults) {
        return defaults.isNone()
                ? this
                : withDefaults.computeIfAbsent(defaults, key -> new ServerWithDefaults(this, key));
    }

    @Override
    public final DatabaseServer with(DatabaseDefaults.CharacterSet said) {
        return withThoseSaid(
                said,
                connection -> engine().defaults(connection, said),
                "The collations of " + description() + " could not be read");
    }

    @Override
    public final DatabaseServer withThoseSaid(DatabaseDefaults said) {
        return withThoseSaid(
                said,
                connection -> engine().defaults(connection, said, randomName()),
                "A database with the defaults that a backup says could not be tried on " + description());
    }

    private interface Defaults {
        DatabaseDefaults read(Connection connection) throws SQLException;
    }

    private DatabaseServer withThoseSaid(Object said, Defaults known, String failure) {
        if (!copies()) {
            return this;
        }
        return with(saidByBackups.computeIfAbsent(said, key -> {
            DatabaseDefaults[] defaults = {DatabaseDefaults.NONE};
            try {
                connections.use(connection -> defaults[0] = known.read(connection));
            } catch (SQLException e) {
                throw failure(failure, e);
            }
            return defaults[0];
        }));
    }

    @Override
    public final DatabaseDefaults defaults() {
        return DatabaseDefaults.NONE;
    }

    @Override
    public TestDatabase copyOf(TestDatabase source) {
        String name = randomName();
        try {
            connections.use(connection -> copyOrDrop(connection, source, name));
            databases.add(name);
        } catch (SQLException e) {
            throw failure("Database " + source + " could not be copied", e);
        }
        TestDatabase copy = handOut(name, () -> dropDatabase(name))
                .seenFrom(source.server())
                .named(source.nameColumn());
        try {
            roles.copy(source.name(), copy);
            copy.takeOver(source.name());
            return copy;
        } catch (SQLException e) {
            copy.close();
            throw failure("The roles of " + source + " and its name could not be given to its copy", e);
        }
    }

    @Override
    public boolean copies() {
        return true;
    }

    private void copyOrDrop(Connection connection, TestDatabase source, String name) throws SQLException {
        try {
            copy(connection, source, name);
        } catch (SQLException | RuntimeException e) {
            try {
                engine().dropDatabase(connection, name);
            } catch (SQLException dropFailed) {
                e.addSuppressed(dropFailed);
            }
            throw e;
        }
    }

    private void copy(Connection connection, TestDatabase source, String name) throws SQLException {
        if (createFromTemplate(connection, source, name)) {
            copySettings(connection, source, name);
            return;
        }
        CopyPlan plan = source.copyPlan(() -> plan(connection, source));
        try {
            copy(connection, source, name, plan);
        } catch (ServerException e) {
            // Who was interrupted, or has lost the container, does not try again.
            if (plan.files().isEmpty() || e.getCause() instanceof IOException) {
                throw e;
            }
            LOGGER.log(Level.INFO, "{0}\nFrom now on its rows are copied, not its files", e.getMessage());
            source.copyRowsOnly();
            try {
                engine().dropDatabase(connection, name);
                copy(connection, source, name, plan.withoutFiles());
            } catch (SQLException | RuntimeException again) {
                again.addSuppressed(e);
                throw again;
            }
        }
    }

    private void copySettings(Connection connection, TestDatabase source, String name) throws SQLException {
        for (String setting : engine().databaseSettings(connection, source.name(), name)) {
            execute(connection, setting);
        }
    }

    private CopyPlan plan(Connection connection, TestDatabase source) throws SQLException {
        Optional<ClientHost> host = clientHost();
        if (host.isEmpty()) {
            return new CopyPlan("", List.of());
        }
        List<String> files = engine().filesForCopies(connection, source.name());
        // What the tools need to know of a database takes long, where somebody may change it each time.
        boolean tools = source.isFrozen() && engine().toolsCopy(connection, source.name());
        return new CopyPlan(
                tools
                        ? engine().schemaForCopies(admin.user(), source.name())
                                .map(script -> run(host.get(), script, source))
                                .orElse("")
                        : "",
                files);
    }

    private void copy(Connection connection, TestDatabase source, String name, CopyPlan plan) throws SQLException {
        execute(connection, createDatabaseSql(name, source.server().defaults()));
        copySettings(connection, source, name);
        if (!engine().copiesBySql() || !plan.schema().isEmpty()) {
            ClientScript script = engine().copyByClient(connection, admin.user(), source.name(), name, plan);
            run(clientHost().orElseThrow(), script, source);
            return;
        }
        Login target = new Login(engine().withDatabase(owner.url(), name), owner.user(), owner.password());
        try (Connection from = source.open();
                Connection to = target.open()) {
            engine().copyBySql(from, to, plan.files());
        }
        if (!plan.files().isEmpty()) {
            ClientScript script = engine().copyFiles(connection, admin.user(), source.name(), name, plan.files());
            run(clientHost().orElseThrow(), script, source);
        }
    }

    private boolean createFromTemplate(Connection connection, TestDatabase from, String name) throws SQLException {
        String source = from.name();
        Optional<String> template = engine().templateClause(connection, source, isThrowAway());
        if (template.isEmpty()) {
            return false;
        }
        try {
            requireFree(connection, source, from.isFrozen() ? COMPARISON_MILLIS : SESSION_END_MILLIS);
            execute(connection, createDatabaseSql(name, DatabaseDefaults.NONE) + template.get());
            return true;
        } catch (SQLException e) {
            if (!engine().isInUse(e)) {
                throw e;
            }
            if (clientHost().isEmpty()) {
                throw inUse("Database " + source + " on " + description() + " could not be copied", source, e);
            }
            return false;
        }
    }

    /** Gives sessions that are about to end the time to do so, and is refused by others as the server would in the end. */
    private void requireFree(Connection connection, String source, int millis) throws SQLException {
        long deadline = System.nanoTime() + millis * 1_000_000L;
        Optional<SQLException> refusal = engine().refusalToCopy(connection, source);
        while (refusal.isPresent()) {
            if (System.nanoTime() > deadline || Thread.currentThread().isInterrupted()) {
                throw refusal.get();
            }
            LockSupport.parkNanos(POLL_MILLIS * 1_000_000L);
            refusal = engine().refusalToCopy(connection, source);
        }
    }

    private Optional<String> cause(TestDatabase database, String printed) {
        try (Connection connection = database.open()) {
            return engine().likelyCause(connection, "", printed);
        } catch (SQLException e) {
            // The failure itself matters more.
            return engine().likelyCause("", printed);
        }
    }

    /** {@return what a client printed in copying a database} */
    private String run(ClientHost host, ClientScript script, TestDatabase source) {
        ByteArrayOutputStream output = new ByteArrayOutputStream();
        ByteArrayOutputStream errors = new ByteArrayOutputStream();
        String failed = "Database " + source + " could not be copied: ";
        int status;
        try {
            status = host.run(
                    script.command(),
                    Map.of(engine().passwordVariable(), admin.password()),
                    new ByteArrayInputStream(script.input().getBytes(StandardCharsets.UTF_8)),
                    output,
                    errors);
        } catch (IOException e) {
            throw new ServerException(failed + e.getMessage(), e);
        }
        String printed = errors.toString(StandardCharsets.UTF_8).strip();
        if (status != 0 || printed.lines().anyMatch(engine().dumpTool()::isError)) {
            throw new ServerException(
                    failed
                            + (printed.isEmpty() ? "status " + status : printed)
                            + cause(source, printed).map(cause -> "; " + cause).orElse(""),
                    null);
        }
        return output.toString(StandardCharsets.UTF_8);
    }

    @Override
    public void replace(TestDatabase live, TestDatabase with) {
        String old = randomName();
        try {
            connections.use(connection -> {
                rename(connection, live.name(), old);
                try {
                    rename(connection, with.name(), live.name());
                } catch (SQLException | RuntimeException e) {
                    try {
                        rename(connection, old, live.name());
                    } catch (SQLException | RuntimeException stays) {
                        e.addSuppressed(stays);
                    }
                    throw e;
                }
                dropReplaced(connection, live, old);
            });
        } catch (SQLException e) {
            throw failure("Database " + live + " could not be replaced", e);
        }
    }

    @Override
    public TestDatabase createLike(TestDatabase other) {
        String name = randomName();
        try {
            connections.use(connection -> {
                for (String sql : engine().creation(connection, other.name(), name)) {
                    execute(connection, sql);
                }
            });
            databases.add(name);
        } catch (SQLException e) {
            throw failure("A database like " + other + " could not be created", e);
        }
        return handOut(name, () -> dropDatabase(name)).seenFrom(other.server());
    }

    @Override
    public void makeEmpty(TestDatabase database) {
        try {
            connections.use(connection -> {
                List<String> creation = engine().creation(connection, database.name(), database.name());
                engine().dropDatabase(connection, database.name());
                for (String sql : creation) {
                    execute(connection, sql);
                }
            });
        } catch (SQLException e) {
            throw failure("Database " + database + " could not be made anew", e);
        }
    }

    @Override
    public void inPlaceOf(TestDatabase database, TestDatabase copy, Runnable work) {
        if (engine().renameDatabase(database.name(), copy.name()).isEmpty()) {
            try {
                work.run();
            } finally {
                makeAnew(database, copy);
            }
            return;
        }
        String aside = randomName();
        try {
            connections.use(connection -> {
                rename(connection, database.name(), aside);
                try {
                    rename(connection, copy.name(), database.name());
                } catch (SQLException | RuntimeException e) {
                    rename(connection, aside, database.name());
                    throw e;
                }
            });
        } catch (SQLException e) {
            throw failure("Database " + database + " could not be replaced by its copy", e);
        }
        try {
            takeOver(database, copy.name());
            work.run();
        } finally {
            putBack(database, copy, aside);
        }
    }

    private void takeOver(TestDatabase database, String other) {
        try {
            database.takeOver(other);
        } catch (SQLException e) {
            throw failure("The history of " + other + " could not be made that of " + database, e);
        }
    }

    private void putBack(TestDatabase database, TestDatabase copy, String aside) {
        String failed = "Database " + database + " could not be put back, and is left behind as " + aside;
        try {
            connections.use(connection -> {
                rename(connection, database.name(), copy.name());
                rename(connection, aside, database.name());
            });
        } catch (DatabaseInUseException e) {
            // Not one that says that nothing was done.
            throw new ServerException(failed + ": " + e.getMessage(), e);
        } catch (SQLException e) {
            throw failure(failed, e);
        }
    }

    private void makeAnew(TestDatabase database, TestDatabase copy) {
        try {
            connections.use(connection -> {
                engine().dropDatabase(connection, database.name());
                copy(connection, copy, database.name());
            });
        } catch (SQLException e) {
            throw failure("Database " + database + " could not be made anew", e);
        }
    }

    private void dropReplaced(Connection connection, TestDatabase live, String old) {
        try {
            engine().dropDatabase(connection, old);
        } catch (SQLException e) {
            throw failure("Database " + live + " was replaced, but the old one is left behind as " + old, e);
        }
    }

    private void rename(Connection connection, String name, String newName) throws SQLException {
        String sql = engine().renameDatabase(name, newName)
                .orElseThrow(() -> new ServerException(
                        engine().displayName() + " cannot rename a database, so none can take the place of another",
                        null));
        try {
            execute(connection, sql);
        } catch (SQLException e) {
            if (engine().isInUse(e)) {
                throw inUse("Database " + name + " on " + description() + " could not be renamed", name, e);
            }
            throw e;
        }
    }

    private DatabaseInUseException inUse(String what, String database, SQLException refusal) throws SQLException {
        Login login = new Login(engine().withDatabase(admin.url(), database), admin.user(), admin.password());
        try (Connection connection = login.open()) {
            List<String> sessions = engine().otherSessions(connection);
            String whose = sessions.isEmpty() ? "" : "\nConnected are:\n- " + String.join("\n- ", sessions);
            return new DatabaseInUseException(what + ": " + describe(engine(), refusal) + whose, refusal, sessions);
        }
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** Tells whether the server runs without waiting for its disks, as those do that were started for a run. */
    boolean isThrowAway() {
        return true;
    }

    /** {@return the SQL that creates an empty database for its owner} */
    String createDatabaseSql(String name, DatabaseDefaults defaults) {
        return engine().createDatabase(name, defaults);
    }

    final TestDatabase handOut(String name, TestDatabase.Release release) {
        String url = engine().withDatabase(owner.url(), name);
        Login migrator = migrator();
        return new TestDatabase(
                this,
                name,
                url,
                owner.user(),
                owner.password(),
                new Login(url, migrator.user(), migrator.password()),
                roles,
                release);
    }

    /** {@return as whom databases are migrated} */
    Login migrator() {
        return owner;
    }

    /**
     * Leaves a database where it is when the run ends, and so the server that it is on.
     *
     * @return as of {@link TestDatabase#keep}
     */
    String keep(String database) {
        if (!answers()) {
            throw new ServerException(
                    "Database " + database + " is not kept: " + description() + " no longer runs, " + epitaph(), null);
        }
        Login login = new Login(
                withoutParameters(engine().withDatabase(owner.url(), database)), owner.user(), owner.password());
        String where = login + "\n" + access(database);
        databases.remove(database);
        kept.add(database);
        return where;
    }

    /** {@return how to connect to a database and how to remove it, once the run is over; no password} */
    abstract String access(String database);

    final boolean keepsDatabases() {
        return !kept.isEmpty();
    }

    /** Drops the databases that nobody has closed or kept, and logs out. */
    final void dropDatabases() {
        databases.forEach(this::dropOrLog);
        try {
            connections.close();
        } catch (SQLException e) {
            LOGGER.log(Level.DEBUG, "A connection to {0} could not be closed: {1}", this, e);
        }
    }

    private void dropOrLog(String name) {
        try {
            dropDatabase(name);
        } catch (SQLException e) {
            LOGGER.log(Level.WARNING, "Database {0} on {1} could not be dropped: {2}", name, this, e);
        }
    }

    private void dropDatabase(String name) throws SQLException {
        cache.ifPresent(slot -> slot.forget(name));
        try {
            connections.use(connection -> {
                engine().dropDatabase(connection, name);
                roles.takeBack(connection, name);
            });
        } catch (SQLException e) {
            // With the server its databases are gone; a test that passed has no use for an error.
            if (answers()) {
                throw e;
            }
        }
        // One that could not be dropped is tried again at the end.
        databases.remove(name);
    }

    /** {@return what to throw for the engine's refusal; a server that has died says so} */
    ServerException failure(String what, SQLException cause) {
        String state = answers() ? "" : ". The server no longer runs: " + epitaph();
        return new ServerException(what + ": " + describe(engine(), cause) + state, cause);
    }

    /** {@return what is known of the end of a server that no longer answers} */
    String epitaph() {
        return "nothing answers at " + withoutParameters(admin.url());
    }

    /** Tells, in a millisecond or so, whether something listens at the server's port. */
    boolean answers() {
        String authority = admin.url().replaceFirst("^[^/]*//([^/?]*).*", "$1");
        int colon = authority.lastIndexOf(':');
        try (Socket socket = new Socket()) {
            socket.connect(
                    new InetSocketAddress(
                            authority.substring(0, colon), Integer.parseInt(authority.substring(colon + 1))),
                    CONNECT_TIMEOUT_MILLIS);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    @Override
    public Optional<ClientHost> clientHost() {
        return Optional.empty();
    }

    /**
     * Finds the way from a container to this server.
     *
     * @throws ServerException if there is none
     */
    Route route() {
        return Route.to(engine().address(owner.url()));
    }

    @Override
    public final String toString() {
        return description();
    }

    /** {@return the engine's own message, its SQLSTATE and, where it is known, the likely cause} */
    static String describe(Engine engine, SQLException e) {
        String message = String.valueOf(e.getMessage()).strip();
        String state = e.getSQLState() == null ? "" : " (SQLSTATE " + e.getSQLState() + ")";
        return message
                + state
                + engine.likelyCause(e.getSQLState() == null ? "" : e.getSQLState(), message)
                        .map(cause -> "; " + cause)
                        .orElse("");
    }

    /** Fails where no JDBC driver takes the URL: better before a server is started than after. */
    static void requireDriver(Engine engine, String url) {
        try {
            DriverManager.getDriver(url);
        } catch (SQLException e) {
            throw new ServerException(
                    "There is no JDBC driver for " + engine.displayName() + " on the class path. Add "
                            + engine.driverArtifact() + " to the dependencies of the tests",
                    e);
        }
    }

    private static String withoutParameters(String url) {
        return url.replaceFirst("\\?.*$", "");
    }

    /** {@return a name of letters and digits only, which needs no quotes and is no pattern in a GRANT} */
    static String randomName() {
        byte[] bytes = new byte[5];
        RANDOM.nextBytes(bytes);
        return NAMES + HexFormat.of().formatHex(bytes);
    }
}
