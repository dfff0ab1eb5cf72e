package io.github.metadatasnapshot.samples.openmetadata;

import static io.github.metadatasnapshot.assertion.MetadataSnapshotAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.metadatasnapshot.MetadataDatabase;
import io.github.metadatasnapshot.MetadataSnapshot;
import io.github.metadatasnapshot.backup.BackupException;
import io.github.metadatasnapshot.engine.Engine;
import io.github.metadatasnapshot.restore.Restore;
import io.github.metadatasnapshot.restore.RestoreVerdict;
import io.github.metadatasnapshot.restore.SilentAcceptance;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.testcontainers.mysql.MySQLContainer;

/**
 * Commands and statements of OpenMetadata's documents on backups and upgrades. The backups of {@link BackupTest} come from these
 * commands already.
 */
@Order(3)
@TakesBackups
class DocumentTest {

    private static final String BACKUP = "file:target/backups/{engine}/0.0.15.sql";
    private static final String ANOTHER_DAY = "has its turn on another day";

    private static Documented.Database at(MetadataDatabase database) {
        return at(database, database.password());
    }

    private static Documented.Database at(MetadataDatabase database, String password) {
        return new Documented.Database(database.jdbcUrl(), database.user(), password);
    }

    private static Path file(String engine) {
        return Path.of("target", "backups", engine, "0.0.15.sql");
    }

