package io.github.metadatasnapshot.samples.openmetadata;

import static io.github.metadatasnapshot.assertion.MetadataSnapshotAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.metadatasnapshot.MetadataDatabase;
import io.github.metadatasnapshot.MetadataSnapshot;
import io.github.metadatasnapshot.restore.Restore;
import io.github.metadatasnapshot.restore.RestoreVerdict;
import io.github.metadatasnapshot.restore.SilentAcceptance;
import java.util.Set;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;

/**
 * The form of the documented procedure that works on both databases: a clean database is migrated to the version of the backup,
 * and rows alone are restored. {@link BackupTest} writes them.
 */
@Order(3)
@DisabledIfSystemProperty(named = "openmetadata.home", matches = ".+", disabledReason = "its versions are others")
@TakesBackups
@MetadataSnapshot(
        databases = {"postgres:17", "mysql:9.7"},
        migrator = OpenMetadata.class)
class RowsOnlyTest {

    static final Set<String> BACKUPS = Set.of("0.0.15", "1.3.3");

    private static Restore restore(MetadataDatabase database, String version) {
        return database.restore("file:target/backups/{engine}/rows/" + version + ".sql");
    }

    /** The tool of the 1.0.0 page writes TRUNCATE and INSERT, and no history: the file does not say of which version it is. */
    private static Restore restoreOfThe1_0_0Page(MetadataDatabase database) {
        return database.restore("rows-of-the-1.0.0-page.sql", "0.0.15");
    }

    @MetadataSnapshot(version = "1.3.3")
    @Test
    void goIntoACleanDatabaseAtTheirVersion(MetadataDatabase database) {
        assertThat(restore(database, "1.3.3")).hasVerdict(RestoreVerdict.RESTORED);
    }

    @MetadataSnapshot(version = "1.10.0")
    @Test
    void ofAnEarlierVersionAreTakenAsTheyWere(MetadataDatabase database) {
        assertThat(restore(database, "0.0.15"))
                .wasSilentlyAccepted(SilentAcceptance.HISTORY_TURNED_BACK, SilentAcceptance.UNTRANSFORMED_DATA);
    }

    @MetadataSnapshot(version = "0.0.15")
    @Test
    void ofALaterVersionAreTakenInPart(MetadataDatabase database) {
        Restore restore = restore(database, "1.3.3");

        // psql goes on after errors, mysql stops at the first.
        assertThat(restore)
                .hasVerdict(
                        database.engine().equals("postgresql")
                                ? RestoreVerdict.SILENTLY_ACCEPTED
                                : RestoreVerdict.PARTIALLY_APPLIED);
    }

    @MetadataSnapshot(version = "0.0.15")
    @Test
    void ofThe1_0_0PageGoIntoTheirVersion(MetadataDatabase database) {
        assertThat(restoreOfThe1_0_0Page(database)).hasVerdict(RestoreVerdict.RESTORED);
    }

    /** The names have no hashes then, which the server of 1.1.0 looks them up by. */
    @MetadataSnapshot(version = "1.1.0")
    @Test
    void ofThe1_0_0PageAreNoneOfTheNextVersion(MetadataDatabase database) {
        assertThat(restoreOfThe1_0_0Page(database)).wasSilentlyAccepted(SilentAcceptance.UNTRANSFORMED_DATA);
    }

    /** 1.10.0 has the tables of 1.3.3, and the history comes with the rows: a database of 1.3.3, under a server of 1.10.0. */
    @MetadataSnapshot(version = "1.10.0")
    @Test
    void turnTheVersionBackWhereTheTablesAreTheSame(MetadataDatabase database) {
        Restore restore = restore(database, "1.3.3");

        assertThat(restore).hasVerdict(RestoreVerdict.RESTORED);
        assertThat(restore.after().history().describeVersion()).isEqualTo("1.3.3");
    }
}
