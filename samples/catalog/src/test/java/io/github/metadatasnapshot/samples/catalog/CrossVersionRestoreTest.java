package io.github.metadatasnapshot.samples.catalog;

import static io.github.metadatasnapshot.assertion.MetadataSnapshotAssertions.assertThat;

import io.github.metadatasnapshot.MetadataDatabase;
import io.github.metadatasnapshot.MetadataSnapshot;
import io.github.metadatasnapshot.restore.DocumentedClient;
import io.github.metadatasnapshot.restore.RestoreVerdict;
import io.github.metadatasnapshot.restore.StrictClient;
import java.sql.SQLException;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/**
 * What the backup of each version does to a database at each version, which holds a backup of its own.
 *
 * <p>{@code psql}, as the manuals call it, goes on after hundreds of errors and reports success. A full MySQL dump drops and
 * creates each of its tables: where the backup has all the tables of the target, the database then is what the backup was,
 * and where it has not, tables of the later version stay behind. Rows only are taken wherever the tables look alike: between
 * 1.3 and 1.4, and between 1.10 and 1.11, only data changed. With a guard none of them gets in: see {@link
 * CatalogCompatibilityTest}.
 */
@MetadataSnapshot(
        databases = {"postgres:17", "mysql:9.7"},
        locations = "db/migration/{engine}",
        backups = "backups/{engine}/{version}.sql.gz")
class CrossVersionRestoreTest {

    static final List<String> VERSIONS =
            List.of("1.0", "1.1", "1.2", "1.3", "1.4", "1.8", "1.9", "1.10", "1.11", "2.0");

    /** The backups of a run: one always, and one of the others, which is another each day; all with {@code -Pexhaustive}. */
    static final List<String> BACKUPS = backups();

    private static List<String> backups() {
        if (Boolean.getBoolean("sample.exhaustive")) {
            return VERSIONS;
        }
        long seed = Long.getLong("sample.seed", LocalDate.now(ZoneOffset.UTC).toEpochDay());
        String always = "1.3";
        List<String> others =
                VERSIONS.stream().filter(each -> !each.equals(always)).toList();
        return List.of(always, others.get(Math.floorMod(seed, others.size())));
    }

    // A line for each backup, a column for each version that it is restored into, as the run prints it at its end.

    private static final String FULL_MYSQL = """
                 1.0      1.1      1.2      1.3      1.4      1.8      1.9      1.10     1.11     2.0
            1.0  restored SILENT   SILENT   SILENT   SILENT   SILENT   SILENT   SILENT   SILENT   SILENT
            1.1  restored restored SILENT   SILENT   SILENT   SILENT   SILENT   SILENT   SILENT   SILENT
            1.2  restored restored restored SILENT   SILENT   SILENT   SILENT   SILENT   SILENT   SILENT
            1.3  restored restored restored restored restored SILENT   SILENT   SILENT   SILENT   SILENT
            1.4  restored restored restored restored restored SILENT   SILENT   SILENT   SILENT   SILENT
            1.8  restored restored restored restored restored restored restored SILENT   SILENT   SILENT
            1.9  restored restored restored restored restored restored restored SILENT   SILENT   SILENT
            1.10 restored restored restored restored restored restored restored restored restored restored
            1.11 restored restored restored restored restored restored restored restored restored restored
            2.0  restored restored restored restored restored SILENT   SILENT   SILENT   SILENT   restored
            """;

