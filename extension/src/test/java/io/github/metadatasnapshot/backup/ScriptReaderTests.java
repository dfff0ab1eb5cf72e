package io.github.metadatasnapshot.backup;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.metadatasnapshot.backup.ScriptStatement.Kind;
import io.github.metadatasnapshot.engine.Engine;
import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ScriptReaderTests {

    /** A stream that gives so many bytes at a time at most, as a pipe does. */
    private static InputStream drop(byte[] bytes, int atATime) {
        return new FilterInputStream(new ByteArrayInputStream(bytes)) {
            @Override
            public int read(byte[] target, int offset, int length) throws IOException {
                return super.read(target, offset, Math.min(length, atATime));
            }
        };
    }

    private static List<String> read(Engine engine, InputStream script) throws IOException {
        List<String> texts = new ArrayList<>();
        ScriptReader reader = new ScriptReader(script, engine.scriptSyntax());
        for (ScriptStatement next = reader.next(); next != null; next = reader.next()) {
            String text = next.text();
            texts.add(text);
            if (next.isFollowedByRows()) {
                texts.add("rows:" + new String(reader.copyData().readAllBytes(), UTF_8));
            }
        }
        return texts;
    }

    private static List<String> read(Engine engine, String script) throws IOException {
        return read(engine, new ByteArrayInputStream(script.getBytes(UTF_8)));
    }

    private static Arguments postgres(String what, String script, String... statements) {
        return Arguments.of(what, Engine.POSTGRESQL, script, List.of(statements));
    }

    private static Arguments mysql(String what, String script, String... statements) {
        return Arguments.of(what, Engine.MYSQL, script, List.of(statements));
    }

    static Stream<Arguments> scripts() {
        return Stream.of(
                postgres("nothing", ""),
                postgres("blanks", " \r\n\t\f\n"),
                postgres("comments only", "-- a;\n/* b; /* nested; */ c; */ -- d"),
                postgres("empty statements", ";; ;\n;"),
                postgres("two statements", "SELECT 1; SELECT\n2 ;", "SELECT 1", "SELECT\n2 "),
                postgres("no delimiter at the end", "SELECT 1;\nSELECT 2 \n", "SELECT 1", "SELECT 2"),
                postgres("byte order mark", "\uFEFFSELECT 1;", "SELECT 1"),
                postgres("CRLF", "SELECT 1;\r\n-- c\r\nSELECT 2;\r\n", "SELECT 1", "SELECT 2"),
                postgres("comments first", "-- a\n/* b */ SELECT 1 -- c;\n+ 2;", "SELECT 1 -- c;\n+ 2"),
                postgres("dashes without a blank", "SELECT 1 --2;\n;", "SELECT 1 --2;\n"),
                postgres("nested comment inside", "SELECT /* a /* ; */ ; */ 1;", "SELECT /* a /* ; */ ; */ 1"),
                postgres("no conditional comments", "/*!1 a; */ SELECT 1;", "SELECT 1"),
                postgres("slash and minus", "SELECT 4/2-1; SELECT 2", "SELECT 4/2-1", "SELECT 2"),
                postgres("quotes", "SELECT 'a;''b;', \"c;\"\"d;\"; X;", "SELECT 'a;''b;', \"c;\"\"d;\"", "X"),
                postgres("standard string", "SELECT 'a\\'; X;", "SELECT 'a\\'", "X"),
                postgres("escape string", "SELECT E'a\\';', e'\\\\'; X;", "SELECT E'a\\';', e'\\\\'", "X"),
                postgres("escape string with doubled quote", "SELECT E'''\\';'; X;", "SELECT E'''\\';'", "X"),
                postgres("a word that ends in e", "SELECT date'a\\'; X;", "SELECT date'a\\'", "X"),
                postgres(
                        "strings of an old server",
                        "SET standard_conforming_strings = off;SELECT 'a\\';';X;",
                        "SET standard_conforming_strings = off",
                        "SELECT 'a\\';'",
                        "X"),
                postgres(
                        "strings of a server that was told again",
                        "SET SESSION standard_conforming_strings TO 'off';SELECT 'a\\';';"
                                + "SET standard_conforming_strings = on;SELECT 'a\\';X;",
                        "SET SESSION standard_conforming_strings TO 'off'",
                        "SELECT 'a\\';'",
                        "SET standard_conforming_strings = on",
                        "SELECT 'a\\'",
                        "X"),
                postgres(
                        "a backslash in a quoted name, whatever strings are",
                        "SET standard_conforming_strings = off;SELECT \"a\\\";X;",
                        "SET standard_conforming_strings = off",
                        "SELECT \"a\\\"",
                        "X"),
                postgres("dollar quote", "SELECT $$a;'$x$;$$; X;", "SELECT $$a;'$x$;$$", "X"),
                postgres("tagged dollar quote", "SELECT $f1_$a; $$ $f$ $f1_$; X;", "SELECT $f1_$a; $$ $f$ $f1_$", "X"),
                postgres("dollars in a name", "SELECT a$b$c; SELECT $b$;$b$;", "SELECT a$b$c", "SELECT $b$;$b$"),
                postgres("parameters", "SELECT $1;SELECT $2;", "SELECT $1", "SELECT $2"),
                postgres("a lone dollar", "SELECT 1 $; SELECT $", "SELECT 1 $", "SELECT $"),
                postgres(
                        "rule",
                        "CREATE RULE r AS ON DELETE TO v DO (a; b);X;",
                        "CREATE RULE r AS ON DELETE TO v DO (a; b)",
                        "X"),
                postgres("closing parenthesis too many", "SELECT 1); X;", "SELECT 1)", "X"),
                postgres("no hash comment", "SELECT 5 # 3; X;", "SELECT 5 # 3", "X"),
                postgres("no backticks", "SELECT `; X;", "SELECT `", "X"),
                postgres(
                        "body of a function in SQL",
                        "CREATE OR REPLACE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT CASE WHEN a THEN 1 END; SELECT 2;"
                                + " END; X;",
                        "CREATE OR REPLACE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT CASE WHEN a THEN 1 END; SELECT 2;"
                                + " END",
                        "X"),
                postgres(
                        "body of a procedure in SQL",
                        "create procedure p(begin int)\nbegin atomic\n weekend; append; end;\nX;",
                        "create procedure p(begin int)\nbegin atomic\n weekend; append; end",
                        "X"),
                postgres("BEGIN elsewhere", "BEGIN; CREATE TABLE t (); END;", "BEGIN", "CREATE TABLE t ()", "END"),
                postgres(
                        "begin in the string of a function",
                        "CREATE FUNCTION f() AS 'begin;'; X;",
                        "CREATE FUNCTION f() AS 'begin;'",
                        "X"),
                postgres(
                        "client commands",
                        "\\restrict aB1\nSELECT 1;\r\n  \\unrestrict aB1\r\n\\q",
                        "\\restrict aB1",
                        "SELECT 1",
                        "\\unrestrict aB1",
                        "\\q"),
                postgres(
                        "COPY",
                        "COPY t (a) FROM stdin;\n1\t'\n\\N\n;\n\\.\n\nX;",
                        "COPY t (a) FROM stdin",
                        "rows:1\t'\n\\N\n;\n",
                        "X"),
                postgres(
                        "COPY in other words",
                        "copy \"from\" ( \"stdin\" )\nfrom STDIN with (null 'x') ; \r\na\r\n\\.\r\nX;",
                        "copy \"from\" ( \"stdin\" )\nfrom STDIN with (null 'x') ",
                        "rows:a\r\n",
                        "X"),
                postgres("COPY of no rows", "COPY t FROM stdin;\n\\.\nX;", "COPY t FROM stdin", "rows:", "X"),
                postgres(
                        "COPY of rows like the end",
                        "COPY t FROM stdin;\n\\.x\n\\\\.\n\\..\n\\.",
                        "COPY t FROM stdin",
                        "rows:\\.x\n\\\\.\n\\..\n"),
                postgres(
                        "other COPY",
                        "COPY t TO stdout; COPY t FROM 'stdin'; X;",
                        "COPY t TO stdout",
                        "COPY t FROM 'stdin'",
                        "X"),
                mysql("nothing", ""),
                mysql("two statements", "SELECT 1; SELECT\n2 ;", "SELECT 1", "SELECT\n2 "),
                mysql("no delimiter at the end", "SELECT 1;\nSELECT 2 \n", "SELECT 1", "SELECT 2"),
                mysql("byte order mark", "\uFEFFSELECT 1;", "SELECT 1"),
                mysql(
                        "quotes",
                        "SELECT 'a;''b;', \"c;\"\"d;\", `e;``f;\\`; X;",
                        "SELECT 'a;''b;', \"c;\"\"d;\", `e;``f;\\`",
                        "X"),
                mysql("escapes", "SELECT 'a\\';', \"\\\";\", '\\\\'; X;", "SELECT 'a\\';', \"\\\";\", '\\\\'", "X"),
                mysql("dashes with a blank", "SELECT 1 -- 2;\n, 5--\t6;\n; X;", "SELECT 1 -- 2;\n, 5--\t6;\n", "X"),
                mysql("dashes without a blank", "SELECT 5--3; X;", "SELECT 5--3", "X"),
                mysql("dashes at the end of the line", "--\n--\nSELECT 1 --\n;", "SELECT 1 --\n"),
                mysql("dashes at the end of the file", "SELECT 1;\n--", "SELECT 1"),
                mysql("hash comments", "# a;\nSELECT 1 # b;\n+ 2;", "SELECT 1 # b;\n+ 2"),
                mysql("comments do not nest", "/* a /* b */ SELECT 1;", "SELECT 1"),
                mysql(
                        "conditional comments",
                        "/*!40101 SET a = 'b;' */;\n/*M!100616 SET c */; /* d */ X;",
                        "/*!40101 SET a = 'b;' */",
                        "/*M!100616 SET c */",
                        "X"),
                mysql("hint", "/*+ NO_BKA(t) */ SELECT 1;", "/*+ NO_BKA(t) */ SELECT 1"),
                mysql(
                        "comment in a conditional comment",
                        "/*!50001 CREATE /* ; */ VIEW v */; X;",
                        "/*!50001 CREATE /* ; */ VIEW v */",
                        "X"),
                mysql("sandbox mark", "/*M!999999\\- enable the sandbox mode */ \n-- MariaDB dump\nX;", "X"),
                mysql("sandbox mark of the first releases", "/*!999999\\- enable the sandbox mode */ \nX;", "X"),
                mysql("sandbox mark behind a comment", "-- a\n/*!999999\\- enable the sandbox mode */\nX;", "X"),
                mysql(
                        "no backslash escapes",
                        "SET sql_mode = 'STRICT_TRANS_TABLES,NO_BACKSLASH_ESCAPES';SELECT '\\', \"\\\";X;",
                        "SET sql_mode = 'STRICT_TRANS_TABLES,NO_BACKSLASH_ESCAPES'",
                        "SELECT '\\', \"\\\"",
                        "X"),
                mysql(
                        "no backslash escapes for one routine",
                        "/*!50003 SET @saved_sql_mode = @@sql_mode */ ;/*!50003 SET sql_mode = 'NO_BACKSLASH_ESCAPES' */ ;"
                                + "SELECT '\\';SET @@SESSION.sql_mode := @saved_sql_mode;SELECT '\\';';X;",
                        "/*!50003 SET @saved_sql_mode = @@sql_mode */ ",
                        "/*!50003 SET sql_mode = 'NO_BACKSLASH_ESCAPES' */ ",
                        "SELECT '\\'",
                        "SET @@SESSION.sql_mode := @saved_sql_mode",
                        "SELECT '\\';'",
                        "X"),
                mysql(
                        "modes added and taken away",
                        "SET SESSION sql_mode = CONCAT(@@sql_mode, ',ANSI_QUOTES'), @a = 1;SELECT \"a\\\";"
                                + "SET sql_mode=(SELECT REPLACE(@@SESSION.sql_mode, 'ANSI_QUOTES', ''));SELECT \"a\\\";\";X;",
                        "SET SESSION sql_mode = CONCAT(@@sql_mode, ',ANSI_QUOTES'), @a = 1",
                        "SELECT \"a\\\"",
                        "SET sql_mode=(SELECT REPLACE(@@SESSION.sql_mode, 'ANSI_QUOTES', ''))",
                        "SELECT \"a\\\";\"",
                        "X"),
                mysql(
                        "ANSI among other assignments",
                        "/*!40101 SET @OLD_SQL_MODE=@@SQL_MODE, SQL_MODE='NO_AUTO_VALUE_ON_ZERO,ANSI' */;SELECT \"\\\";"
                                + "/*!40101 SET SQL_MODE=@OLD_SQL_MODE */;SELECT \"\\\";\";X;",
                        "/*!40101 SET @OLD_SQL_MODE=@@SQL_MODE, SQL_MODE='NO_AUTO_VALUE_ON_ZERO,ANSI' */",
                        "SELECT \"\\\"",
                        "/*!40101 SET SQL_MODE=@OLD_SQL_MODE */",
                        "SELECT \"\\\";\"",
                        "X"),
                mysql(
                        "modes of other names",
                        "SET sql_mode = 'PIPES_AS_CONCAT,IGNORE_SPACE';SELECT 'a\\';' || \"\\\";\";SET sql_mode=DEFAULT;X;",
                        "SET sql_mode = 'PIPES_AS_CONCAT,IGNORE_SPACE'",
                        "SELECT 'a\\';' || \"\\\";\"",
                        "SET sql_mode=DEFAULT",
                        "X"),
                mysql("parentheses do not matter", "SELECT (1; X;", "SELECT (1", "X"),
                mysql("no dollar quotes", "SELECT $$; X$$;", "SELECT $$", "X$$"),
                mysql("no body", "CREATE PROCEDURE p() BEGIN; END;", "CREATE PROCEDURE p() BEGIN", "END"),
                mysql(
                        "delimiter",
                        "DELIMITER ;;\nCREATE PROCEDURE p() BEGIN a; 'b;;'; END ;;\nX;;\n  delimiter ; \r\nY;",
                        "CREATE PROCEDURE p() BEGIN a; 'b;;'; END ",
                        "X",
                        "Y"),
                mysql(
                        "other delimiters",
                        "DELIMITER //\nSELECT 4/2//\nDELIMITER $$\nX;$$\nDELIMITER ;\nY;",
                        "SELECT 4/2",
                        "X;",
                        "Y"),
                mysql("delimiter without a word", "DELIMITER\nX;", "X"),
                mysql("delimiter at the end", "X;\nDELIMITER ;", "X"),
                mysql("a word that begins like delimiter", "DELIMITERS;", "DELIMITERS"),
                mysql("no COPY", "COPY t FROM stdin;\nX;", "COPY t FROM stdin", "X"));
    }

    @ParameterizedTest(name = "{1}: {0}")
    @MethodSource("scripts")
    void cutsWhereTheClientDoes(String what, Engine engine, String script, List<String> statements) throws IOException {
        byte[] bytes = script.getBytes(UTF_8);

        assertThat(read(engine, drop(bytes, Integer.MAX_VALUE))).isEqualTo(statements);
        assertThat(read(engine, drop(bytes, 1))).isEqualTo(statements);
        assertThat(read(engine, drop(bytes, 3))).isEqualTo(statements);
    }

    @Test
    void aBufferMayEndAnywhere() throws IOException {
        String tail = "SELECT 'a\\';', $x$;$x$, E'\\';', /* ; */ 1;\nCOPY t FROM stdin;\n\\N\n1\n\\.\nX;";
        List<String> statements = read(Engine.POSTGRESQL, tail);
        for (int before = 0; before < tail.length() + 2; before++) {
            String filler = "'" + "x".repeat((1 << 18) - 3 - before) + "';";

            assertThat(read(Engine.POSTGRESQL, filler + tail))
                    .as("%s characters before the buffer ends", before)
                    .hasSize(statements.size() + 1)
                    .endsWith(statements.toArray(String[]::new));
        }
    }

    @Test
    void aStatementMayBeLongerThanTheBuffer() throws IOException {
        String text = "INSERT INTO t VALUES ('" + "y".repeat(3_000_000) + "')";

        assertThat(read(Engine.MYSQL, text + ";" + text + "; X;")).containsExactly(text, text, "X");
    }

    @Test
    void bytesAreKeptAsTheyAre() throws IOException {
        byte[] bytes = new byte[256];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) i;
        }
        String raw = new String(bytes, ISO_8859_1).replace("'", "").replace("\\", "");
        byte[] script = ("SELECT '" + raw + "';").getBytes(ISO_8859_1);

        ScriptStatement statement =
                new ScriptReader(new ByteArrayInputStream(script), Engine.MYSQL.scriptSyntax()).next();

        assertThat(statement).isNotNull();
        assertThat(statement.buffer())
                .startsWith(script)
                .as("length of the text")
                .satisfies(buffer -> assertThat(statement.length()).isEqualTo(script.length - 1));
    }

    @Nested
    class Positions {

        private ScriptReader reader;

        private ScriptStatement next(Engine engine, String script) throws IOException {
            reader = new ScriptReader(new ByteArrayInputStream(script.getBytes(UTF_8)), engine.scriptSyntax());
            return reader.next();
        }

        @Test
        void linesAreCountedInEveryPart() throws IOException {
            ScriptStatement first = next(
                    Engine.POSTGRESQL,
                    "-- 1\n/* 2\n */\nSELECT 'a\n', $$\n$$, \"\n\", E'\\\n', /*\n*/ -- 9\n 2;\n\nCOPY t FROM stdin;\n1\n2\n\\.\nX;");
            assertThat(first.firstLine()).isEqualTo(4);
            assertThat(first.lastLine()).isEqualTo(10);

            ScriptStatement copy = reader.next();
            assertThat(copy.firstLine()).isEqualTo(12);
            reader.skipRows();
            assertThat(reader.copyRows()).isEqualTo(2);

            assertThat(reader.next().firstLine()).isEqualTo(16);
        }

        @Test
        void linesAreCountedAfterADelimiterLine() throws IOException {
            ScriptStatement first = next(Engine.MYSQL, "DELIMITER ;;\n\nX\n;;\nDELIMITER ;\nY;");

            assertThat(first.firstLine()).isEqualTo(3);
            assertThat(first.lastLine()).isEqualTo(4);
            assertThat(reader.next().firstLine()).isEqualTo(6);
        }

        @Test
        void anUnfinishedStatementEndsWithItsText() throws IOException {
            ScriptStatement first = next(Engine.MYSQL, "X\nY\n\n\n");

            assertThat(first.text()).isEqualTo("X\nY");
            assertThat(first.lastLine()).isEqualTo(2);
            assertThat(first.isTerminated()).isFalse();
        }

        @Test
        void groupsAreCountedOutsideOfStringsAndComments() throws IOException {
            assertThat(next(Engine.MYSQL, "INSERT INTO t (a, b) VALUES (1, '('),(f(2), 'x\\'(') /* ( */,(3, 4) -- (\n;")
                            .groups())
                    .isEqualTo(4);
        }

        @Test
        void rowsThatWereNotReadAreSkipped() throws IOException {
            assertThat(next(Engine.POSTGRESQL, "COPY t FROM stdin;\n1\n2\n3\n\\.\nX;")
                            .isFollowedByRows())
                    .isTrue();
            byte[] row = new byte[2];
            assertThat(reader.copyData().read(row)).isEqualTo(2);
            assertThat(row).asString(UTF_8).isEqualTo("1\n");

            assertThat(reader.next().text()).isEqualTo("X");
            assertThat(reader.copyRows()).isEqualTo(3);
            assertThat(reader.copyData().read()).isEqualTo(-1);
            assertThat(reader.next()).isNull();
        }

        @Test
        void rowsMayBeReadByteByByte() throws IOException {
            next(Engine.POSTGRESQL, "COPY t FROM stdin;\n\\N\n\u00e9\n\\.\nX;");
            InputStream rows = reader.copyData();
            StringBuilder text = new StringBuilder();
            for (int b = rows.read(); b >= 0; b = rows.read()) {
                text.append((char) b);
            }

            assertThat(text).hasToString("\\N\n\u00c3\u00a9\n");
            assertThat(reader.next().text()).isEqualTo("X");
        }

        @Test
        void bytesReadGrowToTheLengthOfTheScript() throws IOException {
            next(Engine.POSTGRESQL, "SELECT 1; SELECT 2;\n");
            assertThat(reader.bytesRead()).isEqualTo(9);
            reader.next();
            assertThat(reader.bytesRead()).isEqualTo(19);
            assertThat(reader.next()).isNull();
            assertThat(reader.bytesRead()).isEqualTo(20);
        }

        @ParameterizedTest
        @ValueSource(strings = {"SELECT 1 \\gexec\n;", "\\! ls\n;", "SELECT '\\' \\gexec ;"})
        void aCommandInsideAStatementIsFound(String script) throws IOException {
            assertThat(next(Engine.POSTGRESQL, script).metaCommand())
                    .hasValueSatisfying(
                            command -> assertThat(command).startsWith("\\").doesNotContain("\n"));
        }

        @Test
        void aBackslashInAStringIsNoCommand() throws IOException {
            assertThat(next(Engine.MYSQL, "SELECT '\\g', \"\\g\", `\\g` /* \\g */;")
                            .metaCommand())
                    .isEmpty();
        }

        @Test
        void anExcerptIsOneLine() throws IOException {
            assertThat(next(Engine.MYSQL, "SELECT\n   1,\t2;").excerpt()).isEqualTo("SELECT 1, 2");
            assertThat(next(Engine.MYSQL, "SELECT '" + "\ud83d\ude00".repeat(400) + "';")
                            .excerpt())
                    .hasSizeBetween(499, 500)
                    .endsWith("\ud83d\ude00…");
            assertThat(next(Engine.MYSQL, "SELECT 1;").kind()).isEqualTo(Kind.SQL);
        }
    }

    static Stream<Arguments> unterminated() {
        return Stream.of(
                Arguments.of(Engine.POSTGRESQL, "X;\n'a", "string that begins in line 2"),
                Arguments.of(Engine.POSTGRESQL, "X;\n\"a;", "quoted identifier that begins in line 2"),
                Arguments.of(Engine.POSTGRESQL, "X;\nSELECT\nE'\\'", "string that begins in line 3"),
                Arguments.of(Engine.POSTGRESQL, "$a$ $$ \n", "dollar-quoted string that begins in line 1"),
                Arguments.of(Engine.POSTGRESQL, "/* /* */", "comment that begins in line 1"),
                Arguments.of(
                        Engine.POSTGRESQL, "X;\nCOPY t FROM stdin;\n1\n", "rows of the COPY that begins in line 2"),
                Arguments.of(Engine.POSTGRESQL, "COPY t FROM stdin;", "rows of the COPY that begins in line 1"),
                Arguments.of(Engine.POSTGRESQL, "COPY t FROM stdin;\n1\n\\", "rows of the COPY that begins in line 1"),
                Arguments.of(Engine.MYSQL, "SELECT 'a\\'", "string that begins in line 1"),
                Arguments.of(Engine.MYSQL, "SELECT 'a\\", "string that begins in line 1"),
                Arguments.of(Engine.MYSQL, "\nSELECT \"a", "string that begins in line 2"),
                Arguments.of(Engine.MYSQL, "\nSELECT `a\\`` ;", "quoted identifier that begins in line 2"),
                Arguments.of(Engine.MYSQL, "\n\n/* a", "comment that begins in line 3"));
    }

    @ParameterizedTest
    @MethodSource("unterminated")
    void whatNeverEndsIsNamed(Engine engine, String script, String what) {
        assertThatThrownBy(() -> read(engine, script))
                .isInstanceOf(UnterminatedScriptException.class)
                .hasMessage("the script ends inside the " + what);
        assertThatThrownBy(() -> read(engine, drop(script.getBytes(UTF_8), 1)))
                .isInstanceOf(UnterminatedScriptException.class);
    }

    @Test
    void aStatementThatIsTooLongIsAnErrorAndManyShortOnesAreNot() throws IOException {
        int most = 1 << 20;
        String row = "INSERT INTO t VALUES ('" + "x".repeat(most / 2) + "');\n";
        ScriptReader reader = new ScriptReader(
                drop((row.repeat(3) + row.replace("x", "xxx")).getBytes(UTF_8), most),
                Engine.MYSQL.scriptSyntax(),
                (comment, line) -> {},
                most);

        for (int i = 0; i < 3; i++) {
            assertThat(reader.next()).isNotNull();
        }
        assertThatThrownBy(reader::next)
                .isInstanceOf(IOException.class)
                .hasMessage("a statement is longer than 1048576 bytes");
    }

    @Test
    void aStreamThatFailsIsReported() {
        InputStream broken = new FilterInputStream(InputStream.nullInputStream()) {
            @Override
            public int read(byte[] target, int offset, int length) throws IOException {
                throw new IOException("disk on fire");
            }
        };

        assertThatThrownBy(() -> read(Engine.MYSQL, broken))
                .isInstanceOf(IOException.class)
                .hasMessage("disk on fire");
    }
}
