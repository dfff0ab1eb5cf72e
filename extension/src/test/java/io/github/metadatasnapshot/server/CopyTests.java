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
import io.github.metadatasnapshot.testsupport.RequiresDocker;
import io.github.metadatasnapshot.testsupport.RichSchema;
import io.github.metadatasnapshot.testsupport.TakesTurns;
import io.github.metadatasnapshot.testsupport.TestKit;
import io.github.metadatasnapshot.testsupport.TestServers;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;

@TakesTurns(of = 2)
class CopyTests {

    private static DatabaseState state(TestDatabase database) throws SQLException {
        try (Connection connection = database.open()) {
            return DatabaseState.read(
                    connection,
                    database.engine(),
                    Library.migrator(database.engine()).historyTable());
        }
    }

    /** The server in the container, without its tools, as a user who has nothing but databases of his own. */
    private static DatabaseServer ordinary(String image) {
        ExternalSettings user = ExternalLogins.createUser(TestServers.container(image));
        return external(image, new Login(user.url(), user.user(), user.password()));
    }

    private static DatabaseServer external(String image, Login login) {
        return ExternalServer.connect(
                ServerSpec.parse(image), new ExternalSettings(login.url(), login.user(), login.password(), false));
    }

    private static void assertCopied(TestDatabase source) throws SQLException {
        DatabaseState before = state(source);
        try (TestDatabase copy = source.server().copyOf(source)) {
            assertThat(before.differences(state(copy))).isEmpty();
            assertThat(state(copy)).isEqualTo(before);
            assertThat(state(source)).isEqualTo(before);
            assertThat(copy.name()).isNotEqualTo(source.name());

            String row = "INSERT INTO parent (code" + (source.engine() == Engine.POSTGRESQL ? ")" : ", a, b)")
                    + " VALUES ('new'" + (source.engine() == Engine.POSTGRESQL ? ")" : ", 7, 8)");
            String newest = "SELECT max(id) FROM parent";
            execute(copy, row);
            assertThat(state(source)).isEqualTo(before);
            execute(source, row);
            assertThat(query(copy, newest)).isEqualTo(query(source, newest));
        }
    }

    @RequiresDocker
    @ParameterizedTest
    @Images({"postgres:13", "postgres:18"})
    void aPostgreSqlDatabaseIsCopiedByTheServer(String image) throws Exception {
        try (TestDatabase source = RichSchema.create(TestServers.container(image))) {
            assertCopied(source);
        }
    }

    @RequiresDocker
    @ParameterizedTest
    @Images({"postgres:13", "postgres:18"})
    void aPostgreSqlDatabaseInUseIsCopiedByItsTools(String image) throws Exception {
        try (TestDatabase source = RichSchema.create(TestServers.container(image));
                Connection session = source.open()) {
            assertThat(session.isValid(0)).isTrue();
            assertCopied(source);
        }
    }

    @RequiresDocker
    @ParameterizedTest
    @Images({"mysql:9.7", "mariadb:11.8"})
    void aMySqlDatabaseIsCopiedByItsTools(String image) throws Exception {
        try (TestDatabase source = RichSchema.create(TestServers.container(image))) {
            fillMySql(source);
            assertCopied(source);
        }
    }

    @RequiresDocker
    @ParameterizedTest
    @Images({"mysql:9.7", "mariadb:11.8"})
    void aMySqlDatabaseIsCopiedByAnOrdinaryUserWithoutTools(String image) throws Exception {
        try (DatabaseServer server = ordinary(image);
                TestDatabase source = RichSchema.create(server)) {
            fillMySql(source);
            // Other views are needed by it, and its name comes before theirs.
            execute(source, "CREATE VIEW a_first AS SELECT * FROM calls");
            assertCopied(source);
            try (TestDatabase copy = server.copyOf(source)) {
                for (String created : List.of("FUNCTION twice", "PROCEDURE fill", "TRIGGER touch", "VIEW calls")) {
                    assertThat(query(copy, "SHOW CREATE " + created))
                            .as(created)
                            .usingElementComparator(CopyTests::compareButTime)
                            .isEqualTo(query(source, "SHOW CREATE " + created));
                }
            }
        }
    }

    private static int compareButTime(String one, String other) {
        String time = "\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d.*";
        return one.replaceAll(time, "").compareTo(other.replaceAll(time, ""));
    }

