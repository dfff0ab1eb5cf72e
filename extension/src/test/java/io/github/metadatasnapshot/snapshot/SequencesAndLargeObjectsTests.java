package io.github.metadatasnapshot.snapshot;

import static io.github.metadatasnapshot.assertion.MetadataSnapshotAssertions.assertThat;
import static io.github.metadatasnapshot.testsupport.Library.execute;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.metadatasnapshot.backup.Backup;
import io.github.metadatasnapshot.engine.Engine;
import io.github.metadatasnapshot.migration.CleanInstall;
import io.github.metadatasnapshot.migration.FlywayMigrator;
import io.github.metadatasnapshot.migration.FlywaySettings;
import io.github.metadatasnapshot.migration.Migrator;
import io.github.metadatasnapshot.migration.Upgrade;
import io.github.metadatasnapshot.restore.ClientReport;
import io.github.metadatasnapshot.restore.Restore;
import io.github.metadatasnapshot.restore.RestoreCause;
import io.github.metadatasnapshot.restore.RestoreProcedure;
import io.github.metadatasnapshot.restore.RestoreVerdict;
import io.github.metadatasnapshot.restore.SilentAcceptance;
import io.github.metadatasnapshot.restore.StrictClient;
import io.github.metadatasnapshot.server.DatabaseServer;
import io.github.metadatasnapshot.server.TestDatabase;
import io.github.metadatasnapshot.testsupport.Images;
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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Sequences that went back and large objects that are gone, by restores and by upgrades. */
@TakesTurns(of = 5)
class SequencesAndLargeObjectsTests {

    @TempDir
    private Path directory;

    private Migrator migrator(Engine engine, String... migrations) throws IOException {
        for (int i = 0; i < migrations.length; i++) {
            Files.writeString(directory.resolve("V" + (i + 1) + "__migration.sql"), migrations[i]);
        }
        return new FlywayMigrator(
                new FlywaySettings(
                        List.of(),
                        List.of("filesystem:" + directory),
                        "",
                        List.of(),
                        Map.of(),
                        Optional.empty(),
                        false),
                engine,
                getClass().getClassLoader());
    }

    @Nested
    class Restores {

        private static final String HISTORY = """
                INSERT INTO public.flyway_schema_history VALUES (1, '1', 'migration', 'SQL', 'V1__migration.sql', 0, 'x',
                  '2026-11-30 10:00:00', 1, true);
                """;

        private static final String V1 = """
                CREATE TABLE pet (id SERIAL PRIMARY KEY, body OID);
                CREATE TABLE zoo (id INT PRIMARY KEY);
                """;

        private final DatabaseServer server = TestServers.embedded();
        private final io.github.metadatasnapshot.snapshot.Restores restores =
                new io.github.metadatasnapshot.snapshot.Restores(new PreparedStates(0), CleanInstall::make);
        private Migrator migrator;

        @BeforeEach
        void writeMigrations() throws IOException {
            migrator = migrator(Engine.POSTGRESQL, V1, "DROP TABLE zoo;");
        }

        private TestDatabase create(String version, String... statements) {
            TestDatabase database = new Snapshot(migrator, Optional.of(version), Optional.empty()).create(server);
            execute(database, statements);
            return database;
        }

        private Restore restore(TestDatabase database, String script, RestoreProcedure procedure) throws IOException {
            Backup backup = Backup.locate(
                    Files.writeString(directory.resolve("backup.sql"), HISTORY + script)
                            .toString(),
                    getClass().getClassLoader());
            return restores.restore(database, Optional.empty(), backup, procedure, migrator);
        }

        /** {@return a procedure that changes the target behind the client, and leaves the controls' databases alone} */
        private static RestoreProcedure tampering(TestDatabase database, String statement) {
            return attempt -> {
                ClientReport report = new StrictClient().run(attempt);
                if (attempt.target() == database) {
                    execute(database, statement);
                }
                return report;
            };
        }

        /** The last table is not there in version 2, and what was done until then is undone but for the sequence. */
        private static final String STOPS_BEHIND_THE_SEQUENCE = """
                INSERT INTO public.pet (id) VALUES (1), (2);
                SELECT pg_catalog.setval('public.pet_id_seq', 2, true);
                INSERT INTO public.zoo VALUES (1);
                """;

