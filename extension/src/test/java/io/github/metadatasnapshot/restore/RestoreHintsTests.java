package io.github.metadatasnapshot.restore;

import static io.github.metadatasnapshot.testsupport.Library.execute;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.metadatasnapshot.backup.Backup;
import io.github.metadatasnapshot.engine.Engine;
import io.github.metadatasnapshot.server.DatabaseServer;
import io.github.metadatasnapshot.server.ExternalSettings;
import io.github.metadatasnapshot.server.ServerProvider;
import io.github.metadatasnapshot.server.ServerSettings;
import io.github.metadatasnapshot.server.ServerSpec;
import io.github.metadatasnapshot.server.Servers;
import io.github.metadatasnapshot.server.TestDatabase;
import io.github.metadatasnapshot.testsupport.Images;
import io.github.metadatasnapshot.testsupport.Library;
import io.github.metadatasnapshot.testsupport.RequiresDocker;
import io.github.metadatasnapshot.testsupport.TakesTurns;
import io.github.metadatasnapshot.testsupport.TestServers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each cause is named where its condition holds, and not where the same error has another cause. */
@RequiresDocker
@TakesTurns(of = 3)
class RestoreHintsTests {

    private static final String NONE = "";
    private static final String MEMORY =
            "table m is in memory (ENGINE = MEMORY) and at its limit, which is no full disk: MAX_ROWS = 9, or what"
                    + " max_heap_table_size was where the table was created. Raise it there, among the server's options"
                    + " or in the session, or take another storage engine";

    private static final String NOT_EMPTY = "the target is not empty: a full backup goes into an empty database";
    private static final String CLEAN =
            "the dump was made by pg_dump --clean, which drops each object before it is created,"
                    + " and the target was empty: dump with --clean --if-exists, or without --clean";

    private static final String EMPTIES_SEARCH_PATH = "SELECT pg_catalog.set_config('search_path', '', false);\n";
    private static final String OUT_OF_SEARCH_PATH =
            "the body of function norm names word without its schema public, and the file empties the search_path, as"
                    + " pg_dump's do: write the schema in the function, or give it a SET search_path of its own";

    /** {@return a dump in which a row takes a function that reads a table} */
    private static String callsFunction(String setting, String table) {
        return """
                CREATE TABLE public.word (n text);
                CREATE FUNCTION public.norm(t text) RETURNS text
                    LANGUAGE plpgsql %s
                    AS $$ BEGIN RETURN (SELECT min(n) FROM %s); END $$;
                CREATE TABLE public.t (n text DEFAULT public.norm('a'));
                INSERT INTO public.t DEFAULT VALUES;
                """.formatted(setting, table);
    }

    /** {@return what makes a history that is at a version} */
    private static String history(int version) {
        return "INSERT INTO `flyway_schema_history` VALUES (1,'" + version + "','t','SQL','V" + version
                + "__t.sql',1,'app','2026-01-01 00:00:00',1,1);\n";
    }

    /**
     * A restore with an error.
     *
     * @param image the server
     * @param name what it shows
     * @param before what is in the target
     * @param dump the backup
     * @param error a part of the engine's message
     * @param cause the cause that is named, empty for none
     */
    private record Case(String image, String name, List<String> before, String dump, String error, String cause) {

        Case on(String other) {
            return new Case(other, name, before, dump, error, cause);
        }

        @Override
        public String toString() {
            return image + ", " + name;
        }
    }

    private static Case postgresql(String name, List<String> before, String dump, String error, String cause) {
        return new Case("postgres:13", name, before, dump, error, cause);
    }

    private static Case mysql(String name, List<String> before, String dump, String error, String cause) {
        return new Case("mysql:9.7", name, before, dump, error, cause);
    }

