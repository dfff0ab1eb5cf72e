package io.github.metadatasnapshot.assertion;

import static java.util.stream.Collectors.joining;

import io.github.metadatasnapshot.migration.MigrationException;
import io.github.metadatasnapshot.migration.MigrationFailure;
import io.github.metadatasnapshot.migration.Upgrade;
import io.github.metadatasnapshot.shape.DataLoss;
import java.util.List;

/** What assertions about an upgrade say when they fail. */
final class UpgradeMessages {

    private UpgradeMessages() {}

    static String notSucceeded(Upgrade upgrade) {
        return "Expected the upgrade " + upgrade + " to succeed, but it stopped at " + upgrade.reached() + ", "
                + upgrade.failure()
                        .map(MigrationFailure::describe)
                        .orElse("without an error: the history does not say that every migration succeeded");
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
}
