package io.github.metadatasnapshot;

import static io.github.metadatasnapshot.assertion.MetadataSnapshotAssertions.assertThat;
import static io.github.metadatasnapshot.testsupport.TestKit.assertAllSucceeded;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.metadatasnapshot.migration.Upgrade;
import io.github.metadatasnapshot.restore.Restore;
import io.github.metadatasnapshot.restore.RestoreVerdict;
import io.github.metadatasnapshot.restore.StrictClient;
import io.github.metadatasnapshot.testsupport.TakesTurns;
import io.github.metadatasnapshot.testsupport.TestKit;
import java.io.IOException;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.testkit.engine.EngineExecutionResults;
import org.junit.platform.testkit.engine.Event;

/** Backups whose names tell dates: the history in each file tells its version. And rows whose version is in the name alone. */
@TakesTurns(of = 3)
class DatedBackupsTests {

    private static final Path DUMPS = Path.of("src/test/resources/dumps/postgresql");
    private static final Path DATED = Path.of("target/dated");
    private static final Path DAMAGED = Path.of("target/dated-damaged");
    private static final Path TWICE = Path.of("target/dated-twice");
    private static final Path NAMED = Path.of("target/dated-named");
    private static final Path DECLARED = Path.of("target/dated-declared");
    private static final Path GROWING = Path.of("target/dated-growing");

    @TempDir
    private Path report;

    @BeforeAll
    static void writeBackups() throws IOException {
        copy("2-full.sql", DATED, "backup_202601010000.sql");
        copy("1-full.sql", DATED, "backup_202602010000.sql");
        Files.writeString(DATED.resolve("README.txt"), "none");
        copy("1-full.sql", DAMAGED, "backup_202601010000.sql");
        String cut =
                Files.readString(DUMPS.resolve("2-full.sql")).replaceAll("(?s)-- PostgreSQL database dump compl.*", "");
        Files.createDirectories(DAMAGED);
        Files.writeString(DAMAGED.resolve("backup_202602010000.sql"), cut);
        copy("1-data-no-history.sql", DAMAGED, "backup_202603010000.sql");
        copy("1-full.sql", TWICE, "backup_202601010000.sql");
        copy("1-full.sql", TWICE, "backup_202602010000.sql");
        copy("1-data-no-history.sql", NAMED, "1.sql");
        copy("1-data-no-history.sql", DECLARED, "1.sql");
        copy("1-data-no-history.sql", NAMED, "2.sql");
        copy("2-data.sql", NAMED, "3.sql");
        copy("1-full.sql", GROWING, "backup_202601010000.sql");
        Files.deleteIfExists(GROWING.resolve("backup_202602010000.sql"));
    }

    private static void copy(String dump, Path directory, String name) throws IOException {
        Files.createDirectories(directory);
        Files.copy(DUMPS.resolve(dump), directory.resolve(name), StandardCopyOption.REPLACE_EXISTING);
    }

    private EngineExecutionResults runWithReport(Class<?> testClass, Map<String, String> further) {
        Map<String, String> settings = TestKit.external();
        settings.put(Settings.REPORT_DIRECTORY, "" + report);
        settings.putAll(further);
        return TestKit.run(testClass, settings);
    }

    private String report() throws IOException {
        return Files.readString(report.resolve("report.md")).replace("\\", "");
    }

    private static List<String> names(EngineExecutionResults results) {
        return results.testEvents().started().stream()
                .map(Event::getTestDescriptor)
                .map(test -> test.getDisplayName())
                .toList();
    }

    @Test
    void areASeriesByTheHistoriesInThem() {
        EngineExecutionResults results = TestKit.run(SeriesTestCases.class);

        assertAllSucceeded(results, 3);
        assertThat(names(results))
                .containsExactlyInAnyOrder(
                        "postgres:17 · 1 → 2 · upgrade",
                        "postgres:17 · 1 → 3 · upgrade",
                        "postgres:17 · 2 → 3 · upgrade");
    }

    @Test
    void areRestoredAndRecovered() {
        assertAllSucceeded(TestKit.run(RestoringTestCases.class, Settings.CELLS, "*1 *"), 6);
    }

