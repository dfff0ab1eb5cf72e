package io.github.metadatasnapshot.benchmarks;

import io.github.metadatasnapshot.backup.SnapshotCapture;
import io.github.metadatasnapshot.engine.ClientMode;
import io.github.metadatasnapshot.engine.Engine;
import io.github.metadatasnapshot.engine.Version;
import io.github.metadatasnapshot.migration.FlywayMigrator;
import io.github.metadatasnapshot.migration.FlywaySettings;
import io.github.metadatasnapshot.migration.Migrator;
import io.github.metadatasnapshot.server.DatabaseServer;
import io.github.metadatasnapshot.server.TestDatabase;
import java.io.ByteArrayOutputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.MigrationInfo;

/**
 * The sample's catalogue, with as many rows as a benchmark asks for: what its users wrote at each release, copies of an asset
 * of theirs, and events.
 *
 * @param engine the engine
 */
record Catalog(Engine engine) {

    /** Bytes of a dump that an asset takes, and an event. */
    private static final int ASSET_BYTES = 650;

    private static final int EVENT_BYTES = 280;

    private static final String NUMBERS =
            "WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < %d)";

    String location() {
        return "classpath:db/migration/" + scripts();
    }

    /** MariaDB takes MySQL's. */
    private String scripts() {
        return engine == Engine.POSTGRESQL ? "postgresql" : "mysql";
    }

    /** {@return what the extension migrates by} */
    Migrator migrator() {
        return new FlywayMigrator(
                new FlywaySettings(List.of(), List.of(location()), "", List.of(), Map.of(), Optional.empty(), false),
                engine,
                Catalog.class.getClassLoader());
    }

    /** {@return Flyway up to a version, as one writes it by hand} */
    Flyway flyway(String url, String user, String password, String version) {
        return Flyway.configure()
                .dataSource(url, user, password)
                .locations(location())
                .target(version)
                .cleanDisabled(false)
                .load();
    }

    /** {@return where the backup of a version lies, below a directory that is put on the class path} */
    Path backup(Path root, Version version) {
        return root.resolve("backups").resolve(engine.id()).resolve(version + ".sql.gz");
    }

    /**
     * Makes a backup of each version that there is none of yet: by the engine's dump tool, with a guard.
     *
     * @param server the server to make them on
     * @param megabytes how large each is, about, before it is compressed
     * @param root as of {@link #backup}
     * @return the versions
     */
    NavigableSet<Version> capture(DatabaseServer server, int megabytes, Path root) throws Exception {
        try (TestDatabase life = server.createDatabase()) {
            NavigableSet<Version> versions = versions(life);
            if (versions.stream().allMatch(version -> Files.exists(backup(root, version)))) {
                return versions;
            }
            for (Version version : versions) {
                release(life, version);
                try (TestDatabase copy = server.copyOf(life)) {
                    fill(copy, megabytes);
                    SnapshotCapture.from(copy).to(backup(root, version));
                }
            }
            return versions;
        }
    }

    /** Makes a backup of the latest version, where there is none yet. */
    void captureLatest(DatabaseServer server, int megabytes, Path file) throws Exception {
        if (Files.exists(file)) {
            return;
        }
        try (TestDatabase life = server.createDatabase()) {
            for (Version version : versions(life)) {
                release(life, version);
            }
            fill(life, megabytes);
            SnapshotCapture.from(life).to(file);
        }
    }

    private NavigableSet<Version> versions(TestDatabase any) {
        return Stream.of(flyway(any.jdbcUrl(), any.user(), any.password(), "latest")
                        .info()
                        .all())
                .map(MigrationInfo::getVersion)
                .filter(Objects::nonNull)
                .map(version -> Version.of(version.toString()))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** Migrates to a version, and lets users write. */
    private void release(TestDatabase life, Version version) throws IOException {
        flyway(life.jdbcUrl(), life.user(), life.password(), version.toString()).migrate();
        List<String> command = new ArrayList<>(engine.clientCommand(ClientMode.STRICT, life.user(), life.name()));
        if (engine != Engine.POSTGRESQL) {
            command.add("--default-character-set=utf8mb4");
        }
        String usage = "/usage/" + scripts() + "/" + version + ".sql";
        ByteArrayOutputStream errors = new ByteArrayOutputStream();
        try (InputStream script = Catalog.class.getResourceAsStream(usage)) {
            if (script == null) {
                throw new FileNotFoundException(usage);
            }
            int status = life.server()
                    .clientHost()
                    .orElseThrow()
                    .run(
                            command,
                            Map.of(engine.passwordVariable(), life.password()),
                            script,
                            OutputStream.nullOutputStream(),
                            errors);
            if (status != 0) {
                throw new IOException(usage + " failed: " + errors.toString(StandardCharsets.UTF_8));
            }
        }
    }

    /** Fills two fifths of the bytes with assets, which migrations write anew, and the others with events. */
    private void fill(TestDatabase database, int megabytes) throws SQLException {
        try (Connection connection = database.open();
                Statement statement = connection.createStatement()) {
            if (engine != Engine.POSTGRESQL) {
                statement.execute("SET SESSION "
                        + (engine == Engine.MYSQL ? "cte_max_recursion_depth" : "max_recursive_iterations")
                        + " = 100000000");
            }
            List<String> columns = assetColumns(statement);
            statement.execute("INSERT INTO data_asset (" + String.join(", ", columns) + ") "
                    + NUMBERS.formatted(megabytes * 400_000L / ASSET_BYTES) + " SELECT "
                    + columns.stream().map(this::assetValue).collect(Collectors.joining(", "))
                    + " FROM numbers CROSS JOIN (SELECT * FROM data_asset ORDER BY id LIMIT 1) asset");
            statement.execute("INSERT INTO change_event (entity_type, entity_id, user_name, payload, occurred_at) "
                    + NUMBERS.formatted(megabytes * 600_000L / EVENT_BYTES)
                    + " SELECT 'asset', CONCAT('asset.', n), 'ada', " + json(5)
                    + ", TIMESTAMP '2024-05-06 07:08:09' FROM numbers");
        }
    }

    /** {@return the columns into which rows are written; those there are differ from version to version} */
    private List<String> assetColumns(Statement statement) throws SQLException {
        List<String> columns = new ArrayList<>();
        try (ResultSet rows = statement.executeQuery("SELECT column_name FROM information_schema.columns"
                + " WHERE table_name = 'data_asset' AND column_name <> 'id' AND "
                + (engine == Engine.POSTGRESQL
                        ? "table_schema = current_schema() AND is_generated = 'NEVER'"
                        : "table_schema = DATABASE() AND COALESCE(generation_expression, '') = ''"))) {
            while (rows.next()) {
                columns.add(rows.getString(1));
            }
        }
        return columns;
    }

    private String assetValue(String column) {
        return switch (column) {
            case "fqn" -> "CONCAT('warehouse.generated.', n)";
            case "document" -> json(12);
            default -> "asset." + column;
        };
    }

    /** {@return an expression for a document that does not compress to nothing} */
    private String json(int words) {
        boolean postgresql = engine == Engine.POSTGRESQL;
        // MySQL 9.7 has no MD5.
        String word = postgresql ? "MD5(CONCAT(n, ' of %d'))" : "LEFT(SHA2(CONCAT(n, ' of %d'), 256), 32)";
        String text = "CONCAT('{\"name\": \"generated ', n, '\", \"description\": \"', "
                + IntStream.range(0, words).mapToObj(word::formatted).collect(Collectors.joining(", ' ', "))
                + ", '\"}')";
        return postgresql ? "CAST(" + text + " AS jsonb)" : text;
    }
}
