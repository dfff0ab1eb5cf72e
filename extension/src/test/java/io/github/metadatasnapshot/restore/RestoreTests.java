package io.github.metadatasnapshot.restore;

import static io.github.metadatasnapshot.testsupport.Library.dump;
import static io.github.metadatasnapshot.testsupport.Library.execute;
import static io.github.metadatasnapshot.testsupport.Library.query;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.metadatasnapshot.backup.Backup;
import io.github.metadatasnapshot.backup.BackupException;
import io.github.metadatasnapshot.backup.SnapshotGuard;
import io.github.metadatasnapshot.engine.Engine;
import io.github.metadatasnapshot.server.DatabaseServer;
import io.github.metadatasnapshot.server.TestDatabase;
import io.github.metadatasnapshot.testsupport.Images;
import io.github.metadatasnapshot.testsupport.Library;
import io.github.metadatasnapshot.testsupport.RequiresDocker;
import io.github.metadatasnapshot.testsupport.TakesTurns;
import io.github.metadatasnapshot.testsupport.TestKit;
import io.github.metadatasnapshot.testsupport.TestServers;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@TakesTurns(of = 3)
class RestoreTests {

    private static Restore restore(TestDatabase database, Backup backup, RestoreProcedure procedure) {
        return Restore.run(
                database, backup, procedure, Library.migrator(database.engine()).historyTable());
    }

    private static Restore restore(TestDatabase database, String dump, RestoreProcedure procedure) {
        return restore(database, dump(database.engine().id() + "/" + dump), procedure);
    }

    private static Backup script(Path directory, String sql) throws IOException {
        Path file = directory.resolve("script.sql");
        Files.writeString(file, sql);
        return Backup.locate("file:" + file, RestoreTests.class.getClassLoader());
    }

    private static List<String> versions(TestDatabase database) {
        return query(database, "SELECT version FROM flyway_schema_history ORDER BY installed_rank");
    }

    private static List<String> authors(TestDatabase database) {
        return query(database, "SELECT name FROM author ORDER BY name");
    }

    @Nested
    class BackupsWithAGuard {

        @Test
        void areRefusedByAnotherVersionOverJdbc(@TempDir Path directory) throws IOException {
            areRefused(TestServers.embedded(), directory);
        }

        @RequiresDocker
        @ParameterizedTest
        @Images({"postgres:17", "mysql:9.7", "mariadb:11.8"})
        void areRefusedByAnotherVersion(String image, @TempDir Path directory) throws IOException {
            areRefused(TestServers.container(image), directory);
        }

        private void areRefused(DatabaseServer server, Path directory) throws IOException {
            for (String dump : List.of("1-full.sql", "2-data.sql")) {
                Path guarded = directory.resolve(dump);
                try (OutputStream out = Files.newOutputStream(guarded)) {
                    SnapshotGuard.add(
                            dump(server.engine().id() + "/" + dump), server.engine(), "flyway_schema_history", out);
                }
                Backup backup = Backup.locate(guarded.toString(), getClass().getClassLoader());
                try (TestDatabase database = Library.create(server, "3")) {
                    Restore restore = restore(database, backup, new DocumentedClient());

                    assertThat(restore.verdict()).isEqualTo(RestoreVerdict.REFUSED);
                    assertThat(restore.before()).isEqualTo(restore.after());
                    assertThat(restore.report().success()).isFalse();
                    assertThat(restore.report().errors())
                            .singleElement()
                            .satisfies(error -> assertThat(error.message()).contains(restore.backupVersion(), "3"));
                    assertThat(authors(database)).isEqualTo(authorsOf(server, "3"));
                }
            }
        }

        private List<String> authorsOf(DatabaseServer server, String version) {
            try (TestDatabase clean = Library.create(server, version)) {
                return authors(clean);
            }
        }
    }

    @Nested
    @RequiresDocker
    class RolesThatABackupNames {

