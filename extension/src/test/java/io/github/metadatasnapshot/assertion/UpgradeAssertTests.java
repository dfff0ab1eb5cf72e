package io.github.metadatasnapshot.assertion;

import static io.github.metadatasnapshot.assertion.MetadataSnapshotAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.metadatasnapshot.migration.AppliedMigration;
import io.github.metadatasnapshot.migration.FlywayMigrator;
import io.github.metadatasnapshot.migration.FlywaySettings;
import io.github.metadatasnapshot.migration.Migrator;
import io.github.metadatasnapshot.migration.Upgrade;
import io.github.metadatasnapshot.server.DatabaseServer;
import io.github.metadatasnapshot.server.TestDatabase;
import io.github.metadatasnapshot.testsupport.Library;
import io.github.metadatasnapshot.testsupport.RequiresDocker;
import io.github.metadatasnapshot.testsupport.Scripts;
import io.github.metadatasnapshot.testsupport.TakesTurns;
import io.github.metadatasnapshot.testsupport.TestServers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@TakesTurns(of = 2)
class UpgradeAssertTests {

    private TestDatabase database;

    @BeforeEach
    void createDatabase() {
        database = TestServers.embedded().createDatabase();
    }

    @AfterEach
    void dropDatabase() {
        database.close();
    }

    private Upgrade upgrade(String locations, String version) {
        return upgrade(database, locations, version);
    }

    private static Upgrade upgrade(TestDatabase database, String locations, String version) {
        FlywaySettings settings =
                new FlywaySettings(List.of(), List.of(locations), "", List.of(), Map.of(), Optional.empty(), false);
        FlywayMigrator migrator =
                new FlywayMigrator(settings, database.engine(), UpgradeAssertTests.class.getClassLoader());
        return Upgrade.run(database, migrator, Optional.of(version));
    }

    @Test
    void succeededPassesAfterAnUpgradeThatDid() {
        Upgrade upgrade = upgrade("migrations/simple", "1.9");

        assertThat(assertThat(upgrade).succeeded()).isInstanceOf(UpgradeAssert.class);
    }

    @Test
    void succeededFailsWithTheMigrationItsLineStatementAndSqlState() {
        Upgrade upgrade = upgrade("migrations/fails", "2");

        assertThatThrownBy(() -> assertThat(upgrade).succeeded())
                .isInstanceOf(AssertionError.class)
                .hasMessageStartingWith(
                        "Expected the upgrade postgres:17 · no version → 2 to succeed, but the database is at 1;"
                                + " V2__half.sql, line 4 failed: ERROR: relation \"nowhere\" does not exist")
                .hasMessageContaining("(SQLSTATE 42P01)\nstatement: INSERT INTO nowhere");
    }

    @Test
    void succeededFailsWhereTheHistoryDoesNotSayItWhateverFlywayReports(@TempDir Path directory) {
        Migrator migrator = new Scripts(directory)
                .with("V1__people.sql", "CREATE TABLE person (id INT PRIMARY KEY);")
                .with("V2__more.sql", "INSERT INTO person VALUES (1);")
                .with("afterMigrate.sql", "DELETE FROM flyway_schema_history WHERE version = '2';")
                .migrator(database.engine());
        Upgrade upgrade = Upgrade.run(database, migrator, Optional.of("2"));

        assertThat(upgrade.failure()).isEmpty();
        assertThatThrownBy(() -> assertThat(upgrade).succeeded())
                .isInstanceOf(AssertionError.class)
                .hasMessageStartingWith(
                        "Expected the upgrade postgres:17 · no version → 2 to succeed, but the database is at 1;"
                                + " no migration failed, and the history does not say that every one succeeded");
    }

    @Test
    void matchesCleanInstallFailsWhereTheHistoryOfACleanInstallDoesNotGetThere(@TempDir Path directory) {
        Migrator migrator = new Scripts(directory)
                .with("V1__people.sql", "CREATE TABLE person (id INT PRIMARY KEY);")
                .with("V2__pets.sql", "CREATE TABLE pet (id INT PRIMARY KEY);")
                .with(
                        "afterMigrate.sql",
                        "DELETE FROM flyway_schema_history WHERE version = '2' AND NOT EXISTS (SELECT FROM person);")
                .migrator(database.engine());
        Upgrade.run(database, migrator, Optional.of("1"));
        Library.execute(database, "INSERT INTO person VALUES (1)");
        Upgrade upgrade = Upgrade.run(database, migrator, Optional.of("2"));

        assertThat(upgrade).succeeded();
        assertThatThrownBy(() -> assertThat(upgrade).matchesCleanInstall())
                .isInstanceOf(AssertionError.class)
                .hasMessageStartingWith(
                        "Expected the upgrade postgres:17 · 1 → 2 to end with the shape of a clean install"
                                + " of 2, but ")
                .hasMessageContaining("its history says 1");
    }

