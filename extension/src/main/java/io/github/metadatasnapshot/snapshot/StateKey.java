package io.github.metadatasnapshot.snapshot;

import io.github.metadatasnapshot.backup.Backup;
import io.github.metadatasnapshot.backup.BackupException;
import io.github.metadatasnapshot.backup.BackupInfo;
import io.github.metadatasnapshot.engine.SchemaHistory;
import io.github.metadatasnapshot.engine.Version;
import io.github.metadatasnapshot.migration.MigrationException;
import io.github.metadatasnapshot.server.CodeSources;
import io.github.metadatasnapshot.server.Fingerprint;
import io.github.metadatasnapshot.server.TestDatabase;
import io.github.metadatasnapshot.shape.DatabaseState;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.Charset;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Optional;
import java.util.TimeZone;

/**
 * Tells by contents what a snapshot is made of, beside the server and this extension: a later run takes what an earlier one
 * made where nothing of it is different.
 */
final class StateKey {

    private StateKey() {}

    /**
     * Returns the key of a snapshot.
     *
     * @param database a database of the server, to ask about migrations
     * @return the key, empty where not everything can be told by contents
     */
    static Optional<String> of(Snapshot snapshot, TestDatabase database) {
        try {
            Optional<String> driver = driver(database);
            Optional<String> migrations = version(snapshot, database)
                    .flatMap(version -> snapshot.migrator().contents(database, version));
            if (driver.isEmpty() || migrations.isEmpty()) {
                return Optional.empty();
            }
            Fingerprint fingerprint = new Fingerprint()
                    .add(
                            driver.get(),
                            migrations.get(),
                            snapshot.migrator().historyTable().schema(),
                            snapshot.migrator().historyTable().name(),
                            snapshot.migrator().historyTable().databaseName().toString(),
                            // What both are for times and texts without their own, of the driver and of files.
                            TimeZone.getDefault().getID(),
                            Charset.defaultCharset().name(),
                            snapshot.version().orElse(""),
                            database.server().defaults().toString());
            if (snapshot.backup().isPresent()) {
                try (InputStream in = snapshot.backup().get().openRaw()) {
                    fingerprint.add("backup").add(in);
                }
            }
            return Optional.of(fingerprint.hex());
        } catch (IOException | SQLException | MigrationException | BackupException e) {
            // Whoever makes the state is told.
            return Optional.empty();
        }
    }

    private static Optional<String> driver(TestDatabase database) throws SQLException {
        return CodeSources.of(DriverManager.getDriver(database.jdbcUrl()).getClass());
    }

    private static Optional<Version> version(Snapshot snapshot, TestDatabase database) {
        return snapshot.version()
                .filter(Version::isVersion)
                .map(Version::of)
                .or(() -> snapshot.backup()
                        .flatMap(backup -> inspect(backup, snapshot, database).history())
                        .flatMap(SchemaHistory::version));
    }

    private static BackupInfo inspect(Backup backup, Snapshot snapshot, TestDatabase database) {
        return backup.inspect(
                database.engine(),
                snapshot.migrator().historyTable(),
                database.server().clientHost());
    }

    /** {@return the fingerprint of what a database holds} */
    static String contents(DatabaseState state) {
        return new Fingerprint()
                .add(
                        state.history().rows().toString(),
                        state.shape().toString(),
                        state.digests().toString(),
                        state.positions().toString(),
                        state.largeObjects().toString(),
                        state.largeObjects().digest())
                .hex();
    }
}
