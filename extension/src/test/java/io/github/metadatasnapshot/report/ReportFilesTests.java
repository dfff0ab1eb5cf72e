package io.github.metadatasnapshot.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.metadatasnapshot.matrix.CellResult;
import io.github.metadatasnapshot.matrix.CellResult.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class ReportFilesTests {

    private static final String WHAT = "backups/{version}.sql";

    @TempDir
    private Path directory;

    @Test
    void writesThreeFilesAndNothingHalfDone() throws IOException {
        Path page = ReportFiles.add(directory.resolve("new/report"), Reports.catalog(), Optional.empty());

        assertThat(page).isRegularFile().hasFileName("index.html");
        try (Stream<Path> files = Files.list(page.resolveSibling(""))) {
            assertThat(files)
                    .extracting(file -> file.getFileName().toString())
                    .containsExactlyInAnyOrder("index.html", "report.md", "report.json", "parts");
        }
    }

    @Test
    void theForksOfABuildTellOfAllThatRanInThem() {
        ReportFiles.add(directory, Reports.of(upgrade("1", "2")), Optional.empty());
        ReportFiles.add(directory, Reports.of(upgrade("2", "3")), Optional.empty());

        assertThat(read()).isEqualTo(Reports.of(upgrade("1", "2"), upgrade("2", "3")));
    }

    @Test
    void ofACellThatRanAgainTheLaterResultCountsAndNothingElseOfTheEarlierRun() {
        CompatibilityReport earlier = Reports.of(Reports.upgrade("postgres:17", "1", "2", Result.FAILED, "no"));
        CompatibilityReport later = Reports.startedAt(Reports.STARTED.plusSeconds(60), Reports.of(upgrade("1", "2")));
        ReportFiles.add(directory, later, Optional.empty());
        ReportFiles.add(directory, earlier, Optional.empty());

        assertThat(read()).isEqualTo(later);
    }

    @Test
    void whatWasFoundOfOtherContentIsOutOfDate() {
        CompatibilityReport earlier = Reports.ofBuild(WHAT, "a", upgrade("1", "2"));
        CompatibilityReport later =
                Reports.startedAt(Reports.STARTED.plusSeconds(60), Reports.ofBuild(WHAT, "b", upgrade("1", "3")));
        ReportFiles.add(directory, earlier, Optional.empty());
        ReportFiles.add(directory, later, Optional.empty());

        assertThat(read()).isEqualTo(later);
    }

    @Test
    void theReportOfAnotherBuildIsReplaced() throws IOException {
        Parts other = new Parts(directory.resolve("parts"), new BuildProcess(1, 1));
        other.add(Reports.of(upgrade("1", "2")));

        ReportFiles.add(directory, Reports.of(upgrade("2", "3")), Optional.empty());

        assertThat(read()).isEqualTo(Reports.of(upgrade("2", "3")));
    }

    @Test
    void aPartThatCannotBeReadIsLeftOut() throws IOException {
        ReportFiles.add(directory, Reports.of(upgrade("1", "2")), Optional.empty());
        try (Stream<Path> parts = Files.walk(directory.resolve("parts"))) {
            Path part = parts.filter(file -> file.toString().endsWith(".json"))
                    .findFirst()
                    .orElseThrow();
            Files.writeString(part.resolveSibling("other.json"), "{\"format\": \"metadata-snapshot-report/9\"}");
        }

        ReportFiles.add(directory, Reports.of(upgrade("2", "3")), Optional.empty());

        assertThat(read().cells()).hasSize(2);
    }

    /** Half of them by a shell, as Surefire starts its forks. */
    @Test
    @DisabledOnOs(OS.WINDOWS)
    void manyJvmsMayWriteAtOnce() throws Exception {
        Path summary = directory.resolve("summary.md");
        List<Process> jvms = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            List<String> java = List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-cp",
                    System.getProperty("java.class.path"),
                    Fork.class.getName(),
                    directory.toString(),
                    "1." + i,
                    summary.toString());
            List<String> command =
                    i % 2 == 0 ? java : List.of("sh", "-c", "cd . && '" + String.join("' '", java) + "' && true");
            jvms.add(new ProcessBuilder(command).inheritIO().start());
        }
        for (Process jvm : jvms) {
            assertThat(jvm.waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(jvm.exitValue()).isZero();
        }

        assertThat(read().cells()).extracting(cell -> cell.cell().from()).containsExactly("1.0", "1.1", "1.2", "1.3");
        assertThat(Files.readString(summary)).containsOnlyOnce("## Compatibility: All 4 checks passed");
    }

    /** A JVM of the same build. */
    static final class Fork {

        public static void main(String[] arguments) {
            ReportFiles.add(
                    Path.of(arguments[0]),
                    Reports.of(upgrade(arguments[1], "2.0")),
                    Optional.of(Path.of(arguments[2])));
        }
    }

    @Test
    void theStepsSummaryHoldsTheReportOnceAndLeavesTheRestAlone() throws IOException {
        Path summary = Files.writeString(directory.resolve("summary.md"), "## Lint\nno newline at its end");
        ReportFiles.add(directory.resolve("a"), Reports.of(upgrade("1", "2")), Optional.of(summary));
        Files.writeString(summary, Files.readString(summary) + "## Deployed\n");
        ReportFiles.add(directory.resolve("a"), Reports.of(upgrade("2", "3")), Optional.of(summary));
        ReportFiles.add(directory.resolve("b"), Reports.of(upgrade("2", "3")), Optional.of(summary));

        assertThat(Files.readString(summary).lines().filter(line -> line.startsWith("## ") || line.startsWith("no ")))
                .containsExactly(
                        "## Lint",
                        "no newline at its end",
                        "## Deployed",
                        "## Compatibility: All 2 checks passed",
                        "## Compatibility: The one check passed");
    }

    @Test
    void theStepsSummaryStaysWithinWhatGitHubTakes() throws IOException {
        Path summary = Files.writeString(directory.resolve("summary.md"), "x".repeat(900_000));
        CellResult[] cells = IntStream.range(0, 500)
                .mapToObj(i -> Reports.upgrade("postgres:17", "1." + i, "2.0", Result.FAILED, "y".repeat(1500)))
                .toArray(CellResult[]::new);

        ReportFiles.add(directory.resolve("a"), Reports.of(cells), Optional.of(summary));

        assertThat(summary)
                .content()
                .hasSizeBetween(1_000_000, 1024 * 1024)
                .contains("more failures, for which there is no room");
    }

    @Test
    void aDirectoryThatCannotBeWrittenIsToldByItsName() throws IOException {
        Path file = Files.writeString(directory.resolve("taken"), "");

        assertThatThrownBy(() -> ReportFiles.add(file, Reports.catalog(), Optional.empty()))
                .isInstanceOf(ReportException.class)
                .hasMessageStartingWith("The report cannot be written to " + file);
    }

    @Test
    void twoJvmsMaySeeTheSameProcessStartATickApart() {
        BuildProcess build = BuildProcess.of("4711-1000000").orElseThrow();

        assertThat(build.isSame(new BuildProcess(4711, 1_001_000))).isTrue();
        assertThat(build.isSame(new BuildProcess(4711, 1_060_000))).isFalse();
        assertThat(build.isSame(new BuildProcess(4712, 1_000_000))).isFalse();
        assertThat(BuildProcess.of("lock")).isEmpty();
    }

    private CompatibilityReport read() {
        return ReportJson.read(directory.resolve("report.json"));
    }

    private static CellResult upgrade(String from, String to) {
        return Reports.upgrade("postgres:17", from, to, Result.PASSED, "");
    }
}
