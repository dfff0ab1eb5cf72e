package io.github.metadatasnapshot.migration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.metadatasnapshot.engine.Engine;
import io.github.metadatasnapshot.engine.HistoryColumns;
import io.github.metadatasnapshot.engine.HistoryTable;
import io.github.metadatasnapshot.engine.Version;
import io.github.metadatasnapshot.server.TestDatabase;
import io.github.metadatasnapshot.testsupport.TakesTurns;
import io.github.metadatasnapshot.testsupport.TestServers;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@TakesTurns(of = 2)
class VersionedDirectoryLayoutTests {

    @TempDir
    private Path root;

    private TestDatabase database;

    @BeforeEach
    void createDatabase() {
        database = TestServers.embedded().createDatabase();
        write("old/v001__people.sql", "CREATE TABLE person (id INT PRIMARY KEY, json JSONB NOT NULL);");
        write("old/v015__pets.sql", "CREATE TABLE pet (id INT);");
        write("new/1.1.0/schema.sql", "ALTER TABLE person ADD COLUMN email TEXT");
        write("new/1.1.0/data.sql", "-- no semicolon above\nINSERT INTO person VALUES (1, '{\"a\": \"${b}\"}', 'x');");
        write("new/1.3.3/schema.sql", "");
        write("new/1.3.3/data.sql", "UPDATE person SET email = 'y' WHERE json ? 'a' AND email = 'step';");
        write("new/1.10.0/schema.sql", "DROP TABLE pet;");
    }

    @AfterEach
    void dropDatabase() {
        database.close();
    }

