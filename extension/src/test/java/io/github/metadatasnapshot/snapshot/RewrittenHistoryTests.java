package io.github.metadatasnapshot.snapshot;

import static io.github.metadatasnapshot.testsupport.Library.databases;
import static io.github.metadatasnapshot.testsupport.Library.query;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.metadatasnapshot.backup.Backup;
import io.github.metadatasnapshot.backup.SnapshotCapture;
import io.github.metadatasnapshot.engine.Engine;
import io.github.metadatasnapshot.migration.FlywayMigrator;
import io.github.metadatasnapshot.migration.FlywaySettings;
import io.github.metadatasnapshot.migration.Migration;
import io.github.metadatasnapshot.migration.Migrator;
import io.github.metadatasnapshot.server.TestDatabase;
import io.github.metadatasnapshot.testsupport.RequiresDocker;
import io.github.metadatasnapshot.testsupport.TestServers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A backup of version 3, captured once, and the product's migrations as they are edited after that. */
@RequiresDocker
class RewrittenHistoryTests {

    private static final Map<String, String> RELEASED = Map.of(
            "V1__people.sql", "CREATE TABLE person (name VARCHAR(99));",
            "V2__pets.sql", "CREATE TABLE pet (name VARCHAR(99));",
            "V3__ann.sql", "INSERT INTO person VALUES ('Ann');",
            "R__names.sql", "CREATE OR REPLACE VIEW names AS SELECT name FROM person;");

    @TempDir
    private static Path directory;

    private static Backup backup;
    private static final Map<String, Integer> CHECKSUMS = new HashMap<>();

    @TempDir
    private Path migrations;

    @BeforeAll
    static void capture() throws IOException {
        Path released = Files.createDirectories(directory.resolve("released"));
        for (Map.Entry<String, String> script : RELEASED.entrySet()) {
            Files.writeString(released.resolve(script.getKey()), script.getValue());
        }
        Migrator migrator = migrator(released);
        try (TestDatabase database =
                new Snapshot(migrator, Optional.of("3"), Optional.empty()).create(TestServers.embedded())) {
            Path file = directory.resolve("3.sql");
            SnapshotCapture.from(database).to(file);
            backup = Backup.of(file);
            for (Migration migration : migrator.migrations(database)) {
                CHECKSUMS.put(migration.description(), migration.checksum().orElseThrow());
            }
        }
    }

    @BeforeEach
    void release() throws IOException {
        for (Map.Entry<String, String> script : RELEASED.entrySet()) {
            write(script.getKey(), script.getValue());
        }
    }

    private void write(String script, String sql) throws IOException {
        Files.writeString(migrations.resolve(script), sql);
    }

    private static Migrator migrator(Path location) {
        return new FlywayMigrator(
                new FlywaySettings(
                        List.of(), List.of("filesystem:" + location), "", List.of(), Map.of(), Optional.empty(), false),
                Engine.POSTGRESQL,
                RewrittenHistoryTests.class.getClassLoader());
    }

    private TestDatabase create() {
        return new Snapshot(migrator(migrations), Optional.empty(), Optional.of(backup)).create(TestServers.embedded());
    }

    private int checksumToday(String description) {
        try (TestDatabase database = TestServers.embedded().createDatabase()) {
            return migrator(migrations).migrations(database).stream()
                    .filter(migration -> migration.description().equals(description))
                    .findFirst()
                    .flatMap(Migration::checksum)
                    .orElseThrow();
        }
    }

    private void assertRefused(String message) {
        List<String> before = databases(TestServers.embedded());
        assertThatThrownBy(() -> create().close())
                .isInstanceOf(SnapshotException.class)
                .hasMessage(
                        "History rewritten: backup " + backup + " was captured at version 3 with other migrations than"
                                + " there are today:\n" + message
                                + "\nLikely a migration was edited or deleted after its release, which databases that ran it will"
                                + " never see. Put it back as it was, and make the change in a new migration. Only where nobody"
                                + " has run it yet: delete the backup, and capture it again");
        assertThat(databases(TestServers.embedded())).isEqualTo(before);
    }

