package io.github.metadatasnapshot.matrix;

import java.util.Locale;

/** What is checked of a version, or of a pair of versions. */
public enum Check {

    /** A backup goes into the database that it is meant for, whole. */
    RESTORE,

    /** A database at one version, with a backup of it, is migrated to another. */
    UPGRADE,

    /** A backup of one version does not go into a database at another. */
    CROSS_VERSION_RESTORE;

    /** {@return the check's name in reports: {@code restore}, {@code upgrade} or {@code cross-version-restore}} */
    public String id() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
