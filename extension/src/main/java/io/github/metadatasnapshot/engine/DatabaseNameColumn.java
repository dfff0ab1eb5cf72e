package io.github.metadatasnapshot.engine;

import java.sql.Connection;
import java.sql.SQLException;

/**
 * A column of a history table in which each row names the database that it is about. Rows that name another database do not
 * count, as the history of one database is not that of another.
 *
 * @param table the table, without its schema
 * @param column the column
 * @param inBackups the name of the database that backups are of; the empty string where that is not known, so that no row of
 *     a backup counts
 */
public record DatabaseNameColumn(String table, String column, String inBackups) {

    private static final String SCHEMAS = """
            SELECT c.table_schema FROM information_schema.columns c JOIN information_schema.tables t
              ON t.table_schema = c.table_schema AND t.table_name = c.table_name
            WHERE c.table_name = ? AND c.column_name = ? AND t.table_type = 'BASE TABLE'
            """;

    /**
     * Lets the rows that name one database name another one.
     *
     * @param connection a connection to the database that the rows lie in
     * @param engine its engine
     * @param from the name that they have
     * @param to the name that they get
     * @throws SQLException if the server refuses
     */
    public void rewrite(Connection connection, Engine engine, String from, String to) throws SQLException {
        try (var schemas = connection.prepareStatement(SCHEMAS)) {
            schemas.setString(1, table);
            schemas.setString(2, column);
            try (var found = schemas.executeQuery()) {
                while (found.next()) {
                    rewrite(connection, engine, new TableName(found.getString(1), table), from, to);
                }
            }
        }
    }

    private void rewrite(Connection connection, Engine engine, TableName name, String from, String to)
            throws SQLException {
        String quoted = engine.quote(column);
        try (var update = connection.prepareStatement(
                "UPDATE " + engine.quote(name) + " SET " + quoted + " = ? WHERE " + quoted + " = ?")) {
            update.setString(1, to);
            update.setString(2, from);
            update.executeUpdate();
        }
    }

    boolean isSameAs(DatabaseNameColumn other) {
        return table.equals(other.table) && column.equals(other.column);
    }

    /** Tells whether it is a column of a table. */
    boolean isOf(TableName name, String other) {
        return table.equals(name.name()) && column.equals(other);
    }

    /** Tells whether a table has it. */
    public boolean isIn(TableName name) {
        return isOf(name, column);
    }

    /** {@return the table and the column for people} */
    @Override
    public String toString() {
        return table + "." + column;
    }
}
