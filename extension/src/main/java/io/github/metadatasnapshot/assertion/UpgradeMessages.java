package io.github.metadatasnapshot.assertion;

import io.github.metadatasnapshot.migration.MigrationFailure;
import io.github.metadatasnapshot.migration.Upgrade;

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
}
