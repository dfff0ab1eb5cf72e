package io.github.metadatasnapshot.migration;

import io.github.metadatasnapshot.engine.Engine;
import io.github.metadatasnapshot.engine.HistoryTable;
import io.github.metadatasnapshot.engine.SchemaHistory;
import io.github.metadatasnapshot.engine.TableName;
import io.github.metadatasnapshot.engine.Version;
import io.github.metadatasnapshot.server.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.flywaydb.core.api.configuration.FluentConfiguration;

/** A history table of Flyway's for as long as Flyway runs, filled from the product's own, which stays the truth. */
final class LentHistory implements AutoCloseable {

    static final String TABLE = "metadata_snapshot_history";

    private final TestDatabase database;

    /**
     * @param configuration makes the Flyway that creates the table
     * @param truth the product's own history
     * @param today the migrations that there are
     * @throws MigrationException if the product's history cannot be read
     */
    LentHistory(FluentConfiguration configuration, TestDatabase database, HistoryTable truth, List<Migration> today) {
        this.database = database;
        try (Connection connection = database.open()) {
            SchemaHistory history = truth.read(connection, database.engine());
            if (history.rows().isEmpty()) {
                return;
            }
            configuration.baselineVersion("0").load().baseline();
            SchemaHistory known = new SchemaHistory(
                    history.rows().stream().map(row -> known(row, today)).toList());
            known.write(connection, database.engine(), name(connection));
        } catch (SQLException e) {
            throw new MigrationException("The history of " + database + " cannot be read: " + e.getMessage(), e);
        }
    }

    /** Adds what the product does not write down, and Flyway wants to compare. */
    private static SchemaHistory.Row known(SchemaHistory.Row row, List<Migration> today) {
        Optional<Migration> migration = Optional.ofNullable(row.version())
                .filter(Version::isVersion)
                .map(Version::of)
                .flatMap(version -> today.stream()
                        .filter(each -> each.version().equals(Optional.of(version)))
                        .findFirst());
        return migration
                .map(found -> new SchemaHistory.Row(
                        row.rank(),
                        row.version(),
                        found.description(),
                        row.type(),
                        row.script(),
                        Objects.requireNonNullElseGet(
                                row.checksum(), () -> found.checksum().orElse(0)),
                        row.success()))
                .orElse(row);
    }

    private TableName name(Connection connection) throws SQLException {
        return new TableName(database.engine().defaultSchema(connection), TABLE);
    }

    @Override
    public void close() {
        try (Connection connection = database.open()) {
            Engine engine = database.engine();
            try (var statement = connection.createStatement()) {
                statement.execute("DROP TABLE IF EXISTS " + engine.quote(name(connection)));
            }
        } catch (SQLException e) {
            throw new MigrationException("Flyway's table in " + database + " cannot be dropped: " + e.getMessage(), e);
        }
    }
}
