package io.github.metadatasnapshot.snapshot;

import static io.github.metadatasnapshot.assertion.MetadataSnapshotAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.metadatasnapshot.backup.Backup;
import io.github.metadatasnapshot.migration.Migrator;
import io.github.metadatasnapshot.migration.Upgrade;
import io.github.metadatasnapshot.server.DatabaseServer;
import io.github.metadatasnapshot.server.TestDatabase;
import io.github.metadatasnapshot.testsupport.Library;
import io.github.metadatasnapshot.testsupport.Product;
import io.github.metadatasnapshot.testsupport.TestServers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A backup from before the product had Flyway, which begins its history there: {@code baselineOnMigrate}. */
class TakenOverTests {

    private static final String LEGACY = """
        --
        -- PostgreSQL database dump
        --
        SET client_encoding = 'UTF8';
        SELECT pg_catalog.set_config('search_path', '', false);
        CREATE TABLE public.item (
            id integer NOT NULL
        );
        COPY public.item (id) FROM stdin;
        1
        \\.


        ALTER TABLE ONLY public.item ADD CONSTRAINT item_pkey PRIMARY KEY (id);
        --
        -- PostgreSQL database dump complete
        --
        """;

    private final DatabaseServer server = TestServers.embedded();
    private Product product;
    private Backup legacy;

    @BeforeEach
    void create(@TempDir Path directory) throws IOException {
        legacy = Backup.of(Files.writeString(directory.resolve("legacy.sql"), LEGACY));
        product = new Product(directory)
                .sql("V1__legacy.sql", "CREATE TABLE item (id integer PRIMARY KEY);")
                .sql("V2__note.sql", "ALTER TABLE item ADD COLUMN note text;");
    }

    private Upgrade upgrade(TestDatabase database, String to) {
        return Upgrade.run(database, product.migrator(server.engine()), Optional.of(to));
    }

    private TestDatabase prepare(String version) {
        Migrator migrator = product.migrator(server.engine());
        return new Snapshot(migrator, Optional.of(version).filter(text -> !text.isEmpty()), Optional.of(legacy))
                .create(server);
    }

    @Test
    void startsAtTheBaselineAndUpgrades() {
        product.alsoConfig("flyway.conf", "flyway.baselineOnMigrate=true\nflyway.baselineVersion=1");
        for (String declared : new String[] {"1", ""}) {
            try (TestDatabase database = prepare(declared)) {
                assertThat(Library.query(database, "SELECT version, type FROM flyway_schema_history"))
                        .containsExactly("1|BASELINE");
                Upgrade upgrade = upgrade(database, "2");

                assertThat(upgrade.from()).isEqualTo("1");
                assertThat(upgrade)
                        .succeeded()
                        .keptEveryRow()
                        .keptEveryValue()
                        .matchesCleanInstall()
                        .isRepeatable();
                assertThat(Library.query(database, "SELECT id FROM item")).containsExactly("1");
                assertThat(upgrade.passedOver()).isEmpty();
            }
        }
    }

    @Test
    void isAnErrorWhereMigrationsWouldNeverRun() {
        product.alsoConfig("flyway.conf", "flyway.baselineOnMigrate=true\nflyway.baselineVersion=2");

        assertThatThrownBy(() -> prepare("1"))
                .isInstanceOf(SnapshotException.class)
                .hasMessageContaining(
                        "holds no history, and the product takes over such a database at version 2 (baselineVersion),"
                                + " while the annotation says version 1: what lies between would never run.");
    }

    @Test
    void isAnErrorWhereTheProductTakesNothingOver() {
        assertThatThrownBy(() -> prepare("1"))
                .isInstanceOf(SnapshotException.class)
                .hasMessageContaining("holds no table flyway_schema_history, so nothing tells of which version it is.")
                .hasMessageEndingWith("Where the product takes over databases without a history, configure that:"
                        + " baselineOnMigrate and baselineVersion, by flywayConfig or a FlywayCustomizer");
    }
}
