package io.github.metadatasnapshot.server;

import io.github.metadatasnapshot.engine.CopyPlan;
import io.github.metadatasnapshot.engine.DatabaseNameColumn;
import io.github.metadatasnapshot.engine.Engine;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collection;
import java.util.Optional;
import java.util.Queue;
import java.util.SortedSet;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** A database that one test has for itself. */
public final class TestDatabase implements AutoCloseable {

    /** Gives a database back to the server that it came from. */
    interface Release {
        void run() throws SQLException;
    }

    private final AbstractServer server;
    private final String name;
    private final String jdbcUrl;
    private final String user;
    private final String password;
    private final Login migrator;
    private final LentRoles roles;
    private final Release release;
    private final AtomicBoolean closed = new AtomicBoolean();
    private final Queue<Runnable> afterwards = new ConcurrentLinkedQueue<>();
    private DatabaseServer seenFrom;
    private boolean frozen;
    private Optional<DatabaseNameColumn> nameColumn = Optional.empty();
    private @Nullable CopyPlan plan;
    private boolean rowsOnly;

    TestDatabase(
            AbstractServer server,
            String name,
            String jdbcUrl,
            String user,
            String password,
            Login migrator,
            LentRoles roles,
            Release release) {
        this.server = server;
        this.seenFrom = server;
        this.name = name;
        this.jdbcUrl = jdbcUrl;
        this.user = user;
        this.password = password;
        this.migrator = migrator;
        this.roles = roles;
        this.release = release;
    }

    /** Returns the server. */
    public DatabaseServer server() {
        return seenFrom;
    }

    /** Lets the database say that it is on the server with other defaults, which it was created with. */
    TestDatabase seenFrom(DatabaseServer withDefaults) {
        seenFrom = withDefaults;
        return this;
    }

    Route route() {
        return server.route();
    }

    /** Returns the engine. */
    public Engine engine() {
        return server.engine();
    }

    /** Returns the name. */
    public String name() {
        return name;
    }

    /** Returns the JDBC URL, without user and password. */
    public String jdbcUrl() {
        return jdbcUrl;
    }

    /**
     * Returns the JDBC URL with further parameters.
     *
     * @param parameters such as {@code a=1&b=2}
     * @throws IllegalArgumentException if there are none, or they begin with {@code ?} or {@code &}
     */
    public String jdbcUrl(String parameters) {
        if (parameters.isBlank() || parameters.startsWith("?") || parameters.startsWith("&")) {
            throw new IllegalArgumentException("'" + parameters
                    + "' are no parameters of a JDBC URL: they are written without a ? or & in front, such as"
                    + " a=1&b=2");
        }
        return jdbcUrl() + (jdbcUrl().contains("?") ? "&" : "?") + parameters;
    }

    /** Returns the user that owns the database. */
    public String user() {
        return user;
    }

    /** Returns the user's password. */
    public String password() {
        return password;
    }

    /**
     * Opens a connection.
     *
     * @return a new connection, to be closed by the caller
     * @throws SQLException if the server refuses
     */
    public Connection open() throws SQLException {
        return login().open();
    }

    /**
     * Opens a connection of the server's administrator to another database of the server, if there is one.
     *
     * @return a new connection, to be closed by the caller
     * @throws SQLException if the server refuses
     */
    public Connection openBeside() throws SQLException {
        return server.admin.open();
    }

    /** Returns a data source that opens a connection for each that is asked for. */
    public DataSource dataSource() {
        return new DriverManagerDataSource(login());
    }

    private Login login() {
        return new Login(jdbcUrl, user, password);
    }

    /**
     * Returns the data source of migrations: their user is confined to this database where the server was started for the
     * run and its sessions can reach others.
     */
    public DataSource migrationDataSource() {
        return new DriverManagerDataSource(migrator);
    }

    /** Returns the user of migrations. */
    public String migrationUser() {
        return migrator.user();
    }

    /** Returns the password of the user of migrations. */
    public String migrationPassword() {
        return migrator.password();
    }

    /**
     * Creates the roles that a backup names and that the server lacks. They are dropped once no database that asked for them
     * is there any more.
     *
     * @param connection a connection to this database
     * @param names the roles: names on PostgreSQL, {@code user@host} on MySQL and MariaDB
     * @return those that the connected user may neither create nor act as
     * @throws SQLException if the server does not answer
     */
    public SortedSet<String> lendRoles(Connection connection, Collection<String> names) throws SQLException {
        return roles.lend(connection, name, names);
    }

    /**
     * Says where the database holds its own name: a copy of it gets its own there.
     *
     * @param column the column in which rows name the database; empty where there is none
     * @return this
     */
    public TestDatabase named(Optional<DatabaseNameColumn> column) {
        nameColumn = column;
        return this;
    }

    /** {@return the column in which rows name the database; empty where there is none} */
    public Optional<DatabaseNameColumn> nameColumn() {
        return nameColumn;
    }

    /** Lets rows that name another database name this one. */
    void takeOver(String other) throws SQLException {
        if (nameColumn.isPresent()) {
            try (Connection connection = open()) {
                nameColumn.get().rewrite(connection, engine(), other, name);
            }
        }
    }

    /**
     * Makes a copy as {@link DatabaseServer#copyOf} does, which is closed with this database at the latest.
     *
     * @return the copy
     * @throws ServerException as {@link DatabaseServer#copyOf} does
     */
    public TestDatabase copy() {
        TestDatabase copy = server.copyOf(this);
        afterwards.add(copy::close);
        return copy;
    }

    /** Runs something when the database is closed, before it is dropped. */
    public void onClose(Runnable action) {
        afterwards.add(action);
    }

    /** Promises that the database is not changed from now on, so that what copies take of it is looked up once. */
    public synchronized void freeze() {
        frozen = true;
    }

    synchronized boolean isFrozen() {
        return frozen;
    }

    /** Looks up what copies by the engine's tools take of a database. */
    interface PlanReader {
        CopyPlan read() throws SQLException;
    }

    /** {@return what copies by the engine's tools take of the database} */
    synchronized CopyPlan copyPlan(PlanReader reader) throws SQLException {
        CopyPlan read = plan == null ? reader.read() : plan;
        if (frozen) {
            plan = read;
        }
        return rowsOnly ? read.withoutFiles() : read;
    }

    /** Lets further copies copy rows alone. */
    synchronized void copyRowsOnly() {
        rowsOnly = true;
    }

    /**
     * Leaves the database on its server, which is not stopped at the end of the run then, and closes its {@linkplain #copy
     * copies}.
     *
     * @return where it is, how to connect to it and how to remove it, a line each; no password
     * @throws ServerException if it cannot be kept; it is to be closed then
     */
    public String keep() {
        String where = server.keep(name);
        closed.set(true);
        afterwards.forEach(Runnable::run);
        return where;
    }

    /**
     * Drops the database, with the sessions that are still connected to it, and its {@linkplain #copy copies}. A second call
     * does nothing.
     *
     * @throws ServerException if the server refuses
     */
    @Override
    public void close() {
        if (closed.getAndSet(true)) {
            return;
        }
        try {
            afterwards.forEach(Runnable::run);
        } finally {
            drop();
        }
    }

    private void drop() {
        try {
            release.run();
        } catch (SQLException e) {
            throw new ServerException(
                    "Database " + name + " on " + server.description() + " could not be dropped: "
                            + AbstractServer.describe(engine(), e),
                    e);
        }
    }

    /** Returns the database for people. */
    @Override
    public String toString() {
        return name + " on " + server.description();
    }
}
