package io.github.metadatasnapshot.samples.bytebase;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.metadatasnapshot.engine.Version;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** The values that the miniature's migrations fill in, and those that users wrote. */
final class FilledValues {

    private FilledValues() {}

    /** Checks those of an upgraded database that holds a backup of the miniature. */
    static void check(Connection connection, Version at) throws SQLException {
        if (at.compareTo(Version.of("1.1.0")) >= 0) {
            assertThat(ask(connection, "SELECT title || ' ' || status FROM issue WHERE id <= 2 ORDER BY id"))
                    .as("what 1.1.0 fills into issue.status from the payload")
                    .containsExactly("Add a column DONE", "Drop a table OPEN");
            assertThat(ask(connection, "SELECT payload FROM issue WHERE id = 1"))
                    .as("what 1.1.0 leaves of the payload")
                    .containsExactly("{}");
        }
        if (at.compareTo(Version.of("2.0.0")) >= 0) {
            assertThat(ask(connection, "SELECT left(version, 14) FROM instance_change_history ORDER BY id LIMIT 5"))
                    .as("what 2.0.0 fills into instance_change_history from migration_history")
                    .containsExactly("0001.0000.0000", "0001.0000.0001", "0001.0001.0000", "0001.0010.0000", "2.0.0");
        }
    }

    /** Checks what users wrote into each version of the miniature. */
    static void checkWritten(Connection connection) throws SQLException {
        assertThat(ask(connection, "SELECT email FROM principal ORDER BY id"))
                .containsExactly("ann@example.com", "bob@example.com");
        assertThat(ask(connection, "SELECT title FROM issue WHERE id <= 2 ORDER BY id"))
                .containsExactly("Add a column", "Drop a table");
    }

    private static List<String> ask(Connection connection, String sql) throws SQLException {
        List<String> values = new ArrayList<>();
        try (var statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            while (rows.next()) {
                values.add(rows.getString(1));
            }
        }
        return values;
    }
}
