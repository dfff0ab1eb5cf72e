package io.github.metadatasnapshot.migration;

import static io.github.metadatasnapshot.assertion.MetadataSnapshotAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.metadatasnapshot.server.DatabaseServer;
import io.github.metadatasnapshot.server.TestDatabase;
import io.github.metadatasnapshot.testsupport.Library;
import io.github.metadatasnapshot.testsupport.Product;
import io.github.metadatasnapshot.testsupport.RequiresDocker;
import io.github.metadatasnapshot.testsupport.TakesTurns;
import io.github.metadatasnapshot.testsupport.TestServers;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Repeatable migrations and callbacks are today's, and below the latest version may be of no release. */
@TakesTurns(of = 3)
class LaterScriptsTests {

    private Product product;

    @BeforeEach
    void create(@TempDir Path directory) {
        product = new Product(directory)
                .sql("V1__a.sql", "CREATE TABLE a (id integer PRIMARY KEY); INSERT INTO a VALUES (1);")
                .sql("V2__b.sql", "CREATE TABLE b (id integer PRIMARY KEY);")
                .sql("V3__note.sql", "ALTER TABLE b ADD COLUMN note varchar(9);")
                .sql("R__all_a.sql", "CREATE OR REPLACE VIEW all_a AS SELECT id FROM a;")
                .sql("R__notes.sql", "CREATE OR REPLACE VIEW notes AS SELECT note FROM b;");
    }

    private static Upgrade upgrade(TestDatabase database, FlywayMigrator migrator, String version) {
        return Upgrade.run(database, migrator, Optional.of(version));
    }

    private static void assertProven(Upgrade upgrade) {
        assertThat(upgrade)
                .succeeded()
                .keptEveryRow()
                .keptEveryValue()
                .matchesCleanInstall()
                .isRepeatable();
    }

    private void assertEachStepIsProven(DatabaseServer server, String reason) {
        FlywayMigrator migrator = product.migrator(server.engine());
        try (TestDatabase database = server.createDatabase()) {
            assertThat(migrator.migrate(
                                    database,
                                    io.github.metadatasnapshot.engine.Version.of("1"),
                                    Migrator.Purpose.PREPARE)
                            .failure())
                    .isEmpty();
            Upgrade toSecond = upgrade(database, migrator, "2");
            assertProven(toSecond);
            assertThat(toSecond.migrations()).extracting(AppliedMigration::name).contains("V2__b.sql");
            assertThat(Library.query(database, "SELECT id FROM all_a")).containsExactly("1");
            Upgrade toLatest = upgrade(database, migrator, "3");
            assertProven(toLatest);
            assertThat(toLatest.migrations())
                    .extracting(AppliedMigration::name)
                    .contains("V3__note.sql", "R__notes.sql");
        }
        assertThat(migrator.leftOut())
                .satisfiesExactly(
                        atFirst -> assertThat(atFirst)
                                .startsWith("R__notes.sql at 1: it fails there, so it is a later release's (")
                                .contains(reason),
                        atSecond -> assertThat(atSecond)
                                .startsWith("R__notes.sql at 2: it fails there, so it is a later release's ("));
    }

    @Test
    void thatFailBelowTheLatestVersionAreLeftOutThereAndNamed() {
        assertEachStepIsProven(TestServers.embedded(), "relation \"b\" does not exist");
    }

    @Test
    @RequiresDocker
    void areLeftOutWhereAFailureStaysInTheHistoryToo() {
        assertEachStepIsProven(TestServers.container("mysql:9.7"), "b' doesn't exist");
    }

    @Test
    void areLeftOutOfUpgradesWhereOnlyVersionedOnesPrepare() {
        product.versionedOnly();
        FlywayMigrator migrator = product.migrator(TestServers.embedded().engine());
        try (TestDatabase database = TestServers.embedded().createDatabase()) {
            migrator.migrate(database, io.github.metadatasnapshot.engine.Version.of("1"), Migrator.Purpose.PREPARE);

            assertProven(upgrade(database, migrator, "2"));
            assertProven(upgrade(database, migrator, "3"));
        }
        assertThat(migrator.leftOut()).singleElement().asString().startsWith("R__notes.sql at 2: ");
    }

