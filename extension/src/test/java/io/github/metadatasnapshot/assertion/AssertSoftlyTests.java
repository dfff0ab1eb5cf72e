package io.github.metadatasnapshot.assertion;

import static io.github.metadatasnapshot.assertion.MetadataSnapshotAssertions.assertSoftly;
import static io.github.metadatasnapshot.assertion.MetadataSnapshotAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.metadatasnapshot.engine.Engine;
import io.github.metadatasnapshot.migration.Upgrade;
import io.github.metadatasnapshot.restore.Restore;
import io.github.metadatasnapshot.restore.StrictClient;
import io.github.metadatasnapshot.server.TestDatabase;
import io.github.metadatasnapshot.testsupport.Library;
import io.github.metadatasnapshot.testsupport.Scripts;
import io.github.metadatasnapshot.testsupport.TakesTurns;
import io.github.metadatasnapshot.testsupport.TestServers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Proofs of which more than one check fails. */
@TakesTurns(of = 2)
class AssertSoftlyTests {

    private static final String PERSON = "CREATE TABLE person (id INT PRIMARY KEY, name TEXT);";

    private TestDatabase database;
    private Scripts scripts;

    @BeforeEach
    void createDatabase(@TempDir Path directory) {
        database = TestServers.embedded().createDatabase();
        scripts = new Scripts(directory)
                .with("V1__people.sql", PERSON, "INSERT INTO person VALUES (1, 'Ann'), (2, 'Bob');");
    }

    @AfterEach
    void dropDatabase() {
        database.close();
    }

    private Upgrade upgrade() {
        Upgrade.run(database, scripts.migrator(Engine.POSTGRESQL), Optional.of("1"));
        return Upgrade.run(database, scripts.migrator(Engine.POSTGRESQL), Optional.of("2"));
    }

    private static void proveAll(UpgradeAssert upgrade) {
        upgrade.isRepeatable()
                .keptEveryValue()
                .matchesCleanInstall()
                .succeeded()
                .keptEveryRow();
    }

    private static AbstractThrowableAssert<?, ?> assertFails(Upgrade upgrade, Consumer<UpgradeAssert> checks) {
        return assertThatThrownBy(() -> assertSoftly(upgrade, checks)).isInstanceOf(AssertionError.class);
    }

    @Test
    void allThatHoldsPasses() {
        scripts.with("V2__email.sql", "ALTER TABLE person ADD email TEXT;");

        assertSoftly(upgrade(), AssertSoftlyTests::proveAll);
    }

    @Test
    void allThatFailsIsToldTheGravestFirst() {
        scripts.with(
                        "V2__all.sql",
                        "DELETE FROM person WHERE id = 2;",
                        "UPDATE person SET name = 'Eve';",
                        "ALTER TABLE person ADD email TEXT;",
                        "CREATE TABLE entry (id INT CONSTRAINT entry_check CHECK (id > 0));",
                        "ALTER TABLE entry RENAME TO item;")
                .with(
                        "B2__all.sql",
                        "CREATE TABLE person (id INT PRIMARY KEY, email VARCHAR(9), name TEXT);",
                        "CREATE TABLE item (id INT CHECK (id > 0));",
                        "CREATE INDEX person_name ON person (name);",
                        "CREATE TABLE a_log (id INT);")
                .with("R__view.sql", "CREATE VIEW people AS SELECT id FROM person;");
        Upgrade upgrade = upgrade();

        assertFails(upgrade, AssertSoftlyTests::proveAll).hasMessage("""
            4 of 5 checks of the upgrade postgres:17 · 1 → 2 failed (rows lost: 1; objects missing: 2; objects that\
             differ: 1; values lost: 1; names and orders: 3; left to do: 1). Expected it
            1) to keep every row, but:
            - table person lost 1 of 2 rows
              - id = '2'
            2) to end with the shape of a clean install of 2, but 2 objects are missing:
            - table a_log is missing
                expected: TABLE
                last mentioned in B2__all.sql, line 4
            - index person.person_name is missing
                expected: CREATE INDEX person_name ON public.person USING btree (name)
                last mentioned in B2__all.sql, line 3
            3) to end with the shape of a clean install of 2, but one object differs:
            - column person.email differs
                expected: character varying(9)
                actual:   text
                last mentioned in V2__all.sql, line 3
            4) to keep every value, but:
            - table person has other values in 1 of 2 rows
              - id = '1': name was 'Ann', is 'Eve'
            5) to end with the shape of a clean install of 2, but 3 names or orders differ:
            - constraint item.item_id_check is missing
                expected: CHECK ((id > 0))
                table item last mentioned in V2__all.sql, line 5
            - constraint item.entry_check should not be there
                actual:   CHECK ((id > 0))
                table item last mentioned in V2__all.sql, line 5
            - column order person differs
                expected: id, email, name
                actual:   id, name, email
                last mentioned in R__view.sql, line 1
            6) to be repeatable, but:
            - a repeatable migration cannot be applied twice, in R__view.sql, line 1: ERROR: relation "people"\
             already exists (SQLSTATE 42P07)
            statement: CREATE VIEW people AS SELECT id FROM person;\
            """);
        assertThat(upgrade.causes())
                .containsExactly(
                        "rows lost: table person lost … of … rows",
                        "objects missing: table a_log; index person.person_name",
                        "objects that differ: column person.email",
                        "values lost: table person has other values in … of … rows",
                        "names and orders: constraint item.item_id_check; constraint item.entry_check; column order"
                                + " person",
                        "left to do: a repeatable migration cannot be applied twice, in R__view.sql, line …: ERROR:"
                                + " relation \"people\" already exists (SQLSTATE 42P07)");
    }

