package io.github.metadatasnapshot;

import io.github.metadatasnapshot.engine.Version;
import io.github.metadatasnapshot.migration.Upgrade;
import io.github.metadatasnapshot.restore.Restore;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What happened in a run, for the console at its end. */
final class RunLog {

    private record Line(String database, String check, String from, String to, String text) {}

    private static final Comparator<String> BY_VERSION = (a, b) ->
            Version.isVersion(a) && Version.isVersion(b) ? Version.of(a).compareTo(Version.of(b)) : a.compareTo(b);

    private final List<Line> lines = new ArrayList<>();
    private final Map<String, Integer> notRun = new TreeMap<>();

    synchronized void add(Upgrade upgrade) {
        String migrations = upgrade.migrations().size() == 1
                ? "1 migration"
                : upgrade.migrations().size() + " migrations";
        lines.add(new Line(
                upgrade.database(),
                "upgrade",
                upgrade.from(),
                upgrade.to(),
                "upgrade %-6s → %-6s %s"
                        .formatted(
                                upgrade.from(),
                                upgrade.to(),
                                upgrade.succeeded()
                                        ? "succeeded, %s, %d → %d rows, %d ms"
                                                .formatted(
                                                        migrations,
                                                        upgrade.before().totalRows(),
                                                        upgrade.after().totalRows(),
                                                        upgrade.millis())
                                        : "FAILED at " + upgrade.reached())));
    }

    synchronized void add(Restore restore) {
        lines.add(new Line(
                restore.database(),
                "restore",
                restore.backupVersion(),
                restore.targetVersion(),
                "restore %-6s %-9s into %-6s %s (%s), %d ms"
                        .formatted(
                                restore.backupVersion(),
                                restore.isDataOnly() ? "data-only" : "full",
                                restore.before().isEmpty() ? "empty" : restore.targetVersion(),
                                restore.verdict(),
                                restore.procedure(),
                                restore.millis())));
    }

    /** Notes that a test did not run on a database. */
    synchronized void addNotRun(String reason) {
        notRun.merge(reason, 1, Integer::sum);
    }

    /** Prints what happened, nothing where nothing did. */
    synchronized void print(PrintStream out) {
        if (lines.isEmpty() && notRun.isEmpty()) {
            return;
        }
        StringBuilder text = new StringBuilder("\nMetadata Snapshot\n");
        String database = "";
        for (Line line : lines.stream()
                .sorted(Comparator.comparing(Line::database)
                        .thenComparing(Line::check, Comparator.reverseOrder())
                        .thenComparing(Line::from, BY_VERSION)
                        .thenComparing(Line::to, BY_VERSION))
                .toList()) {
            if (!line.database().equals(database)) {
                database = line.database();
                text.append("  ").append(database).append('\n');
            }
            text.append("    ").append(line.text()).append('\n');
        }
        notRun.forEach((reason, tests) -> text.append("  not run: ")
                .append(tests == 1 ? "1 test, " : tests + " tests, ")
                .append(reason)
                .append('\n'));
        out.print(text);
        out.flush();
    }
}
