package io.github.metadatasnapshot.migration;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.metadatasnapshot.engine.Version;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class LastMentionTests {

    private static final List<MigrationScript> SCRIPTS = List.of(
            script(
                    "1",
                    "V1__start.sql",
                    "CREATE TABLE term (",
                    "  id INT,",
                    "  \"Name\" TEXT);",
                    "CREATE TABLE term_2 (id INT);"),
            script("1.9", "V1_9__name.sql", "-- short; but", "ALTER TABLE term", "  ALTER COLUMN name SET NOT NULL;"),
            script("1.10", "V1_10__id.sql", "ALTER TABLE term_2 ALTER COLUMN id TYPE BIGINT; SELECT * FROM term;"),
            script("2", "V2__last.sql", "DROP VIEW report; CREATE VIEW report AS SELECT \"Name\" FROM term;"),
            new MigrationScript(Optional.empty(), false, "R__report.sql", "CREATE OR REPLACE VIEW report AS SELECT 1;"),
            new MigrationScript(
                    Optional.of(Version.of("2")), true, "B2__all.sql", "CREATE TABLE term (id INT, phone INT);"));

    private static MigrationScript script(String version, String name, String... lines) {
        return new MigrationScript(Optional.of(Version.of(version)), false, name, String.join("\n", lines));
    }

    private static Optional<String> of(String to, String kind, String name) {
        return LastMention.of(SCRIPTS, Version.of(to), kind, name);
    }

    @Test
    void isInTheHighestVersionUpToThatOfTheDatabase() {
        assertThat(of("1.10", "table", "term")).contains("last mentioned in V1_10__id.sql, line 1");
        assertThat(of("1.9", "table", "term")).contains("last mentioned in V1_9__name.sql, line 2");
        assertThat(of("2", "column", "term.Name")).contains("last mentioned in V2__last.sql, line 1");
        assertThat(of("1.10", "column", "term.Name")).contains("last mentioned in V1_9__name.sql, line 3");
    }

    @Test
    void ofAPartIsInAStatementThatNamesTheTable() {
        assertThat(of("1.10", "column", "term.id")).contains("last mentioned in V1__start.sql, line 2");
        assertThat(of("1.10", "column", "term_2.id")).contains("last mentioned in V1_10__id.sql, line 1");
    }

    @Test
    void isInARepeatableMigrationAboveAll() {
        assertThat(of("2", "view", "report")).contains("last mentioned in R__report.sql, line 1");
    }

    @Test
    void isInABaselineMigrationWhereNoOtherHasIt() {
        assertThat(of("2", "column", "term.phone")).contains("last mentioned in B2__all.sql, line 1");
    }

    @Test
    void isThatOfTheTableWhereTheNameStandsNowhere() {
        assertThat(of("1.9", "constraint", "term.term_pkey"))
                .contains("table term last mentioned in V1_9__name.sql, line 2");
        assertThat(of("1.9", "foreign key", "term.term_ibfk_1"))
                .contains("table term last mentioned in V1_9__name.sql, line 2");
    }

    @Test
    void ofObjectsWhoseNameHasMoreThanAName() {
        List<MigrationScript> scripts = List.of(script("1", "V1__r.sql", "CREATE FUNCTION app.price(a INT) ..."));
        assertThat(LastMention.of(scripts, Version.of("1"), "routine", "app.price(integer, numeric)"))
                .contains("last mentioned in V1__r.sql, line 1");
        assertThat(LastMention.of(scripts, Version.of("1"), "routine", "price PROCEDURE"))
                .contains("last mentioned in V1__r.sql, line 1");
        assertThat(LastMention.of(scripts, Version.of("1"), "comment", "function price"))
                .isPresent();
    }

    @Test
    void isUnknownWhereNothingIsSaid() {
        assertThat(of("2", "table", "vet")).isEmpty();
        assertThat(LastMention.of(List.of(), Version.of("1"), "table", "term")).isEmpty();
    }
}
