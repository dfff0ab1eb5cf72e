package io.github.metadatasnapshot.migration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.metadatasnapshot.engine.HistoryColumns;
import io.github.metadatasnapshot.engine.HistoryTable;
import io.github.metadatasnapshot.engine.Version;
import io.github.metadatasnapshot.product.ProductServer;
import io.github.metadatasnapshot.product.ServerSign;
import io.github.metadatasnapshot.server.DatabaseServer;
import io.github.metadatasnapshot.server.ExternalLogins;
import io.github.metadatasnapshot.server.ServerProvider;
import io.github.metadatasnapshot.server.ServerSettings;
import io.github.metadatasnapshot.server.Servers;
import io.github.metadatasnapshot.server.TestDatabase;
import io.github.metadatasnapshot.testsupport.Library;
import io.github.metadatasnapshot.testsupport.PerlServer;
import io.github.metadatasnapshot.testsupport.RequiresDocker;
import io.github.metadatasnapshot.testsupport.TakesTurns;
import io.github.metadatasnapshot.testsupport.TestServers;
import java.net.URI;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/**
 * Products that migrate as their server starts. In containers it is a shell script with a small server in Perl, in the images of
 * databases, which have a client.
 */
@TakesTurns(of = 2)
class ServerMigrationTests {

    private static final HistoryTable HISTORY =
            new HistoryTable("", "acme_version", new HistoryColumns(List.of("version")), List.of());

    private static final String MIGRATE = "psql -qXc \"CREATE TABLE acme_version (version TEXT)\""
            + " -c \"INSERT INTO acme_version VALUES ('17')\" -c \"CREATE TABLE person (id INT)\"\n";

    private static ContainerMigrator.Builder postgres(String script, int port) {
        return ContainerMigrator.of("postgres:{version}")
                .entrypoint("bash", "-c")
                .command(script)
                .environment("PGHOST", "{host}")
                .environment("PGPORT", "{port}")
                .environment("PGDATABASE", "{database}")
                .environment("PGUSER", "{user}")
                .environment("PGPASSWORD", "{password}")
                .environment("PORT", String.valueOf(port))
                .versions("17")
                .history(HISTORY);
    }

    private static MigrationRun migrate(Migrator migrator, TestDatabase database, String version) {
        return migrator.migrate(database, Version.of(version), Migrator.Purpose.UPGRADE);
    }

    private static String failure(ContainerMigrator.Builder product) {
        try (TestDatabase database = TestServers.embedded().createDatabase()) {
            return migrate(product.build(), database, "17")
                    .failure()
                    .orElseThrow()
                    .describe();
        }
    }

    private static void assertMigrates(Migrator migrator, DatabaseServer server) {
        try (TestDatabase database = server.createDatabase()) {
            MigrationRun run = migrate(migrator, database, "17");

            assertThat(run.failure().map(MigrationFailure::describe)).isEmpty();
            assertThat(run.applied()).hasSize(1);
            assertThat(Library.query(database, "SELECT count(*) FROM person")).containsExactly("0");
            try (Connection connection = database.open()) {
                assertThat(database.engine().otherSessions(connection)).isEmpty();
            } catch (SQLException e) {
                throw new AssertionError(e);
            }
        }
    }

    @RequiresDocker
    @Nested
    class AContainerIsStopped {

        @Test
        void whenItAnswersAtTheDatabasesNetwork() {
            assertMigrates(
                    postgres("sleep 1\n" + MIGRATE + "answer() { [ \"$1\" = /health ]; }\n" + PerlServer.SERVE, 8080)
                            .until(ServerSign.http(8080, "/health"))
                            .build(),
                    TestServers.container("postgres:17"));
        }

        @Test
        void whenItAnswersAtThisMachine() {
            int port = PerlServer.freePort();
            assertMigrates(
                    postgres(MIGRATE + "answer() { echo up; }\n" + PerlServer.SERVE, port)
                            .until(ServerSign.http(port, "/"))
                            .build(),
                    TestServers.embedded());
        }

        @Test
        void whenItPrintsTheLine() {
            assertMigrates(
                    postgres("trap 'exit 0' TERM\n" + MIGRATE + "echo Started Acme in 2 s\nsleep 600 & wait", 1)
                            .until(ServerSign.log("^Started \\w+ in"))
                            .build(),
                    TestServers.embedded());
        }

