package io.github.metadatasnapshot.shape;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.metadatasnapshot.engine.Engine;
import io.github.metadatasnapshot.engine.TableDigest;
import io.github.metadatasnapshot.engine.TableName;
import io.github.metadatasnapshot.server.DatabaseServer;
import io.github.metadatasnapshot.server.TestDatabase;
import io.github.metadatasnapshot.testsupport.Images;
import io.github.metadatasnapshot.testsupport.Library;
import io.github.metadatasnapshot.testsupport.RequiresDocker;
import io.github.metadatasnapshot.testsupport.TakesTurns;
import io.github.metadatasnapshot.testsupport.TestServers;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import java.util.SortedMap;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;

/** Tables that PostgreSQL proves to be unchanged are not read again, and no change is missed for that. */
@TakesTurns(of = 2)
class UnchangedTablesTests {

    private static final TableName TITLE = new TableName("public", "title");
    private static final TableName LOAN = new TableName("public", "loan");

    private static TestDatabase create(DatabaseServer server) throws SQLException {
        TestDatabase database = server.createDatabase();
        Library.execute(
                database,
                "CREATE TYPE mood AS ENUM ('calm', 'cross')",
                "CREATE TYPE pair AS (a integer)",
                "CREATE TABLE title (id integer, name text, shelf varchar(10))",
                "INSERT INTO title VALUES (1, 'Emma', 'a'), (2, 'Ulysses', 'b'), (3, 'Faust', 'c')",
                "CREATE TABLE loan (id integer, name text, shelf varchar(10))",
                "INSERT INTO loan VALUES (7, 'x', 'a'), (8, 'y', 'b'), (9, 'z', 'c')",
                "CREATE TABLE reader (mood mood)",
                "INSERT INTO reader VALUES ('calm')",
                "CREATE TABLE diary (moods mood[])",
                "INSERT INTO diary VALUES ('{calm,cross}')",
                "CREATE TABLE couple (pair pair)",
                "INSERT INTO couple VALUES (ROW(1))",
                "CREATE TABLE place (relation regclass)",
                "INSERT INTO place VALUES ('loan')",
                "CREATE TABLE secret (id integer)",
                "INSERT INTO secret VALUES (1), (2), (3)",
                "ALTER TABLE secret ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY",
                "CREATE POLICY few ON secret USING (id < 3)",
                "CREATE TABLE part (id integer) PARTITION BY RANGE (id)",
                "CREATE TABLE part1 PARTITION OF part FOR VALUES FROM (1) TO (10)",
                "INSERT INTO part VALUES (1), (2)",
                "CREATE TABLE blank (id integer)");
        return database;
    }

    private static SortedMap<TableName, TableDigest> read(TestDatabase database, Map<TableName, TableDigest> earlier)
            throws SQLException {
        try (Connection connection = database.open()) {
            Engine engine = database.engine();
            return engine.digests(connection, engine.tables(connection), earlier);
        }
    }

    private static void assertTablesThatNobodyChangedAreNotReadAgain(TestDatabase database) throws SQLException {
        SortedMap<TableName, TableDigest> before = read(database, Map.of());
        Library.execute(database, "UPDATE title SET name = 'Emma!' WHERE id = 1");

        SortedMap<TableName, TableDigest> after = read(database, before);

        assertThat(after).isEqualTo(read(database, Map.of()));
        assertThat(after.get(LOAN)).isSameAs(before.get(LOAN));
        assertThat(after.get(TITLE)).isNotEqualTo(before.get(TITLE));
        assertThat(read(database, after).get(TITLE)).isSameAs(after.get(TITLE));
    }

    private static void assertTablesOfACopyAreNotReadAgain(TestDatabase database) throws SQLException {
        SortedMap<TableName, TableDigest> before = read(database, Map.of());
        try (TestDatabase copy = database.server().copyOf(database)) {
            Library.execute(copy, "DELETE FROM loan WHERE id = 7", "INSERT INTO loan VALUES (6, 'x', 'a')");

            SortedMap<TableName, TableDigest> after = read(copy, before);

            assertThat(after.get(TITLE)).isSameAs(before.get(TITLE));
            assertThat(after.get(LOAN)).isNotEqualTo(before.get(LOAN));
        }
    }

    private static void assertTablesThatAnUndoneChangeTouchedAreNotReadAgain(TestDatabase database)
            throws SQLException {
        SortedMap<TableName, TableDigest> before = read(database, Map.of());
        try (Connection connection = database.open();
                var statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute("UPDATE title SET name = 'x'");
            statement.execute("DELETE FROM loan");
            statement.execute("INSERT INTO loan VALUES (1, 'x', 'a')");
            connection.rollback();
        }

        assertThat(read(database, before).get(TITLE)).isSameAs(before.get(TITLE));
        assertThat(read(database, before).get(LOAN)).isSameAs(before.get(LOAN));
    }

