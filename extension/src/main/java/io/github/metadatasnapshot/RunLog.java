package io.github.metadatasnapshot;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.joining;
import static java.util.stream.Collectors.toList;

import io.github.metadatasnapshot.engine.Version;
import io.github.metadatasnapshot.migration.IgnoredNote;
import io.github.metadatasnapshot.migration.MigrationFailure;
import io.github.metadatasnapshot.migration.Upgrade;
import io.github.metadatasnapshot.recovery.Recovery;
import io.github.metadatasnapshot.recovery.RecoveryAttempt;
import io.github.metadatasnapshot.restore.Restore;
import io.github.metadatasnapshot.restore.RestoreCause;
import io.github.metadatasnapshot.restore.RestoreVerdict;
import io.github.metadatasnapshot.shape.DataException;
import io.github.metadatasnapshot.shape.ShapeDifference;
import io.github.metadatasnapshot.snapshot.Recorded;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/** What happened in a run, for the console at its end. */
final class RunLog {

    private static final Comparator<String> BY_VERSION = (a, b) ->
            Version.isVersion(a) && Version.isVersion(b) ? Version.of(a).compareTo(Version.of(b)) : a.compareTo(b);

    /** More restores of one kind than this are a table, from which one sees more than from as many lines. */
    private static final int MOST_LINES = 8;

    /** A migration that takes longer is worth a word. */
    private static final long SLOW_MILLIS = 1000;

    private static final String TABLE = ", backup of the row into the column\n";

    /** A check, with what it is a check of and the two versions that it is about. */
    private interface Line {

        String from();

        String to();

        String text();
    }

    private record UpgradeLine(String from, String to, String text) implements Line {}

    private record RestoreLine(String from, String to, String text, String what, String word) implements Line {}

    private final Map<String, List<UpgradeLine>> upgrades = new TreeMap<>();
    private final Map<String, List<RestoreLine>> restores = new TreeMap<>();
    private final Map<String, Integer> notRun = new TreeMap<>();
    private final List<String> recorded = new ArrayList<>();
    private final Map<String, Set<String>> findings = new TreeMap<>();
    private final Map<String, Set<String>> noted = new TreeMap<>();
    private final Set<String> restoreNotes = new TreeSet<>();
    private final Map<String, String> kept = new TreeMap<>();
    private final List<List<DataException>> exceptions = new ArrayList<>();
    private final List<List<IgnoredNote>> ignored = new ArrayList<>();

    synchronized void add(Upgrade upgrade) {
        exceptions.add(upgrade.dataExceptions());
        ignored.add(upgrade.ignored());
        List<Version> passedOver = upgrade.passedOver();
        if (!passedOver.isEmpty()) {
            note(
                    "Migrations that Flyway passed over",
                    upgrade + ": " + passedOver.stream().map(Version::toString).collect(joining(", "))
                            + " did not run, as the database was at a later version");
        }
        String migrations = upgrade.migrations().size() == 1
                ? "1 migration"
                : upgrade.migrations().size() + " migrations";
        upgrades.computeIfAbsent(upgrade.database(), database -> new ArrayList<>())
                .add(new UpgradeLine(
                        upgrade.from(),
                        upgrade.to(),
                        "upgrade %-6s → %-6s %s"
                                .formatted(
                                        upgrade.from(),
                                        upgrade.to(),
                                        upgrade.succeeded()
                                                ? "succeeded, %s, %d → %d rows, %d ms%s"
                                                        .formatted(
                                                                migrations,
                                                                upgrade.rowsBefore(),
                                                                upgrade.rowsAfter(),
                                                                upgrade.millis(),
                                                                slowest(upgrade))
                                                : failed(upgrade))));
    }

    synchronized void add(Recovery recovery) {
        Upgrade upgrade = recovery.upgrade();
        List<RecoveryAttempt> attempts = recovery.attempts();
        long whole =
                attempts.stream().filter(RecoveryAttempt::broughtBackEverything).count();
        String ways = attempts.size() == 1 ? "1 way" : attempts.size() + " ways";
        upgrades.computeIfAbsent(upgrade.database(), database -> new ArrayList<>())
                .add(new UpgradeLine(
                        upgrade.from(),
                        upgrade.to(),
                        "back    %-6s ← %-6s %s, %d ms"
                                .formatted(
                                        upgrade.from(),
                                        upgrade.to(),
                                        whole == attempts.size()
                                                ? "everything, " + ways
                                                : "NOT EVERYTHING in " + (attempts.size() - whole) + " of " + ways,
                                        recovery.millis())));
    }

