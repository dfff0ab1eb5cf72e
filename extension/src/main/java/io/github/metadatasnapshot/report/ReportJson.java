package io.github.metadatasnapshot.report;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonParseException;
import io.github.metadatasnapshot.matrix.Cell;
import io.github.metadatasnapshot.matrix.CellResult;
import io.github.metadatasnapshot.matrix.CellResult.MigrationTime;
import io.github.metadatasnapshot.matrix.CellResult.Result;
import io.github.metadatasnapshot.matrix.Check;
import io.github.metadatasnapshot.report.CompatibilityReport.Finding;
import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** {@code report.json}, as {@code report.schema.json} beside this class describes it. */
final class ReportJson {

    static final String FORMAT = "metadata-snapshot-report/1";

    private static final Gson GSON =
            new GsonBuilder().disableHtmlEscaping().serializeNulls().create();

    /** The file; everything in it may be missing while it is read. */
    private record FileJson(
            @Nullable String format,
            @Nullable String startedAt,
            @Nullable Map<String, String> build,
            @Nullable Map<String, String> environment,
            @Nullable List<String> databases,
            @Nullable List<String> versions,
            @Nullable List<CellJson> cells,
            @Nullable List<FindingJson> findings,
            @Nullable List<NotRunJson> notRun) {}

    private record CellJson(
            @Nullable String database,
            @Nullable String check,
            @Nullable String from,
            @Nullable String to,
            @Nullable String procedure,
            @Nullable String result,
            @Nullable String verdict,
            @Nullable String cause,
            @Nullable String expected,
            @Nullable String because,
            long millis,
            @Nullable String message,
            @Nullable List<String> failures,
            @Nullable List<String> checks,
            @Nullable List<String> errors,
            @Nullable List<String> differences,
            @Nullable List<MigrationJson> migrations) {}

    private record MigrationJson(
            @Nullable String version,
            @Nullable String description,
            long millis,
            @Nullable List<String> rewritten,
            @Nullable List<String> locked) {}

    private record FindingJson(
            @Nullable String kind, @Nullable String text) {}

    private record NotRunJson(@Nullable String reason, int tests) {}

    private ReportJson() {}

    /** {@return the report as JSON, with a line for each cell} */
    static String write(CompatibilityReport report) {
        Map<String, String> members = new LinkedHashMap<>();
        members.put("format", GSON.toJson(FORMAT));
        members.put("startedAt", GSON.toJson(report.startedAt().toString()));
        members.put("build", GSON.toJson(report.build()));
        members.put("environment", GSON.toJson(report.environment()));
        members.put("databases", GSON.toJson(report.databases()));
        members.put("versions", GSON.toJson(report.versions()));
        members.put("cells", lines(report.cells(), ReportJson::cell));
        members.put("findings", lines(report.findings(), finding -> new FindingJson(finding.kind(), finding.text())));
        members.put(
                "notRun",
                lines(
                        List.copyOf(report.notRun().entrySet()),
                        entry -> new NotRunJson(entry.getKey(), entry.getValue())));
        return members.entrySet().stream()
                .map(member -> "  \"" + member.getKey() + "\": " + member.getValue())
                .collect(Collectors.joining(",\n", "{\n", "\n}\n"));
    }

    private static <T> String lines(List<T> all, Function<T, Object> json) {
        return all.isEmpty()
                ? "[]"
                : all.stream()
                        .map(each -> "    " + GSON.toJson(json.apply(each)))
                        .collect(Collectors.joining(",\n", "[\n", "\n  ]"));
    }

    private static CellJson cell(CellResult result) {
        Cell cell = result.cell();
        return new CellJson(
                cell.database(),
                cell.check().id(),
                cell.from(),
                cell.to(),
                cell.procedure(),
                result.result().id(),
                result.verdict().orElse(null),
                result.cause().orElse(null),
                result.expected().orElse(null),
                result.because(),
                result.millis(),
                result.message(),
                result.failures(),
                result.checks(),
                result.errors(),
                result.differences(),
                result.migrations().stream()
                        .map(migration -> new MigrationJson(
                                migration.version(),
                                migration.description(),
                                migration.millis(),
                                migration.rewritten(),
                                migration.locked()))
                        .toList());
    }

