package io.github.metadatasnapshot.snapshot;

import io.github.metadatasnapshot.engine.Version;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * How the backups of a product and its migrations don't fit together.
 *
 * @param withoutBackup the versions that there is a migration to, but no backup of
 * @param withoutMigration the locations of backups whose version no migration has, by that version
 * @param notListed the places whose files cannot be listed, so that there may be more of the latter
 */
public record BackupFindings(
        SortedSet<Version> withoutBackup, SortedMap<Version, String> withoutMigration, SortedSet<String> notListed) {

    private static final int MOST_LISTED = 12;

    /** Copies the collections. */
    public BackupFindings {
        withoutBackup = Collections.unmodifiableSortedSet(new TreeSet<>(withoutBackup));
        withoutMigration = Collections.unmodifiableSortedMap(new TreeMap<>(withoutMigration));
        notListed = Collections.unmodifiableSortedSet(new TreeSet<>(notListed));
    }

    /** {@return the findings for people, a line each; none where all fits} */
    public List<String> describe() {
        List<String> lines = new ArrayList<>();
        if (!withoutBackup.isEmpty()) {
            lines.add("no backup of version "
                    + enumerate(withoutBackup.stream().map(Version::toString).toList()));
        }
        if (!withoutMigration.isEmpty()) {
            lines.add("no migration has the version of " + enumerate(withoutMigration.values()));
        }
        if (!notListed.isEmpty()) {
            lines.add("not listed, so that there may be more backups: " + enumerate(notListed));
        }
        return lines;
    }

    /** {@return the first of some backups or versions, with how many more there are} */
    public static String enumerate(Collection<String> all) {
        String first = String.join(", ", all.stream().limit(MOST_LISTED).toList());
        return all.size() > MOST_LISTED ? first + " and " + (all.size() - MOST_LISTED) + " more" : first;
    }
}
