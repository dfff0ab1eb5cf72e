package io.github.metadatasnapshot.restore;

import static io.github.metadatasnapshot.assertion.MetadataSnapshotAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.metadatasnapshot.backup.Backup;
import io.github.metadatasnapshot.engine.Engine;
import io.github.metadatasnapshot.server.DatabaseServer;
import io.github.metadatasnapshot.server.ExternalLogins;
import io.github.metadatasnapshot.server.ServerProvider;
import io.github.metadatasnapshot.server.ServerSettings;
import io.github.metadatasnapshot.server.Servers;
import io.github.metadatasnapshot.server.TestDatabase;
import io.github.metadatasnapshot.testsupport.Images;
import io.github.metadatasnapshot.testsupport.Library;
import io.github.metadatasnapshot.testsupport.RequiresDocker;
import io.github.metadatasnapshot.testsupport.TakesTurns;
import io.github.metadatasnapshot.testsupport.TestServers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;

/** Beside which sessions a restore ran. */
class RanAloneTests {

    @TempDir
    Path directory;

    private static Restore restore(TestDatabase database, Backup backup, RestoreProcedure procedure) {
        return Restore.run(
                database, backup, procedure, Library.migrator(database.engine()).historyTable());
    }

    private static Backup dump(DatabaseServer server) {
        return Library.dump(server.engine().id() + "/1-full.sql");
    }

    @Test
    void aSessionThatIsThereBeforeAndAfterIsNamed() throws SQLException {
        DatabaseServer server = TestServers.embedded();
        try (TestDatabase database = server.createDatabase()) {
            try (Connection product = database.open()) {
                product.setClientInfo("ApplicationName", "catalogue server");
                Restore restore = restore(database, dump(server), new DocumentedClient());

                assertThat(restore).succeeded();
                assertThatThrownBy(() -> assertThat(restore).ranAlone())
                        .hasMessageMatching(
                                "Expected the restore postgres:17 · backup of 1 into an empty database to run"
                                        + " alone, but others were connected to the database:\n- snapshot from 127.0.0.1 by catalogue"
                                        + " server, idle.* \\(before and after\\)\nstop the product's server, and what else is connected,"
                                        + " before a restore");
            }
            assertThat(restore(database, dump(server), new CleanDatabase()))
                    .succeeded()
                    .ranAlone();
        }
    }

    @Test
    void aSessionThatAProcedureEndsIsNamed() throws SQLException {
        DatabaseServer server = TestServers.embedded();
        try (TestDatabase database = server.createDatabase();
                Connection product = database.open()) {
            Restore restore = restore(database, dump(server), new CleanDatabase());

            assertThat(product.isValid(1)).isFalse();
            assertThatThrownBy(() -> assertThat(restore).ranAlone()).hasMessageContaining(" (before)\n");
        }
    }

    /** The restore's own session, which is as old as the other one and may be of the same user, is not among those named. */
    private void assertSeen(DatabaseServer server) throws IOException {
        boolean postgresql = server.engine() == Engine.POSTGRESQL;
        Path file = Files.writeString(
                directory.resolve("slow.sql"),
                Files.readString(Path.of(
                                "src/test/resources/dumps/" + server.engine().id() + "/1-full.sql"))
                        + (postgresql ? "SELECT pg_sleep(2.5);\n" : "DO SLEEP(2.5);\n"));
        try (TestDatabase database = server.createDatabase();
                TestDatabase elsewhere = server.createDatabase()) {
            CompletableFuture<Void> product = CompletableFuture.runAsync(() -> besideClient(database, elsewhere));
            Restore restore = restore(database, Backup.of(file), new DocumentedClient());
            product.join();

            assertThatThrownBy(() -> assertThat(restore).ranAlone())
                    .hasMessageMatching("(?s).* but others were connected to the database:\n- " + database.user()
                            + "[^\n]* \\(while it ran\\)\nstop the product's server.*");
        }
    }

    /** Connects once the client sleeps, and for a little more than a second. */
    private static void besideClient(TestDatabase database, TestDatabase elsewhere) {
        try (Connection monitor = elsewhere.open()) {
            while (database.engine().sessions(monitor, database.name()).stream()
                    .noneMatch(session -> session.description().contains("sleep"))) {
                Thread.sleep(20);
            }
            try (Connection product = database.open()) {
                Thread.sleep(1200);
                assertThat(product.isValid(1)).isTrue();
            }
        } catch (SQLException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void aSessionThatComesAndGoesWhileARestoreOverJdbcRunsIsNamed() throws IOException {
        assertSeen(TestServers.embedded());
    }

    @RequiresDocker
    @TakesTurns(of = 2)
    @ParameterizedTest
    @Images({"postgres:17", "mysql:9.7", "mariadb:11.8"})
    void aSessionThatComesAndGoesWhileAClientRunsIsNamed(String image) throws IOException {
        assertSeen(TestServers.container(image));
    }

    @RequiresDocker
    @TakesTurns(of = 2)
    @ParameterizedTest
    @Images({"mysql:9.7", "mariadb:11.8"})
    void isNotKnownWhereTheUserMayNotSeeOthers(String image) {
        DatabaseServer server = TestServers.container(image);
        Servers external = new Servers(new ServerSettings(
                ServerProvider.EXTERNAL, Map.of(server.engine(), ExternalLogins.createUser(server))));
        try (TestDatabase database = external.get(server.spec()).createDatabase()) {
            Restore restore = restore(database, dump(server), new DocumentedClient());

            assertThat(restore).succeeded();
            assertThatThrownBy(() -> assertThat(restore).ranAlone())
                    .hasMessage(
                            "Expected the restore " + image + " · backup of 1 into an empty database to run alone, but"
                                    + " that is not known: the user " + database.user()
                                    + "@% sees the sessions of others only by GRANT PROCESS ON *.*");
        }
    }
}
