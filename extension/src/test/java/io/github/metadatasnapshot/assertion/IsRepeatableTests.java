package io.github.metadatasnapshot.assertion;

import static io.github.metadatasnapshot.assertion.MetadataSnapshotAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.metadatasnapshot.engine.Engine;
import io.github.metadatasnapshot.migration.FlywayCustomizer;
import io.github.metadatasnapshot.migration.MigrationException;
import io.github.metadatasnapshot.migration.Migrator;
import io.github.metadatasnapshot.migration.Upgrade;
import io.github.metadatasnapshot.server.DatabaseServer;
import io.github.metadatasnapshot.server.TestDatabase;
import io.github.metadatasnapshot.testsupport.Images;
import io.github.metadatasnapshot.testsupport.Library;
import io.github.metadatasnapshot.testsupport.RequiresDocker;
import io.github.metadatasnapshot.testsupport.Sample;
import io.github.metadatasnapshot.testsupport.Scripts;
import io.github.metadatasnapshot.testsupport.TakesTurns;
import io.github.metadatasnapshot.testsupport.TestKit;
import io.github.metadatasnapshot.testsupport.TestServers;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@TakesTurns(of = 3)
class IsRepeatableTests {

    private static final String INSERT = "INSERT INTO person VALUES ((SELECT max(id) + 1 FROM person), 'again');";

    private Scripts scripts;

    @BeforeEach
    void writeMigrations(@TempDir Path directory) {
        scripts = new Scripts(directory)
                .with(
                        "V1__people.sql",
                        "CREATE TABLE person (id INT PRIMARY KEY, name VARCHAR(100) NOT NULL);",
                        "INSERT INTO person VALUES (1, 'Ann');")
                .with("V2__email.sql", "ALTER TABLE person ADD email VARCHAR(100);");
    }

    private static void assertFails(Upgrade upgrade, String message) {
        assertThatThrownBy(() -> assertThat(upgrade).isRepeatable())
                .isInstanceOf(AssertionError.class)
                .hasMessageStartingWith("Expected the upgrade " + upgrade + " to be repeatable, but:\n- " + message);
    }

    @Nested
    class OnPostgreSql {

        private TestDatabase database;

        @BeforeEach
        void createDatabase() {
            database = TestServers.embedded().createDatabase();
        }

        @AfterEach
        void dropDatabase() {
            database.close();
        }

        private Upgrade upgrade() {
            return upgrade("2");
        }

        private Upgrade upgrade(String version) {
            return Upgrade.run(database, scripts.migrator(Engine.POSTGRESQL), Optional.of(version));
        }

        @Test
        void passesAndLeavesTheDatabaseAsItIs() {
            scripts.with("R__people.sql", "CREATE OR REPLACE VIEW people AS SELECT id, name FROM person;");
            Upgrade upgrade = upgrade();

            assertThat(assertThat(upgrade).isRepeatable()).isInstanceOf(UpgradeAssert.class);

            assertThat(Library.query(database, "SELECT count(*) FROM flyway_schema_history"))
                    .containsExactly("3");
            assertThat(Library.query(database, "SELECT count(*) FROM flyway_schema_history WHERE version IS NULL"))
                    .containsExactly("1");
        }

        @Test
        void migratesOnceWhereAllIsWell() {
            scripts.with("R__people.sql", "CREATE OR REPLACE VIEW people AS SELECT id, name FROM person;");
            Migrator migrator = scripts.migrator(Engine.POSTGRESQL);
            AtomicInteger runs = new AtomicInteger();
            Migrator counting = (Migrator) Proxy.newProxyInstance(
                    Migrator.class.getClassLoader(), new Class<?>[] {Migrator.class}, (proxy, method, arguments) -> {
                        if (method.getName().equals("migrate")) {
                            runs.incrementAndGet();
                        }
                        return method.invoke(migrator, arguments);
                    });
            Upgrade upgrade = Upgrade.run(database, counting, Optional.of("2"));
            runs.set(0);

            assertThat(upgrade).isRepeatable();

            assertThat(runs).hasValue(1);
        }

