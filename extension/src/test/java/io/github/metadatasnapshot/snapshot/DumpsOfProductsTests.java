package io.github.metadatasnapshot.snapshot;

import static io.github.metadatasnapshot.testsupport.Library.execute;
import static io.github.metadatasnapshot.testsupport.Library.query;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.metadatasnapshot.assertion.MetadataSnapshotAssertions;
import io.github.metadatasnapshot.backup.Backup;
import io.github.metadatasnapshot.engine.Engine;
import io.github.metadatasnapshot.engine.TableDigest;
import io.github.metadatasnapshot.engine.TableName;
import io.github.metadatasnapshot.migration.CleanInstall;
import io.github.metadatasnapshot.migration.Migrator;
import io.github.metadatasnapshot.migration.Upgrade;
import io.github.metadatasnapshot.restore.ClientReport;
import io.github.metadatasnapshot.restore.DocumentedClient;
import io.github.metadatasnapshot.restore.JdbcLoad;
import io.github.metadatasnapshot.restore.Restore;
import io.github.metadatasnapshot.restore.RestoreOptions;
import io.github.metadatasnapshot.restore.RestoreProcedure;
import io.github.metadatasnapshot.restore.RestoreVerdict;
import io.github.metadatasnapshot.restore.SecondLoad;
import io.github.metadatasnapshot.restore.StrictClient;
import io.github.metadatasnapshot.server.DatabaseServer;
import io.github.metadatasnapshot.server.TestDatabase;
import io.github.metadatasnapshot.testsupport.Exhaustive;
import io.github.metadatasnapshot.testsupport.RequiresDocker;
import io.github.metadatasnapshot.testsupport.Sample;
import io.github.metadatasnapshot.testsupport.Scripts;
import io.github.metadatasnapshot.testsupport.TakesTurns;
import io.github.metadatasnapshot.testsupport.TestKit;
import io.github.metadatasnapshot.testsupport.TestServers;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Dumps of databases that have what real products' have, written by the engines' own tools: each goes in whole, by the client
 * and over JDBC, or the message says what it is.
 */
@RequiresDocker
@TakesTurns(of = 4)
class DumpsOfProductsTests {

    private static final String THING = """
            CREATE TABLE thing (id integer PRIMARY KEY, name varchar(40) NOT NULL);
            INSERT INTO thing VALUES (1, 'seeded');
            """;

    /**
     * A database and how it is dumped.
     *
     * @param what what is special about it
     * @param migration what the only migration does beside creating and filling the table {@code thing}
     * @param usage what users do
     * @param full options of a full dump
     * @param data options of a data-only dump, none where there is none
     * @param change what becomes of the file
     * @param altered whether the change is of the rows
     * @param byJdbc whether it goes in over JDBC too
     */
    private record Case(
            String what,
            String migration,
            String usage,
            List<String> full,
            List<String> data,
            UnaryOperator<byte[]> change,
            boolean altered,
            boolean byJdbc) {

        Case changed(UnaryOperator<byte[]> by) {
            return new Case(what, migration, usage, full, data, by, altered, byJdbc);
        }

        Case followedBy(String... statements) {
            return new Case(what, migration, usage, full, data, after(statements), true, byJdbc);
        }

        Case options(String... options) {
            return new Case(what, migration, usage, join(full, options), join(data, options), change, altered, byJdbc);
        }

        Case fullOnly() {
            return new Case(what, migration, usage, full, List.of(), change, altered, byJdbc);
        }

        Case clientOnly() {
            return new Case(what, migration, usage, full, data, change, altered, false);
        }

        private static List<String> join(List<String> some, String... others) {
            List<String> all = new ArrayList<>(some);
            all.addAll(List.of(others));
            return all;
        }

        @Override
        public String toString() {
            return what;
        }
    }

    private static Case postgresql(String what, String migration, String usage) {
        return new Case(what, migration, usage, List.of(), List.of("--data-only"), bytes -> bytes, false, true);
    }

    private static Case mysql(String what, String migration, String usage) {
        return new Case(
                what,
                migration,
                usage,
                List.of("--routines", "--triggers"),
                List.of("--no-create-info", "--skip-triggers"),
                bytes -> bytes,
                false,
                true);
    }

    private static UnaryOperator<byte[]> after(String... lines) {
        return bytes -> concat(bytes, (String.join("\n", lines) + "\n").getBytes(UTF_8));
    }

    private static byte[] behindByteOrderMark(byte[] bytes) {
        return concat(new byte[] {(byte) 0xef, (byte) 0xbb, (byte) 0xbf}, bytes);
    }

    private static byte[] concat(byte[] one, byte[] other) {
        ByteArrayOutputStream both = new ByteArrayOutputStream();
        both.writeBytes(one);
        both.writeBytes(other);
        return both.toByteArray();
    }

    /** Changes a text, byte by byte. */
    private static UnaryOperator<byte[]> replaced(String regex, String replacement) {
        Charset latin1 = Charset.forName("ISO-8859-1");
        return bytes -> new String(bytes, latin1).replaceAll(regex, replacement).getBytes(latin1);
    }

    abstract static class OnAServer {

        @TempDir
        private Path directory;

        abstract DatabaseServer server();

        final Scripts scripts(String migration) throws IOException {
            return new Scripts(Files.createTempDirectory(directory, "db")).with("V1__init.sql", THING + migration);
        }

        final Migrator migrator(String migration) throws IOException {
            return scripts(migration).migrator(server().engine());
        }

        static TestDatabase migrated(DatabaseServer server, Migrator migrator) {
            return new Snapshot(migrator, Optional.of("1"), Optional.empty()).create(server);
        }

        final Backup dump(TestDatabase database, List<String> options, UnaryOperator<byte[]> change)
                throws IOException {
            return dump(database, options, change, 0);
        }

