package io.github.metadatasnapshot.samples.catalog;

import static io.github.metadatasnapshot.assertion.MetadataSnapshotAssertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.metadatasnapshot.MetadataDatabase;
import io.github.metadatasnapshot.MetadataSnapshot;
import io.github.metadatasnapshot.backup.SnapshotGuard;
import io.github.metadatasnapshot.restore.DocumentedClient;
import io.github.metadatasnapshot.restore.Restore;
import io.github.metadatasnapshot.restore.RestoreCause;
import io.github.metadatasnapshot.restore.RestoreVerdict;
import io.github.metadatasnapshot.restore.StrictClient;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/**
 * What the backup of every version really does to a database at every version, which holds a backup of its own.
 *
 * <p>{@code psql}, as the manuals call it, goes on after hundreds of errors and reports success. A full MySQL dump drops and
 * creates each of its tables: where the backup has all the tables of the target, the database then is what the backup was,
 * and where it has not, tables of the later version stay behind. Rows only are taken wherever the tables look alike: between
 * 1.3 and 1.4, and between 1.10 and 1.11, only data changed. And with a guard none of them gets in.
 */
@CatalogSnapshot
class CrossVersionRestoreTest {

    static final List<String> VERSIONS =
            List.of("1.0", "1.1", "1.2", "1.3", "1.4", "1.8", "1.9", "1.10", "1.11", "2.0");

    private static String location(String kind, String version) {
        return "backups/{engine}/" + (kind.equals("full") ? "" : "data-only/") + version + ".sql.gz";
    }

    abstract static class Into {

        @ParameterizedTest(name = "full backup of {0}")
        @FieldSource("io.github.metadatasnapshot.samples.catalog.CrossVersionRestoreTest#VERSIONS")
        void fullBackups(String backup, MetadataDatabase database) throws SQLException {
            Restore restore = database.restore(location("full", backup), new DocumentedClient());
            check("full", backup, restore);
        }

        @ParameterizedTest(name = "data-only backup of {0}")
        @FieldSource("io.github.metadatasnapshot.samples.catalog.CrossVersionRestoreTest#VERSIONS")
        void dataOnlyBackups(String backup, MetadataDatabase database) throws SQLException {
            Restore restore = database.restore(location("data-only", backup), new StrictClient());
            check("data-only", backup, restore);
        }

        /** None gets in, so that one database serves them all. */
        @Test
        void guardedBackups(MetadataDatabase database, @TempDir Path directory) throws SQLException {
            String version = database.version().orElseThrow();
            for (String backup : VERSIONS) {
                for (String folder : List.of("", "data-only/")) {
                    if (!backup.equals(version)) {
                        Path guarded = directory.resolve(folder.replace("/", "-") + backup + ".sql.gz");
                        SnapshotGuard.add(
                                Path.of("src/test/resources/backups", database.engine(), folder + backup + ".sql.gz"),
                                guarded);
                        assertThat(database.restore(guarded.toString(), new DocumentedClient()))
                                .hasVerdict(RestoreVerdict.REFUSED)
                                .hasCause(RestoreCause.GUARD)
                                .leftDatabaseUntouched();
                    }
                }
            }
        }

        /** A table is in the way whatever the version, which psql takes for a reason to stop if it is told to. */
        @Test
        void fullBackupsByACarefulClient(MetadataDatabase database) {
            assumeTrue(database.engine().equals("postgresql"), "mysql always stops at an error, and undoes nothing");
            for (String backup : VERSIONS) {
                assertThat(database.restore(location("full", backup), new StrictClient()))
                        .hasVerdict(RestoreVerdict.ROLLED_BACK)
                        .hasCause(RestoreCause.OCCUPIED_TARGET);
            }
        }

        private static void check(String kind, String backup, Restore restore) {
            System.out.println("CELL " + restore.database() + " " + kind + " " + backup + " " + restore.targetVersion()
                    + " " + restore.verdict() + " " + restore.acceptance());
            assertThat(restore.inconclusive()).isEmpty();
        }
    }

    @Nested
    @MetadataSnapshot(version = "1.0")
    class Into1_0 extends Into {}

    @Nested
    @MetadataSnapshot(version = "1.1")
    class Into1_1 extends Into {}

    @Nested
    @MetadataSnapshot(version = "1.2")
    class Into1_2 extends Into {}

    @Nested
    @MetadataSnapshot(version = "1.3")
    class Into1_3 extends Into {}

    @Nested
    @MetadataSnapshot(version = "1.4")
    class Into1_4 extends Into {}

    @Nested
    @MetadataSnapshot(version = "1.8")
    class Into1_8 extends Into {}

    @Nested
    @MetadataSnapshot(version = "1.9")
    class Into1_9 extends Into {}

    @Nested
    @MetadataSnapshot(version = "1.10")
    class Into1_10 extends Into {}

    @Nested
    @MetadataSnapshot(version = "1.11")
    class Into1_11 extends Into {}

    @Nested
    @MetadataSnapshot(version = "2.0")
    class Into2_0 extends Into {}
}
