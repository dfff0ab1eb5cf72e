package io.github.metadatasnapshot.restore;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.metadatasnapshot.backup.Backup;
import io.github.metadatasnapshot.backup.BackupException;
import io.github.metadatasnapshot.backup.BackupInfo;
import io.github.metadatasnapshot.backup.SnapshotCapture;
import io.github.metadatasnapshot.engine.Engine;
import io.github.metadatasnapshot.migration.FlywayMigrator;
import io.github.metadatasnapshot.migration.FlywaySettings;
import io.github.metadatasnapshot.migration.Migrator;
import io.github.metadatasnapshot.server.DatabaseServer;
import io.github.metadatasnapshot.server.TestDatabase;
import io.github.metadatasnapshot.shape.DatabaseState;
import io.github.metadatasnapshot.snapshot.Snapshot;
import io.github.metadatasnapshot.testsupport.Images;
import io.github.metadatasnapshot.testsupport.Library;
import io.github.metadatasnapshot.testsupport.RequiresDocker;
import io.github.metadatasnapshot.testsupport.Sample;
import io.github.metadatasnapshot.testsupport.TestServers;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;

/**
 * Restores the sample's backups, and captured ones, damaged at random: each ends in a clear error or in a judged restore, soon,
 * and nothing outside of the test's own database is another afterwards.
 *
 * <p>A failure names the seed of its mutant: {@code -Dfuzz.seed=…} makes that one alone.
 */
class BackupFuzzTests {

    /** One for each mutant that a test makes. */
    private static final List<Long> SEEDS = Optional.ofNullable(Long.getLong("fuzz.seed"))
            .map(List::of)
            .orElseGet(() -> Sample.seeds(6, 6, 200).boxed().toList());

    private static final int SECONDS_PER_MUTANT = 60;
    private static final String FILE_NAME = "mutant.sql.gz";
    private static final String VERSION = "1.4";
    private static final String OTHER_VERSION = "1.8";
    private static final Path SAMPLE = Path.of("..", "samples", "catalog", "src");

    private static final List<RestoreProcedure> PROCEDURES =
            List.of(new StrictClient(), new JdbcLoad(), new DocumentedClient(), new ForcedClient());

    @TempDir
    private Path directory;

    @Test
    void embedded() throws Exception {
        // No dump tool is beside it.
        fuzz(TestServers.embedded(), false);
    }

    @RequiresDocker
    @ParameterizedTest
    @Images({"postgres:17", "mysql:9.7", "mariadb:11.8"})
    void inAContainer(String image) throws Exception {
        fuzz(TestServers.container(image), true);
    }

    /**
     * A backup that is good.
     *
     * @param script the file, decompressed, a character for each byte
     * @param captured whether it has a footer
     * @param loaded the state of a database that it has been restored into
     */
    private record Source(String name, String script, BackupInfo.Kind kind, boolean captured, DatabaseState loaded) {

        byte[] bytes() {
            return script.getBytes(ISO_8859_1);
        }
    }

    private void fuzz(DatabaseServer server, boolean asAdministrator) throws Exception {
        ExecutorService executor = Executors.newSingleThreadExecutor();
        try (TestDatabase bystander = server.createDatabase()) {
            Library.execute(
                    bystander, "CREATE TABLE bystander (id INT PRIMARY KEY)", "INSERT INTO bystander VALUES (1), (2)");
            if (asAdministrator) {
                Library.execute(bystander, "CREATE " + user(server) + " fuzz_bystander");
            }
            Map<String, List<String>> before = serverState(bystander);
            List<String> failures = new ArrayList<>();
            Set<String> outcomes = new TreeSet<>();
            try (Targets targets = new Targets(server)) {
                List<Source> sources = sources(server, targets, asAdministrator);
                for (long seed : SEEDS) {
                    BackupMutator mutator = new BackupMutator(seed, server.engine(), bystander.name());
                    Source source = sources.get(mutator.choose(sources.size()));
                    Source other = sources.get(mutator.choose(sources.size()));
                    RestoreProcedure procedure = PROCEDURES.get(mutator.choose(PROCEDURES.size()));
                    byte @Nullable [] script = mutate(mutator, source, other);
                    String description = "seed %d: %s by %s: %s: "
                            .formatted(seed, source.name(), procedure, String.join(", ", mutator.steps()));
                    Future<String> outcome = executor.submit(() -> restore(targets, source, script, procedure));
                    try {
                        outcomes.add(outcome.get(SECONDS_PER_MUTANT, TimeUnit.SECONDS));
                    } catch (TimeoutException e) {
                        throw new AssertionError(description + "has not ended after a minute", e);
                    } catch (ExecutionException e) {
                        failures.add(description + e.getCause());
                    }
                }
            }
            assertThat(failures).isEmpty();
            assertThat(serverState(bystander)).isEqualTo(before);
            // A sample of a dozen may have the two most common ones alone.
            assertThat(outcomes).hasSizeGreaterThan(SEEDS.size() == 1 ? 0 : SEEDS.size() < 50 ? 1 : 2);
            if (asAdministrator) {
                Library.execute(bystander, "DROP " + user(server) + " fuzz_bystander");
            }
        } finally {
            executor.shutdownNow();
        }
    }

