package io.github.metadatasnapshot;

import static io.github.metadatasnapshot.testsupport.TestKit.assertAllSucceeded;
import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectUniqueId;

import io.github.metadatasnapshot.assertion.MetadataSnapshotAssertions;
import io.github.metadatasnapshot.assertion.UpgradeAssert;
import io.github.metadatasnapshot.backup.SnapshotGuard;
import io.github.metadatasnapshot.matrix.CellResult;
import io.github.metadatasnapshot.matrix.UpgradePaths;
import io.github.metadatasnapshot.migration.Upgrade;
import io.github.metadatasnapshot.report.MergeReports;
import io.github.metadatasnapshot.restore.ClientReport;
import io.github.metadatasnapshot.restore.Restore;
import io.github.metadatasnapshot.restore.RestoreAttempt;
import io.github.metadatasnapshot.restore.RestoreProcedure;
import io.github.metadatasnapshot.restore.RestoreVerdict;
import io.github.metadatasnapshot.restore.StrictClient;
import io.github.metadatasnapshot.testsupport.Console;
import io.github.metadatasnapshot.testsupport.Logs;
import io.github.metadatasnapshot.testsupport.Sample;
import io.github.metadatasnapshot.testsupport.TakesTurns;
import io.github.metadatasnapshot.testsupport.TestKit;
import java.io.IOException;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Level;
import javax.sql.DataSource;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.platform.engine.TestDescriptor;
import org.junit.platform.engine.TestTag;
import org.junit.platform.engine.reporting.FileEntry;
import org.junit.platform.engine.reporting.ReportEntry;
import org.junit.platform.testkit.engine.EngineExecutionResults;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.junit.platform.testkit.engine.Event;

/** What runs for every version: contracts with nothing in them, and the same by hand. */
@TakesTurns(of = 5)
class CompatibilityTests {

    private static final Path GUARDED = Path.of("target", "guarded");
    private static final Path HOLE = Path.of("target", "hole");
    private static final Path REWRITE = Path.of("target", "rewrite");
    private static final Path KNOWN = Path.of("target", "known");
    private static final Path LACKING = Path.of("target", "lacking");
    private static final Path HOTFIX = Path.of("target", "hotfix");
    private static final Path LOSSY = Path.of("target", "lossy");
    private static final Path UNPROVEN = Path.of("target", "unproven");

    /** Keeps what a run has collected. */
    static final class Kept implements AfterAllCallback {

        static Session session;

        @Override
        public void afterAll(ExtensionContext context) {
            session = Session.of(context);
        }

        static List<CellResult> results() {
            return session.cellResults().all();
        }

        static CellResult only() {
            assertThat(results()).hasSize(1);
            return results().get(0);
        }
    }

    @BeforeAll
    static void writeBackups() throws IOException {
        Files.createDirectories(GUARDED);
        Files.createDirectories(HOLE);
        for (String version : List.of("1", "2", "2.1", "3")) {
            Path dump = Path.of("src/test/resources/dumps/postgresql", version + "-full.sql");
            SnapshotGuard.add(dump, GUARDED.resolve(version + ".sql"));
        }
        Files.copy(GUARDED.resolve("1.sql"), HOLE.resolve("1.sql"), StandardCopyOption.REPLACE_EXISTING);
        Files.copy(GUARDED.resolve("2.sql"), HOLE.resolve("2.sql"), StandardCopyOption.REPLACE_EXISTING);
    }

    private static List<TestDescriptor> started(EngineExecutionResults results) {
        return results.testEvents().started().stream()
                .map(Event::getTestDescriptor)
                .toList();
    }

    private static List<String> names(EngineExecutionResults results) {
        return started(results).stream().map(TestDescriptor::getDisplayName).toList();
    }

    private static EngineExecutionResults run(Class<?> testClass, String cells) {
        return TestKit.run(testClass, Settings.CELLS, cells);
    }

    @Test
    void aDatabaseThatARejectedRestoreLeftUntouchedServesTheNext() {
        Noting.TARGETS.clear();

        assertAllSucceeded(run(NotingTestCases.class, "* → 1 · cross*"), 3);

        assertThat(Noting.TARGETS.stream().collect(groupingBy(name -> name, counting())))
                .containsValue(3L);
    }

    private static EngineExecutionResults run(Class<?> testClass, Map<String, String> more) {
        Map<String, String> settings = TestKit.external();
        settings.putAll(more);
        return TestKit.run(testClass, settings);
    }

    private static Map<String, String> with(String key, String value) {
        Map<String, String> settings = TestKit.external();
        settings.put(key, value);
        return settings;
    }

    @Nested
    class Cells {

        @Test
        void ofAClassWithNothingInItAreOneTestEachInParallelToo() {
            EngineExecutionResults results = run(
                    ContractsTestCases.class,
                    Map.of(
                            "junit.jupiter.execution.parallel.enabled", "true",
                            "junit.jupiter.execution.parallel.mode.default", "concurrent",
                            "junit.jupiter.execution.parallel.config.strategy", "fixed",
                            "junit.jupiter.execution.parallel.config.fixed.parallelism", "8"));

            assertAllSucceeded(results, 21);
            assertThat(names(results))
                    .containsExactlyInAnyOrder(
                            "postgres:17 · 1 · restore",
                            "postgres:17 · 2 · restore",
                            "postgres:17 · 2.1 · restore",
                            "postgres:17 · 3 · restore",
                            "postgres:17 · 1 → 2 · upgrade",
                            "postgres:17 · 1 → 3 · upgrade",
                            "postgres:17 · 2 → 2.1 · upgrade",
                            "postgres:17 · 2 → 3 · upgrade",
                            "postgres:17 · 2.1 → 3 · upgrade",
                            "postgres:17 · 1 → 2 · cross version restore",
                            "postgres:17 · 1 → 2.1 · cross version restore",
                            "postgres:17 · 1 → 3 · cross version restore",
                            "postgres:17 · 2 → 1 · cross version restore",
                            "postgres:17 · 2 → 2.1 · cross version restore",
                            "postgres:17 · 2 → 3 · cross version restore",
                            "postgres:17 · 2.1 → 1 · cross version restore",
                            "postgres:17 · 2.1 → 2 · cross version restore",
                            "postgres:17 · 2.1 → 3 · cross version restore",
                            "postgres:17 · 3 → 1 · cross version restore",
                            "postgres:17 · 3 → 2 · cross version restore",
                            "postgres:17 · 3 → 2.1 · cross version restore");
            assertThat(started(results)).extracting(TestDescriptor::getUniqueId).doesNotHaveDuplicates();
            assertThat(Kept.results())
                    .hasSize(21)
                    .allSatisfy(result -> assertThat(result.result()).isEqualTo(CellResult.Result.PASSED))
                    .allSatisfy(result -> assertThat(result.millis()).isPositive())
                    .extracting(result -> result.verdict().orElse("none"))
                    .containsOnly("RESTORED", "REFUSED", "none");
        }

        @Test
        void areRunAloneByTheirUniqueIdAndRunAgainWhereTheyFailed() {
            FlakyTestCases.runs.set(0);
            EngineExecutionResults first = TestKit.run(FlakyTestCases.class);
            assertThat(TestKit.failure(first)).hasMessage("the first time");
            TestDescriptor failed = first.testEvents().failed().stream()
                    .map(Event::getTestDescriptor)
                    .findFirst()
                    .orElseThrow();

            EngineExecutionResults again = EngineTestKit.engine("junit-jupiter")
                    .selectors(selectUniqueId(failed.getUniqueId()))
                    .configurationParameters(TestKit.external())
                    .execute();

            assertAllSucceeded(again, 1);
            assertThat(names(again)).containsExactly(failed.getDisplayName());
        }

        @Test
        void areChosenByHowTheyAreWritten() {
            EngineExecutionResults one = run(RestoresTestCases.class, "postgres:17 · 2.1 · restore");
            assertAllSucceeded(one, 1);
            assertThat(names(one)).containsExactly("postgres:17 · 2.1 · restore");

            assertAllSucceeded(run(RestoresTestCases.class, "postgres*2*restore"), 2);
        }

        @Test
        void areNotForgottenWhereNoneIsChosen() {
            List<String> printed = Console.lines(() -> assertAllSucceeded(run(RestoresTestCases.class, "mysql*"), 0));

            assertThat(printed)
                    .containsSequence("  metadatasnapshot.cells = mysql*", "    none of 4 cells is one of these");
        }