        @ParameterizedTest
        @Images({"postgres:17", "mysql:9.7", "mariadb:11.8"})
        void areThereAsLongAsADatabaseThatNeedsThem(String image, @TempDir Path directory) throws Exception {
            DatabaseServer server = TestServers.container(image);
            boolean postgresql = server.engine() == Engine.POSTGRESQL;
            Backup backup = script(
                    directory,
                    postgresql
                            ? "CREATE TABLE t (id int);\nALTER TABLE t OWNER TO lent_role;\n"
                            : "CREATE DEFINER=`lent_role`@`%` VIEW v AS SELECT 1;\n");
            String roles = postgresql
                    ? "SELECT rolname FROM pg_roles WHERE rolname = 'lent_role'"
                    : "SELECT user FROM mysql.user WHERE user = 'lent_role'";
            try (TestDatabase other = server.createDatabase()) {
                TestDatabase first = server.createDatabase();
                TestDatabase second = server.createDatabase();
                assertThat(restore(first, backup, new StrictClient()).report().errors())
                        .isEmpty();
                assertThat(restore(second, backup, new StrictClient()).report().errors())
                        .isEmpty();

                first.close();
                assertThat(query(other, roles)).containsExactly("lent_role");
                second.close();
                assertThat(query(other, roles)).isEmpty();
                if (!postgresql) {
                    assertThat(query(other, "SELECT db FROM mysql.db WHERE user = 'lent_role'"))
                            .isEmpty();
                }
            }
        }
    }

    @Nested
    class AsAnOrdinaryUser {

        @Test
        void aForeignKeyThatTheRowsViolateIsAnErrorOfTheRestore(@TempDir Path directory) throws IOException {
            try (TestDatabase database = TestKit.externalServer().createDatabase()) {
                execute(
                        database,
                        "CREATE TABLE a (id int PRIMARY KEY)",
                        "CREATE TABLE b (a int CONSTRAINT b_a REFERENCES a)");
                Backup backup = script(directory, "INSERT INTO public.b VALUES (7);\n");

                Restore restore = restore(database, backup, new StrictClient());

                assertThat(restore.verdict()).isEqualTo(RestoreVerdict.PARTIALLY_APPLIED);
                assertThat(restore.report().errorCount()).isOne();
                assertThat(restore.describeErrors())
                        .singleElement()
                        .satisfies(error -> assertThat(error)
                                .contains(
                                        "violates foreign key constraint \"b_a\"",
                                        "SQLSTATE 23503",
                                        "statement: ALTER TABLE b ADD CONSTRAINT b_a",
                                        "likely cause: the backup holds no rows of table a, to which b_a refers"));
            }
        }

        @Test
        void aPolicyForARoleThatCannotBeCreatedIsThatOfTheUser(@TempDir Path directory) throws IOException {
            try (TestDatabase database = TestKit.externalServer().createDatabase()) {
                Backup backup = script(directory, """
                    CREATE TABLE a (id int);
                    CREATE POLICY one ON public.a FOR SELECT TO missing_role USING (true);
                    CREATE POLICY "to missing_role" ON a TO "missing role", missing_role WITH CHECK (true);
                    """);

                Restore restore = restore(database, backup, new StrictClient());

                assertThat(restore.report().errors()).isEmpty();
                assertThat(query(
                                database, "SELECT policyname, roles = ARRAY[current_user] FROM pg_policies ORDER BY 1"))
                        .containsExactly("one|t", "to missing_role|t");
            }
        }
    }

    /** PostgreSQL by psql and by JDBC, which have to come to the same. */
    abstract static class OnPostgreSql {

        abstract DatabaseServer server();

