package io.github.metadatasnapshot.shape;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.metadatasnapshot.engine.Engine;
import io.github.metadatasnapshot.engine.TableDigest;
import io.github.metadatasnapshot.engine.TableName;
import io.github.metadatasnapshot.server.DatabaseServer;
import io.github.metadatasnapshot.server.TestDatabase;
import io.github.metadatasnapshot.testsupport.ColumnType;
import io.github.metadatasnapshot.testsupport.Images;
import io.github.metadatasnapshot.testsupport.Library;
import io.github.metadatasnapshot.testsupport.RequiresDocker;
import io.github.metadatasnapshot.testsupport.RichSchema;
import io.github.metadatasnapshot.testsupport.TestServers;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;

class DigestTests {

    private static void assertEveryValueCounts(DatabaseServer server) {
        SoftAssertions softly = new SoftAssertions();
        try (TestDatabase database = server.createDatabase();
                Connection connection = database.open();
                var statement = connection.createStatement()) {
            for (String sql : ColumnType.prerequisites(server.engine())) {
                statement.execute(sql);
            }
            for (ColumnType type : ColumnType.of(server)) {
                statement.execute("CREATE TABLE t (c " + type.sql() + ")");
                Set<String> digests = new HashSet<>();
                for (String value : type.values()) {
                    statement.execute("DELETE FROM t");
                    statement.execute("INSERT INTO t VALUES (" + value + ")");
                    softly.assertThat(digests.add(
                                    digest(connection, server.engine(), "t").digest()))
                            .as("%s %.40s differs from those before", type.sql(), value)
                            .isTrue();
                }
                statement.execute("DROP TABLE t");
            }
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
        softly.assertAll();
    }

    /** What rows and columns make together: a change, and whether it shows. */
    private static void assertRowsCount(DatabaseServer server) throws SQLException {
        try (TestDatabase database = server.createDatabase();
                Connection connection = database.open();
                var statement = connection.createStatement()) {
            Engine engine = server.engine();
            Library.execute(
                    database,
                    "CREATE TABLE t (a VARCHAR(10), b VARCHAR(10), n INT)",
                    "INSERT INTO t VALUES ('x', 'y', 1), ('y', 'x', 2), ('z', NULL, 3), ('z', NULL, 3), ('z', NULL, 3)",
                    "CREATE TABLE other_order (n INT, b VARCHAR(20), a VARCHAR(10))",
                    "INSERT INTO other_order SELECT n, b, a FROM t ORDER BY n DESC",
                    "CREATE TABLE other_name (a VARCHAR(10), b VARCHAR(10), m INT)",
                    "INSERT INTO other_name SELECT * FROM t",
                    "CREATE TABLE computed (a VARCHAR(10), b VARCHAR(10), n INT, c INT GENERATED ALWAYS AS (n + 1) STORED)",
                    "INSERT INTO computed (a, b, n) SELECT * FROM t");
            TableDigest digest = digest(connection, engine, "t");
            assertThat(digest.rows()).isEqualTo(5);
            assertThat(digest(connection, engine, "other_order")).isEqualTo(digest);
            assertThat(digest(connection, engine, "computed")).isEqualTo(digest);
            assertThat(digest(connection, engine, "other_name")).isNotEqualTo(digest);

            Set<TableDigest> digests = new HashSet<>(Set.of(digest));
            for (String change : List.of(
                    "UPDATE t SET a = CASE n WHEN 1 THEN 'y' ELSE 'x' END WHERE n < 3",
                    "UPDATE t SET b = CASE n WHEN 1 THEN 'z' ELSE 'y' END WHERE n < 3",
                    "UPDATE t SET b = '' WHERE n = 3",
                    "UPDATE t SET b = a, a = NULL WHERE n = 3",
                    "INSERT INTO t VALUES ('z', NULL, 3), ('z', NULL, 3)",
                    "INSERT INTO t VALUES (NULL, NULL, NULL)",
                    "INSERT INTO t VALUES (NULL, NULL, NULL)",
                    "DELETE FROM t WHERE n IS NULL OR n = 3",
                    "DELETE FROM t")) {
                statement.execute(change);
                assertThat(digests.add(digest(connection, engine, "t")))
                        .as(change)
                        .isTrue();
            }
        }
    }

    /** One bit of a value of 20 MB, and of the last of 600 columns, in tables whose names need quotes. */
    private static void assertLongRowsCount(DatabaseServer server) throws SQLException {
        Engine engine = server.engine();
        boolean postgreSql = engine == Engine.POSTGRESQL;
        String columns = IntStream.range(0, 600)
                .mapToObj(i -> engine.quote("%s \"`'.," + i) + " SMALLINT DEFAULT " + i)
                .collect(Collectors.joining(", "));
        try (TestDatabase database = server.createDatabase();
                Connection connection = database.open();
                var statement = connection.createStatement()) {
            String odd = "a.\"b`'%s é";
            statement.execute("CREATE TABLE " + engine.quote(odd) + " (c " + (postgreSql ? "bytea" : "LONGBLOB") + ")");
            statement.execute("INSERT INTO " + engine.quote(odd) + " SELECT "
                    + (postgreSql ? "decode(repeat('00', 20000000), 'hex')" : "REPEAT(x'00', 20000000)"));
            statement.execute("CREATE TABLE wide (" + columns + ")");
            statement.execute("INSERT INTO wide (" + engine.quote("%s \"`'.,0") + ") VALUES (0)");
            TableDigest zeros = digest(connection, engine, odd);
            TableDigest wide = digest(connection, engine, "wide");

            statement.execute("UPDATE " + engine.quote(odd) + " SET c = "
                    + (postgreSql ? "set_bit(c, 159999999, 1)" : "CONCAT(REPEAT(x'00', 19999999), x'01')"));
            statement.execute("UPDATE wide SET " + engine.quote("%s \"`'.,599") + " = 598");

            assertThat(digest(connection, engine, odd)).isNotEqualTo(zeros);
            assertThat(digest(connection, engine, "wide")).isNotEqualTo(wide);
        }
    }

    private static void assertSettingsMakeNoDifference(DatabaseServer server, String... settings) throws SQLException {
        try (TestDatabase database = RichSchema.create(server)) {
            Engine engine = server.engine();
            SortedMap<TableName, TableDigest> digests;
            Shape shape;
            try (Connection connection = database.open()) {
                digests = engine.digests(connection, engine.tables(connection), Map.of());
                shape = Shape.read(connection, engine);
            }
            try (Connection connection = database.open();
                    var statement = connection.createStatement()) {
                for (String setting : settings) {
                    statement.execute("SET " + setting);
                }
                List<String> before = settings(connection);
                assertThat(engine.digests(connection, digests.keySet(), Map.of()))
                        .isEqualTo(digests);
                assertThat(Shape.read(connection, engine)).isEqualTo(shape);
                assertThat(settings(connection)).isEqualTo(before);
                assertThat(connection.getAutoCommit()).isTrue();
            }
        }
    }

    private static List<String> settings(Connection connection) throws SQLException {
        boolean postgreSql = connection.getMetaData().getURL().startsWith("jdbc:postgresql");
        List<String> settings = new ArrayList<>();
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery(
                        postgreSql
                                ? "SELECT name, setting FROM pg_settings ORDER BY 1"
                                : "SHOW SESSION VARIABLES WHERE Variable_name NOT REGEXP"
                                        + " '^(timestamp|rand_seed|pseudo|statement_id|warning_count|last_gtid|error_count)'")) {
            while (rows.next()) {
                settings.add(rows.getString(1) + " = " + rows.getString(2));
            }
        }
        return settings;
    }