    static List<Case> onPostgreSql() {
        List<String> table = List.of("CREATE TABLE t (id int PRIMARY KEY, c int NOT NULL)");
        return List.of(
                postgresql("a table that was there", table, "CREATE TABLE public.t (id int);\n", "exists", NOT_EMPTY),
                postgresql(
                        "a table that is created twice",
                        List.of(),
                        "CREATE TABLE public.t (id int);\n".repeat(2),
                        "already exists",
                        NONE),
                postgresql(
                        "the schema public",
                        List.of(),
                        """

                        CREATE SCHEMA public;
                        CREATE TABLE public.t (id int);
                        """,
                        "schema \"public\" already exists",
                        "every new database has the schema public: delete line 2"),
                postgresql(
                        "the schema public, by pg_dump",
                        List.of(),
                        """
                        -- Dumped by pg_dump version 18.6
                        CREATE SCHEMA public;
                        CREATE TABLE public.t (id int);
                        """,
                        "schema \"public\" already exists",
                        "every new database has the schema public: delete line 2, which pg_dump writes where it is called"
                                + " with --schema=public, or dump without --schema"),
                postgresql(
                        "a psql that is older than the dump",
                        List.of(),
                        """
                        \\restrict Q1w2E3r4T5y6U7
                        CREATE TABLE public.t (id int);
                        \\unrestrict Q1w2E3r4T5y6U7
                        """,
                        "invalid command \\restrict",
                        "the dump was written by a pg_dump that protects its script by \\restrict, which the psql in the"
                                + " server's image is too old to know: delete the lines that begin with \\restrict and"
                                + " \\unrestrict, or name an image of 13.22, 14.19, 15.14, 16.10, 17.6 or later"),
                postgresql("a psql that is as new as the dump", List.of(), """
                        \\restrict Q1w2E3r4T5y6U7
                        CREATE TABLE public.t (id int);
                        CREATE TABLE public.t (id int);
                        \\unrestrict Q1w2E3r4T5y6U7
                        """, "already exists", NONE)
                        .on("postgres:17"),
                postgresql("pending triggers", List.of(), """
                        CREATE TABLE public.a (id int PRIMARY KEY);
                        CREATE TABLE public.b (a int REFERENCES public.a DEFERRABLE INITIALLY DEFERRED);
                        BEGIN;
                        INSERT INTO public.b VALUES (1);
                        ALTER TABLE public.b ADD c int;
                        COMMIT;
                        """, "it has pending trigger events", NONE),
                postgresql(
                        "a function that needs the search path",
                        List.of(),
                        EMPTIES_SEARCH_PATH + callsFunction("", "word"),
                        "relation \"word\" does not exist",
                        OUT_OF_SEARCH_PATH),
                postgresql(
                        "a function that names the schema",
                        List.of(),
                        EMPTIES_SEARCH_PATH + callsFunction("", "public.gone"),
                        "relation \"public.gone\" does not exist",
                        NONE),
                postgresql(
                        "a function that names what is nowhere",
                        List.of(),
                        EMPTIES_SEARCH_PATH + callsFunction("", "gone"),
                        "relation \"gone\" does not exist",
                        NONE),
                postgresql(
                        "a function with a search path of its own",
                        List.of(),
                        EMPTIES_SEARCH_PATH + callsFunction("SET search_path TO 'pg_catalog'", "word"),
                        "relation \"word\" does not exist",
                        NONE),
                postgresql(
                        "a function that needs another search path than that of every session",
                        List.of(),
                        "CREATE SCHEMA s;\nCREATE TABLE s.words (n text);\n" + callsFunction("", "words"),
                        "relation \"words\" does not exist",
                        NONE),
                postgresql("a schema that is created twice", List.of(), """
                        CREATE SCHEMA s;
                        CREATE SCHEMA s;
                        CREATE TABLE s.t (id int);
                        """, "already exists", NONE),
                postgresql("--clean of a table", List.of(), """
                        DROP TABLE public.t;
                        CREATE TABLE public.t (id int);
                        """, "does not exist", CLEAN),
                postgresql("--clean of a constraint", List.of(), """
                        ALTER TABLE ONLY public.t DROP CONSTRAINT t_pkey;
                        CREATE TABLE public.t (id int);
                        """, "does not exist", CLEAN),
                postgresql(
                        "a table that is dropped where others are",
                        List.of("CREATE TABLE u (id int)"),
                        """
                        DROP TABLE public.t;
                        CREATE TABLE public.t (id int);
                        """,
                        "does not exist",
                        NONE),
                postgresql(
                        "rows that were there",
                        List.of("CREATE TABLE t (id int PRIMARY KEY)", "INSERT INTO t VALUES (1)"),
                        """
                        CREATE TABLE IF NOT EXISTS public.t (id int);
                        INSERT INTO public.t VALUES (1);
                        """,
                        "duplicate key",
                        "the target already holds rows: table t had 1 before the restore"),
                postgresql(
                        "two rows with one key",
                        List.of("CREATE TABLE t (id int PRIMARY KEY)"),
                        "INSERT INTO public.t VALUES (1), (1);\n",
                        "duplicate key",
                        NONE),
                postgresql(
                        "a table of another version",
                        table,
                        "INSERT INTO public.gone VALUES (1);\n",
                        "relation \"public.gone\" does not exist",
                        "the target has no such table: its schema, at no version, is not the one that the backup was"
                                + " taken from, at no version"),
                postgresql("a view of a table that is nowhere", List.of(), """
                        CREATE TABLE public.t (id int);
                        CREATE VIEW public.v AS SELECT 1 FROM public.gone;
                        """, "does not exist", NONE),
                postgresql(
                        "a column of another version",
                        table,
                        "INSERT INTO public.t (id, gone) VALUES (1, 2);\n",
                        "column \"gone\" of relation \"t\" does not exist",
                        "the target's table t has no column gone: its schema, at no version, is not the one that the"
                                + " backup was taken from, at no version"),
                postgresql("a view of a column that is nowhere", List.of(), """
                        CREATE TABLE public.t (id int);
                        CREATE VIEW public.v AS SELECT gone FROM public.t;
                        """, "does not exist", NONE),
                postgresql(
                        "a column that the backup does not have",
                        table,
                        "INSERT INTO public.t (id) VALUES (1);\n",
                        "violates not-null constraint",
                        "the target demands a value for column c of table t, which the backup does not have"),
                postgresql(
                        "a NULL in the backup",
                        table,
                        "INSERT INTO public.t (id, c) VALUES (1, NULL);\n",
                        "violates not-null constraint",
                        NONE),
                postgresql(
                        "a foreign key that the backup's own rows break",
                        List.of(),
                        """
                        CREATE TABLE public.a (id int PRIMARY KEY);
                        CREATE TABLE public.b (a int CONSTRAINT b_a REFERENCES public.a);
                        INSERT INTO public.a VALUES (1);
                        INSERT INTO public.b VALUES (7);
                        """,
                        "violates foreign key constraint",
                        NONE),
                postgresql(
                        "an owner",
                        List.of(),
                        """
                        CREATE TABLE public.t (id int);
                        SET SESSION AUTHORIZATION pg_monitor;
                        ALTER TABLE public.t OWNER TO pg_monitor;
                        """,
                        "must be owner",
                        "the dump sets owners and privileges, which the connected user may not: dump with --no-owner"
                                + " --no-privileges"),
                postgresql("another privilege", List.of(), """
                        CREATE TABLE public.t (id int);
                        SET SESSION AUTHORIZATION pg_monitor;
                        INSERT INTO public.t VALUES (1);
                        """, "permission denied", NONE),
                postgresql(
                        "a setting that no server has", List.of(), """
                        SET no_such_setting = 0;
                        CREATE TABLE public.t (id int);
                        """, "unrecognized configuration parameter", NONE),
                postgresql(
                        "an extension that the image lacks",
                        List.of(),
                        """
                        CREATE EXTENSION IF NOT EXISTS vector WITH SCHEMA public;
                        CREATE TABLE public.t (id int);
                        """,
                        "could not open extension control file",
                        "the server of postgres:13 does not have the extension vector: name an image that has it, such"
                                + " as pgvector/pgvector:pg13, or take the extension out of the dump where only its cloud"
                                + " service needs it"),
                postgresql(
                        "an extension of a cloud",
                        List.of(),
                        """
                        CREATE EXTENSION google_vacuum_mgmt;
                        CREATE TABLE public.t (id int);
                        """,
                        "could not open extension control file",
                        "the server of postgres:13 does not have the extension google_vacuum_mgmt: name an image that"
                                + " has it, or take the extension out of the dump where only its cloud service needs it"),
                postgresql("a release of an extension that the image lacks", List.of(), """
                        CREATE EXTENSION citext VERSION '9.9';
                        CREATE TABLE public.t (id int);
                        """, "9.9", NONE),
                postgresql(
                        "a type of an extension that a dump of one schema leaves out",
                        List.of(),
                        "CREATE TABLE public.account (email public.citext NOT NULL);\n",
                        "type \"public.citext\" does not exist",
                        "citext is of the extension citext, which the server has and the dump does not create: pg_dump"
                                + " leaves CREATE EXTENSION out where it is called with --schema or --table. Put CREATE"
                                + " EXTENSION \"citext\"; at its head, or dump without --schema"),
                postgresql(
                        "a function of an extension that a dump of one schema leaves out",
                        List.of(),
                        "CREATE TABLE public.t (id uuid DEFAULT public.uuid_generate_v4());\n",
                        "function public.uuid_generate_v4() does not exist",
                        "uuid_generate_v4 is of the extension uuid-ossp, which the server has and the dump does not"
                                + " create: pg_dump leaves CREATE EXTENSION out where it is called with --schema or"
                                + " --table. Put CREATE EXTENSION \"uuid-ossp\"; at its head, or dump without --schema"),
                postgresql(
                        "a type that no extension has",
                        List.of(),
                        "CREATE TABLE public.t (id public.mood);\n",
                        "does not exist",
                        NONE));
    }