    private static void execute(Connection connection, String... statements) throws SQLException {
        try (connection;
                var statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    private static void makeEmpty(MetadataDatabase database) throws SQLException {
        execute(database.connect(), """
                DO $$ DECLARE t record;
                BEGIN
                  FOR t IN SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables WHERE schemaname = 'public' LOOP
                    EXECUTE 'DROP TABLE ' || t.name || ' CASCADE';
                  END LOOP;
                END $$
                """);
    }

    /** A command whose tool fails: its status is that of {@code docker run}, the container is gone, and no backup is left. */
    private static void assertFails(Documented.Outcome outcome, int status, String error) throws IOException {
        assertThat(outcome.status()).isEqualTo(status);
        assertThat(outcome.errors()).contains(error);
        assertThat(outcome.container()).isNotEmpty();
        assertThat(outcome.isGone()).isTrue();
    }

    @Nested
    @MetadataSnapshot(
            database = "postgres:17",
            migrator = OpenMetadata.class,
            version = "0.0.15",
            dumpTools = "pg_dump 13.3",
            procedure = Documented.Restore.class)
    class PostgreSql {

        private final Documented documented = new Documented(Engine.POSTGRESQL);

        @Test
        @DisplayName("pg_dump -U <user> -h <postgres_host> -p 5432 <database>, as its owner and as an administrator")
        void backup(MetadataDatabase database, @TempDir Path directory) throws Exception {
            Path byOwner = directory.resolve("owner.sql");
            Path byAdministrator = directory.resolve("administrator.sql");
            String administrator = "om" + ProcessHandle.current().pid();
            Documented.asAdministrator(
                    at(database), "CREATE ROLE " + administrator + " SUPERUSER LOGIN PASSWORD 'of_a_test'");
            try {
                assertThat(documented.backUp(at(database), byOwner)).isEmpty();
                assertThat(documented.backUp(
                                new Documented.Database(database.jdbcUrl(), administrator, "of_a_test"),
                                byAdministrator))
                        .isEmpty();
            } finally {
                Documented.asAdministrator(at(database), "DROP ROLE " + administrator);
            }
            assertThat(withoutKey(byAdministrator))
                    .isEqualTo(withoutKey(byOwner))
                    .contains("COPY public.team ");
        }

        /** Each dump has a random key of its own for psql. */
        private static String withoutKey(Path file) throws IOException {
            return Files.readString(file).replaceAll("(?m)^\\\\(un)?restrict .*$", "");
        }

        @Test
        @DisplayName("You must pass the password via PGPASSWORD env variable")
        void passwordByEnvironment(MetadataDatabase database, @TempDir Path directory) throws IOException {
            Path file = directory.resolve("backup.sql");
            String wrong = "password authentication failed for user";

            assertThatThrownBy(() -> documented.backUp(at(database, "not the password"), file))
                    .isInstanceOf(IOException.class)
                    .hasMessageStartingWith("pg_dump ended with status 1: ")
                    .hasMessageContaining(wrong);
            assertThat(file).isEmptyFile();
            assertThatThrownBy(() -> database.restore("file:" + file))
                    .isInstanceOf(BackupException.class)
                    .hasMessageContaining("is empty. Dump again, and look at the exit status of the dump tool");
            assertFails(documented.restore(file("postgresql"), at(database, "not the password")), 2, wrong);
        }

        @Test
        @DisplayName("You must pass the password via PGPASSWORD env variable: without it no tool waits for one")
        void noPassword(MetadataDatabase database, @TempDir Path directory) throws IOException {
            Path file = directory.resolve("backup.sql");

            assertFails(documented.backUpInto(file, at(database, "")), 1, "fe_sendauth: no password supplied");
            assertThat(file).isEmptyFile();
        }

        @Test
        @DisplayName("psql -U <user> -h <postgres_host> -p 5432 <database> < file, into an empty database")
        void restoreIntoAnEmptyDatabase(MetadataDatabase database) throws SQLException {
            makeEmpty(database);
            Restore restore = database.restore(BACKUP);

            assertThat(restore).hasVerdict(RestoreVerdict.RESTORED);
            assertThat(restore.report().client()).isEqualTo("psql");
        }

        @Test
        @DisplayName("Use pipes to stream the result directly: one that breaks")
        void aPipeThatBreaks(MetadataDatabase database, @TempDir Path directory) throws Exception {
            String backup = Files.readString(file("postgresql"));
            int firstRow = backup.indexOf('\n', backup.indexOf("\nCOPY public.")) + 1;
            Path half = Files.writeString(
                    directory.resolve("half.sql"), backup.substring(0, backup.indexOf('\n', firstRow) + 1));

            // Where the sender is gone, psql sees no more than an end: what has come is there, and the status is 0.
            makeEmpty(database);
            Documented.Outcome sent = documented.restore(half, at(database));
            assertThat(sent.status()).isZero();
            assertThat(sent.errors()).isEmpty();
            assertThatThrownBy(() -> database.restore("file:" + half))
                    .isInstanceOf(BackupException.class)
                    .hasMessageContaining("is cut off");

            // Where the receiver is gone, the status says so; more than the pipe between them holds.
            execute(
                    database.connect(),
                    "CREATE TABLE wide AS SELECT repeat('x', 1000) AS t FROM generate_series(1, 5000)");
            Documented.Outcome received = documented.backUpIntoAPipeThatBreaks(at(database));
            assertThat(received.status()).isNotZero();
            for (int i = 0; i < 100 && !received.isGone(); i++) {
                Thread.sleep(100);
            }
            assertThat(received.isGone()).isTrue();
        }

        @Test
        @DisplayName(
                "clean database, run the migrations, with the server stopped restore: psql goes on after each error")
        void restore(MetadataDatabase database) {
            Restore restore = database.restore(BACKUP);

            assertThat(restore).wasSilentlyAccepted(SilentAcceptance.ERRORS_SWALLOWED);
            assertThat(restore.otherSessions()).isEmpty();
        }
    }

    @Nested
    @MetadataSnapshot(
            database = "postgres:13",
            migrator = OpenMetadata.class,
            version = "0.0.15",
            procedure = Documented.RestoreByNewest.class)
    class OldPostgreSql {

        private final Documented documented = new Documented(Engine.POSTGRESQL, "postgres:18");

        @Test
        @EnabledIfSystemProperty(
                named = "openmetadata.databases",
                matches = ".*postgres.*",
                disabledReason = ANOTHER_DAY)
        @DisplayName("postgres:latest pg_dump … > file, psql … < file, and an older server")
        void backUpAndRestore(MetadataDatabase database, @TempDir Path directory) throws Exception {
            Path file = directory.resolve("backup.sql");
            assertThat(documented.backUp(at(database), file)).isEmpty();
            assertThat(Files.readString(file))
                    .contains("-- Dumped by pg_dump version 18.", "SET transaction_timeout = 0;");

            makeEmpty(database);
            Restore restore = database.restore("file:" + file);

            assertThat(restore).hasVerdict(RestoreVerdict.RESTORED);
            assertThat(restore.notes())
                    .singleElement()
                    .asString()
                    .startsWith(
                            "not set, as the server of release 13 does not have it: transaction_timeout, by pg_dump 18.");
        }
    }

    @Nested
    @MetadataSnapshot(
            database = "mysql:9.7",
            migrator = OpenMetadata.class,
            version = "0.0.15",
            dumpTools = "mysqldump 8.3",
            procedure = Documented.Restore.class)
    class MySql {

        private static final String GTIDS =
                "SET @@GLOBAL\\.GTID_PURGED=/\\*!80000 '\\+'\\*/ '[0-9a-f-]{36}:1(-\\d+)?';";
        private static final String NOT_FOR_USERS = "ERROR 1227 (42000) at line 18: Access denied";

        private final Documented documented = new Documented(Engine.MYSQL);

        @Test
        @DisplayName("mysqldump --no-tablespaces -u <user> -p<password> -h <mysql_host> -P 3306 <database>")
        void backup(MetadataDatabase database, @TempDir Path directory) throws Exception {
            String user = "om" + ProcessHandle.current().pid();
            try (Connection administrator = database.connect();
                    var statement = administrator.createStatement()) {
                statement.execute("CREATE USER " + user + " IDENTIFIED BY 'of_a_test'");
                try {
                    statement.execute("GRANT ALL ON `" + administrator.getCatalog() + "`.* TO " + user);
                    Documented.Database ofUser = new Documented.Database(database.jdbcUrl(), user, "of_a_test");
                    Path byUser = directory.resolve("user.sql");
                    Path byAdministrator = directory.resolve("administrator.sql");

                    assertMaskingPoliciesAlone(documented.backUp(ofUser, byUser));
                    assertThat(documented.backUp(at(database), byAdministrator)).isEmpty();
                    // MySQL 9.7 has GTIDs without a binary log as well.
                    assertFails(documented.restore(byUser, ofUser), 1, NOT_FOR_USERS);
                    assertThat(database.restore("file:" + byUser)).hasVerdict(RestoreVerdict.RESTORED);
                    assertThat(database.restore("file:" + byAdministrator)).hasVerdict(RestoreVerdict.RESTORED);
                } finally {
                    statement.execute("DROP USER " + user);
                }
            }
        }

        /** The tool says so with status 0, and the file is complete. */
        private static void assertMaskingPoliciesAlone(List<String> unread) {
            assertThat(unread)
                    .singleElement()
                    .asString()
                    .startsWith("mysqldump: Error: 'SELECT command denied to user ")
                    .endsWith("for table 'column_masking_policy'' when trying to dump masking policies");
        }

        @Test
        @DisplayName("-p<password>: a wrong one, and none")
        void wrongPassword(MetadataDatabase database, @TempDir Path directory) throws IOException {
            Path file = directory.resolve("backup.sql");

            assertFails(documented.backUpInto(file, at(database, "wrong")), 2, "(using password: YES)");
            assertThat(file).isEmptyFile();
            assertFails(documented.backUpInto(file, at(database, "")), 2, "(using password: NO)");
            assertFails(documented.restore(file("mysql"), at(database, "wrong")), 1, "(using password: YES)");
        }

        @Test
        @EnabledIfSystemProperty(named = "openmetadata.databases", matches = ".*mysql.*", disabledReason = ANOTHER_DAY)
        @DisplayName(
                "mysqldump as it stands, on a server with a binary log and GTIDs, as its administrator and as a user")
        void backupOfAServerWithGtids(MetadataDatabase database, @TempDir Path directory) throws Exception {
            try (MySQLContainer server = new MySQLContainer("mysql:9.7")
                    .withDatabaseName("openmetadata")
                    .withUsername("openmetadata_user")
                    .withPassword("openmetadata_password")
                    .withTmpFs(Map.of("/var/lib/mysql", "rw"))
                    .withCommand("--log-bin", "--gtid-mode=ON", "--enforce-gtid-consistency=ON", "--sync-binlog=0")) {
                server.start();
                String url = server.getJdbcUrl();
                Documented.Database ofUser = new Documented.Database(url, server.getUsername(), server.getPassword());
                Documented.Database ofAdministrator = new Documented.Database(url, "root", server.getPassword());
                assertThat(documented.restore(file("mysql"), ofAdministrator).status())
                        .isZero();
                // With a GTID of its own: the file above switches the binary log off.
                execute(
                        DriverManager.getConnection(url, ofUser.user(), ofUser.password()),
                        "INSERT INTO team (json) VALUES ('{\"id\": \"team-c\"}')");
                Path user = directory.resolve("user.sql");
                Path administrator = directory.resolve("administrator.sql");

                assertMaskingPoliciesAlone(documented.backUp(ofUser, user));
                assertThat(documented.backUp(ofAdministrator, administrator)).isEmpty();

                assertThat(Files.readString(user)).containsPattern(GTIDS);
                assertThat(Files.readString(administrator)).containsPattern(GTIDS);
                assertFails(documented.restore(user, ofUser), 1, NOT_FOR_USERS);
                assertFails(
                        documented.restore(administrator, ofAdministrator),
                        1,
                        "the added gtid set must not overlap with @@GLOBAL.GTID_EXECUTED");
                Restore restore = database.restore("file:" + user);
                assertThat(restore).hasVerdict(RestoreVerdict.RESTORED);
                assertThat(restore.notes())
                        .singleElement()
                        .asString()
                        .startsWith("not run, as about the server's GTIDs and binary log and not about the database: ")
                        .contains("GTID_PURGED");

                execute(
                        DriverManager.getConnection(url, "root", server.getPassword()),
                        "SET GLOBAL gtid_mode = ON_PERMISSIVE",
                        "SET GLOBAL gtid_mode = OFF_PERMISSIVE",
                        "SET GLOBAL gtid_mode = OFF");
                assertMaskingPoliciesAlone(documented.backUp(ofUser, user));
                assertThat(Files.readString(user)).doesNotContain("GTID_PURGED");
                assertThat(documented.restore(user, ofUser).status()).isZero();
            }
        }

        @Test
        @DisplayName("clean database, run the migrations, with the server stopped restore: mysql replaces every table")
        void restore(MetadataDatabase database) {
            Restore restore = database.restore(BACKUP);

            assertThat(restore).hasVerdict(RestoreVerdict.RESTORED);
            assertThat(restore.otherSessions()).isEmpty();
        }

        @Test
        @DisplayName("with the server stopped: a server that runs is told")
        void restoreBesideAServer(MetadataDatabase database) throws SQLException {
            try (Connection server = database.connect()) {
                assertThat(server.isValid(1)).isTrue();
                assertThat(database.restore(BACKUP).otherSessions()).isNotEmpty();
            }
        }
    }
}
