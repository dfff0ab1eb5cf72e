package io.github.metadatasnapshot.snapshot;

import io.github.metadatasnapshot.backup.Backup;
import io.github.metadatasnapshot.backup.BackupInfo;
import io.github.metadatasnapshot.engine.SchemaHistory;
import io.github.metadatasnapshot.engine.Version;
import io.github.metadatasnapshot.migration.MigrationRun;
import io.github.metadatasnapshot.migration.Migrator;
import io.github.metadatasnapshot.migration.Upgrade;
import io.github.metadatasnapshot.restore.Restore;
import io.github.metadatasnapshot.restore.RestoreOptions;
import io.github.metadatasnapshot.restore.RestoreVerdict;
import io.github.metadatasnapshot.restore.SecondLoad;
import io.github.metadatasnapshot.restore.StrictClient;
import io.github.metadatasnapshot.server.DatabaseServer;
import io.github.metadatasnapshot.server.TestDatabase;
import java.util.Optional;

/**
 * The state that a test starts from: a version, and a backup of it.
 *
 * @param migrator what migrates the database
 * @param version the version; empty for the one that the backup says
 * @param backup the backup; empty for a database without any but the migrations' own rows
 */
public record Snapshot(Migrator migrator, Optional<String> version, Optional<Backup> backup) {

    private static final int MOST_DIFFERENCES = 10;

    /**
     * Makes a fresh database in this state.
     *
     * @param server the server that it is made on
     * @return the database, to be closed after use
     * @throws SnapshotException if a migration fails, if the backup does not go in whole, if what the annotation, the
     *     backup and the database say of the version differs, or if a migration was changed since the backup was captured
     * @throws io.github.metadatasnapshot.backup.BackupException if the backup is missing, damaged or of another engine
     * @throws io.github.metadatasnapshot.migration.MigrationException if no migration has the version
     */
    public TestDatabase create(DatabaseServer server) {
        TestDatabase database =
                on(server).createDatabase().named(migrator.historyTable().databaseName());
        try {
            fill(database);
            return database;
        } catch (RuntimeException | Error e) {
            try {
                database.close();
            } catch (RuntimeException dropFailed) {
                e.addSuppressed(dropFailed);
            }
            throw e;
        }
    }

    /**
     * Returns the server with the defaults that the database had which the backup was taken from.
     *
     * @param server the server that the database is made on
     * @return the server itself, where it was given defaults already, or the backup says nothing of them
     */
    DatabaseServer on(DatabaseServer server) {
        return backup.map(file -> file.inspect(server.engine(), migrator.historyTable(), server.clientHost()))
                .map(info -> info.on(server))
                .orElse(server);
    }

    private void fill(TestDatabase database) {
        Optional<BackupInfo> info = backup.map(file -> file.inspect(
                database.engine(), migrator.historyTable(), database.server().clientHost()));
        Version target = version(database, info);
        backup.ifPresent(file -> RewrittenHistory.check(file, migrator, database));
        if (info.isEmpty() || info.get().kind() == BackupInfo.Kind.DATA_ONLY) {
            migrate(database, target);
        }
        boolean migrated = info.isEmpty() || info.get().kind() == BackupInfo.Kind.DATA_ONLY;
        SecondLoad second = new SecondLoad(() -> unfilled(database.server(), migrated, target));
        boolean takenOver = info.filter(this::isTakenOver).isPresent();
        backup.ifPresent(file -> load(database, file.declaredAt(target), target, second, takenOver));
    }

    /** {@return another database as the backup is loaded into, to be closed after use} */
    private TestDatabase unfilled(DatabaseServer server, boolean migrated, Version target) {
        return migrated
                ? new Snapshot(migrator, Optional.of(target.toString()), Optional.empty()).create(server)
                : server.createDatabase().named(migrator.historyTable().databaseName());
    }

    /** Tells whether the backup is from before the product had a history, and the product begins one there. */
    private boolean isTakenOver(BackupInfo info) {
        return info.kind() == BackupInfo.Kind.FULL
                && info.history().isEmpty()
                && migrator.baseline().isPresent();
    }

    private Version takenOver() {
        Version at = migrator.baseline().orElseThrow();
        version.filter(asked -> !Version.isVersion(asked) || !Version.of(asked).equals(at))
                .ifPresent(asked -> {
                    throw new SnapshotException(
                            "The backup " + name()
                                    + " holds no history, and the product takes over such a database at version " + at
                                    + " (baselineVersion), while the annotation says version " + asked
                                    + ": what lies between would never run. Set version = \"" + at
                                    + "\", or baselineVersion",
                            null);
                });
        return at;
    }