    @Test
    void callbacksAreLeftOutTheSameWay() {
        product.sql("R__notes.sql", "SELECT 1;").sql("afterMigrate__count.sql", "SELECT count(note) FROM b;");
        FlywayMigrator migrator = product.migrator(TestServers.embedded().engine());
        try (TestDatabase database = TestServers.embedded().createDatabase()) {
            upgrade(database, migrator, "1");
            assertProven(upgrade(database, migrator, "2"));
            assertProven(upgrade(database, migrator, "3"));
        }
        assertThat(migrator.leftOut()).hasSize(2).allMatch(line -> line.startsWith("afterMigrate__count.sql at "));
    }

    @Test
    void oneThatFailsForTheRowsOfADatabaseFailsTheUpgrade() {
        product.sql(
                "R__notes.sql",
                "INSERT INTO b SELECT 1 FROM a WHERE id = 7; ALTER TABLE a DROP CONSTRAINT a_pkey; ALTER TABLE a ADD"
                        + " CONSTRAINT a_pkey PRIMARY KEY (id); INSERT INTO a SELECT 7 FROM a WHERE id = 7;");
        FlywayMigrator migrator = product.migrator(TestServers.embedded().engine());
        try (TestDatabase database = TestServers.embedded().createDatabase()) {
            upgrade(database, migrator, "2");
            Library.execute(
                    database,
                    "INSERT INTO a VALUES (7)",
                    "DELETE FROM flyway_schema_history WHERE version IS NULL",
                    "DELETE FROM flyway_schema_history WHERE version = '2'",
                    "DROP TABLE b CASCADE");

            Upgrade upgrade = upgrade(database, migrator, "2");

            assertThat(upgrade.failure()).map(MigrationFailure::script).hasValue("R__notes.sql");
        }
        assertThat(migrator.leftOut()).noneMatch(line -> line.startsWith("R__notes.sql at 2"));
    }

    @Test
    void oneThatCannotBeAppliedTwiceIsFoundBelowTheLatestVersionToo() {
        product.sql("R__notes.sql", "CREATE VIEW notes AS SELECT id FROM a;");
        FlywayMigrator migrator = product.migrator(TestServers.embedded().engine());
        try (TestDatabase database = TestServers.embedded().createDatabase()) {
            upgrade(database, migrator, "1");
            Upgrade upgrade = upgrade(database, migrator, "2");

            assertThatThrownBy(() -> assertThat(upgrade).isRepeatable())
                    .isInstanceOf(AssertionError.class)
                    .hasMessageContaining("relation \"notes\" already exists");
        }
        assertThat(migrator.leftOut()).isEmpty();
    }

    @Test
    void oneThatFailsAtTheLatestVersionFailsTheUpgrade() {
        product.sql("R__notes.sql", "CREATE OR REPLACE VIEW notes AS SELECT typo FROM b;");
        FlywayMigrator migrator = product.migrator(TestServers.embedded().engine());
        try (TestDatabase database = TestServers.embedded().createDatabase()) {
            assertThat(upgrade(database, migrator, "3").failure())
                    .map(MigrationFailure::script)
                    .hasValue("R__notes.sql");
        }
        assertThat(migrator.leftOut()).isEmpty();
    }

    @Test
    void aBackupMayHoldTheOneOfItsRelease() {
        FlywayMigrator migrator = product.migrator(TestServers.embedded().engine());
        try (TestDatabase database = TestServers.embedded().createDatabase()) {
            upgrade(database, migrator, "1");
            Library.execute(
                    database,
                    "INSERT INTO flyway_schema_history SELECT 99, NULL, 'notes', 'SQL', 'R__notes.sql', 5, 'x', now(),"
                            + " 1, true");

            Upgrade upgrade = upgrade(database, migrator, "2");

            assertThat(upgrade).succeeded();
        }
    }
}
