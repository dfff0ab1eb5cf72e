package io.github.metadatasnapshot.snapshot;

import static io.github.metadatasnapshot.assertion.MetadataSnapshotAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.metadatasnapshot.engine.Engine;
import io.github.metadatasnapshot.migration.Migrator;
import io.github.metadatasnapshot.restore.DocumentedClient;
import io.github.metadatasnapshot.restore.Restore;
import io.github.metadatasnapshot.restore.RestoreVerdict;
import io.github.metadatasnapshot.server.DatabaseServer;
import io.github.metadatasnapshot.server.TestDatabase;
import io.github.metadatasnapshot.testsupport.Dumps;
import io.github.metadatasnapshot.testsupport.Images;
import io.github.metadatasnapshot.testsupport.Library;
import io.github.metadatasnapshot.testsupport.RequiresDocker;
import io.github.metadatasnapshot.testsupport.Scripts;
import io.github.metadatasnapshot.testsupport.TakesTurns;
import io.github.metadatasnapshot.testsupport.TestServers;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;

/** What dump tools leave out, of databases that migrations made and that somebody has used and changed since. */
@RequiresDocker
@TakesTurns(of = 2)
class CompletenessTests {

    private static final String MYSQL = """
            CREATE TABLE item (id INT PRIMARY KEY, name VARCHAR(20) COMMENT 'for people');
            CREATE TABLE tag (id INT PRIMARY KEY, item_id INT, CONSTRAINT of_item FOREIGN KEY (item_id) REFERENCES item (id));
            CREATE VIEW named AS SELECT id FROM item WHERE name IS NOT NULL;
            CREATE FUNCTION total() RETURNS INT DETERMINISTIC RETURN 1;
            CREATE PROCEDURE tidy() DELETE FROM tag;
            CREATE TRIGGER trimmed BEFORE INSERT ON item FOR EACH ROW SET NEW.name = TRIM(NEW.name);
            CREATE EVENT nightly ON SCHEDULE EVERY 1 DAY DO CALL tidy();
            """;

    private static final String POSTGRESQL = """
            CREATE TABLE item (id INT PRIMARY KEY, name VARCHAR(20));
            COMMENT ON COLUMN item.name IS 'for people';
            CREATE TABLE tag (id INT PRIMARY KEY, item_id INT REFERENCES item);
            CREATE VIEW named AS SELECT id FROM item WHERE name IS NOT NULL;
            CREATE FUNCTION total() RETURNS INT LANGUAGE sql AS 'SELECT 1';
            """;

    @TempDir
    private Path directory;

    @TempDir
    private Path dumps;

    /** Restores what is left of a database at version 1 by a dump with options, and by the migrations of today. */
    private Restore restore(String image, String... options) {
        DatabaseServer server = TestServers.container(image);
        boolean postgreSql = server.engine() == Engine.POSTGRESQL;
        Scripts scripts = new Scripts(directory)
                .with("V1__first.sql", postgreSql ? POSTGRESQL : MYSQL)
                .with("V2__second.sql", "SELECT 1;");
        try (TestDatabase used = new Snapshot(scripts.migrator(server.engine()), Optional.of("1"), Optional.empty())
                        .create(server);
                TestDatabase empty = server.createDatabase()) {
            Library.execute(
                    used,
                    "INSERT INTO item VALUES (1, 'one')",
                    // Of these the backup has more than the migrations make, or the same by another name.
                    "CREATE TABLE added_by_hand (id INT)",
                    "ALTER TABLE tag DROP " + (postgreSql ? "CONSTRAINT tag_item_id_fkey" : "FOREIGN KEY of_item"),
                    "ALTER TABLE tag ADD CONSTRAINT "
                            + (postgreSql ? "tag_item_id_fkey1" : "of_item")
                            + " FOREIGN KEY (item_id) REFERENCES item (id)");
            // Of today: the release that the backup is from had none.
            Migrator migrator = scripts.with("R__today.sql", "CREATE OR REPLACE VIEW today AS SELECT id FROM item;")
                    .migrator(server.engine());
            return new Restores(new PreparedStates(0), new CleanInstalls())
                    .restore(empty, Optional.empty(), Dumps.of(used, dumps, options), new DocumentedClient(), migrator);
        }
    }

    private static void assertLacks(Restore restore, String lines) {
        assertThat(restore).hasVerdict(RestoreVerdict.RESTORED);
        assertThatThrownBy(() -> assertThat(restore).isComplete())
                .isInstanceOf(AssertionError.class)
                .hasMessage("Expected the restore " + restore
                        + " to bring all that the migrations to its version create, but the backup " + restore.backup()
                        + " lacks:" + lines);
    }

    @ParameterizedTest
    @Images({"postgres:17", "mysql:9.7", "mariadb:11.8"})
    void aBackupOfAllIsCompleteWithMoreThanMigrationsMake(String image) {
        assertThat(restore(image)).succeeded().isComplete();
    }

    @ParameterizedTest
    @Images({"mysql:9.7", "mariadb:11.8"})
    void withoutRoutinesAndEvents(String image) {
        String tool = image.startsWith("mysql") ? "mysqldump" : "mariadb-dump";
        assertLacks(restore(image, "--skip-routines", "--skip-events"), """

                - routine tidy PROCEDURE
                - routine total()
                - event nightly
                %1$s writes routines only with --routines
                %1$s writes events only with --events""".formatted(tool));
    }

    @Test
    void withoutTriggers() {
        assertLacks(restore("mysql:9.7", "--skip-triggers"), "\n- trigger item.trimmed");
    }

    @Test
    void withoutComments() {
        assertLacks(restore("postgres:17", "--no-comments"), "\n- comment column item.name");
    }

    @Test
    void ofSomeTablesAlone() {
        assertLacks(restore("postgres:17", "--table=flyway_schema_history", "--table=item"), """

                - table tag
                - view named
                - routine total()""");
    }

    @Test
    void rowsAloneHoldNoSchema() {
        Restore restore = restore("postgres:17", "--data-only");

        assertThatThrownBy(() -> assertThat(restore).isComplete())
                .isInstanceOf(AssertionError.class)
                .hasMessageEndingWith(" create, but that cannot be told: it holds no schema.");
    }
}
