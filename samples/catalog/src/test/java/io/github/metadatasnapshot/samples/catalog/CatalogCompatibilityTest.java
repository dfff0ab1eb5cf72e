package io.github.metadatasnapshot.samples.catalog;

import io.github.metadatasnapshot.MetadataSnapshot;
import io.github.metadatasnapshot.RestoreContract;
import io.github.metadatasnapshot.UpgradeContract;

/** The promises of the catalogue, for every released version on every database, with backups that have a guard. */
@MetadataSnapshot(
        databases = {"postgres:13", "postgres:17", "postgres:18", "mysql:9.7", "mariadb:11.8"},
        locations = "db/migration/{engine}",
        backups = "backups/guarded/{engine}/{version}.sql.gz")
class CatalogCompatibilityTest implements UpgradeContract, RestoreContract {}
