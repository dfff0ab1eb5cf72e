package io.github.metadatasnapshot.samples.catalog;

import static io.github.metadatasnapshot.assertion.MetadataSnapshotAssertions.assertThat;

import io.github.metadatasnapshot.MetadataDatabase;
import io.github.metadatasnapshot.MetadataSnapshot;
import io.github.metadatasnapshot.restore.DocumentedClient;
import io.github.metadatasnapshot.restore.RestoreVerdict;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What a full backup of a version really does to a database at the version before or after, restored as the manuals say.
 * Each test gives the verdict on PostgreSQL, then on MySQL.
 *
 * <p>{@code psql} goes on after hundreds of errors and reports success. A MySQL dump drops and creates each of its tables:
 * where the backup is of the later version, or of one with the same tables, the database then is what the backup was, and
 * where it is of the earlier one, tables of the later version stay behind.
 */
@CatalogSnapshot
class FullRestoreTest {

    private static void restore(
            String backup, RestoreVerdict postgresql, RestoreVerdict mysql, MetadataDatabase database) {
        assertThat(database.restore("backups/{engine}/%s.sql.gz".formatted(backup), new DocumentedClient()))
                .hasVerdict(database.engine().equals("postgresql") ? postgresql : mysql);
    }

    @ParameterizedTest(name = "backup of {0}")
    @CsvSource({
        "1.1, SILENTLY_ACCEPTED, RESTORED",
    })
    @MetadataSnapshot(version = "1.0")
    void into1_0(String backup, RestoreVerdict postgresql, RestoreVerdict mysql, MetadataDatabase database) {
        restore(backup, postgresql, mysql, database);
    }

    @ParameterizedTest(name = "backup of {0}")
    @CsvSource({
        "1.0, SILENTLY_ACCEPTED, SILENTLY_ACCEPTED",
        "1.2, SILENTLY_ACCEPTED, RESTORED",
    })
    @MetadataSnapshot(version = "1.1")
    void into1_1(String backup, RestoreVerdict postgresql, RestoreVerdict mysql, MetadataDatabase database) {
        restore(backup, postgresql, mysql, database);
    }

    @ParameterizedTest(name = "backup of {0}")
    @CsvSource({
        "1.1, SILENTLY_ACCEPTED, SILENTLY_ACCEPTED",
        "1.3, SILENTLY_ACCEPTED, RESTORED",
    })
    @MetadataSnapshot(version = "1.2")
    void into1_2(String backup, RestoreVerdict postgresql, RestoreVerdict mysql, MetadataDatabase database) {
        restore(backup, postgresql, mysql, database);
    }

    @ParameterizedTest(name = "backup of {0}")
    @CsvSource({
        "1.2, SILENTLY_ACCEPTED, SILENTLY_ACCEPTED",
        "1.4, SILENTLY_ACCEPTED, RESTORED",
    })
    @MetadataSnapshot(version = "1.3")
    void into1_3(String backup, RestoreVerdict postgresql, RestoreVerdict mysql, MetadataDatabase database) {
        restore(backup, postgresql, mysql, database);
    }

    @ParameterizedTest(name = "backup of {0}")
    @CsvSource({
        "1.3, SILENTLY_ACCEPTED, RESTORED",
        "1.8, SILENTLY_ACCEPTED, RESTORED",
    })
    @MetadataSnapshot(version = "1.4")
    void into1_4(String backup, RestoreVerdict postgresql, RestoreVerdict mysql, MetadataDatabase database) {
        restore(backup, postgresql, mysql, database);
    }

    @ParameterizedTest(name = "backup of {0}")
    @CsvSource({
        "1.4, SILENTLY_ACCEPTED, SILENTLY_ACCEPTED",
        "1.9, SILENTLY_ACCEPTED, RESTORED",
    })
    @MetadataSnapshot(version = "1.8")
    void into1_8(String backup, RestoreVerdict postgresql, RestoreVerdict mysql, MetadataDatabase database) {
        restore(backup, postgresql, mysql, database);
    }

    @ParameterizedTest(name = "backup of {0}")
    @CsvSource({
        "1.8, SILENTLY_ACCEPTED, RESTORED",
        "1.10, SILENTLY_ACCEPTED, RESTORED",
    })
    @MetadataSnapshot(version = "1.9")
    void into1_9(String backup, RestoreVerdict postgresql, RestoreVerdict mysql, MetadataDatabase database) {
        restore(backup, postgresql, mysql, database);
    }

    @ParameterizedTest(name = "backup of {0}")
    @CsvSource({
        "1.9, SILENTLY_ACCEPTED, SILENTLY_ACCEPTED",
        "1.11, SILENTLY_ACCEPTED, RESTORED",
    })
    @MetadataSnapshot(version = "1.10")
    void into1_10(String backup, RestoreVerdict postgresql, RestoreVerdict mysql, MetadataDatabase database) {
        restore(backup, postgresql, mysql, database);
    }

    @ParameterizedTest(name = "backup of {0}")
    @CsvSource({
        "1.10, SILENTLY_ACCEPTED, RESTORED",
        "2.0, SILENTLY_ACCEPTED, RESTORED",
    })
    @MetadataSnapshot(version = "1.11")
    void into1_11(String backup, RestoreVerdict postgresql, RestoreVerdict mysql, MetadataDatabase database) {
        restore(backup, postgresql, mysql, database);
    }

    @ParameterizedTest(name = "backup of {0}")
    @CsvSource({
        "1.11, SILENTLY_ACCEPTED, RESTORED",
    })
    @MetadataSnapshot(version = "2.0")
    void into2_0(String backup, RestoreVerdict postgresql, RestoreVerdict mysql, MetadataDatabase database) {
        restore(backup, postgresql, mysql, database);
    }
}
