package io.github.metadatasnapshot.migration;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.metadatasnapshot.engine.Engine;
import io.github.metadatasnapshot.engine.RowChanges;
import io.github.metadatasnapshot.engine.TableName;
import io.github.metadatasnapshot.server.ExternalSettings;
import io.github.metadatasnapshot.server.ServerProvider;
import io.github.metadatasnapshot.server.ServerSettings;
import io.github.metadatasnapshot.server.ServerSpec;
import io.github.metadatasnapshot.server.Servers;
import io.github.metadatasnapshot.server.TestDatabase;
import io.github.metadatasnapshot.testsupport.Images;
import io.github.metadatasnapshot.testsupport.RequiresDocker;
import io.github.metadatasnapshot.testsupport.TakesTurns;
import io.github.metadatasnapshot.testsupport.TestServers;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.testcontainers.mysql.MySQLContainer;

@RequiresDocker
@TakesTurns(of = 3)
class MigrationEffectsInContainersTests {

    private static final TableName PERSON = new TableName("", "person");

    @TempDir
    private Path directory;

    @ParameterizedTest
    @Images({"postgres:13", "postgres:18"})
    void onPostgreSql(String image) {
        try (TestDatabase database = TestServers.container(image).createDatabase()) {
            TableName person = new TableName("public", "person");

            List<MigrationEffects> effects = new ScriptedMigrations(directory)
                    .add("CREATE TABLE person (id integer, age integer); INSERT INTO person VALUES (1), (2), (3)")
                    .add("UPDATE person SET age = 1 WHERE id > 1; DELETE FROM person WHERE id = 1")
                    .add("ALTER TABLE person ALTER COLUMN age TYPE bigint; SELECT pg_sleep(0.3)")
                    .effects(database);

            assertThat(effects)
                    .extracting(MigrationEffects::rows)
                    .containsExactly(
                            Optional.of(new RowChanges(3, 0, 0)),
                            Optional.of(new RowChanges(0, 2, 1)),
                            Optional.of(RowChanges.NONE));
            assertThat(effects.get(1).rewritten().orElseThrow()).isEmpty();
            assertThat(effects.get(2).rewritten().orElseThrow()).containsExactly(person);
            assertThat(effects.get(2).lockedMillis().orElseThrow().get(person)).isBetween(300L, 5000L);
        }
    }

    @ParameterizedTest
    @Images({"mysql:9.7", "mariadb:11.8"})
    void onMySqlAndMariaDb(String image) {
        try (TestDatabase database = TestServers.container(image).createDatabase()) {
            Upgrade upgrade = new ScriptedMigrations(directory)
                    .add("CREATE TABLE person (id INT PRIMARY KEY, age INT) CHARACTER SET utf8mb4;"
                            + " CREATE TABLE `odd-name.A` (id INT) PARTITION BY HASH (id) PARTITIONS 2")
                    .add("INSERT INTO person (id) VALUES (1), (2), (3); UPDATE person SET age = 1 WHERE id > 1;"
                            + " DELETE FROM person WHERE id = 1; DO SLEEP(0.3)")
                    .add("ALTER TABLE person MODIFY age BIGINT; ALTER TABLE `odd-name.A` FORCE")
                    .add("ALTER TABLE person ADD COLUMN email VARCHAR(10), ALGORITHM = INSTANT")
                    .upgrade(database);
            List<MigrationEffects> effects =
                    upgrade.migrations().stream().map(AppliedMigration::effects).toList();

            assertThat(upgrade.succeeded()).isTrue();
            assertThat(upgrade.slowestMigrations().get(0).millis()).isGreaterThanOrEqualTo(300);
            assertThat(upgrade.slowestMigrations().get(0).describe())
                    .matches("V2__step\\.sql took \\d+ ms: 3 rows inserted, 2 rows updated, 1 row deleted;"
                            + " unknown: tables locked");
            assertThat(effects)
                    .extracting(MigrationEffects::rows)
                    .containsExactly(
                            Optional.empty(), Optional.of(new RowChanges(3, 2, 1)), Optional.empty(), Optional.empty());
            assertThat(effects.get(1).rewritten().orElseThrow()).isEmpty();
            assertThat(effects.get(2).rewritten().orElseThrow())
                    .containsExactly(new TableName("", "odd-name.A"), PERSON);
            assertThat(effects.get(3).rewritten().orElseThrow()).isEmpty();
            assertThat(effects).extracting(MigrationEffects::lockedMillis).containsOnly(Optional.empty());
        }
    }

    @Test
    void rowsThatMySqlSortsInAnInternalTableAreNotTakenForTheUsers() {
        try (TestDatabase database = TestServers.container("mysql:9.7").createDatabase()) {
            List<MigrationEffects> effects = new ScriptedMigrations(directory)
                    .add("CREATE TABLE person (id INT, age INT)")
                    .add("INSERT INTO person VALUES (1, 1), (2, 1)")
                    .add("INSERT INTO person SELECT COUNT(*), age FROM person GROUP BY age ORDER BY 1")
                    .effects(database);

            assertThat(effects)
                    .extracting(MigrationEffects::rows)
                    .containsExactly(Optional.empty(), Optional.of(new RowChanges(2, 0, 0)), Optional.empty());
        }
    }

    @Test
    void locksAreKnownWhereThePerformanceSchemaIsOn() {
        try (MySQLContainer mysql = new MySQLContainer("mysql:9.7").withUsername("root")) {
            mysql.start();
            ExternalSettings login =
                    new ExternalSettings(mysql.getJdbcUrl(), mysql.getUsername(), mysql.getPassword(), false);
            try (Servers servers =
                            new Servers(new ServerSettings(ServerProvider.EXTERNAL, Map.of(Engine.MYSQL, login)));
                    TestDatabase database =
                            servers.get(ServerSpec.parse("mysql:9.7")).createDatabase()) {
                List<MigrationEffects> effects = new ScriptedMigrations(directory)
                        .add("CREATE TABLE person (id INT); CREATE TABLE pet (id INT)")
                        .add("INSERT INTO pet VALUES (1)")
                        .add("LOCK TABLES person WRITE, pet READ; DO SLEEP(0.3); UNLOCK TABLES; DO SLEEP(0.3)")
                        .effects(database);

                assertThat(effects.get(0).lockedMillis().orElseThrow()).isEmpty();
                assertThat(effects.get(1).lockedMillis().orElseThrow()).isEmpty();
                assertThat(effects.get(2).lockedMillis().orElseThrow()).containsOnlyKeys(PERSON);
                assertThat(effects.get(2).lockedMillis().orElseThrow().get(PERSON))
                        .isBetween(290L, 550L);
            }
        }
    }
}
