package io.github.metadatasnapshot.samples.bytebase;

import static io.github.metadatasnapshot.assertion.MetadataSnapshotAssertions.assertSoftly;

import io.github.metadatasnapshot.AfterRestore;
import io.github.metadatasnapshot.AfterUpgrade;
import io.github.metadatasnapshot.MetadataSnapshot;
import io.github.metadatasnapshot.RecoveryContract;
import io.github.metadatasnapshot.RenamedDatabase;
import io.github.metadatasnapshot.RestoreContract;
import io.github.metadatasnapshot.UpgradeContract;
import io.github.metadatasnapshot.UpgradePathTest;
import io.github.metadatasnapshot.assertion.UpgradeAssert;
import io.github.metadatasnapshot.engine.Version;
import io.github.metadatasnapshot.migration.Upgrade;
import io.github.metadatasnapshot.restore.StrictClient;
import java.sql.Connection;
import java.sql.SQLException;

/**
 * Every release that there is a backup of. Its history is its own, so that backups have no guard: a restore into a database
 * that is in use is rejected by {@code psql} only where that stops at an error.
 */
@MetadataSnapshot(
        database = "postgres:17",
        migrator = Bytebase.class,
        backups = "backups/{version}.sql.gz",
        renamed = @RenamedDatabase(table = "migration_history", column = "namespace", name = "metadb"),
        procedure = StrictClient.class)
class BytebaseCompatibilityTest implements UpgradeContract, RestoreContract, RecoveryContract {

    /**
     * Where the columns of a table stand, and what PostgreSQL calls a constraint that the script gave no name, is another in a
     * clean install than after years of upgrades, and means nothing.
     */
    @Override
    public void prove(UpgradeAssert upgrade) {
        UpgradeContract.super.prove(upgrade.ignoringColumnOrder().ignoringGeneratedNames());
    }

    /** What migrations fill, on each path that has them: of the miniature, whose rows are known. */
    @AfterUpgrade
    void fillsValues(Upgrade upgrade, Connection connection) throws SQLException {
        if (Bytebase.isMiniature()) {
            FilledValues.check(connection, Version.of(upgrade.to()));
        }
    }

    /** What users wrote is read from each restored database of the miniature, as the server is looked at by the manual. */
    @AfterRestore
    void holdsWhatUsersWrote(Connection connection) throws SQLException {
        if (Bytebase.isMiniature()) {
            FilledValues.checkWritten(connection);
        }
    }

    @Override
    @UpgradePathTest
    public void upgrade(Upgrade upgrade) {
        if (Bytebase.isMiniature() || Version.of(upgrade.to()).equals(Bytebase.latest())) {
            UpgradeContract.super.upgrade(upgrade);
        } else {
            // Of an older release the checkout has no LATEST.sql to compare with.
            assertSoftly(upgrade, proof -> proof.succeeded().keptEveryRow().isRepeatable());
        }
    }
}
