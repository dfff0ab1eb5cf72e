package io.github.metadatasnapshot.assertion;

import static io.github.metadatasnapshot.assertion.MetadataSnapshotAssertions.assertThat;
import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.github.metadatasnapshot.engine.Engine;
import io.github.metadatasnapshot.engine.Version;
import io.github.metadatasnapshot.migration.FlywayMigrator;
import io.github.metadatasnapshot.migration.FlywaySettings;
import io.github.metadatasnapshot.migration.Migrator;
import io.github.metadatasnapshot.migration.Upgrade;
import io.github.metadatasnapshot.server.DatabaseServer;
import io.github.metadatasnapshot.server.TestDatabase;
import io.github.metadatasnapshot.shape.DataException;
import io.github.metadatasnapshot.shape.DataLoss;
import io.github.metadatasnapshot.shape.DataRules;
import io.github.metadatasnapshot.testsupport.Images;
import io.github.metadatasnapshot.testsupport.Library;
import io.github.metadatasnapshot.testsupport.RequiresDocker;
import io.github.metadatasnapshot.testsupport.RichSchema;
import io.github.metadatasnapshot.testsupport.TakesTurns;
import io.github.metadatasnapshot.testsupport.TestKit;
import io.github.metadatasnapshot.testsupport.TestServers;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;

/** Migrations that lose data, each in one way, and such that lose none. */
@TakesTurns(of = 4)
class KeptDataTests {

    @TempDir
    private Path directory;