        @Test
        void areInOneShardEach() {
            List<String> together = new ArrayList<>();
            for (int number : List.of(1, 2, 3)) {
                EngineExecutionResults shard = TestKit.run(RestoresTestCases.class, Settings.SHARD, number + "/3");
                shard.testEvents().assertStatistics(stats -> stats.failed(0).skipped(0));
                together.addAll(names(shard));
            }

            assertThat(together)
                    .containsExactly(
                            "postgres:17 · 1 · restore",
                            "postgres:17 · 2 · restore",
                            "postgres:17 · 2.1 · restore",
                            "postgres:17 · 3 · restore");
        }

        @Test
        void haveATagByWhatTheyCheck() {
            EngineExecutionResults results = run(ContractsTestCases.class, "* 1 → 2 ·*");

            assertThat(started(results))
                    .extracting(test ->
                            test.getTags().stream().map(TestTag::getName).toList())
                    .containsExactlyInAnyOrder(List.of("upgrade"), List.of("cross-version-restore"));
        }

        @Test
        void leadToEveryLaterVersionWhereAllPathsAreAsked() {
            assertThat(names(run(AllPathsTestCases.class, "*")))
                    .containsExactly(
                            "postgres:17 · 1 → 2 · upgrade",
                            "postgres:17 · 1 → 2.1 · upgrade",
                            "postgres:17 · 1 → 3 · upgrade",
                            "postgres:17 · 2 → 2.1 · upgrade",
                            "postgres:17 · 2 → 3 · upgrade",
                            "postgres:17 · 2.1 → 3 · upgrade");
        }

        @Test
        void leaveOutAVersionWithoutABackupAndSayThatThereIsAHole() {
            List<List<String>> names = new ArrayList<>();
            List<String> printed = Console.lines(() -> names.add(names(TestKit.run(HoleTestCases.class))));

            assertThat(names.get(0))
                    .containsExactly(
                            "postgres:17 · 1 → 2 · upgrade",
                            "postgres:17 · 1 → 3 · upgrade",
                            "postgres:17 · 2 → 3 · upgrade");
            assertThat(printed)
                    .containsSequence(
                            "  file:target/hole/{version}.sql on postgres:17", "    no backup of version 2.1, 3");
            assertThat(Kept.session.findings())
                    .containsExactly(Map.entry(
                            "file:target/hole/{version}.sql on postgres:17", List.of("no backup of version 2.1, 3")));
        }

        @Test
        void areReportedToJUnit() {
            EngineExecutionResults results = run(RestoresTestCases.class, "*2.1*");

            Map<String, String> entry = results.testEvents().reportingEntryPublished().stream()
                    .map(event -> event.getRequiredPayload(ReportEntry.class).getKeyValuePairs())
                    .findFirst()
                    .orElseThrow();
            assertThat(entry)
                    .containsEntry("cell", "postgres:17 · 2.1 · restore")
                    .containsEntry("verdict", "RESTORED")
                    .containsKey("millis");
        }
    }

    @Nested
    class Reports {

        @TempDir
        Path directory;

        @Test
        void ofShardsAreTogetherThatOfOneRun() throws Exception {
            List<String> command = new ArrayList<>(List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-cp",
                    System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                    MergeReports.class.getName(),
                    directory.resolve("merged").toString()));
            int checks = Sample.exhaustive() ? 21 : 6;
            int shards = Sample.exhaustive() ? 5 : 2;
            assertAllSucceeded(run(ContractsTestCases.class, part("whole")), checks);
            for (int number = 1; number <= shards; number++) {
                Map<String, String> settings = part("shard" + number);
                settings.put(Settings.SHARD, number + "/" + shards);
                settings.put(Settings.SHARD_TIMES, directory.resolve("whole").toString());
                run(ContractsTestCases.class, settings)
                        .testEvents()
                        .assertStatistics(stats -> stats.failed(0).skipped(0));
                command.add(directory.resolve("shard" + number).toString());
            }

            Process merge =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            assertThat(new String(merge.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                    .startsWith("All " + checks + " checks passed: ");
            assertThat(merge.waitFor()).isZero();
            assertThat(withoutTimes("merged")).isEqualTo(withoutTimes("whole"));
        }

        private Map<String, String> to(String name) {
            Map<String, String> settings = new HashMap<>();
            settings.put(Settings.REPORT_DIRECTORY, directory.resolve(name).toString());
            return settings;
        }

        /** Some of the cells, all with {@code -Pexhaustive}. */
        private Map<String, String> part(String name) {
            Map<String, String> settings = to(name);
            if (!Sample.exhaustive()) {
                settings.put(Settings.CELLS, "* → 3 ·*");
            }
            return settings;
        }

        private List<String> withoutTimes(String name) throws IOException {
            return Files.readAllLines(directory.resolve(name).resolve("report.json")).stream()
                    .filter(line -> !line.contains("\"startedAt\""))
                    .map(line -> line.replaceAll("\"millis\": ?\\d+", "\"millis\":0"))
                    .toList();
        }

        @Test
        void showTheWorstWhereTwoTestsCheckTheSame() throws IOException {
            Map<String, String> settings = to("twice");
            settings.put(Settings.CELLS, "* 1 → 2 ·*");
            EngineExecutionResults results = run(TwoTestsTestCases.class, settings);
            assertThat(results.containerEvents().failed().stream()).isEmpty();
            results.testEvents().assertStatistics(stats -> stats.succeeded(1).failed(1));

            assertThat(Files.readString(directory.resolve("twice").resolve("report.md")))
                    .contains("1 of 1 checks failed", "not good enough")
                    .contains("Checked by more than one test, of which the report shows the worst result")
                    .contains("postgres:17 · 1 → 2 · upgrade");
        }

        @Test
        void nameExceptionsThatNoUpgradeNeededUnlessOnlySomeCellsRan() throws IOException {
            run(ExceptionsTestCases.class, to("all"));
            Map<String, String> some = to("some");
            some.put(Settings.CELLS, "* 1 → 2 ·*");
            run(ExceptionsTestCases.class, some);

            String finding = "except nowhere";
            assertThat(Files.readString(directory.resolve("all").resolve("report.md")))
                    .contains("Exceptions that no upgrade needed", finding);
            assertThat(Files.readString(directory.resolve("some").resolve("report.md")))
                    .doesNotContain(finding);
        }

        /** {@return what a run prints, whose report is in a directory of that name} */
        private List<String> printed(Class<?> testClass, String cells, String name) {
            Map<String, String> settings = to(name);
            settings.put(Settings.CELLS, cells);
            return Console.lines(() -> run(testClass, settings));
        }

        private void assertAllReportsSay(String name, String... texts) throws IOException {
            for (String file : List.of("report.json", "report.md", "index.html")) {
                assertThat(Files.readString(directory.resolve(name).resolve(file))
                                .replace("\\", ""))
                        .as(file)
                        .contains(texts);
            }
        }

        @Test
        void nameWhatABackupLacksAndHowThatWasTold() throws IOException {
            Files.createDirectories(LACKING);
            Files.writeString(
                    LACKING.resolve("1.sql"),
                    Files.readString(Path.of("src/test/resources/dumps/postgresql/1-full.sql"))
                            + "DROP FUNCTION public.note_author() CASCADE;\nDROP TABLE public.audit;\n");

            List<String> printed = printed(LackingTestCases.class, "* 1 · restore", "lacking");

            String kind = "target/lacking/1.sql on postgres:17 lacks what migrations to 1 create";
            String lacks = "table audit, trigger author.author_noted, routine note_author(), sequence audit_id_seq";
            assertThat(Kept.only().result()).isEqualTo(CellResult.Result.PASSED);
            assertThat(printed).containsSequence("  " + kind, "    " + lacks);
            assertAllReportsSay(
                    "lacking",
                    lacks,
                    "the file seems to hold other rows than the database, but two loads, by DocumentedClient and over JDBC,"
                            + " left the same: table audit of the backup is missing");
        }

        @Test
        void nameMigrationsThatFlywayPassedOver() throws IOException {
            Files.createDirectories(HOTFIX);
            Files.writeString(HOTFIX.resolve("V1.5__hotfix.sql"), "CREATE TABLE hotfix (id INT);");
            Files.writeString(HOTFIX.resolve("flyway.conf"), "flyway.ignoreMigrationPatterns=*:ignored\n");

            List<String> printed = printed(HotfixTestCases.class, "* 2 → 3 · upgrade", "hotfix");

            String passedOver = "postgres:17 · 2 → 3: 1.5 did not run, as the database was at a later version";
            assertThat(printed).containsSequence("  Migrations that Flyway passed over", "    " + passedOver);
            assertAllReportsSay("hotfix", "Migrations that Flyway passed over", passedOver);
            assertThat(Kept.only().message())
                    .startsWith(
                            "Expected the upgrade postgres:17 · 2 → 3 to end with the shape of a clean install of 3, but"
                                    + " one object is missing:\n- table hotfix is missing");
        }

        @Test
        void nameWhatIsIgnoredOrExceptedWithTheReason() throws IOException {
            printed(IgnoringTestCases.class, "* 1 → 2 · upgrade", "ignoring");

            assertThat(Kept.only().result()).isEqualTo(CellResult.Result.PASSED);
            assertThat(Kept.only().checks()).contains("ignoring audit (a log of its own)");
            assertAllReportsSay("ignoring", "ignoring audit (a log of its own)");
            assertThat(Files.readString(directory.resolve("ignoring").resolve("report.md")))
                    .contains("### Ignored or excepted\n\n- ignoring audit \\(a log of its own\\)\n");
        }

        @Test
        void nameMigrationsThatWriteTablesAnewOrKeepThemLocked() throws IOException {
            Files.createDirectories(REWRITE);
            Files.writeString(
                    REWRITE.resolve("V4__wide_ids.sql"),
                    "ALTER TABLE publisher ALTER COLUMN id TYPE bigint; SELECT pg_sleep(1.1)");
            Map<String, String> settings = to("effects");
            settings.put(Settings.CELLS, "* 3 → 4 ·*");
            assertAllSucceeded(run(RewritingTestCases.class, settings), 1);

            assertThat(Files.readString(directory.resolve("effects").resolve("report.md")))
                    .containsPattern(
                            "- 4 wide ids on postgres:17: 1\\.\\d s, while nobody else could write to publisher\n")
                    .contains("- 4 wide ids writes publisher anew on postgres:17\n");
        }

        @Test
        void areNotWrittenWhereNoCellRan() {
            run(ContractsTestCases.class, Map.of(Settings.CELLS, "mysql*", Settings.REPORT_DIRECTORY, "" + directory));

            assertThat(directory).isEmptyDirectory();
        }

        @Test
        void thatCannotBeWrittenDoNotEndTheRun() throws IOException {
            Path locked = Files.writeString(directory.resolve("parts"), "no directory");
            List<String> printed = Console.lines(() -> assertAllSucceeded(
                    run(
                            RestoresTestCases.class,
                            Map.of(Settings.CELLS, "* 1 *", Settings.REPORT_DIRECTORY, "" + directory)),
                    1));

            assertThat(printed)
                    .anySatisfy(line -> assertThat(line)
                            .startsWith("  The report cannot be written to " + directory)
                            .contains(locked.toString()));
        }

        @Test
        void whoseTimesAreAskedForHaveToBeThere() {
            assertThat(TestKit.failure(run(
                            RestoresTestCases.class,
                            Map.of(Settings.SHARD, "1/2", Settings.SHARD_TIMES, "nowhere/report.json"))))
                    .hasMessage("The setting metadatasnapshot.shard.times is 'nowhere/report.json': nowhere/report.json"
                            + " does not exist: name a report.json, or the directory that it is in");
        }
    }

