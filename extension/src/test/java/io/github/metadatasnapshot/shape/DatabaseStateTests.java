package io.github.metadatasnapshot.shape;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.metadatasnapshot.engine.HistoryTable;
import io.github.metadatasnapshot.server.DatabaseServer;
import io.github.metadatasnapshot.server.TestDatabase;
import io.github.metadatasnapshot.testsupport.Images;
import io.github.metadatasnapshot.testsupport.Library;
import io.github.metadatasnapshot.testsupport.RequiresDocker;
import io.github.metadatasnapshot.testsupport.TestServers;
import java.sql.Connection;
import java.sql.SQLException;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;

class DatabaseStateTests {

    private static final HistoryTable HISTORY = new HistoryTable("", HistoryTable.DEFAULT_NAME);

    private static DatabaseState read(TestDatabase database) {
        try (Connection connection = database.open()) {
            return DatabaseState.read(connection, database.engine(), HISTORY);
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }

    private static void assertSaysWhatChanged(DatabaseServer server) {
        try (TestDatabase database = server.createDatabase()) {
            assertThat(read(database).isEmpty()).isTrue();

            Library.execute(
                    database,
                    "CREATE TABLE kept (id INT PRIMARY KEY, name VARCHAR(10))",
                    "INSERT INTO kept VALUES (1, 'a'), (2, 'b')",
                    "CREATE TABLE grown (id INT)",
                    "CREATE TABLE dropped (id INT)",
                    "CREATE TABLE emptied (id INT)",
                    "INSERT INTO emptied VALUES (1), (2), (3)",
                    "CREATE TABLE lessened (id INT)",
                    "INSERT INTO lessened VALUES (1), (2), (3), (4)",
                    "CREATE TABLE lost (id INT)",
                    "INSERT INTO lost VALUES (1), (2)",
                    "CREATE VIEW other AS SELECT id FROM kept",
                    "CREATE VIEW names AS SELECT name FROM kept");
            DatabaseState before = read(database);
            assertThat(before.isEmpty()).isFalse();
            assertThat(before).isEqualTo(read(database)).hasToString("version no version, 6 tables, 11 rows");

            Library.execute(
                    database,
                    "UPDATE kept SET name = 'A' WHERE id = 1",
                    "ALTER TABLE kept ADD CONSTRAINT positive CHECK (id > 0)",
                    "INSERT INTO grown VALUES (1)",
                    "DROP TABLE dropped",
                    "DELETE FROM emptied",
                    "DELETE FROM lessened WHERE id = 1",
                    "DROP TABLE lost",
                    "DROP VIEW other",
                    "CREATE VIEW other AS SELECT id FROM kept WHERE id > 0",
                    "CREATE TABLE made (id INT)",
                    "CREATE INDEX made_id ON made (id)",
                    "DROP VIEW names",
                    "CREATE VIEW ids AS SELECT id FROM kept");
            DatabaseState after = read(database);

            assertThat(after).isNotEqualTo(before);
            assertThat(after.totalRows()).isEqualTo(6);
            assertThat(before.differences(after))
                    .extracting(line -> line.lines().findFirst().orElseThrow())
                    .as("the gravest first, and of these the largest")
                    .containsExactly(
                            "table emptied has 0 rows, before it had 3",
                            "table lost is gone, with 2 rows",
                            "table lessened has 3 rows, before it had 4",
                            "table dropped is gone, with 0 rows",
                            "view names is gone",
                            "view other has changed",
                            "table kept holds the same number of rows with other values",
                            "table grown has 1 rows, before it had 0",
                            "table made is new, with 0 rows",
                            "constraint kept.positive is new",
                            "view ids is new");

            Library.execute(database, "DROP VIEW ids", "CREATE VIEW ids AS SELECT id FROM kept WHERE id > 1");
            assertThat(after.differences(read(database)))
                    .singleElement()
                    .asString()
                    .startsWith("view ids has changed\n  before: ")
                    .contains("\n  now:    ");
        }
    }

    @Nested
    class Embedded {

        @Test
        void saysWhatChanged() {
            assertSaysWhatChanged(TestServers.embedded());
        }

        @Test
        void schemasAndExtensionsAreNobodysObjects() {
            try (TestDatabase database = TestServers.embedded().createDatabase()) {
                Library.execute(
                        database, "CREATE EXTENSION hstore", "CREATE SCHEMA other", "COMMENT ON SCHEMA other IS 'x'");
                assertThat(read(database).isEmpty()).isTrue();
                Library.execute(database, "CREATE TYPE other.mood AS ENUM ('x')");
                assertThat(read(database).isEmpty()).isFalse();
            }
        }

        @Test
        void holdsTheHistory() {
            try (TestDatabase database = Library.create(TestServers.embedded(), "2")) {
                DatabaseState before = read(database);
                assertThat(before.history().describeVersion()).isEqualTo("2");
                Library.execute(database, "DELETE FROM flyway_schema_history WHERE version = '2'");

                assertThat(before.differences(read(database)))
                        .first()
                        .isEqualTo("the history says 1, before it said 2");
            }
        }
    }

    @Nested
    @RequiresDocker
    class InContainers {

        @ParameterizedTest
        @Images({"postgres:13", "postgres:18", "mysql:9.7", "mariadb:11.8"})
        void saysWhatChanged(String image) {
            assertSaysWhatChanged(TestServers.container(image));
        }
    }
}
