package io.github.metadatasnapshot.benchmarks;

import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.LauncherSession;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;
import org.junit.platform.launcher.listeners.TestExecutionSummary;

/** Runs a matrix of the catalogue on the JUnit Platform, as a build does: two tests at once on a machine of two cores. */
public final class MatrixRun {

    private MatrixRun() {}

    /**
     * Runs the matrix on a database, and ends with status 1 unless every cell was run and passed.
     *
     * @param arguments the image; the number of cells; where the report goes; where the server keeps its data;
     *     the test class; optionally the file that a profile is written to
     * @throws Exception if something cannot be run
     */
    public static void main(String[] arguments) throws Exception {
        LauncherDiscoveryRequest request = request(arguments[0], Path.of(arguments[2]), arguments[3])
                .selectors(selectClass(arguments[4]))
                .build();
        boolean profiled = arguments.length > 5;
        ThreadProfile profile = new ThreadProfile();
        if (profiled) {
            profile.start();
        }
        SummaryGeneratingListener summaries = new SummaryGeneratingListener();
        try (LauncherSession session = LauncherFactory.openSession()) {
            session.getLauncher().execute(request, summaries);
        }
        if (profiled) {
            Files.writeString(Path.of(arguments[5]), profile.stop());
        }
        TestExecutionSummary summary = summaries.getSummary();
        summary.printFailuresTo(new PrintWriter(System.out, true, StandardCharsets.UTF_8));
        if (summary.getTestsSucceededCount() != Long.parseLong(arguments[1])) {
            System.out.println(summary.getTestsSucceededCount() + " of " + arguments[1] + " cells passed");
            System.exit(1);
        }
    }

    static LauncherDiscoveryRequestBuilder request(String database, Path report, String storage) {
        return LauncherDiscoveryRequestBuilder.request()
                .configurationParameters(Map.of(
                        "metadatasnapshot.databases", database,
                        "metadatasnapshot.provider", "container",
                        "metadatasnapshot.storage", storage,
                        "metadatasnapshot.require", "true",
                        "metadatasnapshot.report.directory", report.toString(),
                        "junit.jupiter.execution.parallel.enabled", "true",
                        "junit.jupiter.execution.parallel.mode.default", "concurrent"));
    }
}
