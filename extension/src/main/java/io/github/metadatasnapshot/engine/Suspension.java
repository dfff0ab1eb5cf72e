package io.github.metadatasnapshot.engine;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
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
     * @return what the engine refuses, such as a foreign key that the loaded rows violate
     * @throws SQLException if the server does not answer
     */
    public List<Refusal> end(Connection connection) throws SQLException {
        List<Refusal> refusals = new ArrayList<>();
        try (var statement = connection.createStatement()) {
            for (String sql : resume) {
                try {
                    statement.execute(sql);
                } catch (SQLException e) {
                    refusals.add(new Refusal(sql, e));
                }
            }
        }
        return refusals;
    }

    /**
     * A foreign key or trigger that did not come back.
     *
     * @param sql the statement that failed
     * @param error the engine's error
     */
    public record Refusal(String sql, SQLException error) {}
}