        @ParameterizedTest
        @ValueSource(strings = {"1-full.sql", "1-owner.sql"})
        void aFullBackupIsRestoredIntoAnEmptyDatabase(String dump) {
            try (TestDatabase database = server().createDatabase()) {
                Restore restore = restore(database, dump, new StrictClient());

                assertThat(restore.verdict()).isEqualTo(RestoreVerdict.RESTORED);
                assertThat(restore.unfaithful()).isEmpty();
                assertThat(restore.report().errors()).isEmpty();
                assertThat(restore).hasToString("postgres:17 · backup of 1 into an empty database");
                assertThat(versions(database)).containsExactly("1");
                assertThat(authors(database)).containsExactly("Ann", "Bob", "Cid");
            }
        }

        @Test
        void aDataOnlyBackupIsRestoredIntoItsOwnVersion() {
            try (TestDatabase database = Library.create(server(), "2")) {
                Restore restore = restore(database, "2-data.sql", new StrictClient());

                assertThat(restore.verdict()).isEqualTo(RestoreVerdict.RESTORED);
                assertThat(restore).hasToString("postgres:17 · data-only backup of 2 into 2");
                assertThat(versions(database)).containsExactly("1", "2");
                assertThat(authors(database)).containsExactly("Ann", "Bob", "Cid");
            }
        }

        @Test
        void aStrictRestoreIntoTablesThatAreThereIsRolledBack() {
            try (TestDatabase database = Library.create(server(), "2")) {
                Restore restore = restore(database, "1-full.sql", new StrictClient());

                assertThat(restore.verdict()).isEqualTo(RestoreVerdict.ROLLED_BACK);
                assertThat(restore.before()).isEqualTo(restore.after());
                assertThat(restore.report().success()).isFalse();
                assertThat(restore.report().errorCount()).isEqualTo(1);
                StatementError error = restore.report().errors().get(0);
                assertThat(error.line()).isEqualTo(26);
                assertThat(error.sqlState()).isEqualTo("42710");
                assertThat(error.message()).contains("type \"mood\" already exists");
                assertThat(error.statement()).startsWith("CREATE TYPE public.mood AS ENUM");
                assertThat(versions(database)).containsExactly("1", "2");
                assertThat(authors(database)).containsExactly("seeded by a migration");
            }
        }

        @Test
        void rowsThatARollbackTookAwayAreThereAgain() {
            try (TestDatabase database = Library.create(server(), "3")) {
                Restore restore = restore(database, "2.1-data.sql", new StrictClient());

                assertThat(restore.verdict()).isEqualTo(RestoreVerdict.ROLLED_BACK);
                StatementError error = restore.report().errors().get(0);
                assertThat(error.statement()).startsWith("COPY public.language (code, name) FROM stdin");
                assertThat(error.sqlState()).isEqualTo("42703");
                assertThat(versions(database)).containsExactly("1", "2", "2.1", "3");
                assertThat(authors(database)).containsExactly("seeded by a migration");
                assertThat(query(database, "SELECT code FROM language ORDER BY 1"))
                        .containsExactly("de", "en", "es", "fr");
            }
        }

        @Test
        void aDocumentedRestoreIntoAnotherVersionReportsSuccessWhateverHappened() {
            try (TestDatabase database = Library.create(server(), "2")) {
                Restore restore = restore(database, "1-full.sql", new DocumentedClient());

                assertThat(restore.verdict()).isEqualTo(RestoreVerdict.SILENTLY_ACCEPTED);
                assertThat(restore.report().success()).isTrue();
                assertThat(restore.report().errorCount()).isGreaterThan(10);
                // Rows of the backup lie where neither a key nor a trigger stopped them.
                assertThat(versions(database)).containsExactly("1", "2");
                assertThat(authors(database)).containsExactly("seeded by a migration");
                assertThat(query(database, "SELECT count(*) FROM lent")).containsExactly("2");
                assertThat(restore.unfaithful())
                        .contains(
                                "the history says 2, the backup is of 1",
                                "table author holds 1 rows, the backup has 3",
                                "table publisher is there, which the backup does not have");
            }
        }

