package io.github.metadatasnapshot.snapshot;

import static io.github.metadatasnapshot.assertion.MetadataSnapshotAssertions.assertThat;
import static io.github.metadatasnapshot.testsupport.Library.dump;
import static io.github.metadatasnapshot.testsupport.Library.execute;
import static io.github.metadatasnapshot.testsupport.Library.query;
import static org.assertj.core.api.Assertions.as;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;

import io.github.metadatasnapshot.backup.Backup;
import io.github.metadatasnapshot.backup.SnapshotGuard;
import io.github.metadatasnapshot.engine.Engine;
import io.github.metadatasnapshot.migration.Migrator;
import io.github.metadatasnapshot.restore.ClientReport;
import io.github.metadatasnapshot.restore.DocumentedClient;
import io.github.metadatasnapshot.restore.ForcedClient;
import io.github.metadatasnapshot.restore.NextMigration;
import io.github.metadatasnapshot.restore.NextMigration.Outcome;
import io.github.metadatasnapshot.restore.Restore;
import io.github.metadatasnapshot.restore.RestoreCause;
import io.github.metadatasnapshot.restore.RestoreProcedure;
import io.github.metadatasnapshot.restore.RestoreVerdict;
import io.github.metadatasnapshot.restore.SilentAcceptance;
import io.github.metadatasnapshot.restore.StrictClient;
import io.github.metadatasnapshot.server.DatabaseServer;
import io.github.metadatasnapshot.server.TestDatabase;
import io.github.metadatasnapshot.testsupport.Images;
import io.github.metadatasnapshot.testsupport.Library;
import io.github.metadatasnapshot.testsupport.RequiresDocker;
import io.github.metadatasnapshot.testsupport.Scripts;
import io.github.metadatasnapshot.testsupport.TakesTurns;
import io.github.metadatasnapshot.testsupport.TestServers;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a restore did, told beside its controls, on databases that are really in that state. */
@TakesTurns(of = 4)
class RestoresTests {

    @TestInstance(TestInstance.Lifecycle.PER_CLASS)
    abstract static class OnAServer {

        private final Restores restores = new Restores(new PreparedStates(0), new CleanInstalls());
        private Migrator migrator;

        abstract DatabaseServer server();

        final Migrator migrator() {
            if (migrator == null) {
                migrator = Library.migrator(server().engine());
            }
            return migrator;
        }

        final Restore restore(TestDatabase database, Backup backup, RestoreProcedure procedure) {
            return restores.restore(database, Optional.empty(), backup, procedure, migrator());
        }

        final Restore restore(TestDatabase database, String dump, RestoreProcedure procedure) {
            return restore(database, dump(server().engine().id() + "/" + dump), procedure);
        }

        /** {@return a procedure that changes the database behind the client, and leaves those of the controls alone} */
        static RestoreProcedure tampering(TestDatabase database, String... statements) {
            return attempt -> {
                ClientReport report = new StrictClient().run(attempt);
                if (attempt.target() == database) {
                    execute(database, statements);
                }
                return report;
            };
        }

        static NextMigration next(Restore restore) {
            return restore.nextMigration().orElseThrow();
        }

        static Backup script(Path directory, String sql) throws IOException {
            return Backup.locate(
                    Files.writeString(directory.resolve("script.sql"), sql).toString(),
                    RestoresTests.class.getClassLoader());
        }
    }

    abstract static class OnPostgreSql extends OnAServer {

        @Test
        void whatIsNotAsInTheControlIsToldTheGravestFirst() {
            try (TestDatabase database = Library.create(server(), "2")) {
                Restore restore = restore(
                        database,
                        "2-data.sql",
                        tampering(
                                database,
                                "CREATE TABLE added (id INT)",
                                "UPDATE audit SET what = 'other'",
                                "COMMENT ON TABLE book IS 'for people'",
                                "SELECT setval('book_id_seq', 1)",
                                "DELETE FROM language",
                                "DELETE FROM lent_2024 WHERE book_id = 1",
                                "ALTER TABLE publisher ALTER COLUMN name TYPE VARCHAR(9)",
                                "DROP VIEW titles"));

                assertThat(restore.unfaithful())
                        .extracting(
                                line -> line.lines().findFirst().orElseThrow().replaceFirst(": .*", ""))
                        .containsExactly(
                                "table language holds 0 rows, the backup has 2",
                                "table lent_2024 holds 1 rows, the backup has 2",
                                "view titles is missing",
                                "column publisher.name differs",
                                "sequence book_id_seq continues at 2, with a faithful copy of the backup it continues at"
                                        + " 4; book.id holds 2 already",
                                "table audit holds other values than the backup, in as many rows",
                                "table added is there, which the backup does not have",
                                "comment table book is there, unexpected");
            }
        }

