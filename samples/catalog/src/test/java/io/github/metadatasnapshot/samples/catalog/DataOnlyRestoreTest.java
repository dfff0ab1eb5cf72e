package io.github.metadatasnapshot.samples.catalog;

import static io.github.metadatasnapshot.assertion.MetadataSnapshotAssertions.assertThat;

import io.github.metadatasnapshot.MetadataDatabase;
import io.github.metadatasnapshot.MetadataSnapshot;
import io.github.metadatasnapshot.restore.RestoreVerdict;
import io.github.metadatasnapshot.restore.StrictClient;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What the backup of a version really does to a database at the version before or after: rows only, by a careful
 * administrator's client. Each test gives the verdict on PostgreSQL, then on MySQL.
 *
 * <p>Between 1.3 and 1.4, and between 1.10 and 1.11, only data changed: neither engine can tell the difference. 1.9 adds a
 * column that may be null, which PostgreSQL takes in silence for backups that name their columns. MySQL, whose dumps name
 * none, stops half-way, and what ran stays: it knows no transaction that would span the restore.
 */
@CatalogSnapshot
class DataOnlyRestoreTest {

    private static void restore(
            String backup, RestoreVerdict postgresql, RestoreVerdict mysql, MetadataDatabase database) {
        assertThat(database.restore("backups/{engine}/data-only/%s.sql.gz".formatted(backup), new StrictClient()))
                .hasVerdict(database.engine().equals("postgresql") ? postgresql : mysql);
    }

    @ParameterizedTest(name = "backup of {0}")
    @CsvSource({
        "1.0, RESTORED, RESTORED",
        "1.1, ROLLED_BACK, PARTIALLY_APPLIED",
    })
    @MetadataSnapshot(version = "1.0")
    void into1_0(String backup, RestoreVerdict postgresql, RestoreVerdict mysql, MetadataDatabase database) {
        restore(backup, postgresql, mysql, database);
    }

    @ParameterizedTest(name = "backup of {0}")
    @CsvSource({
        "1.0, ROLLED_BACK, SILENTLY_ACCEPTED",
        "1.1, RESTORED, RESTORED",
        "1.2, ROLLED_BACK, PARTIALLY_APPLIED",
    })
    @MetadataSnapshot(version = "1.1")
    void into1_1(String backup, RestoreVerdict postgresql, RestoreVerdict mysql, MetadataDatabase database) {
        restore(backup, postgresql, mysql, database);
    }

    @ParameterizedTest(name = "backup of {0}")
    @CsvSource({
        "1.1, ROLLED_BACK, SILENTLY_ACCEPTED",
        "1.2, RESTORED, RESTORED",
        "1.3, ROLLED_BACK, PARTIALLY_APPLIED",
    })
    @MetadataSnapshot(version = "1.2")
    void into1_2(String backup, RestoreVerdict postgresql, RestoreVerdict mysql, MetadataDatabase database) {
        restore(backup, postgresql, mysql, database);
    }

    @ParameterizedTest(name = "backup of {0}")
    @CsvSource({
        "1.2, ROLLED_BACK, PARTIALLY_APPLIED",
        "1.3, RESTORED, RESTORED",
        "1.4, SILENTLY_ACCEPTED, SILENTLY_ACCEPTED",
    })
    @MetadataSnapshot(version = "1.3")
    void into1_3(String backup, RestoreVerdict postgresql, RestoreVerdict mysql, MetadataDatabase database) {
        restore(backup, postgresql, mysql, database);
    }

    @ParameterizedTest(name = "backup of {0}")
    @CsvSource({
        "1.3, SILENTLY_ACCEPTED, SILENTLY_ACCEPTED",
        "1.4, RESTORED, RESTORED",
        "1.8, ROLLED_BACK, PARTIALLY_APPLIED",
    })
    @MetadataSnapshot(version = "1.4")
    void into1_4(String backup, RestoreVerdict postgresql, RestoreVerdict mysql, MetadataDatabase database) {
        restore(backup, postgresql, mysql, database);
    }

    @ParameterizedTest(name = "backup of {0}")
    @CsvSource({
        "1.4, SILENTLY_ACCEPTED, SILENTLY_ACCEPTED",
        "1.8, RESTORED, RESTORED",
        "1.9, ROLLED_BACK, PARTIALLY_APPLIED",
    })
    @MetadataSnapshot(version = "1.8")
    void into1_8(String backup, RestoreVerdict postgresql, RestoreVerdict mysql, MetadataDatabase database) {
        restore(backup, postgresql, mysql, database);
    }

    @ParameterizedTest(name = "backup of {0}")
    @CsvSource({
        "1.8, SILENTLY_ACCEPTED, PARTIALLY_APPLIED",
        "1.9, RESTORED, RESTORED",
        "1.10, ROLLED_BACK, PARTIALLY_APPLIED",
    })
    @MetadataSnapshot(version = "1.9")
    void into1_9(String backup, RestoreVerdict postgresql, RestoreVerdict mysql, MetadataDatabase database) {
        restore(backup, postgresql, mysql, database);
    }

    @ParameterizedTest(name = "backup of {0}")
    @CsvSource({
        "1.9, ROLLED_BACK, PARTIALLY_APPLIED",
        "1.10, RESTORED, RESTORED",
        "1.11, SILENTLY_ACCEPTED, SILENTLY_ACCEPTED",
    })
    @MetadataSnapshot(version = "1.10")
    void into1_10(String backup, RestoreVerdict postgresql, RestoreVerdict mysql, MetadataDatabase database) {
        restore(backup, postgresql, mysql, database);
    }

    @ParameterizedTest(name = "backup of {0}")
    @CsvSource({
        "1.10, SILENTLY_ACCEPTED, SILENTLY_ACCEPTED",
        "1.11, RESTORED, RESTORED",
        "2.0, ROLLED_BACK, PARTIALLY_APPLIED",
    })
    @MetadataSnapshot(version = "1.11")
    void into1_11(String backup, RestoreVerdict postgresql, RestoreVerdict mysql, MetadataDatabase database) {
        restore(backup, postgresql, mysql, database);
    }

    @ParameterizedTest(name = "backup of {0}")
    @CsvSource({
        "1.11, ROLLED_BACK, PARTIALLY_APPLIED",
        "2.0, RESTORED, RESTORED",
    })
    @MetadataSnapshot(version = "2.0")
    void into2_0(String backup, RestoreVerdict postgresql, RestoreVerdict mysql, MetadataDatabase database) {
        restore(backup, postgresql, mysql, database);
    }
}
