package io.github.metadatasnapshot.report;

import static java.util.Comparator.comparing;

import io.github.metadatasnapshot.matrix.Cell;
import io.github.metadatasnapshot.matrix.CellResult;
import io.github.metadatasnapshot.report.Parts.Part;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Writes a report as {@code index.html}, {@code report.md} and {@code report.json}.
 *
 * <p>The JVMs of one build, be they forks or modules, may write into the same directory at once: each adds its part, and
 * the files hold all parts. Parts of an earlier build are deleted; see {@link Parts}.
 */
public final class ReportFiles {

    /** Where reports are written by default, below the directory of the module. */
    public static final Path DIRECTORY = Path.of("target", "metadata-snapshot");

    /** The environment variable with the file that GitHub shows as the summary of a workflow's step. */
    public static final String STEP_SUMMARY = "GITHUB_STEP_SUMMARY";

    private ReportFiles() {}

    /**
     * Adds a report of this JVM to those that other JVMs of the same build wrote, and writes them as one.
     *
     * @param directory where to; made where it is missing
     * @param report what this JVM has to tell
     * @param stepSummary the file that the Markdown is added to as well, see {@link #STEP_SUMMARY}
     * @return the directory's {@code index.html}
     * @throws ReportException if a file cannot be written
     */
    public static Path add(Path directory, CompatibilityReport report, Optional<Path> stepSummary) {
        try {
            Files.createDirectories(directory);
            Parts parts = new Parts(directory.resolve("parts"), BuildProcess.current());
            LockedFile.use(parts.lock(), locked -> {
                parts.add(report);
                CompatibilityReport whole = whole(parts.ofThisBuild());
                write(directory, whole);
                if (stepSummary.isPresent()) {
                    StepSummary.write(stepSummary.get(), directory, whole);
                }
            });
        } catch (IOException e) {
            throw new ReportException("The report cannot be written to " + directory.toAbsolutePath() + ": " + e, e);
        }
        return directory.resolve("index.html");
    }

    /**
     * Reads a report.
     *
     * @param report a {@code report.json}, or the directory that it is in
     * @return what it tells
     * @throws ReportException if there is none, or it is none
     */
    public static CompatibilityReport read(Path report) {
        return ReportJson.read(file(report));
    }

    /**
     * Writes what is known of one cell as {@code cell.txt}.
     *
     * @param directory where to
     * @param result what came of it
     * @throws IOException if the file cannot be written
     */
    public static void writeCell(Path directory, CellResult result) throws IOException {
        Files.writeString(directory.resolve("cell.txt"), CellText.write(result));
    }

    /** {@return the JSON of a report that is named by it or by its directory} */
    static Path file(Path report) {
        return Files.isDirectory(report) ? report.resolve("report.json") : report;
    }

    /** Of a cell that ran twice, the later result counts; a part that is replaced whole, or is of other content, goes. */
    private static CompatibilityReport whole(List<Part> parts) throws IOException {
        List<Part> newestFirst = parts.stream()
                .sorted(comparing((Part part) -> part.report().startedAt()).reversed())
                .toList();
        Set<Cell> told = new HashSet<>();
        List<Part> kept = new ArrayList<>();
        for (Part part : newestFirst) {
            CompatibilityReport report = part.report();
            List<CellResult> untold = report.cells().stream()
                    .filter(result -> told.add(result.cell()))
                    .toList();
            boolean replaced = untold.isEmpty() && !report.cells().isEmpty();
            boolean outdated = kept.stream().anyMatch(newer -> differ(newer.report(), report));
            if (replaced || outdated) {
                Files.delete(part.file());
            } else {
                kept.add(new Part(
                        part.file(),
                        new CompatibilityReport(
                                report.build(),
                                report.startedAt(),
                                report.environment(),
                                report.databases(),
                                report.versions(),
                                untold,
                                report.findings(),
                                report.notRun())));
            }
        }
        Merge merge = new Merge();
        kept.forEach(part -> merge.add(part.file().toString(), part.report()));
        return merge.report();
    }

    private static boolean differ(CompatibilityReport a, CompatibilityReport b) {
        return a.build().entrySet().stream()
                .anyMatch(what ->
                        !b.build().getOrDefault(what.getKey(), what.getValue()).equals(what.getValue()));
    }

    /** Writes the three files. */
    static void write(Path directory, CompatibilityReport report) throws IOException {
        Files.createDirectories(directory);
        Map<String, String> files = Map.of(
                "report.json", ReportJson.write(report),
                "report.md", ReportMarkdown.write(report, ReportMarkdown.STEP_SUMMARY_BYTES),
                "index.html", ReportHtml.write(report));
        for (Map.Entry<String, String> file : files.entrySet()) {
            LockedFile.replace(directory.resolve(file.getKey()), file.getValue());
        }
    }
}
