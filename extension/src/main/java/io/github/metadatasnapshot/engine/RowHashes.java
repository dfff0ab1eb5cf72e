package io.github.metadatasnapshot.engine;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** The rows of a {@link DataSelection}, ordered by the hashes of their ids, read a few at a time. */
public final class RowHashes implements AutoCloseable {

    private final Statement statement;
    private final ResultSet rows;
    private String id = "";
    private String rest = "";

    RowHashes(Statement statement, ResultSet rows) {
        this.statement = statement;
        this.rows = rows;
    }

    /**
     * Goes to the next row.
     *
     * @return whether there is one
     * @throws SQLException if the server does not answer
     */
    public boolean next() throws SQLException {
        if (!rows.next()) {
            return false;
        }
        id = rows.getString(1);
        rest = rows.getString(2);
        return true;
    }

    /** {@return the hash of the id, 32 hexadecimal digits} */
    public String id() {
        return id;
    }

    /** {@return the hash of the values; without a key, how many such rows there are} */
    public String rest() {
        return rest;
    }

    @Override
    public void close() throws SQLException {
        try (statement) {
            rows.close();
        }
    }
}
