package io.github.metadatasnapshot.backup;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.metadatasnapshot.engine.ClientMode;
import io.github.metadatasnapshot.engine.Engine;
import io.github.metadatasnapshot.engine.TableName;
import io.github.metadatasnapshot.server.DatabaseServer;
import io.github.metadatasnapshot.server.TestDatabase;
import io.github.metadatasnapshot.testsupport.Images;
import io.github.metadatasnapshot.testsupport.Library;
import io.github.metadatasnapshot.testsupport.Logs;
import io.github.metadatasnapshot.testsupport.RequiresDocker;
import io.github.metadatasnapshot.testsupport.TakesTurns;
import io.github.metadatasnapshot.testsupport.TestServers;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.logging.Level;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@RequiresDocker
@TakesTurns(of = 4)
class SnapshotCaptureTests {

    private static final String HISTORY = "flyway_schema_history";

    @TempDir
    private Path directory;

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

    private static Map<TableName, Long> counts(Map<TableName, List<String>> content) {
        Map<TableName, Long> counts = new TreeMap<>();
        content.forEach((table, rows) -> counts.put(table, (long) rows.size()));
        return counts;
    }

    private static Backup backup(Path file) {
        return Backup.locate("file:" + file, SnapshotCaptureTests.class.getClassLoader());
    }

    private static String load(TestDatabase database, Path file) throws IOException {
        ByteArrayOutputStream errors = new ByteArrayOutputStream();
        try (InputStream script = backup(file).open()) {
            int status = database.server()
                    .clientHost()
                    .orElseThrow()
                    .run(
                            database.engine().clientCommand(ClientMode.STRICT, database.user(), database.name()),
                            Map.of(database.engine().passwordVariable(), database.password()),
                            script,
                            OutputStream.nullOutputStream(),
                            errors);
            return status + " " + errors.toString(UTF_8);
        }
    }

    private static void addTypes(TestDatabase database) {
        if (database.engine() == Engine.POSTGRESQL) {
            Library.execute(database, """
                    CREATE TABLE "All Types" (id int PRIMARY KEY, n numeric(30,10), f float8, r real, b bytea, j jsonb,
                      x xml, t timestamptz, d date, i interval, u uuid, a int[], inet inet, bits bit varying(9),
                      box box, range int4range, ts tsvector, "text.with dot" text,
                      gen int GENERATED ALWAYS AS (id * 2) STORED)
                    """, """
                    INSERT INTO "All Types" VALUES (1, 1e19, 'NaN', '-Infinity', '\\x00ff27', '{"a": [1, null]}', '<a/>',
                      '2024-05-01 10:00:00.123456+02', 'infinity', '1 mon 2 days', gen_random_uuid(), '{1,NULL,3}',
                      '::1/64', B'0101', '(1,2),(3,4)', '[1,5)', 'a:1 b:2', E'tab\\t \\\\ ''quote''\\n-- metadata-snapshot footer 1\\n\\\\.\\nZoë 🙂')
                    """, "INSERT INTO \"All Types\" (id) VALUES (2)");
        } else {
            Library.execute(database, """
                    CREATE TABLE `All Types` (id int PRIMARY KEY, n decimal(30,10), f double, r float, b blob, v varbinary(9),
                      j json, t timestamp(6) NULL, d datetime(3), y year, e enum('a','b'), s set('x','y'), bits bit(9),
                      p point, `text.with dot` longtext, gen int GENERATED ALWAYS AS (id * 2) STORED,
                      virt int GENERATED ALWAYS AS (id * 3) VIRTUAL)
                    """, """
                    INSERT INTO `All Types` (id, n, f, r, b, v, j, t, d, y, e, s, bits, p, `text.with dot`) VALUES (1,
                      12345678901234567890.0123456789, 1e300, 0.1, x'00ff275c0a1a', x'00', '{"a": [1, null]}',
                      '2024-05-01 10:00:00.123456', '2024-05-01 10:00:00.123', 2024, 'b', 'x,y', b'101010101',
                      ST_GeomFromText('POINT(1 2)'), 'tab\\t \\\\ ''quote''\\n-- metadata-snapshot footer 1\\nZoë 🙂')
                    """, "INSERT INTO `All Types` (id) VALUES (2)");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "postgres:13, a.sql",
        "postgres:17, a.sql.gz",
        "postgres:18, a.sql.zst",
        "mysql:9.7, a.sql.gz",
        "mariadb:11.8, a.sql.zst",
        "mariadb:11.8, a.sql"
    })
    void goesBackWhereItCameFrom(String image, String name) throws Exception {
        DatabaseServer server = TestServers.container(image);
        Path file = directory.resolve("new").resolve(name);
        try (TestDatabase source = Library.create(server, "2");
                TestDatabase target = server.createDatabase();
                TestDatabase newer = Library.create(server, "3")) {
            addTypes(source);
            Map<TableName, List<String>> content = content(source);

            CaptureInfo captured = SnapshotCapture.from(source).to(file);
            BackupInfo info = backup(file).inspect(server.engine(), HISTORY, Optional.empty());

            assertThat(info.capture()).contains(captured);
            assertThat(info.guard()).contains("2");
            assertThat(SnapshotGuard.versionOf(file)).contains("2");
            assertThat(info.rows()).isEqualTo(counts(content));
            assertThat(captured.engine()).isEqualTo(server.engine());
            assertThat(captured.serverVersion()).isEqualTo(server.version());
            assertThat(captured.tool()).isEqualTo(server.engine().dumpTool().program());
            assertThat(captured.version()).isEqualTo("2");
            assertThat(captured.historyTable().name()).isEqualTo(HISTORY);
            assertThat(captured.date()).isBetween(Instant.now().minus(Duration.ofMinutes(2)), Instant.now());
            assertThat(captured.migrations())
                    .hasSize(2)
                    .allSatisfy(migration -> assertThat(migration.checksum()).isNotNull());
            try (Stream<Path> files = Files.list(file.getParent())) {
                assertThat(files).containsExactly(file);
            }

            assertThat(load(target, file)).isEqualTo("0 ");
            assertThat(content(target)).isEqualTo(content);
            assertThat(load(newer, file)).doesNotStartWith("0").contains("backup of 2, ", " is at 3");
        }
    }