        @Test
        void aSequenceThatWentBackIsNoRollback() throws IOException {
            try (TestDatabase database =
                    create("2", "INSERT INTO pet SELECT nextval('pet_id_seq') FROM generate_series(1, 10)")) {
                Restore restore = restore(database, STOPS_BEHIND_THE_SEQUENCE, new StrictClient());

                assertThat(restore)
                        .failed()
                        .hasVerdict(RestoreVerdict.PARTIALLY_APPLIED)
                        .hasCause(RestoreCause.SEQUENCE_MOVED);
                String line =
                        "\n- sequence pet_id_seq continues at 3, before it continued at 11; pet.id holds 3 already";
                assertThatThrownBy(() -> assertThat(restore).wasRejected())
                        .isInstanceOf(AssertionError.class)
                        .hasMessageContainingAll(
                                "to be rejected, but it was PARTIALLY_APPLIED, because of SEQUENCE_MOVED.\nchanged:"
                                        + line,
                                "relation \"public.zoo\" does not exist");
                assertThatThrownBy(() -> assertThat(restore).leftDatabaseUntouched())
                        .isInstanceOf(AssertionError.class)
                        .hasMessageContaining("but it was changed.\nchanged:" + line + "\n");
                assertThatThrownBy(() -> assertThat(restore).becauseOfVersion())
                        .isInstanceOf(AssertionError.class)
                        .hasMessageContaining("but it has moved sequences back, which no rollback undoes");
            }
        }

        @Test
        void aSequenceThatWentOnIsAGap() throws IOException {
            try (TestDatabase database = create("2")) {
                Restore restore = restore(database, STOPS_BEHIND_THE_SEQUENCE, new StrictClient());

                assertThat(restore).wasRejected().becauseOfVersion().leftDatabaseUntouched();
                assertThat(restore.after()).isNotEqualTo(restore.before());
                assertThat(restore.nextMigration()).isEmpty();
            }
        }

        private static final String WITH_LARGE_OBJECTS = """
                INSERT INTO public.pet VALUES (1, 4711), (2, 4712);
                SELECT pg_catalog.lo_create('4711');
                SELECT pg_catalog.lo_create('4712');
                SELECT pg_catalog.setval('public.pet_id_seq', 2, true);
                BEGIN;
                SELECT pg_catalog.lo_open('4711', 131072);
                SELECT pg_catalog.lowrite(0, '\\x636f6e74656e742031');
                SELECT pg_catalog.lo_close(0);
                SELECT pg_catalog.lo_open('4712', 131072);
                SELECT pg_catalog.lowrite(0, '\\x636f6e74656e742032');
                SELECT pg_catalog.lo_close(0);
                COMMIT;
                """;

        @Test
        void largeObjectsGoInAndMakeWayForThoseOfARestoreThatFollows() throws IOException {
            try (TestDatabase database = create("1")) {
                assertThat(restore(database, WITH_LARGE_OBJECTS, new StrictClient()))
                        .succeeded();
                Restore again = restore(database, WITH_LARGE_OBJECTS, new StrictClient());
                assertThat(again).succeeded();
                assertThat(again.after().largeObjects()).hasToString("2 large objects of 18 bytes");
            }
        }

        @ParameterizedTest
        @CsvSource(delimiter = '|', textBlock = """
                        SELECT lo_unlink(4712) | MIXED_DATA | large objects: 1 large object of 9 bytes, the backup has 2 large objects of 18 bytes
                        SELECT lo_put(4711, 0, 'CONTENT') | MIXED_DATA | the large objects are others than the backup's, as many and as long
                        SELECT lo_create(4713) | MIXED_DATA | large objects: 3 large objects of 18 bytes, the backup has 2 large objects of 18 bytes
                        SELECT setval('pet_id_seq', 1) | SEQUENCE_BEHIND | sequence pet_id_seq continues at 2, with a faithful copy of the backup it continues at 3; pet.id holds 2 already
                        ALTER SEQUENCE pet_id_seq RESTART | SEQUENCE_BEHIND | sequence pet_id_seq continues at 1, with a faithful copy of the backup it continues at 3; pet.id holds 1 already
                        """)
        void whatIsNotAsInTheControlIsNotRestored(String change, SilentAcceptance kind, String line)
                throws IOException {
            try (TestDatabase database = create("1")) {
                Restore restore = restore(database, WITH_LARGE_OBJECTS, tampering(database, change));

                assertThat(restore).wasSilentlyAccepted(kind);
                assertThat(restore.acceptance()).containsExactly(kind);
                assertThat(restore.unfaithful()).containsExactly(line);
            }
        }

