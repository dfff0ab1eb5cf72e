package io.github.metadatasnapshot.samples.openmetadata;

import static io.github.metadatasnapshot.assertion.MetadataSnapshotAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.metadatasnapshot.MetadataDatabase;
import io.github.metadatasnapshot.MetadataSnapshot;
import io.github.metadatasnapshot.engine.Engine;
import io.github.metadatasnapshot.migration.FlywaySettings;
import io.github.metadatasnapshot.migration.Migrator;
import io.github.metadatasnapshot.migration.MigratorFactory;
import io.github.metadatasnapshot.migration.ServerMigrator;
import io.github.metadatasnapshot.migration.Upgrade;
import io.github.metadatasnapshot.product.ProductServer;
import io.github.metadatasnapshot.product.ProductServerFactory;
import io.github.metadatasnapshot.product.ServerSign;
import io.github.metadatasnapshot.restore.Restore;
import io.github.metadatasnapshot.restore.RestoreVerdict;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;

/**
 * "Start the server, which will automatically run the migrations." A small server of this sample takes the place of the
 * product's, in the image of PostgreSQL.
 */
@Order(5)
@DisabledIfSystemProperty(named = "openmetadata.home", matches = ".+", disabledReason = "its server is another")
@TakesBackups
@MetadataSnapshot(database = "postgres:17", migrator = OpenMetadata.class, server = ServerTest.Servers.class)
class ServerTest {

    private static final String BACKUPS = "file:target/backups/{engine}/{version}.sql";

    @MetadataSnapshot(version = "0.0.15", backups = BACKUPS, migrator = StartedServer.class)
    @Test
    void migratesAsItStartsAndThenWorks(MetadataDatabase database) {
        Upgrade upgrade = database.migrateTo("1.10.0");

        assertThat(upgrade).succeeded();
        assertThat(upgrade.checks()).contains("the server of 1.10.0 started, and answered its request as it should");
    }

    /** "Clean database": the server of the version migrates it, and rows are restored once that has stopped. */
    @MetadataSnapshot(version = "1.3.3", migrator = StartedServer.class)
    @Test
    void migratesACleanDatabaseThatTakesTheRowsOnceItHasStopped(MetadataDatabase database) {
        Restore restore = database.restore("file:target/backups/{engine}/rows/1.3.3.sql");

        assertThat(restore).hasVerdict(RestoreVerdict.RESTORED).ranAlone();
    }

    @MetadataSnapshot(version = "1.10.0", backups = BACKUPS)
    @Test
    void ofAnOlderVersionRefusesANewerDatabase(MetadataDatabase database) {
        assertThat(database.startServer("1.1.0"))
                .refused()
                .saying("The database is at 1.10.0, which OpenMetadata 1.1.0 does not know");
    }

    /** Owners lie in a table of their own since 1.3.3. */
    @MetadataSnapshot(version = "1.10.0", backups = BACKUPS, server = LenientServers.class)
    @Test
    void ofAnOlderVersionThatDoesNotLookAnswersWrongly(MetadataDatabase database) {
        assertThatThrownBy(() -> assertThat(database.startServer("1.1.0")).refused())
                .hasMessageStartingWith(
                        "Expected the server of 1.1.0 to refuse postgres:17 at 1.10.0, but it started. The last"
                                + " that it said:\nStarted OpenMetadata 1.1.0, and GET /api/v1/tables answered without 'orders of team-'")
                .hasMessageEndingWith(", and changed nothing");
    }

    /** {@return the migrations of the releases, by their paths in the container} */
    private static Map<String, String> migrations() {
        Map<String, String> files = new LinkedHashMap<>();
        Path flyway = OpenMetadata.migrations().resolve(Path.of("flyway", "org.postgresql.Driver"));
        for (String script : List.of(
                "v001__create_assets.sql",
                "v014__create_server_change_log.sql",
                "v015__update_server_change_log.sql")) {
            files.put("/migrations/flyway/" + script, read(flyway.resolve(script)));
        }
        Path releases = OpenMetadata.migrations().resolve("native");
        for (String version : List.of("1.1.0", "1.3.3", "1.10.0")) {
            for (String script : List.of("schemaChanges.sql", "postDataMigrationSQLScript.sql")) {
                files.put(
                        "/migrations/native/" + version + "/" + script,
                        read(releases.resolve(Path.of(version, "postgres", script))));
            }
        }
        files.put("/server.sh", read(Path.of("src", "test", "server", "server.sh")));
        return files;
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static final class StartedServer implements MigratorFactory {

        @Override
        public Migrator create(FlywaySettings settings, Engine engine, ClassLoader classLoader) {
            return ServerMigrator.of(new Servers().create(engine), OpenMetadata.history(engine));
        }
    }

    static class Servers implements ProductServerFactory {

        @Override
        public ProductServer create(Engine engine) {
            return server().build();
        }

        ProductServer.Builder server() {
            ProductServer.Builder server = ProductServer.ofImage("postgres:17")
                    .entrypoint("bash", "/server.sh")
                    .command("{version}")
                    .environment("PGHOST", "{host}")
                    .environment("PGPORT", "{port}")
                    .environment("PGDATABASE", "{database}")
                    .environment("PGUSER", "{user}")
                    .environment("PGPASSWORD", "{password}")
                    .until(ServerSign.http(8585, "/healthcheck"))
                    .versions("1.1.0", "1.3.3", "1.10.0")
                    .answers("/api/v1/tables", "orders of team-");
            migrations().forEach(server::file);
            return server;
        }
    }

    static final class LenientServers extends Servers {

        @Override
        ProductServer.Builder server() {
            return super.server().environment("LENIENT", "true");
        }
    }
}
