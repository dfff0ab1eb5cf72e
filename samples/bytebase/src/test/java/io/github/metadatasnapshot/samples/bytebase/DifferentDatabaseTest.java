package io.github.metadatasnapshot.samples.bytebase;

import static io.github.metadatasnapshot.assertion.MetadataSnapshotAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.metadatasnapshot.MetadataDatabase;
import io.github.metadatasnapshot.MetadataSnapshot;
import io.github.metadatasnapshot.RenamedDatabase;
import io.github.metadatasnapshot.migration.AppliedMigration;
import io.github.metadatasnapshot.migration.Upgrade;
import io.github.metadatasnapshot.restore.Restore;
import io.github.metadatasnapshot.restore.RestoreVerdict;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** Restore option 2 of Bytebase's manual: backups of {@code metadb}, restored into databases of other names. */
@DisabledIfSystemProperty(named = "bytebase.home", matches = ".+", disabledReason = "its backups are others")
class DifferentDatabaseTest {

    private static final String BACKUP = "backups/1.1.0.sql.gz";

    private static void empty(MetadataDatabase database) throws SQLException {
        try (Connection connection = database.connect();
                var statement = connection.createStatement()) {
            statement.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public");
        }
    }

    @Test
    @MetadataSnapshot(
            database = "postgres:17",
            version = "2.0.1",
            migrator = Bytebase.class,
            renamed = @RenamedDatabase(table = "migration_history", column = "namespace", name = "metadb"))
    void isAtTheVersionOfTheBackupAndUpgradedFromThere(MetadataDatabase metadb2, @TempDir Path directory)
            throws SQLException {
        empty(metadb2);

        Restore restore = metadb2.restore(BACKUP);

        assertThat(restore).succeeded().hasVerdict(RestoreVerdict.RESTORED);
        assertThat(metadb2.version()).contains("1.1.0");
        // A backup of it is one of metadb again.
        metadb2.capture(directory.resolve("metadb.sql.zst"));
        Upgrade upgrade = metadb2.migrateToLatest();
        assertThat(upgrade).succeeded().keptEveryRow().isRepeatable();
        assertThat(upgrade.migrations())
                .extracting(AppliedMigration::version)
                .containsExactly("1.10.0", "2.0.0", "2.0.1");
        empty(metadb2);
        assertThat(metadb2.restore(directory.resolve("metadb.sql.zst").toString()))
                .hasVerdict(RestoreVerdict.RESTORED);
        assertThat(metadb2.version()).contains("1.1.0");
    }

    @Test
    @MetadataSnapshot(database = "postgres:17", version = "2.0.1", migrator = Bytebase.class)
    void theUneditedFileIsAtNoVersionThere(MetadataDatabase metadb2) throws SQLException {
        empty(metadb2);

        Restore restore = metadb2.restore(BACKUP);

        assertThat(restore.verdict()).isEqualTo(RestoreVerdict.SILENTLY_ACCEPTED);
        assertThat(restore.unfaithful())
                .containsExactly("the history says no version: the rows of its history are of the database metadb"
                        + " (migration_history.namespace), and count in a database of that name only. Rewrite the name of"
                        + " the database that was dumped to that of the database that it is restored into, as a test does"
                        + " with renamed = @RenamedDatabase(table = \"migration_history\", column = \"namespace\", name ="
                        + " \"metadb\")");
        assertThat(metadb2.version()).isEmpty();
    }
}