    @Test
    void succeededTellsWhatWasAppliedBeforeTheFailureAndThatItWasRolledBack() {
        Upgrade upgrade = upgrade("migrations/fails", "2");

        assertThat(upgrade.migrations()).extracting(AppliedMigration::script).containsExactly("V1__people.sql");
        assertThatThrownBy(() -> assertThat(upgrade).succeeded()).message().matches("""
                        (?s).*
                        applied before:
                        - V1__people\\.sql took \\d+ ms: 1 row inserted
                        nothing is left of what failed""");
    }

    @Test
    @RequiresDocker
    void succeededTellsWhatIsLeftOfAMigrationThatIsNotRolledBack() {
        try (TestDatabase mysql = TestServers.container("mysql:9.7").createDatabase()) {
            Upgrade upgrade = upgrade(mysql, "migrations/fails", "2");

            assertThatThrownBy(() -> assertThat(upgrade).succeeded()).message().matches("""
                            (?s).* but the database is at 1; V2__half\\.sql, line 4 failed: .*
                            applied before:
                            - V1__people\\.sql took \\d+ ms: [^\\n]*
                            left of what failed:
                            - table half is new, with 0 rows""");
        }
    }

    @Test
    @RequiresDocker
    void succeededTellsWhatIsLeftOfARepeatableMigrationThatIsNotRolledBack(@TempDir Path directory) throws IOException {
        Scripts scripts = new Scripts(directory)
                .with("V1__people.sql", "CREATE TABLE person (id INT PRIMARY KEY);")
                .with("R__a.sql", "CREATE OR REPLACE VIEW a AS SELECT id FROM person;")
                .with("R__b.sql", "CREATE OR REPLACE VIEW b AS SELECT id FROM person;", "SELECT * FROM nowhere;");
        String left = "\nleft of what failed:\n- view b is new";
        DatabaseServer server = TestServers.container("mysql:9.7");
        try (TestDatabase mysql = server.createDatabase()) {
            // After another repeatable one,
            assertThatThrownBy(() -> assertThat(Upgrade.run(mysql, scripts.migrator(mysql.engine()), Optional.of("1")))
                            .succeeded())
                    .hasMessageContaining("the database is at 1; R__b.sql, line 2 failed: ")
                    .hasMessageContaining("\n- R__a.sql took ")
                    .hasMessageEndingWith(left);
        }
        Files.delete(directory.resolve("R__a.sql"));
        try (TestDatabase mysql = server.createDatabase()) {
            // after a versioned one,
            assertThatThrownBy(() -> assertThat(Upgrade.run(mysql, scripts.migrator(mysql.engine()), Optional.of("1")))
                            .succeeded())
                    .hasMessageEndingWith(left);
            Library.execute(mysql, "DROP VIEW b", "DELETE FROM flyway_schema_history WHERE version IS NULL");
            // and where it is the first.
            assertThatThrownBy(() -> assertThat(Upgrade.run(mysql, scripts.migrator(mysql.engine()), Optional.of("1")))
                            .succeeded())
                    .hasMessageContaining("\nno migration was applied before\n")
                    .hasMessageEndingWith(left);
        }
    }

    @Test
    void succeededNamesTheNewestThreeOfWhatWasAppliedBefore(@TempDir Path directory) {
        Scripts scripts = new Scripts(directory).with("V60__half.sql", "SELECT * FROM nowhere;");
        for (int i = 1; i < 60; i++) {
            scripts.with("V" + i + "__step.sql", "SELECT 1;");
        }
        Upgrade upgrade = Upgrade.run(database, scripts.migrator(database.engine()), Optional.of("60"));

        assertThatThrownBy(() -> assertThat(upgrade).succeeded())
                .message()
                .contains("the database is at 59; V60__half.sql, line 1 failed: ERROR")
                .matches("""
                        (?s).*
                        applied before:
                        - 56 migrations, then
                        - V57__step\\.sql took \\d+ ms
                        - V58__step\\.sql took \\d+ ms
                        - V59__step\\.sql took \\d+ ms
                        nothing is left of what failed""");
    }

    @Test
    void failedPassesAfterAnUpgradeThatDid() {
        assertThat(upgrade("migrations/fails", "2")).failed();
    }

