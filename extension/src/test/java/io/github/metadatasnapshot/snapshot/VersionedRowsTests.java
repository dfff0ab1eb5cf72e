package io.github.metadatasnapshot.snapshot;

import static io.github.metadatasnapshot.assertion.MetadataSnapshotAssertions.assertThat;
import static io.github.metadatasnapshot.testsupport.Library.query;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.metadatasnapshot.engine.Engine;
import io.github.metadatasnapshot.migration.Migrator;
import io.github.metadatasnapshot.migration.Upgrade;
import io.github.metadatasnapshot.restore.DocumentedClient;
import io.github.metadatasnapshot.restore.Restore;
import io.github.metadatasnapshot.server.DatabaseServer;
import io.github.metadatasnapshot.server.ServerException;
import io.github.metadatasnapshot.server.TestDatabase;
import io.github.metadatasnapshot.testsupport.Dumps;
import io.github.metadatasnapshot.testsupport.Library;
import io.github.metadatasnapshot.testsupport.RequiresDocker;
import io.github.metadatasnapshot.testsupport.Scripts;
import io.github.metadatasnapshot.testsupport.TestServers;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rows that MariaDB keeps when they are updated or deleted. */
@RequiresDocker
class VersionedRowsTests {

    private static final String PRICES = """
            CREATE TABLE price (id INT PRIMARY KEY, amount INT) WITH SYSTEM VERSIONING;
            INSERT INTO price VALUES (1, 10), (2, 20);
            UPDATE price SET amount = 11 WHERE id = 1;
            UPDATE price SET amount = 12 WHERE id = 1;
            DELETE FROM price WHERE id = 2;
            """;

    private static final String ALL = "SELECT id, amount FROM price FOR SYSTEM_TIME ALL ORDER BY row_end, id";

    private final DatabaseServer server = TestServers.container("mariadb:11.8");
    private final PreparedStates states = new PreparedStates(1L << 30, 0);

    @TempDir
    private Path directory;

    @TempDir
    private Path dumps;

    @AfterEach
    void stop() {
        states.close();
    }

    private Migrator migrator(String first, String second) {
        return new Scripts(directory)
                .with("V1__first.sql", first)
                .with("V2__second.sql", second)
                .migrator(Engine.MARIADB);
    }

    private Upgrade upgrade(String second) {
        Migrator migrator = migrator(PRICES, second);
        TestDatabase database = states.create(new Snapshot(migrator, Optional.of("1"), Optional.empty()), server);
        return Upgrade.run(
                database,
                states.contents(database),
                migrator,
                Optional.of("2"),
                List.of(),
                new CleanInstalls(),
                states);
    }

    @Test
    void aSoundUpgradeKeepsThem() {
        assertThat(upgrade("""
                SET @@system_versioning_alter_history = KEEP;
                ALTER TABLE price ADD COLUMN note VARCHAR(9);
                UPDATE price SET note = 'new';
                """))
                .succeeded()
                .keptEveryRow()
                .keptEveryValue()
                .matchesCleanInstall()
                .isRepeatable();
    }

    @Test
    void whatAnUpgradeDropsOfThemIsLost() {
        assertThatThrownBy(
                        () -> assertThat(upgrade("DELETE HISTORY FROM price;")).keptEveryRow())
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("table price (history) is gone, with 3 rows");
        assertThatThrownBy(() -> assertThat(upgrade("ALTER TABLE price DROP SYSTEM VERSIONING;"))
                        .keptEveryRow())
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("table price (history) is gone, with 3 rows");
    }

    @Test
    void aCopyThatLacksThemIsAnError() {
        Migrator migrator = migrator("""
                CREATE TABLE price (id INT PRIMARY KEY, s BIGINT UNSIGNED GENERATED ALWAYS AS ROW START,
                  e BIGINT UNSIGNED GENERATED ALWAYS AS ROW END, PERIOD FOR SYSTEM_TIME (s, e)) WITH SYSTEM VERSIONING;
                INSERT INTO price (id) VALUES (1), (2);
                CREATE TABLE ends_the_transaction (id INT);
                DELETE FROM price WHERE id = 2;
                """, "SELECT 1;");
        List<String> before = Library.databases(server);

        assertThatThrownBy(() -> states.create(new Snapshot(migrator, Optional.of("1"), Optional.empty()), server))
                .isInstanceOf(ServerException.class)
                .hasMessageStartingWith("A copy of snapshot")
                .hasMessageEndingWith(" does not hold what the database does, so no test can have one:"
                        + "\n- table price has 1 rows, before it had 2"
                        + "\nSet metadatasnapshot.states.megabytes=0, and each database is made anew");
        // The state itself stays for the next who asks.
        assertThat(Library.databases(server)).hasSize(before.size() + 1);
    }

    @Test
    void aBackupBringsThem() {
        Migrator migrator = migrator(PRICES, "SELECT 1;");
        try (TestDatabase used = new Snapshot(migrator, Optional.of("1"), Optional.empty()).create(server);
                TestDatabase empty = server.createDatabase();
                TestDatabase migrated = new Snapshot(migrator, Optional.of("1"), Optional.empty()).create(server)) {
            Library.execute(used, "UPDATE price SET amount = 13", "UPDATE price SET amount = 14");
            Restores restores = new Restores(states, new CleanInstalls());
            Restore full = restores.restore(
                    empty, Optional.empty(), Dumps.of(used, dumps, "--dump-history"), new DocumentedClient(), migrator);
            assertThat(full).succeeded().isComplete();
            assertThat(query(empty, ALL))
                    .isEqualTo(query(used, ALL))
                    .containsExactly("1|10", "1|11", "2|20", "1|12", "1|13", "1|14");

            assertThat(restores.restore(
                            migrated,
                            Optional.empty(),
                            Dumps.of(used, dumps, "--no-create-info", "--skip-triggers", "--skip-routines"),
                            new DocumentedClient(),
                            migrator))
                    .succeeded();
            assertThat(query(migrated, ALL)).containsExactly("1|14");
        }
    }
}
