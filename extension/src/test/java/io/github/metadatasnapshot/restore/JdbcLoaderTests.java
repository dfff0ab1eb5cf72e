package io.github.metadatasnapshot.restore;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.metadatasnapshot.backup.Backup;
import io.github.metadatasnapshot.backup.BackupException;
import io.github.metadatasnapshot.engine.ClientMode;
import io.github.metadatasnapshot.engine.Engine;
import io.github.metadatasnapshot.engine.TableName;
import io.github.metadatasnapshot.server.TestDatabase;
import io.github.metadatasnapshot.testsupport.Dumps;
import io.github.metadatasnapshot.testsupport.Images;
import io.github.metadatasnapshot.testsupport.Library;
import io.github.metadatasnapshot.testsupport.RequiresDocker;
import io.github.metadatasnapshot.testsupport.TestServers;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JdbcLoaderTests {

    private static final JdbcLoader.Options STRICT = new JdbcLoader.Options(false, true, List.of(), Set.of());
    private static final JdbcLoader.Options STOPS = new JdbcLoader.Options(false, false, List.of(), Set.of());
    private static final JdbcLoader.Options GOES_ON = new JdbcLoader.Options(true, false, List.of(), Set.of());

    private static Backup backup(String name) {
        return Backup.locate("classpath:backups/" + name, JdbcLoaderTests.class.getClassLoader());
    }

    private static ClientReport load(TestDatabase database, InputStream script, JdbcLoader.Options options)
            throws IOException, SQLException {
        try (Connection connection = database.open()) {
            return JdbcLoader.load(connection, database.engine(), script, "backup.sql", options);
        }
    }

    private static ClientReport load(TestDatabase database, String script, JdbcLoader.Options options)
            throws IOException, SQLException {
        return load(database, new ByteArrayInputStream(script.getBytes(UTF_8)), options);
    }

    private static String query(TestDatabase database, String sql) throws SQLException {
        try (Connection connection = database.open();
                var statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            return rows.next() ? rows.getString(1) : "no row";
        }
    }

    /** {@return the rows of every table, each value as the driver gives it} */
    private static SortedMap<TableName, List<String>> contents(TestDatabase database) throws SQLException {
        SortedMap<TableName, List<String>> contents = new TreeMap<>();
        try (Connection connection = database.open();
                var statement = connection.createStatement()) {
            for (TableName table : database.engine().tables(connection)) {
                List<String> values = new ArrayList<>();
                try (ResultSet rows = statement.executeQuery(
                        "SELECT * FROM " + database.engine().quote(table))) {
                    int columns = rows.getMetaData().getColumnCount();
                    while (rows.next()) {
                        List<String> row = new ArrayList<>();
                        for (int i = 1; i <= columns; i++) {
                            Object value = rows.getObject(i);
                            row.add(
                                    value instanceof byte[] bytes
                                            ? HexFormat.of().formatHex(bytes)
                                            : String.valueOf(value));
                        }
                        values.add(row.toString());
                    }
                }
                values.sort(null);
                contents.put(table, values);
            }
        }
        return contents;
    }

    @Nested
    class OnPostgreSql {

        private TestDatabase database;

        @BeforeEach
        void createDatabase() {
            database = TestServers.embedded().createDatabase();
        }

        @AfterEach
        void dropDatabase() {
            database.close();
        }

        @ParameterizedTest
        @ValueSource(strings = {"postgresql-17-full.sql", "postgresql-17-inserts.sql", "postgresql-13-full.sql"})
        void loadsADump(String name) throws Exception {
            // The server lacks the roles: what names them fails or is left out.
            var info = backup(name).inspect(Engine.POSTGRESQL, "flyway_schema_history", Optional.empty());
            var options = new JdbcLoader.Options(false, true, List.of(), info.roles());
            String script =
                    new String(backup(name).open().readAllBytes(), UTF_8).replaceAll("(?m)^CREATE POLICY.*$", "");

            ClientReport report = load(database, script, options);

            assertThat(report.errors()).isEmpty();
            assertThat(report.success()).isTrue();
            assertThat(query(database, "SELECT encode(picture, 'hex') FROM person WHERE name = 'bytes'"))
                    .startsWith("000102")
                    .endsWith("fdfeff")
                    .hasSize(512);
            assertThat(query(database, "SELECT count(*) FROM audit.entry")).isEqualTo("8");
            assertThat(query(database, "SELECT string_agg(name, '|' ORDER BY id) FROM person"))
                    .isEqualTo(
                            "plain|emoji 😀 and ümläut|tab\there, back\\slash, new\nline, return\rhere|semicolon; -- no"
                                    + " comment /* none */ $$ and $x$|\\.|\\N|it's \"quoted\" `too`|bytes");
        }

        @Test
        void sendsEveryCharacterAsItIs() throws Exception {
            String script = """
                    CREATE TABLE t (a jsonb, b text);
                    INSERT INTO t VALUES ('{"a": 1}', '{fn now()} ? ?? :x :=');
                    INSERT INTO t SELECT '{"b": 1}', '{d ''x''}' WHERE '{"a": 1}'::jsonb ? 'a' AND '{"a": 1}'::jsonb ?| '{a}';
                    CREATE FUNCTION f(integer) RETURNS integer LANGUAGE plpgsql AS $$ DECLARE x integer; BEGIN x := $1; RETURN x; END $$;
                    CREATE FUNCTION g(integer) RETURNS integer BEGIN ATOMIC SELECT 1; SELECT $1 + 1; END;
                    """;

            assertThat(load(database, script, STRICT).errors()).isEmpty();

            assertThat(query(database, "SELECT string_agg(b, '|' ORDER BY b) FROM t"))
                    .isEqualTo("{d 'x'}|{fn now()} ? ?? :x :=");
            assertThat(query(database, "SELECT f(3) + g(4)")).isEqualTo("8");
        }

        @Test
        void stopsAtTheFirstErrorAndUndoes() throws Exception {
            ClientReport report =
                    load(database, "CREATE TABLE a ();\nINSERT INTO\n  b VALUES (1);\nCREATE TABLE c ();", STRICT);

            assertThat(report.success()).isFalse();
            assertThat(report.errorCount()).isEqualTo(1);
            StatementError error = report.errors().get(0);
            assertThat(error.line()).isEqualTo(2);
            assertThat(error.lastLine()).isEqualTo(3);
            assertThat(error.statement()).isEqualTo("INSERT INTO b VALUES (1)");
            assertThat(error.sqlState()).isEqualTo("42P01");
            assertThat(error.message()).contains("relation \"b\" does not exist");
            assertThat(query(database, "SELECT to_regclass('a')")).isNull();
        }

        @Test
        void withoutATransactionWhatRanStays() throws Exception {
            assertThat(load(database, "CREATE TABLE a ();\nX;\nCREATE TABLE c ();", STOPS)
                            .errorCount())
                    .isEqualTo(1);

            assertThat(query(database, "SELECT to_regclass('a')")).isEqualTo("a");
            assertThat(query(database, "SELECT to_regclass('c')")).isNull();
        }

        @Test
        void goesOnAsPsqlDoes() throws Exception {
            String script = "X;\n".repeat(150) + "CREATE TABLE a (i integer);\nCOPY nope FROM stdin;\n1\n;\n\\.\n"
                    + "COPY a FROM stdin;\n1\nx\n2\n\\.\nCOPY a FROM stdin;\n7\n\\.\n";

            ClientReport report = load(database, script, GOES_ON);

            assertThat(report.success()).isTrue();
            assertThat(report.errorCount()).isEqualTo(152);
            assertThat(report.errors())
                    .hasSize(100)
                    .allSatisfy(error -> assertThat(error.sqlState()).isEqualTo("42601"));
            assertThat(query(database, "SELECT string_agg(i::text, ' ') FROM a"))
                    .isEqualTo("7");
        }

        @Test
        void anErrorInARowOfACopyNamesTheCopy() throws Exception {
            ClientReport report =
                    load(database, "CREATE TABLE a (i integer);\nCOPY a FROM stdin;\n1\nx\n\\.\n", STRICT);

            assertThat(report.errors()).singleElement().satisfies(error -> {
                assertThat(error.line()).isEqualTo(2);
                assertThat(error.statement()).isEqualTo("COPY a FROM stdin");
                assertThat(error.sqlState()).isEqualTo("22P02");
                assertThat(error.message()).contains("line 2, column i: \"x\"");
            });
        }

        @Test
        void aCommitInTheScriptEndsTheTransactionAsItDoesForPsql() throws Exception {
            load(database, "BEGIN;\nCREATE TABLE a ();\nCOMMIT;\nCREATE TABLE b ();\nX;\n", STRICT);

            assertThat(query(database, "SELECT to_regclass('a')")).isEqualTo("a");
            assertThat(query(database, "SELECT to_regclass('b')")).isEqualTo("b");
        }

        @Test
        void thePrologueRunsInTheSameTransaction() throws Exception {
            assertThat(load(database, "CREATE TABLE a (i integer);\nINSERT INTO a VALUES (1);", STRICT)
                            .success())
                    .isTrue();
            var options = new JdbcLoader.Options(
                    false, true, List.of("SET session_replication_role = replica", "DELETE FROM a"), Set.of());

            assertThat(load(database, "INSERT INTO a VALUES (2); X;", options).success())
                    .isFalse();
            assertThat(query(database, "SELECT sum(i) FROM a")).isEqualTo("1");

            assertThat(load(database, "INSERT INTO a VALUES (2);", options).success())
                    .isTrue();
            assertThat(query(database, "SELECT sum(i) FROM a")).isEqualTo("2");
        }

        @Test
        void anErrorInThePrologueHasNoLine() throws Exception {
            var options = new JdbcLoader.Options(false, true, List.of("DELETE FROM a"), Set.of());

            assertThat(load(database, "SELECT 1;", options).errors())
                    .singleElement()
                    .satisfies(error -> {
                        assertThat(error.line()).isZero();
                        assertThat(error.statement())
                                .isEqualTo(
                                        "DELETE FROM a (not in the file: run before it, so that its rows find room)");
                        assertThat(error.sqlState()).isEqualTo("42P01");
                    });
        }

        @Test
        void rolesThatAreMissingAreLeftOut() throws Exception {
            var options = new JdbcLoader.Options(false, true, List.of(), Set.of("nobody_here"));
            String script = """
                    CREATE TABLE a (i text);
                    ALTER TABLE a OWNER TO nobody_here;
                    GRANT SELECT ON a TO nobody_here;
                    INSERT INTO a VALUES ('ALTER TABLE a OWNER TO nobody_here');
                    """;

            assertThat(load(database, script, options).errors()).isEmpty();
            assertThat(load(database, script, STRICT).success()).isFalse();
        }

        @Test
        void aScriptThatEndsTooEarlyIsAnError() throws Exception {
            ClientReport report = load(database, "CREATE TABLE a ();\nCOPY a FROM stdin;\n", STRICT);

            assertThat(report.success()).isFalse();
            assertThat(report.errors()).singleElement().satisfies(error -> {
                assertThat(error.line()).isEqualTo(2);
                assertThat(error.message())
                        .isEqualTo("the script ends inside the rows of the COPY that begins in line 2");
            });
        }

        @Test
        void aStreamThatBreaksUndoesEverything() throws Exception {
            InputStream broken =
                    new FilterInputStream(
                            new ByteArrayInputStream("CREATE TABLE a ();\nCOPY a FROM stdin;\n".getBytes(UTF_8))) {
                        @Override
                        public int read(byte[] target, int offset, int length) throws IOException {
                            int read = super.read(target, offset, length);
                            if (read < 0) {
                                throw new IOException("disk on fire");
                            }
                            return read;
                        }
                    };

            assertThatThrownBy(() -> load(database, broken, STRICT))
                    .isInstanceOf(IOException.class)
                    .hasMessage("disk on fire");
            assertThat(query(database, "SELECT to_regclass('a')")).isNull();
        }

        @Test
        void commandsOfTheClientAreNotRun() throws Exception {
            assertThat(load(database, "\\restrict x\nSELECT 1;\n\\unrestrict x\n", STRICT)
                            .errors())
                    .isEmpty();

            for (String command : List.of("\\! ls", "\\connect x", "SELECT 1 \\gexec")) {
                assertThatThrownBy(() -> load(database, "CREATE TABLE a ();\n" + command + "\n;", STRICT))
                        .isInstanceOf(BackupException.class)
                        .hasMessage("backup.sql, line 2: the client's command "
                                + command.substring(command.indexOf('\\'))
                                + " cannot be run over JDBC. Take it out of the file, or run the server in a container,"
                                + " whose client knows it");
            }
            assertThat(query(database, "SELECT to_regclass('a')")).isNull();
        }

        @Test
        void anEncodingThatCannotBeReadIsRefused() {
            assertThatThrownBy(() -> load(database, "SET client_encoding = 'SJIS';", STRICT))
                    .isInstanceOf(BackupException.class)
                    .hasMessage(
                            "backup.sql, line 1: the backup is in the character set SJIS, which cannot be read here to be"
                                    + " loaded over JDBC. Dump with --encoding=UTF8, or run the server in a container, whose client"
                                    + " knows it\n  SET client_encoding = 'SJIS'");
        }

        @ParameterizedTest
        @CsvSource({
            "LATIN1, ISO-8859-1, gr\u00f6\u00dfer",
            "WIN1252, windows-1252, 5 \u20ac \u2013 gro\u00df",
            "KOI8-R, KOI8-R," + " \u043c\u0438\u0440",
            "euc_jp, EUC-JP, \u8a9e\u8868",
            "WIN1251, windows-1251, \u0436"
        })
        void anotherEncodingIsDecoded(String name, String charset, String text) throws Exception {
            String script = """
                    SET client_encoding = '%1$s';
                    CREATE TABLE t (n int, "%2$s" text DEFAULT '%2$s');
                    COMMENT ON TABLE t IS '%2$s';
                    COPY t (n, "%2$s") FROM stdin;
                    1\t%2$s\\\\\\tx
                    \\.
                    INSERT INTO t VALUES (2, '%2$s''\\');
                    INSERT INTO t (n) VALUES (3);
                    SET client_encoding = 'UTF8';
                    """.formatted(name, text);
            byte[] more = "INSERT INTO t VALUES (4, '\u20ac');\n".getBytes(UTF_8);
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            bytes.write(script.getBytes(charset));
            bytes.write(more);

            assertThat(load(database, new ByteArrayInputStream(bytes.toByteArray()), STRICT)
                            .errors())
                    .isEmpty();
            assertThat(query(database, "SELECT string_agg(\"" + text + "\", '|' ORDER BY n) FROM t"))
                    .isEqualTo(text + "\\\tx|" + text + "'\\|" + text + "|\u20ac");
            assertThat(query(database, "SELECT obj_description('t'::regclass)")).isEqualTo(text);
        }

        @ParameterizedTest
        @ValueSource(strings = {"INSERT INTO t VALUES ('\u0081');\n", "COPY t FROM stdin;\n\u0081\n\\.\n"})
        void bytesThatAreNoneOfItAreAnError(String rows) throws Exception {
            String script = "SET client_encoding = 'WIN1252';\nCREATE TABLE t (a text);\n" + rows;

            assertThat(load(database, new ByteArrayInputStream(script.getBytes(ISO_8859_1)), STRICT)
                            .errors())
                    .singleElement()
                    .satisfies(error -> {
                        assertThat(error.line()).isEqualTo(3);
                        assertThat(error.message())
                                .matches(
                                        "The (statement holds|rows hold) bytes that are not windows-1252, the character set"
                                                + " that the file says it is in");
                    });
        }

        @Test
        void aSessionThatEndsStopsTheScript() throws Exception {
            ClientReport report =
                    load(database, "SELECT pg_terminate_backend(pg_backend_pid());\nSELECT 1;\nSELECT 2;\n", GOES_ON);

            assertThat(report.success()).isFalse();
            assertThat(report.errorCount()).isEqualTo(1);
        }
    }

    @Nested
    @RequiresDocker
    class BesideTheClient {

        private void byClient(TestDatabase database, String name) throws IOException {
            ByteArrayOutputStream errors = new ByteArrayOutputStream();
            int status;
            try (InputStream script = backup(name).open()) {
                status = database.server()
                        .clientHost()
                        .orElseThrow()
                        .run(
                                database.engine().clientCommand(ClientMode.STRICT, database.user(), database.name()),
                                Map.of(database.engine().passwordVariable(), database.password()),
                                script,
                                OutputStream.nullOutputStream(),
                                errors);
            }
            assertThat(status).as(errors.toString(UTF_8)).isZero();
        }

        @ParameterizedTest(name = "{1} into {0}")
        @CsvSource({
            "postgres:13, postgresql-13-full.sql",
            "postgres:17, postgresql-17-full.sql",
            "postgres:17, postgresql-17-inserts.sql",
            "postgres:18, postgresql-18-full.sql",
            "mysql:9.7, mysql-9.7-full.sql",
            "mariadb:11.8, mariadb-11.8-full.sql"
        })
        void theSameIsLoaded(String image, String name) throws Exception {
            try (TestDatabase one = TestServers.container(image).createDatabase();
                    TestDatabase other = TestServers.container(image).createDatabase()) {
                Engine engine = one.engine();
                var info = backup(name).inspect(engine, "flyway_schema_history", Optional.empty());
                try (Connection connection = one.open()) {
                    assertThat(one.lendRoles(connection, info.roles())).isEmpty();
                }

                byClient(one, name);
                ClientReport report;
                try (InputStream script = backup(name).open()) {
                    report = load(other, script, STRICT);
                }

                assertThat(report.errors()).isEmpty();
                assertThat(contents(other)).isEqualTo(contents(one)).isNotEmpty();
                try (Connection a = one.open();
                        Connection b = other.open()) {
                    assertThat(engine.otherObjects(b)).isEqualTo(engine.otherObjects(a));
                }
            }
        }

        @ParameterizedTest
        @Images({"mysql:9.7", "mariadb:11.8"})
        void everyByteOfABlobIsKept(String image) throws Exception {
            StringBuilder bytes = new StringBuilder();
            for (int i = 0; i < 256; i++) {
                bytes.append(
                        switch (i) {
                            case 0 -> "\\0";
                            case '\n' -> "\\n";
                            case '\r' -> "\\r";
                            case 26 -> "\\Z";
                            case '"', '\'', '\\' -> "\\" + (char) i;
                            default -> String.valueOf((char) i);
                        });
            }
            String script = "CREATE TABLE t (a LONGBLOB, b TEXT);\nINSERT INTO t VALUES (_binary '" + bytes
                    + "', '{fn now()} ? := \\' -- # \\\\');\n";
            try (TestDatabase database = TestServers.container(image).createDatabase()) {
                ClientReport report = load(database, new ByteArrayInputStream(script.getBytes(ISO_8859_1)), STOPS);

                assertThat(report.errors()).isEmpty();
                assertThat(query(database, "SELECT HEX(a) FROM t"))
                        .startsWith("000102030405060708090A")
                        .endsWith("FBFCFDFEFF")
                        .hasSize(512);
                assertThat(query(database, "SELECT b FROM t")).isEqualTo("{fn now()} ? := ' -- # \\");
            }
        }

        @ParameterizedTest
        @Images({"mysql:9.7", "mariadb:11.8"})
        void whatFailsIsReported(String image) throws Exception {
            String script = """
                    CREATE TABLE a (i INT);
                    DELIMITER ;;
                    INSERT INTO b
                    VALUES (1);;
                    DELIMITER ;
                    INSERT INTO a VALUES (1);
                    """;
            try (TestDatabase database = TestServers.container(image).createDatabase()) {
                assertThat(load(database, script, STOPS).success()).isFalse();
                assertThat(query(database, "SELECT i FROM a")).isEqualTo("no row");

                ClientReport report = load(database, script, GOES_ON);
                assertThat(report.success()).isTrue();
                assertThat(report.errorCount()).isEqualTo(2);
                assertThat(report.errors().get(1)).satisfies(error -> {
                    assertThat(error.line()).isEqualTo(3);
                    assertThat(error.lastLine()).isEqualTo(4);
                    assertThat(error.statement()).isEqualTo("INSERT INTO b VALUES (1)");
                    assertThat(error.sqlState()).isEqualTo("42S02");
                    assertThat(error.message()).contains("b' doesn't exist");
                });
                assertThat(query(database, "SELECT i FROM a")).isEqualTo("1");
            }
        }

        @Test
        void aCharacterSetThatCannotBeReadIsRefused() throws Exception {
            try (TestDatabase database = TestServers.container("mysql:9.7").createDatabase()) {
                assertThatThrownBy(() -> load(database, "SET NAMES sjis;", STOPS))
                        .isInstanceOf(BackupException.class)
                        .hasMessage(
                                "backup.sql, line 1: the backup is in the character set sjis, which cannot be read here to"
                                        + " be loaded over JDBC. Dump with --default-character-set=utf8mb4, or run the server in a"
                                        + " container, whose client knows it\n  SET NAMES sjis");
                assertThat(load(database, "/*!50503 SET NAMES utf8mb4 */; SET NAMES 'binary'; SET NAMES utf8;", STOPS)
                                .errors())
                        .isEmpty();
            }
        }

        @ParameterizedTest
        @CsvSource({"mysql:9.7, latin1", "mysql:9.7, cp850", "mariadb:11.8, latin1"})
        void aDumpInAnotherCharacterSetIsLoadedAsTheClientDoes(
                String image, String characterSet, @TempDir Path directory) throws Exception {
            try (TestDatabase product = TestServers.container(image).createDatabase();
                    TestDatabase other = TestServers.container(image).createDatabase()) {
                Library.execute(
                        product,
                        "CREATE TABLE `gr\u00f6\u00dfe` (id INT PRIMARY KEY, t TEXT, b BLOB, l VARCHAR(9) CHARACTER SET latin1,"
                                + " `\u00fc` ENUM('\u00e4', 'b') DEFAULT '\u00e4' COMMENT '\u00e9') COMMENT '\u00fc'"
                                + " CHARACTER SET utf8mb4",
                        "INSERT INTO `gr\u00f6\u00dfe` VALUES (1, 'gr\u00f6\u00dfer ''\\\\', x'00E4F627225C', '\u00fc', '\u00e4'),"
                                + " (2, 'plain', x'C3A4', '\u00e9', 'b')",
                        "CREATE TRIGGER tr BEFORE INSERT ON `gr\u00f6\u00dfe` FOR EACH ROW SET NEW.l = CONCAT(NEW.l, '\u00fc')");
                Backup dump = Dumps.of(product, directory, "--default-character-set=" + characterSet);
                ClientReport report;
                try (InputStream script = dump.open()) {
                    report = load(other, script, STOPS);
                }

                assertThat(report.errors()).isEmpty();
                assertThat(contents(other)).isEqualTo(contents(product)).hasSize(1);
                for (String sql : List.of(
                        "SELECT HEX(t), HEX(b), HEX(l), HEX(`\u00fc`) FROM `gr\u00f6\u00dfe` ORDER BY id",
                        "SELECT table_comment FROM information_schema.tables WHERE table_schema = DATABASE()",
                        "SELECT column_default, column_comment, column_type FROM information_schema.columns WHERE"
                                + " table_schema = DATABASE() ORDER BY ordinal_position",
                        "SELECT action_statement, character_set_client FROM information_schema.triggers WHERE"
                                + " trigger_schema = DATABASE()")) {
                    assertThat(Library.query(other, sql)).isEqualTo(Library.query(product, sql));
                }
            }
        }

        @Test
        void bytesThatCannotBeSentAreAnError() throws Exception {
            byte[] script = "CREATE TABLE `\u00ff` (i INT);".getBytes(ISO_8859_1);
            try (TestDatabase database = TestServers.container("mysql:9.7").createDatabase()) {
                assertThat(load(database, new ByteArrayInputStream(script), STOPS)
                                .errors())
                        .singleElement()
                        .satisfies(error -> assertThat(error.message())
                                .startsWith("The statement holds bytes outside of strings that are not UTF-8"));
            }
        }

        @Test
        void anArchiveIsReadByPgRestore() throws Exception {
            try (TestDatabase database = TestServers.container("postgres:17").createDatabase()) {
                var host = database.server().clientHost();
                var info = backup("postgresql-17-full.dump").inspect(Engine.POSTGRESQL, "flyway_schema_history", host);

                assertThat(info.rows())
                        .isEqualTo(backup("postgresql-17-full.sql")
                                .inspect(Engine.POSTGRESQL, "flyway_schema_history", host)
                                .rows());
                assertThat(info.toolVersion()).isPresent();
            }
        }
    }
}
