package io.github.metadatasnapshot.restore;

import io.github.metadatasnapshot.engine.HistoryTable;
import io.github.metadatasnapshot.engine.TableDigest;
import io.github.metadatasnapshot.engine.TableName;
import io.github.metadatasnapshot.engine.Version;
import io.github.metadatasnapshot.shape.DatabaseState;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** In what way a database that accepted a backup in silence is no faithful copy of it. Several may hold at a time. */
public enum SilentAcceptance {
    /** Objects of the target's version stand beside those of the backup's: the schema is that of neither. */
    HYBRID_SHAPE,
    /** The history says the earlier version of the backup, and the schema is not that version's. */
    HISTORY_TURNED_BACK,
    /** The history says the later version of the backup, whose migrations never ran on this schema. */
    HISTORY_AHEAD,
    /** Rows of the backup lie in the target's schema, untransformed. */
    UNTRANSFORMED_DATA,
    /** The schema is that of the backup, the rows or large objects are not: some are missing, or others are among them. */
    MIXED_DATA,
    /** A sequence or AUTO_INCREMENT counter continues before the place where it does in the backup. */
    SEQUENCE_BEHIND,
    /** The client met errors, went on and reported success. */
    ERRORS_SWALLOWED;

    /**
     * Compares the target with the backup.
     *
     * @param before the target before
     * @param after the target after
     * @param faithful a faithful copy of the backup
     * @param createsTables whether the backup brings its own tables
     * @param errors whether the client met errors
     * @param historyTable the history table, which tells of the version and not of data
     */
    static Set<SilentAcceptance> of(
            DatabaseState before,
            DatabaseState after,
            DatabaseState faithful,
            boolean createsTables,
            boolean errors,
            HistoryTable historyTable) {
        Set<SilentAcceptance> kinds = EnumSet.noneOf(SilentAcceptance.class);
        if (errors) {
            kinds.add(ERRORS_SWALLOWED);
        }
        if (before.isUntouchedIn(after)) {
            return kinds;
        }
        boolean shapeOfBackup = after.shape().equals(faithful.shape());
        boolean historyOfBackup = after.history().equals(faithful.history());
        if (!shapeOfBackup) {
            boolean shapeOfTarget = after.shape().equals(before.shape());
            if (!shapeOfTarget || (createsTables && historyOfBackup)) {
                kinds.add(HYBRID_SHAPE);
            } else if (!rows(after, historyTable).equals(rows(before, historyTable))) {
                kinds.add(UNTRANSFORMED_DATA);
            }
            if (historyOfBackup) {
                turned(before, after).ifPresent(kinds::add);
            }
        } else if (!after.digests().equals(faithful.digests())
                || !after.largeObjects().equals(faithful.largeObjects())) {
            kinds.add(MIXED_DATA);
        } else if (!faithful.behind(after, "").isEmpty()) {
            kinds.add(SEQUENCE_BEHIND);
        }
        return kinds;
    }

    private static Optional<SilentAcceptance> turned(DatabaseState before, DatabaseState after) {
        Optional<Version> was = before.history().version();
        Optional<Version> is = after.history().version();
        if (was.isEmpty() || is.isEmpty() || was.equals(is)) {
            return Optional.empty();
        }
        return Optional.of(is.get().compareTo(was.get()) < 0 ? HISTORY_TURNED_BACK : HISTORY_AHEAD);
    }

    private static SortedMap<TableName, TableDigest> rows(DatabaseState state, HistoryTable historyTable) {
        SortedMap<TableName, TableDigest> rows = new TreeMap<>(state.digests());
        rows.keySet().removeAll(historyTable.among(state.digests().keySet()));
        return rows;
    }
}
