package io.github.metadatasnapshot.shape;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.metadatasnapshot.engine.Engine;
import io.github.metadatasnapshot.engine.SchemaObject;
import io.github.metadatasnapshot.engine.TableName;
import io.github.metadatasnapshot.server.DatabaseServer;
import io.github.metadatasnapshot.server.TestDatabase;
import io.github.metadatasnapshot.testsupport.Images;
import io.github.metadatasnapshot.testsupport.RequiresDocker;
import io.github.metadatasnapshot.testsupport.RichSchema;
import io.github.metadatasnapshot.testsupport.TestServers;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;

class ShapeTests {

    /** Each change of a property of an object makes the difference that it should, and no other. */
    private static void assertChangesShow(DatabaseServer server) throws SQLException {
        SoftAssertions softly = new SoftAssertions();
        try (TestDatabase database = RichSchema.create(server);
                Connection connection = database.open();
                var statement = connection.createStatement()) {
            Shape before = Shape.read(connection, server.engine());
            for (String line : RichSchema.changes(database)) {
                String[] change = line.split("\\|", 2);
                String expected = change[0].strip();
                for (String sql : change[1].split("; ", -1)) {
                    try {
                        statement.execute(sql);
                    } catch (SQLException e) {
                        softly.fail(sql, e);
                    }
                }
                Shape after = Shape.read(connection, server.engine());
                List<ShapeDifference> differences = before.differences(after);
                softly.assertThat(differences.stream()
                                .sorted(Comparator.comparing(ShapeDifference::kind)
                                        .thenComparing(ShapeDifference::name))
                                .map(difference -> inShort(difference, expected))
                                .collect(Collectors.joining("; ")))
                        .as("%s: %s", change[1].strip(), differences)
                        .isEqualTo(expected);
                softly.assertThat(before.equals(after)).isEqualTo(expected.isEmpty());
                before = after;
            }
        }
        softly.assertAll();
    }

    /** {@return the object and, where the expected text says it too, the words that changed} */
    private static String inShort(ShapeDifference difference, String expected) {
        String object = difference.kind() + " " + difference.name();
        if (difference.expected() == null || difference.actual() == null || !expected.contains(object + ": ")) {
            return object;
        }
        List<String> before = Arrays.asList(difference.expected().split(" ", -1));
        List<String> after = Arrays.asList(difference.actual().split(" ", -1));
        int most = Math.min(before.size(), after.size());
        int from = 0;
        while (from < most && before.get(from).equals(after.get(from))) {
            from++;
        }
        int rest = 0;
        while (rest < most - from && before.get(before.size() - rest - 1).equals(after.get(after.size() - rest - 1))) {
            rest++;
        }
        return object + ": " + words(before.subList(from, before.size() - rest)) + " -> "
                + words(after.subList(from, after.size() - rest));
    }

    private static String words(List<String> words) {
        return words.isEmpty() ? "nothing" : String.join(" ", words);
    }

    @Nested
    class Embedded {

        @Test
        void everyChangeShows() throws Exception {
            assertChangesShow(TestServers.embedded());
        }

        @Test
        void anEmptyDatabaseHasAnEmptyShape() throws Exception {
            try (TestDatabase database = TestServers.embedded().createDatabase();
                    Connection connection = database.open()) {
                assertThat(Shape.read(connection, Engine.POSTGRESQL)).isEqualTo(Shape.EMPTY);
            }
        }

        @Test
        void theSearchPathMakesNoDifference() throws Exception {
            try (TestDatabase database = RichSchema.create(TestServers.embedded());
                    Connection connection = database.open();
                    var statement = connection.createStatement()) {
                Shape shape = Shape.read(connection, Engine.POSTGRESQL);
                statement.execute("SET search_path = audit, public");
                statement.execute("SET quote_all_identifiers = on");
                statement.execute("SET datestyle = 'ISO, DMY'");

                assertThat(Shape.read(connection, Engine.POSTGRESQL)).isEqualTo(shape);
                try (var row = statement.executeQuery("SHOW search_path")) {
                    row.next();
                    assertThat(row.getString(1)).isEqualTo("audit, public");
                }
            }
        }
    }

    @Nested
    @RequiresDocker
    class InContainers {

        @ParameterizedTest
        @Images({"postgres:13", "postgres:18", "mysql:9.7", "mariadb:11.8"})
        void everyChangeShows(String image) throws Exception {
            assertChangesShow(TestServers.container(image));
        }

        @ParameterizedTest
        @Images({"mysql:9.7", "mariadb:11.8"})
        void anEmptyDatabaseHasAnEmptyShape(String image) throws Exception {
            try (TestDatabase database = TestServers.container(image).createDatabase();
                    Connection connection = database.open()) {
                assertThat(Shape.read(connection, database.engine())).isEqualTo(Shape.EMPTY);
            }
        }
    }

    @Nested
    class OfObjects {

        private final SchemaObject table = new SchemaObject("table", "t", "TABLE");
        private final SchemaObject column = new SchemaObject("column", "t.c", "integer");
        private final SchemaObject order = new SchemaObject("column order", "t", "c, d");

        @Test
        void isCompared() {
            Shape expected = Shape.of(List.of(table, column, order));
            Shape actual = Shape.of(List.of(
                    table,
                    new SchemaObject("column", "t.c", "bigint"),
                    new SchemaObject("column order", "t", "d, c"),
                    new SchemaObject("view", "v", "AS SELECT 1")));

            assertThat(expected.differences(actual).stream().map(ShapeDifference::toString))
                    .containsExactly(
                            "column t.c differs%n  expected: integer%n  actual:   bigint".formatted(),
                            "view v is there, unexpected: AS SELECT 1",
                            "column order t differs%n  expected: c, d%n  actual:   d, c".formatted());
            assertThat(actual.differences(expected).get(0)).hasToString("view v is missing: AS SELECT 1");
            assertThat(expected.withoutColumnOrder().differences(actual.withoutColumnOrder()))
                    .extracting(ShapeDifference::kind)
                    .containsExactly("column", "view");
        }

        @Test
        void leavesOutATableWithAllThatBelongsToIt() {
            SchemaObject other = new SchemaObject("table", "t2", "TABLE");
            Shape shape = Shape.of(List.of(
                    table,
                    column,
                    order,
                    other,
                    new SchemaObject("index", "t.i", "UNIQUE"),
                    new SchemaObject("view", "t.v", "")));

            assertThat(shape.without(new TableName("public", "t")).objects())
                    .extracting(SchemaObject::name)
                    .containsExactly("t2", "t.v");
        }

        @Test
        void refusesTwoOfOneName() {
            assertThatThrownBy(() -> Shape.of(List.of(table, table)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("There are two of table t");
        }
    }
}