        @Test
        void rowsOfAnEarlierVersionLieUntransformedAndTheNextMigrateFails() {
            try (TestDatabase database = Library.create(server(), "2")) {
                Restore restore = restore(database, "1-data.sql", new StrictClient());

                assertThat(restore)
                        .wasSilentlyAccepted(SilentAcceptance.UNTRANSFORMED_DATA, SilentAcceptance.HISTORY_TURNED_BACK);
                assertThat(restore.acceptance()).hasSize(2);
                assertThat(restore.unfaithful())
                        .contains("table publisher is there, which the backup does not have")
                        .anyMatch(line -> line.startsWith("column book.subtitle is there, unexpected"));
                assertThat(next(restore).outcome()).isEqualTo(Outcome.FAILS);
                assertThat(next(restore).toString())
                        .startsWith(
                                "the next migrate to 2 fails: in V2__subtitle.sql, line 1: ERROR: column \"subtitle\""
                                        + " of relation \"book\" already exists");
                assertThat(query(database, "SELECT version FROM flyway_schema_history"))
                        .containsExactly("1");
                assertThatThrownBy(() -> assertThat(restore).wasRejected())
                        .isInstanceOf(AssertionError.class)
                        .hasMessageContainingAll(
                                "but it was SILENTLY_ACCEPTED: HISTORY_TURNED_BACK, UNTRANSFORMED_DATA.",
                                "\nthe next migrate to 2 fails: in V2__subtitle.sql");
                assertThatThrownBy(() -> assertThat(restore).wasSilentlyAccepted(SilentAcceptance.MIXED_DATA))
                        .hasMessageContaining("to be silently accepted with [MIXED_DATA], but it was SILENTLY_ACCEPTED:"
                                + " HISTORY_TURNED_BACK, UNTRANSFORMED_DATA.");
            }
        }

        @ParameterizedTest
        @CsvSource(
                delimiter = '|',
                value = {
                    "UPDATE language SET name = 'Deutsch' WHERE code = 'de' | MIXED_DATA"
                            + " | table language holds other values than the backup, in as many rows",
                    "INSERT INTO language VALUES ('la', 'Latin') | MIXED_DATA"
                            + " | table language holds 3 rows, the backup has 2",
                    "DROP TABLE audit CASCADE | HYBRID_SHAPE | table audit of the backup is missing",
                    "CREATE TABLE left_over (id INT) | HYBRID_SHAPE"
                            + " | table left_over is there, which the backup does not have",
                    "DROP VIEW titles | HYBRID_SHAPE | view titles is missing",
                    "UPDATE flyway_schema_history SET description = 'x' WHERE version = '1' | MIXED_DATA"
                            + " | the history has other rows than the backup, of the same version 2",
                })
        void whatIsNotExactlyTheBackupIsNotRestored(String change, String acceptance, String difference) {
            try (TestDatabase database = Library.create(server(), "2")) {
                Restore restore = restore(database, "2-data.sql", tampering(database, change));

                assertThatThrownBy(() -> assertThat(restore).succeeded())
                        .isInstanceOf(AssertionError.class)
                        .hasMessageContaining(
                                "data-only backup of 2 into 2 to succeed, but it was SILENTLY_ACCEPTED: " + acceptance)
                        .hasMessageContaining("\nnot a faithful copy of the backup:\n")
                        .hasMessageContaining("- " + difference);
            }
        }

        @Test
        void aMigrationThatGetsThereWithOtherRowsThanAnUpgradeOfTheBackup() {
            try (TestDatabase database = Library.create(server(), "2.1")) {
                Restore restore =
                        restore(database, "2-data.sql", tampering(database, "DELETE FROM language WHERE code = 'de'"));

                assertThatThrownBy(() -> assertThat(restore).wasRejected())
                        .hasMessageContaining(
                                "\nthe next migrate to 2.1 applies 2.1 and gets there, with other rows than"
                                        + " an upgrade of the backup: language 2 instead of 3");
            }
        }

