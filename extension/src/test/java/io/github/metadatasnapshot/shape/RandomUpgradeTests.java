package io.github.metadatasnapshot.shape;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.metadatasnapshot.engine.Engine;
import io.github.metadatasnapshot.engine.HistoryTable;
import io.github.metadatasnapshot.engine.TableIdentity;
import io.github.metadatasnapshot.engine.TableName;
import io.github.metadatasnapshot.server.DatabaseServer;
import io.github.metadatasnapshot.server.TestDatabase;
import io.github.metadatasnapshot.shape.DataLoss.Kind;
import io.github.metadatasnapshot.testsupport.Images;
import io.github.metadatasnapshot.testsupport.RequiresDocker;
import io.github.metadatasnapshot.testsupport.Sample;
import io.github.metadatasnapshot.testsupport.TestServers;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Small tables that are renamed, rebuilt and changed at random, beside a model that knows what became of each row. */
class RandomUpgradeTests {

    private static final int TABLES = 12;
    private static final HistoryTable NO_HISTORY = new HistoryTable("", "history");

    private enum Key {
        PRIMARY,
        UNIQUE,
        BOTH,
        /** No key, but a column that has no value twice. */
        DISTINCT
    }

    private static final class Column {
        private final String type;
        private String name;
        private boolean dropped;

        Column(String name, String type) {
            this.name = name;
            this.type = type;
        }
    }

    private static final class Row {
        private final Map<Column, String> before = new LinkedHashMap<>();
        private final Map<Column, String> now = new LinkedHashMap<>();
        private boolean deleted;
    }

    /** A table as the model knows it. */
    private static final class Table {
        private final String before;
        private final Key key;
        private final boolean renames;
        private final List<Column> columns = new ArrayList<>();
        private final List<Row> rows = new ArrayList<>();
        private final List<String> log = new ArrayList<>();
        private String name;
        private boolean hasPrimaryKey;

        Table(String name, Key key, boolean renames) {
            this.before = name;
            this.name = name;
            this.key = key;
            this.renames = renames;
            this.hasPrimaryKey = key == Key.PRIMARY || key == Key.BOTH;
        }

        Column column(int i) {
            return columns.get(i);
        }

        boolean hasLostRows() {
            return lostRows() > 0;
        }

        long lostRows() {
            return rows.stream()
                    .filter(row -> row.deleted && !row.before.isEmpty())
                    .count();
        }

        /** A value of a row that is there is another one, or its column is not there. */
        boolean hasLostValues() {
            return rows.stream()
                    .filter(row -> !row.deleted)
                    .anyMatch(row -> row.before.keySet().stream()
                            .anyMatch(column ->
                                    column.dropped || !row.before.get(column).equals(row.now.get(column))));
        }
    }

    /** Makes tables and changes them. */
    private static final class World {

        private final Random random;
        private final Engine engine;
        private Connection connection;
        private final List<Table> tables = new ArrayList<>();
        private int made;

        World(long seed, Engine engine, Connection connection) {
            this.random = new Random(seed * 0x9e3779b97f4a7c15L);
            this.engine = engine;
            this.connection = connection;
        }

        private boolean isPostgreSql() {
            return engine == Engine.POSTGRESQL;
        }

        /** {@return a value that was nowhere before} */
        private String fresh() {
            return "f" + ++made;
        }

        /** {@return a value that others may have} */
        private String any() {
            return random.nextBoolean() ? fresh() : List.of("x", "y").get(random.nextInt(2));
        }

        private void execute(Table table, String sql) throws SQLException {
            table.log.add(sql);
            try (var statement = connection.createStatement()) {
                statement.execute(sql);
            }
        }

        void create() throws SQLException {
            for (int i = 0; i < TABLES; i++) {
                Key key = List.of(Key.values()).get(random.nextInt(Key.values().length));
                Table table = new Table("t" + i, key, random.nextBoolean());
                table.columns.add(new Column("id", "INT"));
                table.columns.add(new Column("code", "VARCHAR(20)"));
                table.columns.add(new Column("a", "VARCHAR(20)"));
                table.columns.add(new Column("b", "VARCHAR(20)"));
                boolean unique = key == Key.UNIQUE || key == Key.BOTH;
                execute(
                        table,
                        "CREATE TABLE %s (id INT%s, code VARCHAR(20) NOT NULL%s, a VARCHAR(20), b VARCHAR(20))"
                                .formatted(
                                        table.name,
                                        table.hasPrimaryKey
                                                ? (isPostgreSql() ? " CONSTRAINT pk_" + table.name : "")
                                                        + " PRIMARY KEY"
                                                : "",
                                        unique ? " UNIQUE" : ""));
                tables.add(table);
                for (int row = 1 + random.nextInt(6); row > 0; row--) {
                    insert(table, any(), any());
                }
                table.rows.forEach(row -> row.before.putAll(row.now));
            }
        }