    @Nested
    class Failures {

        @Test
        void sayWhichCell() {
            EngineExecutionResults results = run(DataOnlyTestCases.class, "* 1 → 2 · cross*");

            assertThat(TestKit.failure(results))
                    .isInstanceOf(AssertionError.class)
                    .hasMessageStartingWith("Expected the restore postgres:17 · data-only backup of 1 into 2 to be"
                            + " rejected, but it was SILENTLY_ACCEPTED");
            assertThat(Kept.only().result()).isEqualTo(CellResult.Result.FAILED);
            assertThat(Kept.only().verdict()).contains("SILENTLY_ACCEPTED");
            assertThat(Kept.only().message()).startsWith("Expected the restore postgres:17 · data-only backup of 1");
            assertThat(Kept.only().checks()).containsExactly("expected to be rejected");
            assertThat(Kept.only().differences()).isNotEmpty();
        }

        @Test
        void areAFileInJUnitsOwnReports(@TempDir Path published) {
            EngineExecutionResults results =
                    TestKit.run(DataOnlyTestCases.class, with(Settings.CELLS, "* 1 → 2 · cross*"), published);

            assertThat(results.testEvents().fileEntryPublished().stream()
                            .map(event ->
                                    event.getRequiredPayload(FileEntry.class).getPath()))
                    .containsExactly(published.resolve("metadata-snapshot"));
            assertThat(published.resolve("metadata-snapshot").resolve("cell.txt"))
                    .content()
                    .startsWith("""
                            postgres:17 · 1 → 2 · cross version restore: failed

                            verdict: SILENTLY_ACCEPTED
                            procedure: StrictClient
                            time:\s""")
                    .contains(
                            "\nMessage\n  Expected the restore postgres:17 · data-only backup of 1 into 2 to be rejected,")
                    .contains("\nChecked\n  expected to be rejected\n", "\nDifferences\n  ")
                    .doesNotContain("\nErrors\n");
        }

        @Test
        void areAFileForTheStateOfACellToo(@TempDir Path published) {
            TestKit.run(
                    RestoresTestCases.class,
                    with("metadatasnapshot.external.postgresql.url", "jdbc:postgresql://localhost:1/none"),
                    published);

            assertThat(published.resolve("metadata-snapshot").resolve("cell.txt"))
                    .content()
                    .contains("\nMessage\n  postgres:17 · ");
        }

        @Test
        void areNoFileWhereThereAreNone(@TempDir Path published) {
            TestKit.run(RestoresTestCases.class, with(Settings.CELLS, "* 1 *"), published);
            TestKit.run(AssumingTestCases.class, TestKit.external(), published);
            TestKit.run(MySqlTestCases.class, TestKit.external(), published);

            assertThat(published).isEmptyDirectory();
        }

        @Test
        void areTheSameWhereJUnitTakesNoFiles() {
            List<String> logged = Logs.of(
                    Level.INFO,
                    () -> assertThat(TestKit.failure(run(DataOnlyTestCases.class, "* 1 → 2 · cross*")))
                            .hasMessageStartingWith("Expected the restore ")
                            .hasNoSuppressedExceptions());

            assertThat(logged)
                    .singleElement()
                    .asString()
                    .startsWith("What came of postgres:17 · 1 → 2 · cross version restore is not added to JUnit's own"
                            + " reports: ");
        }

        @Test
        void ofAStateSayForWhichCellItWasMade() throws IOException {
            Path broken = Files.createDirectories(Path.of("target", "broken-cells"));
            Files.writeString(broken.resolve("1.sql"), "SELECT 1;");

            assertThat(TestKit.failure(run(BrokenTestCases.class, "* 1 → 3*")))
                    .hasMessageStartingWith("postgres:17 · 1 → 3 · upgrade: Backup target/broken-cells/1.sql holds no"
                            + " table flyway_schema_history");
            assertThat(Kept.only().result()).isEqualTo(CellResult.Result.FAILED);
            assertThat(Kept.only().message()).startsWith("postgres:17 · 1 → 3 · upgrade: Backup ");
        }

        @Test
        void ofTheControlAreInconclusive() {
            EngineExecutionResults results = run(HelplessTestCases.class, "*2 → 1*");

            assertThat(TestKit.failure(results)).hasMessageContaining("but nothing can be concluded from it: ");
            assertThat(Kept.only().result()).isEqualTo(CellResult.Result.INCONCLUSIVE);
        }

        @Test
        void ofTheControlWhereItIsTheCellItselfAreFailures() {
            run(HelplessTestCases.class, "*· 1 · restore");

            assertThat(Kept.only().result()).isEqualTo(CellResult.Result.FAILED);
        }

        @Test
        void ofASmokeTestSayAfterWhichUpgrade() {
            assertThat(TestKit.failure(run(SmokingTestCases.class, "* 1 → 3*")))
                    .isInstanceOf(AssertionError.class)
                    .hasMessage(
                            "@AfterUpgrade theServerRuns failed after the upgrade postgres:17 · 1 → 3: it does not");
        }