        @Test
        void aVersionOfTheSameShapeIsRestoredAndMigratedAgain() {
            try (TestDatabase database = Library.create(server(), "2.1")) {
                Restore restore = restore(database, "2-data.sql", new StrictClient());

                assertThat(restore).succeeded();
                assertThat(next(restore)).isEqualTo(NextMigration.reaches("2.1", "2.1", List.of()));
                assertThat(next(restore))
                        .hasToString(
                                "the next migrate to 2.1 applies 2.1 and gets there, with as many rows as an upgrade"
                                        + " of the backup");
                assertThatThrownBy(() -> assertThat(restore).wasRejected())
                        .hasMessageContaining("data-only backup of 2 into 2.1 to be rejected, but it was RESTORED: the"
                                + " database, which was at 2.1, is a faithful 2 now.");
            }
        }

        @Test
        void aLaterVersionOfTheSameShapeLeavesNothingToMigrate() {
            try (TestDatabase database = Library.create(server(), "2")) {
                Restore restore = restore(database, "2.1-data.sql", new StrictClient());

                assertThat(restore).succeeded();
                assertThat(next(restore))
                        .hasToString("the next migrate to 2 finds nothing to do: the history says 2.1");
            }
        }

        @Test
        void rowsOfALaterVersionGoAheadOfTheShape() {
            try (TestDatabase database = Library.create(server(), "1")) {
                Restore restore = restore(database, "2-data.sql", new DocumentedClient());

                assertThat(restore)
                        .wasSilentlyAccepted(
                                SilentAcceptance.HISTORY_AHEAD,
                                SilentAcceptance.UNTRANSFORMED_DATA,
                                SilentAcceptance.ERRORS_SWALLOWED);
                assertThat(next(restore)).isEqualTo(NextMigration.nothing("1", "the history says 2"));
                assertThatThrownBy(() -> assertThat(restore).wasRejected())
                        .hasMessageContaining("but it was SILENTLY_ACCEPTED: HISTORY_AHEAD, UNTRANSFORMED_DATA,"
                                + " ERRORS_SWALLOWED.");
            }
        }

        @Test
        void aDumpThatDropsItsTablesLeavesThoseOfTheLaterVersion() {
            try (TestDatabase database = Library.create(server(), "2")) {
                Restore restore = restore(database, "1-clean.sql", new DocumentedClient());

                assertThat(restore)
                        .wasSilentlyAccepted(SilentAcceptance.HYBRID_SHAPE, SilentAcceptance.HISTORY_TURNED_BACK);
                assertThat(query(database, "SELECT count(*) FROM publisher")).containsExactly("0");
                assertThat(next(restore).toString())
                        .startsWith("the next migrate to 2 fails: in V2__subtitle.sql, line 2: ERROR: relation"
                                + " \"publisher\" already exists");
                assertThatThrownBy(() -> assertThat(restore).wasRejected())
                        .hasMessageContaining("but it was SILENTLY_ACCEPTED: HYBRID_SHAPE, HISTORY_TURNED_BACK.");
            }
        }

        @Test
        void rowsAreMixedWhereTablesOfTheSameShapeWereThere() {
            try (TestDatabase database = Library.create(server(), "2.1")) {
                Restore restore = restore(database, "2-full.sql", new DocumentedClient());

                assertThat(restore).wasSilentlyAccepted(SilentAcceptance.MIXED_DATA, SilentAcceptance.ERRORS_SWALLOWED);
                assertThat(restore.acceptance()).hasSize(2);
                assertThatThrownBy(() -> assertThat(restore).wasRejected())
                        .hasMessageContaining("but it was SILENTLY_ACCEPTED: MIXED_DATA, ERRORS_SWALLOWED.");
            }
        }

        @Test
        void aBackupThatOnlyAnotherVersionRefusesIsRefusedForTheVersion() {
            try (TestDatabase database = Library.create(server(), "1")) {
                Restore restore = restore(database, "2-data.sql", new StrictClient());

                assertThat(restore)
                        .wasRejected()
                        .becauseOfVersion()
                        .hasCause(RestoreCause.VERSION)
                        .leftDatabaseUntouched();
                assertThatThrownBy(() -> assertThat(restore).hasCause(RestoreCause.OCCUPIED_TARGET))
                        .hasMessageContaining(
                                "data-only backup of 2 into 1 to fail because of OCCUPIED_TARGET, but it was"
                                        + " the version: the target is at another one, and a database at the backup's own"
                                        + " version, with the backup in it, takes it.");
            }
        }