        @Test
        void aSequenceThatIsAheadOfTheControlIsRestored() throws IOException {
            try (TestDatabase database = create("1")) {
                assertThat(restore(database, WITH_LARGE_OBJECTS, tampering(database, "SELECT setval('pet_id_seq', 9)")))
                        .succeeded();
            }
        }

        @Test
        void aBackupThatLeavesItsSequenceBehindMakesTheNextInsertFail() throws IOException {
            try (TestDatabase database = create("1")) {
                Restore restore =
                        restore(database, "INSERT INTO public.pet (id) VALUES (1), (2);\n", new StrictClient());
                assertThat(restore).succeeded();
                assertThatThrownBy(() -> assertThat(restore).acceptsWrites())
                        .isInstanceOf(AssertionError.class)
                        .hasMessageContainingAll(
                                "to accept writes, but:\n- table pet: ERROR: duplicate key value violates unique constraint"
                                        + " \"pet_pkey\"",
                                " (it works on a clean install)\nprobed: 2 of 2 tables, 1 sequence");
            }
        }

        @Test
        void aSequenceThatTheBackupSetsIsWhereItWas() throws IOException {
            String unused = """
                    INSERT INTO public.pet (id) VALUES (1), (2);
                    SELECT pg_catalog.setval('public.pet_id_seq', 1, false);
                    """;
            try (TestDatabase database = create("1")) {
                Restore restore = restore(database, unused, new StrictClient());
                assertThat(restore).succeeded().acceptsWrites();
                assertThat(restore.checks())
                        .anyMatch(
                                check -> check.startsWith(
                                        "writes probed: 1 of 2 tables, 1 sequence; not probed: table pet"
                                                + " (the backup sets its sequence to a value that is taken: ERROR: duplicate key"));
            }
        }

        private static final String BESIDE = """
                INSERT INTO public.pet VALUES (1), (2);
                INSERT INTO public.dog VALUES (1, 1), (2, 2);
                INSERT INTO other."Cat" VALUES (1), (2);
                """;

