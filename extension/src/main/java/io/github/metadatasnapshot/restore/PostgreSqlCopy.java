package io.github.metadatasnapshot.restore;

import java.io.IOException;
import java.io.InputStream;
import java.sql.Connection;
import java.sql.SQLException;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;

/**
 * {@code COPY … FROM stdin} by PostgreSQL's own driver. The only class that names the driver, which the user brings: it
 * is loaded for PostgreSQL only.
 */
final class PostgreSqlCopy {

    private static final int BLOCK_BYTES = 1 << 16;

    /** The server has refused the COPY itself, before any row was sent. */
    static final class RefusedException extends Exception {

        private static final long serialVersionUID = 1;

        private final SQLException reason;

        RefusedException(SQLException reason) {
            super(reason);
            this.reason = reason;
        }

        SQLException reason() {
            return reason;
        }
    }

    private PostgreSqlCopy() {}

    /**
     * Copies rows into a table.
     *
     * @param connection the connection
     * @param sql the COPY
     * @param rows the rows; after an error some of them are unread
     * @throws RefusedException if the server refuses the COPY
     * @throws SQLException if the server refuses a row
     * @throws IOException if the rows cannot be read; nothing is copied then
     */
    static void copy(Connection connection, String sql, InputStream rows)
            throws RefusedException, SQLException, IOException {
        CopyIn copy;
        try {
            copy = connection.unwrap(PGConnection.class).getCopyAPI().copyIn(sql);
        } catch (SQLException e) {
            throw new RefusedException(e);
        }
        try {
            byte[] block = new byte[BLOCK_BYTES];
            for (int length = rows.read(block); length >= 0; length = rows.read(block)) {
                copy.writeToCopy(block, 0, length);
            }
            copy.endCopy();
        } finally {
            if (copy.isActive()) {
                copy.cancelCopy();
            }
        }
    }
}