        @Test
        void aDatabaseAtItsOwnVersionThatRefusesItProvesNothingAboutTheVersion() {
            try (TestDatabase database = Library.create(server(), "2")) {
                execute(database, "ALTER TABLE language RENAME COLUMN name TO called");
                Restore restore = restore(database, "2-data.sql", new StrictClient());

                assertThat(restore).wasRejected().hasCause(RestoreCause.OCCUPIED_TARGET);
                assertThatThrownBy(() -> assertThat(restore).becauseOfVersion())
                        .hasMessageContainingAll(
                                "data-only backup of 2 into 2 to fail because of the version, but the target is"
                                        + " occupied: it is at the backup's own version, so that what it holds is in the way.",
                                "column \"name\" of relation \"language\" does not exist");
            }
        }

        @Test
        void aBackupThatItsOwnVersionRefusesTooProvesNothingAboutTheVersion() {
            try (TestDatabase database = Library.create(server(), "2")) {
                Restore restore = restore(database, "1-full.sql", new StrictClient());

                assertThat(restore).wasRejected().hasCause(RestoreCause.OCCUPIED_TARGET);
                assertThatThrownBy(() -> assertThat(restore).becauseOfVersion())
                        .isInstanceOf(AssertionError.class)
                        .hasMessageContainingAll(
                                "backup of 1 into 2 to fail because of the version, but the target is occupied: a database"
                                        + " at the backup's own version, with the backup in it, does not take it either.",
                                "type \"mood\" already exists");
            }
        }

        @Test
        void aBackupThatGoesInNowhereIsInconclusive(@TempDir Path directory) throws IOException {
            Backup backup = script(directory, """
                    INSERT INTO public.flyway_schema_history (installed_rank, version, description, type, script, checksum,
                     installed_by, installed_on, execution_time, success) VALUES (1, '1', 'library', 'SQL',
                     'V1__library.sql', 1, 'x', '2026-01-01', 1, true);
                    INSERT INTO public.nowhere VALUES (1);
                    """);
            try (TestDatabase database = Library.create(server(), "2")) {
                Restore restore = restore(database, backup, new StrictClient());

                assertThat(restore.cause()).contains(RestoreCause.ENVIRONMENT);
                assertThat(restore).leftDatabaseUntouched();
                assertThatThrownBy(() -> assertThat(restore).wasRejected())
                        .isInstanceOf(AssertionError.class)
                        .hasMessageContainingAll(
                                "data-only backup of 1 into 2 to be rejected, but nothing can be concluded from it: the"
                                        + " same backup by the same procedure into a database migrated to 1, as a control,"
                                        + " was ROLLED_BACK: line 4: ",
                                "relation \"public.nowhere\" does not exist",
                                " (SQLSTATE 42P01)",
                                "\nthe restore itself was ROLLED_BACK.");
                assertThatThrownBy(() -> assertThat(restore).becauseOfVersion())
                        .hasMessageContainingAll(
                                "but the version has nothing to do with it: the backup does not go in where it should.",
                                "into a database migrated to 1, as a control, was ROLLED_BACK");
            }
        }

        @Test
        void aBackupThatSaysNoVersionIsInconclusive() {
            try (TestDatabase database = Library.create(server(), "2")) {
                Restore restore = restore(database, "1-data-no-history.sql", new StrictClient());

                assertThatThrownBy(() -> assertThat(restore).failed())
                        .hasMessageContaining(
                                "nothing can be concluded from it: the same backup could not be restored into"
                                        + " a database migrated to no version, as a control: the backup says nothing about its"
                                        + " version");
            }
        }

        @Test
        void aServerThatIsNotStoppedIsReported() throws SQLException {
            try (TestDatabase database = Library.create(server(), "2");
                    Connection server = database.open();
                    var statement = server.createStatement()) {
                statement.execute("SET application_name = 'catalogue server'");

                Restore restore = restore(database, "2-data.sql", new StrictClient());

                assertThat(restore.otherSessions())
                        .singleElement(as(STRING))
                        .contains(database.user(), "catalogue server", "idle");
                assertThatThrownBy(() -> assertThat(restore).wasRejected())
                        .hasMessageMatching("(?s).*\nothers were connected to the database:\n- .*catalogue server.*");
            }
        }

