package io.github.metadatasnapshot.samples.bytebase;

import static io.github.metadatasnapshot.assertion.MetadataSnapshotAssertions.assertThat;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import io.github.metadatasnapshot.AfterUpgrade;
import io.github.metadatasnapshot.MetadataDatabase;
import io.github.metadatasnapshot.MetadataSnapshot;
import io.github.metadatasnapshot.RenamedDatabase;
import io.github.metadatasnapshot.Settings;
import io.github.metadatasnapshot.UpgradeContract;
import io.github.metadatasnapshot.assertion.UpgradeAssert;
import io.github.metadatasnapshot.engine.Version;
import io.github.metadatasnapshot.migration.Upgrade;
import io.github.metadatasnapshot.server.ClientContainer;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;
import org.junit.platform.testkit.engine.EngineExecutionResults;
import org.junit.platform.testkit.engine.EngineTestKit;

/**
 * Copies of the whole directory that {@code --data} names: the embedded server, the sample instance and the backups of users'
 * databases. As Bytebase makes its server, the user and the database are {@code bb}.
 */
@DisabledIfSystemProperty(named = "bytebase.home", matches = ".+", disabledReason = "its backups are others")
class DataDirectoryTest {

    private static final Path COPIES = Path.of("target/data-directories");

    private static final String MAKE = """
            set -e
            start() { pg_ctl -D $1 -w -l /tmp/log -o "-c listen_addresses= -c unix_socket_directories=/tmp" start; }
            mkdir -p /tmp/data/pgdata-sample /tmp/data/backup/db
            initdb --username=bb --no-sync --encoding=UTF8 --no-locale /tmp/data/pgdata
            cp -r /tmp/data/pgdata /tmp/data/pgdata-sample/test
            start /tmp/data/pgdata-sample/test
            createdb -h /tmp -U bb hr_test
            psql -q -h /tmp -U bb hr_test -c 'CREATE TABLE employee (id INT)'
            pg_ctl -D /tmp/data/pgdata-sample/test -m fast -w stop
            echo 'SELECT 1;' >/tmp/data/backup/db/7.sql
            start /tmp/data/pgdata
            """;

    private static final String COPY = """
            set -e
            createdb -h /tmp -U bb bb
            psql -q -v ON_ERROR_STOP=1 -h /tmp -U bb bb >/tmp/out
            pg_ctl -D /tmp/data/pgdata -m fast -w stop >/tmp/out
            tar -C /tmp -cf - data
            pg_ctl -D /tmp/data/pgdata -w -l /tmp/log -o "-c listen_addresses= -c unix_socket_directories=/tmp" start >/tmp/out
            dropdb -h /tmp -U bb bb
            """;

    private static void copyDataDirectories() throws IOException {
        Files.createDirectories(COPIES);
        try (ClientContainer container = ClientContainer.startSealed("postgres:17", "postgres")) {
            run(container, MAKE, InputStream.nullInputStream(), OutputStream.nullOutputStream());
            for (String version : List.of("1.1.0", "1.10.0")) {
                try (InputStream dump = new GZIPInputStream(
                                Files.newInputStream(Path.of("src/test/miniature/backups", version + ".sql.gz")));
                        OutputStream copy =
                                new GZIPOutputStream(Files.newOutputStream(COPIES.resolve(version + ".tar.gz")))) {
                    String sql = new String(dump.readAllBytes(), UTF_8).replace("\tmetadb\t", "\tbb\t");
                    run(container, COPY, new ByteArrayInputStream(sql.getBytes(UTF_8)), copy);
                }
            }
        }
    }

    private static void run(ClientContainer container, String script, InputStream input, OutputStream output)
            throws IOException {
        ByteArrayOutputStream errors = new ByteArrayOutputStream();
        int status = container.host().run(List.of("bash", "-c", script), Map.of(), input, output, errors);
        assertThat(status).as(errors.toString(UTF_8)).isZero();
    }

    @MetadataSnapshot(
            database = "postgres:17",
            migrator = Bytebase.class,
            backups = "target/data-directories/{version}.tar.gz",
            renamed = @RenamedDatabase(table = "migration_history", column = "namespace", name = "bb"))
    static class CopiesTestCases implements UpgradeContract {

        @Override
        public void prove(UpgradeAssert upgrade) {
            new BytebaseCompatibilityTest().prove(upgrade);
        }

        @AfterUpgrade
        void fillsValues(Upgrade upgrade, Connection connection) throws SQLException {
            FilledValues.check(connection, Version.of(upgrade.to()));
        }

        @Test
        @MetadataSnapshot(backup = "target/data-directories/1.10.0.tar.gz")
        void startsFromACopy(MetadataDatabase database) throws SQLException {
            assertThat(database.version()).contains("1.10.0");
            assertThat(database.migrateToLatest()).succeeded().keptEveryRow();
        }
    }

    /** The copies are made once the database is known to run here. */
    @Test
    @MetadataSnapshot(database = "postgres:17", version = "1.0.0", migrator = Bytebase.class)
    void copiesAreUpgradedAsASeriesAndEachByItself(MetadataDatabase database) throws IOException, SQLException {
        assertThat(database.version()).contains("1.0.0");
        copyDataDirectories();

        EngineExecutionResults results = EngineTestKit.engine("junit-jupiter")
                .selectors(selectClass(CopiesTestCases.class))
                .configurationParameter(Settings.REPORT_DIRECTORY, "target/data-directories/report")
                .execute();

        results.testEvents()
                .assertStatistics(statistics -> statistics.failed(0).skipped(0).aborted(0));
        assertThat(results.testEvents().succeeded().stream()
                        .map(event -> event.getTestDescriptor().getDisplayName()))
                .containsExactlyInAnyOrder(
                        "postgres:17 · 1.1.0 → 1.10.0 · upgrade",
                        "postgres:17 · 1.1.0 → 2.0.1 · upgrade",
                        "postgres:17 · 1.10.0 → 2.0.1 · upgrade",
                        "startsFromACopy(MetadataDatabase)");
    }
}