    @Test
    void thatTellNoVersionAreAFailedCellEachAndNoMore() throws IOException {
        EngineExecutionResults results = runWithReport(DamagedTestCases.class, Map.of());

        assertThat(names(results))
                .containsExactlyInAnyOrder(
                        "postgres:17 · 1 → 3 · upgrade",
                        "postgres:17 · 1 → 3 · recovery",
                        "postgres:17 · backup_202602010000.sql · restore",
                        "postgres:17 · backup_202603010000.sql · restore");
        assertThat(results.testEvents().succeeded().count()).isEqualTo(2);
        assertThat(results.testEvents().failed().stream()
                        .map(event -> event.getRequiredPayload(TestExecutionResult.class)
                                .getThrowable()
                                .orElseThrow()
                                .getMessage()))
                .satisfiesExactlyInAnyOrder(
                        message -> assertThat(message)
                                .startsWith("postgres:17 · backup_202602010000.sql · restore:"
                                        + " target/dated-damaged/backup_202602010000.sql is cut off after line "),
                        message -> assertThat(message)
                                .isEqualTo("postgres:17 · backup_202603010000.sql · restore:"
                                        + " target/dated-damaged/backup_202603010000.sql tells no version: it holds no"
                                        + " table flyway_schema_history. Where the name of the file is to declare it, write"
                                        + " {version} into backups in the place of the *"));
        assertThat(report())
                .contains("target/dated-damaged/backup_202602010000.sql tells no version")
                .contains("target/dated-damaged/backup_202603010000.sql tells no version");
    }

    @Test
    void areListedAnewByEachTestMethod() {
        EngineExecutionResults results = TestKit.run(GrowingTestCases.class);

        assertAllSucceeded(results, 4);
        assertThat(names(results))
                .containsExactly(
                        "postgres:17 · 1 · restore",
                        "write()",
                        "postgres:17 · 1 · restore",
                        "postgres:17 · 2 · restore");
    }

    @Test
    void twoOfOneVersionAreAnErrorWithBothNames() {
        assertThat(TestKit.failure(TestKit.run(TwiceTestCases.class)))
                .hasMessage(
                        "There are two backups of version 1 at target/dated-twice/backup_*.sql, as their histories say:"
                                + " target/dated-twice/backup_202601010000.sql and"
                                + " target/dated-twice/backup_202602010000.sql. Keep one of them, or take the one with the later"
                                + " name, by the setting metadatasnapshot.backup.duplicates = later");
    }

    @Test
    void theLaterNameIsTakenWhereThatIsSet() throws IOException {
        assertAllSucceeded(runWithReport(TwiceTestCases.class, Map.of(Settings.BACKUP_DUPLICATES, "later")), 1);
        assertThat(report())
                .contains(
                        "target/dated-twice/backup_202601010000.sql is left out:"
                                + " target/dated-twice/backup_202602010000.sql is of version 1 as well, and has the later name");
    }

    @Test
    void aTestStartsFromTheOneOfItsVersion() {
        assertAllSucceeded(TestKit.run(OneTestCases.class), 1);
    }

    @Test
    void aTestOfAnotherVersionIsToldWhatThereIs() {
        assertThat(TestKit.failure(TestKit.run(NoneTestCases.class)))
                .hasMessage(
                        "There is no backup of version 3 at target/dated/backup_*.sql."
                                + " target/dated/backup_202602010000.sql is of 1; target/dated/backup_202601010000.sql is of 2");
    }

    @Test
    void aTestOfNoVersionIsRefused() {
        assertThat(TestKit.failure(TestKit.run(NoVersionTestCases.class)))
                .hasMessage(
                        "@MetadataSnapshot on " + NoVersionTestCases.class.getName()
                                + ": backups = \"target/dated/backup_*.sql\" asks for the version, and there is none: set version");
    }

    @Test
    void aPatternOfNoFileIsToldWhatLiesThere() {
        assertThat(TestKit.failure(TestKit.run(EmptyTestCases.class)))
                .hasMessageContainingAll(
                        "There is no backup target/dated/dump_*.sql. Looked for",
                        "beside which lie README.txt, backup_202601010000.sql, backup_202602010000.sql");
    }

