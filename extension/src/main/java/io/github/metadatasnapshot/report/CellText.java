package io.github.metadatasnapshot.report;

import io.github.metadatasnapshot.matrix.CellResult;
import io.github.metadatasnapshot.matrix.CellResult.MigrationTime;
import java.util.List;

/** All that is known of one cell, as text: what the page shows of it. */
final class CellText {

    private CellText() {}

    static String write(CellResult result) {
        StringBuilder text = new StringBuilder(result.cell().toString());
        text.append(": ").append(result.result().id()).append("\n\n");
        result.verdict().ifPresent(verdict -> line(text, "verdict", verdict));
        result.cause().ifPresent(cause -> line(text, "cause", cause));
        result.expected().ifPresent(verdict -> line(text, "declared", verdict + ", because " + result.because()));
        if (!result.cell().procedure().isEmpty()) {
            line(text, "procedure", result.cell().procedure());
        }
        line(text, "time", result.millis() + " ms");
        section(text, "Failed", result.failures());
        section(text, "Message", List.of(result.message()));
        section(text, "Checked", result.checks());
        section(text, "Errors", result.errors());
        section(text, "Differences", result.differences());
        section(
                text,
                "Migrations",
                result.migrations().stream().map(CellText::migration).toList());
        return text.toString();
    }

    private static String migration(MigrationTime migration) {
        return migration.name() + ": " + migration.millis() + " ms" + tables(", rewrote ", migration.rewritten())
                + tables(", locked ", migration.locked());
    }

    private static String tables(String what, List<String> tables) {
        return tables.isEmpty() ? "" : what + String.join(", ", tables);
    }

    private static void line(StringBuilder text, String name, String value) {
        text.append(name).append(": ").append(value).append('\n');
    }

    private static void section(StringBuilder text, String title, List<String> items) {
        if (!items.isEmpty()) {
            text.append('\n').append(title).append('\n');
            items.forEach(item -> text.append(item.strip().indent(2)));
        }
    }
}
