package io.github.metadatasnapshot;

import static io.github.metadatasnapshot.assertion.MetadataSnapshotAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.metadatasnapshot.engine.DatabaseNameColumn;
import io.github.metadatasnapshot.engine.Engine;
import io.github.metadatasnapshot.engine.HistoryColumns;
import io.github.metadatasnapshot.engine.HistoryTable;
import io.github.metadatasnapshot.migration.AppliedMigration;
import io.github.metadatasnapshot.migration.FlywayMigrator;
import io.github.metadatasnapshot.migration.FlywaySettings;
import io.github.metadatasnapshot.migration.Migrator;
import io.github.metadatasnapshot.migration.MigratorFactory;
import io.github.metadatasnapshot.migration.Upgrade;
import io.github.metadatasnapshot.migration.VersionedDirectoryLayout;
import io.github.metadatasnapshot.restore.Restore;
import io.github.metadatasnapshot.restore.RestoreVerdict;
import io.github.metadatasnapshot.testsupport.TestKit;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A history whose rows name their database, as Bytebase's did: the backup is of {@code metadb}, the tests' databases are not. */
class RenamedDatabaseTests {

    private static final String BACKUP = "renamed/1.0.sql";

    private static final String UNEDITED = "the rows of its history are of the databases bytebase and metadb"
            + " (migration_history.namespace), and count in a database of that name only. Rewrite the name of the database"
            + " that was dumped to that of the database that it is restored into, as a test does with renamed ="
            + " @RenamedDatabase(table = \"migration_history\", column = \"namespace\", name = \"…\")";

    /** Scripts that write into the history for which database they ran. */
    static final class Product implements MigratorFactory {

        private static final HistoryTable HISTORY = new HistoryTable(
                        "",
                        "migration_history",
                        new HistoryColumns(
                                List.of("id", "namespace", "version"), Map.of("installed_rank", "id"), "", Map.of()),
                        List.of())
                .with(new DatabaseNameColumn("migration_history", "namespace", ""));

        @Override
        public Migrator create(FlywaySettings settings, Engine engine, ClassLoader classLoader) {
            return new FlywayMigrator(
                    settings,
                    engine,
                    classLoader,
                    VersionedDirectoryLayout.in(Path.of("src/test/resources/renamed/migrations"))
                            .scripts("([\\d.]+)/(?<description>.+)\\.sql", "$1")
                            .history(HISTORY, (connection, migration) -> {
                                execute(connection, """
                                        CREATE TABLE IF NOT EXISTS migration_history
                                          (id SERIAL PRIMARY KEY, namespace TEXT NOT NULL, version TEXT NOT NULL)
                                        """);
                                execute(
                                        connection,
                                        "INSERT INTO migration_history (namespace, version) VALUES (current_database(), '"
                                                + migration.version() + "')");
                            }));
        }
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static void empty(MetadataDatabase database) throws SQLException {
        try (Connection connection = database.connect()) {
            execute(connection, "DROP SCHEMA public CASCADE");
            execute(connection, "CREATE SCHEMA public");
        }
    }

    private static List<String> ask(MetadataDatabase database, String sql) throws SQLException {
        try (Connection connection = database.connect();
                var statement = connection.createStatement();
                var rows = statement.executeQuery(sql)) {
            List<String> values = new ArrayList<>();
            while (rows.next()) {
                values.add(rows.getString(1));
            }
            return values;
        }
    }

    @MetadataSnapshot(
            database = "postgres:17",
            migrator = Product.class,
            backup = BACKUP,
            renamed = @RenamedDatabase(table = "migration_history", column = "namespace", name = "metadb"))
    static class RenamedTestCases {

        @Test
        void onlyWhatIsLaterIsApplied(MetadataDatabase metadb2) throws SQLException {
            assertThat(metadb2.version()).contains("1.0");

            Upgrade upgrade = metadb2.migrateToLatest();

            assertThat(upgrade).succeeded().keptEveryRow().matchesCleanInstall().isRepeatable();
            assertThat(upgrade.migrations())
                    .extracting(AppliedMigration::version)
                    .containsExactly("1.1");
            assertThat(ask(
                            metadb2,
                            "SELECT version FROM migration_history WHERE namespace = current_database() ORDER BY 1"))
                    .containsExactly("1.0", "1.1");
            assertThat(ask(metadb2, "SELECT name FROM principal WHERE id = 1")).containsExactly("metadb");
        }

        @Test
        void theRestoreIsJudgedBesideItsControl(MetadataDatabase metadb2) throws SQLException {
            empty(metadb2);
            assertThat(metadb2.version()).isEmpty();

            Restore restore = metadb2.restore(BACKUP);

            assertThat(restore).succeeded().hasVerdict(RestoreVerdict.RESTORED);
            assertThat(restore.inconclusive()).isEmpty();
            assertThat(metadb2.version()).contains("1.0");
            assertThat(metadb2.migrateToLatest()).succeeded().keptEveryRow();
        }
    }

