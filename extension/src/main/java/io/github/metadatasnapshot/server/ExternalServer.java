package io.github.metadatasnapshot.server;

import io.github.metadatasnapshot.engine.DatabaseDefaults;
import io.github.metadatasnapshot.engine.Engine;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Semaphore;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A server that runs already, and runs on. */
final class ExternalServer extends AbstractServer {

    private static final System.Logger LOGGER = System.getLogger("io.github.metadatasnapshot");
    private static final int OBJECTS_SHOWN = 5;

    /** How the names of users for migrations begin; an account of MySQL has 32 characters at most. */
    private static final String MIGRATOR = "snapshot_m_";

    private final Login login;
    private final Optional<Login> migrator;
    private final boolean singleDatabase;
    private final boolean probe;
    private final Semaphore single = new Semaphore(1);
    private volatile @Nullable Thread holder;
    private boolean ours;
    private final boolean withClient;
    private final String firstDatabase;
    private @Nullable Client client;

    /**
     * What there is of client tools: those that reach the server, or why there are none.
     *
     * @param found the container with the tools in it
     * @param reason why there are none that reach the server
     */
    private record Client(Optional<ClientContainer.Tools> found, Optional<String> reason) {}

    private ExternalServer(
            ServerSpec spec,
            String version,
            Login login,
            Optional<Login> migrator,
            ExternalSettings settings,
            String firstDatabase) {
        super(spec, version, login, login);
        this.withClient = settings.client();
        this.firstDatabase = firstDatabase;
        this.login = login;
        this.migrator = migrator;
        this.singleDatabase = settings.singleDatabase();
        this.probe = settings.probe();
    }

    /**
     * Connects to a server.
     *
     * @throws ServerUnavailableException if the server is of another version than was asked for
     * @throws ServerException if there is no driver, no server answers or it refuses the login
     */
    static ExternalServer connect(ServerSpec spec, ExternalSettings settings) {
        Engine engine = spec.engine();
        Login login = new Login(settings.url(), settings.user(), settings.password());
        requireDriver(engine, settings.url());
        String version;
        String firstDatabase;
        boolean writesAnywhere;
        try (Connection connection = login.open()) {
            version = engine.serverVersion(connection);
            String named = connection.getCatalog();
            firstDatabase = named == null || named.isEmpty() ? "information_schema" : named;
            writesAnywhere = engine.writesAnywhere(connection);
        } catch (SQLException e) {
            throw new ServerException(
                    "The external server " + login + " cannot be used: "
                            + engine.certificateRefused(e).orElseGet(() -> describe(engine, e)) + ". It is set by "
                            + keys(engine),
                    e);
        }
        if (!spec.accepts(version)) {
            throw new ServerUnavailableException(
                    "the external server is " + engine.displayName() + " " + version + ", asked is "
                            + spec.version().orElse(spec.image()) + "; set " + key(engine, "url")
                            + " to a server of that version",
                    null);
        }
        Optional<Login> migrator = writesAnywhere ? confined(engine, login, settings) : Optional.empty();
        return new ExternalServer(spec, version, login, migrator, settings, firstDatabase);
    }

    /** Creates a user for the run that migrates, who does not reach the databases of others. */
    private static Optional<Login> confined(Engine engine, Login login, ExternalSettings settings) {
        String why = "the one database need not have a name of ours";
        if (!settings.singleDatabase()) {
            Login confined = new Login(login.url(), randomName().replace(NAMES, MIGRATOR), Login.randomPassword());
            try (Connection connection = login.open()) {
                try (Statement statement = connection.createStatement()) {
                    for (String sql : engine.confinedUser(confined.user(), confined.password(), NAMES)) {
                        statement.execute(sql);
                    }
                    confined.open().close();
                    return Optional.of(confined);
                } catch (SQLException e) {
                    why = "no user could be created who may not: " + describe(engine, e);
                    engine.dropRole(connection, confined.user() + "@%");
                }
            } catch (SQLException e) {
                why += "; " + describe(engine, e);
            }
        }
        LOGGER.log(
                System.Logger.Level.WARNING,
                "{0} may write to every database of the external server: that migrations keep to theirs is not looked at"
                        + " there, as {1}",
                login,
                why);
        return Optional.empty();
    }

