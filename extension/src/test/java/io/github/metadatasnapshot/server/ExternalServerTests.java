package io.github.metadatasnapshot.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.metadatasnapshot.backup.Backup;
import io.github.metadatasnapshot.engine.DatabaseDefaults;
import io.github.metadatasnapshot.engine.Engine;
import io.github.metadatasnapshot.engine.HistoryTable;
import io.github.metadatasnapshot.migration.Migrator;
import io.github.metadatasnapshot.migration.Upgrade;
import io.github.metadatasnapshot.restore.DocumentedClient;
import io.github.metadatasnapshot.restore.Restore;
import io.github.metadatasnapshot.testsupport.Images;
import io.github.metadatasnapshot.testsupport.Library;
import io.github.metadatasnapshot.testsupport.Logs;
import io.github.metadatasnapshot.testsupport.RequiresDocker;
import io.github.metadatasnapshot.testsupport.Scripts;
import io.github.metadatasnapshot.testsupport.TakesTurns;
import io.github.metadatasnapshot.testsupport.TestKit;
import io.github.metadatasnapshot.testsupport.TestServers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** An embedded server, or one in a container, is the external one. */
@TakesTurns(of = 3)
class ExternalServerTests {

    private static final ServerSpec SPEC = ServerSpec.parse("postgres:17");

    private final Login admin = ((AbstractServer) TestServers.embedded()).admin;

