package io.github.metadatasnapshot;

import static io.github.metadatasnapshot.assertion.MetadataSnapshotAssertions.assertThat;
import static io.github.metadatasnapshot.testsupport.TestKit.assertAllSucceeded;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.metadatasnapshot.engine.Engine;
import io.github.metadatasnapshot.engine.HistoryTable;
import io.github.metadatasnapshot.engine.Version;
import io.github.metadatasnapshot.migration.FlywaySettings;
import io.github.metadatasnapshot.migration.Migration;
import io.github.metadatasnapshot.migration.MigrationRun;
import io.github.metadatasnapshot.migration.Migrator;
import io.github.metadatasnapshot.migration.MigratorFactory;
import io.github.metadatasnapshot.migration.Upgrade;
import io.github.metadatasnapshot.recovery.Recovery;
import io.github.metadatasnapshot.recovery.RecoveryAttempt;
import io.github.metadatasnapshot.restore.CleanDatabase;
import io.github.metadatasnapshot.restore.DatabaseSwap;
import io.github.metadatasnapshot.restore.DocumentedClient;
import io.github.metadatasnapshot.restore.Restore;
import io.github.metadatasnapshot.restore.RestoreVerdict;
import io.github.metadatasnapshot.restore.StrictClient;
import io.github.metadatasnapshot.server.TestDatabase;
import io.github.metadatasnapshot.testsupport.RequiresDocker;
import io.github.metadatasnapshot.testsupport.TakesTurns;
import io.github.metadatasnapshot.testsupport.TestKit;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.platform.testkit.engine.EngineExecutionResults;

/** The way back from an upgrade, by a backup: by contract and by hand. */
@TakesTurns(of = 4)
class RecoveryTests {

    private static final Path BROKEN = Path.of("target", "recovery-broken.sql");

    private static final List<Recovery> RECOVERIES = new CopyOnWriteArrayList<>();

    @BeforeAll
    static void writeFiles() throws IOException {
        Path role = Files.createDirectories(Path.of("target", "recovery-role"));
        Files.writeString(role.resolve("V1__person.sql"), "CREATE TABLE person (id INT PRIMARY KEY);");
        Files.writeString(role.resolve("V2__role.sql"), "CREATE ROLE left_by_recovery;");
        Path broken = Files.createDirectories(Path.of("target", "recovery-broken"));
        Files.writeString(broken.resolve("V4__broken.sql"), "SELECT * FROM nowhere;");
        Files.writeString(
                BROKEN,
                Files.readString(Path.of("src", "test", "resources", "dumps", "postgresql", "1-full.sql"))
                        .replace(
                                "CREATE TABLE public.author ",
                                "SELECT * FROM nowhere;\n\nCREATE TABLE public.author "));
    }

    @BeforeEach
    void forget() {
        RECOVERIES.clear();
    }

    private static EngineExecutionResults run(Class<?> testClass, String cells) {
        Map<String, String> settings = TestKit.external();
        settings.put(Settings.CELLS, cells);
        return TestKit.run(testClass, settings);
    }

    private static List<String> waysBack() {
        return RECOVERIES.stream()
                .flatMap(recovery -> recovery.attempts().stream())
                .map(RecoveryAttempt::after)
                .toList();
    }

    /** Keeps what the contract has tried. */
    interface Kept extends RecoveryContract {

        @Override
        @RecoveryTest
        default void recovery(Recovery recovery) {
            RECOVERIES.add(recovery);
            RecoveryContract.super.recovery(recovery);
        }
    }

    // By contract

    @Test
    void bringsEverythingBackFromTheEndAndFromTheMiddleOfEachMigration() {
        assertAllSucceeded(run(LibraryTestCases.class, "* 1 → *"), 2);

        assertThat(waysBack())
                .containsExactlyInAnyOrder(
                        "after the upgrade",
                        "after V2__subtitle.sql was broken off at statement 2 of 2",
                        "after the upgrade");
        // PostgreSQL has undone the migration that was broken off.
        assertThat(RECOVERIES)
                .flatExtracting(Recovery::attempts)
                .filteredOn(attempt -> attempt.after().contains("broken off"))
                .allMatch(attempt -> attempt.left().isEmpty());
    }

