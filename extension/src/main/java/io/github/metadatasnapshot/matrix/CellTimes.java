package io.github.metadatasnapshot.matrix;

import java.util.OptionalLong;

/** How long cells took before, as a report tells. */
@FunctionalInterface
public interface CellTimes {

    /** Nothing is known of any cell. */
    CellTimes NONE = cell -> OptionalLong.empty();

    /**
     * Tells how long a cell took.
     *
     * @param cell the cell
     * @return the time, in milliseconds; empty where that is unknown
     */
    OptionalLong millis(Cell cell);
}
