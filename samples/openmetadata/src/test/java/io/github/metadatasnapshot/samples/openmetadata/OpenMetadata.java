package io.github.metadatasnapshot.samples.openmetadata;

import io.github.metadatasnapshot.engine.Engine;
import io.github.metadatasnapshot.engine.HistoryColumns;
import io.github.metadatasnapshot.engine.HistoryTable;
import io.github.metadatasnapshot.engine.Version;
import io.github.metadatasnapshot.migration.FlywayMigrator;
import io.github.metadatasnapshot.migration.FlywaySettings;
import io.github.metadatasnapshot.migration.Migrator;
import io.github.metadatasnapshot.migration.MigratorFactory;
import io.github.metadatasnapshot.migration.VersionedDirectoryLayout;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;

/**
 * Migrates as OpenMetadata does: first what it once had Flyway do, which are the versions 0.0.N, then one directory for each
 * release. Both lie in the checkout that {@code -Dopenmetadata.home} names, or else in the miniature beside this.
 */
public final class OpenMetadata implements MigratorFactory {

    private static final String CHECKOUT = System.getProperty("openmetadata.home", "");
    private static final Version FIRST_RELEASE = Version.of("1.0");

    /** {@return whether there is no checkout, so that the miniature takes its place} */
    static boolean isMiniature() {
        return CHECKOUT.isEmpty();
    }

    static Path migrations() {
        return (isMiniature() ? Path.of("src", "test", "miniature") : Path.of(CHECKOUT))
                .resolve(Path.of("bootstrap", "sql", "migrations"));
    }

    @Override
    public Migrator create(FlywaySettings settings, Engine engine, ClassLoader classLoader) {
        VersionedDirectoryLayout layout = layout(migrations(), engine);
        return new FlywayMigrator(
                settings,
                engine,
                classLoader,
                isMiniature() ? layout.step("1.3.3", OpenMetadata::ownersToTheirTable) : layout);
    }

    static VersionedDirectoryLayout layout(Path migrations, Engine engine) {
        boolean postgres = engine == Engine.POSTGRESQL;
        String driver = postgres ? "org\\.postgresql\\.Driver" : "com\\.mysql\\.cj\\.jdbc\\.Driver";
        String release = "native/(\\d+(?:\\.\\d+)+)";
        String scripts = release + "/" + (postgres ? "postgres" : "mysql");
        return VersionedDirectoryLayout.in(migrations)
                .scripts("flyway/" + driver + "/v0*(\\d+)__(?<description>.+)\\.sql", "0.0.$1")
                // The server notes a release even where it has no scripts for the engine.
                .directories(release, "$1")
                .scripts(scripts + "/schemaChanges\\.sql", "$1")
                .scripts(scripts + "/postDataMigrationSQLScript\\.sql", "$1")
                // Misnamed in the product, whose server never runs them.
                .ignore("native/1\\.12\\.1/.*/postDataMigration\\.sql")
                .history(history(engine), new OpenMetadataHistory(engine))
                // Each statement commits, as by the product's server.
                .flyway(flyway -> flyway.executeInTransaction(false)
                        .baselineOnMigrate(true)
                        .baselineVersion("0"));
    }

    /** What Flyway applied is in its table of old, where versions are 001 and so on; releases are in the server's own. */
    static HistoryTable history(Engine engine) {
        // PostgreSQL has names without quotes in lower case.
        boolean lower = engine == Engine.POSTGRESQL;
        return new HistoryTable(
                "",
                lower ? "server_change_log" : "SERVER_CHANGE_LOG",
                new HistoryColumns(
                        List.of("installed_rank", "version", "migrationFileName", "checksum"),
                        Map.of("script", "migrationFileName"),
                        "",
                        Map.of()),
                List.of(
                        new HistoryTable(
                                "",
                                "DATABASE_CHANGE_LOG",
                                new HistoryColumns(HistoryColumns.FLYWAY.names(), Map.of(), "0.0.", Map.of()),
                                List.of()),
                        new HistoryTable(
                                "",
                                lower ? "server_migration_sql_logs" : "SERVER_MIGRATION_SQL_LOGS",
                                HistoryColumns.NONE,
                                List.of())));
    }

    /** What a release does in Java between its two scripts. */
    static void ownersToTheirTable(Connection connection) throws SQLException {
        boolean postgres = connection.getMetaData().getDatabaseProductName().equals("PostgreSQL");
        String owner = postgres ? "json ->> 'owner'" : "json ->> '$.owner'";
        try (var statement = connection.createStatement()) {
            statement.execute("INSERT INTO asset_owner (assetId, owner) SELECT id, " + owner + " FROM asset WHERE "
                    + owner + " IS NOT NULL");
        }
    }

    /** {@return whether a version is a release, whose migrations the server runs itself} */
    static boolean isRelease(Version version) {
        return version.compareTo(FIRST_RELEASE) >= 0;
    }
}