        @Test
        void aRepeatableMigrationThatFailsTheSecondTime() {
            scripts.with("R__people.sql", "CREATE VIEW people AS SELECT id, name FROM person;");

            assertFails(
                    upgrade(),
                    "a repeatable migration cannot be applied twice, in R__people.sql, line 1:"
                            + " ERROR: relation \"people\" already exists (SQLSTATE 42P07)");
        }

        @Test
        void aRepeatableMigrationThatAddsRowsEachTime() {
            scripts.with("R__person.sql", INSERT);

            assertThatThrownBy(() -> assertThat(upgrade()).isRepeatable())
                    .hasMessage("Expected the upgrade postgres:17 · no version → 2 to be repeatable, but:"
                            + "\n- after repeatable migrations were applied twice, table person has 3 rows, before it had"
                            + " 2");
        }

        @Test
        void aRepeatableMigrationThatIsAnotherEachTime() {
            // Flyway's own ${flyway:timestamp} is the same for a second.
            FlywayCustomizer stamp = flyway ->
                    flyway.placeholders(Map.of("stamp", UUID.randomUUID().toString()));
            scripts.with("R__stamp.sql", "COMMENT ON TABLE person IS '${stamp}';");
            Upgrade upgrade = Upgrade.run(database, scripts.migrator(Engine.POSTGRESQL, stamp), Optional.of("2"));

            assertThatThrownBy(() -> assertThat(upgrade).isRepeatable())
                    .hasMessageContaining(
                            "\n- a second migrate applies R__stamp.sql again\n- after a second migrate the"
                                    + " history has other rows, of the same version 2");
        }

        @Test
        void aRepeatableMigrationThatNeverRan() {
            scripts.with("R__people.sql", "CREATE OR REPLACE VIEW people AS SELECT id, name FROM person;");
            Upgrade upgrade = upgrade();
            Library.execute(database, "DELETE FROM flyway_schema_history WHERE version IS NULL");

            assertFails(
                    upgrade,
                    "the repeatable migration 'people' never ran\n"
                            + "- Detected resolved repeatable migration not applied to database: people");
        }

        @Test
        void aCallbackThatChangesSomethingEachTime() {
            scripts.with("afterMigrate.sql", INSERT);

            assertFails(upgrade(), "after a second migrate table person has 3 rows, before it had 2");
        }

        @Test
        void aMigrationEditedAfterItsRelease() {
            FlywayCustomizer lenient = flyway -> flyway.validateOnMigrate(false);
            upgrade("1");
            scripts.with("V1__people.sql", "CREATE TABLE person (id BIGINT PRIMARY KEY);");
            Upgrade upgrade = Upgrade.run(database, scripts.migrator(Engine.POSTGRESQL, lenient), Optional.of("2"));

            assertThat(upgrade).succeeded();
            assertFails(upgrade, "Migration checksum mismatch for migration version 1 -> Applied to database : ");
        }

        @Test
        void aSecondMigrateThatFails() {
            scripts.with("beforeMigrate.sql", "CREATE TABLE lock_of_the_installer (id INT);");
            assertFails(
                    upgrade(),
                    "a second migrate fails, in beforeMigrate.sql, line 1: ERROR: relation \"lock_of_the_installer\"");
        }

        @Test
        void aHistoryInWhichAMigrationFailed() {
            Upgrade upgrade = upgrade();
            Library.execute(database, "UPDATE flyway_schema_history SET success = false WHERE version = '1'");
            assertFails(upgrade, "the history says that V1__people.sql failed");
        }

        @Test
        void aMigrationOutOfOrderWhereTheProductDoesNotAllowIt() {
            Upgrade upgrade = outOfOrder(flyway -> {});

            assertThatThrownBy(() -> assertThat(upgrade).isRepeatable())
                    .hasMessage(
                            "Expected the upgrade postgres:17 · 2 → 2 to be repeatable, but:\n- the history says that"
                                    + " V1.5__late.sql was applied out of order, as number 3 and after a higher version");
        }

