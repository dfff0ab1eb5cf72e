package io.github.metadatasnapshot.assertion;

import static io.github.metadatasnapshot.assertion.MetadataSnapshotAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.metadatasnapshot.engine.Engine;
import io.github.metadatasnapshot.engine.HistoryTable;
import io.github.metadatasnapshot.migration.FlywayMigrator;
import io.github.metadatasnapshot.migration.FlywaySettings;
import io.github.metadatasnapshot.migration.Migrator;
import io.github.metadatasnapshot.migration.Upgrade;
import io.github.metadatasnapshot.server.DatabaseServer;
import io.github.metadatasnapshot.server.TestDatabase;
import io.github.metadatasnapshot.server.WriteCheck;
import io.github.metadatasnapshot.testsupport.Images;
import io.github.metadatasnapshot.testsupport.Library;
import io.github.metadatasnapshot.testsupport.RequiresDocker;
import io.github.metadatasnapshot.testsupport.RichSchema;
import io.github.metadatasnapshot.testsupport.TakesTurns;
import io.github.metadatasnapshot.testsupport.TestServers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Upgraded databases that take no writes, each in one way, and sound ones that are hard to write to. */
@TakesTurns(of = 4)
class AcceptsWritesTests {

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

    /** Upgrades a database with these rows, and changes it behind the migrations. */
    private Upgrade upgrade(TestDatabase database, String v1, String rows, String v2, String... afterwards)
            throws IOException {
        Migrator migrator = migrator(database.engine(), v1, v2);
        assertThat(Upgrade.run(database, migrator, Optional.of("1"))).succeeded();
        if (!rows.isEmpty()) {
            Library.execute(database, rows.split(";\\s*", -1));
        }
        Upgrade upgrade = Upgrade.run(database, migrator, Optional.of("2"));
        assertThat(upgrade).succeeded();
        Library.execute(database, afterwards);
        return upgrade;
    }

    private void assertRefused(Upgrade upgrade, String finding, String probed) {
        assertThatThrownBy(() -> assertThat(upgrade).acceptsWrites())
                .isInstanceOf(AssertionError.class)
                .hasMessageStartingWith("Expected the upgrade " + upgrade + " to accept writes, but:\n- " + finding)
                .hasMessageContaining("\nprobed: " + probed);
    }

    private static final String PET = "CREATE TABLE pet (id SERIAL PRIMARY KEY, name TEXT NOT NULL UNIQUE, age INT);";
    private static final String PETS = "INSERT INTO pet (name) VALUES ('a'), ('b'), ('c')";

    @Nested
    class OnPostgreSql {

        private final DatabaseServer server = TestServers.embedded();