    @Test
    void datesThatAreTakenForVersionsAreAnError() {
        assertThat(TestKit.failure(TestKit.run(DatesTestCases.class)))
                .hasMessage(
                        "backups = \"target/dated/backup_{version}.sql\" names no version that there is a migration to:"
                                + " target/dated/backup_202601010000.sql, target/dated/backup_202602010000.sql. Where the names tell"
                                + " dates, write * in the place of {version}, and the history in each file tells its version");
    }

    @ParameterizedTest
    @ValueSource(classes = {BothTestCases.class, DirectoryTestCases.class, RemoteTestCases.class, FileTestCases.class})
    void otherPatternsAreRefused(Class<? extends Misuse> misuse) throws ReflectiveOperationException {
        assertThat(TestKit.failure(TestKit.run(misuse)))
                .hasMessage("@MetadataSnapshot on " + misuse.getName() + ": "
                        + misuse.getAnnotation(Rule.class).value());
    }

    @Test
    void rowsAreOfTheVersionInTheirNameWhereTheyDoNotSayIt() {
        assertAllSucceeded(TestKit.run(NamedTestCases.class), 4);
    }

    @Test
    void rowsWhoseNameTellsTheirVersionAreProvenAsOthersAre() throws IOException {
        assertAllSucceeded(runWithReport(DeclaredTestCases.class, Map.of()), 4);
        assertThat(report())
                .contains("Versions as declared")
                .contains("target/dated-declared/1.sql: version 1 as declared, since it holds no history");
    }

    @MetadataSnapshot(
            database = "postgres:17",
            locations = "migrations/library/postgresql",
            procedure = StrictClient.class,
            backups = "target/dated-declared/{version}.sql")
    @Tag("testcase")
    static class DeclaredTestCases implements UpgradeContract, RestoreContract, RecoveryContract {}

    @MetadataSnapshot(
            database = "postgres:17",
            locations = "migrations/library/postgresql",
            backups = "target/dated/backup_*.sql")
    @Tag("testcase")
    static class SeriesTestCases implements UpgradeContract {}

    @MetadataSnapshot(
            database = "postgres:17",
            locations = "migrations/library/postgresql",
            backups = "target/dated/backup_*.sql")
    @Tag("testcase")
    static class RestoringTestCases implements RecoveryContract {

        @RestoreTest
        void restored(Restore restore) {
            assertThat(restore).succeeded();
        }

        @CrossVersionRestoreTest
        void tried(Restore restore) {
            assertThat(restore.backup()).startsWith("target/dated/backup_2026");
        }
    }

    @MetadataSnapshot(
            database = "postgres:17",
            locations = "migrations/library/postgresql",
            backups = "target/dated-damaged/backup_*.sql")
    @Tag("testcase")
    static class DamagedTestCases implements UpgradeContract, RecoveryContract {}

    @MetadataSnapshot(
            database = "postgres:17",
            locations = "migrations/library/postgresql",
            backups = "target/dated-twice/backup_*.sql")
    @Tag("testcase")
    static class TwiceTestCases {

        @RestoreTest
        void restored(Restore restore) {
            assertThat(restore).succeeded();
            assertThat(restore.backup()).isEqualTo("target/dated-twice/backup_202602010000.sql");
        }
    }

    @MetadataSnapshot(
            database = "postgres:17",
            locations = "migrations/library/postgresql",
            version = "2",
            backups = "target/dated/backup_*.sql")
    @Tag("testcase")
    static class OneTestCases {

        @Test
        void isAtItsVersion(MetadataDatabase database) throws SQLException {
            assertThat(database.version()).contains("2");
        }
    }

    @MetadataSnapshot(
            database = "postgres:17",
            locations = "migrations/library/postgresql",
            version = "3",
            backups = "target/dated/backup_*.sql")
    @Tag("testcase")
    static class NoneTestCases {

        @Test
        void startsNowhere(MetadataDatabase database) {}
    }

    @MetadataSnapshot(
            database = "postgres:17",
            locations = "migrations/library/postgresql",
            backups = "target/dated/backup_*.sql")
    @Tag("testcase")
    static class NoVersionTestCases {

        @Test
        void startsNowhere(MetadataDatabase database) {}
    }

    @MetadataSnapshot(
            database = "postgres:17",
            locations = "migrations/library/postgresql",
            backups = "target/dated/dump_*.sql")
    @Tag("testcase")
    static class EmptyTestCases implements UpgradeContract {}

