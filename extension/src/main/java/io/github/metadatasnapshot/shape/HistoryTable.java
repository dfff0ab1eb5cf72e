package io.github.metadatasnapshot.shape;

import io.github.metadatasnapshot.engine.Engine;
import io.github.metadatasnapshot.engine.SchemaHistory;
import io.github.metadatasnapshot.engine.TableName;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;

/**
 * The table in which Flyway writes down what it applied.
 *
 * @param schema the schema that it lies in; empty where that is the connection's own
 * @param name the name, by default {@code flyway_schema_history}
 * @see <a href="https://documentation.red-gate.com/fd/flyway-schema-history-table-273973417.html">Flyway's manual</a>
 */
public record HistoryTable(String schema, String name) {

    /** The name that Flyway gives it where nothing else is configured. */
    public static final String DEFAULT_NAME = "flyway_schema_history";

    /**
     * Finds the table among those of a database.
     *
     * @param tables the tables of the database
     * @param defaultSchema the schema of the connection
     * @return the table, empty where the database was never migrated
     */
    Optional<TableName> find(Collection<TableName> tables, String defaultSchema) {
        TableName table = new TableName(schema.isEmpty() ? defaultSchema : schema, name);
        return tables.contains(table) ? Optional.of(table) : Optional.empty();
    }

    /** Tells whether a table is this one, as far as that can be told without a connection. */
    boolean is(TableName table) {
        return name.equals(table.name()) && (schema.isEmpty() || schema.equals(table.schema()));
    }

    /**
     * Reads the history.
     *
     * @param connection a connection to the database
     * @param engine its engine
     * @return the rows, none where the table does not exist
     * @throws SQLException if the table cannot be read, or has other columns than Flyway gives it
     */
    public SchemaHistory read(Connection connection, Engine engine) throws SQLException {
        return read(connection, engine, engine.tables(connection));
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
        Optional<TableName> table = find(engine.tables(connection), engine.defaultSchema(connection));
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
        Optional<TableName> table = find(engine.tables(connection), engine.defaultSchema(connection));
        if (table.isPresent()) {
            SchemaHistory.forgetRepeatable(connection, engine, table.get());
        }
    }

    SchemaHistory read(Connection connection, Engine engine, Collection<TableName> tables) throws SQLException {
        Optional<TableName> table = find(tables, engine.defaultSchema(connection));
        return table.isEmpty() ? SchemaHistory.EMPTY : SchemaHistory.read(connection, engine, table.get());
    }
}
