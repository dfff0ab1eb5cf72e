package io.github.metadatasnapshot.migration;

import io.github.metadatasnapshot.engine.Version;
import io.github.metadatasnapshot.server.TestDatabase;
import io.github.metadatasnapshot.shape.HistoryTable;
import java.util.NavigableSet;

/** Migrates databases: Flyway, or what a product has in its place. Safe for use by several threads. */
public interface Migrator {

    /**
     * Lists the versions that there are migrations to.
     *
     * @param database a database to ask the question of, which stays as it is
     * @return the versions, the lowest first
     * @throws MigrationException if the migrations cannot be read
     */
    NavigableSet<Version> versions(TestDatabase database);

    /** {@return where the migrator writes down what it applied} */
    HistoryTable historyTable();

    /**
     * Migrates a database.
     *
     * @param database the database
     * @param target the version to migrate to, one of {@link #versions}
     * @param purpose what the migration is for
     * @return what was applied, and why it stopped where it did
     * @throws MigrationException if the migration cannot be tried
     */
    MigrationRun migrate(TestDatabase database, Version target, Purpose purpose);

    /** What a migration is for. */
    enum Purpose {
        /** Making a database of an old version: what assumes the newest version may be left out. */
        PREPARE,
        /** The upgrade that a test is about. */
        UPGRADE
    }
}
