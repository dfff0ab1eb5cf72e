package io.github.metadatasnapshot.benchmarks;

import io.github.metadatasnapshot.engine.Engine;
import io.github.metadatasnapshot.engine.HistoryTable;
import io.github.metadatasnapshot.server.DatabaseServer;
import io.github.metadatasnapshot.server.TestDatabase;
import io.github.metadatasnapshot.shape.DataComparison;
import io.github.metadatasnapshot.shape.DataRules;
import io.github.metadatasnapshot.shape.DatabaseState;
import io.github.metadatasnapshot.shape.IgnoredObjects;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;

/**
 * Digesting a table, and comparing it with the one that an upgrade has made of it, beside a SELECT of its rows that are sent
 * and thrown away.
 */
final class DataBenchmark {

    private static final String TEN_DIGITS =
            "INSERT INTO digit VALUES (0), (1), (2), (3), (4), (5), (6), (7), (8), (9)";

    private static final String TABLE = """
            CREATE TABLE item (
              id BIGINT NOT NULL PRIMARY KEY,
              parent_id BIGINT,
              name VARCHAR(100) NOT NULL,
              description TEXT,
              state VARCHAR(20) NOT NULL,
              amount DECIMAL(12, 2) NOT NULL,
              ratio DOUBLE PRECISION NOT NULL,
              active BOOLEAN NOT NULL,
              born DATE NOT NULL,
              changed_at TIMESTAMP NOT NULL)
            """;

    private static final String MILLION_ROWS = """
            INSERT INTO item
            SELECT n, CASE WHEN n %% 3 > 0 THEN n / 2 END, CONCAT('item ', n), CONCAT('It is called item ', n, ', and no. ', n * 7919),
              CASE WHEN n %% 5 = 0 THEN 'draft' ELSE 'done' END, CAST(n AS DECIMAL(12, 2)) / 100, n / 7.0, n %% 2 = 0, %s, %s
            FROM (SELECT a.d + 10 * b.d + 100 * c.d + 1000 * e.d + 10000 * f.d + 100000 * g.d AS n
              FROM digit a, digit b, digit c, digit e, digit f, digit g) AS numbers
            ORDER BY n
            """;

    private DataBenchmark() {}

    static List<Measurement> run(DatabaseServer server, Rounds rounds) throws Exception {
        Engine engine = server.engine();
        HistoryTable none = new HistoryTable("", HistoryTable.DEFAULT_NAME);
        try (TestDatabase old = server.createDatabase();
                TestDatabase upgraded = server.createDatabase();
                Connection before = old.open();
                Connection after = upgraded.open()) {
            fill(before, engine);
            fill(after, engine);
            // Tables of the same digest are not compared.
            try (Statement statement = after.createStatement()) {
                statement.execute("ALTER TABLE item ADD COLUMN label VARCHAR(20)");
            }
            DatabaseState was = DatabaseState.read(before, engine, none);
            DatabaseState is = DatabaseState.read(after, engine, none);
            return rounds.measure(
                    "data",
                    "1 million rows of 10 columns",
                    List.of(
                            new Candidate("SELECT", () -> select(before, engine)),
                            new Candidate(
                                    "Engine.digests", () -> engine.digests(before, engine.tables(before), Map.of())),
                            new Candidate("DataComparison", () -> {
                                DataComparison comparison = DataComparison.of(
                                        engine,
                                        before,
                                        was,
                                        Map.of(),
                                        after,
                                        is,
                                        none,
                                        DataRules.NONE,
                                        IgnoredObjects.NONE);
                                if (!comparison.equals(DataComparison.ofNothing(DataRules.NONE))) {
                                    throw new IllegalStateException("Equal rows differ: " + comparison);
                                }
                            })));
        }
    }

    private static void fill(Connection connection, Engine engine) throws SQLException {
        boolean postgresql = engine == Engine.POSTGRESQL;
        try (Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE digit (d BIGINT NOT NULL PRIMARY KEY)");
            statement.execute(TEN_DIGITS);
            statement.execute(TABLE);
            statement.execute(MILLION_ROWS.formatted(
                    postgresql
                            ? "DATE '2000-01-01' + CAST(n % 9000 AS INT)"
                            : "DATE '2000-01-01' + INTERVAL n % 9000 DAY",
                    postgresql
                            ? "TIMESTAMP '2020-01-01 00:00:01' + n * INTERVAL '1 minute'"
                            : "TIMESTAMP '2020-01-01 00:00:01' + INTERVAL n MINUTE"));
            statement.execute(postgresql ? "VACUUM ANALYZE item" : "ANALYZE TABLE item");
            statement.execute("DROP TABLE digit");
        }
    }

    private static void select(Connection connection, Engine engine) throws SQLException {
        // PostgreSQL's driver streams in a transaction only.
        connection.setAutoCommit(false);
        try (Statement statement = connection.createStatement()) {
            statement.setFetchSize(engine == Engine.MYSQL ? Integer.MIN_VALUE : 5_000);
            long rows = 0;
            try (ResultSet result = statement.executeQuery("SELECT * FROM item")) {
                while (result.next()) {
                    rows++;
                }
            }
            if (rows != 1_000_000) {
                throw new IllegalStateException("There are " + rows + " rows");
            }
        } finally {
            connection.commit();
            connection.setAutoCommit(true);
        }
    }
}
