package io.github.metadatasnapshot.engine;

import static io.github.metadatasnapshot.testsupport.Library.query;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.metadatasnapshot.server.TestDatabase;
import io.github.metadatasnapshot.testsupport.Images;
import io.github.metadatasnapshot.testsupport.RequiresDocker;
import io.github.metadatasnapshot.testsupport.TestKit;
import io.github.metadatasnapshot.testsupport.TestServers;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OtherSessionsTests {

    private static List<String> sessions(Connection connection, TestDatabase database) throws SQLException {
        return database.engine().otherSessions(connection);
    }

    @Test
    void ofPostgreSqlSayWhatTheyDid() throws Exception {
        try (TestDatabase database = TestServers.embedded().createDatabase();
                TestDatabase elsewhere = TestServers.embedded().createDatabase();
                Connection connection = database.open();
                Connection other = elsewhere.open();
                Connection working = database.open();
                Connection idle = database.open();
                var statement = working.createStatement()) {
            assertThat(other.isValid(0) && idle.isValid(0)).isTrue();
            working.setClientInfo("ApplicationName", "bytebase");
            working.setAutoCommit(false);
            statement.execute("SELECT\n    " + "1 + ".repeat(40) + "1");

            assertThat(sessions(connection, database))
                    .containsExactly(
                            "snapshot from 127.0.0.1 by PostgreSQL JDBC Driver, idle",
                            "snapshot from 127.0.0.1 by bytebase, idle in transaction: SELECT " + "1 + ".repeat(23)
                                    + "…");
        }
    }

    @Test
    void ofAnotherUserShowLess() throws Exception {
        try (TestDatabase database = TestServers.embedded().createDatabase();
                TestDatabase external = TestKit.externalServer().createDatabase();
                Connection connection = database.open();
                Connection foreign =
                        DriverManager.getConnection(database.jdbcUrl(), external.user(), external.password())) {
            assertThat(foreign.isValid(0)).isTrue();
            assertThat(sessions(connection, database))
                    .containsExactly("testkit by PostgreSQL JDBC Driver: <insufficient privilege>");
        }
    }

    @RequiresDocker
    @ParameterizedTest
    @Images({"mysql:9.7", "mariadb:11.8"})
    void ofMySqlSayWhatTheyDo(String image) throws Exception {
        try (TestDatabase database = TestServers.container(image).createDatabase();
                TestDatabase elsewhere = TestServers.container(image).createDatabase();
                Connection connection = database.open();
                Connection other = elsewhere.open();
                Connection idle = database.open();
                Connection working = database.open();
                var statement = working.createStatement()) {
            assertThat(other.isValid(0) && idle.isValid(0)).isTrue();
            CompletableFuture<Void> sleeping = run(statement, "SELECT\n  SLEEP(60) AS slept");
            List<String> sessions = sessions(connection, database);
            for (int i = 0; i < 500 && !sessions.toString().contains("User sleep"); i++) {
                Thread.sleep(10);
                sessions = sessions(connection, database);
            }
            statement.cancel();
            sleeping.join();

            assertThat(sessions).hasSize(2);
            assertThat(sessions.get(0)).matches("root from [0-9.]+, Query, User sleep: SELECT SLEEP\\(60\\) AS slept");
            assertThat(sessions.get(1)).matches("root from [0-9.]+, Sleep");
        }
    }

    @Test
    void leaveBackgroundWorkersOut() throws Exception {
        try (TestDatabase database = TestServers.embedded().createDatabase();
                Connection connection = database.open();
                Connection working = database.open();
                var statement = working.createStatement()) {
            statement.execute("SET debug_parallel_query = on");
            CompletableFuture<Void> sleeping = run(statement, "SELECT pg_sleep(60)");
            String workers = "SELECT 1 FROM pg_stat_activity WHERE backend_type = 'parallel worker'";
            for (int i = 0; i < 500 && query(database, workers).isEmpty(); i++) {
                Thread.sleep(10);
            }
            List<String> worker = query(database, workers);
            List<String> sessions = sessions(connection, database).stream()
                    .filter(session -> session.contains("pg_sleep"))
                    .toList();
            statement.cancel();
            sleeping.join();

            assertThat(worker).hasSize(1);
            assertThat(sessions)
                    .containsExactly("snapshot from 127.0.0.1 by PostgreSQL JDBC Driver, active: SELECT pg_sleep(60)");
        }
    }

    private static CompletableFuture<Void> run(Statement statement, String sql) {
        return CompletableFuture.runAsync(() -> {
            try {
                statement.execute(sql);
            } catch (SQLException e) {
                // It is cancelled.
            }
        });
    }

    @ParameterizedTest
    @CsvSource(quoteCharacter = '`', delimiter = '|', textBlock = """
            ALTER ROLE me PASSWORD 's3cret' VALID UNTIL 'x'           | ALTER ROLE me PASSWORD ***
            create user me identified by 's3cret'                     | create user me identified by ***
            CREATE USER me IDENTIFIED WITH x BY 's3cret', you         | CREATE USER me IDENTIFIED WITH x BY ***
            CREATE USER me IDENTIFIED VIA ed25519 USING PASSWORD('x') | CREATE USER me IDENTIFIED VIA ed25519 USING PASSWORD ***
            """)
    void showNoPasswords(String statement, String shown) {
        assertThat(Engine.describeSession("me", null, null, "active", statement))
                .isEqualTo("me, active: " + shown);
    }
}
