package io.github.metadatasnapshot.recovery;

import io.github.metadatasnapshot.restore.Restore;
import io.github.metadatasnapshot.restore.RestoreVerdict;
import java.util.List;
import java.util.Optional;

/**
 * One way back: the database after an upgrade, or in the middle of one, into which the backup was restored.
 *
 * @param after what the database had been through, such as {@code after the upgrade} or {@code after V2__b.sql was broken off at
 *     statement 3 of 5}
 * @param left what that had left of the later version, a line each; none where the engine had undone all of it
 * @param restore the restore, judged beside its controls
 * @param missing how the database before the upgrade differs from what the restore brought back, a line each: what the
 *     backup itself lacks; none where the restore was not faithful to it
 * @param notRunning why the product's smoke test fails after the restore; empty where it passes, or there is none
 * @param notAgain why the same upgrade fails after the restore; empty where it succeeds, and where that is not tried, as the
 *     restore was not faithful or the upgrade had failed by itself
 */
public record RecoveryAttempt(
        String after,
        List<String> left,
        Restore restore,
        List<String> missing,
        Optional<String> notRunning,
        Optional<String> notAgain) {

    /** Copies the lists. */
    public RecoveryAttempt {
        left = List.copyOf(left);
        missing = List.copyOf(missing);
    }

    /** {@return whether all that was there before the upgrade is there again, and works} */
    public boolean broughtBackEverything() {
        return restore.inconclusive().isEmpty()
                && restore.verdict() == RestoreVerdict.RESTORED
                && missing.isEmpty()
                && notRunning.isEmpty()
                && notAgain.isEmpty();
    }
}
