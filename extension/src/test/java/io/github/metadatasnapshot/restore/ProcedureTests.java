package io.github.metadatasnapshot.restore;

import static io.github.metadatasnapshot.testsupport.Library.databases;
import static io.github.metadatasnapshot.testsupport.Library.dump;
import static io.github.metadatasnapshot.testsupport.Library.execute;
import static io.github.metadatasnapshot.testsupport.Library.query;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.metadatasnapshot.assertion.MetadataSnapshotAssertions;
import io.github.metadatasnapshot.backup.Backup;
import io.github.metadatasnapshot.backup.SnapshotGuard;
import io.github.metadatasnapshot.engine.DatabaseDefaults;
import io.github.metadatasnapshot.engine.Engine;
import io.github.metadatasnapshot.server.DatabaseServer;
import io.github.metadatasnapshot.server.ServerException;
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
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@TakesTurns(of = 3)
class ProcedureTests {

    private static Restore restore(TestDatabase database, Backup backup, RestoreProcedure procedure) {
        return Restore.run(
                database, backup, procedure, Library.migrator(database.engine()).historyTable());
    }

    private static Restore restore(TestDatabase database, String dump, RestoreProcedure procedure) {
        return restore(database, dump(database.engine().id() + "/" + dump), procedure);
    }

    private static List<String> versions(TestDatabase database) {
        return query(database, "SELECT version FROM flyway_schema_history ORDER BY installed_rank");
    }

    private static List<String> authors(TestDatabase database) {
        return query(database, "SELECT name FROM author ORDER BY name");
    }

    abstract static class Swaps {

        abstract DatabaseServer server();

        @Test
        void aBackupReplacesTheDatabase() {
            List<String> before = databases(server());
            try (TestDatabase database = Library.create(server(), "3")) {
                execute(database, "CREATE TABLE later (id INT)");
                List<String> during = databases(server());
                Restore restore = restore(database, "1-full.sql", new DatabaseSwap());

                assertThat(restore.verdict()).isEqualTo(RestoreVerdict.RESTORED);
                assertThat(restore.unfaithful()).isEmpty();
                assertThat(restore.targetVersion()).isEqualTo("3");
                assertThat(restore.procedure()).isEqualTo("DatabaseSwap");
                assertThat(restore.report().client()).endsWith(", renamed to " + database.name());
                assertThat(versions(database)).containsExactly("1");
                assertThat(authors(database)).containsExactly("Ann", "Bob", "Cid");
                assertThat(databases(server())).isEqualTo(during);
            }
            assertThat(databases(server())).isEqualTo(before);
        }

        private void setProperties(TestDatabase database) {
            String name = "\"" + database.name() + "\"";
            execute(
                    database,
                    "ALTER DATABASE " + name + " SET timezone = 'Asia/Kolkata'",
                    "ALTER DATABASE " + name + " SET search_path = public, pg_catalog",
                    "ALTER ROLE CURRENT_USER IN DATABASE " + name + " SET work_mem = '8MB'",
                    "ALTER DATABASE " + name + " CONNECTION LIMIT 50",
                    "REVOKE CONNECT ON DATABASE " + name + " FROM PUBLIC",
                    "COMMENT ON DATABASE " + name + " IS 'the product''s'");
        }

        private static List<String> properties(TestDatabase database) {
            return query(
                    database,
                    "SELECT datconnlimit, (SELECT string_agg(acl, ' ' ORDER BY acl) FROM unnest(datacl::text[]) AS acl),"
                            + " shobj_description(d.oid, 'pg_database'), pg_get_userbyid(datdba),"
                            + " (SELECT string_agg((setrole = 0) || ' ' || setconfig::text, ' ' ORDER BY setrole)"
                            + " FROM pg_db_role_setting WHERE setdatabase = d.oid)"
                            + " FROM pg_database d WHERE datname = current_database()");
        }

