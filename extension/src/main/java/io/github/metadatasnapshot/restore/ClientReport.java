package io.github.metadatasnapshot.restore;

import java.util.List;

/**
 * What a client reported of a restore.
 *
 * @param client the client as it was called, without a password
 * @param success whether the client says that it succeeded: whether its exit status is 0
 * @param errorCount the number of errors that it printed, whatever its exit status
 * @param errors the first of them
 */
public record ClientReport(String client, boolean success, long errorCount, List<StatementError> errors) {

    /** How many errors are kept. A restore may print one for every row. */
    static final int MAX_ERRORS = 100;

    /** Copies the list. */
    public ClientReport {
        errors = List.copyOf(errors);
    }
}
