package io.github.metadatasnapshot.product;

import java.util.List;
import java.util.Optional;

/**
 * What came of a server of the product that was started on a database.
 *
 * @param server the server, for people, such as {@code the server of 1.2}
 * @param database the database, for people, with its version
 * @param outcome what it did
 * @param did the same in words, such as {@code ended with status 3 before it showed an answer at port 8080, /health}
 * @param said what it printed or answered last; empty where that is nothing, or it started
 * @param requests how many requests were answered rightly
 * @param wrongAnswer the first request that was not, with what is wrong; empty where all were, or none was sent
 * @param change what it did to the database, which was looked at before and after; empty where it is unchanged
 * @param inconclusive why that it did not start says nothing of the database: it does not start on an empty one of its own
 *     version either; empty where it does, or was not tried there
 * @since 0.1
 */
public record ServerStart(
        String server,
        String database,
        Outcome outcome,
        String did,
        String said,
        int requests,
        Optional<String> wrongAnswer,
        Optional<Change> change,
        Optional<String> inconclusive) {

    /** What a server did. */
    public enum Outcome {
        /** It showed that it has started. */
        STARTED,
        /** It ended before that, by itself. */
        ENDED,
        /** It answered, until time ran out, but not that it has started. */
        DECLINED,
        /** Neither, until time ran out. */
        NOTHING
    }

    /**
     * What a server did to the database.
     *
     * @param after after what, such as {@code its start} or {@code GET /assets}
     * @param differences how the database differs, a line each
     */
    public record Change(String after, List<String> differences) {

        /** Copies the list. */
        public Change {
            differences = List.copyOf(differences);
        }
    }

    /** Tells whether it ended or declined by itself, said something, and left the database as it was. */
    public boolean isRefusal() {
        return (outcome == Outcome.ENDED || outcome == Outcome.DECLINED)
                && !said.isBlank()
                && change.isEmpty()
                && inconclusive.isEmpty();
    }

    /** Tells whether it started, and answered all requests as it should. */
    public boolean isWorking() {
        return outcome == Outcome.STARTED && wrongAnswer.isEmpty();
    }

    /** {@return the same, with what it did to the database} */
    ServerStart changing(Optional<Change> changed) {
        return new ServerStart(server, database, outcome, did, said, requests, wrongAnswer, changed, inconclusive);
    }

    /**
     * {@return the same, where a server of that version does not start on a database of its own version}
     *
     * @param reason what it does there
     */
    public ServerStart inconclusive(String reason) {
        return new ServerStart(
                server, database, outcome, did, said, requests, wrongAnswer, change, Optional.of(reason));
    }

    /** {@return what it did, with what it said, after "it"} */
    public String describe() {
        String text = did + (said.isBlank() ? "" : ". The last that it said:\n" + said);
        if (outcome != Outcome.STARTED) {
            return text;
        }
        return wrongAnswer
                .map(wrong -> text + ", and " + wrong)
                .orElseGet(() -> text
                        + switch (requests) {
                            case 0 -> "";
                            case 1 -> ", and answered its request as it should";
                            default -> ", and answered " + requests + " requests as it should";
                        });
    }

    /** {@return the start for people} */
    @Override
    public String toString() {
        return server + " on " + database;
    }
}
