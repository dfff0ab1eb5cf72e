package io.github.metadatasnapshot.restore;

import java.io.IOException;
import java.sql.SQLException;

/**
 * A way to restore a backup, as the users of a product do it.
 *
 * <p>The procedures that come with the extension are {@link DocumentedClient}, {@link StrictClient}, {@link
 * ForcedClient}, {@link JdbcLoad}, {@link CleanDatabase}, {@link DatabaseSwap} and {@link ContainerCommand}. An implementation of one's own that an
 * annotation names needs a constructor without parameters; one instance serves the tests of a run, which may call it at the
 * same time. It is judged by what it does to the database, not by what it returns.
 *
 * <p>The controls of a backup are run once for procedures that are equal: keep a lambda in a constant.
 */
@FunctionalInterface
public interface RestoreProcedure {

    /**
     * Restores a backup into a database.
     *
     * @param attempt the backup and the database
     * @return what the client reported
     * @throws IOException if the backup cannot be read or the client cannot be run
     * @throws SQLException if the database cannot be reached
     */
    ClientReport run(RestoreAttempt attempt) throws IOException, SQLException;

    /**
     * Tells whether the procedure does away with what the database holds before it loads, so that nothing there has to make way
     * for rows.
     *
     * @return by default false
     */
    default boolean replacesContents() {
        return false;
    }
}