        @Test
        void ofASmokeTestAreToldBesideThoseOfAllChecks() {
            assertThat(TestKit.failure(run(SmokingAndProvingTestCases.class, "* 1 → 3*")))
                    .isInstanceOf(AssertionError.class)
                    .message()
                    .startsWith("Expected the upgrade postgres:17 · 1 → 3 to complete within 0 ms")
                    .endsWith(
                            "\n@AfterUpgrade theServerRuns failed after the upgrade postgres:17 · 1 → 3: it does not");
            assertThat(Kept.only().failures())
                    .hasSize(2)
                    .last()
                    .isEqualTo("@AfterUpgrade theServerRuns failed after the upgrade postgres:17 · 1 → 3: it does not");
        }

        @Test
        void ofASmokeTestCanBeExpected() {
            assertAllSucceeded(run(ExpectedSmokeTestCases.class, "* 1 → 3*"), 1);
        }

        @Test
        void areNotWhatASmokeTestWrites() {
            assertAllSucceeded(run(WritingSmokeTestCases.class, "* 1 → 3*"), 1);
        }

        @Test
        void ofAnUpgradeThatProvesMoreThanIsSo() {
            assertThat(TestKit.failure(run(ProvingTestCases.class, "* 1 → 3*")))
                    .hasMessageStartingWith("Expected the upgrade postgres:17 · 1 → 3 to complete within 0 ms");
            assertThat(Kept.only().checks())
                    .anyMatch(check -> check.matches("writes probed: (\\d+) of \\1 tables.*"))
                    .filteredOn(check -> !check.startsWith("writes probed: "))
                    .containsExactly(
                            "succeeded",
                            "kept every row",
                            "matches a clean install",
                            "is repeatable",
                            "accepts writes",
                            "completed within 0 ms",
                            "recognised: column language.name is language.label now");
            assertThat(Kept.only().migrations())
                    .extracting(CellResult.MigrationTime::version)
                    .containsExactly("2", "2.1", "3");
        }

        @ParameterizedTest
        @CsvSource(
                delimiter = '|',
                value = {
                    "V4__step.sql | SELECT * FROM nowhere | to succeed, but the database is at 3; V4__step.sql, line 1 failed: ",
                    "V4__step.sql | DELETE FROM language WHERE code = 'de' | to keep every row, but:",
                    "V4__step.sql | DO $$ BEGIN IF EXISTS (SELECT FROM book) THEN"
                            + " CREATE INDEX by_title ON book (title); END IF; END $$"
                            + " | to end with the shape of a clean install of 4, but one object",
                    "V4__step.sql | ALTER TABLE language ADD CHECK (code = '?') NOT VALID | to accept writes, but:",
                    "R__view.sql | CREATE VIEW labels AS SELECT label FROM language | to be repeatable, but:",
                })
        void ofAnUpgradeThatBreaksThePromise(String script, String sql, String message) throws IOException {
            Files.createDirectories(UNPROVEN);
            Files.writeString(UNPROVEN.resolve("V4__step.sql"), "SELECT 1");
            Path written = UNPROVEN.resolve(script);
            Files.writeString(written, sql);
            try {
                assertThat(TestKit.failure(run(UnprovenTestCases.class, "* 3 → 4*")))
                        .isInstanceOf(AssertionError.class)
                        .hasMessageStartingWith("Expected the upgrade postgres:17 · 3 → 4 " + message);
            } finally {
                Files.delete(written);
            }
        }

        @Test
        void ofARestoreThatDoesNotSucceed() {
            assertThat(TestKit.failure(run(HelplessTestCases.class, "*· 1 · restore")))
                    .isInstanceOf(AssertionError.class)
                    .hasMessageStartingWith(
                            "Expected the restore postgres:17 · backup of 1 into an empty database to succeed,"
                                    + " but nothing can be concluded from it: the same backup by the same procedure into an"
                                    + " empty database, as a control, was ROLLED_BACK: the history says no version, the backup"
                                    + " is of 1\nthe restore itself was ROLLED_BACK.");
        }

        @Test
        void ofARestoreWhoseDatabaseTakesNoWrites() throws IOException {
            Path behind = Files.createDirectories(Path.of("target", "behind"));
            Path migrations = Files.createDirectories(Path.of("target", "behind-migrations"));
            Files.writeString(migrations.resolve("V1__pet.sql"), "CREATE TABLE pet (id SERIAL PRIMARY KEY)");
            Files.writeString(behind.resolve("1.sql"), """
                    INSERT INTO public.flyway_schema_history VALUES (1, '1', 'pet', 'SQL', 'V1__pet.sql', 0, 'x',
                      '2026-11-30 10:00:00', 1, true);
                    INSERT INTO public.pet VALUES (1), (2);
                    """);
            assertThat(TestKit.failure(run(BehindTestCases.class, "*· 1 · restore")))
                    .isInstanceOf(AssertionError.class)
                    .hasMessageStartingWith(
                            "Expected the restore postgres:17 · data-only backup of 1 into 1 to accept writes, but:\n- table"
                                    + " pet: ERROR: duplicate key value violates unique constraint \"pet_pkey\"");
        }

        @Test
        void toStartTheServerAreThoseOfEachCell() {
            EngineExecutionResults results = run(
                    RestoresTestCases.class,
                    Map.of("metadatasnapshot.external.postgresql.url", "jdbc:postgresql://localhost:1/none"));

            results.testEvents().assertStatistics(stats -> stats.started(4).failed(4));
            assertThat(TestKit.failure(results)).hasMessageStartingWith("postgres:17 · 1 · restore: ");
            assertThat(Kept.results())
                    .extracting(CellResult::result)
                    .containsOnly(CellResult.Result.FAILED)
                    .hasSize(4);
        }

        @Test
        void thatAreNoneBecauseTheDatabaseCannotRunHereAreTold() {
            EngineExecutionResults results = TestKit.run(MySqlTestCases.class);

            results.testEvents().assertStatistics(stats -> stats.started(0).skipped(4));
            assertThat(results.testEvents().skipped().stream()
                            .map(event -> event.getTestDescriptor().getDisplayName()))
                    .containsExactly(
                            "mysql:9.7 · 1 · restore",
                            "mysql:9.7 · 2 · restore",
                            "mysql:9.7 · 2.1 · restore",
                            "mysql:9.7 · 3 · restore");
            assertThat(Kept.results()).hasSize(4).allSatisfy(result -> {
                assertThat(result.result()).isEqualTo(CellResult.Result.NOT_RUN);
                assertThat(result.message())
                        .isEqualTo("Not run: mysql:9.7 cannot run here: external: metadatasnapshot.external.mysql.url"
                                + " is not set");
            });
        }

        @Test
        void thatAreNoneBecauseOfAnAssumptionAreTold() {
            run(AssumingTestCases.class, "*3 · restore");

            assertThat(Kept.only().result()).isEqualTo(CellResult.Result.NOT_RUN);
            assertThat(Kept.only().message()).isEqualTo("Assumption failed: not today");
        }
    }

    @Nested
    class Expectations {

        @Test
        void areMetWhereTheyHappen() {
            EngineExecutionResults results = run(ExpectingTestCases.class, "* 1 → 2 · cross*");

            assertAllSucceeded(results, 1);
            assertThat(Kept.only().result()).isEqualTo(CellResult.Result.PASSED);
            assertThat(Kept.only().verdict()).contains("SILENTLY_ACCEPTED");
            assertThat(Kept.only().expected()).contains("SILENTLY_ACCEPTED");
            assertThat(Kept.only().because()).isEqualTo("same shape, see ADR 7");
        }

        @Test
        void failWhereTheyNoLongerHappen() {
            assertThat(TestKit.failure(run(ExpectingTestCases.class, "* 3 → 2 · cross*")))
                    .isInstanceOf(AssertionError.class)
                    .hasMessageStartingWith("postgres:17 · 3 → 2 · cross version restore: @Expect(from = \"3\", to ="
                            + " \"2\", verdict = PARTIALLY_APPLIED, database = \"postgresql\") no longer happens, it was"
                            + " ROLLED_BACK. If that is what you want, remove the exception, which was declared because"
                            + " \"it has been so\". Expected the restore ");
            assertThat(Kept.only().result()).isEqualTo(CellResult.Result.FAILED);
            assertThat(Kept.only().verdict()).contains("ROLLED_BACK");
            assertThat(Kept.only().expected()).contains("PARTIALLY_APPLIED");
        }