        final Backup dump(TestDatabase database, List<String> options, UnaryOperator<byte[]> change, int expectedStatus)
                throws IOException {
            Engine engine = database.engine();
            boolean postgresql = engine == Engine.POSTGRESQL;
            List<String> command = new ArrayList<>(List.of(
                    postgresql ? "pg_dump" : engine == Engine.MYSQL ? "mysqldump" : "mariadb-dump",
                    "-h127.0.0.1",
                    postgresql ? "-U" + database.user() : "-u" + database.user()));
            command.addAll(options);
            command.add(database.name());
            ByteArrayOutputStream output = new ByteArrayOutputStream();
            ByteArrayOutputStream errors = new ByteArrayOutputStream();
            int status = database.server()
                    .clientHost()
                    .orElseThrow()
                    .run(
                            command,
                            Map.of(engine.passwordVariable(), database.password()),
                            InputStream.nullInputStream(),
                            output,
                            errors);
            assertThat(status).as(errors.toString(UTF_8)).isEqualTo(expectedStatus);
            return file(change.apply(output.toByteArray()));
        }

        final Backup file(byte[] content) throws IOException {
            Path file = Files.createTempFile(directory, "backup", ".sql");
            Files.write(file, content);
            return Backup.of(file);
        }

        static SortedMap<TableName, TableDigest> rows(TestDatabase database, Migrator migrator) {
            return Restores.look(database, migrator).digests();
        }

        /** Makes the dumps of a case and loads each by the client and over JDBC. */
        final void goesInWhole(Case each) throws IOException {
            Migrator migrator = migrator(each.migration());
            try (TestDatabase source = migrated(server(), migrator)) {
                use(source, each.usage());
                SortedMap<TableName, TableDigest> rows = each.altered() ? null : rows(source, migrator);
                for (List<String> options :
                        each.data().isEmpty() ? List.of(each.full()) : List.of(each.full(), each.data())) {
                    Backup backup = dump(source, options, each.change());
                    try (TestDatabase byClient =
                            new Snapshot(migrator, Optional.of("1"), Optional.of(backup)).create(server())) {
                        rows = rows == null ? rows(byClient, migrator) : rows;
                        assertThat(rows(byClient, migrator))
                                .as("rows by the client, %s", options)
                                .isEqualTo(rows);
                    }
                    if (each.byJdbc()) {
                        overJdbc(backup, options == each.data(), migrator, rows);
                    }
                }
            }
        }

        private void overJdbc(
                Backup backup, boolean dataOnly, Migrator migrator, SortedMap<TableName, TableDigest> rows) {
            Supplier<TestDatabase> databases =
                    () -> dataOnly ? migrated(server(), migrator) : server().createDatabase();
            try (TestDatabase target = databases.get()) {
                Restore restore = Restore.run(
                        target,
                        Optional.empty(),
                        backup,
                        new JdbcLoad(),
                        migrator.historyTable(),
                        RestoreOptions.NONE.with(new SecondLoad(databases)));
                assertThat(restore.describeErrors()).isEmpty();
                assertThat(restore.unfaithful()).isEmpty();
                assertThat(restore.verdict()).isEqualTo(RestoreVerdict.RESTORED);
                assertThat(rows(target, migrator)).as("rows over JDBC").isEqualTo(rows);
            }
        }

        static void use(TestDatabase database, String usage) {
            execute(
                    database,
                    Stream.of(usage.split(";\n"))
                            .map(String::strip)
                            .filter(sql -> !sql.isEmpty())
                            .toArray(String[]::new));
        }
    }

    @Nested
    @TakesTurns(of = 4)
    class OnPostgreSql extends OnAServer {

        @Override
        DatabaseServer server() {
            return TestServers.container("postgres:17");
        }

        static Stream<Case> cases() {
            return Sample.of(all(), 3, 3);
        }

