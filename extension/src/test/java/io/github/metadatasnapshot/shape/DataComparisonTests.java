package io.github.metadatasnapshot.shape;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.metadatasnapshot.engine.HistoryTable;
import io.github.metadatasnapshot.server.DatabaseServer;
import io.github.metadatasnapshot.server.TestDatabase;
import io.github.metadatasnapshot.testsupport.ColumnType;
import io.github.metadatasnapshot.testsupport.Images;
import io.github.metadatasnapshot.testsupport.RequiresDocker;
import io.github.metadatasnapshot.testsupport.TestServers;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;

class DataComparisonTests {

    /** A table for each type: with its values as they are, or each value in the row of the one before it. */
    private static TestDatabase create(DatabaseServer server, List<ColumnType> types, String further, int shift)
            throws SQLException {
        TestDatabase database = server.createDatabase();
        try (Connection connection = database.open();
                var statement = connection.createStatement()) {
            for (String sql : ColumnType.prerequisites(server.engine())) {
                statement.execute(sql);
            }
            for (int i = 0; i < types.size(); i++) {
                statement.execute("CREATE TABLE t%03d (id INT PRIMARY KEY, c %s%s)"
                        .formatted(i, types.get(i).sql(), further));
                List<String> values = types.get(i).values();
                for (int row = 0; row < values.size(); row++) {
                    statement.execute("INSERT INTO t%03d (id, c) VALUES (%d, "
                            .formatted(i, row)
                            .concat(values.get((row + shift) % values.size()) + ")"));
                }
            }
        }
        return database;
    }

    private static DataComparison compare(TestDatabase before, TestDatabase after) throws SQLException {
        DatabaseState unknown = DatabaseState.EMPTY;
        try (Connection old = before.open();
                Connection now = after.open()) {
            return DataComparison.of(
                    before.engine(),
                    old,
                    unknown,
                    Map.of(),
                    now,
                    unknown,
                    new HistoryTable("", "history"),
                    DataRules.NONE,
                    IgnoredObjects.NONE);
        }
    }

    private static void assertEveryValueCounts(DatabaseServer server) throws SQLException {
        List<ColumnType> types = ColumnType.of(server);
        try (TestDatabase before = create(server, types, "", 0);
                TestDatabase same = create(server, types, ", added INT", 0);
                TestDatabase shifted = create(server, types, ", added INT", 1)) {
            assertThat(compare(before, same)).isEqualTo(DataComparison.ofNothing(DataRules.NONE));

            DataComparison others = compare(before, shifted);
            assertThat(others.rows()).isEmpty();
            assertThat(others.values())
                    .extracting(DataLoss::what)
                    .containsExactlyInAnyOrderElementsOf(IntStream.range(0, types.size())
                            .filter(i -> types.get(i).values().size() > 1)
                            .mapToObj(i -> "table t%1$03d has other values in %2$d of %2$d rows"
                                    .formatted(i, types.get(i).values().size()))
                            .toList());
        }
    }

    @Test
    void everyValueOfEveryTypeCounts() throws SQLException {
        assertEveryValueCounts(TestServers.embedded());
    }

    @RequiresDocker
    @ParameterizedTest
    @Images({"postgres:13", "mysql:9.7", "mariadb:11.8"})
    void everyValueOfEveryTypeCounts(String image) throws SQLException {
        assertEveryValueCounts(TestServers.container(image));
    }
}
