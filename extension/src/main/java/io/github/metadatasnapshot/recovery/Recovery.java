package io.github.metadatasnapshot.recovery;

import io.github.metadatasnapshot.engine.Engine;
import io.github.metadatasnapshot.engine.TableName;
import io.github.metadatasnapshot.engine.Version;
import io.github.metadatasnapshot.migration.BreakOff;
import io.github.metadatasnapshot.migration.MigrationException;
import io.github.metadatasnapshot.migration.MigrationFailure;
import io.github.metadatasnapshot.migration.MigrationRun;
import io.github.metadatasnapshot.migration.Migrator;
import io.github.metadatasnapshot.migration.Upgrade;
import io.github.metadatasnapshot.migration.WatchedRun;
import io.github.metadatasnapshot.restore.Restore;
import io.github.metadatasnapshot.restore.RestoreVerdict;
import io.github.metadatasnapshot.server.TestDatabase;
import io.github.metadatasnapshot.shape.DatabaseState;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * The way back from an upgrade: a copy of the database that was upgraded, and for each of its migrations one in which that was
 * broken off, into each of which the backup taken before was restored.
 */
public final class Recovery {

    private final Upgrade upgrade;
    private final List<RecoveryAttempt> attempts;
    private final List<String> notes;
    private final Optional<String> obstacle;
    private final long millis;
    private final List<String> checks = new CopyOnWriteArrayList<>();
    private final List<String> causes = new CopyOnWriteArrayList<>();
    private final List<String> findings = new CopyOnWriteArrayList<>();

    private Recovery(
            Upgrade upgrade,
            List<RecoveryAttempt> attempts,
            List<String> notes,
            Optional<String> obstacle,
            long millis) {
        this.upgrade = upgrade;
        this.attempts = List.copyOf(attempts);
        this.notes = List.copyOf(notes);
        this.obstacle = obstacle;
        this.millis = millis;
    }

    /** Restores the backup, and tries the product on what was restored. */
    public interface Restorer {

        /**
         * Restores the backup into a database that holds a state, beside its controls.
         *
         * @param target the database
         * @param state what it holds
         * @return what came of it
         */
        Restore restore(TestDatabase target, DatabaseState state);

        /**
         * Tries the product on a copy of the database.
         *
         * @param target the database
         * @param restore the restore, which was faithful
         * @throws AssertionError if it does not run
         */
        void smokeTest(TestDatabase target, Restore restore);
    }

    /**
     * Tries the way back.
     *
     * @param upgrade the upgrade, of a database that holds still what it left
     * @param migrator what made it
     * @param restorer restores the backup that was taken before
     * @param everyMigration whether to go back from the middle of each migration, too
     * @return what came of it
     * @throws MigrationException if what the database held before is not known any more, or cannot be made again
     */
    public static Recovery run(Upgrade upgrade, Migrator migrator, Restorer restorer, boolean everyMigration) {
        long start = System.nanoTime();
        Run run = new Run(upgrade, migrator, restorer);
        run.fromTheEnd();
        if (everyMigration && upgrade.failure().isEmpty()) {
            run.fromEachMigration();
        }
        return new Recovery(upgrade, run.attempts, run.notes, run.obstacle, (System.nanoTime() - start) / 1_000_000);
    }

    /** The attempts so far. */
    private static final class Run {

        private final Upgrade upgrade;
        private final Migrator migrator;
        private final Restorer restorer;
        private final List<RecoveryAttempt> attempts = new ArrayList<>();
        private final List<String> notes = new ArrayList<>();
        private Optional<String> obstacle = Optional.empty();

        Run(Upgrade upgrade, Migrator migrator, Restorer restorer) {
            this.upgrade = upgrade;
            this.migrator = migrator;
            this.restorer = restorer;
        }

        void fromTheEnd() {
            try (TestDatabase copy = upgrade.copyOfResult()) {
                attempt(
                        upgrade.failure()
                                .map(failure -> "after the upgrade failed"
                                        + (failure.script().isEmpty() ? "" : " in " + failure.place()))
                                .orElse("after the upgrade"),
                        copy);
            }
        }

        void fromEachMigration() {
            Map<String, Integer> statements = new LinkedHashMap<>();
            try (TestDatabase again = replay()) {
                for (Version version : upgrade.route()) {
                    Optional<WatchedRun> watched = migrator.migrateWatched(again, version, Optional.empty());
                    if (watched.isEmpty()) {
                        fromBetweenVersions();
                        return;
                    }
                    Optional<MigrationFailure> failure = watched.get().run().failure();
                    if (failure.isPresent()) {
                        obstacle = failure.map(cause -> "it fails when it is made again: " + cause.describe());
                        return;
                    }
                    statements.putAll(watched.get().statements());
                }
            }
            statements.forEach((script, count) -> {
                if (count == 0) {
                    notes.add(script + " was not broken off: none of its statements is seen");
                }
                for (int statement : places(count)) {
                    fromTheMiddle(script, statement, count);
                }
            });
        }

        private Set<Integer> places(int statements) {
            Set<Integer> places = new LinkedHashSet<>();
            if (statements > 0) {
                places.add(statements / 2 + 1);
                if (upgrade.engine() != Engine.POSTGRESQL) {
                    // What came before is not undone.
                    places.add(statements);
                }
            }
            return places;
        }

        private void fromTheMiddle(String script, int statement, int count) {
            BreakOff breakOff = new BreakOff(script, statement);
            try (TestDatabase broken = replay()) {
                for (Version version : upgrade.route()) {
                    Optional<WatchedRun> watched = migrator.migrateWatched(broken, version, Optional.of(breakOff));
                    if (watched.filter(run -> run.run().failure().isPresent()).isPresent()) {
                        attempt(
                                "after " + script + " was broken off at statement " + statement + " of " + count,
                                broken);
                        return;
                    }
                }
            }
            obstacle = Optional.of(script + " runs to its end where it is to be broken off at statement " + statement
                    + " of " + count + ": it has other statements each time");
        }

