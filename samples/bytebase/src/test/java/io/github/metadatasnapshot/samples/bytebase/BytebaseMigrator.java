package io.github.metadatasnapshot.samples.bytebase;

import io.github.metadatasnapshot.backup.ScriptReader;
import io.github.metadatasnapshot.backup.ScriptStatement;
import io.github.metadatasnapshot.engine.DatabaseNameColumn;
import io.github.metadatasnapshot.engine.Engine;
import io.github.metadatasnapshot.engine.HistoryColumns;
import io.github.metadatasnapshot.engine.HistoryTable;
import io.github.metadatasnapshot.engine.Version;
import io.github.metadatasnapshot.migration.AppliedMigration;
import io.github.metadatasnapshot.migration.BreakOff;
import io.github.metadatasnapshot.migration.FlywayMigrator;
import io.github.metadatasnapshot.migration.FlywaySettings;
import io.github.metadatasnapshot.migration.Migration;
import io.github.metadatasnapshot.migration.MigrationEffects;
import io.github.metadatasnapshot.migration.MigrationException;
import io.github.metadatasnapshot.migration.MigrationFailure;
import io.github.metadatasnapshot.migration.MigrationRun;
import io.github.metadatasnapshot.migration.MigrationScript;
import io.github.metadatasnapshot.migration.Migrator;
import io.github.metadatasnapshot.migration.VersionedDirectoryLayout;
import io.github.metadatasnapshot.migration.WatchedRun;
import io.github.metadatasnapshot.migration.WrittenMigration;
import io.github.metadatasnapshot.server.TestDatabase;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * Migrates as Bytebase does: {@code LATEST.sql} into an empty database, and otherwise what lies in {@code
 * <major.minor>/NNNN##description.sql} and is later than the history says, each file in one transaction.
 */
final class BytebaseMigrator implements Migrator {

    private static final String LATEST = "LATEST.sql";

    /** Old releases wrote {@code 0001.0010.0000-20220131120000} for 1.10.0, with the time of then. */
    private static final String TIME = "-\\d{14}";

    /** Where old releases wrote down what they tried to apply. */
    private static final HistoryTable OLD_HISTORY = new HistoryTable(
            "",
            "migration_history",
            columns(List.of("id", "namespace", "status", "version"), Map.of("status", "DONE")),
            List.of());

    /** Rows of old releases count in the database that they name. */
    private static final HistoryTable HISTORY = new HistoryTable(
                    "", "instance_change_history", columns(List.of("id", "version"), Map.of()), List.of(OLD_HISTORY))
            .with(new DatabaseNameColumn("migration_history", "namespace", ""));

    private final Path latest;
    private final UnaryOperator<String> edit;
    private final FlywayMigrator chain;

    /**
     * @param home the checkout
     * @param edit what to make of the text of {@code LATEST.sql}
     */
    BytebaseMigrator(
            Path home, UnaryOperator<String> edit, FlywaySettings settings, Engine engine, ClassLoader classLoader) {
        Path root = home.resolve(Bytebase.MIGRATIONS);
        this.latest = root.resolve(LATEST);
        this.edit = edit;
        this.chain = new FlywayMigrator(
                asTheProduct(settings),
                engine,
                classLoader,
                VersionedDirectoryLayout.in(root)
                        .scripts("(\\d+\\.\\d+)/0*(\\d+)##(?<description>.+)\\.sql", "$1.$2")
                        .history(HISTORY, BytebaseMigrator::write));
    }

    private static HistoryColumns columns(List<String> names, Map<String, String> where) {
        return new HistoryColumns(names, Map.of("installed_rank", "id"), "", TIME, where);
    }

    private static FlywaySettings asTheProduct(FlywaySettings settings) {
        return new FlywaySettings(
                settings.configFiles(),
                settings.locations(),
                settings.table(),
                settings.schemas(),
                settings.placeholders(),
                // The history of a database that LATEST.sql made begins with its version. And 3.8.3 changes the owner
                // of
                // all tables, for which it would wait for Flyway's own lock.
                Optional.of(flyway -> flyway.ignoreMigrationPatterns("*:ignored", "*:future")
                        .configuration(Map.of("flyway.postgresql.transactional.lock", "false"))
                        .placeholderReplacement(false)),
                settings.versionedOnly());
    }

    @Override
    public List<Migration> migrations(TestDatabase database) {
        return chain.migrations(database);
    }

    @Override
    public List<MigrationScript> scripts(TestDatabase database) {
        return chain.scripts(database);
    }

    @Override
    public List<String> validate(TestDatabase database, Version target) {
        return chain.validate(database, target);
    }

    @Override
    public HistoryTable historyTable() {
        return HISTORY;
    }

    @Override
    public MigrationRun migrate(TestDatabase database, Version target, Purpose purpose) {
        try (Connection connection = database.open()) {
            boolean clean = HISTORY.read(connection, database.engine()).rows().isEmpty();
            if (clean && target.equals(versions(database).last())) {
                return install(connection, target);
            }
        } catch (SQLException | IOException e) {
            throw new MigrationException(latest + " cannot be installed: " + e.getMessage(), e);
        }
        return chain.migrate(database, target, purpose);
    }

    @Override
    public Optional<WatchedRun> migrateWatched(TestDatabase database, Version target, Optional<BreakOff> breakOff) {
        return chain.migrateWatched(database, target, breakOff);
    }

    private MigrationRun install(Connection connection, Version version) throws SQLException, IOException {
        byte[] sql = edit.apply(Files.readString(latest)).getBytes(StandardCharsets.UTF_8);
        long start = System.nanoTime();
        connection.setAutoCommit(false);
        try (ScriptReader script = new ScriptReader(new ByteArrayInputStream(sql), Engine.POSTGRESQL.scriptSyntax());
                Statement statement = connection.createStatement()) {
            for (ScriptStatement next = script.next(); next != null; next = script.next()) {
                Optional<MigrationFailure> failure = execute(statement, next);
                if (failure.isPresent()) {
                    connection.rollback();
                    return new MigrationRun(List.of(), failure);
                }
            }
        }
        insert(connection, "INSERT INTO instance_change_history (version) VALUES (?)", version.toString());
        connection.commit();
        return new MigrationRun(
                List.of(new AppliedMigration(
                        version.toString(),
                        "clean install",
                        LATEST,
                        (System.nanoTime() - start) / 1_000_000,
                        MigrationEffects.UNKNOWN)),
                Optional.empty());
    }

    private static Optional<MigrationFailure> execute(Statement statement, ScriptStatement sql) {
        try {
            statement.execute(sql.text());
            return Optional.empty();
        } catch (SQLException e) {
            return Optional.of(new MigrationFailure(
                    LATEST,
                    (int) sql.firstLine(),
                    sql.excerpt(),
                    String.valueOf(e.getSQLState()),
                    String.valueOf(e.getMessage()),
                    ""));
        }
    }

    private static void write(Connection connection, WrittenMigration migration) throws SQLException {
        String version = migration.version().toString();
        if (exists(connection, "instance_change_history")) {
            insert(connection, "INSERT INTO instance_change_history (version) VALUES (?)", version);
            return;
        }
        try (var statement = connection.createStatement()) {
            statement.execute(
                    "CREATE TABLE IF NOT EXISTS migration_history (id BIGSERIAL PRIMARY KEY, namespace TEXT NOT"
                            + " NULL, status TEXT NOT NULL, version TEXT NOT NULL)");
        }
        String[] parts = version.split("\\.", -1);
        insert(
                connection,
                "INSERT INTO migration_history (namespace, status, version)"
                        + " VALUES (current_database(), 'DONE', ? || to_char(now(), '-YYYYMMDDHH24MISS'))",
                String.format("%4s.%4s.%4s", (Object[]) parts).replace(' ', '0'));
    }

    private static boolean exists(Connection connection, String table) throws SQLException {
        try (ResultSet tables = connection.getMetaData().getTables(null, connection.getSchema(), table, null)) {
            return tables.next();
        }
    }

    private static void insert(Connection connection, String sql, String version) throws SQLException {
        try (var statement = connection.prepareStatement(sql)) {
            statement.setString(1, version);
            statement.executeUpdate();
        }
    }
}