    private static String user(DatabaseServer server) {
        return server.engine() == Engine.POSTGRESQL ? "ROLE" : "USER";
    }

    private List<Source> sources(DatabaseServer server, Targets targets, boolean captures) throws Exception {
        Path backups =
                SAMPLE.resolve("test/resources/backups/" + server.engine().id());
        List<Source> sources = new ArrayList<>();
        for (String name : List.of(VERSION, "data-only/" + VERSION)) {
            Backup backup = backup(backups.resolve(name + ".sql.gz"));
            sources.add(source(name, backup, targets));
            if (captures) {
                try (TestDatabase database =
                        new Snapshot(targets.migrator(), Optional.of(VERSION), Optional.of(backup)).create(server)) {
                    Path file = directory.resolve("captured.sql.gz");
                    SnapshotCapture capture = SnapshotCapture.from(database);
                    (name.equals(VERSION) ? capture : capture.dataOnly()).to(file);
                    sources.add(source("captured " + name, backup(file), targets));
                }
            }
        }
        sources.add(source(OTHER_VERSION, backup(backups.resolve(OTHER_VERSION + ".sql.gz")), targets));
        return sources;
    }

    private static Backup backup(Path file) {
        return Backup.locate("file:" + file, BackupFuzzTests.class.getClassLoader());
    }

    private static Source source(String name, Backup backup, Targets targets) throws Exception {
        BackupInfo info = backup.inspect(
                targets.server().engine(),
                targets.migrator().historyTable().name(),
                targets.server().clientHost());
        Restore restore = Restore.run(
                targets.take(info.kind()),
                backup,
                new StrictClient(),
                targets.migrator().historyTable());
        assertThat(restore.verdict())
                .as(name + ": " + restore.describeErrors() + restore.unfaithful())
                .isEqualTo(RestoreVerdict.RESTORED);
        targets.give(info.kind(), restore);
        try (var script = backup.open()) {
            return new Source(
                    name,
                    new String(script.readAllBytes(), ISO_8859_1),
                    info.kind(),
                    info.capture().isPresent(),
                    restore.after());
        }
    }

    /** Writes a mutant; returns its script, {@code null} where that cannot be told from the damaged file. */
    private byte @Nullable [] mutate(BackupMutator mutator, Source source, Source other) throws IOException {
        Path file = directory.resolve(FILE_NAME);
        if (mutator.choose(5) == 0) {
            Files.write(file, mutator.damageBytes(gzip(source.bytes()), gzip(other.bytes())));
            return null;
        }
        byte[] script = mutator.damageScript(source.bytes(), other.bytes());
        Files.write(file, gzip(script));
        return script;
    }

