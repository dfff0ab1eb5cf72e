package io.github.metadatasnapshot.assertion;

import static io.github.metadatasnapshot.assertion.MetadataSnapshotAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.metadatasnapshot.engine.Engine;
import io.github.metadatasnapshot.migration.IgnoredNote;
import io.github.metadatasnapshot.migration.Upgrade;
import io.github.metadatasnapshot.server.TestDatabase;
import io.github.metadatasnapshot.testsupport.Library;
import io.github.metadatasnapshot.testsupport.Scripts;
import io.github.metadatasnapshot.testsupport.TakesTurns;
import io.github.metadatasnapshot.testsupport.TestServers;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Databases in which somebody else has tables, too. */
@TakesTurns(of = 3)
class IgnoringTests {

    private static final String EVERYTHING =
            "means everything: name a table, such as \"deployment\", some, such as \"qrtz_*\", or a schema, such as"
                    + " \"quartz.*\"";

    private TestDatabase database;
    private Scripts scripts;

    @BeforeEach
    void createDatabase(@TempDir Path directory) {
        database = TestServers.embedded().createDatabase();
        scripts = new Scripts(directory)
                .with("V1__item.sql", "CREATE TABLE item (id INT PRIMARY KEY);", "INSERT INTO item VALUES (1);")
                .with("V2__note.sql", "ALTER TABLE item ADD note TEXT;");
    }

    @AfterEach
    void dropDatabase() {
        database.close();
    }

    private Upgrade upgrade(String... theirs) {
        Upgrade.run(database, scripts.migrator(Engine.POSTGRESQL), Optional.of("1"));
        Library.execute(database, theirs);
        return Upgrade.run(database, scripts.migrator(Engine.POSTGRESQL), Optional.of("2"));
    }

    private static UpgradeAssert proves(UpgradeAssert upgrade) {
        return upgrade.succeeded()
                .keptEveryRow()
                .keptEveryValue()
                .matchesCleanInstall()
                .isRepeatable();
    }

    @Test
    void aLogThatACallbackWritesAtEachRun() {
        scripts.with("V1__item.sql", "CREATE TABLE item (id INT PRIMARY KEY); CREATE TABLE deployment (at TIMESTAMP);")
                .with("afterMigrate.sql", "INSERT INTO deployment VALUES (clock_timestamp());");
        Upgrade upgrade = upgrade();

        assertThatThrownBy(() -> assertThat(upgrade).isRepeatable())
                .hasMessageContaining("after a second migrate table deployment has 3 rows, before it had 2");
        proves(assertThat(upgrade).ignoring("deployment", "a log of migrations"));
        assertThat(upgrade.ignored()).containsExactly(new IgnoredNote("deployment", "a log of migrations", true));
    }

    @Test
    void theTablesOfASchedulerAndAnotherFlyway() {
        Upgrade upgrade = upgrade(
                "CREATE TABLE qrtz_jobs (id SERIAL PRIMARY KEY, name TEXT UNIQUE)",
                "CREATE TABLE qrtz_triggers (id INT REFERENCES qrtz_jobs, CHECK (id > 0))",
                "COMMENT ON TABLE qrtz_jobs IS 'theirs'",
                "COMMENT ON COLUMN qrtz_jobs.name IS 'theirs'",
                "CREATE VIEW qrtz_names AS SELECT name FROM qrtz_jobs",
                "CREATE FUNCTION qrtz_now() RETURNS TIMESTAMPTZ LANGUAGE sql AS 'SELECT now()'",
                "CREATE TABLE other_schema_history (installed_rank INT PRIMARY KEY)",
                "CREATE SCHEMA session",
                "CREATE TYPE session.kind AS ENUM ('a', 'b')",
                "CREATE TABLE session.attribute (id INT PRIMARY KEY, kind session.kind)",
                "CREATE INDEX by_kind ON session.attribute (kind)");

        assertThatThrownBy(() -> assertThat(upgrade).matchesCleanInstall())
                .hasMessageContainingAll(
                        "- table qrtz_jobs should not be there",
                        "- view qrtz_names should not be there",
                        "- table other_schema_history should not be there",
                        "- schema session should not be there",
                        "- table session.attribute should not be there");
        proves(assertThat(upgrade)
                .ignoring("qrtz_*", "Quartz makes them itself")
                .ignoring("other_schema_history", "of the billing module")
                .ignoring("session.*", "Spring Session"));
        // Each means what it says and no more.
        assertThatThrownBy(
                        () -> assertThat(upgrade).ignoring("*", "all of public").matchesCleanInstall())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("ignoring(\"*\", \"all of public\") means everything: name a table");
        assertThatThrownBy(() -> assertThat(upgrade)
                        .ignoring("qrtz_*", "Quartz makes them itself")
                        .ignoring("session.a*", "a part")
                        .matchesCleanInstall())
                .hasMessageContainingAll("- schema session", "- table other_schema_history")
                .hasMessageNotContainingAny("qrtz", "session.attribute");
    }