    @Test
    void aRecoveryThatEmptiesNothingFails() {
        assertThat(TestKit.failure(run(NotEmptyingTestCases.class, "* 1 → 2 *")))
                .isInstanceOf(AssertionError.class)
                .message()
                .startsWith(
                        "2 of 2 checks of the recovery postgres:17 · 2 → 1 failed (what came of it: 2). Expected it")
                .contains("to bring everything back after the upgrade, but it was SILENTLY_ACCEPTED")
                .contains("\nbefore the restore this was left of the upgrade:\n- ")
                .contains("\n- table publisher is new, with 0 rows")
                .contains(
                        "\n2) to bring everything back after V2__subtitle.sql was broken off at statement 2 of 2, but it"
                                + " was SILENTLY_ACCEPTED")
                .endsWith("\nbefore the restore nothing was left of the upgrade")
                .doesNotContain("what the next migrate");
    }

    @Test
    void whatIsKnownToFailPassesWhileItDoes() {
        assertAllSucceeded(run(KnownTestCases.class, "* 1 → 2 *"), 1);

        assertThat(TestKit.failure(run(KnownOfOthersTestCases.class, "* 1 → 2 *")))
                .hasMessageStartingWith(
                        "postgres:17 · 1 → 2 · recovery: @Expect(at = \"2\", recoveryFails = \"table audit\") no"
                                + " longer happens, nothing of what fails is about table audit. If ");
        assertThat(TestKit.failure(run(KnownInVainTestCases.class, "* 1 → 2 *")))
                .hasMessageStartingWith(
                        "postgres:17 · 1 → 2 · recovery: @Expect(from = \"1\", to = \"2\", recoveryFails ="
                                + " \"SILENTLY_ACCEPTED\") no longer happens, all that is checked holds. If ");
    }

    @Test
    void aDataOnlyBackupGoesIntoADatabaseThatIsMigratedToItsVersion() {
        assertAllSucceeded(run(DataOnlyTestCases.class, "* 1 → 2 *"), 1);
    }

    @Test
    void aSwapBringsEverythingBack() {
        assertAllSucceeded(run(SwappingTestCases.class, "* 1 → 2 *"), 1);
    }

    @Nested
    @RequiresDocker
    @TakesTurns(of = 2)
    class WhereDdlIsNotUndone {

        @Test
        void bringsEverythingBackFromMySql() {
            assertBringsBack("mysql:9.7");
        }

        @Test
        void bringsEverythingBackFromMariaDb() {
            assertBringsBack("mariadb:11.8");
        }

        private static void assertBringsBack(String image) {
            assertAllSucceeded(
                    TestKit.run(
                            OnMySqlTestCases.class,
                            Map.of(Settings.DATABASES, image, Settings.CELLS, "* 1 → 2 *", Settings.STORAGE, "memory")),
                    1);

            assertThat(waysBack())
                    .containsExactly("after the upgrade", "after V2__subtitle.sql was broken off at statement 2 of 2");
            assertThat(RECOVERIES.get(0).attempts().get(1).left())
                    .anyMatch(line -> line.startsWith("column book.subtitle is new"));
        }

        @Test
        void aRecoveryThatEmptiesNothingFails() {
            assertThat(TestKit.failure(TestKit.run(
                            NotEmptyingOnMySqlTestCases.class,
                            Map.of(Settings.CELLS, "* 1 → 2 *", Settings.STORAGE, "memory"))))
                    .hasMessageContaining("to bring everything back after the upgrade, but it was SILENTLY_ACCEPTED")
                    .hasMessageContaining("- table publisher is there, which the backup does not have");
        }
    }

    @MetadataSnapshot(
            database = "postgres:17",
            locations = "migrations/library/{engine}",
            backups = "dumps/{engine}/{version}-full.sql")
    static class LibraryTestCases implements Kept {}

    @MetadataSnapshot(
            database = "postgres:17",
            locations = "migrations/library/{engine}",
            backups = "dumps/{engine}/{version}-full.sql",
            recovery = DocumentedClient.class)
    static class NotEmptyingTestCases implements RecoveryContract {}