    @Override
    Login migrator() {
        return migrator.orElse(login);
    }

    @Override
    public boolean takesProbes() {
        return probe;
    }

    static String key(Engine engine, String name) {
        return "metadatasnapshot.external." + engine.id() + "." + name;
    }

    private static String keys(Engine engine) {
        return List.of("url", "user", "password", "single-database").stream()
                .map(name -> key(engine, name))
                .collect(Collectors.joining(", "));
    }

    @Override
    public String description() {
        return engine().displayName() + " " + version() + " at " + login;
    }

    @Override
    TestDatabase createDatabase(DatabaseDefaults defaults) {
        if (!singleDatabase) {
            return super.createDatabase(defaults);
        }
        if (!defaults.isNone()) {
            throw new ServerException(
                    "The one database of " + description() + " has its own defaults, so it cannot be given those of"
                            + " databaseDefaults: leave that out, and give them to the database",
                    null);
        }
        return takeSingleDatabase();
    }

    @Override
    ServerException failure(String what, SQLException cause) {
        ServerException failure = super.failure(what, cause);
        if (!"42501".equals(cause.getSQLState()) && cause.getErrorCode() != 1044) {
            return failure;
        }
        String privilege = engine() == Engine.POSTGRESQL
                ? "CREATEDB (ALTER ROLE " + login.user() + " CREATEDB)"
                : "CREATE on databases whose names begin with snapshot (GRANT ALL ON `snapshot%`.* TO " + login.user()
                        + ")";
        return new ServerException(
                failure.getMessage() + ". The user " + login.user() + " needs the privilege " + privilege
                        + "; or set " + key(engine(), "single-database")
                        + "=true and let the URL name an empty database, which then serves the tests in turn",
                cause);
    }

    /** {@return true: it is not ours to start again, and its driver says what is wrong} */
    @Override
    boolean answers() {
        return true;
    }

    @Override
    public TestDatabase copyOf(TestDatabase source) {
        requireSeveralDatabases();
        return super.copyOf(source);
    }

    @Override
    public boolean copies() {
        return !singleDatabase;
    }

    @Override
    public void replace(TestDatabase live, TestDatabase with) {
        requireSeveralDatabases();
        super.replace(live, with);
    }

    @Override
    public TestDatabase createLike(TestDatabase other) {
        requireSeveralDatabases();
        return super.createLike(other);
    }

    @Override
    public void makeEmpty(TestDatabase database) {
        if (!singleDatabase) {
            super.makeEmpty(database);
            return;
        }
        try (Connection connection = login.open()) {
            engine().emptyDatabase(connection);
            List<String> left = objects(connection);
            if (!left.isEmpty()) {
                throw new ServerException(
                        "The database " + databaseName(connection) + " of " + description()
                                + " could not be emptied: it still holds " + some(left),
                        null);
            }
        } catch (SQLException e) {
            throw failure("The database of " + description() + " could not be emptied", e);
        }
    }

    private void requireSeveralDatabases() {
        if (singleDatabase) {
            throw new ServerException(
                    "This test needs two databases at a time, and " + key(engine(), "single-database")
                            + "=true gives one. Let the user create databases",
                    null);
        }
    }

    private TestDatabase takeSingleDatabase() {
        if (Thread.currentThread().equals(holder)) {
            requireSeveralDatabases();
        }
        try {
            single.acquire();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ServerException("Interrupted while another test used the only database of " + description(), e);
        }
        boolean taken = false;
        try (Connection connection = login.open()) {
            if (!ours) {
                requireEmpty(connection);
                ours = true;
            }
            TestDatabase database = handOut(databaseName(connection), this::giveBackSingleDatabase);
            holder = Thread.currentThread();
            taken = true;
            return database;
        } catch (SQLException e) {
            throw failure("The database of " + description() + " cannot be used", e);
        } finally {
            if (!taken) {
                single.release();
            }
        }
    }

    private void giveBackSingleDatabase() throws SQLException {
        holder = null;
        // Where emptying fails, what is left is found again, and reported, before the next test gets the database.
        ours = false;
        try (Connection connection = login.open()) {
            engine().emptyDatabase(connection);
            roles.takeBack(connection, databaseName(connection));
        } finally {
            single.release();
        }
    }