    @ParameterizedTest
    @Images({"postgres:17", "mysql:9.7", "mariadb:11.8"})
    void capturesRowsOnly(String image) throws Exception {
        DatabaseServer server = TestServers.container(image);
        Path file = directory.resolve("a.sql");
        try (TestDatabase source = Library.create(server, "2");
                TestDatabase clean = server.createDatabase()) {
            SnapshotCapture.from(source).dataOnly().to(file);

            BackupInfo info = backup(file).inspect(server.engine(), HISTORY, Optional.empty());
            assertThat(info.kind()).isEqualTo(BackupInfo.Kind.DATA_ONLY);
            assertThat(info.rows()).isEqualTo(counts(content(source)));
            assertThat(load(clean, file)).doesNotStartWith("0").contains("snapshot guard: backup of 2, ");
        }
    }

    /** As documents say to do it: by a tool in a container of its own. */
    @ParameterizedTest
    @CsvSource({"postgres:13, postgres:18", "mysql:9.7, ", "mariadb:11.8, "})
    void capturesFromAnyServer(String image, String toolImage) throws Exception {
        try (TestDatabase source = Library.create(TestServers.container(image), "2")) {
            Path file = directory.resolve("a.sql.gz");
            SnapshotCapture capture = SnapshotCapture.from(source.jdbcUrl(), source.user(), source.password());
            CaptureInfo info = (toolImage == null ? capture : capture.with(toolImage)).to(file);

            assertThat(info.serverVersion()).isEqualTo(source.server().version());
            if (toolImage != null) {
                assertThat(info.toolVersion()).startsWith("18.");
            }
            assertThat(backup(file)
                            .inspect(source.engine(), HISTORY, Optional.empty())
                            .rows())
                    .isEqualTo(counts(content(source)));
        }
    }

    @Test
    void capturesFromAnEmbeddedServer() throws Exception {
        try (TestDatabase source = Library.create(TestServers.embedded(), "1")) {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            SnapshotCapture.from(source).to(bytes);

            assertThat(bytes.toString(UTF_8))
                    .startsWith("-- metadata-snapshot capture 1\n-- metadata-snapshot engine postgresql 17")
                    .containsPattern("\n-- metadata-snapshot body \\d+ sha256 [0-9a-f]{64}\n$");
        }
    }

    /** {@return the name of a new user who may do all with a database of MySQL or MariaDB, and no more} */
    private static String ordinaryUser(TestDatabase source) throws SQLException {
        String user = "u" + source.name().substring(8);
        Library.execute(
                source,
                "CREATE USER " + user + " IDENTIFIED BY 'secret!1'",
                "GRANT ALL ON " + source.name() + ".* TO " + user);
        return user;
    }

