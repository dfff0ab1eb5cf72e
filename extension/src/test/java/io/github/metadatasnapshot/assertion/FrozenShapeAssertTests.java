package io.github.metadatasnapshot.assertion;

import static io.github.metadatasnapshot.assertion.MetadataSnapshotAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.metadatasnapshot.engine.Engine;
import io.github.metadatasnapshot.migration.CleanInstall;
import io.github.metadatasnapshot.migration.FrozenComparison;
import io.github.metadatasnapshot.migration.MigrationException;
import io.github.metadatasnapshot.migration.Migrator;
import io.github.metadatasnapshot.migration.Upgrade;
import io.github.metadatasnapshot.server.TestDatabase;
import io.github.metadatasnapshot.shape.FrozenShape;
import io.github.metadatasnapshot.testsupport.Library;
import io.github.metadatasnapshot.testsupport.Scripts;
import io.github.metadatasnapshot.testsupport.TakesTurns;
import io.github.metadatasnapshot.testsupport.TestServers;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@TakesTurns(of = 2)
class FrozenShapeAssertTests {

    private static final String PERSON = "CREATE TABLE person (id INT PRIMARY KEY, name VARCHAR(100) NOT NULL);";

    private Scripts scripts;
    private TestDatabase database;
    private FrozenShape frozen;

    @BeforeEach
    void release(@TempDir Path directory) {
        scripts = new Scripts(directory)
                .with("V1__people.sql", PERSON)
                .with("V2__email.sql", "ALTER TABLE person ADD email TEXT;");
        database = TestServers.embedded().createDatabase();
        Upgrade.run(database, migrator(), Optional.of("2"));
        frozen = FrozenComparison.freeze(database, migrator());
    }

    @AfterEach
    void dropDatabase() {
        database.close();
    }

    private Migrator migrator() {
        return scripts.migrator(Engine.POSTGRESQL);
    }

    private FrozenComparison compare() {
        return FrozenComparison.of(database, migrator(), frozen, "2.shape.txt", CleanInstall::make);
    }

    private void assertFails(String message) {
        assertThatThrownBy(() -> assertThat(compare()).isUnchanged())
                .isInstanceOf(AssertionError.class)
                .hasMessageMatching(
                        "(?s)\\QExpected postgres:17 · 2 to have the shape that is frozen in 2.shape.txt, but "
                                + message.replace("*", "\\E\\S+\\Q") + "\\E");
    }

    @Test
    void passesWhereNothingHasChanged() {
        assertThat(assertThat(compare()).isUnchanged()).isInstanceOf(FrozenShapeAssert.class);
    }

    @Test
    void aMigrationEditedAfterItsReleaseShowsWithItsChecksum() {
        scripts.with("V1__people.sql", PERSON.replace("100", "200"));

        assertFails("""
                in an empty database that is migrated today one object differs:
                - column person.name differs
                    expected: character varying(100) NOT NULL
                    actual:   character varying(200) NOT NULL
                    last mentioned in V1__people.sql, line 1
                validate says: Migration checksum mismatch for migration version 1 -> Applied to database : * -> Resolved \
                locally : *. Either revert the changes to the migration, or run repair to update the schema history.""");
    }

    @Test
    void aDatabaseThatWasMadeByTheEditedMigration() {
        scripts.with("V1__people.sql", PERSON.replace("100", "200"));
        database.close();
        database = TestServers.embedded().createDatabase();
        Upgrade.run(database, migrator(), Optional.of("2"));

        assertFails("""
                in the database, and in an empty one that is migrated today, one object differs:
                - column person.name differs
                    expected: character varying(100) NOT NULL
                    actual:   character varying(200) NOT NULL
                    last mentioned in V1__people.sql, line 1""");
    }

    @Test
    void aDatabaseThatSomebodyChanged() {
        Library.execute(database, "CREATE INDEX by_name ON person (name)");

        assertFails("""
                in the database one object differs:
                - index person.by_name should not be there
                    actual:   CREATE INDEX by_name ON public.person USING btree (name)
                    table person last mentioned in V2__email.sql, line 1""");
    }

    @Test
    void migrationsThatNoLongerRun() {
        scripts.with("V1__people.sql", "SELECT * FROM nowhere;");

        assertThatThrownBy(() -> assertThat(compare()).isUnchanged())
                .hasMessageContaining(
                        "2.shape.txt, but no empty database can be migrated there today: in V1__people.sql,"
                                + " line 1: ERROR: relation \"nowhere\" does not exist")
                .hasMessageContaining("\nvalidate says: Migration checksum mismatch for migration version 1");
    }

    @Test
    void anotherReleaseOfTheEngineIsNamedBesideADifference() {
        frozen = new FrozenShape("PostgreSQL", "13", "2", frozen.shape());
        assertThat(compare()).isUnchanged();

        Library.execute(database, "DROP TABLE person");

        assertThatThrownBy(() -> assertThat(compare()).isUnchanged())
                .hasMessageContaining(
                        "in the database one object differs:\n- table person is missing\n    expected: TABLE\n")
                .hasMessageEndingWith(
                        "note: the shape was frozen on PostgreSQL 13, which may describe the same object in"
                                + " other words: compare on that, or keep a file for each, by {release} in its name");
    }

    @Test
    void anotherVersionOrEngineIsAnError() {
        frozen = new FrozenShape("PostgreSQL", "17", "1", frozen.shape());
        assertThatThrownBy(this::compare)
                .isInstanceOf(MigrationException.class)
                .hasMessageMatching("The frozen shape in 2.shape.txt is of version 1 on PostgreSQL, but .* is at 2 on"
                        + " PostgreSQL. Name the file of this version");
        frozen = new FrozenShape("MySQL", "9.7", "2", frozen.shape());
        assertThatThrownBy(this::compare)
                .isInstanceOf(MigrationException.class)
                .hasMessageContaining("is of version 2 on MySQL, but ");
    }

    @Test
    void aDatabaseWithoutAVersionHasNone() {
        try (TestDatabase empty = TestServers.embedded().createDatabase()) {
            assertThatThrownBy(() -> FrozenComparison.freeze(empty, migrator()))
                    .isInstanceOf(MigrationException.class)
                    .hasMessageEndingWith("is at no version, so its shape is that of none");
        }
    }

    @Test
    void nullFails() {
        assertThatThrownBy(() -> assertThat((FrozenComparison) null).isUnchanged())
                .hasMessageContaining("not to be null");
    }
}
