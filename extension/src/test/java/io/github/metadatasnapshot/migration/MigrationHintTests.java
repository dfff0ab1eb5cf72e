package io.github.metadatasnapshot.migration;

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
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;

/** What is said of rows that a migration cannot stand, and that it is not said where there are none. */
@RequiresDocker
class MigrationHintTests {

    private static final String TABLES = "CREATE TABLE owner (id INT PRIMARY KEY);"
            + "CREATE TABLE pet (id INT PRIMARY KEY, name VARCHAR(20), owner_id INT, age INT, chip VARCHAR(20));"
            + "INSERT INTO owner VALUES (1);"
            + "INSERT INTO pet VALUES (1, 'Rex', 1, 3, '17'), (2, 'Rex', 9, 4, '18'), (3, NULL, 8, -1, 'none'),"
            + " (4, NULL, 8, -2, '19'), (5, 'Rumpelstiltskin', NULL, 7, NULL);";

    private static final String ROWS_3_4 = "2 rows of table pet (id = '3'; id = '4') hold ";

    private static String notNull(Engine engine) {
        return engine == Engine.POSTGRESQL
                ? "ALTER TABLE pet ALTER COLUMN name SET NOT NULL;"
                : "ALTER TABLE pet MODIFY name VARCHAR(20) NOT NULL;";
    }

    private static String type(Engine engine, String type, String column) {
        return engine == Engine.POSTGRESQL
                ? "ALTER TABLE pet ALTER COLUMN " + column + " TYPE " + type + " USING " + column + "::" + type + ";"
                : "ALTER TABLE pet MODIFY " + column + " " + type + ";";
    }

    @ParameterizedTest
    @Images({"postgres:17", "mysql:9.7", "mariadb:11.8"})
    void rowsAreNamedWhereTheyAreInTheWay(String image, @TempDir Path directory) {
        Engine engine = TestServers.container(image).engine();
        String varchar = engine == Engine.POSTGRESQL
                ? "ALTER TABLE pet ALTER name TYPE VARCHAR(5);"
                : "ALTER TABLE pet MODIFY name VARCHAR(5);";
        Map<String, String> hints = Map.of(
                notNull(engine),
                ROWS_3_4 + "NULL in name. Give them a value before the column takes NULL no more",
                "ALTER TABLE pet ADD CONSTRAINT pet_name UNIQUE (name);",
                "rows of table pet are equal in name: name = 'Rex' in 2 rows. Make them different, or one, before"
                        + " the key is made",
                "CREATE UNIQUE INDEX pet_owner ON pet (owner_id);",
                "rows of table pet are equal in owner_id: owner_id = '8' in 2 rows. Make them different, or one,"
                        + " before the key is made",
                "ALTER TABLE pet ADD CONSTRAINT pet_owner FOREIGN KEY (owner_id) REFERENCES owner (id);",
                "3 rows of table pet (id = '2', owner_id = '9'; id = '3', owner_id = '8'; id = '4', owner_id = '8')"
                        + " hold values that no row of table owner has. Add those, or take the rows away, before the"
                        + " foreign key is made",
                "ALTER TABLE pet ADD CONSTRAINT aged CHECK (age > 0 AND (id > 0));",
                ROWS_3_4 + "values that break age > 0 AND (id > 0). Change them before the constraint is made",
                varchar,
                "1 row of table pet (id = '5') holds more than 5 characters in name. Shorten them before the column"
                        + " takes no more",
                type(engine, "INTEGER", "chip"),
                "1 row of table pet (id = '3') holds 'none' in chip, which the new type does not take. Change them"
                        + " before");
        hints.forEach((sql, hint) -> assertThat(failure(image, directory, TABLES, sql))
                .as(sql)
                .extracting(MigrationFailure::hint)
                .isEqualTo(hint));
    }

    @ParameterizedTest
    @Images({"postgres:17", "mysql:9.7", "mariadb:11.8"})
    void nothingIsSaidWhereNoRowIsInTheWay(String image, @TempDir Path directory) {
        Engine engine = TestServers.container(image).engine();
        String none = TABLES.replaceFirst("INSERT INTO pet .*", "INSERT INTO pet VALUES (1, 'Rex', 1, 3, '17');");
        for (String sql : new String[] {
            "ALTER TABLE pet ADD CONSTRAINT pet_name UNIQUE (nowhere);",
            "ALTER TABLE nowhere ADD CONSTRAINT pet_name UNIQUE (name);",
            "INSERT INTO pet (id, name) VALUES (1, 'Tom');",
            "CREATE TABLE pet (id INT);",
            "INSERT INTO owner (id) VALUES (NULL);",
            "UPDATE pet SET age = 'none';"
        }) {
            assertThat(failure(image, directory, none, sql))
                    .as(sql)
                    .extracting(MigrationFailure::hint)
                    .isEqualTo("");
        }
        assertThat(failure(image, directory, none, "UPDATE nowhere SET a = 1; " + notNull(engine)))
                .extracting(MigrationFailure::hint)
                .isEqualTo("");
    }