        @Test
        void leaveOtherCellsAlone() {
            assertThat(TestKit.failure(run(ExpectingTestCases.class, "* 1 → 2.1 · cross*")))
                    .hasMessageStartingWith("Expected the restore ");
            assertThat(Kept.only().expected()).isEmpty();
        }

        @Test
        void thatNothingCanBeConcludedFromDoNotPass() {
            assertThat(TestKit.failure(run(HelplessTestCases.class, "*3 → 1*")))
                    .hasMessageContaining(" cannot be held against it. Expected the restore ")
                    .hasMessageContaining("nothing can be concluded from it");
            assertThat(Kept.only().result()).isEqualTo(CellResult.Result.INCONCLUSIVE);
        }
    }

    @Nested
    class KnownLosses {

        private void write(String sql) throws IOException {
            Files.createDirectories(LOSSY);
            Files.writeString(LOSSY.resolve("V4__step.sql"), sql);
        }

        @Test
        void areDeclaredOnceForEveryPathThroughTheVersion() throws IOException {
            write("DELETE FROM language WHERE code = 'de';");

            assertAllSucceeded(run(LossyTestCases.class, "* → 4 · upgrade"), 4);

            assertThat(Kept.results())
                    .allSatisfy(result -> assertThat(result.checks())
                            .anySatisfy(check -> assertThat(check).contains("language", "merged into one, see ADR 3")));
            assertThat(Kept.session.log().unneededExceptions())
                    .singleElement()
                    .asString()
                    .contains("nowhere", "it never was");
        }

        @Test
        void excuseNoOtherPath() throws IOException {
            write("DELETE FROM language WHERE code = 'de';");

            assertAllSucceeded(run(LossyEarlierTestCases.class, "* 1 → 4 · upgrade"), 1);
            assertThat(TestKit.failure(run(LossyEarlierTestCases.class, "* 3 → 4 · upgrade")))
                    .hasMessageContaining("to keep every row, but:\n- table language lost");
        }

        @Test
        void thatNoLongerHappenAreNamed() throws IOException {
            write("SELECT 1;");

            assertAllSucceeded(run(LossyTestCases.class, "* → 4 · upgrade"), 4);

            assertThat(Kept.session.log().unneededExceptions()).hasSize(2);
        }
    }

    @Nested
    class KnownFailures {

        private static final String DELETE = "DELETE FROM language WHERE code = 'de';";
        private static final String INDEX = "DO $$ BEGIN IF EXISTS (SELECT FROM book) THEN"
                + " CREATE INDEX by_title ON book (title); END IF; END $$;";

        private EngineExecutionResults run(String cells, String... sql) throws IOException {
            Files.createDirectories(KNOWN);
            Files.writeString(KNOWN.resolve("V4__step.sql"), "SELECT 1;" + String.join("", sql));
            return CompatibilityTests.run(KnownTestCases.class, cells);
        }

        @Test
        void passOnEveryPathThroughTheVersion() throws IOException {
            assertAllSucceeded(run("* → 4 · upgrade", DELETE, INDEX), 4);

            assertThat(Kept.results())
                    .allSatisfy(result -> assertThat(result.result()).isEqualTo(CellResult.Result.PASSED))
                    .allSatisfy(result -> assertThat(result.expected())
                            .contains("fails with table language lost, index book.by_title"))
                    .allSatisfy(result -> assertThat(result.because()).isEqualTo("known since 4"))
                    .allSatisfy(result -> assertThat(result.failures()).isEmpty());
            assertAllSucceeded(run("* 1 → 2 · upgrade", DELETE), 1);
            assertThat(Kept.only().expected()).isEmpty();
        }

        @Test
        void failWhereTheyNoLongerHappen() throws IOException {
            assertThat(TestKit.failure(run("* 3 → 4 · upgrade")))
                    .isInstanceOf(AssertionError.class)
                    .hasMessage(
                            "postgres:17 · 3 → 4 · upgrade: @Expect(at = \"4\", fails = {\"table language lost\","
                                    + " \"index book.by_title\"}) no longer happens, all that is checked holds. If"
                                    + " that is what you want, remove the exception, which was declared because \"known since 4\". ");
            assertThat(TestKit.failure(run("* 3 → 4 · upgrade", DELETE)))
                    .hasMessageContaining(" no longer happens, nothing of what fails is about index book.by_title. If ")
                    .hasMessageContaining("Expected the upgrade postgres:17 · 3 → 4 to keep every row, but:");
        }

        @Test
        void ofOnePathPassOnThatAlone() throws IOException {
            Files.createDirectories(KNOWN);
            Files.writeString(KNOWN.resolve("V4__step.sql"), DELETE);
            assertAllSucceeded(CompatibilityTests.run(KnownOfAPathTestCases.class, "* 2.1 → 4 · upgrade"), 1);
            assertThat(Kept.only().expected()).contains("fails with table language lost");
            assertThat(Kept.only().because()).isEqualTo("known of 2.1");
            assertThat(TestKit.failure(CompatibilityTests.run(KnownOfAPathTestCases.class, "* 3 → 4 · upgrade")))
                    .hasMessageStartingWith("Expected the upgrade postgres:17 · 3 → 4 to keep every row, but:\n"
                            + "- table language lost 1 of ");

            Files.writeString(KNOWN.resolve("V4__step.sql"), "SELECT 1;");
            assertThat(TestKit.failure(CompatibilityTests.run(KnownOfAPathTestCases.class, "* 2.1 → 4 · upgrade")))
                    .hasMessageStartingWith(
                            "postgres:17 · 2.1 → 4 · upgrade: @Expect(from = \"2.1\", to = \"4\", fails ="
                                    + " \"table language lost\") no longer happens, all that is checked holds.");
        }

        @Test
        void hideNothingElse() throws IOException {
            assertThat(TestKit.failure(run(
                            "* 3 → 4 · upgrade",
                            DELETE,
                            INDEX,
                            "UPDATE author SET best_book_id = NULL; DELETE FROM book;")))
                    .hasMessageStartingWith(
                            "postgres:17 · 3 → 4 · upgrade: more fails than @Expect(at = \"4\", fails ="
                                    + " {\"table language lost\", \"index book.by_title\"}) says: table book lost … of … rows. 2 of 5"
                                    + " checks of the upgrade postgres:17 · 3 → 4 failed (rows lost: 2; objects that differ: 1).")
                    .hasMessageContaining(
                            "\n2) to end with the shape of a clean install of 4, but one object differs:");
            assertThat(Kept.only().result()).isEqualTo(CellResult.Result.FAILED);
            assertThat(Kept.only().failures()).hasSize(2).last().isEqualTo("objects that differ: index book.by_title");
        }
    }

    @Nested
    class Misuse {

        private void assertFails(Class<?> testClass, String message) {
            EngineExecutionResults results = TestKit.run(testClass);
            assertThat(TestKit.failure(results))
                    .hasMessage("@MetadataSnapshot on " + testClass.getName() + ": " + message);
            results.testEvents().assertStatistics(stats -> stats.started(0));
        }

        @Test
        void expectationsThatContradictEachOther() {
            assertFails(
                    ContradictingTestCases.class,
                    "expect: @Expect(from = \"1\", to = \"2\", verdict = ROLLED_BACK) and @Expect(from = \"1.0\", to ="
                            + " \"2\", verdict = REFUSED, database = \"postgres:17\") contradict each other: leave out one"
                            + " of the two");
        }

        @Test
        void anExpectationOfAVersionThatIsNotThere() {
            assertFails(
                    UnknownVersionTestCases.class,
                    "expect: @Expect(from = \"1\", to = \"1.7\", verdict = REFUSED) is about no restore: there is no"
                            + " version 1.7. The versions are 1, 2, 2.1, 3");
        }

        @Test
        void anExpectationOfABackupThatIsNotThere() {
            assertFails(
                    UnknownBackupTestCases.class,
                    "expect: @Expect(from = \"3\", to = \"1\", verdict = REFUSED) is about no restore: there is no"
                            + " backup of 3. The versions are 1, 2, 3");
        }

        @Test
        void anExpectationOfWhatIsNoVersion() {
            assertFails(
                    NoVersionTestCases.class,
                    "expect: \"newest\" is not a version: it takes numbers separated by dots, such as \"1.10\"");
        }

