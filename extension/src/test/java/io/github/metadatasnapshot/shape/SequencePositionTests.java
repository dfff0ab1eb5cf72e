package io.github.metadatasnapshot.shape;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.metadatasnapshot.engine.Engine;
import io.github.metadatasnapshot.engine.HistoryTable;
import io.github.metadatasnapshot.server.DatabaseServer;
import io.github.metadatasnapshot.server.TestDatabase;
import io.github.metadatasnapshot.testsupport.Images;
import io.github.metadatasnapshot.testsupport.Library;
import io.github.metadatasnapshot.testsupport.RequiresDocker;
import io.github.metadatasnapshot.testsupport.TakesTurns;
import io.github.metadatasnapshot.testsupport.TestServers;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Where sequences, identity and AUTO_INCREMENT columns continue, as a state has it: what went on is a gap. */
@TakesTurns(of = 4)
class SequencePositionTests {

    private static final HistoryTable HISTORY = new HistoryTable("", HistoryTable.DEFAULT_NAME);

    private static DatabaseState read(TestDatabase database) {
        try (Connection connection = database.open()) {
            return DatabaseState.read(connection, database.engine(), HISTORY);
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }

    /** What is made, what is done then, and how that is told; no line where it is no change. */
    record Case(String made, String done, List<String> lines) {

        Case(String made, String done, String... lines) {
            this(made, done, List.of(lines));
        }

        void check(TestDatabase database) {
            Library.execute(database, made.split(";\\s*", -1));
            DatabaseState before = read(database);
            Library.execute(database, done.split(";\\s*", -1));
            DatabaseState after = read(database);
            assertThat(before.differences(after)).as(toString()).containsExactlyElementsOf(lines);
            assertThat(before.isUntouchedIn(after)).as(toString()).isEqualTo(lines.isEmpty());
            assertThat(after).isNotEqualTo(before);
            assertThat(after.isUntouchedIn(after)).isTrue();
        }

        @Override
        public String toString() {
            return made + " then " + done;
        }
    }

    private static final String SERIAL =
            "CREATE TABLE pet (id SERIAL PRIMARY KEY, name TEXT); INSERT INTO pet (name) VALUES ('a'), ('b'), ('c')";

    static Stream<Case> onPostgreSql() {
        return Stream.of(
                new Case(SERIAL, "SELECT nextval('pet_id_seq')"),
                new Case(SERIAL, "SELECT setval('pet_id_seq', 50)"),
                new Case(
                        SERIAL,
                        "SELECT setval('pet_id_seq', 1)",
                        "sequence pet_id_seq continues at 2, before it continued at 4; pet.id holds 2 already"),
                // The value that was set is the next one, or the one before it.
                new Case(
                        SERIAL,
                        "SELECT setval('pet_id_seq', 3, false)",
                        "sequence pet_id_seq continues at 3, before it continued at 4; pet.id holds 3 already"),
                new Case(
                        SERIAL + "; SELECT setval('pet_id_seq', 90)",
                        "SELECT setval('pet_id_seq', 10)",
                        "sequence pet_id_seq continues at 11, before it continued at 91"),
                new Case(
                        "CREATE TABLE pet (id INT GENERATED ALWAYS AS IDENTITY PRIMARY KEY); INSERT INTO pet DEFAULT"
                                + " VALUES",
                        "ALTER TABLE pet ALTER id RESTART",
                        "sequence pet_id_seq continues at 1, before it continued at 2; pet.id holds 1 already"),
                new Case(
                        "CREATE SEQUENCE down INCREMENT -2 START -1; SELECT nextval('down'); SELECT nextval('down')",
                        "SELECT setval('down', -1, false)",
                        "sequence down continues at -1, before it continued at -5"),
                new Case(
                        "CREATE SEQUENCE down INCREMENT -2 START -1 MAXVALUE 100; CREATE TABLE t (id INT UNIQUE DEFAULT"
                                + " nextval('down')); INSERT INTO t VALUES (5), (-7), (-3)",
                        "SELECT setval('down', 3, false)",
                        "sequence down continues at 3, before it continued at -1; t.id holds -3 already"),
                new Case("CREATE SEQUENCE down INCREMENT -2", "SELECT nextval('down')"),
                new Case(
                        "CREATE SEQUENCE round MAXVALUE 3 CYCLE; SELECT nextval('round'), nextval('round'),"
                                + " nextval('round')",
                        "SELECT nextval('round')"),
                new Case("CREATE SEQUENCE s CACHE 20", "SELECT nextval('s')"),
                new Case("CREATE SEQUENCE s MAXVALUE 9223372036854775807", "SELECT setval('s', 9223372036854775807)"),
                new Case(
                        "CREATE SEQUENCE s MINVALUE -9223372036854775808 INCREMENT -3 START -5",
                        "SELECT setval('s', -9223372036854775808)"),
                // A column that may repeat its values collides with none.
                new Case(
                        "CREATE TABLE t (id INT, n BIGSERIAL); INSERT INTO t VALUES (1, 5); SELECT setval('t_n_seq',"
                                + " 8)",
                        "SELECT setval('t_n_seq', 4)",
                        "sequence t_n_seq continues at 5, before it continued at 9"),
                new Case(
                        "CREATE SEQUENCE pair START 10; CREATE TABLE a (id INT PRIMARY KEY DEFAULT nextval('pair'));"
                                + " CREATE TABLE b (id SMALLINT PRIMARY KEY DEFAULT nextval('pair')); INSERT INTO a VALUES"
                                + " (9); INSERT INTO b VALUES (7)",
                        "ALTER SEQUENCE pair RESTART WITH 5",
                        "sequence pair continues at 5, before it continued at 10; b.id holds 7 already"),
                new Case(
                        "CREATE TABLE p (id BIGSERIAL, d DATE, PRIMARY KEY (id, d)) PARTITION BY RANGE (d); CREATE"
                                + " TABLE p1 PARTITION OF p FOR VALUES FROM ('2000-01-01') TO ('2100-01-01'); INSERT INTO"
                                + " p (d) VALUES ('2026-01-01'), ('2026-01-01')",
                        "SELECT setval('p_id_seq', 1, false)",
                        "sequence p_id_seq continues at 1, before it continued at 3; p.id holds 1 already"),
                new Case(
                        "CREATE SCHEMA \"Sch.1\"; CREATE TABLE \"Sch.1\".\"T\"\"x\" (\"Id\" SERIAL PRIMARY KEY);"
                                + " INSERT INTO \"Sch.1\".\"T\"\"x\" DEFAULT VALUES",
                        "ALTER SEQUENCE \"Sch.1\".\"T\"\"x_Id_seq\" RESTART",
                        "sequence Sch.1.T\"x_Id_seq continues at 1, before it continued at 2; \"Sch.1\".\"T\"\"x\".Id"
                                + " holds 1 already"),
                // A default that makes something else of the value.
                new Case(
                        "CREATE SEQUENCE s START 5; CREATE TABLE t (id INT PRIMARY KEY DEFAULT nextval('s') * 100);"
                                + " INSERT INTO t VALUES (3)",
                        "ALTER SEQUENCE s RESTART WITH 1",
                        "sequence s continues at 1, before it continued at 5"));
    }

    @Nested
    @TestInstance(TestInstance.Lifecycle.PER_CLASS)
    class OnPostgreSql {

        @ParameterizedTest
        @MethodSource("io.github.metadatasnapshot.shape.SequencePositionTests#onPostgreSql")
        void tellsWhatWentBack(Case of) {
            try (TestDatabase database = TestServers.embedded().createDatabase()) {
                of.check(database);
            }
        }

        @Test
        void aTransactionThatIsUndoneLeavesAGap() throws SQLException {
            try (TestDatabase database = TestServers.embedded().createDatabase()) {
                Library.execute(database, SERIAL.split(";\\s*", -1));
                DatabaseState before = read(database);
                try (Connection connection = database.open();
                        var statement = connection.createStatement()) {
                    connection.setAutoCommit(false);
                    statement.execute("INSERT INTO pet (name) VALUES ('d')");
                    connection.rollback();
                }
                assertThat(before.isUntouchedIn(read(database))).isTrue();
                assertThat(before).isNotEqualTo(read(database));
            }
        }
    }

    static Stream<Case> onMySqlAndMariaDb() {
        String pet =
                "CREATE TABLE pet (id INT AUTO_INCREMENT PRIMARY KEY, name VARCHAR(9)); INSERT INTO pet (name) VALUES"
                        + " ('a'), ('b'), ('c')";
        return Stream.of(
                new Case(pet, "ALTER TABLE pet AUTO_INCREMENT = 50"),
                new Case(
                        "CREATE TABLE big (id BIGINT UNSIGNED AUTO_INCREMENT UNIQUE) AUTO_INCREMENT ="
                                + " 18446744073709551610",
                        "TRUNCATE TABLE big",
                        "AUTO_INCREMENT of big continues at 1, before it continued at 18446744073709551610"),
                new Case(
                        pet + "; ALTER TABLE pet AUTO_INCREMENT = 50",
                        "ALTER TABLE pet AUTO_INCREMENT = 1",
                        "AUTO_INCREMENT of pet continues at 4, before it continued at 50"),
                new Case(
                        pet,
                        "TRUNCATE TABLE pet",
                        "table pet has 0 rows, before it had 3",
                        "AUTO_INCREMENT of pet continues at 1, before it continued at 4"),
                new Case(
                        "CREATE TABLE m (id INT AUTO_INCREMENT PRIMARY KEY) ENGINE = MyISAM; INSERT INTO m VALUES (7)",
                        "DELETE FROM m; ALTER TABLE m AUTO_INCREMENT = 2",
                        "table m has 0 rows, before it had 1",
                        "AUTO_INCREMENT of m continues at 2, before it continued at 8"));
    }

    static Stream<Case> onMariaDb() {
        return Stream.of(
                new Case("CREATE SEQUENCE s NOCACHE", "SELECT NEXTVAL(s)"),
                new Case("CREATE SEQUENCE s", "SELECT NEXTVAL(s)"),
                new Case(
                        "CREATE SEQUENCE s; CREATE TABLE t (id BIGINT PRIMARY KEY DEFAULT NEXTVAL(s)); INSERT INTO t"
                                + " VALUES (3); SELECT SETVAL(s, 20)",
                        "ALTER SEQUENCE s RESTART 2",
                        "sequence s continues at 2, before it continued at 21; t.id holds 3 already"),
                new Case(
                        "CREATE SEQUENCE s START -10 INCREMENT -10 MINVALUE -1000 MAXVALUE 0 NOCACHE; SELECT"
                                + " NEXTVAL(s)",
                        "ALTER SEQUENCE s RESTART -10",
                        "sequence s continues at -10, before it continued at -20"));
    }

    @Nested
    @RequiresDocker
    @TestInstance(TestInstance.Lifecycle.PER_CLASS)
    class InContainers {

        @ParameterizedTest
        @Images({"mysql:9.7", "mariadb:11.8"})
        void tellsWhatWentBack(String image) {
            forEach(onMySqlAndMariaDb(), TestServers.container(image));
        }

        @Test
        void tellsWhatWentBackOfMariaDbsSequences() {
            forEach(onMariaDb(), TestServers.container("mariadb:11.8"));
        }

        @Test
        void tellsWhatWentBackOnTheOldestPostgreSql() {
            forEach(onPostgreSql().limit(7), TestServers.container("postgres:13"));
        }

        private void forEach(Stream<Case> cases, DatabaseServer server) {
            cases.forEach(of -> {
                try (TestDatabase database = server.createDatabase()) {
                    of.check(database);
                }
            });
        }

        @Test
        void readsPastTheCacheOfTheCatalogueAndPutsTheSessionsSettingBack() throws SQLException {
            try (TestDatabase database = TestServers.container("mysql:9.7").createDatabase();
                    Connection connection = database.open();
                    var statement = connection.createStatement()) {
                statement.execute("SET information_schema_stats_expiry = 4711");
                statement.execute("CREATE TABLE pet (id INT AUTO_INCREMENT PRIMARY KEY)");
                statement.execute("INSERT INTO pet VALUES (7)");
                statement
                        .executeQuery("SELECT auto_increment FROM information_schema.tables WHERE table_name = 'pet'")
                        .close();
                statement.execute("INSERT INTO pet VALUES (9)");

                assertThat(Engine.MYSQL.positions(connection))
                        .singleElement()
                        .satisfies(position -> assertThat(position.next()).isEqualTo(10));
                try (var setting = statement.executeQuery("SELECT @@information_schema_stats_expiry")) {
                    setting.next();
                    assertThat(setting.getInt(1)).isEqualTo(4711);
                }
            }
        }
    }

    /** PostgreSQL's large objects, which are in no table of the user's; as an administrator, who may give them away. */
    @Nested
    @RequiresDocker
    @TestInstance(TestInstance.Lifecycle.PER_CLASS)
    class OfLargeObjects {

        private final TestDatabase database =
                TestServers.container("postgres:17").createDatabase();

        @AfterAll
        void dropDatabase() {
            database.close();
        }

        @ParameterizedTest
        @CsvSource(delimiter = '|', textBlock = """
            SELECT lo_unlink(oid) FROM pg_largeobject_metadata | large objects: 0 large objects of 0 bytes, before: 2 large objects of 20000009 bytes
            SELECT lo_put(4711, 4, 'X') | the large objects are others, or have other contents, as many as before
            SELECT lo_put(4712, 19999999, 'X') | the large objects are others, or have other contents, as many as before
            SELECT lo_create(4713) | large objects: 3 large objects of 20000009 bytes, before: 2 large objects of 20000009 bytes
            DO $$BEGIN PERFORM lo_unlink(4711), lo_from_bytea(4710, 'content 1'); END$$ | the large objects are others, or have other contents, as many as before
            GRANT SELECT ON LARGE OBJECT 4711 TO PUBLIC |
            ALTER LARGE OBJECT 4711 OWNER TO pg_monitor |
            """)
        void tellsWhatChanged(String change, String line) {
            Library.execute(
                    database,
                    "SELECT lo_unlink(oid) FROM pg_largeobject_metadata",
                    "SELECT lo_from_bytea(4711, 'content 1'), lo_from_bytea(4712, convert_to(repeat('y', 20000000),"
                            + " 'UTF8'))");
            DatabaseState before = read(database);
            assertThat(before).isEqualTo(read(database));
            assertThat(before.isEmpty()).isFalse();

            Library.execute(database, change);

            assertThat(before.differences(read(database))).isEqualTo(line == null ? List.of() : List.of(line));
            assertThat(before.isUntouchedIn(read(database))).isEqualTo(line == null);
        }
    }

    /** A copy continues where its original does. */
    @Nested
    class Copies {

        private void assertEqual(DatabaseServer server, String... fill) {
            try (TestDatabase database = server.createDatabase()) {
                Library.execute(database, fill);
                try (TestDatabase copy = database.copy()) {
                    assertThat(read(copy)).isEqualTo(read(database));
                }
                database.freeze();
                try (TestDatabase copy = database.copy()) {
                    assertThat(read(copy)).isEqualTo(read(database));
                }
            }
        }

        @Test
        void onPostgreSql() {
            assertEqual(
                    TestServers.embedded(),
                    "CREATE TABLE pet (id SERIAL PRIMARY KEY)",
                    "SELECT setval('pet_id_seq', 20, false)",
                    "CREATE SEQUENCE s INCREMENT -1",
                    "SELECT nextval('s')",
                    "SELECT lo_from_bytea(4711, 'content')");
        }

        @Test
        @RequiresDocker
        void onPostgreSqlByItsToolsWhileASessionIsConnected() throws SQLException {
            DatabaseServer server = TestServers.container("postgres:13");
            try (TestDatabase database = server.createDatabase();
                    Connection connection = database.open()) {
                assertThat(connection.isValid(1)).isTrue();
                Library.execute(
                        database,
                        "CREATE TABLE pet (id INT GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY)",
                        "SELECT setval('pet_id_seq', 20)",
                        "CREATE SEQUENCE s",
                        "SELECT setval('s', 30, false)",
                        "SELECT lo_from_bytea(4711, 'content')");
                try (TestDatabase copy = database.copy()) {
                    assertThat(read(copy)).isEqualTo(read(database));
                }
            }
        }

        private static final String[] COUNTERS = {
            "CREATE TABLE pet (id INT AUTO_INCREMENT PRIMARY KEY, name VARCHAR(9))",
            "INSERT INTO pet VALUES (3, 'a')",
            "CREATE TABLE gap (id INT AUTO_INCREMENT PRIMARY KEY) AUTO_INCREMENT = 30",
            "CREATE TABLE many (id INT AUTO_INCREMENT PRIMARY KEY, name VARCHAR(9))",
            "INSERT INTO many (name) SELECT table_name FROM (SELECT 'x' AS table_name UNION SELECT 'y' UNION SELECT"
                    + " 'z') AS n",
            "INSERT INTO many (id, name) SELECT 100 + id, name FROM many"
        };

        @Test
        @RequiresDocker
        void onMySql() {
            assertEqual(TestServers.container("mysql:9.7"), COUNTERS);
        }

        @Test
        @RequiresDocker
        void onMariaDb() {
            assertEqual(
                    TestServers.container("mariadb:11.8"),
                    Stream.concat(
                                    Stream.of(COUNTERS),
                                    Stream.of(
                                            "CREATE SEQUENCE s",
                                            "SELECT NEXTVAL(s)",
                                            "CREATE SEQUENCE t NOCACHE",
                                            "SELECT SETVAL(t, 5)",
                                            "CREATE SEQUENCE u INCREMENT -2 NOCACHE",
                                            "SELECT NEXTVAL(u)"))
                            .toArray(String[]::new));
        }
    }
}
