package io.github.metadatasnapshot.restore;

import io.github.metadatasnapshot.shape.ShapeDifference;
import java.util.List;
import java.util.Set;

/**
 * What a full backup holds of the schema that the migrations to its version create. What it lacks, no restore brings back: an
 * option of the dump tool left it out.
 *
 * @param missing the objects that it lacks; none where it lacks nothing, or where that is unknown
 * @param kinds the kinds of objects that it holds
 * @param unknown why that is unknown; the empty string where it is known
 */
public record Completeness(List<ShapeDifference> missing, Set<String> kinds, String unknown) {

    /** Copies the collections. */
    public Completeness {
        missing = List.copyOf(missing);
        kinds = Set.copyOf(kinds);
    }

    /** Creates what is known of a backup of which nothing can be told. */
    public static Completeness unknown(String why) {
        return new Completeness(List.of(), Set.of(), why);
    }
}
