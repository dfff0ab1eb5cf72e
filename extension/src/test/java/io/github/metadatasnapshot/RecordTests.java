package io.github.metadatasnapshot;

import static io.github.metadatasnapshot.testsupport.TestKit.assertAllSucceeded;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.metadatasnapshot.backup.Backup;
import io.github.metadatasnapshot.backup.BackupInfo;
import io.github.metadatasnapshot.engine.Engine;
import io.github.metadatasnapshot.migration.FlywayCustomizer;
import io.github.metadatasnapshot.restore.RestoreVerdict;
import io.github.metadatasnapshot.snapshot.SnapshotData;
import io.github.metadatasnapshot.snapshot.SnapshotException;
import io.github.metadatasnapshot.testsupport.Console;
import io.github.metadatasnapshot.testsupport.Images;
import io.github.metadatasnapshot.testsupport.RequiresDocker;
import io.github.metadatasnapshot.testsupport.TakesTurns;
import io.github.metadatasnapshot.testsupport.TestKit;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.flywaydb.core.api.configuration.FluentConfiguration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.platform.testkit.engine.EngineExecutionResults;

/** Backups that annotations name and that are not there, written by the run: {@link Settings#CAPTURE}. */
@RequiresDocker
@TakesTurns(of = 4)
class RecordTests {

    @TempDir
    private Path directory;

    @BeforeEach
    void forget() {
        Authors.CALLS.clear();
    }

    private Map<String, String> settings(String capture) {
        Map<String, String> settings = TestKit.external();
        settings.put(Settings.CAPTURE, capture);
        settings.put(Settings.CAPTURE_DIRECTORY, directory.toString());
        return settings;
    }

    private EngineExecutionResults run(Class<?> testClass, String capture) {
        return TestKit.run(testClass, settings(capture));
    }

    private String printed(Runnable run) {
        return Console.text(run).replace(directory.toString(), "DIR");
    }

    private Map<String, String> files() throws IOException {
        Map<String, String> files = new TreeMap<>();
        try (Stream<Path> all = Files.walk(directory)) {
            for (Path file : all.filter(Files::isRegularFile).toList()) {
                files.put(directory.relativize(file).toString(), Files.readString(file, StandardCharsets.ISO_8859_1));
            }
        }
        return files;
    }

    private BackupInfo inspect(String file) {
        return Backup.of(directory.resolve(file)).inspect(Engine.POSTGRESQL, "flyway_schema_history", Optional.empty());
    }

    private void assertFails(Class<?> testClass, String capture, String... message) throws IOException {
        Map<String, String> before = files();
        EngineExecutionResults results = run(testClass, capture);
        assertThat(TestKit.failure(results)).hasMessageContainingAll(message);
        assertThat(files()).isEqualTo(before);
    }

    private static List<String> authors(Connection connection) throws SQLException {
        List<String> names = new ArrayList<>();
        try (var statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT name FROM author ORDER BY name")) {
            while (rows.next()) {
                names.add(rows.getString(1));
            }
        }
        return names;
    }

    /** Adds an author whose name says at which version. */
    public static final class Authors implements SnapshotData {

        static final List<String> CALLS = new CopyOnWriteArrayList<>();

        @Override
        public void fill(Connection connection, String version) throws SQLException {
            CALLS.add(version);
            try (var statement = connection.createStatement()) {
                statement.execute("INSERT INTO author (name) VALUES ('of " + version + "')");
            }
        }
    }

    @Nested
    class Missing {

        @Test
        void isWrittenAndTheTestStartsFromIt() throws IOException {
            String console = printed(() -> assertAllSucceeded(run(AuthorsTestCases.class, "missing"), 1));

            assertThat(files()).containsOnlyKeys("recorded/postgresql/1.sql.gz");
            BackupInfo info = inspect("recorded/postgresql/1.sql.gz");
            assertThat(info.kind()).isEqualTo(BackupInfo.Kind.FULL);
            assertThat(info.guard()).contains("1");
            assertThat(info.capture().orElseThrow().version()).isEqualTo("1");
            long rows = info.rows().values().stream().mapToLong(Long::longValue).sum();
            long bytes = files().get("recorded/postgresql/1.sql.gz").length();
            assertThat(console)
                    .contains("  captured DIR/recorded/postgresql/1.sql.gz: version 1, from migrations alone, " + rows
                            + " rows, " + bytes + " bytes\n");
            assertThat(Authors.CALLS).containsExactly("1");
        }

