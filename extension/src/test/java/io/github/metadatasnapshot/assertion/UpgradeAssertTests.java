package io.github.metadatasnapshot.assertion;

import static io.github.metadatasnapshot.assertion.MetadataSnapshotAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.metadatasnapshot.migration.FlywayMigrator;
import io.github.metadatasnapshot.migration.FlywaySettings;
import io.github.metadatasnapshot.migration.Upgrade;
import io.github.metadatasnapshot.server.TestDatabase;
import io.github.metadatasnapshot.testsupport.TestServers;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class UpgradeAssertTests {

    private TestDatabase database;

    @BeforeEach
    void createDatabase() {
        database = TestServers.embedded().createDatabase();
    }

    @AfterEach
    void dropDatabase() {
        database.close();
    }

    private Upgrade upgrade(String locations, String version) {
        FlywaySettings settings =
                new FlywaySettings(List.of(), List.of(locations), "", List.of(), Map.of(), Optional.empty(), false);
        FlywayMigrator migrator =
                new FlywayMigrator(settings, database.engine(), getClass().getClassLoader());
        return Upgrade.run(database, migrator, Optional.of(version));
    }

    @Test
    void succeededPassesAfterAnUpgradeThatDid() {
        Upgrade upgrade = upgrade("migrations/simple", "1.9");

        assertThat(assertThat(upgrade).succeeded()).isInstanceOf(UpgradeAssert.class);
    }

    @Test
    void succeededFailsWithTheMigrationItsLineStatementAndSqlState() {
        Upgrade upgrade = upgrade("migrations/fails", "2");

        assertThatThrownBy(() -> assertThat(upgrade).succeeded())
                .isInstanceOf(AssertionError.class)
                .hasMessageStartingWith(
                        "Expected the upgrade postgres:17 · no version → 2 to succeed, but it stopped at 1,"
                                + " in V2__half.sql, line 4: ERROR: relation \"nowhere\" does not exist")
                .hasMessageContaining("(SQLSTATE 42P01)\nstatement: INSERT INTO nowhere");
    }

    @Test
    void failedPassesAfterAnUpgradeThatDid() {
        assertThat(upgrade("migrations/fails", "2")).failed();
    }

    @Test
    void failedFailsAfterOneThatSucceeded() {
        Upgrade one = upgrade("migrations/simple", "1.8");
        Upgrade more = upgrade("migrations/simple", "1.10");

        assertThatThrownBy(() -> assertThat(one).failed())
                .hasMessage(
                        "Expected the upgrade postgres:17 · no version → 1.8 to fail, but it succeeded with 1 migration");
        assertThatThrownBy(() -> assertThat(more).failed())
                .hasMessage(
                        "Expected the upgrade postgres:17 · 1.8 → 1.10 to fail, but it succeeded with 2 migrations");
    }

    @Test
    void theDescriptionStandsBeforeTheMessage() {
        Upgrade upgrade = upgrade("migrations/simple", "1.8");

        assertThatThrownBy(() -> assertThat(upgrade).as("the new release").failed())
                .hasMessageStartingWith("[the new release] Expected the upgrade");
    }

    @Test
    void nullFails() {
        assertThatThrownBy(() -> assertThat((Upgrade) null).succeeded()).hasMessageContaining("not to be null");
        assertThatThrownBy(() -> assertThat((Upgrade) null).failed()).hasMessageContaining("not to be null");
    }
}
