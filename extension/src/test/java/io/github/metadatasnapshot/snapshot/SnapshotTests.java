package io.github.metadatasnapshot.snapshot;

import static io.github.metadatasnapshot.testsupport.Library.databases;
import static io.github.metadatasnapshot.testsupport.Library.dump;
import static io.github.metadatasnapshot.testsupport.Library.execute;
import static io.github.metadatasnapshot.testsupport.Library.query;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.luben.zstd.ZstdOutputStream;
import io.github.metadatasnapshot.backup.Backup;
import io.github.metadatasnapshot.backup.BackupException;
import io.github.metadatasnapshot.migration.FlywayMigrator;
import io.github.metadatasnapshot.migration.FlywaySettings;
import io.github.metadatasnapshot.migration.MigrationException;
import io.github.metadatasnapshot.migration.Upgrade;
import io.github.metadatasnapshot.server.DatabaseServer;
import io.github.metadatasnapshot.server.TestDatabase;
import io.github.metadatasnapshot.testsupport.Library;
import io.github.metadatasnapshot.testsupport.RequiresDocker;
import io.github.metadatasnapshot.testsupport.TakesTurns;
import io.github.metadatasnapshot.testsupport.TestKit;
import io.github.metadatasnapshot.testsupport.TestServers;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.zip.GZIPOutputStream;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@TakesTurns(of = 3)
class SnapshotTests {

    private static Snapshot snapshot(DatabaseServer server, String version, Backup backup) {
        return new Snapshot(
                Library.migrator(server.engine()),
                Optional.of(version).filter(text -> !text.isEmpty()),
                Optional.of(backup));
    }

