package io.github.metadatasnapshot.report;

import static java.util.Comparator.comparing;
import static java.util.Comparator.naturalOrder;

import io.github.metadatasnapshot.engine.Version;
import io.github.metadatasnapshot.matrix.Cell;
import io.github.metadatasnapshot.matrix.CellResult;
import io.github.metadatasnapshot.matrix.CellResult.MigrationTime;
import io.github.metadatasnapshot.matrix.CellResult.Result;
import io.github.metadatasnapshot.matrix.CellTimes;
import java.time.Instant;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * What came of the matrix: all that is in {@code report.json}, from which the other forms of the report are made.
 *
 * <p>Everything is in an order of its own, whatever the order of the arguments, so that two reports can be compared; of a
 * cell that is there twice, as after a test ran again, the later result counts.
 *
 * @param build a content id for each thing that was tested, such as a hash of migrations and backups: reports in which the
 *     ids of one thing differ are not of the same build. The key names the thing for people
 * @param startedAt when the first check began
 * @param environment what it ran on, such as {@code java} and {@code os}
 * @param databases the databases that were asked for, such as {@code postgres:17}
 * @param versions the versions that were found
 * @param cells what came of each cell
 * @param findings what else is to be said
 * @param notRun why tests did not run, and how many
 */
public record CompatibilityReport(
        SortedMap<String, String> build,
        Instant startedAt,
        SortedMap<String, String> environment,
        List<String> databases,
        List<String> versions,
        List<CellResult> cells,
        List<Finding> findings,
        SortedMap<String, Integer> notRun) {

    static final Comparator<String> BY_VERSION = CompatibilityReport::compareVersions;

    /** {@code postgres:9} comes before {@code postgres:13}. */
    static final Comparator<String> BY_DATABASE =
            comparing(CompatibilityReport::image).thenComparing(CompatibilityReport::tag, BY_VERSION);

    /** Sorts everything, and adds the databases and versions that only a cell names. */
    public CompatibilityReport {
        build = Collections.unmodifiableSortedMap(new TreeMap<>(build));
        environment = Collections.unmodifiableSortedMap(new TreeMap<>(environment));
        notRun = Collections.unmodifiableSortedMap(new TreeMap<>(notRun));
        Collection<CellResult> last = lastOfEach(cells).values();
        databases = sorted(
                Stream.concat(
                        databases.stream(),
                        last.stream().map(cell -> cell.cell().database())),
                BY_DATABASE);
        versions = sorted(
                Stream.concat(
                        versions.stream(),
                        last.stream()
                                .flatMap(cell -> Stream.of(
                                        cell.cell().from(), cell.cell().to()))),
                BY_VERSION);
        cells = sorted(last.stream(), byCell(databases, versions));
        findings = sorted(findings.stream(), comparing(Finding::kind).thenComparing(Finding::text));
    }

    /**
     * Something that is to be said beside the cells.
     *
     * @param kind the heading that it is listed under, such as {@code Released versions without a backup}
     * @param text one finding, for people
     */
    public record Finding(String kind, String text) {}

    private static Comparator<CellResult> byCell(List<String> databases, List<String> versions) {
        Map<String, Integer> databaseOrder = order(databases);
        Map<String, Integer> versionOrder = order(versions);
        return comparing(
                CellResult::cell,
                comparing((Cell cell) -> databaseOrder.get(cell.database()))
                        .thenComparing(Cell::check)
                        .thenComparing(cell -> versionOrder.get(cell.from()))
                        .thenComparing(cell -> versionOrder.get(cell.to()))
                        .thenComparing(Cell::procedure));
    }

    private static Map<String, Integer> order(List<String> sorted) {
        Map<String, Integer> order = new HashMap<>();
        sorted.forEach(each -> order.put(each, order.size()));
        return order;
    }

    private static Map<Cell, CellResult> lastOfEach(List<CellResult> cells) {
        Map<Cell, CellResult> last = new LinkedHashMap<>();
        cells.forEach(cell -> last.put(cell.cell(), cell));
        return last;
    }

    private static <T> List<T> sorted(Stream<T> all, Comparator<? super T> order) {
        return all.distinct().sorted(order).toList();
    }

    private static int compareVersions(String a, String b) {
        if (Version.isVersion(a) != Version.isVersion(b)) {
            return Version.isVersion(a) ? -1 : 1;
        }
        int order = Version.isVersion(a) ? Version.of(a).compareTo(Version.of(b)) : 0;
        return order == 0 ? a.compareTo(b) : order;
    }

    private static String image(String database) {
        int colon = database.lastIndexOf(':');
        return colon < 0 ? database : database.substring(0, colon);
    }

    private static String tag(String database) {
        return database.substring(image(database).length()).replaceFirst("^:", "");
    }

    /** {@return how long the cells took, those that did not run left out} */
    public CellTimes times() {
        Map<Cell, Long> millis = new HashMap<>();
        cells.stream()
                .filter(cell -> cell.result() != Result.NOT_RUN)
                .forEach(cell -> millis.put(cell.cell(), cell.millis()));
        return cell -> millis.containsKey(cell) ? OptionalLong.of(millis.get(cell)) : OptionalLong.empty();
    }

    /** {@return how many cells have a result} */
    long count(Result result) {
        return cells.stream().filter(cell -> cell.result() == result).count();
    }

    /** {@return what is wrong: cells that failed or are inconclusive} */
    List<CellResult> failures() {
        return cells.stream().filter(CompatibilityReport::isFailure).toList();
    }

    static boolean isFailure(CellResult cell) {
        return cell.result() == Result.FAILED || cell.result() == Result.INCONCLUSIVE;
    }

    /** {@return what stands at the head of the report} */
    String headline() {
        if (cells.isEmpty()) {
            return "Nothing was checked";
        }
        int failed = failures().size();
        long ran = cells.size() - count(Result.NOT_RUN);
        if (failed > 0) {
            return String.format(Locale.ROOT, "%,d of %,d checks failed", failed, ran);
        }
        if (ran == 0) {
            return "No check could run here";
        }
        return ran == 1 ? "The one check passed" : String.format(Locale.ROOT, "All %,d checks passed", ran);
    }

    /** {@return the migrations that took longest anywhere, slowest first: those of a second and more} */
    List<SlowMigration> slowMigrations() {
        Map<List<String>, SlowMigration> slowest = new LinkedHashMap<>();
        for (CellResult cell : cells) {
            for (MigrationTime migration : cell.migrations()) {
                if (migration.millis() >= MigrationTime.LONG_MILLIS) {
                    SlowMigration slow = new SlowMigration(cell.cell().database(), migration);
                    slowest.merge(
                            List.of(slow.database(), migration.version(), migration.description()),
                            slow,
                            (a, b) -> a.migration().millis() >= b.migration().millis() ? a : b);
                }
            }
        }
        return slowest.values().stream()
                .sorted(comparing((Function<SlowMigration, Long>)
                                slow -> slow.migration().millis())
                        .reversed()
                        .thenComparing(SlowMigration::database, naturalOrder()))
                .toList();
    }

    /** {@return the migrations that write tables anew, with these and the databases, each once for all paths} */
    List<String> rewrites() {
        Map<String, Set<String>> databases = new LinkedHashMap<>();
        for (CellResult cell : cells) {
            for (MigrationTime migration : cell.migrations()) {
                if (!migration.rewritten().isEmpty()) {
                    databases
                            .computeIfAbsent(
                                    migration.name() + " writes " + String.join(", ", migration.rewritten()),
                                    any -> new LinkedHashSet<>())
                            .add(cell.cell().database());
                }
            }
        }
        return databases.entrySet().stream()
                .map(each -> each.getKey() + " anew on " + String.join(", ", each.getValue()))
                .toList();
    }

    /** A migration that takes long enough to be worth a word, and how long it took at most. */
    record SlowMigration(String database, MigrationTime migration) {

        @Override
        public String toString() {
            String time = String.format(
                    Locale.ROOT, "%s on %s: %.1f s", migration.name(), database, migration.millis() / 1000.0);
            return migration.locked().isEmpty()
                    ? time
                    : time + ", while nobody else could write to " + String.join(", ", migration.locked());
        }
    }
}
