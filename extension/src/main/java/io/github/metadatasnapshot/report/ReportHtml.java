package io.github.metadatasnapshot.report;

import com.google.gson.stream.JsonWriter;
import io.github.metadatasnapshot.matrix.Cell;
import io.github.metadatasnapshot.matrix.CellResult;
import io.github.metadatasnapshot.matrix.CellResult.MigrationTime;
import io.github.metadatasnapshot.matrix.CellResult.Result;
import io.github.metadatasnapshot.matrix.Check;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/**
 * {@code index.html}, which stands alone: style, script and data are in it, and its policy lets nothing else in.
 *
 * <p>The data are as small as they can be at tens of thousands of cells: a cell is an array of numbers, and each text is
 * there once, in a table that they count in. {@code report.js} reads them.
 */
final class ReportHtml {

    private ReportHtml() {}

    static String write(CompatibilityReport report) throws IOException {
        String style = resource("report.css");
        String script = resource("report.js");
        Map<String, String> parts = new LinkedHashMap<>();
        parts.put(
                "policy",
                "default-src 'none'; style-src '" + hash(style) + "'; script-src '" + hash(script)
                        + "'; img-src data:; base-uri 'none'; form-action 'none'");
        parts.put("style", style);
        parts.put("script", script);
        parts.put("data", data(report));
        StringBuilder html = new StringBuilder();
        String template = resource("report.html");
        int at = 0;
        for (int mark = template.indexOf("{{"); mark >= 0; mark = template.indexOf("{{", at)) {
            int end = template.indexOf("}}", mark);
            html.append(template, at, mark)
                    .append(Objects.requireNonNull(parts.get(template.substring(mark + 2, end))));
            at = end + 2;
        }
        return html.append(template, at, template.length()).toString();
    }

    private static String resource(String name) throws IOException {
        try (InputStream file = Objects.requireNonNull(ReportHtml.class.getResourceAsStream(name), name)) {
            // As a browser reads it, so that the hash is right.
            return new String(file.readAllBytes(), StandardCharsets.UTF_8).replace("\r\n", "\n");
        }
    }

    private static String hash(String text) {
        try {
            return "sha256-"
                    + Base64.getEncoder()
                            .encodeToString(
                                    MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** {@return JSON that can stand in a script element: nothing in it is a tag's beginning} */
    private static String data(CompatibilityReport report) throws IOException {
        StringWriter text = new StringWriter();
        try (JsonWriter json = new JsonWriter(text)) {
            json.setHtmlSafe(true);
            new Data(json).write(report);
        }
        return text.toString();
    }

    private static final class Data {

        private static final List<Outcome> OUTCOMES = List.of(Outcome.values());
        private static final List<Check> CHECKS = List.of(Check.values());
        private static final List<Result> RESULTS = List.of(Result.values());

        private final JsonWriter json;
        private final Map<String, Integer> texts = new LinkedHashMap<>(Map.of("", 0));

        Data(JsonWriter json) {
            this.json = json;
        }

        void write(CompatibilityReport report) throws IOException {
            json.beginObject();
            json.name("headline").value(report.headline());
            json.name("startedAt").value(report.startedAt().toString());
            pairs("build", report.build());
            pairs("environment", report.environment());
            json.name("outcomes").beginArray();
            for (Outcome outcome : OUTCOMES) {
                array(List.of(
                        outcome.name().toLowerCase(Locale.ROOT).replace('_', '-'),
                        outcome.symbol(),
                        outcome.word(),
                        outcome.meaning()));
            }
            json.endArray();
            json.name("checks");
            array(CHECKS.stream().map(Check::id).toList());
            json.name("results");
            array(RESULTS.stream().map(Result::id).toList());
            json.name("databases");
            array(report.databases());
            json.name("versions");
            array(report.versions());
            json.name("findings").beginArray();
            for (CompatibilityReport.Finding finding : report.findings()) {
                array(List.of(finding.kind(), finding.text()));
            }
            json.endArray();
            json.name("slow");
            array(report.slowMigrations().stream()
                    .map(CompatibilityReport.SlowMigration::toString)
                    .toList());
            json.name("rewrites");
            array(report.rewrites());
            json.name("notRun").beginArray();
            for (Map.Entry<String, Integer> each : report.notRun().entrySet()) {
                json.beginArray().value(each.getKey()).value(each.getValue()).endArray();
            }
            json.endArray();
            json.name("cells").beginArray();
            Map<String, Integer> databases = indexes(report.databases());
            Map<String, Integer> versions = indexes(report.versions());
            for (CellResult result : report.cells()) {
                cell(result, databases, versions);
            }
            json.endArray();
            json.name("texts");
            array(texts.keySet());
            json.endObject();
        }

        /** The order is that of {@code report.js}. */
        private void cell(CellResult result, Map<String, Integer> databases, Map<String, Integer> versions)
                throws IOException {
            Cell cell = result.cell();
            json.beginArray()
                    .value(databases.get(cell.database()))
                    .value(CHECKS.indexOf(cell.check()))
                    .value(versions.get(cell.from()))
                    .value(versions.get(cell.to()))
                    .value(text(cell.procedure()))
                    .value(RESULTS.indexOf(result.result()))
                    .value(OUTCOMES.indexOf(Outcome.of(result)))
                    .value(text(result.verdict().orElse("")))
                    .value(text(result.cause().orElse("")))
                    .value(text(result.expected().orElse("")))
                    .value(text(result.because()))
                    .value(result.millis())
                    .value(text(result.message()));
            texts(result.checks());
            texts(result.errors());
            texts(result.differences());
            json.beginArray();
            for (MigrationTime migration : result.migrations()) {
                json.value(text(migration.version()))
                        .value(text(migration.description()))
                        .value(migration.millis());
            }
            json.endArray();
            texts(result.failures());
            json.endArray();
        }

        private int text(String text) {
            return texts.computeIfAbsent(text, any -> texts.size());
        }

        private void texts(List<String> all) throws IOException {
            json.beginArray();
            for (String each : all) {
                json.value(text(each));
            }
            json.endArray();
        }

        private void pairs(String name, Map<String, String> pairs) throws IOException {
            json.name(name).beginArray();
            for (Map.Entry<String, String> pair : pairs.entrySet()) {
                array(List.of(pair.getKey(), pair.getValue()));
            }
            json.endArray();
        }

        private void array(Collection<String> values) throws IOException {
            json.beginArray();
            for (String value : values) {
                json.value(value);
            }
            json.endArray();
        }

        private static Map<String, Integer> indexes(List<String> values) {
            Map<String, Integer> indexes = new HashMap<>();
            values.forEach(value -> indexes.put(value, indexes.size()));
            return indexes;
        }
    }
}
