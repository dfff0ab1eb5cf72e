package io.github.metadatasnapshot.server;

import static io.github.metadatasnapshot.testsupport.Library.execute;
import static io.github.metadatasnapshot.testsupport.Library.query;
import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.metadatasnapshot.engine.Engine;
import io.github.metadatasnapshot.shape.DatabaseState;
import io.github.metadatasnapshot.testsupport.Images;
import io.github.metadatasnapshot.testsupport.Library;
import io.github.metadatasnapshot.testsupport.RequiresDocker;
import io.github.metadatasnapshot.testsupport.TestServers;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.params.ParameterizedTest;

/** What sessions with other settings than the server's, or later statements, leave in a database. */
@RequiresDocker
class CompleteCopyTests {

    private static final String WIDE = IntStream.rangeClosed(1, 199)
            .mapToObj("c%d varchar(60) NOT NULL DEFAULT ''"::formatted)
            .collect(joining(", ", "CREATE TABLE wide (", ") ROW_FORMAT=COMPACT CHARACTER SET latin1"));

    /** Statements by what they leave; on one connection, whose settings the next one has, too. */
    private static Map<String, List<String>> both() {
        Map<String, List<String>> cases = new LinkedHashMap<>();
        cases.put("innodb_strict_mode", List.of("SET SESSION innodb_strict_mode = OFF", WIDE));
        cases.put(
                "zero dates",
                List.of(
                        "SET SESSION sql_mode = ''",
                        "CREATE TABLE born (id INT PRIMARY KEY, day DATE NOT NULL DEFAULT '0000-00-00',"
                                + " at TIMESTAMP NOT NULL DEFAULT '0000-00-00 00:00:00', half DATE)",
                        "INSERT INTO born (id, half) VALUES (1, '2020-00-00')"));
        cases.put(
                "explicit_defaults_for_timestamp",
                List.of(
                        "SET SESSION sql_mode = DEFAULT, explicit_defaults_for_timestamp = ON",
                        "CREATE TABLE stamped (id INT, at TIMESTAMP NOT NULL, other TIMESTAMP NULL)"));
        cases.put(
                "foreign_key_checks",
                List.of(
                        "SET SESSION foreign_key_checks = 0",
                        "CREATE TABLE orphan (id INT PRIMARY KEY, p INT, FOREIGN KEY (p) REFERENCES nowhere (id))",
                        "INSERT INTO orphan VALUES (1, 7)"));
        cases.put(
                "invisible and generated columns",
                List.of(
                        "CREATE TABLE hidden (id INT PRIMARY KEY, secret INT INVISIBLE, twice INT AS (id * 2) STORED)",
                        "INSERT INTO hidden (id, secret) VALUES (1, 42)"));
        cases.put(
                "AUTO_INCREMENT",
                List.of(
                        "CREATE TABLE counted (id INT AUTO_INCREMENT PRIMARY KEY)",
                        "INSERT INTO counted VALUES (), (), ()",
                        "DELETE FROM counted"));
        cases.put(
                "rows of other engines",
                List.of(
                        "CREATE TABLE part (id INT PRIMARY KEY) ENGINE = MyISAM",
                        "INSERT INTO part VALUES (1), (2)",
                        "CREATE TABLE merged (id INT PRIMARY KEY) ENGINE = MERGE UNION = (part) INSERT_METHOD = LAST",
                        "CREATE TABLE cached (id INT PRIMARY KEY) ENGINE = MEMORY",
                        "INSERT INTO cached VALUES (1)",
                        "CREATE TABLE read_only_union (id INT PRIMARY KEY) ENGINE = MERGE UNION = (part)"));
        cases.put(
                "partitions",
                List.of(
                        "CREATE TABLE parted (id INT PRIMARY KEY) PARTITION BY RANGE (id)"
                                + " (PARTITION low VALUES LESS THAN (10), PARTITION high VALUES LESS THAN MAXVALUE)",
                        "INSERT INTO parted VALUES (1), (11)"));
        cases.put(
                "a broken view",
                List.of(
                        "CREATE TABLE gone (id INT, name VARCHAR(9))",
                        "CREATE TABLE less (id INT, part INT, doc JSON)",
                        "CREATE VIEW a_broken AS SELECT g.id, UPPER(g.name) AS name, l.part FROM gone g"
                                + " JOIN less l ON g.id = l.id",
                        "CREATE VIEW b_on_broken AS SELECT name FROM a_broken",
                        "CREATE VIEW c_less AS SELECT part, JSON_EXTRACT(doc, '$.x') AS x FROM less",
                        "CREATE VIEW sound AS SELECT id FROM less",
                        "DROP TABLE gone",
                        "ALTER TABLE less DROP part"));
        cases.put(
                "missing definers",
                List.of(
                        "CREATE USER former_definer",
                        "GRANT ALL ON *.* TO former_definer",
                        "CREATE DEFINER = former_definer VIEW d_orphan AS SELECT id FROM less",
                        "CREATE VIEW e_on_orphan AS SELECT id FROM d_orphan",
                        "DROP USER former_definer",
                        "CREATE DEFINER = former_definer FUNCTION orphan_function() RETURNS INT RETURN 1",
                        "CREATE DEFINER = former_definer TRIGGER orphan_trigger BEFORE INSERT ON less"
                                + " FOR EACH ROW SET NEW.id = 1",
                        "CREATE DEFINER = former_definer EVENT orphan_event ON SCHEDULE EVERY 1 DAY DO DO 1"));
        cases.put(
                "a row of 17 MB",
                List.of(
                        "CREATE TABLE attachment (id INT PRIMARY KEY, body LONGBLOB)",
                        "INSERT INTO attachment VALUES (1, REPEAT('0123456789abcdef', 1100000))"));
        return cases;
    }

