package io.github.metadatasnapshot.restore;

import io.github.metadatasnapshot.backup.Backup;
import io.github.metadatasnapshot.backup.BackupException;
import io.github.metadatasnapshot.backup.RewrittenRows;
import io.github.metadatasnapshot.engine.DatabaseNameColumn;
import io.github.metadatasnapshot.engine.HistoryTable;
import io.github.metadatasnapshot.server.TestDatabase;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A backup whose history is about the database that it is restored into: where rows name the database that the backup is of,
 * they get the name of that one. What else holds the name stays as it is.
 */
final class RenamedRows implements AutoCloseable {

    private final Backup backup;
    private final @Nullable Path file;

    private RenamedRows(Backup backup, @Nullable Path file) {
        this.backup = backup;
        this.file = file;
    }

    /**
     * Rewrites a backup, where the history names its database and it is known how backups name it.
     *
     * @throws BackupException if none of the rows that name a database names that one; nothing was touched then
     */
    static RenamedRows of(Backup backup, TestDatabase target, HistoryTable history) {
        Optional<DatabaseNameColumn> known =
                history.databaseName().filter(column -> !column.inBackups().isEmpty());
        if (known.isEmpty()) {
            return new RenamedRows(backup, null);
        }
        DatabaseNameColumn column = known.get();
        Path file = null;
        try {
            file = Files.createTempFile("metadata-snapshot", ".sql");
            RewrittenRows rows = new RewrittenRows(column.table(), column.column(), column.inBackups(), target.name());
            return new RenamedRows(
                    // A later release may have a history without names.
                    rows.in(backup, target.server().clientHost(), file).orElse(backup), file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (RuntimeException e) {
            new RenamedRows(backup, file).close();
            throw e;
        }
    }

    Backup backup() {
        return backup;
    }

    @Override
    public void close() {
        try {
            if (file != null) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
