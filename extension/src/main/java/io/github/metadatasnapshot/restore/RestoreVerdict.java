package io.github.metadatasnapshot.restore;

/** What a restore did to the database, told from the database's state before and after. */
public enum RestoreVerdict {
    /** The client reports success, and the database holds exactly the backup. */
    RESTORED,
    /**
     * The {@linkplain io.github.metadatasnapshot.backup.SnapshotGuard guard} of the backup raised an error, and the database
     * is as it was: nothing of the backup ran.
     */
    REFUSED,
    /** The client reports an error, and the database is as it was: what ran was undone. */
    ROLLED_BACK,
    /** The client reports an error, and the database has changed: it is neither what it was nor the backup. */
    PARTIALLY_APPLIED,
    /** The client reports success, swallowed errors included, but the database is not a faithful copy of the backup. */
    SILENTLY_ACCEPTED
}
