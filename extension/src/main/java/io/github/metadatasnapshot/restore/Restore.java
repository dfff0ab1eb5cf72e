package io.github.metadatasnapshot.restore;

import io.github.metadatasnapshot.backup.Backup;
import io.github.metadatasnapshot.backup.BackupInfo;
import io.github.metadatasnapshot.engine.Engine;
import io.github.metadatasnapshot.engine.SchemaHistory;
import io.github.metadatasnapshot.engine.Suspension;
import io.github.metadatasnapshot.engine.TableName;
import io.github.metadatasnapshot.server.TestDatabase;
import io.github.metadatasnapshot.shape.DatabaseState;
import io.github.metadatasnapshot.shape.HistoryTable;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** An attempt to restore a backup into a database: what was tried, what the client said, and what it did. */
public final class Restore {

    private final String database;
    private final Engine engine;
    private final String backup;
    private final BackupInfo.Kind kind;
    private final Optional<SchemaHistory> backupHistory;
    private final String procedure;
    private final ClientReport report;
    private final DatabaseState before;
    private final DatabaseState after;
    private final List<String> unfaithful;
    private final long millis;

    private Restore(
            TestDatabase target,
            Backup backup,
            BackupInfo info,
            RestoreProcedure procedure,
            ClientReport report,
            DatabaseState before,
            DatabaseState after,
            long millis) {
        this.database = target.server().spec().toString();
        this.engine = target.engine();
        this.backup = backup.name();
        this.kind = info.kind();
        this.backupHistory = info.history();
        this.procedure = procedure.toString();
        this.report = report;
        this.before = before;
        this.after = after;
        this.unfaithful = Faithfulness.differences(info, before, after);
        this.millis = millis;
    }

    /**
     * Tries a restore. What the backup needs beside a client is given to it: roles that it names, and, for a data-only
     * one, that the rows which migrations wrote make way and that foreign keys and triggers don't fire.
     *
     * @param target the database
     * @param backup the backup
     * @param procedure how it is restored
     * @param historyTable where the history of the database lies
     * @return what came of it, a failed restore included
     * @throws io.github.metadatasnapshot.backup.BackupException if the file is missing, damaged or not meant for the
     *     engine; nothing was touched then
     * @throws RestoreException if the restore could not be tried, or the backup adds GTIDs to those of the server
     */
    public static Restore run(
            TestDatabase target, Backup backup, RestoreProcedure procedure, HistoryTable historyTable) {
        Engine engine = target.engine();
        BackupInfo info =
                backup.inspect(engine, historyTable.name(), target.server().clientHost());
        info.gtidLine().ifPresent(line -> {
            throw new RestoreException(
                    "Backup " + backup.name() + " adds GTIDs in line " + line
                            + ". They belong to the whole server, not to"
                            + " one database, and the next restore on the server would fail for them: dump with"
                            + " --set-gtid-purged=OFF",
                    null);
        });
        try {
            DatabaseState before;
            Set<String> missingRoles;
            List<String> prologue = List.of();
            Suspension suspension = new Suspension(List.of());
            // Not held while the procedure runs: a database that somebody is connected to cannot be renamed.
            try (Connection connection = target.open()) {
                before = DatabaseState.read(connection, engine, historyTable);
                missingRoles = engine.createMissingRoles(connection, info.roles());
                if (info.kind() == BackupInfo.Kind.DATA_ONLY) {
                    Set<TableName> inTheWay = new TreeSet<>(info.rows().keySet());
                    inTheWay.retainAll(before.rows().keySet());
                    prologue = engine.prologue(connection, inTheWay);
                    suspension = engine.suspendRules(connection);
                }
            }
            long start = System.nanoTime();
            ClientReport report;
            try {
                report = procedure.run(new RestoreAttempt(target, backup, info, prologue, missingRoles));
            } finally {
                if (!suspension.resume().isEmpty()) {
                    try (Connection connection = target.open()) {
                        suspension.end(connection);
                    }
                }
            }
            long millis = (System.nanoTime() - start) / 1_000_000;
            try (Connection connection = target.open()) {
                DatabaseState after = DatabaseState.read(connection, engine, historyTable);
                return new Restore(target, backup, info, procedure, report, before, after, millis);
            }
        } catch (SQLException | IOException e) {
            throw new RestoreException(
                    "Backup " + backup.name() + " could not be restored into " + target + ": " + e.getMessage(), e);
        }
    }

    /** {@return what the restore did} */
    public RestoreVerdict verdict() {
        if (!report.success()) {
            if (!before.equals(after)) {
                return RestoreVerdict.PARTIALLY_APPLIED;
            }
            boolean byGuard = report.errors().stream().anyMatch(StatementError::isGuard);
            return byGuard ? RestoreVerdict.REFUSED : RestoreVerdict.ROLLED_BACK;
        }
        return unfaithful.isEmpty() && report.errorCount() == 0
                ? RestoreVerdict.RESTORED
                : RestoreVerdict.SILENTLY_ACCEPTED;
    }

    /** {@return the database that was asked for, such as {@code postgres:17}} */
    public String database() {
        return database;
    }

    /** {@return the backup, as it was named} */
    public String backup() {
        return backup;
    }

    /** {@return whether the backup holds rows only, and no schema} */
    public boolean isDataOnly() {
        return kind == BackupInfo.Kind.DATA_ONLY;
    }

    /** {@return the version that the history in the backup says, or {@code no version}} */
    public String backupVersion() {
        return backupHistory.map(SchemaHistory::describeVersion).orElse("no version");
    }

    /** {@return the version that the target was at before, or {@code no version}} */
    public String targetVersion() {
        return before.history().describeVersion();
    }

    /** {@return the procedure} */
    public String procedure() {
        return procedure;
    }

    /** {@return what the client reported} */
    public ClientReport report() {
        return report;
    }

    /** {@return the errors that the client reported, each with its place, its statement and its likely cause} */
    public List<String> describeErrors() {
        return report.errors().stream().map(error -> error.describe(engine)).toList();
    }

    /** {@return the target's state before} */
    public DatabaseState before() {
        return before;
    }

    /** {@return the target's state after} */
    public DatabaseState after() {
        return after;
    }

    /** {@return how the target differs from a faithful copy of the backup, a line each; none where it does not} */
    public List<String> unfaithful() {
        return unfaithful;
    }

    /** {@return how long the restore took, in milliseconds, looking at the database left out} */
    public long millis() {
        return millis;
    }

    /** {@return the restore for people: {@code mysql:8.4 · backup of 1.1 into 1.2}} */
    @Override
    public String toString() {
        return database + " · " + (isDataOnly() ? "data-only " : "") + "backup of " + backupVersion() + " into "
                + (before.isEmpty() ? "an empty database" : targetVersion());
    }
}
