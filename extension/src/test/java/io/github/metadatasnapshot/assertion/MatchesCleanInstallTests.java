package io.github.metadatasnapshot.assertion;

import static io.github.metadatasnapshot.assertion.MetadataSnapshotAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.metadatasnapshot.migration.FlywayCustomizer;
import io.github.metadatasnapshot.migration.Migrator;
import io.github.metadatasnapshot.migration.Upgrade;
import io.github.metadatasnapshot.server.DatabaseServer;
import io.github.metadatasnapshot.server.TestDatabase;
import io.github.metadatasnapshot.testsupport.Images;
import io.github.metadatasnapshot.testsupport.RequiresDocker;
import io.github.metadatasnapshot.testsupport.Scripts;
import io.github.metadatasnapshot.testsupport.TakesTurns;
import io.github.metadatasnapshot.testsupport.TestServers;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;

/**
 * What upgrades forget. A baseline migration is where a clean install differs from an upgrade, or a migration that was edited
 * after its release.
 */
@TakesTurns(of = 3)
class MatchesCleanInstallTests {

    private static final String PERSON = "CREATE TABLE person (id INT PRIMARY KEY, name VARCHAR(100) NOT NULL);";
    private static final String PET = "CREATE TABLE pet (id INT PRIMARY KEY, owner_id INT,"
            + " CONSTRAINT pet_owner FOREIGN KEY (owner_id) REFERENCES person (id) ON DELETE CASCADE);";
    private static final FlywayCustomizer WITHOUT_VALIDATION = flyway -> flyway.validateOnMigrate(false);

    private Scripts scripts;

    @BeforeEach
    void writeFirstVersion(@TempDir Path directory) {
        scripts = new Scripts(directory).with("V1__people.sql", PERSON, PET);
    }

    private void upgrade(DatabaseServer server, Consumer<Upgrade> check) {
        try (TestDatabase database = server.createDatabase()) {
            check.accept(upgrade(database, scripts.migrator(server.engine())));
        }
    }

    private static Upgrade upgrade(TestDatabase database, Migrator migrator) {
        Upgrade.run(database, migrator, Optional.of("1"));
        return Upgrade.run(database, migrator, Optional.of("2"));
    }

    private static void assertFails(Upgrade upgrade, String... message) {
        assertThatThrownBy(() -> assertThat(upgrade).succeeded().matchesCleanInstall())
                .isInstanceOf(AssertionError.class)
                .hasMessage("Expected the upgrade " + upgrade + " to end with the shape of a clean install of 2, but "
                        + String.join("\n", message));
    }

    @Nested
    class OnPostgreSql {

        private void upgrade(Consumer<Upgrade> check) {
            MatchesCleanInstallTests.this.upgrade(TestServers.embedded(), check);
        }

        @Test
        void passesWhereTheShapesAreTheSame() {
            scripts.with("V2__email.sql", "ALTER TABLE person ADD email TEXT;");
            upgrade(upgrade ->
                    assertThat(assertThat(upgrade).matchesCleanInstall()).isInstanceOf(UpgradeAssert.class));
        }

        @Test
        void aColumnForgottenOnUpgrade() {
            scripts.with("V2__email.sql", "-- Addresses", "ALTER TABLE person", "  ADD email TEXT;")
                    .with(
                            "B2__all.sql",
                            "CREATE TABLE person (id INT PRIMARY KEY, name VARCHAR(100) NOT NULL, email TEXT, phone INT);",
                            PET);
            upgrade(upgrade -> assertFails(
                    upgrade,
                    "one object is missing:",
                    "- column person.phone is missing",
                    "    expected: integer",
                    "    last mentioned in B2__all.sql, line 1"));
        }

