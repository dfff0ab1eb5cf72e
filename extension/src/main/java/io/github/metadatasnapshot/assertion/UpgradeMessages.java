package io.github.metadatasnapshot.assertion;

import static java.util.stream.Collectors.joining;

import io.github.metadatasnapshot.migration.AppliedMigration;
import io.github.metadatasnapshot.migration.MigrationException;
import io.github.metadatasnapshot.migration.Upgrade;
import io.github.metadatasnapshot.shape.DataLoss;
import java.time.Duration;
import java.util.List;

/** What assertions about an upgrade say when they fail. */
final class UpgradeMessages {

    /** How many migrations a message names that is not about these. */
    private static final int SLOWEST = 3;

    private UpgradeMessages() {}

    static String notSucceeded(Upgrade upgrade) {
        return "Expected the upgrade " + upgrade + " to succeed, but it stopped at " + upgrade.reached() + ", "
                + upgrade.failure()
                        .map(failure -> failure.describe() + whatStays(upgrade))
                        .orElse("without an error: the history does not say that every migration succeeded");
    }

    private static String whatStays(Upgrade upgrade) {
        List<AppliedMigration> applied = upgrade.migrations();
        String before = applied.isEmpty() ? "\nno migration was applied before" : "\napplied before:" + list(applied);
        return before
                + upgrade.leftByFailure()
                        .map(left -> left.isEmpty()
                                ? "\nnothing is left of what failed"
                                : "\nleft of what failed:"
                                        + left.stream()
                                                .map(line -> "\n- " + line)
                                                .collect(joining()))
                        .orElse("\nwhat is left of what failed is not known");
    }

    static String notFailed(Upgrade upgrade) {
        return "Expected the upgrade " + upgrade + " to fail, but it succeeded with "
                + upgrade.migrations().size()
                + (upgrade.migrations().size() == 1 ? " migration" : " migrations");
    }

    static String lost(Upgrade upgrade, String expectation, List<DataLoss> losses) {
        return losses.stream()
                .map(loss -> "\n- " + loss)
                .collect(joining("", "Expected the upgrade " + upgrade + " " + expectation + ", but:", ""));
    }

    static String notCompared(Upgrade upgrade, String expectation, MigrationException why) {
        return "Expected the upgrade " + upgrade + " " + expectation + ", but its data cannot be compared, because "
                + why.getMessage();
    }

    static String notRepeatable(Upgrade upgrade, List<String> findings) {
        return "Expected the upgrade " + upgrade + " to be repeatable, but:"
                + findings.stream().map(finding -> "\n- " + finding).collect(joining());
    }

    static String tooSlow(Upgrade upgrade, Duration budget) {
        return "Expected the upgrade " + upgrade + " to complete within " + budget.toMillis() + " ms, but it took "
                + upgrade.millis() + " ms"
                + list(upgrade.slowestMigrations().stream().limit(SLOWEST).toList());
    }

    static String slowMigrations(Upgrade upgrade, Duration budget, List<AppliedMigration> slow) {
        return "Expected each migration of the upgrade " + upgrade + " to complete within " + budget.toMillis()
                + " ms, but " + count(upgrade, slow) + " took longer" + list(slow);
    }

    static String lockedTooLong(Upgrade upgrade, Duration budget, List<AppliedMigration> locking) {
        return "Expected the upgrade " + upgrade + " to lock no table for longer than " + budget.toMillis()
                + " ms, but " + count(upgrade, locking) + " did" + list(locking);
    }

    static String locksUnknown(Upgrade upgrade, Duration budget, List<AppliedMigration> unknown) {
        return "Expected the upgrade " + upgrade + " to lock no table for longer than " + budget.toMillis()
                + " ms, but of " + count(upgrade, unknown) + " nobody knows: the server did not tell which tables were"
                + " locked. MySQL and MariaDB tell where the performance schema is on, with the instrument"
                + " wait/lock/metadata/sql/mdl, and the user may read it and has the privilege PROCESS"
                + list(unknown);
    }

    private static String count(Upgrade upgrade, List<AppliedMigration> some) {
        int all = upgrade.migrations().size();
        return some.size() + " of " + all + (all == 1 ? " migration" : " migrations");
    }

    private static String list(List<AppliedMigration> migrations) {
        return migrations.stream()
                .map(migration -> "\n- " + migration.describe())
                .collect(joining());
    }
}
