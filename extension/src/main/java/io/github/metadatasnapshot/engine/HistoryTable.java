package io.github.metadatasnapshot.engine;

import static java.util.stream.Collectors.joining;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * The table in which Flyway, or what a product has in its place, writes down what it applied.
 *
 * @param schema the schema that it lies in; empty where that is the connection's own
 * @param name the name, by default {@code flyway_schema_history}
 * @param columns its columns
 * @param earlier further tables of the history: those that tell what was applied before this one was begun, the earliest
 *     first, and logs that tell nothing of versions ({@link HistoryColumns#NONE})
 * @param databaseName the column in which rows of one of its tables name the database that they are about; empty where all
 *     rows are about the database that they lie in
 * @see <a href="https://documentation.red-gate.com/fd/flyway-schema-history-table-273973417.html">Flyway's manual</a>
 */
public record HistoryTable(
        String schema,
        String name,
        HistoryColumns columns,
        List<HistoryTable> earlier,
        Optional<DatabaseNameColumn> databaseName) {

    /** The name that Flyway gives it where nothing else is configured. */
    public static final String DEFAULT_NAME = "flyway_schema_history";

    /** PostgreSQL's own default for the schema of a connection. */
    private static final String USUAL_SCHEMA = "public";

    /** Copies the list. */
    public HistoryTable {
        earlier = List.copyOf(earlier);
    }

    /**
     * Names the tables of a history whose rows are all about the database that they lie in.
     *
     * @param schema as of the record
     * @param name as of the record
     * @param columns as of the record
     * @param earlier as of the record
     */
    public HistoryTable(String schema, String name, HistoryColumns columns, List<HistoryTable> earlier) {
        this(schema, name, columns, earlier, Optional.empty());
    }

    /**
     * Names a table of Flyway's.
     *
     * @param schema the schema that it lies in; empty where that is the connection's own
     * @param name the name
     */
    public HistoryTable(String schema, String name) {
        this(schema, name, HistoryColumns.FLYWAY, List.of());
    }

    /** {@return whether it is Flyway's, and the only one} */
    public boolean isFlyways() {
        return columns.equals(HistoryColumns.FLYWAY) && earlier.isEmpty();
    }

    /**
     * Returns the same history, of which rows count only if they name the database.
     *
     * @param column the column that names it
     * @return the history
     * @throws IllegalArgumentException if none of its tables has the column, or it names the database in another one
     */
    public HistoryTable with(DatabaseNameColumn column) {
        List<String> columnsOfTable = tables().stream()
                .filter(table -> table.name.equals(column.table()))
                .flatMap(table -> table.columns.names().stream())
                .toList();
        if (!columnsOfTable.contains(column.column())) {
            throw new IllegalArgumentException(column + " is no column of the history, whose tables are "
                    + tables().stream()
                            .map(table -> table.name + " (" + String.join(", ", table.columns.names()) + ")")
                            .collect(joining(", ")));
        }
        Optional<DatabaseNameColumn> other = databaseName.filter(known -> !known.isSameAs(column));
        if (other.isPresent()) {
            throw new IllegalArgumentException(
                    column + " is not the column in which the history names its database, which is " + other.get());
        }
        return new HistoryTable(schema, name, columns, earlier, Optional.of(column));
    }

    /**
     * Returns the same history, read as that of one database.
     *
     * @param database the name of the database
     * @return the history, of which rows that name another database do not count
     */
    public HistoryTable of(String database) {
        return databaseName.map(column -> counting(column, database)).orElse(this);
    }

    private HistoryTable counting(DatabaseNameColumn column, String database) {
        return new HistoryTable(
                schema,
                name,
                name.equals(column.table()) ? columns.counting(column.column(), database) : columns,
                earlier.stream().map(table -> table.counting(column, database)).toList(),
                Optional.empty());
    }

    /** {@return the tables that the history consists of, in the order in which they were written} */
    public List<HistoryTable> tables() {
        return Stream.concat(
                        earlier.stream().flatMap(table -> table.tables().stream()),
                        Stream.of(new HistoryTable(schema, name, columns, List.of())))
                .toList();
    }

    /**
     * Finds the tables of the history among those of a database.
     *
     * @param tables the tables of the database
     * @param defaultSchema the schema of the connection
     * @return the tables, none where the database was never migrated
     */
    public List<TableName> find(Collection<TableName> tables, String defaultSchema) {
        return tables().stream()
                .map(table -> table.in(defaultSchema))
                .filter(tables::contains)
                .toList();
    }

    private TableName in(String defaultSchema) {
        return new TableName(schema.isEmpty() ? defaultSchema : schema, name);
    }

    /**
     * Chooses the tables of the history among those of a database or a dump, as far as that can be told without a connection.
     * Where no schema is configured, it is the one in {@code public} of several tables of the same name: the others are of
     * another Flyway, such as a library's.
     *
     * @param tables the tables that there are
     * @return those of the history
     */
    public Set<TableName> among(Collection<TableName> tables) {
        Set<TableName> chosen = new TreeSet<>();
        for (HistoryTable each : tables()) {
            TableName usual = new TableName(each.schema.isEmpty() ? USUAL_SCHEMA : each.schema, each.name);
            if (tables.contains(usual)) {
                chosen.add(usual);
            } else if (each.schema.isEmpty()) {
                tables.stream().filter(table -> table.name().equals(each.name)).forEach(chosen::add);
            }
        }
        return chosen;
    }

    /**
     * Reads the history.
     *
     * @param connection a connection to the database
     * @param engine its engine
     * @return the rows, none where the table does not exist
     * @throws SQLException if the table cannot be read, or has other columns than said
     */
    public SchemaHistory read(Connection connection, Engine engine) throws SQLException {
        return read(connection, engine, engine.tables(connection));
    }

    /**
     * Reads the history.
     *
     * @param connection a connection to the database
     * @param engine its engine
     * @param tables the tables of the database
     * @return the rows, none where the table does not exist
     * @throws SQLException if the table cannot be read, or has other columns than said
     */
    public SchemaHistory read(Connection connection, Engine engine, Collection<TableName> tables) throws SQLException {
        if (databaseName.isPresent()) {
            return of(connection.getCatalog()).read(connection, engine, tables);
        }
        String defaultSchema = engine.defaultSchema(connection);
        Map<HistoryTable, List<SchemaHistory.Row>> rows = new HashMap<>();
        for (HistoryTable table : tables()) {
            TableName name = table.in(defaultSchema);
            if (tables.contains(name) && table.columns.column("version").isPresent()) {
                rows.put(table, SchemaHistory.rows(connection, engine, name, table.columns));
            }
        }
        return join(rows);
    }

    /**
     * Joins what several tables say.
     *
     * @param rows the rows of each of {@link #tables} that has some
     * @return the rows in the order in which they were written
     */
    public SchemaHistory join(Map<HistoryTable, List<SchemaHistory.Row>> rows) {
        if (earlier.isEmpty()) {
            return new SchemaHistory(rows.getOrDefault(this, List.of()));
        }
        List<SchemaHistory.Row> joined = new ArrayList<>();
        for (HistoryTable table : tables()) {
            for (SchemaHistory.Row row : new SchemaHistory(rows.getOrDefault(table, List.of())).rows()) {
                joined.add(row.withRank(joined.size() + 1));
            }
        }
        return new SchemaHistory(joined);
    }

    /**
     * Reads how long each migration took.
     *
     * @param connection a connection to the database
     * @param engine its engine
     * @return milliseconds by rank, none where the table does not exist
     * @throws SQLException if the table cannot be read, or has other columns than Flyway gives it
     */
    public Map<Integer, Long> executionMillis(Connection connection, Engine engine) throws SQLException {
        Optional<TableName> table = flyways(connection, engine);
        return table.isEmpty() ? Map.of() : SchemaHistory.executionMillis(connection, engine, table.get());
    }

    /**
     * Makes Flyway apply every repeatable migration again, by deleting what the history says of them.
     *
     * @param connection a connection to the database
     * @param engine its engine
     * @throws SQLException if the server refuses
     */
    public void forgetRepeatable(Connection connection, Engine engine) throws SQLException {
        Optional<TableName> table = flyways(connection, engine);
        if (table.isPresent()) {
            SchemaHistory.forgetRepeatable(connection, engine, table.get());
        }
    }

    /**
     * Makes Flyway migrate after a repeatable migration has failed, by deleting what the history says of that.
     *
     * @param connection a connection to the database
     * @param engine its engine
     * @throws SQLException if the server refuses
     */
    public void forgetFailedRepeatable(Connection connection, Engine engine) throws SQLException {
        Optional<TableName> table = flyways(connection, engine);
        if (table.isPresent()) {
            Engine.execute(
                    connection,
                    List.of("DELETE FROM " + engine.quote(table.get()) + " WHERE version IS NULL AND success = FALSE"));
        }
    }

    private Optional<TableName> flyways(Connection connection, Engine engine) throws SQLException {
        return isFlyways()
                ? find(engine.tables(connection), engine.defaultSchema(connection)).stream()
                        .findFirst()
                : Optional.empty();
    }
}
