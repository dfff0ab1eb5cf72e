package io.github.metadatasnapshot.snapshot;

import static java.util.stream.Collectors.joining;
import static java.util.stream.Collectors.toSet;

import io.github.metadatasnapshot.backup.Backup;
import io.github.metadatasnapshot.backup.BackupException;
import io.github.metadatasnapshot.backup.BackupInfo;
import io.github.metadatasnapshot.engine.HistoryTable;
import io.github.metadatasnapshot.engine.SchemaObject;
import io.github.metadatasnapshot.engine.SequencePosition;
import io.github.metadatasnapshot.engine.TableName;
import io.github.metadatasnapshot.engine.Version;
import io.github.metadatasnapshot.engine.WriteProbe;
import io.github.metadatasnapshot.migration.CleanInstall;
import io.github.metadatasnapshot.migration.MigrationException;
import io.github.metadatasnapshot.migration.MigrationRun;
import io.github.metadatasnapshot.migration.Migrator;
import io.github.metadatasnapshot.restore.Completeness;
import io.github.metadatasnapshot.restore.Control;
import io.github.metadatasnapshot.restore.Controls;
import io.github.metadatasnapshot.restore.NextMigration;
import io.github.metadatasnapshot.restore.Restore;
import io.github.metadatasnapshot.restore.RestoreAttempt;
import io.github.metadatasnapshot.restore.RestoreException;
import io.github.metadatasnapshot.restore.RestoreOptions;
import io.github.metadatasnapshot.restore.RestoreProcedure;
import io.github.metadatasnapshot.restore.RestoreVerdict;
import io.github.metadatasnapshot.restore.SecondLoad;
import io.github.metadatasnapshot.server.DatabaseServer;
import io.github.metadatasnapshot.server.ServerException;
import io.github.metadatasnapshot.server.TestDatabase;
import io.github.metadatasnapshot.server.WriteCheck;
import io.github.metadatasnapshot.shape.DatabaseState;
import io.github.metadatasnapshot.shape.Shape;
import io.github.metadatasnapshot.shape.ShapeDifference;
import io.github.metadatasnapshot.shape.StateDifference;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Restores backups and judges each restore beside its controls, which are run once for a server, a backup, a procedure and
 * a migrator. Safe for use by several threads.
 */
public final class Restores {

    private final PreparedStates states;
    private final CleanInstall.Source cleanInstalls;
    private final Duration lockWait;
    private final Map<Key, ControlRun> controls = new ConcurrentHashMap<>();

    private record Key(
            DatabaseServer server,
            String backup,
            Optional<Version> declared,
            RestoreProcedure procedure,
            Migrator migrator) {}

    /**
     * Creates the restores of one run.
     *
     * @param states makes the databases that the controls take
     * @param cleanInstalls makes what backups are held against, to find out what they lack
     */
    public Restores(PreparedStates states, CleanInstall.Source cleanInstalls) {
        this(states, cleanInstalls, RestoreOptions.LOCK_WAIT);
    }

    /**
     * Creates the restores of one run.
     *
     * @param states makes the databases that the controls take
     * @param cleanInstalls makes what backups are held against, to find out what they lack
     * @param lockWait how long a client may wait for a lock of another session
     */
    public Restores(PreparedStates states, CleanInstall.Source cleanInstalls, Duration lockWait) {
        this.lockWait = lockWait;
        this.states = states;
        this.cleanInstalls = cleanInstalls;
    }

