package io.github.metadatasnapshot.report;

import static java.util.stream.Collectors.joining;

import io.github.metadatasnapshot.matrix.Cell;
import io.github.metadatasnapshot.matrix.CellResult;
import io.github.metadatasnapshot.report.CompatibilityReport.Finding;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/** One report from several of the same build. */
final class Merge {

    private final Map<String, String> sourceOfBuild = new HashMap<>();
    private final Map<Cell, String> sourceOfCell = new HashMap<>();
    private final SortedMap<String, String> build = new TreeMap<>();
    private final SortedMap<String, Set<String>> environment = new TreeMap<>();
    private final Map<Cell, CellResult> cells = new LinkedHashMap<>();
    private final Set<String> databases = new LinkedHashSet<>();
    private final Set<String> versions = new LinkedHashSet<>();
    private final Set<Finding> findings = new LinkedHashSet<>();
    private final SortedMap<String, Integer> notRun = new TreeMap<>();
    private Instant startedAt = Instant.MAX;

    /**
     * Adds a report.
     *
     * @param source where it is from, for messages
     * @throws ReportException if it is of another build, or tells otherwise of a cell, than one that was added before
     */
    void add(String source, CompatibilityReport report) {
        report.build().forEach((what, id) -> {
            if (!build.getOrDefault(what, id).equals(id)) {
                throw new ReportException(
                        sourceOfBuild.get(what) + " and " + source + " are of different builds: " + what
                                + " was " + build.get(what) + " in the first and is " + id
                                + " in the second. Merge the reports of one build's shards only");
            }
        });
        for (CellResult result : report.cells()) {
            CellResult other = cells.get(result.cell());
            if (other != null && !tell(other).equals(tell(result))) {
                throw new ReportException(sourceOfCell.get(result.cell()) + " and " + source
                        + " tell otherwise of the same cell, " + result.cell() + ": it is "
                        + tell(other) + " in the first and " + tell(result)
                        + " in the second. Each cell is in one shard: merge the reports of one run only");
            }
        }
        report.build().keySet().forEach(what -> sourceOfBuild.putIfAbsent(what, source));
        report.cells().forEach(result -> sourceOfCell.putIfAbsent(result.cell(), source));
        addTheRest(report);
        report.cells().forEach(result -> cells.putIfAbsent(result.cell(), result));
    }

    /** {@return what counts of a result; a message may hold a time or a process id} */
    private static String tell(CellResult result) {
        return Stream.of(
                        Optional.of(result.result().id()),
                        result.verdict(),
                        result.cause().map(cause -> "cause " + cause),
                        result.expected().map(verdict -> verdict + " declared"))
                .flatMap(Optional::stream)
                .collect(joining(", "));
    }

    private void addTheRest(CompatibilityReport report) {
        build.putAll(report.build());
        report.environment()
                .forEach((key, value) -> environment
                        .computeIfAbsent(key, any -> new LinkedHashSet<>())
                        .add(value));
        databases.addAll(report.databases());
        versions.addAll(report.versions());
        findings.addAll(report.findings());
        report.notRun().forEach((reason, tests) -> notRun.merge(reason, tests, Integer::sum));
        if (report.startedAt().isBefore(startedAt)) {
            startedAt = report.startedAt();
        }
    }

    CompatibilityReport report() {
        SortedMap<String, String> ranOn = new TreeMap<>();
        environment.forEach((key, values) ->
                ranOn.put(key, String.join(", ", values.stream().sorted().toList())));
        return new CompatibilityReport(
                build,
                startedAt,
                ranOn,
                List.copyOf(databases),
                List.copyOf(versions),
                List.copyOf(cells.values()),
                new ArrayList<>(findings),
                notRun);
    }
}