    private static final String DATA_ONLY_POSTGRESQL = """
                 1.0      1.1      1.2      1.3      1.4      1.8      1.9      1.10     1.11     2.0
            1.0  restored undone   undone   undone   undone   undone   undone   undone   undone   undone
            1.1  undone   restored undone   undone   undone   undone   undone   undone   undone   undone
            1.2  undone   undone   restored undone   undone   undone   undone   undone   undone   undone
            1.3  undone   undone   undone   restored restored SILENT   SILENT   undone   undone   undone
            1.4  undone   undone   undone   restored restored SILENT   SILENT   undone   undone   undone
            1.8  undone   undone   undone   undone   undone   restored SILENT   undone   undone   undone
            1.9  undone   undone   undone   undone   undone   undone   restored undone   undone   undone
            1.10 undone   undone   undone   undone   undone   undone   undone   restored restored undone
            1.11 undone   undone   undone   undone   undone   undone   undone   restored restored undone
            2.0  undone   undone   undone   undone   undone   undone   undone   undone   undone   restored
            """;

    private static final String DATA_ONLY_MYSQL = """
                 1.0      1.1      1.2      1.3      1.4      1.8      1.9      1.10     1.11     2.0
            1.0  restored SILENT   SILENT   partly   partly   partly   partly   partly   partly   partly
            1.1  partly   restored SILENT   partly   partly   partly   partly   partly   partly   partly
            1.2  partly   partly   restored partly   partly   partly   partly   partly   partly   partly
            1.3  partly   partly   partly   restored restored SILENT   partly   partly   partly   partly
            1.4  partly   partly   partly   restored restored SILENT   partly   partly   partly   partly
            1.8  partly   partly   partly   partly   partly   restored partly   partly   partly   partly
            1.9  partly   partly   partly   partly   partly   partly   restored partly   partly   partly
            1.10 partly   partly   partly   partly   partly   partly   partly   restored restored partly
            1.11 partly   partly   partly   partly   partly   partly   partly   restored restored partly
            2.0  partly   partly   partly   partly   partly   partly   partly   partly   partly   restored
            """;

    private static RestoreVerdict expected(String table, String backup, String target) {
        List<List<String>> rows =
                table.lines().map(line -> List.of(line.strip().split("\\s+"))).toList();
        int column = rows.get(0).indexOf(target) + 1;
        String word = rows.stream()
                .filter(row ->
                        row.get(0).equals(backup) && row.size() > rows.get(0).size())
                .findFirst()
                .orElseThrow()
                .get(column);
        return switch (word) {
            case "restored" -> RestoreVerdict.RESTORED;
            case "undone" -> RestoreVerdict.ROLLED_BACK;
            case "partly" -> RestoreVerdict.PARTIALLY_APPLIED;
            case "SILENT" -> RestoreVerdict.SILENTLY_ACCEPTED;
            default -> throw new IllegalArgumentException(word);
        };
    }

    private static String location(String kind, String version) {
        return "backups/{engine}/" + (kind.equals("full") ? "" : "data-only/") + version + ".sql.gz";
    }

    abstract static class Into {

        @ParameterizedTest(name = "full backup of {0}")
        @FieldSource("io.github.metadatasnapshot.samples.catalog.CrossVersionRestoreTest#BACKUPS")
        void fullBackups(String backup, MetadataDatabase database) throws SQLException {
            // psql goes on after each error and reports success, into a database of the backup's own version, too.
            RestoreVerdict expected = database.engine().equals("postgresql")
                    ? RestoreVerdict.SILENTLY_ACCEPTED
                    : expected(FULL_MYSQL, backup, database.version().orElseThrow());

            assertThat(database.restore(location("full", backup), new DocumentedClient()))
                    .hasVerdict(expected);
        }

        @ParameterizedTest(name = "data-only backup of {0}")
        @FieldSource("io.github.metadatasnapshot.samples.catalog.CrossVersionRestoreTest#BACKUPS")
        void dataOnlyBackups(String backup, MetadataDatabase database) throws SQLException {
            boolean postgresql = database.engine().equals("postgresql");
            RestoreVerdict expected = expected(
                    postgresql ? DATA_ONLY_POSTGRESQL : DATA_ONLY_MYSQL,
                    backup,
                    database.version().orElseThrow());

            assertThat(database.restore(location("data-only", backup), new StrictClient()))
                    .hasVerdict(expected);
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