        @Test
        void aMigrationOutOfOrderWhereTheProductAllowsItIsNoFinding() {
            assertThat(outOfOrder(flyway -> flyway.outOfOrder(true)))
                    .succeeded()
                    .isRepeatable()
                    .ignoringColumnOrder()
                    .matchesCleanInstall();
        }

        private Upgrade outOfOrder(FlywayCustomizer product) {
            upgrade();
            scripts.with("V1.5__late.sql", "ALTER TABLE person ADD late INT;");
            Upgrade.run(
                    database, scripts.migrator(Engine.POSTGRESQL, flyway -> flyway.outOfOrder(true)), Optional.of("2"));
            return Upgrade.run(database, scripts.migrator(Engine.POSTGRESQL, product), Optional.of("2"));
        }

        static Stream<String> harmless() {
            return Sample.of(
                    List.of(
                            // Flyway's placeholders, of which the time is another in each second.
                            "-- ${flyway:timestamp}\nCREATE OR REPLACE VIEW v AS SELECT id FROM person;",
                            "-- ${flyway:user}\nCREATE OR REPLACE VIEW v AS SELECT id FROM person;",
                            "CREATE OR REPLACE VIEW v AS SELECT '${flyway:database}' AS database, id FROM person;",
                            // The server's own words for it.
                            "DO $$ BEGIN EXECUTE format('COMMENT ON TABLE person IS %L', current_database()); END $$;",
                            "DELETE FROM person WHERE id > 1; INSERT INTO person VALUES (2, current_database());",
                            "DO $$ BEGIN EXECUTE format('CREATE OR REPLACE VIEW v AS SELECT %L AS name', current_catalog); END $$;"),
                    1,
                    2);
        }

        @ParameterizedTest
        @MethodSource("harmless")
        void aRepeatableMigrationThatNamesTheDatabaseOrTheTimeIsNoFinding(String sql) throws InterruptedException {
            scripts.with("R__person.sql", sql);
            Upgrade upgrade = upgrade();
            if (sql.contains("timestamp")) {
                Thread.sleep(1100);
            }

            assertThat(upgrade).isRepeatable().matchesCleanInstall();

            assertThat(Library.query(database, "SELECT count(*) FROM flyway_schema_history"))
                    .containsExactly("3");
        }

        @Test
        void aRepeatableMigrationThatWritesTheTimeIsJudgedByWhatItChanges() throws InterruptedException {
            scripts.with("R__person.sql", "COMMENT ON TABLE person IS 'as of ${flyway:timestamp}';");
            Upgrade upgrade = upgrade();
            Thread.sleep(1100);

            assertThatThrownBy(() -> assertThat(upgrade).isRepeatable())
                    .hasMessageContaining("- a second migrate applies R__person.sql again\n")
                    .hasMessageContaining("- after a second migrate comment table person has changed");
        }

        @Test
        void aDatabaseThatWasMigratedFurtherSince() {
            Upgrade upgrade = upgrade("1");
            upgrade("2");

            assertThatThrownBy(() -> assertThat(upgrade).isRepeatable())
                    .isInstanceOf(MigrationException.class)
                    .hasMessage("The upgrade postgres:17 · no version → 1 cannot be repeated: the database is at 2 now."
                            + " Repeat it before anything else migrates the database");
        }

        @Test
        void aDatabaseThatCannotBeCopiedIsMigratedItself() {
            scripts.with("R__people.sql", "CREATE VIEW people AS SELECT id, name FROM person;")
                    .with("afterMigrate.sql", "SELECT 1;");
            DatabaseServer single = TestKit.singleDatabaseServer(database);
            try (TestDatabase only = single.createDatabase()) {
                Migrator migrator = scripts.migrator(Engine.POSTGRESQL);
                Upgrade upgrade = Upgrade.run(only, migrator, Optional.of("2"));
                assertThat(upgrade).isRepeatable();
                scripts.with("afterMigrate.sql", INSERT);

                assertFails(upgrade, "after a second migrate table person has 2 rows, before it had 1");
                assertThat(Library.query(only, "SELECT count(*) FROM person")).containsExactly("2");
            }
        }