    private static String content(String dump) throws IOException {
        try (InputStream in = dump(dump).openRaw()) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** Writes a file with another content than a dump has. */
    private static Backup changed(Path directory, String dump, UnaryOperator<String> change) throws IOException {
        Path file = directory.resolve("changed.sql");
        Files.writeString(file, change.apply(content(dump)));
        return Backup.locate("file:" + file, SnapshotTests.class.getClassLoader());
    }

    /** What holds on every server of an engine. */
    abstract static class OnEveryServer {

        abstract DatabaseServer server();

        /** {@return foreign keys and triggers, with all that a restore has to leave as it was} */
        abstract String rules(TestDatabase database);

        abstract int firstAuthor();

        final TestDatabase create(String version, String dump) {
            return snapshot(server(), version, dump(server().engine().id() + "/" + dump))
                    .create(server());
        }

        final void assertHoldsTheBackup(TestDatabase database) {
            int first = firstAuthor();
            assertThat(query(database, "SELECT id, name, best_book_id FROM author ORDER BY id"))
                    .containsExactly(first + "|Ann|1", (first + 1) + "|Bob|2", (first + 2) + "|Cid|3");
            assertThat(query(database, "SELECT id, title, author_id FROM book ORDER BY id"))
                    .containsExactly("1|old Ann|" + first, "2|old Bob|" + (first + 1), "3|old Cid|" + (first + 2));
            assertThat(query(database, "SELECT * FROM language ORDER BY code"))
                    .containsExactly("de|German", "en|English");
            assertThat(query(database, "SELECT * FROM audit")).containsExactly("1|author Ann");
            assertThat(query(database, "SELECT version, script FROM flyway_schema_history"))
                    .containsExactly("1|V1__library.sql");
            assertThat(query(database, "SELECT count(*) FROM titles")).containsExactly("3");
        }

        final void assertIdentifiersGoOn(TestDatabase database) {
            int next = firstAuthor() + 3;
            execute(
                    database,
                    "INSERT INTO author (name) VALUES ('Dee')",
                    "INSERT INTO book (title, author_id) VALUES ('new', " + next + ")");
            assertThat(query(database, "SELECT id FROM author WHERE name = 'Dee'"))
                    .containsExactly("" + next);
            assertThat(query(database, "SELECT id FROM book WHERE title = 'new'"))
                    .containsExactly("4");
            assertThat(query(database, "SELECT what FROM audit ORDER BY id"))
                    .containsExactly("author Ann", "author Dee");
        }

        private void assertRulesHoldAgain(TestDatabase database) {
            assertThatThrownBy(() -> execute(database, "INSERT INTO book (title, author_id) VALUES ('new', 99)"))
                    .hasMessageContaining("foreign key");
            assertThatThrownBy(() -> execute(database, "INSERT INTO book (title, author_id) VALUES ('old 1', 3)"))
                    .hasMessageContaining("the trigger has fired");
            try (TestDatabase clean = Library.create(server(), "1")) {
                assertThat(rules(database)).isEqualTo(rules(clean));
            }
        }

        @Test
        void aFullBackupGoesIntoAnEmptyDatabase() {
            try (TestDatabase database = create("1", "1-full.sql")) {
                assertHoldsTheBackup(database);
                assertIdentifiersGoOn(database);
            }
        }

        @Test
        void theRowsOfMigrationsMakeWayForThoseOfADataOnlyBackup() {
            try (TestDatabase database = create("1", "1-data.sql")) {
                assertHoldsTheBackup(database);
            }
        }

        @Test
        void identifiersGoOnAfterTheRowsOfADataOnlyBackup() {
            try (TestDatabase database = create("1", "1-data.sql")) {
                assertIdentifiersGoOn(database);
            }
        }

        @Test
        void foreignKeysAndTriggersRestOnlyWhileADataOnlyBackupIsLoaded() {
            try (TestDatabase database = create("1", "1-data.sql")) {
                assertRulesHoldAgain(database);
            }
        }

        @ParameterizedTest
        @ValueSource(strings = {"1-full.sql", "1-data.sql"})
        void theVersionIsThatOfTheBackupWhereNoneIsSet(String dump) {
            try (TestDatabase database = create("", dump)) {
                assertHoldsTheBackup(database);
            }
        }

        @Test
        void aDatabaseFromABackupIsMigratedOn() {
            try (TestDatabase database = create("2", "2-data.sql")) {
                var migrator = Library.migrator(database.engine());
                var upgrade = Upgrade.run(database, migrator, Optional.of("3"));

                assertThat(upgrade.succeeded()).isTrue();
                assertThat(upgrade.from()).isEqualTo("2");
                assertThat(query(database, "SELECT code, label FROM language ORDER BY code"))
                        .containsExactly("de|German", "en|English", "es|Spanish");
            }
        }
    }

    abstract static class OnPostgreSql extends OnEveryServer {

        @Override
        int firstAuthor() {
            return 2;
        }

        @Override
        String rules(TestDatabase database) {
            return String.join(
                    "\n",
                    query(
                            database,
                            "SELECT concat_ws('|', conrelid::regclass, conname, pg_get_constraintdef(oid), convalidated,"
                                    + " obj_description(oid, 'pg_constraint')) FROM pg_constraint WHERE contype = 'f'"
                                    + " UNION ALL SELECT concat_ws('|', tgrelid::regclass, tgname, tgenabled)"
                                    + " FROM pg_trigger WHERE NOT tgisinternal ORDER BY 1"));
        }

        @Test
        void aBackupWithoutHistoryRowsGoesIntoTheVersionThatIsSet() {
            try (TestDatabase database = create("1", "1-data-no-history.sql")) {
                assertHoldsTheBackup(database);
            }
        }

        @Test
        void partitionsAreLoaded() {
            try (TestDatabase full = create("1", "1-full.sql");
                    TestDatabase data = create("1", "1-data.sql")) {
                assertThat(query(full, "SELECT * FROM lent ORDER BY 1"))
                        .isEqualTo(query(data, "SELECT * FROM lent ORDER BY 1"))
                        .containsExactly("1|2024-05-01", "2|2024-05-02");
            }
        }
    }

    /** The owner of databases may switch triggers and foreign keys off. */
    @Nested
    @TakesTurns(turn = 0, of = 3)
    class OnEmbeddedPostgreSql extends OnPostgreSql {

        @Override
        DatabaseServer server() {
            return TestServers.embedded();
        }

        @Test
        void statementsThatNameARoleWhichTheServerLacksAreLeftOut() {
            try (TestDatabase database = create("1", "1-owner.sql")) {
                assertHoldsTheBackup(database);
                assertThat(query(database, "SELECT DISTINCT tableowner FROM pg_tables WHERE schemaname = 'public'"))
                        .containsExactly(database.user());
            }
        }

        @ParameterizedTest
        @ValueSource(strings = {"1-full.dump", "1-data.dump"})
        void theCustomFormatNeedsAContainer(String dump) {
            assertThatThrownBy(() -> create("1", dump))
                    .isInstanceOf(BackupException.class)
                    .hasMessage(
                            "dumps/postgresql/" + dump + " is in PostgreSQL's custom format (pg_dump -Fc), which only"
                                    + " pg_restore reads, and only a container has that. Dump plain (pg_dump -Fp), or run the"
                                    + " server in a container");
        }
    }

    /** An ordinary user may not. */
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

        @ParameterizedTest
        @ValueSource(strings = {"1-full.dump", "1-data.dump"})
        void aBackupInTheCustomFormat(String dump) {
            try (TestDatabase database = create("1", dump)) {
                assertHoldsTheBackup(database);
                assertIdentifiersGoOn(database);
            }
        }

        @Test
        void anOwnerThatTheServerLacksIsCreated() {
            try (TestDatabase database = create("1", "1-owner.sql")) {
                assertHoldsTheBackup(database);
                assertThat(query(database, "SELECT tableowner FROM pg_tables WHERE tablename = 'book'"))
                        .containsExactly("keeper");
                assertThat(query(database, "SELECT rolcanlogin FROM pg_roles WHERE rolname = 'keeper'"))
                        .containsExactly("f");
            }
        }
    }

