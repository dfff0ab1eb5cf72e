package io.github.metadatasnapshot.migration;

import java.sql.Connection;

/** What a migration does in Java. */
@FunctionalInterface
public interface MigrationStep {

    /**
     * Runs the step.
     *
     * @param connection the migration's own connection, in its transaction if it has one; not to be closed
     * @throws Exception if the step fails, which fails the migration
     */
    void run(Connection connection) throws Exception;
}