        private void insert(Table table, String a, String b) throws SQLException {
            Row row = new Row();
            for (Column column : table.columns) {
                if (!column.dropped) {
                    boolean isOfKey = column == table.column(0) || column == table.column(1);
                    row.now.put(
                            column,
                            column == table.column(0)
                                    ? String.valueOf(++made)
                                    : isOfKey ? fresh() : column == table.column(2) ? a : b);
                }
            }
            execute(
                    table,
                    "INSERT INTO %s (%s) VALUES (%s)"
                            .formatted(
                                    table.name,
                                    row.now.keySet().stream()
                                            .map(column -> column.name)
                                            .collect(joining(", ")),
                                    row.now.values().stream()
                                            .map(value -> "'" + value + "'")
                                            .collect(joining(", "))));
            table.rows.add(row);
        }

        private String is(Column column, Row row) {
            return column.name + " = '" + row.now.get(column) + "'";
        }

        /** {@return what selects a row, whatever was dropped: no two rows are alike in id and code} */
        private String where(Table table, Row row) {
            return " WHERE "
                    + Stream.of(table.column(0), table.column(1))
                            .filter(column -> !column.dropped)
                            .map(column -> is(column, row))
                            .collect(joining(" AND "));
        }

        void change(Table table) throws SQLException {
            for (int i = random.nextInt(5); i > 0; i--) {
                if (random.nextInt(3) > 0) {
                    changeRows(table);
                } else if (table.renames) {
                    rename(table);
                } else {
                    rebuild(table);
                }
            }
        }

        private void changeRows(Table table) throws SQLException {
            List<Row> left = table.rows.stream().filter(row -> !row.deleted).toList();
            Column column = table.column(2 + random.nextInt(2));
            if (left.isEmpty() || random.nextInt(3) == 0) {
                // Values that were there would make up for those of a row that is deleted.
                insert(table, fresh(), fresh());
                return;
            }
            Row row = left.get(random.nextInt(left.size()));
            if (random.nextInt(3) == 0) {
                execute(table, "DELETE FROM " + table.name + where(table, row));
                row.deleted = true;
            } else if (!column.dropped) {
                List<Row> changed = random.nextBoolean() ? List.of(row) : left;
                String value = any();
                for (Row each : changed) {
                    execute(
                            table,
                            "UPDATE " + table.name + " SET " + column.name + " = '" + value + "'" + where(table, each));
                    each.now.put(column, value);
                }
            }
        }

        private void rename(Table table) throws SQLException {
            Column column = table.column(random.nextInt(4));
            switch (random.nextInt(isPostgreSql() ? 4 : 2)) {
                case 0 -> renameTable(table, fresh());
                case 1 -> renameColumn(table, column, fresh());
                case 2 -> {
                    Column other = table.column(random.nextInt(4));
                    if (other != column) {
                        String name = column.name;
                        String otherName = other.name;
                        renameColumn(table, column, fresh());
                        renameColumn(table, other, name);
                        renameColumn(table, column, otherName);
                    }
                }
                default -> {
                    String name = column.name;
                    renameColumn(table, column, fresh());
                    execute(table, "ALTER TABLE " + table.name + " ADD COLUMN " + name + " " + column.type);
                    execute(
                            table,
                            "UPDATE " + table.name + " SET " + name + " = "
                                    + (column.type.equals("INT") ? "0" : "'x'"));
                }
            }
            if (random.nextInt(3) == 0) {
                List<Table> others = tables.stream()
                        .filter(other -> other.renames && other != table)
                        .toList();
                if (!others.isEmpty()) {
                    Table other = others.get(random.nextInt(others.size()));
                    String name = table.name;
                    String otherName = other.name;
                    renameTable(table, fresh());
                    renameTable(other, name);
                    renameTable(table, otherName);
                }
            }
        }

        private void renameTable(Table table, String name) throws SQLException {
            execute(table, "ALTER TABLE " + table.name + " RENAME TO " + name);
            table.name = name;
        }

        private void renameColumn(Table table, Column column, String name) throws SQLException {
            if (!column.dropped) {
                execute(table, "ALTER TABLE " + table.name + " RENAME COLUMN " + column.name + " TO " + name);
                column.name = name;
            }
        }