        /** Each sets all but one of four sequences, or none, in a way of its own; pet, dog and Cat are the tables. */
        @ParameterizedTest
        @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                        SELECT pg_catalog.setval('public.pet_id_seq', 1, false); SELECT setval('other."Cat_id_seq"', 1, false) | pet, other.Cat | dog | dog_pkey
                        SELECT setval('PET_id_seq', 1, false), setval('other."Cat_id_seq"'::regclass, 1); SELECT setval('dog_id_seq', 2) | pet, other.Cat | dog | dog_no_key
                        SELECT setval(pg_get_serial_sequence('public.pet', 'id'), 1, false); SELECT pg_catalog.setval(pg_catalog.pg_get_serial_sequence('other."Cat"', 'id'), 1) | pet, other.Cat | dog | dog_pkey
                        ALTER SEQUENCE IF EXISTS public.dog_id_seq RESTART WITH 1; ALTER SEQUENCE other."Cat_id_seq" NO CYCLE RESTART 1 | dog, other.Cat | pet | pet_pkey
                        ALTER TABLE ONLY public.dog ALTER COLUMN no RESTART WITH 1; SELECT setval('dog_id_seq', 2); SELECT setval('pet_id_seq', 2) | dog | other.Cat | Cat_pkey
                        DO $$ BEGIN PERFORM setval('pet_id_seq', 1); PERFORM setval(oid, 1) FROM pg_class WHERE relname = 'dog_id_seq'; END $$ | pet | dog | dog_pkey
                        SELECT setval('pet_id_seq', (SELECT count(*) - 1 FROM pet)); SELECT setval('dog_id_seq', 1, false) | dog | pet | pet_pkey
                        ALTER SEQUENCE public.pet_id_seq RESTART; SELECT setval('dog_id_seq', 1, false) | dog | pet | pet_pkey
                        """)
        void aSequenceThatTheBackupSetsExcusesNoOther(String sets, String excused, String behind, String index)
                throws IOException {
            migrator = migrator(Engine.POSTGRESQL, """
                    CREATE TABLE pet (id SERIAL PRIMARY KEY);
                    CREATE TABLE dog (id SERIAL PRIMARY KEY, no INT UNIQUE GENERATED BY DEFAULT AS IDENTITY);
                    CREATE SCHEMA other;
                    CREATE TABLE other."Cat" (id SERIAL PRIMARY KEY);
                    """);
            try (TestDatabase database = create("1")) {
                Restore restore = restore(database, BESIDE + sets + ";\n", new StrictClient());
                assertThat(restore).succeeded();
                assertThatThrownBy(() -> assertThat(restore).acceptsWrites())
                        .isInstanceOf(AssertionError.class)
                        .hasMessageContainingAll(
                                "to accept writes, but:\n",
                                "- table " + behind + ": ERROR: duplicate key value violates unique constraint \""
                                        + index,
                                " (it works on a clean install)")
                        .satisfies(failure -> {
                            for (String table : excused.split(", ", -1)) {
                                assertThat(failure)
                                        .hasMessageContaining("table " + table
                                                + " (the backup sets its sequence to a value that is taken: ERROR");
                            }
                        });
            }
        }

        @Test
        void aSequenceThatTheBackupUsesUpIsSoWhereItIsFrom() throws IOException {
            migrator = migrator(Engine.POSTGRESQL, """
                    CREATE TABLE pet (id SERIAL PRIMARY KEY);
                    ALTER SEQUENCE pet_id_seq MAXVALUE 2;
                    CREATE TABLE more (id INT);
                    """);
            try (TestDatabase database = create("1")) {
                Restore restore = restore(
                        database,
                        "INSERT INTO public.pet VALUES (1), (2); SELECT setval('public.pet_id_seq', 2);\n",
                        new StrictClient());
                assertThat(restore).succeeded().acceptsWrites();
                assertThat(restore.checkWrites().orElseThrow().summary())
                        .contains(
                                "not probed: sequence pet_id_seq (the backup leaves its generator no value: ERROR: nextval:")
                        .contains("table pet (the backup leaves its generator no value: ERROR: nextval:");
            }
        }

        @Test
        void whatIsHeldAgainstNothingSaysWhy(@TempDir Path elsewhere) throws IOException {
            migrator = migrator(Engine.POSTGRESQL, "ALTER TABLE made_by_hand ADD note TEXT;");
            String full = """
                    CREATE TABLE public.flyway_schema_history (installed_rank INT PRIMARY KEY, version VARCHAR(50), description
                      VARCHAR(200) NOT NULL, type VARCHAR(20) NOT NULL, script VARCHAR(1000) NOT NULL, checksum INT, installed_by
                      VARCHAR(100) NOT NULL, installed_on TIMESTAMP NOT NULL DEFAULT now(), execution_time INT NOT NULL, success
                      BOOLEAN NOT NULL);
                    CREATE TABLE public.made_by_hand (id SERIAL PRIMARY KEY, note TEXT);
                    INSERT INTO public.made_by_hand VALUES (1), (2);
                    """;
            try (TestDatabase database = server.createDatabase()) {
                Backup backup = Backup.locate(
                        Files.writeString(elsewhere.resolve("backup.sql"), full + HISTORY)
                                .toString(),
                        getClass().getClassLoader());
                Restore restore = restores.restore(database, Optional.empty(), backup, new StrictClient(), migrator);
                assertThat(restore).succeeded();
                assertThatThrownBy(() -> assertThat(restore).acceptsWrites())
                        .isInstanceOf(AssertionError.class)
                        .hasMessageContainingAll(
                                "to accept writes, but:\n- no table could be written to, so that nothing is known\nprobed: 0 of 1"
                                        + " table, 1 sequence; not probed: table made_by_hand (ERROR: duplicate key value",
                                ", and there is nothing to hold it against: A clean install cannot be made: ",
                                "relation \"made_by_hand\" does not exist");
            }
        }

        @Test
        void aProcedureThatLosesTheContentsIsToldByTheFile() throws IOException {
            RestoreProcedure loses = attempt -> {
                ClientReport report = new StrictClient().run(attempt);
                execute(
                        attempt.target(),
                        "SELECT lo_unlink(oid), lo_create(oid) FROM (SELECT oid FROM pg_largeobject_metadata) AS o");
                return report;
            };
            try (TestDatabase database = create("1")) {
                assertThatThrownBy(() -> assertThat(restore(database, WITH_LARGE_OBJECTS, loses))
                                .succeeded())
                        .isInstanceOf(AssertionError.class)
                        .hasMessageContainingAll(
                                "nothing can be concluded from it",
                                "large objects: 2 large objects of 0 bytes, the backup has 2 large objects of 18 bytes");
            }
        }
    }

    @Nested
    @RequiresDocker
    class RestoresInContainers {

        private static final String HISTORY =
                "INSERT INTO flyway_schema_history VALUES (1, '1', 'migration', 'SQL', 'V1__migration.sql', 0, 'x',"
                        + " '2026-11-30 10:00:00', 1, 1);\n";

        private Restore restore(TestDatabase database, Migrator migrator, String script, String tampering)
                throws IOException {
            Backup backup = Backup.locate(
                    Files.writeString(directory.resolve("backup.sql"), HISTORY + script)
                            .toString(),
                    getClass().getClassLoader());
            RestoreProcedure procedure =
                    tampering.isEmpty() ? new StrictClient() : Restores.tampering(database, tampering);
            return new io.github.metadatasnapshot.snapshot.Restores(new PreparedStates(0), CleanInstall::make)
                    .restore(database, Optional.empty(), backup, procedure, migrator);
        }

        private TestDatabase create(String image, Migrator migrator) {
            return new Snapshot(migrator, Optional.of("1"), Optional.empty()).create(TestServers.container(image));
        }

        /** The server itself moves its counters behind the rows that come in, and stops at the end of the column's type. */
        @ParameterizedTest
        @Images({"mysql:9.7", "mariadb:11.8"})
        void ofCounters(String image) throws IOException {
            Migrator migrator = migrator(TestServers.container(image).engine(), """
                    CREATE TABLE pet (id INT AUTO_INCREMENT PRIMARY KEY);
                    CREATE TABLE full (id TINYINT AUTO_INCREMENT PRIMARY KEY);
                    CREATE TABLE home (id INT PRIMARY KEY);
                    CREATE TABLE dog (id INT PRIMARY KEY, home INT NOT NULL, FOREIGN KEY (home) REFERENCES home (id));
                    """);
            String script = """
                    INSERT INTO pet VALUES (1), (2);
                    ALTER TABLE pet AUTO_INCREMENT = 9;
                    INSERT INTO full VALUES (127);
                    """;
            try (TestDatabase database = create(image, migrator)) {
                Restore restore = restore(database, migrator, script, "");
                assertThat(restore).succeeded().acceptsWrites();
                assertThat(restore.checkWrites().orElseThrow().summary())
                        .startsWith(
                                "3 of 4 tables; not probed: table full (the backup leaves its generator no value: ");
            }
            try (TestDatabase database = create(image, migrator)) {
                Restore restore = restore(database, migrator, script, "ALTER TABLE pet AUTO_INCREMENT = 3");
                assertThat(restore).wasSilentlyAccepted(SilentAcceptance.SEQUENCE_BEHIND);
                assertThat(restore.unfaithful())
                        .containsExactly(
                                "AUTO_INCREMENT of pet continues at 3, with a faithful copy of the backup it continues at 9");
            }
            try (TestDatabase database = create(image, migrator)) {
                Restore restore = restore(
                        database,
                        migrator,
                        "SET FOREIGN_KEY_CHECKS = 0;\nINSERT INTO dog VALUES (1, 77);\nINSERT INTO full VALUES (127);\n",
                        "");
                assertThat(restore).succeeded();
                assertThatThrownBy(() -> assertThat(restore).acceptsWrites())
                        .isInstanceOf(AssertionError.class)
                        .hasMessageContainingAll(
                                "to accept writes, but:\n- table dog: ",
                                "a foreign key constraint fails",
                                " (it works on a clean install)\nprobed: 3 of 4 tables; not probed: table full (");
            }
        }

        @Test
        void ofSequencesOfMariaDb() throws IOException {
            String image = "mariadb:11.8";
            Migrator migrator = migrator(Engine.MARIADB, """
                    CREATE SEQUENCE s;
                    CREATE SEQUENCE t;
                    CREATE SEQUENCE u;
                    CREATE SEQUENCE v;
                    CREATE TABLE of_s (id BIGINT PRIMARY KEY DEFAULT NEXTVAL(s));
                    CREATE TABLE of_t (id BIGINT PRIMARY KEY DEFAULT NEXTVAL(t));
                    CREATE TABLE of_u (id BIGINT PRIMARY KEY DEFAULT NEXTVAL(u));
                    CREATE TABLE of_v (id BIGINT PRIMARY KEY DEFAULT NEXTVAL(v));
                    """);
            String rows = """
                    INSERT INTO of_s VALUES (1), (2);
                    INSERT INTO of_t VALUES (1), (2);
                    INSERT INTO of_u VALUES (1), (2);
                    INSERT INTO of_v VALUES (1), (2);
                    """;
            try (TestDatabase database = create(image, migrator)) {
                Restore restore = restore(
                        database,
                        migrator,
                        rows + "DO SETVAL(`s`, 1, 0);\nSELECT SETVAL(u, 1, 0);\n"
                                + "ALTER SEQUENCE IF EXISTS `v` RESTART WITH 1;\n",
                        "");
                assertThat(restore).succeeded();
                String excused = " (the backup sets its sequence to a value that is taken: ";
                assertThatThrownBy(() -> assertThat(restore).acceptsWrites())
                        .isInstanceOf(AssertionError.class)
                        .hasMessageContainingAll(
                                "to accept writes, but:\n- table of_t: ",
                                "Duplicate entry '1' for key 'PRIMARY' (it works on a clean install)\nprobed: 1 of 4"
                                        + " tables, 4 sequences; not probed: table of_s" + excused,
                                "table of_u" + excused,
                                "table of_v" + excused);
            }
            try (TestDatabase database = create(image, migrator)) {
                Restore restore = restore(
                        database,
                        migrator,
                        rows + "DO SETVAL(`s`, 3, 0);\nDO SETVAL(`t`, 3, 0);\n",
                        "ALTER SEQUENCE t RESTART 2");
                assertThat(restore).wasSilentlyAccepted(SilentAcceptance.SEQUENCE_BEHIND);
                assertThat(restore.unfaithful())
                        .containsExactly(
                                "sequence t continues at 2, with a faithful copy of the backup it continues at 3; of_t.id"
                                        + " holds 2 already");
            }
        }
    }

    @Nested
    class Upgrades {

        private Upgrade upgrade(TestDatabase database, String before, String migration) throws IOException {
            Migrator migrator = migrator(database.engine(), before, migration);
            assertThat(Upgrade.run(database, migrator, Optional.of("1"))).succeeded();
            Upgrade upgrade = Upgrade.run(database, migrator, Optional.of("2"));
            assertThat(upgrade).succeeded();
            return upgrade;
        }

        private void assertValues(DatabaseServer server, String before, String migration, String line)
                throws IOException {
            try (TestDatabase database = server.createDatabase()) {
                Upgrade upgrade = upgrade(database, before, migration);
                assertThat(upgrade).keptEveryRow();
                if (line == null) {
                    assertThat(upgrade).keptEveryValue();
                } else {
                    assertThatThrownBy(() -> assertThat(upgrade).keptEveryValue())
                            .isInstanceOf(AssertionError.class)
                            .hasMessage("Expected the upgrade " + upgrade + " to keep every value, but:\n- " + line);
                }
            }
        }

        private static final String PET = """
                CREATE TABLE pet (id SERIAL PRIMARY KEY, name TEXT);
                INSERT INTO pet (name) VALUES ('a'), ('b'), ('c');
                """;

        @ParameterizedTest
        @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                        ALTER SEQUENCE pet_id_seq RESTART | sequence pet_id_seq continues at 1, before the upgrade it continued at 4; pet.id holds 1 already
                        ALTER SEQUENCE pet_id_seq RENAME TO pets; SELECT setval('pets', 2) | sequence pets continues at 3, before the upgrade sequence pet_id_seq, it continued at 4; pet.id holds 3 already
                        INSERT INTO pet VALUES (7, 'x') | sequence pet_id_seq continues at 4, before the upgrade it continued at 4; pet.id holds 7 already
                        ALTER TABLE pet ALTER id DROP DEFAULT; DROP SEQUENCE pet_id_seq; ALTER TABLE pet ALTER id ADD GENERATED BY DEFAULT AS IDENTITY | sequence pet_id_seq continues at 1, before the upgrade it continued at 4; pet.id holds 1 already
                        ALTER TABLE pet ALTER id DROP DEFAULT; DROP SEQUENCE pet_id_seq; ALTER TABLE pet ALTER id ADD GENERATED BY DEFAULT AS IDENTITY (START 4) |
                        SELECT setval('pet_id_seq', 100) |
                        ALTER TABLE pet ALTER id DROP DEFAULT; DROP SEQUENCE pet_id_seq |
                        INSERT INTO pet (name) VALUES ('d') |
                        INSERT INTO pet VALUES (-1, 'x') |
                        """)
        void ofSequences(String migration, String line) throws IOException {
            assertValues(TestServers.embedded(), PET, migration + ";", line);
        }