        @Test
        void isNeverTouchedOnceItIsThere() throws IOException {
            run(AuthorsTestCases.class, "missing");
            Map<String, String> first = files();
            Authors.CALLS.clear();

            String console = printed(() -> assertAllSucceeded(run(AuthorsTestCases.class, "missing"), 1));

            assertThat(files()).isEqualTo(first);
            assertThat(Authors.CALLS).isEmpty();
            assertThat(console).doesNotContain("captured");
        }

        @Test
        void isNotWrittenWhereTheClassPathHasItAndThatIsSaid() throws IOException {
            String console = printed(() -> assertAllSucceeded(run(OnClassPathTestCases.class, "missing"), 1));

            assertThat(console)
                    .contains("Backups that were not captured\n")
                    .contains("DIR/dumps/postgresql/1-full.sql is not there, but ")
                    .contains("test-classes/dumps/postgresql/1-full.sql is on the class path and was taken. Where the"
                            + " backup was deleted, build anew, so that its copy goes too");
            assertThat(files()).isEmpty();
            assertThat(Authors.CALLS).isEmpty();
        }

        @Test
        void isMadeFromTheEarlierOne() {
            String console = printed(() -> assertAllSucceeded(run(InTurnTestCases.class, "missing"), 2));

            assertThat(Authors.CALLS).containsExactly("1", "2.1");
            assertThat(console)
                    .contains("/1.sql.zst: version 1, from migrations alone, ")
                    .contains("/2.1.sql.zst: version 2.1, from the backup of 1, ");
        }

        @Test
        void isMadeFromTheOneBeforeWhicheverTestRunsFirst() throws IOException {
            String console = printed(() -> assertAllSucceeded(run(HighestFirstTestCases.class, "missing"), 3));

            assertThat(Authors.CALLS).containsExactly("1", "2", "2.1");
            assertThat(console)
                    .contains("/1.sql.zst: version 1, from migrations alone, ")
                    .contains("/2.sql.zst: version 2, from the backup of 1, ")
                    .contains("/2.1.sql.zst: version 2.1, from the backup of 2, ");
        }

        @Test
        void isNotOfAContractWhichSaysSo() throws IOException {
            assertFails(
                    ContractTestCases.class,
                    "missing",
                    "This runs for the backups that there are, and captures none. With"
                            + " metadatasnapshot.capture=missing, a test of one version does: @Test"
                            + " @MetadataSnapshot(version = \"1.0\"), with the same backups");
        }

        @Test
        void isThereForARestoreOfTheSameRun() {
            assertAllSucceeded(run(RestoringTestCases.class, "missing"), 1);
        }

        @Test
        void isWrittenOnceByParallelTests() throws IOException {
            Map<String, String> settings = settings("missing");
            settings.put("junit.jupiter.execution.parallel.enabled", "true");
            settings.put("junit.jupiter.execution.parallel.config.strategy", "fixed");
            settings.put("junit.jupiter.execution.parallel.config.fixed.parallelism", "8");

            String console = printed(() -> assertAllSucceeded(TestKit.run(ParallelTestCases.class, settings), 8));

            assertThat(files()).containsOnlyKeys("recorded/parallel.sql");
            assertThat(Authors.CALLS).containsExactly("2");
            assertThat(console).containsOnlyOnce("captured");
        }

        @ParameterizedTest
        @Images({"postgres:17", "mysql:9.7", "mariadb:11.8"})
        void isWrittenForEveryEngineUnderItsOwnName(String image) throws IOException {
            Map<String, String> settings = settings("missing");
            settings.put("metadatasnapshot.provider", "container");
            settings.put(Settings.DATABASES, image);

            assertAllSucceeded(TestKit.run(EveryEngineTestCases.class, settings), 1);

            String engine = image.replaceFirst(":.*", "").replace("postgres", "postgresql");
            assertThat(files()).containsOnlyKeys("recorded/" + engine + "/1.sql.gz");
        }

