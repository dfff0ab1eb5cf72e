package io.github.metadatasnapshot.migration;

import io.github.metadatasnapshot.engine.Version;
import io.github.metadatasnapshot.server.TestDatabase;
import io.github.metadatasnapshot.shape.DataComparison;
import io.github.metadatasnapshot.shape.DataException;
import io.github.metadatasnapshot.shape.DataRules;
import io.github.metadatasnapshot.shape.DatabaseState;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.NavigableSet;
import java.util.Optional;

/** A migration of a database from the version that it was at to another one: what was asked for, and what came of it. */
public final class Upgrade {

    private final String database;
    private final Version to;
    private final DatabaseState before;
    private final DatabaseState after;
    private final MigrationRun run;
    private final long millis;
    private final UpgradeData data;

    private Upgrade(
            String database,
            Version to,
            DatabaseState before,
            DatabaseState after,
            MigrationRun run,
            long millis,
            UpgradeData data) {
        this.database = database;
        this.to = to;
        this.before = before;
        this.after = after;
        this.run = run;
        this.millis = millis;
        this.data = data;
    }

    /**
     * Migrates a database. What it holds is copied first, where the server can copy databases, so that {@link #compareData}
     * has something to compare with; the copy is dropped with the database.
     *
     * @param database the database
     * @param migrator what migrates it
     * @param target the version to migrate to, such as {@code 2.0}; empty for the latest
     * @return what came of it, a failed migration included
     * @throws MigrationException if there is no such version, or if it lies below the database's own
     */
    public static Upgrade run(TestDatabase database, Migrator migrator, Optional<String> target) {
        NavigableSet<Version> versions = migrator.versions(database);
        if (versions.isEmpty()) {
            throw new MigrationException("There is no versioned migration to migrate " + database + " with", null);
        }
        DatabaseState before = state(database, migrator);
        Version to = target.map(version -> known(version, versions)).orElseGet(versions::last);
        before.history().version().filter(from -> from.compareTo(to) > 0).ifPresent(from -> {
            throw new MigrationException(
                    "Cannot migrate " + database + " to " + to + ": it is at " + from
                            + ", which is later, and migrations only go forward. To see what a restore of " + to
                            + " does here, call restore with a backup of it",
                    null);
        });
        UpgradeData data = UpgradeData.keep(database, before, migrator.historyTable());
        long start = System.nanoTime();
        MigrationRun run = migrator.migrate(database, to, Migrator.Purpose.UPGRADE);
        long millis = (System.nanoTime() - start) / 1_000_000;
        return new Upgrade(
                database.server().spec().toString(), to, before, state(database, migrator), run, millis, data);
    }

    /**
     * Finds a version among those that there are migrations to.
     *
     * @param version the version, in any spelling that Flyway takes for the same
     * @param versions the versions that there are
     * @return the version
     * @throws MigrationException if it is not among them
     */
    public static Version known(String version, NavigableSet<Version> versions) {
        if (!Version.isVersion(version) || !versions.contains(Version.of(version))) {
            throw new MigrationException(
                    "There is no migration to version " + version + ". There are migrations to "
                            + String.join(
                                    ", ",
                                    versions.stream().map(Version::toString).toList()),
                    null);
        }
        return Version.of(version);
    }

    private static DatabaseState state(TestDatabase database, Migrator migrator) {
        try (Connection connection = database.open()) {
            return DatabaseState.read(connection, database.engine(), migrator.historyTable());
        } catch (SQLException e) {
            throw new MigrationException("The state of " + database + " cannot be read: " + e.getMessage(), e);
        }
    }

    /** {@return the database that was asked for, such as {@code postgres:17}} */
    public String database() {
        return database;
    }

    /** {@return the version that the database was at before, such as {@code 1.2}, or {@code no version}} */
    public String from() {
        return before.history().describeVersion();
    }

    /** {@return the version that was asked for} */
    public String to() {
        return to.toString();
    }

    /** {@return the version that the database is at now, by its history} */
    public String reached() {
        return after.history().describeVersion();
    }

    /** {@return the migrations that were applied, in their order} */
    public List<AppliedMigration> migrations() {
        return run.applied();
    }

    /** {@return why the upgrade stopped, empty where it did not} */
    public Optional<MigrationFailure> failure() {
        return run.failure();
    }

    /** Tells whether nothing failed and the history says that the database is at the version asked for. */
    public boolean succeeded() {
        return run.failure().isEmpty()
                && after.history().version().equals(Optional.of(to))
                && after.history().rows().stream().allMatch(row -> row.success());
    }

    /** {@return the database's state before} */
    public DatabaseState before() {
        return before;
    }

    /** {@return the database's state after} */
    public DatabaseState after() {
        return after;
    }

    /**
     * Compares what the database holds now with what it held before.
     *
     * @param rules what may be lost, and what has another name
     * @return what was lost
     * @throws MigrationException if there is no copy of the database before, with the reason; if the database was migrated
     *     again since; or if something cannot be read
     */
    public DataComparison compareData(DataRules rules) {
        return data.compare(rules, after);
    }

    /** {@return the exceptions of all comparisons so far, a list that grows with them} */
    public List<DataException> dataExceptions() {
        return data.exceptions();
    }

    /** {@return how long the migration took, in milliseconds, looking at the database left out} */
    public long millis() {
        return millis;
    }

    /** {@return the upgrade for people: {@code postgres:17 · 1.2 → 2.0}} */
    @Override
    public String toString() {
        return database + " · " + from() + " → " + to;
    }
}
