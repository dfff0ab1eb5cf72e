package io.github.metadatasnapshot.server;

import static io.github.metadatasnapshot.testsupport.Library.databases;
import static io.github.metadatasnapshot.testsupport.Library.execute;
import static io.github.metadatasnapshot.testsupport.Library.query;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.metadatasnapshot.engine.Engine;
import io.github.metadatasnapshot.shape.DatabaseState;
import io.github.metadatasnapshot.testsupport.Images;
import io.github.metadatasnapshot.testsupport.Library;
import io.github.metadatasnapshot.testsupport.Logs;
import io.github.metadatasnapshot.testsupport.RequiresDocker;
import io.github.metadatasnapshot.testsupport.RichSchema;
import io.github.metadatasnapshot.testsupport.TakesTurns;
import io.github.metadatasnapshot.testsupport.TestServers;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.logging.Level;
import org.junit.jupiter.params.ParameterizedTest;

/** Tables of several megabytes. */
@RequiresDocker
@TakesTurns(of = 3)
class CopyFilesTests {

    private static final String FILLING = "REPEAT('Zoë 😀', 1000000)";

    /** Makes tables large that have many kinds of columns, keys to each other, and triggers. */
    private static void enlarge(TestDatabase database) {
        execute(
                database,
                "ALTER TABLE kinds DROP KEY full_text",
                "ALTER TABLE kinds ENGINE = InnoDB, ALGORITHM = COPY",
                "UPDATE kinds SET a_longblob = " + FILLING + " LIMIT 1",
                "ALTER TABLE parent ADD filling LONGTEXT, ADD newest_child INT,"
                        + " ADD CONSTRAINT newest FOREIGN KEY (newest_child) REFERENCES child (id), ALGORITHM = COPY",
                "UPDATE parent SET filling = " + FILLING + " LIMIT 1",
                "ALTER TABLE child ADD filling LONGTEXT, ALGORITHM = COPY",
                "UPDATE child SET filling = " + FILLING + " LIMIT 1");
        if (database.engine() == Engine.MYSQL) {
            execute(
                    database,
                    "CREATE TABLE indexed (id INT PRIMARY KEY, filling LONGTEXT, KEY ((UPPER(LEFT(filling, 9)))))",
                    "INSERT INTO indexed VALUES (1, " + FILLING + ")");
        }
    }

    /** Adds large tables whose files are no copies of them. */
    private static void addOthers(TestDatabase database) {
        add(database, "once_indexed_text", ", FULLTEXT KEY word (word)) ENGINE = InnoDB");
        execute(database, "ALTER TABLE once_indexed_text DROP KEY word");
        add(database, "`odd $(name)`", ")");
        add(database, "compressed", ") ROW_FORMAT = COMPRESSED");
        add(database, "other_engine", ") ENGINE = MyISAM");
        if (database.engine() == Engine.MYSQL) {
            add(database, "page_compressed", ") COMPRESSION = 'zlib'");
            execute(
                    database,
                    "CREATE TABLE CHILD (small INT)",
                    "CREATE TABLE tagged (id INT PRIMARY KEY, filling LONGTEXT, data JSON,"
                            + " KEY ((CAST(data->'$.tags' AS UNSIGNED ARRAY))))",
                    "INSERT INTO tagged VALUES (1, " + FILLING + ", '{\"tags\": [1, 2]}')");
        } else {
            add(database, "page_compressed", ") PAGE_COMPRESSED = 1");
            add(database, "elsewhere", ") DATA DIRECTORY = '/tmp'");
            add(database, "all_versions", ") WITH SYSTEM VERSIONING");
        }
    }

    private static void add(TestDatabase database, String table, String end) {
        execute(
                database,
                "CREATE TABLE " + table + " (id INT PRIMARY KEY, word VARCHAR(20), filling LONGTEXT" + end,
                "INSERT INTO " + table + " VALUES (1, 'word', " + FILLING + "), (2, NULL, 'é')");
    }

    /** Adds large tables of which the server has changed the definition alone, as far as it can. */
    private static void addAltered(TestDatabase database) {
        add(database, "altered", ")");
        add(database, "instantly_altered", ")");
        execute(
                database,
                "ALTER TABLE altered MODIFY word VARCHAR(40) NULL, ADD computed INT AS (id + 1) VIRTUAL",
                "ALTER TABLE altered ADD KEY (computed)",
                "INSERT INTO altered (id, filling) VALUES (3, 'later')",
                "ALTER TABLE instantly_altered ADD added INT NOT NULL DEFAULT 5 FIRST, DROP word, ALGORITHM = INSTANT",
                "INSERT INTO instantly_altered (id, filling) VALUES (3, 'later')");
    }

