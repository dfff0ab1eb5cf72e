package io.github.metadatasnapshot.migration;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.metadatasnapshot.engine.Engine;
import io.github.metadatasnapshot.engine.RowChanges;
import io.github.metadatasnapshot.engine.TableName;
import io.github.metadatasnapshot.engine.Version;
import io.github.metadatasnapshot.server.ExternalLogins;
import io.github.metadatasnapshot.server.ExternalSettings;
import io.github.metadatasnapshot.server.ServerProvider;
import io.github.metadatasnapshot.server.ServerSettings;
import io.github.metadatasnapshot.server.ServerSpec;
import io.github.metadatasnapshot.server.Servers;
import io.github.metadatasnapshot.server.TestDatabase;
import io.github.metadatasnapshot.testsupport.TestServers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.flywaydb.core.api.callback.Callback;
import org.flywaydb.core.api.callback.Context;
import org.flywaydb.core.api.callback.Event;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MigrationEffectsTests {

    private static final TableName PERSON = new TableName("public", "person");
    private static final TableName PET = new TableName("public", "pet");

    private static final String TABLES = """
            CREATE TABLE person (id integer PRIMARY KEY, age integer NOT NULL DEFAULT 0);
            CREATE TABLE pet (id integer);
            INSERT INTO person (id) SELECT generate_series(1, 5);
            """;

    @TempDir
    private Path directory;

    private TestDatabase database;

    @BeforeEach
    void createDatabase() {
        database = TestServers.embedded().createDatabase();
    }

    @AfterEach
    void dropDatabase() {
        database.close();
    }

    private MigrationEffects effectsOf(String sql) {
        return new ScriptedMigrations(directory)
                .add(TABLES)
                .add(sql)
                .effects(database)
                .get(1);
    }

    @Test
    void rowsAreCountedByKind() {
        MigrationEffects effects = effectsOf("""
                INSERT INTO pet VALUES (1), (2), (3);
                UPDATE person SET age = id WHERE id > 1;
                DELETE FROM pet WHERE id = 2;
                """);

        assertThat(effects.rows()).contains(new RowChanges(3, 4, 1));
        assertThat(effects.rewritten().orElseThrow()).isEmpty();
        assertThat(effects.lockedMillis().orElseThrow()).isEmpty();
        assertThat(effects.describe()).isEqualTo("3 rows inserted, 4 rows updated, 1 row deleted");
    }

    @Test
    void rowsOfANewTableAreCountedAndItsLockIsNot() {
        MigrationEffects effects = effectsOf("CREATE TABLE town (id integer); INSERT INTO town VALUES (1), (2)");

        assertThat(effects.rows()).contains(new RowChanges(2, 0, 0));
        assertThat(effects.lockedMillis().orElseThrow()).isEmpty();
    }

    @Test
    void migrationsInOneTransactionAreToldApart() {
        List<MigrationEffects> effects = new ScriptedMigrations(directory, flyway -> flyway.group(true))
                .add(TABLES)
                .add("INSERT INTO pet VALUES (1), (2)")
                .add("ALTER TABLE person ALTER COLUMN age TYPE bigint")
                .add("INSERT INTO pet VALUES (3)")
                .effects(database);

        assertThat(effects)
                .extracting(each -> each.rows().orElseThrow().inserted())
                .containsExactly(5L, 2L, 0L, 1L);
        assertThat(effects)
                .extracting(each -> List.copyOf(each.rewritten().orElseThrow()))
                .containsExactly(List.of(), List.of(), List.of(PERSON), List.of());
    }

    @Test
    void aTableThatIsWrittenAnewIsNamed() {
        MigrationEffects effects = effectsOf("ALTER TABLE person ALTER COLUMN age TYPE bigint");

        assertThat(effects.rewritten().orElseThrow()).containsExactly(PERSON);
        assertThat(effects.lockedMillis().orElseThrow()).containsOnlyKeys(PERSON);
        assertThat(effects.describe()).startsWith("rewrote person; locked person for ");
    }

    @Test
    void aColumnWithAConstantDefaultRewritesNothing() {
        MigrationEffects effects = effectsOf("ALTER TABLE person ADD COLUMN email text DEFAULT 'none'");

        assertThat(effects.rewritten().orElseThrow()).isEmpty();
        assertThat(effects.lockedMillis().orElseThrow()).containsOnlyKeys(PERSON);
    }

    @Test
    void aTableThatIsTruncatedIsNamed() {
        assertThat(effectsOf("TRUNCATE person").rewritten().orElseThrow()).containsExactly(PERSON);
    }

    @Test
    void aLockIsHeldFromItsStatementToTheEnd() {
        MigrationEffects effects = effectsOf("""
                LOCK TABLE pet IN EXCLUSIVE MODE;
                SELECT pg_sleep(0.5);
                ALTER TABLE person ADD COLUMN email text;
                SELECT pg_sleep(0.1);
                """);

        assertThat(effects.lockedMillis().orElseThrow().get(PET)).isBetween(600L, 5000L);
        assertThat(effects.lockedMillis().orElseThrow().get(PERSON)).isBetween(100L, 550L);
        assertThat(effects.longestLockMillis())
                .contains(effects.lockedMillis().orElseThrow().get(PET));
    }

    @Test
    void aLockThatReadersAndWritersPassIsNone() {
        MigrationEffects effects = effectsOf("LOCK TABLE pet IN SHARE UPDATE EXCLUSIVE MODE; SELECT pg_sleep(0.05)");

        assertThat(effects.lockedMillis().orElseThrow()).isEmpty();
    }

    @Test
    void aMigrationWithoutATransactionIsWatchedAndItsRowsAreUnknown() {
        List<MigrationEffects> effects = new ScriptedMigrations(
                        directory,
                        flyway -> flyway.configuration(Map.of("flyway.postgresql.transactional.lock", "false")))
                .add(TABLES)
                .add("CREATE INDEX CONCURRENTLY person_age ON person (age)")
                .effects(database);

        assertThat(effects.get(1).rows()).isEmpty();
        assertThat(effects.get(1).rewritten().orElseThrow()).isEmpty();
        assertThat(effects.get(1).lockedMillis().orElseThrow()).isEmpty();
        assertThat(effects.get(1).describe()).isEqualTo("unknown: rows changed");
    }

    @Test
    void rowsOfAMigrationThatCommitsByItselfAreUnknown() {
        MigrationEffects effects = effectsOf("INSERT INTO pet VALUES (1); COMMIT; INSERT INTO pet VALUES (2)");

        assertThat(effects.rows()).isEmpty();
        assertThat(effects.lockedMillis().orElseThrow()).isEmpty();
    }

    @Test
    void aLockThatIsGivenUpBeforeTheEndIsSeen() {
        List<MigrationEffects> effects = new ScriptedMigrations(directory, flyway -> flyway.executeInTransaction(false))
                .add(TABLES)
                .add("""
                        DO $$ BEGIN LOCK TABLE pet IN ACCESS EXCLUSIVE MODE; PERFORM pg_sleep(0.3); END $$;
                        SELECT pg_sleep(0.5);
                        """)
                .effects(database);

        assertThat(effects.get(1).lockedMillis().orElseThrow().get(PET)).isBetween(300L, 750L);
    }

    @Test
    void whatAMigrationMayDoIsTheSameWithAndWithoutALook() {
        String sql = "SET TRANSACTION ISOLATION LEVEL SERIALIZABLE; SET LOCAL lock_timeout = '1s'; CREATE TABLE t ()";
        ScriptedMigrations migrations = new ScriptedMigrations(directory).add(sql);
        String observed = migrations
                .upgrade(database)
                .failure()
                .map(MigrationFailure::message)
                .orElse("");
        try (TestDatabase other = TestServers.embedded().createDatabase()) {
            MigrationRun unobserved =
                    migrations.migrator(other).migrate(other, Version.of("1"), Migrator.Purpose.PREPARE);

            assertThat(observed)
                    .isEqualTo(
                            unobserved.failure().map(MigrationFailure::message).orElse(""));
        }
    }

    @Test
    void theUsersCallbacksStay() {
        List<String> seen = new ArrayList<>();
        Callback own = new BeforeAndAfter(event -> {
            if (event == Event.AFTER_EACH_MIGRATE) {
                seen.add("own");
            }
        });

        List<MigrationEffects> effects = new ScriptedMigrations(directory, flyway -> flyway.callbacks(own))
                .add(TABLES)
                .effects(database);

        assertThat(seen).containsExactly("own");
        assertThat(effects.get(0).rows()).contains(new RowChanges(5, 0, 0));
    }

    @Test
    void whereNoFurtherConnectionCanBeHadTheMigrationRunsAndItsEffectsAreUnknown() {
        ExternalSettings login = ExternalLogins.createRole(TestServers.embedded(), "few", "CREATEDB");
        Callback limit = new BeforeAndAfter(event -> ExternalLogins.limitConnections(
                TestServers.embedded(), "few", event == Event.BEFORE_EACH_MIGRATE ? 0 : -1));
        try (Servers servers =
                        new Servers(new ServerSettings(ServerProvider.EXTERNAL, Map.of(Engine.POSTGRESQL, login)));
                TestDatabase few = servers.get(ServerSpec.parse("postgres:17")).createDatabase()) {
            List<MigrationEffects> effects = new ScriptedMigrations(directory, flyway -> flyway.callbacks(limit))
                    .add(TABLES)
                    .effects(few);

            assertThat(effects).containsExactly(MigrationEffects.UNKNOWN);
            assertThat(effects.get(0).describe()).isEqualTo("unknown: rows changed, tables rewritten, tables locked");
        } finally {
            ExternalLogins.drop(TestServers.embedded(), "", "few");
        }
    }

    /** A callback of the user's. */
    private record BeforeAndAfter(Consumer<Event> action) implements Callback {

        @Override
        public boolean supports(Event event, Context context) {
            return event == Event.BEFORE_EACH_MIGRATE || event == Event.AFTER_EACH_MIGRATE;
        }

        @Override
        public boolean canHandleInTransaction(Event event, Context context) {
            return true;
        }

        @Override
        public void handle(Event event, Context context) {
            action.accept(event);
        }

        /** Flyway calls them in the order of their names: before the one that looks. */
        @Override
        public String getCallbackName() {
            return "a callback";
        }
    }
}