        @Test
        void aTableIsNamedWithoutItsParts() {
            scripts.with("V2__tables.sql", "CREATE TABLE visit (id INT PRIMARY KEY, at DATE NOT NULL);")
                    .with("B2__all.sql", PERSON, PET, "CREATE TABLE vet (id INT PRIMARY KEY, name TEXT);");
            upgrade(upgrade -> assertFails(
                    upgrade,
                    "one object is missing:",
                    "- table vet is missing",
                    "    expected: TABLE",
                    "    last mentioned in B2__all.sql, line 3",
                    "and one object differs:",
                    "- table visit should not be there",
                    "    actual:   TABLE",
                    "    last mentioned in V2__tables.sql, line 1"));
        }

        @Test
        void ofLongDefinitionsTheLinesThatDiffer() {
            String[] function = {
                "CREATE FUNCTION price(INT) RETURNS INT LANGUAGE plpgsql AS $$",
                "BEGIN",
                "  -- one",
                "  -- two",
                "  -- three",
                "  RETURN 1;",
                "END $$;"
            };
            scripts.with("V2__price.sql", function);
            function[5] = "  RETURN 2;";
            scripts.with("B2__all.sql", String.join("\n", PERSON, PET, String.join("\n", function)));
            upgrade(upgrade -> assertFails(
                    upgrade,
                    "one object differs:",
                    "- routine price(integer) differs",
                    "    expected:",
                    "      …",
                    "        -- two",
                    "        -- three",
                    "        RETURN 2;",
                    "      END $function$",
                    "    actual:",
                    "      …",
                    "        -- two",
                    "        -- three",
                    "        RETURN 1;",
                    "      END $function$",
                    "    last mentioned in V2__price.sql, line 1"));
        }

        @Test
        void theOrderOfColumnsCountsUnlessToldOtherwise() {
            scripts.with("V2__email.sql", "ALTER TABLE person ADD email TEXT;")
                    .with(
                            "B2__all.sql",
                            "CREATE TABLE person (id INT PRIMARY KEY, email TEXT, name VARCHAR(100) NOT NULL);",
                            PET);
            upgrade(upgrade -> {
                assertFails(
                        upgrade,
                        "one name or order differs:",
                        "- column order person differs",
                        "    expected: id, email, name",
                        "    actual:   id, name, email",
                        "    last mentioned in V2__email.sql, line 1");
                assertThat(upgrade).ignoringColumnOrder().matchesCleanInstall();
            });
        }

        @Test
        void namesThatTheServerMadeUpCountUnlessToldOtherwise() {
            scripts.with(
                            "V2__items.sql",
                            "CREATE TABLE entry (id SERIAL PRIMARY KEY, owner INT REFERENCES person, price INT CHECK (price > 0));",
                            "CREATE INDEX ON entry (price);",
                            "ALTER TABLE entry RENAME TO item;",
                            "ALTER TABLE item RENAME owner TO person_id;")
                    .with(
                            "B2__all.sql",
                            PERSON,
                            PET,
                            "CREATE TABLE item (id SERIAL PRIMARY KEY, person_id INT REFERENCES person, price INT CHECK (price > 0));",
                            "CREATE INDEX ON item (price);");
            upgrade(upgrade -> {
                assertThatThrownBy(() -> assertThat(upgrade).matchesCleanInstall())
                        .hasMessageContainingAll(
                                "- constraint item.item_pkey is missing",
                                "- constraint item.entry_pkey should not be there",
                                "- index item.item_price_idx is missing",
                                "- sequence item_id_seq is missing",
                                "- column item.id differs");
                assertThat(upgrade).ignoringGeneratedNames().matchesCleanInstall();
            });
        }