        @ParameterizedTest
        @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                        ALTER SEQUENCE pet_id_seq RESTART | table pet: ERROR: duplicate key value violates unique constraint "pet_pkey"; Detail: Key (id)=(1) already exists. (it worked before the upgrade)
                        ALTER TABLE pet ALTER id DROP DEFAULT; DROP SEQUENCE pet_id_seq; ALTER TABLE pet ALTER id ADD GENERATED ALWAYS AS IDENTITY | table pet: ERROR: duplicate key value violates unique constraint "pet_pkey"; Detail: Key (id)=(1) already exists. (it worked before the upgrade)
                        ALTER TABLE pet ADD CONSTRAINT known CHECK (age > 1000 AND name = 'new') NOT VALID | table pet: ERROR: new row for relation "pet" violates check constraint "known"
                        CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN NEW.gone = 1; RETURN NEW; END'; CREATE TRIGGER t BEFORE INSERT ON pet FOR EACH ROW EXECUTE FUNCTION f() | table pet: ERROR: record "new" has no field "gone"
                        CREATE TABLE kind (id INT PRIMARY KEY); UPDATE pet SET age = 7; ALTER TABLE pet ADD FOREIGN KEY (age) REFERENCES kind NOT VALID | table pet: ERROR: insert or update on table "pet" violates foreign key constraint "pet_age_fkey"
                        ALTER SEQUENCE pet_id_seq MAXVALUE 3 | sequence pet_id_seq: ERROR: nextval: reached maximum value of sequence "pet_id_seq" (3) (it worked before the upgrade)
                        CREATE FUNCTION g() RETURNS int LANGUAGE sql AS 'SELECT 1/0'; CREATE OR REPLACE VIEW names AS SELECT name, g() AS n FROM pet | view names: ERROR: division by zero
                        CREATE FUNCTION d() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN PERFORM missing(NEW.id); RETURN NULL; END'; CREATE CONSTRAINT TRIGGER late AFTER INSERT ON pet DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION d() | table pet: ERROR: function missing(integer) does not exist
                        """)
        void whatAMigrationBreaks(String v2, String finding) throws IOException {
            try (TestDatabase database = server.createDatabase()) {
                Upgrade upgrade = upgrade(
                        database,
                        PET
                                + "CREATE VIEW names AS SELECT name, 0 AS n FROM pet;\nCREATE TABLE other (id SERIAL PRIMARY KEY);",
                        PETS,
                        v2 + ";");
                assertRefused(upgrade, finding, "");
            }
        }

        private static final String PARENTS = """
                CREATE TABLE a (id INT PRIMARY KEY);
                CREATE TABLE b (id INT PRIMARY KEY);
                INSERT INTO a VALUES (1), (2);
                INSERT INTO b VALUES (1), (2);
                """;

        /** Each table refers to two, or takes its values from a generator that another object has the name of. */
        @ParameterizedTest
        @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                        CREATE TABLE t (a INT NOT NULL REFERENCES a, b INT NOT NULL DEFAULT 1 REFERENCES b) | UPDATE b SET id = 7 WHERE id = 1 | insert or update on table "t" violates foreign key constraint "t_b_fkey"
                        CREATE TABLE t (a INT REFERENCES a, b INT, PRIMARY KEY (a, b)); INSERT INTO t VALUES (1, 9) | ALTER TABLE t ADD FOREIGN KEY (b) REFERENCES b NOT VALID | insert or update on table "t" violates foreign key constraint "t_b_fkey"
                        CREATE TABLE t (id SERIAL PRIMARY KEY, a INT, b INT); INSERT INTO t (a, b) VALUES (1, 9) | CREATE TABLE ab (a INT, b INT, PRIMARY KEY (a, b)); ALTER TABLE t ADD FOREIGN KEY (a, b) REFERENCES ab NOT VALID | insert or update on table "t" violates foreign key constraint "t_a_b_fkey"
                        CREATE TABLE ab (a INT, b INT, PRIMARY KEY (a, b)); INSERT INTO ab VALUES (1, 1), (2, 2); CREATE TABLE t (a INT, b INT, PRIMARY KEY (a, b), FOREIGN KEY (a, b) REFERENCES ab); INSERT INTO t VALUES (1, 1) | CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN NEW.gone = 1; RETURN NEW; END'; CREATE TRIGGER t BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION f() | record "new" has no field "gone"
                        CREATE TABLE t (id SERIAL, d DATE, PRIMARY KEY (id, d)) PARTITION BY RANGE (d); CREATE TABLE t1 PARTITION OF t DEFAULT; INSERT INTO t (d) VALUES ('2026-05-05') | ALTER SEQUENCE t_id_seq RESTART | duplicate key value violates unique constraint "t1_pkey"
                        """)
        void whatAMigrationBreaksOfTablesThatReferToOthers(String v1, String v2, String finding) throws IOException {
            try (TestDatabase database = server.createDatabase()) {
                Upgrade upgrade = upgrade(database, PARENTS + v1 + ";", "", v2 + ";");
                assertRefused(upgrade, "table t: ERROR: " + finding, "");
            }
        }