    abstract static class OnMySqlAndMariaDb extends OnEveryServer {

        @Override
        int firstAuthor() {
            return 3;
        }

        @Override
        String rules(TestDatabase database) {
            return String.join(
                    "\n",
                    query(
                            database,
                            "SELECT CONCAT_WS('|', constraint_name, table_name, referenced_table_name, delete_rule)"
                                    + " FROM information_schema.referential_constraints"
                                    + " WHERE constraint_schema = DATABASE()"
                                    + " UNION ALL SELECT CONCAT_WS('|', trigger_name, action_timing, event_manipulation,"
                                    + " event_object_table, action_statement, sql_mode, definer, action_order)"
                                    + " FROM information_schema.triggers WHERE trigger_schema = DATABASE() ORDER BY 1"));
        }

        @Test
        void aDataOnlyBackupThatBringsTheTriggersAlong() {
            try (TestDatabase database = create("1", "1-data-triggers.sql")) {
                assertHoldsTheBackup(database);
                assertIdentifiersGoOn(database);
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

        /** As mysqldump writes it of a server that has GTIDs: a server would take them once. */
        @Test
        void gtidsAreLeftOutEachTime(@TempDir Path directory) throws IOException {
            Backup backup = changed(
                    directory, "mysql/1-full.sql", sql -> sql.replaceFirst("(?m)^--\\R-- Table structure", """
                            SET @MYSQLDUMP_TEMP_LOG_BIN = @@SESSION.SQL_LOG_BIN;
                            SET @@SESSION.SQL_LOG_BIN= 0;

                            --
                            -- GTID state at the beginning of the backup
                            --

                            SET @@GLOBAL.GTID_PURGED=/*!80000 '+'*/ '3e11fa47-71ca-11e1-9e33-c80aa9429562:1-5';

                            $0"""));
            for (int load = 0; load < 2; load++) {
                try (TestDatabase database = snapshot(server(), "1", backup).create(server())) {
                    assertHoldsTheBackup(database);
                }
            }
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
    }

    @Nested
    class CompressedBackups {

        @Test
        void goIn(@TempDir Path directory) throws IOException {
            byte[] plain = content("postgresql/1-data.sql").getBytes(StandardCharsets.UTF_8);
            Path gzip = directory.resolve("1.sql.gz");
            try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(gzip))) {
                out.write(plain);
            }
            Path zstd = directory.resolve("1.sql.zst");
            try (OutputStream out = new ZstdOutputStream(Files.newOutputStream(zstd))) {
                out.write(plain);
            }
            for (Path file : new Path[] {gzip, zstd}) {
                Backup backup = Backup.locate(file.toString(), getClass().getClassLoader());
                try (TestDatabase database =
                        snapshot(TestServers.embedded(), "1", backup).create(TestServers.embedded())) {
                    assertThat(query(database, "SELECT name FROM author ORDER BY 1"))
                            .containsExactly("Ann", "Bob", "Cid");
                }
            }
        }
    }

