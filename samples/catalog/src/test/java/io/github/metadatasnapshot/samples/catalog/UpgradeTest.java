package io.github.metadatasnapshot.samples.catalog;

import static io.github.metadatasnapshot.assertion.MetadataSnapshotAssertions.assertThat;

import io.github.metadatasnapshot.MetadataDatabase;
import io.github.metadatasnapshot.MetadataSnapshot;
import org.junit.jupiter.api.Test;

/** Every released version, with the data that its users had, upgrades to the current release. */
@CatalogSnapshot
class UpgradeTest {

    private static void upgrade(MetadataDatabase database) {
        assertThat(database.migrateTo("2.0")).succeeded().matchesCleanInstall().isRepeatable();
    }

    @Test
    @MetadataSnapshot(version = "1.0")
    void from1_0(MetadataDatabase database) {
        upgrade(database);
    }

    @Test
    @MetadataSnapshot(version = "1.1")
    void from1_1(MetadataDatabase database) {
        upgrade(database);
    }

    @Test
    @MetadataSnapshot(version = "1.2")
    void from1_2(MetadataDatabase database) {
        upgrade(database);
    }

    @Test
    @MetadataSnapshot(version = "1.3")
    void from1_3(MetadataDatabase database) {
        upgrade(database);
    }

    @Test
    @MetadataSnapshot(version = "1.4")
    void from1_4(MetadataDatabase database) {
        upgrade(database);
    }

    @Test
    @MetadataSnapshot(version = "1.8")
    void from1_8(MetadataDatabase database) {
        upgrade(database);
    }

    @Test
    @MetadataSnapshot(version = "1.9")
    void from1_9(MetadataDatabase database) {
        upgrade(database);
    }

    @Test
    @MetadataSnapshot(version = "1.10")
    void from1_10(MetadataDatabase database) {
        upgrade(database);
    }

    @Test
    @MetadataSnapshot(version = "1.11")
    void from1_11(MetadataDatabase database) {
        upgrade(database);
    }
}
