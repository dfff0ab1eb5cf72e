package io.github.metadatasnapshot.snapshot;

import io.github.metadatasnapshot.backup.Backup;
import io.github.metadatasnapshot.backup.BackupInfo;
import io.github.metadatasnapshot.backup.CaptureTarget;
import io.github.metadatasnapshot.backup.SnapshotCapture;
import io.github.metadatasnapshot.engine.HistoryTable;
import io.github.metadatasnapshot.engine.SchemaHistory;
import io.github.metadatasnapshot.engine.Version;
import io.github.metadatasnapshot.migration.MigrationRun;
import io.github.metadatasnapshot.migration.Migrator;
import io.github.metadatasnapshot.migration.Upgrade;
import io.github.metadatasnapshot.server.DatabaseServer;
import io.github.metadatasnapshot.server.ServerException;
import io.github.metadatasnapshot.server.TestDatabase;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A backup to be captured, because there is none yet or it is to be replaced: a database is brought to the version, from the
 * backup of the latest earlier version in the series where there is one, by migrations alone where there is none; then data
 * is filled in.
 *
 * @param migrator what migrates the database
 * @param version the version
 * @param series where backups of earlier versions are; empty for none
 * @param data what fills in data
 * @param target where the backup is written
 * @param replace whether one that is there is replaced; it is left alone otherwise
 */
public record Recording(
        Migrator migrator,
        String version,
        Optional<BackupSeries> series,
        SnapshotData data,
        CaptureTarget target,
        boolean replace) {

    /** What the database is made from. */
    private record Origin(Version version, Optional<Map.Entry<Version, Backup>> earlier) {}

    /**
     * Captures the backup.
     *
     * @param server a server to make the database on
     * @return what was written; empty where another process has written it meanwhile
     * @throws SnapshotException if the database cannot be brought to the version, or the data cannot be filled in
     * @throws io.github.metadatasnapshot.backup.BackupException if the backup cannot be captured or written
     * @throws io.github.metadatasnapshot.migration.MigrationException if no migration has the version
     */
    public Optional<Recorded> run(DatabaseServer server) {
        Origin origin = origin(server);
        try (TestDatabase database = start(origin).create(server)) {
            migrate(database, origin);
            fill(database, origin.version());
            boolean replaced = target.exists();
            return capture(database) ? Optional.of(recorded(database, origin, replaced)) : Optional.empty();
        }
    }

    private Origin origin(DatabaseServer server) {
        try (TestDatabase asked = server.createDatabase()) {
            NavigableSet<Version> versions = migrator.versions(asked);
            Version known = Upgrade.known(version, versions);
            return new Origin(known, series.flatMap(all -> all.latest(versions.headSet(known, false))));
        }
    }

    private Snapshot start(Origin origin) {
        return new Snapshot(
                migrator,
                Optional.of(origin.earlier()
                        .map(Map.Entry::getKey)
                        .orElse(origin.version())
                        .toString()),
                origin.earlier().map(Map.Entry::getValue));
    }

    private void migrate(TestDatabase database, Origin origin) {
        if (origin.earlier().isPresent()) {
            MigrationRun run = migrator.migrate(database, origin.version(), Migrator.Purpose.PREPARE);
            run.failure().ifPresent(failure -> {
                throw failed(
                        "the earlier backup " + origin.earlier().get().getValue() + " cannot be upgraded to "
                                + origin.version() + ": " + failure.describe(),
                        null);
            });
        }
    }

    private void fill(TestDatabase database, Version at) {
        try (Connection connection = database.open()) {
            data.fill(connection, at.toString());
            if (!connection.getAutoCommit()) {
                connection.commit();
            }
        } catch (Exception e) {
            // Whatever the product's code throws.
            throw failed(data.getClass().getName() + " could not fill in data: " + e, e);
        }
        try (Connection connection = database.open()) {
            SchemaHistory history = migrator.historyTable().read(connection, database.engine());
            if (!history.version().equals(Optional.of(at))) {
                throw failed(
                        "after " + data.getClass().getName() + " filled in data, the history says "
                                + history.describeVersion() + " instead of " + at + ". It must not migrate",
                        null);
            }
        } catch (SQLException e) {
            throw failed("the history cannot be read: " + e.getMessage(), e);
        }
    }

    /** Returns whether it wrote the backup: in another process, somebody else may have done so meanwhile. */
    private boolean capture(TestDatabase database) {
        HistoryTable history = migrator.historyTable();
        try {
            return target.capture(SnapshotCapture.from(database).historyTable(history), replace);
        } catch (ServerException e) {
            throw failed(
                    database.engine().dumpTool().program() + " runs in the server's own container, or in another where"
                            + " it has none: " + e.getMessage(),
                    e);
        } catch (IOException e) {
            throw failed("it cannot be written: " + e, e);
        }
    }

    private Recorded recorded(TestDatabase database, Origin origin, boolean replaced) {
        Backup backup = target.backup();
        BackupInfo info = backup.inspect(
                database.engine(), migrator.historyTable(), database.server().clientHost());
        return new Recorded(
                backup,
                origin.version(),
                origin.earlier().map(Map.Entry::getKey),
                info.rows().values().stream().mapToLong(Long::longValue).sum(),
                backup.length(),
                replaced);
    }

    private SnapshotException failed(String reason, @Nullable Throwable cause) {
        return new SnapshotException(
                "Backup " + target + " of version " + version + " cannot be captured: " + reason, cause);
    }
}