    /**
     * Reads a report.
     *
     * @param file a {@code report.json}
     * @return the report
     * @throws ReportException if the file is missing, or is not such a report
     */
    static CompatibilityReport read(Path file) {
        try (Reader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
            FileJson json = GSON.fromJson(reader, FileJson.class);
            if (json == null || json.format() == null) {
                throw new ReportException(file + " is not a report of Metadata Snapshot: it lacks \"format\": \""
                        + FORMAT + "\". Name the report.json, or the directory that it is in");
            }
            if (!json.format().equals(FORMAT)) {
                throw new ReportException(file + " has the format '" + json.format() + "', and this version knows "
                        + FORMAT + " only: read it with the version of Metadata Snapshot that wrote it");
            }
            return report(json);
        } catch (NoSuchFileException e) {
            throw new ReportException(file + " does not exist: name a report.json, or the directory that it is in", e);
        } catch (JsonParseException | IllegalArgumentException | DateTimeException e) {
            throw new ReportException(file + " is not a report of Metadata Snapshot, or is cut off: " + reason(e), e);
        } catch (UncheckedIOException | IOException e) {
            throw new ReportException(file + " cannot be read: " + e, e);
        }
    }

    /** Gson's exceptions say more in their cause, and end in a link for those who use it. */
    private static String reason(RuntimeException failure) {
        Throwable cause = failure.getCause();
        String message = String.valueOf((cause == null ? failure : cause).getMessage());
        return message.lines().findFirst().orElse(message);
    }

    private static CompatibilityReport report(FileJson json) {
        Map<String, Integer> notRun = new TreeMap<>();
        for (NotRunJson each : given(json.notRun(), "notRun")) {
            notRun.merge(given(each.reason(), "reason"), each.tests(), Integer::sum);
        }
        return new CompatibilityReport(
                new TreeMap<>(given(json.build(), "build")),
                Instant.parse(given(json.startedAt(), "startedAt")),
                new TreeMap<>(given(json.environment(), "environment")),
                given(json.databases(), "databases"),
                given(json.versions(), "versions"),
                given(json.cells(), "cells").stream().map(ReportJson::cell).toList(),
                given(json.findings(), "findings").stream()
                        .map(finding -> new Finding(given(finding.kind(), "kind"), given(finding.text(), "text")))
                        .toList(),
                new TreeMap<>(notRun));
    }

    private static CellResult cell(CellJson json) {
        return new CellResult(
                new Cell(
                        given(json.database(), "database"),
                        named(Check.values(), Check::id, json.check(), "check"),
                        given(json.from(), "from"),
                        given(json.to(), "to"),
                        given(json.procedure(), "procedure")),
                named(Result.values(), Result::id, json.result(), "result"),
                Optional.ofNullable(json.verdict()),
                Optional.ofNullable(json.cause()),
                Optional.ofNullable(json.expected()),
                given(json.because(), "because"),
                json.millis(),
                given(json.message(), "message"),
                given(json.failures(), "failures"),
                given(json.checks(), "checks"),
                given(json.errors(), "errors"),
                given(json.differences(), "differences"),
                given(json.migrations(), "migrations").stream()
                        .map(migration -> new MigrationTime(
                                given(migration.version(), "version"),
                                given(migration.description(), "description"),
                                migration.millis(),
                                given(migration.rewritten(), "rewritten"),
                                given(migration.locked(), "locked")))
                        .toList());
    }

    private static <T> T given(@Nullable T value, String name) {
        boolean whole = value instanceof List<?> list
                ? list.stream().allMatch(Objects::nonNull)
                : !(value instanceof Map<?, ?> map) || map.values().stream().allMatch(Objects::nonNull);
        if (value == null || !whole) {
            throw new IllegalArgumentException("it lacks \"" + name + "\"");
        }
        return value;
    }

    private static <E> E named(E[] values, Function<E, String> id, @Nullable String name, String what) {
        return Arrays.stream(values)
                .filter(value -> id.apply(value).equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("\"" + what + "\" is '" + name + "', and it takes "
                        + Arrays.stream(values).map(id).collect(Collectors.joining(", "))));
    }
}