        private static List<Case> all() {
            return List.of(
                    postgresql(
                                    "partitions of partitions, in another schema",
                                    """
                            CREATE SCHEMA parts;
                            CREATE TABLE log (day date NOT NULL, kind text NOT NULL) PARTITION BY RANGE (day);
                            CREATE TABLE parts.log_1 PARTITION OF log FOR VALUES FROM ('2026-01-01') TO ('2026-02-01')
                              PARTITION BY LIST (kind);
                            CREATE TABLE parts.log_1_a PARTITION OF parts.log_1 FOR VALUES IN ('a');
                            CREATE TABLE parts.log_rest PARTITION OF log DEFAULT;
                            INSERT INTO log VALUES ('2026-01-01', 'a'), ('2025-01-01', 'b');
                            """,
                                    "INSERT INTO log VALUES ('2026-01-02', 'a'), ('2027-01-01', 'c')")
                            .options("--load-via-partition-root"),
                    postgresql(
                            "rows of an inherited table beside those of its parent",
                            """
                            CREATE TABLE city (name text NOT NULL);
                            CREATE TABLE capital (state text NOT NULL) INHERITS (city);
                            INSERT INTO city VALUES ('Bern');
                            INSERT INTO capital VALUES ('Paris', 'France');
                            """,
                            "INSERT INTO city VALUES ('Basel')"),
                    postgresql("statements behind the dump that delete rows of it", """
                            CREATE TABLE session (id integer PRIMARY KEY, who text);
                            CREATE TABLE visit (id integer PRIMARY KEY);
                            """, """
                            INSERT INTO session VALUES (1, 'me'), (2, 'you');
                            INSERT INTO visit VALUES (1), (2)
                            """)
                            .followedBy(
                                    "TRUNCATE public.session;",
                                    "DELETE FROM public.visit WHERE id > 1;",
                                    "UPDATE public.thing SET name = 'anonymous ' || id;"),
                    postgresql("statements behind the dump that add rows", "CREATE TABLE visit (id integer);", "")
                            .followedBy(
                                    "INSERT INTO public.visit SELECT id FROM public.thing;",
                                    "DO $$ BEGIN INSERT INTO public.visit VALUES (9), (10); END $$;"),
                    postgresql(
                            "row-level security that binds the owner",
                            """
                            CREATE TABLE tenant_row (id integer PRIMARY KEY, tenant text NOT NULL);
                            ALTER TABLE tenant_row ENABLE ROW LEVEL SECURITY;
                            ALTER TABLE tenant_row FORCE ROW LEVEL SECURITY;
                            CREATE POLICY own ON tenant_row USING (tenant = current_setting('app.tenant', true));
                            """,
                            "INSERT INTO tenant_row VALUES (1, 'a'), (2, 'b')"),
                    postgresql("a byte order mark", "", "INSERT INTO thing VALUES (2, 'größe')")
                            .changed(DumpsOfProductsTests::behindByteOrderMark),
                    postgresql("a byte order mark and lines that end in CR LF", "", "INSERT INTO thing VALUES (2, 'x')")
                            .changed(bytes ->
                                    behindByteOrderMark(replaced("\n", "\r\n").apply(bytes))),
                    postgresql(
                            "a publication of all tables, some without a key",
                            """
                            CREATE TABLE tag (json text);
                            INSERT INTO tag VALUES ('{"a": 1}');
                            CREATE TABLE code (code text UNIQUE);
                            INSERT INTO code VALUES ('a');
                            CREATE TABLE uses (id integer PRIMARY KEY, code text REFERENCES code (code));
                            INSERT INTO uses VALUES (1, 'a');
                            CREATE PUBLICATION everything FOR ALL TABLES;
                            """,
                            "INSERT INTO tag VALUES ('{\"b\": 2}')"),
                    postgresql(
                            "a publication of rows by a column that is no key",
                            """
                            CREATE PUBLICATION picked FOR TABLE thing WHERE (name <> 'secret');
                            """,
                            "INSERT INTO thing VALUES (2, 'used')"),
                    postgresql(
                            "a materialized view without rows",
                            "CREATE MATERIALIZED VIEW names AS SELECT name FROM thing WITH NO DATA;\n",
                            "REFRESH MATERIALIZED VIEW names"),
                    postgresql("a rule that keeps rows from being deleted", """
                            CREATE TABLE kept (id integer PRIMARY KEY);
                            INSERT INTO kept VALUES (1);
                            CREATE RULE kept_stays AS ON DELETE TO kept DO INSTEAD NOTHING;
                            ALTER TABLE kept ENABLE ALWAYS RULE kept_stays;
                            """, "INSERT INTO kept VALUES (2)"),
                    postgresql(
                            "a log of the DDL by an event trigger", LOG_OF_DDL, "INSERT INTO thing VALUES (2, 'used')"),
                    postgresql(
                            "a log of the DDL by an event trigger that replicas fire too",
                            LOG_OF_DDL + "ALTER EVENT TRIGGER ddl_noted ENABLE ALWAYS;\n",
                            "INSERT INTO thing VALUES (2, 'used')"),
                    postgresql("names with accents, in LATIN1", """
                            CREATE TABLE "größe" (id integer PRIMARY KEY, "maß" text);
                            INSERT INTO "größe" VALUES (1, 'drei');
                            """, "UPDATE \"größe\" SET \"maß\" = 'drei Äpfel'")
                            .options("--encoding=LATIN1")
                            .clientOnly(),
                    postgresql(
                            "names with accents, in UTF-8", """
                            CREATE TABLE "größe\u20ac" (id integer PRIMARY KEY, "maß" text);
                            INSERT INTO "größe\u20ac" VALUES (1, 'drei');
                            """, "UPDATE \"größe\u20ac\" SET \"maß\" = 'drei Äpfel'"),
                    postgresql("bytes of a database in SQL_ASCII", """
                            CREATE TABLE "größe" (id integer PRIMARY KEY, "maß" text DEFAULT 'drei Äpfel');
                            """, "INSERT INTO \"größe\" VALUES (1)")
                            .options("--encoding=SQL_ASCII"),
                    postgresql("foreign keys in a circle, by INSERT", """
                            CREATE TABLE dept (id integer PRIMARY KEY, boss integer);
                            CREATE TABLE emp (id integer PRIMARY KEY, dept integer NOT NULL REFERENCES dept);
                            ALTER TABLE dept ADD FOREIGN KEY (boss) REFERENCES emp;
                            CREATE TABLE ident (id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY, t text,
                              doubled integer GENERATED ALWAYS AS (2 * 3) STORED);
                            """, """
                            INSERT INTO dept VALUES (1, NULL);
                            INSERT INTO emp VALUES (1, 1);
                            UPDATE dept SET boss = 1;
                            INSERT INTO ident (t) VALUES (E'it''s; -- not\\n\\\\ a comment'), ('(,)')
                            """)
                            .options("--rows-per-insert=2", "--on-conflict-do-nothing", "--disable-triggers"),
                    postgresql(
                                    "a role that a user mapping is for",
                                    """
                            CREATE EXTENSION postgres_fdw;
                            CREATE SERVER elsewhere FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host 'db.example', dbname 'x');
                            """,
                                    "CREATE USER MAPPING FOR CURRENT_USER SERVER elsewhere OPTIONS (\"user\" 'r')")
                            .changed(replaced("MAPPING FOR \\w+", "MAPPING FOR reporting")));
        }

        private static final String LOG_OF_DDL = """
                CREATE TABLE ddl_log (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, tag text NOT NULL);
                CREATE FUNCTION note_ddl() RETURNS event_trigger LANGUAGE plpgsql
                  AS $$ BEGIN INSERT INTO public.ddl_log (tag) VALUES (tg_tag); END $$;
                CREATE FUNCTION note_thing() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
                CREATE TRIGGER thing_noted AFTER INSERT OR UPDATE ON thing FOR EACH ROW EXECUTE FUNCTION note_thing();
                ALTER TABLE thing ENABLE ALWAYS TRIGGER thing_noted;
                CREATE EVENT TRIGGER ddl_noted ON ddl_command_end EXECUTE FUNCTION note_ddl();
                ALTER TABLE thing ALTER COLUMN name SET DEFAULT 'x';
                """;