        @Test
        void whatChangedSinceIsNotMigrated() {
            try (TestDatabase database = Library.create(server(), "2.1")) {
                Restore restore = restore(database, "2-data.sql", new StrictClient());
                execute(database, "DELETE FROM language");

                assertThat(next(restore))
                        .hasToString(
                                "what the next migrate to 2.1 does is not known: the database has changed since the"
                                        + " restore");
            }
        }

        @Test
        void controlsRunOnceForAllThatAskAtATime() throws Exception {
            AtomicInteger runs = new AtomicInteger();
            RestoreProcedure counting = attempt -> {
                runs.incrementAndGet();
                return new StrictClient().run(attempt);
            };
            int threads = 4;
            CountDownLatch together = new CountDownLatch(threads);
            ExecutorService executor = Executors.newFixedThreadPool(threads);
            try {
                List<Future<RestoreCause>> causes = IntStream.range(0, threads)
                        .mapToObj(i -> executor.submit(() -> {
                            try (TestDatabase database = Library.create(server(), "2")) {
                                together.countDown();
                                together.await();
                                return restore(database, dump(server().engine().id() + "/1-full.sql"), counting)
                                        .cause()
                                        .orElseThrow();
                            }
                        }))
                        .toList();
                for (Future<RestoreCause> cause : causes) {
                    assertThat(cause.get()).isEqualTo(RestoreCause.OCCUPIED_TARGET);
                }
            } finally {
                executor.shutdown();
            }
            // One for each test, one for the first control, two for the second.
            assertThat(runs).hasValue(threads + 3);
        }

        @Test
        void aControlThatWasInterruptedIsRunAgain() {
            AtomicInteger runs = new AtomicInteger();
            RestoreProcedure interrupted = attempt -> {
                if (runs.incrementAndGet() == 1) {
                    Thread.currentThread().interrupt();
                    throw new IOException("Interrupted, as by a time-out of the test");
                }
                return new StrictClient().run(attempt);
            };
            Backup backup = dump(server().engine().id() + "/1-full.sql");
            try (TestDatabase first = Library.create(server(), "2");
                    TestDatabase second = Library.create(server(), "2")) {
                try {
                    restore(first, backup, interrupted);
                } catch (RuntimeException e) {
                    // Of a test that was interrupted nothing counts.
                }
                assertThat(Thread.interrupted()).isTrue();

                assertThat(restore(second, backup, interrupted)).wasRejected();
            }
        }
    }

    /** Migrations and backups of which something cannot be told. */
    @Nested
    class OfAProductOfItsOwn {

        @TempDir
        private Path directory;

        private Restore restore(TestDatabase target, Backup backup, Migrator migrator) {
            return new Restores(new PreparedStates(0), new CleanInstalls())
                    .restore(target, Optional.empty(), backup, new DocumentedClient(), migrator);
        }

        private Backup full(String more) throws IOException {
            return OnAServer.script(
                    directory, Files.readString(Path.of("src/test/resources/dumps/postgresql/1-full.sql")) + more);
        }

        private void assertCannotBeTold(Restore restore, String reason) {
            assertThatThrownBy(() -> assertThat(restore).isComplete())
                    .isInstanceOf(AssertionError.class)
                    .hasMessageStartingWith("Expected the restore " + restore
                            + " to bring all that the migrations to its version create, but that cannot be told: "
                            + reason);
        }

        @Test
        void whatABackupLacksCannotAlwaysBeTold() throws IOException {
            Migrator migrator = Library.migrator(Engine.POSTGRESQL);
            Migrator broken = new Scripts(directory)
                    .with("V1__library.sql", "SELECT * FROM nowhere;")
                    .migrator(Engine.POSTGRESQL);
            try (TestDatabase database = TestServers.embedded().createDatabase()) {
                Restore restore = Restore.run(database, full(""), new DocumentedClient(), migrator.historyTable());
                assertCannotBeTold(restore, "the restore has no controls.");
            }
            try (TestDatabase database = TestServers.embedded().createDatabase()) {
                Restore restore = restore(database, full("DELETE FROM public.nowhere;\n"), migrator);
                assertCannotBeTold(restore, "it does not go whole into an empty database.");
            }
            try (TestDatabase database = TestServers.embedded().createDatabase()) {
                Restore restore = restore(database, full(""), broken);
                assertCannotBeTold(restore, "an empty database cannot be migrated to 1: ");
            }
            try (TestDatabase database = TestServers.embedded().createDatabase()) {
                Restore restore = restore(
                        database, OnAServer.script(directory, "CREATE TABLE public.item (id integer);\n"), migrator);
                assertCannotBeTold(restore, "it is at no version.");
            }
        }