    @Nested
    class WhatCannotBePrepared {

        @TempDir
        private Path directory;

        private DatabaseServer server = TestServers.embedded();

        private AbstractThrowableAssert<?, ? extends Throwable> assertFails(Snapshot snapshot) {
            var before = databases(server);
            try {
                return assertThatThrownBy(() -> snapshot.create(server).close());
            } finally {
                assertThat(databases(server)).isEqualTo(before);
            }
        }

        private AbstractThrowableAssert<?, ? extends Throwable> assertFails(String version, String dump) {
            Backup backup =
                    dump.startsWith("backups/") ? Backup.locate(dump, getClass().getClassLoader()) : dump(dump);
            return assertFails(snapshot(server, version, backup));
        }

        private AbstractThrowableAssert<?, ? extends Throwable> assertFails(
                String version, String dump, UnaryOperator<String> change) throws IOException {
            return assertFails(snapshot(server, version, changed(directory, dump, change)));
        }

        @ParameterizedTest
        @ValueSource(strings = {"postgresql/1-full.sql", "postgresql/1-data.sql"})
        void aBackupOfAnotherVersionThanIsSet(String dump) {
            assertFails("2", dump)
                    .isInstanceOf(SnapshotException.class)
                    .hasMessage("The annotation says version 2, but the history in the backup dumps/" + dump
                            + " says 1. Name the backup of 2, or set version = \"1\", or leave version out");
        }

        @Test
        void aVersionThatNoMigrationHas() {
            assertFails("1.5", "postgresql/1-data.sql")
                    .isInstanceOf(MigrationException.class)
                    .hasMessage("There is no migration to version 1.5. There are migrations to 1, 2, 2.1, 3");
        }

        @Test
        void aDataOnlyBackupOfAVersionThatNoMigrationHas() throws IOException {
            assertFails("", "postgresql/1-data.sql", sql -> sql.replace("1\t1\tlibrary", "1\t0.9\tlibrary"))
                    .isInstanceOf(MigrationException.class)
                    .hasMessageContaining("There is no migration to version 0.9. There are migrations to 1, 2, 2.1, 3");
        }

        @Test
        void aFullBackupWithoutAHistoryTable() {
            assertFails("1", "postgresql/1-no-history.sql")
                    .isInstanceOf(SnapshotException.class)
                    .hasMessage(
                            "Backup dumps/postgresql/1-no-history.sql holds no table flyway_schema_history, so nothing"
                                    + " tells of which version it is. If the product's history table has another name, set the"
                                    + " attribute table. Where the product takes over databases without a history, configure that:"
                                    + " baselineOnMigrate and baselineVersion, by flywayConfig or a FlywayCustomizer");
        }

        @Test
        void aFullBackupWithAnEmptyHistory() throws IOException {
            assertFails("1", "postgresql/1-full.sql", sql -> sql.replaceFirst("(?m)^1\t1\tlibrary.*\\R", ""))
                    .isInstanceOf(SnapshotException.class)
                    .hasMessageContaining("holds no applied version in the table flyway_schema_history");
        }

        @Test
        void aDataOnlyBackupWithoutHistoryRowsWhereNoVersionIsSet() {
            assertFails("", "postgresql/1-data-no-history.sql")
                    .isInstanceOf(SnapshotException.class)
                    .hasMessage(
                            "Backup dumps/postgresql/1-data-no-history.sql says nothing about its version: set version");
        }