        @Test
        void ofASequenceThatNothingUses() throws IOException {
            String unused = "CREATE TABLE pet (id SERIAL PRIMARY KEY); INSERT INTO pet VALUES (5), (6);";
            assertValues(TestServers.embedded(), unused, "INSERT INTO pet VALUES (7);", null);
        }

        @Test
        void ofATableThatIsDeclaredToLoseRows() throws IOException {
            try (TestDatabase database = TestServers.embedded().createDatabase()) {
                Upgrade upgrade = upgrade(database, PET, "TRUNCATE pet RESTART IDENTITY;");
                assertThatThrownBy(() -> assertThat(upgrade).keptEveryValue())
                        .hasMessageContaining(
                                "sequence pet_id_seq continues at 1, before the upgrade it continued at 4");
                assertThat(upgrade).except("pet", "made anew").keptEveryRow().keptEveryValue();
            }
        }

        private static final String DOCUMENT = """
                CREATE TABLE document (id INT PRIMARY KEY, body OID NOT NULL);
                INSERT INTO document SELECT i, lo_from_bytea(4710 + i, ('content ' || i)::bytea) FROM generate_series(1, 5) AS i;
                """;

        @Test
        void ofLargeObjects() throws IOException {
            try (TestDatabase database = TestServers.embedded().createDatabase()) {
                Upgrade upgrade = upgrade(database, DOCUMENT, "SELECT lo_unlink(body) FROM document;");
                String message = """
                        , but:
                        - 5 of 5 large objects are gone
                          - oid = 4711
                          - oid = 4712
                          - oid = 4713""";
                assertThatThrownBy(() -> assertThat(upgrade).keptEveryRow())
                        .isInstanceOf(AssertionError.class)
                        .hasMessageStartingWith("Expected the upgrade " + upgrade + " to keep every row" + message);
                assertThatThrownBy(() -> assertThat(upgrade).keptEveryValue())
                        .isInstanceOf(AssertionError.class)
                        .hasMessageStartingWith("Expected the upgrade " + upgrade + " to keep every value" + message);
                assertThat(upgrade)
                        .except("pg_largeobject", "moved to the object store")
                        .keptEveryRow()
                        .keptEveryValue();
            }
        }