    /** Finds the version to prepare; nothing has been touched yet when what is said of it differs. */
    private Version version(TestDatabase database, Optional<BackupInfo> info) {
        if (info.filter(this::isTakenOver).isPresent()) {
            return takenOver();
        }
        info.flatMap(file -> file.whyOtherDatabase(migrator.historyTable())).ifPresent(why -> {
            throw new SnapshotException("Backup " + name() + " is at no version here: " + why, null);
        });
        Optional<SchemaHistory> claimed = info.flatMap(BackupInfo::history);
        if (info.isPresent()
                && info.get().kind() == BackupInfo.Kind.FULL
                && claimed.flatMap(SchemaHistory::version).isEmpty()) {
            throw new SnapshotException(
                    "Backup " + name() + " holds "
                            + (claimed.isEmpty() ? "no table " : "no applied version in the table ")
                            + migrator.historyTable().name()
                            + ", so nothing tells of which version it is. If the product's history table has another"
                            + " name, set the attribute table. Where the product takes over databases without a"
                            + " history, configure that: baselineOnMigrate and baselineVersion, by flywayConfig or a"
                            + " FlywayCustomizer",
                    null);
        }
        Optional<Version> ofBackup = claimed.flatMap(SchemaHistory::version);
        // A full backup holds its version, which the migrations need not reach.
        Optional<Version> held = ofBackup.filter(said -> info.get().kind() == BackupInfo.Kind.FULL);
        Version target = version.map(asked -> Version.isVersion(asked) && held.equals(Optional.of(Version.of(asked)))
                        ? Version.of(asked)
                        : Upgrade.known(asked, migrator.versions(database)))
                .or(() -> held)
                .or(() -> ofBackup.map(said -> Upgrade.known(said.toString(), migrator.versions(database))))
                .orElseThrow(() -> new SnapshotException(
                        backup.isEmpty()
                                ? "Which version to start from? Set version, or backup, or both"
                                : "Backup " + name() + " says nothing about its version: set version",
                        null));
        if (ofBackup.isPresent() && !ofBackup.get().equals(target)) {
            throw new SnapshotException(
                    "The annotation says version " + target + ", but the history in the backup " + name() + " says "
                            + ofBackup.get() + ". Name the backup of " + target + ", or set version = \""
                            + ofBackup.get()
                            + "\", or leave version out",
                    null);
        }
        return target;
    }

    private void migrate(TestDatabase database, Version target) {
        MigrationRun run = migrator.migrate(database, target, Migrator.Purpose.PREPARE);
        run.failure().ifPresent(failure -> {
            throw new SnapshotException(
                    "The empty database " + database + " cannot be migrated to " + target + ", to start from there: "
                            + failure.describe(),
                    null);
        });
    }

    private void load(TestDatabase database, Backup file, Version target, SecondLoad second, boolean takenOver) {
        Restore restore = Restore.run(
                database,
                Optional.empty(),
                file,
                new StrictClient(),
                migrator.historyTable(),
                RestoreOptions.NONE.with(second));
        if (restore.verdict() != RestoreVerdict.RESTORED) {
            StringBuilder message = new StringBuilder("Backup " + name() + " did not go into "
                    + (restore.before().isEmpty() ? "the empty database " : "the database migrated to " + target + ", ")
                    + database + ": ");
            if (restore.report().errors().isEmpty()) {
                message.append("no error was reported, but it is not all there");
                restore.unfaithful().stream()
                        .limit(MOST_DIFFERENCES)
                        .forEach(difference -> message.append("\n- ").append(difference));
                int more = restore.unfaithful().size() - MOST_DIFFERENCES;
                message.append(more > 0 ? "\n- and " + more + " more" : "");
                restore.notes().forEach(note -> message.append("\n").append(note));
            } else {
                message.append(restore.describeErrors().get(0));
                file.inspect(
                                database.engine(),
                                migrator.historyTable(),
                                database.server().clientHost())
                        .declaredNote()
                        .ifPresent(note -> message.append("\nnote: ").append(note));
            }
            throw new SnapshotException(message.toString(), null);
        }
        if (takenOver) {
            migrator.baseline(database);
            return;
        }
        SchemaHistory history = restore.after().history();
        if (!history.version().equals(Optional.of(target))) {
            throw new SnapshotException(
                    "After loading the backup " + name() + ", of which "
                            + version.map(asked -> "the annotation says version " + asked)
                                    .orElse("the version was read from its history")
                            + ", the database's own history says " + history.describeVersion() + " instead of "
                            + target,
                    null);
        }
    }

    private String name() {
        return backup.map(Backup::name).orElse("");
    }
}