        @Test
        void isLeftAloneWhereAnotherProcessHasWrittenItMeanwhile() throws IOException {
            WritingData.target = directory.resolve("recorded/meanwhile.sql");

            String console = printed(() -> assertAllSucceeded(run(MeanwhileTestCases.class, "missing"), 1));

            assertThat(files()).containsOnlyKeys("recorded/meanwhile.sql");
            assertThat(WritingData.target).hasSameTextualContentAs(WritingData.DUMP);
            assertThat(console).doesNotContain("captured");
        }

        @Test
        void holdsDataOfATransaction() {
            assertAllSucceeded(run(TransactionTestCases.class, "missing"), 1);
        }

        @Test
        void isWrittenWhereTheLocationNamesAFile() throws IOException {
            Path file = Path.of("target/recorded/2.sql");
            Files.deleteIfExists(file);
            try {
                assertAllSucceeded(run(FileTestCases.class, "missing"), 1);
                assertThat(file).isRegularFile();
                assertThat(files()).isEmpty();
            } finally {
                Files.deleteIfExists(file);
            }
        }
    }

    @Nested
    class Replace {

        @Test
        void writesOnceInARunAndSaysSo() throws IOException {
            Path old = directory.resolve("recorded/postgresql/1.sql.gz");
            Files.createDirectories(old.getParent());
            Files.writeString(old, "not even a backup");

            String console = printed(() -> assertAllSucceeded(run(RepeatedTestCases.class, "replace"), 2));

            assertThat(inspect("recorded/postgresql/1.sql.gz").guard()).contains("1");
            assertThat(Authors.CALLS).containsExactly("1");
            assertThat(console)
                    .containsOnlyOnce("  replaced DIR/recorded/postgresql/1.sql.gz: version 1, from migrations alone, ")
                    .doesNotContain("captured");
        }

        @Test
        void writesWhatTheClassPathHas() throws IOException {
            assertAllSucceeded(run(ReplacingTestCases.class, "replace"), 1);

            assertThat(files()).containsOnlyKeys("dumps/postgresql/1-full.sql");
            assertThat(Authors.CALLS).containsExactly("1");
        }

        @Test
        void writesFilesOnly() throws IOException {
            assertFails(
                    RemoteTestCases.class,
                    "replace",
                    RemoteTestCases.class.getName(),
                    ": backup = \"https://example.org/1.sql.gz#sha256=",
                    "\" is a URL, and metadatasnapshot.capture = replace writes files only: capture into a file, and"
                            + " upload that");
        }
    }

    @Nested
    class WhatCannotBeCaptured {

        @Test
        void aBackupOfNobodyKnowsWhichVersion() throws IOException {
            assertFails(
                    NoVersionTestCases.class,
                    "missing",
                    NoVersionTestCases.class.getName(),
                    ": backup = \"recorded/latest.sql\" is to be captured, as metadatasnapshot.capture says, but of"
                            + " which version? Set version");
        }

        @Test
        void aVersionThatNoMigrationHas() throws IOException {
            assertFails(
                    UnknownVersionTestCases.class,
                    "missing",
                    "There is no migration to version 1.5. There are migrations to 1, 2, 2.1, 3");
        }

        @Test
        void dataThatTheDatabaseRefuses() throws IOException {
            FailingData.calls = 0;
            assertFails(
                    FailingDataTestCases.class,
                    "missing",
                    "Backup " + directory.resolve("recorded/failing.sql") + " of version 1 cannot be captured: "
                            + FailingData.class.getName() + " could not fill in data: ",
                    "relation \"nowhere\" does not exist");
            assertThat(FailingData.calls).as("the failure is remembered").isEqualTo(1);
        }

        @Test
        void dataThatMigrates() throws IOException {
            assertFails(
                    MigratingDataTestCases.class,
                    "missing",
                    MigratingData.class.getName() + " filled in data, the history says 7 instead of 1. It must not"
                            + " migrate");
        }

        @Test
        void dataThatCannotBeCreated() throws IOException {
            assertFails(
                    NeedingDataTestCases.class,
                    "missing",
                    NeedsAnArgument.class.getName() + " cannot be created; it needs a constructor without parameters");
        }