        @ParameterizedTest
        @MethodSource("cases")
        void goIn(Case each) throws IOException {
            goesInWhole(each);
        }

        /** Into which partition a row goes follows from the OIDs of the enum's values, which each database has of its own. */
        @Test
        void rowsOfPartitionsByTheHashOfAnEnumGoIn() throws IOException {
            Migrator migrator = migrator("""
                    CREATE TYPE colour AS ENUM ('red', 'green', 'blue');
                    CREATE TABLE brick (id integer, colour colour NOT NULL, PRIMARY KEY (id, colour)) PARTITION BY HASH (colour);
                    CREATE TABLE brick_0 PARTITION OF brick FOR VALUES WITH (MODULUS 2, REMAINDER 0);
                    CREATE TABLE brick_1 PARTITION OF brick FOR VALUES WITH (MODULUS 2, REMAINDER 1);
                    INSERT INTO brick VALUES (1, 'red');
                    """);
            try (TestDatabase source = migrated(server(), migrator)) {
                execute(
                        source,
                        "INSERT INTO brick SELECT i, (ARRAY['red','green','blue']::colour[])[1 + i % 3]"
                                + " FROM generate_series(2, 30) AS i");
                for (List<String> options : List.of(List.<String>of(), List.of("--data-only"))) {
                    Backup backup = dump(source, options, bytes -> bytes);
                    try (TestDatabase database =
                            new Snapshot(migrator, Optional.of("1"), Optional.of(backup)).create(server())) {
                        assertThat(query(database, "SELECT * FROM brick ORDER BY id"))
                                .hasSize(30)
                                .isEqualTo(query(source, "SELECT * FROM brick ORDER BY id"));
                    }
                }
            }
        }

        /** What pg_dump writes of an extension's own table are rows that users added. */
        @Test
        void rowsOfAnExtensionsTableGoIn() throws IOException {
            String install = "cd /usr/share/postgresql/*/extension && printf %s \"default_version = '1.0'\" >"
                    + " geo_ref.control && cat > geo_ref--1.0.sql";
            String script = """
                    CREATE TABLE geo_ref_sys (srid integer PRIMARY KEY, name text NOT NULL);
                    INSERT INTO geo_ref_sys VALUES (4326, 'WGS 84');
                    SELECT pg_catalog.pg_extension_config_dump('geo_ref_sys', 'WHERE srid >= 100000');
                    """;
            assertThat(server().clientHost()
                            .orElseThrow()
                            .run(
                                    List.of("sh", "-c", install),
                                    Map.of(),
                                    new ByteArrayInputStream(script.getBytes(UTF_8)),
                                    OutputStream.nullOutputStream(),
                                    System.err))
                    .isZero();
            Migrator migrator =
                    migrator("CREATE EXTENSION geo_ref;\nINSERT INTO geo_ref_sys VALUES (100000, 'seeded');\n");
            try (TestDatabase source = migrated(server(), migrator)) {
                execute(source, "INSERT INTO geo_ref_sys VALUES (100001, 'local grid')");
                for (List<String> options : List.of(List.<String>of(), List.of("--data-only"))) {
                    Backup backup = dump(source, options, bytes -> bytes);
                    try (TestDatabase database =
                            new Snapshot(migrator, Optional.of("1"), Optional.of(backup)).create(server())) {
                        assertThat(query(database, "SELECT srid FROM geo_ref_sys ORDER BY srid"))
                                .containsExactly("4326", "100000", "100001");
                    }
                    Backup lost = dump(source, options, replaced("(?m)^100001\t.*\n", ""));
                    try (TestDatabase database =
                            new Snapshot(migrator, Optional.of("1"), Optional.of(lost)).create(server())) {
                        assertThat(query(database, "SELECT srid FROM geo_ref_sys ORDER BY srid"))
                                .containsExactly("4326", "100000");
                    }
                }
            }
        }

        private static final String DOCUMENTS =
                "SELECT id, convert_from(lo_get(body), 'UTF8') FROM document ORDER BY id";

        @ParameterizedTest
        @ValueSource(strings = {"--format=plain", "--format=custom", "--data-only"})
        void largeObjectsGoIn(String option) throws IOException {
            Migrator migrator = scripts("CREATE TABLE document (id integer PRIMARY KEY, body oid NOT NULL);")
                    .with("V2__drop_bodies.sql", "SELECT lo_unlink(body) FROM document;")
                    .migrator(server().engine());
            RestoreProcedure losing = attempt -> {
                ClientReport report = new StrictClient().run(attempt);
                execute(attempt.target(), "SELECT lo_truncate(lo_open(body, 131072), 0) FROM document WHERE id = 2");
                return report;
            };
            try (TestDatabase source = migrated(server(), migrator);
                    TestDatabase target =
                            option.equals("--data-only") ? migrated(server(), migrator) : server().createDatabase()) {
                execute(
                        source,
                        "INSERT INTO document SELECT i, lo_from_bytea(0, ('content ' || i)::bytea)"
                                + " FROM generate_series(1, 5) AS i");
                Backup backup = dump(source, List.of(option), bytes -> bytes);
                try (TestDatabase database =
                        new Snapshot(migrator, Optional.of("1"), Optional.of(backup)).create(server())) {
                    assertThat(query(database, DOCUMENTS)).hasSize(5).isEqualTo(query(source, DOCUMENTS));
                    Upgrade upgrade = Upgrade.run(database, migrator, Optional.of("2"));
                    assertThatThrownBy(() -> MetadataSnapshotAssertions.assertThat(upgrade)
                                    .keptEveryRow())
                            .hasMessageContaining("5 of 5 large objects are gone");
                }
                assertThat(new Restores(new PreparedStates(0), CleanInstall::make)
                                .restore(target, Optional.empty(), backup, losing, migrator)
                                .inconclusive())
                        .hasValueSatisfying(why -> assertThat(why)
                                .endsWith(
                                        "large objects: 5 large objects of 36 bytes, the backup has 5 large objects of"
                                                + " 45 bytes"));
            }
        }

