package io.github.metadatasnapshot.migration;

import io.github.metadatasnapshot.engine.Version;
import io.github.metadatasnapshot.server.TestDatabase;
import io.github.metadatasnapshot.shape.HistoryTable;
import java.util.Collections;
import java.util.List;
import java.util.NavigableSet;
import java.util.TreeSet;

/** Migrates databases: Flyway, or what a product has in its place. Safe for use by several threads. */
public interface Migrator {

    /**
     * Lists the migrations that there are today, whatever the database's history says of them.
     *
     * @param database a database to ask the question of, which stays as it is
     * @return the migrations, in any order
     * @throws MigrationException if the migrations cannot be read
     */
    List<Migration> migrations(TestDatabase database);

    /**
     * Lists the versions that there are migrations to.
     *
     * @param database a database to ask the question of, which stays as it is
     * @return the versions, the lowest first
     * @throws MigrationException if the migrations cannot be read
     */
    default NavigableSet<Version> versions(TestDatabase database) {
        NavigableSet<Version> versions = new TreeSet<>();
        migrations(database).forEach(migration -> migration.version().ifPresent(versions::add));
        return Collections.unmodifiableNavigableSet(versions);
    }

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
