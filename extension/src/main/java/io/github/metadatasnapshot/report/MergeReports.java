package io.github.metadatasnapshot.report;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Merges the reports of a build's shards into one, on the command line:
 * {@code java -cp … io.github.metadatasnapshot.report.MergeReports OUT REPORT…}, where each {@code REPORT} is a
 * {@code report.json} or the directory that it is in.
 *
 * <p>Writes {@code index.html}, {@code report.md} and {@code report.json} to {@code OUT}, and adds the Markdown to the
 * summary of a step on GitHub.
 */
public final class MergeReports {

    private static final String USAGE = """
            Merges the reports of a build's shards into one.
            Usage: java -cp ... io.github.metadatasnapshot.report.MergeReports OUT REPORT...
              OUT     the directory to write index.html, report.md and report.json to
              REPORT  a report.json, or the directory that it is in""";

    private MergeReports() {}

    /**
     * Runs the command and ends the JVM: with 0 if the reports were merged, with 1 and a message on standard error if they
     * cannot be, with 2 if the arguments are wrong.
     *
     * @param arguments the output directory, then one report or more
     */
    public static void main(String[] arguments) {
        System.exit(run(
                arguments,
                Optional.ofNullable(System.getenv(ReportFiles.STEP_SUMMARY)).filter(file -> !file.isBlank()),
                System.out,
                System.err));
    }

    static int run(String[] arguments, Optional<String> stepSummary, PrintStream out, PrintStream err) {
        if (arguments.length < 2) {
            err.println(USAGE);
            return 2;
        }
        try {
            Path directory = Path.of(arguments[0]);
            CompatibilityReport report = merge(
                    Arrays.stream(arguments).skip(1).map(Path::of).distinct().toList());
            if (Files.exists(directory) && !Files.isDirectory(directory)) {
                throw new ReportException(directory + " is a file: the first argument is the directory to write to");
            }
            ReportFiles.write(directory, report);
            if (stepSummary.isPresent()) {
                StepSummary.write(Path.of(stepSummary.get()), directory, report);
            }
            out.println(report.headline() + ": " + directory.resolve("index.html"));
            return 0;
        } catch (ReportException e) {
            err.println(e.getMessage());
        } catch (InvalidPathException e) {
            err.println("Not the name of a file: " + e.getMessage());
        } catch (IOException e) {
            err.println("The merged report cannot be written to " + arguments[0] + ": " + e);
        }
        return 1;
    }

    private static CompatibilityReport merge(List<Path> reports) {
        Merge merge = new Merge();
        for (Path each : reports) {
            merge.add(ReportFiles.file(each).toString(), ReportFiles.read(each));
        }
        return merge.report();
    }
}
