package io.github.metadatasnapshot.samples.openmetadata;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.metadatasnapshot.MetadataDatabase;
import io.github.metadatasnapshot.MetadataSnapshot;
import io.github.metadatasnapshot.engine.Engine;
import io.github.metadatasnapshot.migration.FlywayMigrator;
import io.github.metadatasnapshot.migration.FlywaySettings;
import io.github.metadatasnapshot.migration.MigrationException;
import io.github.metadatasnapshot.migration.MigrationFailure;
import io.github.metadatasnapshot.migration.Migrator;
import io.github.metadatasnapshot.migration.MigratorFactory;
import io.github.metadatasnapshot.migration.Upgrade;
import io.github.metadatasnapshot.migration.VersionedDirectoryLayout;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** What is told of migrations that are broken. Copies of the miniature, whatever checkout there is. */
@Order(2)
class BrokenMigrationsTest {

    private static final String RELEASES = "bootstrap/sql/migrations/native/";

    private static Path copy(Path target) {
        Path source = Path.of("src", "test", "miniature");
        try (Stream<Path> files = Files.walk(source)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Path copy = target.resolve(source.relativize(file).toString());
                Files.createDirectories(copy.getParent());
                Files.copy(file, copy);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return target;
    }

    private static VersionedDirectoryLayout layout(Path home, Engine engine) {
        return OpenMetadata.layout(home.resolve("bootstrap/sql/migrations"), engine);
    }

    @Test
    void aMisnamedPostDataMigrationIsTold(@TempDir Path directory) throws IOException {
        Path scripts = copy(directory).resolve(RELEASES + "1.1.0/mysql");
        Files.move(scripts.resolve("postDataMigrationSQLScript.sql"), scripts.resolve("postDataMigration.sql"));

        assertThatThrownBy(() -> layout(directory, Engine.MYSQL).versions())
                .isInstanceOf(MigrationException.class)
                .hasMessageStartingWith(scripts.resolve("postDataMigration.sql")
                        + " lies beside scripts and is none, so that nobody runs it. Likely its name is wrong");
        assertThat(layout(directory, Engine.POSTGRESQL).versions()).hasSize(6);
    }

    /** Breaks the second script of 1.1.0 on the fly. */
    static final class FailingStatement implements MigratorFactory {

        @Override
        public Migrator create(FlywaySettings settings, Engine engine, ClassLoader classLoader) {
            try {
                Path home = copy(Files.createTempDirectory(Path.of("target"), "broken"));
                String own = engine == Engine.POSTGRESQL ? "postgres" : "mysql";
                Files.writeString(
                        home.resolve(RELEASES + "1.1.0/" + own + "/postDataMigrationSQLScript.sql"),
                        "UPDATE asset SET nameHash = 'x';\n\nUPDATE assets SET nameHash = 'y';\n");
                return new FlywayMigrator(settings, engine, classLoader, layout(home, engine));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    @MetadataSnapshot(database = "mysql:9.7", migrator = FailingStatement.class, version = "0.0.15")
    @Test
    void aFailingStatementIsToldByFileAndLineOnMySql(MetadataDatabase database) {
        assertThat(describe(database.migrateTo("1.3.3")))
                .startsWith("in native/1.1.0/mysql/postDataMigrationSQLScript.sql, line 3: Table ")
                .contains(".assets' doesn't exist (SQLSTATE 42S02)\nstatement: UPDATE assets SET nameHash = 'y';");
    }

    @MetadataSnapshot(database = "postgres:17", migrator = FailingStatement.class, version = "0.0.15")
    @Test
    void aFailingStatementIsToldByFileAndLineOnPostgreSql(MetadataDatabase database) {
        assertThat(describe(database.migrateTo("1.3.3")))
                .startsWith(
                        "in native/1.1.0/postgres/postDataMigrationSQLScript.sql, line 3: ERROR: relation \"assets\""
                                + " does not exist")
                .contains("\nstatement: UPDATE assets SET nameHash = 'y';");
    }

    /** Has a release that the backup does not, though the backup is of a higher one. */
    static final class LateRelease implements MigratorFactory {

        @Override
        public Migrator create(FlywaySettings settings, Engine engine, ClassLoader classLoader) {
            try {
                Path home = copy(Files.createTempDirectory(Path.of("target"), "broken"));
                Files.createDirectories(home.resolve(RELEASES + "1.2.0"));
                return new FlywayMigrator(settings, engine, classLoader, layout(home, engine));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    @DisabledIfSystemProperty(named = "openmetadata.home", matches = ".+", disabledReason = "its backup is another")
    @MetadataSnapshot(
            database = "postgres:17",
            migrator = LateRelease.class,
            backup = "file:target/backups/postgresql/1.3.3.sql")
    @Test
    void aReleaseThatCameAfterAHigherOneIsTold(MetadataDatabase database) {
        assertThat(describe(database.migrateTo("1.10.0")))
                .contains("Detected resolved migration not applied to database: 1.2.0");
    }

    /** Without the statement that fills a column, nothing fails: only the values tell. */
    @Nested
    @DisabledIfSystemProperty(named = "openmetadata.home", matches = ".+", disabledReason = "its backup is another")
    @MetadataSnapshot(
            databases = {"postgres:17", "mysql:9.7"},
            backup = "file:target/backups/{engine}/0.0.15.sql")
    class WithoutAnUpdate implements FillsValues {

        @MetadataSnapshot(migrator = WithoutNameHashes.class)
        @Test
        void namesAreNotHashed(MetadataDatabase database) {
            assertThatThrownBy(() -> database.migrateTo("1.1.0"))
                    .hasMessageContaining("@AfterUpgrade whatMigrationsFillIsFilled failed after the upgrade")
                    .hasMessageContaining("0.0.15 → 1.1.0: [name hashes]")
                    .hasMessageContaining("\"asset-0.0.14-a\"=null");
        }

        @MetadataSnapshot(migrator = WithoutOwners.class)
        @Test
        void ownersAreLost(MetadataDatabase database) {
            assertThatThrownBy(() -> database.migrateTo("1.10.0"))
                    .hasMessageContaining("0.0.15 → 1.10.0: [owners]")
                    .hasMessageContaining("\"asset-0.0.15-b\"=\"team-0.0.15-a\"");
        }

        @MetadataSnapshot(migrator = WithoutTeamTypes.class)
        @Test
        void teamsHaveNoType(MetadataDatabase database) {
            assertThatThrownBy(() -> database.migrateTo("1.10.0"))
                    .hasMessageContaining("0.0.15 → 1.10.0: [team types]")
                    .hasMessageContaining("\"team-0.0.14-a\"=null");
        }
    }

    static final class WithoutNameHashes implements MigratorFactory {

        @Override
        public Migrator create(FlywaySettings settings, Engine engine, ClassLoader classLoader) {
            return withoutUpdates(settings, engine, classLoader, "1.1.0");
        }
    }

    static final class WithoutTeamTypes implements MigratorFactory {

        @Override
        public Migrator create(FlywaySettings settings, Engine engine, ClassLoader classLoader) {
            return withoutUpdates(settings, engine, classLoader, "1.10.0");
        }
    }

    /** What the release does in Java is missing. */
    static final class WithoutOwners implements MigratorFactory {

        @Override
        public Migrator create(FlywaySettings settings, Engine engine, ClassLoader classLoader) {
            return new FlywayMigrator(
                    settings, engine, classLoader, OpenMetadata.layout(OpenMetadata.migrations(), engine));
        }
    }

    private static Migrator withoutUpdates(
            FlywaySettings settings, Engine engine, ClassLoader classLoader, String release) {
        try {
            Path home = copy(Files.createTempDirectory(Path.of("target"), "broken"));
            Path script = home.resolve(RELEASES + release + (engine == Engine.POSTGRESQL ? "/postgres" : "/mysql")
                    + "/postDataMigrationSQLScript.sql");
            Files.write(
                    script,
                    Files.readAllLines(script).stream()
                            .filter(line -> !line.startsWith("UPDATE "))
                            .toList());
            return new FlywayMigrator(
                    settings,
                    engine,
                    classLoader,
                    layout(home, engine).step("1.3.3", OpenMetadata::ownersToTheirTable));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String describe(Upgrade upgrade) {
        return upgrade.failure().map(MigrationFailure::describe).orElse("no failure");
    }
}
