package io.github.metadatasnapshot.samples.catalog;

import static io.github.metadatasnapshot.assertion.MetadataSnapshotAssertions.assertThat;

import io.github.metadatasnapshot.MetadataDatabase;
import io.github.metadatasnapshot.MetadataSnapshot;
import io.github.metadatasnapshot.restore.RestoreCause;
import io.github.metadatasnapshot.restore.RestoreVerdict;
import io.github.metadatasnapshot.restore.StrictClient;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Full backups of every version by {@code psql} that is told to stop at an error: a table is in the way whatever the version.
 * Nothing gets in, so that one database serves all.
 */
@MetadataSnapshot(
        database = "postgres:17",
        version = "1.0",
        locations = "db/migration/postgresql",
        backup = "backups/postgresql/1.0.sql.gz")
class CarefulClientTest {

    @Test
    void meetsAnOccupiedTarget(MetadataDatabase database) {
        boolean exhaustive = Boolean.getBoolean("sample.exhaustive");
        for (String version : List.of("1.0", "1.4", "2.0")) {
            database.migrateTo(version);
            for (String backup : exhaustive ? List.of("1.0", "1.4", "1.10", "2.0") : List.of(version, "1.10")) {
                assertThat(database.restore("backups/postgresql/" + backup + ".sql.gz", new StrictClient()))
                        .hasVerdict(RestoreVerdict.ROLLED_BACK)
                        .hasCause(RestoreCause.OCCUPIED_TARGET);
            }
        }
    }
}
