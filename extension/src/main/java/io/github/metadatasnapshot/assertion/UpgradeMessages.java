package io.github.metadatasnapshot.assertion;

import static java.util.stream.Collectors.joining;

import io.github.metadatasnapshot.migration.AppliedMigration;
import io.github.metadatasnapshot.migration.MigrationException;
import io.github.metadatasnapshot.migration.MigrationFailure;
import io.github.metadatasnapshot.migration.Upgrade;
import io.github.metadatasnapshot.server.WriteCheck;
import io.github.metadatasnapshot.shape.DataLoss;
import java.time.Duration;
import java.util.Collection;
import java.util.List;

/** What assertions about an upgrade say when they fail. */
final class UpgradeMessages {

    /** How many migrations a message names that is not about these. */
    private static final int MOST_MIGRATIONS = 3;

    /** How many tables and columns a message names. */
    private static final int MOST_LOSSES = 20;

    private UpgradeMessages() {}

    static FailedCheck notSucceeded(Upgrade upgrade) {
        String where = upgrade.failure()
                .map(MigrationFailure::place)
                .filter(place -> !place.isEmpty())
                .orElse("the upgrade");
        String finding = "the database is at " + upgrade.reached() + "; "
                + upgrade.failure()
                        .map(failure -> where + " failed: " + failure.describeError() + whatStays(upgrade))
                        .orElse("no migration failed, and the history does not say that every one succeeded");
        String subject = upgrade.failure()
                .map(failure -> where + " failed: " + failure.message())
                .orElse("the history does not say that every migration succeeded");
        return new FailedCheck(Gravity.VERDICT, "to succeed", finding, List.of(subject));
    }

    private static String whatStays(Upgrade upgrade) {
        return before(upgrade.migrations())
                + upgrade.leftByFailure()
                        .map(left -> left.isEmpty()
                                ? "\nnothing is left of what failed"
                                : "\nleft of what failed:"
                                        + left.stream()
                                                .map(line -> "\n- " + line)
                                                .collect(joining()))
                        .orElse("\nwhat is left of what failed is not known")
                + unsteady(upgrade.notComparedAfterFailure());
    }

    private static String unsteady(Collection<String> columns) {
        return columns.isEmpty()
                ? ""
                : "\nnot compared, as the migrations before write other values each time: "
                        + String.join(", ", columns);
    }

    /** Names the newest, which is what a failure may come from. */
    private static String before(List<AppliedMigration> applied) {
        if (applied.isEmpty()) {
            return "\nno migration was applied before";
        }
        int earlier = Math.max(0, applied.size() - MOST_MIGRATIONS);
        return "\napplied before:"
                + (earlier == 0 ? "" : "\n- " + earlier + (earlier == 1 ? " migration" : " migrations") + ", then")
                + list(applied.subList(earlier, applied.size()));
    }

    /** What is asked of the result of an upgrade that has none. */
    static FailedCheck notLookedAt(String expectation) {
        return new FailedCheck(
                Gravity.VERDICT,
                expectation,
                "that was not looked at: the upgrade failed",
                List.of("the upgrade failed"));
    }

    static FailedCheck notFailed(Upgrade upgrade) {
        return new FailedCheck(
                Gravity.VERDICT,
                "to fail",
                "it succeeded with "
                        + upgrade.migrations().size()
                        + (upgrade.migrations().size() == 1 ? " migration" : " migrations"),
                List.of("the upgrade succeeded"));
    }

    static FailedCheck lost(Gravity gravity, String expectation, List<DataLoss> losses) {
        return new FailedCheck(
                gravity,
                expectation,
                ":" + list(losses.stream().map(DataLoss::toString).toList(), MOST_LOSSES),
                losses.stream()
                        .map(loss -> FailedCheck.withoutNumbers(loss.what()))
                        .toList());
    }

    static FailedCheck refusesWrites(WriteCheck check) {
        return new FailedCheck(
                Gravity.WRITES,
                "to accept writes",
                ":" + list(check.findings(), check.findings().size()) + "\nprobed: " + check.summary(),
                check.findings().stream().map(FailedCheck::withoutNumbers).toList());
    }

    static FailedCheck notProbed(String reason) {
        return new FailedCheck(
                Gravity.WRITES, "to accept writes", "it cannot be probed: " + reason, List.of("not probed: " + reason));
    }

    static FailedCheck notCompared(Gravity gravity, String expectation, MigrationException why) {
        return new FailedCheck(
                gravity,
                expectation,
                "its data cannot be compared, because " + why.getMessage(),
                List.of("not compared: " + why.getMessage()));
    }

    static FailedCheck notRepeatable(List<String> findings) {
        return new FailedCheck(
                Gravity.REPETITION,
                "to be repeatable",
                ":" + list(findings, findings.size()),
                findings.stream().map(FailedCheck::withoutNumbers).toList());
    }

    static FailedCheck tooSlow(Upgrade upgrade, Duration budget) {
        return new FailedCheck(
                Gravity.LIMITS,
                "to complete within " + budget.toMillis() + " ms",
                "it took " + upgrade.millis() + " ms"
                        + list(upgrade.slowestMigrations().stream()
                                .limit(MOST_MIGRATIONS)
                                .toList()),
                List.of("longer than " + budget.toMillis() + " ms"));
    }

    static FailedCheck slowMigrations(Upgrade upgrade, Duration budget, List<AppliedMigration> slow) {
        return new FailedCheck(
                Gravity.LIMITS,
                "to complete each migration within " + budget.toMillis() + " ms",
                count(upgrade, slow) + " took longer" + list(slow),
                names(slow));
    }

    static FailedCheck lockedTooLong(Upgrade upgrade, Duration budget, List<AppliedMigration> locking) {
        return new FailedCheck(
                Gravity.LIMITS, locks(budget), count(upgrade, locking) + " did" + list(locking), names(locking));
    }

    static FailedCheck locksUnknown(Upgrade upgrade, Duration budget, List<AppliedMigration> unknown) {
        return new FailedCheck(
                Gravity.LIMITS,
                locks(budget),
                "of " + count(upgrade, unknown) + " that is not known: the server did not tell which tables were"
                        + " locked. MySQL and MariaDB tell where the performance schema is on, with the instrument"
                        + " wait/lock/metadata/sql/mdl, and the user may read it and has the privilege PROCESS"
                        + list(unknown),
                List.of("locks are not known"));
    }

    private static String locks(Duration budget) {
        return "to lock no table for longer than " + budget.toMillis() + " ms";
    }

    private static String count(Upgrade upgrade, List<AppliedMigration> some) {
        int all = upgrade.migrations().size();
        return some.size() + " of " + all + (all == 1 ? " migration" : " migrations");
    }

    private static List<String> names(List<AppliedMigration> migrations) {
        return migrations.stream().map(AppliedMigration::name).toList();
    }

    private static String list(List<AppliedMigration> migrations) {
        return list(migrations.stream().map(AppliedMigration::describe).toList(), migrations.size());
    }

    static String list(List<String> lines, int most) {
        return lines.stream().limit(most).map(line -> "\n- " + line).collect(joining())
                + (lines.size() > most ? "\n- and " + (lines.size() - most) + " more" : "");
    }
}