        @Test
        void aDataOnlyBackupOfAVersionOfTheSameShapeGoesInSilently() {
            try (TestDatabase database = Library.create(server(), "2.1")) {
                Restore restore = restore(database, "2-data.sql", new StrictClient());

                assertThat(restore.verdict()).isEqualTo(RestoreVerdict.SILENTLY_ACCEPTED);
                assertThat(restore.report().errorCount()).isZero();
                assertThat(restore.unfaithful())
                        .containsExactly("rows of version 2 lie untransformed in the tables of 2.1");
                assertThat(versions(database)).containsExactly("1", "2");
                assertThat(query(database, "SELECT code FROM language ORDER BY 1"))
                        .containsExactly("de", "en");
            }
        }

        @Test
        void aScriptThatEndsItsTransactionIsPartiallyApplied(@TempDir Path directory) throws IOException {
            Backup backup = script(directory, """
                INSERT INTO public.language (code, name) VALUES ('nl', 'Dutch');
                COMMIT;
                INSERT INTO public.nowhere VALUES (1);
                """);
            try (TestDatabase database = Library.create(server(), "1")) {
                Restore restore = restore(database, backup, new StrictClient());

                assertThat(restore.verdict()).isEqualTo(RestoreVerdict.PARTIALLY_APPLIED);
                assertThat(restore.report().errors()).singleElement().satisfies(error -> {
                    assertThat(error.line()).isEqualTo(3);
                    assertThat(error.sqlState()).isEqualTo("42P01");
                });
                assertThat(query(database, "SELECT code FROM language")).containsExactly("nl");
            }
        }

        @Test
        void ofThousandsOfErrorsTheFirstAreKeptAndAllCounted(@TempDir Path directory) throws IOException {
            Backup backup = script(directory, "INSERT INTO public.nowhere VALUES (1);\n".repeat(2500));
            try (TestDatabase database = Library.create(server(), "1")) {
                Restore restore = restore(database, backup, new DocumentedClient());

                assertThat(restore.verdict()).isEqualTo(RestoreVerdict.SILENTLY_ACCEPTED);
                assertThat(restore.report().errorCount()).isEqualTo(2500);
                assertThat(restore.report().errors()).hasSize(ClientReport.MAX_ERRORS);
                assertThat(restore.report().errors().get(99).line()).isEqualTo(100);
            }
        }

        /** The same error at the same place, as the client and as JDBC report it. */
        @ParameterizedTest
        @CsvSource(delimiter = '|', textBlock = """
            INSERT INTO public.book (title) VALUES ('x');                       | 1 | 23502 | null value in column "author_id"
            SELECT 1;\\n\\nINSERT INTO\\n  public.book (pages) VALUES (1);      | 3 | 42703 | column "pages" of relation "book" does not exist
            SELECT 1;\\nCOPY public.language (code, name) FROM stdin;\\nx\\n\\\\.\\n | 2 | 22P04 | missing data for column "name"
            SELECT 1;\\nCOPY public.nowhere FROM stdin;\\nx\\n\\\\.\\nSELECT 1; | 2 | 42P01 | relation "public.nowhere" does not exist
            DO $$\\nBEGIN\\n  RAISE EXCEPTION 'no; not here';\\nEND $$;         | 1 | P0001 | no; not here
            SELECT 1; SELECT 1 / 0;                                             | 1 | 22012 | division by zero
            """)
        void errorsNameLineStatementAndSqlState(
                String script, long line, String sqlState, String message, @TempDir Path directory) throws IOException {
            Backup backup = script(directory, script.replace("\\n", "\n").replace("\\\\", "\\"));
            try (TestDatabase database = Library.create(server(), "1")) {
                Restore restore = restore(database, backup, new StrictClient());

                assertThat(restore.verdict()).isEqualTo(RestoreVerdict.ROLLED_BACK);
                assertThat(restore.report().errors()).singleElement().satisfies(error -> {
                    assertThat(error.line()).isEqualTo(line);
                    assertThat(error.sqlState()).isEqualTo(sqlState);
                    assertThat(error.message()).contains(message == null ? "" : message);
                    assertThat(error.statement()).isNotEmpty();
                });
            }
        }

