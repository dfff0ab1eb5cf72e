package io.github.metadatasnapshot.server;

import io.github.metadatasnapshot.engine.Engine;
import java.sql.Connection;
import java.sql.SQLException;

/** Makes a server that the tests have started one that they only know the URL of. */
public final class ExternalLogins {

    private ExternalLogins() {}

    /**
     * Creates a login role on a PostgreSQL server, in place of one that is there.
     *
     * @param attributes the role's attributes, such as {@code CREATEDB}
     * @return how a user reaches the server
     */
    public static ExternalSettings createRole(DatabaseServer server, String role, String attributes) {
        Login admin = ((AbstractServer) server).admin;
        String password = Login.randomPassword();
        try (Connection connection = admin.open();
                var statement = connection.createStatement()) {
            statement.execute(
                    "CREATE ROLE " + role + " LOGIN " + attributes + " PASSWORD '" + ScramVerifier.of(password) + "'");
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
        return new ExternalSettings(admin.url(), role, password, false);
    }

    /**
     * Creates a user of MySQL or MariaDB as a cloud service has them, who may do everything in databases of his own.
     *
     * @return how the user reaches the server
     */
    public static ExternalSettings createUser(DatabaseServer server) {
        Login admin = ((AbstractServer) server).admin;
        String user = "ordinary" + Login.randomPassword().substring(0, 8);
        String password = Login.randomPassword();
        try (Connection connection = admin.open();
                var statement = connection.createStatement()) {
            statement.execute("CREATE USER `" + user + "`@`%` IDENTIFIED BY '" + password + "'");
            statement.execute("GRANT ALL ON `snapshot%`.* TO `" + user + "`@`%`");
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
        return new ExternalSettings(admin.url(), user, password, false);
    }

    /** Creates an empty database that belongs to the role, for a server of which a user has one database only. */
    public static ExternalSettings createSingleDatabase(DatabaseServer server, ExternalSettings role, String name) {
        Login admin = ((AbstractServer) server).admin;
        try (Connection connection = admin.open();
                var statement = connection.createStatement()) {
            statement.execute("CREATE DATABASE " + name + " OWNER " + role.user());
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
        return new ExternalSettings(
                Engine.POSTGRESQL.withDatabase(role.url(), name), role.user(), role.password(), true);
    }

    /** Sets how many sessions a role may have; those that it has stay. -1 for any number. */
    public static void limitConnections(DatabaseServer server, String role, int limit) {
        try (Connection connection = ((AbstractServer) server).admin.open();
                var statement = connection.createStatement()) {
            statement.execute("ALTER ROLE " + role + " CONNECTION LIMIT " + limit);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Drops a database and a role that these methods have created. */
    public static void drop(DatabaseServer server, String database, String role) {
        Login admin = ((AbstractServer) server).admin;
        try (Connection connection = admin.open();
                var statement = connection.createStatement()) {
            if (!database.isEmpty()) {
                server.engine().dropDatabase(connection, database);
            }
            statement.execute("DROP ROLE " + role);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