    private static String failed(Upgrade upgrade) {
        String place = upgrade.failure().map(MigrationFailure::place).orElse("");
        return "FAILED" + (place.isEmpty() ? "" : " in " + place) + ", the database is at " + upgrade.reached();
    }

    private static String slowest(Upgrade upgrade) {
        return upgrade.slowestMigrations().stream()
                .findFirst()
                .filter(migration -> migration.millis() > SLOW_MILLIS)
                .map(migration -> ", of which " + migration.describe())
                .orElse("");
    }

    void add(Restore restore) {
        String into = restore.before().isEmpty() ? "empty" : restore.targetVersion();
        String kind = (restore.isGuarded() ? "guarded " : "") + (restore.isDataOnly() ? "data-only" : "full");
        // Finding the cause may take another restore: not while other tests wait.
        RestoreLine line = new RestoreLine(
                restore.backupVersion(),
                into,
                "restore %-6s %-9s into %-6s %s (%s), %d ms%s"
                        .formatted(
                                restore.backupVersion(),
                                kind,
                                into,
                                outcome(restore),
                                restore.procedure(),
                                restore.millis(),
                                others(restore)),
                kind + " backups by " + restore.procedure(),
                restore.inconclusive().isPresent() ? "?" : word(restore.verdict()));
        List<ShapeDifference> missing = restore.completeness().missing();
        if (!missing.isEmpty()) {
            note(
                    restore.backup() + " on " + restore.database() + " lacks what migrations to "
                            + restore.backupVersion() + " create",
                    missing.stream()
                            .map(each -> each.kind() + " " + each.name())
                            .collect(joining(", ")));
        }
        synchronized (this) {
            restores.computeIfAbsent(restore.database(), database -> new ArrayList<>())
                    .add(line);
            restore.notes()
                    .forEach(note -> restoreNotes.add(restore.backup() + " on " + restore.database() + ": " + note));
        }
    }

    private static String outcome(Restore restore) {
        if (restore.inconclusive().isPresent()) {
            return "inconclusive";
        }
        String why = restore.cause()
                .map(RestoreCause::toString)
                .orElseGet(() -> restore.acceptance().stream().map(Enum::name).collect(joining(", ")));
        return restore.verdict() + (why.isEmpty() ? "" : ": " + why);
    }

    private static String others(Restore restore) {
        int others = restore.otherSessions().size();
        return others == 0 ? "" : others == 1 ? ", beside another session" : ", beside " + others + " other sessions";
    }

    private static String word(RestoreVerdict verdict) {
        return switch (verdict) {
            case RESTORED -> "restored";
            case REFUSED -> "refused";
            case ROLLED_BACK -> "undone";
            case PARTIALLY_APPLIED -> "partly";
            case SILENTLY_ACCEPTED -> "SILENT";
        };
    }

    synchronized void add(Recorded backup) {
        recorded.add("%s %s: version %s, %s, %d rows, %d bytes"
                .formatted(
                        backup.replaced() ? "replaced" : "captured",
                        backup.backup(),
                        backup.version(),
                        backup.earlier()
                                .map(version -> "from the backup of " + version)
                                .orElse("from migrations alone"),
                        backup.rows(),
                        backup.bytes()));
    }

    /** Notes that a shape was frozen. */
    synchronized void addShape(Path file, String version, boolean replaced) {
        recorded.add((replaced ? "replaced " : "captured ") + file + ": shape of version " + version);
    }

    /** Notes how the backups of a database fit its migrations. */
    synchronized void add(String backups, List<String> found) {
        if (!found.isEmpty()) {
            findings.computeIfAbsent(backups, key -> new TreeSet<>()).addAll(found);
        }
    }

    /** Notes a finding of a test, for the end of the run. */
    synchronized void note(String kind, String text) {
        noted.computeIfAbsent(kind, key -> new TreeSet<>()).add(text);
    }

    /** {@return what was noted, by its kind} */
    synchronized Map<String, List<String>> noted() {
        Map<String, List<String>> all = new TreeMap<>();
        noted.forEach((kind, texts) -> all.put(kind, List.copyOf(texts)));
        return all;
    }

    /** Notes what has become of the database of a test that failed. */
    synchronized void addKept(String test, String where) {
        kept.merge(test, where, (one, other) -> one + "\n" + other);
    }

    /** Notes that a test did not run on a database. */
    synchronized void addNotRun(String reason) {
        notRun.merge(reason, 1, Integer::sum);
    }