    @Test
    void migrationsAsTheyWereAreTaken() {
        try (TestDatabase database = create()) {
            assertThat(query(database, "SELECT name FROM person")).containsExactly("Ann");
        }
    }

    @Test
    void anEditedMigrationIsNamedWithBothChecksums() throws IOException {
        write("V2__pets.sql", "CREATE TABLE pet (name VARCHAR(100));");
        assertThat(checksumToday("pets")).isNotEqualTo(CHECKSUMS.get("pets"));

        assertRefused("- 2 (pets): checksum " + CHECKSUMS.get("pets") + " when it was captured, "
                + checksumToday("pets") + " today");
    }

    @Test
    void aDeletedMigrationIsNamedToo() throws IOException {
        write("V2__pets.sql", "CREATE TABLE pet (name VARCHAR(100));");
        Files.delete(migrations.resolve("V1__people.sql"));

        assertRefused("- 1 (people): checksum " + CHECKSUMS.get("people")
                + " when it was captured, no such migration today\n- 2 (pets): checksum " + CHECKSUMS.get("pets")
                + " when it was captured, " + checksumToday("pets") + " today");
    }

    @Test
    void whatTheDatabaseRanDoesNotHideAnEditedMigration() throws IOException {
        try (TestDatabase database = create()) {
            write("V2__pets.sql", "CREATE TABLE pet (name VARCHAR(100));");
            assertThatThrownBy(() -> RewrittenHistory.check(backup, migrator(migrations), database))
                    .isInstanceOf(SnapshotException.class)
                    .hasMessageContaining("- 2 (pets): ");
        }
    }

    @Test
    void aRepeatableMigrationMayChange() throws IOException {
        write("R__names.sql", "CREATE OR REPLACE VIEW names AS SELECT name FROM person WHERE name <> '';");
        assertThat(checksumToday("names")).isNotEqualTo(CHECKSUMS.get("names"));

        create().close();
    }

    @Test
    void aRepeatableMigrationMayGo() throws IOException {
        Files.delete(migrations.resolve("R__names.sql"));
        create().close();
    }

    @Test
    void laterMigrationsMayCome() throws IOException {
        write("V4__bob.sql", "INSERT INTO person VALUES ('Bob');");
        create().close();
    }

    /** As on the branch of an older release. */
    @Test
    void migrationsAfterTheLatestOfTodayDoNotCount() throws IOException {
        Files.delete(migrations.resolve("V3__ann.sql"));
        create().close();
    }

    @Test
    void aBaselineMigrationIsNoVersionedOne() throws IOException {
        write("B2__all_at_once.sql", "CREATE TABLE person (name VARCHAR(99)); CREATE TABLE pet (name VARCHAR(99));");
        create().close();
    }

    @Test
    void aDatabaseThatBeganWithABaselineMigrationPasses() throws IOException {
        write("B2__all_at_once.sql", "CREATE TABLE person (name VARCHAR(99)); CREATE TABLE pet (name VARCHAR(99));");
        Path file = migrations.resolve("begun.dump");
        try (TestDatabase database =
                new Snapshot(migrator(migrations), Optional.of("3"), Optional.empty()).create(TestServers.embedded())) {
            assertThat(query(database, "SELECT type FROM flyway_schema_history WHERE version = '2'"))
                    .containsExactly("SQL_BASELINE");
            SnapshotCapture.from(database).to(file);
        }
        write("B2__all_at_once.sql", "CREATE TABLE person (name TEXT); CREATE TABLE pet (name TEXT);");

        try (TestDatabase database = TestServers.embedded().createDatabase()) {
            RewrittenHistory.check(Backup.of(file), migrator(migrations), database);
            write("V3__ann.sql", "INSERT INTO person VALUES ('Anne');");
            assertThatThrownBy(() -> RewrittenHistory.check(Backup.of(file), migrator(migrations), database))
                    .hasMessageContaining("today:\n- 3 (ann): ");
        }
    }
}