    private static void fillMySql(TestDatabase source) {
        execute(
                source,
                // What a dump has as 16777200.
                "UPDATE kinds SET a_float = 16777215",
                "SET SESSION sql_mode = 'NO_AUTO_VALUE_ON_ZERO,ALLOW_INVALID_DATES'",
                "INSERT INTO kinds (id, a_date) VALUES (0, '2021-02-31')",
                "CREATE TABLE counted (n INT)",
                "CREATE TRIGGER count BEFORE INSERT ON counted FOR EACH ROW SET NEW.n = NEW.n + 1",
                "INSERT INTO counted VALUES (1)",
                "CREATE TABLE `odd ``table` (`odd ``column` INT)",
                "INSERT INTO `odd ``table` VALUES (1)");
    }

    /** As one that has rows, but is in the middle of more. */
    @RequiresDocker
    @ParameterizedTest
    @Images({"postgres:17", "mysql:9.7", "mariadb:11.8"})
    void whatIsNotCommittedIsNotCopied(String image) throws Exception {
        try (TestDatabase source = Library.create(TestServers.container(image), "2");
                Connection session = source.open();
                var statement = session.createStatement()) {
            session.setAutoCommit(false);
            statement.execute("UPDATE language SET name = 'x'");
            statement.execute("DELETE FROM author");
            try (TestDatabase copy = source.server().copyOf(source)) {
                assertThat(query(copy, "SELECT name FROM language ORDER BY 1"))
                        .containsExactly("English", "French", "German");
                assertThat(query(copy, "SELECT name FROM author")).contains("seeded by a migration");
            }
        }
    }

    @Test
    void anOrdinaryUserCopiesToo() throws Exception {
        for (DatabaseServer server : List.of(TestServers.embedded(), TestKit.externalServer())) {
            try (TestDatabase source = Library.create(server, "3");
                    TestDatabase copy = server.copyOf(source)) {
                assertThat(state(copy)).isEqualTo(state(source));
                execute(copy, "DROP TABLE lent");
            }
        }
    }

    @Test
    void settingsOfTheDatabaseAreCopied() {
        DatabaseServer server = TestServers.embedded();
        try (TestDatabase source = server.createDatabase()) {
            for (String setting : List.of(
                    "search_path TO \"Odd, \"\"name\", public",
                    "temp_tablespaces TO ''",
                    "timezone TO 'Asia/Tokyo'",
                    "datestyle TO 'SQL, DMY'")) {
                execute(source, "ALTER DATABASE " + source.name() + " SET " + setting);
            }
            String settings =
                    "SELECT unnest(setconfig) FROM pg_db_role_setting s JOIN pg_database d ON d.oid = setdatabase"
                            + " WHERE datname = current_database()";
            try (TestDatabase copy = server.copyOf(source)) {
                assertThat(query(copy, settings))
                        .isEqualTo(query(source, settings))
                        .containsExactly(
                                "search_path=\"Odd, \"\"name\", public",
                                "temp_tablespaces=\"\"",
                                "TimeZone=Asia/Tokyo",
                                "DateStyle=SQL, DMY");
                assertThat(query(copy, "SHOW search_path")).containsExactly("\"Odd, \"\"name\", public");
            }
        }
    }

    @RequiresDocker
    @ParameterizedTest
    @Images({"mysql:9.7", "mariadb:11.8"})
    void theDefaultCollationIsCopied(String image) {
        DatabaseServer server = TestServers.container(image);
        try (TestDatabase source = server.createDatabase()) {
            execute(source, "ALTER DATABASE " + source.name() + " CHARACTER SET latin1 COLLATE latin1_german2_ci");
            try (TestDatabase copy = server.copyOf(source)) {
                assertThat(query(copy, "SELECT @@collation_database")).containsExactly("latin1_german2_ci");
            }
        }
    }

    @Nested
    class Refusals {

        @Test
        void withoutToolsASessionIsInTheWay() throws Exception {
            DatabaseServer server = TestServers.embedded();
            try (TestDatabase source = Library.create(server, "1");
                    Connection session = source.open();
                    var statement = session.createStatement()) {
                session.setAutoCommit(false);
                statement.execute("SELECT 'mine'");
                List<String> before = databases(server);

                assertThatThrownBy(() -> server.copyOf(source))
                        .isInstanceOf(DatabaseInUseException.class)
                        .hasMessageStartingWith("Database " + source
                                + " could not be copied: other sessions are connected" + " to it (SQLSTATE 55006)")
                        .hasMessageContaining(
                                "(SQLSTATE 55006); a product that still runs, or a connection of the test")
                        .hasMessageEndingWith("\nConnected are:\n- snapshot from 127.0.0.1 by PostgreSQL JDBC Driver,"
                                + " idle in transaction: SELECT 'mine'");
                assertThat(databases(server)).isEqualTo(before);
            }
        }

