package io.github.metadatasnapshot.engine;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The rows of a schema history table: what a database, or a backup of one, says about its own version.
 *
 * @param rows the rows by rank
 */
public record SchemaHistory(List<Row> rows) {

    /** The history of a database that was never migrated. */
    public static final SchemaHistory EMPTY = new SchemaHistory(List.of());

    /** Copies the rows, ordered by their rank. */
    public SchemaHistory {
        rows = rows.stream().sorted(Comparator.comparingInt(Row::rank)).toList();
    }

    /** Reads the rows of a history table that count. */
    static List<Row> rows(Connection connection, Engine engine, TableName table, HistoryColumns columns)
            throws SQLException {
        List<String> read = columns.read();
        List<Map<String, @Nullable String>> found = new ArrayList<>();
        try (var statement = connection.createStatement();
                ResultSet rows =
                        statement.executeQuery("SELECT " + String.join(", ", read) + " FROM " + engine.quote(table))) {
            while (rows.next()) {
                Map<String, @Nullable String> values = new HashMap<>();
                for (int i = 0; i < read.size(); i++) {
                    boolean success = Optional.of(read.get(i)).equals(columns.column("success"));
                    values.put(read.get(i), success ? String.valueOf(rows.getBoolean(i + 1)) : rows.getString(i + 1));
                }
                found.add(values);
            }
        }
        return columns.rows(found);
    }

    /**
     * Writes the history into a table of Flyway's.
     *
     * @param connection a connection to the database
     * @param engine its engine
     * @param table the table, whose rows are replaced
     * @throws SQLException if the server refuses
     */
    public void write(Connection connection, Engine engine, TableName table) throws SQLException {
        Engine.execute(connection, List.of("DELETE FROM " + engine.quote(table)));
        try (var insert = connection.prepareStatement("INSERT INTO " + engine.quote(table)
                + " (installed_rank, version, description, type, script, checksum, installed_by, execution_time, success)"
                + " VALUES (?, ?, ?, ?, ?, ?, '', 0, ?)")) {
            for (Row row : rows) {
                insert.setInt(1, row.rank());
                insert.setString(2, row.version());
                insert.setString(3, row.description());
                insert.setString(4, row.type());
                insert.setString(5, row.script());
                insert.setObject(6, row.checksum(), Types.INTEGER);
                insert.setBoolean(7, row.success());
                insert.addBatch();
            }
            insert.executeBatch();
        }
    }

    /**
     * Returns the version that the history says: the highest of its successful versioned migrations.
     *
     * @return the version, empty where no versioned migration succeeded
     */
    public Optional<Version> version() {
        SortedSet<Version> applied = applied();
        return applied.isEmpty() ? Optional.empty() : Optional.of(applied.last());
    }

    /** {@return the versions of the successful migrations that were not undone, or deleted by a repair, since} */
    public SortedSet<Version> applied() {
        SortedSet<Version> applied = new TreeSet<>();
        for (Row row : rows) {
            if (row.version() == null || !row.success() || !Version.isVersion(row.version())) {
                continue;
            }
            if (row.type().startsWith("UNDO") || row.type().equals("DELETE")) {
                applied.remove(Version.of(row.version()));
            } else {
                applied.add(Version.of(row.version()));
            }
        }
        return applied;
    }

    /**
     * Lists the successful versioned migrations that were applied after one of a higher version.
     *
     * @return their rows by rank
     */
    public List<Row> outOfOrder() {
        List<Row> outOfOrder = new ArrayList<>();
        SortedSet<Version> before = new TreeSet<>();
        for (int i = 0; i < rows.size(); i++) {
            SortedSet<Version> now = new SchemaHistory(rows.subList(0, i + 1)).applied();
            if (!before.isEmpty() && now.size() > before.size() && now.last().equals(before.last())) {
                outOfOrder.add(rows.get(i));
            }
            before = now;
        }
        return outOfOrder;
    }

    /**
     * Makes Flyway apply every repeatable migration again, by deleting what the history says of them.
     *
     * @param connection a connection to the database
     * @param engine its engine
     * @param table the history table
     * @throws SQLException if the server refuses
     */
    public static void forgetRepeatable(Connection connection, Engine engine, TableName table) throws SQLException {
        Engine.execute(
                connection,
                List.of("DELETE FROM " + engine.quote(table) + " WHERE version IS NULL AND type <> 'SCHEMA'"));
    }

    /**
     * Reads how long each migration took.
     *
     * @param connection a connection to the database
     * @param engine its engine
     * @param table the history table
     * @return milliseconds by rank
     * @throws SQLException if the table cannot be read, or has other columns than Flyway gives it
     */
    public static Map<Integer, Long> executionMillis(Connection connection, Engine engine, TableName table)
            throws SQLException {
        Map<Integer, Long> millis = new HashMap<>();
        try (var statement = connection.createStatement();
                ResultSet rows =
                        statement.executeQuery("SELECT installed_rank, execution_time FROM " + engine.quote(table))) {
            while (rows.next()) {
                millis.put(rows.getInt(1), rows.getLong(2));
            }
        }
        return millis;
    }

    /** {@return the version for a message: {@code 1.2}, or {@code no version} where there is none} */
    public String describeVersion() {
        return version().map(Version::toString).orElse("no version");
    }

    /**
     * Tells whether another history says the same of what was applied last under each version, or under each description
     * of a repeatable migration, whatever the order. The checksum of a repeatable migration is left out of account: one with a
     * time in it has another in each run.
     */
    public boolean endsAs(SchemaHistory other) {
        return lastRows().equals(other.lastRows());
    }

    private Map<String, Row> lastRows() {
        Map<String, Row> last = new HashMap<>();
        rows.forEach(row -> last.put(row.version + " " + row.description, row.comparable()));
        return last;
    }

    /**
     * One row of the history.
     *
     * @param rank the place in the order in which migrations were applied, from 1
     * @param version the version; {@code null} for a repeatable migration
     * @param description what the migration is called
     * @param type Flyway's kind of the migration, such as {@code SQL} or {@code BASELINE}
     * @param script the name of the script
     * @param checksum the checksum of the script; {@code null} where the kind of migration has none
     * @param success whether the migration succeeded
     */
    public record Row(
            int rank,
            @Nullable String version,
            String description,
            String type,
            String script,
            @Nullable Integer checksum,
            boolean success) {

        Row withRank(int other) {
            return new Row(other, version, description, type, script, checksum, success);
        }

        private Row comparable() {
            return new Row(0, version, description, type, script, version == null ? null : checksum, success);
        }
    }
}