        @Test
        void aBackupThatIsDamagedTouchesNothing(@TempDir Path directory) throws IOException {
            Backup backup = script(
                    directory,
                    "INSERT INTO language VALUES ('nl', 'Dutch');\nCOPY public.author (id) FROM stdin;\n1\n");
            try (TestDatabase database = Library.create(server(), "1")) {
                assertThatThrownBy(() -> restore(database, backup, new DocumentedClient()))
                        .isInstanceOf(BackupException.class)
                        .hasMessageContaining("is cut off");
                assertThat(query(database, "SELECT code FROM language ORDER BY 1"))
                        .containsExactly("de", "en", "fr");
            }
        }

        @Test
        void foreignKeysAndTriggersComeBackAfterARestoreThatFailed() {
            try (TestDatabase database = Library.create(server(), "3")) {
                String rules = "SELECT count(*) FROM pg_constraint WHERE contype = 'f' UNION ALL SELECT count(*) FROM"
                        + " pg_trigger WHERE tgenabled <> 'D'";
                List<String> before = query(database, rules);

                restore(database, "2.1-data.sql", new StrictClient());

                assertThat(query(database, rules)).isEqualTo(before);
            }
        }
    }

    @Nested
    @TakesTurns(turn = 0, of = 3)
    class OnEmbeddedPostgreSql extends OnPostgreSql {

        @Override
        DatabaseServer server() {
            return TestServers.embedded();
        }
    }

    @Nested
    @TakesTurns(turn = 1, of = 3)
    class OnExternalPostgreSql extends OnPostgreSql {

        @Override
        DatabaseServer server() {
            return TestKit.externalServer();
        }
    }

    @Nested
    @RequiresDocker
    @TakesTurns(turn = 2, of = 3)
    class OnPostgreSqlInAContainer extends OnPostgreSql {

        @Override
        DatabaseServer server() {
            return TestServers.container("postgres:17");
        }

        /** The same file by psql and by JDBC: the same verdict, the same errors at the same lines. */
        @ParameterizedTest
        @CsvSource({
            "1-full.sql, 2, false", "1-full.sql, 2, true", "2.1-data.sql, 3, false", "2.1-data.sql, 3, true",
            "1-data.sql, 2, true", "2-data.sql, 2, true", "3-full.sql, 1, false", "1-no-history.sql, 1, false"
        })
        void jdbcComesToTheSameAsPsql(String dump, String version, boolean strict) {
            RestoreProcedure procedure = strict ? new StrictClient() : new DocumentedClient();
            try (TestDatabase one = Library.create(server(), version);
                    TestDatabase two = Library.create(TestServers.embedded(), version)) {
                Restore psql = restore(one, dump, procedure);
                Restore jdbc = restore(two, dump, procedure);

                assertThat(jdbc.verdict()).isEqualTo(psql.verdict());
                assertThat(jdbc.unfaithful()).isEqualTo(psql.unfaithful());
                assertThat(jdbc.report().errorCount()).isEqualTo(psql.report().errorCount());
                assertThat(places(jdbc)).isEqualTo(places(psql));
            }
        }

        private static List<String> places(Restore restore) {
            return restore.report().errors().stream()
                    .map(error -> error.line() + " " + error.sqlState() + " " + error.statement())
                    .toList();
        }

        @Test
        void theReportHoldsTheClientAsItWasCalled() {
            try (TestDatabase database = server().createDatabase()) {
                assertThat(restore(database, "1-full.sql", new DocumentedClient())
                                .report()
                                .client())
                        .isEqualTo("psql -X -q -h 127.0.0.1 -U " + database.user() + " -d " + database.name()
                                + " -v VERBOSITY=verbose -f -");
                assertThat(restore(database, "1-full.dump", new StrictClient())
                                .report()
                                .client())
                        .isEqualTo("pg_restore -h 127.0.0.1 -U " + database.user() + " -d " + database.name()
                                + " --exit-on-error --single-transaction");
            }
        }

