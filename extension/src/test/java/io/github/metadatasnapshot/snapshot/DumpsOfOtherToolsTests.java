package io.github.metadatasnapshot.snapshot;

import static io.github.metadatasnapshot.testsupport.Library.execute;
import static io.github.metadatasnapshot.testsupport.Library.query;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.metadatasnapshot.backup.Backup;
import io.github.metadatasnapshot.migration.CleanInstall;
import io.github.metadatasnapshot.migration.Migrator;
import io.github.metadatasnapshot.restore.DocumentedClient;
import io.github.metadatasnapshot.restore.JdbcLoad;
import io.github.metadatasnapshot.restore.Restore;
import io.github.metadatasnapshot.restore.RestoreProcedure;
import io.github.metadatasnapshot.restore.RestoreVerdict;
import io.github.metadatasnapshot.server.DatabaseServer;
import io.github.metadatasnapshot.server.TestDatabase;
import io.github.metadatasnapshot.testsupport.Dumps;
import io.github.metadatasnapshot.testsupport.RequiresDocker;
import io.github.metadatasnapshot.testsupport.Scripts;
import io.github.metadatasnapshot.testsupport.TestServers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Dumps that other tools write, and those of a cousin of the engine, are loaded whole by every procedure. */
@RequiresDocker
class DumpsOfOtherToolsTests {

    private static final List<RestoreProcedure> PROCEDURES = List.of(new DocumentedClient(), new JdbcLoad());

    /** Keys and AUTO_INCREMENT behind the rows, a stand-in for a view, another delimiter, one transaction around all. */
    private static final String BY_PHP_MY_ADMIN = """
            -- phpMyAdmin SQL Dump
            -- version 5.2.1
            -- https://www.phpmyadmin.net/
            --
            -- Tiempo de generación: 01-02-2026 a las 10:11:12

            SET FOREIGN_KEY_CHECKS=0;
            SET SQL_MODE = "NO_AUTO_VALUE_ON_ZERO";
            START TRANSACTION;
            SET time_zone = "+00:00";


            /*!40101 SET @OLD_CHARACTER_SET_CLIENT=@@CHARACTER_SET_CLIENT */;
            /*!40101 SET NAMES utf8mb4 */;

            CREATE TABLE `flyway_schema_history` (
              `installed_rank` int NOT NULL,
              `version` varchar(50) DEFAULT NULL,
              `description` varchar(200) NOT NULL,
              `type` varchar(20) NOT NULL,
              `script` varchar(1000) NOT NULL,
              `checksum` int DEFAULT NULL,
              `installed_by` varchar(100) NOT NULL,
              `installed_on` timestamp NOT NULL DEFAULT CURRENT_TIMESTAMP,
              `execution_time` int NOT NULL,
              `success` tinyint(1) NOT NULL
            ) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;

            INSERT INTO `flyway_schema_history` (`installed_rank`, `version`, `description`, `type`, `script`, `checksum`, `installed_by`, `installed_on`, `execution_time`, `success`) VALUES
            (1, '1', 'init', 'SQL', 'V1__init.sql', CHECKSUM, 'root', '2026-02-01 09:00:00', 12, 1);

            -- --------------------------------------------------------

            --
            -- Estructura Stand-in para la vista `names`
            -- (Véase abajo para la vista actual)
            --
            CREATE TABLE `names` (
            `name` varchar(40)
            );

            CREATE TABLE `person` (
              `id` int NOT NULL,
              `name` varchar(40) NOT NULL
            ) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;

            INSERT INTO `person` (`id`, `name`) VALUES
            (1, 'Ann'),
            (2, 'Bob (the "second"); -- not a comment');

            --
            -- Disparadores `person`
            --
            DELIMITER $$
            CREATE TRIGGER `person_trim` BEFORE INSERT ON `person` FOR EACH ROW SET NEW.name = TRIM(NEW.name)
            $$
            DELIMITER ;

            --
            -- Estructura para la vista `names`
            --
            DROP TABLE IF EXISTS `names`;

            CREATE ALGORITHM=UNDEFINED DEFINER=`app`@`%` SQL SECURITY DEFINER VIEW `names`  AS SELECT `person`.`name` AS `name` FROM `person` ;

            ALTER TABLE `flyway_schema_history`
              ADD PRIMARY KEY (`installed_rank`),
              ADD KEY `flyway_schema_history_s_idx` (`success`);

            ALTER TABLE `person`
              ADD PRIMARY KEY (`id`);

            ALTER TABLE `person`
              MODIFY `id` int NOT NULL AUTO_INCREMENT, AUTO_INCREMENT=3;
            SET FOREIGN_KEY_CHECKS=1;
            COMMIT;

            /*!40101 SET CHARACTER_SET_CLIENT=@OLD_CHARACTER_SET_CLIENT */;
            """;

