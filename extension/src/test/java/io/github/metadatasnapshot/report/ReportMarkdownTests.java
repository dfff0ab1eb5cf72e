package io.github.metadatasnapshot.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.metadatasnapshot.matrix.Cell;
import io.github.metadatasnapshot.matrix.CellResult;
import io.github.metadatasnapshot.matrix.CellResult.Result;
import io.github.metadatasnapshot.matrix.Check;
import io.github.metadatasnapshot.report.CompatibilityReport.Finding;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReportMarkdownTests {

    private static final int PLENTY = ReportMarkdown.STEP_SUMMARY_BYTES;

    @Test
    void failuresComeFirstThenFindingsThenASmallMatrix() {
        CompatibilityReport report = Reports.with(
                Reports.of(
                        Reports.upgrade("postgres:17", "1.0", "2.0", Result.PASSED, ""),
                        Reports.restore("postgres:17", "1.0", "1.0", Result.PASSED, "RESTORED", ""),
                        Reports.restore(
                                "postgres:17", "1.0", "2.0", Result.FAILED, "SILENTLY_ACCEPTED", "accepted\nby 2.0"),
                        Reports.restore("postgres:17", "2.0", "1.0", Result.PASSED, "REFUSED", "")),
                List.of(new Finding("Without a backup", "1.5: V1.5__tags.sql is there")),
                Map.of("no Docker", 3));

        assertThat(ReportMarkdown.write(report, PLENTY)).isEqualTo("""
                ## Compatibility: 1 of 4 checks failed

                | database | passed | failed | inconclusive | not run |
                | --- | ---: | ---: | ---: | ---: |
                | postgres:17 | 3 | 1 |  |  |

                ### Failures

                **postgres:17 · 1.0 → 2.0 · cross version restore**: silent, by psql, strict

                ```text
                accepted
                by 2.0
                ```

                ### Without a backup

                - 1.5: V1.5\\_\\_tags.sql is there

                ### Matrix

                | postgres:17 | 1.0 | 2.0 |
                | --- | :---: | :---: |
                | **1.0** | = | ✓ **S** |
                | **2.0** | R |  |

                A row is the version that is upgraded, or that the backup is of; a column is the version that is upgraded to, or that the database is at: the upgrade first, then the restore. **Bold** is what failed.

                `✓` upgraded: the upgrade ran, and all that was checked of it holds<br>
                `=` restored: the client reports success, and the database is a faithful copy of the backup<br>
                `R` refused: the guard of the backup raised an error, and nothing of the backup ran<br>
                `S` silent: the client reports success, but the database is not a faithful copy of the backup

                ### Not run

                - 3 tests: no Docker

                <sub>Started 2026-03-04T05:06:07Z · java 17.0.9 · os Linux</sub>
                """);
    }

    @Test
    void whatABackupSaysBecomesNeitherMarkdownNorHtml() {
        CompatibilityReport report = Reports.with(
                Reports.of(Reports.upgrade("postgres:17", "1", "2", Result.FAILED, Reports.HOSTILE + "\n````\n# no")),
                List.of(new Finding("Kind", Reports.HOSTILE)),
                Map.of());

        assertThat(ReportMarkdown.write(report, PLENTY))
                .contains("`````text\n" + Reports.HOSTILE + "\n````\n# no\n`````\n")
                .contains("- \\<\\/script\\>\\<script\\>".replace("\\/", "/"))
                .doesNotContain("\n# no\n\n");
    }

    @Test
    void aDeclaredExceptionIsShownWithItsReason() {
        assertThat(ReportMarkdown.write(Reports.catalog(), PLENTY))
                .contains("### Declared exceptions\n\n- mariadb:11.8 · 1.0 → 1.1 · cross version restore:"
                        + " SILENTLY\\_ACCEPTED, because same shape, accepted by design, see ADR 7");
    }

    @Test
    void ofMoreVersionsOnlyThoseAreShownOfWhichSomethingFailed() {
        List<CellResult> cells = new ArrayList<>();
        for (int from = 0; from < 21; from++) {
            for (int to = 0; to < 21; to++) {
                cells.add(
                        from == to
                                ? restore("postgres:17", from, to, Result.PASSED, "RESTORED")
                                : restore("postgres:17", from, to, Result.PASSED, "REFUSED"));
                if (from < to) {
                    cells.add(upgrade("postgres:17", from, to, from == 3 && to > 9 ? Result.FAILED : Result.PASSED));
                    cells.add(upgrade("mysql:9.7", from, to, to == 20 ? Result.NOT_RUN : Result.PASSED));
                }
            }
        }
        // Of a cell the last result counts.
        cells.add(restore("postgres:17", 5, 4, Result.FAILED, "SILENTLY_ACCEPTED"));
        cells.add(restore("postgres:17", 5, 6, Result.FAILED, "SILENTLY_ACCEPTED"));
        cells.add(restore("postgres:17", 5, 20, Result.INCONCLUSIVE, "ROLLED_BACK"));

        assertThat(ReportMarkdown.write(Reports.of(cells.toArray(CellResult[]::new)), PLENTY))
                .contains("""
                        ### Matrix

                        | mysql:9.7 | upgrades | restores |
                        | --- | --- | --- |
                        | all 20 | – 20; ✓ 190 |  |

                        | postgres:17 | upgrades | restores |
                        | --- | --- | --- |
                        | **1.3** | **F** 1.10 to 1.20; ✓ 6 | = 1; R 20 |
                        | **1.5** | ✓ 15 | **?** 1.20; **S** 1.4, 1.6; = 1; R 17 |
                        | 19 others | ✓ 178 | = 19; R 380 |

                        A row is a version that is upgraded, or that the backup is of. **Bold** is what failed, with the versions that were upgraded to, or that the database was at; the rest is counted. index.html has the whole matrix.

                        `✓` upgraded:""");
    }

    private static CellResult upgrade(String database, int from, int to, Result result) {
        return Reports.upgrade(database, "1." + from, "1." + to, result, "");
    }

    private static CellResult restore(String database, int from, int to, Result result, String verdict) {
        return Reports.restore(database, "1." + from, "1." + to, result, verdict, "");
    }

    @Test
    void theMatrixOfManyVersionsOnManyDatabasesHasRoom() {
        String text = ReportMarkdown.write(Reports.large(), PLENTY);

        String matrix = text.substring(text.indexOf("### Matrix"));
        assertThat(matrix)
                .contains("| mariadb:11.8 | upgrades | restores |", "| postgres:18 | upgrades | restores |")
                .contains("`✓` upgraded: ", "<sub>Started ")
                .hasSizeLessThan(50_000);
        assertThat(text.getBytes(StandardCharsets.UTF_8)).hasSizeLessThanOrEqualTo(PLENTY);
    }

    @ParameterizedTest
    @ValueSource(ints = {200, 2_000, 20_000})
    void whatHasNoRoomIsLeftOutAndCounted(int bytes) {
        CellResult[] cells = IntStream.range(0, 100)
                .mapToObj(i -> Reports.upgrade("postgres:17", "1." + i, "2.0", Result.FAILED, "é→".repeat(800)))
                .toArray(CellResult[]::new);

        String text = ReportMarkdown.write(Reports.of(cells), bytes);

        assertThat(text.getBytes(StandardCharsets.UTF_8)).hasSizeLessThanOrEqualTo(bytes);
        assertThat(text).containsPattern("see index.html").startsWith("## Compatibility: 100 of 100 checks failed");
        if (bytes == 20_000) {
            assertThat(text)
                    .containsPattern("… and 9\\d more failures, for which there is no room here: see index.html");
        }
    }

    @Test
    void whatFailedForOneCauseIsToldOnceWithAllItsCells() {
        CellResult[] cells = IntStream.range(0, 50)
                .mapToObj(i -> new CellResult(
                        new Cell(i < 45 ? "postgres:17" : "mysql:9.7", Check.UPGRADE, "1." + i, "2.0", ""),
                        Result.FAILED,
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        "",
                        1,
                        "Expected the upgrade 1." + i + " to keep every row",
                        List.of(i == 7 ? "objects missing: index i" : "rows lost: table audit_log"),
                        List.of(),
                        List.of(),
                        List.of(),
                        List.of()))
                .toArray(CellResult[]::new);

        String text = ReportMarkdown.write(Reports.of(cells), PLENTY);

        assertThat(text)
                .contains("""
                        ### Failures

                        **rows lost: table audit\\_log**: 49 upgrades, upgrade failed

                        - mysql:9.7: 1.45 → 2.0, 1.46 → 2.0, 1.47 → 2.0, 1.48 → 2.0, 1.49 → 2.0
                        - postgres:17: 1.0 → 2.0, 1.1 → 2.0,\
                        """)
                .contains(" 1.40 → 2.0 and 4 more\n\nThe first of them: **mysql:9.7 · 1.45 → 2.0 · upgrade**: upgrade"
                        + " failed\n\n```text\nExpected the upgrade 1.45 to keep every row\n```\n")
                .contains("```text\nExpected the upgrade 1.7 to keep every row\n```")
                .containsOnlyOnce("to keep every row\n```\n\n**postgres:17 · 1.7 → 2.0 · upgrade**");
    }

    @Test
    void aLongMessageIsCut() {
        String text = ReportMarkdown.write(
                Reports.of(Reports.upgrade("postgres:17", "1", "2", Result.FAILED, "x".repeat(5000))), PLENTY);

        assertThat(text)
                .contains("x".repeat(2000) + " … (the rest is in index.html)")
                .doesNotContain("x".repeat(2001));
    }
}