    private Migrator migrator(Engine engine, String... migrations) {
        try {
            for (int i = 0; i < migrations.length; i++) {
                Files.writeString(directory.resolve("V" + (i + 1) + "__migration.sql"), migrations[i]);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new FlywayMigrator(
                new FlywaySettings(
                        List.of(),
                        List.of("filesystem:" + directory),
                        "",
                        List.of(),
                        Map.of(),
                        Optional.empty(),
                        false),
                engine,
                getClass().getClassLoader());
    }

    private Upgrade upgrade(TestDatabase database, String before, String migration) {
        Migrator migrator = migrator(database.engine(), before, migration);
        assertThat(Upgrade.run(database, migrator, Optional.of("1"))).succeeded();
        Upgrade upgrade = Upgrade.run(database, migrator, Optional.of("2"));
        assertThat(upgrade).succeeded();
        return upgrade;
    }

    private static void assertKept(Upgrade upgrade) {
        assertThat(upgrade).keptEveryRow().keptEveryValue();
    }

    private static String message(Upgrade upgrade, String lines) {
        return "Expected the upgrade " + upgrade + " to keep every " + lines;
    }

    abstract class OnEveryEngine {

        final DatabaseServer server;
        final TestDatabase database;

        OnEveryEngine(DatabaseServer server) {
            this.server = server;
            this.database = server.createDatabase();
        }

        @AfterEach
        void dropDatabase() {
            database.close();
        }

        Upgrade upgrade(String before, String migration) {
            return KeptDataTests.this.upgrade(database, before, migration);
        }

        boolean isPostgreSql() {
            return server.engine() == Engine.POSTGRESQL;
        }

        String type(String table, String column, String type) {
            return isPostgreSql()
                    ? "ALTER TABLE " + table + " ALTER COLUMN " + column + " TYPE " + type + ";\n"
                    : "ALTER TABLE " + table + " MODIFY COLUMN " + column + " " + type + ";\n";
        }

        @Test
        void aBackfillThatDropsRowsWithNull() {
            Upgrade upgrade = upgrade("""
                    CREATE TABLE team (id INT PRIMARY KEY, name VARCHAR(20));
                    CREATE TABLE person (id INT PRIMARY KEY, name VARCHAR(20), team_id INT);
                    INSERT INTO team VALUES (1, 'A');
                    INSERT INTO person VALUES (1, 'Ada', 1), (2, 'Bob', NULL), (3, 'Cy', 1), (4, 'Di', NULL);
                    """, """
                    CREATE TABLE new_person (id INT PRIMARY KEY, name VARCHAR(20), team_id INT NOT NULL);
                    INSERT INTO new_person SELECT p.id, p.name, t.id FROM person p JOIN team t ON t.id = p.team_id;
                    DROP TABLE person;
                    ALTER TABLE new_person RENAME TO person;
                    """);

            assertThatThrownBy(() -> assertThat(upgrade).keptEveryRow())
                    .isInstanceOf(AssertionError.class)
                    .hasMessage(message(upgrade, """
                            row, but:
                            - table person lost 2 of 4 rows
                              - id = '2'
                              - id = '4'"""));
            assertThat(upgrade).keptEveryValue();
        }

        @Test
        void aTruncatedVarchar() {
            Upgrade upgrade =
                    upgrade("""
                    CREATE TABLE person (id INT PRIMARY KEY, name VARCHAR(20));
                    INSERT INTO person VALUES (1, 'Alexandra'), (2, 'Bob'), (3, 'Christopher');
                    """, "UPDATE person SET name = LEFT(name, 5);\n" + type("person", "name", "VARCHAR(5)"));

            assertThatThrownBy(() -> assertThat(upgrade).keptEveryRow().keptEveryValue())
                    .isInstanceOf(AssertionError.class)
                    .hasMessage(message(upgrade, """
                            value, but:
                            - table person has other values in 2 of 3 rows
                              - id = '1': name was 'Alexandra', is 'Alexa'
                              - id = '3': name was 'Christopher', is 'Chris'"""));
        }

        @Test
        void aRoundedDecimal() {
            Upgrade upgrade = upgrade("""
                    CREATE TABLE item (id INT PRIMARY KEY, price DECIMAL(12,4));
                    INSERT INTO item VALUES (1, 10.2500), (2, 10.2549), (3, NULL), (4, 10);
                    """, type("item", "price", "DECIMAL(12,2)"));

            assertThatThrownBy(() -> assertThat(upgrade).keptEveryValue()).hasMessage(message(upgrade, """
                            value, but:
                            - table item has other values in 1 of 4 rows
                              - id = '2': price was '10.2549', is '10.25'"""));
        }

        @Test
        void aTimestampShiftedByAZone() {
            Upgrade upgrade = upgrade(
                    "CREATE TABLE event (id INT PRIMARY KEY, at " + (isPostgreSql() ? "TIMESTAMP" : "DATETIME") + """
                             NULL);
                            INSERT INTO event VALUES (1, '2024-07-01 12:00:00'), (2, NULL);
                            """,
                    isPostgreSql()
                            ? "SET TIME ZONE 'America/New_York';\n" + type("event", "at", "TIMESTAMPTZ")
                            : "SET time_zone = '-04:00';\n" + type("event", "at", "TIMESTAMP NULL"));

            assertThatThrownBy(() -> assertThat(upgrade).keptEveryValue())
                    .hasMessage(message(upgrade, """
                            value, but:
                            - table event has other values in 1 of 2 rows
                              - id = '1': at was '2024-07-01 12:00:00', is '2024-07-01 16:00:00%s'""".formatted(isPostgreSql() ? "+00" : "")));
        }

        @Test
        void anEmojiBrokenByACharacterSet() {
            Upgrade upgrade = upgrade(
                    """
                    CREATE TABLE note (id INT PRIMARY KEY, body VARCHAR(50));
                    INSERT INTO note VALUES (1, 'Zoë 🎉'), (2, 'Zoë');
                    """,
                    isPostgreSql()
                            // A database has one character set: an import through another one does it.
                            ? "UPDATE note SET body = regexp_replace(body, '[^\\u0001-\\u00ff]', '?', 'g');"
                            : "SET sql_mode = '';\n" + type("note", "body", "VARCHAR(50) CHARACTER SET latin1"));

            assertThatThrownBy(() -> assertThat(upgrade).keptEveryValue()).hasMessage(message(upgrade, """
                            value, but:
                            - table note has other values in 1 of 2 rows
                              - id = '1': body was 'Zoë 🎉', is 'Zoë ?'"""));
        }

        @Test
        void aDroppedColumn() {
            Upgrade upgrade = upgrade("""
                    CREATE TABLE person (id INT PRIMARY KEY, name VARCHAR(20), nick VARCHAR(20), unused INT);
                    INSERT INTO person VALUES (1, 'Ada', 'A', NULL), (2, 'Bob', NULL, NULL);
                    """, "ALTER TABLE person DROP COLUMN nick, DROP COLUMN unused;");

            assertThatThrownBy(() -> assertThat(upgrade).keptEveryRow().keptEveryValue())
                    .hasMessage(message(upgrade, """
                            value, but:
                            - column person.nick is gone, with 1 value"""));
            assertThat(upgrade).except("person.nick", "nobody used it").keptEveryValue();
            assertThat(upgrade)
                    .except("person", "thrown away in 2")
                    .keptEveryRow()
                    .keptEveryValue();
        }

        @Test
        void aDroppedTable() {
            Upgrade upgrade = upgrade("""
                    CREATE TABLE kept (id INT PRIMARY KEY);
                    CREATE TABLE audit_log (id INT PRIMARY KEY);
                    CREATE TABLE never_used (id INT PRIMARY KEY);
                    INSERT INTO audit_log VALUES (1), (2);
                    """, "DROP TABLE audit_log; DROP TABLE never_used;");

            for (String what : List.of("row", "value")) {
                assertThatThrownBy(() -> {
                            if (what.equals("row")) {
                                assertThat(upgrade).keptEveryRow();
                            } else {
                                assertThat(upgrade).keptEveryValue();
                            }
                        })
                        .hasMessage(message(upgrade, what + ", but:\n- table audit_log is gone, with 2 rows"));
            }
            assertThat(upgrade)
                    .except("audit_log", "purged by 2")
                    .keptEveryRow()
                    .keptEveryValue();
        }

        @Test
        void withoutAPrimaryKeyOneOfTwoEqualRows() {
            Upgrade upgrade = upgrade("""
                    CREATE TABLE reading (sensor VARCHAR(10), v INT);
                    INSERT INTO reading VALUES ('a', 1), ('a', 1), ('b', 2), ('b', NULL);
                    """, """
                    CREATE TABLE distinct_reading AS SELECT DISTINCT * FROM reading;
                    DROP TABLE reading;
                    ALTER TABLE distinct_reading RENAME TO reading;
                    """);

            assertThatThrownBy(() -> assertThat(upgrade).keptEveryRow()).hasMessage(message(upgrade, """
                            row, but:
                            - table reading lost 1 of 4 rows, compared without a key
                              - sensor = 'a', v = '1' (2 such rows before, 1 after)"""));
        }

        @Test
        void withoutAPrimaryKeyAChangedValue() {
            Upgrade upgrade = upgrade("""
                    CREATE TABLE reading (sensor VARCHAR(10), v INT);
                    INSERT INTO reading VALUES ('a', 1), ('b', NULL);
                    """, "UPDATE reading SET v = 0 WHERE v IS NULL;");

            assertThatThrownBy(() -> assertThat(upgrade).keptEveryValue()).hasMessage(message(upgrade, """
                            value, but:
                            - table reading has other values in 1 of 2 rows
                              - sensor = 'b': v was NULL, is '0'"""));
            assertThat(upgrade)
                    .except("reading.v", "0 is the default now")
                    .keptEveryRow()
                    .keptEveryValue();
            assertThat(assertThat(upgrade).unneededExceptions()).isEmpty();
        }

        @Test
        void renamesThatTheEngineProves() {
            Upgrade upgrade = upgrade("""
                    CREATE TABLE glossary (id INT PRIMARY KEY, term VARCHAR(20), note VARCHAR(20));
                    CREATE TABLE old_table (id INT PRIMARY KEY, v INT);
                    CREATE TABLE item (id INT PRIMARY KEY, v VARCHAR(20));
                    CREATE TABLE item_name (id INT PRIMARY KEY, v VARCHAR(20));
                    INSERT INTO glossary VALUES (1, 'a', NULL), (2, 'b', 'x');
                    INSERT INTO old_table VALUES (1, 1);
                    INSERT INTO item VALUES (1, 'version'), (2, 'version');
                    INSERT INTO item_name VALUES (1, 'name'), (3, 'name');
                    """, """
                    ALTER TABLE glossary RENAME TO glossary_term;
                    ALTER TABLE glossary_term RENAME COLUMN term TO name;
                    ALTER TABLE old_table RENAME TO new_table;
                    ALTER TABLE item RENAME TO item_version;
                    ALTER TABLE item_name RENAME TO item;
                    """);

            assertKept(upgrade);
            assertThat(upgrade.recognisedRenames())
                    .containsExactlyInAnyOrder(
                            "table glossary is glossary_term now",
                            "column glossary.term is glossary_term.name now",
                            "table old_table is new_table now",
                            "table item is item_version now",
                            "table item_name is item now");
        }

        @Test
        void lossesBehindRenamesThatTheEngineProves() {
            Upgrade upgrade = upgrade("""
                    CREATE TABLE glossary (id INT PRIMARY KEY, term VARCHAR(20));
                    CREATE TABLE item (id INT PRIMARY KEY, v VARCHAR(20));
                    CREATE TABLE item_name (id INT PRIMARY KEY, v VARCHAR(20));
                    CREATE TABLE dropped (id INT PRIMARY KEY);
                    CREATE TABLE in_its_place (id INT PRIMARY KEY);
                    INSERT INTO glossary VALUES (1, 'a'), (2, 'b');
                    INSERT INTO item VALUES (1, 'version'), (2, 'version');
                    INSERT INTO item_name VALUES (1, 'name'), (3, 'name');
                    INSERT INTO dropped VALUES (1);
                    INSERT INTO in_its_place VALUES (1);
                    """, """
                    ALTER TABLE glossary RENAME TO glossary_term;
                    ALTER TABLE glossary_term RENAME COLUMN term TO name;
                    ALTER TABLE item RENAME TO item_version;
                    ALTER TABLE item_name RENAME TO item;
                    DROP TABLE dropped;
                    ALTER TABLE in_its_place RENAME TO dropped;
                    UPDATE glossary_term SET name = 'B' WHERE id = 2;
                    DELETE FROM item_version WHERE id = 1;
                    UPDATE item SET v = 'other' WHERE id = 3;
                    """);

            assertThatThrownBy(() -> assertThat(upgrade).keptEveryRow()).hasMessage(message(upgrade, """
                            row, but:
                            - table dropped is gone, with 1 row
                            - table item, now item_version, lost 1 of 2 rows
                              - id = '1'"""));
            assertThatThrownBy(() ->
                            assertThat(upgrade).except("dropped", "unused").keptEveryValue())
                    .hasMessage(message(upgrade, """
                            value, but:
                            - table glossary, now glossary_term, has other values in 1 of 2 rows
                              - id = '2': term, now name, was 'b', is 'B'
                            - table item_name, now item, has other values in 1 of 2 rows
                              - id = '3': v was 'name', is 'other'"""));
        }

        @Test
        void aRenameDeclaredAndSuggested() {
            Upgrade upgrade = upgrade("""
                    CREATE TABLE glossary (id INT PRIMARY KEY, term VARCHAR(20), note VARCHAR(20));
                    CREATE TABLE old_table (id INT PRIMARY KEY, v INT);
                    CREATE TABLE city (id INT PRIMARY KEY, name VARCHAR(20));
                    INSERT INTO glossary VALUES (1, 'a', NULL), (2, 'b', 'x');
                    INSERT INTO old_table VALUES (1, 1);
                    INSERT INTO city VALUES (1, 'Bonn'), (2, 'Ulm');
                    """, """
                    CREATE TABLE glossary_term (id INT PRIMARY KEY, name VARCHAR(20), note VARCHAR(20), more INT);
                    INSERT INTO glossary_term SELECT g.*, 1 FROM glossary g;
                    DROP TABLE glossary;
                    CREATE TABLE new_table (id INT PRIMARY KEY, v INT);
                    INSERT INTO new_table SELECT * FROM old_table;
                    DROP TABLE old_table;
                    CREATE TABLE other_city (id INT PRIMARY KEY, short_name VARCHAR(20), name VARCHAR(20));
                    INSERT INTO other_city SELECT id, name, CONCAT('de.', name) FROM city;
                    DROP TABLE city;
                    ALTER TABLE other_city RENAME TO city;
                    """);

            assertThatThrownBy(() -> assertThat(upgrade).keptEveryRow()).hasMessage(message(upgrade, """
                            row, but:
                            - table glossary is gone, with 2 rows
                            - table old_table is gone, with 1 row; new_table has the same columns and rows:\
                             renamed("old_table", "new_table")?"""));
            assertThatThrownBy(() -> assertThat(upgrade)
                            .renamed("glossary", "glossary_term")
                            .renamed("old_table", "new_table")
                            .keptEveryRow()
                            .keptEveryValue())
                    .hasMessage(message(upgrade, """
                            value, but:
                            - column glossary.term is gone, with 2 values; glossary_term.name holds the same:\
                             renamed("glossary.term", "glossary_term.name")?
                            - table city has other values in 2 of 2 rows; city.short_name holds the same:\
                             renamed("city.name", "city.short_name")?
                              - id = '1': name was 'Bonn', is 'de.Bonn'
                              - id = '2': name was 'Ulm', is 'de.Ulm'"""));
            assertThat(upgrade)
                    .renamed("glossary.term", "glossary_term.name")
                    .renamed("old_table", "new_table")
                    .renamed("city.name", "city.short_name")
                    .keptEveryRow()
                    .keptEveryValue();
        }

        @Test
        void aRenamedColumnWithOtherValues() {
            Upgrade upgrade = upgrade("""
                    CREATE TABLE glossary (id INT PRIMARY KEY, term VARCHAR(20));
                    INSERT INTO glossary VALUES (1, 'a'), (2, 'B');
                    """, """
                    CREATE TABLE glossary_term (id INT PRIMARY KEY, name VARCHAR(20));
                    INSERT INTO glossary_term SELECT id, UPPER(term) FROM glossary;
                    DROP TABLE glossary;
                    """);

            assertThatThrownBy(() -> assertThat(upgrade)
                            .renamed("glossary.term", "glossary_term.name")
                            .keptEveryValue())
                    .hasMessage(message(upgrade, """
                            value, but:
                            - table glossary, now glossary_term, has other values in 1 of 2 rows
                              - id = '1': term, now name, was 'a', is 'A'"""));
        }

        @Test
        void columnsThatMovedToAnotherTable() {
            Upgrade upgrade = upgrade("""
                    CREATE TABLE person (id INT PRIMARY KEY, name VARCHAR(20), street VARCHAR(20), town VARCHAR(20));
                    INSERT INTO person VALUES (1, 'Ada', 'High St', 'Ulm'), (2, 'Bob', NULL, NULL), (3, 'Cy', 'Low St', 'Bonn');
                    """, """
                    CREATE TABLE address (person_id INT PRIMARY KEY, street VARCHAR(20), town VARCHAR(20));
                    INSERT INTO address SELECT id, street, UPPER(town) FROM person WHERE street IS NOT NULL;
                    ALTER TABLE person DROP COLUMN street, DROP COLUMN town;
                    """);

            assertThat(upgrade)
                    .renamed("person.street", "address.street")
                    .except("person.town", "shouted")
                    .keptEveryRow()
                    .keptEveryValue();
            assertThatThrownBy(() -> assertThat(upgrade)
                            .renamed("person.id", "address.person_id")
                            .renamed("person.street", "address.street")
                            .renamed("person.town", "address.town")
                            .keptEveryValue())
                    .hasMessage(message(upgrade, """
                            value, but:
                            - table address lacks values of 2 rows that table person had
                              - id = '1': town was 'Ulm', is 'ULM'
                              - id = '3': town was 'Bonn', is 'BONN'"""));
            assertThatThrownBy(() -> assertThat(upgrade)
                            .renamed("person.street", "address.street")
                            .renamed("person.town", "address.town")
                            .keptEveryValue())
                    .hasMessage(message(upgrade, """
                            value, but:
                            - table address lacks values of 2 rows that table person had
                              - street = 'High St', town = 'Ulm'
                              - street = 'Low St', town = 'Bonn'"""));
        }

        @Test
        void columnsThatMovedToATableWithAKeyOfItsOwn() {
            Upgrade upgrade = upgrade("""
                    CREATE TABLE person (id INT PRIMARY KEY, street VARCHAR(20));
                    INSERT INTO person VALUES (1, 'High St'), (2, NULL), (3, 'Low St');
                    """, """
                    CREATE TABLE address (id INT PRIMARY KEY, person_id INT, street VARCHAR(20));
                    INSERT INTO address SELECT id + 100, 4 - id, street FROM person WHERE street IS NOT NULL;
                    ALTER TABLE person DROP COLUMN street;
                    """);

            assertThat(upgrade).renamed("person.street", "address.street").keptEveryValue();
            assertThatThrownBy(() -> assertThat(upgrade)
                            .renamed("person.street", "address.street")
                            .renamed("person.id", "address.person_id")
                            .keptEveryValue())
                    .hasMessage(message(upgrade, """
                            value, but:
                            - table address lacks values of 2 rows that table person had
                              - id = '1': street was 'High St', is 'Low St'
                              - id = '3': street was 'Low St', is 'High St'"""));
        }

        @Test
        void rowsOfWhichNoColumnIsLeft() {
            Upgrade upgrade = upgrade("""
                    CREATE TABLE mark (v INT);
                    INSERT INTO mark VALUES (1), (2), (3);
                    """, """
                    DELETE FROM mark WHERE v = 3;
                    ALTER TABLE mark ADD COLUMN w INT;
                    ALTER TABLE mark DROP COLUMN v;
                    """);

            assertThatThrownBy(
                            () -> assertThat(upgrade).except("mark.v", "now w").keptEveryRow())
                    .hasMessageContaining("- table mark lost 1 of 3 rows, compared without a key\n");
        }

        @Test
        void exceptionsUsedAndStale() {
            Upgrade upgrade = upgrade("""
                    CREATE TABLE person (id INT PRIMARY KEY, name VARCHAR(20), score INT);
                    CREATE TABLE audit_log (id INT PRIMARY KEY, ip VARCHAR(20));
                    INSERT INTO person VALUES (1, 'Ada', 1);
                    INSERT INTO audit_log VALUES (1, '::1'), (2, '::1');
                    """, "DELETE FROM audit_log WHERE id = 1; UPDATE person SET score = 2;");

            UpgradeAssert declared = assertThat(upgrade)
                    .except("audit_log", "purged by 2")
                    .except("audit_log.ip", "made anonymous")
                    .except("person.name", "in capitals")
                    .except("person.score", "computed anew");
            declared.keptEveryRow().keptEveryValue();

            assertThat(declared.unneededExceptions())
                    .extracting(Object::toString)
                    .containsExactly("except audit_log.ip (made anonymous)", "except person.name (in capitals)");
            assertThatThrownBy(
                            () -> assertThat(upgrade).except("person.name", "x").keptEveryValue())
                    .hasMessageContaining("- id = '1': score was '1', is '2'");
        }

        @Test
        void declarationsOfWhatDoesNotExist() {
            Upgrade upgrade = upgrade(
                    "CREATE TABLE a (id INT PRIMARY KEY, x INT); CREATE TABLE b (id INT); INSERT INTO a VALUES (1, 1);",
                    "ALTER TABLE a ADD COLUMN y VARCHAR(5); ALTER TABLE a DROP COLUMN x;");
            UpgradeAssert check = assertThat(upgrade);

            assertThatThrownBy(() -> assertThat(upgrade).renamed("a.x", "a.z").keptEveryValue())
                    .hasMessage(message(upgrade, """
                            value, but:
                            - column a.x is gone, with 1 value; renamed("a.x", "a.z"): there is no a.z, but id, y"""));
            assertThatThrownBy(() -> check.renamed("a.x", "b"))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("renamed(\"a.x\", \"b\") names a column and a table: name two tables, or two columns");
            assertThatThrownBy(() -> check.except("a", " "))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("except(\"a\", \" \") gives no reason: say why the data may be lost");
        }

        @Test
        void declarationsThatOtherUpgradesNeed() {
            Upgrade upgrade = upgrade(
                    "CREATE TABLE a (id INT PRIMARY KEY, x INT); INSERT INTO a VALUES (1, 1);",
                    "UPDATE a SET x = 2 WHERE id = 1;");
            UpgradeAssert check = assertThat(upgrade)
                    .renamed("a.old", "a.x")
                    .renamed("a.x", "a.later")
                    .except("b", "gone since 1")
                    .except("a.x", "doubled");

            check.keptEveryRow().keptEveryValue();
            assertThat(check.unneededExceptions())
                    .extracting(Object::toString)
                    .containsExactly("renamed a.old → a.x", "renamed a.x → a.later", "except b (gone since 1)");
        }

        @Test
        void typesThatHoldTheSameValues() {
            String json = isPostgreSql() ? "JSONB USING j::jsonb" : "JSON";
            assertKept(upgrade(
                    """
                    CREATE TABLE t (id INT PRIMARY KEY, i INT, s VARCHAR(50), x VARCHAR(50), c CHAR(5), d DECIMAL(10,2), r %s,
                      at %s, day DATE, n INT, j TEXT, flag %s, digits VARCHAR(10));
                    INSERT INTO t VALUES (1, 2147483647, 'Zoë 🎉 ''', 'it''s a \\n', 'ab', 10.50, 0.1, '2024-01-01 12:00:00.5',
                      '2024-01-01', 7, '{"b": 1, "a": [2]}', %s, '42');
                    INSERT INTO t (id) VALUES (2);
                    INSERT INTO t (id, s, d, r) VALUES (3, '', 100, 1e20);
                    """.formatted(
                                    isPostgreSql() ? "REAL" : "FLOAT",
                                    isPostgreSql() ? "TIMESTAMP(3)" : "DATETIME(3)",
                                    isPostgreSql() ? "BOOLEAN" : "BIT(1)",
                                    isPostgreSql() ? "TRUE" : "1"),
                    (isPostgreSql() ? "SET TIME ZONE 'UTC';\n" : "SET time_zone = '+00:00';\n")
                            + type("t", "id", "BIGINT")
                            + type("t", "i", "BIGINT")
                            + type("t", "s", "VARCHAR(100)")
                            + type("t", "x", "TEXT")
                            + type("t", "c", "VARCHAR(5)")
                            + type("t", "d", "DECIMAL(20,6)")
                            + type("t", "r", isPostgreSql() ? "DOUBLE PRECISION" : "DOUBLE")
                            + type("t", "at", isPostgreSql() ? "TIMESTAMPTZ(6)" : "TIMESTAMP(6) NULL")
                            + type("t", "day", isPostgreSql() ? "TIMESTAMP" : "DATETIME")
                            + type("t", "n", "DECIMAL(10,3)")
                            + type("t", "j", json)
                            + type("t", "flag", isPostgreSql() ? "INT USING flag::int" : "TINYINT")
                            + type("t", "digits", isPostgreSql() ? "INT USING digits::int" : "INT")));
        }

        @Test
        void aDatabaseThatGrew() {
            assertKept(upgrade("""
                    CREATE TABLE person (id INT PRIMARY KEY, name VARCHAR(20), born DATE);
                    CREATE TABLE reading (sensor VARCHAR(10), v INT);
                    INSERT INTO person VALUES (1, 'Ada', '1815-12-10'), (2, 'Bob', NULL);
                    INSERT INTO reading VALUES ('a', 1), ('a', 1), ('b', NULL);
                    """, """
                    CREATE TABLE reordered (born DATE, email VARCHAR(20), name VARCHAR(20), id INT PRIMARY KEY);
                    INSERT INTO reordered (id, name, born, email)
                      SELECT id, name, born, 'a@b' FROM person ORDER BY id DESC;
                    DROP TABLE person;
                    ALTER TABLE reordered RENAME TO person;
                    INSERT INTO person (id) VALUES (0);
                    INSERT INTO reading VALUES ('a', 1), ('c', 3);
                    ALTER TABLE reading ADD COLUMN unit VARCHAR(10) DEFAULT 'm';
                    CREATE TABLE new_table AS SELECT * FROM reading;
                    """));
        }

        @Test
        void aTableThatWasSplit() {
            Upgrade upgrade = upgrade("""
                    CREATE TABLE person (id INT PRIMARY KEY, name VARCHAR(20), street VARCHAR(20));
                    INSERT INTO person VALUES (1, 'Ada', 'High St');
                    """, """
                    CREATE TABLE address (id INT PRIMARY KEY, person_id INT, street VARCHAR(20));
                    INSERT INTO address SELECT id + 100, id, street FROM person;
                    ALTER TABLE person DROP COLUMN street;
                    """);

            assertThat(upgrade)
                    .except("person.street", "in address now")
                    .keptEveryRow()
                    .keptEveryValue();
            assertThat(upgrade).renamed("person.street", "address.street").keptEveryValue();
        }

        @Test
        void aKeyThatChanged() {
            String before = """
                    CREATE TABLE kept (id INT PRIMARY KEY, tenant INT NOT NULL, v VARCHAR(10));
                    CREATE TABLE lost (id INT PRIMARY KEY, tenant INT NOT NULL, v VARCHAR(10));
                    INSERT INTO kept VALUES (1, 1, 'a'), (2, 1, 'b');
                    INSERT INTO lost VALUES (1, 1, 'a'), (2, 1, 'b');
                    """;
            String key = isPostgreSql()
                    ? "ALTER TABLE %1$s DROP CONSTRAINT %1$s_pkey, ADD PRIMARY KEY (tenant, id);\n"
                    : "ALTER TABLE %1$s DROP PRIMARY KEY, ADD PRIMARY KEY (tenant, id);\n";
            Upgrade upgrade =
                    upgrade(before, key.formatted("kept") + key.formatted("lost") + "DELETE FROM lost WHERE id = 2;");

            assertThatThrownBy(() -> assertThat(upgrade).keptEveryRow()).hasMessage(message(upgrade, """
                            row, but:
                            - table lost lost 1 of 2 rows
                              - id = '2'"""));
        }

        /** Tables whose rows are matched each in another way, with three rows each. */
        private String matched() {
            return """
                    CREATE TABLE by_unique (name VARCHAR(20) NOT NULL UNIQUE, j VARCHAR(20));
                    CREATE TABLE key_wider (id INT PRIMARY KEY, project VARCHAR(20) NOT NULL, v VARCHAR(20));
                    CREATE TABLE key_other (id INT PRIMARY KEY, code VARCHAR(20) NOT NULL UNIQUE, v VARCHAR(20));
                    CREATE TABLE key_gone (id INT PRIMARY KEY, code VARCHAR(20) NOT NULL UNIQUE, v VARCHAR(20));
                    CREATE TABLE key_type (id INT PRIMARY KEY, v VARCHAR(20));
                    CREATE TABLE key_uuid (id VARCHAR(36) PRIMARY KEY, v VARCHAR(20));
                    CREATE TABLE for_each (id INT PRIMARY KEY, v VARCHAR(20));
                    CREATE TABLE no_key (name VARCHAR(20), v VARCHAR(20));
                    INSERT INTO by_unique VALUES ('x', 'a'), ('y', 'b'), ('z', 'c');
                    INSERT INTO key_wider VALUES (1, 'p', 'a'), (2, 'p', 'b'), (3, 'q', 'c');
                    INSERT INTO key_other VALUES (1, 'x', 'a'), (2, 'y', 'b'), (3, 'z', 'c');
                    INSERT INTO key_gone VALUES (1, 'x', 'a'), (2, 'y', 'b'), (3, 'z', 'c');
                    INSERT INTO key_type VALUES (1, 'a'), (2, 'b'), (3, 'c');
                    INSERT INTO key_uuid VALUES ('A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11', 'a'),
                      ('a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a12', 'b'), ('a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a13', 'c');
                    INSERT INTO for_each VALUES (1, 'a'), (2, 'b'), (3, 'c');
                    INSERT INTO no_key VALUES ('x', 'a'), ('y', 'b'), ('z', 'c');
                    """;
        }

        private String newKeys() {
            String dropKey = isPostgreSql() ? "DROP CONSTRAINT %1$s_pkey" : "DROP PRIMARY KEY";
            String bytes = """
                    ALTER TABLE key_uuid ADD COLUMN b BINARY(16);
                    UPDATE key_uuid SET b = UUID_TO_BIN(id);
                    ALTER TABLE key_uuid DROP PRIMARY KEY, DROP COLUMN id;
                    ALTER TABLE key_uuid RENAME COLUMN b TO id, ADD PRIMARY KEY (id);
                    """;
            return ("ALTER TABLE %1$s " + dropKey + ", ADD PRIMARY KEY (project, id);\n").formatted("key_wider")
                    + ("ALTER TABLE %1$s " + dropKey + ", ADD PRIMARY KEY (code);\n").formatted("key_other")
                    + ("ALTER TABLE %1$s " + dropKey + ", ADD PRIMARY KEY (code), DROP COLUMN id;\n")
                            .formatted("key_gone")
                    + type("key_type", "id", "BIGINT")
                    + (server.engine() == Engine.MYSQL
                            ? bytes
                            : type("key_uuid", "id", isPostgreSql() ? "UUID USING id::uuid" : "UUID"))
                    + ("ALTER TABLE %1$s " + dropKey + ", ADD COLUMN tenant INT NOT NULL DEFAULT 1;\n")
                            .formatted("for_each")
                    + "INSERT INTO for_each (id, v, tenant) SELECT id, CONCAT(v, v), 2 FROM for_each;\n";
        }

        @Test
        void rowsWhoseKeyHasChanged() {
            Upgrade upgrade = upgrade(matched(), newKeys() + """
                    UPDATE by_unique SET j = 'new';
                    UPDATE key_wider SET v = 'new' WHERE id = 2;
                    UPDATE key_other SET v = 'new' WHERE id = 2;
                    UPDATE key_gone SET v = 'new' WHERE code = 'y';
                    UPDATE key_type SET v = 'new' WHERE id = 2;
                    UPDATE key_uuid SET v = 'new' WHERE v = 'b';
                    UPDATE for_each SET v = 'new' WHERE id = 2;
                    UPDATE no_key SET v = 'new' WHERE name <> 'x';
                    """);

            assertThat(upgrade).keptEveryRow();
            assertThatThrownBy(() -> assertThat(upgrade).keptEveryValue()).hasMessage(message(upgrade, """
                            value, but:
                            - column key_gone.id is gone, with 3 values
                            - table by_unique has other values in 3 of 3 rows
                              - name = 'x': j was 'a', is 'new'
                              - name = 'y': j was 'b', is 'new'
                              - name = 'z': j was 'c', is 'new'
                            - table no_key has other values in 2 of 3 rows
                              - name = 'y': v was 'b', is 'new'
                              - name = 'z': v was 'c', is 'new'
                            - table for_each has other values in 1 of 3 rows
                              - id = '2': v was 'b', is 'new'
                            - table key_gone has other values in 1 of 3 rows
                              - code = 'y': v was 'b', is 'new'
                            - table key_other has other values in 1 of 3 rows
                              - id = '2': v was 'b', is 'new'
                            - table key_type has other values in 1 of 3 rows
                              - id = '2': v was 'b', is 'new'
                            - table key_uuid has other values in 1 of 3 rows
                              - id = 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a12': v was 'b', is 'new'
                            - table key_wider has other values in 1 of 3 rows
                              - id = '2': v was 'b', is 'new'"""));
        }

        @Test
        void rowsLostWhileTheirKeyChanged() {
            Upgrade upgrade = upgrade(matched(), newKeys() + """
                    DELETE FROM by_unique WHERE name = 'y';
                    DELETE FROM key_wider WHERE id = 2;
                    DELETE FROM key_other WHERE id = 2;
                    DELETE FROM key_gone WHERE code = 'y';
                    DELETE FROM key_type WHERE id = 2;
                    DELETE FROM key_uuid WHERE v = 'b';
                    DELETE FROM for_each WHERE id = 2;
                    DELETE FROM no_key WHERE name = 'y';
                    UPDATE by_unique SET j = 'new';
                    UPDATE no_key SET v = 'new';
                    """);

            assertThatThrownBy(() -> assertThat(upgrade).keptEveryRow()).hasMessage(message(upgrade, """
                            row, but:
                            - table by_unique lost 1 of 3 rows
                              - name = 'y'
                            - table for_each lost 1 of 3 rows
                              - id = '2'
                            - table key_gone lost 1 of 3 rows
                              - code = 'y'
                            - table key_other lost 1 of 3 rows
                              - id = '2'
                            - table key_type lost 1 of 3 rows
                              - id = '2'
                            - table key_uuid lost 1 of 3 rows
                              - id = 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a12'
                            - table key_wider lost 1 of 3 rows
                              - id = '2'
                            - table no_key lost 1 of 3 rows, compared without a key
                            - table no_key changed or lost 2 of 3 rows: no key tells which
                              - name = 'x', v = 'a'
                              - name = 'y', v = 'b'
                              - name = 'z', v = 'c'"""));
        }

        @Test
        void rowsLostOrChanged() {
            Upgrade upgrade = upgrade("""
                    CREATE TABLE numbered (id INT PRIMARY KEY, code VARCHAR(20) NOT NULL UNIQUE);
                    CREATE TABLE reading (sensor VARCHAR(20), v INT);
                    INSERT INTO numbered VALUES (1, 'a'), (2, 'b'), (3, 'c'), (4, 'd'), (5, 'e'), (6, 'f'), (7, 'g');
                    INSERT INTO reading VALUES ('a', 1), ('a', 2), ('b', 3);
                    CREATE TABLE status (id INT, code VARCHAR(20), v VARCHAR(20));
                    INSERT INTO status VALUES (1, 'a', 'on');
                    """, """
                    DELETE FROM status;
                    INSERT INTO status VALUES (2, 'b', 'on');
                    UPDATE numbered SET id = id + 100;
                    DELETE FROM numbered WHERE code = 'g';
                    UPDATE reading SET v = v + 10;
                    """);

            assertThatThrownBy(() -> assertThat(upgrade).keptEveryRow())
                    .hasMessageStartingWith(message(upgrade, """
                            row, but:
                            - table numbered lost 1 of 7 rows
                              - code = 'g'
                            - table numbered changed or lost 6 of 7 rows: rows with their id are gone, rows with their\
                             code are there
                              - id = '"""))
                    .hasMessageEndingWith("""
                              - and 1 more
                            - table reading changed or lost 3 of 3 rows: no key tells which
                              - sensor = 'a', v = '1'
                              - sensor = 'a', v = '2'
                              - sensor = 'b', v = '3'
                            - table status changed or lost 1 of 1 row: no key tells which
                              - id = '1', code = 'a', v = 'on'""".indent(0).stripTrailing());
        }

        @Test
        void declarationsThatHoldForEveryPathThroughThem() {
            Migrator migrator = migrator(
                    server.engine(),
                    "CREATE TABLE a (id INT PRIMARY KEY, x INT); INSERT INTO a VALUES (1, 1);",
                    "CREATE TABLE b (id INT PRIMARY KEY, x INT); INSERT INTO b SELECT * FROM a; DROP TABLE a;",
                    "CREATE TABLE c (id INT PRIMARY KEY, y INT); INSERT INTO c SELECT * FROM b; DROP TABLE b;",
                    "DROP TABLE c;");
            Upgrade.run(database, migrator, Optional.of("1"));
            try (TestDatabase third = server.copyOf(database);
                    TestDatabase fourth = server.copyOf(database)) {
                Upgrade second = Upgrade.run(database, migrator, Optional.of("2"));
                Upgrade toThird = Upgrade.run(third, migrator, Optional.of("3"));
                Upgrade toFourth = Upgrade.run(fourth, migrator, Optional.of("4"));

                for (Upgrade upgrade : List.of(second, toThird)) {
                    assertThat(upgrade)
                            .renamed("a", "b")
                            .renamed("b", "c")
                            .renamed("b.x", "c.y")
                            .keptEveryRow()
                            .keptEveryValue();
                }
                assertThatThrownBy(() -> assertThat(toFourth)
                                .renamed("a", "b")
                                .renamed("b", "c")
                                .keptEveryRow())
                        .hasMessage(message(
                                toFourth,
                                "row, but:\n- table a is gone, with 1 row; renamed(\"a\", \"b\"): there is no b"));
                assertThat(toFourth).except("a", "unused").keptEveryRow();
                assertThat(toFourth)
                        .renamed("a", "b")
                        .renamed("b", "c")
                        .except("c", "unused")
                        .keptEveryRow();
                DataRules atTheirVersions = DataRules.NONE
                        .renamed("a", "b", Optional.of(Version.of("2")))
                        .renamed("b", "c", Optional.of(Version.of("3")))
                        .except("b.x", "doubled", Optional.of(Version.of("3")))
                        .except("c", "unused", Optional.of(Version.of("4")));
                assertThat(toFourth.compareData(atTheirVersions).rows()).isEmpty();
                assertThat(toThird.compareData(atTheirVersions).values()).isEmpty();
                assertThat(toThird.compareData(atTheirVersions).exceptions())
                        .filteredOn(DataException::needed)
                        .extracting(Object::toString)
                        .containsExactly("renamed a → b at 2", "renamed b → c at 3", "except b.x (doubled) at 3");
                // What happens at 4 only does not cover what is lost before.
                assertThat(toThird.compareData(DataRules.NONE.except("a", "unused", Optional.of(Version.of("4"))))
                                .rows())
                        .extracting(DataLoss::what)
                        .containsExactly("table a is gone, with 1 row");
            }
        }

        @Test
        void aKeyOfSeveralColumnsAndOddNames() {
            String q = isPostgreSql() ? "\"" : "`";
            String table = q + "Odd.name" + q;
            String column = q + "Odd 'column" + q;
            Upgrade upgrade = upgrade(
                    "CREATE TABLE %s (a VARCHAR(20), b INT, %s TEXT, PRIMARY KEY (b, a));\n".formatted(table, column)
                            + "INSERT INTO %s VALUES ('x, y', 1, 'a'), ('x', 1, 'b'), ('X ', 2, 'c');".formatted(table),
                    "DELETE FROM %1$s WHERE a = 'x, y'; UPDATE %1$s SET %2$s = NULL WHERE b = 2;"
                            .formatted(table, column));

            assertThatThrownBy(() -> assertThat(upgrade).keptEveryRow()).hasMessage(message(upgrade, """
                            row, but:
                            - table "Odd.name" lost 1 of 3 rows
                              - a = 'x, y', b = '1'"""));
            assertThatThrownBy(() -> assertThat(upgrade).keptEveryValue()).hasMessage(message(upgrade, """
                            value, but:
                            - table "Odd.name" has other values in 1 of 3 rows
                              - a = 'X ', b = '2': Odd 'column was 'c', is NULL"""));
            assertThat(upgrade).except("\"Odd.name\".Odd 'column", "as may be").keptEveryValue();
        }

        @Test
        void manyRows() {
            String numbers = isPostgreSql()
                    ? "SELECT n, 'row ' || n, n * 1.5 FROM generate_series(1, 20000) AS n"
                    : "SELECT a.n * 200 + b.n + 1, CONCAT('row ', a.n * 200 + b.n + 1), (a.n * 200 + b.n + 1) * 1.5"
                            + " FROM (WITH RECURSIVE r (n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM r WHERE n < 99) SELECT n FROM r) a,"
                            + " (WITH RECURSIVE r (n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM r WHERE n < 199) SELECT n FROM r) b";
            Upgrade upgrade = upgrade(
                    "CREATE TABLE big (id INT PRIMARY KEY, name VARCHAR(20), v DECIMAL(10,2)); INSERT INTO big "
                            + numbers + ";",
                    "DELETE FROM big WHERE id = 777; UPDATE big SET v = 0 WHERE id > 19990; INSERT INTO big VALUES (0, '', 0);");

            assertThatThrownBy(() -> assertThat(upgrade).keptEveryRow()).hasMessage(message(upgrade, """
                            row, but:
                            - table big lost 1 of 20000 rows
                              - id = '777'"""));
            assertThatThrownBy(() -> assertThat(upgrade).keptEveryValue())
                    .hasMessageContaining("- table big has other values in 10 of 20000 rows\n")
                    .satisfies(e -> assertThat(e.getMessage().lines().filter(line -> line.contains("v was '")))
                            .hasSize(5));
        }

        @Test
        void aLongTextThatChangedFarBehind() {
            Upgrade upgrade = upgrade(
                    "CREATE TABLE doc (id INT PRIMARY KEY, body TEXT); INSERT INTO doc VALUES (1, CONCAT(REPEAT('long ', 1000), 'end'));",
                    "UPDATE doc SET body = REPLACE(body, 'end', 'END');");

            assertThatThrownBy(() -> assertThat(upgrade).keptEveryValue())
                    .hasMessageEndingWith(
                            "- id = '1': body was '…g long long long long long long long long long long long end',"
                                    + " is '…g long long long long long long long long long long long END'");
        }
    }

    /** What the comparison is made with. */
    @Nested
    class Copies {

        private static final String PERSON = "CREATE TABLE person (id INT PRIMARY KEY); INSERT INTO person VALUES (1);";

        @Test
        void areDroppedWithTheDatabase() {
            DatabaseServer server = TestServers.embedded();
            List<String> before = Library.databases(server);
            try (TestDatabase database = server.createDatabase()) {
                Migrator migrator = migrator(
                        server.engine(), PERSON, "DELETE FROM person;", "CREATE TABLE x (id INT);", "SELECT nonsense;");
                for (String version : List.of("1", "2", "3", "4")) {
                    Upgrade.run(database, migrator, Optional.of(version));
                }
                // The first one had nothing to copy, nor had the third.
                assertThat(Library.databases(server)).hasSize(before.size() + 2);
            }
            assertThat(Library.databases(server)).isEqualTo(before);
        }

        @Test
        void anEmptyDatabaseHasNothingToLose() {
            try (TestDatabase database = TestServers.embedded().createDatabase()) {
                Upgrade upgrade = upgrade(database, "CREATE TABLE person (id INT);", "DROP TABLE person;");

                UpgradeAssert declared = assertThat(upgrade).except("person", "unused");
                declared.keptEveryRow().keptEveryValue();
                assertThat(declared.unneededExceptions())
                        .extracting(Object::toString)
                        .containsExactly("except person (unused)");
            }
        }

        @Test
        void anUpgradeCannotBeComparedAfterItsDatabaseIsGone() {
            try (TestDatabase database = TestServers.embedded().createDatabase();
                    TestDatabase other = TestServers.embedded().createDatabase()) {
                Upgrade upgrade = upgrade(database, PERSON, "DELETE FROM person;");
                Library.execute(other, "DROP DATABASE " + database.name());

                assertThatThrownBy(() -> assertThat(upgrade).keptEveryRow())
                        .isInstanceOf(AssertionError.class)
                        .hasMessageStartingWith(message(
                                upgrade,
                                "row, but its data cannot be compared, because the rows of " + database
                                        + " or of its copy cannot be read: FATAL: database \"" + database.name()
                                        + "\" does not exist"));
            }
        }

        @Test
        void ofManyLossesTheGravestAreShownAndOfThoseTheLargest() {
            try (TestDatabase database = TestServers.embedded().createDatabase()) {
                String each = "DO $$ BEGIN FOR i IN 1..24 LOOP EXECUTE format(%s, i); END LOOP; END $$;";
                Upgrade upgrade = upgrade(
                        database,
                        "CREATE TABLE pet (id SERIAL PRIMARY KEY); INSERT INTO pet DEFAULT VALUES;"
                                + " INSERT INTO pet DEFAULT VALUES; CREATE SEQUENCE free START 9;"
                                + " SELECT nextval('free');"
                                + each.formatted(
                                        "'CREATE TABLE t%1$s AS SELECT id, 1 AS v FROM generate_series(1, %1$s) AS"
                                                + " id; ALTER TABLE t%1$s ADD PRIMARY KEY (id)'"),
                        "SELECT setval('pet_id_seq', 1, false); SELECT setval('free', 1);"
                                + each.formatted("'UPDATE t%s SET v = 2'"));

                assertThatThrownBy(() -> assertThat(upgrade).keptEveryValue())
                        .isInstanceOf(AssertionError.class)
                        .hasMessageStartingWith(message(upgrade, """
                                value, but:
                                - sequence pet_id_seq continues at 1, before the upgrade it continued at 3; pet.id holds 1\
                                 already
                                - table t24 has other values in 24 of 24 rows
                                  - id = '"""))
                        .hasMessageContaining("\n- table t6 has other values in 6 of 6 rows\n")
                        .hasMessageEndingWith("\n- and 6 more")
                        .hasMessageNotContaining("table t5 ");
            }
        }

        @Test
        void anUpgradeCannotBeComparedAfterTheNext() {
            try (TestDatabase database = TestServers.embedded().createDatabase()) {
                Migrator migrator =
                        migrator(database.engine(), PERSON, "CREATE TABLE a (id INT);", "DELETE FROM person;");
                Upgrade.run(database, migrator, Optional.of("1"));
                Upgrade second = Upgrade.run(database, migrator, Optional.of("2"));
                Upgrade third = Upgrade.run(database, migrator, Optional.of("3"));

                assertThatThrownBy(() -> assertThat(second).keptEveryRow())
                        .isInstanceOf(AssertionError.class)
                        .hasMessage("Expected the upgrade postgres:17 · 1 → 2 to keep every row, but its data cannot be"
                                + " compared, because the database has been migrated again since, and is at 3 now:"
                                + " compare it before the next migration");
                assertThatThrownBy(() -> assertThat(third).keptEveryRow()).hasMessageContaining("lost 1 of 1 row");
            }
        }

        @Test
        void withoutToolsASessionIsInTheWay() throws Exception {
            try (TestDatabase database = TestServers.embedded().createDatabase()) {
                Migrator migrator = migrator(database.engine(), PERSON, "CREATE TABLE a (id INT);");
                Upgrade.run(database, migrator, Optional.of("1"));
                try (Connection session = database.open()) {
                    assertThat(session.isValid(0)).isTrue();
                    Upgrade upgrade = Upgrade.run(database, migrator, Optional.of("2"));

                    assertThatThrownBy(() -> assertThat(upgrade).succeeded().keptEveryValue())
                            .isInstanceOf(AssertionError.class)
                            .hasMessageStartingWith(
                                    "Expected the upgrade postgres:17 · 1 → 2 to keep every value, but its data cannot be"
                                            + " compared, because the database before the upgrade could not be kept:"
                                            + " Database " + database.name())
                            .hasMessageContaining("could not be copied: other sessions are connected to it (SQLSTATE"
                                    + " 55006); a product that still runs, or a connection of the test")
                            .hasMessageContaining(
                                    "\nConnected are:\n- snapshot from 127.0.0.1 by PostgreSQL JDBC Driver");
                }
            }
        }

        @RequiresDocker
        @ParameterizedTest
        @Images({"postgres:17", "mysql:9.7", "mariadb:11.8"})
        void withToolsItIsNot(String image) throws Exception {
            try (TestDatabase database = TestServers.container(image).createDatabase()) {
                Migrator migrator = migrator(database.engine(), PERSON, "DELETE FROM person;");
                Upgrade.run(database, migrator, Optional.of("1"));
                try (Connection session = database.open()) {
                    assertThat(session.isValid(0)).isTrue();
                    Upgrade upgrade = Upgrade.run(database, migrator, Optional.of("2"));

                    assertThatThrownBy(() -> assertThat(upgrade).keptEveryRow())
                            .hasMessageEndingWith("- table person lost 1 of 1 row\n  - id = '1'");
                }
            }
        }

        @Test
        void aServerWithOneDatabaseHasNoRoomForThem() {
            try (TestDatabase only = TestServers.embedded().createDatabase();
                    TestDatabase database = TestKit.singleDatabaseServer(only).createDatabase()) {
                Upgrade upgrade = upgrade(database, PERSON, "CREATE TABLE a (id INT);");

                assertThatThrownBy(() -> assertThat(upgrade).keptEveryRow())
                        .hasMessageContaining(
                                "because the database before the upgrade could not be kept: This test needs"
                                        + " two databases at a time");
            }
        }
    }

    @RequiresDocker
    @ParameterizedTest
    @Images({"postgres:13", "postgres:17", "mysql:9.7", "mariadb:11.8"})
    void everyTypeOfColumn(String image) {
        try (TestDatabase database = TestServers.container(image).createDatabase()) {
            boolean isPostgreSql = database.engine() == Engine.POSTGRESQL;
            Migrator migrator = migrator(
                    database.engine(),
                    "CREATE TABLE v1 (id INT);",
                    "ALTER TABLE kinds ADD COLUMN added INT; ALTER TABLE parent ADD COLUMN added INT;",
                    "UPDATE kinds SET " + (isPostgreSql ? "a_bytea = '\\x01'" : "a_blob = x'01'") + " WHERE id = 1;");
            Upgrade.run(database, migrator, Optional.of("1"));
            RichSchema.fill(database);

            Upgrade grown = Upgrade.run(database, migrator, Optional.of("2"));
            assertThat(grown).succeeded().keptEveryRow().keptEveryValue();

            Upgrade changed = Upgrade.run(database, migrator, Optional.of("3"));
            assertThat(changed).succeeded().keptEveryRow();
            assertThatThrownBy(() -> assertThat(changed).keptEveryValue())
                    .hasMessageContaining(isPostgreSql ? "a_bytea was '\\x" : "a_blob was '0xDEADBEEF00', is '0x01'");
        }
    }

    @Nested
    @TakesTurns(turn = 0, of = 3)
    class OnPostgreSql extends OnEveryEngine {

        OnPostgreSql() {
            super(TestServers.embedded());
        }

        @Test
        void aColumnRenamedAndANewOneOfItsName() {
            Upgrade upgrade = upgrade("""
                    CREATE TABLE city (id INT PRIMARY KEY, name TEXT);
                    CREATE TABLE pair (id INT PRIMARY KEY, a TEXT, b TEXT);
                    CREATE TABLE town (id INT PRIMARY KEY, name TEXT);
                    CREATE TABLE again (id INT PRIMARY KEY, name TEXT);
                    INSERT INTO city VALUES (1, 'Bonn'), (2, 'Ulm');
                    INSERT INTO pair VALUES (1, 'a', 'b');
                    INSERT INTO town VALUES (1, 'Bonn'), (2, 'Ulm');
                    INSERT INTO again VALUES (1, 'Bonn'), (2, 'Ulm');
                    """, """
                    ALTER TABLE city RENAME name TO short_name;
                    ALTER TABLE city ADD name TEXT;
                    UPDATE city SET name = 'de.' || short_name;
                    ALTER TABLE pair RENAME a TO c;
                    ALTER TABLE pair RENAME b TO a;
                    ALTER TABLE pair RENAME c TO b;
                    ALTER TABLE town RENAME name TO short_name;
                    ALTER TABLE town ADD name TEXT;
                    UPDATE town SET name = short_name, short_name = lower(short_name) WHERE id = 1;
                    ALTER TABLE again ADD new_name VARCHAR(20);
                    UPDATE again SET new_name = CASE id WHEN 1 THEN name ELSE 'Neu-' || name END;
                    ALTER TABLE again DROP name;
                    ALTER TABLE again RENAME new_name TO name;
                    """);

            assertThatThrownBy(() -> assertThat(upgrade).keptEveryRow().keptEveryValue())
                    .hasMessage(message(upgrade, """
                            value, but:
                            - table again has other values in 1 of 2 rows
                              - id = '2': name was 'Ulm', is 'Neu-Ulm'
                            - table town has other values in 1 of 2 rows
                              - id = '1': name, now short_name, was 'Bonn', is 'bonn'"""));
            assertThat(upgrade.recognisedRenames())
                    .containsExactlyInAnyOrder(
                            "column city.name is city.short_name now",
                            "column pair.a is pair.b now",
                            "column pair.b is pair.a now",
                            "column town.name is town.short_name now");
        }

        @Test
        void labelsOfAnEnumerationThatWereRenamed() {
            Upgrade upgrade = upgrade("""
                    CREATE TYPE mood AS ENUM ('new', 'old', 'it''s');
                    CREATE DOMAIN feeling AS mood;
                    CREATE TABLE job (n INT, m mood);
                    CREATE TABLE keyed (id INT PRIMARY KEY, m mood, f feeling, l mood[]);
                    CREATE TABLE by_mood (m mood PRIMARY KEY, n INT);
                    INSERT INTO job VALUES (1, 'new'), (1, 'new'), (2, 'old');
                    INSERT INTO keyed VALUES (1, 'new', 'old', '{new,old,NULL}'), (2, 'it''s', NULL, '{}'), (3, 'old', 'new', NULL);
                    INSERT INTO by_mood VALUES ('new', 1), ('old', 2);
                    """, """
                    ALTER TYPE mood RENAME VALUE 'new' TO 'fresh';
                    ALTER TYPE mood RENAME VALUE 'old' TO 'new';
                    ALTER TYPE mood RENAME VALUE 'it''s' TO 'it is "so"';
                    UPDATE keyed SET m = 'fresh' WHERE id = 3;
                    DELETE FROM by_mood WHERE m = 'new';
                    """);

            assertThatThrownBy(() -> assertThat(upgrade).keptEveryRow()).hasMessage(message(upgrade, """
                            row, but:
                            - table by_mood lost 1 of 2 rows
                              - m = 'old'"""));
            assertThatThrownBy(() -> assertThat(upgrade).keptEveryValue()).hasMessage(message(upgrade, """
                            value, but:
                            - table keyed has other values in 1 of 3 rows
                              - id = '3': m was 'old', is 'fresh'"""));
            assertThat(upgrade.recognisedRenames())
                    .contains("of column job.m the label it's is it is \"so\" now, the label new is fresh now,"
                            + " the label old is new now");
        }

        /** Unique keys that tell rows apart, and such that do not; keys of other types and names. */
        private static final String KEYS = """
                CREATE TABLE nullable_key (name TEXT UNIQUE, v TEXT);
                CREATE TABLE with_null (name TEXT UNIQUE, v TEXT);
                CREATE TABLE partial_key (name TEXT, deleted BOOLEAN, v TEXT);
                CREATE UNIQUE INDEX ON partial_key (name) WHERE NOT deleted;
                CREATE TABLE expression_key (name TEXT, v TEXT);
                CREATE UNIQUE INDEX ON expression_key (lower(name));
                CREATE TABLE index_key (name TEXT, v TEXT);
                CREATE UNIQUE INDEX ON index_key (name) INCLUDE (v);
                CREATE TABLE pair_key (a INT NOT NULL, b INT NOT NULL, v TEXT, UNIQUE (a, b));
                CREATE TABLE text_key (id TEXT PRIMARY KEY, v TEXT);
                CREATE TABLE numeric_key (id NUMERIC(10, 2) PRIMARY KEY, v TEXT);
                CREATE TABLE renamed_key (id INT PRIMARY KEY, v TEXT);
                CREATE TABLE natural_key (code TEXT PRIMARY KEY, v TEXT);
                INSERT INTO nullable_key VALUES ('x', 'a'), ('y', 'b'), ('z', 'c');
                INSERT INTO with_null VALUES ('x', 'a'), ('y', 'b'), (NULL, 'c');
                INSERT INTO partial_key VALUES ('x', false, 'a'), ('x', true, 'b'), ('y', true, 'c');
                INSERT INTO expression_key VALUES ('x', 'a'), ('Y', 'b'), ('z', 'c');
                INSERT INTO index_key VALUES ('x', 'a'), ('y', 'b'), ('z', 'c');
                INSERT INTO pair_key VALUES (1, 1, 'a'), (1, 2, 'b'), (2, 1, 'c');
                INSERT INTO text_key VALUES ('1', 'a'), ('2', 'b'), ('3', 'c');
                INSERT INTO numeric_key VALUES (1, 'a'), (2, 'b'), (3, 'c');
                INSERT INTO renamed_key VALUES (1, 'a'), (2, 'b'), (3, 'c');
                INSERT INTO natural_key VALUES ('x', 'a'), ('y', 'b'), ('z', 'c');
                """;

        private static final String NEW_KEYS = """
                ALTER TABLE pair_key RENAME a TO c;
                ALTER TABLE pair_key DROP CONSTRAINT pair_key_a_b_key, ADD UNIQUE (b, c);
                ALTER TABLE text_key ALTER id TYPE INT USING id::int;
                ALTER TABLE numeric_key ALTER id TYPE BIGINT;
                ALTER TABLE renamed_key RENAME id TO uid;
                ALTER TABLE renamed_key ALTER uid TYPE TEXT;
                ALTER TABLE natural_key DROP CONSTRAINT natural_key_pkey;
                ALTER TABLE natural_key ADD id INT GENERATED ALWAYS AS IDENTITY PRIMARY KEY;
                """;

        @Test
        void rowsThatOtherKeysFind() {
            List<String> tables = List.of(
                    "expression_key",
                    "index_key",
                    "natural_key",
                    "nullable_key",
                    "numeric_key",
                    "pair_key",
                    "partial_key",
                    "renamed_key",
                    "text_key",
                    "with_null");
            Upgrade upgrade = upgrade(
                    KEYS,
                    NEW_KEYS
                            + tables.stream()
                                    .map("UPDATE %s SET v = 'new' WHERE v <> 'a';\n"::formatted)
                                    .collect(joining()));

            assertThat(upgrade).keptEveryRow();
            assertThatThrownBy(() -> assertThat(upgrade).keptEveryValue())
                    .message()
                    .satisfies(message -> assertThat(message.lines()
                                    .filter(line -> line.startsWith("- "))
                                    .map(line -> line.replace(", now ", " ")
                                            .replaceFirst("^- table (\\w+).*? has", "$1 has")))
                            .containsExactlyElementsOf(tables.stream()
                                    .map(table -> table + " has other values in 2 of 3 rows")
                                    .toList()));
        }

        @Test
        void rowsLostThatOtherKeysWouldFind() {
            Upgrade upgrade = upgrade(
                    KEYS,
                    NEW_KEYS
                            + Stream.of(
                                            "expression_key",
                                            "index_key",
                                            "natural_key",
                                            "nullable_key",
                                            "numeric_key",
                                            "pair_key",
                                            "partial_key",
                                            "renamed_key",
                                            "text_key",
                                            "with_null")
                                    .map(table -> "DELETE FROM %1$s WHERE v = 'b'; UPDATE %1$s SET v = 'new';\n"
                                            .formatted(table))
                                    .collect(joining()));

            assertThatThrownBy(() -> assertThat(upgrade).keptEveryRow()).hasMessage(message(upgrade, """
                            row, but:
                            - table expression_key lost 1 of 3 rows, compared without a key
                            - table index_key lost 1 of 3 rows
                              - name = 'y'
                            - table natural_key lost 1 of 3 rows
                              - code = 'y'
                            - table nullable_key lost 1 of 3 rows
                              - name = 'y'
                            - table numeric_key lost 1 of 3 rows
                              - id = '2.00'
                            - table pair_key lost 1 of 3 rows
                              - a = '1', b = '2'
                            - table partial_key lost 1 of 3 rows, compared without a key
                            - table renamed_key lost 1 of 3 rows
                              - id = '2'
                            - table text_key lost 1 of 3 rows
                              - id = '2'
                            - table with_null lost 1 of 3 rows, compared without a key
                            - table expression_key changed or lost 2 of 3 rows: no key tells which
                              - name = 'Y', v = 'b'
                              - name = 'x', v = 'a'
                              - name = 'z', v = 'c'
                            - table partial_key changed or lost 2 of 3 rows: no key tells which
                              - name = 'x', deleted = 'false', v = 'a'
                              - name = 'x', deleted = 'true', v = 'b'
                              - name = 'y', deleted = 'true', v = 'c'
                            - table with_null changed or lost 2 of 3 rows: no key tells which
                              - name = 'x', v = 'a'
                              - name = 'y', v = 'b'
                              - name = NULL, v = 'c'"""));
        }

        @Test
        void tablesThatAreViewsNow() {
            Upgrade upgrade = upgrade("""
                    CREATE TABLE plain (id INT PRIMARY KEY);
                    CREATE TABLE kept_rows (id INT PRIMARY KEY, v INT);
                    INSERT INTO plain VALUES (1), (2);
                    INSERT INTO kept_rows VALUES (1, 1);
                    """, """
                    DROP TABLE plain;
                    CREATE VIEW plain AS SELECT 1 AS id;
                    ALTER TABLE kept_rows RENAME TO all_rows;
                    CREATE MATERIALIZED VIEW kept_rows AS SELECT * FROM all_rows;
                    """);

            assertThatThrownBy(() -> assertThat(upgrade).keptEveryRow()).hasMessage(message(upgrade, """
                            row, but:
                            - table plain is gone, with 2 rows; plain is a view now"""));
        }

        @Test
        void aTableThatBecameAPartition() {
            assertKept(upgrade("""
                    CREATE TABLE event (id INT NOT NULL, v TEXT);
                    INSERT INTO event VALUES (1, 'a'), (2, 'b');
                    """, """
                    ALTER TABLE event RENAME TO event_old;
                    CREATE TABLE event (id INT NOT NULL, v TEXT) PARTITION BY RANGE (id);
                    ALTER TABLE event ATTACH PARTITION event_old DEFAULT;
                    """));
        }

        @Test
        void aTableThatWasPartitioned() {
            Upgrade upgrade = upgrade("""
                    CREATE TABLE event (id INT, at DATE, v TEXT, PRIMARY KEY (id, at));
                    INSERT INTO event VALUES (1, '2023-05-05', 'a'), (2, '2024-05-05', 'b'), (3, '2025-05-05', 'c');
                    """, """
                    ALTER TABLE event RENAME TO event_old;
                    CREATE TABLE event (id INT, at DATE, v TEXT, PRIMARY KEY (id, at)) PARTITION BY RANGE (at);
                    CREATE TABLE event_2024 PARTITION OF event FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
                    CREATE TABLE event_rest PARTITION OF event DEFAULT;
                    INSERT INTO event SELECT id, at, CASE id WHEN 3 THEN 'C' ELSE v END FROM event_old WHERE id > 1;
                    DROP TABLE event_old;
                    """);

            assertThatThrownBy(() -> assertThat(upgrade).keptEveryRow()).hasMessage(message(upgrade, """
                            row, but:
                            - table event lost 1 of 3 rows
                              - id = '1', at = '2023-05-05'"""));
            assertThatThrownBy(() -> assertThat(upgrade).keptEveryValue()).hasMessage(message(upgrade, """
                            value, but:
                            - table event has other values in 1 of 3 rows
                              - id = '3', at = '2025-05-05': v was 'c', is 'C'"""));
        }

        @Test
        void tablesOfOtherSchemas() {
            Upgrade upgrade =
                    upgrade("""
                    CREATE SCHEMA app;
                    CREATE TABLE app.person (id INT PRIMARY KEY, v INT);
                    CREATE TABLE app.pet (id INT PRIMARY KEY);
                    INSERT INTO app.person VALUES (1, 1), (2, 2);
                    INSERT INTO app.pet VALUES (1);
                    """, "DELETE FROM app.person WHERE id = 1; ALTER TABLE app.pet SET SCHEMA public;");

            assertThatThrownBy(() -> assertThat(upgrade).keptEveryRow()).hasMessage(message(upgrade, """
                            row, but:
                            - table app.person lost 1 of 2 rows
                              - id = '1'"""));
            assertThat(upgrade.recognisedRenames()).containsExactly("table app.pet is pet now");
            assertThat(upgrade)
                    .except("app.person", "purged")
                    .renamed("app.pet", "pet")
                    .keptEveryRow()
                    .keptEveryValue();
        }
    }

    abstract class OnMySqlOrMariaDb extends OnEveryEngine {

        OnMySqlOrMariaDb(DatabaseServer server) {
            super(server);
        }

        @Test
        void namesOfColumnsWithoutRegardToTheirCase() {
            Upgrade upgrade = upgrade("""
                    CREATE TABLE t (ID INT PRIMARY KEY, TAG VARCHAR(9));
                    CREATE TABLE r (id INT PRIMARY KEY, group_Id INT, x INT);
                    CREATE TABLE Upper_case (id INT PRIMARY KEY);
                    CREATE TABLE moved (id INT PRIMARY KEY, Group_id INT);
                    INSERT INTO t VALUES (1, 'a'), (2, 'b');
                    INSERT INTO r VALUES (1, 10, 1), (2, 20, 2);
                    INSERT INTO Upper_case VALUES (1);
                    INSERT INTO moved VALUES (1, 10), (2, 20);
                    """, """
                    ALTER TABLE t RENAME COLUMN ID TO id, RENAME COLUMN TAG TO tag;
                    CREATE TABLE new_r (id INT PRIMARY KEY, Grp INT);
                    INSERT INTO new_r SELECT id, group_id FROM r;
                    DROP TABLE r;
                    RENAME TABLE new_r TO r;
                    CREATE TABLE upper_case (id INT PRIMARY KEY);
                    INSERT INTO upper_case VALUES (1), (2);
                    DROP TABLE Upper_case;
                    ALTER TABLE moved ADD COLUMN e INT, RENAME COLUMN group_id TO GROUP_ID;
                    UPDATE moved SET GROUP_ID = 21 WHERE id = 2;
                    """);

            assertThatThrownBy(() -> assertThat(upgrade).keptEveryRow()).hasMessage(message(upgrade, """
                            row, but:
                            - table Upper_case is gone, with 1 row; upper_case has the same columns and rows:\
                             renamed("Upper_case", "upper_case")?"""));
            assertThatThrownBy(() -> assertThat(upgrade)
                            .except("Upper_case", "unused")
                            .renamed("r.GROUP_ID", "r.grp")
                            .except("r.X", "unused")
                            .keptEveryRow()
                            .keptEveryValue())
                    .hasMessage(message(upgrade, """
                            value, but:
                            - table moved has other values in 1 of 2 rows
                              - id = '2': Group_id, now GROUP_ID, was '20', is '21'"""));
        }

        @Test
        void aTableThatIsAViewNow() {
            Upgrade upgrade = upgrade(
                    "CREATE TABLE plain (id INT PRIMARY KEY); INSERT INTO plain VALUES (1);",
                    "DROP TABLE plain; CREATE VIEW plain AS SELECT 1 AS id;");

            assertThatThrownBy(() -> assertThat(upgrade).keptEveryRow())
                    .hasMessageEndingWith("- table plain is gone, with 1 row; plain is a view now");
        }

        private String left(String... migrations) {
            Migrator migrator = migrator(server.engine(), migrations);
            Upgrade.run(database, migrator, Optional.of("1"));
            Upgrade upgrade = Upgrade.run(database, migrator, Optional.empty());
            String message = assertThrows(
                            AssertionError.class, () -> assertThat(upgrade).succeeded())
                    .getMessage();
            return message.replaceFirst("(?s).*\n(?=nothing is left|left of what failed)", "");
        }

        @Test
        void whatAFailedMigrationLeftWhereTheOnesBeforeWriteOtherValuesEachTime() {
            String tables = """
                    CREATE TABLE tok (id INT PRIMARY KEY, u VARCHAR(36), at DATETIME(6), v INT);
                    CREATE TABLE clock (id INT PRIMARY KEY, at DATETIME);
                    CREATE TABLE made (id VARCHAR(36) PRIMARY KEY, r DOUBLE, n INT);
                    CREATE TABLE other (id INT PRIMARY KEY, v VARCHAR(9));
                    INSERT INTO tok (id, v) VALUES (1, 1), (2, 2);
                    INSERT INTO clock (id) VALUES (1);
                    INSERT INTO other VALUES (1, NULL);
                    """;
            String unsteady = """
                    UPDATE tok SET u = UUID(), at = NOW(6);
                    UPDATE clock SET at = NOW();
                    INSERT INTO made SELECT UUID(), RAND(), v FROM tok;
                    DO SLEEP(1.1);
                    """;
            assertThat(left(tables, unsteady, "ALTER TABLE other MODIFY v VARCHAR(10) NOT NULL;"))
                    .isEqualTo("""
                            nothing is left of what failed
                            not compared, as the migrations before write other values each time: clock.at, made.id,\
                             made.r, tok.at, tok.u""");
        }

        @Test
        void whatAFailedMigrationLeftBesideWhatOthersWriteEachTime() {
            assertThat(left("""
                    CREATE TABLE tok (id INT PRIMARY KEY, u VARCHAR(36), v INT);
                    CREATE TABLE plain (id INT PRIMARY KEY, v INT);
                    CREATE TABLE other (id INT PRIMARY KEY, v VARCHAR(9));
                    INSERT INTO tok (id, v) VALUES (1, 1), (2, 2);
                    INSERT INTO plain VALUES (1, 1), (2, 2);
                    INSERT INTO other VALUES (1, NULL);
                    """, "UPDATE tok SET u = UUID();", """
                    CREATE TABLE half (id INT);
                    UPDATE tok SET v = 3 - v;
                    UPDATE plain SET v = 3 - v;
                    ALTER TABLE plain ADD n INT NOT NULL DEFAULT 0;
                    ALTER TABLE other MODIFY v VARCHAR(10) NOT NULL;
                    """)).isEqualTo("""
                            left of what failed:
                            - table plain holds the same number of rows with other values
                            - table tok holds the same number of rows with other values
                            - table half is new, with 0 rows
                            - column plain.n is new
                            not compared, as the migrations before write other values each time: tok.u""");
        }

        @Test
        void whatAFailedMigrationLeftOfATableWithANewColumn() {
            assertThat(left("""
                            CREATE TABLE t (id INT PRIMARY KEY, v INT);
                            CREATE TABLE other (id INT PRIMARY KEY, v VARCHAR(9));
                            INSERT INTO t VALUES (1, 1), (2, 2);
                            INSERT INTO other VALUES (1, NULL);
                            """, """
                            ALTER TABLE t ADD n INT NOT NULL DEFAULT 0;
                            ALTER TABLE other MODIFY v VARCHAR(10) NOT NULL;
                            """)).isEqualTo("""
                            left of what failed:
                            - column t.n is new""");
        }
    }

    @Nested
    @RequiresDocker
    @TakesTurns(turn = 1, of = 3)
    class OnMySql extends OnMySqlOrMariaDb {

        OnMySql() {
            super(TestServers.container("mysql:9.7"));
        }

        @Test
        void columnsThatChangedTheirNames() {
            assertKept(upgrade("""
                    CREATE TABLE pair (id INT PRIMARY KEY, a INT, b INT);
                    INSERT INTO pair VALUES (1, 1, 2);
                    """, "ALTER TABLE pair RENAME COLUMN a TO b, RENAME COLUMN b TO a;"));
        }

        @Test
        void aColumnDroppedInstantlyAndAnotherInItsPlaceIsNoRename() {
            Upgrade upgrade = upgrade(
                    """
                    CREATE TABLE t (id INT PRIMARY KEY, a INT);
                    INSERT INTO t VALUES (1, 7);
                    """, "ALTER TABLE t DROP COLUMN a, ALGORITHM = INSTANT; ALTER TABLE t ADD COLUMN b INT DEFAULT 7;");

            assertThatThrownBy(() -> assertThat(upgrade).keptEveryValue()).hasMessage(message(upgrade, """
                            value, but:
                            - column t.a is gone, with 1 value; t.b holds the same: renamed("t.a", "t.b")?"""));
        }
    }

    @Nested
    @RequiresDocker
    @TakesTurns(turn = 2, of = 3)
    class OnMariaDb extends OnMySqlOrMariaDb {

        OnMariaDb() {
            super(TestServers.container("mariadb:11.8"));
        }
    }
}
