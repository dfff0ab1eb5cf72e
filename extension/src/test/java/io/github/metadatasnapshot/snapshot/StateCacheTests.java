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
import io.github.metadatasnapshot.testsupport.Library;
import io.github.metadatasnapshot.testsupport.Logs;
import io.github.metadatasnapshot.testsupport.RequiresDocker;
import io.github.metadatasnapshot.testsupport.Scripts;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Instant;
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
import org.junit.jupiter.params.provider.ValueSource;

/** What a run leaves for the next one. Each state holds the moment at which it was made. */
class StateCacheTests {

    private static final long ROOMY = 1L << 30;

    @TempDir
    private Path cache;

    private Scripts scripts;

    @BeforeEach
    void writeMigrations(@TempDir Path directory) {
        scripts = new Scripts(directory)
                .with(
                        "V1__made.sql",
                        "CREATE TABLE made (id INT PRIMARY KEY, at TIMESTAMP(6) DEFAULT CURRENT_TIMESTAMP(6));",
                        "INSERT INTO made (id) VALUES (1);")
                .with("V2__more.sql", "CREATE TABLE more (id INT PRIMARY KEY);");
    }

    /** One run, with servers of its own. */
    private static final class Run implements AutoCloseable {

        private final Servers servers;
        private final DatabaseServer server;
        private final PreparedStates states = new PreparedStates(ROOMY, 0);

        Run(Path cache) {
            this(cache, ROOMY, ServerProvider.EMBEDDED, "postgres:17");
        }

        Run(Path cache, long mostBytes, ServerProvider provider, String image) {
            servers = new Servers(new ServerSettings(
                    provider, Map.of(), ServerStorage.DISK, false, Optional.of(new StateCache(cache, mostBytes))));
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
        List<String> first;
        String url;
        String password;
        try (Run run = new Run(cache)) {
            first = List.of(run.made(migrator(), "1"), run.made(migrator(), "2"), run.made(library, backup(backups)));
            password = run.server.createDatabase().password();
        }
        FileTime written = (FileTime) Files.getAttribute(file(), "unix:ctime");
        try (Run run = new Run(cache)) {
            assertThat(Library.databases(run.server)).hasSize(3 + 3);
            assertThat(List.of(
                            run.made(migrator(), "1"), run.made(migrator(), "2"), run.made(library, backup(backups))))
                    .isEqualTo(first)
                    .doesNotHaveDuplicates();
            try (TestDatabase copy = run.create(library, backup(backups))) {
                assertThat(copy.password()).isNotEqualTo(password);
                url = copy.jdbcUrl();
                assertThatThrownBy(() -> DriverManager.getConnection(url, copy.user(), password)
                                .close())
                        .isInstanceOf(SQLException.class)
                        .hasMessageContaining("password authentication failed");
                assertThat(Library.query(copy, "SELECT rolname FROM pg_roles WHERE rolcanlogin ORDER BY 1"))
                        .containsExactly("postgres", "snapshot");
            }
        }
        assertThat((FileTime) Files.getAttribute(file(), "unix:creationTime"))
                .as("nothing new is not written again: " + written)
                .isLessThanOrEqualTo(written);
    }

    @Test
    void whatATestChangesIsNotLeft() {
        String made;
        try (Run run = new Run(cache);
                TestDatabase copy = run.create(migrator(), "1")) {
            made = Run.made(copy);
            Library.execute(copy, "DELETE FROM made");
            Library.execute(run.server.createDatabase(), "CREATE TABLE of_a_test (id INT)");
        }
        try (Run run = new Run(cache)) {
            assertThat(Library.databases(run.server)).hasSize(3 + 1);
            assertThat(run.made(migrator(), "1")).isEqualTo(made);
        }
    }