        @Test
        void whatIsBehindAGeneratedNameCountsAlways() {
            scripts.with(
                            "V2__items.sql",
                            "CREATE TABLE item (id INT, CHECK (id > 0), CHECK (id < 10));",
                            "CREATE UNIQUE INDEX item_id_idx ON item (id);")
                    .with(
                            "B2__all.sql",
                            PERSON,
                            PET,
                            "CREATE TABLE item (id INT, CHECK (id < 10), CHECK (id > 1));",
                            "CREATE INDEX item_id_idx ON item (id);");
            upgrade(upgrade -> assertThatThrownBy(
                            () -> assertThat(upgrade).ignoringGeneratedNames().matchesCleanInstall())
                    .hasMessageEndingWith("""
                            2 objects differ:
                            - constraint item.item_id_check1 differs
                                expected: CHECK ((id > 1))
                                actual:   CHECK ((id > 0))
                                table item last mentioned in V2__items.sql, line 2
                            - index item.item_id_idx differs
                                expected: CREATE INDEX item_id_idx ON public.item USING btree (id)
                                actual:   CREATE UNIQUE INDEX item_id_idx ON public.item USING btree (id)
                                last mentioned in V2__items.sql, line 2"""));
        }

        @Test
        void namesThatSomebodyChoseCountAlways() {
            scripts.with("V2__items.sql", "CREATE TABLE item (id INT CONSTRAINT positive CHECK (id > 0));")
                    .with(
                            "B2__all.sql",
                            PERSON,
                            PET,
                            "CREATE TABLE item (id INT CONSTRAINT natural_number CHECK (id > 0));");
            upgrade(upgrade -> assertThatThrownBy(
                            () -> assertThat(upgrade).ignoringGeneratedNames().matchesCleanInstall())
                    .hasMessageContaining("- constraint item.natural_number is missing"));
        }

        @Test
        void grantsCountOnlyWhereAsked() {
            String function = "CREATE FUNCTION price() RETURNS INT LANGUAGE sql AS 'SELECT 1';";
            scripts.with("V2__price.sql", "CREATE SCHEMA shop; CREATE SEQUENCE number;", function)
                    .with(
                            "B2__all.sql",
                            PERSON,
                            PET,
                            "CREATE SCHEMA shop; CREATE SEQUENCE number;",
                            function,
                            "GRANT SELECT, INSERT ON person TO pg_monitor;",
                            "GRANT UPDATE (name) ON person TO pg_monitor WITH GRANT OPTION;",
                            "GRANT USAGE ON SCHEMA shop TO PUBLIC;",
                            "GRANT USAGE ON number TO pg_monitor;",
                            "REVOKE EXECUTE ON FUNCTION price FROM PUBLIC;",
                            "REVOKE DELETE ON pet FROM CURRENT_USER;");
            upgrade(upgrade -> {
                assertThat(upgrade).matchesCleanInstall();
                assertThatThrownBy(() -> assertThat(upgrade).includingGrants().matchesCleanInstall())
                        .hasMessageContaining(
                                " to end with the shape of a clean install of 2, but 6 objects are missing:\n")
                        .hasMessageContainingAll(
                                """

                                - grant column person.name to pg_monitor is missing
                                    expected: UPDATE WITH GRANT OPTION
                                    last mentioned in B2__all.sql, line 8
                                """,
                                "\n- grant routine price() to PUBLIC is missing\n    expected: nothing\n",
                                "\n- grant schema shop to PUBLIC is missing\n    expected: USAGE\n",
                                "\n- grant sequence number to pg_monitor is missing\n    expected: USAGE\n",
                                "\n- grant table person to pg_monitor is missing\n    expected: INSERT, SELECT\n",
                                "\n- grant table pet to its owner is missing\n    expected: INSERT, ");
            });
        }

        @Test
        void grantsThatAreEverybodysAnywayMakeNoDifference() {
            scripts.with("V2__nothing.sql", "SELECT 1;")
                    .with(
                            "B2__all.sql",
                            PERSON,
                            PET,
                            "GRANT SELECT ON person TO pg_monitor; REVOKE SELECT ON person FROM pg_monitor;",
                            "GRANT SELECT ON pet TO CURRENT_USER;");
            upgrade(upgrade -> assertThat(upgrade).includingGrants().matchesCleanInstall());
        }