    /**
     * Tries a restore beside its first control, which it is itself where it is of a full backup into an empty database.
     *
     * @param target the database
     * @param known what it holds now; empty where that is to be read
     * @param backup the backup
     * @param procedure how it is restored
     * @param migrator what migrates the databases of the controls
     * @return what came of it, a failed restore included
     * @throws BackupException if the file is missing, damaged or not meant for the engine; nothing was touched then
     * @throws SnapshotException if it was captured with migrations that are others today; nothing was touched then
     * @throws RestoreException if the restore could not be tried
     */
    public Restore restore(
            TestDatabase target,
            Optional<DatabaseState> known,
            Backup backup,
            RestoreProcedure procedure,
            Migrator migrator) {
        RewrittenHistory.check(backup, migrator, target);
        BackupInfo info = backup.inspect(
                target.engine(), migrator.historyTable(), target.server().clientHost());
        ControlRun beside = controls.computeIfAbsent(
                new Key(target.server(), backup.identity(), info.declared(), procedure, migrator),
                key -> new ControlRun(key, backup, info, states, cleanInstalls));
        boolean intended = info.kind() == BackupInfo.Kind.FULL
                && known.filter(DatabaseState::isEmpty).isPresent();
        if (!intended) {
            beside.intended();
        }
        Restore restore = Restore.run(
                target,
                known,
                backup,
                procedure,
                migrator.historyTable(),
                new RestoreOptions(
                        preparation(info, migrator),
                        intended ? Optional.of(beside.second) : Optional.empty(),
                        lockWait));
        if (intended) {
            beside.isIntended(restore);
        }
        return restore.beside(
                beside, () -> next(target, restore, migrator, beside), () -> writes(target, restore, migrator));
    }

    /**
     * Makes a database that a backup is meant for.
     *
     * @param server the server that it is made on
     * @param backup the backup
     * @param migrator what migrates it
     * @return an empty database for a full backup, and one at its version for a data-only one; to be closed after use
     * @throws SnapshotException if the backup is data-only and says nothing about its version
     */
    public TestDatabase intendedTarget(DatabaseServer server, BackupInfo backup, Migrator migrator) {
        return intendedTarget(states, server, backup, migrator);
    }

    private static TestDatabase intendedTarget(
            PreparedStates states, DatabaseServer server, BackupInfo backup, Migrator migrator) {
        if (backup.kind() == BackupInfo.Kind.FULL) {
            return backup.on(server)
                    .createDatabase()
                    .named(migrator.historyTable().databaseName());
        }
        String version = version(backup, migrator.historyTable()).toString();
        return states.create(new Snapshot(migrator, Optional.of(version), Optional.empty()), server);
    }

    private static Version version(BackupInfo backup, HistoryTable historyTable) {
        return backup.version()
                .orElseThrow(() -> new SnapshotException(
                        backup.whyOtherDatabase(historyTable)
                                .orElse("the backup says nothing about its version, so there is no database that it is"
                                        + " meant for: declare it, as by backups = \"…/{version}.sql\""),
                        null));
    }

    /** {@return what migrates an empty database to the version of a data-only backup} */
    private static RestoreAttempt.Preparation preparation(BackupInfo backup, Migrator migrator) {
        return empty -> {
            Version version = version(backup, migrator.historyTable());
            migrator.migrate(empty, version, Migrator.Purpose.PREPARE).failure().ifPresent(failure -> {
                throw new RestoreException(
                        "An empty database cannot be migrated to " + version + ", the backup's version: "
                                + failure.describe(),
                        null);
            });
        };
    }

    private WriteCheck writes(TestDatabase target, Restore restore, Migrator migrator) {
        // What the backup says, or its rows use up, is so in the database that it was taken from as well.
        Set<SequencePosition.Column> set = restore.setColumns();
        Function<WriteProbe.Failure, Optional<String>> excuse = failure -> {
            if (failure.atEnd()) {
                return Optional.of("the backup leaves its generator no value");
            }
            return failure.taken().stream().anyMatch(set::contains)
                    ? Optional.of("the backup sets its sequence to a value that is taken")
                    : Optional.empty();
        };
        return WriteCheck.of(
                target,
                migrator.historyTable(),
                excuse,
                List.of(new WriteCheck.Reference("it works on a clean install", false, () -> {
                    Optional<String> version =
                            restore.after().history().version().map(Version::toString);
                    try {
                        return version.isEmpty()
                                ? Optional.empty()
                                : Optional.of(states.create(
                                        new Snapshot(migrator, version, Optional.empty()), target.server()));
                    } catch (SnapshotException | MigrationException e) {
                        throw new ServerException("A clean install cannot be made: " + e.getMessage(), e);
                    }
                })));
    }

    private static Optional<NextMigration> next(
            TestDatabase target, Restore restore, Migrator migrator, ControlRun controls) {
        return restore.before().history().version().map(version -> next(target, restore, version, migrator, controls));
    }