    private static Map<String, List<String>> mySql() {
        Map<String, List<String>> cases = new LinkedHashMap<>();
        cases.put(
                "restrict_fk_on_non_standard_key",
                List.of(
                        "SET SESSION restrict_fk_on_non_standard_key = OFF",
                        "CREATE TABLE upper (id INT PRIMARY KEY, code VARCHAR(10) NOT NULL, KEY (code))",
                        "CREATE TABLE lower (id INT PRIMARY KEY, code VARCHAR(10), FOREIGN KEY (code) REFERENCES upper (code))",
                        "INSERT INTO upper VALUES (1, 'a')",
                        "INSERT INTO lower VALUES (1, 'a')"));
        cases.put(
                "sql_generate_invisible_primary_key",
                List.of(
                        "SET SESSION sql_generate_invisible_primary_key = ON",
                        "CREATE TABLE event (what VARCHAR(20))",
                        "INSERT INTO event VALUES ('a'), ('b')",
                        "DELETE FROM event WHERE what = 'a'",
                        "INSERT INTO event VALUES ('c')"));
        cases.put(
                "checks that are not enforced",
                List.of(
                        "CREATE TABLE unchecked (id INT, CONSTRAINT positive CHECK (id > 0) NOT ENFORCED)",
                        "INSERT INTO unchecked VALUES (-1)"));
        return cases;
    }

    private static Map<String, List<String>> mariaDb() {
        Map<String, List<String>> cases = new LinkedHashMap<>();
        cases.put(
                "check_constraint_checks",
                List.of(
                        "CREATE TABLE checked (id INT, CHECK (id > 0))",
                        "SET SESSION check_constraint_checks = OFF",
                        "INSERT INTO checked VALUES (-1)"));
        cases.put(
                "system-versioned tables",
                List.of(
                        "CREATE TABLE price (id INT PRIMARY KEY, amount INT) WITH SYSTEM VERSIONING",
                        "INSERT INTO price VALUES (1, 10), (2, 20)",
                        "UPDATE price SET amount = 11 WHERE id = 1",
                        "UPDATE price SET amount = 12 WHERE id = 1",
                        "DELETE FROM price WHERE id = 2",
                        "CREATE TABLE explicit (id INT PRIMARY KEY, s TIMESTAMP(6) GENERATED ALWAYS AS ROW START INVISIBLE,"
                                + " e TIMESTAMP(6) GENERATED ALWAYS AS ROW END, PERIOD FOR SYSTEM_TIME (s, e))"
                                + " WITH SYSTEM VERSIONING",
                        "INSERT INTO explicit (id) VALUES (1), (2)",
                        "DELETE FROM explicit WHERE id = 2",
                        "CREATE TABLE versioned_parts (id INT, x INT, y INT WITHOUT SYSTEM VERSIONING)"
                                + " WITH SYSTEM VERSIONING PARTITION BY SYSTEM_TIME"
                                + " (PARTITION old HISTORY, PARTITION now CURRENT)",
                        "INSERT INTO versioned_parts VALUES (1, 1, 1)",
                        "UPDATE versioned_parts SET x = 2",
                        "CREATE TABLE emptied (id INT) WITH SYSTEM VERSIONING",
                        "INSERT INTO emptied VALUES (1)",
                        "DELETE FROM emptied"));
        cases.put(
                "application periods",
                List.of(
                        "CREATE TABLE stay (room INT, f DATE, t DATE, PERIOD FOR time (f, t),"
                                + " UNIQUE (room, time WITHOUT OVERLAPS))",
                        "INSERT INTO stay VALUES (1, '2020-01-01', '2020-02-01')"));
        cases.put(
                "sequences",
                List.of(
                        "CREATE SEQUENCE ids START WITH 100 INCREMENT BY 10",
                        "SELECT NEXTVAL(ids)",
                        "CREATE SEQUENCE used_up MAXVALUE 2 NOCACHE CYCLE",
                        "SELECT NEXTVAL(used_up)"));
        cases.put(
                "packages",
                List.of(
                        "SET sql_mode = ORACLE",
                        "CREATE PACKAGE tools AS FUNCTION one RETURN INT; END",
                        "CREATE PACKAGE BODY tools AS FUNCTION one RETURN INT AS BEGIN RETURN 1; END; END",
                        "SET sql_mode = DEFAULT"));
        return cases;
    }

