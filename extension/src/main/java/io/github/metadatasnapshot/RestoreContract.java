package io.github.metadatasnapshot;

import static io.github.metadatasnapshot.assertion.MetadataSnapshotAssertions.assertSoftly;

import io.github.metadatasnapshot.assertion.RestoreAssert;
import io.github.metadatasnapshot.restore.Restore;

/**
 * A backup only fits its own version: each goes whole into the database that it is meant for, and none into a database at
 * another version. A class that promises this says so, and needs no code: see {@link UpgradeContract}.
 *
 * <p>Restores are tried by {@link MetadataSnapshot#procedure}. Known exceptions are declared by {@link
 * MetadataSnapshot#expect}. What else the product promises, a test with {@link RestoreTest} or {@link
 * CrossVersionRestoreTest} says.
 *
 * @since 0.1
 */
public interface RestoreContract {

    /**
     * Proves that a backup goes into the database that it is meant for: {@link
     * io.github.metadatasnapshot.restore.RestoreVerdict#RESTORED}, and that the database accepts writes then.
     *
     * @param restore the restore
     */
    @RestoreTest
    default void restore(Restore restore) {
        assertSoftly(restore, check -> check.succeeded().acceptsWrites());
    }

    /**
     * Proves that a backup does not go into a database at another version, and changes nothing of it.
     *
     * @param restore the restore
     */
    @CrossVersionRestoreTest
    default void crossVersionRestore(Restore restore) {
        assertSoftly(restore, RestoreAssert::wasRejected);
    }
}
