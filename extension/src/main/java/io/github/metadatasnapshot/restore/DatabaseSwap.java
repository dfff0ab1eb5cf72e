package io.github.metadatasnapshot.restore;

import io.github.metadatasnapshot.backup.BackupInfo;
import io.github.metadatasnapshot.engine.Engine;
import io.github.metadatasnapshot.server.DatabaseInUseException;
import io.github.metadatasnapshot.server.TestDatabase;
import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * A full backup restored beside the live database, which it then replaces, as the manual of Bytebase has it: a new database
 * is created, the backup is restored into it as by {@link DocumentedClient}, the live one is renamed away and the new
 * one in, and the old one is dropped. Where the client fails, or sessions are connected to the live database, that stays as
 * it was; the report then says whose they are. For PostgreSQL only; elsewhere {@link CleanDatabase} does the like.
 *
 * <p>What lies in no dump, the new database has not: the settings of the old one, the privileges on it, its owner, comment,
 * locale and limits. {@link Restore#lostProperties} names it.
 *
 * @param keepsProperties whether the product's own procedure creates the new database with all that
 */
public record DatabaseSwap(boolean keepsProperties) implements RestoreProcedure {

    /** Creates the procedure that keeps nothing which lies in no dump. */
    public DatabaseSwap() {
        this(false);
    }

    /**
     * Restores a backup.
     *
     * @throws RestoreException if the engine cannot rename databases, or the backup is a data-only one; nothing was touched
     *     then
     * @throws io.github.metadatasnapshot.server.ServerException if the server has no second database
     */
    @Override
    public ClientReport run(RestoreAttempt attempt) throws IOException, SQLException {
        TestDatabase live = attempt.target();
        refuse(attempt);
        try (TestDatabase fresh =
                keepsProperties ? live.server().createLike(live) : live.server().createDatabase()) {
            ClientReport load = new DocumentedClient().run(attempt.into(fresh, attempt.prologue()));
            if (!load.success()) {
                return load;
            }
            String client = load.client() + ", renamed to " + live.name();
            try {
                live.server().replace(live, fresh);
                return load.by(client);
            } catch (DatabaseInUseException e) {
                List<StatementError> errors = new ArrayList<>();
                errors.add(error(e));
                load.errors().stream().limit(ClientReport.MAX_ERRORS - 1).forEach(errors::add);
                return new ClientReport(client, false, load.errorCount() + 1, errors, load.notes(), load.fault());
            }
        }
    }

    @Override
    public boolean replacesContents() {
        return true;
    }

    private static void refuse(RestoreAttempt attempt) {
        Engine engine = attempt.target().engine();
        if (engine != Engine.POSTGRESQL) {
            throw new RestoreException(
                    "DatabaseSwap renames databases, which " + engine.displayName()
                            + " cannot: restore into the database itself, by CleanDatabase, DocumentedClient or StrictClient",
                    null);
        }
        if (attempt.info().kind() == BackupInfo.Kind.DATA_ONLY) {
            throw new RestoreException(
                    "DatabaseSwap restores into a new, empty database, and the backup "
                            + attempt.backup().name()
                            + " holds rows without the tables for them: take a full backup, or restore into the database"
                            + " itself, by DocumentedClient or StrictClient",
                    null);
        }
    }

    private static StatementError error(DatabaseInUseException e) {
        String state = String.valueOf(e.refusal().getSQLState());
        String sessions = e.sessions().isEmpty() ? "" : "\nconnected: " + String.join("\nconnected: ", e.sessions());
        return new StatementError(
                0, 0, "ALTER DATABASE … RENAME TO …", state, e.refusal().getMessage() + sessions);
    }

    @Override
    public String toString() {
        return "DatabaseSwap";
    }
}
