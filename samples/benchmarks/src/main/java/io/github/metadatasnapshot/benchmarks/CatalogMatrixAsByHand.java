package io.github.metadatasnapshot.benchmarks;

import static io.github.metadatasnapshot.assertion.MetadataSnapshotAssertions.assertThat;

import io.github.metadatasnapshot.CrossVersionRestoreTest;
import io.github.metadatasnapshot.MetadataSnapshot;
import io.github.metadatasnapshot.RestoreTest;
import io.github.metadatasnapshot.UpgradePathTest;
import io.github.metadatasnapshot.matrix.UpgradePaths;
import io.github.metadatasnapshot.migration.Upgrade;
import io.github.metadatasnapshot.restore.Restore;

/** The same matrix as {@link CatalogMatrix}, where each cell checks no more than {@link ByHand} does. */
@MetadataSnapshot(
        databases = {"postgres:17", "mysql:9.7", "mariadb:11.8"},
        locations = "db/migration/{engine}",
        backups = "backups/{engine}/{version}.sql.gz",
        paths = UpgradePaths.ALL)
class CatalogMatrixAsByHand {

    @RestoreTest
    void restore(Restore restore) {
        assertThat(restore).succeeded();
    }

    @UpgradePathTest
    void upgrade(Upgrade upgrade) {
        assertThat(upgrade).succeeded();
        upgrade.before().rows().forEach((table, rows) -> {
            if (upgrade.after().rows().getOrDefault(table, 0L) < rows) {
                throw new AssertionError(upgrade + " lost rows of " + table);
            }
        });
    }

    @CrossVersionRestoreTest
    void crossVersionRestore(Restore restore) {
        if (restore.report().success()) {
            throw new AssertionError(restore + " was not rejected");
        }
    }
}
