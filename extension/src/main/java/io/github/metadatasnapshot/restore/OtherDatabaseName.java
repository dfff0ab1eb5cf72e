package io.github.metadatasnapshot.restore;

import io.github.metadatasnapshot.backup.BackupException;
import io.github.metadatasnapshot.backup.RewrittenRows;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;

/**
 * A backup restored into a database of another name, where rows say which database they are about, as the manual of Bytebase
 * has it: in one column of one table the name is replaced by that of the database that is restored into. What else holds
 * the name stays as it is. The rest goes as by {@link DocumentedClient}.
 *
 * <pre>{@code
 * database.restore("backups/metadb.sql", new OtherDatabaseName("migration_history", "namespace", "metadb"));
 * }</pre>
 *
 * <p>For dumps of {@code pg_dump} that write rows by COPY, as it does unless it is told otherwise.
 *
 * @param table the table, without its schema
 * @param column the column
 * @param name the name of the database that the backup is of
 */
public record OtherDatabaseName(String table, String column, String name) implements RestoreProcedure {

    /**
     * Restores a backup.
     *
     * @throws RestoreException if no row has the name, or the rows are not written by COPY; nothing was touched then
     */
    @Override
    public ClientReport run(RestoreAttempt attempt) throws IOException, SQLException {
        Path file = Files.createTempFile("metadata-snapshot", ".sql");
        try {
            RewrittenRows rows =
                    new RewrittenRows(table, column, name, attempt.target().name());
            return new DocumentedClient()
                    .run(attempt.from(
                            rows.in(attempt.backup(), attempt.target().server().clientHost(), file)));
        } catch (BackupException e) {
            throw new RestoreException(String.valueOf(e.getMessage()), e);
        } finally {
            Files.deleteIfExists(file);
        }
    }
}
