package io.github.metadatasnapshot.restore;

import static io.github.metadatasnapshot.testsupport.Library.execute;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.metadatasnapshot.backup.Backup;
import io.github.metadatasnapshot.server.TestDatabase;
import io.github.metadatasnapshot.testsupport.Library;
import io.github.metadatasnapshot.testsupport.RequiresDocker;
import io.github.metadatasnapshot.testsupport.TakesTurns;
import io.github.metadatasnapshot.testsupport.TestServers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each cause is named where its condition holds, and not where the same error has another cause. */
@RequiresDocker
@TakesTurns(of = 3)
class RestoreHintsTests {

    private static final String NONE = "";
    private static final String NOT_EMPTY = "the target is not empty: a full backup goes into an empty database";
    private static final String CLEAN =
            "the dump was made by pg_dump --clean, which drops each object before it is created,"
                    + " and the target was empty: dump with --clean --if-exists, or without --clean";

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
                        "pg_dump writes CREATE SCHEMA public where it is called with --schema=public, and every new"
                                + " database has that schema: delete line 2, or dump without --schema"),
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
                        "a setting of a newer pg_dump",
                        List.of(),
                        """
                        -- Dumped by pg_dump version 18.6
                        SET transaction_timeout = 0;
                        CREATE TABLE public.t (id int);
                        """,
                        "unrecognized configuration parameter",
                        "pg_dump 18.6 wrote the dump, and the server is 13, which does not have this setting: delete"
                                + " line 2, which changes nothing of the data, or dump by the pg_dump of release 13"),
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
                                .filter(each -> each.error().equals("Unknown collation")
                                        || each.name().contains("version")
                                        || each.name().contains("key"))
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
            Restore run = Restore.run(
                    database,
                    Backup.locate("file:" + file, getClass().getClassLoader()),
                    new DocumentedClient(),
                    Library.migrator(database.engine()).historyTable());

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
}