    private void write(String file, String sql) {
        try {
            Files.createDirectories(root.resolve(file).getParent());
            Files.writeString(root.resolve(file), sql);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private VersionedDirectoryLayout layout() {
        return VersionedDirectoryLayout.in(root)
                .scripts("old/v(\\d+)__(?<description>.+)\\.sql", "0.0.$1")
                .directories("new/([\\d.]+)", "$1")
                .scripts("new/([\\d.]+)/schema\\.sql", "$1")
                .scripts("new/([\\d.]+)/data\\.sql", "$1")
                .step("1.3.3", connection -> execute(connection, "UPDATE person SET email = 'step'"));
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static FlywayMigrator migrator(VersionedDirectoryLayout layout) {
        return new FlywayMigrator(
                new FlywaySettings(List.of(), List.of(), "", List.of(), Map.of(), Optional.empty(), false),
                Engine.POSTGRESQL,
                VersionedDirectoryLayoutTests.class.getClassLoader(),
                layout);
    }

    private Upgrade upgrade(VersionedDirectoryLayout layout, String version) {
        return Upgrade.run(database, migrator(layout), Optional.of(version));
    }

    private static void assertSucceeded(Upgrade upgrade) {
        assertThat(upgrade.failure().map(MigrationFailure::describe)).isEmpty();
    }

    private String ask(String query) {
        try (Connection connection = database.open();
                var statement = connection.createStatement();
                ResultSet result = statement.executeQuery(query)) {
            result.next();
            return result.getString(1);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void versionsAreThoseOfTheProductInTheOrderOfNumbers() {
        assertThat(migrator(layout()).versions(database))
                .extracting(Version::toString)
                .containsExactly("0.0.001", "0.0.015", "1.1.0", "1.3.3", "1.10.0");
    }

    @Test
    void aTargetIsNamedAsTheProductDoesAndFlywayWritesItsHistory() {
        assertSucceeded(upgrade(layout(), "1.1.0"));

        assertThat(ask("SELECT string_agg(version || ' ' || description, ', ' ORDER BY installed_rank)"
                        + " FROM flyway_schema_history"))
                .isEqualTo("0.0.001 people, 0.0.015 pets, 1.1.0 schema");
        assertThat(ask("SELECT json ->> 'a' FROM person")).isEqualTo("${b}");
    }

    @Test
    void aStepRunsBetweenTheScriptsOfItsVersion() {
        Upgrade upgrade = upgrade(layout(), "1.10.0");

        assertSucceeded(upgrade);
        assertThat(ask("SELECT email FROM person")).isEqualTo("y");
        assertThat(upgrade.migrations())
                .extracting(AppliedMigration::script)
                .containsExactly(
                        "old/v001__people.sql",
                        "old/v015__pets.sql",
                        "new/1.1.0/schema.sql",
                        "new/1.3.3/schema.sql",
                        "new/1.10.0/schema.sql");
    }

    @Test
    void aFailingStatementIsToldByItsOwnFileAndLine() {
        write("new/1.1.0/data.sql", "SELECT 1;\n\nINSERT INTO nobody\nVALUES (1);\nSELECT 2;");

        assertThat(upgrade(layout(), "1.10.0").failure().orElseThrow().describe())
                .startsWith("in new/1.1.0/data.sql, line 3: ERROR: relation \"nobody\" does not exist")
                .endsWith("\nstatement: INSERT INTO nobody\nVALUES (1);");
    }

    @Test
    void aFailingStepIsToldAsOne() {
        VersionedDirectoryLayout layout =
                layout().step("1.3.3", connection -> execute(connection, "UPDATE nobody SET email = 'step'"));

        assertThat(upgrade(layout, "1.10.0").failure().orElseThrow().describe())
                .startsWith("in the step of 1.3.3: ERROR: relation \"nobody\" does not exist");
    }

    @Test
    void aScriptThatWasEditedIsAContradiction() {
        assertSucceeded(upgrade(layout(), "1.3.3"));

        write("new/1.1.0/schema.sql", "ALTER TABLE person ADD COLUMN email VARCHAR");
        assertThat(migrator(layout()).validate(database, Version.of("1.3.3")))
                .singleElement()
                .asString()
                .contains("checksum mismatch", "1.1.0");
    }

    @Nested
    class AProductsOwnHistory {

        private final HistoryTable table = new HistoryTable(
                "",
                "releases",
                new HistoryColumns(
                        List.of("release", "file", "hash"),
                        Map.of("version", "release", "script", "file", "checksum", "hash"),
                        "",
                        Map.of()),
                List.of(
                        new HistoryTable(
                                "",
                                "flyway_once",
                                new HistoryColumns(HistoryColumns.FLYWAY.names(), Map.of(), "0.0.", Map.of()),
                                List.of()),
                        new HistoryTable("", "release_log", HistoryColumns.NONE, List.of())));

        private final List<String> written = new ArrayList<>();

        private VersionedDirectoryLayout own() {
            return layout().history(table, (connection, migration) -> {
                written.add(migration.script() + " " + migration.statements().size());
                execute(connection, "CREATE TABLE IF NOT EXISTS release_log (line TEXT)");
                execute(
                        connection,
                        "CREATE TABLE IF NOT EXISTS releases (release TEXT, file TEXT, hash TEXT, at DATE)");
                execute(
                        connection,
                        "INSERT INTO releases VALUES ('%s', '%s', '%d')"
                                .formatted(migration.version(), migration.script(), migration.checksum()));
            });
        }

        @Test
        void tellsTheVersionAndHasNoTableOfFlywaysBesideIt() throws SQLException {
            assertSucceeded(upgrade(own(), "1.1.0"));
            assertSucceeded(upgrade(own(), "1.10.0"));

            try (Connection connection = database.open()) {
                assertThat(table.read(connection, Engine.POSTGRESQL).version()).contains(Version.of("1.10.0"));
                assertThat(Engine.POSTGRESQL.tables(connection))
                        .extracting(Object::toString)
                        .containsExactlyInAnyOrder("person", "release_log", "releases");
            }
            assertThat(written)
                    .containsExactly(
                            "old/v001__people.sql 1",
                            "old/v015__pets.sql 1",
                            "new/1.1.0/schema.sql 2",
                            "new/1.3.3/schema.sql 1",
                            "new/1.10.0/schema.sql 1");
        }

        @Test
        void isContinuedWhereTheProductItselfWroteIt() throws SQLException {
            assertSucceeded(upgrade(own(), "1.1.0"));
            try (Connection connection = database.open()) {
                // As of a product that was once migrated by Flyway, and notes no checksums.
                execute(
                        connection,
                        "CREATE TABLE flyway_once (installed_rank INT, version TEXT, description TEXT,"
                                + " type TEXT, script TEXT, checksum INT, success BOOLEAN)");
                execute(
                        connection,
                        "INSERT INTO flyway_once VALUES (1, '001', 'people', 'SQL', 'v001', 5, true),"
                                + " (2, '015', 'pets', 'SQL', 'v015', NULL, true)");
                execute(connection, "DELETE FROM releases WHERE release < '1'");
                execute(connection, "UPDATE releases SET hash = 'fe1c0'");
                execute(connection, "UPDATE flyway_once SET checksum = NULL");
            }

            assertThat(migrator(own()).validate(database, Version.of("1.1.0"))).isEmpty();
            Upgrade upgrade = upgrade(own(), "1.3.3");
            assertSucceeded(upgrade);
            assertThat(upgrade.migrations())
                    .extracting(AppliedMigration::version)
                    .containsExactly("1.3.3");
        }

        @Test
        void tellsOfAVersionThatCameLater() {
            assertSucceeded(upgrade(own(), "1.3.3"));

            write("new/1.2.0/schema.sql", "SELECT 1;");
            assertThat(migrator(own()).validate(database, Version.of("1.10.0")))
                    .anySatisfy(line ->
                            assertThat(line).contains("Detected resolved migration not applied to database: 1.2.0"));
            assertThat(upgrade(own(), "1.10.0").failure().orElseThrow().describe())
                    .contains("Detected resolved migration not applied to database: 1.2.0");
            assertThat(ask("SELECT to_regclass('metadata_snapshot_history')")).isNull();
        }

        @Test
        void tellsOfAScriptThatWasEdited() {
            assertSucceeded(upgrade(own(), "1.3.3"));

            write("new/1.1.0/schema.sql", "SELECT 2;");
            assertThat(migrator(own()).validate(database, Version.of("1.3.3")))
                    .singleElement()
                    .asString()
                    .contains("checksum mismatch", "1.1.0");
        }

        @Test
        void thatCannotBeWrittenFailsTheMigration() {
            VersionedDirectoryLayout layout = layout().history(
                            table, (connection, migration) -> execute(connection, "INSERT INTO nowhere VALUES (1)"));

            assertThat(upgrade(layout, "1.10.0").failure().orElseThrow().describe())
                    .startsWith("in what writes 0.0.001 into the history: ERROR: relation \"nowhere\" does not exist");
        }
    }

    @Nested
    class IsRefused {

        private void assertRefused(VersionedDirectoryLayout layout, String message) {
            assertThatThrownBy(() -> migrator(layout))
                    .isInstanceOf(MigrationException.class)
                    .hasMessage(message);
        }

        @Test
        void whereAScriptIsMisnamed() {
            write("new/1.3.3/dataMigration.sql", "SELECT 1;");
            assertRefused(
                    layout(),
                    root.resolve("new/1.3.3/dataMigration.sql")
                            + " lies beside scripts and is none, so that nobody runs it. Likely its name is wrong: a"
                            + " script's path is old/v(\\d+)__(?<description>.+)\\.sql or new/([\\d.]+)/schema\\.sql or"
                            + " new/([\\d.]+)/data\\.sql. Rename it, or ignore it");
            assertThat(migrator(layout().ignore(".*/dataMigration\\.sql")).versions(database))
                    .hasSize(5);
        }

        @Test
        void whereAVersionIsThereTwice() {
            write("old/v15__cats.sql", "SELECT 1;");
            assertRefused(
                    layout(),
                    "Version 0.0.15 is there twice in " + root
                            + ": old/v015__pets.sql and old/v15__cats.sql. Delete one"
                            + " of the two, or give it a version of its own");
        }

        @Test
        void whereAPathLeadsToNoVersion() {
            assertRefused(
                    VersionedDirectoryLayout.in(root).scripts("old/(.+)\\.sql", "$1"),
                    "'v001__people', which old/v001__people.sql leads to, is not a version: it takes numbers separated by"
                            + " dots, such as 1.10. Change the pattern old/(.+)\\.sql, or ignore the file");
        }

        @Test
        void whereAStepHasNoMigration() {
            assertRefused(
                    layout().step("1.4", connection -> {}),
                    "There is a step for version 1.4, but no migration in " + root + " has that version");
        }

        @Test
        void whereItsRootIsMissing() {
            Path nowhere = root.resolve("nowhere");
            assertRefused(
                    VersionedDirectoryLayout.in(nowhere),
                    "The migrations in " + nowhere + " cannot be read: java.nio.file.NoSuchFileException: " + nowhere);
        }
    }
}