    static List<Case> onMySql() {
        List<String> table = List.of("CREATE TABLE t (id int PRIMARY KEY, c int NOT NULL)");
        return List.of(
                mysql("a table that was there", table, "CREATE TABLE `t` (id int);\n", "already exists", NOT_EMPTY),
                mysql(
                        "a table that is created twice",
                        List.of(),
                        "CREATE TABLE `t` (id int);\n".repeat(2),
                        "already exists",
                        NONE),
                mysql(
                        "a table in memory, with a key",
                        List.of(),
                        "SET max_heap_table_size = 16384;\nCREATE TABLE `m` (c CHAR(250)) ENGINE=MEMORY MAX_ROWS=9;\n"
                                + "INSERT INTO `m` VALUES ('a');\n".repeat(100),
                        "The table 'm' is full",
                        MEMORY),
                mysql(
                        "rows that were there",
                        List.of("CREATE TABLE t (id int PRIMARY KEY)", "INSERT INTO t VALUES (1)"),
                        """
                        CREATE TABLE IF NOT EXISTS `t` (id int);
                        INSERT INTO `t` VALUES (1);
                        """,
                        "Duplicate",
                        "the target already holds rows: table t had 1 before the restore"),
                mysql(
                        "two rows with one key",
                        List.of("CREATE TABLE t (id int PRIMARY KEY)"),
                        "INSERT INTO `t` VALUES (1),(1);\n",
                        "Duplicate",
                        NONE),
                mysql(
                        "a table of another version",
                        table,
                        "INSERT INTO `gone` VALUES (1);\n",
                        "gone' doesn't exist",
                        "the target has no such table: its schema, at no version, is not the one that the backup was"
                                + " taken from, at no version"),
                mysql("a view of a table that is nowhere", List.of(), """
                        CREATE TABLE `t` (id int);
                        CREATE VIEW `v` AS SELECT 1 FROM gone;
                        """, "doesn't exist", NONE),
                mysql(
                        "a column of another version",
                        table,
                        "INSERT INTO `t` (`id`, `gone`) VALUES (1, 2);\n",
                        "Unknown column 'gone'",
                        "the target's table t has no column gone: its schema, at no version, is not the one that the"
                                + " backup was taken from, at no version"),
                mysql("a view of a column that is nowhere", List.of(), """
                        CREATE TABLE `t` (id int);
                        CREATE VIEW `v` AS SELECT gone FROM t;
                        """, "Unknown column", NONE),
                mysql(
                        "a number of values that the dump itself gets wrong",
                        table,
                        "INSERT INTO `t` VALUES (1);\n",
                        "Column count doesn't match",
                        NONE),
                mysql(
                        "a number of values for another version",
                        List.of(
                                table.get(0),
                                "CREATE TABLE flyway_schema_history (installed_rank int PRIMARY KEY, version varchar(50),"
                                        + " description varchar(200), type varchar(20), script varchar(1000), checksum int,"
                                        + " installed_by varchar(100), installed_on timestamp DEFAULT CURRENT_TIMESTAMP,"
                                        + " execution_time int, success bool)",
                                history(2)),
                        "INSERT INTO `t` VALUES (1);\n" + history(1),
                        "Column count doesn't match",
                        "the target's table t has other columns: its schema, at 2, is not the one that the backup was taken"
                                + " from, at 1"),
                mysql(
                        "values of a generated column in a dump of MariaDB",
                        List.of(),
                        """
                        -- MariaDB dump 10.20-11.8.9-MariaDB, for debian-linux-gnu (x86_64)
                        CREATE TABLE `g` (a int, b int GENERATED ALWAYS AS (a + 1) STORED);
                        INSERT INTO `g` VALUES (1,2);
                        -- Dump completed
                        """,
                        "The value specified for generated column",
                        "the dump holds values of generated columns, as MariaDB takes them back and MySQL does not: dump a"
                                + " table's other columns alone, or restore into MariaDB"),
                mysql(
                        "values of a generated column in another dump",
                        List.of(),
                        """
                        CREATE TABLE `g` (a int, b int GENERATED ALWAYS AS (a + 1) STORED);
                        INSERT INTO `g` VALUES (1,2);
                        """,
                        "The value specified for generated column",
                        NONE),
                mysql(
                        "a value with the words of other errors",
                        List.of(),
                        "CREATE TABLE `t` (v varchar(200) PRIMARY KEY);\n"
                                + ("INSERT INTO `t` VALUES ('log_bin_trust_function_creators NO_AUTO_CREATE_USER"
                                                + " GTID_PURGED generated column');\n")
                                        .repeat(2),
                        "Duplicate entry 'log_bin",
                        NONE),
                mysql(
                        "a value with the words of a lock",
                        List.of(),
                        "CREATE TABLE `t` (v varchar(200) PRIMARY KEY);\n"
                                + "INSERT INTO `t` VALUES ('Lock wait timeout exceeded; try restarting transaction');\n"
                                        .repeat(2),
                        "Duplicate entry 'Lock wait",
                        NONE),
                mysql(
                                "GTIDs",
                                List.of(),
                                """
                                SET @@GLOBAL.GTID_PURGED=/*!80000 '+'*/ '3E11FA47-71CA-11E1-9E33-C80AA9429562:1-5';
                                CREATE TABLE `t` (id int);
                                """,
                                "Unknown system variable",
                                "the dump carries GTIDs of MySQL, which MariaDB does not know: dump with"
                                        + " --set-gtid-purged=OFF")
                        .on("mariadb:11.8"),
                mysql(
                                "a variable that no server has",
                                List.of(),
                                "SET @@SESSION.NO_SUCH_VARIABLE= 0;\nCREATE TABLE `t` (id int);\n",
                                "Unknown system variable",
                                NONE)
                        .on("mariadb:11.8"),
                mysql(
                        "a column that the backup does not have",
                        table,
                        "INSERT INTO `t` (`id`) VALUES (1);\n",
                        "doesn't have a default value",
                        "the target demands a value for column c of table t, which the backup does not have"),
                mysql(
                        "a NULL in the backup",
                        table,
                        "INSERT INTO `t` (`id`, `c`) VALUES (1, NULL);\n",
                        "cannot be null",
                        NONE),
                mysql(
                        "a foreign key to a table that the backup has no rows of",
                        List.of("CREATE TABLE a (id int PRIMARY KEY)"),
                        """
                        CREATE TABLE `b` (a int, CONSTRAINT b_a FOREIGN KEY (a) REFERENCES a (id));
                        INSERT INTO `b` VALUES (7);
                        """,
                        "foreign key constraint fails",
                        "the backup holds no rows of table a, to which b_a refers"),
                mysql(
                        "a foreign key that the backup's own rows break",
                        List.of(),
                        """
                        CREATE TABLE `a` (id int PRIMARY KEY);
                        CREATE TABLE `b` (a int, CONSTRAINT b_a FOREIGN KEY (a) REFERENCES a (id));
                        INSERT INTO `a` VALUES (1);
                        INSERT INTO `b` VALUES (7);
                        """,
                        "foreign key constraint fails",
                        NONE),
                mysql(
                        "a SQL mode that MySQL 8 removed",
                        List.of(),
                        """

                        SET sql_mode = 'NO_AUTO_CREATE_USER,STRICT_TRANS_TABLES';
                        CREATE TABLE `t` (id int);
                        """,
                        "NO_AUTO_CREATE_USER",
                        "MySQL 8 no longer has the SQL mode NO_AUTO_CREATE_USER, which dumps of MySQL 5.7 set: take the"
                                + " word out of the modes that line 2 sets"),
                mysql("a SQL mode that no server has", List.of(), """
                        SET sql_mode = 'NO_SUCH_MODE';
                        CREATE TABLE `t` (id int);
                        """, "NO_SUCH_MODE", NONE),
                mysql(
                        "a collation of MariaDB",
                        List.of(),
                        """
                        -- MariaDB dump 10.20-11.8.9-MariaDB, for debian-linux-gnu (x86_64)
                        CREATE TABLE `t` (id int) CHARSET=utf8mb4 COLLATE=utf8mb4_uca1400_ai_ci;
                        -- Dump completed
                        """,
                        "Unknown collation",
                        "utf8mb4_uca1400_ai_ci is a collation of MariaDB, which mysql:9.7 does not have: the dump was"
                                + " taken from MariaDB. Restore it into MariaDB, or give the tables a collation that both"
                                + " have, such as utf8mb4_unicode_ci, before they are dumped"),
                mysql(
                        "a collation that no server has",
                        List.of(),
                        "CREATE TABLE `t` (id int) CHARSET=utf8mb4 COLLATE=utf8mb4_no_such_ci;\n",
                        "Unknown collation",
                        NONE));
    }