    private static TableDigest digest(Connection connection, Engine engine, String table) throws SQLException {
        TableName name = new TableName(engine.defaultSchema(connection), table);
        return engine.digests(connection, List.of(name), Map.of()).get(name);
    }

    @Nested
    class Embedded {

        @Test
        void everyValueCounts() {
            assertEveryValueCounts(TestServers.embedded());
        }

        @Test
        void rowsCount() throws Exception {
            assertRowsCount(TestServers.embedded());
        }

        @Test
        void settingsMakeNoDifference() throws Exception {
            assertSettingsMakeNoDifference(
                    TestServers.embedded(),
                    "extra_float_digits = -10",
                    "DateStyle = 'ISO, DMY'",
                    "IntervalStyle = 'iso_8601'",
                    "bytea_output = 'escape'",
                    "TimeZone = 'America/New_York'",
                    "search_path = audit",
                    "xmlbinary = 'hex'");
        }

        @Test
        void aTransactionOfTheCallersGoesOn() throws Exception {
            try (TestDatabase database = TestServers.embedded().createDatabase();
                    Connection connection = database.open();
                    var statement = connection.createStatement()) {
                connection.setAutoCommit(false);
                statement.execute("SET LOCAL extra_float_digits = 0");
                statement.execute("CREATE TABLE t (c text)");
                statement.execute("INSERT INTO t VALUES ('x')");

                assertThat(digest(connection, Engine.POSTGRESQL, "t").rows()).isEqualTo(1);
                assertThat(Shape.read(connection, Engine.POSTGRESQL).hasTable(new TableName("public", "t")))
                        .isTrue();
                try (var row = statement.executeQuery("SHOW extra_float_digits")) {
                    row.next();
                    assertThat(row.getString(1)).isEqualTo("0");
                }
                connection.commit();
                assertThat(Library.query(database, "SELECT c FROM t")).containsExactly("x");
            }
        }

