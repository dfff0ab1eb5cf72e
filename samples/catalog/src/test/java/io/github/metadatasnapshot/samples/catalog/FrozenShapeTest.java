package io.github.metadatasnapshot.samples.catalog;

import static io.github.metadatasnapshot.assertion.MetadataSnapshotAssertions.assertThat;

import io.github.metadatasnapshot.MetadataDatabase;
import io.github.metadatasnapshot.MetadataSnapshot;
import org.junit.jupiter.api.Test;

/** A released version keeps the shape that it was released with. */
@CatalogSnapshot
class FrozenShapeTest {

    @Test
    @MetadataSnapshot(version = "1.0")
    void of1_0(MetadataDatabase database) {
        assertThat(database.frozenShape("backups/{engine}/{release}/{version}.shape.txt"))
                .isUnchanged();
    }
}
