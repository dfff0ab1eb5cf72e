package io.github.metadatasnapshot;

import static io.github.metadatasnapshot.assertion.MetadataSnapshotAssertions.assertThat;

import io.github.metadatasnapshot.recovery.Recovery;

/**
 * There is a way back: where an upgrade goes wrong, the backup that was taken before brings the database back to what it was,
 * whether the upgrade ran to its end or was broken off in the middle of a migration; and then the same upgrade succeeds. A class
 * that promises this says so, and needs no code: see {@link UpgradeContract}.
 *
 * <p>The backup is restored by {@link MetadataSnapshot#recovery}, by default into a database that is made empty first.
 *
 * @since 0.1
 */
public interface RecoveryContract {

    /**
     * Proves the way back from one upgrade.
     *
     * @param recovery the recovery
     */
    @RecoveryTest
    default void recovery(Recovery recovery) {
        assertThat(recovery).broughtBackEverything();
    }
}
