package io.github.metadatasnapshot.engine;

import java.util.Collections;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * What came of roles that a backup names.
 *
 * @param created those that the server lacked and that were created
 * @param refused those that the connected user may neither create nor act as
 */
public record CreatedRoles(SortedSet<String> created, SortedSet<String> refused) {

    /** Copies the sets. */
    public CreatedRoles {
        created = Collections.unmodifiableSortedSet(new TreeSet<>(created));
        refused = Collections.unmodifiableSortedSet(new TreeSet<>(refused));
    }
}
