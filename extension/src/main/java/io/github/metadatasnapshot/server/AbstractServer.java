package io.github.metadatasnapshot.server;

import io.github.metadatasnapshot.engine.Engine;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.HexFormat;
import java.util.Optional;

/** A server that creates and drops databases by SQL, over a connection of its own each time. */
abstract class AbstractServer implements DatabaseServer {

    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int CONNECT_TIMEOUT_MILLIS = 2_000;

    private final ServerSpec spec;
    private final String version;
    final Login admin;
    private final Login owner;

    /**
     * @param admin who creates and drops databases, and the database to connect to for that
     * @param owner whom databases are handed out to; of the URL only host, port and parameters count
     */
    AbstractServer(ServerSpec spec, String version, Login admin, Login owner) {
        this.spec = spec;
        this.version = version;
        this.admin = admin;
        this.owner = owner;
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
    public TestDatabase createDatabase() {
        String name = randomName();
        try (Connection connection = admin.open();
                var statement = connection.createStatement()) {
            statement.execute(createDatabaseSql(name));
        } catch (SQLException e) {
            throw failure("A database could not be created on " + description(), e);
        }
        return handOut(name, () -> dropDatabase(name));
    }

    /** {@return the SQL that creates an empty database for its owner} */
    String createDatabaseSql(String name) {
        return engine().createDatabase(name);
    }

    final TestDatabase handOut(String name, TestDatabase.Release release) {
        return new TestDatabase(
                this, name, engine().withDatabase(owner.url(), name), owner.user(), owner.password(), release);
    }

    private void dropDatabase(String name) throws SQLException {
        try (Connection connection = admin.open()) {
            engine().dropDatabase(connection, name);
        } catch (SQLException e) {
            // With the server its databases are gone; a test that passed has no use for an error.
            if (answers()) {
                throw e;
            }
        }
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
    private static String randomName() {
        byte[] bytes = new byte[5];
        RANDOM.nextBytes(bytes);
        return "snapshot" + HexFormat.of().formatHex(bytes);
    }
}
