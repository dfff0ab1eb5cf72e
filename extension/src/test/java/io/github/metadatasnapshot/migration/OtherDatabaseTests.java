package io.github.metadatasnapshot.migration;

import static io.github.metadatasnapshot.assertion.MetadataSnapshotAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.metadatasnapshot.engine.Engine;
import io.github.metadatasnapshot.server.DatabaseServer;
import io.github.metadatasnapshot.server.TestDatabase;
import io.github.metadatasnapshot.testsupport.Images;
import io.github.metadatasnapshot.testsupport.Library;
import io.github.metadatasnapshot.testsupport.RequiresDocker;
import io.github.metadatasnapshot.testsupport.Scripts;
import io.github.metadatasnapshot.testsupport.TestServers;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;

/** Migrations that reach into another database of the same server. */
@RequiresDocker
class OtherDatabaseTests {

    private static final String FIRST = "CREATE TABLE item (id INT PRIMARY KEY); INSERT INTO item VALUES (1), (2);";

    @TempDir
    private Path directory;

    private Migrator migrator(Engine engine, String second) {
        return new Scripts(directory)
                .with("V1__first.sql", FIRST)
                .with("V2__second.sql", second)
                .migrator(engine);
    }

    private Upgrade upgrade(TestDatabase database, String second) {
        Migrator migrator = migrator(database.engine(), second);
        assertThat(Upgrade.run(database, migrator, Optional.of("1"))).succeeded();
        return Upgrade.run(database, migrator, Optional.of("2"));
    }

    private static Stream<String> statements() {
        return Stream.of(
                "DELETE FROM ledger.entry",
                "UPDATE ledger.entry SET id = id + 10",
                "INSERT INTO ledger.entry VALUES (9)",
                "INSERT INTO item SELECT id + 10 FROM ledger.entry",
                "DELETE e FROM ledger.entry e JOIN item i ON i.id = e.id",
                "TRUNCATE TABLE ledger.entry",
                "ALTER TABLE ledger.entry ADD note INT",
                "DROP TABLE ledger.entry",
                "RENAME TABLE ledger.entry TO entry",
                "CREATE VIEW entries AS SELECT id FROM ledger.entry",
                "CREATE TABLE ledger.more (id INT)",
                "CALL ledger.tidy()",
                "EXECUTE tidy",
                "DROP DATABASE ledger",
                "USE ledger; DELETE FROM entry",
                "CREATE DATABASE archive",
                "ALTER DATABASE ledger CHARACTER SET latin1",
                "UPDATE mysql.user SET max_connections = 9");
    }

    @ParameterizedTest
    @Images({"mysql:9.7", "mariadb:11.8"})
    void theMigrationIsNamedWithItsPlaceAndNothingIsDoneThere(String image) {
        DatabaseServer server = TestServers.container(image);
        SoftAssertions softly = new SoftAssertions();
        try (TestDatabase administrators = server.createDatabase()) {
            Library.execute(
                    administrators,
                    "CREATE DATABASE ledger",
                    "CREATE TABLE ledger.entry (id INT PRIMARY KEY)",
                    "INSERT INTO ledger.entry VALUES (1), (2)",
                    "CREATE PROCEDURE ledger.tidy() DELETE FROM ledger.entry");
            try {
                List<String> databases = Library.databases(server);
                for (String statement : statements().toList()) {
                    try (TestDatabase database = server.createDatabase()) {
                        MigrationFailure failure = upgrade(database, """
                                SET @sql = CONCAT('DELETE FROM led', 'ger.entry');
                                SELECT 1;
                                %s%s;
                                """.formatted(
                                        statement.startsWith("EXECUTE") ? "PREPARE tidy FROM @sql; " : "", statement))
                                .failure()
                                .orElse(null);
                        softly.assertThat(failure).as(statement).isNotNull();
                        if (failure != null) {
                            softly.assertThat(failure.describe())
                                    .as(statement)
                                    .startsWith("in V2__second.sql, line 3: ")
                                    .containsPattern("(?i)denied (to|for) user 'metadata_snapshot'@")
                                    .contains("statement: ")
                                    .contains("the migration reaches into another database");
                        }
                    }
                }
                softly.assertThat(Library.query(administrators, "SELECT id FROM ledger.entry"))
                        .containsExactly("1", "2");
                softly.assertThat(Library.databases(server)).isEqualTo(databases);
            } finally {
                Library.execute(administrators, "DROP DATABASE ledger");
            }
        }
        softly.assertAll();
    }

    @ParameterizedTest
    @Images({"mysql:9.7", "mariadb:11.8"})
    void whatAnAdministratorDoesInTheDatabaseAndToTheServerGoesOn(String image) {
        try (TestDatabase database = TestServers.container(image).createDatabase()) {
            Upgrade upgrade = upgrade(database, """
                    INSERT INTO item SELECT COUNT(*) + 100 FROM information_schema.tables;
                    INSERT INTO item SELECT COUNT(*) + 10000 FROM mysql.user;
                    SELECT COUNT(*) FROM performance_schema.threads;
                    INSERT INTO `${flyway:database}`.item VALUES (3);
                    ALTER DATABASE `${flyway:database}` CHARACTER SET utf8mb4;
                    CREATE USER other_database_app;
                    GRANT SELECT ON `${flyway:database}`.item TO other_database_app;
                    DROP USER other_database_app;
                    CREATE DEFINER = 'root'@'localhost' VIEW items AS SELECT id FROM item;
                    CREATE FUNCTION twice(n INT) RETURNS INT DETERMINISTIC RETURN 2 * n;
                    CREATE PROCEDURE fill() INSERT INTO item VALUES (twice(2));
                    CREATE TRIGGER positive BEFORE INSERT ON item FOR EACH ROW SET NEW.id = ABS(NEW.id);
                    CREATE EVENT nightly ON SCHEDULE EVERY 1 DAY DO DELETE FROM item WHERE id = 99;
                    CALL fill();
                    CREATE TEMPORARY TABLE passing (id INT);
                    LOCK TABLES item WRITE;
                    UNLOCK TABLES;
                    SET GLOBAL max_connections = 200;
                    SET SESSION innodb_strict_mode = OFF;
                    ANALYZE TABLE item;
                    """);

            assertThat(upgrade).succeeded().keptEveryRow();
            assertThat(Library.query(database, "SELECT COUNT(*) FROM items")).containsExactly("6");
        }
    }
}
