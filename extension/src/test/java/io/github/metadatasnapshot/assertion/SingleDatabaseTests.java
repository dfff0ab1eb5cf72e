package io.github.metadatasnapshot.assertion;

import static io.github.metadatasnapshot.assertion.MetadataSnapshotAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.metadatasnapshot.engine.Engine;
import io.github.metadatasnapshot.migration.Migrator;
import io.github.metadatasnapshot.migration.Upgrade;
import io.github.metadatasnapshot.server.ExternalSettings;
import io.github.metadatasnapshot.server.ServerProvider;
import io.github.metadatasnapshot.server.ServerSettings;
import io.github.metadatasnapshot.server.ServerSpec;
import io.github.metadatasnapshot.server.Servers;
import io.github.metadatasnapshot.server.TestDatabase;
import io.github.metadatasnapshot.testsupport.Scripts;
import io.github.metadatasnapshot.testsupport.TestServers;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Upgrades on an external server that has one database only. */
class SingleDatabaseTests {

    private static final String WAY_OUT = "This test needs two databases at a time, and"
            + " metadatasnapshot.external.postgresql.single-database=true gives one. Let the user create databases";

    private TestDatabase only;
    private Servers servers;
    private TestDatabase database;
    private Migrator migrator;

    @BeforeEach
    void migrateToTheFirstVersion(@TempDir Path directory) {
        only = TestServers.embedded().createDatabase();
        servers = new Servers(new ServerSettings(
                ServerProvider.EXTERNAL,
                Map.of(Engine.POSTGRESQL, new ExternalSettings(only.jdbcUrl(), only.user(), only.password(), true))));
        database = servers.get(ServerSpec.parse("postgres:17")).createDatabase();
        migrator = new Scripts(directory)
                .with("V1__people.sql", "CREATE TABLE person (id INT PRIMARY KEY);", "INSERT INTO person VALUES (1);")
                .with("V2__name.sql", "ALTER TABLE person ADD name TEXT;")
                .with("V3__half.sql", "INSERT INTO nowhere VALUES (1);")
                .migrator(Engine.POSTGRESQL);
        upgrade("1");
    }

    @AfterEach
    void drop() {
        database.close();
        servers.close();
        only.close();
    }

    private Upgrade upgrade(String version) {
        return Upgrade.run(database, migrator, Optional.of(version));
    }

    @Test
    void thereIsNoCleanInstallToCompareWith() {
        Upgrade upgrade = upgrade("2");

        assertThatThrownBy(() -> assertThat(upgrade).matchesCleanInstall())
                .hasMessage(
                        "Expected the upgrade postgres:17 · 1 → 2 to end with the shape of a clean install of 2, but"
                                + " there is none to compare with. An empty database migrated to 2: " + WAY_OUT);
    }

    @Test
    void thereIsNoCopyOfTheDataToCompareWith() {
        Upgrade upgrade = upgrade("2");

        assertThatThrownBy(() -> assertThat(upgrade).keptEveryRow())
                .hasMessage(
                        "Expected the upgrade postgres:17 · 1 → 2 to keep every row, but its data cannot be compared,"
                                + " because the database before the upgrade could not be kept: " + WAY_OUT);
    }

    @Test
    void theDatabaseItselfIsMigratedAgain() {
        assertThat(upgrade("2")).isRepeatable();
    }

    @Test
    void whatAFailedMigrationLeftIsNotKnown() {
        Upgrade upgrade = upgrade("3");

        assertThatThrownBy(() -> assertThat(upgrade).succeeded())
                .message()
                .matches(
                        "(?s).*\napplied before:\n- V2__name\\.sql took [^\n]*\nwhat is left of what failed is not known");
    }
}
