package io.github.metadatasnapshot.samples.catalog;

import static io.github.metadatasnapshot.assertion.MetadataSnapshotAssertions.assertThat;

import io.github.metadatasnapshot.MetadataDatabase;
import io.github.metadatasnapshot.MetadataSnapshot;
import io.github.metadatasnapshot.backup.SnapshotGuard;
import io.github.metadatasnapshot.restore.DocumentedClient;
import io.github.metadatasnapshot.restore.RestoreVerdict;
import io.github.metadatasnapshot.restore.SilentAcceptance;
import io.github.metadatasnapshot.restore.StrictClient;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each verdict, with a look into the database by SQL of our own. */
class VerdictsByHandTest {

    private static final String VERSIONS =
            "SELECT version FROM flyway_schema_history WHERE version IS NOT NULL ORDER BY installed_rank";

    private static List<String> query(MetadataDatabase database, String sql) throws SQLException {
        List<String> values = new ArrayList<>();
        try (Connection connection = database.connect();
                var statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            while (rows.next()) {
                values.add(rows.getString(1));
            }
        }
        return values;
    }

    abstract static class OnAnyDatabase {

        @Test
        @MetadataSnapshot(version = "1.1")
        void aBackupWithAGuardIsRefused(MetadataDatabase database, @TempDir Path directory) throws SQLException {
            List<String> names = query(database, "SELECT display_name FROM user_account ORDER BY id");
            for (String version : List.of("1.0", "1.2")) {
                Path guarded = directory.resolve(version + ".sql.gz");
                SnapshotGuard.add(
                        Path.of("src/test/resources/backups", database.engine(), version + ".sql.gz"), guarded);

                assertThat(database.restore(guarded.toString(), new DocumentedClient()))
                        .hasVerdict(RestoreVerdict.REFUSED);
            }
            assertThat(query(database, VERSIONS)).containsExactly("1.0", "1.1");
            assertThat(names).isNotEmpty();
            assertThat(query(database, "SELECT display_name FROM user_account ORDER BY id"))
                    .isEqualTo(names);
        }
    }

    @Nested
    @MetadataSnapshot(
            database = "postgres:17",
            locations = "db/migration/{engine}",
            backups = "backups/{engine}/{version}.sql.gz")
    class OnPostgreSql extends OnAnyDatabase {

        @Test
        @MetadataSnapshot(version = "1.1")
        void aColumnThatWasRenamedSinceRollsABackupBack(MetadataDatabase database) throws SQLException {
            List<String> names = query(database, "SELECT display_name FROM user_account ORDER BY id");

            assertThat(database.restore("backups/postgresql/data-only/1.0.sql.gz", new StrictClient()))
                    .hasVerdict(RestoreVerdict.ROLLED_BACK)
                    .becauseOfVersion();

            assertThat(query(database, VERSIONS)).containsExactly("1.0", "1.1");
            assertThat(names).hasSizeGreaterThan(1);
            assertThat(query(database, "SELECT display_name FROM user_account ORDER BY id"))
                    .isEqualTo(names);
        }

        @Test
        @MetadataSnapshot(version = "1.9")
        void aColumnThatMayBeNullLetsABackupIn(MetadataDatabase database) throws SQLException {
            assertThat(database.restore("backups/postgresql/data-only/1.8.sql.gz", new StrictClient()))
                    .wasSilentlyAccepted(SilentAcceptance.UNTRANSFORMED_DATA, SilentAcceptance.HISTORY_TURNED_BACK);

            assertThat(query(database, VERSIONS)).endsWith("1.8");
            assertThat(query(database, "SELECT count(*) FROM glossary_term WHERE reviewed_at IS NOT NULL"))
                    .containsExactly("0");
            // The server of 1.8 would run on tables of 1.9, and an upgrade does not get past them.
            assertThat(database.migrateTo("1.9").failure().orElseThrow().message())
                    .contains("column \"reviewed_at\" of relation \"glossary_term\" already exists");
        }