        /** It has an open transaction after that, and then changes the history's table, which a reader would block. */
        @Test
        void whenTheHistorySaysSoAndItHasComeToRest() {
            try (TestDatabase database = TestServers.container("mysql:9.7").createDatabase()) {
                MigrationRun run = migrate(
                        ContainerMigrator.of("mysql:{version}")
                                .entrypoint("bash", "-c")
                                .command("""
                                        trap 'exit 0' TERM
                                        mysql -h "$DB_HOST" -u "$DB_USER" "$DB_NAME" -e "
                                          CREATE TABLE acme_version (version VARCHAR(9));
                                          INSERT INTO acme_version VALUES ('9.7');
                                          START TRANSACTION; INSERT INTO acme_version VALUES ('9.6'); DO SLEEP(3); COMMIT;
                                          ALTER TABLE acme_version ADD COLUMN done INT;"
                                        sleep 600 & wait
                                        """)
                                .environment("DB_HOST", "{host}")
                                .environment("DB_NAME", "{database}")
                                .environment("DB_USER", "{user}")
                                .environment("MYSQL_PWD", "{password}")
                                .versions("9.7")
                                .history(HISTORY)
                                .until(ServerSign.history())
                                .timeLimit(Duration.ofMinutes(1))
                                .build(),
                        database,
                        "9.7");

                assertThat(run.failure().map(MigrationFailure::describe)).isEmpty();
                assertThat(Library.query(database, "SELECT count(done) FROM acme_version"))
                        .containsExactly("0");
            }
        }
    }

    @RequiresDocker
    @Nested
    class AContainerFails {

        @Test
        void whereItEndsBefore() {
            assertThat(failure(postgres("echo no licence; exit 3", 1).until(ServerSign.log("Started"))))
                    .startsWith(
                            "'bash -c echo no licence; exit 3' in a container of postgres:17 ended with status 3 before it"
                                    + " showed the line 'Started'. The last that it printed:\nno licence");
        }

        @Test
        void whereItNeverGetsThere() {
            assertThat(failure(postgres("trap 'exit 0' TERM; echo waiting for a key; sleep 600 & wait", 1)
                            .until(ServerSign.history())
                            .timeLimit(Duration.ofSeconds(3))))
                    .contains(
                            " in a container of postgres:17 had not shown its version in the history, and 2 s of rest after"
                                    + " 3 s, and was stopped. The last that it printed:\nwaiting for a key\nlikely cause: ");
        }

        @Test
        void whereItStartsAndHasNotMigrated() {
            assertThat(failure(postgres("trap 'exit 0' TERM; echo Started; sleep 600 & wait", 1)
                            .until(ServerSign.log("Started"))))
                    .contains(
                            " showed the line 'Started' and was stopped, but the history (acme_version) says no version, not"
                                    + " 17. The last that it printed:\nStarted\nlikely cause: it migrated another database");
        }

        @Test
        void whereTheUserMayNotSeeWhatOthersDo() {
            DatabaseServer server = TestServers.container("mysql:9.7");
            Servers external = new Servers(new ServerSettings(
                    ServerProvider.EXTERNAL, Map.of(server.engine(), ExternalLogins.createUser(server))));
            Migrator migrator = ServerMigrator.of((version, database) -> () -> {})
                    .versions("9.7")
                    .until(ServerSign.history())
                    .build();
            try (TestDatabase database = external.get(server.spec()).createDatabase()) {
                assertThatThrownBy(() -> migrate(migrator, database, "9.7"))
                        .isInstanceOf(MigrationException.class)
                        .hasMessage(
                                "Whether a server has done with its migrations cannot be told by the history: the user "
                                        + database.user()
                                        + "@% sees the sessions of others only by GRANT PROCESS ON *.*. Wait for"
                                        + " ServerSign.http or ServerSign.log");
            }
        }
    }

    @Nested
    class InThisJvm {

        private final List<String> closed = new ArrayList<>();

        private ServerMigrator.Builder server(ServerMigrator.Starter starter) {
            return ServerMigrator.of(starter).versions("17").history(HISTORY);
        }

        private AutoCloseable migrated(String version, TestDatabase database) {
            Library.execute(
                    database,
                    "CREATE TABLE acme_version (version TEXT)",
                    "INSERT INTO acme_version VALUES ('" + version + "')",
                    "CREATE TABLE person (id INT)");
            return () -> closed.add(version);
        }

