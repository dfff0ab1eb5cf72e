package io.github.metadatasnapshot.migration;

import static io.github.metadatasnapshot.assertion.MetadataSnapshotAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.metadatasnapshot.UpgradeContract;
import io.github.metadatasnapshot.server.DatabaseServer;
import io.github.metadatasnapshot.server.TestDatabase;
import io.github.metadatasnapshot.snapshot.Snapshot;
import io.github.metadatasnapshot.testsupport.Images;
import io.github.metadatasnapshot.testsupport.Library;
import io.github.metadatasnapshot.testsupport.Product;
import io.github.metadatasnapshot.testsupport.RequiresDocker;
import io.github.metadatasnapshot.testsupport.TakesTurns;
import io.github.metadatasnapshot.testsupport.TestServers;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Features of Flyway that products use: sound upgrades are proven, and what fails says why in Flyway's or the engine's words. */
@RequiresDocker
@TakesTurns(of = 3)
class FlywayFeaturesTests {

    private static final String ITEM = "CREATE TABLE item (id integer PRIMARY KEY);\nINSERT INTO item VALUES (1);\n";
    private static final String NOTE = "ALTER TABLE item ADD COLUMN note varchar(20);";

    private Product product;

    @BeforeEach
    void create(@TempDir Path directory) {
        product = new Product(directory);
    }

    /** Migrates a database from version 1, and looks at what came of it while the database is there. */
    private void upgrade(String image, String version, Consumer<Upgrade> look) {
        DatabaseServer server = TestServers.container(image);
        Migrator migrator = product.migrator(server.engine());
        try (TestDatabase database = new Snapshot(migrator, Optional.of("1"), Optional.empty()).create(server)) {
            look.accept(Upgrade.run(database, migrator, Optional.of(version)));
        }
    }

    private void assertProven(String image, String version) {
        upgrade(image, version, new UpgradeContract() {}::upgrade);
    }

    private Product outsideTransactions(String settings) {
        return product.sql("V1__mood.sql", """
                        CREATE TYPE mood AS ENUM ('sad');
                        CREATE TABLE person (id integer PRIMARY KEY, mood mood);
                        INSERT INTO person VALUES (1, 'sad');
                        """)
                .sql(
                        "V2__mood.sql",
                        "ALTER TYPE mood ADD VALUE 'happy';\nUPDATE person SET mood = 'happy' WHERE id = 2;")
                .sql("V2__mood.sql.conf", "executeInTransaction=false")
                .sql("V3__index.sql", "CREATE INDEX CONCURRENTLY person_mood ON person (mood);")
                .sql("V4__vacuum.sql", "VACUUM ANALYZE person;")
                .sql("V5__mixed.sql", """
                        ALTER TABLE person ADD COLUMN name text;
                        CREATE INDEX CONCURRENTLY person_name ON person (name);
                        """)
                .alsoConfig("flyway.conf", "flyway.postgresql.transactional.lock=false\n" + settings);
    }

    @ParameterizedTest
    @ValueSource(strings = {"2", "3", "4", "5"})
    void statementsOutsideOfTransactionsAreProven(String version) {
        outsideTransactions("flyway.mixed=true");

        assertProven("postgres:17", version);
    }

    @Test
    void statementsInsideAndOutsideOfTransactionsAreRefusedByFlyway() {
        outsideTransactions("");

        upgrade(
                "postgres:17",
                "5",
                upgrade -> assertThatThrownBy(() -> assertThat(upgrade).succeeded())
                        .isInstanceOf(AssertionError.class)
                        .hasMessageContainingAll(
                                "1 → 5 to succeed, but the database is at 4; V5__mixed.sql, line 2 failed: ",
                                "both transactional and non-transactional statements",
                                "line 2: CREATE INDEX CONCURRENTLY person_name ON person (name)"));
    }

    @ParameterizedTest
    @Images({"postgres:17", "mysql:9.7", "mariadb:11.8"})
    void allMigrationsInOneTransactionAreProvenAndFailAtTheOneThatFails(String image) {
        product.sql("V1__item.sql", ITEM)
                .sql("V2__note.sql", NOTE)
                .sql("V3__bad.sql", "INSERT INTO item (id) VALUES (1);")
                .alsoConfig("flyway.conf", "flyway.group=true");

        assertProven(image, "2");
        upgrade(
                image,
                "3",
                upgrade -> assertThatThrownBy(() -> assertThat(upgrade).succeeded())
                        .isInstanceOf(AssertionError.class)
                        .hasMessageContaining("1 → 3 to succeed, but the database is at ")
                        .hasMessageContaining("; V3__bad.sql, line 1 failed: ")
                        .hasMessageContaining("statement: INSERT INTO item (id) VALUES (1)"));
    }

