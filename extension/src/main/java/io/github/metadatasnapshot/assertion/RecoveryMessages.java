package io.github.metadatasnapshot.assertion;

import static java.util.stream.Collectors.joining;

import io.github.metadatasnapshot.recovery.RecoveryAttempt;
import io.github.metadatasnapshot.restore.Restore;
import io.github.metadatasnapshot.restore.RestoreVerdict;
import java.util.List;
import java.util.Optional;

/** What assertions about a recovery say when they fail. */
final class RecoveryMessages {

    private static final int MAX_LINES = 10;

    private RecoveryMessages() {}

    static Optional<FailedCheck> notRestored(RecoveryAttempt attempt) {
        Restore restore = attempt.restore();
        if (restore.inconclusive().isPresent()) {
            return Optional.of(withLeft(RestoreMessages.inconclusive(restore, expectation(attempt)), attempt));
        }
        return restore.verdict() == RestoreVerdict.RESTORED
                ? Optional.empty()
                : Optional.of(withLeft(RestoreMessages.otherVerdict(restore, expectation(attempt)), attempt));
    }

    static Optional<FailedCheck> incomplete(RecoveryAttempt attempt) {
        return attempt.missing().isEmpty()
                ? Optional.empty()
                : Optional.of(new FailedCheck(
                        Gravity.ROWS,
                        expectation(attempt),
                        "the backup " + named(attempt.restore()) + " itself is not what the database held before the"
                                + " upgrade, and was restored as it is:" + lines(attempt.missing()),
                        attempt.missing().stream()
                                .map(FailedCheck::withoutNumbers)
                                .toList()));
    }

    static Optional<FailedCheck> notRunning(RecoveryAttempt attempt) {
        return attempt.notRunning()
                .map(failure -> new FailedCheck(
                        Gravity.OTHER,
                        "the product to run on what was brought back " + attempt.after(),
                        failure,
                        List.of(failure.lines().findFirst().orElse(failure))));
    }

    static Optional<FailedCheck> notAgain(RecoveryAttempt attempt) {
        return attempt.notAgain()
                .map(failure -> new FailedCheck(
                        Gravity.OTHER,
                        "the same upgrade to succeed again " + attempt.after(),
                        "it fails on what was brought back: " + failure,
                        List.of("the same upgrade fails again: "
                                + failure.lines().findFirst().orElse(""))));
    }

    static FailedCheck notBrokenOff(String obstacle) {
        return new FailedCheck(
                Gravity.OTHER,
                "to break the upgrade off in each migration",
                obstacle,
                List.of(obstacle.lines().findFirst().orElse(obstacle)));
    }

    private static String expectation(RecoveryAttempt attempt) {
        return "to bring everything back " + attempt.after();
    }

    private static String named(Restore restore) {
        return restore.backup()
                + (restore.isVersionDeclared() ? " (version " + restore.backupVersion() + " as declared)" : "");
    }

    private static FailedCheck withLeft(FailedCheck failed, RecoveryAttempt attempt) {
        return new FailedCheck(
                failed.gravity(),
                failed.expectation(),
                failed.finding()
                        + (attempt.left().isEmpty()
                                ? "\nbefore the restore nothing was left of the upgrade"
                                : "\nbefore the restore this was left of the upgrade:" + lines(attempt.left())),
                failed.subjects());
    }

    private static String lines(List<String> lines) {
        return lines.stream().limit(MAX_LINES).map(line -> "\n- " + line).collect(joining())
                + (lines.size() > MAX_LINES ? "\n- and " + (lines.size() - MAX_LINES) + " more" : "");
    }
}