    @Test
    void aRoleOfTheServerThatAnotherDatabaseHasMade(@TempDir Path directory) {
        String role = "CREATE ROLE migration_hint_tests";
        try (TestDatabase other = TestServers.container("postgres:17").createDatabase()) {
            Library.execute(other, role);
            try {
                MigrationFailure failure = failure("postgres:17", directory, "SELECT 1", role + ";");
                assertThat(failure.message()).contains("role \"migration_hint_tests\" already exists");
                assertThat(failure.hint())
                        .startsWith(
                                "roles and users are the server's, not the database's, and migration_hint_tests was on it"
                                        + " before: another database on it has made it");
            } finally {
                Library.execute(other, "DROP ROLE migration_hint_tests");
            }
        }
    }

    @ParameterizedTest
    @Images({"postgres:17", "mysql:9.7", "mariadb:11.8"})
    void noOtherDatabaseIsBlamedWhereTheMigrationsCreateARoleTwice(String image, @TempDir Path directory) {
        Engine engine = TestServers.container(image).engine();
        String creates = engine == Engine.POSTGRESQL ? "CREATE ROLE hint_twice" : "CREATE USER hint_twice";
        DatabaseServer server = TestServers.container(image);
        Migrator migrator = new Scripts(directory)
                .with("V1__tables.sql", creates + ";")
                .with("V2__rule.sql", creates + ";")
                .migrator(engine);
        try (TestDatabase database = server.createDatabase()) {
            try {
                Upgrade.run(database, migrator, Optional.of("1"));
                MigrationFailure failure = Upgrade.run(database, migrator, Optional.of("2"))
                        .failure()
                        .orElseThrow();
                assertThat(failure.hint())
                        .matches(
                                "hint_twice(@%)? was made by V1__tables.sql before, so that the migrations create it twice");
            } finally {
                Library.execute(database, creates.replace("CREATE", "DROP"));
            }
        }
        // PostgreSQL has undone the first, so that the role is not there.
        assertThat(failure(image, directory, "SELECT 1", creates + ";\n" + creates + ";")
                        .hint())
                .matches(engine == Engine.POSTGRESQL ? "" : "hint_twice@% was made by V2__rule.sql before, .*");
        if (engine != Engine.POSTGRESQL) {
            try (TestDatabase database = server.createDatabase()) {
                Library.execute(database, "DROP USER hint_twice");
            }
        }
    }

    @ParameterizedTest
    @Images({"mysql:9.7", "mariadb:11.8"})
    void aTableInMemoryThatIsAtItsLimitIsNoFullDisk(String image, @TempDir Path directory) {
        MigrationFailure failure = failure(
                image,
                directory,
                "SELECT 1",
                "SET max_heap_table_size = 16384; CREATE TABLE cached (c CHAR(250)) ENGINE = MEMORY;\n"
                        + "INSERT INTO cached VALUES ('a');\n".repeat(100));

        assertThat(failure.message()).contains("The table 'cached' is full");
        assertThat(failure.hint())
                .startsWith("table cached is in memory (ENGINE = MEMORY) and at its limit, which is no full disk: what"
                        + " max_heap_table_size was where the table was created. ");
    }

    private static MigrationFailure failure(String image, Path directory, String tables, String sql) {
        DatabaseServer server = TestServers.container(image);
        Scripts scripts =
                new Scripts(directory).with("V1__tables.sql", "SELECT 1;").with("V2__rule.sql", sql);
        try (TestDatabase database = server.createDatabase()) {
            for (String statement : tables.split(";", -1)) {
                if (!statement.isBlank()) {
                    Library.execute(database, statement);
                }
            }
            Migrator migrator = scripts.migrator(
                    server.engine(), flyway -> flyway.baselineOnMigrate(true).baselineVersion("1"));
            return Upgrade.run(database, migrator, Optional.of("2")).failure().orElseThrow();
        }
    }
}