    private String databaseName(Connection connection) throws SQLException {
        String name = connection.getCatalog();
        if (name == null || name.isEmpty()) {
            throw new ServerException(
                    key(engine(), "single-database") + "=true needs a database in " + key(engine(), "url")
                            + ", which is " + Login.withoutPasswords(login.url()),
                    null);
        }
        return name;
    }

    private void requireEmpty(Connection connection) throws SQLException {
        String name = databaseName(connection);
        List<String> objects = objects(connection);
        if (!objects.isEmpty()) {
            throw new ServerException(
                    "The database " + name + " of " + description() + " is not empty, and was left as it is: it holds "
                            + some(objects)
                            + ". With " + key(engine(), "single-database")
                            + "=true the database is emptied after each test, so it must hold nothing of worth: name an"
                            + " empty one in " + key(engine(), "url"),
                    null);
        }
    }

    private List<String> objects(Connection connection) throws SQLException {
        List<String> objects = new ArrayList<>();
        engine().tables(connection).forEach(table -> objects.add(table.toString()));
        objects.addAll(engine().otherObjects(connection));
        return objects;
    }

    private static String some(List<String> objects) {
        int more = objects.size() - OBJECTS_SHOWN;
        return String.join(", ", objects.subList(0, Math.min(OBJECTS_SHOWN, objects.size())))
                + (more > 0 ? " and " + more + " more" : "");
    }

    @Override
    String keep(String database) {
        if (singleDatabase) {
            throw new ServerException(
                    "Database " + database + " is not kept: it serves the tests in turn, as "
                            + key(engine(), "single-database") + "=true says",
                    null);
        }
        return super.keep(database);
    }

    @Override
    String access(String database) {
        return """
                password: the one of %s
                remove:   DROP DATABASE %s""".formatted(key(engine(), "password"), database);
    }

    @Override
    boolean isThrowAway() {
        return false;
    }

    @Override
    public Optional<ClientTools> clientTools() {
        return withClient ? client().found().map(ClientContainer.Tools::tools) : Optional.empty();
    }

    @Override
    public Optional<String> whyNoClientTools(Set<String> missingRoles) {
        if (!withClient) {
            return Optional.empty();
        }
        Optional<String> roles = missingRoles.isEmpty()
                ? Optional.empty()
                : Optional.of("it cannot leave out the roles that the backup names, the server lacks and "
                        + login.user() + " may not create: " + String.join(", ", new TreeSet<>(missingRoles)));
        return client().reason().or(() -> roles);
    }

    private synchronized Client client() {
        Client known = client == null ? startClient() : client;
        if (!Thread.currentThread().isInterrupted()) {
            client = known;
        }
        return known;
    }

    private Client startClient() {
        String image = spec().reference();
        try {
            ClientContainer.Tools tools = ClientContainer.reaching(image, engine(), login.url());
            Optional<String> refusal =
                    tools.tools().whyNoLogin(engine(), login.user(), login.password(), firstDatabase);
            if (refusal.isEmpty()) {
                return new Client(Optional.of(tools), Optional.empty());
            }
            tools.close();
            return new Client(
                    Optional.empty(),
                    Optional.of("the client in a container of " + image + " does not reach " + login + ": "
                            + Login.withoutPasswords(refusal.get())));
        } catch (ServerException | IllegalArgumentException e) {
            return new Client(Optional.empty(), Optional.of(String.valueOf(e.getMessage())));
        }
    }

    @Override
    public void close() {
        // The server runs on, but what is prepared for tests lasts as long as the run.
        dropDatabases();
        synchronized (this) {
            if (client != null) {
                client.found().ifPresent(ClientContainer.Tools::close);
            }
        }
        // What a kept database holds may be that user's.
        if (!keepsDatabases()) {
            migrator.ifPresent(this::drop);
        }
    }

    private void drop(Login user) {
        try (Connection connection = login.open()) {
            engine().dropRole(connection, user.user() + "@%");
        } catch (SQLException e) {
            LOGGER.log(System.Logger.Level.WARNING, "User {0} on {1} could not be dropped: {2}", user.user(), this, e);
        }
    }
}
