package io.github.metadatasnapshot.report;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.joining;
import static java.util.stream.Collectors.mapping;
import static java.util.stream.Collectors.toCollection;
import static java.util.stream.Collectors.toList;
import static java.util.stream.Collectors.toSet;

import io.github.metadatasnapshot.matrix.Cell;
import io.github.metadatasnapshot.matrix.CellResult;
import io.github.metadatasnapshot.matrix.CellResult.Result;
import io.github.metadatasnapshot.matrix.Check;
import io.github.metadatasnapshot.report.CompatibilityReport.Finding;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** {@code report.md}: what failed, what was found, and a small matrix for each database. */
final class ReportMarkdown {

    /** What GitHub takes as the summary of a step, in bytes. */
    static final int STEP_SUMMARY_BYTES = 1024 * 1024;

    /** With more versions, a table of them is no longer read but scrolled. */
    private static final int MOST_VERSIONS = 20;

    /** How much of a message is shown, in characters; the rest is in the HTML. */
    private static final int MOST_OF_A_MESSAGE = 2000;

    /** How many of the cells of a database that failed alike are named. */
    private static final int MOST_PAIRS = 40;

    private static final String SQUARE =
            "A row is the version that is upgraded, or that the backup is of; a column is the version that is upgraded to,"
                    + " or that the database is at: the upgrade first, then the restore. **Bold** is what failed.\n\n";

    private static final String SUMMARY =
            "A row is a version that is upgraded, or that the backup is of. **Bold** is what failed, with the versions that"
                    + " were upgraded to, or that the database was at; the rest is counted. index.html has the whole"
                    + " matrix.\n\n";

    private static final Pattern SPECIAL = Pattern.compile("[\\\\`*_{}\\[\\]<>()#+!|~&]");
    private static final Pattern BACKTICKS = Pattern.compile("`+");

    private final CompatibilityReport report;
    private final int bytes;

    private ReportMarkdown(CompatibilityReport report, int bytes) {
        this.report = report;
        this.bytes = bytes;
    }

    /**
     * Writes a report as Markdown.
     *
     * @param bytes how long it may be, in UTF-8; what does not fit is left out, and counted
     */
    static String write(CompatibilityReport report, int bytes) {
        return new ReportMarkdown(report, bytes).text();
    }

    private String text() {
        String head = "## Compatibility: " + report.headline() + "\n\n" + totals();
        // The failures come first, but may take no more than the rest leaves; a rest as long as that is cut.
        String rest = cut(findings() + matrices() + notRun() + origin(), Math.max(0, (bytes - size(head)) / 2));
        String failures = failures(bytes - size(head) - size(rest));
        return cut(head + failures + rest, bytes);
    }

    private String totals() {
        if (report.cells().isEmpty()) {
            return "";
        }
        Map<String, List<CellResult>> databases = byDatabase();
        StringBuilder table = new StringBuilder("""
                | database | passed | failed | inconclusive | not run |
                | --- | ---: | ---: | ---: | ---: |
                """);
        databases.forEach((database, cells) -> table.append("| ")
                .append(escape(database))
                .append(Stream.of(Result.PASSED, Result.FAILED, Result.INCONCLUSIVE, Result.NOT_RUN)
                        .map(result -> cells.stream()
                                .filter(cell -> cell.result() == result)
                                .count())
                        .map(count -> count == 0 ? "" : String.format(Locale.ROOT, "%,d", count))
                        .collect(joining(" | ", " | ", " |\n"))));
        return table.append('\n').toString();
    }

    private Map<String, List<CellResult>> byDatabase() {
        return report.cells().stream()
                .collect(groupingBy(cell -> cell.cell().database(), LinkedHashMap::new, toList()));
    }

    private String failures(int most) {
        List<CellResult> failures = report.failures();
        if (failures.isEmpty()) {
            return "";
        }
        StringBuilder text = new StringBuilder("### Failures\n\n");
        int left = most - size(text.toString()) - size(more(failures.size(), "failures"));
        int told = 0;
        for (List<CellResult> alike : byCause(failures)) {
            String failure = alike.size() == 1 ? failure(alike.get(0)) : failure(alike);
            left -= size(failure);
            if (left < 0) {
                return text.append(more(failures.size() - told, told == 0 ? "failures" : "more failures"))
                        .toString();
            }
            text.append(failure);
            told += alike.size();
        }
        return text.toString();
    }

    /** Puts together what failed for the same cause; what most failed for comes first. */
    private static List<List<CellResult>> byCause(List<CellResult> failures) {
        Map<Object, List<CellResult>> groups = failures.stream()
                .collect(groupingBy(
                        cell -> cell.failures().isEmpty()
                                ? cell.cell()
                                : List.of(
                                        isRestore(cell.cell()),
                                        Outcome.of(cell),
                                        cell.failures().get(0)),
                        LinkedHashMap::new,
                        toList()));
        return groups.values().stream()
                .sorted((a, b) -> Integer.compare(b.size(), a.size()))
                .toList();
    }

