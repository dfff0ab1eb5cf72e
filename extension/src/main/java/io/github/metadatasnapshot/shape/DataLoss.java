package io.github.metadatasnapshot.shape;

import java.util.List;

/**
 * What a table has lost.
 *
 * @param what the table, what of it, and how much
 * @param examples the first rows, a line for each
 */
public record DataLoss(String what, List<String> examples) {

    /** Copies the examples. */
    public DataLoss {
        examples = List.copyOf(examples);
    }

    /** {@return all of it, the examples in lines of their own} */
    @Override
    public String toString() {
        return examples.isEmpty() ? what : what + "\n  - " + String.join("\n  - ", examples);
    }
}
