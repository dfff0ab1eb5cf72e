package io.github.metadatasnapshot.migration;

import io.github.metadatasnapshot.engine.HistoryTable;
import io.github.metadatasnapshot.engine.Version;
import io.github.metadatasnapshot.server.TestDatabase;
import java.util.List;
import java.util.NavigableSet;
import java.util.Optional;

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
        return Migration.versions(migrations(database));
    }

    /**
     * Tells whether {@link #migrations} lists all that a history can hold, so that one which is missing there was deleted.
     *
     * @return false where only releases are known, and not what each of them applies; by default true
     */
    default boolean listsAllMigrations() {
        return true;
    }

    /**
     * Tells why nothing can be migrated here. Tests are not run then, as where their database is missing.
     *
     * @return what is missing and the way out, such as that there is no Docker engine; empty, as by default, where all is
     *     there
     */
    default Optional<String> whyUnavailable() {
        return Optional.empty();
    }

    /**
     * Reads the files of the migrations that there are, for telling which one an object comes from.
     *
     * @param database a database to ask the question of, which stays as it is
     * @return the files that can be read, in any order; by default none
     * @throws MigrationException if the migrations cannot be read
     */
    default List<MigrationScript> scripts(TestDatabase database) {
        return List.of();
    }

    /**
     * Tells by their contents what the migrations up to a version make of an empty database, so that a later run may take
     * what this one made.
     *
     * @param database a database to ask the question of, which stays as it is
     * @param target the version
     * @return a fingerprint that is another one where anything is different; by default empty: it cannot be told
     * @throws MigrationException if the migrations cannot be read
     */
    default Optional<String> contents(TestDatabase database, Version target) {
        return Optional.empty();
    }

    /**
     * Holds what a database's history says against the migrations that there are today.
     *
     * @param database the database, which stays as it is
     * @param target the version up to which migrations count as missing where the history lacks them
     * @return a line for each contradiction, such as a checksum that is another today; none where all is well
     * @throws MigrationException if the migrations or the history cannot be read
     */
    List<String> validate(TestDatabase database, Version target);

    /** Tells whether {@link #migrate} fails where {@link #validate} finds a contradiction; by default it is not known to. */
    default boolean validatesWhenMigrating() {
        return false;
    }

    /**
     * Tells which of today's migrations the migrator has left out of what it did so far, and why: what did not run is not
     * proven.
     *
     * @return a line each, for people; by default none
     */
    default List<String> leftOut() {
        return List.of();
    }

    /** Tells whether the product lets migrations be applied after those of a higher version; by default it does not. */
    default boolean appliesOutOfOrder() {
        return false;
    }

    /**
     * Tells whether a repeatable migration is known to be of a later release than a version, and does not run there.
     *
     * @param migration one of {@link #migrations}
     * @param at the version
     * @return whether it is left out; by default false
     */
    default boolean leavesOut(Migration migration, Version at) {
        return false;
    }

    /**
     * Tells at which version the migrator takes over a database that holds tables and no history, as Flyway does with {@code
     * baselineOnMigrate}.
     *
     * @return the version; empty, as by default, where it does not
     */
    default Optional<Version> baseline() {
        return Optional.empty();
    }

    /**
     * Takes over a database that holds tables and no history: begins its history at {@link #baseline}.
     *
     * @param database the database
     * @throws MigrationException if the history cannot be begun
     */
    default void baseline(TestDatabase database) {
        throw new MigrationException(this + " takes over no database that has no history", null);
    }

    /** {@return where the migrator writes down what it applied} */
    HistoryTable historyTable();

    /**
     * Migrates a database. By {@link TestDatabase#migrationDataSource}, migrations do not reach other databases, where the
     * server was started for the run; by the database's own user they may.
     *
     * @param database the database
     * @param target the version to migrate to, one of {@link #versions}
     * @param purpose what the migration is for
     * @return what was applied, and why it stopped where it did
     * @throws MigrationException if the migration cannot be tried
     * @throws io.github.metadatasnapshot.server.ServerUnavailableException if {@link #whyUnavailable} has a reason
     */
    MigrationRun migrate(TestDatabase database, Version target, Purpose purpose);

    /**
     * Migrates a database, and stops before a migration.
     *
     * @param database the database
     * @param target the version to migrate to, one of {@link #versions}
     * @param script the file of the migration before which it stops, as a {@link MigrationFailure} names it
     * @return what was applied before; empty, as by default, where the migrator cannot stop there and has done nothing
     * @throws MigrationException if the migrator did not get there
     */
    default Optional<List<AppliedMigration>> migrateBefore(TestDatabase database, Version target, String script) {
        return Optional.empty();
    }

    /**
     * Migrates a database for a comparison, counts the statements of each migration, and breaks it off in one of them.
     *
     * @param database the database
     * @param target the version to migrate to, one of {@link #versions}
     * @param breakOff which statement the server is to refuse; empty for none
     * @return what came of it; empty, as by default, where the migrator's statements are not seen and nothing was done
     * @throws MigrationException if the migration cannot be tried
     */
    default Optional<WatchedRun> migrateWatched(TestDatabase database, Version target, Optional<BreakOff> breakOff) {
        return Optional.empty();
    }

    /** What a migration is for. */
    enum Purpose {
        /** Making a database of an old version: what assumes the newest version may be left out. */
        PREPARE,
        /** The upgrade that a test is about. */
        UPGRADE,
        /** What such an upgrade is compared with: only what it leaves in the database counts. */
        COMPARISON
    }
}