        @Test
        void aMigrationEditedAfterItsRelease() {
            try (TestDatabase database = TestServers.embedded().createDatabase()) {
                Upgrade.run(database, scripts.migrator(database.engine()), Optional.of("1"));
                scripts.with("V1__people.sql", PERSON, PET, "ALTER TABLE pet ADD chip TEXT;")
                        .with("V2__email.sql", "ALTER TABLE person ADD email TEXT;");
                Migrator today = scripts.migrator(database.engine(), WITHOUT_VALIDATION);

                Upgrade upgrade = Upgrade.run(database, today, Optional.of("2"));

                assertFails(
                        upgrade,
                        "one object is missing:",
                        "- column pet.chip is missing",
                        "    expected: text",
                        "    last mentioned in V1__people.sql, line 3");
            }
        }

        @Test
        void anUpgradeThatFailed() {
            scripts.with("V2__half.sql", "SELECT * FROM nowhere;");
            upgrade(upgrade -> assertThatThrownBy(() -> assertThat(upgrade).matchesCleanInstall())
                    .hasMessage(
                            "Expected the upgrade postgres:17 · 1 → 2 to end with the shape of a clean install of 2,"
                                    + " but that was not looked at: the upgrade failed"));
        }

        @Test
        void aCleanInstallThatFails() {
            scripts.with("V2__email.sql", "ALTER TABLE person ADD email TEXT;")
                    .with("B2__all.sql", PERSON, "SELECT * FROM nowhere;");
            upgrade(upgrade -> assertThatThrownBy(() -> assertThat(upgrade).matchesCleanInstall())
                    .hasMessageStartingWith("Expected the upgrade postgres:17 · 1 → 2 to end with the shape of a clean"
                            + " install of 2, but there is none to compare with. An empty database migrated to 2: in"
                            + " B2__all.sql, line 2: ERROR: relation \"nowhere\" does not exist"));
        }

        @Test
        void nullFails() {
            assertThatThrownBy(() -> assertThat((Upgrade) null).matchesCleanInstall())
                    .hasMessageContaining("not to be null");
        }
    }

    @Nested
    @RequiresDocker
    class OnEveryEngine {

        private static final String EMAIL = "ALTER TABLE person ADD email VARCHAR(50) DEFAULT 'none';";

        private void upgrade(String image, Consumer<Upgrade> check) {
            MatchesCleanInstallTests.this.upgrade(TestServers.container(image), check);
        }

        @ParameterizedTest
        @Images({"postgres:13", "postgres:18", "mysql:9.7", "mariadb:11.8"})
        void passesWhereTheShapesAreTheSame(String image) {
            scripts.with("V2__email.sql", EMAIL);
            upgrade(image, upgrade -> assertThat(upgrade).matchesCleanInstall());
        }

        @ParameterizedTest
        @Images({"postgres:17", "mysql:9.7", "mariadb:11.8"})
        void aDefaultThatDiffers(String image) {
            scripts.with("V2__email.sql", EMAIL).with("B2__all.sql", PERSON, PET, EMAIL.replace("none", "nobody"));
            upgrade(
                    image,
                    upgrade -> assertThatThrownBy(() -> assertThat(upgrade).matchesCleanInstall())
                            .hasMessageContainingAll(
                                    "but one object differs:\n- column person.email differs\n    expected: ",
                                    "DEFAULT 'nobody'",
                                    "\n    actual:   ",
                                    "DEFAULT 'none'",
                                    "\n    last mentioned in V2__email.sql, line 1"));
        }

