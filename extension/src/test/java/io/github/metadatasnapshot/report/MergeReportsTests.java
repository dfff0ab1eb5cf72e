package io.github.metadatasnapshot.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.metadatasnapshot.matrix.CellResult;
import io.github.metadatasnapshot.matrix.CellResult.Result;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MergeReportsTests {

    @TempDir
    private Path directory;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @Test
    void fiveShardsTogetherGiveTheSameReportAsOneRun() throws IOException {
        CompatibilityReport whole = Reports.catalog();
        List<String> arguments =
                new ArrayList<>(List.of(directory.resolve("all").toString()));
        for (int shard = 4; shard >= 0; shard--) {
            int own = shard;
            CompatibilityReport part = new CompatibilityReport(
                    whole.build(),
                    whole.startedAt().plusSeconds(shard),
                    whole.environment(),
                    whole.databases(),
                    whole.versions(),
                    IntStream.range(0, whole.cells().size())
                            .filter(i -> i % 5 == own)
                            .mapToObj(whole.cells()::get)
                            .toList(),
                    whole.findings(),
                    shard < 2 ? new TreeMap<>(Map.of(whole.notRun().firstKey(), 1)) : new TreeMap<>());
            ReportFiles.write(directory.resolve("shard" + shard), part);
            // By the directory or by the file.
            arguments.add(directory
                    .resolve(shard % 2 == 0 ? "shard" + shard : "shard" + shard + "/report.json")
                    .toString());
        }

        assertThat(run(Optional.of(directory.resolve("summary.md").toString()), arguments.toArray(String[]::new)))
                .isZero();

        assertThat(directory.resolve("all/report.json")).hasContent(ReportJson.write(whole));
        assertThat(directory.resolve("all/index.html")).exists();
        assertThat(directory.resolve("summary.md")).content().contains("## Compatibility: 29 of 453 checks failed");
        assertThat(out.toString(StandardCharsets.UTF_8)).startsWith("29 of 453 checks failed: ");
    }

    @Test
    void reportsOfDifferentBuildsAreNotMerged() throws IOException {
        String first =
                write("first", Reports.ofBuild("backups/{version}.sql", "1f3a", upgrade("1", "2", Result.PASSED)));
        String second =
                write("second", Reports.ofBuild("backups/{version}.sql", "77b0", upgrade("2", "3", Result.PASSED)));

        assertFails(
                first + "/report.json and " + second
                        + "/report.json are of different builds: backups/{version}.sql was 1f3a in"
                        + " the first and is 77b0 in the second. Merge the reports of one build's shards only",
                first,
                second);
        assertThat(directory.resolve("all")).doesNotExist();
    }

    @Test
    void reportsThatContradictEachOtherAreNotMerged() throws IOException {
        String first = write("first", Reports.of(upgrade("1", "2", Result.PASSED)));
        String second = write("second", Reports.of(upgrade("1", "2", Result.FAILED)));

        assertFails(
                first + "/report.json and " + second
                        + "/report.json tell otherwise of the same cell, postgres:17 · 1 → 2 ·"
                        + " upgrade: it is passed in the first and failed in the second. Each cell is in one"
                        + " shard: merge the reports of one run only",
                first,
                second);
    }

    @Test
    void aCellThatTwoReportsTellAlikeIsNoContradiction() throws IOException {
        String first =
                write("first", Reports.of(Reports.upgrade("postgres:17", "1", "2", Result.FAILED, "after 215 ms")));
        String second =
                write("second", Reports.of(Reports.upgrade("postgres:17", "1", "2", Result.FAILED, "after 198 ms")));

        assertThat(run(Optional.empty(), directory.resolve("all").toString(), first, second))
                .isZero();
        assertThat(directory.resolve("all/report.json")).hasSameTextualContentAs(Path.of(first, "report.json"));
    }

    @Test
    void aReportThatIsMissingIsToldByItsName() throws IOException {
        String first = write("first", Reports.of(upgrade("1", "2", Result.PASSED)));

        assertFails(
                directory.resolve("second") + " does not exist: name a report.json, or the directory that it is in",
                first,
                directory.resolve("second").toString());
    }

    @Test
    void aFileThatIsNoReportIsToldByItsName() throws IOException {
        Path other = Files.writeString(directory.resolve("package.json"), "{\"name\": \"x\"}");

        assertFails(other + " is not a report of Metadata Snapshot: it lacks \"format\"", other.toString());
    }

    @Test
    void theDirectoryToWriteToIsNoFile() throws IOException {
        String first = write("first", Reports.of(upgrade("1", "2", Result.PASSED))) + "/report.json";

        assertThat(run(Optional.empty(), first, first)).isEqualTo(1);
        assertThat(err.toString(StandardCharsets.UTF_8))
                .startsWith(first + " is a file: the first argument is the directory");
    }

    @Test
    void withoutAReportItTellsHowItIsUsed() {
        assertThat(run(Optional.empty(), "all")).isEqualTo(2);
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("MergeReports OUT REPORT...");
    }

    private void assertFails(String message, String... reports) {
        List<String> arguments =
                new ArrayList<>(List.of(directory.resolve("all").toString()));
        arguments.addAll(List.of(reports));
        assertThat(run(Optional.empty(), arguments.toArray(String[]::new))).isEqualTo(1);
        assertThat(err.toString(StandardCharsets.UTF_8)).startsWith(message);
    }

    private int run(Optional<String> summary, String... arguments) {
        return MergeReports.run(
                arguments,
                summary,
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8));
    }

    private String write(String name, CompatibilityReport report) throws IOException {
        ReportFiles.write(directory.resolve(name), report);
        return directory.resolve(name).toString();
    }

    private static CellResult upgrade(String from, String to, Result result) {
        return Reports.upgrade("postgres:17", from, to, result, result == Result.FAILED ? "lost a row" : "");
    }
}
