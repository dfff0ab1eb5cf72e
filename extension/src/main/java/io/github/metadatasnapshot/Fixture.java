package io.github.metadatasnapshot;

import io.github.metadatasnapshot.server.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What a test was given, and what is taken back after it. */
final class Fixture implements AutoCloseable {

    private final TestDatabase testDatabase;
    private final MetadataDatabase database;
    private final Consumer<TestDatabase> whereOnlyTheExtensionUsedIt;
    private @Nullable Connection connection;
    private boolean handedOut;

    /**
     * @param whereOnlyTheExtensionUsedIt takes the database back where the test has not asked for it; else it is closed
     */
    Fixture(TestDatabase testDatabase, MetadataDatabase database, Consumer<TestDatabase> whereOnlyTheExtensionUsedIt) {
        this.testDatabase = testDatabase;
        this.database = database;
        this.whereOnlyTheExtensionUsedIt = whereOnlyTheExtensionUsedIt;
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
        if (!handedOut) {
            whereOnlyTheExtensionUsedIt.accept(testDatabase);
            return;
        }
        try (testDatabase) {
            if (connection != null) {
                connection.close();
            }
        }
    }
}