        @Test
        void fromAnEarlierBackupThatCannotBeUpgraded() throws IOException {
            assertAllSucceeded(run(BeforeHalfWayTestCases.class, "missing"), 1);
            assertFails(
                    HalfWayTestCases.class,
                    "missing",
                    "Backup " + directory.resolve("half/2.sql")
                            + " of version 2 cannot be captured: the earlier backup " + directory.resolve("half/1.sql")
                            + " cannot be upgraded to 2: in V2__half.sql, line 4: ");
        }

        @Test
        void fromAnEarlierBackupThatIsOfAnotherVersion() throws IOException {
            Files.createDirectories(directory.resolve("recorded"));
            Files.copy(Path.of("src/test/resources/dumps/postgresql/2-full.sql"), directory.resolve("recorded/1.sql"));
            assertFails(
                    WrongEarlierTestCases.class,
                    "missing",
                    "The annotation says version 1, but the history in the backup ",
                    "says 2");
        }
    }

    @Nested
    class AMigrationThatWasEditedSince {

        @BeforeEach
        void record(@TempDir Path migrations) throws IOException {
            EditedMigrations.location = migrations;
            Files.writeString(migrations.resolve("V1__people.sql"), "CREATE TABLE author (name VARCHAR(99));");
            Files.writeString(migrations.resolve("V2__ann.sql"), "INSERT INTO author VALUES ('Ann');");
            assertAllSucceeded(run(EditedTestCases.class, "missing"), 1);
            Files.writeString(migrations.resolve("V2__ann.sql"), "INSERT INTO author VALUES ('Anne');");
        }

        @Test
        void failsTheTestThatStartsFromTheBackup() throws IOException {
            assertFails(
                    EditedTestCases.class,
                    "missing",
                    "History rewritten: backup " + directory.resolve("edited/2.sql")
                            + " was captured at version 2 with",
                    "- 2 (ann): checksum ");
        }

        @Test
        void failsARestoreThatThenTouchesNothing() {
            assertAllSucceeded(run(RestoringEditedTestCases.class, "missing"), 1);
        }

        @Test
        void goesIntoABackupThatReplacesIt() {
            assertAllSucceeded(run(EditedTestCases.class, "replace"), 1);
            assertAllSucceeded(run(EditedTestCases.class, "missing"), 1);
        }
    }

    // The classes that are run

    /** Takes the migrations of a directory that a test edits. */
    public static final class EditedMigrations implements FlywayCustomizer {

        private static Path location;

        @Override
        public void customize(FluentConfiguration flyway) {
            flyway.locations("filesystem:" + location);
        }
    }

    @MetadataSnapshot(
            database = "postgres:17",
            version = "2",
            backups = "edited/{version}.sql",
            flyway = EditedMigrations.class)
    static class EditedTestCases {
        @Test
        void test() {}
    }

    @MetadataSnapshot(database = "postgres:17", version = "1", flyway = EditedMigrations.class)
    static class RestoringEditedTestCases {
        @Test
        void test(MetadataDatabase database, Connection connection) throws SQLException {
            assertThatThrownBy(() -> database.restore("edited/2.sql"))
                    .isInstanceOf(SnapshotException.class)
                    .hasMessageStartingWith("History rewritten: backup ");
            assertThat(database.version()).contains("1");
            assertThat(authors(connection)).isEmpty();
        }
    }

    @MetadataSnapshot(
            database = "postgres:17",
            version = "1",
            backups = "recorded/{engine}/{version}.sql.gz",
            data = Authors.class,
            locations = "migrations/library/{engine}")
    static class AuthorsTestCases {
        @Test
        void test(Connection connection) throws SQLException {
            assertThat(authors(connection)).contains("of 1");
        }
    }

    @MetadataSnapshot(
            database = "postgres:17",
            version = "1",
            backups = "recorded/{engine}/{version}.sql.gz",
            data = Authors.class,
            locations = "migrations/library/{engine}")
    static class RepeatedTestCases {
        @RepeatedTest(2)
        void test(Connection connection) throws SQLException {
            assertThat(authors(connection)).contains("of 1");
        }
    }

    @MetadataSnapshot(
            database = "postgres:17",
            version = "1",
            backups = "dumps/{engine}/{version}-full.sql",
            data = Authors.class,
            locations = "migrations/library/{engine}")
    static class OnClassPathTestCases {
        @Test
        void test(Connection connection) throws SQLException {
            assertThat(authors(connection)).containsExactly("Ann", "Bob", "Cid");
        }
    }

