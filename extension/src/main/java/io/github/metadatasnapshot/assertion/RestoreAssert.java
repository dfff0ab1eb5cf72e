package io.github.metadatasnapshot.assertion;

import io.github.metadatasnapshot.restore.Restore;
import io.github.metadatasnapshot.restore.RestoreCause;
import io.github.metadatasnapshot.restore.RestoreVerdict;
import io.github.metadatasnapshot.restore.SilentAcceptance;
import io.github.metadatasnapshot.server.ServerException;
import io.github.metadatasnapshot.server.WriteCheck;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.assertj.core.api.AbstractAssert;

/**
 * Assertions about a {@link Restore}, judged by the database before and after it. Where the same backup does not even go
 * into the database that it is meant for, a verdict proves nothing, and every assertion about it fails.
 *
 * @since 0.1
 */
public final class RestoreAssert extends AbstractAssert<RestoreAssert, Restore> {

    private final Proof proof;

    RestoreAssert(Restore actual, boolean collecting) {
        super(actual, RestoreAssert.class);
        this.proof = new Proof("the restore " + actual, collecting, failed -> actual.noteFailure(failed.cause()));
    }

    /** Throws what the checks found, where failures are collected. */
    void assertAll() {
        proof.failure().ifPresent(this::fail);
    }

    /** {@return what is proven} */
    Proof proof() {
        return proof;
    }

    /** Makes a check, unless an earlier failure leaves nothing to look at. */
    private RestoreAssert check(String check, Supplier<Optional<FailedCheck>> look) {
        isNotNull();
        if (!proof.hasEnded(check)) {
            actual.noteCheck(check);
            proof.note(look.get().stream().toList()).ifPresent(this::fail);
        }
        return this;
    }