    private static byte[] gzip(byte[] script) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (OutputStream gzip = new GZIPOutputStream(bytes)) {
            gzip.write(script);
        }
        return bytes.toByteArray();
    }

    private String restore(Targets targets, Source source, byte @Nullable [] script, RestoreProcedure procedure) {
        Restore restore;
        try {
            restore = Restore.run(
                    targets.take(source.kind()),
                    backup(directory.resolve(FILE_NAME)),
                    procedure,
                    targets.migrator().historyTable());
        } catch (BackupException | RestoreException e) {
            assertThat(e.getMessage()).contains(FILE_NAME).doesNotContain(": null");
            if (e instanceof RestoreException) {
                targets.give(source.kind(), null);
            }
            return e.getClass().getSimpleName();
        }
        targets.give(source.kind(), restore);
        if (script == null || Arrays.equals(script, source.bytes())) {
            assertThat(restore.verdict()).isEqualTo(RestoreVerdict.RESTORED);
            assertThat(source.loaded().differences(restore.after())).isEmpty();
        } else if (source.captured()) {
            assertThat(body(new String(script, ISO_8859_1)))
                    .as("the body that went through as " + restore.verdict())
                    .isEqualTo(body(source.script()));
        } else if (restore.verdict() != RestoreVerdict.RESTORED) {
            assertThat(Stream.concat(restore.describeErrors().stream(), restore.unfaithful().stream()))
                    .isNotEmpty()
                    .allSatisfy(said -> assertThat(said).isNotBlank());
        }
        return restore.verdict().name();
    }

    private static String body(String captured) {
        return captured.replaceFirst("(?s)^.*?\n-- metadata-snapshot body\n", "")
                .replaceFirst("(?s)\n-- metadata-snapshot footer (?!.*\n-- metadata-snapshot footer ).*$", "");
    }

    /** {@return what a backup must not change} */
    private static Map<String, List<String>> serverState(TestDatabase bystander) throws SQLException {
        Map<String, String> questions = bystander.engine() == Engine.POSTGRESQL
                ? Map.of(
                        "databases", "SELECT datname, datdba::regrole, datacl FROM pg_database ORDER BY 1",
                        "roles", "SELECT * FROM pg_roles ORDER BY rolname",
                        "members", "SELECT * FROM pg_auth_members ORDER BY 1, 2",
                        "settings", "SELECT name, reset_val FROM pg_settings ORDER BY 1",
                        "settings of roles", "SELECT * FROM pg_db_role_setting ORDER BY 1, 2",
                        "comments", "SELECT * FROM pg_shdescription ORDER BY 1, 2",
                        "tablespaces", "SELECT spcname FROM pg_tablespace ORDER BY 1")
                : Map.of(
                        "databases", "SELECT schema_name FROM information_schema.schemata ORDER BY 1",
                        "users", "SELECT * FROM mysql.user ORDER BY user, host",
                        "privileges", "SELECT * FROM mysql.db ORDER BY 1, 2, 3",
                        "servers", "SELECT * FROM mysql.servers ORDER BY 1",
                        "settings",
                                "SHOW GLOBAL VARIABLES WHERE variable_name NOT LIKE '%gtid%'"
                                        + " AND variable_name NOT LIKE '%timestamp%'");
        Map<String, List<String>> state = new TreeMap<>();
        questions.forEach((name, sql) -> state.put(name, Library.query(bystander, sql)));
        try (Connection connection = bystander.open()) {
            DatabaseState content = DatabaseState.read(
                    connection,
                    bystander.engine(),
                    Library.migrator(bystander.engine()).historyTable());
            state.put(
                    "bystander",
                    List.of(
                            content.shape().objects().toString(),
                            content.digests().toString()));
        }
        return state;
    }

    /** Databases to restore into. That of the version stays, as long as the shape does. */
    private static final class Targets implements AutoCloseable {

        private final DatabaseServer server;
        private final Migrator migrator;
        private final Map<BackupInfo.Kind, TestDatabase> databases = new TreeMap<>();

        Targets(DatabaseServer server) {
            this.server = server;
            String scripts = server.engine() == Engine.POSTGRESQL ? "postgresql" : "mysql";
            this.migrator = new FlywayMigrator(
                    new FlywaySettings(
                            List.of(),
                            List.of("filesystem:" + SAMPLE.resolve("main/resources/db/migration/" + scripts)),
                            "",
                            List.of(),
                            Map.of(),
                            Optional.empty(),
                            false),
                    server.engine(),
                    BackupFuzzTests.class.getClassLoader());
        }

        DatabaseServer server() {
            return server;
        }

        Migrator migrator() {
            return migrator;
        }

        TestDatabase take(BackupInfo.Kind kind) {
            return databases.computeIfAbsent(
                    kind,
                    key -> key == BackupInfo.Kind.FULL
                            ? server.createDatabase()
                            : new Snapshot(migrator, Optional.of(VERSION), Optional.empty()).create(server));
        }

        /** Takes a database back: it serves again where it is as it was, or holds other rows that the next backup replaces. */
        void give(BackupInfo.Kind kind, @Nullable Restore restore) {
            boolean usable = restore != null
                    && (kind == BackupInfo.Kind.FULL
                            ? restore.after().isEmpty()
                            : restore.after().shape().equals(restore.before().shape())
                                    && restore.after()
                                            .history()
                                            .equals(restore.before().history()));
            TestDatabase database = databases.get(kind);
            if (!usable && database != null) {
                databases.remove(kind);
                database.close();
            }
        }

        @Override
        public void close() {
            databases.values().forEach(TestDatabase::close);
        }
    }
}