        @Test
        void ofTheContentsOfLargeObjects() throws IOException {
            assertValues(
                    TestServers.embedded(),
                    DOCUMENT,
                    "SELECT lo_put(body, 0, 'C') FROM document WHERE id = 2; SELECT lo_from_bytea(0, 'new');",
                    "1 of 5 large objects holds other contents\n  - oid = 4712");
        }

        @ParameterizedTest
        @RequiresDocker
        @Images({"mysql:9.7", "mariadb:11.8"})
        void ofCounters(String image) throws IOException {
            String pet = """
                    CREATE TABLE pet (id INT AUTO_INCREMENT PRIMARY KEY, name VARCHAR(9));
                    INSERT INTO pet (name) VALUES ('a'), ('b'), ('c');
                    DELETE FROM pet WHERE id = 3;
                    """;
            assertValues(
                    TestServers.container(image),
                    pet,
                    "ALTER TABLE pet AUTO_INCREMENT = 1;",
                    "AUTO_INCREMENT of pet continues at 3, before the upgrade it continued at 4");
            assertValues(
                    TestServers.container(image),
                    pet,
                    "ALTER TABLE pet ADD note TEXT, ALGORITHM = COPY; INSERT INTO pet (name) VALUES ('d');",
                    null);
        }
    }
}