    private static void assertEveryChangeIsSeen(TestDatabase database) throws SQLException {
        SoftAssertions softly = new SoftAssertions();
        for (String change : new String[] {
            "DELETE FROM title WHERE id = 1",
            "INSERT INTO title VALUES (4, 'Emma', 'a')",
            "UPDATE title SET id = 5 - id WHERE id < 4",
            "TRUNCATE title; INSERT INTO title VALUES (1, 'x', 'a'), (2, 'y', 'b'), (3, 'z', 'c')",
            "ALTER TABLE title ADD COLUMN pages integer DEFAULT 100",
            "ALTER TABLE title RENAME COLUMN pages TO leaves",
            "ALTER TABLE title DROP COLUMN leaves",
            "ALTER TABLE title ADD COLUMN leaves integer DEFAULT 200",
            "ALTER TABLE title ALTER COLUMN leaves TYPE text USING 'p. ' || leaves",
            "ALTER TABLE title ALTER COLUMN shelf TYPE varchar(20)",
            "ALTER TABLE title DROP COLUMN leaves",
            "ALTER TABLE title RENAME TO swapped; ALTER TABLE loan RENAME TO title; ALTER TABLE swapped RENAME TO loan",
            "ALTER TYPE mood RENAME VALUE 'calm' TO 'quiet'",
            "ALTER TYPE pair ADD ATTRIBUTE b integer",
            "ALTER TABLE loan RENAME TO lent",
            "ALTER POLICY few ON secret USING (id > 1)",
            "INSERT INTO part VALUES (3)",
            "UPDATE part SET id = 4 WHERE id = 3",
            "ALTER TABLE part DETACH PARTITION part1",
            "INSERT INTO blank VALUES (1)",
            "DROP TABLE title; CREATE TABLE title (id integer, name text, shelf varchar(20));"
                    + " INSERT INTO title VALUES (7, 'x', 'a'), (8, 'y', 'b'), (10, 'z', 'c')",
            "DO $$ BEGIN UPDATE title SET name = 'w' WHERE id = 7; BEGIN UPDATE title SET name = 'v'; RAISE 'no';"
                    + " EXCEPTION WHEN OTHERS THEN NULL; END; END $$",
        }) {
            SortedMap<TableName, TableDigest> before = read(database, Map.of());
            Library.execute(database, change);
            SortedMap<TableName, TableDigest> after = read(database, before);
            softly.assertThat(after).as(change).isEqualTo(read(database, Map.of()));
            // An administrator is above all policies.
            if (!change.startsWith("ALTER POLICY")) {
                softly.assertThat(after.equals(before))
                        .as(change)
                        .isEqualTo(change.contains("TYPE varchar(20)") || change.contains("DETACH"));
            }
        }
        SortedMap<TableName, TableDigest> before = read(database, Map.of());
        Library.execute(database, "VACUUM FULL");
        softly.assertThat(read(database, before)).isEqualTo(read(database, Map.of()));
        softly.assertAll();
    }

    private static void assertWhatATransactionWritesThatIsNotOverYetIsSeenLater(TestDatabase database)
            throws SQLException {
        try (Connection connection = database.open();
                var statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute("INSERT INTO title VALUES (4, 'Middlemarch', 'd')");
            // A transaction that begins later is over before, so that the number of the first says nothing.
            Library.execute(database, "INSERT INTO loan VALUES (10, 'w', 'd')");
            SortedMap<TableName, TableDigest> before = read(database, Map.of());
            connection.commit();
            Library.execute(database, "DELETE FROM title WHERE id = 1");

            SortedMap<TableName, TableDigest> after = read(database, before);

            assertThat(after.get(TITLE).rows()).isEqualTo(before.get(TITLE).rows());
            assertThat(after.get(TITLE)).isNotEqualTo(before.get(TITLE));
        }
    }

    private static void assertNothingIsTakenForLater(TestDatabase database) throws SQLException {
        try (Connection connection = database.open();
                var statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute("UPDATE title SET name = 'x'");
            Engine engine = database.engine();
            SortedMap<TableName, TableDigest> inside = engine.digests(connection, engine.tables(connection), Map.of());
            connection.rollback();

            assertThat(engine.digests(connection, engine.tables(connection), inside))
                    .isEqualTo(read(database, Map.of()));
        }
    }

    private static void assertAll(DatabaseServer server) throws SQLException {
        try (TestDatabase database = create(server)) {
            assertTablesThatNobodyChangedAreNotReadAgain(database);
            assertTablesOfACopyAreNotReadAgain(database);
            assertTablesThatAnUndoneChangeTouchedAreNotReadAgain(database);
            assertNothingIsTakenForLater(database);
            assertWhatATransactionWritesThatIsNotOverYetIsSeenLater(database);
        }
        try (TestDatabase database = create(server)) {
            assertEveryChangeIsSeen(database);
        }
    }

    @Test
    void changesAreSeenAndNothingElseIsRead() throws Exception {
        assertAll(TestServers.embedded());
    }

    @RequiresDocker
    @ParameterizedTest
    @Images({"postgres:13", "postgres:18"})
    void inAContainerToo(String image) throws Exception {
        assertAll(TestServers.container(image));
    }
}
