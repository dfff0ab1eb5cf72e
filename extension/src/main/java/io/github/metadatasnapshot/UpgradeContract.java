package io.github.metadatasnapshot;

import static io.github.metadatasnapshot.assertion.MetadataSnapshotAssertions.assertSoftly;

import io.github.metadatasnapshot.assertion.UpgradeAssert;
import io.github.metadatasnapshot.migration.Upgrade;

/**
 * Upgrading works: every released version, with the data of its backup, upgrades along every path. A class that promises
 * this says so, and needs no code:
 *
 * <pre>{@code
 * @MetadataSnapshot(databases = {"postgres:13", "postgres:17"}, backups = "backups/{engine}/{version}.sql.gz")
 * class CatalogCompatibilityTest implements UpgradeContract, RestoreContract {}
 * }</pre>
 *
 * <p>The versions are those that there is a backup of, and the latest that there is a migration to. A version with a
 * migration and without a backup is named at the end of the run. {@link MetadataSnapshot#paths} says between which versions
 * upgrades are tried; {@link AfterUpgrade} methods of the class run after each.
 *
 * <p>Backups taken on one release of an engine are upgraded on others, as when a product moves from PostgreSQL 13 to 18,
 * where the place of the backups names the engine alone, and {@code databases} the releases:
 *
 * <pre>{@code
 * // Both load what pg_dump 13 wrote.
 * @MetadataSnapshot(databases = {"postgres:13", "postgres:18"}, backups = "backups/postgresql/{version}.sql.gz")
 * }</pre>
 *
 * @since 0.1
 */
public interface UpgradeContract {

    /**
     * Proves one upgrade.
     *
     * @param upgrade the upgrade
     */
    @UpgradePathTest
    default void upgrade(Upgrade upgrade) {
        assertSoftly(upgrade, this::prove);
    }

    /**
     * Says what an upgrade has to prove: that it succeeded, kept every row, ended with the shape of a clean install, left
     * nothing to do and accepts writes. Each check is made, also after one that failed, and all that failed are told together, the gravest first;
     * of an upgrade that failed nothing else is looked at. A class that promises more, or that has exceptions to declare, overrides this:
     *
     * <pre>{@code
     * @Override
     * public void prove(UpgradeAssert upgrade) {
     *     UpgradeContract.super.prove(upgrade.except("audit_log", "purged by 1.10"));
     *     upgrade.keptEveryValue();
     * }
     * }</pre>
     *
     * @param upgrade the upgrade
     */
    default void prove(UpgradeAssert upgrade) {
        upgrade.succeeded().keptEveryRow().matchesCleanInstall().isRepeatable().acceptsWrites();
    }
}
