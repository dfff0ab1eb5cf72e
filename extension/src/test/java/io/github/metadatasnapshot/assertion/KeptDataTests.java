package io.github.metadatasnapshot.assertion;

import static io.github.metadatasnapshot.assertion.MetadataSnapshotAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.metadatasnapshot.engine.Engine;
import io.github.metadatasnapshot.migration.FlywayMigrator;
import io.github.metadatasnapshot.migration.FlywaySettings;
import io.github.metadatasnapshot.migration.Migrator;
import io.github.metadatasnapshot.migration.Upgrade;
import io.github.metadatasnapshot.server.DatabaseServer;
import io.github.metadatasnapshot.server.TestDatabase;
import io.github.metadatasnapshot.testsupport.Library;
import io.github.metadatasnapshot.testsupport.RequiresDocker;
import io.github.metadatasnapshot.testsupport.RichSchema;
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
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Migrations that lose data, each in one way, and such that lose none. */
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

        private final DatabaseServer server;
        private final TestDatabase database;

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
                            - table reading lost 1 of 4 rows, compared without a primary key
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
                            - table reading lost 1 of 2 rows, compared without a primary key
                              - sensor = 'b', v = NULL"""));
            assertThat(upgrade)
                    .except("reading.v", "0 is the default now")
                    .keptEveryRow()
                    .keptEveryValue();
            assertThat(assertThat(upgrade).unneededExceptions()).isEmpty();
        }

        @Test
        void aRenameDeclaredAndNotDeclared() {
            Upgrade upgrade = upgrade("""
                    CREATE TABLE glossary (id INT PRIMARY KEY, term VARCHAR(20), note VARCHAR(20));
                    CREATE TABLE old_table (id INT PRIMARY KEY, v INT);
                    INSERT INTO glossary VALUES (1, 'a', NULL), (2, 'b', 'x');
                    INSERT INTO old_table VALUES (1, 1);
                    """, """
                    ALTER TABLE glossary RENAME TO glossary_term;
                    ALTER TABLE glossary_term RENAME COLUMN term TO name;
                    ALTER TABLE old_table RENAME TO new_table;
                    """);

            assertThatThrownBy(() -> assertThat(upgrade).keptEveryRow()).hasMessage(message(upgrade, """
                            row, but:
                            - table glossary is gone, with 2 rows
                            - table old_table is gone, with 1 row"""));
            assertThatThrownBy(() -> assertThat(upgrade)
                            .renamed("glossary", "glossary_term")
                            .renamed("old_table", "new_table")
                            .keptEveryRow()
                            .keptEveryValue())
                    .hasMessage(message(upgrade, """
                            value, but:
                            - column glossary.term is gone, with 2 values"""));
            assertThat(upgrade)
                    .renamed("glossary.term", "glossary_term.name")
                    .renamed("old_table", "new_table")
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
                              - id = '1', street = 'High St'
                              - id = '3', street = 'Low St'"""));
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
                    .hasMessageContaining("- table mark lost 1 of 3 rows, compared without a primary key\n");
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
                    "CREATE TABLE a (id INT PRIMARY KEY, x INT); CREATE TABLE b (id INT);",
                    "ALTER TABLE a RENAME COLUMN x TO y;");
            UpgradeAssert check = assertThat(upgrade);

            assertThatThrownBy(() -> check.renamed("a.x", "a.z"))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("renamed(\"a.x\", \"a.z\") names nothing that there is after the upgrade: table a has"
                            + " a.id, a.y");
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
                    .containsExactly("except b (gone since 1)");
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
                            - table lost lost 1 of 2 rows, compared without a primary key
                              - id = '2', tenant = '1', v = 'b'"""));
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
        @ValueSource(strings = {"postgres:17", "mysql:9.7", "mariadb:11.8"})
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
    @ValueSource(strings = {"postgres:13", "postgres:17", "mysql:9.7", "mariadb:11.8"})
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
    class OnPostgreSql extends OnEveryEngine {

        OnPostgreSql() {
            super(TestServers.embedded());
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
                              - id = '1'
                            - table app.pet is gone, with 1 row"""));
            assertThat(upgrade)
                    .except("app.person", "purged")
                    .renamed("app.pet", "pet")
                    .keptEveryRow()
                    .keptEveryValue();
        }
    }

    @Nested
    @RequiresDocker
    class OnMySql extends OnEveryEngine {

        OnMySql() {
            super(TestServers.container("mysql:9.7"));
        }
    }

    @Nested
    @RequiresDocker
    class OnMariaDb extends OnEveryEngine {

        OnMariaDb() {
            super(TestServers.container("mariadb:11.8"));
        }
    }
}