    @Test
    void failedFailsAfterOneThatSucceeded() {
        Upgrade one = upgrade("migrations/simple", "1.8");
        Upgrade more = upgrade("migrations/simple", "1.10");

        assertThatThrownBy(() -> assertThat(one).failed())
                .hasMessage(
                        "Expected the upgrade postgres:17 · no version → 1.8 to fail, but it succeeded with 1 migration");
        assertThatThrownBy(() -> assertThat(more).failed())
                .hasMessage(
                        "Expected the upgrade postgres:17 · 1.8 → 1.10 to fail, but it succeeded with 2 migrations");
    }

    @Test
    void timesAndLocksWithinTheBudgetPass() {
        Upgrade upgrade = upgrade("migrations/slow", "2");

        assertThat(upgrade)
                .completedWithin(Duration.ofMinutes(1))
                .eachMigrationCompletedWithin(Duration.ofMinutes(1))
                .lockedNoTableLongerThan(Duration.ofMinutes(1));
    }

    @Test
    void completedWithinNamesTheSlowestMigrations() {
        Upgrade upgrade = upgrade("migrations/slow", "3");

        assertThatThrownBy(() -> assertThat(upgrade).completedWithin(Duration.ofMillis(200)))
                .isInstanceOf(AssertionError.class)
                .message()
                .matches("""
                        Expected the upgrade postgres:17 · no version → 3 to complete within 200 ms, but it took \\d+ ms
                        - V2__slow\\.sql took \\d+ ms: 2 rows updated; locked person for \\d+ ms
                        - V[13]__\\w+\\.sql took [^\\n]*
                        - V[13]__\\w+\\.sql took [^\\n]*""");
    }

    @Test
    void eachMigrationCompletedWithinNamesThoseThatDidNot() {
        Upgrade upgrade = upgrade("migrations/slow", "3");

        assertThatThrownBy(() -> assertThat(upgrade).eachMigrationCompletedWithin(Duration.ofMillis(299)))
                .message()
                .matches("Expected the upgrade postgres:17 · no version → 3 to complete each migration within 299 ms,"
                        + " but 1 of 3 migrations took longer\n"
                        + "- V2__slow\\.sql took \\d+ ms: 2 rows updated; locked person for \\d+ ms");
    }

    @Test
    void lockedNoTableLongerThanNamesTheTable() {
        Upgrade upgrade = upgrade("migrations/slow", "3");

        assertThatThrownBy(() -> assertThat(upgrade).lockedNoTableLongerThan(Duration.ofMillis(250)))
                .message()
                .matches("Expected the upgrade postgres:17 · no version → 3 to lock no table for longer than 250 ms,"
                        + " but 1 of 3 migrations did\n"
                        + "- V2__slow\\.sql took \\d+ ms: 2 rows updated; locked person for \\d+ ms");
    }

    @Test
    void timesAndLocksOfAnUpgradeThatFailedAreNone() {
        Upgrade upgrade = upgrade("migrations/fails", "2");

        assertThatThrownBy(() -> assertThat(upgrade).completedWithin(Duration.ofMinutes(1)))
                .hasMessageContaining("to succeed, but the database is at 1; ");
        assertThatThrownBy(() -> assertThat(upgrade).eachMigrationCompletedWithin(Duration.ofMinutes(1)))
                .hasMessageContaining("to succeed, but the database is at 1; ");
        assertThatThrownBy(() -> assertThat(upgrade).lockedNoTableLongerThan(Duration.ofMinutes(1)))
                .hasMessageContaining("to succeed, but the database is at 1; ");
    }

    @Test
    @RequiresDocker
    void locksThatTheServerDoesNotTellOfAreNoSuccess() {
        try (TestDatabase mysql = TestServers.container("mysql:9.7").createDatabase()) {
            Upgrade upgrade = upgrade(mysql, "migrations/library/mysql", "2");

            assertThatThrownBy(() -> assertThat(upgrade).lockedNoTableLongerThan(Duration.ofMinutes(1)))
                    .hasMessageStartingWith(
                            "Expected the upgrade mysql:9.7 · no version → 2 to lock no table for longer"
                                    + " than 60000 ms, but of 2 of 2 migrations that is not known: the server did not tell")
                    .hasMessageContaining("\n- V1__library.sql took ");
        }
    }

    @Test
    void theDescriptionStandsBeforeTheMessage() {
        Upgrade upgrade = upgrade("migrations/simple", "1.8");

        assertThatThrownBy(() -> assertThat(upgrade).as("the new release").failed())
                .hasMessageStartingWith("[the new release] Expected the upgrade");
    }

    @Test
    void nullFails() {
        assertThatThrownBy(() -> assertThat((Upgrade) null).succeeded()).hasMessageContaining("not to be null");
        assertThatThrownBy(() -> assertThat((Upgrade) null).failed()).hasMessageContaining("not to be null");
    }
}
