package io.github.metadatasnapshot.snapshot;

import static io.github.metadatasnapshot.assertion.MetadataSnapshotAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.metadatasnapshot.backup.Backup;
import io.github.metadatasnapshot.engine.Engine;
import io.github.metadatasnapshot.engine.Version;
import io.github.metadatasnapshot.migration.FlywayMigrator;
import io.github.metadatasnapshot.migration.FlywaySettings;
import io.github.metadatasnapshot.migration.Migrator;
import io.github.metadatasnapshot.restore.Restore;
import io.github.metadatasnapshot.restore.RestoreVerdict;
import io.github.metadatasnapshot.restore.SilentAcceptance;
import io.github.metadatasnapshot.restore.StrictClient;
import io.github.metadatasnapshot.server.DatabaseServer;
import io.github.metadatasnapshot.server.TestDatabase;
import io.github.metadatasnapshot.testsupport.RequiresDocker;
import io.github.metadatasnapshot.testsupport.TakesTurns;
import io.github.metadatasnapshot.testsupport.TestServers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Backups as a tool of a product's own writes them: rows without the history, whose version is declared. */
@TakesTurns(of = 3)
class DeclaredVersionTests {

    private static final String ROWS_OF_1 = """
            TRUNCATE TABLE entity;
            INSERT INTO entity (json) VALUES ('{"id": "a", "name": "Ann"}');
            INSERT INTO entity (json) VALUES ('{"id": "b", "name": "Bob"}');
            """;

    abstract static class OnAServer {

        private final Restores restores = new Restores(new PreparedStates(0), new CleanInstalls());

        @TempDir
        private Path directory;

        private Migrator migrator;

        abstract DatabaseServer server();

        /** 1.1 changes rows and no schema, 2 takes a name out of the JSON, 3 gives the table another name. */
        @BeforeEach
        void writeMigrations() throws IOException {
            boolean postgres = server().engine() == Engine.POSTGRESQL;
            String json = postgres ? "JSONB" : "JSON";
            String id = postgres ? "json ->> 'id'" : "json_unquote(json_extract(json, '$.id'))";
            String name = postgres ? "json ->> 'name'" : "json_unquote(json_extract(json, '$.name'))";
            Path migrations = Files.createDirectory(directory.resolve("migrations"));
            Files.writeString(
                    migrations.resolve("V1__entity.sql"),
                    "CREATE TABLE entity (id VARCHAR(36) GENERATED ALWAYS AS (" + id + ") STORED UNIQUE, json " + json
                            + " NOT NULL);\nINSERT INTO entity (json) VALUES ('{\"id\": \"seed\"}');");
            Files.writeString(migrations.resolve("V1.1__seed.sql"), "DELETE FROM entity WHERE id = 'seed';");
            Files.writeString(
                    migrations.resolve("V2__name.sql"),
                    "ALTER TABLE entity ADD COLUMN name VARCHAR(99) NOT NULL DEFAULT '';\nUPDATE entity SET name = "
                            + name + ";");
            Files.writeString(migrations.resolve("V3__item.sql"), "ALTER TABLE entity RENAME TO item;");
            migrator = new FlywayMigrator(
                    new FlywaySettings(
                            List.of(),
                            List.of("filesystem:" + migrations),
                            "",
                            List.of(),
                            Map.of(),
                            Optional.empty(),
                            false),
                    server().engine(),
                    getClass().getClassLoader());
        }

        private Backup rows(String sql) throws IOException {
            return Backup.of(Files.writeString(directory.resolve("rows.sql"), sql));
        }

        private TestDatabase create(String version) {
            return new Snapshot(migrator, Optional.of(version), Optional.empty()).create(server());
        }

        private Restore restore(TestDatabase database, Backup backup) {
            return restores.restore(database, Optional.empty(), backup, new StrictClient(), migrator);
        }

        @Test
        void goIntoTheirOwnVersion() throws IOException {
            try (TestDatabase database = create("1")) {
                Restore restore = restore(database, rows(ROWS_OF_1).declaredAt(Version.of("1")));

                assertThat(restore).hasVerdict(RestoreVerdict.RESTORED);
                assertThat(restore.toString()).endsWith(" · data-only backup of 1 (as declared) into 1");
                assertThat(restore.notes())
                        .contains("its version, 1, is as declared, since it holds no history: its rows have to fit the"
                                + " schema of 1");
            }
        }

        @Test
        void areNeverRestoredIntoAnother() throws IOException {
            Backup backup = rows(ROWS_OF_1).declaredAt(Version.of("1"));
            for (String version : List.of("1.1", "2")) {
                try (TestDatabase database = create(version)) {
                    Restore restore = restore(database, backup);

                    assertThat(restore).hasVerdict(RestoreVerdict.SILENTLY_ACCEPTED);
                    assertThat(restore.acceptance()).containsExactly(SilentAcceptance.UNTRANSFORMED_DATA);
                    assertThat(restore.unfaithful())
                            .contains("rows of version 1 (as declared) lie untransformed in the tables of " + version);
                    assertThatThrownBy(() -> assertThat(restore).wasRejected())
                            .isInstanceOf(AssertionError.class)
                            .hasMessageContaining("data-only backup of 1 (as declared) into " + version);
                }
            }
        }

        @Test
        void areRejectedWhereTheirTableIsGone() throws IOException {
            try (TestDatabase database = create("3")) {
                assertThat(restore(database, rows(ROWS_OF_1).declaredAt(Version.of("1"))))
                        .wasRejected()
                        .becauseOfVersion();
            }
        }

        @Test
        void proveNothingWhereTheyDoNotFitTheDeclaredVersion() throws IOException {
            Backup backup = rows(ROWS_OF_1.replace("entity", "item")).declaredAt(Version.of("1"));
            try (TestDatabase database = create("2")) {
                assertThatThrownBy(() -> assertThat(restore(database, backup)).wasRejected())
                        .isInstanceOf(AssertionError.class)
                        .hasMessageContainingAll(
                                "nothing can be concluded from it: the same backup by the same procedure into a database"
                                        + " migrated to 1 (as declared), as a control, was ROLLED_BACK: line 1: ",
                                "note: its version, 1, is as declared, since it holds no history: its rows have to fit"
                                        + " the schema of 1");
            }
        }

        @Test
        void areAStartWhereTheyFit() throws IOException {
            Backup backup = rows(ROWS_OF_1);
            try (TestDatabase database =
                    new Snapshot(migrator, Optional.of("1"), Optional.of(backup)).create(server())) {
                assertThat(Restores.look(database, migrator).history().describeVersion())
                        .isEqualTo("1");
            }
            assertThatThrownBy(() -> new Snapshot(migrator, Optional.of("3"), Optional.of(backup)).create(server()))
                    .isInstanceOf(SnapshotException.class)
                    .hasMessageContainingAll(
                            "rows.sql did not go into the database migrated to 3, ",
                            "note: its version, 3, is as declared, since it holds no history: its rows have to fit the"
                                    + " schema of 3");
        }
    }

    @Nested
    class OnPostgreSql extends OnAServer {
        @Override
        DatabaseServer server() {
            return TestServers.embedded();
        }
    }

    @Nested
    @RequiresDocker
    class OnMySql extends OnAServer {
        @Override
        DatabaseServer server() {
            return TestServers.container("mysql:9.7");
        }
    }

    @Nested
    @RequiresDocker
    class OnMariaDb extends OnAServer {
        @Override
        DatabaseServer server() {
            return TestServers.container("mariadb:11.8");
        }
    }
}