    @ParameterizedTest
    @Images({"mysql:9.7", "mariadb:11.8"})
    void anOrdinaryUserCaptures(String image) throws Exception {
        try (TestDatabase source = Library.create(TestServers.container(image), "2")) {
            String user = ordinaryUser(source);
            Path file = directory.resolve("a.sql");
            SnapshotCapture.from(source.jdbcUrl(), user, "secret!1").to(file);

            assertThat(backup(file)
                            .inspect(source.engine(), HISTORY, Optional.empty())
                            .rows())
                    .isEqualTo(counts(content(source)));
            Library.execute(source, "DROP USER " + user);
        }
    }

    @ParameterizedTest
    @Images({"postgres:17", "mysql:9.7", "mariadb:11.8"})
    void isConsistentWhileOthersWrite(String image) throws Exception {
        try (TestDatabase source = Library.create(TestServers.container(image), "2")) {
            Library.execute(source, "CREATE TABLE one (id int PRIMARY KEY)", "CREATE TABLE two (id int PRIMARY KEY)");
            AtomicBoolean done = new AtomicBoolean();
            CompletableFuture<Integer> writer = CompletableFuture.supplyAsync(() -> write(source, done));
            Path file = directory.resolve("a.sql.gz");
            try {
                for (int i = 0; i < 5; i++) {
                    SnapshotCapture.from(source).to(file);
                    var rows = backup(file)
                            .inspect(source.engine(), HISTORY, Optional.empty())
                            .rows();
                    String schema = rows.firstKey().schema();
                    assertThat(rows.get(new TableName(schema, "one")))
                            .isEqualTo(rows.get(new TableName(schema, "two")));
                }
            } finally {
                done.set(true);
            }
            assertThat(writer.join()).isPositive();
        }
    }

