package io.github.metadatasnapshot.samples.openmetadata;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.metadatasnapshot.AfterUpgrade;
import io.github.metadatasnapshot.engine.Version;
import io.github.metadatasnapshot.migration.Upgrade;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Map;
import java.util.TreeMap;

/**
 * After each upgrade, what the miniature's migrations fill holds what it should: the hash of each asset's name from 1.1.0 on,
 * each owner in a table of its own from 1.3.3 on, the type of each team from 1.10.0 on. A checkout's tables are others.
 */
interface FillsValues {

    Version NAME_HASHES = Version.of("1.1.0");
    Version OWNERS = Version.of("1.3.3");
    Version TEAM_TYPES = Version.of("1.10.0");

    @AfterUpgrade
    default void whatMigrationsFillIsFilled(Upgrade upgrade, Connection connection) throws SQLException {
        if (!OpenMetadata.isMiniature()) {
            return;
        }
        boolean postgres = connection.getMetaData().getDatabaseProductName().equals("PostgreSQL");
        Version version = Version.of(upgrade.to());
        if (version.compareTo(NAME_HASHES) >= 0) {
            String hash = postgres ? "md5(name)" : "sha2(name, 256)";
            assertThat(query(connection, "SELECT id, nameHash FROM asset"))
                    .as("name hashes")
                    .isNotEmpty()
                    .isEqualTo(query(connection, "SELECT id, " + hash + " FROM asset"));
        }
        if (version.compareTo(OWNERS) >= 0) {
            Map<String, String> owners = query(connection, "SELECT id, id FROM asset");
            owners.replaceAll((asset, id) -> BackupTest.owner(id));
            assertThat(query(connection, "SELECT assetId, owner FROM asset_owner"))
                    .as("owners")
                    .isEqualTo(owners);
        }
        if (version.compareTo(TEAM_TYPES) >= 0) {
            String type = postgres ? "json ->> 'teamType'" : "json ->> '$.teamType'";
            assertThat(query(connection, "SELECT id, " + type + " FROM team"))
                    .as("team types")
                    .isNotEmpty()
                    .isEqualTo(query(connection, "SELECT id, 'Group' FROM team"));
        }
    }

    private static Map<String, String> query(Connection connection, String sql) throws SQLException {
        Map<String, String> values = new TreeMap<>();
        try (var statement = connection.createStatement();
                ResultSet result = statement.executeQuery(sql)) {
            while (result.next()) {
                values.put(result.getString(1), result.getString(2));
            }
        }
        return values;
    }
}
