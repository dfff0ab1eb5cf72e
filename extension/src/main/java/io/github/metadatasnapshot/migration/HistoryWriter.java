package io.github.metadatasnapshot.migration;

import java.sql.Connection;
import java.sql.SQLException;

/** Writes down, as a product does, what was applied. */
@FunctionalInterface
public interface HistoryWriter {

    /**
     * Writes a migration down.
     *
     * @param connection the migration's own connection, in its transaction if it has one; not to be closed
     * @param migration what was applied
     * @throws SQLException if the server refuses, which fails the migration
     */
    void write(Connection connection, WrittenMigration migration) throws SQLException;
}
