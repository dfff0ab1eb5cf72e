package io.github.metadatasnapshot;

import static java.util.concurrent.CompletableFuture.completedFuture;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.github.metadatasnapshot.engine.Engine;
import io.github.metadatasnapshot.restore.Restore;
import io.github.metadatasnapshot.restore.StrictClient;
import io.github.metadatasnapshot.server.ExternalLogins;
import io.github.metadatasnapshot.server.ExternalSettings;
import io.github.metadatasnapshot.testsupport.Console;
import io.github.metadatasnapshot.testsupport.Library;
import io.github.metadatasnapshot.testsupport.RequiresDocker;
import io.github.metadatasnapshot.testsupport.Shell;
import io.github.metadatasnapshot.testsupport.TakesTurns;
import io.github.metadatasnapshot.testsupport.TestKit;
import io.github.metadatasnapshot.testsupport.TestServers;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.platform.testkit.engine.EngineExecutionResults;

/** {@code metadatasnapshot.keep=failed}. */
@TakesTurns(of = 3)
class KeepTests {

    /** A run, and what was said of the database of the test that failed in it. */
    private record Run(EngineExecutionResults results, String console, String note) {

        static Run of(Class<?> testClass, Map<String, String> settings) {
            List<EngineExecutionResults> results = new ArrayList<>();
            String console = Console.text(() -> results.add(TestKit.run(testClass, settings)));
            Throwable[] notes = TestKit.failure(results.get(0)).getSuppressed();
            assertThat(notes).hasSizeLessThan(2);
            return new Run(results.get(0), console, notes.length == 0 ? "" : notes[0].getMessage());
        }

        /** {@return what the note says after a word} */
        String said(String word) {
            return note.lines()
                    .filter(line -> line.startsWith(word + ":"))
                    .map(line -> line.substring(word.length() + 1).strip())
                    .findFirst()
                    .orElseThrow(() -> new AssertionError(note));
        }

        String url() {
            return note.replaceFirst("(?s) as .*", "");
        }

        String database() {
            return url().replaceFirst(".*/", "");
        }

        void assertTellsNobody(String password) {
            StringWriter trace = new StringWriter();
            TestKit.failure(results).printStackTrace(new PrintWriter(trace));
            assertThat(password).hasSizeGreaterThan(8);
            assertThat(trace + console).contains(database()).doesNotContain(password);
        }
    }

    private static Map<String, String> keeping(String provider) {
        return Map.of(Settings.KEEP, "failed", Settings.PROVIDER, provider);
    }

    private static Map<String, String> keeping(Map<String, String> settings) {
        settings.put(Settings.KEEP, "failed");
        return settings;
    }