        /** Both loads must agree: a client that loses rows is found, whatever the file was counted to hold. */
        @ParameterizedTest
        @ValueSource(strings = {"--load-via-partition-root", "--no-comments"})
        void aClientThatLosesRowsIsFound(String option) throws IOException {
            Migrator migrator = migrator("""
                    CREATE TABLE brick (id integer PRIMARY KEY) PARTITION BY HASH (id);
                    CREATE TABLE brick_0 PARTITION OF brick FOR VALUES WITH (MODULUS 1, REMAINDER 0);
                    """);
            RestoreProcedure losing = attempt -> {
                ClientReport report = new StrictClient().run(attempt);
                execute(attempt.target(), "DELETE FROM brick WHERE id = 7");
                return report;
            };
            try (TestDatabase source = migrated(server(), migrator);
                    TestDatabase target = server().createDatabase()) {
                execute(source, "INSERT INTO brick SELECT generate_series(1, 10)");
                Backup backup = dump(source, List.of(option), bytes -> bytes);
                Restore restore = new Restores(new PreparedStates(0), CleanInstall::make)
                        .restore(target, Optional.empty(), backup, losing, migrator);

                assertThat(restore.inconclusive())
                        .hasValue("the same backup by the same procedure into an empty database, as a control, was"
                                + " SILENTLY_ACCEPTED: table brick holds 9 rows, the backup has 10");
            }
        }

        @Test
        void whatDecidedIsNoted() throws IOException {
            Migrator migrator = migrator("");
            try (TestDatabase source = migrated(server(), migrator);
                    TestDatabase target = server().createDatabase()) {
                Backup backup = dump(source, List.of(), after("DELETE FROM public.thing;"));
                Restore restore = new Restores(new PreparedStates(0), CleanInstall::make)
                        .restore(
                                target,
                                Optional.of(Restores.look(target, migrator)),
                                backup,
                                new DocumentedClient(),
                                migrator);

                assertThat(restore.verdict()).isEqualTo(RestoreVerdict.RESTORED);
                assertThat(restore.notes())
                        .containsExactly("the file seems to hold other rows than the database, but two loads, by"
                                + " DocumentedClient and over JDBC, left the same: table thing holds 0 rows, the backup"
                                + " has 1");
            }
        }

        @Test
        void withoutASecondLoadTheCountIsCalledAGuess() throws IOException {
            Migrator migrator = migrator("");
            try (TestDatabase source = migrated(server(), migrator)) {
                Backup backup = dump(source, List.of("--encoding=SJIS"), after("DELETE FROM public.thing;"));

                assertThatThrownBy(() -> new Snapshot(migrator, Optional.of("1"), Optional.of(backup)).create(server()))
                        .hasMessageContainingAll(
                                "- table thing holds 0 rows, the backup has 1\nthe rows of the backup were counted in the"
                                        + " file, which is a guess; a second load over JDBC, to tell, failed: ",
                                "the backup is in the character set SJIS, which cannot be read here to be loaded over JDBC");
            }
        }

        /** What makes room for a data-only backup is no line of the file. */
        @Test
        void anErrorBeforeTheFirstLineHasNone() throws IOException {
            Migrator migrator = migrator("CREATE TABLE other (id integer);\n");
            try (TestDatabase source = migrated(server(), migrator);
                    TestDatabase target = migrated(server(), migrator)) {
                Backup backup = dump(source, List.of("--data-only"), bytes -> bytes);
                RestoreProcedure late = attempt -> {
                    execute(attempt.target(), "ALTER TABLE thing RENAME TO thing_2");
                    return new StrictClient().run(attempt);
                };
                Restore restore = Restore.run(target, backup, late, migrator.historyTable());

                assertThat(restore.describeErrors().get(0)).startsWith("""
                                relation "public.thing" does not exist (SQLSTATE 42P01)
                                statement: DELETE FROM ONLY "public"."thing" (not in the file: run before it, so that its rows \
                                find room)""");
            }
        }

        /** psql fails as well: pg_dump's files empty the search path. */
        @ParameterizedTest
        @ValueSource(strings = {"StrictClient", "JdbcLoad"})
        void aFunctionThatNeedsTheSearchPathIsNamed(String procedure) throws IOException {
            Migrator migrator = migrator("""
                    CREATE FUNCTION plain(t text) RETURNS text LANGUAGE sql IMMUTABLE AS 'SELECT lower(t)';
                    CREATE FUNCTION norm(t text) RETURNS text LANGUAGE plpgsql IMMUTABLE
                      AS $$ BEGIN RETURN plain(t); END $$;
                    CREATE TABLE word (w text PRIMARY KEY, n text GENERATED ALWAYS AS (norm(w)) STORED);
                    """);
            try (TestDatabase source = migrated(server(), migrator);
                    TestDatabase target = migrated(server(), migrator)) {
                execute(source, "INSERT INTO word VALUES ('A')");
                Backup backup = dump(source, List.of("--data-only"), bytes -> bytes);
                RestoreProcedure by = procedure.equals("JdbcLoad") ? new JdbcLoad() : new StrictClient();
                Restore restore = Restore.run(target, backup, by, migrator.historyTable());

                assertThat(restore.verdict()).isEqualTo(RestoreVerdict.ROLLED_BACK);
                assertThat(restore.describeErrors().get(0))
                        .contains(
                                "function plain(text) does not exist",
                                "Where: PL/pgSQL function public.norm(text) line 1 at RETURN",
                                "statement: COPY public.word (w) FROM stdin")
                        .endsWith(
                                "\nlikely cause: the body of function norm names plain without its schema public, and the file"
                                        + " empties the search_path, as pg_dump's do: write the schema in the function, or"
                                        + " give it a SET search_path of its own");
            }
        }

