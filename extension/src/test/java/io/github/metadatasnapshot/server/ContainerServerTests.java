package io.github.metadatasnapshot.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.atIndex;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.model.Container;
import com.github.dockerjava.api.model.ContainerPort;
import io.github.metadatasnapshot.engine.Engine;
import io.github.metadatasnapshot.testsupport.Images;
import io.github.metadatasnapshot.testsupport.Library;
import io.github.metadatasnapshot.testsupport.RequiresDocker;
import io.github.metadatasnapshot.testsupport.Shell;
import io.github.metadatasnapshot.testsupport.TakesTurns;
import io.github.metadatasnapshot.testsupport.TestServers;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.utility.DockerImageName;
import org.testcontainers.utility.ImageNameSubstitutor;

@RequiresDocker
@TakesTurns(of = 4)
class ContainerServerTests {

    @ParameterizedTest
    @Images({"postgres:17", "mysql:9.7", "mariadb:11.8"})
    void handsOutEmptyDatabases(String image) throws Exception {
        DatabaseServer server = TestServers.container(image);
        try (TestDatabase first = server.createDatabase();
                TestDatabase second = server.createDatabase()) {
            assertThat(first.name()).matches("[a-z0-9]+").isNotEqualTo(second.name());
            try (Connection connection = first.open();
                    var statement = connection.createStatement()) {
                assertThat(server.engine().tables(connection)).isEmpty();
                assertThat(server.engine().otherObjects(connection)).isEmpty();
                statement.execute("CREATE TABLE only_here (id INT)");
            }
            try (Connection connection = second.dataSource().getConnection()) {
                assertThat(server.engine().tables(connection)).isEmpty();
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "postgres:17, ApplicationName=mine&loginTimeout=9, SHOW application_name, mine",
        "mysql:9.7, connectionAttributes=a:b&sessionVariables=sort_buffer_size=65536, SELECT @@sort_buffer_size, 65536",
        "mariadb:11.8, sessionVariables=sort_buffer_size=65536, SELECT @@sort_buffer_size, 65536"
    })
    void takesFurtherParametersInItsUrl(String image, String parameters, String query, String value) throws Exception {
        try (TestDatabase database = TestServers.container(image).createDatabase();
                Connection connection = DriverManager.getConnection(
                        database.jdbcUrl(parameters), database.user(), database.password());
                var rows = connection.createStatement().executeQuery(query)) {
            rows.next();
            assertThat(rows.getString(1)).isEqualTo(value);
            for (String wrong : List.of("", "?a=1", "&a=1")) {
                assertThatThrownBy(() -> database.jdbcUrl(wrong))
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessage(
                                "'" + wrong + "' are no parameters of a JDBC URL: they are written without a ? or & in"
                                        + " front, such as a=1&b=2");
            }
        }
    }

    @ParameterizedTest
    @Images({"postgres:17", "mysql:9.7", "mariadb:11.8"})
    void knowsItsVersion(String image) {
        DatabaseServer server = TestServers.container(image);
        assertThat(server.version()).startsWith(image.replaceFirst(".*:", "")).matches("[0-9.]+");
        assertThat(server.description())
                .isEqualTo(server.engine().displayName() + " " + server.version() + " in a container of " + image);
    }

    @ParameterizedTest
    @Images({"postgres:17", "mysql:9.7", "mariadb:11.8"})
    void dropsADatabaseWithItsSessions(String image) throws Exception {
        TestDatabase database = TestServers.container(image).createDatabase();
        try (Connection connection = database.open()) {
            connection.setAutoCommit(false);
            database.close();
            database.close();
            assertThatThrownBy(database::open).isInstanceOf(SQLException.class);
        }
    }

    @ParameterizedTest
    @Images({"postgres:17", "mysql:9.7", "mariadb:11.8"})
    void saysHowToConnectByTheClientInTheContainer(String image) {
        AbstractServer server = (AbstractServer) TestServers.container(image);
        try (TestDatabase database = server.createDatabase()) {
            List<String> access = server.access(database.name()).lines().toList();
            assertThat(access)
                    .hasSize(3)
                    .satisfies(line -> assertThat(line).startsWith("connect:  docker exec -it "), atIndex(0))
                    .satisfies(line -> assertThat(line).startsWith("password: docker exec "), atIndex(1))
                    .satisfies(line -> assertThat(line).startsWith("remove:   docker rm -f -v "), atIndex(2));
            String name = server.engine() == Engine.POSTGRESQL ? "current_database()" : "DATABASE()";
            assertThat(Shell.run(access.get(0).substring(10), "SELECT " + name + ";\n"))
                    .contains(database.name());
            assertThat(Shell.run(access.get(1).substring(10), "")).isEqualTo(database.password());
        }
    }

    @ParameterizedTest
    @Images({"postgres:17", "mysql:9.7", "mariadb:11.8"})
    void servesManyThreads(String image) {
        DatabaseServer server = TestServers.container(image);
        List<String> names = IntStream.range(0, 8)
                .parallel()
                .mapToObj(i -> {
                    try (TestDatabase database = server.createDatabase()) {
                        return database.name();
                    }
                })
                .toList();
        assertThat(names).doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @Images({"postgres:17", "mysql:9.7", "mariadb:11.8"})
    void isReachedFromThisMachineOnly(String image) {
        TestServers.container(image);
        assertThat(containersOf(image))
                .isNotEmpty()
                .flatExtracting(container -> List.of(container.getPorts()))
                .filteredOn(port -> port.getPublicPort() != null)
                .extracting(ContainerPort::getIp)
                .containsOnly("127.0.0.1");
    }

    @Test
    void doesWithoutWhatADatabaseIsSafeBy() throws Exception {
        assertThat(query("postgres:17", "SHOW fsync")).isEqualTo("off");
        assertThat(query("postgres:17", "SHOW wal_level")).isEqualTo("minimal");
        assertThat(query("mysql:9.7", "SELECT @@innodb_flush_log_at_trx_commit"))
                .isEqualTo("0");
        assertThat(query("mariadb:11.8", "SELECT @@innodb_flush_log_at_trx_commit"))
                .isEqualTo("0");
    }

    @ParameterizedTest
    @CsvSource({"postgres:18, /var/lib/postgresql/18/docker", "mysql:9.7, /var/lib/mysql"})
    void keepsItsDataInMemoryWhereAsked(String image, String directory) throws Exception {
        ServerSpec spec = ServerSpec.parse(image);
        try (DatabaseServer server = ContainerServer.start(spec, ServerStorage.MEMORY)) {
            assertThat(Library.inContainer(server, "stat", "-f", "-c", "%T", directory))
                    .isEqualTo("tmpfs");
        }
    }

    private static String query(String image, String sql) throws SQLException {
        try (TestDatabase database = TestServers.container(image).createDatabase();
                Connection connection = database.open();
                var rows = connection.createStatement().executeQuery(sql)) {
            rows.next();
            return rows.getString(1);
        }
    }

    /** Images whose tags are versions of something else, here other names of one that is at hand. */
    @ParameterizedTest
    @ValueSource(strings = {"timescale/timescaledb:2.26.0-pg18", "registry.example/metadata:3 as postgres"})
    void anImageThatIsNotTheOfficialOneIsOfTheVersionThatItsServerSays(String image) {
        DockerClient docker = DockerClientFactory.instance().client();
        ServerSpec spec = ServerSpec.parse(image);
        DockerImageName retagged = substituted(spec.image());
        TestServers.container("postgres:17");
        docker.tagImageCmd(
                        substituted("postgres:17").asCanonicalNameString(),
                        retagged.getUnversionedPart(),
                        retagged.getVersionPart())
                .exec();
        try (DatabaseServer server = ContainerServer.start(spec, ServerStorage.DISK)) {
            assertThat(server.version()).startsWith("17.");
            assertThat(server.description()).contains("PostgreSQL 17.").endsWith(spec.image());
        } finally {
            docker.removeImageCmd(retagged.asCanonicalNameString())
                    .withNoPrune(true)
                    .exec();
        }
    }

    @Nested
    class Failures {

        @Test
        @Timeout(60)
        void anImageOnARegistryThatRefusesIsAskedForOnce() {
            assertThatThrownBy(() -> ContainerServer.start(
                            ServerSpec.parse("localhost:1/metadata:3 as postgres"), ServerStorage.DISK))
                    .isInstanceOf(ServerException.class)
                    .isNotInstanceOf(ServerUnavailableException.class)
                    .hasMessageStartingWith(
                            "The image localhost:1/metadata:3 is not on this machine and cannot be pulled."
                                    + " Docker said: ")
                    .hasMessageContaining("refused");
        }

        @Test
        void anImageThatCannotBePulled() {
            assertThatThrownBy(() ->
                            ContainerServer.start(ServerSpec.parse("postgres:17.no-such-tag"), ServerStorage.DISK))
                    .isInstanceOf(ServerException.class)
                    .isNotInstanceOf(ServerUnavailableException.class)
                    .hasMessageStartingWith("The image postgres:17.no-such-tag ")
                    .hasMessageContaining("is not on this machine and cannot be pulled. Docker said: ")
                    .hasMessageContaining("Check the name and the tag (docker pull ");
        }

        @ParameterizedTest
        @Images({"postgres:17", "mysql:9.7", "mariadb:11.8"})
        void aServerThatEndsAtOnce(String image) {
            int before = containersOf(image).size();
            String argument = image.startsWith("postgres") ? "--no_such_setting=1" : "--no-such-setting=1";
            assertThatThrownBy(() -> ContainerServer.start(
                            ServerSpec.parse(image),
                            ServerStorage.DISK,
                            Optional.empty(),
                            List.of(argument),
                            Duration.ofMinutes(1),
                            container -> {}))
                    .isInstanceOf(ServerException.class)
                    .hasMessageContaining(" did not start in a container of " + image + ": ")
                    .hasMessageContaining("The end of its log:\n")
                    .hasMessageFindingMatch("no.such.setting");
            assertThat(containersOf(image)).hasSize(before);
        }

        @Test
        void aServerThatDoesNotStartWithoutTheCachedDatabasesEitherLeavesThem(@TempDir Path directory)
                throws IOException {
            ServerSpec spec = ServerSpec.parse("postgres:17");
            Optional<StateCache> cache = Optional.of(new StateCache(directory, 1L << 30));
            try (DatabaseServer server = ContainerServer.start(spec, ServerStorage.DISK, cache)) {
                server.cached().orElseThrow().keep(server.createDatabase(), "key", "contents");
            }
            assertThatThrownBy(() -> ContainerServer.start(
                            spec,
                            ServerStorage.DISK,
                            cache,
                            List.of("--no_such_setting=1"),
                            Duration.ofMinutes(1),
                            container -> {}))
                    .hasMessageContaining("no_such_setting");

            try (DatabaseServer server = ContainerServer.start(spec, ServerStorage.DISK, cache)) {
                assertThat(server.cached().orElseThrow().take("key")).isPresent();
            }
        }

        @Test
        void aServerThatDoesNotAnswerInTime() {
            int before = containersOf("postgres:17").size();
            assertThatThrownBy(() -> ContainerServer.start(
                            ServerSpec.parse("postgres:17"),
                            ServerStorage.DISK,
                            Optional.empty(),
                            List.of("-c", "listen_addresses=127.0.0.1"),
                            Duration.ofSeconds(5),
                            container -> {}))
                    .isInstanceOf(ServerException.class)
                    .hasMessageStartingWith("PostgreSQL did not start in a container of postgres:17: "
                            + "it did not answer within 5 seconds: ")
                    .hasMessageContaining("The end of its log:\n");
            assertThat(containersOf("postgres:17")).hasSize(before);
        }

        @Test
        void anImageThatHoldsAnotherVersionThanItsTagSays() {
            DockerClient docker = DockerClientFactory.instance().client();
            DockerImageName real = substituted("postgres:17");
            DockerImageName retagged = substituted("registry.example/library/postgres:16");
            TestServers.container("postgres:17");
            docker.tagImageCmd(real.asCanonicalNameString(), retagged.getUnversionedPart(), retagged.getVersionPart())
                    .exec();
            try {
                assertThatThrownBy(() -> ContainerServer.start(
                                ServerSpec.parse("registry.example/library/postgres:16"), ServerStorage.DISK))
                        .isInstanceOf(ServerException.class)
                        .hasMessageStartingWith("The image registry.example/library/postgres:16 holds PostgreSQL 17.")
                        .hasMessageContaining(", which is not what its tag says.");
                assertThat(containersOf("registry.example/library/postgres:16")).isEmpty();
            } finally {
                docker.removeImageCmd(retagged.asCanonicalNameString())
                        .withNoPrune(true)
                        .exec();
            }
        }

        @Test
        void aServerThatHasDied() {
            try (DatabaseServer server = ContainerServer.start(ServerSpec.parse("postgres:17"), ServerStorage.DISK);
                    TestDatabase database = server.createDatabase()) {
                kill(server);
                assertThatThrownBy(server::createDatabase)
                        .isInstanceOf(ServerException.class)
                        .hasMessageStartingWith("A database could not be created on PostgreSQL 17.")
                        .hasMessageContaining("The server no longer runs: its container ended with status 137")
                        .hasMessageContaining("The end of its log:\n");
                assertThat(database.name()).isNotEmpty();
            }
        }
    }

    @Nested
    class RestartTests {

        @ParameterizedTest
        @Images({"postgres:17", "mysql:9.7", "mariadb:11.8"})
        void aServerThatDiedIsStartedOnceMore(String image) {
            try (Servers servers = new Servers(new ServerSettings(ServerProvider.CONTAINER, Map.of()))) {
                ServerSpec spec = ServerSpec.parse(image);
                DatabaseServer first = servers.get(spec);
                assertThat(servers.get(spec)).isSameAs(first);

                kill(first);
                DatabaseServer second = servers.get(spec);
                assertThat(second).isNotSameAs(first);
                second.createDatabase().close();

                kill(second);
                assertThatThrownBy(() -> servers.get(spec))
                        .isInstanceOf(ServerException.class)
                        .hasMessageContaining("no longer runs")
                        .hasMessageEndingWith("It had been started twice");
            }
        }
    }

    private static void kill(DatabaseServer server) {
        int port = Integer.parseInt(((AbstractServer) server).admin.url().replaceFirst(".*:(\\d+)/.*", "$1"));
        DockerClient docker = DockerClientFactory.instance().client();
        Container container = containersOf(server.spec().image()).stream()
                .filter(each -> Stream.of(each.getPorts())
                        .anyMatch(p -> Integer.valueOf(port).equals(p.getPublicPort())))
                .findFirst()
                .orElseThrow();
        docker.killContainerCmd(container.getId()).exec();
    }

    private static List<Container> containersOf(String image) {
        return DockerClientFactory.instance()
                .client()
                .listContainersCmd()
                .withShowAll(true)
                .withLabelFilter(
                        Map.of(DockerClientFactory.TESTCONTAINERS_SESSION_ID_LABEL, DockerClientFactory.SESSION_ID))
                .exec()
                .stream()
                .filter(container ->
                        container.getImage().equals(substituted(image).asCanonicalNameString()))
                .toList();
    }

    private static DockerImageName substituted(String image) {
        return ImageNameSubstitutor.instance().apply(DockerImageName.parse(image));
    }
}