    private static NextMigration next(
            TestDatabase target, Restore restore, Version version, Migrator migrator, ControlRun controls) {
        String to = version.toString();
        try {
            if (!look(target, migrator).equals(restore.after())) {
                return NextMigration.unknown(to, "the database has changed since the restore");
            }
            try (TestDatabase copy = target.server().copyOf(target)) {
                MigrationRun run = migrator.migrate(copy, version, Migrator.Purpose.COMPARISON);
                return run.failure()
                        .map(failure -> NextMigration.fails(to, failure.describe()))
                        .orElseGet(() -> reached(copy, run, version, migrator, controls));
            }
        } catch (MigrationException e) {
            return NextMigration.fails(to, String.valueOf(e.getMessage()));
        } catch (SnapshotException | ServerException e) {
            return NextMigration.unknown(to, String.valueOf(e.getMessage()));
        }
    }

    private static NextMigration reached(
            TestDatabase copy, MigrationRun run, Version version, Migrator migrator, ControlRun controls) {
        String to = version.toString();
        DatabaseState state = look(copy, migrator);
        if (run.applied().isEmpty()) {
            return NextMigration.nothing(
                    to, "the history says " + state.history().describeVersion());
        }
        String applied = run.applied().stream()
                .map(migration -> migration.version().isEmpty() ? migration.description() : migration.version())
                .collect(joining(", "));
        try {
            return NextMigration.reaches(to, applied, rowsBeside(controls.upgraded(version), state, migrator));
        } catch (SnapshotException e) {
            return NextMigration.reachesAlone(to, applied, String.valueOf(e.getMessage()));
        }
    }

    private static List<String> rowsBeside(DatabaseState upgraded, DatabaseState state, Migrator migrator) {
        List<StateDifference> differences = new ArrayList<>();
        SortedMap<TableName, Long> wanted = upgraded.rows();
        SortedMap<TableName, Long> found = state.rows();
        found.keySet().removeAll(migrator.historyTable().among(found.keySet()));
        found.forEach((table, rows) -> {
            long expected = wanted.getOrDefault(table, 0L);
            if (rows != expected) {
                differences.add(StateDifference.ofRows(expected, rows, table + " " + rows + " instead of " + expected));
            }
        });
        return StateDifference.describe(differences);
    }

    /**
     * Looks at what a database holds.
     *
     * @param database the database
     * @param migrator what migrates it
     * @return what it holds
     * @throws SnapshotException if it cannot be read
     */
    public static DatabaseState look(TestDatabase database, Migrator migrator) {
        try (Connection connection = database.open()) {
            return DatabaseState.read(connection, database.engine(), migrator.historyTable());
        } catch (SQLException e) {
            throw new SnapshotException("The state of " + database + " cannot be read: " + e.getMessage(), e);
        }
    }

    /** The controls of one backup, each run when it is first asked for while whoever else asks waits. */
    private static final class ControlRun implements Controls {

        private final Key key;
        private final Backup backup;
        private final BackupInfo info;
        private final PreparedStates states;
        private final SecondLoad second = new SecondLoad(this::create);
        private final CleanInstall.Source cleanInstalls;
        private final Map<Version, DatabaseState> upgraded = new HashMap<>();
        private @Nullable Control intended;
        private @Nullable Control occupied;
        private @Nullable Completeness completeness;

        ControlRun(Key key, Backup backup, BackupInfo info, PreparedStates states, CleanInstall.Source cleanInstalls) {
            this.key = key;
            this.backup = backup;
            this.info = info;
            this.states = states;
            this.cleanInstalls = cleanInstalls;
        }

        @Override
        public synchronized Completeness completeness() {
            Completeness known = completeness;
            if (known == null) {
                try {
                    known = readCompleteness();
                } catch (MigrationException | ServerException e) {
                    known = Completeness.unknown(String.valueOf(e.getMessage()));
                }
                completeness = known;
            }
            return known;
        }