    static Stream<Case> cases() {
        return Stream.of(
                        onPostgreSql().stream(),
                        onMySql().stream(),
                        onMySql().stream()
                                .filter(each -> each.image().startsWith("mysql"))
                                .filter(each -> each.error().equals("Unknown collation")
                                        || each.name().contains("version")
                                        || each.name().contains("key")
                                        || each.name().contains("words"))
                                .filter(each -> !each.name().contains("collation of MariaDB"))
                                .map(each -> each.on("mariadb:11.8")))
                .flatMap(each -> each);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void aCauseIsNamedWhereItWasLookedUp(Case restore, @TempDir Path directory) throws IOException {
        Path file = directory.resolve("dump.sql");
        Files.writeString(file, restore.dump());
        try (TestDatabase database = TestServers.container(restore.image()).createDatabase()) {
            execute(database, restore.before().toArray(String[]::new));
            Restore run = restore(database, file, new DocumentedClient());

            assertThat(run.describeErrors()).anySatisfy(error -> {
                assertThat(error).contains(restore.error());
                if (restore.cause().isEmpty()) {
                    assertThat(error).doesNotContain("likely cause");
                } else {
                    assertThat(error).endsWith("\nlikely cause: " + restore.cause());
                }
            });
        }
    }

    @Test
    void aSettingOfALaterReleaseIsNamedAndDoesNotCountWhereTheClientGoesOn(@TempDir Path directory) throws IOException {
        String dump = """
                -- Dumped by pg_dump version 18.6
                SET statement_timeout = 0;
                SET transaction_timeout = 0;
                CREATE TABLE public.t (id int);
                COPY public.t (id) FROM stdin;
                1
                \\.
                """;
        Path file = Files.writeString(directory.resolve("dump.sql"), dump);
        Path function = Files.writeString(
                directory.resolve("function.sql"),
                dump
                        + "CREATE FUNCTION public.f() RETURNS int LANGUAGE sql SET transaction_timeout = '1s' AS 'SELECT 1';\n");
        DatabaseServer server = TestServers.container("postgres:13");
        try (TestDatabase one = server.createDatabase();
                TestDatabase two = server.createDatabase();
                TestDatabase three = server.createDatabase()) {
            Restore documented = restore(one, file, new DocumentedClient());
            assertThat(documented.verdict()).isEqualTo(RestoreVerdict.RESTORED);
            assertThat(documented.describeErrors()).isEmpty();
            assertThat(documented.notes())
                    .containsExactly(
                            "not set, as the server of release 13 does not have it: transaction_timeout, by pg_dump"
                                    + " 18.6, for the session of the restore alone");

            Restore lost = restore(two, function, new DocumentedClient());
            assertThat(lost.verdict()).isEqualTo(RestoreVerdict.SILENTLY_ACCEPTED);
            assertThat(lost.describeErrors())
                    .singleElement()
                    .asString()
                    .startsWith("line 8: unrecognized configuration parameter \"transaction_timeout\"");

            Restore strict = restore(three, file, new StrictClient());
            assertThat(strict.verdict()).isEqualTo(RestoreVerdict.ROLLED_BACK);
            assertThat(strict.describeErrors())
                    .singleElement()
                    .asString()
                    .endsWith(
                            "\nlikely cause: pg_dump 18.6 wrote the dump, and the server is 13, which does not have this"
                                    + " setting: delete line 3, which changes nothing of the data, or dump by the pg_dump of"
                                    + " release 13");
        }
    }

    /** What a single transaction created is in the file only, once it is undone. */
    @Test
    void whatTheSearchPathLeavesOutIsLookedUpInAFileThatWasUndone(@TempDir Path directory) throws IOException {
        Path file = Files.writeString(
                directory.resolve("dump.sql"),
                EMPTIES_SEARCH_PATH + callsFunction("", "word").replace("\r", ""));
        try (TestDatabase database = TestServers.container("postgres:13").createDatabase()) {
            Restore run = restore(database, file, new StrictClient());

            assertThat(run.verdict()).isEqualTo(RestoreVerdict.ROLLED_BACK);
            assertThat(run.describeErrors())
                    .singleElement()
                    .asString()
                    .endsWith("\nlikely cause: " + OUT_OF_SEARCH_PATH);
        }
    }

    @ParameterizedTest
    @Images({"mysql:9.7", "mariadb:11.8"})
    void aLockThatAnotherSessionHoldsIsNamed(String image, @TempDir Path directory) throws Exception {
        Path file = Files.writeString(directory.resolve("dump.sql"), """
                CREATE TABLE `u` (id int);
                SET innodb_lock_wait_timeout = 1;
                UPDATE `t` SET id = 2;
                """);
        try (TestDatabase database = TestServers.container(image).createDatabase()) {
            execute(database, "CREATE TABLE t (id int PRIMARY KEY)", "INSERT INTO t VALUES (1)");
            try (Connection other = database.open();
                    var statement = other.createStatement()) {
                other.setAutoCommit(false);
                statement.execute("UPDATE t SET id = 3");
                Restore run = restore(database, file, new DocumentedClient());

                assertThat(run.describeErrors())
                        .singleElement()
                        .asString()
                        .startsWith("line 3: Lock wait timeout exceeded; ")
                        .endsWith(
                                "\nlikely cause: another session holds the lock, perhaps a connection of the test with an"
                                        + " open transaction");
            }
        }
    }

    /** The user of a server in a container may do all of it. */
    @ParameterizedTest
    @Images({"mysql:9.7", "mariadb:11.8"})
    void whatAnOrdinaryUserMayNotDoIsNamed(String image, @TempDir Path directory) throws IOException {
        ServerSpec spec = ServerSpec.parse(image);
        try (TestDatabase only = TestServers.container(image).createDatabase()) {
            String user = "u" + only.name();
            execute(
                    only,
                    "CREATE USER " + user + "@'%' IDENTIFIED BY 's3cret'",
                    "GRANT ALL ON " + only.name() + ".* TO " + user + "@'%'");
            ExternalSettings login = new ExternalSettings(only.jdbcUrl(), user, "s3cret", true);
            try (Servers servers =
                    new Servers(new ServerSettings(ServerProvider.EXTERNAL, Map.of(spec.engine(), login)))) {
                DatabaseServer server = servers.get(spec);
                assertCause(
                        server,
                        Files.writeString(
                                directory.resolve("definer.sql"),
                                "CREATE DEFINER=root@localhost VIEW v AS SELECT 1;\n"),
                        "you need (at least one of) the",
                        "the statement names another DEFINER than the connected user, which only an administrator may: take"
                                + " DEFINER=… out of the dump, as mysqldump has no option to leave it out");
                assertCause(
                        server,
                        Files.writeString(
                                directory.resolve("table.sql"),
                                "CREATE DEFINER=CURRENT_USER VIEW v AS SELECT User FROM mysql.user;\n"),
                        "denied to user",
                        NONE);
                if (spec.engine() == Engine.MARIADB) {
                    assertCause(
                            server,
                            Files.writeString(
                                    directory.resolve("log.sql"),
                                    "SET @@SESSION.SQL_LOG_BIN= 0;\nCREATE TABLE t (id INT);\n"),
                            "Access denied; you need",
                            "the dump carries GTIDs, and beside them keeps the restore out of the binary log, which only an"
                                    + " administrator may: dump with --set-gtid-purged=OFF");
                }
            }
            execute(only, "DROP USER " + user + "@'%'");
        }
    }

    private static void assertCause(DatabaseServer server, Path dump, String error, String cause) {
        try (TestDatabase database = server.createDatabase()) {
            assertThat(restore(database, dump, new DocumentedClient()).describeErrors())
                    .singleElement()
                    .asString()
                    .contains(error)
                    .satisfies(text -> {
                        if (cause.isEmpty()) {
                            assertThat(text).doesNotContain("likely cause");
                        } else {
                            assertThat(text).endsWith("\nlikely cause: " + cause);
                        }
                    });
        }
    }

    private static Restore restore(TestDatabase database, Path file, RestoreProcedure procedure) {
        return Restore.run(
                database,
                Backup.locate("file:" + file, RestoreHintsTests.class.getClassLoader()),
                procedure,
                Library.migrator(database.engine()).historyTable());
    }
}