    @MetadataSnapshot(
            database = "postgres:17",
            version = "1",
            backups = "dumps/{engine}/{version}-full.sql",
            data = Authors.class,
            locations = "migrations/library/{engine}")
    static class ReplacingTestCases {
        @Test
        void test(Connection connection) throws SQLException {
            assertThat(authors(connection)).contains("of 1").doesNotContain("Cid");
        }
    }

    @MetadataSnapshot(
            database = "postgres:17",
            backups = "recorded/{engine}/{version}.sql.zst",
            data = Authors.class,
            locations = "migrations/library/{engine}")
    @TestMethodOrder(MethodOrderer.OrderAnnotation.class)
    static class InTurnTestCases {
        @Test
        @Order(1)
        @MetadataSnapshot(version = "1")
        void first(Connection connection) throws SQLException {
            assertThat(authors(connection)).contains("of 1");
        }

        @Test
        @Order(2)
        @MetadataSnapshot(version = "2.1")
        void second(MetadataDatabase database, Connection connection) throws SQLException {
            assertThat(database.version()).contains("2.1");
            assertThat(authors(connection)).contains("of 1", "of 2.1");
        }
    }

    @MetadataSnapshot(
            database = "postgres:17",
            backups = "recorded/{engine}/{version}.sql.zst",
            data = Authors.class,
            locations = "migrations/library/{engine}")
    @TestMethodOrder(MethodOrderer.OrderAnnotation.class)
    static class HighestFirstTestCases {
        @Test
        @Order(1)
        @MetadataSnapshot(version = "2.1")
        void highest(Connection connection) throws SQLException {
            assertThat(authors(connection)).contains("of 1", "of 2", "of 2.1");
        }

        @Test
        @Order(2)
        @MetadataSnapshot(version = "1")
        void lowest(Connection connection) throws SQLException {
            assertThat(authors(connection)).contains("of 1").doesNotContain("of 2");
        }

        @Test
        @Order(3)
        @MetadataSnapshot(version = "2")
        void between(Connection connection) throws SQLException {
            assertThat(authors(connection)).contains("of 1", "of 2");
        }
    }

    @MetadataSnapshot(
            database = "postgres:17",
            backups = "recorded/{engine}/{version}.sql.gz",
            locations = "migrations/library/{engine}")
    static class ContractTestCases implements UpgradeContract {}

    @MetadataSnapshot(
            database = "postgres:17",
            version = "1",
            backups = "recorded/{engine}/{version}.sql.gz",
            locations = "migrations/library/{engine}")
    static class RestoringTestCases {
        @Test
        void test(MetadataDatabase database) {
            database.migrateTo("2");
            assertThat(database.restore("recorded/{engine}/1.sql.gz").verdict()).isEqualTo(RestoreVerdict.REFUSED);
        }
    }

    @MetadataSnapshot(
            database = "postgres:17",
            version = "2",
            backup = "classpath:recorded/parallel.sql",
            data = Authors.class,
            locations = "migrations/library/{engine}")
    @Execution(ExecutionMode.CONCURRENT)
    static class ParallelTestCases {
        @RepeatedTest(8)
        void test(Connection connection) throws SQLException {
            assertThat(authors(connection)).contains("of 2");
        }
    }

    @MetadataSnapshot(
            databases = {"postgres:17", "mysql:9.7", "mariadb:11.8"},
            version = "1",
            backups = "recorded/{engine}/{version}.sql.gz",
            data = Authors.class,
            locations = "migrations/library/{engine}")
    static class EveryEngineTestCases {
        @Test
        void test(Connection connection) throws SQLException {
            assertThat(authors(connection)).contains("of 1");
        }
    }

    @MetadataSnapshot(
            database = "postgres:17",
            version = "2",
            backups = "file:target/recorded/{version}.sql",
            locations = "migrations/library/{engine}")
    static class FileTestCases {
        @Test
        void test(MetadataDatabase database) throws SQLException {
            assertThat(database.version()).contains("2");
        }
    }

    @MetadataSnapshot(
            database = "postgres:17",
            version = "1",
            backup = "https://example.org/1.sql.gz"
                    + "#sha256=0000000000000000000000000000000000000000000000000000000000000000",
            locations = "migrations/library/{engine}")
    static class RemoteTestCases {
        @Test
        void test() {}
    }