        @Test
        void anExpectationThatIsNoneOfTheFour() {
            String none =
                    " is none of the four that there are: from and to with a verdict of a restore; from and to, or"
                            + " at, with what fails of an upgrade, or with recoveryFails; at with what a migration loses";
            assertFails(LossBetweenTestCases.class, "expect: @Expect(from = 1, to = 2, loses = book)" + none);
            assertFails(NothingTestCases.class, "expect: @Expect(at = 2)" + none);
            assertFails(
                    TwoAtOnceTestCases.class,
                    "expect: @Expect(from = 1, to = 2, verdict = REFUSED, fails = V2__x.sql)" + none);
        }

        @Test
        void anExpectationThatNamesNothing() {
            assertFails(
                    BlankTestCases.class,
                    "expect: @Expect(at = \"2\", loses = {\"book\", \" \"}) names nothing: leave the blank text out");
        }

        @Test
        void aLossAtAVersionThatIsNotThere() {
            assertFails(
                    UnknownLossTestCases.class,
                    "expect: @Expect(at = \"1.7\", loses = \"book\") is about no upgrade: there is no version 1.7. The"
                            + " versions are 1, 2, 2.1, 3");
        }

        @Test
        void anExpectationWithoutAReason() {
            assertFails(
                    NoReasonTestCases.class,
                    "expect: @Expect(from = \"1\", to = \"2\", verdict = REFUSED) does not say why: set because");
        }

        @Test
        void anExpectationOfAnotherDatabase() {
            assertFails(
                    OtherDatabaseTestCases.class,
                    "expect: @Expect(from = \"1\", to = \"2\", verdict = REFUSED, database = \"mysql\") is about none of"
                            + " its databases, which are postgres:17");
        }

        @Test
        void noBackups() {
            assertFails(
                    NoBackupsTestCases.class,
                    "which versions are there? upgrade runs for each that there is a backup of: set backups, such as"
                            + " backups = \"backups/{engine}/{version}.sql.gz\", here or on the class around");
        }

        @Test
        void backupsOfWhichThereAreNone() {
            assertThat(TestKit.failure(TestKit.run(NoneTestCases.class)))
                    .hasMessage("There is no backup target/guarded/v{version}.sql.gz. Looked for\n  the file "
                            + GUARDED.toAbsolutePath() + "/v{version}.sql.gz, beside which lie 1.sql, 2.1.sql, 2.sql,"
                            + " 3.sql. This runs for the backups that there are, and captures none. With"
                            + " metadatasnapshot.capture=missing, a test of one version does: @Test"
                            + " @MetadataSnapshot(version = \"1.0\"), with the same backups");
        }

        @Test
        void twoBackupsOfOneVersion() throws IOException {
            Path twice = Files.createDirectories(Path.of("target", "twice"));
            Files.writeString(twice.resolve("1.2.sql"), "");
            Files.writeString(twice.resolve("1.2.sql.gz"), "");

            assertThat(TestKit.failure(TestKit.run(TwiceTestCases.class)))
                    .hasMessage("There are two backups of version 1.2 at file:target/twice/{version}.sql.gz:"
                            + " target/twice/1.2.sql and target/twice/1.2.sql.gz. Keep one of them");
        }

        @Test
        void backupsWithoutAVersion() {
            assertFails(
                    NoPatternTestCases.class,
                    "backups = \"backups/{engine}/1.2.sql\" takes the files of all versions, with {version} in the place"
                            + " of the version, or with * in the place of a date, where the history in each file tells its"
                            + " version. For one file, set backup");
        }

        @Test
        void aBackupWithAVersion() {
            assertFails(
                    PatternTestCases.class,
                    "backup = \"backups/{version}.sql\" takes one file, without {version}: set backups ="
                            + " \"backups/{version}.sql\"");
        }

        @Test
        void aBackupBesideBackups() {
            assertFails(BothTestCases.class, "backup and backups are both set: leave out one of the two");
        }

        @Test
        void anUnknownPlaceholder() {
            assertFails(
                    PlaceholderTestCases.class,
                    "backups = \"backups/{database}/{version}.sql\": there is no placeholder {database}, there is"
                            + " {engine} and {version}");
        }

        @Test
        void backupsOnAServer() {
            assertFails(
                    RemoteTestCases.class,
                    "backups = \"https://example.org/{version}.sql#sha256=0\" is a URL, whose server does not list its"
                            + " files: take files, or test each version with version and backup");
        }

        @Test
        void aMethodThatIsTwoChecks() {
            assertFails(
                    TwoChecksTestCases.class,
                    "both is more than one of @UpgradePathTest, @RestoreTest, @CrossVersionRestoreTest and @RecoveryTest:"
                            + " make a method of each");
        }

        @ParameterizedTest
        @CsvSource(
                delimiter = '|',
                value = {
                    "6/5 | there is no shard 6, they are 1/5 to 5/5",
                    "0/5 | there is no shard 0, they are 1/5 to 5/5",
                    "1/0 | there is no shard of none",
                    "two | it takes the number of a shard and how many there are, such as 2/5"
                })
        void aShardThatIsNone(String shard, String why) {
            assertThat(TestKit.failure(TestKit.run(RestoresTestCases.class, Settings.SHARD, shard)))
                    .hasMessage("The setting metadatasnapshot.shard is '" + shard + "': " + why);
        }
    }

    @Nested
    class ByHand {

        @Test
        void everyParameterLeadsToTheDatabaseOfTheCell() {
            assertAllSucceeded(run(ParametersTestCases.class, "* 1 → 3*"), 3);
        }

        @Test
        void anAnnotationOfOnesOwnServesAsWell() {
            assertAllSucceeded(run(MetaTestCases.class, "* 1 → 3*"), 1);
        }

        @Test
        void nestedClassesTakeOverWhatTheyLeaveOut() {
            EngineExecutionResults results = run(AroundTestCases.class, "* 1 → 3*");

            assertAllSucceeded(results, 2);
            assertThat(names(results)).containsOnly("postgres:17 · 1 → 3 · upgrade");
        }

        @Test
        void aTestThatAsksForNothingHasTheDatabaseAsItIsBefore() {
            assertAllSucceeded(run(BeforeTestCases.class, "*"), 2 + 1 + 3);
        }

        @Test
        void anUpgradeIsRunOnceForAllWhoTakeIt() {
            assertAllSucceeded(run(OnceTestCases.class, "* 1 → 3*"), 1);
        }
    }

    /** What most cases are of: the guarded backups of the library. */
    @Retention(RetentionPolicy.RUNTIME)
    @ExtendWith(Kept.class)
    @MetadataSnapshot(
            database = "postgres:17",
            locations = "migrations/library/{engine}",
            backups = "file:target/guarded/{version}.sql")
    @interface Library {}

    @Library
    static class ContractsTestCases implements UpgradeContract, RestoreContract {}

    @Library
    static class TwoTestsTestCases {

        @UpgradePathTest
        void fails(Upgrade upgrade) {
            throw new AssertionError("not good enough");
        }

        @UpgradePathTest
        void passes(Upgrade upgrade) {
            MetadataSnapshotAssertions.assertThat(upgrade).succeeded();
        }
    }

    @Library
    static class RestoresTestCases {
        @RestoreTest
        void restores(Restore restore) {
            MetadataSnapshotAssertions.assertThat(restore).succeeded();
        }
    }

    @Library
    static class FlakyTestCases {

        static final AtomicInteger runs = new AtomicInteger();

        @RestoreTest
        void flickers() {
            if (runs.incrementAndGet() == 2) {
                throw new AssertionError("the first time");
            }
        }
    }

    @ExtendWith(Kept.class)
    @MetadataSnapshot(
            database = "postgres:17",
            locations = "migrations/library/{engine}",
            backups = "file:target/guarded/{version}.sql",
            paths = UpgradePaths.ALL)
    static class AllPathsTestCases {
        @UpgradePathTest
        void path() {}
    }

    @ExtendWith(Kept.class)
    @MetadataSnapshot(
            database = "postgres:17",
            locations = "migrations/library/{engine}",
            backups = "file:target/hole/{version}.sql")
    static class HoleTestCases {
        @UpgradePathTest
        void path(Upgrade upgrade) {
            MetadataSnapshotAssertions.assertThat(upgrade).succeeded();
        }
    }

    @ExtendWith(Kept.class)
    @MetadataSnapshot(
            database = "postgres:17",
            locations = "migrations/library/{engine}",
            backups = "dumps/{engine}/{version}-data.sql",
            procedure = StrictClient.class)
    static class DataOnlyTestCases implements RestoreContract {}

    @ExtendWith(Kept.class)
    @MetadataSnapshot(
            database = "postgres:17",
            locations = "migrations/library/{engine}",
            backups = "file:target/broken-cells/{version}.sql")
    static class BrokenTestCases implements UpgradeContract {}