        @Test
        void aRestoreOfTheCustomFormatIntoAnotherVersionIsRolledBack() {
            try (TestDatabase database = Library.create(server(), "2")) {
                Restore restore = restore(database, "1-full.dump", new StrictClient());

                assertThat(restore.verdict()).isEqualTo(RestoreVerdict.ROLLED_BACK);
                assertThat(restore.report().errors()).singleElement().satisfies(error -> {
                    assertThat(error.message()).isEqualTo("type \"mood\" already exists");
                    assertThat(error.statement()).startsWith("CREATE TYPE public.mood AS ENUM");
                });
                assertThat(versions(database)).containsExactly("1", "2");
            }
        }

        @Test
        void pgRestoreAsTheManualCallsItGoesOnAndReportsAnError() {
            try (TestDatabase database = Library.create(server(), "2")) {
                Restore restore = restore(database, "1-full.dump", new DocumentedClient());

                assertThat(restore.verdict()).isEqualTo(RestoreVerdict.PARTIALLY_APPLIED);
                assertThat(restore.report().success()).isFalse();
                assertThat(restore.report().errorCount()).isGreaterThan(10);
                assertThat(authors(database)).containsExactly("seeded by a migration");
                assertThat(query(database, "SELECT count(*) FROM lent")).containsExactly("2");
            }
        }

        @Test
        void aBackupThatDropsWhatItCreatesTurnsTheHistoryBack() {
            try (TestDatabase database = Library.create(server(), "2")) {
                Restore restore = restore(database, "1-clean.sql", new StrictClient());

                assertThat(restore.verdict()).isEqualTo(RestoreVerdict.SILENTLY_ACCEPTED);
                assertThat(restore.unfaithful())
                        .containsExactly("table publisher is there, which the backup does not have");
                assertThat(versions(database)).containsExactly("1");
            }
        }
    }

    abstract static class OnMySqlAndMariaDb {

        abstract DatabaseServer server();

        abstract String client();

        private String image() {
            return server().spec().toString();
        }

        @Test
        void aFullBackupIsRestoredIntoAnEmptyDatabase() {
            try (TestDatabase database = server().createDatabase()) {
                Restore restore = restore(database, "1-full.sql", new DocumentedClient());

                assertThat(restore.verdict()).isEqualTo(RestoreVerdict.RESTORED);
                assertThat(restore).hasToString(image() + " · backup of 1 into an empty database");
                assertThat(restore.report().client())
                        .isEqualTo(client() + " -h 127.0.0.1 -u " + database.user() + " " + database.name());
                assertThat(versions(database)).containsExactly("1");
                assertThat(authors(database)).containsExactly("Ann", "Bob", "Cid");
            }
        }

        @Test
        void aFullBackupTurnsTheHistoryOfAnotherVersionBack() {
            try (TestDatabase database = Library.create(server(), "2")) {
                Restore restore = restore(database, "1-full.sql", new DocumentedClient());

                assertThat(restore.verdict()).isEqualTo(RestoreVerdict.SILENTLY_ACCEPTED);
                assertThat(restore.report().success()).isTrue();
                assertThat(restore.unfaithful())
                        .containsExactly("table publisher is there, which the backup does not have");
                assertThat(versions(database)).containsExactly("1");
                assertThat(query(database, "SELECT count(*) FROM publisher")).containsExactly("0");
            }
        }