        @ParameterizedTest
        @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                        CREATE TYPE pair AS (a INT, b INT); CREATE TABLE t (p pair NOT NULL) | it is empty, and a row cannot be made up: no value is known for a column that needs one
                        CREATE TABLE t (id INT PRIMARY KEY, up INT NOT NULL REFERENCES t) | it is empty, and there is no row that one of it could refer to
                        CREATE TABLE t (id INT PRIMARY KEY REFERENCES a); INSERT INTO a VALUES (1); INSERT INTO t VALUES (1); CREATE FUNCTION n() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'; CREATE TRIGGER n BEFORE INSERT ON a FOR EACH ROW EXECUTE FUNCTION n() | no row could be made that is not there already)
                        CREATE TABLE t (id BOOLEAN PRIMARY KEY DEFAULT true); INSERT INTO t VALUES (true) | no row could be made that is not there already: ERROR: duplicate key value violates unique constraint "t_pkey"
                        """)
        void whyATableIsNotProbed(String schema, String reason) throws IOException {
            try (TestDatabase database = server.createDatabase()) {
                Upgrade upgrade = upgrade(
                        database,
                        "CREATE TABLE a (id INT PRIMARY KEY);" + schema + ";",
                        "",
                        "CREATE TABLE more (id INT);");
                assertThat(upgrade).acceptsWrites();
                assertThat(upgrade.checkWrites().summary())
                        .startsWith("2 of 3 tables")
                        .contains("not probed: table t (" + reason);
            }
        }

        @Test
        void aTriggerThatPutsRowsElsewhereIsNoReasonNotToProbe() throws IOException {
            try (TestDatabase database = server.createDatabase()) {
                Upgrade upgrade = upgrade(database, """
                        CREATE TABLE a (id INT PRIMARY KEY);
                        INSERT INTO a VALUES (1), (2);
                        CREATE TABLE t (id INT PRIMARY KEY REFERENCES a);
                        INSERT INTO t VALUES (1);
                        CREATE TABLE u (a INT NOT NULL REFERENCES a);
                        CREATE FUNCTION n() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';
                        CREATE TRIGGER n BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION n();
                        CREATE TRIGGER n BEFORE INSERT ON u FOR EACH ROW EXECUTE FUNCTION n();
                        """, "", "CREATE TABLE more (id INT);");
                assertThat(upgrade.checkWrites()).isEqualTo(new WriteCheck(List.of(), "4 of 4 tables"));
            }
        }

        @Test
        void aDatabaseThatIsGoneCannotBeProbed() throws IOException {
            TestDatabase database = server.createDatabase();
            Upgrade upgrade;
            try (database) {
                upgrade = upgrade(database, PET, PETS, "ALTER TABLE pet ADD note TEXT;");
            }
            assertThatThrownBy(() -> assertThat(upgrade).acceptsWrites())
                    .isInstanceOf(AssertionError.class)
                    .hasMessageStartingWith(
                            "Expected the upgrade " + upgrade + " to accept writes, but it cannot be probed: ")
                    .hasMessageContaining("does not exist");
        }

        /** The first migration is one that fails on an empty database, as where another tool made its tables. */
        @Test
        void whatTheUpgradeAddsIsHeldAgainstNothingWhereACleanInstallCannotBeMade() throws IOException {
            try (TestDatabase database = server.createDatabase()) {
                Upgrade upgrade = upgrade(database, "CREATE TABLE made_by_hand (id INT PRIMARY KEY);", "", """
                        CREATE TABLE t (id INT PRIMARY KEY);
                        CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN NEW.gone = 1; RETURN NEW; END';
                        CREATE TRIGGER t BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION f();
                        """);
                Files.writeString(directory.resolve("V1__migration.sql"), "ALTER TABLE made_by_hand ADD note TEXT;");
                assertThat(upgrade).acceptsWrites();
                assertThat(upgrade.checkWrites().summary())
                        .startsWith("1 of 2 tables; not probed: table t (ERROR: record \"new\" has no field \"gone\"")
                        .contains(", and there is nothing to hold it against: A clean install cannot be made: in ")
                        .contains("relation \"made_by_hand\" does not exist");
            }
        }

        @Test
        void tellsHowMuchWasProbedAndWhyNotTheRest() throws IOException {
            try (TestDatabase database = server.createDatabase()) {
                Upgrade upgrade = upgrade(database, PET + """
                        CREATE VIEW names AS SELECT name FROM pet;
                        CREATE TABLE locked (id INT PRIMARY KEY);
                        CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RAISE EXCEPTION ''read-only''; END';
                        CREATE TRIGGER refuse BEFORE INSERT ON locked FOR EACH ROW EXECUTE FUNCTION refuse();
                        """, PETS, "ALTER TABLE pet ADD note TEXT;");
                assertThat(upgrade).acceptsWrites();
                assertThat(upgrade.checks())
                        .contains("accepts writes")
                        .anySatisfy(check -> assertThat(check)
                                .startsWith(
                                        "writes probed: 1 of 2 tables, 1 sequence, 1 view; not probed: table locked (it fails"
                                                + " elsewhere as well: ERROR: read-only"));
            }
        }

        @Test
        void thatNothingCouldBeProbedIsAFinding() throws IOException {
            try (TestDatabase database = server.createDatabase()) {
                Upgrade upgrade = upgrade(database, """
                        CREATE TABLE locked (id INT PRIMARY KEY);
                        CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RAISE EXCEPTION ''read-only''; END';
                        CREATE TRIGGER refuse BEFORE INSERT ON locked FOR EACH ROW EXECUTE FUNCTION refuse();
                        """, "", "ALTER TABLE locked ADD note TEXT;");
                assertRefused(
                        upgrade, "no table could be written to, so that nothing is known", "0 of 1 table; not probed:");
            }
        }

        @Test
        void aDatabaseWithoutTablesHasNothingToProbe() throws IOException {
            try (TestDatabase database = server.createDatabase()) {
                assertThat(upgrade(database, "CREATE SEQUENCE s;", "", "CREATE SEQUENCE t;"))
                        .acceptsWrites();
            }
        }

        /** No row is left that another could refer to, where a key is one of several columns. */
        @Test
        void aKeyThatRefersToPairsIsNotMixedFromTwo() throws IOException {
            try (TestDatabase database = server.createDatabase()) {
                Upgrade upgrade = upgrade(
                        database,
                        """
                        CREATE TABLE parent (a INT, b INT, PRIMARY KEY (a, b));
                        CREATE TABLE child (id SERIAL PRIMARY KEY, a INT, b INT, FOREIGN KEY (a, b) REFERENCES parent);
                        """,
                        "INSERT INTO parent VALUES (1, 1), (2, 2); INSERT INTO child (a, b) VALUES (1, 1)",
                        "ALTER TABLE child DROP COLUMN id; ALTER TABLE child ADD PRIMARY KEY (a, b);");
                assertThat(upgrade).acceptsWrites();
                assertThat(upgrade.checks())
                        .anySatisfy(check ->
                                assertThat(check).contains("2 of 2 tables").doesNotContain("not probed"));
            }
        }

        /** What the upgrade did not do is not its fault. */
        @Test
        void aSequenceThatNothingUsesCollidedBeforeTheUpgrade() throws IOException {
            try (TestDatabase database = server.createDatabase()) {
                Upgrade upgrade = upgrade(
                        database,
                        PET,
                        "INSERT INTO pet (id, name) VALUES (1, 'a'), (2, 'b')",
                        "CREATE TABLE made (id SERIAL PRIMARY KEY);");
                assertThat(upgrade).acceptsWrites();
            }
        }

        /** Tables that take a row only if it is made with care, or hold as many as they may. */
        @ParameterizedTest
        @ValueSource(
                strings = {
                    "CREATE TABLE t (id UUID PRIMARY KEY DEFAULT gen_random_uuid(), n INT); INSERT INTO t (n) VALUES (1)",
                    "CREATE TABLE t (id UUID PRIMARY KEY); INSERT INTO t VALUES (gen_random_uuid())",
                    "CREATE TABLE t (id INT PRIMARY KEY, twice INT GENERATED ALWAYS AS (id * 2) STORED UNIQUE); INSERT INTO t"
                            + " VALUES (1), (2)",
                    "CREATE TABLE t (id VARCHAR(36) GENERATED ALWAYS AS (json ->> 'id') STORED PRIMARY KEY, name TEXT GENERATED"
                            + " ALWAYS AS (json ->> 'name') STORED UNIQUE, json JSONB NOT NULL); INSERT INTO t (json) VALUES"
                            + " ('{\"id\": \"0c24ba0c-0f3a-4b8b-9d0a-6a1a3f0e7b01\", \"on\": \"2026-01-01\", \"name\":"
                            + " \"Ada\"}')",
                    "CREATE TABLE t (id BIGINT GENERATED ALWAYS AS IDENTITY, mail TEXT UNIQUE CHECK (mail ~ '^.+@.+[.].+$'));"
                            + " INSERT INTO t (mail) VALUES ('ada@example.org'), ('beb@fybnqmf.psh')",
                    "CREATE TABLE t (name TEXT); CREATE UNIQUE INDEX i ON t (lower(name)); INSERT INTO t VALUES ('Ada'), (NULL)",
                    "CREATE TABLE t (a INT, b TEXT, c DATE, PRIMARY KEY (a, b, c)); INSERT INTO t VALUES (1, 'x', '2026-01-01')",
                    "CREATE TABLE t (d TIMESTAMPTZ PRIMARY KEY, b BYTEA UNIQUE); INSERT INTO t VALUES (now(), '\\x00ff')",
                    "CREATE TYPE mood AS ENUM ('sad', 'glad'); CREATE TABLE t (m mood NOT NULL, j JSONB NOT NULL, a INT[] NOT"
                            + " NULL, r INT4RANGE NOT NULL, c CHAR(3) NOT NULL, v VARCHAR(2) UNIQUE NOT NULL, x XML NOT NULL)",
                    "CREATE DOMAIN positive AS INT CHECK (VALUE > 0); CREATE DOMAIN code AS VARCHAR(3) NOT NULL; CREATE TABLE t"
                            + " (p positive NOT NULL, c code UNIQUE); CREATE TABLE u (p positive PRIMARY KEY, c code); INSERT"
                            + " INTO u VALUES (5, 'abc')",
                    "CREATE TABLE a (id INT PRIMARY KEY); CREATE TABLE b (id INT PRIMARY KEY); CREATE TABLE t (a INT REFERENCES"
                            + " a, b INT REFERENCES b, PRIMARY KEY (a, b)); INSERT INTO a VALUES (1), (2); INSERT INTO b VALUES"
                            + " (1), (2); INSERT INTO t VALUES (1, 1), (1, 2)",
                    "CREATE TABLE a (id INT PRIMARY KEY); CREATE TABLE b (id INT PRIMARY KEY); CREATE TABLE t (a INT REFERENCES"
                            + " a, b INT REFERENCES b, PRIMARY KEY (a, b)); INSERT INTO a VALUES (1), (2); INSERT INTO b VALUES"
                            + " (1), (2); INSERT INTO t SELECT a.id, b.id FROM a, b WHERE (a.id, b.id) <> (2, 2)",
                    "CREATE TABLE tenant (id INT PRIMARY KEY); CREATE TABLE a (tenant INT REFERENCES tenant, id INT, PRIMARY KEY"
                            + " (tenant, id)); CREATE TABLE b (tenant INT REFERENCES tenant, id INT, PRIMARY KEY (tenant, id));"
                            + " INSERT INTO tenant VALUES (1), (2); INSERT INTO a VALUES (1, 1), (2, 2); INSERT INTO b VALUES"
                            + " (2, 5); CREATE TABLE t (id SERIAL PRIMARY KEY, tenant INT NOT NULL REFERENCES tenant, a INT NOT"
                            + " NULL, b INT NOT NULL, FOREIGN KEY (tenant, a) REFERENCES a, FOREIGN KEY (tenant, b) REFERENCES"
                            + " b); CREATE TABLE u (tenant INT REFERENCES tenant, a INT, b INT, PRIMARY KEY (tenant, a), FOREIGN"
                            + " KEY (tenant, a) REFERENCES a, FOREIGN KEY (tenant, b) REFERENCES b); INSERT INTO a VALUES (2,"
                            + " 3); INSERT INTO u VALUES (2, 3, 5)",
                    "CREATE TABLE p (a INT, b TEXT, PRIMARY KEY (a, b)); INSERT INTO p VALUES (1, 'x'), (2, 'y'); CREATE TABLE t"
                            + " (a INT, b TEXT, j JSON, UNIQUE (a, b), FOREIGN KEY (a, b) REFERENCES p MATCH FULL); INSERT INTO"
                            + " t VALUES (1, 'x', '{}'); CREATE TABLE u (n INT NOT NULL, a INT NOT NULL, b TEXT, FOREIGN KEY (a,"
                            + " b) REFERENCES p MATCH FULL)",
                    "CREATE TABLE p (id INT PRIMARY KEY) PARTITION BY HASH (id); CREATE TABLE p0 PARTITION OF p FOR VALUES WITH"
                            + " (MODULUS 2, REMAINDER 0); CREATE TABLE p1 PARTITION OF p FOR VALUES WITH (MODULUS 2, REMAINDER"
                            + " 1); INSERT INTO p VALUES (1), (2); CREATE TABLE t (id INT PRIMARY KEY REFERENCES p); INSERT INTO"
                            + " t VALUES (1)",
                    "CREATE TABLE a (id INT PRIMARY KEY); CREATE TABLE t (id INT PRIMARY KEY REFERENCES a); INSERT INTO a VALUES"
                            + " (1), (2); INSERT INTO t VALUES (1)",
                    "CREATE TABLE z (id INT PRIMARY KEY); CREATE TABLE t (id SERIAL, z INT NOT NULL REFERENCES z)",
                    "CREATE TABLE t (id SERIAL, up INT NOT NULL, PRIMARY KEY (id)); INSERT INTO t (up) VALUES (1); ALTER TABLE t"
                            + " ADD FOREIGN KEY (up) REFERENCES t",
                    "CREATE TABLE t (id SERIAL, d DATE, PRIMARY KEY (id, d)) PARTITION BY RANGE (d); CREATE TABLE t1 PARTITION OF"
                            + " t FOR VALUES FROM ('2026-01-01') TO ('2027-01-01'); INSERT INTO t (d) VALUES ('2026-05-05')",
                    "CREATE TABLE t (id SERIAL); CREATE TABLE \"Odd\"\"name\" (\"a b\" TEXT UNIQUE) INHERITS (t); INSERT INTO"
                            + " \"Odd\"\"name\" VALUES (1, 'x')",
                    "CREATE TABLE t (a INT, b INT); CREATE VIEW v AS SELECT a FROM t WHERE a > 0 WITH CHECK OPTION; CREATE"
                            + " MATERIALIZED VIEW m AS SELECT a FROM t"
                })
        void soundTables(String schema) throws IOException {
            try (TestDatabase database = server.createDatabase()) {
                Upgrade upgrade =
                        upgrade(database, "CREATE TABLE first (id SERIAL);", schema, "CREATE TABLE more (id INT);");
                WriteCheck check = upgrade.checkWrites();
                assertThat(check.findings()).isEmpty();
                assertThat(check.summary()).doesNotContain("not probed");
            }
        }

        /** The only row that they take is there, here as on every other database. */
        @ParameterizedTest
        @ValueSource(
                strings = {
                    "CREATE TABLE t (id INT PRIMARY KEY CHECK (id = 1), name TEXT)",
                    "CREATE TABLE t (id BOOLEAN PRIMARY KEY DEFAULT true, name TEXT)",
                    "CREATE TABLE t (id INT, during TSRANGE, EXCLUDE USING gist (during WITH &&))",
                    "CREATE TABLE t (id INT, name TEXT); CREATE FUNCTION one() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN IF"
                            + " (SELECT count(*) FROM t) > 0 THEN RAISE EXCEPTION ''one is enough''; END IF; RETURN NEW; END';"
                            + " CREATE TRIGGER one BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION one()",
                })
        void tablesThatAreFull(String table) throws IOException {
            try (TestDatabase database = server.createDatabase()) {
                String row = table.contains("during")
                        ? "INSERT INTO t VALUES (1, '[2026-01-01, 2027-01-01)')"
                        : table.contains("BOOLEAN")
                                ? "INSERT INTO t VALUES (true, 'x')"
                                : "INSERT INTO t VALUES (1, 'x')";
                Upgrade upgrade = upgrade(
                        database, "CREATE TABLE first (id SERIAL);" + table + ";", row, "CREATE TABLE more (id INT);");
                WriteCheck check = upgrade.checkWrites();
                assertThat(check.findings()).isEmpty();
                assertThat(check.summary()).startsWith("2 of 3 tables, 1 sequence; not probed: table t (");
            }
        }

        @Test
        void theDatabaseIsLeftAsItWas() throws IOException {
            try (TestDatabase database = server.createDatabase()) {
                Upgrade upgrade = upgrade(database, PET, PETS, "ALTER TABLE pet ADD note TEXT;");
                String all = "SELECT last_value, count(*) FROM pet, pet_id_seq GROUP BY 1";
                List<String> before = Library.query(database, all);
                assertThat(upgrade).acceptsWrites();
                assertThat(Library.query(database, all)).isEqualTo(before).containsExactly("3|3");
            }
        }

        @Test
        void stopsWhenItsTimeIsOver() throws Exception {
            try (TestDatabase database = server.createDatabase()) {
                Library.execute(
                        database,
                        "CREATE TABLE slow (id SERIAL PRIMARY KEY)",
                        "CREATE FUNCTION wait() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN PERFORM pg_sleep(60); RETURN NEW; END'",
                        "CREATE TRIGGER wait BEFORE INSERT ON slow FOR EACH ROW EXECUTE FUNCTION wait()",
                        "CREATE TABLE z (id INT)");
                try (var connection = database.open()) {
                    long start = System.nanoTime();
                    var probe = Engine.POSTGRESQL.probeWrites(
                            connection, table -> false, false, java.time.Duration.ofMillis(300));
                    assertThat(System.nanoTime() - start).isLessThan(30_000_000_000L);
                    assertThat(probe.failed()).isEmpty();
                    assertThat(probe.worked()).isEmpty();
                    assertThat(probe.skipped())
                            .containsEntry("table slow", "the probe's time of 300 ms was over")
                            .containsEntry("table z", "the probe's time of 300 ms was over");
                }
            }
        }
    }

    @Nested
    @RequiresDocker
    class InContainers {

        private static final String MY_PET =
                "CREATE TABLE pet (id INT AUTO_INCREMENT PRIMARY KEY, name VARCHAR(20) NOT NULL UNIQUE, age INT);\n";

        /** As after the restore of a dump with owners by an administrator, who migrates as well. */
        @Test
        void aViewOfARoleThatDoesNotMigrateIsNoFinding() throws IOException {
            try (TestDatabase database = TestServers.container("postgres:17").createDatabase()) {
                Upgrade upgrade = upgrade(
                        database,
                        PET + "CREATE VIEW names AS SELECT name FROM pet;",
                        PETS + "; ALTER TABLE pet OWNER TO pg_monitor; ALTER VIEW names OWNER TO pg_monitor",
                        "CREATE TABLE kind (id INT PRIMARY KEY);"
                                + " CREATE OR REPLACE VIEW names AS SELECT name FROM pet, kind;");
                assertThat(upgrade).acceptsWrites();
                assertThat(upgrade.checks())
                        .anySatisfy(check -> assertThat(check)
                                .endsWith("not probed: view names (a role lacks a right on what was created by another:"
                                        + " ERROR: permission denied for table kind)"));
            }
        }

        @ParameterizedTest
        @Images({"mysql:9.7", "mariadb:11.8"})
        void whatAMigrationBreaks(String image) throws IOException {
            String v1 = MY_PET + "CREATE TABLE tiny (id TINYINT AUTO_INCREMENT PRIMARY KEY);\n"
                    + "CREATE TABLE log (id INT AUTO_INCREMENT PRIMARY KEY, text VARCHAR(9));\n"
                    + "CREATE TABLE logs (id INT);\nCREATE TABLE home (id INT PRIMARY KEY);\nCREATE TABLE dog (id INT AUTO_INCREMENT PRIMARY KEY, home INT NOT NULL,"
                    + " FOREIGN KEY (home) REFERENCES home (id));\n"
                    + "CREATE TRIGGER logged AFTER INSERT ON log FOR EACH ROW INSERT INTO logs VALUES (NEW.id);\n";
            String rows = PETS
                    + "; INSERT INTO tiny VALUES (5); INSERT INTO log (text) VALUES ('x'); INSERT INTO home VALUES (77);"
                    + " INSERT INTO dog (home) VALUES (77)";
            try (TestDatabase database = TestServers.container(image).createDatabase()) {
                Upgrade upgrade = upgrade(
                        database,
                        v1,
                        rows,
                        "ALTER TABLE tiny AUTO_INCREMENT = 127;\nINSERT INTO tiny VALUES (127);\n"
                                + "DROP TRIGGER logged;\nCREATE TRIGGER logged AFTER INSERT ON log FOR EACH ROW INSERT INTO gone"
                                + " VALUES (1);\nSET FOREIGN_KEY_CHECKS = 0;\nDELETE FROM home;\nSET FOREIGN_KEY_CHECKS = 1;\n");
                assertThatThrownBy(() -> assertThat(upgrade).acceptsWrites())
                        .isInstanceOf(AssertionError.class)
                        .hasMessageContainingAll(
                                "\n- table dog: ",
                                "a foreign key constraint fails",
                                "\n- table log: ",
                                "gone' doesn't exist",
                                "\n- table tiny: ",
                                "(it worked before the upgrade)",
                                "\nprobed: 6 of 6 tables");
            }
        }

        @ParameterizedTest
        @Images({"mysql:9.7", "mariadb:11.8"})
        void soundTables(String image) throws IOException {
            String v1 = MY_PET + """
                    CREATE TABLE my (id CHAR(36) PRIMARY KEY, twice INT AS (n * 2) STORED, n INT UNIQUE, b BINARY(16) UNIQUE,
                      d DATETIME(6) UNIQUE, e ENUM('x', 'y') NOT NULL, j JSON, k DECIMAL(10, 2) UNIQUE);
                    CREATE TABLE empty_one (id CHAR(36) PRIMARY KEY, e ENUM('it''s', 'y') NOT NULL, j JSON NOT NULL, t TEXT NOT NULL,
                      d DATE NOT NULL, g GEOMETRY NOT NULL, s SET('a', 'b') NOT NULL, y YEAR NOT NULL, b BIT(3) NOT NULL);
                    CREATE TABLE entity (id VARCHAR(36) AS (JSON_UNQUOTE(JSON_EXTRACT(json, '$.id'))) STORED UNIQUE, name VARCHAR(9) AS
                      (JSON_UNQUOTE(JSON_EXTRACT(json, '$.name'))) STORED UNIQUE, json JSON NOT NULL);
                    CREATE TABLE a (id INT PRIMARY KEY);
                    CREATE TABLE ab (a INT, b INT, PRIMARY KEY (a, b), FOREIGN KEY (a) REFERENCES a (id), FOREIGN KEY (b) REFERENCES a (id));
                    CREATE TABLE p (tenant INT, name VARCHAR(20) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin, PRIMARY KEY (tenant, name));
                    CREATE TABLE of_p (tenant INT, name VARCHAR(20) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin, a INT NOT NULL,
                      PRIMARY KEY (tenant, name), FOREIGN KEY (tenant, name) REFERENCES p (tenant, name), FOREIGN KEY (a) REFERENCES
                      a (id));
                    CREATE TABLE empty_of_p (tenant INT NOT NULL, name VARCHAR(20) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
                      a INT NOT NULL, FOREIGN KEY (tenant, name) REFERENCES p (tenant, name), FOREIGN KEY (a) REFERENCES a (id));
                    CREATE TABLE one_to_one (id INT PRIMARY KEY, FOREIGN KEY (id) REFERENCES a (id));
                    CREATE TABLE child (id INT AUTO_INCREMENT PRIMARY KEY, empty_id CHAR(36) NOT NULL, FOREIGN KEY (empty_id) REFERENCES
                      empty_one (id));
                    CREATE TABLE parts (id INT AUTO_INCREMENT, d DATE, PRIMARY KEY (id, d)) PARTITION BY HASH (id) PARTITIONS 2;
                    CREATE TABLE my_isam (id INT AUTO_INCREMENT PRIMARY KEY) ENGINE = MyISAM;
                    """ + (image.startsWith("mariadb") ? """
                            CREATE SEQUENCE s;
                            CREATE TABLE of_s (id BIGINT PRIMARY KEY DEFAULT NEXTVAL(s));
                            CREATE TABLE past (id INT PRIMARY KEY) WITH SYSTEM VERSIONING;
                            """ : "");
            String rows =
                    "INSERT INTO p VALUES (1, 'x'), (2, 'Y'); INSERT INTO a VALUES (9); INSERT INTO of_p VALUES (1, 'x', 9);"
                            + " INSERT INTO my (id, n, b, d, e, k) VALUES (UUID(), 5, x'0102', NOW(), 'y', 1.5); INSERT INTO a VALUES (1),"
                            + " (2); INSERT INTO ab VALUES (1, 1), (1, 2); INSERT INTO one_to_one VALUES (2); INSERT INTO parts (d)"
                            + " VALUES ('2026-01-01'); INSERT INTO my_isam VALUES (7); INSERT INTO entity (json) VALUES ('{\"id\":"
                            + " \"0c24ba0c-0f3a-4b8b-9d0a-6a1a3f0e7b01\", \"name\": \"Ada\"}'); " + PETS;
            try (TestDatabase database = TestServers.container(image).createDatabase()) {
                WriteCheck check = upgrade(database, v1, rows, "CREATE TABLE more (id INT);")
                        .checkWrites();
                assertThat(check.findings()).isEmpty();
                assertThat(check.summary()).doesNotContain("not probed");
            }
        }

        @Test
        void aForeignTableIsNotProbed() throws IOException {
            try (TestDatabase database = TestServers.container("postgres:17").createDatabase()) {
                Upgrade upgrade = upgrade(database, PET, "", """
                        CREATE FOREIGN DATA WRAPPER elsewhere;
                        CREATE SERVER far FOREIGN DATA WRAPPER elsewhere;
                        CREATE FOREIGN TABLE remote (id INT) SERVER far;
                        """);
                assertThat(upgrade).acceptsWrites();
                assertThat(upgrade.checkWrites().summary())
                        .isEqualTo("1 of 2 tables, 1 sequence; not probed: table remote (it is a foreign table)");
            }
        }

        @ParameterizedTest
        @Images({"mysql:9.7", "mariadb:11.8"})
        void aViewThatAMigrationBreaks(String image) throws IOException {
            try (TestDatabase database = TestServers.container(image).createDatabase()) {
                Upgrade upgrade = upgrade(
                        database,
                        MY_PET + "CREATE VIEW ages AS SELECT age FROM pet;",
                        PETS,
                        "ALTER TABLE pet DROP COLUMN age;");
                assertThatThrownBy(() -> assertThat(upgrade).acceptsWrites())
                        .isInstanceOf(AssertionError.class)
                        .hasMessageContainingAll(
                                "1 → 2 to accept writes, but:\n- view ages: ",
                                "references invalid table(s) or column(s) or function(s)",
                                "\nprobed: ");
            }
        }

        /** Nothing that a schema can hold raises a false alarm. */
        @ParameterizedTest
        @Images({"postgres:18", "mysql:9.7", "mariadb:11.8"})
        void ofARichSchema(String image) throws IOException {
            DatabaseServer server = TestServers.container(image);
            try (TestDatabase database = RichSchema.create(server)) {
                WriteCheck check = WriteCheck.of(
                        database,
                        new HistoryTable("", HistoryTable.DEFAULT_NAME),
                        failure -> Optional.empty(),
                        List.of());
                assertThat(check.findings()).isEmpty();
                assertThat(check.summary()).matches("1\\d of 1\\d tables, .*");
            }
        }
    }
}