        @Test
        void aTableMayHaveNoColumnsOrHeirs() throws Exception {
            try (TestDatabase database = TestServers.embedded().createDatabase();
                    Connection connection = database.open()) {
                Library.execute(
                        database,
                        "CREATE TABLE none ()",
                        "INSERT INTO none DEFAULT VALUES",
                        "CREATE TABLE parent (n integer)",
                        "CREATE TABLE heir () INHERITS (parent)",
                        "INSERT INTO heir VALUES (1)");
                assertThat(digest(connection, Engine.POSTGRESQL, "none").rows()).isEqualTo(1);
                assertThat(digest(connection, Engine.POSTGRESQL, "parent").rows())
                        .isZero();
            }
        }

        @Test
        void aLongRowIsReadToItsEnd() throws Exception {
            assertLongRowsCount(TestServers.embedded());
        }
    }

    @Nested
    @RequiresDocker
    class InContainers {

        @ParameterizedTest
        @Images({"postgres:13", "postgres:18", "mysql:9.7", "mariadb:11.8"})
        void everyValueCounts(String image) {
            assertEveryValueCounts(TestServers.container(image));
        }

        @ParameterizedTest
        @Images({"postgres:13", "postgres:18", "mysql:9.7", "mariadb:11.8"})
        void rowsCount(String image) throws Exception {
            assertRowsCount(TestServers.container(image));
        }

        @ParameterizedTest
        @Images({"mysql:9.7", "mariadb:11.8"})
        void aLongRowIsReadToItsEnd(String image) throws Exception {
            assertLongRowsCount(TestServers.container(image));
        }

        /** The server answers NULL instead of a text that is longer, and an error would be the better answer. */
        @ParameterizedTest
        @Images({"mysql:9.7", "mariadb:11.8"})
        void aRowLongerThanTheServersPacketIsAnError(String image) throws Exception {
            try (TestDatabase database = TestServers.container(image).createDatabase()) {
                String most = Library.query(database, "SELECT @@GLOBAL.max_allowed_packet")
                        .get(0);
                Library.execute(
                        database,
                        IntStream.range(0, 60)
                                .mapToObj("c%d VARBINARY(500) NOT NULL DEFAULT ('x')"::formatted)
                                .collect(Collectors.joining(", ", "CREATE TABLE t (", ")")),
                        "INSERT INTO t VALUES ()",
                        "SET GLOBAL max_allowed_packet = 16384");
                try (Connection connection = database.open()) {
                    Engine engine = database.engine();
                    assertThat(digest(connection, engine, "t").rows()).isEqualTo(1);
                    connection
                            .createStatement()
                            .execute(IntStream.range(0, 60)
                                    .mapToObj("c%d = REPEAT('x', 500)"::formatted)
                                    .collect(Collectors.joining(", ", "UPDATE t SET ", "")));
                    assertThatThrownBy(() -> digest(connection, engine, "t"))
                            .isInstanceOf(SQLException.class)
                            .hasMessage(
                                    "A row of table t is too long to be hashed: the server's max_allowed_packet is too"
                                            + " small");
                } finally {
                    Library.execute(database, "SET GLOBAL max_allowed_packet = " + most);
                }
            }
        }

        @ParameterizedTest
        @Images({"mysql:9.7", "mariadb:11.8"})
        void settingsMakeNoDifference(String image) throws Exception {
            assertSettingsMakeNoDifference(
                    TestServers.container(image),
                    "time_zone = '+05:30'",
                    "sql_mode = 'ANSI_QUOTES,PIPES_AS_CONCAT,PAD_CHAR_TO_FULL_LENGTH,NO_BACKSLASH_ESCAPES,STRICT_ALL_TABLES'",
                    "group_concat_max_len = 4",
                    "sql_select_limit = 2",
                    "character_set_connection = latin1",
                    "div_precision_increment = 0");
        }

        @ParameterizedTest
        @Images({"mysql:9.7", "mariadb:11.8"})
        void takesNoMoreThanThePrivilegeToSelect(String image) throws Exception {
            DatabaseServer server = TestServers.container(image);
            try (TestDatabase database = server.createDatabase()) {
                String reader =
                        "reader" + database.name().substring(database.name().length() - 6);
                Library.execute(
                        database,
                        "CREATE TABLE t (a INT, b BLOB, c DOUBLE)",
                        "INSERT INTO t VALUES (1, 'x', 1.5)",
                        "CREATE USER " + reader + " IDENTIFIED BY 'x'",
                        "GRANT SELECT ON t TO " + reader);
                try (Connection mine = database.open();
                        Connection its = DriverManager.getConnection(database.jdbcUrl(), reader, "x")) {
                    assertThat(digest(its, server.engine(), "t")).isEqualTo(digest(mine, server.engine(), "t"));
                } finally {
                    Library.execute(database, "DROP USER " + reader);
                }
            }
        }
    }
}