    /** Tells of cells that failed alike which they are, and the message of the first. */
    private static String failure(List<CellResult> alike) {
        CellResult first = alike.get(0);
        String kind = isRestore(first.cell()) ? "restores" : "upgrades";
        StringBuilder text = new StringBuilder("**" + escape(first.failures().get(0)) + "**: " + alike.size() + " "
                + kind + ", " + Outcome.of(first).word() + "\n\n");
        alike.stream()
                .collect(groupingBy(cell -> cell.cell().database(), LinkedHashMap::new, toList()))
                .forEach((database, cells) -> text.append("- ")
                        .append(escape(database + ": "
                                + cells.stream()
                                        .limit(MOST_PAIRS)
                                        .map(cell -> pair(cell.cell()))
                                        .distinct()
                                        .collect(joining(", "))
                                + (cells.size() > MOST_PAIRS ? " and " + (cells.size() - MOST_PAIRS) + " more" : "")))
                        .append('\n'));
        return text.append("\nThe first of them: ").append(failure(first)).toString();
    }

    private static String pair(Cell cell) {
        return cell.from().equals(cell.to()) ? cell.from() : cell.from() + " → " + cell.to();
    }

    private static String more(int count, String what) {
        return String.format(
                        Locale.ROOT, "… and %,d %s, for which there is no room here: see index.html%n%n", count, what)
                .replace("\r", "");
    }

    private static String failure(CellResult result) {
        String head = "**" + escape(result.cell().toString()) + "**: "
                + Outcome.of(result).word()
                + result.cause().map(cause -> ", cause " + escape(cause)).orElse("")
                + (result.cell().procedure().isEmpty()
                        ? ""
                        : ", by " + escape(result.cell().procedure()))
                + "\n\n";
        String message = result.message().strip();
        return message.isEmpty() ? head : head + fenced(message) + "\n";
    }

    private static String fenced(String message) {
        String shown = message.length() <= MOST_OF_A_MESSAGE
                ? message
                : message.substring(0, MOST_OF_A_MESSAGE) + " … (the rest is in index.html)";
        int longest = BACKTICKS
                .matcher(shown)
                .results()
                .mapToInt(match -> match.end() - match.start())
                .max()
                .orElse(0);
        String fence = "`".repeat(Math.max(3, longest + 1));
        return fence + "text\n" + shown + "\n" + fence + "\n";
    }

    private String findings() {
        StringBuilder text = new StringBuilder();
        report.findings().stream()
                .collect(groupingBy(Finding::kind, TreeMap::new, mapping(Finding::text, toList())))
                .forEach((kind, findings) -> list(text, kind, findings));
        list(
                text,
                "Declared exceptions",
                report.cells().stream()
                        .filter(cell -> cell.result() == Result.PASSED)
                        .flatMap(cell -> cell.expected().stream()
                                .map(verdict -> cell.cell() + ": " + verdict + ", because " + cell.because()))
                        .toList());
        list(
                text,
                "Slow migrations",
                report.slowMigrations().stream()
                        .map(CompatibilityReport.SlowMigration::toString)
                        .toList());
        list(text, "Tables that are written anew, which takes long where they are large", report.rewrites());
        return text.toString();
    }

    private static void list(StringBuilder text, String heading, List<String> lines) {
        if (!lines.isEmpty()) {
            text.append("### ").append(escape(heading)).append("\n\n");
            lines.forEach(line -> text.append("- ").append(escape(line)).append('\n'));
            text.append('\n');
        }
    }

    private String matrices() {
        if (report.cells().isEmpty()) {
            return "";
        }
        boolean small = report.versions().size() <= MOST_VERSIONS;
        StringBuilder text = new StringBuilder("### Matrix\n\n");
        byDatabase().forEach((database, cells) -> {
            if (small) {
                matrix(text, database, cells);
            } else {
                summary(text, database, cells);
            }
        });
        Set<Outcome> shown =
                report.cells().stream().map(Outcome::of).collect(toCollection(() -> EnumSet.noneOf(Outcome.class)));
        return text.append(small ? SQUARE : SUMMARY)
                .append(shown.stream()
                        .map(outcome -> "`" + outcome.symbol() + "` " + outcome.word() + ": " + outcome.meaning())
                        .collect(joining("<br>\n", "", "\n\n")))
                .toString();
    }

    private void matrix(StringBuilder text, String database, List<CellResult> cells) {
        Map<List<String>, List<CellResult>> byPair = cells.stream()
                .collect(groupingBy(
                        cell -> List.of(cell.cell().from(), cell.cell().to())));
        List<String> versions = report.versions();
        text.append("| ").append(escape(database)).append(row(versions.stream().map(ReportMarkdown::escape)));
        text.append("| ---").append(row(IntStream.range(0, versions.size()).mapToObj(i -> ":---:")));
        for (String from : versions) {
            text.append("| **").append(escape(from)).append("**");
            text.append(row(versions.stream()
                    .map(to -> byPair.getOrDefault(List.of(from, to), List.of()).stream()
                            .sorted((a, b) -> Boolean.compare(isRestore(a.cell()), isRestore(b.cell())))
                            .map(ReportMarkdown::symbol)
                            .distinct()
                            .collect(joining(" ")))));
        }
        text.append('\n');
    }

