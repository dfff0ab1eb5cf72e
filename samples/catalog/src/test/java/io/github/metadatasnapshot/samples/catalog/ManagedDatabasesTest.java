package io.github.metadatasnapshot.samples.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectMethod;

import io.github.metadatasnapshot.MetadataDatabase;
import io.github.metadatasnapshot.MetadataSnapshot;
import io.github.metadatasnapshot.assertion.MetadataSnapshotAssertions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.platform.engine.DiscoverySelector;
import org.junit.platform.launcher.LauncherSession;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;
import org.junit.platform.launcher.listeners.TestExecutionSummary;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.JdbcDatabaseContainer;
import org.testcontainers.lifecycle.Startables;
import org.testcontainers.mariadb.MariaDBContainer;
import org.testcontainers.mysql.MySQLContainer;
import org.testcontainers.postgresql.PostgreSQLContainer;

/**
 * Some of the sample on databases as cloud services have them (Amazon RDS, Azure, Cloud SQL): external servers that write a
 * binary log, and users who are no administrators, may create neither users nor roles, and perhaps no databases.
 */
@Execution(ExecutionMode.SAME_THREAD)
@Tag("managed")
class ManagedDatabasesTest {

    private static final String PASSWORD = "s3cret";

    /** Autovacuum is in a database that is to be dropped more often than on a server with more to do. */
    private static final PostgreSQLContainer POSTGRESQL = new PostgreSQLContainer("postgres:17")
            .withCommand("postgres", "-c", "fsync=off", "-c", "autovacuum_naptime=1");

    private static final MySQLContainer MYSQL = new MySQLContainer("mysql:9.7")
            .withCommand("--log-bin", "--log-bin-trust-function-creators=1", "--sync-binlog=0");

    private static final MariaDBContainer MARIADB = new MariaDBContainer("mariadb:11.8")
            .withCommand("--log-bin", "--log-bin-trust-function-creators=1", "--sync-binlog=0");

    private static final Map<String, JdbcDatabaseContainer<?>> SERVERS =
            Map.of("postgresql", POSTGRESQL, "mysql", MYSQL, "mariadb", MARIADB);

    @BeforeAll
    static void start() throws SQLException {
        assumeTrue(
                Boolean.getBoolean("metadatasnapshot.require")
                        || DockerClientFactory.instance().isDockerAvailable(),
                "not run: takes a Docker engine");
        POSTGRESQL.withTmpFs(Map.of("/var/lib/postgresql/data", "rw"));
        MYSQL.withTmpFs(Map.of("/var/lib/mysql", "rw"));
        MARIADB.withTmpFs(Map.of("/var/lib/mysql", "rw"));
        MYSQL.withUsername("root");
        MARIADB.withUsername("root");
        Startables.deepStart(SERVERS.values()).join();
        execute(
                POSTGRESQL,
                "CREATE ROLE several LOGIN CREATEDB PASSWORD '" + PASSWORD + "'",
                "CREATE ROLE single LOGIN PASSWORD '" + PASSWORD + "'",
                "CREATE DATABASE mine OWNER single");
        for (JdbcDatabaseContainer<?> server : List.of(MYSQL, MARIADB)) {
            execute(
                    server,
                    "CREATE USER several@'%' IDENTIFIED BY '" + PASSWORD + "'",
                    "GRANT ALL ON `snapshot%`.* TO several@'%'",
                    "CREATE USER single@'%' IDENTIFIED BY '" + PASSWORD + "'",
                    "CREATE DATABASE mine",
                    "GRANT ALL ON mine.* TO single@'%'");
        }
    }

