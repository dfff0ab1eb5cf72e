package io.github.metadatasnapshot.shape;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.metadatasnapshot.engine.HistoryTable;
import io.github.metadatasnapshot.server.DatabaseServer;
import io.github.metadatasnapshot.server.TestDatabase;
import io.github.metadatasnapshot.testsupport.Images;
import io.github.metadatasnapshot.testsupport.RequiresDocker;
import io.github.metadatasnapshot.testsupport.TakesTurns;
import io.github.metadatasnapshot.testsupport.TestServers;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;

/** Compares more rows that differ than the heap of this JVM holds: the build runs this class with {@code -Xmx128m}. */
@Tag("big")
@TakesTurns(of = 4)
class BigComparisonTests {

    private static final int ROWS = 60_000;
    private static final int ROW_BYTES = 2_000;

    @Test
    void embeddedPostgreSql() throws SQLException {
        compares(TestServers.embedded());
    }

    @RequiresDocker
    @ParameterizedTest
    @Images({"mysql:9.7", "mariadb:11.8"})
    void containers(String image) throws SQLException {
        compares(TestServers.container(image));
    }

    private static void compares(DatabaseServer server) throws SQLException {
        assertThat(Runtime.getRuntime().maxMemory()).as("heap").isLessThanOrEqualTo(128L << 20);
        try (TestDatabase before = create(server, "before");
                TestDatabase after = create(server, "after");
                Connection old = before.open();
                Connection now = after.open()) {
            DatabaseState unknown = DatabaseState.EMPTY;

            DataComparison comparison = DataComparison.of(
                    server.engine(),
                    old,
                    unknown,
                    Map.of(),
                    now,
                    unknown,
                    new HistoryTable("", "history"),
                    DataRules.NONE,
                    IgnoredObjects.NONE);

            assertThat(comparison.rows()).isEmpty();
            assertThat(comparison.values())
                    .extracting(DataLoss::what)
                    .containsExactlyInAnyOrder(
                            "table heap has other values in 60000 of 60000 rows",
                            "table keyed has other values in 60000 of 60000 rows");
        }
    }

    private static TestDatabase create(DatabaseServer server, String value) throws SQLException {
        TestDatabase database = server.createDatabase();
        try (Connection connection = database.open();
                var statement = connection.createStatement()) {
            statement.execute("CREATE TABLE digit (d INT PRIMARY KEY)");
            statement.execute("INSERT INTO digit VALUES (0), (1), (2), (3), (4), (5), (6), (7), (8), (9)");
            statement.execute("CREATE TABLE keyed (id INT PRIMARY KEY, v VARCHAR(2100))");
            statement.execute("""
                    INSERT INTO keyed
                    SELECT n, CONCAT('%s ', n, ' ', REPEAT('x', %d)) FROM (
                      SELECT a.d + 10 * b.d + 100 * c.d + 1000 * e.d + 10000 * f.d AS n
                      FROM digit a, digit b, digit c, digit e, digit f) AS numbers
                    WHERE n < %d
                    """.formatted(value, ROW_BYTES, ROWS));
            statement.execute("CREATE TABLE heap (n INT, v VARCHAR(2100))");
            assertThat(statement.executeUpdate("INSERT INTO heap SELECT id, v FROM keyed"))
                    .isEqualTo(ROWS);
        }
        return database;
    }
}
