package io.github.metadatasnapshot.snapshot;

import io.github.metadatasnapshot.backup.Backup;
import io.github.metadatasnapshot.backup.LiveDatabase;
import io.github.metadatasnapshot.engine.HistoryTable;
import io.github.metadatasnapshot.engine.Version;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Backups of databases that are named as backups: each is captured once in a run. The files are deleted in the end, unless a
 * place is named for them. Safe for use by several threads.
 */
public final class LiveBackups implements AutoCloseable {

    private static final System.Logger LOGGER = System.getLogger("io.github.metadatasnapshot");

    private record Key(LiveDatabase database, HistoryTable history) {}

    private final Memo<Key, Version> versions = new Memo<>();
    private final Memo<Key, Backup> backups = new Memo<>();
    private final Optional<Path> place;
    private final OwnFiles files = new OwnFiles();

    /**
     * Creates the backups of one run.
     *
     * @param place the directory in which they stay; empty where they are deleted
     */
    public LiveBackups(Optional<Path> place) {
        this.place = place;
    }

    /**
     * Returns the backup of a database, which is captured when it is first asked for.
     *
     * @param database the database
     * @param history its history table
     * @param declared the version that it is said to be at; empty for the one of its history
     * @return the backup
     * @throws SnapshotException if it is at another version; it was not captured then
     * @throws io.github.metadatasnapshot.backup.BackupException if it has no history, or cannot be captured
     */
    public Backup of(LiveDatabase database, HistoryTable history, Optional<String> declared) {
        Key key = new Key(database, history);
        Version version = versions.get(key, () -> database.version(history));
        declared.filter(said -> Version.isVersion(said) && !Version.of(said).equals(version))
                .ifPresent(said -> {
                    throw new SnapshotException(
                            "The annotation says version " + said + ", but the history in the database "
                                    + database.name() + ", which is named as its backup, says " + version
                                    + ": nothing was captured. Name the one that is at " + said
                                    + ", or set version = \""
                                    + version + "\"",
                            null);
                });
        return backups.get(key, () -> {
            Path file = place.map(directory -> directory.resolve(fileName(database, version)))
                    .orElseGet(files::next);
            LOGGER.log(
                    System.Logger.Level.INFO,
                    "Capturing {0} at version {1}, which is named as a backup{2}",
                    database.name(),
                    version,
                    place.isPresent() ? ", into " + file : "");
            return database.capture(history, file);
        });
    }

    private static String fileName(LiveDatabase database, Version version) {
        return database.name().replaceFirst("^jdbc:", "").replaceAll("[^A-Za-z0-9._-]+", "-") + "-" + version
                + ".sql.zst";
    }

    /** Deletes what has no place of its own. Never throws: what goes wrong is logged. */
    @Override
    public void close() {
        files.close();
    }
}
