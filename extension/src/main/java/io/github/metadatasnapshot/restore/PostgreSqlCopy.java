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

    private PostgreSqlCopy() {}

    /**
     * Copies rows into a table.
     *
     * @param connection the connection
     * @param sql the COPY
     * @param rows the rows; after an error some of them are unread
     * @throws SQLException if the server refuses the COPY or a row
     * @throws IOException if the rows cannot be read; nothing is copied then
     */
    static void copy(Connection connection, String sql, InputStream rows) throws SQLException, IOException {
        CopyIn copy = connection.unwrap(PGConnection.class).getCopyAPI().copyIn(sql);
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