    /** A row for each version of which something failed, and one for all others. */
    private void summary(StringBuilder text, String database, List<CellResult> cells) {
        Map<String, List<CellResult>> byVersion =
                cells.stream().collect(groupingBy(cell -> cell.cell().from()));
        text.append("| ").append(escape(database)).append(" | upgrades | restores |\n| --- | --- | --- |\n");
        List<CellResult> others = new ArrayList<>();
        int versions = 0;
        for (String from : report.versions()) {
            List<CellResult> own = byVersion.getOrDefault(from, List.of());
            if (own.stream().anyMatch(CompatibilityReport::isFailure)) {
                summaryRow(text, "**" + escape(from) + "**", own);
            } else if (!own.isEmpty()) {
                others.addAll(own);
                versions++;
            }
        }
        if (versions > 0) {
            summaryRow(
                    text,
                    versions == byVersion.size() ? "all " + versions : versions == 1 ? "1 other" : versions + " others",
                    others);
        }
        text.append('\n');
    }

    private void summaryRow(StringBuilder text, String head, List<CellResult> cells) {
        text.append("| ")
                .append(head)
                .append(row(Stream.of(false, true)
                        .map(restores -> summary(cells.stream()
                                .filter(cell -> isRestore(cell.cell()) == restores)
                                .toList()))));
    }

    private String summary(List<CellResult> cells) {
        // What is bold comes first.
        Map<String, List<CellResult>> bySymbol =
                cells.stream().collect(groupingBy(ReportMarkdown::symbol, TreeMap::new, toList()));
        return bySymbol.entrySet().stream()
                .map(each -> each.getKey() + " "
                        + (CompatibilityReport.isFailure(each.getValue().get(0))
                                ? targets(each.getValue())
                                : String.format(
                                        Locale.ROOT, "%,d", each.getValue().size())))
                .collect(joining("; "));
    }

    /** {@return the versions that cells lead to, of three and more in a row the first and the last} */
    private String targets(List<CellResult> cells) {
        Set<String> targets = cells.stream().map(cell -> cell.cell().to()).collect(toSet());
        List<String> versions = report.versions();
        List<String> ranges = new ArrayList<>();
        int end;
        for (int begin = 0; begin < versions.size(); begin = end + 1) {
            end = begin;
            while (end < versions.size() && targets.contains(versions.get(end))) {
                end++;
            }
            List<String> range = versions.subList(begin, end);
            ranges.addAll(range.size() < 3 ? range : List.of(range.get(0) + " to " + range.get(range.size() - 1)));
        }
        return escape(String.join(", ", ranges));
    }

    private static boolean isRestore(Cell cell) {
        return cell.check() != Check.UPGRADE;
    }

    private static String row(Stream<String> cells) {
        return cells.collect(joining(" | ", " | ", " |\n"));
    }

    private static String symbol(CellResult cell) {
        String symbol = Outcome.of(cell).symbol();
        return CompatibilityReport.isFailure(cell) ? "**" + symbol + "**" : symbol;
    }

    private String notRun() {
        StringBuilder text = new StringBuilder();
        list(
                text,
                "Not run",
                report.notRun().entrySet().stream()
                        .map(entry ->
                                (entry.getValue() == 1 ? "1 test: " : entry.getValue() + " tests: ") + entry.getKey())
                        .toList());
        return text.toString();
    }

    private String origin() {
        return Stream.concat(
                        Stream.of("Started " + report.startedAt()),
                        report.environment().entrySet().stream().map(entry -> entry.getKey() + " " + entry.getValue()))
                .map(ReportMarkdown::escape)
                .collect(joining(" · ", "<sub>", "</sub>\n"));
    }

    /** What comes from elsewhere must not become Markdown, HTML or a second line. */
    private static String escape(String text) {
        return SPECIAL.matcher(text.strip().replaceAll("\\s*\\R\\s*", " "))
                .replaceAll(match -> Matcher.quoteReplacement("\\" + match.group()));
    }

    private static String cut(String text, int most) {
        if (size(text) <= most) {
            return text;
        }
        String note = "\n\n… cut off here, as there is room for no more: see index.html\n";
        int length = Math.min(text.length(), Math.max(0, most - size(note)));
        while (length > 0 && size(text.substring(0, length)) > most - size(note)) {
            length -= Math.max(1, length / 50);
        }
        int lineEnd = text.lastIndexOf('\n', length);
        return most < size(note) ? "" : text.substring(0, Math.max(0, lineEnd)) + note;
    }

    private static int size(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }
}