    @MetadataSnapshot(
            database = "postgres:17",
            locations = "filesystem:target/behind-migrations",
            backups = "file:target/behind/{version}.sql")
    static class BehindTestCases implements RestoreContract {}

    @MetadataSnapshot(
            database = "postgres:17",
            locations = {"migrations/library/{engine}", "filesystem:target/unproven"},
            backups = "file:target/guarded/{version}.sql")
    static class UnprovenTestCases implements UpgradeContract {}

    @ExtendWith(Kept.class)
    @MetadataSnapshot(
            database = "postgres:17",
            locations = {"migrations/library/{engine}", "filesystem:target/known"},
            backups = "file:target/guarded/{version}.sql",
            paths = UpgradePaths.ALL,
            expect =
                    @Expect(
                            at = "4",
                            fails = {"table language lost", "index book.by_title"},
                            because = "known since 4"))
    static class KnownTestCases implements UpgradeContract {}

    @ExtendWith(Kept.class)
    @MetadataSnapshot(
            database = "postgres:17",
            locations = {"migrations/library/{engine}", "filesystem:target/known"},
            backups = "file:target/guarded/{version}.sql",
            paths = UpgradePaths.ALL,
            expect = @Expect(from = "2.1", to = "4", fails = "table language lost", because = "known of 2.1"))
    static class KnownOfAPathTestCases implements UpgradeContract {}

    @ExtendWith(Kept.class)
    @MetadataSnapshot(
            database = "postgres:17",
            locations = "migrations/library/{engine}",
            backups = "target/lacking/{version}.sql")
    static class LackingTestCases implements RestoreContract {}

    @ExtendWith(Kept.class)
    @MetadataSnapshot(
            database = "postgres:17",
            locations = {"migrations/library/{engine}", "filesystem:target/hotfix"},
            flywayConfig = "target/hotfix/flyway.conf",
            backups = "file:target/guarded/{version}.sql")
    static class HotfixTestCases implements UpgradeContract {}

    @ExtendWith(Kept.class)
    @MetadataSnapshot(
            database = "postgres:17",
            locations = "migrations/library/{engine}",
            backups = "file:target/guarded/{version}.sql")
    static class IgnoringTestCases implements UpgradeContract {
        @Override
        public void prove(UpgradeAssert upgrade) {
            UpgradeContract.super.prove(upgrade.ignoring("audit", "a log of its own"));
        }
    }

    @ExtendWith(Kept.class)
    @MetadataSnapshot(
            database = "postgres:17",
            locations = {"migrations/library/{engine}", "filesystem:target/lossy"},
            backups = "file:target/guarded/{version}.sql",
            paths = UpgradePaths.ALL,
            expect = {
                @Expect(at = "4", loses = "language", because = "merged into one, see ADR 3"),
                @Expect(at = "4", loses = "nowhere", because = "it never was")
            })
    static class LossyTestCases implements UpgradeContract {}

    @ExtendWith(Kept.class)
    @MetadataSnapshot(
            database = "postgres:17",
            locations = {"migrations/library/{engine}", "filesystem:target/lossy"},
            backups = "file:target/guarded/{version}.sql",
            paths = UpgradePaths.ALL,
            expect = @Expect(at = "2", loses = "language", because = "merged into one, see ADR 3"))
    static class LossyEarlierTestCases implements UpgradeContract {}

    /** Notes which databases it is given. */
    static final class Noting implements RestoreProcedure {

        static final List<String> TARGETS = new CopyOnWriteArrayList<>();

        @Override
        public ClientReport run(RestoreAttempt attempt) throws IOException, SQLException {
            TARGETS.add(attempt.target().name());
            return new StrictClient().run(attempt);
        }
    }

    @MetadataSnapshot(
            database = "postgres:17",
            locations = "migrations/library/{engine}",
            backups = "file:target/guarded/{version}.sql",
            procedure = Noting.class)
    static class NotingTestCases implements RestoreContract {}

    /** Does nothing, and says that it failed. */
    static final class Helpless implements RestoreProcedure {
        @Override
        public ClientReport run(RestoreAttempt attempt) {
            return new ClientReport("helpless", false, 0, List.of());
        }
    }

    @ExtendWith(Kept.class)
    @MetadataSnapshot(
            database = "postgres:17",
            locations = "migrations/library/{engine}",
            backups = "file:target/guarded/{version}.sql",
            procedure = Helpless.class,
            expect = @Expect(from = "3", to = "1", verdict = RestoreVerdict.ROLLED_BACK, because = "known"))
    static class HelplessTestCases implements RestoreContract {}

    @Library
    static class SmokingTestCases implements UpgradeContract {
        @AfterUpgrade
        void theServerRuns() {
            throw new AssertionError("it does not");
        }
    }

    @Library
    static class SmokingAndProvingTestCases extends ProvingTestCases {
        @AfterUpgrade
        void theServerRuns() {
            throw new AssertionError("it does not");
        }
    }

    @ExtendWith(Kept.class)
    @MetadataSnapshot(
            database = "postgres:17",
            locations = "migrations/library/{engine}",
            backups = "file:target/guarded/{version}.sql",
            expect = @Expect(from = "1", to = "3", fails = "it does not", because = "it is being mended"))
    static class ExpectedSmokeTestCases extends SmokingTestCases {}

    @Library
    static class WritingSmokeTestCases implements UpgradeContract {
        @AfterUpgrade
        void theServerWrites(Connection connection) throws SQLException {
            try (var statement = connection.createStatement()) {
                statement.execute("CREATE TABLE written_by_the_server (id INT)");
                statement.execute("TRUNCATE language CASCADE");
            }
        }
    }

    @Library
    static class ProvingTestCases implements UpgradeContract {
        @Override
        public void prove(UpgradeAssert upgrade) {
            UpgradeContract.super.prove(upgrade);
            upgrade.completedWithin(Duration.ZERO);
        }
    }

    @Library
    static class ExceptionsTestCases implements UpgradeContract {
        @Override
        public void prove(UpgradeAssert upgrade) {
            upgrade.except("nowhere", "purged by 0.9").succeeded().keptEveryRow();
        }
    }

    @MetadataSnapshot(
            database = "postgres:17",
            locations = {"migrations/library/{engine}", "filesystem:target/rewrite"},
            backups = "file:target/guarded/{version}.sql")
    static class RewritingTestCases {
        @UpgradePathTest
        void path(Upgrade upgrade) {
            MetadataSnapshotAssertions.assertThat(upgrade).succeeded();
        }
    }

    @ExtendWith(Kept.class)
    @MetadataSnapshot(
            database = "mysql:9.7",
            locations = "migrations/library/{engine}",
            backups = "dumps/{engine}/{version}-full.sql")
    static class MySqlTestCases {
        @RestoreTest
        void restores(Restore restore) {
            MetadataSnapshotAssertions.assertThat(restore).succeeded();
        }
    }

    @Library
    static class AssumingTestCases {
        @RestoreTest
        void restores() {
            Assumptions.abort("Assumption failed: not today");
        }
    }

    @ExtendWith(Kept.class)
    @MetadataSnapshot(
            database = "postgres:17",
            locations = "migrations/library/{engine}",
            backups = "dumps/{engine}/{version}-data.sql",
            procedure = StrictClient.class,
            expect = {
                @Expect(
                        from = "1",
                        to = "2",
                        verdict = RestoreVerdict.SILENTLY_ACCEPTED,
                        because = "same shape, see ADR 7"),
                @Expect(
                        from = "3",
                        to = "2",
                        verdict = RestoreVerdict.PARTIALLY_APPLIED,
                        because = "it has been so",
                        database = "postgresql")
            })
    static class ExpectingTestCases implements RestoreContract {}

    @MetadataSnapshot(
            database = "postgres:17",
            locations = "migrations/library/{engine}",
            backups = "file:target/guarded/{version}.sql",
            expect = {
                @Expect(from = "1", to = "2", verdict = RestoreVerdict.ROLLED_BACK, because = "known"),
                @Expect(
                        from = "1.0",
                        to = "2",
                        verdict = RestoreVerdict.REFUSED,
                        because = "known",
                        database = "postgres:17")
            })
    static class ContradictingTestCases implements RestoreContract {}