    @Test
    void rowsThatGoWithOthersTables() {
        scripts.with(
                "V2__note.sql",
                "ALTER TABLE item ADD note TEXT; DELETE FROM qrtz_fired; DROP TABLE qrtz_gone;"
                        + " UPDATE qrtz_state SET at = 2;");
        scripts.with(
                "V1__item.sql",
                "CREATE TABLE item (id INT PRIMARY KEY); CREATE TABLE qrtz_fired (id INT PRIMARY KEY);"
                        + " CREATE TABLE qrtz_gone (id INT); CREATE TABLE qrtz_state (id INT PRIMARY KEY, at INT);");
        Upgrade upgrade = upgrade(
                "INSERT INTO qrtz_fired VALUES (1)",
                "INSERT INTO qrtz_gone VALUES (1)",
                "INSERT INTO qrtz_state VALUES (1, 1)");

        assertThatThrownBy(() -> assertThat(upgrade).keptEveryRow())
                .hasMessageContainingAll("table qrtz_fired lost", "table qrtz_gone is gone");
        proves(assertThat(upgrade).ignoring("qrtz_*", "Quartz makes them itself"));
        assertThat(upgrade.dataExceptions()).isEmpty();
    }

    @Test
    void whatIsTheProductsIsStillProven() {
        scripts.with("B2__all.sql", "CREATE TABLE item (id INT PRIMARY KEY, note TEXT, tag TEXT);");
        Upgrade upgrade = upgrade("CREATE TABLE qrtz_jobs (id INT)");

        assertThatThrownBy(() -> assertThat(upgrade)
                        .ignoring("qrtz_*", "Quartz makes them itself")
                        .matchesCleanInstall())
                .hasMessageContaining("one object is missing:\n- column item.tag is missing")
                .hasMessageNotContaining("qrtz");
    }

    @Test
    void namesThatNothingHasAreNoted() {
        Upgrade upgrade = upgrade();

        proves(assertThat(upgrade).ignoring("qrtz_*", "Quartz makes them itself"));

        assertThat(upgrade.ignored()).containsExactly(new IgnoredNote("qrtz_*", "Quartz makes them itself", false));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "qrtz_* | ' ' | gives no reason: say why it is not the product's to prove",
                "qrtz_* | '' | gives no reason: say why it is not the product's to prove",
                "* | all | " + EVERYTHING,
                "*.* | all | " + EVERYTHING,
                "'' | none | " + EVERYTHING
            })
    void aCallWithoutAReasonOrForEverythingIsRefused(String names, String reason, String why) {
        Upgrade upgrade = upgrade();

        assertThatThrownBy(() -> assertThat(upgrade).ignoring(names, reason))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("ignoring(\"" + names + "\", \"" + reason + "\") " + why);
    }
}