        @Test
        @MetadataSnapshot(version = "1.4")
        void aReleaseThatOnlyChangedDataLetsABackupInWhole(MetadataDatabase database) throws SQLException {
            assertThat(query(database, "SELECT name FROM tag WHERE fqn = 'PersonalData'"))
                    .isEmpty();

            assertThat(database.restore("backups/postgresql/data-only/1.3.sql.gz", new StrictClient()))
                    .succeeded();

            assertThat(query(database, VERSIONS)).endsWith("1.3");
            assertThat(query(database, "SELECT count(*) FROM tag WHERE fqn = 'PersonalData'"))
                    .containsExactly("1");
            assertThat(database.migrateTo("1.4")).succeeded();
            assertThat(query(database, "SELECT count(*) FROM tag WHERE fqn = 'PersonalData'"))
                    .containsExactly("0");
        }

        @Test
        @MetadataSnapshot(version = "1.1")
        void psqlGoesOnAfterErrorsAndReportsSuccess(MetadataDatabase database) throws SQLException {
            var restore = database.restore("backups/postgresql/1.2.sql.gz", new DocumentedClient());

            assertThat(restore).wasSilentlyAccepted(SilentAcceptance.ERRORS_SWALLOWED, SilentAcceptance.HYBRID_SHAPE);
            assertThat(restore.report().errorCount()).isGreaterThan(100);
            // A table of 1.2 stands among those of 1.1.
            assertThat(query(database, "SELECT count(*) FROM pg_tables WHERE tablename = 'pipeline_run'"))
                    .containsExactly("1");
            assertThat(database.migrateTo("1.2").succeeded()).isFalse();
        }
    }

    @Nested
    @MetadataSnapshot(
            database = "mysql:9.7",
            locations = "db/migration/{engine}",
            backups = "backups/{engine}/{version}.sql.gz")
    class OnMySql extends OnAnyDatabase {

        @Test
        @MetadataSnapshot(version = "1.9")
        void rowsWithoutTheNewColumnAreAppliedInPart(MetadataDatabase database) throws SQLException {
            assertThat(database.restore("backups/mysql/data-only/1.8.sql.gz", new StrictClient()))
                    .hasVerdict(RestoreVerdict.PARTIALLY_APPLIED)
                    .becauseOfVersion();

            // The tables before it in the alphabet hold rows of 1.8, those after it none: not even a history is left.
            assertThat(query(database, "SELECT COUNT(*) > 1 FROM data_asset")).containsExactly("1");
            assertThat(query(database, "SELECT COUNT(*) FROM glossary_term")).containsExactly("0");
            assertThat(query(database, "SELECT COUNT(*) FROM user_account")).containsExactly("0");
        }

        @Test
        @MetadataSnapshot(version = "1.1")
        void tablesOfTheLaterVersionStayBehind(MetadataDatabase database) throws SQLException {
            assertThat(database.restore("backups/mysql/1.0.sql.gz", new DocumentedClient()))
                    .wasSilentlyAccepted(SilentAcceptance.HYBRID_SHAPE, SilentAcceptance.HISTORY_TURNED_BACK);

            assertThat(query(database, VERSIONS)).containsExactly("1.0");
            assertThat(query(database, "SELECT COUNT(fullname) > 1 FROM user_account"))
                    .containsExactly("1");
            assertThat(query(database, "SELECT COUNT(*) > 1 FROM glossary")).containsExactly("1");
            assertThat(database.migrateTo("1.1").failure().orElseThrow().message())
                    .contains("Table 'glossary' already exists");
        }

        @Test
        @MetadataSnapshot(version = "1.1")
        void aDumpThatHasEveryTableReplacesTheDatabase(MetadataDatabase database) throws SQLException {
            assertThat(database.restore("backups/mysql/1.2.sql.gz", new DocumentedClient()))
                    .succeeded();

            assertThat(query(database, VERSIONS)).containsExactly("1.0", "1.1", "1.2");
            assertThat(query(database, "SELECT COUNT(*) > 1 FROM pipeline_run")).containsExactly("1");
            assertThat(database.migrateToLatest()).succeeded();
        }
    }
}