        @ParameterizedTest
        @ValueSource(strings = {"postgresql/1-full.sql", "postgresql/1-data.sql"})
        void aHistoryTableOfAnotherNameUntilItIsSet(String dump) throws IOException {
            UnaryOperator<String> renamed = sql -> sql.replace("flyway_schema_history", "versions");
            assertFails("", dump, renamed).isInstanceOf(SnapshotException.class);

            Snapshot told = new Snapshot(
                    Library.migrator(server.engine(), "versions"),
                    Optional.empty(),
                    Optional.of(changed(directory, dump, renamed)));
            try (TestDatabase database = told.create(server)) {
                assertThat(query(database, "SELECT version FROM versions")).containsExactly("1");
                assertThat(query(database, "SELECT name FROM author ORDER BY 1"))
                        .containsExactly("Ann", "Bob", "Cid");
            }
        }

        @Test
        void aBackupOfTheOtherEngine() {
            assertFails("1", "mysql/1-full.sql")
                    .isInstanceOf(BackupException.class)
                    .hasMessage(
                            "dumps/mysql/1-full.sql is a backup of MySQL, the database is PostgreSQL. Name a backup of"
                                    + " PostgreSQL, or a database of MySQL");
        }

        @Test
        void aBackupThatChangesItsHistoryAfterwards() throws IOException {
            Backup backup = changed(
                    directory,
                    "postgresql/1-full.sql",
                    sql -> sql + "UPDATE public.flyway_schema_history SET version = '0.9';\n");
            for (String version : List.of("", "1")) {
                assertThatThrownBy(() -> snapshot(TestServers.embedded(), version, backup)
                                .create(TestServers.embedded()))
                        .isInstanceOf(SnapshotException.class)
                        .hasMessage("After loading the backup " + backup.name() + ", of which "
                                + (version.isEmpty()
                                        ? "the version was read from its history"
                                        : "the annotation says version 1")
                                + ", the database's own history says 0.9 instead of 1");
            }
        }

        /** It goes in once on a server, so that no second load can tell whether the file was counted well. */
        @Test
        void aBackupOfWhichMuchIsNotThere() throws IOException {
            StringBuilder sql = new StringBuilder("""
                    DO $$ BEGIN
                      IF EXISTS (SELECT FROM pg_catalog.pg_shdescription WHERE description = 'taken') THEN
                        RAISE EXCEPTION 'it was taken before';
                      END IF;
                      EXECUTE format('COMMENT ON DATABASE %I IS %L', current_database(), 'taken');
                    END $$;
                    """);
            for (int rows = 1; rows <= 12; rows++) {
                sql.append("CREATE TABLE public.t%1$d (id integer);\nCOPY public.t%1$d (id) FROM stdin;\n"
                                .formatted(rows))
                        .append("1\n".repeat(rows))
                        .append("\\.\n");
            }
            for (int rows = 1; rows <= 12; rows++) {
                sql.append("DELETE FROM public.t%d;\n".formatted(rows));
            }
            Backup backup = changed(directory, "postgresql/1-full.sql", full -> full + sql);

            assertThatThrownBy(
                            () -> snapshot(TestServers.embedded(), "1", backup).create(TestServers.embedded()))
                    .isInstanceOf(SnapshotException.class)
                    .hasMessageContaining("""
                            no error was reported, but it is not all there
                            - table t12 holds 0 rows, the backup has 12
                            - table t11 holds 0 rows, the backup has 11
                            """)
                    .hasMessageContaining("""
                            - table t3 holds 0 rows, the backup has 3
                            - and 2 more
                            the rows of the backup were counted in the file, which is a guess; a second load over JDBC, to\
                             tell, failed: line\s""")
                    .hasMessageContaining("it was taken before");
        }

        @Test
        void aBackupThatIsCutOff() throws IOException {
            assertFails("1", "postgresql/1-data.sql", sql -> sql.substring(0, sql.indexOf("3\tBob")))
                    .isInstanceOf(BackupException.class)
                    .hasMessageContaining("is cut off");
        }

