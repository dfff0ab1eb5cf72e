package io.github.metadatasnapshot.restore;

import io.github.metadatasnapshot.backup.BackupInfo;
import io.github.metadatasnapshot.engine.Engine;
import io.github.metadatasnapshot.engine.Suspension;
import io.github.metadatasnapshot.server.TestDatabase;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * What a backup needs of a database beside a client: for a data-only one, that the rows which migrations wrote make way and
 * that foreign keys and triggers don't fire. A full one needs nothing.
 *
 * @param prologue statements for the session that loads to begin with
 * @param suspension what rests while it loads
 */
record RowsTarget(List<String> prologue, Suspension suspension) {

    static final RowsTarget NONE = new RowsTarget(List.of(), new Suspension(List.of()));

    /** Runs a procedure. */
    interface Load {
        ClientReport run() throws IOException, SQLException;
    }

    /** Makes a database ready. */
    static RowsTarget of(Connection connection, Engine engine, BackupInfo info, boolean holdsLargeObjects)
            throws SQLException {
        if (info.kind() == BackupInfo.Kind.FULL) {
            return NONE;
        }
        List<String> prologue =
                new ArrayList<>(engine.prologue(connection, info.rows().keySet()));
        if (info.largeObjects().count() > 0 && holdsLargeObjects) {
            prologue.add(engine.withoutLargeObjects());
        }
        return new RowsTarget(prologue, engine.suspendRules(connection));
    }

    /** Runs a procedure, and ends what rests meanwhile; what is refused then is reported with the rest. */
    ClientReport during(TestDatabase target, Load load) throws IOException, SQLException {
        List<Suspension.Refusal> refusals = List.of();
        ClientReport report;
        try {
            report = load.run();
        } finally {
            if (!suspension.resume().isEmpty()) {
                try (Connection connection = target.open()) {
                    refusals = suspension.end(connection);
                }
            }
        }
        return report.with(refusals);
    }
}
