package io.github.metadatasnapshot.engine;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/**
 * Foreign keys and triggers of a database that are out of the way while rows are loaded.
 *
 * @param resume the statements that bring them back, in their order
 */
public record Suspension(List<String> resume) {

    /** Copies the statements. */
    public Suspension {
        resume = List.copyOf(resume);
    }

    /**
     * Brings the foreign keys and triggers back, all that can be.
     *
     * @param connection a connection to the database
     * @throws SQLException if the engine refuses one, such as a foreign key that the loaded rows violate; the errors of
     *     others are suppressed ones of it
     */
    public void end(Connection connection) throws SQLException {
        SQLException refused = null;
        try (var statement = connection.createStatement()) {
            for (String sql : resume) {
                try {
                    statement.execute(sql);
                } catch (SQLException e) {
                    if (refused == null) {
                        refused = e;
                    } else {
                        refused.addSuppressed(e);
                    }
                }
            }
        }
        if (refused != null) {
            throw refused;
        }
    }
}