    @MetadataSnapshot(
            database = "postgres:17",
            locations = "migrations/library/{engine}",
            backups = "dumps/{engine}/{version}-full.sql",
            recovery = DocumentedClient.class,
            expect = @Expect(at = "2", recoveryFails = "SILENTLY_ACCEPTED", because = "known"))
    static class KnownTestCases implements RecoveryContract {}

    @MetadataSnapshot(
            database = "postgres:17",
            locations = "migrations/library/{engine}",
            backups = "dumps/{engine}/{version}-full.sql",
            recovery = DocumentedClient.class,
            expect = @Expect(at = "2", recoveryFails = "table audit", because = "known"))
    static class KnownOfOthersTestCases implements RecoveryContract {}

    @MetadataSnapshot(
            database = "postgres:17",
            locations = "migrations/library/{engine}",
            backups = "dumps/{engine}/{version}-full.sql",
            expect = @Expect(from = "1", to = "2", recoveryFails = "SILENTLY_ACCEPTED", because = "known"))
    static class KnownInVainTestCases implements RecoveryContract {}

    @MetadataSnapshot(
            database = "postgres:17",
            locations = "migrations/library/{engine}",
            backups = "dumps/{engine}/{version}-data.sql")
    static class DataOnlyTestCases implements RecoveryContract {}

    @MetadataSnapshot(
            database = "postgres:17",
            locations = "migrations/library/{engine}",
            backups = "dumps/{engine}/{version}-full.sql",
            recovery = DatabaseSwap.class)
    static class SwappingTestCases implements RecoveryContract {}

    @MetadataSnapshot(
            databases = {"mysql:9.7", "mariadb:11.8"},
            locations = "migrations/library/mysql",
            backups = "dumps/{engine}/{version}-full.sql")
    static class OnMySqlTestCases implements Kept {}

    @MetadataSnapshot(
            database = "mysql:9.7",
            locations = "migrations/library/mysql",
            backups = "dumps/{engine}/{version}-full.sql",
            recovery = DocumentedClient.class)
    static class NotEmptyingOnMySqlTestCases implements RecoveryContract {}

    // By hand

    @Test
    void whatTheBackupItselfLacksIsToldApart() {
        assertThat(TestKit.failure(TestKit.run(LaterRowsTestCases.class)))
                .hasMessageContaining(
                        "to bring everything back after the upgrade, but the backup"
                                + " dumps/postgresql/1-full.sql itself is not what the database held before the upgrade, and was"
                                + " restored as it is:\n- table audit has 1 rows, before it had 2\n- table author has 3 rows, before it had 4");
    }

    @Test
    @RequiresDocker
    void anUpgradeThatFailsOnWhatWasBroughtBackIsTold() {
        assertThat(TestKit.failure(TestKit.run(RoleTestCases.class, Map.of(Settings.STORAGE, "memory"))))
                .hasMessageContaining("the same upgrade to succeed again after the upgrade, but it fails on what was"
                        + " brought back: in V2__role.sql, line 1: ERROR: role \"left_by_recovery\" already exists")
                .hasMessageContaining(
                        "to break the upgrade off in each migration, but it fails when it is made again: in"
                                + " V2__role.sql, line 1: ERROR: role");
    }

    @Test
    void comesBackFromAnUpgradeThatFailed() {
        assertAllSucceeded(TestKit.run(FailedTestCases.class), 1);

        assertThat(waysBack()).containsExactly("after the upgrade failed in V4__broken.sql, line 1");
    }

    @Test
    void isBrokenOffBetweenVersionsWhereStatementsAreNotSeen() {
        assertAllSucceeded(TestKit.run(UnseenTestCases.class), 1);

        assertThat(waysBack())
                .containsExactly(
                        "after the upgrade",
                        "after the upgrade was broken off at 2",
                        "after the upgrade was broken off at 2.1");
        assertThat(RECOVERIES.get(0).notes())
                .containsExactly("broken off between versions, not within migrations, since the statements of the"
                        + " product are not seen");
    }

    @Test
    void aBackupThatFailsInTheSecondDatabaseChangesNothing() {
        assertAllSucceeded(TestKit.run(TriedFirstTestCases.class), 2);
    }

