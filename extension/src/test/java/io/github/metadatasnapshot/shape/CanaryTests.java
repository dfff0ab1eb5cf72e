package io.github.metadatasnapshot.shape;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;

import io.github.metadatasnapshot.backup.Backup;
import io.github.metadatasnapshot.backup.SnapshotCapture;
import io.github.metadatasnapshot.engine.Engine;
import io.github.metadatasnapshot.engine.SchemaObject;
import io.github.metadatasnapshot.engine.Version;
import io.github.metadatasnapshot.migration.Migrator;
import io.github.metadatasnapshot.migration.Upgrade;
import io.github.metadatasnapshot.restore.Restore;
import io.github.metadatasnapshot.restore.StrictClient;
import io.github.metadatasnapshot.server.DatabaseServer;
import io.github.metadatasnapshot.server.TestDatabase;
import io.github.metadatasnapshot.testsupport.Library;
import io.github.metadatasnapshot.testsupport.Logs;
import io.github.metadatasnapshot.testsupport.MadeUpProduct;
import io.github.metadatasnapshot.testsupport.RequiresDocker;
import io.github.metadatasnapshot.testsupport.Scripts;
import io.github.metadatasnapshot.testsupport.TakesTurns;
import io.github.metadatasnapshot.testsupport.TestServers;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.logging.Level;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What a server keeps for itself is in no schema and no digest: two databases that the same statements made are equal, and so
 * is one that the engine's own tool dumped and its client restored. Where this breaks on a version of an engine that is newer
 * than those of {@code engines/newest-seen.properties}, the engine has changed, and the failure says so.
 */
@TakesTurns(of = 2)
class CanaryTests {

