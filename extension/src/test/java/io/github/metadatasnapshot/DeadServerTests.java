package io.github.metadatasnapshot;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.metadatasnapshot.migration.FlywayCustomizer;
import io.github.metadatasnapshot.testsupport.Logs;
import io.github.metadatasnapshot.testsupport.TestKit;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import java.util.logging.Level;
import org.flywaydb.core.api.callback.BaseCallback;
import org.flywaydb.core.api.callback.Context;
import org.flywaydb.core.api.callback.Event;
import org.flywaydb.core.api.configuration.FluentConfiguration;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.platform.testkit.engine.EngineExecutionResults;

/** A server that ends while nobody looks. */
class DeadServerTests {

    @Test
    void isStartedOnceMoreAndItsStatesAreMadeAgain() {
        MortalTestCases.MIGRATED.clear();
        AtomicReference<EngineExecutionResults> run = new AtomicReference<>();
        List<String> log = Logs.of(Level.FINE, () -> run.set(TestKit.runEmbedded(MortalTestCases.class)));
        EngineExecutionResults results = run.get();

        results.testEvents().assertStatistics(stats -> stats.succeeded(3).failed(2));
        // On the second server both tests took copies of one state.
        assertThat(MortalTestCases.MIGRATED).containsExactly("1", "1");
        assertThat(log)
                .filteredOn(line -> line.contains(", embedded was ready after "))
                .hasSize(2);
        assertThat(log)
                .filteredOn(line -> line.contains("no longer runs"))
                .singleElement()
                .asString()
                .startsWith("PostgreSQL 17.")
                .contains(", embedded no longer runs: its process has ended")
                .endsWith(". It is started once more, and what was prepared on it is made again");
        assertThat(TestKit.failure(results))
                .hasMessageStartingWith("PostgreSQL 17.")
                .hasMessageContaining(", embedded no longer runs: its process has ended")
                .hasMessageEndingWith(". It had been started twice");
    }

    @MetadataSnapshot(
            database = "postgres:17",
            version = "1",
            locations = "migrations/library/{engine}",
            flyway = MortalTestCases.Counting.class)
    @TestMethodOrder(MethodOrderer.OrderAnnotation.class)
    static class MortalTestCases {

        private static final List<String> MIGRATED = new CopyOnWriteArrayList<>();

        @Order(1)
        @Test
        void killsTheServer(Connection connection) throws SQLException {
            kill(connection);
        }

        @Order(2)
        @Test
        void findsAnother(MetadataDatabase database) throws SQLException {
            assertThat(database.version()).contains("1");
        }

        @Order(3)
        @Test
        void killsThatToo(Connection connection) throws SQLException {
            kill(connection);
        }

        @Order(4)
        @Test
        void findsNone() {}

        @Order(5)
        @Test
        void isToldSoAtOnce() {}

        private static void kill(Connection connection) throws SQLException {
            long session;
            try (var statement = connection.createStatement();
                    ResultSet row = statement.executeQuery("SELECT pg_backend_pid()")) {
                row.next();
                session = row.getLong(1);
            }
            ProcessHandle server =
                    ProcessHandle.of(session).orElseThrow().parent().orElseThrow();
            server.destroyForcibly();
            server.onExit().join();
        }

        static final class Counting implements FlywayCustomizer {

            @Override
            public void customize(FluentConfiguration flyway) {
                flyway.callbacks(new BaseCallback() {
                    @Override
                    public boolean supports(Event event, Context context) {
                        return event == Event.AFTER_EACH_MIGRATE;
                    }

                    @Override
                    public void handle(Event event, Context context) {
                        MIGRATED.add(context.getMigrationInfo().getVersion().getVersion());
                    }
                });
            }
        }
    }
}
