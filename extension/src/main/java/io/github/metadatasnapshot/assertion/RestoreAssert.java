package io.github.metadatasnapshot.assertion;

import io.github.metadatasnapshot.restore.Restore;
import io.github.metadatasnapshot.restore.RestoreVerdict;
import java.util.EnumSet;
import java.util.Set;
import org.assertj.core.api.AbstractAssert;

/**
 * Assertions about a {@link Restore}, judged by the database before and after it.
 *
 * @since 0.1
 */
public final class RestoreAssert extends AbstractAssert<RestoreAssert, Restore> {

    RestoreAssert(Restore actual) {
        super(actual, RestoreAssert.class);
    }

    /**
     * Verifies that the client reported an error and that the database is as it was: {@link RestoreVerdict#REFUSED} or
     * {@link RestoreVerdict#ROLLED_BACK}.
     *
     * <pre>{@code
     * assertThat(database.restore("backups/1.1.sql.gz")).wasRejected();
     * }</pre>
     *
     * @return this
     * @throws AssertionError if the restore did something to the database, or went in
     */
    public RestoreAssert wasRejected() {
        return hasVerdict("to be rejected", EnumSet.of(RestoreVerdict.REFUSED, RestoreVerdict.ROLLED_BACK));
    }

    /**
     * Verifies that the client reported an error: {@link RestoreVerdict#REFUSED}, {@link RestoreVerdict#ROLLED_BACK} or
     * {@link RestoreVerdict#PARTIALLY_APPLIED}.
     *
     * @return this
     * @throws AssertionError if the client reported success
     */
    public RestoreAssert failed() {
        return hasVerdict(
                "to fail",
                EnumSet.of(RestoreVerdict.REFUSED, RestoreVerdict.ROLLED_BACK, RestoreVerdict.PARTIALLY_APPLIED));
    }

    /**
     * Verifies that the database holds exactly the backup: {@link RestoreVerdict#RESTORED}.
     *
     * @return this
     * @throws AssertionError if it does not, whatever the client reported
     */
    public RestoreAssert succeeded() {
        return hasVerdict("to succeed", EnumSet.of(RestoreVerdict.RESTORED));
    }

    /**
     * Verifies what the restore did.
     *
     * @param expected the verdict
     * @return this
     * @throws AssertionError if it did something else
     */
    public RestoreAssert hasVerdict(RestoreVerdict expected) {
        return hasVerdict("to be " + expected, EnumSet.of(expected));
    }

    /**
     * Verifies that the history, the shape and every row are as they were before.
     *
     * @return this
     * @throws AssertionError if something changed, with what did
     */
    public RestoreAssert leftDatabaseUntouched() {
        isNotNull();
        if (!actual.before().equals(actual.after())) {
            throw failure("%s", RestoreMessages.notUntouched(actual));
        }
        return this;
    }

    private RestoreAssert hasVerdict(String expectation, Set<RestoreVerdict> expected) {
        isNotNull();
        if (!expected.contains(actual.verdict())) {
            throw failure("%s", RestoreMessages.otherVerdict(actual, expectation));
        }
        return this;
    }
}
