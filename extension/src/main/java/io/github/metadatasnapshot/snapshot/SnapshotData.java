package io.github.metadatasnapshot.snapshot;

import java.sql.Connection;

/**
 * Fills a database with data before a backup of it is captured, as users of that version would have it. Needs a constructor
 * without parameters.
 *
 * <pre>{@code
 * class CatalogData implements SnapshotData {
 *     public void fill(Connection connection, String version) throws SQLException {
 *         try (Statement statement = connection.createStatement()) {
 *             statement.execute("INSERT INTO owner (name) VALUES ('Ann of " + version + "')");
 *         }
 *     }
 * }
 * }</pre>
 *
 * @since 0.1
 */
@FunctionalInterface
public interface SnapshotData {

    /**
     * Fills in data. What is in the database already is what the migrations wrote, and, where there is a backup of an
     * earlier version, what became of that.
     *
     * @param connection a connection to the database; it commits each statement unless told otherwise, and is committed
     *     and closed by the caller
     * @param version the version that the database is at
     * @throws Exception if that is not possible; nothing is captured then
     */
    void fill(Connection connection, String version) throws Exception;

    /** No data but what is there already. */
    final class None implements SnapshotData {

        /** Creates it. */
        public None() {}

        @Override
        public void fill(Connection connection, String version) {}
    }
}