    @Test
    void callbacksBesideTheMigrationsAndElsewhereAreRun() {
        product.sql("V1__item.sql", ITEM)
                .sql("V2__note.sql", NOTE)
                .sql("beforeMigrate__settings.sql", "SET lock_timeout = '5s';")
                .sql("../calls/afterMigrate__view.sql", "CREATE OR REPLACE VIEW all_items AS SELECT id FROM item;")
                .alsoConfig("flyway.conf", "flyway.callbackLocations=filesystem:DIR/calls");

        assertProven("postgres:17", "2");
        DatabaseServer server = TestServers.container("postgres:17");
        try (TestDatabase database =
                new Snapshot(product.migrator(server.engine()), Optional.of("2"), Optional.empty()).create(server)) {
            assertThat(Library.query(database, "SELECT count(*) FROM all_items"))
                    .containsExactly("1");
        }
    }

    /** As where a hotfix of the release before was merged late: the database has not had it, and the upgrade brings it. */
    @ParameterizedTest
    @Images({"postgres:17", "mysql:9.7"})
    void aHotfixThatTheUpgradeAppliesOutOfOrderIsProven(String image) {
        product.sql("V1__item.sql", ITEM).sql("V3__note.sql", NOTE).alsoConfig("flyway.conf", "flyway.outOfOrder=true");
        DatabaseServer server = TestServers.container(image);
        try (TestDatabase database =
                new Snapshot(product.migrator(server.engine()), Optional.of("3"), Optional.empty()).create(server)) {
            product.sql("V2__hotfix.sql", "CREATE TABLE hotfix (id integer PRIMARY KEY);")
                    .sql("V4__next.sql", "CREATE TABLE next_release (id integer PRIMARY KEY);");
            Upgrade upgrade = Upgrade.run(database, product.migrator(server.engine()), Optional.of("4"));

            new UpgradeContract() {}.upgrade(upgrade);

            assertThat(upgrade.migrations())
                    .extracting(AppliedMigration::version)
                    .containsExactly("2", "4");
        }
    }

    @Test
    void extensionsOfPostgreSqlAreProven() {
        product.sql("V1__extensions.sql", """
                        CREATE EXTENSION IF NOT EXISTS "uuid-ossp";
                        CREATE EXTENSION IF NOT EXISTS pgcrypto;
                        CREATE EXTENSION IF NOT EXISTS pg_trgm;
                        CREATE EXTENSION IF NOT EXISTS citext;
                        CREATE TABLE item (id uuid PRIMARY KEY DEFAULT uuid_generate_v4(), name citext UNIQUE);
                        INSERT INTO item (name) VALUES ('One');
                        """).sql("V2__index.sql", """
                        CREATE INDEX item_trgm ON item USING gin ((name::text) gin_trgm_ops);
                        CREATE EXTENSION pg_stat_statements;
                        """);

        assertProven("postgres:17", "2");
    }

    /** Flyway logs in without what the driver needs to send a file, so it fails where the product runs, too. */
    @ParameterizedTest
    @Images({"mysql:9.7", "mariadb:11.8"})
    void aMigrationThatLoadsAFileFailsInTheEnginesWords(String image) {
        product.sql("V1__item.sql", ITEM)
                .sql("V2__local.sql", "LOAD DATA LOCAL INFILE '/nowhere/item.csv' INTO TABLE item;");
        upgrade(
                image,
                "2",
                upgrade -> assertThatThrownBy(() -> assertThat(upgrade).succeeded())
                        .isInstanceOf(AssertionError.class)
                        .hasMessageContaining("V2__local.sql, line 1 failed: ")
                        .hasMessageContaining("statement: LOAD DATA LOCAL INFILE '/nowhere/item.csv' INTO TABLE item")
                        .hasMessageNotContaining("backup"));

        product.sql("V2__local.sql", "LOAD DATA INFILE '/nowhere/item.csv' INTO TABLE item;");
        upgrade(
                image,
                "2",
                upgrade -> assertThatThrownBy(() -> assertThat(upgrade).succeeded())
                        .isInstanceOf(AssertionError.class)
                        .hasMessageContaining("V2__local.sql, line 1 failed: ")
                        .hasMessageNotContaining("another database"));
    }

    /** A failure of a migration is none of a backup: no cause is named that only a restore has. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    CREATE TABLE item (id integer PRIMARY KEY);        | relation "item" already exists
                    ALTER TABLE itm ADD COLUMN note text;              | relation "itm" does not exist
                    INSERT INTO item VALUES (1);                       | duplicate key value violates unique constraint
                    INSERT INTO item SELECT 2 WHERE '${customer}' > ''; | No value provided for placeholder: ${customer}
                    ALTER TABLE item OWNER TO nobody_at_all;           | role "nobody_at_all" does not exist
                    """)
    void whatFailsSaysWhyAndNoMore(String migration, String message) {
        product.sql("V1__item.sql", ITEM).sql("V2__bad.sql", migration);

        upgrade(
                "postgres:17",
                "2",
                upgrade -> assertThatThrownBy(() -> assertThat(upgrade).succeeded())
                        .isInstanceOf(AssertionError.class)
                        .hasMessageContaining("1 → 2 to succeed, but the database is at 1")
                        .hasMessageContaining("V2__bad.sql")
                        .hasMessageContaining(message)
                        .hasMessageNotContaining("backup"));
    }
}
