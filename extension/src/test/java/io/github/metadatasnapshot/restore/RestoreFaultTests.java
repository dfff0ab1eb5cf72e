package io.github.metadatasnapshot.restore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.metadatasnapshot.assertion.MetadataSnapshotAssertions;
import io.github.metadatasnapshot.backup.Backup;
import io.github.metadatasnapshot.engine.Engine;
import io.github.metadatasnapshot.engine.HistoryTable;
import io.github.metadatasnapshot.server.DatabaseServer;
import io.github.metadatasnapshot.server.ServerProvider;
import io.github.metadatasnapshot.server.ServerSettings;
import io.github.metadatasnapshot.server.ServerSpec;
import io.github.metadatasnapshot.server.Servers;
import io.github.metadatasnapshot.server.TestDatabase;
import io.github.metadatasnapshot.testsupport.Images;
import io.github.metadatasnapshot.testsupport.Library;
import io.github.metadatasnapshot.testsupport.RequiresDocker;
import io.github.metadatasnapshot.testsupport.TestServers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What befalls a client or a server in the middle of a restore is no verdict on the backup. */
@Timeout(120)
class RestoreFaultTests {

    private static final HistoryTable HISTORY = new HistoryTable("", HistoryTable.DEFAULT_NAME);

    @TempDir
    private Path directory;

    /** Does something to a restore that is in the middle of a statement. */
    private interface Fault {
        void befall(TestDatabase database, String session) throws Exception;
    }

    private Restore restore(DatabaseServer server, RestoreProcedure procedure, Fault fault) throws Exception {
        boolean postgres = server.engine() == Engine.POSTGRESQL;
        Path file = Files.writeString(
                directory.resolve("1.sql"),
                "CREATE TABLE t (id int);\nSELECT " + (postgres ? "pg_sleep" : "SLEEP") + "(100);\n"
                        + "CREATE TABLE u (id int);\n");
        try (TestDatabase database = server.createDatabase()) {
            CompletableFuture<Restore> running =
                    CompletableFuture.supplyAsync(() -> Restore.run(database, Backup.of(file), procedure, HISTORY));
            fault.befall(database, sleeping(database, running));
            Restore restore = running.get(60, TimeUnit.SECONDS);

            assertThat(restore.cause()).contains(RestoreCause.ENVIRONMENT);
            for (var claim : List.<Runnable>of(
                    () -> MetadataSnapshotAssertions.assertThat(restore).wasRejected(),
                    () -> MetadataSnapshotAssertions.assertThat(restore).failed(),
                    () -> MetadataSnapshotAssertions.assertThat(restore).succeeded())) {
                assertThatThrownBy(claim::run)
                        .isInstanceOf(AssertionError.class)
                        .hasMessageContaining("but nothing can be concluded from it: "
                                + restore.inconclusive().orElseThrow());
            }
            assertThatThrownBy(
                            () -> MetadataSnapshotAssertions.assertThat(restore).becauseOfVersion())
                    .hasMessageContaining("to fail because of the version, but the version has nothing to do with it.\n"
                            + restore.inconclusive().orElseThrow());
            return restore;
        }
    }

    /** {@return the number of the session that has come to the statement} */
    private static String sleeping(TestDatabase database, CompletableFuture<Restore> running) throws Exception {
        String sql = database.engine() == Engine.POSTGRESQL
                ? "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND query LIKE '%pg_sleep%'"
                        + " AND state = 'active' AND pid <> pg_backend_pid()"
                : "SELECT id FROM information_schema.processlist WHERE db = DATABASE() AND info LIKE 'SELECT SLEEP%'";
        while (!running.isDone()) {
            List<String> sessions = Library.query(database, sql);
            if (!sessions.isEmpty()) {
                return sessions.get(0);
            }
            Thread.sleep(50);
        }
        throw new AssertionError("It has ended: " + running.get().report());
    }

    private static void killClient(TestDatabase database, String session) throws IOException {
        String client = database.engine() == Engine.POSTGRESQL
                ? "psql"
                : database.engine().id();
        Library.inContainer(
                database.server(),
                "sh",
                "-c",
                "for comm in /proc/[0-9]*/comm; do if [ \"$(cat $comm)\" = " + client
                        + " ]; then kill -9 $(basename $(dirname $comm)); fi; done");
    }

    private static void endSession(TestDatabase database, String session) {
        if (database.engine() == Engine.POSTGRESQL) {
            Library.query(database, "SELECT pg_terminate_backend(" + session + ")");
        } else {
            Library.execute(database, "KILL " + session);
        }
    }

    @RequiresDocker
    @ParameterizedTest
    @Images({"postgres:17", "mysql:9.7", "mariadb:11.8"})
    void aClientThatIsKilled(String image) throws Exception {
        Restore restore = restore(TestServers.container(image), new StrictClient(), RestoreFaultTests::killClient);

        assertThat(restore.inconclusive())
                .contains("the client ended with status 137, as a process does that signal 9 has killed");
    }

    @RequiresDocker
    @ParameterizedTest
    @CsvSource({
        "postgres:17, 'FATAL:  57P01: terminating connection due to administrator command'",
        "mysql:9.7, ERROR 2013 (HY000) at line 2: Lost connection to MySQL server during query",
        "mariadb:11.8, ERROR 2013 (HY000) at line 2: Lost connection to server during query"
    })
    void aSessionThatIsEnded(String image, String error) throws Exception {
        Restore restore = restore(TestServers.container(image), new DocumentedClient(), RestoreFaultTests::endSession);

        assertThat(restore.inconclusive())
                .hasValueSatisfying(reason -> assertThat(reason)
                        .startsWith(ClientReport.NOT_OF_THE_STATEMENT)
                        .contains(error));
    }

    @Test
    void aSessionOverJdbcThatIsEnded() throws Exception {
        Restore restore = restore(TestServers.embedded(), new DocumentedClient(), RestoreFaultTests::endSession);

        assertThat(restore.inconclusive())
                .contains(ClientReport.NOT_OF_THE_STATEMENT
                        + "FATAL: terminating connection due to administrator command (SQLSTATE 57P01)");
    }

    @RequiresDocker
    @ParameterizedTest
    @Images({"mysql:9.7", "mariadb:11.8"})
    void aSessionOverTheJdbcOfMySqlThatIsEnded(String image) throws Exception {
        Restore restore = restore(TestServers.container(image), new JdbcLoad(), RestoreFaultTests::endSession);

        assertThat(restore.inconclusive())
                .hasValueSatisfying(reason -> assertThat(reason).startsWith(ClientReport.NOT_OF_THE_STATEMENT));
    }

    /** The others end with it, and nobody may connect before the server has recovered. */
    @RequiresDocker
    @Test
    void aProcessOfTheServerThatDies() throws Exception {
        try (Servers servers = new Servers(new ServerSettings(ServerProvider.CONTAINER, Map.of()))) {
            Restore restore = restore(
                    servers.get(ServerSpec.parse("postgres:17")),
                    new DocumentedClient(),
                    (database, session) -> Library.inContainer(database.server(), "kill", "-9", session));

            assertThat(restore.inconclusive())
                    .hasValueSatisfying(
                            reason -> assertThat(reason).contains("server closed the connection unexpectedly"));
        }
    }
}
