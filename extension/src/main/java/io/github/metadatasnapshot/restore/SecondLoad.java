package io.github.metadatasnapshot.restore;

import io.github.metadatasnapshot.backup.Backup;
import io.github.metadatasnapshot.engine.HistoryTable;
import io.github.metadatasnapshot.server.TestDatabase;
import io.github.metadatasnapshot.shape.DatabaseState;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A second load of a backup, by another way and into another database of the same kind: statement by statement over JDBC,
 * where each error is an error. It decides where a client reported success and the database holds other numbers of rows than
 * were counted in the file: rows go into the partitions of a table, or the file itself deletes some. Loaded once, when it is
 * first asked for. Safe for use by several threads.
 */
public final class SecondLoad {

    private final Supplier<TestDatabase> databases;
    private @Nullable Outcome outcome;

    /** What the database holds; empty where the load failed, for the reason. */
    private record Outcome(Optional<DatabaseState> state, String failure) {}

    /**
     * Creates a load that has not begun.
     *
     * @param databases creates a database like the one that the backup is meant for, to be closed after use
     */
    public SecondLoad(Supplier<TestDatabase> databases) {
        this.databases = databases;
    }

    /** {@return what it left; empty where it failed} */
    Optional<DatabaseState> state(Backup backup, HistoryTable historyTable) {
        return outcome(backup, historyTable).state();
    }

    /** {@return why it failed, the empty string where it did not} */
    String failure(Backup backup, HistoryTable historyTable) {
        return outcome(backup, historyTable).failure();
    }

    private synchronized Outcome outcome(Backup backup, HistoryTable historyTable) {
        Outcome known = outcome;
        if (known == null) {
            known = load(backup, historyTable);
            outcome = known;
        }
        return known;
    }

    private Outcome load(Backup backup, HistoryTable historyTable) {
        try (TestDatabase database = databases.get()) {
            Restore restore = Restore.run(database, backup, new JdbcLoad(), historyTable);
            List<String> errors = restore.describeErrors();
            return restore.report().success() && errors.isEmpty()
                    ? new Outcome(Optional.of(restore.after()), "")
                    : new Outcome(Optional.empty(), errors.isEmpty() ? "it ended early" : errors.get(0));
        } catch (RuntimeException e) {
            // Whatever keeps it from being tried, the restore itself was made, and is to be judged.
            return new Outcome(Optional.empty(), String.valueOf(e.getMessage()));
        }
    }
}