    @Test
    void handsOutDatabasesAndDropsThem() throws Exception {
        DatabaseServer server = connect(new ExternalSettings(admin.url(), admin.user(), admin.password(), false));
        try (server;
                TestDatabase database = server.createDatabase();
                Connection connection = database.open()) {
            assertThat(connection.getCatalog()).isEqualTo(database.name());
            database.close();
            assertThatThrownBy(database::open).isInstanceOf(SQLException.class);
        }
        server.createDatabase().close();
        assertThat(server.clientHost()).isEmpty();
        assertThat(server.description())
                .isEqualTo("PostgreSQL " + server.version() + " at " + admin.url() + " as postgres");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void isWrittenToOnlyWhereThatIsAskedFor(boolean probe) {
        DatabaseServer server =
                connect(new ExternalSettings(admin.url(), admin.user(), admin.password(), false, probe));
        try (server;
                TestDatabase database = server.createDatabase()) {
            Library.execute(database, "CREATE TABLE pet (id SERIAL)");
            WriteCheck check = WriteCheck.of(
                    database, new HistoryTable("", HistoryTable.DEFAULT_NAME), failure -> Optional.empty(), List.of());
            assertThat(check.findings()).isEmpty();
            assertThat(check.summary())
                    .isEqualTo(
                            probe
                                    ? "1 of 1 table, 1 sequence"
                                    : "not probed: on an external server only where"
                                            + " metadatasnapshot.external.postgresql.probe is true");
        }
    }

    @Test
    void keepsTheParametersOfTheUrl() throws Exception {
        DatabaseServer server = connect(
                new ExternalSettings(admin.url() + "?ApplicationName=mine", admin.user(), admin.password(), false));
        try (TestDatabase database = server.createDatabase();
                Connection connection = database.open();
                var rows = connection.createStatement().executeQuery("SHOW application_name")) {
            rows.next();
            assertThat(rows.getString(1)).isEqualTo("mine");
            assertThat(database.jdbcUrl("currentSchema=public")).endsWith("?ApplicationName=mine&currentSchema=public");
        }
    }

    @RequiresDocker
    @ParameterizedTest
    @CsvSource({
        "mysql:9.7, 'CREATE VIEW v AS SELECT 1', client",
        "mysql:9.7, 'CREATE DEFINER=`root`@`%` VIEW v AS SELECT 1', JDBC"
    })
    void aDefinerThatTheUserMayNotNameTakesABackupOverJdbc(
            String image, String view, String way, @TempDir Path directory) throws Exception {
        DatabaseServer container = TestServers.container(image);
        ExternalSettings login = ExternalLogins.createUser(container);
        Path dump = Files.writeString(directory.resolve("1.sql"), view + ";\n-- Dump completed\n");
        DatabaseServer server = ExternalServer.connect(
                container.spec(),
                new ExternalSettings(login.url(), login.user(), login.password(), false, false, true));
        try (server;
                TestDatabase database = server.createDatabase()) {
            Restore restore = Restore.run(
                    database, Backup.of(dump), new DocumentedClient(), new HistoryTable("", HistoryTable.DEFAULT_NAME));

            assertThat(restore.describeErrors()).isEmpty();
            assertThat(Library.query(database, "SELECT * FROM v")).containsExactly("1");
            if (way.equals("client")) {
                assertThat(restore.report().client()).startsWith("mysql ");
                assertThat(restore.notes()).isEmpty();
            } else {
                assertThat(restore.report().client()).isEqualTo("JDBC");
                assertThat(restore.notes())
                        .contains(
                                "restored over JDBC and not by the engine's client: it cannot leave out the roles that the"
                                        + " backup names, the server lacks and " + login.user()
                                        + " may not create: root@%");
            }
        }
    }

    /** PostgreSQL refuses DROP DATABASE … WITH (FORCE) to an ordinary user then. */
    @Test
    void dropsADatabaseThatAutovacuumIsIn() throws Exception {
        DatabaseServer server = TestKit.externalServer();
        try (TestDatabase database = server.createDatabase();
                Connection superuser = admin.open();
                Connection session = database.open()) {
            execute(superuser, "ALTER SYSTEM SET autovacuum_naptime = 1");
            try {
                execute(superuser, "SELECT pg_reload_conf()");
                execute(
                        session,
                        "CREATE TABLE t (id INT) WITH (autovacuum_vacuum_cost_delay = 100, autovacuum_vacuum_cost_limit = 1)");
                execute(session, "INSERT INTO t SELECT generate_series(1, 100000)");
                execute(session, "DELETE FROM t");
                await(
                        superuser,
                        "SELECT 1 FROM pg_stat_activity WHERE backend_type = 'autovacuum worker' AND datname = '"
                                + database.name() + "'");
                database.close();
            } finally {
                execute(superuser, "ALTER SYSTEM RESET autovacuum_naptime");
                execute(superuser, "SELECT pg_reload_conf()");
            }
            assertThat(session.isValid(1)).isFalse();
            assertThatThrownBy(database::open).hasMessageContaining("does not exist");
        }
    }

    private static void await(Connection connection, String query) throws Exception {
        long deadline = System.nanoTime() + TimeUnit.MINUTES.toNanos(1);
        try (var statement = connection.createStatement()) {
            while (!statement.executeQuery(query).next()) {
                assertThat(System.nanoTime()).as("waits for " + query).isLessThan(deadline);
                Thread.sleep(50);
            }
        }
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    @Nested
    class Refusals {

        @Test
        void aWrongPassword() {
            assertThatThrownBy(() -> connect(
                            new ExternalSettings(admin.url() + "?password=s3cret&x=1", admin.user(), "s3cret", false)))
                    .isInstanceOf(ServerException.class)
                    .hasMessageStartingWith(
                            "The external server " + admin.url() + "?password=***&x=1 as postgres cannot be used: ")
                    .hasMessageContaining("(SQLSTATE 28P01)")
                    .hasMessageEndingWith("It is set by metadatasnapshot.external.postgresql.url,"
                            + " metadatasnapshot.external.postgresql.user,"
                            + " metadatasnapshot.external.postgresql.password,"
                            + " metadatasnapshot.external.postgresql.single-database")
                    .hasMessageNotContaining("s3cret");
        }

        @Test
        void noServer() {
            assertThatThrownBy(() ->
                            connect(new ExternalSettings("jdbc:postgresql://localhost:1/db", "me", "s3cret", false)))
                    .isInstanceOf(ServerException.class)
                    .hasMessageStartingWith(
                            "The external server jdbc:postgresql://localhost:1/db as me cannot be used: ")
                    .hasMessageContaining("(SQLSTATE 08001)")
                    .hasMessageNotContaining("s3cret");
        }

        @Test
        void anotherVersion() {
            assertThatThrownBy(() -> ExternalServer.connect(
                            ServerSpec.parse("postgres:15"),
                            new ExternalSettings(admin.url(), admin.user(), admin.password(), false)))
                    .isInstanceOf(ServerUnavailableException.class)
                    .hasMessageMatching("the external server is PostgreSQL 17\\.[0-9]+, asked is 15;"
                            + " set metadatasnapshot\\.external\\.postgresql\\.url to a server of that version");
        }

        @Test
        void aUserThatMayNotCreateDatabases() {
            try (TestDatabase ordinary = TestServers.embedded().createDatabase()) {
                DatabaseServer server =
                        connect(new ExternalSettings(ordinary.jdbcUrl(), ordinary.user(), ordinary.password(), false));
                assertThatThrownBy(server::createDatabase)
                        .isInstanceOf(ServerException.class)
                        .hasMessageStartingWith("A database could not be created on PostgreSQL 17.")
                        .hasMessageContaining("(SQLSTATE 42501)")
                        .hasMessageContaining("The user snapshot needs the privilege CREATEDB"
                                + " (ALTER ROLE snapshot CREATEDB); or set"
                                + " metadatasnapshot.external.postgresql.single-database=true");
            }
        }

        @ParameterizedTest
        @Images({"mysql:9.7", "mariadb:11.8"})
        @RequiresDocker
        void aUserOfMySqlThatMayNotCreateDatabases(String image) throws Exception {
            DatabaseServer container = TestServers.container(image);
            try (TestDatabase database = container.createDatabase();
                    Connection connection = database.open();
                    var statement = connection.createStatement()) {
                String user = "u" + database.name();
                statement.execute("CREATE USER " + user + "@'%' IDENTIFIED BY 's3cret'");
                statement.execute("GRANT ALL ON " + database.name() + ".* TO " + user + "@'%'");
                DatabaseServer server = ExternalServer.connect(
                        ServerSpec.parse(image), new ExternalSettings(database.jdbcUrl(), user, "s3cret", false));
                assertThatThrownBy(server::createDatabase)
                        .isInstanceOf(ServerException.class)
                        .hasMessageContaining("needs the privilege CREATE on databases whose names begin with snapshot"
                                + " (GRANT ALL ON `snapshot%`.* TO " + user + ")")
                        .hasMessageContaining("metadatasnapshot.external."
                                + Engine.ofImage(image).orElseThrow().id() + ".single-database=true")
                        .hasMessageNotContaining("s3cret");
            }
        }
    }

    @Nested
    class SingleDatabase {

        private TestDatabase only;
        private DatabaseServer server;

        @BeforeEach
        void connectToAnEmptyDatabase() {
            only = TestServers.embedded().createDatabase();
            server = connect(new ExternalSettings(only.jdbcUrl(), only.user(), only.password(), true));
        }

        @AfterEach
        void drop() {
            only.close();
        }

        @Test
        void servesOneTestAfterTheOther() throws Exception {
            for (int i = 0; i < 2; i++) {
                try (TestDatabase database = server.createDatabase()) {
                    assertThat(database.name()).isEqualTo(only.name());
                    execute(database, "CREATE TABLE t (id INT)");
                    execute(database, "CREATE VIEW v AS SELECT * FROM t");
                }
            }
        }

        @Test
        void letsOthersWait() throws Exception {
            CompletableFuture<TestDatabase> second;
            try (TestDatabase first = server.createDatabase()) {
                second = CompletableFuture.supplyAsync(server::createDatabase);
                assertThat(first.name()).isEqualTo(only.name());
                assertThat(second).isNotDone();
            }
            TestDatabase handedOver = second.get(1, TimeUnit.MINUTES);
            assertThat(handedOver.name()).isEqualTo(only.name());
            handedOver.close();
        }

        @Test
        void refusesATestThatWouldWaitForItself() {
            try (TestDatabase first = server.createDatabase()) {
                assertThat(first.name()).isEqualTo(only.name());
                assertThatThrownBy(server::createDatabase)
                        .isInstanceOf(ServerException.class)
                        .hasMessage("This test needs two databases at a time, and"
                                + " metadatasnapshot.external.postgresql.single-database=true gives one."
                                + " Let the user create databases");
            }
            server.createDatabase().close();
        }

        @Test
        void refusesToCopyOrReplaceIt() {
            try (TestDatabase database = server.createDatabase()) {
                for (ThrowingCallable call : List.<ThrowingCallable>of(
                        () -> server.copyOf(database), () -> server.replace(database, database))) {
                    assertThatThrownBy(call)
                            .isInstanceOf(ServerException.class)
                            .hasMessage("This test needs two databases at a time, and"
                                    + " metadatasnapshot.external.postgresql.single-database=true gives one."
                                    + " Let the user create databases");
                }
            }
        }

        @Test
        void hasDefaultsOfItsOwn() {
            DatabaseServer with = server.with(DatabaseDefaults.parse(Engine.POSTGRESQL, List.of("ENCODING 'UTF8'")));
            assertThatThrownBy(with::createDatabase)
                    .isInstanceOf(ServerException.class)
                    .hasMessage("The one database of " + server.description() + " has its own defaults, so it cannot be"
                            + " given those of databaseDefaults: leave that out, and give them to the database");
            server.createDatabase().close();
        }

        @Test
        void leavesADatabaseThatHoldsSomethingAlone() throws Exception {
            for (int i = 1; i <= 6; i++) {
                execute(only, "CREATE TABLE precious" + i + " (id INT)");
            }
            execute(only, "CREATE VIEW report AS SELECT * FROM precious1");

            for (int i = 0; i < 2; i++) {
                assertThatThrownBy(server::createDatabase)
                        .isInstanceOf(ServerException.class)
                        .hasMessageStartingWith("The database " + only.name() + " of PostgreSQL 17.")
                        .hasMessageContaining(" is not empty, and was left as it is: it holds ")
                        .hasMessageContaining("precious1, ")
                        .hasMessageContaining("precious5 and 2 more. With"
                                + " metadatasnapshot.external.postgresql.single-database=true the database is emptied"
                                + " after each test");
            }
            try (Connection connection = only.open()) {
                assertThat(only.engine().tables(connection)).hasSize(6);
            }
        }

        @Test
        void needsADatabaseThatIsThere() {
            only.close();
            assertThatThrownBy(server::createDatabase)
                    .isInstanceOf(ServerException.class)
                    .hasMessageStartingWith("The database of PostgreSQL 17.")
                    .hasMessageContaining("cannot be used: ")
                    .hasMessageContaining("(SQLSTATE 3D000)");
        }
    }

    /** Who may write to all of them may reach another one by a migration, which no refusal tells. */
    @RequiresDocker
    @ParameterizedTest
    @Images({"mysql:9.7", "mariadb:11.8"})
    void aUserWhoMayWriteToEveryDatabaseAndCreateNoOtherIsNamed(String image) {
        DatabaseServer container = TestServers.container(image);
        ExternalSettings ordinary = ExternalLogins.createUser(container);
        Login login = new Login(ordinary.url(), ordinary.user(), ordinary.password());
        assertThat(warnings(image, ordinary)).isEmpty();
        try (TestDatabase any = container.createDatabase()) {
            Library.execute(any, "GRANT INSERT, UPDATE ON *.* TO '" + ordinary.user() + "'@'%'");
            try {
                assertThat(warnings(image, ordinary))
                        .singleElement()
                        .asString()
                        .startsWith(
                                login + " may write to every database of the external server: that migrations keep to"
                                        + " theirs is not looked at there, as no user could be created who may not: ");
            } finally {
                Library.execute(any, "REVOKE INSERT, UPDATE ON *.* FROM '" + ordinary.user() + "'@'%'");
            }
        }
    }

    @RequiresDocker
    @ParameterizedTest
    @Images({"mysql:9.7", "mariadb:11.8"})
    void aMigrationThatReachesIntoAnotherDatabaseFailsThere(String image, @TempDir Path directory) {
        DatabaseServer container = TestServers.container(image);
        Login login = ((AbstractServer) container).admin;
        String users = "SELECT User FROM mysql.user WHERE User LIKE 'snapshot\\_m\\_%'";
        Migrator migrator = new Scripts(directory)
                .with("V1__item.sql", "CREATE TABLE item (id INT PRIMARY KEY);")
                .with("V2__other.sql", "SELECT 1;", "DELETE FROM external_ledger.entry;")
                .migrator(container.engine());
        try (TestDatabase administrators = container.createDatabase()) {
            Library.execute(
                    administrators,
                    "CREATE DATABASE external_ledger",
                    "CREATE TABLE external_ledger.entry (id INT PRIMARY KEY)",
                    "INSERT INTO external_ledger.entry VALUES (1), (2)");
            try {
                ExternalSettings settings = new ExternalSettings(login.url(), login.user(), login.password(), false);
                assertThat(warnings(image, settings)).isEmpty();
                try (DatabaseServer server = ExternalServer.connect(ServerSpec.parse(image), settings);
                        TestDatabase database = server.createDatabase()) {
                    assertThat(Upgrade.run(database, migrator, Optional.of("1")).succeeded())
                            .isTrue();
                    assertThat(Upgrade.run(database, migrator, Optional.of("2")).failure())
                            .hasValueSatisfying(failure -> assertThat(failure.describe())
                                    .startsWith("in V2__other.sql, line 2: ")
                                    .contains("the migration reaches into another database"));
                    assertThat(Library.query(administrators, users)).isNotEmpty();
                    server.close();
                }
                assertThat(Library.query(administrators, "SELECT id FROM external_ledger.entry"))
                        .containsExactly("1", "2");
            } finally {
                Library.execute(administrators, "DROP DATABASE external_ledger");
            }
            assertThat(Library.query(administrators, users)).isEmpty();
        }
    }

    private static List<String> warnings(String image, ExternalSettings settings) {
        return Logs.of(
                Level.WARNING,
                () -> ExternalServer.connect(ServerSpec.parse(image), settings).close());
    }

    @RequiresDocker
    @ParameterizedTest
    @Images({"mysql:9.7", "mariadb:11.8"})
    void aSingleDatabaseMustBeNamed(String image) {
        Login login = ((AbstractServer) TestServers.container(image)).admin;
        DatabaseServer server = ExternalServer.connect(
                ServerSpec.parse(image), new ExternalSettings(login.url(), login.user(), login.password(), true));
        assertThatThrownBy(server::createDatabase)
                .isInstanceOf(ServerException.class)
                .hasMessageContaining(".single-database=true needs a database in metadatasnapshot.external.")
                .hasMessageNotContaining(login.password());
    }

    @RequiresDocker
    @ParameterizedTest
    @Images({"mysql:9.7", "mariadb:11.8"})
    void aSingleDatabaseOfMySqlIsEmptiedAfterUse(String image) throws Exception {
        try (TestDatabase only = TestServers.container(image).createDatabase()) {
            DatabaseServer server = ExternalServer.connect(
                    ServerSpec.parse(image), new ExternalSettings(only.jdbcUrl(), only.user(), only.password(), true));
            for (int i = 0; i < 2; i++) {
                try (TestDatabase database = server.createDatabase()) {
                    execute(database, "CREATE TABLE t (id INT)");
                    execute(database, "CREATE VIEW v AS SELECT * FROM t");
                }
            }
        }
    }

    private static ExternalServer connect(ExternalSettings settings) {
        return ExternalServer.connect(SPEC, settings);
    }

    private static void execute(TestDatabase database, String sql) throws SQLException {
        try (Connection connection = database.open()) {
            execute(connection, sql);
        }
    }
}