        @Test
        void aSubscriptionIsNamedWithTheWayOut() throws IOException {
            Migrator migrator = migrator("");
            try (TestDatabase source = migrated(server(), migrator)) {
                execute(
                        source,
                        "CREATE SUBSCRIPTION feed CONNECTION 'host=db.example dbname=x' PUBLICATION p WITH (connect ="
                                + " false, slot_name = NONE)");
                try {
                    Backup backup = dump(source, List.of(), bytes -> bytes);
                    assertThatThrownBy(() ->
                                    new Snapshot(migrator, Optional.of("1"), Optional.of(backup)).create(server()))
                            .hasMessageContainingAll(
                                    "it would take rows from another server",
                                    "Dump with --no-subscriptions, or take the statement out",
                                    "CREATE SUBSCRIPTION feed");
                } finally {
                    execute(source, "DROP SUBSCRIPTION feed");
                }
            }
        }
    }

    /** What only one release has. */
    @Nested
    @TakesTurns(of = 4)
    class OnOtherPostgreSql extends OnAServer {

        private String image = "";

        @Override
        DatabaseServer server() {
            return TestServers.container(image);
        }

        @Test
        void statisticsGoInWithTheRows() throws IOException {
            image = "postgres:18";
            goesInWhole(
                    postgresql("statistics", """
                    CREATE TABLE price (id integer PRIMARY KEY, net integer, gross integer GENERATED ALWAYS AS (net * 2));
                    ALTER TABLE price ADD CONSTRAINT net_there NOT NULL net NOT VALID;
                    """, """
                    INSERT INTO price (id, net) SELECT i, i FROM generate_series(1, 50) AS i;
                    ANALYZE
                    """).options("--statistics").fullOnly());
        }

        /** Nobody can create a role whose name begins with pg_: the client's own error counts. */
        @ParameterizedTest
        @ValueSource(
                strings = {
                    "GRANT SELECT ON public.thing TO pg_maintain;",
                    "ALTER TABLE public.thing OWNER TO pg_maintain;"
                })
        void aRoleOfALaterReleaseIsNotThere(String statement) throws IOException {
            image = "postgres:13";
            Migrator migrator = migrator("");
            try (TestDatabase source = migrated(server(), migrator)) {
                Backup backup = dump(source, List.of(), after(statement));

                assertThatThrownBy(() -> new Snapshot(migrator, Optional.of("1"), Optional.of(backup)).create(server()))
                        .hasMessageContainingAll(
                                "role \"pg_maintain\" does not exist", "statement: " + statement.replace(";", ""));
            }
        }
    }

    /** The user of an embedded or external server is an ordinary owner, from whom row-level security hides rows. */
    @Nested
    @TakesTurns(of = 4)
    class OnOrdinaryOwnersServers extends OnAServer {

        private DatabaseServer server = TestServers.embedded();

        @Override
        DatabaseServer server() {
            return server;
        }

        @ParameterizedTest
        @ValueSource(booleans = {false, true})
        void rowsThatAreHiddenAreNotCalledLost(boolean external) throws IOException {
            server = external ? TestKit.externalServer() : server;
            Migrator migrator = migrator("");
            Backup backup = file((THING + """
                    CREATE TABLE flyway_schema_history (installed_rank integer PRIMARY KEY, version varchar(50),
                      description varchar(200) NOT NULL, type varchar(20) NOT NULL, script varchar(1000) NOT NULL,
                      checksum integer, installed_by varchar(100) NOT NULL, installed_on timestamp NOT NULL DEFAULT now(),
                      execution_time integer NOT NULL, success boolean NOT NULL);
                    INSERT INTO flyway_schema_history VALUES (1, '1', 'init', 'SQL', 'V1__init.sql', 1, 'x', '2026-01-01', 1, true);
                    CREATE TABLE tenant_row (id integer PRIMARY KEY, tenant text NOT NULL);
                    ALTER TABLE tenant_row FORCE ROW LEVEL SECURITY;
                    COPY tenant_row FROM stdin;
                    1\ta
                    2\tb
                    \\.
                    CREATE POLICY own ON tenant_row USING (tenant = current_setting('app.tenant', true));
                    ALTER TABLE tenant_row ENABLE ROW LEVEL SECURITY;
                    """).getBytes(UTF_8));

            assertThatThrownBy(() -> new Snapshot(migrator, Optional.of("1"), Optional.of(backup)).create(server()))
                    .hasMessageContaining("row-level security hides rows of table tenant_row from ")
                    .hasMessageContaining(
                            ", who sees 0 of the 2 in the file: run the test as a user with BYPASSRLS, or in"
                                    + " a container, whose user is a superuser")
                    .hasMessageNotContaining("tenant_row holds 0 rows");
        }
    }

    abstract static class OnMySqlAndMariaDb extends OnAServer {

        @ParameterizedTest
        @MethodSource("cases")
        void goIn(Case each) throws IOException {
            goesInWhole(each);
        }

