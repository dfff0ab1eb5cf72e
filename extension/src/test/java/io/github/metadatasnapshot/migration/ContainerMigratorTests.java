package io.github.metadatasnapshot.migration;

import static io.github.metadatasnapshot.assertion.MetadataSnapshotAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.command.InspectContainerResponse;
import com.github.dockerjava.api.exception.NotFoundException;
import io.github.metadatasnapshot.MetadataDatabase;
import io.github.metadatasnapshot.MetadataSnapshot;
import io.github.metadatasnapshot.engine.Engine;
import io.github.metadatasnapshot.engine.HistoryColumns;
import io.github.metadatasnapshot.engine.HistoryTable;
import io.github.metadatasnapshot.engine.Version;
import io.github.metadatasnapshot.server.TestDatabase;
import io.github.metadatasnapshot.testsupport.Logs;
import io.github.metadatasnapshot.testsupport.RequiresDocker;
import io.github.metadatasnapshot.testsupport.TakesTurns;
import io.github.metadatasnapshot.testsupport.TestKit;
import io.github.metadatasnapshot.testsupport.TestServers;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.logging.Level;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.testcontainers.DockerClientFactory;

/** A product whose releases are 17 and 18, since there are images with a shell and a client that have these tags. */
@TakesTurns(of = 3)
class ContainerMigratorTests {

    private static final HistoryTable HISTORY =
            new HistoryTable("", "acme_version", new HistoryColumns(List.of("version")), List.of());

    private static final String MIGRATE = """
            set -e
            {
              echo "CREATE TABLE IF NOT EXISTS acme_version (version TEXT PRIMARY KEY);
                    CREATE TABLE IF NOT EXISTS person (id INT PRIMARY KEY, name TEXT);
                    INSERT INTO acme_version VALUES ('17') ON CONFLICT DO NOTHING;"
              if [ "$4" = 18 ]; then
                echo "ALTER TABLE person ADD COLUMN IF NOT EXISTS email TEXT;
                      INSERT INTO acme_version VALUES ('18') ON CONFLICT DO NOTHING;"
              fi
            } | psql -qX1 -v ON_ERROR_STOP=1 -h "$1" -p "$2" -d "$3"
            """;

    private Optional<TestDatabase> database = Optional.empty();

    @AfterEach
    void dropDatabase() {
        database.ifPresent(TestDatabase::close);
    }

    private TestDatabase database() {
        if (database.isEmpty()) {
            database = Optional.of(TestServers.embedded().createDatabase());
        }
        return database.get();
    }

    /** A command of the shell, whose arguments are host, port, database and version. */
    private static ContainerMigrator.Builder acme(String script) {
        return ContainerMigrator.of("postgres:{version}")
                .command("sh", "-c", script, "acme", "{host}", "{port}", "{database}", "{version}")
                .environment("PGUSER", "{user}")
                .environment("PGPASSWORD", "{password}")
                .versions("17", "18")
                .history(HISTORY);
    }

    private MigrationRun migrate(ContainerMigrator.Builder product, String version) {
        return product.build().migrate(database(), Version.of(version), Migrator.Purpose.UPGRADE);
    }

    private String failure(ContainerMigrator.Builder product, String version) {
        return migrate(product, version).failure().orElseThrow().describe();
    }

    private Optional<Version> version(HistoryTable history) throws SQLException {
        try (Connection connection = database().open()) {
            return history.read(connection, database().engine()).version();
        }
    }

    static final class Acme implements MigratorFactory {
        @Override
        public Migrator create(FlywaySettings settings, Engine engine, ClassLoader classLoader) {
            return acme(MIGRATE).build();
        }
    }

    @MetadataSnapshot(database = "postgres:17", version = "17", migrator = Acme.class)
    static class AcmeTestCases {

        @Test
        void isUpgraded(MetadataDatabase database) throws SQLException {
            try (Connection connection = database.connect();
                    var statement = connection.createStatement()) {
                statement.execute("INSERT INTO person VALUES (1, 'Ann'), (2, 'Bob')");
            }
            Upgrade upgrade = database.migrateTo("18.0");
            assertThat(upgrade).succeeded().keptEveryRow().matchesCleanInstall().isRepeatable();
            assertThat(upgrade.migrations()).extracting(AppliedMigration::name).containsExactly("18 by postgres:18");
        }
    }

    @RequiresDocker
    @Test
    void aTestStartsFromAReleaseAndUpgradesToTheNext() {
        TestKit.assertAllSucceeded(TestKit.run(AcmeTestCases.class), 1);
    }