        private String failure(ServerMigrator.Builder product) {
            try (TestDatabase database = TestServers.embedded().createDatabase()) {
                return migrate(product.build(), database, "17")
                        .failure()
                        .orElseThrow()
                        .describe();
            }
        }

        @Test
        void aServerIsClosedWhenItHasMigrated() {
            assertMigrates(server(this::migrated).build(), TestServers.embedded());
            assertThat(closed).containsExactly("17");
        }

        @Test
        void aServerThatMigratesLaterIsWaitedFor() {
            assertMigrates(
                    server((version, database) -> {
                                Thread later = new Thread(() -> {
                                    Library.execute(database, "SELECT pg_sleep(1)");
                                    migrated(version, database);
                                });
                                later.start();
                                return later::join;
                            })
                            .until(ServerSign.history())
                            .build(),
                    TestServers.embedded());
        }

        @Test
        void oneThatDoesNotStartFailsInItsWords() {
            assertThat(failure(server((version, database) -> {
                        Library.execute(database, "CREATE TABLE person (id INT)");
                        try (Connection connection = database.open();
                                var statement = connection.createStatement()) {
                            statement.execute("CREATE TABLE person (id INT)");
                        }
                        return () -> {};
                    })))
                    .startsWith("The server of 17 failed: ERROR: relation \"person\" already exists (SQLSTATE 42P07)");
            assertThat(failure(server((version, database) -> () -> {
                        throw new IllegalStateException("still busy");
                    })))
                    .isEqualTo("The server of 17 failed: still busy");
        }

        @Test
        void oneThatNeverGetsThereFails() {
            assertThat(failure(server((version, database) -> {
                                new CountDownLatch(1).await();
                                throw new AssertionError();
                            })
                            .timeLimit(Duration.ofSeconds(1))))
                    .startsWith("The server of 17 had not started after 1 s, and was interrupted\nlikely cause: ");
            assertThat(failure(server((version, database) -> () -> closed.add(version))
                            .until(ServerSign.http(PerlServer.freePort(), "/health"))
                            .timeLimit(Duration.ofSeconds(1))))
                    .contains(
                            "The server of 17 had not shown an answer at port ",
                            ", /health after 1 s, and was closed\n");
            assertThat(closed).containsExactly("17");
            assertThat(failure(server((version, database) -> () -> {})))
                    .isEqualTo(
                            "The server of 17 was started and closed, but the history (acme_version) says no version, not"
                                    + " 17\nlikely cause: it migrated another database, or to another version: look at how it is told"
                                    + " the database and the version");
        }

        @Test
        void oneThatIsDeclaredIsStartedAndSentNoRequest() {
            ProductServer.Builder server = ProductServer.of((version, database) -> {
                        AutoCloseable migrated = migrated(version, database);
                        return new ProductServer.Running() {
                            @Override
                            public URI url() {
                                return URI.create("http://localhost:1");
                            }

                            @Override
                            public void close() throws Exception {
                                migrated.close();
                            }
                        };
                    })
                    .answers("/never");

            assertThatThrownBy(() -> ServerMigrator.of(server.build(), HISTORY))
                    .isInstanceOf(MigrationException.class)
                    .hasMessage(
                            "Which versions are there servers of? ProductServer.of(…) lacks versions(\"1.0\", \"1.1\")");
            assertMigrates(ServerMigrator.of(server.versions("17").build(), HISTORY), TestServers.embedded());
            assertThat(closed).containsExactly("17");
        }

        @Test
        void oneThatIsDeclaredAndDoesNotStartFailsInItsWords() {
            ProductServer dead = ProductServer.of((version, database) -> {
                        throw new IllegalStateException("no licence");
                    })
                    .versions("17")
                    .build();
            try (TestDatabase database = TestServers.embedded().createDatabase()) {
                assertThat(migrate(ServerMigrator.of(dead, HISTORY), database, "17")
                                .failure()
                                .orElseThrow()
                                .describe())
                        .isEqualTo("The server of 17 did not start. The last that it said:\nno licence");
            }
        }

        @Test
        void itsLogIsNotRead() {
            assertThatThrownBy(() -> server(this::migrated).until(ServerSign.log("Started")))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageStartingWith("ServerMigrator reads no log: ");
        }
    }
}