    @Test
    void aStateThatSomebodyChangedIsMadeAnew() {
        String made;
        try (Run run = new Run(cache);
                TestDatabase copy = run.create(migrator(), "1")) {
            made = Run.made(copy);
            String state = Library.databases(run.server).stream()
                    .filter(name -> name.startsWith("snapshot") && !name.equals(copy.name()))
                    .findFirst()
                    .orElseThrow();
            Library.execute(run.server.createDatabase(), "SELECT 1");
            try (var connection = DriverManager.getConnection(
                            copy.jdbcUrl().replace(copy.name(), state), copy.user(), copy.password());
                    var statement = connection.createStatement()) {
                statement.execute("INSERT INTO made (id) VALUES (2)");
            } catch (SQLException e) {
                throw new AssertionError(e);
            }
        }
        List<String> after = new ArrayList<>();
        assertThat(Logs.of(Level.WARNING, () -> after.add(runOnce(migrator(), "1"))))
                .singleElement()
                .asString()
                .matches(
                        "snapshot\\w+ on PostgreSQL 17\\.\\d+, embedded, which an earlier run prepared, does not hold what"
                                + " it held then: it is prepared anew");
        assertThat(after).doesNotContain(made);
        assertThat(Logs.of(
                        Level.WARNING,
                        () -> assertThat(runOnce(migrator(), "1")).isEqualTo(after.get(0))))
                .isEmpty();
    }

    @Test
    void aMigrationThatChangesMakesAnewWhatItLedToAndALaterOneDoesNot() {
        String first = runOnce(migrator(), "1");
        scripts.with("V2__more.sql", "CREATE TABLE more (id BIGINT PRIMARY KEY);")
                .with("V3__most.sql", "CREATE TABLE most (id INT);");
        assertThat(runOnce(migrator(), "1")).isEqualTo(first);

        scripts.with("afterMigrate.sql", "INSERT INTO made (id) VALUES (7);");
        String second = runOnce(migrator(), "1");
        assertThat(second).isNotEqualTo(first);

        // Flyway's checksum would be the same.
        scripts.with(
                "V1__made.sql",
                "CREATE TABLE made (id INT PRIMARY KEY, at TIMESTAMP(6) DEFAULT CURRENT_TIMESTAMP(6));",
                "INSERT INTO made (id) VALUES (1);\r");
        assertThat(runOnce(migrator(), "1")).isNotEqualTo(second);
    }

    @Test
    void anotherBackupIsLoadedEvenWhereItsNameIsTheSame(@TempDir Path backups) throws Exception {
        Migrator library = Library.migrator(Engine.POSTGRESQL);
        String first;
        try (Run run = new Run(cache)) {
            first = run.made(library, backup(backups));
        }
        try (Run run = new Run(cache)) {
            assertThat(run.made(library, backup(backups, "CREATE TABLE public.another (id INT);", "")))
                    .isNotEqualTo(first);
        }
    }

    @Test
    void whatJavaHasAHandInIsNotLeft() throws IOException {
        try (Run run = new Run(cache)) {
            run.made(scripts.migrator(Engine.POSTGRESQL, flyway -> flyway.installedBy("somebody")), "1");
        }
        assertThat(files(cache)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"cut off", "changed", "no archive"})
    void aDamagedFileIsToldAndWrittenAnew(String damage) throws Exception {
        String made = runOnce(migrator(), "1");
        Path file = file();
        try (RandomAccessFile content = new RandomAccessFile(file.toFile(), "rw")) {
            if (damage.equals("cut off")) {
                content.setLength(content.length() - 1000);
            } else {
                content.seek(damage.equals("changed") ? content.length() / 2 : 0);
                content.write(new byte[] {1, 2, 3, 4, 5});
            }
        }
        List<String> again = new ArrayList<>();
        assertThat(Logs.of(Level.WARNING, () -> again.add(runOnce(migrator(), "1"))))
                .singleElement()
                .asString()
                .startsWith(
                        "The cached databases in " + file + " are of no use and are deleted; they are prepared anew: ");
        assertThat(again).doesNotContain(made);
        assertThat(runOnce(migrator(), "1")).isEqualTo(again.get(0));
    }