    @RequiresDocker
    @Test
    void aServerInAContainerIsReachedOverItsNetwork() throws SQLException {
        database = Optional.of(TestServers.container("mysql:9.7").createDatabase());
        ContainerMigrator.Builder product = ContainerMigrator.of("mysql:{version}")
                .entrypoint("sh", "-c")
                .command("""
                        case $JDBC_URL in jdbc:mysql://$DB_HOST:3306/$DB_NAME*) ;; *) exit 1 ;; esac
                        mysql -h "$DB_HOST" -u "$DB_USER" "$DB_NAME" -e "
                          CREATE TABLE acme_version (version VARCHAR(9)); INSERT INTO acme_version VALUES ('9.7')"
                        """)
                .environment("DB_HOST", "{host}")
                .environment("DB_NAME", "{database}")
                .environment("DB_USER", "{user}")
                .environment("MYSQL_PWD", "{password}")
                .environment("JDBC_URL", "{jdbcUrl}")
                .versions(() -> List.of("9.7"))
                .history(HISTORY);

        assertThat(migrate(product, "9.7").failure().map(MigrationFailure::describe))
                .isEmpty();
        assertThat(version(HISTORY)).contains(Version.of("9.7"));
    }

    @RequiresDocker
    @Test
    void aFileHoldsWhatTheCommandNeeds() throws SQLException {
        ContainerMigrator.Builder product = ContainerMigrator.of("postgres:{version}")
                .command("setpriv", "--reuid=postgres", "--clear-groups", "sh", "-c", """
                        . /etc/acme/database.conf
                        psql -qX -h "$host" -c "CREATE TABLE person (id INT)"
                        """)
                .file("/etc/acme/database.conf", """
                        host={host}
                        export PGUSER='{user}' PGPASSWORD='{password}' PGPORT='{port}' PGDATABASE='{database}'
                        """)
                .versions("17")
                .noHistory();

        assertThat(migrate(product, "17").failure().map(MigrationFailure::describe))
                .isEmpty();
        assertThat(version(product.build().historyTable())).contains(Version.of("17"));
    }

    @RequiresDocker
    @Nested
    class Fails {

        @Test
        void whereTheCommandDoes() {
            String script = "psql --version; echo \"no licence for $4\" >&2; exit 3";
            assertThat(failure(acme(script), "18"))
                    .startsWith("'sh -c " + script + " acme 127.0.0.1 ")
                    .contains(" " + database().name() + " 18' in a container of postgres:18 ended with status 3."
                            + " The last that it printed:\n")
                    .contains("psql (PostgreSQL) 18", "no licence for 18");
        }

        @Test
        void whereItEndsWellAndDidNothing() {
            assertThat(migrate(acme(MIGRATE), "17").failure()).isEmpty();
            assertThat(failure(acme("true"), "18"))
                    .endsWith(
                            " in a container of postgres:18 ended with status 0, but the history (acme_version) says 17,"
                                    + " not 18. It printed nothing\nlikely cause: it migrated another database, or to another"
                                    + " version: look at how it is told the database, by {host}, {port} and {database}, and the"
                                    + " version, by the image or {version}");
        }

        @Test
        void whereItPrintsWithoutEndAndTellsTheEnd() {
            assertThat(failure(acme("seq 100000; exit 1"), "17"))
                    .contains("\n99951\n", "\n100000")
                    .doesNotContain("\n99950\n");
            assertThat(failure(acme("head -c 100000 /dev/zero | tr '\\0' x; exit 1"), "17"))
                    .contains("printed:\n…xxx")
                    .hasSizeLessThan(9_000);
        }

        @Test
        void whereItHangsAndKeepsThePasswordToItself() {
            TestDatabase target = database();
            ContainerMigrator.Builder product = acme("echo \"to $JDBC_URL by $PGPASSWORD\"; trap '' TERM; sleep 600")
                    .environment("JDBC_URL", "{jdbcUrl}")
                    .timeLimit(Duration.ofSeconds(4));
            List<String> logged = Logs.of(Level.ALL, () -> {
                CompletableFuture<String> failure = CompletableFuture.supplyAsync(() -> failure(product, "17"));
                InspectContainerResponse container = containerOf(target);
                assertThat(String.join(" ", container.getArgs()))
                        .contains(target.name())
                        .doesNotContain(target.password());
                assertThat(container.getConfig().getEnv()).contains("PGPASSWORD=" + target.password());

                assertThat(failure.join())
                        .contains(
                                " in a container of postgres:17 had not ended after 4 s, and was stopped. The last that it"
                                        + " printed:\nto jdbc:postgresql://127.0.0.1:",
                                "/" + target.name() + " by ***\nlikely cause: it waits for something, ")
                        .endsWith("give it more by timeLimit")
                        .doesNotContain(target.password());
                assertThatThrownBy(() ->
                                docker().inspectContainerCmd(container.getId()).exec())
                        .isInstanceOf(NotFoundException.class);
            });
            assertThat(logged).allSatisfy(line -> assertThat(line).doesNotContain(target.password()));
        }

