package io.github.metadatasnapshot.engine;

import static java.util.Objects.requireNonNull;

import java.math.BigInteger;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads where the AUTO_INCREMENT counters of MySQL and MariaDB, and MariaDB's sequences, continue. */
final class MySqlPositions {

    private static final int FIRST_WITH_CACHED_STATISTICS = 8;

    /** Counters are of columns that are indexed, and never fall to a value that a column holds. */
    private static final String COUNTERS = """
        SELECT t.table_name, t.auto_increment, c.column_name
        FROM information_schema.tables t JOIN information_schema.columns c
          ON c.table_schema = t.table_schema AND c.table_name = t.table_name AND c.extra LIKE '%auto_increment%'
        WHERE t.table_schema = DATABASE()
        """;

    /** Columns whose default is the next value of a sequence and nothing else, with whether they lead a unique index. */
    private static final String SEQUENCES = """
        SELECT t.table_name, c.table_name, c.column_name, EXISTS (SELECT 1 FROM information_schema.statistics i
          WHERE i.table_schema = c.table_schema AND i.table_name = c.table_name AND i.column_name = c.column_name
            AND i.non_unique = 0 AND i.seq_in_index = 1)
        FROM information_schema.tables t LEFT JOIN information_schema.columns c ON c.table_schema = t.table_schema
          AND c.column_default = CONCAT('nextval(`', t.table_schema, '`.`', t.table_name, '`)')
          AND c.data_type IN ('tinyint', 'smallint', 'mediumint', 'int', 'bigint')
        WHERE t.table_schema = DATABASE() AND t.table_type = 'SEQUENCE'
        ORDER BY 1, 2, 3
        """;

    private MySqlPositions() {}

    static List<SequencePosition> read(MySqlEngine engine, Connection connection) throws SQLException {
        List<SequencePosition> positions = new ArrayList<>();
        if (engine.hasSequences()) {
            counters(connection, positions);
            sequences(engine, connection, positions);
        } else if (connection.getMetaData().getDatabaseMajorVersion() < FIRST_WITH_CACHED_STATISTICS) {
            counters(connection, positions);
        } else {
            // The catalogue shows what it was a day ago, unless it is told to look.
            String expiry = Engine.queryForStrings(connection, "SELECT @@information_schema_stats_expiry")
                    .get(0);
            Engine.execute(connection, List.of("SET information_schema_stats_expiry = 0"));
            try {
                counters(connection, positions);
            } finally {
                Engine.execute(connection, List.of("SET information_schema_stats_expiry = " + expiry));
            }
        }
        return positions;
    }

    private static void counters(Connection connection, List<SequencePosition> positions) throws SQLException {
        try (var statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(COUNTERS)) {
            while (rows.next()) {
                String next = rows.getString(2);
                TableName table = new TableName("", rows.getString(1));
                positions.add(new SequencePosition(
                        "AUTO_INCREMENT of " + table,
                        // MySQL says nothing of a table that has not had a row yet.
                        next == null ? BigInteger.ONE : new BigInteger(next),
                        BigInteger.ONE,
                        false,
                        List.of(new SequencePosition.Column(table, rows.getString(3))),
                        Optional.empty()));
            }
        }
    }

    private static void sequences(MySqlEngine engine, Connection connection, List<SequencePosition> positions)
            throws SQLException {
        Map<String, List<SequencePosition.Column>> columns = new LinkedHashMap<>();
        Map<String, SequencePosition.Column> unique = new LinkedHashMap<>();
        try (var statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(SEQUENCES)) {
            while (rows.next()) {
                List<SequencePosition.Column> of =
                        columns.computeIfAbsent(rows.getString(1), name -> new ArrayList<>());
                if (rows.getString(2) != null) {
                    var column = new SequencePosition.Column(new TableName("", rows.getString(2)), rows.getString(3));
                    of.add(column);
                    if (rows.getBoolean(4)) {
                        unique.put(rows.getString(1), column);
                    }
                }
            }
        }
        if (columns.isEmpty()) {
            return;
        }
        List<String> names = List.copyOf(columns.keySet());
        List<String> selects = new ArrayList<>();
        for (int i = 0; i < names.size(); i++) {
            SequencePosition.Column column = unique.get(names.get(i));
            String values = column == null
                    ? ""
                    : " FROM " + engine.quote(column.table()) + " AS t WHERE t." + engine.quote(column.name());
            selects.add(
                    "SELECT %d, next_not_cached_value, IF(increment = 0, 1, increment), cycle_option, %s FROM %s AS s"
                            .formatted(
                                    i,
                                    column == null
                                            ? "NULL"
                                            : "IF(increment < 0, (SELECT MAX(t.%1$s)%2$s <= s.next_not_cached_value), (SELECT MIN(t.%1$s)%2$s >= s.next_not_cached_value))"
                                                    .formatted(engine.quote(column.name()), values),
                                    engine.quote(names.get(i))));
        }
        try (var statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(String.join("\nUNION ALL\n", selects))) {
            while (rows.next()) {
                String name = names.get(rows.getInt(1));
                String taken = rows.getString(5);
                positions.add(new SequencePosition(
                        SequencePosition.ofSequence(new TableName("", name)),
                        new BigInteger(rows.getString(2)),
                        new BigInteger(rows.getString(3)),
                        rows.getBoolean(4),
                        columns.getOrDefault(name, List.of()),
                        Optional.ofNullable(taken)
                                .map(value -> new SequencePosition.TakenValue(
                                        requireNonNull(unique.get(name)), new BigInteger(value)))));
            }
        }
    }
}