    private static void execute(JdbcDatabaseContainer<?> server, String... statements) throws SQLException {
        try (Connection connection =
                        DriverManager.getConnection(server.getJdbcUrl(), server.getUsername(), server.getPassword());
                var statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    @AfterAll
    static void stop() {
        SERVERS.values().forEach(JdbcDatabaseContainer::stop);
    }

    @Test
    void aUserWhoMayCreateDatabasesNeedsNoMore() {
        TestExecutionSummary summary = run(
                "several",
                selectClass(CatalogCompatibilityTest.class),
                selectMethod(UpgradeTest.class, "from1_8", MetadataDatabase.class),
                selectMethod(FrozenShapeTest.class, "of1_0", MetadataDatabase.class),
                // Rows only: triggers and foreign keys are in the way.
                selectMethod(
                        VerdictsByHandTest.OnPostgreSql.class,
                        "aReleaseThatOnlyChangedDataLetsABackupInWhole",
                        MetadataDatabase.class),
                selectMethod(
                        VerdictsByHandTest.OnMySql.class,
                        "rowsWithoutTheNewColumnAreAppliedInPart",
                        MetadataDatabase.class));

        assertThat(failures(summary)).isEmpty();
        assertThat(summary.getTestsSucceededCount()).isEqualTo(14).isEqualTo(summary.getTestsFoundCount());
    }

    /** What one database suffices for. */
    @CatalogSnapshot
    static class UpgradeAlone {

        @Test
        @MetadataSnapshot(version = "1.3")
        void succeedsAndIsRepeatable(MetadataDatabase database) {
            MetadataSnapshotAssertions.assertThat(database.migrateTo("1.4"))
                    .succeeded()
                    .isRepeatable();
        }
    }

    @Test
    void aUserWithOneDatabaseIsToldWhatThatIsTooFewFor() {
        TestExecutionSummary summary =
                run("single", selectClass(UpgradeAlone.class), selectClass(CatalogCompatibilityTest.class));

        assertThat(summary.getTestsSucceededCount()).isEqualTo(3);
        List<String> failures = failures(summary);
        assertThat(failures).hasSize(6);
        for (String engine : SERVERS.keySet()) {
            String reason = "This test needs two databases at a time, and metadatasnapshot.external." + engine
                    + ".single-database=true gives one. Let the user create databases";
            assertThat(failures)
                    .anyMatch(failure -> failure.contains("to keep every row, but its data cannot be compared,"
                            + " because the database before the upgrade could not be kept: " + reason))
                    .anyMatch(
                            failure -> failure.contains("nothing can be concluded from it: the same backup could not be"
                                    + " restored into an empty database, as a control: " + reason
                                    + "\nthe restore itself was REFUSED."));
        }
    }

    @Test
    void withoutTrustInItsUsersAServerTakesNoTriggers() throws SQLException {
        TestExecutionSummary summary;
        trustUsers(false);
        try {
            summary = run("several", selectClass(UpgradeAlone.class));
        } finally {
            trustUsers(true);
        }

        assertThat(summary.getTestsSucceededCount()).isEqualTo(1);
        assertThat(failures(summary))
                .hasSize(2)
                .allMatch(failure -> failure.contains("TRIGGER data_asset_remember_version")
                        || failure.contains("TRIGGER `data_asset_remember_version`"))
                .allMatch(failure ->
                        failure.contains("likely cause: the server writes a binary log, as those of cloud services"
                                + " do, and then takes functions and triggers of an ordinary user only with"
                                + " log_bin_trust_function_creators = 1. Set that among the server's parameters"));
    }

    private static void trustUsers(boolean trust) throws SQLException {
        for (JdbcDatabaseContainer<?> server : List.of(MYSQL, MARIADB)) {
            execute(server, "SET GLOBAL log_bin_trust_function_creators = " + trust);
        }
    }

    private static TestExecutionSummary run(String user, DiscoverySelector... selectors) {
        Map<String, String> settings = new HashMap<>(Map.of(
                "metadatasnapshot.provider", "external",
                "metadatasnapshot.databases", "postgres:17,mysql:9.7,mariadb:11.8",
                "metadatasnapshot.cells", "*1.3 → 1.4*",
                "metadatasnapshot.shard", "1/1",
                "metadatasnapshot.report.directory", "target/managed/" + user));
        SERVERS.forEach((engine, server) -> {
            String key = "metadatasnapshot.external." + engine + ".";
            String database = user.equals("single") ? "mine" : engine.equals("postgresql") ? "postgres" : "";
            settings.put(key + "url", server.getJdbcUrl().replaceFirst("/[^/?]*(\\?.*)?$", "/" + database));
            settings.put(key + "user", user);
            settings.put(key + "password", PASSWORD);
            settings.put(key + "single-database", String.valueOf(user.equals("single")));
        });
        SummaryGeneratingListener listener = new SummaryGeneratingListener();
        try (LauncherSession session = LauncherFactory.openSession()) {
            session.getLauncher()
                    .execute(
                            LauncherDiscoveryRequestBuilder.request()
                                    .selectors(selectors)
                                    .configurationParameters(settings)
                                    .build(),
                            listener);
        }
        return listener.getSummary();
    }

    private static List<String> failures(TestExecutionSummary summary) {
        return summary.getFailures().stream()
                .map(failure -> failure.getTestIdentifier().getDisplayName() + ": " + failure.getException())
                .toList();
    }
}