        private InspectContainerResponse containerOf(TestDatabase target) {
            long end = System.nanoTime() + Duration.ofSeconds(30).toNanos();
            while (System.nanoTime() < end) {
                Optional<InspectContainerResponse> found = docker()
                        .listContainersCmd()
                        .withLabelFilter(Map.of(
                                DockerClientFactory.TESTCONTAINERS_SESSION_ID_LABEL, DockerClientFactory.SESSION_ID))
                        .exec()
                        .stream()
                        .map(each -> docker().inspectContainerCmd(each.getId()).exec())
                        .filter(each -> Stream.of(each.getArgs()).anyMatch(target.name()::equals))
                        .findFirst();
                if (found.isPresent()) {
                    return found.get();
                }
            }
            throw new AssertionError("There is no container");
        }

        private DockerClient docker() {
            return DockerClientFactory.instance().client();
        }

        @Test
        void whereTheImageIsMissing() {
            assertThatThrownBy(() -> migrate(
                            ContainerMigrator.of("acme/nowhere:{version}").versions("1.0"), "1"))
                    .isInstanceOf(MigrationException.class)
                    .hasMessageStartingWith(database()
                            + " cannot be migrated to 1.0 by the product's command: The image" + " acme/nowhere:1.0 ")
                    .hasMessageContaining(" is not on this machine and cannot be pulled. Docker said: ");
        }

        @Test
        void whereTheImageHasNoSuchProgram() {
            assertThatThrownBy(() -> migrate(acme("").entrypoint("bin/acme"), "17"))
                    .isInstanceOf(MigrationException.class)
                    .hasMessageContaining(" by the product's command: A container of postgres:17 did not start: ")
                    .hasMessageContaining("bin/acme")
                    .hasMessageEndingWith(". Check that the image has the program");
        }

        @Test
        void whereTheHistoryIsAnother() {
            HistoryColumns release = new HistoryColumns(List.of("release"), Map.of("version", "release"), "", Map.of());
            ContainerMigrator.Builder product =
                    acme(MIGRATE).history(new HistoryTable("", "acme_version", release, List.of()));
            assertThatThrownBy(() -> migrate(product, "17"))
                    .isInstanceOf(MigrationException.class)
                    .hasMessageStartingWith("The history in table acme_version of " + database() + " cannot be read: ")
                    .hasMessageEndingWith(". Say what the table's columns are by history");
        }
    }

    @Nested
    class IsRefused {

        @Test
        void whereACommandHoldsThePassword() {
            assertThatThrownBy(() -> acme("").command("migrate", "--password={password}"))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage(
                            "ContainerMigrator puts {password} into no command, where all could read it:"
                                    + " '--password={password}'. Let the command read it from a variable,"
                                    + " environment(\"DB_LOGIN\", \"{password}\"), or from a file; a program that takes it as an"
                                    + " argument only is run by a shell, entrypoint(\"sh\", \"-c\"), which reads \"$DB_LOGIN\"");
            assertThatThrownBy(() -> acme("").entrypoint("migrate", "{jdbcUrl}"))
                    .hasMessageStartingWith("ContainerMigrator puts {jdbcUrl} into no command, ");
        }

        @Test
        void withoutVersions() {
            assertThatThrownBy(
                            () -> ContainerMigrator.of("acme/server:{version}").build())
                    .isInstanceOf(MigrationException.class)
                    .hasMessage(
                            "Which versions are there images of? ContainerMigrator.of(\"acme/server:{version}\") lacks"
                                    + " versions(\"1.0\", \"1.1\")");
        }

        @Test
        void whereAVersionIsNone() {
            assertThatThrownBy(() -> migrate(acme("").versions("latest"), "17"))
                    .isInstanceOf(MigrationException.class)
                    .hasMessage(
                            "'latest', which ContainerMigrator lists for postgres:{version}, is not a version: it takes"
                                    + " numbers separated by dots, such as 1.10");
        }
    }
}
