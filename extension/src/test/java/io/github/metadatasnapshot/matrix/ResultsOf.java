package io.github.metadatasnapshot.matrix;

import java.util.List;
import java.util.Optional;

/** Results that say nothing but whether the cell holds. */
public final class ResultsOf {

    private ResultsOf() {}

    public static CellResult a(Cell cell, CellResult.Result result) {
        return new CellResult(
                cell,
                result,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                "",
                0,
                "",
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of());
    }
}
