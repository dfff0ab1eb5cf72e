package io.github.metadatasnapshot.assertion;

import io.github.metadatasnapshot.migration.FrozenComparison;
import io.github.metadatasnapshot.migration.Upgrade;
import io.github.metadatasnapshot.product.ServerStart;
import io.github.metadatasnapshot.recovery.Recovery;
import io.github.metadatasnapshot.restore.Restore;
import java.util.function.Consumer;
import org.assertj.core.api.Assertions;

/**
 * The entry point: import {@code MetadataSnapshotAssertions.assertThat} statically. Holds AssertJ's own as well, so that one
 * import serves both.
 *
 * @since 0.1
 */
public final class MetadataSnapshotAssertions extends Assertions {

    private MetadataSnapshotAssertions() {}

    /**
     * Begins an assertion about an upgrade.
     *
     * @param actual the upgrade
     * @return the assertion
     */
    public static UpgradeAssert assertThat(Upgrade actual) {
        return new UpgradeAssert(actual, false);
    }

    /**
     * Begins an assertion about a restore.
     *
     * @param actual the restore
     * @return the assertion
     */
    public static RestoreAssert assertThat(Restore actual) {
        return new RestoreAssert(actual, false);
    }

    /**
     * Begins an assertion about a recovery.
     *
     * @param actual the recovery
     * @return the assertion
     */
    public static RecoveryAssert assertThat(Recovery actual) {
        return new RecoveryAssert(actual);
    }

    /**
     * Begins an assertion about a server of the product.
     *
     * @param actual what came of its start
     * @return the assertion
     */
    public static ServerStartAssert assertThat(ServerStart actual) {
        return new ServerStartAssert(actual);
    }

    /**
     * Begins an assertion about a frozen shape.
     *
     * @param actual the comparison of a database with it
     * @return the assertion
     */
    public static FrozenShapeAssert assertThat(FrozenComparison actual) {
        return new FrozenShapeAssert(actual);
    }

    /**
     * Makes all checks of an upgrade, and tells all that failed in one error, the gravest first: that the upgrade failed, so
     * that nothing else of it was looked at; rows that are lost; objects that are missing, and those that differ; values; names
     * and orders; what is left to do.
     *
     * <pre>{@code
     * assertSoftly(upgrade, proof -> proof.succeeded().keptEveryRow().matchesCleanInstall().isRepeatable());
     * }</pre>
     *
     * @param actual the upgrade
     * @param checks the checks
     * @throws AssertionError if one of the checks failed, with all that did
     */
    public static void assertSoftly(Upgrade actual, Consumer<UpgradeAssert> checks) {
        UpgradeAssert proof = new UpgradeAssert(actual, true);
        proof.proof().collect(() -> checks.accept(proof), proof::assertAll);
    }

    /**
     * Makes all checks of a restore, and tells all that failed in one error. Where the verdict is another than was expected,
     * nothing else is looked at.
     *
     * @param actual the restore
     * @param checks the checks
     * @throws AssertionError if one of the checks failed, with all that did
     */
    public static void assertSoftly(Restore actual, Consumer<RestoreAssert> checks) {
        RestoreAssert proof = new RestoreAssert(actual, true);
        proof.proof().collect(() -> checks.accept(proof), proof::assertAll);
    }
}