    private static List<String> statements(Engine engine) {
        Map<String, List<String>> cases = both();
        cases.putAll(engine == Engine.MYSQL ? mySql() : mariaDb());
        List<String> statements = new ArrayList<>();
        cases.values().forEach(statements::addAll);
        return statements;
    }

    private static DatabaseState state(TestDatabase database) throws SQLException {
        try (Connection connection = database.open()) {
            return DatabaseState.read(
                    connection,
                    database.engine(),
                    Library.migrator(database.engine()).historyTable());
        }
    }

    /** What a copy holds that a state does not tell. */
    private static List<String> details(TestDatabase database) {
        List<String> queries = new ArrayList<>(List.of(
                "SELECT * FROM born",
                "SHOW CREATE TABLE wide",
                "SHOW CREATE TABLE stamped",
                "SHOW CREATE TABLE counted",
                "SHOW CREATE VIEW a_broken",
                "SHOW CREATE VIEW d_orphan",
                "SHOW CREATE FUNCTION orphan_function",
                "SELECT definer FROM information_schema.triggers WHERE trigger_schema = DATABASE()",
                "SELECT id, secret, twice FROM hidden",
                "SELECT * FROM merged"));
        queries.addAll(
                database.engine() == Engine.MYSQL
                        ? List.of("SELECT my_row_id, what FROM event", "SHOW CREATE TABLE event")
                        : List.of(
                                "SELECT id, amount, row_start, row_end FROM price FOR SYSTEM_TIME ALL ORDER BY row_end, id",
                                "SELECT id, s, e FROM explicit FOR SYSTEM_TIME ALL ORDER BY e, id",
                                "SELECT next_not_cached_value FROM ids",
                                "SELECT next_not_cached_value FROM used_up",
                                "SHOW CREATE PACKAGE tools",
                                "SHOW CREATE PACKAGE BODY tools"));
        return queries.stream()
                .flatMap(sql -> query(database, sql).stream())
                .map(line -> line.replace("`" + database.name() + "`.", ""))
                .toList();
    }

    @ParameterizedTest
    @Images({"mysql:9.7", "mariadb:11.8"})
    void whateverADatabaseHoldsIsInItsCopies(String image) throws Exception {
        DatabaseServer server = TestServers.container(image);
        try (TestDatabase source = server.createDatabase()) {
            execute(source, statements(server.engine()).toArray(String[]::new));
            assertAllCopied(source);
            try (TestDatabase withoutBroken = server.copyOf(source)) {
                execute(
                        withoutBroken,
                        "DROP VIEW a_broken, b_on_broken, c_less, d_orphan, e_on_orphan",
                        "CREATE VIEW a_broken AS SELECT id FROM less",
                        "CREATE VIEW d_orphan AS SELECT id FROM less");
                withoutBroken.freeze();
                assertAllCopied(withoutBroken);
            }
            source.freeze();
            assertAllCopied(source);
        }
    }

    private static void assertAllCopied(TestDatabase source) throws SQLException {
        DatabaseState state = state(source);
        try (TestDatabase copy = source.server().copyOf(source)) {
            SoftAssertions softly = new SoftAssertions();
            softly.assertThat(state.differences(state(copy))).isEmpty();
            softly.assertThat(details(copy)).isEqualTo(details(source));
            softly.assertAll();
        }
        assertThat(state(source)).isEqualTo(state);
    }
}