    @Test
    void aBackupIsThatOfTheDatabaseThatItIsRestoredInto() {
        TestKit.assertAllSucceeded(TestKit.run(RenamedTestCases.class), 2);
    }

    @MetadataSnapshot(database = "postgres:17", migrator = Product.class, version = "1.0")
    static class UneditedTestCases {

        @Test
        @MetadataSnapshot(backup = BACKUP)
        void isNoStart() {}

        @Test
        void isRestoredAsTheHistoryOfAnother(MetadataDatabase metadb2) throws SQLException {
            assertThat(metadb2.version()).contains("1.0");
            empty(metadb2);

            Restore restore = metadb2.restore(BACKUP);

            assertThat(restore.verdict()).isEqualTo(RestoreVerdict.SILENTLY_ACCEPTED);
            assertThat(restore.unfaithful()).containsExactly("the history says no version: " + UNEDITED);
            assertThat(restore.inconclusive())
                    .hasValueSatisfying(why -> assertThat(why).endsWith(UNEDITED));
            assertThat(metadb2.version()).isEmpty();
        }
    }

    @Test
    void theUneditedBackupIsAtNoVersion() {
        var results = TestKit.run(UneditedTestCases.class);
        assertThat(results.testEvents().succeeded().count()).isEqualTo(1);
        assertThat(TestKit.failure(results)).hasMessage("Backup " + BACKUP + " is at no version here: " + UNEDITED);
    }

    @MetadataSnapshot(
            database = "postgres:17",
            migrator = Product.class,
            backup = BACKUP,
            renamed = @RenamedDatabase(table = "migration_history", column = "namespace", name = "metadata"))
    static class OtherNameTestCases {
        @Test
        void doesNotRun() {}
    }

    @MetadataSnapshot(
            database = "postgres:17",
            migrator = Product.class,
            version = "1.0",
            renamed = @RenamedDatabase(table = "principal", column = "name", name = "metadb"))
    static class NoHistoryTestCases {
        @Test
        void doesNotRun() {}
    }

    @MetadataSnapshot(
            database = "postgres:17",
            version = "1",
            locations = "migrations/library/postgresql",
            renamed = @RenamedDatabase(table = "flyway_schema_history", column = "namespace", name = "metadb"))
    static class FlywayTestCases {
        @Test
        void doesNotRun() {}
    }

    @MetadataSnapshot(
            database = "mysql:9.7",
            version = "1",
            renamed = @RenamedDatabase(table = "migration_history", column = "namespace", name = "metadb"))
    static class MySqlTestCases {
        @Test
        void doesNotRun() {}
    }

    @MetadataSnapshot(
            database = "postgres:17",
            version = "1",
            renamed = {
                @RenamedDatabase(table = "migration_history", column = "namespace", name = "a"),
                @RenamedDatabase(table = "migration_history", column = "namespace", name = "b")
            })
    static class TwoTestCases {
        @Test
        void doesNotRun() {}
    }

    @MetadataSnapshot(
            database = "postgres:17",
            version = "1",
            renamed = @RenamedDatabase(table = "migration_history", column = "namespace", name = ""))
    static class BlankTestCases {
        @Test
        void doesNotRun() {}
    }

    @ParameterizedTest
    @ValueSource(
            classes = {
                OtherNameTestCases.class,
                NoHistoryTestCases.class,
                FlywayTestCases.class,
                MySqlTestCases.class,
                TwoTestCases.class,
                BlankTestCases.class
            })
    void misuseIsSaid(Class<?> testCases) {
        Map<Class<?>, String> messages = Map.of(
                OtherNameTestCases.class,
                "Backup " + BACKUP + " is at no version here: " + UNEDITED,
                NoHistoryTestCases.class,
                "renamed: principal.name is no column of the history, whose tables are migration_history (id, namespace,"
                        + " version)",
                FlywayTestCases.class,
                "renamed: flyway_schema_history.namespace is no column of the history, whose tables are"
                        + " flyway_schema_history (installed_rank, version,",
                MySqlTestCases.class,
                "renamed is for PostgreSQL, and mysql:9.7 is not",
                TwoTestCases.class,
                "renamed takes one column, and there are 2",
                BlankTestCases.class,
                "renamed: table, column and name are needed, and one of them is blank");
        var results = TestKit.run(testCases);
        assertThat(results.testEvents().succeeded().count()).isZero();
        assertThat(TestKit.failure(results)).hasMessageContaining(messages.get(testCases));
    }
}