        @ParameterizedTest
        @Images({"postgres:17", "mysql:9.7", "mariadb:11.8"})
        void aForeignKeyThatLostItsOnDelete(String image) {
            scripts.with(
                            "V2__key.sql",
                            "ALTER TABLE pet DROP CONSTRAINT pet_owner;",
                            "ALTER TABLE pet ADD CONSTRAINT pet_owner FOREIGN KEY (owner_id) REFERENCES person (id);")
                    .with("B2__all.sql", PERSON, PET);
            upgrade(
                    image,
                    upgrade -> assertThatThrownBy(() -> assertThat(upgrade).matchesCleanInstall())
                            .hasMessageMatching(
                                    "(?s).* but one object differs:\n- (constraint|foreign key) pet.pet_owner differs\n"
                                            + "    expected: [^\n]* ON DELETE CASCADE\n    actual: (?![^\n]*CASCADE)[^\n]*\n.*")
                            .hasMessageEndingWith("last mentioned in V2__key.sql, line 2"));
        }

        @ParameterizedTest
        @Images({"postgres:17", "mysql:9.7", "mariadb:11.8"})
        void anIndexThatIsMissingOnOneEngine(String image) {
            DatabaseServer server = TestServers.container(image);
            boolean forgotten = server.engine().id().equals("mysql");
            String index = "CREATE INDEX person_name ON person (name);";
            scripts.with("V2__index.sql", forgotten ? "SELECT 1;" : index).with("B2__all.sql", PERSON, PET, index);
            upgrade(image, upgrade -> {
                if (forgotten) {
                    assertFails(
                            upgrade,
                            "one object is missing:",
                            "- index person.person_name is missing",
                            "    expected: INDEX (`name`) USING BTREE",
                            "    last mentioned in B2__all.sql, line 3");
                } else {
                    assertThat(upgrade).matchesCleanInstall();
                }
            });
        }

        @ParameterizedTest
        @Images({"mysql:9.7", "mariadb:11.8"})
        void aGrantForgottenOnUpgrade(String image) {
            String user = "CREATE USER IF NOT EXISTS pet_reader;";
            scripts.with("V2__reader.sql", user, "GRANT SELECT ON person TO pet_reader;")
                    .with(
                            "B2__all.sql",
                            PERSON,
                            PET,
                            user,
                            "GRANT SELECT, INSERT ON person TO pet_reader;",
                            "GRANT UPDATE (owner_id) ON pet TO pet_reader;");
            upgrade(image, upgrade -> {
                assertThat(upgrade).matchesCleanInstall();
                assertThatThrownBy(() -> assertThat(upgrade).includingGrants().matchesCleanInstall())
                        .hasMessageEndingWith("""
                                but one object is missing:
                                - grant column pet.owner_id to 'pet_reader'@'%' is missing
                                    expected: UPDATE
                                and one object differs:
                                - grant table person to 'pet_reader'@'%' differs
                                    expected: INSERT, SELECT
                                    actual:   SELECT""");
            });
        }

        @ParameterizedTest
        @Images({"mysql:9.7", "mariadb:11.8"})
        void namesThatTheServerMadeUp(String image) {
            scripts.with(
                            "V2__items.sql",
                            "CREATE TABLE item (id INT PRIMARY KEY, a INT, b INT, UNIQUE (a), INDEX (a, b), CHECK (a > 0), CHECK (b > 0),",
                            "  FOREIGN KEY (a) REFERENCES person (id), FOREIGN KEY (b) REFERENCES pet (id));")
                    .with(
                            "B2__all.sql",
                            PERSON,
                            PET,
                            "CREATE TABLE item (id INT PRIMARY KEY, a INT, b INT, INDEX (a, b), UNIQUE (a), CHECK (b > 0), CHECK (a > 0),",
                            "  FOREIGN KEY (b) REFERENCES pet (id), FOREIGN KEY (a) REFERENCES person (id));");
            upgrade(image, upgrade -> {
                assertThatThrownBy(() -> assertThat(upgrade).matchesCleanInstall())
                        .hasMessageContainingAll(
                                "- foreign key item.item_ibfk_1 differs",
                                "- index item.a differs",
                                "- index item.a_2 differs");
                assertThat(upgrade).ignoringGeneratedNames().matchesCleanInstall();
            });
        }
    }
}