        @Test
        void whatIsInNoDumpIsLostByASwapAndNamed() {
            try (TestDatabase database = Library.create(server(), "2")) {
                setProperties(database);
                Restore restore = restore(database, "1-full.sql", new DatabaseSwap());

                assertThat(restore.verdict()).isEqualTo(RestoreVerdict.RESTORED);
                String name = database.name();
                assertThat(restore.lostProperties())
                        .hasSize(10)
                        .contains(
                                "ALTER DATABASE " + name + " SET \"TimeZone\" TO 'Asia/Kolkata'",
                                "COMMENT ON DATABASE " + name + " IS 'the product''s'")
                        .anyMatch(lost -> lost.endsWith(" CONNECTION LIMIT 50"))
                        .anyMatch(lost -> lost.startsWith("REVOKE ALL ON DATABASE " + name + " FROM PUBLIC, "));
                assertThat(restore.notes())
                        .contains("the database lost what no dump holds: COMMENT ON DATABASE " + name
                                + " IS 'the product''s'");
                assertThatThrownBy(() ->
                                MetadataSnapshotAssertions.assertThat(restore).keptDatabaseProperties())
                        .hasMessageContaining(
                                " to keep what the database as a whole has, but it lost what no dump holds:\n- ")
                        .hasMessageContaining("\n- COMMENT ON DATABASE " + name + " IS 'the product''s'");
            }
        }

        @Test
        void aProcedureMayKeepWhatIsInNoDump() {
            for (RestoreProcedure procedure : List.of(new DatabaseSwap(true), new CleanDatabase())) {
                try (TestDatabase database = Library.create(server(), "2")) {
                    setProperties(database);
                    List<String> before = properties(database);
                    Restore restore = restore(database, "1-full.sql", procedure);

                    assertThat(restore.verdict()).isEqualTo(RestoreVerdict.RESTORED);
                    assertThat(properties(database)).isEqualTo(before);
                    MetadataSnapshotAssertions.assertThat(restore).keptDatabaseProperties();
                }
            }
        }

        @Test
        void aSessionKeepsTheDatabaseInItsPlace() throws Exception {
            try (TestDatabase database = Library.create(server(), "2");
                    Connection product = database.open();
                    var statement = product.createStatement()) {
                product.setClientInfo("ApplicationName", "bytebase");
                statement.execute("SELECT 'still here'");
                List<String> before = databases(server());
                Restore restore = restore(database, "1-full.sql", new DatabaseSwap());

                assertThat(restore.verdict()).isEqualTo(RestoreVerdict.ROLLED_BACK);
                assertThat(restore.report().success()).isFalse();
                assertThat(restore.report().errorCount()).isEqualTo(1);
                StatementError error = restore.report().errors().get(0);
                assertThat(error.sqlState()).isEqualTo("55006");
                assertThat(error.message())
                        .startsWith("ERROR: database \"" + database.name() + "\" is being accessed by other users")
                        .containsPattern("\nconnected: " + database.user()
                                + " from [0-9.]+ by bytebase, idle: SELECT 'still here'$");
                assertThat(restore.describeErrors().get(0))
                        .endsWith(
                                "\nstatement: ALTER DATABASE … RENAME TO …\nlikely cause: a product that still runs, or"
                                        + " a connection of the test; stop the one, close the other");
                assertThat(versions(database)).containsExactly("1", "2");
                assertThat(databases(server())).isEqualTo(before);
            }
        }

        @Test
        void aLoadThatFailsLeavesTheDatabaseAsItWas(@TempDir Path directory) throws IOException {
            Path script = directory.resolve("script.sql");
            Files.writeString(script, """
                    \\set ON_ERROR_STOP on
                    CREATE TABLE public.half (id INT);
                    INSERT INTO public.nowhere VALUES (1);
                    """);
            try (TestDatabase database = Library.create(server(), "2")) {
                List<String> before = databases(server());
                Restore restore = restore(
                        database, Backup.locate(script.toString(), getClass().getClassLoader()), new DatabaseSwap());

                assertThat(restore.verdict()).isEqualTo(RestoreVerdict.ROLLED_BACK);
                assertThat(restore.report().errors()).singleElement().satisfies(error -> {
                    assertThat(error.sqlState()).isEqualTo("42P01");
                    assertThat(error.line()).isEqualTo(3);
                });
                assertThat(versions(database)).containsExactly("1", "2");
                assertThat(databases(server())).isEqualTo(before);
            }
        }