    @TempDir
    private Path directory;

    private Migrator migrator(DatabaseServer server, String migration) {
        return new Scripts(directory).with("V1__init.sql", migration).migrator(server.engine());
    }

    private static TestDatabase migrated(DatabaseServer server, Migrator migrator) {
        return new Snapshot(migrator, Optional.of("1"), Optional.empty()).create(server);
    }

    private static void assertRestored(
            DatabaseServer server, Migrator migrator, Backup backup, String query, String... rows) {
        for (RestoreProcedure procedure : PROCEDURES) {
            try (TestDatabase target = server.createDatabase()) {
                Restore restore = new Restores(new PreparedStates(0), CleanInstall::make)
                        .restore(target, Optional.empty(), backup, procedure, migrator);

                assertThat(restore.describeErrors()).as(procedure.toString()).isEmpty();
                assertThat(restore.verdict()).as(procedure.toString()).isEqualTo(RestoreVerdict.RESTORED);
                assertThat(restore.inconclusive()).as(procedure.toString()).isEmpty();
                assertThat(query(target, query)).as(procedure.toString()).containsExactly(rows);
            }
        }
    }

    @Test
    void phpMyAdminsGoesIntoMySql() throws IOException {
        DatabaseServer server = TestServers.container("mysql:9.7");
        Migrator migrator = migrator(server, """
                CREATE TABLE person (id int NOT NULL AUTO_INCREMENT PRIMARY KEY, name varchar(40) NOT NULL);
                CREATE VIEW names AS SELECT name FROM person;
                CREATE TRIGGER person_trim BEFORE INSERT ON person FOR EACH ROW SET NEW.name = TRIM(NEW.name);
                """);
        Path file = directory.resolve("backup.sql");
        try (TestDatabase database = migrated(server, migrator)) {
            String checksum = query(database, "SELECT checksum FROM flyway_schema_history WHERE version = '1'")
                    .get(0);
            Files.writeString(file, BY_PHP_MY_ADMIN.replace("CHECKSUM", checksum));
        }

        assertRestored(
                server,
                migrator,
                Backup.of(file),
                "SELECT name FROM names ORDER BY name",
                "Ann",
                "Bob (the \"second\"); -- not a comment");
    }

    /** MariaDB takes MySQL's default collation for its own nearest one. Of a long number JSON in MySQL keeps a DOUBLE. */
    @Test
    void mySqlsGoesIntoMariaDb() {
        DatabaseServer source = TestServers.container("mysql:9.7");
        DatabaseServer server = TestServers.container("mariadb:11.8");
        String migration = "CREATE TABLE document (id integer PRIMARY KEY, content json);";
        try (TestDatabase database = migrated(source, migrator(source, migration))) {
            execute(database, "INSERT INTO document VALUES (1, '{\"a\": 1.10, \"b\": 18446744073709551616}')");

            assertRestored(
                    server,
                    migrator(server, migration),
                    Dumps.of(database, directory),
                    "SELECT content FROM document",
                    "{\"a\": 1.1, \"b\": 1.8446744073709552e19}");
        }
    }
}
