package io.github.metadatasnapshot;

import io.github.metadatasnapshot.server.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** What a test was given, and what is taken back after it. */
final class Fixture implements AutoCloseable {

    private final TestDatabase testDatabase;
    private final MetadataDatabase database;
    private @Nullable Connection connection;

    Fixture(TestDatabase testDatabase, MetadataDatabase database) {
        this.testDatabase = testDatabase;
        this.database = database;
    }

    MetadataDatabase database() {
        return database;
    }

    /** {@return the test's connection, the same for all of its parameters} */
    synchronized Connection connection() {
        try {
            if (connection == null || connection.isClosed()) {
                connection = testDatabase.open();
            }
            return connection;
        } catch (SQLException e) {
            throw new IllegalStateException("No connection to " + testDatabase + ": " + e.getMessage(), e);
        }
    }

    @Override
    public synchronized void close() throws SQLException {
        try (testDatabase) {
            if (connection != null) {
                connection.close();
            }
        }
    }
}
