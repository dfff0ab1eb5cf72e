package io.github.metadatasnapshot.shape;

import java.util.Comparator;
import java.util.List;

/**
 * What a table has lost.
 *
 * @param kind what kind of loss it is
 * @param what the table, what of it, and how much
 * @param count how many rows, or values of a column, are concerned
 * @param examples the first rows, a line for each; none where a whole table or column is gone
 */
public record DataLoss(Kind kind, String what, long count, List<String> examples) {

    /** The kinds of losses, the gravest first. */
    public enum Kind {
        /** Rows are no longer there. */
        ROWS,
        /** Rows are no longer there, or hold other values: nothing tells which. */
        ROWS_OR_VALUES,
        /** A column that held values is no longer there. */
        COLUMN,
        /** A generator continues at a value, or before one, that a unique column holds. */
        COLLISION,
        /** Rows hold other values. */
        VALUES,
        /** A generator gives out values again that it gave out before. */
        POSITION
    }

    /** The gravest first, and of a kind the largest. */
    static final Comparator<DataLoss> BY_GRAVITY =
            Comparator.comparing(DataLoss::kind).thenComparing(DataLoss::count, Comparator.reverseOrder());

    /** Copies the examples. */
    public DataLoss {
        examples = List.copyOf(examples);
    }

    /** {@return all of it, the examples in lines of their own} */
    @Override
    public String toString() {
        if (examples.isEmpty()) {
            return what;
        }
        long more = count - examples.size();
        return what + "\n  - " + String.join("\n  - ", examples) + (more > 0 ? "\n  - and " + more + " more" : "");
    }
}