        @Test
        void aBackupThatDropsNothingIsStoppedByTheFirstTableAndLeavesNoTrace() {
            try (TestDatabase database = Library.create(server(), "2")) {
                Restore restore = restore(database, "1-no-drop.sql", new DocumentedClient());

                assertThat(restore.verdict()).isEqualTo(RestoreVerdict.ROLLED_BACK);
                assertThat(restore.report().errors()).singleElement().satisfies(error -> {
                    assertThat(error.sqlState()).isEqualTo("42S01");
                    assertThat(error.message()).isEqualTo("Table 'audit' already exists");
                    assertThat(error.statement()).startsWith("CREATE TABLE `audit`");
                    assertThat(error.line()).isEqualTo(error.lastLine()).isGreaterThan(20);
                });
                assertThat(restore.describeErrors().get(0))
                        .endsWith("likely cause: the target is not empty: a full backup goes into an empty database");
                assertThat(versions(database)).containsExactly("1", "2");
            }
        }

        @Test
        void aDataOnlyBackupOfAnotherShapeIsPartiallyApplied() {
            try (TestDatabase database = Library.create(server(), "2")) {
                Restore restore = restore(database, "1-data.sql", new DocumentedClient());

                assertThat(restore.verdict()).isEqualTo(RestoreVerdict.PARTIALLY_APPLIED);
                assertThat(restore.report().errors()).singleElement().satisfies(error -> {
                    assertThat(error.sqlState()).isEqualTo("21S01");
                    assertThat(error.statement()).startsWith("INSERT INTO `book` VALUES");
                    assertThat(error.line()).isEqualTo(error.lastLine());
                });
                assertThat(authors(database)).containsExactly("Ann", "Bob", "Cid");
                assertThat(query(database, "SELECT count(*) FROM book")).containsExactly("0");
                assertThat(query(database, "SELECT count(*) FROM flyway_schema_history"))
                        .containsExactly("0");
            }
        }

        @Test
        void aForcedClientReportsSuccessWhateverHappened() {
            try (TestDatabase database = Library.create(server(), "2")) {
                Restore restore = restore(database, "1-data.sql", new ForcedClient());

                assertThat(restore.verdict()).isEqualTo(RestoreVerdict.SILENTLY_ACCEPTED);
                assertThat(restore.report().client()).endsWith(" --force");
                assertThat(restore.report().success()).isTrue();
                assertThat(restore.report().errorCount()).isEqualTo(1);
                assertThat(restore.unfaithful())
                        .containsExactly(
                                "rows of version 1 lie untransformed in the tables of 2",
                                "table book holds 0 rows, the backup has 3");
                assertThat(versions(database)).containsExactly("1");
                assertThat(query(database, "SELECT count(*) FROM book")).containsExactly("0");
            }
        }

        @Test
        void aDataOnlyBackupIsRestoredIntoItsOwnVersion() {
            try (TestDatabase database = Library.create(server(), "3")) {
                Restore restore = restore(database, "3-data.sql", new DocumentedClient());

                assertThat(restore.verdict()).isEqualTo(RestoreVerdict.RESTORED);
                assertThat(versions(database)).containsExactly("1", "2", "2.1", "3");
            }
        }

        @Test
        void aColumnOfAnotherNameStopsNoRowsThatComeWithoutNames() {
            try (TestDatabase database = Library.create(server(), "3")) {
                Restore restore = restore(database, "2.1-data.sql", new DocumentedClient());

                assertThat(restore.verdict()).isEqualTo(RestoreVerdict.SILENTLY_ACCEPTED);
                assertThat(restore.unfaithful())
                        .containsExactly("rows of version 2.1 lie untransformed in the tables of 3");
                assertThat(versions(database)).containsExactly("1", "2", "2.1");
                assertThat(query(database, "SELECT label FROM language WHERE code = 'es'"))
                        .containsExactly("Spanish");
            }
        }

