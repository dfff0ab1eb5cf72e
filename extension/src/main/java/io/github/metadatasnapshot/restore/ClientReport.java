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
 * @param fault what befell the client or the server meanwhile, so that the report tells nothing of the backup: the client waited
 *     for another session's lock or was killed, the server went away, its disk was full; empty where nothing did
 */
public record ClientReport(
        String client,
        boolean success,
        long errorCount,
        List<StatementError> errors,
        List<String> notes,
        Optional<String> fault) {

    /** How a fault begins that an error tells of, whose text follows. */
    static final String NOT_OF_THE_STATEMENT =
            "the server, the machine or another session ended it, and not a statement of the backup: ";

    /** How many errors are kept. A restore may print one for every row. */
    static final int MAX_ERRORS = 100;

    /** Copies the lists. */
    public ClientReport {
        errors = List.copyOf(errors);
        notes = List.copyOf(notes);
    }

    /** Creates a report without notes, of a client that nothing befell. */
    public ClientReport(String client, boolean success, long errorCount, List<StatementError> errors) {
        this(client, success, errorCount, errors, List.of(), Optional.empty());
    }

    /** {@return the same report of a client that was called in another way} */
    ClientReport by(String otherClient) {
        return new ClientReport(otherClient, success, errorCount, errors, notes, fault);
    }

    /** {@return the same report, with what befell the client} */
    ClientReport failingFor(String what) {
        return new ClientReport(client, success, errorCount, errors, notes, Optional.of(what));
    }

    /** {@return the same report with a note} */
    ClientReport noting(String note) {
        List<String> all = new ArrayList<>(notes);
        all.add(note);
        return new ClientReport(client, success, errorCount, errors, all, fault);
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
        return new ClientReport(client, success, errorCount - (errors.size() - counting.size()), counting, all, fault);
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
                client,
                false,
                errorCount + refusals.size(),
                all.subList(0, Math.min(all.size(), MAX_ERRORS)),
                notes,
                fault);
    }
}
