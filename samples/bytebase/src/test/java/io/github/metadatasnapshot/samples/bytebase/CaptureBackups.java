package io.github.metadatasnapshot.samples.bytebase;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.metadatasnapshot.MetadataDatabase;
import io.github.metadatasnapshot.MetadataSnapshot;
import io.github.metadatasnapshot.RenamedDatabase;
import io.github.metadatasnapshot.engine.Version;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Writes backups: those of the miniature, or those of releases of the product. No test, and no part of the build. */
@Tag("capture")
@MetadataSnapshot(
        database = "postgres:17",
        version = "1.0.0",
        migrator = LatestSchemaTest.Whole.class,
        renamed = @RenamedDatabase(table = "migration_history", column = "namespace", name = "metadb"))
class CaptureBackups {

    private static final String MIGRATIONS = Bytebase.MIGRATIONS + "/";

    private static final Map<String, String> USAGE = new LinkedHashMap<>();

    static {
        USAGE.put("1.0.1", """
                INSERT INTO principal (email, name) VALUES ('ann@example.com', 'Ann'), ('bob@example.com', 'Bob');
                INSERT INTO project (key, title) VALUES ('SHOP', 'The shop'), ('BANK', 'The bank');
                INSERT INTO issue (project_id, creator_id, title, payload) VALUES
                  (1, 1, 'Add a column', '{"status": "DONE"}'), (2, 2, 'Drop a table', '{}');
                """);
        USAGE.put("1.1.0", """
                INSERT INTO issue (project_id, creator_id, title, status) VALUES
                  (1, 2, 'Rename it', 'CANCELED'), (2, 1, 'Rename it back', 'OPEN');
                -- It was tried, and failed.
                INSERT INTO migration_history (namespace, status, version) VALUES
                  (current_database(), 'FAILED', '0001.0010.0000-20220131120000');
                """);
        USAGE.put("1.10.0", """
                INSERT INTO audit_log (payload) VALUES ('{"user": "users/1"}'), ('{"user": "users/2"}');
                """);
        USAGE.put("2.0.1", """
                INSERT INTO project (resource_id, title) VALUES ('farm', 'The farm'), ('mill', 'The mill');
                """);
    }

    @Test
    void ofTheMiniature(MetadataDatabase database) throws SQLException {
        for (Map.Entry<String, String> release : USAGE.entrySet()) {
            assertThat(database.migrateTo(release.getKey()).succeeded()).isTrue();
            run(database, release.getValue());
            database.capture(Path.of("src/test/miniature/backups", release.getKey() + ".sql.gz"));
        }
    }

    /** Of each tag of the checkout that {@code -Dbytebase.releases} names, what its own clean install makes. */
    @Test
    void ofReleases(MetadataDatabase database) throws SQLException, IOException, InterruptedException {
        List<String> tags = Arrays.stream(
                        System.getProperty("bytebase.releases", "").split(",", -1))
                .filter(tag -> !tag.isBlank())
                .toList();
        for (String tag : tags) {
            String latest = git("show", tag + ":" + MIGRATIONS + "LATEST.sql");
            Version version = Bytebase.latest(
                    git("ls-tree", "-r", "--name-only", tag, "--", MIGRATIONS).lines());
            run(database, "DROP SCHEMA public CASCADE; CREATE SCHEMA public;" + latest);
            run(database, "INSERT INTO instance_change_history (version) VALUES ('" + version + "')");
            database.capture(Path.of(System.getProperty("bytebase.backups"), "backups", version + ".sql.gz"));
        }
    }

    private static void run(MetadataDatabase database, String sql) throws SQLException {
        try (Connection connection = database.connect();
                var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static String git(String... arguments) throws IOException, InterruptedException {
        List<String> command =
                new ArrayList<>(List.of("git", "-C", Bytebase.home().toString()));
        command.addAll(List.of(arguments));
        Process git = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String output = new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(git.waitFor()).as(command.toString()).isZero();
        return output;
    }
}
