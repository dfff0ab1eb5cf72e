package io.github.metadatasnapshot.restore;

/** Why a restore failed, told from its {@linkplain Controls controls}. */
public enum RestoreCause {
    /** The {@linkplain io.github.metadatasnapshot.backup.SnapshotGuard guard} of the backup found another version. */
    GUARD,
    /** The version: the database is at another one than the backup, and one that is at the backup's own takes it. */
    VERSION,
    /**
     * Not the version but what the database holds: it is at the version of the backup, or one that is, with the backup in it,
     * does not take the backup either.
     */
    OCCUPIED_TARGET,
    /**
     * The restore has undone itself but for the positions of sequences, which no rollback moves: one that went back gives out
     * values a second time.
     */
    SEQUENCE_MOVED,
    /**
     * The server, the user, the machine or the backup: it does not go into the database that it is meant for either, or the
     * client was killed, the server went away, or had no space left. Nothing can be said about the version.
     */
    ENVIRONMENT
}
