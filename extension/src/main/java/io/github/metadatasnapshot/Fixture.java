package io.github.metadatasnapshot;

import io.github.metadatasnapshot.server.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** What a test was given, and what is taken back after it. */
final class Fixture implements AutoCloseable {

    private final TestDatabase testDatabase;
    private final MetadataDatabase database;
    private final Return back;
    private @Nullable Connection connection;
    private boolean handedOut;

    /** Takes a database back after its test, which may have changed it where it was handed out. */
    interface Return {
        void take(TestDatabase database, boolean handedOut);
    }

    Fixture(TestDatabase testDatabase, MetadataDatabase database, Return back) {
        this.testDatabase = testDatabase;
        this.database = database;
        this.back = back;
    }

    /** Notes that the test may do with the database what it likes. */
    synchronized void handOut() {
        handedOut = true;
    }

    MetadataDatabase database() {
        return database;
    }

    /** {@return the test's connection, the same for all of its parameters} */
    synchronized Connection connection() {
        try {
            if (connection == null || connection.isClosed()) {
                connection = database.connect();
            }
            return connection;
        } catch (SQLException e) {
            throw new IllegalStateException("No connection to " + testDatabase + ": " + e.getMessage(), e);
        }
    }

    @Override
    public synchronized void close() throws SQLException {
        try {
            if (connection != null) {
                connection.close();
            }
        } finally {
            back.take(testDatabase, handedOut);
        }
    }
}