        @Test
        void aCompressedBackupThatIsCutOff() throws IOException {
            Path file = directory.resolve("1.sql.gz");
            try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
                out.write(content("postgresql/1-full.sql").getBytes(StandardCharsets.UTF_8));
            }
            byte[] half = Arrays.copyOf(Files.readAllBytes(file), (int) Files.size(file) / 2);
            Files.write(file, half);
            assertFails(snapshot(
                            server,
                            "1",
                            Backup.locate(file.toString(), getClass().getClassLoader())))
                    .isInstanceOf(BackupException.class)
                    .hasMessageContaining("is damaged, or was not copied to its end");
        }

        @Test
        void aRowThatTheTableRefuses() throws IOException {
            assertFails("1", "postgresql/1-data.sql", sql -> sql.replace("3\tBob\t2", "3\tBob\ttwo"))
                    .isInstanceOf(SnapshotException.class)
                    .hasMessageStartingWith("Backup " + directory.resolve("changed.sql")
                            + " did not go into the database migrated to 1, snapshot")
                    .hasMessageContaining(": line 35: ERROR: invalid input syntax for type integer: \"two\"")
                    .hasMessageContaining("(SQLSTATE 22P02)\nstatement: COPY public.author");
        }

        @Test
        void aRowThatPointsNowhereWhereForeignKeysHadToBeDropped() throws IOException {
            server = TestKit.externalServer();
            assertFails("1", "postgresql/1-data.sql", sql -> sql.replace("3\tBob\t2", "3\tBob\t99"))
                    .isInstanceOf(SnapshotException.class)
                    .hasMessageContaining("violates foreign key constraint \"author_best_book\"");
        }

        @Test
        void aBackupThatChangesToAnotherDatabase() {
            assertFails("", "backups/postgresql-17-all.sql")
                    .isInstanceOf(BackupException.class)
                    .hasMessageContaining("this must not run in a test's database: it ");
        }

        @Test
        void aMigrationThatFails() {
            Snapshot snapshot = new Snapshot(
                    new FlywayMigrator(
                            new FlywaySettings(
                                    List.of(),
                                    List.of("migrations/fails"),
                                    "",
                                    List.of(),
                                    Map.of(),
                                    Optional.empty(),
                                    false),
                            server.engine(),
                            getClass().getClassLoader()),
                    Optional.of("2"),
                    Optional.empty());
            assertFails(snapshot)
                    .isInstanceOf(SnapshotException.class)
                    .hasMessageStartingWith("The empty database snapshot")
                    .hasMessageContaining(" cannot be migrated to 2, to start from there: in V2__half.sql, line 4: ")
                    .hasMessageContaining("(SQLSTATE 42P01)");
        }

        @Test
        void neitherAVersionNorABackup() {
            assertFails(new Snapshot(Library.migrator(server.engine()), Optional.empty(), Optional.empty()))
                    .isInstanceOf(SnapshotException.class)
                    .hasMessage("Which version to start from? Set version, or backup, or both");
        }

        @Nested
        @RequiresDocker
        class OnMySql {

            @Test
            void aBackupThatCreatesAndUsesADatabase() {
                server = TestServers.container("mysql:9.7");
                assertFails("", "backups/mysql-9.7-databases.sql")
                        .isInstanceOf(BackupException.class)
                        .hasMessageContaining("this must not run in a test's database: it creates a database");
            }

            @Test
            void aBackupThatChangesToAnotherDatabase() throws IOException {
                server = TestServers.container("mysql:9.7");
                assertFails("1", "mysql/1-full.sql", sql -> sql.replaceFirst("DROP TABLE", "USE mysql;\nDROP TABLE"))
                        .isInstanceOf(BackupException.class)
                        .hasMessageContaining("this must not run in a test's database: it changes to another database");
            }

            @Test
            void aBackupOfTheOtherEngine() {
                server = TestServers.container("mysql:9.7");
                assertFails("1", "postgresql/1-full.sql")
                        .isInstanceOf(BackupException.class)
                        .hasMessage(
                                "dumps/postgresql/1-full.sql is a backup of PostgreSQL, the database is MySQL. Name a"
                                        + " backup of MySQL, or a database of PostgreSQL");
            }
        }
    }
}