        @Test
        @Timeout(30)
        void whoeverIsInterruptedDoesNotWaitForTheSession() throws Exception {
            DatabaseServer server = TestServers.embedded();
            try (TestDatabase source = Library.create(server, "1");
                    Connection session = source.open()) {
                source.freeze();
                Thread.currentThread().interrupt();

                assertThatThrownBy(() -> server.copyOf(source)).isInstanceOf(DatabaseInUseException.class);
                assertThat(Thread.interrupted()).isTrue();
                assertThat(session.isValid(0)).isTrue();
            }
        }

        @RequiresDocker
        @ParameterizedTest
        @Images({"mysql:9.7", "mariadb:11.8"})
        void withoutToolsAFunctionOfSomebodyElseIsNotCopiedAndNothingIsLeftBehind(String image) {
            try (DatabaseServer server = ordinary(image);
                    TestDatabase source = server.createDatabase()) {
                try (TestDatabase administrators = TestServers.container(image).createDatabase()) {
                    execute(administrators, "CREATE FUNCTION " + source.name() + ".secret() RETURNS INT RETURN 42");
                }
                List<String> before = databases(server);
                assertThatThrownBy(() -> server.copyOf(source))
                        .isInstanceOf(ServerException.class)
                        .hasMessageStartingWith("Database " + source + " could not be copied: function secret: ")
                        .hasMessageContaining(
                                server.engine() == Engine.MYSQL
                                        ? "its definition is shown to its definer alone, who is somebody else"
                                        : "Access denied; you need (at least one of) the SET USER privilege(s)");
                assertThat(databases(server)).isEqualTo(before);
            }
        }

        @RequiresDocker
        @ParameterizedTest
        @Images({"mysql:9.7", "mariadb:11.8"})
        void aDumpThatFailsLeavesNothingBehind(String image) {
            DatabaseServer server = TestServers.container(image);
            try (TestDatabase source = Library.create(server, "1")) {
                execute(
                        source,
                        "CREATE TABLE gone (id INT) ENGINE = MyISAM",
                        "CREATE TABLE broken (id INT) ENGINE = MERGE UNION = (gone)",
                        "DROP TABLE gone");
                source.freeze();
                List<String> before = databases(server);

                assertThatThrownBy(() -> server.copyOf(source))
                        .isInstanceOf(ServerException.class)
                        .hasMessageStartingWith("Database " + source + " could not be copied: ")
                        .hasMessageContaining("Unable to open underlying table");
                assertThat(databases(server)).isEqualTo(before);
            }
        }

        @RequiresDocker
        @Test
        void aLoadThatFailsLeavesNothingBehind() throws Exception {
            DatabaseServer server = TestServers.container("postgres:17");
            try (TestDatabase source = server.createDatabase()) {
                execute(
                        source,
                        "CREATE TABLE z (id INT)",
                        "INSERT INTO z VALUES (1)",
                        "CREATE FUNCTION known(n INT) RETURNS boolean LANGUAGE sql RETURN n IN (SELECT id FROM z)",
                        "CREATE TABLE a (id INT CHECK (known(id)))",
                        "INSERT INTO a VALUES (1)");
                List<String> before = databases(server);
                try (Connection session = source.open()) {
                    assertThat(session.isValid(0)).isTrue();
                    assertThatThrownBy(() -> server.copyOf(source))
                            .isInstanceOf(ServerException.class)
                            .hasMessageStartingWith("Database " + source + " could not be copied: psql:<stdin>:")
                            .hasMessageContaining("new row for relation \"a\" violates check constraint");
                }
                assertThat(databases(server)).isEqualTo(before);
            }
        }

        @Test
        void aDatabaseThatIsGone() {
            DatabaseServer server = TestServers.embedded();
            TestDatabase source = server.createDatabase();
            source.close();
            List<String> before = databases(server);

            assertThatThrownBy(() -> server.copyOf(source))
                    .isInstanceOf(ServerException.class)
                    .hasMessage("Database " + source + " could not be copied: ERROR: template database \""
                            + source.name()
                            + "\" does not exist (SQLSTATE 3D000)");
            assertThat(databases(server)).isEqualTo(before);
        }
    }
}