        private void rebuild(Table table) throws SQLException {
            Column id = table.column(0);
            switch (random.nextInt(5)) {
                case 0 -> {
                    Column column = table.column(random.nextInt(4));
                    Column code = table.column(1);
                    // One of the two tells the model which row it changes.
                    if (!column.dropped && (column != id || !code.dropped) && (column != code || !id.dropped)) {
                        execute(table, "ALTER TABLE " + table.name + " DROP COLUMN " + column.name);
                        column.dropped = true;
                        table.hasPrimaryKey &= column != id;
                    }
                }
                case 1 -> {
                    if (table.hasPrimaryKey) {
                        execute(
                                table,
                                "ALTER TABLE " + table.name + " DROP "
                                        + (isPostgreSql() ? "CONSTRAINT pk_" + table.before : "PRIMARY KEY"));
                        table.hasPrimaryKey = false;
                        if (!table.column(1).dropped) {
                            execute(table, "ALTER TABLE " + table.name + " ADD PRIMARY KEY (code, id)");
                        }
                    }
                }
                case 2 -> {
                    if (!id.dropped) {
                        execute(
                                table,
                                isPostgreSql()
                                        ? "ALTER TABLE " + table.name + " ALTER COLUMN id TYPE BIGINT"
                                        : "ALTER TABLE " + table.name + " MODIFY COLUMN id BIGINT");
                    }
                }
                case 3 -> {
                    execute(table, "CREATE TABLE rebuilt AS SELECT * FROM " + table.name);
                    execute(table, "DROP TABLE " + table.name);
                    execute(table, "ALTER TABLE rebuilt RENAME TO " + table.name);
                    table.hasPrimaryKey = false;
                }
                default ->
                    // The values of a column that was dropped would make up for them.
                    execute(
                            table,
                            "ALTER TABLE " + table.name + " ADD COLUMN " + fresh() + " VARCHAR(20) DEFAULT '" + fresh()
                                    + "'");
            }
        }
    }

    static LongStream seeds() {
        return Sample.seeds(6, 6, 300);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void onPostgreSql(long seed) throws SQLException {
        assertLossesAreTold(TestServers.embedded(), seed);
    }

    @RequiresDocker
    @ParameterizedTest
    @Images({"mysql:9.7", "mariadb:11.8"})
    void onMySqlAndMariaDb(String image) throws SQLException {
        for (long seed : Sample.seeds(1, 1, 100).toArray()) {
            assertLossesAreTold(TestServers.container(image), seed);
        }
    }

    private static void assertLossesAreTold(DatabaseServer server, long seed) throws SQLException {
        try (TestDatabase database = server.createDatabase()) {
            World world;
            try (Connection connection = database.open()) {
                world = new World(seed, server.engine(), connection);
                world.create();
            }
            try (TestDatabase copy = server.copyOf(database);
                    Connection old = copy.open();
                    Connection now = database.open()) {
                DatabaseState before = DatabaseState.read(now, server.engine(), NO_HISTORY);
                Map<TableName, TableIdentity> identities = server.engine().identities(now);
                world.connection = now;
                for (Table table : world.tables) {
                    world.change(table);
                }
                DataComparison comparison = DataComparison.of(
                        server.engine(),
                        old,
                        before,
                        identities,
                        now,
                        DatabaseState.read(now, server.engine(), NO_HISTORY),
                        NO_HISTORY,
                        DataRules.NONE,
                        IgnoredObjects.NONE);
                world.tables.forEach(table -> assertLossesAreTold(seed, table, comparison));
            }
        }
    }

    private static void assertLossesAreTold(long seed, Table table, DataComparison comparison) {
        List<DataLoss> rows = of(table, comparison.rows());
        List<DataLoss> values = of(table, comparison.values());
        String what = "seed " + seed + ", " + table.before + " with " + table.key + ":\n  "
                + String.join("\n  ", table.log) + "\nsaid:\n  " + rows + "\n  " + values + "\n";
        if (table.hasLostRows()) {
            assertThat(rows).as(what).isNotEmpty();
        } else {
            assertThat(rows).as(what).extracting(DataLoss::kind).doesNotContain(Kind.ROWS);
        }
        if (table.hasLostValues()) {
            assertThat(values).as(what).isNotEmpty();
        } else if (!table.hasLostRows()) {
            assertThat(rows).as(what).isEmpty();
            assertThat(values).as(what).isEmpty();
        }
        boolean keyIsThere = (table.key == Key.PRIMARY || table.key == Key.BOTH) && !table.column(0).dropped;
        if (keyIsThere) {
            assertThat(rows).as(what).extracting(DataLoss::kind).doesNotContain(Kind.ROWS_OR_VALUES);
            assertThat(rows).as(what).extracting(DataLoss::count).allMatch(count -> count == table.lostRows());
        }
    }

    private static List<DataLoss> of(Table table, List<DataLoss> losses) {
        return losses.stream()
                .filter(loss -> loss.what().matches("(?s)(table|column) " + table.before + "[ ,.].*"))
                .toList();
    }
}
