package io.github.metadatasnapshot.restore;

import io.github.metadatasnapshot.backup.BackupInfo;
import io.github.metadatasnapshot.server.TestDatabase;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;

/**
 * A backup restored into a database that is made empty first, as manuals call for "a clean database": an administrator drops the
 * database, with the sessions that are connected to it, and creates it anew, with the same owner, locale, settings and
 * privileges. A full backup goes into that; for a data-only one it is migrated to the backup's version before. The only
 * database of an external server is emptied by its user.
 *
 * <p>What the database held is gone then, also where the backup does not go in; with {@link #triedFirst} it is loaded into a second
 * database before anything is dropped.
 *
 * @param load how the backup is loaded
 * @param triedFirst whether it is loaded into a second database first, so that a backup which fails there changes nothing
 */
public record CleanDatabase(RestoreProcedure load, boolean triedFirst) implements RestoreProcedure {

    /** Creates the procedure that loads as by {@link DocumentedClient}, and tries nothing first. */
    public CleanDatabase() {
        this(new DocumentedClient(), false);
    }

    /**
     * Restores a backup.
     *
     * @throws RestoreException if an empty database cannot be migrated to the version of a data-only backup
     * @throws io.github.metadatasnapshot.server.ServerException if the server refuses to drop or to create the database, or
     *     has no second one and {@link #triedFirst} is set
     */
    @Override
    public ClientReport run(RestoreAttempt attempt) throws IOException, SQLException {
        TestDatabase target = attempt.target();
        if (triedFirst) {
            try (TestDatabase second = target.server().createDatabase()) {
                ClientReport report = loadInto(second, attempt);
                if (!report.success()) {
                    return report.by(report.client() + ", into a second database");
                }
            }
        }
        target.server().makeEmpty(target);
        ClientReport report = loadInto(target, attempt);
        return report.by(report.client() + ", into the emptied database"
                + (report.success() ? "" : ": what it held before is gone"));
    }

    private ClientReport loadInto(TestDatabase empty, RestoreAttempt attempt) throws IOException, SQLException {
        RowsTarget rows = RowsTarget.NONE;
        if (attempt.info().kind() == BackupInfo.Kind.DATA_ONLY) {
            attempt.preparation().migrate(empty);
            try (Connection connection = empty.open()) {
                rows = RowsTarget.of(connection, empty.engine(), attempt.info(), true);
            }
        }
        RestoreAttempt ready = attempt.into(empty, rows.prologue());
        return rows.during(empty, () -> load.run(ready));
    }

    @Override
    public boolean replacesContents() {
        return true;
    }

    @Override
    public String toString() {
        return "CleanDatabase";
    }
}