    @MetadataSnapshot(
            database = "postgres:17",
            locations = "migrations/library/{engine}",
            backup = "dumps/{engine}/1-full.sql")
    static class LaterRowsTestCases {

        @Test
        void test(MetadataDatabase database) throws SQLException {
            try (Connection connection = database.connect();
                    var statement = connection.createStatement()) {
                statement.execute("INSERT INTO author (name) VALUES ('later')");
            }
            Upgrade upgrade = database.migrateTo("2");

            assertThat(database.recover(upgrade, "dumps/{engine}/1-full.sql")).broughtBackEverything();
        }
    }

    /** What lies outside of the database is in no backup of it. */
    @MetadataSnapshot(database = "postgres:17", version = "1", locations = "filesystem:target/recovery-role")
    static class RoleTestCases {

        @Test
        void test(MetadataDatabase database) throws Exception {
            Path backup = Path.of("target", "recovery-role.sql");
            database.capture(backup);
            Upgrade upgrade = database.migrateTo("2");

            assertThat(database.recover(upgrade, backup.toString())).broughtBackEverything();
        }
    }

    @MetadataSnapshot(
            database = "postgres:17",
            locations = {"migrations/library/{engine}", "filesystem:target/recovery-broken"},
            backup = "dumps/{engine}/3-full.sql")
    static class FailedTestCases {

        @Test
        void test(MetadataDatabase database) {
            Upgrade upgrade = database.migrateTo("4");
            assertThat(upgrade).failed();

            Recovery recovery = database.recover(upgrade, "dumps/{engine}/3-full.sql");
            RECOVERIES.add(recovery);
            assertThat(recovery).broughtBackEverything();
        }
    }

    @MetadataSnapshot(
            database = "postgres:17",
            locations = "migrations/library/{engine}",
            backup = "dumps/{engine}/1-full.sql",
            migrator = Unseen.Factory.class)
    static class UnseenTestCases {

        @Test
        void test(MetadataDatabase database) {
            Recovery recovery = database.recover(database.migrateTo("3"), "dumps/{engine}/1-full.sql");
            RECOVERIES.add(recovery);
            assertThat(recovery).broughtBackEverything();
        }
    }

    /** Flyway, as if it were a product's own command. */
    private record Unseen(Migrator flyway) implements Migrator {

        /** Makes it. */
        static final class Factory implements MigratorFactory {

            @Override
            public Migrator create(FlywaySettings settings, Engine engine, ClassLoader classLoader) {
                return new Unseen(new BuiltIn().create(settings, engine, classLoader));
            }
        }

        @Override
        public List<Migration> migrations(TestDatabase database) {
            return flyway.migrations(database);
        }

        @Override
        public List<String> validate(TestDatabase database, Version target) {
            return flyway.validate(database, target);
        }

        @Override
        public HistoryTable historyTable() {
            return flyway.historyTable();
        }

        @Override
        public MigrationRun migrate(TestDatabase database, Version target, Purpose purpose) {
            return flyway.migrate(database, target, purpose);
        }

        @Override
        public String toString() {
            return "the product";
        }
    }

    @MetadataSnapshot(
            database = "postgres:17",
            version = "2",
            locations = "migrations/library/{engine}",
            backup = "dumps/{engine}/2-full.sql")
    static class TriedFirstTestCases {

        @Test
        void tried(MetadataDatabase database) {
            Restore restore = database.restore(BROKEN.toString(), new CleanDatabase(new StrictClient(), true));

            assertThat(restore.verdict()).isEqualTo(RestoreVerdict.ROLLED_BACK);
            assertThat(restore.report().client()).endsWith(", into a second database");
            assertThat(restore).leftDatabaseUntouched();
        }

        @Test
        void notTried(MetadataDatabase database) {
            Restore restore = database.restore(BROKEN.toString(), new CleanDatabase(new StrictClient(), false));

            assertThat(restore.verdict()).isEqualTo(RestoreVerdict.PARTIALLY_APPLIED);
            assertThat(restore.report().client()).endsWith(", into the emptied database: what it held before is gone");
        }
    }
}
