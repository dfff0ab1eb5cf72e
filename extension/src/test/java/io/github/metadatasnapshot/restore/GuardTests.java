package io.github.metadatasnapshot.restore;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.metadatasnapshot.backup.Backup;
import io.github.metadatasnapshot.backup.SnapshotGuard;
import io.github.metadatasnapshot.engine.ClientMode;
import io.github.metadatasnapshot.engine.Engine;
import io.github.metadatasnapshot.engine.TableName;
import io.github.metadatasnapshot.server.DatabaseServer;
import io.github.metadatasnapshot.server.TestDatabase;
import io.github.metadatasnapshot.testsupport.Images;
import io.github.metadatasnapshot.testsupport.Library;
import io.github.metadatasnapshot.testsupport.RequiresDocker;
import io.github.metadatasnapshot.testsupport.TakesTurns;
import io.github.metadatasnapshot.testsupport.TestServers;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Guarded dumps and every client that is to stop at them. */
@TakesTurns(of = 3)
class GuardTests {

    private static final String HISTORY = "flyway_schema_history";

    /** What came of a client. */
    private record Outcome(int status, String errors) {}

    private static byte[] guarded(Engine engine, String dump) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        SnapshotGuard.add(Library.dump(engine.id() + "/" + dump), engine, HISTORY, bytes);
        return bytes.toByteArray();
    }

    private static Outcome client(TestDatabase database, ClientMode mode, byte[] script) throws IOException {
        return client(database, database.engine().clientCommand(mode, database.user(), database.name()), script);
    }

    private static Outcome client(TestDatabase database, List<String> command, byte[] script) throws IOException {
        ByteArrayOutputStream errors = new ByteArrayOutputStream();
        int status = database.server()
                .clientHost()
                .orElseThrow()
                .run(
                        command,
                        Map.of(database.engine().passwordVariable(), database.password()),
                        new ByteArrayInputStream(script),
                        OutputStream.nullOutputStream(),
                        errors);
        return new Outcome(status, errors.toString(UTF_8));
    }

    /** {@return every row of every table} */
    private static Map<TableName, List<String>> content(TestDatabase database) throws SQLException {
        Map<TableName, List<String>> content = new TreeMap<>();
        try (Connection connection = database.open()) {
            for (TableName table : database.engine().tables(connection)) {
                List<String> rows = new ArrayList<>(Library.query(
                        database, "SELECT * FROM " + database.engine().quote(table)));
                rows.sort(null);
                content.put(table, rows);
            }
        }
        return content;
    }

    private static String withTarget(String version) {
        // In PostgreSQL's words, and in the 64 characters of a name in MySQL and MariaDB.
        return "(?s).*(database|target) is at " + version + "\\b.*";
    }

    @Nested
    @RequiresDocker
    class RealClients {

        @ParameterizedTest(name = "{0} {1}: {2} into {3}")
        @CsvSource({
            "postgres:13, DOCUMENTED, 1-full.sql, 2",
            "postgres:17, DOCUMENTED, 1-full.sql, 2",
            "postgres:18, DOCUMENTED, 1-full.sql, 2",
            "postgres:13, STRICT, 1-full.sql, 2",
            "postgres:17, STRICT, 2.1-full.sql, 2",
            "postgres:18, STRICT, 3-data.sql, 2.1",
            "postgres:17, DOCUMENTED, 1-data.sql, 2",
            "postgres:17, DOCUMENTED, 3-data.sql, 1",
            "postgres:17, DOCUMENTED, 1-clean.sql, 3",
            "postgres:17, FORCED, 2-full.sql, 3",
            "mysql:9.7, DOCUMENTED, 1-full.sql, 2",
            "mysql:9.7, DOCUMENTED, 2.1-full.sql, 2",
            "mysql:9.7, DOCUMENTED, 2-full.sql, 2.1",
            "mysql:9.7, DOCUMENTED, 1-data.sql, 2",
            "mysql:9.7, DOCUMENTED, 3-data.sql, 1",
            "mariadb:11.8, DOCUMENTED, 1-full.sql, 2",
            "mariadb:11.8, DOCUMENTED, 3-full.sql, 2.1",
            "mariadb:11.8, DOCUMENTED, 1-data.sql, 2",
            "mariadb:11.8, DOCUMENTED, 3-data.sql, 1",
        })
        void stopAtAnotherVersion(String image, ClientMode mode, String dump, String version) throws Exception {
            try (TestDatabase database = Library.create(TestServers.container(image), version)) {
                Map<TableName, List<String>> before = content(database);

                Outcome outcome = client(database, mode, guarded(database.engine(), dump));

                assertThat(outcome.status()).isNotZero();
                assertThat(outcome.errors())
                        .contains("snapshot guard: backup of " + dump.substring(0, dump.indexOf('-')) + ",")
                        .matches(withTarget(version));
                assertThat(Engine.isGuard(outcome.errors())).isTrue();
                assertThat(content(database)).isEqualTo(before);
            }
        }

        @ParameterizedTest
        @Images({"postgres:17", "mysql:9.7", "mariadb:11.8"})
        void stopWithTheMostOrdinaryArguments(String image) throws Exception {
            try (TestDatabase database = Library.create(TestServers.container(image), "2")) {
                List<String> command = switch (database.engine().id()) {
                    case "postgresql" -> List.of("psql", "-h", "127.0.0.1", "-U", "postgres", database.name());
                    default -> List.of(database.engine().id(), "-h127.0.0.1", "-uroot", database.name());
                };
                Outcome outcome = client(database, command, guarded(database.engine(), "1-full.sql"));

                assertThat(outcome.status()).isNotZero();
                assertThat(outcome.errors()).contains("backup of 1, ").matches(withTarget("2"));
            }
        }

        @ParameterizedTest(name = "{0} {1}: {2}")
        @CsvSource({
            "postgres:13, DOCUMENTED, 2-full.sql",
            "postgres:17, STRICT, 2-full.sql",
            "postgres:18, DOCUMENTED, 2-full.sql",
            "mysql:9.7, DOCUMENTED, 2-full.sql",
            "mariadb:11.8, DOCUMENTED, 2-full.sql"
        })
        void goOnIntoACleanDatabaseWithAFullDump(String image, ClientMode mode, String dump) throws Exception {
            DatabaseServer server = TestServers.container(image);
            try (TestDatabase plain = server.createDatabase();
                    TestDatabase database = server.createDatabase()) {
                client(
                        plain,
                        mode,
                        Library.dump(plain.engine().id() + "/" + dump).openRaw().readAllBytes());

                Outcome outcome = client(database, mode, guarded(database.engine(), dump));

                // pg_dump 17 sets transaction_timeout, which PostgreSQL 13 does not know.
                if (!image.equals("postgres:13")) {
                    assertThat(outcome).isEqualTo(new Outcome(0, ""));
                    assertThat(content(database)).isEqualTo(content(plain)).isNotEmpty();
                }
                assertThat(Engine.isGuard(outcome.errors())).isFalse();
            }
        }

        @ParameterizedTest
        @Images({"postgres:17", "mysql:9.7", "mariadb:11.8"})
        void stopAtACleanDatabaseWithADataOnlyDump(String image) throws Exception {
            try (TestDatabase database = TestServers.container(image).createDatabase()) {
                Outcome outcome = client(database, ClientMode.DOCUMENTED, guarded(database.engine(), "1-data.sql"));

                assertThat(outcome.status()).isNotZero();
                assertThat(outcome.errors())
                        .contains("snapshot guard: backup of 1, ")
                        .containsAnyOf("target is at no version", "has no table \"public\".\"flyway_schema_history\"");
            }
        }

        @ParameterizedTest(name = "{0} {1}")
        @CsvSource({
            "postgres:17, 1-full.sql",
            "postgres:17, 1-data.sql",
            "mysql:9.7, 1-full.sql",
            "mysql:9.7, 1-data.sql",
            "mariadb:11.8, 1-full.sql",
            "mariadb:11.8, 1-data.sql"
        })
        void goOnAtTheSameVersion(String image, String dump) throws Exception {
            try (TestDatabase database = Library.create(TestServers.container(image), "1")) {
                Outcome outcome = client(database, ClientMode.DOCUMENTED, guarded(database.engine(), dump));

                // A dump of its own may fail after that, at tables and rows that are there.
                assertThat(Engine.isGuard(outcome.errors())).isFalse();
            }
        }

        @ParameterizedTest
        @Images({"mysql:9.7", "mariadb:11.8"})
        void stopUnderAnySqlMode(String image) throws Exception {
            DatabaseServer server = TestServers.container(image);
            try (TestDatabase newer = Library.create(server, "2");
                    TestDatabase same = Library.create(server, "1")) {
                for (String mode : List.of(
                        "",
                        "ANSI,TRADITIONAL,NO_BACKSLASH_ESCAPES,HIGH_NOT_PRECEDENCE,PIPES_AS_CONCAT,IGNORE_SPACE",
                        "STRICT_ALL_TABLES,ONLY_FULL_GROUP_BY,NO_ZERO_DATE",
                        image.startsWith("mariadb") ? "ORACLE,EMPTY_STRING_IS_NULL" : "PAD_CHAR_TO_FULL_LENGTH")) {
                    byte[] guard = guarded(newer.engine(), "1-data.sql");
                    String text = new String(guard, UTF_8);
                    String alone = "SET sql_mode = '" + mode + "';\n" + text.substring(0, text.indexOf("guard ends"));

                    assertThat(client(newer, ClientMode.DOCUMENTED, alone.getBytes(UTF_8))
                                    .errors())
                            .as(mode)
                            .contains("backup of 1, target is at 2'");
                    assertThat(client(same, ClientMode.DOCUMENTED, alone.getBytes(UTF_8)))
                            .as(mode)
                            .isEqualTo(new Outcome(0, ""));
                }
            }
        }

        @ParameterizedTest
        @Images({"mysql:9.7", "mariadb:11.8"})
        void doNotStopByForce(String image) throws Exception {
            try (TestDatabase database = Library.create(TestServers.container(image), "2")) {
                Outcome outcome = client(database, ClientMode.FORCED, guarded(database.engine(), "1-full.sql"));

                assertThat(outcome.errors()).contains("snapshot guard: backup of 1, target is at 2'");
                assertThat(Library.query(database, "SELECT max(version) FROM " + HISTORY))
                        .containsExactly("1");
            }
        }
    }

    @Nested
    class OverJdbc {

        private ClientReport load(TestDatabase database, byte[] script, JdbcLoader.Options options) throws Exception {
            try (Connection connection = database.open();
                    InputStream in = new ByteArrayInputStream(script)) {
                return JdbcLoader.load(connection, database.engine(), in, "guarded.sql", options);
            }
        }

        @ParameterizedTest(name = "{0} into {1}")
        @CsvSource({"1-full.sql, 2", "3-full.sql, 2", "1-data.sql, 3", "2.1-data.sql, 2"})
        void stopsWhateverItIsTold(String dump, String version) throws Exception {
            try (TestDatabase database = Library.create(TestServers.embedded(), version)) {
                Map<TableName, List<String>> before = content(database);
                for (boolean goesOn : new boolean[] {true, false}) {
                    ClientReport report = load(
                            database,
                            guarded(Engine.POSTGRESQL, dump),
                            new JdbcLoader.Options(goesOn, !goesOn, List.of(), Set.of()));

                    assertThat(report.success()).isFalse();
                    assertThat(report.errors()).singleElement().satisfies(error -> {
                        assertThat(error.isGuard()).isTrue();
                        assertThat(error.sqlState()).isEqualTo("MS001");
                        assertThat(error.message()).matches(withTarget(version));
                    });
                    assertThat(content(database)).isEqualTo(before);
                }
            }
        }

        @ParameterizedTest
        @Images({"mysql:9.7", "mariadb:11.8"})
        @RequiresDocker
        void stopsOnOtherEngines(String image) throws Exception {
            try (TestDatabase database = Library.create(TestServers.container(image), "2")) {
                ClientReport report = load(
                        database,
                        guarded(database.engine(), "1-full.sql"),
                        new JdbcLoader.Options(false, false, List.of(), Set.of()));

                assertThat(report.errors()).singleElement().matches(StatementError::isGuard);
            }
        }

        @ParameterizedTest
        @EnumSource(ClientMode.class)
        void obeysErrorStop(ClientMode mode) throws Exception {
            try (TestDatabase database = TestServers.embedded().createDatabase()) {
                ClientReport report = load(
                        database,
                        "SELECT 1/0;\n\\set ON_ERROR_STOP on\nSELECT 2/0;\nSELECT 3/0;\n".getBytes(UTF_8),
                        new JdbcLoader.Options(mode != ClientMode.STRICT, false, List.of(), Set.of()));

                assertThat(report.errorCount()).isEqualTo(mode == ClientMode.STRICT ? 1 : 2);
                assertThat(report.success()).isFalse();
            }
        }
    }

    /** The rows that a test lets make way for a data-only backup are rows that a guard must still find. */
    @Nested
    class WithAPrologue {

        private Restore restore(TestDatabase database, RestoreProcedure procedure, String dump) throws IOException {
            Path file = Files.createTempFile("guarded", ".sql");
            try {
                Files.write(file, guarded(database.engine(), dump));
                Backup backup = Backup.locate("file:" + file, GuardTests.class.getClassLoader());
                return Restore.run(
                        database,
                        backup,
                        procedure,
                        Library.migrator(database.engine()).historyTable());
            } finally {
                Files.delete(file);
            }
        }

        @ParameterizedTest
        @Images({"postgres:17", "mysql:9.7", "mariadb:11.8"})
        @RequiresDocker
        void clientsStopBeforeIt(String image) throws Exception {
            stopsBeforeIt(TestServers.container(image), new DocumentedClient());
        }

        @Test
        void theLoaderStopsBeforeIt() throws Exception {
            stopsBeforeIt(TestServers.embedded(), new DocumentedClient());
            stopsBeforeIt(TestServers.embedded(), new JdbcLoad());
        }

        private void stopsBeforeIt(DatabaseServer server, RestoreProcedure procedure) throws Exception {
            try (TestDatabase newer = Library.create(server, "2");
                    TestDatabase same = Library.create(server, "1")) {
                Map<TableName, List<String>> before = content(newer);

                Restore refused = restore(newer, procedure, "1-data.sql");
                Restore restored = restore(same, procedure, "1-data.sql");

                assertThat(refused.report().errors()).singleElement().satisfies(error -> {
                    assertThat(error.isGuard()).isTrue();
                    assertThat(error.statement()).matches("(?s)(DO|PREPARE) .*");
                });
                assertThat(content(newer)).isEqualTo(before);
                assertThat(restored.report().errors()).isEmpty();
                assertThat(restored.verdict()).isEqualTo(RestoreVerdict.RESTORED);
            }
        }
    }
}