    @Test
    void whatIsMissingStandsBeforeAHundredOrders() {
        String[] tables = IntStream.range(0, 31)
                .mapToObj(i -> "CREATE TABLE a" + i + " (id INT, name TEXT);")
                .toArray(String[]::new);
        scripts.with("V2__tables.sql", tables)
                .with(
                        "B2__all.sql",
                        String.join("\n", tables).replace("id INT, name TEXT", "name TEXT, id INT"),
                        "CREATE TABLE person (id INT PRIMARY KEY, name TEXT, boss INT"
                                + " CONSTRAINT z_boss REFERENCES person);");

        assertFails(upgrade(), UpgradeAssert::matchesCleanInstall)
                .hasMessageStartingWith("""
                    Expected the upgrade postgres:17 · 1 → 2 to end with the shape of a clean install of 2, but 2\
                     objects are missing:
                    - column person.boss is missing
                        expected: integer
                        last mentioned in B2__all.sql, line 32
                    - constraint person.z_boss is missing
                    """)
                .hasMessageContaining("\nand 31 names or orders differ:\n- column order a0 differs\n")
                .hasMessageMatching("(?s).*\n- and column order a\\d+(, column order a\\d+){10}");
    }

    @Test
    void oneThatFailsIsToldAsAnAssertionTellsIt() {
        scripts.with("V2__none.sql", "DELETE FROM person;");
        Upgrade upgrade = upgrade();

        assertFails(upgrade, AssertSoftlyTests::proveAll).hasMessage("""
            Expected the upgrade postgres:17 · 1 → 2 to keep every row, but:
            - table person lost 2 of 2 rows
              - id = '1'
              - id = '2'\
            """);
        assertThatThrownBy(() -> assertThat(upgrade).keptEveryRow())
                .hasMessageStartingWith(
                        "Expected the upgrade postgres:17 · 1 → 2 to keep every row, but:\n- table person");
    }

    @Test
    void anUpgradeThatFailedLeavesNothingElseToLookAt() {
        scripts.with("V2__half.sql", "SELECT * FROM nowhere;");
        Upgrade upgrade = upgrade();

        assertFails(
                        upgrade,
                        proof -> proof.succeeded()
                                .renamed("person", "human")
                                .keptEveryRow()
                                .matchesCleanInstall()
                                .isRepeatable()
                                .completedWithin(Duration.ZERO))
                .message()
                .startsWith(
                        "Expected the upgrade postgres:17 · 1 → 2 to succeed, but the database is at 1; V2__half.sql,"
                                + " line 1 failed: ERROR: relation \"nowhere\" does not exist")
                .endsWith("\n"
                        + "not looked at, as the upgrade failed: kept every row, matches a clean install, is"
                        + " repeatable, succeeded, completed within 0 ms");
        assertThat(upgrade.checks()).containsExactly("succeeded");
        assertThat(upgrade.causes())
                .containsExactly("V2__half.sql, line 1 failed: ERROR: relation \"nowhere\" does not exist");
    }

    @Test
    void anAssertionOfAnotherKindIsToldBesideTheOthers() {
        scripts.with("V2__none.sql", "DELETE FROM person;");
        Upgrade upgrade = upgrade();

        assertFails(upgrade, proof -> {
                    proof.keptEveryRow();
                    assertThat(upgrade.migrations()).hasSize(7);
                })
                .hasMessageStartingWith("2 of 2 checks of the upgrade postgres:17 · 1 → 2 failed (rows lost: 1; other"
                        + " checks: 1). Expected it\n1) to keep every row, but:\n")
                .hasMessageContaining("\n2) to pass what else is checked, but:\n")
                .hasMessageContaining("Expected size: 7 but was: 1");
        assertFails(upgrade, proof -> assertThat(upgrade.migrations()).hasSize(7))
                .message()
                .contains("Expected size: 7 but was: 1");
    }

    @Test
    void aMisuseIsThrownWithWhatWasFoundBeforeIt() {
        scripts.with("V2__none.sql", "DELETE FROM person;");
        Upgrade upgrade = upgrade();

        assertThatThrownBy(() -> assertSoftly(
                        upgrade,
                        proof -> proof.keptEveryRow().except("person", " ").keptEveryValue()))
                .isInstanceOf(IllegalArgumentException.class)
                .satisfies(thrown -> assertThat(thrown.getSuppressed())
                        .singleElement()
                        .asInstanceOf(org.assertj.core.api.InstanceOfAssertFactories.THROWABLE)
                        .hasMessageContaining("to keep every row, but:\n- table person lost 2 of 2 rows"));
    }

    @Test
    void aRestoreOfAnotherVerdictLeavesNothingElseToLookAt() {
        try (TestDatabase other = Library.create(TestServers.embedded(), "2.1")) {
            Restore restore = Restore.run(
                    other,
                    Library.dump("postgresql/2-data.sql"),
                    new StrictClient(),
                    Library.migrator(other.engine()).historyTable());

            assertThatThrownBy(() -> assertSoftly(
                            restore,
                            proof -> proof.wasRejected().becauseOfVersion().leftDatabaseUntouched()))
                    .isInstanceOf(AssertionError.class)
                    .message()
                    .startsWith("Expected the restore " + restore + " to be rejected, but it was SILENTLY_ACCEPTED")
                    .endsWith("\nnot looked at, as the verdict is another: expected to fail because of the version,"
                            + " expected to leave the database untouched");
            assertThat(restore.causes()).containsExactly("SILENTLY_ACCEPTED");
        }
    }
}
