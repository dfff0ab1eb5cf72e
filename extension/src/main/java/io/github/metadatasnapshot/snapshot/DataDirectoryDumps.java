package io.github.metadatasnapshot.snapshot;

import io.github.metadatasnapshot.backup.Backup;
import io.github.metadatasnapshot.backup.DataDirectory;
import io.github.metadatasnapshot.engine.Engine;
import io.github.metadatasnapshot.engine.HistoryTable;
import io.github.metadatasnapshot.server.DatabaseServer;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Dumps of backups that are copies of a data directory: each is made once for an image and a history table, and deleted in
 * the end. Safe for use by several threads.
 */
public final class DataDirectoryDumps implements AutoCloseable {

    private record Key(String backup, String image, HistoryTable history, boolean copiedWhileRunning) {}

    private final Set<String> trusted = ConcurrentHashMap.newKeySet();
    private final Memo<Key, Backup> dumps = new Memo<>();
    private final OwnFiles files = new OwnFiles();

    /** Creates the dumps of one run. */
    public DataDirectoryDumps() {}

    /**
     * Returns a backup that can be restored.
     *
     * @param backup any backup
     * @param server the server that it is for
     * @param history the history table
     * @param copiedWhileRunning whether a copy is of one moment, though its server ran
     * @return the dump of a copy of a data directory; any other backup as it is
     * @throws io.github.metadatasnapshot.server.ServerUnavailableException if it takes a container, and no Docker engine
     *     answers
     * @throws io.github.metadatasnapshot.backup.BackupException if it is a copy that cannot be dumped, or is damaged
     */
    public Backup of(Backup backup, DatabaseServer server, HistoryTable history, boolean copiedWhileRunning) {
        if (server.engine() != Engine.POSTGRESQL) {
            return backup;
        }
        return dumps.get(
                new Key(backup.identity(), server.spec().image(), history, copiedWhileRunning),
                () -> DataDirectory.in(backup)
                        .map(copy -> dump(copy, server.spec().image(), history, copiedWhileRunning))
                        .orElse(backup));
    }

    private Backup dump(DataDirectory copy, String image, HistoryTable history, boolean copiedWhileRunning) {
        DataDirectory.Dump dump = copy.dump(image, history, copiedWhileRunning, files.next());
        trusted.addAll(dump.trusted());
        return dump.backup();
    }

    /** {@return what is left to trust of copies that were made while their servers ran, a line each} */
    public List<String> trusted() {
        return trusted.stream().sorted().toList();
    }

    /** Deletes the dumps. Never throws: what goes wrong is logged. */
    @Override
    public void close() {
        files.close();
    }
}
