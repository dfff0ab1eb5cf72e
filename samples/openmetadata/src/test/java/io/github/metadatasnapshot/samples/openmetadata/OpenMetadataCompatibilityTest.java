package io.github.metadatasnapshot.samples.openmetadata;

import static io.github.metadatasnapshot.assertion.MetadataSnapshotAssertions.assertThat;

import io.github.metadatasnapshot.CrossVersionRestoreTest;
import io.github.metadatasnapshot.RecoveryContract;
import io.github.metadatasnapshot.RecoveryTest;
import io.github.metadatasnapshot.RestoreTest;
import io.github.metadatasnapshot.UpgradeContract;
import io.github.metadatasnapshot.UpgradePathTest;
import io.github.metadatasnapshot.migration.Upgrade;
import io.github.metadatasnapshot.recovery.Recovery;
import io.github.metadatasnapshot.restore.Restore;
import io.github.metadatasnapshot.restore.RestoreVerdict;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** The matrix of OpenMetadata: every version on both databases. */
@Order(4)
@TakesBackups
@OpenMetadataSnapshot
class OpenMetadataCompatibilityTest implements UpgradeContract, RecoveryContract, FillsValues {

    @Override
    @UpgradePathTest
    @Execution(ExecutionMode.CONCURRENT)
    public void upgrade(Upgrade upgrade) {
        UpgradeContract.super.upgrade(upgrade);
    }

    /** "You will be able to get back to the previous version without any loss." */
    @Override
    @RecoveryTest
    @Execution(ExecutionMode.CONCURRENT)
    public void recovery(Recovery recovery) {
        RecoveryContract.super.recovery(recovery);
    }

    @RestoreTest
    @Execution(ExecutionMode.CONCURRENT)
    void goesIntoAnEmptyDatabase(Restore restore) {
        assertThat(restore).succeeded();
    }

    /**
     * The document says that this will not work, and no client says so. On PostgreSQL it never does; a dump of MySQL's drops
     * and creates its tables, so that a database of Y becomes one of X where Y has no table that X lacks.
     */
    @CrossVersionRestoreTest
    @Execution(ExecutionMode.CONCURRENT)
    void versionXIntoVersionYIsNeverAWorkingY(Restore restore) {
        if (restore.database().startsWith("postgres")) {
            assertThat(restore).hasVerdict(RestoreVerdict.SILENTLY_ACCEPTED);
        } else {
            Assertions.assertThat(restore.verdict()).isIn(RestoreVerdict.SILENTLY_ACCEPTED, RestoreVerdict.RESTORED);
            Assertions.assertThat(restore.after().history().describeVersion()).isEqualTo(restore.backupVersion());
        }
    }
}