    @MetadataSnapshot(
            database = "postgres:17",
            backup = "recorded/latest.sql",
            locations = "migrations/library/{engine}")
    static class NoVersionTestCases {
        @Test
        void test() {}
    }

    @MetadataSnapshot(
            database = "postgres:17",
            version = "1.5",
            backups = "recorded/{version}.sql",
            locations = "migrations/library/{engine}")
    static class UnknownVersionTestCases {
        @Test
        void test() {}
    }

    @MetadataSnapshot(
            database = "postgres:17",
            version = "3",
            backups = "recorded/{version}.sql",
            locations = "migrations/library/{engine}")
    static class WrongEarlierTestCases {
        @Test
        void test() {}
    }

    @MetadataSnapshot(
            database = "postgres:17",
            version = "1",
            backups = "half/{version}.sql",
            locations = "migrations/fails")
    static class BeforeHalfWayTestCases {
        @Test
        void test() {}
    }

    @MetadataSnapshot(
            database = "postgres:17",
            version = "2",
            backups = "half/{version}.sql",
            locations = "migrations/fails")
    static class HalfWayTestCases {
        @Test
        void test() {}
    }

    /** Does what a second run at the same time would do. */
    public static final class WritingData implements SnapshotData {

        private static final Path DUMP = Path.of("src/test/resources/dumps/postgresql/1-full.sql");
        private static Path target;

        @Override
        public void fill(Connection connection, String version) throws IOException {
            Files.createDirectories(target.getParent());
            Files.copy(DUMP, target);
        }
    }

    @MetadataSnapshot(
            database = "postgres:17",
            version = "1",
            backup = "recorded/meanwhile.sql",
            data = WritingData.class,
            locations = "migrations/library/{engine}")
    static class MeanwhileTestCases {
        @Test
        void test(Connection connection) throws SQLException {
            assertThat(authors(connection)).containsExactly("Ann", "Bob", "Cid");
        }
    }

    public static final class TransactionData implements SnapshotData {
        @Override
        public void fill(Connection connection, String version) throws SQLException {
            connection.setAutoCommit(false);
            try (var statement = connection.createStatement()) {
                statement.execute("INSERT INTO author (name) VALUES ('not committed')");
            }
        }
    }

    @MetadataSnapshot(
            database = "postgres:17",
            version = "1",
            backup = "recorded/transaction.sql",
            data = TransactionData.class,
            locations = "migrations/library/{engine}")
    static class TransactionTestCases {
        @Test
        void test(Connection connection) throws SQLException {
            assertThat(authors(connection)).contains("not committed");
        }
    }

    public static final class FailingData implements SnapshotData {

        private static int calls;

        @Override
        public void fill(Connection connection, String version) throws SQLException {
            calls++;
            try (var statement = connection.createStatement()) {
                statement.execute("INSERT INTO nowhere VALUES (1)");
            }
        }
    }

    @MetadataSnapshot(
            database = "postgres:17",
            version = "1",
            backup = "recorded/failing.sql",
            data = FailingData.class,
            locations = "migrations/library/{engine}")
    static class FailingDataTestCases {
        @RepeatedTest(2)
        void test() {}
    }

    public static final class MigratingData implements SnapshotData {
        @Override
        public void fill(Connection connection, String version) throws SQLException {
            try (var statement = connection.createStatement()) {
                statement.execute("UPDATE flyway_schema_history SET version = '7'");
            }
        }
    }

    @MetadataSnapshot(
            database = "postgres:17",
            version = "1",
            backup = "recorded/migrating.sql",
            data = MigratingData.class,
            locations = "migrations/library/{engine}")
    static class MigratingDataTestCases {
        @Test
        void test() {}
    }

    record NeedsAnArgument(String argument) implements SnapshotData {
        @Override
        public void fill(Connection connection, String version) {}
    }

    @MetadataSnapshot(
            database = "postgres:17",
            version = "1",
            backup = "recorded/needing.sql",
            data = NeedsAnArgument.class,
            locations = "migrations/library/{engine}")
    static class NeedingDataTestCases {
        @Test
        void test() {}
    }
}
