package io.github.metadatasnapshot.engine;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A row for people.
 *
 * @param id the hash of what tells it from others
 * @param values the columns of the id and the others, in the order of the {@link DataSelection}
 */
public record DataRow(String id, List<Value> values) {

    /** Copies the values. */
    public DataRow {
        values = List.copyOf(values);
    }

    /**
     * A value.
     *
     * @param column the name of its column
     * @param compared the text that is compared, or a hash of it
     * @param shown the value for people, at most {@link DataReader#LONGEST_SHOWN} characters of it; {@code null} for NULL
     */
    public record Value(
            String column,
            @Nullable String compared,
            @Nullable String shown) {}
}