    @TempDir
    private Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"postgres:13", "postgres:17", "postgres:18", "mysql:9.7", "mariadb:11.8"})
    @RequiresDocker
    void whatTheSameStatementsMakeIsEqual(String image) throws Exception {
        DatabaseServer server = TestServers.container(image);
        MadeUpProduct product = new MadeUpProduct(MadeUpProduct.pieces(server));
        product.writeTo(directory.resolve("sql"), server.engine());
        Migrator migrator = new Scripts(directory.resolve("sql")).migrator(server.engine());
        try (TestDatabase one = make(server, migrator, product);
                TestDatabase other = make(server, migrator, product);
                TestDatabase restored = server.createDatabase()) {
            DatabaseState expected = state(one, migrator);

            assertThat(expected.differences(state(other, migrator)))
                    .as("%s: made by the same statements%s", server.description(), news(server))
                    .isEmpty();

            Path dump = directory.resolve("dump.sql");
            SnapshotCapture.from(one).to(dump);
            Restore restore = Restore.run(
                    restored,
                    Backup.locate("file:" + dump, CanaryTests.class.getClassLoader()),
                    new StrictClient(),
                    migrator.historyTable());

            assertThat(restore.describeErrors()).isEmpty();
            assertThat(expected.differences(state(restored, migrator)))
                    .as("%s: dumped and restored%s", server.description(), news(server))
                    .isEmpty();
        }
    }

    private static TestDatabase make(DatabaseServer server, Migrator migrator, MadeUpProduct product) {
        TestDatabase database = server.createDatabase();
        assertThat(Upgrade.run(database, migrator, Optional.empty()).failure()).isEmpty();
        product.use(database, MadeUpProduct.VERSIONS);
        return database;
    }

    private static DatabaseState state(TestDatabase database, Migrator migrator) throws SQLException {
        try (Connection connection = database.open()) {
            return DatabaseState.read(connection, database.engine(), migrator.historyTable())
                    .withoutHistory(migrator.historyTable());
        }
    }

    private static Shape shape(TestDatabase database) throws SQLException {
        try (Connection connection = database.open()) {
            return Shape.read(connection, database.engine());
        }
    }

    private static String news(DatabaseServer server) throws IOException {
        Properties seen = new Properties();
        try (InputStream in = CanaryTests.class.getResourceAsStream("/engines/newest-seen.properties")) {
            seen.load(in);
        }
        return news(server.engine(), server.version(), seen);
    }

    /** {@return what is new about a version, the empty string where the canary has been green with it or a later one} */
    private static String news(Engine engine, String version, Properties seen) {
        String release = engine.id() + "." + engine.release(version);
        String newest = seen.getProperty(release);
        if (newest == null) {
            return "; " + engine + " " + version + " is of a release that the schema reader was never seen with: add "
                    + release + " to newest-seen.properties once this is green";
        }
        return Version.of(version).compareTo(Version.of(newest)) <= 0
                ? ""
                : "; " + engine + " " + version + " is newer than " + newest
                        + ", the newest that the schema reader was seen"
                        + " with: look for what that server keeps for itself in its catalogue, and raise " + release
                        + " in newest-seen.properties once this is green";
    }

    @Test
    void anEngineThatIsNewerThanAnySeenIsNamed() {
        Properties seen = new Properties();
        seen.setProperty("postgresql.17", "17.12");
        seen.setProperty("mariadb.11.8", "11.8.9");

        assertThat(news(Engine.POSTGRESQL, "17.12", seen)).isEmpty();
        assertThat(news(Engine.POSTGRESQL, "17.2", seen)).isEmpty();
        assertThat(news(Engine.MARIADB, "11.8.10", seen))
                .isEqualTo(
                        "; MariaDB 11.8.10 is newer than 11.8.9, the newest that the schema reader was seen with: look for"
                                + " what that server keeps for itself in its catalogue, and raise mariadb.11.8 in"
                                + " newest-seen.properties once this is green");
        assertThat(news(Engine.POSTGRESQL, "19.1", seen)).contains("was never seen with: add postgresql.19 to");
    }

    /** Bookkeeping as PostgreSQL 17.12 has it, under names that no server uses, written by hand and by an event trigger. */
    @Nested
    @RequiresDocker
    class OptionsOfPostgreSql {

        private static final String PLANT = """
                CREATE FUNCTION plant() RETURNS event_trigger LANGUAGE plpgsql AS $$
                BEGIN
                  UPDATE pg_class SET reloptions = array_append(reloptions, 'by_server=' || (random() * 1e6)::integer)
                  WHERE relkind IN ('r', 'i', 'v', 't') AND oid IN (
                    SELECT objid FROM pg_event_trigger_ddl_commands() WHERE classid = 'pg_class'::regclass AND command_tag LIKE 'CREATE%'
                    UNION SELECT reltoastrelid FROM pg_event_trigger_ddl_commands() JOIN pg_class c ON c.oid = objid
                    UNION SELECT indexrelid FROM pg_event_trigger_ddl_commands() JOIN pg_index ON indrelid = objid);
                END $$
                """;

        private final DatabaseServer server = TestServers.container("postgres:17");

        private TestDatabase make() {
            TestDatabase database = server.createDatabase();
            Library.execute(
                    database,
                    PLANT,
                    "CREATE EVENT TRIGGER planting ON ddl_command_end WHEN TAG IN ('CREATE TABLE', 'CREATE INDEX', 'CREATE VIEW')"
                            + " EXECUTE FUNCTION plant()",
                    "CREATE TABLE a (id integer PRIMARY KEY, v text) WITH (fillfactor = 50)",
                    "CREATE INDEX a_v ON a (v) WITH (fillfactor = 60, deduplicate_items = off) WHERE v <> 'WITH (x)'",
                    "CREATE INDEX a_plain ON a (v)",
                    "CREATE VIEW seen WITH (security_barrier = true) AS SELECT id FROM a",
                    "ALTER TABLE a ALTER v SET (n_distinct = 5)");
            return database;
        }

        @Test
        void thatTheServerSetsAreLeftOutAndLoggedOnce() throws Exception {
            try (TestDatabase one = make();
                    TestDatabase other = make()) {
                List<String> log = Logs.of(Level.INFO, () -> {
                    try {
                        assertThat(shape(one).differences(shape(other))).isEmpty();
                    } catch (SQLException e) {
                        throw new AssertionError(e);
                    }
                });

                assertThat(log)
                        .filteredOn(line -> line.contains("by_server"))
                        .hasSize(1)
                        .first(STRING)
                        .startsWith("Schemas are compared without the option by_server, which PostgreSQL 17");
                assertThat(shape(one).objects())
                        .filteredOn(object -> object.definition().contains("by_server"))
                        .extracting(SchemaObject::kind)
                        .containsExactly("routine");
                assertThat(shape(one).toString())
                        .contains("WITH (fillfactor=50)")
                        .contains("WITH (fillfactor='60', deduplicate_items=off) WHERE (v <> 'WITH (x)'::text)")
                        .contains("index a.a_plain: CREATE INDEX a_plain ON public.a USING btree (v)\n")
                        .contains("WITH (security_barrier=true)")
                        .contains("column a.v: text OPTIONS (n_distinct=5)");
                assertThat(Library.query(
                                one, "SELECT count(*) FROM pg_class WHERE reloptions::text LIKE '%by_server%'"))
                        .as("planted")
                        .containsExactly("6");
                assertThat(Library.query(one, "SELECT count(*) FROM pg_class WHERE relname LIKE 'metadatasnapshot%'"))
                        .as("left by the look")
                        .containsExactly("0");
            }
        }

        @Test
        void thatOneObjectHasAreKept() throws Exception {
            try (TestDatabase one = server.createDatabase();
                    TestDatabase other = server.createDatabase()) {
                for (TestDatabase database : List.of(one, other)) {
                    Library.execute(database, "CREATE TABLE a (id integer PRIMARY KEY)", "CREATE TABLE b (id integer)");
                }
                Library.execute(other, "UPDATE pg_class SET reloptions = '{of_extension=1}' WHERE relname = 'a'");

                assertThat(shape(one).differences(shape(other)))
                        .singleElement()
                        .satisfies(difference -> assertThat(difference.actual()).endsWith("WITH (of_extension=1)"));
            }
        }

        @Test
        void areKeptAndThatIsLoggedWhereAUserMayNotLook() throws Exception {
            try (TestDatabase database = server.createDatabase()) {
                String role = "r" + database.name();
                Library.execute(
                        database,
                        "CREATE TABLE a (id integer PRIMARY KEY)",
                        "UPDATE pg_class SET reloptions = '{of_" + role + "=1}' WHERE relname = 'a'",
                        "REVOKE TEMPORARY ON DATABASE " + database.name() + " FROM PUBLIC",
                        "CREATE ROLE " + role + " LOGIN PASSWORD 's3cret'");
                List<Shape> shapes = new ArrayList<>();
                List<String> log = Logs.of(Level.WARNING, () -> {
                    try (Connection connection = DriverManager.getConnection(database.jdbcUrl(), role, "s3cret")) {
                        shapes.add(Shape.read(connection, Engine.POSTGRESQL));
                    } catch (SQLException e) {
                        throw new AssertionError(e);
                    }
                });
                Library.execute(database, "DROP ROLE " + role);

                assertThat(log)
                        .singleElement(STRING)
                        .startsWith(
                                "It is not known which options of tables and indexes the server sets by itself, because"
                                        + " no temporary table could be created: ERROR: permission denied to create temporary"
                                        + " tables in database \"" + database.name() + "\"");
                assertThat(shapes.get(0).definition("table", "a"))
                        .hasValueSatisfying(definition -> assertThat(definition).endsWith("WITH (of_" + role + "=1)"));
            }
        }

        @Test
        void ofColumnsThatNoDumpHoldsAreLeftOut() throws Exception {
            try (TestDatabase one = server.createDatabase();
                    TestDatabase other = server.createDatabase()) {
                for (TestDatabase database : List.of(one, other)) {
                    Library.execute(database, "CREATE TABLE a (id integer PRIMARY KEY, v text)");
                }
                Library.execute(other, "ALTER TABLE a ALTER v SET (n_distinct_inherited = 7, n_distinct = 8)");
                Shape before = shape(other);
                Library.execute(
                        other,
                        "UPDATE pg_attribute SET attoptions = array_append(attoptions, 'by_hand=7')"
                                + " WHERE attrelid = 'a'::regclass AND attnum > 0");

                assertThat(shape(other)).isEqualTo(before);
                assertThat(shape(one).definition("column", "a.v")).hasValue("text");
                assertThat(shape(other).definition("column", "a.v"))
                        .hasValue("text OPTIONS (n_distinct=8, n_distinct_inherited=7)");
            }
        }

        /** Every refresh changes it, and pg_dump creates each without rows. */
        @Test
        void whetherAViewHoldsItsRowsIsNoDefinition() throws Exception {
            try (TestDatabase database = server.createDatabase()) {
                Library.execute(database, "CREATE MATERIALIZED VIEW m AS SELECT 1 AS a WITH NO DATA");
                Shape before = shape(database);
                Library.execute(database, "REFRESH MATERIALIZED VIEW m");

                assertThat(shape(database)).isEqualTo(before);
            }
        }
    }
}