    /** {@return the exceptions that no upgrade needed, and what was ignored and is not there} */
    synchronized List<String> unneededExceptions() {
        List<IgnoredNote> notes = ignored.stream().flatMap(List::stream).toList();
        return Stream.concat(
                        DataException.unneeded(exceptions.stream()
                                        .flatMap(List::stream)
                                        .toList())
                                .stream()
                                .map(DataException::toString),
                        notes.stream()
                                .filter(note -> notes.stream()
                                        .noneMatch(other -> other.needed()
                                                && other.toString().equals(note.toString())))
                                .map(IgnoredNote::toString)
                                .distinct()
                                .sorted())
                .toList();
    }

    /** {@return what upgrades were proven without, each with the reason that is declared for it} */
    synchronized List<String> neededExceptions() {
        return Stream.concat(
                        exceptions.stream()
                                .flatMap(List::stream)
                                .filter(DataException::needed)
                                .map(DataException::toString),
                        ignored.stream()
                                .flatMap(List::stream)
                                .filter(IgnoredNote::needed)
                                .map(IgnoredNote::toString))
                .distinct()
                .sorted()
                .toList();
    }

    /** {@return what else there is to know about how backups were restored and judged} */
    synchronized List<String> restoreNotes() {
        return List.copyOf(restoreNotes);
    }

    /** {@return why tests did not run, and how many} */
    synchronized Map<String, Integer> notRun() {
        return Map.copyOf(notRun);
    }

    /** Prints what happened, nothing where nothing did. */
    synchronized void print(PrintStream out) {
        if (Stream.of(upgrades, restores, notRun, findings, kept).allMatch(Map::isEmpty) && recorded.isEmpty()) {
            return;
        }
        StringBuilder text = new StringBuilder("\nMetadata Snapshot\n");
        Set<String> databases = new TreeSet<>(upgrades.keySet());
        databases.addAll(restores.keySet());
        for (String database : databases) {
            text.append("  ").append(database).append('\n');
            lines(text, upgrades.getOrDefault(database, List.of()));
            Map<String, List<RestoreLine>> groups = restores.getOrDefault(database, List.of()).stream()
                    .collect(groupingBy(RestoreLine::what, TreeMap::new, toList()));
            groups.values().stream().filter(group -> group.size() <= MOST_LINES).forEach(group -> lines(text, group));
            groups.forEach((what, group) -> {
                if (group.size() > MOST_LINES) {
                    table(text, what, group);
                }
            });
        }
        if (text.indexOf(TABLE) >= 0) {
            text.append(
                    "  refused: by the guard; undone: an error, and the database is as it was; partly: an error, and"
                            + " the database has changed;\n"
                            + "  SILENT: accepted, but no faithful copy; restored: the database is a faithful copy now; ?:"
                            + " inconclusive\n");
        }
        unneededExceptions()
                .forEach(exception ->
                        text.append("  no longer needed: ").append(exception).append('\n'));
        notRun.forEach((reason, tests) -> text.append("  not run: ")
                .append(tests == 1 ? "1 test, " : tests + " tests, ")
                .append(reason)
                .append('\n'));
        recorded.forEach(file -> text.append("  ").append(file).append('\n'));
        findings.forEach((backups, found) -> {
            text.append("  ").append(backups).append('\n');
            found.forEach(finding -> text.append("    ").append(finding).append('\n'));
        });
        kept.forEach((test, where) -> {
            text.append("  database of ").append(test).append(", which failed\n");
            where.lines().forEach(line -> text.append("    ").append(line).append('\n'));
        });
        out.print(text);
        out.flush();
    }

    private static void lines(StringBuilder text, List<? extends Line> lines) {
        lines.stream()
                .sorted(Comparator.<Line, String>comparing(Line::from, BY_VERSION)
                        .thenComparing(Line::to, BY_VERSION))
                .forEach(line -> text.append("    ").append(line.text()).append('\n'));
    }

    private static void table(StringBuilder text, String what, List<RestoreLine> lines) {
        Set<String> versions = new TreeSet<>(BY_VERSION);
        lines.stream().flatMap(line -> Stream.of(line.from(), line.to())).forEach(versions::add);
        text.append("    ").append(what).append(TABLE);
        row(text, "", versions.stream());
        // No backup is of the empty database.
        Set<String> backups = new TreeSet<>(BY_VERSION);
        lines.forEach(line -> backups.add(line.from()));
        for (String from : backups) {
            row(
                    text,
                    from,
                    versions.stream()
                            .map(to -> lines.stream()
                                    .filter(line -> line.from().equals(from)
                                            && line.to().equals(to))
                                    .map(RestoreLine::word)
                                    .distinct()
                                    .sorted()
                                    .collect(joining("/"))));
        }
    }

    private static void row(StringBuilder text, String head, Stream<String> cells) {
        text.append("      %-7s".formatted(head))
                .append(cells.map("%-9s"::formatted).collect(joining()).stripTrailing())
                .append('\n');
    }
}
