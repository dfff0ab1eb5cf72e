package io.github.metadatasnapshot.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.metadatasnapshot.matrix.Cell;
import io.github.metadatasnapshot.matrix.CellResult;
import io.github.metadatasnapshot.matrix.CellResult.MigrationTime;
import io.github.metadatasnapshot.matrix.CellResult.Result;
import io.github.metadatasnapshot.matrix.Check;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class CompatibilityReportTests {

    @Test
    void everythingIsSortedWhateverTheOrderItCameIn() {
        CompatibilityReport report = Reports.of(
                Reports.restore("postgres:13", "1.10", "1.9", Result.PASSED, "REFUSED", ""),
                Reports.upgrade("postgres:13", "1.10", "2.0", Result.PASSED, ""),
                Reports.upgrade("postgres:13", "1.9", "2.0", Result.PASSED, ""),
                Reports.upgrade("postgres:13", "1.9", "1.10", Result.PASSED, ""),
                Reports.restore("postgres:9", "1.10", "1.10", Result.PASSED, "RESTORED", ""),
                Reports.upgrade("mysql", "1.9", "1.10", Result.PASSED, ""));

        assertThat(report.databases()).containsExactly("mysql", "postgres:9", "postgres:13");
        assertThat(report.versions()).containsExactly("1.9", "1.10", "2.0");
        assertThat(report.cells())
                .extracting(cell -> cell.cell().toString())
                .containsExactly(
                        "mysql · 1.9 → 1.10 · upgrade",
                        "postgres:9 · 1.10 · restore",
                        "postgres:13 · 1.9 → 1.10 · upgrade",
                        "postgres:13 · 1.9 → 2.0 · upgrade",
                        "postgres:13 · 1.10 → 2.0 · upgrade",
                        "postgres:13 · 1.10 → 1.9 · cross version restore");
    }

    @Test
    void ofACellThatRanAgainTheLaterResultCounts() {
        CompatibilityReport report = Reports.of(
                Reports.upgrade("postgres:17", "1", "2", Result.FAILED, "connection reset"),
                Reports.upgrade("postgres:17", "1", "2", Result.PASSED, ""));

        assertThat(report.cells()).extracting(CellResult::result).containsExactly(Result.PASSED);
    }

    @Test
    void theHeadlineTellsHowManyFailedOfThoseThatRan() {
        CellResult passed = Reports.upgrade("postgres:17", "1", "2", Result.PASSED, "");
        CellResult failed = Reports.upgrade("postgres:17", "1", "3", Result.FAILED, "no");
        CellResult unclear = Reports.upgrade("postgres:17", "1", "4", Result.INCONCLUSIVE, "perhaps");
        CellResult notRun = Reports.upgrade("postgres:17", "1", "5", Result.NOT_RUN, "no Docker");

        assertThat(Reports.of().headline()).isEqualTo("Nothing was checked");
        assertThat(Reports.of(notRun).headline()).isEqualTo("No check could run here");
        assertThat(Reports.of(passed, notRun).headline()).isEqualTo("The one check passed");
        assertThat(Reports.of(passed, failed, unclear, notRun).headline()).isEqualTo("2 of 3 checks failed");
    }

    @Test
    void aMigrationOfASecondAndMoreIsSlowAndToldOnceForADatabase() {
        CompatibilityReport report = Reports.of(
                upgrade("postgres:17", "1", 999, 1000),
                upgrade("postgres:17", "2", 3, 2500),
                upgrade("mysql:9.7", "1", 3, 1700));

        assertThat(report.slowMigrations())
                .extracting(Object::toString)
                .containsExactly(
                        "4 split names on postgres:17: 2.5 s, while nobody else could write to person",
                        "4 split names on mysql:9.7: 1.7 s, while nobody else could write to person");
    }

    @Test
    void aMigrationThatWritesTablesAnewIsToldOnceForAllPathsAndDatabases() {
        CompatibilityReport report = Reports.of(
                upgrade("postgres:17", "1", 3, 5), upgrade("postgres:17", "2", 3, 5), upgrade("mysql:9.7", "1", 3, 5));

        assertThat(report.rewrites()).containsExactly("3 add tags writes tag, usage anew on mysql:9.7, postgres:17");
    }

    private static CellResult upgrade(String database, String from, long first, long second) {
        return new CellResult(
                new Cell(database, Check.UPGRADE, from, "4", ""),
                Result.PASSED,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                "",
                first + second,
                "",
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of(
                        new MigrationTime("3", "add tags", first, List.of("tag", "usage"), List.of()),
                        new MigrationTime("4", "split names", second, List.of(), List.of("person"))));
    }
}
