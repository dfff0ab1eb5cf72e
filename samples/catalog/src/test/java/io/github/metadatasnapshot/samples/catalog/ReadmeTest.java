package io.github.metadatasnapshot.samples.catalog;

import static io.github.metadatasnapshot.assertion.MetadataSnapshotAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.metadatasnapshot.MetadataDatabase;
import io.github.metadatasnapshot.MetadataSnapshot;
import io.github.metadatasnapshot.engine.Engine;
import io.github.metadatasnapshot.engine.HistoryColumns;
import io.github.metadatasnapshot.engine.HistoryTable;
import io.github.metadatasnapshot.engine.Version;
import io.github.metadatasnapshot.migration.ContainerMigrator;
import io.github.metadatasnapshot.migration.FlywaySettings;
import io.github.metadatasnapshot.migration.Migrator;
import io.github.metadatasnapshot.migration.MigratorFactory;
import io.github.metadatasnapshot.migration.Upgrade;
import io.github.metadatasnapshot.product.ProductServer;
import io.github.metadatasnapshot.product.ProductServerFactory;
import io.github.metadatasnapshot.product.ServerSign;
import io.github.metadatasnapshot.restore.Restore;
import io.github.metadatasnapshot.restore.StrictClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** The Java examples of the README stand here, or in {@link CatalogCompatibilityTest}. */
class ReadmeTest {

    @Test
    void showsWhatIsHere() throws IOException {
        String sources = source(ReadmeTest.class) + source(CatalogCompatibilityTest.class);
        List<String> examples = Pattern.compile("(?s)```java\n(.*?)```")
                .matcher(Files.readString(Path.of("../../README.md")))
                .results()
                .map((MatchResult match) -> match.group(1))
                .toList();

        assertThat(examples)
                .hasSize(5)
                .allSatisfy(example -> assertThat(unindented(sources)).contains(unindented(example)));
    }

    private static String source(Class<?> test) throws IOException {
        return Files.readString(Path.of("src/test/java", test.getName().replace('.', '/') + ".java"));
    }

    private static String unindented(String code) {
        return code.lines().map(String::strip).reduce("", (all, line) -> all + line + "\n");
    }

    @Nested
    @MetadataSnapshot(
            database = "postgres:17",
            version = "1.2",
            backup = "backups/postgresql/1.2.sql.gz",
            locations = "db/migration/postgresql")
    class UpgradeFrom12Test {

        @Test
        void upgradesToTheCurrentRelease(MetadataDatabase database) {
            Upgrade upgrade = database.migrateTo("2.0"); // or migrateToLatest()
            assertThat(upgrade).succeeded();
        }

        @Test
        void refusesABackupOfAnotherVersion(MetadataDatabase database) {
            Restore restore = database.restore("backups/postgresql/1.1.sql.gz", new StrictClient());
            assertThat(restore).wasRejected().leftDatabaseUntouched();
        }
    }

    @Nested
    @MetadataSnapshot(
            databases = {"postgres:17", "mysql:9.7"},
            locations = "db/migration/{engine}",
            backups = "backups/{engine}/{version}.sql.gz")
    class UpgradeOnEveryDatabaseTest {

        @Test
        @MetadataSnapshot(version = "1.9")
        void from1_9(MetadataDatabase database) {
            assertThat(database.migrateToLatest()).succeeded();
        }
    }

    static final class Acme implements MigratorFactory {
        @Override
        public Migrator create(FlywaySettings settings, Engine engine, ClassLoader classLoader) {
            return ContainerMigrator.of("acme/server:{version}")
                    .command("bin/acme", "migrate", "--host={host}:{port}", "--database={database}")
                    .environment("DB_USER", "{user}")
                    .environment("DB_PASSWORD", "{password}")
                    .versions("1.0", "1.1", "2.0")
                    .history(new HistoryTable("", "acme_version", new HistoryColumns(List.of("version")), List.of()))
                    .build();
        }
    }

    @Test
    void whatTheProductsOwnCommandTakesIsComplete() {
        FlywaySettings none =
                new FlywaySettings(List.of(), List.of(), "", List.of(), Map.of(), Optional.empty(), false);

        Migrator migrator = new Acme().create(none, Engine.POSTGRESQL, ReadmeTest.class.getClassLoader());

        assertThat(migrator.historyTable().name()).isEqualTo("acme_version");
    }

    @Test
    void whatTheProductsServerTakesIsComplete() {
        assertThat(new AcmeServers().create(Engine.POSTGRESQL).versions())
                .containsExactly(Version.of("1.1"), Version.of("2.0"));
    }

    static final class AcmeServers implements ProductServerFactory {
        @Override
        public ProductServer create(Engine engine) {
            return ProductServer.ofImage("acme/server:{version}")
                    .environment("DB_URL", "{jdbcUrl}")
                    .environment("DB_USER", "{user}")
                    .environment("DB_PASSWORD", "{password}")
                    .until(ServerSign.http(8080, "/health"))
                    .answers("/api/assets", "\"orders\"")
                    .versions("1.1", "2.0")
                    .build();
        }
    }
}