        @Test
        void whatDecidedIsToldWithWhatFails() throws IOException {
            Migrator migrator = Library.migrator(Engine.POSTGRESQL);
            try (TestDatabase database = TestServers.embedded().createDatabase()) {
                Restore restore = new Restores(new PreparedStates(0), new CleanInstalls())
                        .restore(
                                database,
                                Optional.of(Restores.look(database, migrator)),
                                full("DELETE FROM public.language;\n"),
                                new DocumentedClient(),
                                migrator);

                assertThatThrownBy(() -> assertThat(restore).wasRejected())
                        .hasMessageContaining(
                                "\nnote: the file seems to hold other rows than the database, but two loads, by"
                                        + " DocumentedClient and over JDBC, left the same: table language holds 0 rows, the"
                                        + " backup has 2\nthe client reported success");
            }
        }

        @Test
        void aDatabaseWithoutAVersionHasNoNextMigration() throws IOException {
            try (TestDatabase database = TestServers.embedded().createDatabase()) {
                execute(database, "CREATE TABLE language (id INT)");
                Restore restore = restore(database, full(""), Library.migrator(Engine.POSTGRESQL));

                assertThat(restore.before().isUntouchedIn(restore.after())).isFalse();
                assertThat(restore.nextMigration()).isEmpty();
                assertThatThrownBy(() -> assertThat(restore).wasRejected())
                        .hasMessageContaining(" into no version to be rejected, but it was SILENTLY_ACCEPTED")
                        .hasMessageNotContaining("migrate");
            }
        }

        @Test
        void whatTheNextMigrationDoesToADatabaseThatHasChangedSinceIsNotKnown() {
            try (TestDatabase database = Library.create(TestServers.embedded(), "2")) {
                Restore restore = restore(database, dump("postgresql/1-data.sql"), Library.migrator(Engine.POSTGRESQL));
                execute(database, "CREATE TABLE since (id INT)");

                assertThatThrownBy(() -> assertThat(restore).wasRejected())
                        .hasMessageContaining("\nwhat the next migrate to 2 does is not known: the database has changed"
                                + " since the restore\n");
            }
        }

        @Test
        void theNextMigrationReachesWhatAnUpgradeOfTheBackupDoesNot() throws IOException {
            Migrator migrator = new Scripts(directory)
                    .with("V1__first.sql", "CREATE TABLE item (id INT PRIMARY KEY, name TEXT);")
                    .with("V2__second.sql", "DROP INDEX IF EXISTS u;", "CREATE UNIQUE INDEX u ON item (name);")
                    .migrator(Engine.POSTGRESQL);
            try (TestDatabase source = at("1", migrator);
                    TestDatabase target = at("2", migrator)) {
                String row = query(
                                source,
                                "SELECT format('(1, %L, %L, %L, %L, %s, %L, %L, 1, true)', version, description, type,"
                                        + " script, checksum, installed_by, installed_on) FROM flyway_schema_history")
                        .get(0);
                Backup backup = OnAServer.script(directory, """
                        INSERT INTO public.item VALUES (1, 'a');
                        INSERT INTO public.item VALUES (2, 'a');
                        INSERT INTO public.flyway_schema_history VALUES %s;
                        """.formatted(row));
                Restore restore = restore(target, backup, migrator);

                assertThat(restore.nextMigration())
                        .hasValueSatisfying(
                                next -> assertThat(next.toString())
                                        .startsWith(
                                                "the next migrate to 2 applies 2 and gets there, but an upgrade of the backup"
                                                        + " to 2 fails: in V2__second.sql, line 2: ERROR: could not create unique index"));
            }
        }

