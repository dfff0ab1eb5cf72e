package io.github.metadatasnapshot.engine;

import java.util.SortedSet;

/**
 * What a guard at the head of a backup demands of the database that the backup goes into: that its history says the
 * backup's version. A migration that the backup does not know means that it says another.
 *
 * @param version the version of the backup
 * @param applied the versions that the history in the backup has, {@code version} among them
 * @param historyTable the history table, as the backup names it
 * @param acceptsClean whether a database without a history table is accepted, as a full backup wants it
 */
public record GuardSpec(Version version, SortedSet<Version> applied, TableName historyTable, boolean acceptsClean) {

    /** Every error that a guard raises contains this, in any case: MySQL may write names in lower case. */
    static final String MARK = "snapshot guard: backup of ";
}
