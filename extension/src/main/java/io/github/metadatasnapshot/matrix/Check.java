package io.github.metadatasnapshot.matrix;

import java.util.Locale;

/** What is checked of a version, or of a pair of versions. */
public enum Check {

    /** A backup goes into the database that it is meant for, whole. */
    RESTORE,

    /** A database at one version, with a backup of it, is migrated to another. */
    UPGRADE,

    /** A backup of one version does not go into a database at another. */
    CROSS_VERSION_RESTORE,

    /** After an upgrade, or in the middle of one, the backup brings back what was there before. */
    RECOVERY;

    /** {@return the check's name in reports: {@code restore}, {@code upgrade}, {@code cross-version-restore} or {@code recovery}} */
    public String id() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