        private TestDatabase at(String version, Migrator migrator) {
            return new Snapshot(migrator, Optional.of(version), Optional.empty()).create(TestServers.embedded());
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
    @RequiresDocker
    @TakesTurns(turn = 1, of = 3)
    class OnPostgreSqlInAContainer extends OnPostgreSql {

        @Override
        DatabaseServer server() {
            return TestServers.container("postgres:17");
        }
    }

    abstract static class OnMySqlAndMariaDb extends OnAServer {

        @Test
        void aFullBackupLeavesAHybridThatCannotBeMigrated() {
            try (TestDatabase database = Library.create(server(), "2")) {
                Restore restore = restore(database, "1-full.sql", new DocumentedClient());

                assertThat(restore)
                        .wasSilentlyAccepted(SilentAcceptance.HYBRID_SHAPE, SilentAcceptance.HISTORY_TURNED_BACK);
                assertThat(restore.acceptance()).hasSize(2);
                assertThat(next(restore).outcome()).isEqualTo(Outcome.FAILS);
                assertThat(next(restore).detail())
                        .startsWith("in V2__subtitle.sql, line 2: ")
                        .contains("Table 'publisher' already exists");
            }
        }

        @Test
        void aFullBackupOfALaterVersionIsRestored() {
            try (TestDatabase database = Library.create(server(), "1")) {
                Restore restore = restore(database, "2-full.sql", new DocumentedClient());

                assertThat(restore).succeeded();
                assertThat(next(restore).outcome()).isEqualTo(Outcome.NOTHING);
            }
        }

        @Test
        void aFullBackupOfTheSameShapeIsRestoredAndMigratedAgain() {
            try (TestDatabase database = Library.create(server(), "2.1")) {
                Restore restore = restore(database, "2-full.sql", new DocumentedClient());

                assertThat(restore).succeeded();
                assertThat(next(restore)).isEqualTo(NextMigration.reaches("2.1", "2.1", List.of()));
            }
        }

        @Test
        void aForcedClientSwallowsErrors() {
            try (TestDatabase database = Library.create(server(), "2")) {
                Restore restore = restore(database, "1-data.sql", new ForcedClient());

                assertThat(restore)
                        .wasSilentlyAccepted(
                                SilentAcceptance.ERRORS_SWALLOWED,
                                SilentAcceptance.UNTRANSFORMED_DATA,
                                SilentAcceptance.HISTORY_TURNED_BACK);
            }
        }

        @Test
        void aDataOnlyBackupOfAnotherShapeFailsForTheVersion() {
            try (TestDatabase database = Library.create(server(), "2")) {
                Restore restore = restore(database, "1-data.sql", new DocumentedClient());

                assertThat(restore)
                        .hasVerdict(RestoreVerdict.PARTIALLY_APPLIED)
                        .failed()
                        .becauseOfVersion();
            }
        }

        @Test
        void aDumpThatDropsNothingMeetsAnOccupiedTarget() {
            try (TestDatabase database = Library.create(server(), "2")) {
                assertThat(restore(database, "1-no-drop.sql", new DocumentedClient()))
                        .wasRejected()
                        .hasCause(RestoreCause.OCCUPIED_TARGET);
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

    @RequiresDocker
    @ParameterizedTest
    @Images({"postgres:17", "mysql:9.7", "mariadb:11.8"})
    void aGuardIsACause(String image, @TempDir Path directory) throws IOException {
        DatabaseServer server = TestServers.container(image);
        Path guarded = directory.resolve("guarded.sql");
        try (OutputStream out = Files.newOutputStream(guarded)) {
            SnapshotGuard.add(
                    dump(server.engine().id() + "/1-full.sql"), server.engine(), "flyway_schema_history", out);
        }
        Backup backup = Backup.locate(guarded.toString(), getClass().getClassLoader());
        try (TestDatabase database = Library.create(server, "2")) {
            Restore restore = new Restores(new PreparedStates(0), new CleanInstalls())
                    .restore(
                            database,
                            Optional.empty(),
                            backup,
                            new DocumentedClient(),
                            Library.migrator(server.engine()));

            assertThat(restore)
                    .hasVerdict(RestoreVerdict.REFUSED)
                    .hasCause(RestoreCause.GUARD)
                    .becauseOfVersion()
                    .leftDatabaseUntouched();
            assertThatThrownBy(() -> assertThat(restore).hasCause(RestoreCause.VERSION))
                    .isInstanceOf(AssertionError.class)
                    .hasMessageContaining(
                            "backup of 1 into 2 to fail because of VERSION, but the guard of the backup refused it.");
            assertThatThrownBy(() -> assertThat(restore).succeeded())
                    .isInstanceOf(AssertionError.class)
                    .hasMessageContaining("backup of 1 into 2 to succeed, but it was REFUSED, because of GUARD.");
        }
    }
}