        @Test
        void whatTheClientSwallowedIsSwappedInAsTheManualHasIt(@TempDir Path directory) throws IOException {
            Path script = directory.resolve("script.sql");
            Files.writeString(script, """
                    CREATE TABLE public.half (id INT);
                    INSERT INTO public.nowhere VALUES (1);
                    """);
            try (TestDatabase database = Library.create(server(), "2")) {
                Restore restore = restore(
                        database, Backup.locate(script.toString(), getClass().getClassLoader()), new DatabaseSwap());

                assertThat(restore.verdict()).isEqualTo(RestoreVerdict.SILENTLY_ACCEPTED);
                assertThat(restore.report().errorCount()).isEqualTo(1);
                assertThat(query(database, "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"))
                        .containsExactly("half");
            }
        }

        @Test
        void aDataOnlyBackupHasNoTables() {
            try (TestDatabase database = Library.create(server(), "2")) {
                assertThatThrownBy(() -> restore(database, "2-data.sql", new DatabaseSwap()))
                        .isInstanceOf(RestoreException.class)
                        .hasMessage("DatabaseSwap restores into a new, empty database, and the backup"
                                + " dumps/postgresql/2-data.sql holds rows without the tables for them: take a full"
                                + " backup, or restore into the database itself, by DocumentedClient or StrictClient");
                assertThatThrownBy(() -> execute(database, "INSERT INTO book (title, author_id) VALUES ('x', 99)"))
                        .hasMessageContaining("foreign key");
            }
        }
    }

    @Nested
    class SwapsOnEmbeddedPostgreSql extends Swaps {

        @Override
        DatabaseServer server() {
            return TestServers.embedded();
        }
    }

    @Nested
    @RequiresDocker
    class SwapsInAContainer extends Swaps {

        @Override
        DatabaseServer server() {
            return TestServers.container("postgres:17");
        }

        @Test
        void theCustomFormatGoesThroughPgRestore() {
            try (TestDatabase database = Library.create(server(), "2")) {
                Restore restore = restore(database, "1-full.dump", new DatabaseSwap());
                assertThat(restore.verdict()).isEqualTo(RestoreVerdict.RESTORED);
                assertThat(restore.report().client()).startsWith("pg_restore ");
            }
        }

        @ParameterizedTest
        @Images({"mysql:9.7", "mariadb:11.8"})
        void mySqlRenamesNoDatabase(String image) {
            try (TestDatabase database = Library.create(TestServers.container(image), "2")) {
                assertThatThrownBy(() -> restore(database, "1-full.sql", new DatabaseSwap()))
                        .isInstanceOf(RestoreException.class)
                        .hasMessage(
                                "DatabaseSwap renames databases, which " + database.engine() + " cannot: restore into"
                                        + " the database itself, by CleanDatabase, DocumentedClient or StrictClient");
                assertThat(versions(database)).containsExactly("1", "2");
            }
        }
    }