        private Completeness readCompleteness() {
            Optional<Version> version = info.version();
            if (!isFull() || version.isEmpty()) {
                return Completeness.unknown(isFull() ? "it is at no version" : "it holds no schema");
            }
            Optional<Restore> restored = intended().restore();
            if (inconclusive(restored)) {
                return Completeness.unknown("it does not go whole into " + intendedTarget());
            }
            CleanInstall clean = cleanInstalls.of(key.server(), key.migrator(), version.get());
            if (clean.shape().isEmpty()) {
                return Completeness.unknown(
                        "an empty database cannot be migrated to " + version() + ": " + clean.obstacle());
            }
            Shape expected = clean.shape().get();
            Shape actual = restored.orElseThrow()
                    .after()
                    .withoutHistory(key.migrator().historyTable())
                    .shape()
                    .withGeneratedNamesOf(expected, key.server().engine());
            List<ShapeDifference> missing = expected.differences(actual).stream()
                    .filter(difference -> difference.actual() == null)
                    .toList();
            Set<String> kinds =
                    actual.objects().stream().map(SchemaObject::kind).collect(toSet());
            return new Completeness(withoutRepeatable(withoutParts(missing)), kinds, "");
        }

        private static boolean inconclusive(Optional<Restore> restored) {
            return restored.filter(run -> run.verdict() == RestoreVerdict.RESTORED)
                    .isEmpty();
        }

        private static List<ShapeDifference> withoutParts(List<ShapeDifference> missing) {
            return missing.stream()
                    .filter(each -> missing.stream().noneMatch(each::isPartOf))
                    .toList();
        }

        /** Leaves out what repeatable migrations create: they are those of today, the backup's release may have had others. */
        private List<ShapeDifference> withoutRepeatable(List<ShapeDifference> missing) {
            if (missing.isEmpty()) {
                return missing;
            }
            List<String> repeatable;
            try (TestDatabase asked = key.server().createDatabase()) {
                repeatable = key.migrator().scripts(asked).stream()
                        .filter(script -> script.version().isEmpty())
                        .map(script -> script.text().toLowerCase(Locale.ROOT))
                        .toList();
            }
            return missing.stream()
                    .filter(each -> repeatable.stream()
                            .noneMatch(text -> text.contains(new SchemaObject(each.kind(), each.name(), "")
                                    .ownName()
                                    .toLowerCase(Locale.ROOT))))
                    .toList();
        }

        @Override
        public synchronized Control intended() {
            Control control = intended;
            if (control == null) {
                control = run(intendedTarget(), false);
                intended = unlessInterrupted(control);
            }
            return control;
        }

        /** Takes a restore into a fresh database for the control, where that has not been run. */
        synchronized void isIntended(Restore restore) {
            if (intended == null) {
                intended = Control.of(intendedTarget(), restore);
            }
        }

        @Override
        public synchronized Control occupied() {
            Control control = occupied;
            if (control == null) {
                control = run("a database that it was restored into before", true);
                occupied = unlessInterrupted(control);
            }
            return control;
        }

        /** The next test must not suffer from the time-out of this one. */
        private static @Nullable Control unlessInterrupted(Control control) {
            return Thread.currentThread().isInterrupted() ? null : control;
        }

        private String intendedTarget() {
            return isFull() ? "an empty database" : "a database migrated to " + version();
        }

        private boolean isFull() {
            return info.kind() == BackupInfo.Kind.FULL;
        }

        private String version() {
            return info.describeVersion();
        }

        private Control run(String target, boolean twice) {
            try (TestDatabase database = create()) {
                Restore restore = restore(database);
                return Control.of(target, twice ? restore(database) : restore);
            } catch (SnapshotException | MigrationException | RestoreException | BackupException | ServerException e) {
                return Control.impossible(target, String.valueOf(e.getMessage()));
            }
        }

        private TestDatabase create() {
            return Restores.intendedTarget(states, key.server(), info, key.migrator());
        }

        /** {@return what the database that the backup is meant for holds after an upgrade} */
        synchronized DatabaseState upgraded(Version version) {
            return upgraded.computeIfAbsent(version, to -> {
                try (TestDatabase database = create()) {
                    restore(database);
                    MigrationRun run = key.migrator().migrate(database, to, Migrator.Purpose.COMPARISON);
                    run.failure().ifPresent(failure -> {
                        throw new SnapshotException(
                                "an upgrade of the backup to " + to + " fails: " + failure.describe(), null);
                    });
                    return look(database, key.migrator());
                }
            });
        }

        private Restore restore(TestDatabase database) {
            return Restore.run(
                    database,
                    Optional.empty(),
                    backup,
                    key.procedure(),
                    key.migrator().historyTable(),
                    new RestoreOptions(
                            preparation(info, key.migrator()), Optional.of(second), RestoreOptions.LOCK_WAIT));
        }
    }
}
