package io.github.metadatasnapshot.assertion;

import io.github.metadatasnapshot.migration.FrozenComparison;
import io.github.metadatasnapshot.migration.Upgrade;
import io.github.metadatasnapshot.restore.Restore;
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
        return new UpgradeAssert(actual);
    }

    /**
     * Begins an assertion about a restore.
     *
     * @param actual the restore
     * @return the assertion
     */
    public static RestoreAssert assertThat(Restore actual) {
        return new RestoreAssert(actual);
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
}