    @Test
    void runsAtTheSameTimeLeaveOneCompleteFile() throws IOException {
        String first;
        String second;
        try (Run one = new Run(cache);
                Run other = new Run(cache)) {
            first = one.made(migrator(), "1");
            second = other.made(migrator(), "1");
        }
        file();
        // What is opened later is closed, and writes, first.
        assertThat(first).isNotEqualTo(second);
        assertThat(runOnce(migrator(), "1")).isEqualTo(first);
    }

    @Test
    void theFileThatNoRunUsedForLongestMakesRoom() throws IOException {
        Path older = Files.write(cache.resolve("older.states"), new byte[1 << 20]);
        Path old = Files.write(cache.resolve("old.states"), new byte[1 << 20]);
        Files.setLastModifiedTime(older, FileTime.from(Instant.now().minusSeconds(200)));
        Files.setLastModifiedTime(old, FileTime.from(Instant.now().minusSeconds(100)));
        Path abandoned = Files.write(cache.resolve("abandoned.part"), new byte[1]);
        Files.setLastModifiedTime(abandoned, FileTime.from(Instant.now().minusSeconds(100_000)));
        runOnce(migrator(), "1");
        List<Path> all = files(cache);
        assertThat(all).hasSize(3).contains(older, old);

        Path written = all.stream()
                .filter(file -> !file.equals(old) && !file.equals(older))
                .findFirst()
                .orElseThrow();
        long room = Files.size(written) + (3 << 19);
        assertThat(Logs.of(Level.INFO, () -> {
                    try (Run run = new Run(cache, room, ServerProvider.EMBEDDED, "postgres:17")) {
                        run.made(migrator(), "2");
                    }
                }))
                .contains(older + " is deleted, as the cache may hold " + ((room + (1 << 20) - 1) >> 20) + " MB");
        assertThat(files(cache)).containsExactlyInAnyOrder(old, written);
    }

    @Test
    void whatIsLargerThanTheCacheIsNotKept() throws IOException {
        assertThat(Logs.of(Level.WARNING, () -> {
                    try (Run run = new Run(cache, 1 << 20, ServerProvider.EMBEDDED, "postgres:17")) {
                        run.made(migrator(), "1");
                    }
                }))
                .singleElement()
                .asString()
                .matches("1 prepared databases take \\d+ MB in the cache " + cache
                        + ", which may hold 1 MB: they are not kept");
        assertThat(files(cache)).isEmpty();
    }

    @RequiresDocker
    @ParameterizedTest
    @ValueSource(strings = {"postgres:17", "mysql:9.7"})
    void aContainerIsStartedOnWhatOneBeforeHasLeft(String image) throws Exception {
        Migrator migrator = scripts.migrator(ServerSpec.parse(image).engine());
        String first;
        try (Run run = new Run(cache, ROOMY, ServerProvider.CONTAINER, image)) {
            first = run.made(migrator, "1");
        }
        Path file = file();
        try (Run run = new Run(cache, ROOMY, ServerProvider.CONTAINER, image);
                TestDatabase copy = run.create(migrator, "1")) {
            assertThat(Run.made(copy)).isEqualTo(first);
            assertThat(file()).isEqualTo(file);
        }
        try (RandomAccessFile content = new RandomAccessFile(file.toFile(), "rw")) {
            content.setLength(content.length() - 1000);
        }
        assertThat(Logs.of(Level.WARNING, () -> {
                    try (Run run = new Run(cache, ROOMY, ServerProvider.CONTAINER, image)) {
                        assertThat(run.made(migrator, "1")).isNotEqualTo(first);
                    }
                }))
                .singleElement()
                .asString()
                .startsWith("The cached databases in " + file
                        + " are of no use and are deleted; they are prepared anew:" + " ");
    }
}
