package io.github.metadatasnapshot.restore;

import io.github.metadatasnapshot.engine.Suspension;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * What a client reported of a restore.
 *
 * @param client the client as it was called, without a password
 * @param success whether the client says that it succeeded: whether its exit status is 0
 * @param errorCount the number of errors that it printed, whatever its exit status
 * @param errors the first of them
 * @param notes what else there is to say of the client, such as why another one ran than the procedure asks for
 */
public record ClientReport(
        String client, boolean success, long errorCount, List<StatementError> errors, List<String> notes) {

    /** How many errors are kept. A restore may print one for every row. */
    static final int MAX_ERRORS = 100;

    /** Copies the lists. */
    public ClientReport {
        errors = List.copyOf(errors);
        notes = List.copyOf(notes);
    }

    /** Creates a report without notes. */
    public ClientReport(String client, boolean success, long errorCount, List<StatementError> errors) {
        this(client, success, errorCount, errors, List.of());
    }

    /** {@return the same report of a client that was called in another way} */
    ClientReport by(String otherClient) {
        return new ClientReport(otherClient, success, errorCount, errors, notes);
    }

    /** {@return the same report with a note} */
    ClientReport noting(String note) {
        List<String> all = new ArrayList<>(notes);
        all.add(note);
        return new ClientReport(client, success, errorCount, errors, all);
    }

    /**
     * Leaves out errors of a restore that went on after them and lost nothing by them, with a note in the place of each.
     *
     * @param excuse finds the note for an error, empty where the error counts
     */
    ClientReport excusing(Function<StatementError, Optional<String>> excuse) {
        List<StatementError> counting = new ArrayList<>();
        List<String> all = new ArrayList<>(notes);
        for (StatementError error : errors) {
            excuse.apply(error).ifPresentOrElse(all::add, () -> counting.add(error));
        }
        return new ClientReport(client, success, errorCount - (errors.size() - counting.size()), counting, all);
    }

    /** {@return the report of a restore that failed in the end, since foreign keys or triggers did not come back} */
    ClientReport with(List<Suspension.Refusal> refusals) {
        if (refusals.isEmpty()) {
            return this;
        }
        List<StatementError> all = new ArrayList<>(errors);
        for (Suspension.Refusal refusal : refusals) {
            SQLException error = refusal.error();
            String state = error.getSQLState();
            all.add(new StatementError(
                    0, 0, refusal.sql(), state == null ? "" : state, String.valueOf(error.getMessage())));
        }
        return new ClientReport(
                client, false, errorCount + refusals.size(), all.subList(0, Math.min(all.size(), MAX_ERRORS)), notes);
    }
}