        /** The dump tool is told to go on, and writes why it left the view out. */
        @Test
        void aDumpWithoutAViewThatIsBrokenGoesInAndTheViewIsNamed() throws IOException {
            Migrator migrator = scripts("""
                            CREATE TABLE old_thing (id integer PRIMARY KEY);
                            CREATE VIEW old_things AS SELECT id FROM old_thing;
                            """)
                    .with("V2__drop.sql", "DROP TABLE old_thing;")
                    .with("V3__note.sql", "ALTER TABLE thing ADD COLUMN note varchar(40);")
                    .migrator(server().engine());
            try (TestDatabase source = new Snapshot(migrator, Optional.of("2"), Optional.empty()).create(server())) {
                execute(source, "INSERT INTO thing VALUES (2, 'used')");
                Backup backup = dump(source, List.of("--force"), bytes -> bytes, 2);
                assertThat(backup.open()).asString(UTF_8).contains("\n-- failed on view `old_things`: ");
                try (TestDatabase database =
                        new Snapshot(migrator, Optional.of("2"), Optional.of(backup)).create(server())) {
                    Upgrade upgrade = Upgrade.run(database, migrator, Optional.of("3"));

                    MetadataSnapshotAssertions.assertThat(upgrade)
                            .succeeded()
                            .keptEveryRow()
                            .keptEveryValue();
                    assertThatThrownBy(() -> MetadataSnapshotAssertions.assertThat(upgrade)
                                    .matchesCleanInstall())
                            .hasMessageContaining("old_things");
                }
            }
        }

        /** Settings that products' own dumps are headed with; a copy has to have them too. */
        @ParameterizedTest
        @ValueSource(strings = {"innodb_strict_mode", "restrict_fk_on_non_standard_key"})
        void aDumpHeadedByASettingOfTheSessionGoesInAndIsCopied(String setting) throws IOException {
            boolean wide = setting.equals("innodb_strict_mode");
            assumeTrue(wide || server().engine() == Engine.MYSQL);
            String head = "SET SESSION " + setting + " = OFF;\n";
            Migrator migrator = migrator(head + (wide ? WIDE : """
                    CREATE TABLE parent (id integer PRIMARY KEY, code varchar(10) NOT NULL, KEY (code));
                    CREATE TABLE child (id integer PRIMARY KEY, code varchar(10) NOT NULL,
                      FOREIGN KEY (code) REFERENCES parent (code));
                    INSERT INTO parent VALUES (1, 'a');
                    INSERT INTO child VALUES (1, 'a');
                    """));
            try (TestDatabase source = migrated(server(), migrator);
                    PreparedStates states = new PreparedStates(1L << 30, 0)) {
                Backup headed = dump(source, List.of(), bytes -> concat(head.getBytes(UTF_8), bytes));
                Snapshot snapshot = new Snapshot(migrator, Optional.of("1"), Optional.of(headed));
                try (TestDatabase database = states.create(snapshot, server());
                        TestDatabase copy = states.create(snapshot, server())) {
                    assertThat(rows(database, migrator)).isEqualTo(rows(source, migrator));
                    assertThat(rows(copy, migrator)).isEqualTo(rows(source, migrator));
                }
                Backup without = dump(source, List.of(), bytes -> bytes);
                assertThatThrownBy(
                                () -> new Snapshot(migrator, Optional.of("1"), Optional.of(without)).create(server()))
                        .hasMessageContaining(wide ? "Row size too large" : "Missing unique key");
            }
        }

        @Exhaustive
        @Test
        void aRowOfTensOfMegabytesGoesIn() throws IOException {
            Migrator migrator = migrator("CREATE TABLE attachment (id integer PRIMARY KEY, body longblob NOT NULL);\n");
            try (TestDatabase source = migrated(server(), migrator)) {
                execute(source, "INSERT INTO attachment VALUES (1, REPEAT('0123456789abcdef', 3000000))");
                Backup backup = dump(source, List.of("--hex-blob", "--max-allowed-packet=1G"), bytes -> bytes);
                try (TestDatabase database =
                        new Snapshot(migrator, Optional.of("1"), Optional.of(backup)).create(server())) {
                    assertThat(rows(database, migrator)).isEqualTo(rows(source, migrator));
                }
            }
        }

        private static final String WIDE = IntStream.rangeClosed(1, 199)
                .mapToObj("c%d varchar(60) NOT NULL DEFAULT ''"::formatted)
                .collect(joining(", ", "CREATE TABLE wide (", ") ROW_FORMAT=COMPACT CHARACTER SET latin1;\n"));
    }

    @Nested
    @TakesTurns(turn = 0, of = 3)
    class OnMySql extends OnMySqlAndMariaDb {

        @Override
        DatabaseServer server() {
            return TestServers.container("mysql:9.7");
        }

        static Stream<Case> cases() {
            return Stream.of(
                    mysql("GTIDs, as by default, and a byte order mark", "", "INSERT INTO thing VALUES (2, 'used')")
                            .changed(DumpsOfProductsTests::behindByteOrderMark),
                    noBackslashes().options("--set-gtid-purged=OFF"),
                    ansi().options("--set-gtid-purged=OFF", "--compatible=ansi"),
                    latin1().options("--set-gtid-purged=OFF", "--default-character-set=latin1")
                            .clientOnly(),
                    mysql("names with accents, in UTF-8", """
                            CREATE TABLE `größe` (id integer PRIMARY KEY, `maß` varchar(20));
                            INSERT INTO `größe` VALUES (1, 'drei');
                            """, "UPDATE `größe` SET `maß` = 'drei Äpfel'"));
        }

        /** As a release of MariaDB allows it: the client's own error counts. */
        @Test
        void aDefinerWhoseNameIsTooLongIsNotCreated() throws IOException {
            Migrator migrator = migrator("");
            String definer = "a_service_account_with_a_very_long_name";
            try (TestDatabase source = migrated(server(), migrator)) {
                Backup backup = dump(
                        source,
                        List.of("--set-gtid-purged=OFF"),
                        after("CREATE DEFINER=`" + definer + "`@`%` VIEW names AS SELECT name FROM thing;"));

                assertThatThrownBy(() -> new Snapshot(migrator, Optional.of("1"), Optional.of(backup)).create(server()))
                        .hasMessageContainingAll("String '" + definer, "is too long for user name", "CREATE DEFINER=");
            }
        }