    @MetadataSnapshot(
            database = "postgres:17",
            locations = "migrations/library/postgresql",
            backups = "target/dated-growing/backup_*.sql")
    @TestMethodOrder(MethodOrderer.OrderAnnotation.class)
    @Tag("testcase")
    static class GrowingTestCases {

        @Order(1)
        @RestoreTest
        void restored(Restore restore) {
            assertThat(restore).succeeded();
        }

        @Order(2)
        @MetadataSnapshot(version = "1")
        @Test
        void write() throws IOException {
            copy("2-full.sql", GROWING, "backup_202602010000.sql");
        }

        @Order(3)
        @RestoreTest
        void restoredAgain(Restore restore) {
            assertThat(restore).succeeded();
        }
    }

    @MetadataSnapshot(
            database = "postgres:17",
            locations = "migrations/library/postgresql",
            backups = "target/dated/backup_{version}.sql")
    @Tag("testcase")
    static class DatesTestCases implements UpgradeContract {}

    /** What its message is. */
    @Retention(RetentionPolicy.RUNTIME)
    @interface Rule {
        String value();
    }

    abstract static class Misuse {

        @Test
        void neverRuns(MetadataDatabase database) {}
    }

    @Rule(
            "backups = \"a/{version}_*.sql\" has both {version} and *: take the one, where the names tell versions, or the other,"
                    + " where the histories in the files do")
    @MetadataSnapshot(database = "postgres:17", version = "1", backups = "a/{version}_*.sql")
    @Tag("testcase")
    static class BothTestCases extends Misuse {}

    @Rule("backups = \"a/*/backup.sql\" has * in a directory: it takes the place of a date in the name of the file")
    @MetadataSnapshot(database = "postgres:17", version = "1", backups = "a/*/backup.sql")
    @Tag("testcase")
    static class DirectoryTestCases extends Misuse {}

    @Rule("backups = \"https://example.org/backup_*.sql\" is a URL, whose server does not list its files: take files")
    @MetadataSnapshot(database = "postgres:17", version = "1", backups = "https://example.org/backup_*.sql")
    @Tag("testcase")
    static class RemoteTestCases extends Misuse {}

    @Rule(
            "backup = \"a/backup_*.sql\" takes one file, without *: set backups = \"a/backup_*.sql\", and version for the one to"
                    + " start from")
    @MetadataSnapshot(database = "postgres:17", version = "1", backup = "a/backup_*.sql")
    @Tag("testcase")
    static class FileTestCases extends Misuse {}

    @MetadataSnapshot(
            database = "postgres:17",
            locations = "migrations/library/postgresql",
            version = "1",
            backups = "target/dated-named/{version}.sql")
    @Tag("testcase")
    static class NamedTestCases {

        @Test
        void goIntoTheirVersion(MetadataDatabase database) {
            Restore restore = database.restore("target/dated-named/1.sql", new StrictClient());
            assertThat(restore.backupVersion()).isEqualTo("1");
            assertThat(restore).hasVerdict(RestoreVerdict.RESTORED);
        }

        @Test
        void areDeclaredByHand(MetadataDatabase database) {
            database.migrateTo("3");
            assertThat(database.restore("src/test/resources/dumps/postgresql/1-data-no-history.sql", "1"))
                    .hasVerdict(RestoreVerdict.SILENTLY_ACCEPTED);
        }

        @Test
        void ofAnotherVersionBringNothingBack(MetadataDatabase database) {
            Upgrade upgrade = database.migrateTo("2");
            assertThatThrownBy(() -> assertThat(database.recover(upgrade, "target/dated-named/2.sql"))
                            .broughtBackEverything())
                    .isInstanceOf(AssertionError.class)
                    .hasMessageContaining(
                            "the backup target/dated-named/2.sql (version 2 as declared) itself is not what the"
                                    + " database held before the upgrade");
        }

        @Test
        void whatTheirHistorySaysMustNotContradict(MetadataDatabase database) {
            assertThatThrownBy(() -> database.restore("target/dated-named/3.sql"))
                    .hasMessage("Backup target/dated-named/3.sql is named as one of version 3, but its history says 2."
                            + " Name it as one of 2, or the backup of 3");
        }
    }
}