        @Test
        void nullFails() {
            assertThatThrownBy(() -> assertThat((Upgrade) null).isRepeatable()).hasMessageContaining("not to be null");
        }
    }

    @Nested
    @RequiresDocker
    class OnEveryEngine {

        @ParameterizedTest
        @Images({"postgres:17", "mysql:9.7", "mariadb:11.8"})
        void passesWhereNothingIsLeftToDo(String image) {
            scripts.with("R__people.sql", "CREATE OR REPLACE VIEW people AS SELECT id, name FROM person;");
            DatabaseServer server = TestServers.container(image);
            try (TestDatabase database = server.createDatabase()) {
                Upgrade upgrade = Upgrade.run(database, scripts.migrator(server.engine()), Optional.of("2"));

                assertThat(upgrade).succeeded().isRepeatable().matchesCleanInstall();
            }
        }

        @ParameterizedTest
        @Images({"mysql:9.7", "mariadb:11.8"})
        void aRepeatableMigrationThatNamesTheDatabaseIsNoFinding(String image) {
            scripts.with(
                    "R__person.sql",
                    "CREATE OR REPLACE VIEW v AS SELECT '${flyway:database}' AS name, id FROM person;",
                    "DELETE FROM person WHERE id > 1;",
                    "INSERT INTO person (id, name) VALUES (2, DATABASE());");
            DatabaseServer server = TestServers.container(image);
            try (TestDatabase database = server.createDatabase()) {
                Upgrade upgrade = Upgrade.run(database, scripts.migrator(server.engine()), Optional.of("2"));

                assertThat(upgrade).isRepeatable().keptEveryRow();

                assertThat(Library.query(database, "SELECT name FROM person WHERE id = 2"))
                        .containsExactly(database.name());
            }
        }

        @ParameterizedTest
        @Images({"postgres:17", "mysql:9.7", "mariadb:11.8"})
        void whatIsFoundOfADatabaseInUseIsFoundAndLeavesItAsItWas(String image) throws SQLException {
            scripts.with("R__person.sql", "INSERT INTO person (id, name) SELECT MAX(id) + 1, 'again' FROM person;");
            DatabaseServer server = TestServers.container(image);
            try (TestDatabase database = server.createDatabase();
                    Connection connection = database.open()) {
                Upgrade upgrade = Upgrade.run(database, scripts.migrator(server.engine()), Optional.of("2"));

                assertFails(
                        upgrade,
                        "after repeatable migrations were applied twice, table person has 3 rows, before it had 2");

                assertThat(Library.query(database, "SELECT count(*) FROM person"))
                        .containsExactly("2");
                assertThat(Library.query(database, "SELECT count(*) FROM flyway_schema_history"))
                        .containsExactly("3");
                try (var statement = connection.createStatement()) {
                    assertThat(statement.executeUpdate("UPDATE person SET email = 'a'"))
                            .isEqualTo(2);
                }
            }
        }

        @ParameterizedTest
        @Images({"postgres:17", "mysql:9.7", "mariadb:11.8"})
        void aMigrationThatFailsHalfWay(String image) {
            scripts.with("V3__half.sql", "CREATE TABLE half (id INT);", "SELECT * FROM nowhere;");
            DatabaseServer server = TestServers.container(image);
            try (TestDatabase database = server.createDatabase()) {
                Upgrade upgrade = Upgrade.run(database, scripts.migrator(server.engine()), Optional.of("3"));

                assertThatThrownBy(() -> assertThat(upgrade).isRepeatable())
                        .hasMessage("Expected the upgrade " + upgrade
                                + " to be repeatable, but that was not looked at: the upgrade failed");
            }
        }
    }
}
