package io.github.metadatasnapshot.samples.openmetadata;

import static io.github.metadatasnapshot.assertion.MetadataSnapshotAssertions.assertThat;

import io.github.metadatasnapshot.MetadataDatabase;
import io.github.metadatasnapshot.MetadataSnapshot;
import io.github.metadatasnapshot.backup.SnapshotCapture;
import io.github.metadatasnapshot.engine.Engine;
import io.github.metadatasnapshot.engine.Version;
import io.github.metadatasnapshot.migration.Upgrade;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.NavigableSet;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/**
 * One life of the product, up to its newest version: from {@code -Dopenmetadata.from} on it is backed up at each, and the other
 * tests take that.
 */
@Order(1)
@MetadataSnapshot(
        databases = {"postgres:17", "mysql:9.7"},
        migrator = OpenMetadata.class,
        version = BackupTest.FIRST)
class BackupTest {

    /** The first version in whose database the server has tables of its own for its history. */
    static final String FIRST = "0.0.14";

    private static final Version FROM = Version.of(System.getProperty("openmetadata.from", FIRST));

    static boolean hasWrittenBackups() {
        return Files.isDirectory(Path.of("target", "backups"));
    }

    @Test
    void everyVersionIsBackedUpByTheDocumentsCommand(MetadataDatabase database) throws Exception {
        Engine engine = database.engine().equals("postgresql") ? Engine.POSTGRESQL : Engine.MYSQL;
        NavigableSet<Version> versions = OpenMetadata.layout(OpenMetadata.migrations(), engine)
                .versions()
                .tailSet(FROM, true);
        Documented documented = new Documented(engine);
        for (Version version : versions) {
            Upgrade upgrade = database.migrateTo(version.toString());
            assertThat(upgrade).succeeded();
            use(database, version);
            documented.backUp(
                    new Documented.Database(database.jdbcUrl(), database.user(), database.password()),
                    Path.of("target", "backups", database.engine(), version + ".sql"));
            if (RowsOnlyTest.BACKUPS.contains(version.toString())) {
                SnapshotCapture.from(database.jdbcUrl(), database.user(), database.password())
                        .historyTable(OpenMetadata.history(engine))
                        .dataOnly()
                        .to(Path.of("target", "backups", database.engine(), "rows", version + ".sql"));
            }
        }
    }

    /**
     * Writes what the server of a version does. Two rows at least, since a unique key never notices what a restore does to the
     * only one.
     */
    private static void use(MetadataDatabase database, Version version) throws SQLException {
        if (!OpenMetadata.isMiniature()) {
            return;
        }
        try (Connection connection = database.connect();
                var statement = connection.createStatement()) {
            boolean postgres = database.engine().equals("postgresql");
            boolean hasTypes = version.compareTo(FillsValues.TEAM_TYPES) >= 0;
            boolean hasHashes = version.compareTo(FillsValues.NAME_HASHES) >= 0;
            boolean hasOwners = version.compareTo(FillsValues.OWNERS) >= 0;
            String hash = postgres ? "md5('orders')" : "sha2('orders', 256)";
            for (String name : new String[] {"a", "b"}) {
                statement.execute("INSERT INTO team (json) VALUES ('{\"id\": \"team-" + version + "-" + name + "\""
                        + (hasTypes ? ", \"teamType\": \"Group\"" : "") + "}')");
                String id = "asset-" + version + "-" + name;
                statement.execute("INSERT INTO asset (json" + (hasHashes ? ", nameHash" : "") + ") VALUES ('{\"id\": \""
                        + id + "\", \"name\": \"orders\""
                        + (hasOwners ? "" : ", \"owner\": \"" + owner(id) + "\"") + "}'"
                        + (hasHashes ? ", " + hash : "") + ")");
                if (hasOwners) {
                    statement.execute(
                            "INSERT INTO asset_owner (assetId, owner) VALUES ('" + id + "', '" + owner(id) + "')");
                }
            }
        }
    }

    /** {@return the owner of an asset: the first team that was written at the same version} */
    static String owner(String asset) {
        return asset.replaceFirst("asset-(.*)-.", "team-$1-a");
    }
}