    private void fail(String message) {
        throw failure("%s", message);
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
     * Verifies that the backup was accepted in silence, in these ways among others.
     *
     * @param kinds the ways; none for any
     * @return this
     * @throws AssertionError if it was not, or not in one of these ways
     */
    public RestoreAssert wasSilentlyAccepted(SilentAcceptance... kinds) {
        List<SilentAcceptance> expected = List.of(kinds);
        return hasVerdict(RestoreVerdict.SILENTLY_ACCEPTED)
                .check(
                        "expected to be accepted with " + expected,
                        () -> actual.acceptance().containsAll(expected)
                                ? Optional.empty()
                                : Optional.of(RestoreMessages.otherAcceptance(actual, expected)));
    }

    /**
     * Verifies that the restore failed because of the version: {@link RestoreCause#VERSION} or {@link
     * RestoreCause#GUARD}. That it failed alone does not say so: a database may also refuse what is in it already.
     *
     * <pre>{@code
     * assertThat(database.restore("backups/1.1.sql.gz")).wasRejected().becauseOfVersion();
     * }</pre>
     *
     * @return this
     * @throws AssertionError if the client reported success, or the cause is another
     */
    public RestoreAssert becauseOfVersion() {
        return hasCause("the version", EnumSet.of(RestoreCause.VERSION, RestoreCause.GUARD));
    }

    /**
     * Verifies why the restore failed.
     *
     * @param expected the cause
     * @return this
     * @throws AssertionError if the client reported success, or the cause is another
     */
    public RestoreAssert hasCause(RestoreCause expected) {
        return hasCause(expected.toString(), EnumSet.of(expected));
    }

    private RestoreAssert hasCause(String expectation, Set<RestoreCause> expected) {
        return check(
                "expected to fail because of " + expectation,
                () -> actual.cause().filter(expected::contains).isPresent()
                        ? Optional.empty()
                        : Optional.of(RestoreMessages.otherCause(actual, expectation)));
    }

    /**
     * Verifies that a full backup brings every object that the migrations to its version create. A dump may lack some
     * although it is restored exactly: {@code mysqldump} leaves out routines and events unless it is told otherwise, and
     * {@code pg_dump} what {@code --no-comments} or {@code -t} says. By default that is a finding of the report.
     *
     * <pre>{@code
     * assertThat(restore).succeeded().isComplete();
     * }</pre>
     *
     * @return this
     * @throws AssertionError if the backup lacks an object, or if that cannot be told: it holds rows only, does not go into
     *     an empty database, or no empty database can be migrated to its version
     */
    public RestoreAssert isComplete() {
        return check(
                "expected to bring all that the migrations to its version create",
                () -> actual.completeness().missing().isEmpty()
                                && actual.completeness().unknown().isEmpty()
                        ? Optional.empty()
                        : Optional.of(RestoreMessages.incomplete(actual)));
    }

    /**
     * Verifies that no other session was connected to the database before the restore, while it ran, or after it, since
     * manuals ask for the product's server to be stopped: what it writes meanwhile may get lost. While the restore runs, a
     * look each second shows it. The connections that the test itself holds count, too.
     *
     * <pre>{@code
     * assertThat(database.restore("backups/1.2.sql.gz")).succeeded().ranAlone();
     * }</pre>
     *
     * @return this
     * @throws AssertionError if a session was seen, with what is known of it; or if it cannot be known, as where the user may
     *     not see the sessions of others
     */
    public RestoreAssert ranAlone() {
        return check(
                "expected to run alone",
                () -> actual.concurrentSessions().isEmpty()
                                && actual.whyNotAllSessions().isEmpty()
                        ? Optional.empty()
                        : Optional.of(RestoreMessages.notAlone(actual)));
    }

    /**
     * Verifies that the database as a whole is what it was where a procedure has replaced it: its settings, the privileges on
     * it, its owner, comment, locale and limits, which no dump holds. By default what is lost is a note in the report.
     *
     * @return this
     * @throws AssertionError if something is lost, with the statement that would set it
     */
    public RestoreAssert keptDatabaseProperties() {
        return check(
                "expected to keep what the database as a whole has",
                () -> actual.lostProperties().isEmpty()
                        ? Optional.empty()
                        : Optional.of(RestoreMessages.lostProperties(actual)));
    }

    /**
     * Verifies that the history, the shape, every row and every large object are as they were before, and that no sequence or
     * AUTO_INCREMENT counter went back. One that went on, as sequences do in a transaction that is undone, leaves a gap and is
     * no change.
     *
     * @return this
     * @throws AssertionError if something changed, with what did
     */
    public RestoreAssert leftDatabaseUntouched() {
        return check(
                "expected to leave the database untouched",
                () -> actual.before().isUntouchedIn(actual.after())
                        ? Optional.empty()
                        : Optional.of(RestoreMessages.notUntouched(actual)));
    }

    /**
     * Verifies that the database takes writes, on a copy of it that is thrown away, as {@link UpgradeAssert#acceptsWrites}
     * does: what the server refuses counts where it works on a clean install of the version that the database is at. A
     * generated value that is taken already counts unless the backup itself sets the sequence.
     *
     * @return this
     * @throws AssertionError if something is refused that is not refused there, with the engine's words; if there are tables
     *     and none could be probed; or if the database cannot be copied
     */
    public RestoreAssert acceptsWrites() {
        return check("accepts writes", () -> {
            try {
                Optional<WriteCheck> writes = actual.checkWrites();
                actual.noteCheck("writes probed: "
                        + writes.map(WriteCheck::summary).orElse("nothing, as the restore has no controls"));
                return writes.filter(check -> !check.findings().isEmpty()).map(UpgradeMessages::refusesWrites);
            } catch (ServerException e) {
                return Optional.of(UpgradeMessages.notProbed(String.valueOf(e.getMessage())));
            }
        });
    }

    private RestoreAssert hasVerdict(String expectation, Set<RestoreVerdict> expected) {
        return check("expected " + expectation, () -> {
            Optional<FailedCheck> failed = actual.inconclusive().isPresent()
                    ? Optional.of(RestoreMessages.inconclusive(actual, expectation))
                    : expected.contains(actual.verdict())
                            ? Optional.empty()
                            : Optional.of(RestoreMessages.otherVerdict(actual, expectation));
            failed.ifPresent(any -> proof.end("the verdict is another"));
            return failed;
        });
    }
}