    private static List<String> query(Connection connection, String sql) throws SQLException {
        List<String> values = new ArrayList<>();
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery(sql)) {
            while (rows.next()) {
                values.add(rows.getString(1));
            }
        }
        return values;
    }

    @Test
    void theDatabaseOfAFailedTestStaysOnAnEmbeddedServerAndItsPasswordInAFile() throws Exception {
        Run run = Run.of(MixedTestCases.class, keeping("embedded"));
        Path passwords = Path.of(run.said("password").replaceFirst("^in ", ""));
        long process = Long.parseLong(run.said("remove").replaceFirst("\\D+(\\d+).*", "$1"));
        try {
            assertThat(run.said("connect"))
                    .matches(Pattern.quote("PGPASSFILE=" + passwords)
                            + " psql -h localhost -p \\d+ -U snapshot -d snapshot\\w+");
            if (Files.getFileStore(passwords).supportsFileAttributeView("posix")) {
                assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(passwords)))
                        .isEqualTo("rw-------");
            }
            run.assertTellsNobody(Files.readString(passwords).strip().replaceFirst(".*:", ""));
            System.setProperty("org.postgresql.pgpassfile", "" + passwords);
            Properties user = new Properties();
            user.put("user", "snapshot");
            try (Connection connection = DriverManager.getConnection(run.url(), user)) {
                assertThat(query(connection, "SELECT name FROM person")).contains("left behind");
                // Neither that of the test that passed, nor the state that both are copies of.
                assertThat(query(connection, "SELECT datname FROM pg_database WHERE NOT datistemplate"))
                        .containsExactlyInAnyOrder("postgres", run.database());
            }
            assertThat(run.console())
                    .contains("  database of MixedTestCases, fails(Connection), which failed\n    " + run.url());
        } finally {
            System.clearProperty("org.postgresql.pgpassfile");
            Shell.run(run.said("remove"), "");
        }
        assertThat(ProcessHandle.of(process).map(ProcessHandle::onExit).orElseGet(() -> completedFuture(null)))
                .succeedsWithin(Duration.ofSeconds(10));
        assertThat(passwords.getParent()).doesNotExist();
    }

    @RequiresDocker
    @Test
    void inAContainerWhichNobodyRemoves() {
        Run run = Run.of(MixedTestCases.class, keeping("container"));
        String container = run.said("remove").replaceFirst(".* ", "");
        try {
            assertThat(
                            Shell.run(
                                    run.said("connect"),
                                    "SELECT 'found ' || name FROM person;\nSELECT datname || ';' FROM pg_database WHERE NOT datistemplate;"))
                    .contains("found left behind", " " + run.database() + ";", "(2 rows)");
            run.assertTellsNobody(Shell.run(run.said("password"), ""));
            assertThat(Shell.run("docker inspect -f '{{json .Config.Labels}}' " + container, ""))
                    .doesNotContain("org.testcontainers");
        } finally {
            Shell.run(run.said("remove"), "");
        }
        assertThat(Shell.run("docker ps -a --format '{{.Names}}'", "").lines()).doesNotContain(container);
    }

    @RequiresDocker
    @Test
    void aContainerInWhichNothingIsKeptIsRemoved() {
        TestKit.assertAllSucceeded(TestKit.run(PassingTestCases.class, keeping("container")), 1);

        assertThat(PassingTestCases.container).isNotBlank();
        assertThat(Shell.run("docker ps -aq", "").lines()).doesNotContain(PassingTestCases.container);
    }

    @Test
    void onAnExternalServerOnlyTheDatabaseIsNamed() {
        List<String> before = Library.databases(TestKit.externalServer());
        Map<String, String> settings = keeping(TestKit.external());
        Run run = Run.of(MixedTestCases.class, settings);
        String password = settings.get("metadatasnapshot.external.postgresql.password");

        try {
            List<String> added = Library.databases(TestKit.externalServer());
            added.removeAll(before);
            assertThat(added).containsExactly(run.database());
            assertThat(run.note()).isEqualTo("""
                    %s as testkit
                    password: the one of metadatasnapshot.external.postgresql.password
                    remove:   DROP DATABASE %s""".formatted(run.url(), run.database()));
            run.assertTellsNobody(password);
        } finally {
            drop(run);
        }
    }

    private static void drop(Run run) {
        try (var database = TestKit.externalServer().createDatabase()) {
            Library.execute(database, run.said("remove"));
        }
    }

    @Test
    void aCellThatFailedKeepsItsDatabaseThoughTheRestoreLeftItAsItWas(@TempDir Path directory) {
        Map<String, String> settings = keeping(TestKit.external());
        settings.put(Settings.CELLS, "* 1 → 2 · cross*");
        settings.put(Settings.REPORT_DIRECTORY, "" + directory);
        Run run = Run.of(CellTestCases.class, settings);
        try {
            assertThat(Library.databases(TestKit.externalServer())).contains(run.database());
            assertThat(run.console())
                    .contains("database of CellTestCases, postgres:17 · 1 → 2 · cross version restore");
        } finally {
            drop(run);
        }
    }

    @Test
    void aSingleDatabaseIsNotKept() {
        ExternalSettings login = ExternalLogins.createRole(TestServers.embedded(), "keep_single", "");
        ExternalSettings single = ExternalLogins.createSingleDatabase(TestServers.embedded(), login, "keep_single");
        try {
            Run run = Run.of(MixedTestCases.class, keeping(TestKit.external(single)));

            run.results()
                    .testEvents()
                    .assertStatistics(stats -> stats.succeeded(1).failed(1).aborted(1));
            assertThat(run.note())
                    .isEqualTo("Database keep_single is not kept: it serves the tests in turn, as"
                            + " metadatasnapshot.external.postgresql.single-database=true says");
        } finally {
            ExternalLogins.drop(TestServers.embedded(), "keep_single", "keep_single");
        }
    }

    @Test
    void nothingIsKeptWhereNothingIsSaid() {
        List<String> before = Library.databases(TestKit.externalServer());
        Run run = Run.of(MixedTestCases.class, TestKit.external());

        assertThat(run.note()).isEmpty();
        assertThat(Library.databases(TestKit.externalServer())).isEqualTo(before);
    }

    @MetadataSnapshot(database = "postgres:17", version = "1.8", locations = "migrations/simple")
    static class MixedTestCases {

        @Test
        void fails(Connection connection) throws SQLException {
            try (var statement = connection.createStatement()) {
                statement.execute("UPDATE person SET name = 'left behind'");
            }
            assertThat(query(connection, "SELECT name FROM person")).isEmpty();
        }

        @Test
        void passes(Connection connection) throws SQLException {
            assertThat(query(connection, "SELECT name FROM person")).hasSize(1);
        }

        @Test
        void doesNotApply(Connection connection) throws SQLException {
            assumeThat(query(connection, "SELECT name FROM person")).isEmpty();
        }
    }

    @MetadataSnapshot(database = "postgres:17", version = "1.8", locations = "migrations/simple")
    static class PassingTestCases {

        static String container;

        @Test
        void passes(MetadataDatabase database) {
            int port = Engine.POSTGRESQL.address(database.jdbcUrl()).getPort();
            // Of those that run: one of an engine that was killed may have had the same port.
            container = Shell.run("docker ps -q --filter publish=" + port, "").strip();
        }
    }

    @MetadataSnapshot(
            database = "postgres:17",
            locations = "migrations/library/{engine}",
            backups = "dumps/{engine}/{version}-full.sql",
            procedure = StrictClient.class)
    static class CellTestCases {

        @CrossVersionRestoreTest
        void fails(Restore restore) {
            assertThat(restore.before()).isEqualTo(restore.after());
            throw new AssertionError("not what it should be");
        }
    }
}
