package io.github.metadatasnapshot.assertion;

import io.github.metadatasnapshot.recovery.Recovery;
import io.github.metadatasnapshot.recovery.RecoveryAttempt;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.assertj.core.api.AbstractAssert;

/**
 * Assertions about a {@link Recovery}, judged by what the database held before the upgrade.
 *
 * @since 0.1
 */
public final class RecoveryAssert extends AbstractAssert<RecoveryAssert, Recovery> {

    private final Proof proof;

    RecoveryAssert(Recovery actual) {
        super(actual, RecoveryAssert.class);
        this.proof = new Proof(
                "the recovery " + actual, true, failed -> actual.noteFailure(failed.cause(), failed.subjects()));
    }

    /**
     * Verifies that the backup brings back, after the upgrade and after each of its migrations was broken off, exactly what the
     * database held before: the schema, every row with every value, the history and the sequences; and that the same upgrade
     * succeeds then. Where the test's class has {@code @AfterRestore} methods, they pass on each of these.
     *
     * <pre>{@code
     * Upgrade upgrade = database.migrateTo("2.0");
     * assertThat(database.recover(upgrade, "backups/1.2.sql.gz")).broughtBackEverything();
     * }</pre>
     *
     * @return this
     * @throws AssertionError if something did not come back, or is left of the later version; what the backup itself lacks is
     *     told apart from what the restore did
     */
    public RecoveryAssert broughtBackEverything() {
        isNotNull();
        actual.noteCheck("brought back everything after " + actual.attempts().size() + " ways to end an upgrade");
        actual.attempts().forEach(attempt -> proof.note(failed(attempt)));
        actual.obstacle().ifPresent(obstacle -> proof.note(List.of(RecoveryMessages.notBrokenOff(obstacle))));
        proof.failure().ifPresent(message -> {
            throw failure("%s", message);
        });
        return this;
    }

    private static List<FailedCheck> failed(RecoveryAttempt attempt) {
        return Stream.of(
                        RecoveryMessages.notRestored(attempt),
                        RecoveryMessages.incomplete(attempt),
                        RecoveryMessages.notRunning(attempt),
                        RecoveryMessages.notAgain(attempt))
                .flatMap(Optional::stream)
                .toList();
    }
}
