package io.github.metadatasnapshot.benchmarks;

import io.github.metadatasnapshot.MetadataSnapshot;
import io.github.metadatasnapshot.RestoreContract;
import io.github.metadatasnapshot.UpgradeContract;
import io.github.metadatasnapshot.matrix.UpgradePaths;

/** The whole matrix, as a product writes it. {@link MatrixRun} says on which of the databases. */
@MetadataSnapshot(
        databases = {"postgres:17", "mysql:9.7", "mariadb:11.8"},
        locations = "db/migration/{engine}",
        backups = "backups/{engine}/{version}.sql.gz",
        paths = UpgradePaths.ALL)
class CatalogMatrix implements UpgradeContract, RestoreContract {}
