package io.github.metadatasnapshot.samples.bytebase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectMethod;

import io.github.metadatasnapshot.MetadataDatabase;
import io.github.metadatasnapshot.MetadataSnapshot;
import io.github.metadatasnapshot.RenamedDatabase;
import io.github.metadatasnapshot.Settings;
import io.github.metadatasnapshot.engine.Engine;
import io.github.metadatasnapshot.migration.FlywaySettings;
import io.github.metadatasnapshot.migration.Migrator;
import io.github.metadatasnapshot.migration.MigratorFactory;
import io.github.metadatasnapshot.migration.Upgrade;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.testkit.engine.EngineExecutionResults;
import org.junit.platform.testkit.engine.EngineTestKit;

/** Migrations that no longer fill a column: the schema is right, all rows are there, and the cell fails. */
@DisabledIfSystemProperty(named = "bytebase.home", matches = ".+", disabledReason = "its values are others")
class FilledValuesTest {

    private static final Map<String, String> FILLING = Map.of(
            "1.1/0000##issue_status.sql", "UPDATE issue[^;]*;",
            "2.0/0000##instance_change_history.sql", "INSERT INTO instance_change_history[^;]*;");

    /** A copy of the miniature, of which two scripts fill nothing. */
    static final class FillingNothing implements MigratorFactory {

        @Override
        public Migrator create(FlywaySettings settings, Engine engine, ClassLoader classLoader) {
            return new BytebaseMigrator(home(), UnaryOperator.identity(), settings, engine, classLoader);
        }

        private static Path home() {
            Path source = Path.of("src/test/miniature").resolve(Bytebase.MIGRATIONS);
            try (Stream<Path> files = Files.walk(source)) {
                Path home = Files.createTempDirectory(Path.of("target"), "filling-nothing");
                for (Path file : files.filter(Files::isRegularFile).toList()) {
                    String name = source.relativize(file).toString().replace('\\', '/');
                    Path copy = home.resolve(Bytebase.MIGRATIONS).resolve(name);
                    Files.createDirectories(copy.getParent());
                    String sql = Files.readString(file);
                    Files.writeString(copy, FILLING.containsKey(name) ? sql.replaceFirst(FILLING.get(name), "") : sql);
                }
                return home;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    @MetadataSnapshot(
            database = "postgres:17",
            migrator = FillingNothing.class,
            backups = "backups/{version}.sql.gz",
            renamed = @RenamedDatabase(table = "migration_history", column = "namespace", name = "metadb"))
    static class CompatibilityTestCases extends BytebaseCompatibilityTest {}

    @Test
    @MetadataSnapshot(database = "postgres:17", version = "1.0.0", migrator = Bytebase.class)
    void aScriptWithoutItsUpdateFailsItsCells(MetadataDatabase database) {
        assertThat(database.migrateTo("1.0.1").succeeded()).isTrue();

        EngineExecutionResults results = EngineTestKit.engine("junit-jupiter")
                .selectors(selectMethod(CompatibilityTestCases.class, "upgrade", Upgrade.class.getName()))
                .configurationParameter(Settings.REPORT_DIRECTORY, "target/filling-nothing")
                .execute();

        Map<String, String> failures = results.testEvents().failed().stream()
                .collect(Collectors.toMap(
                        event -> event.getTestDescriptor().getDisplayName().replaceAll("^.*? · | · upgrade$", ""),
                        event -> event.getRequiredPayload(TestExecutionResult.class)
                                .getThrowable()
                                .map(Throwable::getMessage)
                                .orElse("")));
        assertThat(failures.keySet())
                .containsExactlyInAnyOrder("1.0.1 → 1.1.0", "1.0.1 → 2.0.1", "1.1.0 → 2.0.1", "1.10.0 → 2.0.1");
        assertThat(failures.get("1.0.1 → 1.1.0"))
                .contains("[what 1.1.0 fills into issue.status from the payload]", "Add a column OPEN");
        assertThat(failures.get("1.10.0 → 2.0.1"))
                .contains("[what 2.0.0 fills into instance_change_history from migration_history]");
        assertThat(results.testEvents().succeeded().count()).isEqualTo(1);
    }
}