    private static int write(TestDatabase database, AtomicBoolean done) {
        int id = 0;
        try (Connection connection = database.open();
                var statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            while (!done.get()) {
                id++;
                statement.execute("INSERT INTO one VALUES (" + id + ")");
                statement.execute("INSERT INTO two VALUES (" + id + ")");
                connection.commit();
            }
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
        return id;
    }

    @ParameterizedTest
    @CsvSource({
        "postgres:17, --no-such-option, unrecognized option, 1",
        "mysql:9.7, --no-such-option, unknown option, 2",
        "mariadb:11.8, --no-such-option, unknown option, 2",
        "postgres:17, --exclude-table=flyway_schema_history, the options leave the history out, ",
        "postgres:17, --create, 'creates its database: leave the option -C (--create) out', ",
        "mysql:9.7, --no-create-info, asked was FULL, "
    })
    void leavesNothingBehindWhenItFails(String image, String option, String message, String status) throws Exception {
        try (TestDatabase source = Library.create(TestServers.container(image), "2")) {
            Path file = directory.resolve("a.sql.gz");
            Files.writeString(file, "as it was");

            assertThatThrownBy(
                            () -> SnapshotCapture.from(source).options(option).to(file))
                    .isInstanceOf(BackupException.class)
                    .hasMessageContaining(message)
                    .satisfies(e -> assertThat(e.getMessage())
                            .contains(status == null ? "" : "ended with status " + status)
                            .doesNotContain(source.password()));
            try (Stream<Path> files = Files.list(directory)) {
                assertThat(files).containsExactly(file);
            }
            assertThat(file).hasContent("as it was");
        }
    }

    @Test
    void anErrorOfAToolThatExitsWithZeroIsAnError() throws Exception {
        try (TestDatabase source = Library.create(TestServers.container("mysql:9.7"), "2")) {
            String user = ordinaryUser(source);
            Path file = directory.resolve("a.sql");
            assertThatThrownBy(() -> SnapshotCapture.from(source.jdbcUrl(), user, "secret!1")
                            .options("--skip-no-tablespaces")
                            .to(file))
                    .isInstanceOf(BackupException.class)
                    .hasMessageContaining("ended with status 0, but said: mysqldump: Error: 'Access denied");
            assertThat(file).doesNotExist();
            Library.execute(source, "DROP USER " + user);
        }
    }

    @Test
    void whatIsTheServersAndMayNotBeReadIsNamedAndNoError() throws Exception {
        try (TestDatabase source = Library.create(TestServers.container("mysql:9.7"), "2")) {
            String user = ordinaryUser(source);
            Path file = directory.resolve("a.sql");
            List<String> logged = Logs.of(
                    Level.WARNING,
                    () -> SnapshotCapture.from(source.jdbcUrl(), user, "secret!1")
                            .options("--masking-policies")
                            .to(file));

            assertThat(logged)
                    .singleElement()
                    .asString()
                    .startsWith(
                            "Not in the dump, as about the server and not about the database: mysqldump: Error: 'SELECT"
                                    + " command denied to user '" + user)
                    .endsWith("for table 'column_masking_policy'' when trying to dump masking policies");
            assertThat(backup(file)
                            .inspect(Engine.MYSQL, HISTORY, Optional.empty())
                            .capture())
                    .isPresent();
            Library.execute(source, "DROP USER " + user);
        }
    }

    /** As where an upload is broken off; more than a pipe and the blocks between it and the tool hold. */
    @ParameterizedTest
    @Images({"postgres:17", "mysql:9.7"})
    void aStreamThatBreaksInTheMiddleEndsTheTool(String image) throws Exception {
        try (TestDatabase source = Library.create(TestServers.container(image), "2")) {
            Library.execute(source, "CREATE TABLE wide (id int, t varchar(4000))");
            Library.execute(
                    source,
                    "INSERT INTO wide SELECT 1, repeat('x', 4000) FROM (" + numbers(source.engine()) + ") AS n");
            ByteArrayOutputStream sent = new ByteArrayOutputStream();
            OutputStream target = new OutputStream() {
                @Override
                public void write(int b) throws IOException {
                    write(new byte[] {(byte) b}, 0, 1);
                }

                @Override
                public void write(byte[] bytes, int offset, int length) throws IOException {
                    if (sent.size() > 1_000_000) {
                        throw new IOException("the connection was reset");
                    }
                    sent.write(bytes, offset, length);
                }
            };

            assertThatThrownBy(() -> SnapshotCapture.from(source).to(target))
                    .isInstanceOf(IOException.class)
                    .hasMessage("the connection was reset");
            Path file = Files.write(directory.resolve("sent.sql"), sent.toByteArray());
            assertThatThrownBy(() -> backup(file).inspect(source.engine(), HISTORY, Optional.empty()))
                    .isInstanceOf(BackupException.class)
                    .hasMessageContaining("is cut off");
            assertThat(dumping(source)).isEmpty();
        }
    }

    private static String numbers(Engine engine) {
        return engine == Engine.POSTGRESQL
                ? "SELECT generate_series(1, 4000)"
                : "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000) SELECT i FROM n, (SELECT"
                        + " 1 UNION ALL SELECT 2 UNION ALL SELECT 3 UNION ALL SELECT 4) AS four";
    }

    /** {@return the sessions of dump tools, once those that end have had their time} */
    private static List<String> dumping(TestDatabase source) throws InterruptedException {
        List<String> found = List.of();
        for (int attempt = 0; attempt < 100; attempt++) {
            found = Library.query(
                    source,
                    source.engine() == Engine.POSTGRESQL
                            ? "SELECT application_name FROM pg_stat_activity WHERE application_name = 'pg_dump' AND datname ="
                                    + " current_database()"
                            : "SELECT id FROM information_schema.processlist WHERE db = database() AND id <> connection_id()");
            if (found.isEmpty()) {
                break;
            }
            Thread.sleep(100);
        }
        return found;
    }

    @Test
    void aToolOlderThanTheServerIsAnError() {
        try (TestDatabase source = Library.create(TestServers.container("postgres:18"), "2")) {
            assertThatThrownBy(() ->
                            SnapshotCapture.from(source).with("postgres:13").to(directory.resolve("a.sql")))
                    .isInstanceOf(BackupException.class)
                    .hasMessageContaining("is older than the server, 18")
                    .hasMessageContaining("capture with that of 18 or later");
        }
    }

    @Test
    void anotherEnginesToolIsAnError() {
        try (TestDatabase source = Library.create(TestServers.container("mysql:9.7"), "2")) {
            assertThatThrownBy(() ->
                            SnapshotCapture.from(source).with("postgres:17").to(directory.resolve("a.sql")))
                    .isInstanceOf(BackupException.class)
                    .hasMessageContaining("The container has no program mysqldump")
                    .hasMessageContaining("such as mysql:9.7");
        }
    }

    @Test
    void aDatabaseWithoutAHistoryIsAnError() {
        try (TestDatabase source = TestServers.embedded().createDatabase()) {
            assertThatThrownBy(() -> SnapshotCapture.from(source).to(directory.resolve("a.sql")))
                    .isInstanceOf(BackupException.class)
                    .hasMessageContaining("has no table flyway_schema_history");
            assertThat(directory).isEmptyDirectory();
        }
    }

    @Test
    void aDatabaseWithoutAnAppliedVersionIsAnError() {
        try (TestDatabase source = Library.create(TestServers.embedded(), "1")) {
            Library.execute(source, "DELETE FROM flyway_schema_history");

            assertThatThrownBy(() -> SnapshotCapture.from(source).to(directory.resolve("a.sql")))
                    .isInstanceOf(BackupException.class)
                    .hasMessage("Database " + source.name() + " has no applied version in its table"
                            + " flyway_schema_history: migrate it first");
            assertThat(directory).isEmptyDirectory();
        }
    }

    @ParameterizedTest
    @Images({"mysql:9.7", "mariadb:11.8"})
    void aUrlOfNoDatabaseIsAnError(String image) {
        try (TestDatabase source = TestServers.container(image).createDatabase()) {
            String url = source.jdbcUrl().replaceFirst("(//[^/]*/)[^?]*", "$1");
            assertThatThrownBy(() -> SnapshotCapture.from(url, source.user(), source.password())
                            .to(directory.resolve("a.sql")))
                    .isInstanceOf(BackupException.class)
                    .hasMessage("Which database is to be captured? The JDBC URL names none");
        }
    }

    /** The images of MariaDB have a program of MySQL's name. */
    @Test
    void aToolOfTheSameNameIsAnError() {
        try (TestDatabase source = Library.create(TestServers.container("mysql:9.7"), "2")) {
            assertThatThrownBy(() ->
                            SnapshotCapture.from(source).with("mariadb:11.8").to(directory.resolve("a.sql")))
                    .isInstanceOf(BackupException.class)
                    .hasMessageStartingWith("What is called mysqldump is not that of MySQL: it says '")
                    .hasMessageContaining("MariaDB")
                    .hasMessageEndingWith("'. Capture with an image of MySQL, such as mysql:9.7");
        }
    }

    @Test
    void takesAHistoryTableOfAnyNameAndSchema() throws Exception {
        DatabaseServer server = TestServers.container("postgres:17");
        try (TestDatabase source = Library.create(server, "2");
                TestDatabase older = Library.create(server, "1");
                TestDatabase target = server.createDatabase()) {
            for (TestDatabase database : List.of(source, older)) {
                Library.execute(
                        database,
                        "CREATE SCHEMA \"Meta Data\"",
                        "ALTER TABLE flyway_schema_history RENAME TO \"Zoë's \\ History\"",
                        "ALTER TABLE \"Zoë's \\ History\" SET SCHEMA \"Meta Data\"");
            }
            Path file = directory.resolve("a.sql");
            CaptureInfo info = SnapshotCapture.from(source)
                    .historyTable("Meta Data", "Zoë's \\ History")
                    .to(file);

            assertThat(info.historyTable()).isEqualTo(new TableName("Meta Data", "Zoë's \\ History"));
            assertThat(load(older, file)).contains("backup of 2, the database is at 1");
            assertThat(load(target, file)).isEqualTo("0 ");
        }
    }

    @ParameterizedTest
    @Images({"mysql:9.7", "mariadb:11.8"})
    void takesAHistoryTableOfAnyNameOnMySql(String image) throws Exception {
        DatabaseServer server = TestServers.container(image);
        try (TestDatabase source = Library.create(server, "2");
                TestDatabase older = Library.create(server, "1");
                TestDatabase target = server.createDatabase()) {
            for (TestDatabase database : List.of(source, older)) {
                Library.execute(database, "RENAME TABLE flyway_schema_history TO `Zoë's \\ ``History`");
            }
            Path file = directory.resolve("a.sql");
            SnapshotCapture.from(source).historyTable("Zoë's \\ `History").to(file);

            assertThat(load(older, file)).contains("backup of 2, target is at 1");
            assertThat(load(target, file)).isEqualTo("0 ");
        }
    }

    @Test
    void aUrlOfNoEngineIsAnError() {
        assertThatThrownBy(() -> SnapshotCapture.from("jdbc:h2:mem:x", "u", "p"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("jdbc:postgresql:, jdbc:mysql: or jdbc:mariadb:");
    }
}
