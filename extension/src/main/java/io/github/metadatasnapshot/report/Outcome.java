package io.github.metadatasnapshot.report;

import io.github.metadatasnapshot.matrix.CellResult;
import io.github.metadatasnapshot.matrix.CellResult.Result;
import java.util.Arrays;

/** What the picture shows of a cell: what happened, whether or not it should have. */
enum Outcome {
    UPGRADED("✓", "upgraded", "the upgrade ran, and all that was checked of it holds"),
    RECOVERED("B", "brought back", "a restore brought back all that the database held before the upgrade"),
    RESTORED("=", "restored", "the client reports success, and the database is a faithful copy of the backup"),
    REFUSED("R", "refused", "the guard of the backup raised an error, and nothing of the backup ran"),
    ROLLED_BACK("U", "undone", "the client reports an error, and the database is as it was"),
    PARTIALLY_APPLIED(
            "P", "partly", "the client reports an error, and the database is neither what it was nor the backup"),
    SILENTLY_ACCEPTED(
            "S", "silent", "the client reports success, but the database is not a faithful copy of the backup"),
    UPGRADE_FAILED("F", "upgrade failed", "the upgrade, or something that was checked of it, failed"),
    NOT_RECOVERED("N", "not back", "something of what the database held before the upgrade did not come back"),
    ERROR("E", "error", "the restore could not be judged"),
    INCONCLUSIVE(
            "?", "inconclusive", "the restore failed, and so does its control: nothing can be said of the version"),
    NOT_RUN("–", "not run", "the database cannot run here");

    private final String symbol;
    private final String word;
    private final String meaning;

    Outcome(String symbol, String word, String meaning) {
        this.symbol = symbol;
        this.word = word;
        this.meaning = meaning;
    }

    static Outcome of(CellResult cell) {
        return switch (cell.result()) {
            case INCONCLUSIVE -> INCONCLUSIVE;
            case NOT_RUN -> NOT_RUN;
            case PASSED, FAILED ->
                cell.verdict()
                        .flatMap(verdict -> Arrays.stream(values())
                                .filter(outcome -> outcome.name().equals(verdict))
                                .findFirst())
                        .orElseGet(() -> withoutVerdict(cell));
        };
    }

    private static Outcome withoutVerdict(CellResult cell) {
        boolean passed = cell.result() == Result.PASSED;
        return switch (cell.cell().check()) {
            case UPGRADE -> passed ? UPGRADED : UPGRADE_FAILED;
            case RECOVERY -> passed ? RECOVERED : NOT_RECOVERED;
            case RESTORE, CROSS_VERSION_RESTORE -> passed ? RESTORED : ERROR;
        };
    }

    String symbol() {
        return symbol;
    }

    String word() {
        return word;
    }

    String meaning() {
        return meaning;
    }
}