        /** As the client, so JDBC: the same file, the same verdict, the same error. */
        @ParameterizedTest
        @ValueSource(strings = {"1-full.sql", "1-no-drop.sql", "1-data.sql", "2-data.sql", "2-full.sql"})
        void jdbcComesToTheSameAsTheClient(String dump) {
            try (TestDatabase one = Library.create(server(), "2");
                    TestDatabase two = Library.create(server(), "2")) {
                Restore client = restore(one, dump, new StrictClient());
                Restore jdbc = restore(two, dump, new JdbcLoad());

                assertThat(jdbc.verdict()).isEqualTo(client.verdict());
                assertThat(jdbc.unfaithful()).isEqualTo(client.unfaithful());
                assertThat(jdbc.after().rows()).isEqualTo(client.after().rows());
                assertThat(jdbc.report().errors())
                        .usingRecursiveFieldByFieldElementComparatorOnFields("line", "sqlState", "statement")
                        .isEqualTo(client.report().errors());
            }
        }
    }

    @Nested
    @RequiresDocker
    @TakesTurns(turn = 0, of = 3)
    class OnMySql extends OnMySqlAndMariaDb {

        @Override
        DatabaseServer server() {
            return TestServers.container("mysql:9.7");
        }

        @Override
        String client() {
            return "mysql";
        }
    }

    @Nested
    @RequiresDocker
    @TakesTurns(turn = 1, of = 3)
    class OnMariaDb extends OnMySqlAndMariaDb {

        @Override
        DatabaseServer server() {
            return TestServers.container("mariadb:11.8");
        }

        @Override
        String client() {
            return "mariadb";
        }
    }

    @Nested
    class AProcedureOfOnesOwn {

        @Test
        void isJudgedByWhatItDidNotByWhatItSays() {
            try (TestDatabase database = Library.create(TestServers.embedded(), "2")) {
                Restore nothing = restore(
                        database, "2-data.sql", attempt -> new ClientReport("nothing at all", true, 0, List.of()));

                assertThat(nothing.verdict()).isEqualTo(RestoreVerdict.SILENTLY_ACCEPTED);
                assertThat(nothing.unfaithful()).contains("table author holds 1 rows, the backup has 3");
            }
        }

        @Test
        void mayClaimAnErrorAndHaveChangedTheDatabase() {
            try (TestDatabase database = Library.create(TestServers.embedded(), "2")) {
                Restore restore = restore(database, "2-data.sql", attempt -> {
                    execute(attempt.target(), "DELETE FROM language");
                    return new ClientReport("truncate", false, 0, List.of());
                });

                assertThat(restore.verdict()).isEqualTo(RestoreVerdict.PARTIALLY_APPLIED);
                assertThat(restore.before().differences(restore.after()))
                        .containsExactly("table language has 0 rows, before it had 3");
            }
        }

        @Test
        void mayUseOneThatIsThere() {
            try (TestDatabase database = Library.create(TestServers.embedded(), "2")) {
                Restore restore = restore(database, "2-data.sql", attempt -> new JdbcLoad().run(attempt));

                assertThat(restore.verdict()).isEqualTo(RestoreVerdict.RESTORED);
                assertThat(authors(database)).containsExactly("Ann", "Bob", "Cid");
            }
        }

        @Test
        void thatThrowsIsAnErrorOfTheTestAndForeignKeysComeBack() {
            try (TestDatabase database = Library.create(TestKit.externalServer(), "2")) {
                assertThatThrownBy(() -> restore(database, "2-data.sql", attempt -> {
                            throw new IOException("the tape is torn");
                        }))
                        .isInstanceOf(RestoreException.class)
                        .hasMessage("Backup dumps/postgresql/2-data.sql could not be restored into " + database
                                + ": the tape is torn");
                assertThatThrownBy(() -> execute(database, "INSERT INTO book (title, author_id) VALUES ('x', 99)"))
                        .hasMessageContaining("foreign key");
            }
        }
    }

    @Test
    void everyProcedureIsNamedInMessagesByItsClass() {
        assertThat(List.of(
                        new DocumentedClient(),
                        new StrictClient(),
                        new ForcedClient(),
                        new JdbcLoad(),
                        new DatabaseSwap()))
                .extracting(Object::toString)
                .containsExactly("DocumentedClient", "StrictClient", "ForcedClient", "JdbcLoad", "DatabaseSwap");
    }
}