    @MetadataSnapshot(
            database = "postgres:17",
            locations = "migrations/library/{engine}",
            backups = "file:target/guarded/{version}.sql",
            expect = @Expect(from = "1", to = "1.7", verdict = RestoreVerdict.REFUSED, because = "known"))
    static class UnknownVersionTestCases implements RestoreContract {}

    @MetadataSnapshot(
            database = "postgres:17",
            locations = "migrations/library/{engine}",
            backups = "file:target/hole/{version}.sql",
            expect = @Expect(from = "3", to = "1", verdict = RestoreVerdict.REFUSED, because = "known"))
    static class UnknownBackupTestCases implements RestoreContract {}

    @MetadataSnapshot(
            database = "postgres:17",
            locations = "migrations/library/{engine}",
            backups = "file:target/guarded/{version}.sql",
            expect = @Expect(from = "newest", to = "1", verdict = RestoreVerdict.REFUSED, because = "known"))
    static class NoVersionTestCases implements RestoreContract {}

    @MetadataSnapshot(
            database = "postgres:17",
            locations = "migrations/library/{engine}",
            backups = "file:target/guarded/{version}.sql",
            expect = @Expect(from = "1", to = "2", verdict = RestoreVerdict.REFUSED, because = " "))
    static class NoReasonTestCases implements RestoreContract {}

    @MetadataSnapshot(
            database = "postgres:17",
            locations = "migrations/library/{engine}",
            backups = "file:target/guarded/{version}.sql",
            expect =
                    @Expect(
                            from = "1",
                            to = "2",
                            verdict = RestoreVerdict.REFUSED,
                            because = "known",
                            database = "mysql"))
    static class OtherDatabaseTestCases implements RestoreContract {}

    @MetadataSnapshot(
            database = "postgres:17",
            locations = "migrations/library/{engine}",
            backups = "file:target/guarded/{version}.sql",
            expect = @Expect(from = "1", to = "2", loses = "book", because = "known"))
    static class LossBetweenTestCases implements UpgradeContract {}

    @MetadataSnapshot(
            database = "postgres:17",
            locations = "migrations/library/{engine}",
            backups = "file:target/guarded/{version}.sql",
            expect = @Expect(at = "2", because = "known"))
    static class NothingTestCases implements UpgradeContract {}

    @MetadataSnapshot(
            database = "postgres:17",
            locations = "migrations/library/{engine}",
            backups = "file:target/guarded/{version}.sql",
            expect =
                    @Expect(
                            from = "1",
                            to = "2",
                            verdict = RestoreVerdict.REFUSED,
                            fails = "V2__x.sql",
                            because = "known"))
    static class TwoAtOnceTestCases implements UpgradeContract {}

    @MetadataSnapshot(
            database = "postgres:17",
            locations = "migrations/library/{engine}",
            backups = "file:target/guarded/{version}.sql",
            expect =
                    @Expect(
                            at = "2",
                            loses = {"book", " "},
                            because = "known"))
    static class BlankTestCases implements UpgradeContract {}

    @MetadataSnapshot(
            database = "postgres:17",
            locations = "migrations/library/{engine}",
            backups = "file:target/guarded/{version}.sql",
            expect = @Expect(at = "1.7", loses = "book", because = "known"))
    static class UnknownLossTestCases implements UpgradeContract {}

    @MetadataSnapshot(database = "postgres:17", locations = "migrations/library/{engine}")
    static class NoBackupsTestCases implements UpgradeContract {}

    @MetadataSnapshot(
            database = "postgres:17",
            locations = "migrations/library/{engine}",
            backups = "file:target/guarded/v{version}.sql.gz")
    static class NoneTestCases implements UpgradeContract {}

    @MetadataSnapshot(
            database = "postgres:17",
            locations = "migrations/library/{engine}",
            backups = "file:target/twice/{version}.sql.gz")
    static class TwiceTestCases implements UpgradeContract {}

    @MetadataSnapshot(
            database = "postgres:17",
            locations = "migrations/library/{engine}",
            backups = "backups/{engine}/1.2.sql")
    static class NoPatternTestCases implements UpgradeContract {}

    @MetadataSnapshot(
            database = "postgres:17",
            locations = "migrations/library/{engine}",
            backup = "backups/{version}.sql")
    static class PatternTestCases implements UpgradeContract {}

    @MetadataSnapshot(
            database = "postgres:17",
            locations = "migrations/library/{engine}",
            backups = "file:target/guarded/{version}.sql",
            backup = "1.sql")
    static class BothTestCases implements UpgradeContract {}

    @MetadataSnapshot(
            database = "postgres:17",
            locations = "migrations/library/{engine}",
            backups = "backups/{database}/{version}.sql")
    static class PlaceholderTestCases implements UpgradeContract {}

    @MetadataSnapshot(
            database = "postgres:17",
            locations = "migrations/library/{engine}",
            backups = "https://example.org/{version}.sql#sha256=0")
    static class RemoteTestCases implements UpgradeContract {}

    @Library
    static class TwoChecksTestCases {
        @UpgradePathTest
        @RestoreTest
        void both() {}
    }

    private static String version(Connection connection) throws SQLException {
        try (var statement = connection.createStatement();
                ResultSet row = statement.executeQuery(
                        "SELECT version FROM flyway_schema_history ORDER BY installed_rank DESC LIMIT 1")) {
            row.next();
            return row.getString(1);
        }
    }

    @Library
    static class ParametersTestCases {

        @UpgradePathTest
        void ofAnUpgrade(
                TestInfo info, Upgrade upgrade, MetadataDatabase database, DataSource dataSource, Connection connection)
                throws SQLException {
            assertThat(info.getDisplayName()).isEqualTo("postgres:17 · 1 → 3 · upgrade");
            assertThat(upgrade).hasToString("postgres:17 · 1 → 3");
            assertThat(version(connection)).isEqualTo("3");
            assertThat(database.version()).contains("3");
            try (Connection another = dataSource.getConnection()) {
                assertThat(version(another)).isEqualTo("3");
            }
        }

        @CrossVersionRestoreTest
        void ofARestore(Connection connection, Restore restore) throws SQLException {
            assertThat(restore).hasToString("postgres:17 · backup of 1 into 3");
            assertThat(version(connection)).isEqualTo("3");
        }

        @CrossVersionRestoreTest
        void ofTheOtherKindIsNone(TestInfo info) {
            assertThat(info.getTags()).containsExactly("cross-version-restore");
        }
    }

    @Retention(RetentionPolicy.RUNTIME)
    @UpgradePathTest
    @Tag("slow")
    @interface SlowUpgrade {}

    @Library
    static class MetaTestCases {
        @SlowUpgrade
        void isTaken(Upgrade upgrade, TestInfo info) {
            MetadataSnapshotAssertions.assertThat(upgrade).succeeded();
            assertThat(info.getTags()).containsExactlyInAnyOrder("slow", "upgrade");
        }
    }

    @ExtendWith(Kept.class)
    @MetadataSnapshot(database = "postgres:17", locations = "migrations/library/{engine}")
    static class AroundTestCases {

        @Nested
        @MetadataSnapshot(backups = "file:target/guarded/{version}.sql")
        class Annotated {
            @UpgradePathTest
            void path(Upgrade upgrade) {
                MetadataSnapshotAssertions.assertThat(upgrade).succeeded();
            }

            @Nested
            class Plain implements UpgradeContract {}
        }
    }

    @ExtendWith(Kept.class)
    @MetadataSnapshot(
            database = "postgres:17",
            locations = "migrations/library/{engine}",
            backups = "file:target/hole/{version}.sql")
    static class BeforeTestCases {

        @RestoreTest
        void isEmpty(MetadataDatabase database) throws SQLException {
            assertThat(database.version()).isEmpty();
        }

        @MetadataSnapshot(version = "2")
        @Test
        void isOfTheVersionOfATest(MetadataDatabase database) throws SQLException {
            assertThat(database.version()).contains("2");
        }

        @Nested
        class Upgrading {
            @UpgradePathTest
            void isAtTheVersionOfTheBackup(MetadataDatabase database, TestInfo info) throws SQLException {
                assertThat(info.getDisplayName())
                        .contains("· " + database.version().orElseThrow() + " →");
            }
        }
    }

    @Library
    static class OnceTestCases {

        private Upgrade first;

        @BeforeEach
        void take(Upgrade upgrade) {
            first = upgrade;
        }

        @UpgradePathTest
        void isTheSame(Upgrade upgrade) {
            assertThat(upgrade).isSameAs(first);
        }
    }
}