        /** Where nobody sees statements, the upgrade is left where it has reached a version between. */
        private void fromBetweenVersions() {
            notes.add("broken off between versions, not within migrations, since the statements of " + migrator
                    + " are not seen");
            NavigableSet<Version> versions = migrator.versions(upgrade.target());
            Optional<Version> from = upgrade.before().history().version();
            NavigableSet<Version> between =
                    versions.headSet(upgrade.route().get(upgrade.route().size() - 1), false);
            for (Version version :
                    from.map(known -> between.tailSet(known, false)).orElse(between)) {
                try (TestDatabase broken = replay()) {
                    Optional<MigrationFailure> failure = migrator.migrate(broken, version, Migrator.Purpose.COMPARISON)
                            .failure();
                    if (failure.isEmpty()) {
                        attempt("after the upgrade was broken off at " + version, broken);
                    } else {
                        obstacle = failure.map(cause -> "it does not get to " + version + ": " + cause.describe());
                    }
                }
            }
        }

        private TestDatabase replay() {
            return upgrade.replay().orElseGet(this::migratedAnew);
        }

        /** Of a database that held no rows nothing was kept. */
        private TestDatabase migratedAnew() {
            TestDatabase database = upgrade.target()
                    .server()
                    .createDatabase()
                    .named(upgrade.target().nameColumn());
            Optional<Version> from = upgrade.before().history().version();
            from.ifPresent(version -> migrator.migrate(database, version, Migrator.Purpose.PREPARE));
            // The history has other times.
            List<String> differences = upgrade.before()
                    .withoutHistory(migrator.historyTable())
                    .differences(state(database).withoutHistory(migrator.historyTable()));
            if (differences.isEmpty()) {
                return database;
            }
            database.close();
            throw new MigrationException(
                    "What the database held before the upgrade " + upgrade
                            + " cannot be made again: it held no rows, and an empty database that is migrated to the same"
                            + " version is another: " + String.join("; ", differences),
                    null);
        }

        private void attempt(String after, TestDatabase database) {
            DatabaseState left = state(database);
            Restore restore = restorer.restore(database, left);
            boolean faithful = restore.inconclusive().isEmpty() && restore.verdict() == RestoreVerdict.RESTORED;
            attempts.add(new RecoveryAttempt(
                    after,
                    upgrade.before().differences(left),
                    restore.afterwards(),
                    faithful ? missing(restore) : List.of(),
                    faithful ? smokeTest(database, restore) : Optional.empty(),
                    faithful && upgrade.failure().isEmpty() ? again(database) : Optional.empty()));
        }

        private List<String> missing(Restore restore) {
            DatabaseState before = upgrade.before();
            // Where the backup holds no history, that is as the migrations wrote it anew, at other times.
            Set<TableName> otherTimes = restore.isVersionDeclared()
                            && before.history().equals(restore.after().history())
                    ? migrator.historyTable().among(before.digests().keySet())
                    : Set.of();
            return before.differences(restore.after(), otherTimes);
        }

        private Optional<String> smokeTest(TestDatabase database, Restore restore) {
            try {
                restorer.smokeTest(database, restore);
                return Optional.empty();
            } catch (AssertionError e) {
                return Optional.of(String.valueOf(e.getMessage()));
            }
        }

        private Optional<String> again(TestDatabase database) {
            for (Version version : upgrade.route()) {
                MigrationRun run = migrator.migrate(database, version, Migrator.Purpose.COMPARISON);
                if (run.failure().isPresent()) {
                    return run.failure().map(MigrationFailure::describe);
                }
            }
            return Optional.empty();
        }

        private DatabaseState state(TestDatabase database) {
            try (Connection connection = database.open()) {
                return DatabaseState.read(connection, database.engine(), migrator.historyTable());
            } catch (SQLException e) {
                throw new MigrationException("The state of " + database + " cannot be read: " + e.getMessage(), e);
            }
        }
    }

    /** {@return the upgrade} */
    public Upgrade upgrade() {
        return upgrade;
    }

    /** {@return what was tried, that after the whole upgrade first, then the migrations in their order} */
    public List<RecoveryAttempt> attempts() {
        return attempts;
    }

    /** {@return what was not tried, and why, a sentence each} */
    public List<String> notes() {
        return notes;
    }

    /** {@return why the upgrade could not be broken off everywhere, such as that it fails when it is made again; empty where it was} */
    public Optional<String> obstacle() {
        return obstacle;
    }

    /** {@return how long all took, in milliseconds} */
    public long millis() {
        return millis;
    }

    /**
     * Notes that something is checked of the recovery.
     *
     * @param what what, for people
     */
    public void noteCheck(String what) {
        checks.add(what);
    }

    /** {@return what was checked of the recovery so far} */
    public List<String> checks() {
        return List.copyOf(checks);
    }

    /**
     * Notes why a check failed.
     *
     * @param cause the cause in a line, the same for all that fail for it
     * @param found what it found wrong, a line each
     */
    public void noteFailure(String cause, List<String> found) {
        causes.add(cause);
        findings.addAll(found);
    }

    /** {@return all that checks found wrong so far, a line each} */
    public List<String> findings() {
        return List.copyOf(findings);
    }

    /** {@return why checks failed so far} */
    public List<String> causes() {
        return List.copyOf(causes);
    }

    /** {@return the recovery for people: {@code postgres:17 · 2.0 → 1.2}} */
    @Override
    public String toString() {
        return upgrade.database() + " · " + upgrade.to() + " → " + upgrade.from();
    }
}