    private static DatabaseState state(TestDatabase database) {
        try (Connection connection = database.open()) {
            return DatabaseState.read(
                    connection,
                    database.engine(),
                    Library.migrator(database.engine()).historyTable());
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** {@return what was logged while a database was copied and the copy looked at} */
    private static List<String> logOfCopy(TestDatabase source, Consumer<TestDatabase> look) {
        return Logs.of(Level.INFO, () -> {
            try (TestDatabase copy = source.server().copyOf(source)) {
                look.accept(copy);
            }
        });
    }

    private static List<String> filesForCopies(TestDatabase database) throws SQLException {
        try (Connection connection = database.open()) {
            return database.engine().filesForCopies(connection, database.name());
        }
    }

    /** {@return what lies in the server's directory, and in those of databases} */
    private static List<String> files(DatabaseServer server) throws IOException {
        return Library.inContainer(server, "bash", "-c", "cd /var/lib/mysql && (ls -d snapshot* snapshot*/* || true)")
                .lines()
                .sorted()
                .toList();
    }

    @ParameterizedTest
    @Images({"mysql:9.7", "mariadb:11.8"})
    void largeTablesAreCopiedAsFilesWhereThatIsPossible(String image) throws Exception {
        DatabaseServer server = TestServers.container(image);
        try (TestDatabase source = RichSchema.create(server)) {
            enlarge(source);
            addAltered(source);
            add(source, "indexed_text", ", FULLTEXT KEY (word))");
            add(source, "parted", ") PARTITION BY HASH (id) PARTITIONS 1");
            DatabaseState before = state(source);
            source.freeze();
            List<String> files = files(server);
            CompletableFuture<TestDatabase> atTheSameTime = CompletableFuture.supplyAsync(() -> server.copyOf(source));
            try (TestDatabase first = server.copyOf(source);
                    TestDatabase second = atTheSameTime.join()) {
                assertThat(files(server)).noneMatch(file -> file.endsWith(".cfg"));
                DatabaseState copied = state(first);
                assertThat(before.differences(copied)).isEmpty();
                assertThat(copied).isEqualTo(before);

                String row = "INSERT INTO parent (code, a, b, filling) VALUES ('new', 7, 8, 'x')";
                execute(first, row, "UPDATE kinds SET a_longblob = NULL", "UPDATE child SET filling = NULL");
                assertThat(state(second)).isEqualTo(before);
                assertThat(state(source)).isEqualTo(before);
                execute(source, row);
                assertThat(query(first, "SELECT max(id) FROM parent"))
                        .isEqualTo(query(source, "SELECT max(id) FROM parent"));
            }
            assertThat(files(server)).isEqualTo(files);

            addOthers(source);
            assertThat(filesForCopies(source))
                    .containsExactlyInAnyOrder(
                            "kinds",
                            "parent",
                            "child",
                            "altered",
                            source.engine() == Engine.MYSQL ? "indexed" : "instantly_altered");
        }
    }

    @ParameterizedTest
    @Images({"mysql:9.7", "mariadb:11.8"})
    void soAreThoseOfADatabaseThatTestsChange(String image) throws Exception {
        DatabaseServer server = TestServers.container(image);
        try (TestDatabase source = RichSchema.create(server)) {
            enlarge(source);
            addAltered(source);
            List<String> files = files(server);
            for (int i = 1; i <= 2; i++) {
                execute(
                        source,
                        "INSERT INTO parent (code, a, b, filling) VALUES ('new" + i + "', " + i + ", 8, " + FILLING
                                + ")");
                DatabaseState before = state(source);
                List<String> logged = logOfCopy(source, copy -> {
                    assertThat(state(copy)).isEqualTo(before);
                    execute(copy, "DELETE FROM parent WHERE code LIKE 'new%'");
                });
                assertThat(logged).isEmpty();
                assertThat(state(source)).isEqualTo(before);
            }
            assertThat(files(server)).isEqualTo(files);
        }
    }

    /** The server keeps what was deleted for who may still read it. */
    @ParameterizedTest
    @Images({"mysql:9.7", "mariadb:11.8"})
    void rowsThatWereDeletedAreNoneOfTheCopys(String image) throws Exception {
        DatabaseServer server = TestServers.container(image);
        try (TestDatabase source = server.createDatabase();
                Connection reader = source.open();
                var statement = reader.createStatement()) {
            execute(
                    source,
                    "CREATE TABLE large (id INT PRIMARY KEY AUTO_INCREMENT, word VARCHAR(20), filling TEXT, KEY (word))",
                    "INSERT INTO large (word, filling) VALUES ('a', REPEAT('x', 9000))");
            for (int i = 0; i < 11; i++) {
                execute(source, "INSERT INTO large (word, filling) SELECT CONCAT('w', id), filling FROM large");
            }
            statement.execute("START TRANSACTION WITH CONSISTENT SNAPSHOT");
            execute(
                    source,
                    "DELETE FROM large WHERE id % 3 = 0",
                    "UPDATE large SET word = CONCAT('v', id) WHERE id % 5 = 0",
                    "UPDATE large SET filling = 'short' WHERE id % 7 = 0");
            assertThat(filesForCopies(source)).containsExactly("large");
            DatabaseState before = state(source);
            List<String> logged = logOfCopy(source, copy -> {
                assertThat(state(copy)).isEqualTo(before);
                assertThat(query(copy, "CHECK TABLE large EXTENDED"))
                        .containsExactly(copy.name() + ".large|check|status|OK");
                String byIndex = "SELECT count(*) FROM large FORCE INDEX (word) WHERE word LIKE 'v%'";
                assertThat(query(copy, byIndex)).isEqualTo(query(source, byIndex));
            });
            assertThat(logged).isEmpty();
        }
    }

    @ParameterizedTest
    @Images({"mysql:9.7", "mariadb:11.8"})
    void noEventMeetsACopyThatIsHalfMade(String image) throws Exception {
        DatabaseServer server = TestServers.container(image);
        try (TestDatabase source = server.createDatabase()) {
            add(source, "large", ")");
            execute(
                    source,
                    "CREATE TABLE small (id INT)",
                    "INSERT INTO small VALUES (1)",
                    "CREATE EVENT tidy ON SCHEDULE EVERY 1 SECOND DO"
                            + " DELETE FROM small WHERE NOT EXISTS (SELECT 1 FROM large)");
            try (TestDatabase copy = server.copyOf(source)) {
                assertThat(state(copy)).isEqualTo(state(source));
                assertThat(query(
                                copy,
                                "SELECT @@event_scheduler, event_name, status FROM information_schema.events"
                                        + " WHERE event_schema = DATABASE()"))
                        .containsExactly("OFF|tidy|ENABLED");
            }
        }
    }

    @ParameterizedTest
    @Images({"mysql:9.7", "mariadb:11.8"})
    void whoIsInterruptedDoesNotTryAgain(String image) throws Exception {
        DatabaseServer server = TestServers.container(image);
        try (TestDatabase source = server.createDatabase();
                Connection writer = source.open();
                var statement = writer.createStatement()) {
            add(source, "large", ")");
            writer.setAutoCommit(false);
            statement.execute("UPDATE large SET word = 'x'");
            Thread copier = Thread.currentThread();
            CompletableFuture<Void> interruption = CompletableFuture.runAsync(() -> {
                String waiting = "SELECT 1 FROM information_schema.processlist WHERE state LIKE 'Waiting for table%'";
                while (query(source, waiting).isEmpty()) {
                    Thread.onSpinWait();
                }
                copier.interrupt();
            });
            List<String> logged = Logs.of(
                    Level.INFO,
                    () -> assertThatThrownBy(() -> server.copyOf(source))
                            .isInstanceOf(ServerException.class)
                            .hasMessageStartingWith("Database " + source + " could not be copied: ")
                            .hasRootCauseInstanceOf(InterruptedException.class));
            assertThat(Thread.interrupted()).isTrue();
            assertThat(logged).isEmpty();
            interruption.join();
        }
    }

    @ParameterizedTest
    @Images({"mysql:9.7", "mariadb:11.8"})
    void whoIsWritingIsNotWaitedFor(String image) throws Exception {
        DatabaseServer server = TestServers.container(image);
        try (TestDatabase source = server.createDatabase();
                Connection writer = source.open();
                var statement = writer.createStatement()) {
            add(source, "large", ")");
            DatabaseState before = state(source);
            List<String> files = files(server);
            writer.setAutoCommit(false);
            statement.execute("UPDATE large SET word = 'x'");
            List<String> logged =
                    logOfCopy(source, copy -> assertThat(state(copy)).isEqualTo(before));
            assertThat(logged)
                    .singleElement()
                    .asString()
                    .matches("(?s)Database " + source.name() + " on .* could not be copied: .*ERROR 1205 .*\n"
                            + "From now on its rows are copied, not its files");
            assertThat(logOfCopy(source, copy -> {})).isEmpty();
            writer.commit();
            assertThat(state(source)).isNotEqualTo(before);
            assertThat(files(server)).isEqualTo(files);
        }
    }

    @ParameterizedTest
    @Images({"mysql:9.7", "mariadb:11.8"})
    void rowsAreCopiedWhereFilesDoNotFit(String image) throws Exception {
        DatabaseServer server = TestServers.container(image);
        try (TestDatabase source = server.createDatabase()) {
            add(source, "large", ")");
            source.freeze();
            server.copyOf(source).close();
            List<String> files = files(server);

            execute(source, "CREATE INDEX unexpected ON large (word)");
            String rows = "SELECT id, word, CRC32(filling) FROM large ORDER BY id";
            List<String> logged =
                    logOfCopy(source, copy -> assertThat(query(copy, rows)).isEqualTo(query(source, rows)));
            assertThat(logged)
                    .singleElement()
                    .asString()
                    .matches("(?s)Database " + source.name() + " on .* could not be"
                            + " copied: .*ERROR 1808 \\(HY000\\) at line \\d+: Schema mismatch .*\n"
                            + "From now on its rows are copied, not its files");
            assertThat(files(server)).isEqualTo(files);

            execute(source, "ALTER TABLE large ADD unexpected INT");
            List<String> databases = databases(server);
            assertThatThrownBy(() -> server.copyOf(source))
                    .isInstanceOf(ServerException.class)
                    .hasMessageStartingWith("Database " + source + " could not be copied: ")
                    .hasMessageContaining("ERROR 1054 (42S22) at line ")
                    .hasMessageContaining(": Unknown column 'unexpected'");
            assertThat(databases(server)).isEqualTo(databases);
            assertThat(files(server)).isEqualTo(files);
        }
    }
}
