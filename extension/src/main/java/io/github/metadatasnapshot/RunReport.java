package io.github.metadatasnapshot;

import io.github.metadatasnapshot.engine.Version;
import io.github.metadatasnapshot.matrix.Cell;
import io.github.metadatasnapshot.matrix.CellResult;
import io.github.metadatasnapshot.matrix.CellResult.Result;
import io.github.metadatasnapshot.matrix.CellTimes;
import io.github.metadatasnapshot.matrix.Matrix;
import io.github.metadatasnapshot.report.CompatibilityReport;
import io.github.metadatasnapshot.report.CompatibilityReport.Finding;
import io.github.metadatasnapshot.report.ReportException;
import io.github.metadatasnapshot.report.ReportFiles;
import io.github.metadatasnapshot.server.DatabaseServer;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.extension.ExtensionConfigurationException;

/** What the report of a run holds beside what came of its cells. */
final class RunReport {

    private final Instant startedAt = Instant.now();
    private final Set<String> databases = new TreeSet<>();
    private final Set<String> versions = new TreeSet<>();
    private final SortedMap<String, String> build = new TreeMap<>();
    private final SortedMap<String, String> environment = new TreeMap<>();

    RunReport() {
        environment.put("Java", Runtime.version().toString());
        environment.put("OS", System.getProperty("os.name") + " " + System.getProperty("os.arch"));
    }

    /**
     * Notes a matrix of which cells may run, here or in another shard.
     *
     * @param content what it is tested with, such as checksums of migrations: another content is another build
     */
    synchronized void add(Matrix matrix, String backups, List<String> content) {
        databases.add(matrix.database());
        matrix.versions().stream().map(Version::toString).forEach(versions::add);
        build.put(backups + " on " + matrix.database(), hash(content));
    }

    /** Notes on which server the cells of a database run. */
    synchronized void add(DatabaseServer server) {
        environment.put(server.spec().toString(), server.description());
    }

    private static CellResult worse(CellResult a, CellResult b) {
        List<Result> fromTheWorst = List.of(Result.FAILED, Result.INCONCLUSIVE, Result.PASSED, Result.NOT_RUN);
        return fromTheWorst.indexOf(a.result()) <= fromTheWorst.indexOf(b.result()) ? a : b;
    }

    private static String hash(List<String> content) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256")
                            .digest(String.join("\n", content).getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java has SHA-256", e);
        }
    }

    /**
     * {@return how long cells took, by an earlier report}
     *
     * @throws ExtensionConfigurationException if it cannot be read
     */
    static CellTimes times(Path report) {
        try {
            return ReportFiles.read(report).times();
        } catch (ReportException e) {
            throw new ExtensionConfigurationException(
                    "The setting " + Settings.SHARD_TIMES + " is '" + report + "': " + e.getMessage(), e);
        }
    }

    /** Writes the report where there is something to tell, and says where it is. */
    synchronized void write(
            Path directory,
            List<CellResult> cells,
            Map<String, List<String>> findings,
            Map<String, Integer> notRun,
            PrintStream out) {
        if (cells.isEmpty()) {
            return;
        }
        List<Finding> found = new ArrayList<>();
        findings.forEach((kind, texts) -> texts.forEach(text -> found.add(new Finding(kind, text))));
        Map<Cell, CellResult> worst = new LinkedHashMap<>();
        for (CellResult result : cells) {
            if (worst.containsKey(result.cell())) {
                found.add(new Finding(
                        "Checked by more than one test, of which the report shows the worst result",
                        result.cell().toString()));
            }
            worst.merge(result.cell(), result, RunReport::worse);
        }
        try {
            Path page = ReportFiles.add(
                    directory,
                    new CompatibilityReport(
                            build,
                            startedAt,
                            environment,
                            List.copyOf(databases),
                            List.copyOf(versions),
                            List.copyOf(worst.values()),
                            found,
                            new TreeMap<>(notRun)),
                    Optional.ofNullable(System.getenv(ReportFiles.STEP_SUMMARY))
                            .filter(file -> !file.isBlank())
                            .map(Path::of));
            out.println("  report: " + page.toAbsolutePath().toUri());
        } catch (ReportException e) {
            // An exception here would end the whole run.
            out.println("  " + e.getMessage());
        }
    }
}