    @RequiresDocker
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
        postgres:17  | ENCODING 'LATIN1' LOCALE 'C'
        postgres:17  | LOCALE_PROVIDER icu ICU_LOCALE 'de'
        postgres:17  | LOCALE_PROVIDER builtin BUILTIN_LOCALE 'C.UTF-8'
        postgres:13  | LOCALE 'C'
        mysql:9.7    | CHARACTER SET latin1 COLLATE latin1_german1_ci
        mariadb:11.8 | CHARACTER SET utf8mb4 COLLATE utf8mb4_german2_ci COMMENT 'the product''s'
        """)
    void aCleanDatabaseHasTheLocaleOfTheOneBefore(String image, String options) {
        DatabaseServer server = TestServers.container(image);
        try (TestDatabase database =
                server.with(new DatabaseDefaults(options, List.of())).createDatabase()) {
            execute(database, "CREATE TABLE old (id INT)");
            List<String> before = creation(database);
            server.makeEmpty(database);

            assertThat(creation(database)).isEqualTo(before);
            execute(database, "CREATE TABLE old (id INT)");
        }
    }

    private static List<String> creation(TestDatabase database) {
        try (Connection connection = database.open()) {
            return database.engine().creation(connection, database.name(), database.name());
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void aSwapTakesASecondDatabase() {
        try (TestDatabase only = TestServers.embedded().createDatabase();
                DatabaseServer server = TestKit.singleDatabaseServer(only);
                TestDatabase database = Library.create(server, "2")) {
            assertThatThrownBy(() -> restore(database, "1-full.sql", new DatabaseSwap()))
                    .isInstanceOf(ServerException.class)
                    .hasMessage("This test needs two databases at a time, and"
                            + " metadatasnapshot.external.postgresql.single-database=true gives one. Let the user create"
                            + " databases");
            assertThat(versions(database)).containsExactly("1", "2");
        }
    }

    @Nested
    class Commands {

        private static final ContainerCommand PSQL = ContainerCommand.of(
                "psql", "-X", "-q", "-h", "{host}", "-p", "{port}", "-U", "{user}", "-d", "{database}");

        private static ContainerCommand client(Engine engine) {
            String client = engine == Engine.MYSQL ? "mysql" : "mariadb";
            return engine == Engine.POSTGRESQL
                    ? PSQL
                    : ContainerCommand.of("sh", "-c", client + " -h {host} -P {port} -u {user} {database}");
        }

        @RequiresDocker
        @ParameterizedTest
        @Images({"postgres:17", "mysql:9.7", "mariadb:11.8"})
        void restoreFullAndDataOnlyBackups(String image, @TempDir Path directory) throws IOException {
            DatabaseServer server = TestServers.container(image);
            ContainerCommand command = client(server.engine());
            Path guarded = directory.resolve("guarded.sql");
            try (OutputStream out = Files.newOutputStream(guarded)) {
                SnapshotGuard.add(
                        dump(server.engine().id() + "/3-data.sql"), server.engine(), "flyway_schema_history", out);
            }
            try (TestDatabase empty = server.createDatabase();
                    TestDatabase migrated = Library.create(server, "3");
                    TestDatabase other = Library.create(server, "2")) {
                Restore full = restore(empty, "1-full.sql", command);
                assertThat(full.verdict()).isEqualTo(RestoreVerdict.RESTORED);
                assertThat(full.report().client()).endsWith(empty.name());
                assertThat(full.procedure()).isEqualTo(command.toString()).endsWith("{user}" + database(command));
                assertThat(restore(migrated, "3-data.sql", command).verdict()).isEqualTo(RestoreVerdict.RESTORED);
                assertThat(authors(migrated)).containsExactly("Ann", "Bob", "Cid");

                Backup backup = Backup.locate(guarded.toString(), getClass().getClassLoader());
                assertThat(restore(migrated, backup, command).verdict()).isEqualTo(RestoreVerdict.RESTORED);
                assertThat(restore(other, backup, command).verdict()).isEqualTo(RestoreVerdict.REFUSED);
            }
        }

        private static String database(ContainerCommand command) {
            return command.equals(PSQL) ? " -d {database}" : " {database}";
        }

        @RequiresDocker
        @Test
        void errorsOfPsqlCountWithoutLineAndState() {
            try (TestDatabase database = Library.create(TestServers.container("postgres:17"), "2")) {
                Restore restore = restore(database, "1-full.sql", PSQL);
                Restore documented = restore(database, "1-full.sql", new DocumentedClient());

                assertThat(restore.report().success()).isTrue();
                assertThat(restore.report().errorCount()).isGreaterThan(10);
                assertThat(restore.report().errors().get(0))
                        .isEqualTo(new StatementError(0, 0, "", "", "type \"mood\" already exists"));
                assertThat(documented.report().errors().get(0).message()).isEqualTo("type \"mood\" already exists");
                assertThat(restore.verdict()).isEqualTo(RestoreVerdict.SILENTLY_ACCEPTED);
            }
        }

        @RequiresDocker
        @ParameterizedTest
        @CsvSource({"mysql:9.7, mysql", "mariadb:11.8, mariadb"})
        void errorsOfMySqlNameTheStatement(String image) {
            try (TestDatabase database = Library.create(TestServers.container(image), "2")) {
                Restore restore = restore(database, "1-data.sql", client(database.engine()));

                assertThat(restore.verdict()).isEqualTo(RestoreVerdict.PARTIALLY_APPLIED);
                assertThat(restore.report().errors()).singleElement().satisfies(error -> {
                    assertThat(error.sqlState()).isEqualTo("21S01");
                    assertThat(error.statement()).startsWith("INSERT INTO `book` VALUES");
                });
            }
        }

        @RequiresDocker
        @Test
        void theLastLineIsTheErrorOfAnyOtherProgram() {
            try (TestDatabase database = Library.create(TestServers.container("postgres:17"), "2")) {
                Restore restore = restore(
                        database,
                        "1-full.sql",
                        ContainerCommand.of("sh", "-c", "cat >/dev/null; echo 'the tape is torn' >&2; exit 3"));

                assertThat(restore.verdict()).isEqualTo(RestoreVerdict.ROLLED_BACK);
                assertThat(restore.report().errors())
                        .containsExactly(new StatementError(0, 0, "", "", "the tape is torn"));
            }
        }

        @RequiresDocker
        @Test
        void aCommandThatDoesNothingRestoresNothing() {
            try (TestDatabase database = Library.create(TestServers.container("postgres:17"), "2")) {
                Restore restore = restore(database, "1-full.sql", ContainerCommand.of("true"));

                assertThat(restore.report().success()).isTrue();
                assertThat(restore.verdict()).isEqualTo(RestoreVerdict.SILENTLY_ACCEPTED);
            }
        }

        @RequiresDocker
        @Test
        void aProgramThatIsMissingIsAnErrorOfTheTest() {
            try (TestDatabase database = Library.create(TestServers.container("postgres:17"), "2")) {
                assertThatThrownBy(
                                () -> restore(database, "1-full.sql", ContainerCommand.of("/opt/product/restore.sh")))
                        .isInstanceOf(RestoreException.class)
                        .hasMessage("Backup dumps/postgresql/1-full.sql could not be restored into " + database
                                + ": The container has no program /opt/product/restore.sh");
            }
        }

        @Test
        void takeAContainer() {
            try (TestDatabase database = Library.create(TestServers.embedded(), "2")) {
                assertThatThrownBy(() -> restore(database, "1-full.sql", ContainerCommand.of("restore", "{database}")))
                        .isInstanceOf(RestoreException.class)
                        .hasMessage("ContainerCommand restore {database} runs in the server's container, and "
                                + database.server() + " has none: run the server in one, or restore by JdbcLoad");
                assertThat(versions(database)).containsExactly("1", "2");
            }
        }

        @Test
        void takeNoPassword() {
            assertThatThrownBy(() -> ContainerCommand.of("mysql", "--password={password}"))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage(
                            "ContainerCommand passes no password as an argument, where all could read it: the command"
                                    + " finds it in the variable PGPASSWORD (PostgreSQL) or MYSQL_PWD (MySQL, MariaDB)");
        }

        @ParameterizedTest
        @ValueSource(strings = {"", " "})
        void nameAProgram(String program) {
            assertThatThrownBy(() -> ContainerCommand.of(program))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("Which command restores the backup? ContainerCommand was given none");
            assertThatThrownBy(ContainerCommand::of).hasMessageStartingWith("Which command");
        }
    }

    @Test
    void proceduresOfTheSameKindAreEqual() {
        assertThat(List.of(
                        new DocumentedClient(),
                        new StrictClient(),
                        new ForcedClient(),
                        new JdbcLoad(),
                        new DatabaseSwap(),
                        ContainerCommand.of("a", "b"),
                        ContainerCommand.of("a")))
                .doesNotHaveDuplicates()
                .containsExactly(
                        new DocumentedClient(),
                        new StrictClient(),
                        new ForcedClient(),
                        new JdbcLoad(),
                        new DatabaseSwap(),
                        ContainerCommand.of("a", "b"),
                        ContainerCommand.of("a"));
        assertThat(new StrictClient()).hasSameHashCodeAs(new StrictClient());
        assertThat(ContainerCommand.of("a")).hasSameHashCodeAs(ContainerCommand.of("a"));
    }
}
