package io.github.metadatasnapshot;

import io.github.metadatasnapshot.server.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** What a test was given, and what is taken back after it. */
final class Fixture implements AutoCloseable {

    private final TestDatabase testDatabase;
    private final MetadataDatabase database;
    private final Consumer<TestDatabase> whereOnlyTheExtensionUsedIt;
    private final Predicate<TestDatabase> keep;
    private @Nullable Connection connection;
    private boolean handedOut;

    /**
     * @param whereOnlyTheExtensionUsedIt takes the database back where the test has not asked for it; else it is closed
     * @param keep keeps the database where that is to be done, and tells whether it has
     */
    Fixture(
            TestDatabase testDatabase,
            MetadataDatabase database,
            Consumer<TestDatabase> whereOnlyTheExtensionUsedIt,
            Predicate<TestDatabase> keep) {
        this.testDatabase = testDatabase;
        this.database = database;
        this.whereOnlyTheExtensionUsedIt = whereOnlyTheExtensionUsedIt;
        this.keep = keep;
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
        if (keep.test(testDatabase)) {
            if (connection != null) {
                connection.close();
            }
            return;
        }
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
