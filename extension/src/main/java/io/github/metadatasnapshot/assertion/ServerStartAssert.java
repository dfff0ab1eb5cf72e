package io.github.metadatasnapshot.assertion;

import io.github.metadatasnapshot.product.ServerStart;
import io.github.metadatasnapshot.product.ServerStart.Outcome;
import java.util.List;
import org.assertj.core.api.AbstractAssert;

/**
 * Assertions about a server of the product that was started on a database.
 *
 * @since 0.1
 */
public final class ServerStartAssert extends AbstractAssert<ServerStartAssert, ServerStart> {

    private static final int MOST_DIFFERENCES = 10;

    ServerStartAssert(ServerStart actual) {
        super(actual, ServerStartAssert.class);
    }

    /**
     * Verifies that the server refused the database: it ended by itself, or answered that it has not started, said why, and
     * left the database as it was. A server that ended or did not start on an empty database of its own version either proves
     * nothing, and fails this.
     *
     * <pre>{@code
     * assertThat(database.startServer("1.2")).refused();
     * }</pre>
     *
     * @return this
     * @throws AssertionError if it started, with the first request that it answered wrongly or the first change that it made;
     *     if it changed the database, said nothing, or neither ended nor answered
     */
    public ServerStartAssert refused() {
        isNotNull();
        if (actual.isRefusal()) {
            return this;
        }
        throw failure("Expected %s to refuse %s, but %s", actual.server(), actual.database(), whyNotRefused());
    }

    /**
     * Verifies that the server said a text, as it printed or answered it last: that it refused for the reason that it should.
     *
     * @param text what it said
     * @return this
     * @throws AssertionError if it did not
     */
    public ServerStartAssert saying(String text) {
        isNotNull();
        if (!actual.said().contains(text)) {
            throw failure(
                    "Expected %s to say '%s' on %s, but it %s",
                    actual.server(), text, actual.database(), actual.describe());
        }
        return this;
    }

    /**
     * Verifies that the server started and answered all requests as it should.
     *
     * @return this
     * @throws AssertionError if it did not, with what it said, or with the first request that it answered wrongly
     */
    public ServerStartAssert works() {
        isNotNull();
        if (!actual.isWorking()) {
            throw failure(
                    "Expected %s to work on %s, but it %s", actual.server(), actual.database(), actual.describe());
        }
        return this;
    }

    private String whyNotRefused() {
        String did = "it " + actual.describe();
        if (actual.inconclusive().isPresent()) {
            return "that it did not start proves nothing: "
                    + actual.inconclusive().get() + "\nHere " + did;
        }
        if (actual.change().isPresent()) {
            return did + (actual.outcome() == Outcome.STARTED ? "\nThe database" : "\nBut the database")
                    + " is another after " + actual.change().get().after() + ":\n  "
                    + lines(actual.change().get().differences());
        }
        return actual.outcome() == Outcome.STARTED
                ? did + ", and changed nothing"
                : actual.said().isBlank() ? did + ", and said nothing that would tell an operator why" : did;
    }

    private static String lines(List<String> differences) {
        return String.join("\n  ", differences.subList(0, Math.min(MOST_DIFFERENCES, differences.size())))
                + (differences.size() > MOST_DIFFERENCES
                        ? "\n  and " + (differences.size() - MOST_DIFFERENCES) + " more"
                        : "");
    }
}
