package io.github.metadatasnapshot;

import static io.github.metadatasnapshot.assertion.MetadataSnapshotAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.metadatasnapshot.engine.Engine;
import io.github.metadatasnapshot.server.DatabaseServer;
import io.github.metadatasnapshot.server.ExternalLogins;
import io.github.metadatasnapshot.server.ExternalSettings;
import io.github.metadatasnapshot.server.ServerProvider;
import io.github.metadatasnapshot.server.ServerSettings;
import io.github.metadatasnapshot.server.ServerSpec;
import io.github.metadatasnapshot.server.Servers;
import io.github.metadatasnapshot.server.TestDatabase;
import io.github.metadatasnapshot.testsupport.Library;
import io.github.metadatasnapshot.testsupport.RequiresDocker;
import io.github.metadatasnapshot.testsupport.TakesTurns;
import io.github.metadatasnapshot.testsupport.TestKit;
import io.github.metadatasnapshot.testsupport.TestServers;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Tests that start from a database which is named as a backup by its URL. */
@RequiresDocker
@TakesTurns(of = 3)
class LiveBackupTests {

    /** An annotation's text is fixed, and the port of a server is not: what comes to this one is passed on. */
    private static final int PORT = 28_745;

    private static final String URL = "jdbc:postgresql://localhost:" + PORT + "/live_backup";
    private static final String LOCATIONS = "migrations/library/{engine}";

    private static ExternalSettings login;
    private static TestDatabase source;
    private static Forwarder forwarder;

    @BeforeAll
    static void restoreASnapshot() throws Exception {
        ExternalSettings role = ExternalLogins.createRole(TestServers.embedded(), "live", "");
        login = ExternalLogins.createSingleDatabase(TestServers.embedded(), role, "live_backup");
        DatabaseServer server = new Servers(
                        new ServerSettings(ServerProvider.EXTERNAL, Map.of(Engine.POSTGRESQL, login)))
                .get(ServerSpec.parse("postgres:17"));
        source = Library.create(server, "2");
        forwarder = new Forwarder(Engine.POSTGRESQL.address(login.url()).getPort());
    }

    @AfterAll
    static void drop() throws Exception {
        forwarder.close();
        ExternalLogins.drop(TestServers.embedded(), "live_backup", "live");
    }

    private static Map<String, String> settings() {
        Map<String, String> settings = TestKit.external();
        settings.put("metadatasnapshot.backup.postgresql.user", login.user());
        settings.put("metadatasnapshot.backup.postgresql.password", login.password());
        return settings;
    }

    @Test
    void aTestStartsFromIt() {
        TestKit.assertAllSucceeded(TestKit.run(LiveTestCases.class, settings()), 2);
        assertThat(Library.query(source, "SELECT version FROM flyway_schema_history ORDER BY installed_rank"))
                .endsWith("2");
    }

    @Test
    void oneOfAnotherVersionIsRefused() {
        assertThat(TestKit.failure(TestKit.run(OtherVersionTestCases.class, settings())))
                .hasMessageContaining("The annotation says version 3, but the history in the database " + URL
                        + ", which is named as its backup, says 2: nothing was captured.");
    }

    @Test
    void itTakesAUser() {
        assertThat(TestKit.failure(TestKit.run(OtherVersionTestCases.class)))
                .hasMessage("The backup " + URL + " is a database, and no user is named who reads it: set"
                        + " metadatasnapshot.backup.postgresql.user and .password");
    }

    @MetadataSnapshot(database = "postgres:17", backup = URL, locations = LOCATIONS)
    static class LiveTestCases {

        @Test
        void isUpgraded(MetadataDatabase database) throws SQLException {
            org.assertj.core.api.Assertions.assertThat(database.version()).contains("2");
            assertThat(database.migrateTo("3")).succeeded().keptEveryRow();
        }

        @Test
        @MetadataSnapshot(version = "2")
        void isRestored(MetadataDatabase database) {
            assertThat(database.restore(URL)).failed();
        }
    }

    @MetadataSnapshot(database = "postgres:17", version = "3", backup = URL, locations = LOCATIONS)
    static class OtherVersionTestCases {

        @Test
        void test() {}
    }

    /** Passes connections on to another port of this machine. */
    private static final class Forwarder implements AutoCloseable {

        private final ServerSocket server = new ServerSocket(PORT, 50, InetAddress.getLoopbackAddress());
        private final List<Socket> sockets = new CopyOnWriteArrayList<>();
        private final int target;

        Forwarder(int target) throws IOException {
            this.target = target;
            start(this::accept);
        }

        private interface Work {
            void run() throws IOException;
        }

        private static void start(Work work) {
            Thread thread = new Thread(() -> {
                try {
                    work.run();
                } catch (IOException e) {
                    // One side was closed.
                }
            });
            thread.setDaemon(true);
            thread.start();
        }

        private void accept() throws IOException {
            while (true) {
                Socket from = server.accept();
                Socket to = new Socket(InetAddress.getLoopbackAddress(), target);
                sockets.addAll(List.of(from, to));
                start(() -> pass(from, to));
                start(() -> pass(to, from));
            }
        }

        private static void pass(Socket from, Socket to) throws IOException {
            try (from;
                    to) {
                from.getInputStream().transferTo(to.getOutputStream());
            }
        }

        @Override
        public void close() throws IOException {
            server.close();
            for (Socket socket : sockets) {
                socket.close();
            }
        }
    }
}