        @Test
        void gtidsAreNotRunAndNoted() throws IOException {
            Migrator migrator = migrator("");
            try (TestDatabase source = migrated(server(), migrator);
                    TestDatabase target = server().createDatabase()) {
                Backup backup = dump(source, List.of("--set-gtid-purged=ON"), bytes -> bytes);
                Restore restore = new Restores(new PreparedStates(0), CleanInstall::make)
                        .restore(target, Optional.empty(), backup, new DocumentedClient(), migrator);

                assertThat(restore.verdict()).isEqualTo(RestoreVerdict.RESTORED);
                assertThat(restore.inconclusive()).isEmpty();
                assertThat(restore.notes())
                        .singleElement()
                        .asString()
                        .startsWith(
                                "not run, as about the server's GTIDs and binary log and not about the database: line ")
                        .contains("SET @@SESSION.SQL_LOG_BIN= 0; line ", "SET @@GLOBAL.GTID_PURGED=/*!80000 '+'*/ ");
            }
        }
    }

    @Nested
    @TakesTurns(turn = 1, of = 3)
    class OnMariaDb extends OnMySqlAndMariaDb {

        @Override
        DatabaseServer server() {
            return TestServers.container("mariadb:11.8");
        }

        static Stream<Case> cases() {
            return Stream.of(
                    mysql("a byte order mark", "", "INSERT INTO thing VALUES (2, 'used')")
                            .changed(DumpsOfProductsTests::behindByteOrderMark),
                    mysql("the sandbox mark of the first releases", "", "INSERT INTO thing VALUES (2, 'used')")
                            .changed(replaced("^/\\*M!999999", "/*!999999")),
                    mysql("the sandbox mark behind lines of another tool", "", "INSERT INTO thing VALUES (2, 'used')")
                            .changed(replaced("^/\\*M!999999", "-- begin metadata\n-- end metadata\n/*!999999")),
                    noBackslashes(),
                    ansi().options("--compatible=ansi"),
                    latin1().options("--default-character-set=latin1").clientOnly());
        }

        @Test
        void aSequenceAndAPackageGoInAndAreCopied() throws IOException {
            Case each = mysql("", "CREATE SEQUENCE ids START WITH 100 INCREMENT BY 10;\n", """
                    SELECT NEXTVAL(ids);
                    SET sql_mode = ORACLE;
                    CREATE PACKAGE tools AS FUNCTION one RETURN INT; END;
                    CREATE PACKAGE BODY tools AS FUNCTION one RETURN INT AS BEGIN RETURN 1; END; END
                    """);
            goesInWhole(each);
            Migrator migrator = migrator(each.migration());
            try (TestDatabase source = migrated(server(), migrator);
                    PreparedStates states = new PreparedStates(1L << 30, 0)) {
                use(source, each.usage());
                Backup backup = dump(source, each.full(), bytes -> bytes);
                Snapshot snapshot = new Snapshot(migrator, Optional.of("1"), Optional.of(backup));
                try (TestDatabase database = states.create(snapshot, server());
                        TestDatabase copy = states.create(snapshot, server())) {
                    for (TestDatabase one : List.of(database, copy)) {
                        assertThat(query(one, "SELECT tools.one(), NEXT_NOT_CACHED_VALUE FROM ids"))
                                .isEqualTo(query(source, "SELECT 1, NEXT_NOT_CACHED_VALUE FROM ids"));
                    }
                }
            }
        }

        /** Of a row's history the dump has a row each. */
        @Test
        void theHistoryOfRowsIsNotCountedAmongThem() throws IOException {
            Migrator migrator = migrator(
                    "CREATE TABLE price (id integer PRIMARY KEY, amount integer NOT NULL) WITH SYSTEM VERSIONING;\n");
            try (TestDatabase source = migrated(server(), migrator)) {
                execute(
                        source,
                        "INSERT INTO price VALUES (1, 10)",
                        "UPDATE price SET amount = 11",
                        "UPDATE price SET amount = 12");
                Backup backup = dump(source, List.of("--dump-history"), bytes -> bytes);
                try (TestDatabase database =
                        new Snapshot(migrator, Optional.of("1"), Optional.of(backup)).create(server())) {
                    assertThat(query(database, "SELECT amount FROM price FOR SYSTEM_TIME ALL ORDER BY amount"))
                            .containsExactly("10", "11", "12");
                }
            }
        }
    }

    private static Case noBackslashes() {
        return mysql("routines without backslash escapes", "", """
                INSERT INTO thing VALUES (2, 'used');
                SET sql_mode = 'NO_BACKSLASH_ESCAPES,STRICT_TRANS_TABLES';
                CREATE TRIGGER thing_path BEFORE INSERT ON thing FOR EACH ROW SET NEW.name = REPLACE(NEW.name, '\\', '/');
                CREATE FUNCTION parent_of(p varchar(100)) RETURNS varchar(100) DETERMINISTIC
                  RETURN SUBSTRING_INDEX(p, '\\', 1)
                """);
    }

    private static Case ansi() {
        return mysql("names in double quotes", "", """
                INSERT INTO thing VALUES (2, 'used');
                SET sql_mode = 'ANSI,TRADITIONAL';
                CREATE TRIGGER "thing_trim" BEFORE INSERT ON "thing" FOR EACH ROW SET NEW."name" = TRIM(NEW."name");
                CREATE VIEW "thing_names" AS SELECT "id" || ': ' || "name" AS "label" FROM "thing"
                """);
    }

    private static Case latin1() {
        return mysql("names with accents, in latin1", """
                CREATE TABLE `größe` (id integer PRIMARY KEY, `maß` varchar(20));
                INSERT INTO `größe` VALUES (1, 'drei');
                """, "UPDATE `größe` SET `maß` = 'drei Äpfel'");
    }
}
