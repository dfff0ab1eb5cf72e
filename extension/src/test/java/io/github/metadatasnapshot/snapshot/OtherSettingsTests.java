package io.github.metadatasnapshot.snapshot;

import static io.github.metadatasnapshot.assertion.MetadataSnapshotAssertions.assertThat;
import static java.util.stream.Collectors.joining;

import io.github.metadatasnapshot.engine.Engine;
import io.github.metadatasnapshot.migration.Migrator;
import io.github.metadatasnapshot.migration.Upgrade;
import io.github.metadatasnapshot.server.DatabaseServer;
import io.github.metadatasnapshot.server.TestDatabase;
import io.github.metadatasnapshot.testsupport.Images;
import io.github.metadatasnapshot.testsupport.RequiresDocker;
import io.github.metadatasnapshot.testsupport.Scripts;
import io.github.metadatasnapshot.testsupport.TestServers;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;

/** Products whose sessions have other settings than the server, proven by all that contracts prove. */
@RequiresDocker
class OtherSettingsTests {

    private static final String FIRST = "SET SESSION innodb_strict_mode = OFF;\n"
            + IntStream.rangeClosed(1, 199)
                    .mapToObj("c%d varchar(60) NOT NULL DEFAULT ''"::formatted)
                    .collect(joining(", ", "CREATE TABLE wide (", ") ROW_FORMAT=COMPACT CHARACTER SET latin1;\n"))
            + """
            CREATE TABLE thing (id INT AUTO_INCREMENT PRIMARY KEY, name VARCHAR(40) NOT NULL);
            INSERT INTO thing (name) VALUES ('seeded'), ('seeded, too');
            CREATE TABLE old_thing (id INT PRIMARY KEY);
            CREATE VIEW old_things AS SELECT id FROM old_thing;
            DROP TABLE old_thing;
            SET SESSION sql_mode = '';
            CREATE TABLE item (id INT PRIMARY KEY, born DATE NOT NULL DEFAULT '0000-00-00');
            INSERT INTO item (id) VALUES (1);
            """;

    private static final String MYSQL = """
            SET SESSION restrict_fk_on_non_standard_key = OFF;
            CREATE TABLE parent (id INT PRIMARY KEY, code VARCHAR(10) NOT NULL, KEY (code));
            CREATE TABLE child (id INT PRIMARY KEY, code VARCHAR(10), FOREIGN KEY (code) REFERENCES parent (code));
            INSERT INTO parent VALUES (1, 'a');
            INSERT INTO child VALUES (1, 'a');
            SET SESSION sql_generate_invisible_primary_key = ON;
            CREATE TABLE event (what VARCHAR(20));
            INSERT INTO event VALUES ('a'), ('b');
            DELETE FROM event WHERE what = 'a';
            INSERT INTO event VALUES ('c');
            """;

    private static final String MARIADB = """
            CREATE SEQUENCE ids START WITH 100 INCREMENT BY 10;
            SELECT NEXTVAL(ids);
            CREATE TABLE checked (id INT, CHECK (id > 0));
            SET SESSION check_constraint_checks = OFF;
            INSERT INTO checked VALUES (-1);
            """;

    @ParameterizedTest
    @Images({"mysql:9.7", "mariadb:11.8"})
    void whatTheyCreateIsProven(String image, @TempDir Path directory) {
        DatabaseServer server = TestServers.container(image);
        Migrator migrator = new Scripts(directory)
                .with("V1__first.sql", FIRST + (server.engine() == Engine.MYSQL ? MYSQL : MARIADB))
                .with("V2__note.sql", "ALTER TABLE thing ADD COLUMN note VARCHAR(40); DROP VIEW old_things;")
                .migrator(server.engine());
        Snapshot first = new Snapshot(migrator, Optional.of("1"), Optional.empty());
        PreparedStates states = new PreparedStates(1L << 30, 0);
        try (states;
                TestDatabase database = states.create(first, server)) {
            assertThat(Upgrade.run(
                            database,
                            states.contents(database),
                            migrator,
                            Optional.of("2"),
                            List.of(),
                            new CleanInstalls(),
                            states))
                    .succeeded()
                    .keptEveryRow()
                    .keptEveryValue()
                    .matchesCleanInstall()
                    .isRepeatable();
        }
    }
}
