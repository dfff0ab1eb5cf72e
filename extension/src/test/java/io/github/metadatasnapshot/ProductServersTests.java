package io.github.metadatasnapshot;

import static io.github.metadatasnapshot.assertion.MetadataSnapshotAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.metadatasnapshot.engine.Engine;
import io.github.metadatasnapshot.migration.Upgrade;
import io.github.metadatasnapshot.product.ProductServer;
import io.github.metadatasnapshot.product.ProductServerFactory;
import io.github.metadatasnapshot.recovery.Recovery;
import io.github.metadatasnapshot.restore.CleanDatabase;
import io.github.metadatasnapshot.restore.Restore;
import io.github.metadatasnapshot.server.ServerException;
import io.github.metadatasnapshot.testsupport.Library;
import io.github.metadatasnapshot.testsupport.LibraryServer;
import io.github.metadatasnapshot.testsupport.TakesTurns;
import io.github.metadatasnapshot.testsupport.TestKit;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a test author sees of {@link MetadataSnapshot#server} and {@link MetadataDatabase#startServer}. */
@TakesTurns(of = 2)
class ProductServersTests {

    private static final List<String> STARTED = new CopyOnWriteArrayList<>();

    private static final String BACKUP = "dumps/{engine}/1-full.sql";

    @BeforeEach
    void forget() {
        STARTED.clear();
    }

    @Test
    void ofTheNewVersionIsStartedAfterAnUpgradeAndOfTheBackupsAfterARestore() {
        TestKit.assertAllSucceeded(TestKit.run(WorkingTestCases.class), 2);

        assertThat(STARTED).containsExactlyInAnyOrder("3", "1");
    }

    @Test
    void aWrongAnswerAfterAnUpgradeFailsTheTest() {
        assertThat(TestKit.failure(TestKit.run(UnpreparedTestCases.class)))
                .isInstanceOf(AssertionError.class)
                .hasMessage(
                        "The server of 3 does not work after the upgrade postgres:17 · 2 → 3: it started, and GET /languages"
                                + " answered 500: ERROR: column \"name\" does not exist");
    }

    @Test
    void ofACellIsToldBesideWhatItsChecksFound() {
        Map<String, String> settings = TestKit.external();
        settings.put(Settings.CELLS, "*· 1 · restore");

        assertThat(TestKit.failure(TestKit.run(DeadRestoreTestCases.class, settings)))
                .message()
                .startsWith(
                        "not as asked\nThe server of 1 does not work after the restore postgres:17 · backup of 1 into an"
                                + " empty database: it did not start. The last that it said:\nno licence");
    }

    @Test
    void isStartedAfterEachWayBack() {
        Map<String, String> settings = TestKit.external();
        settings.put(Settings.CELLS, "* 1 → 2 · recovery");

        assertThat(TestKit.failure(TestKit.run(DeadRecoveryTestCases.class, settings)))
                .hasMessageStartingWith(
                        "2 of 2 checks of the recovery postgres:17 · 2 → 1 failed (other checks: 2). Expected it\n1) the product to"
                                + " run on what was brought back after the upgrade, but The server of 1 does not work after the"
                                + " restore postgres:17 · backup of 1 into 2: it did not start. The last that it said:\nno licence");
    }

    @Test
    void ofAVersionThatHasNoneIsNotRunAndThatIsSaid() {
        TestKit.assertAllSucceeded(TestKit.run(SomeVersionsTestCases.class), 1);

        assertThat(STARTED).containsExactly("3");
    }

    @Test
    void anOlderOneRefusesANewerSchema() {
        TestKit.assertAllSucceeded(TestKit.run(StrictTestCases.class), 1);
    }

    @Test
    void anOlderOneThatDoesNotRefuse() {
        TestKit.assertAllSucceeded(TestKit.run(LenientTestCases.class), 6);
    }

    @Test
    void thatIsNotDeclaredCannotBeStarted() {
        assertThat(TestKit.failure(TestKit.run(NoServerTestCases.class)))
                .isInstanceOf(ServerException.class)
                .hasMessage(
                        "Which server? @MetadataSnapshot lacks server = …, which says how one of a version is started");
    }

    @Test
    void thatCannotBeMadeIsAnErrorBeforeAnythingStarts() {
        assertThat(TestKit.failure(TestKit.run(UnmadeTestCases.class)))
                .hasMessage(
                        "When has a server of acme:{version} started? ProductServer.ofImage(\"acme:{version}\") lacks"
                                + " until(ServerSign.http(8080, \"/health\")) or until(ServerSign.log(\"Started\"))");
    }

    static final class Works implements ProductServerFactory {
        @Override
        public ProductServer create(Engine engine) {
            return ProductServer.of((version, database) -> {
                        STARTED.add(version);
                        return LibraryServer.start(version, database);
                    })
                    .answers("/languages", "^German,")
                    .answers("a write", server -> {})
                    .build();
        }
    }

    /** Still asks for the column that version 3 has renamed. */
    static final class Unprepared implements ProductServerFactory {
        @Override
        public ProductServer create(Engine engine) {
            return ProductServer.of((version, database) ->
                            LibraryServer.answering(database, "SELECT name FROM language ORDER BY code"))
                    .answers("/languages")
                    .build();
        }
    }

    static final class Dead implements ProductServerFactory {
        @Override
        public ProductServer create(Engine engine) {
            return ProductServer.of((version, database) -> {
                        throw new IllegalStateException("cannot start", new IllegalArgumentException("no licence"));
                    })
                    .build();
        }
    }

    static final class OfTwoVersions implements ProductServerFactory {
        @Override
        public ProductServer create(Engine engine) {
            return ProductServer.of((version, database) -> {
                        STARTED.add(version);
                        return LibraryServer.start(version, database);
                    })
                    .versions("1", "3")
                    .build();
        }
    }

    static final class Strict implements ProductServerFactory {
        @Override
        public ProductServer create(Engine engine) {
            return ProductServer.of(LibraryServer::strict).answers("/languages").build();
        }
    }

    static final class Lenient implements ProductServerFactory {
        @Override
        public ProductServer create(Engine engine) {
            return ProductServer.of(LibraryServer::start).answers("/languages").build();
        }
    }

    static final class Unmade implements ProductServerFactory {
        @Override
        public ProductServer create(Engine engine) {
            return ProductServer.ofImage("acme:{version}").build();
        }
    }

    @MetadataSnapshot(
            database = "postgres:17",
            version = "2",
            locations = "migrations/library/{engine}",
            server = Works.class)
    static class WorkingTestCases {

        @Test
        void upgrade(MetadataDatabase database) throws SQLException {
            Upgrade upgrade = database.migrateTo("3");

            assertThat(upgrade).succeeded().keptEveryRow();
            assertThat(upgrade.checks()).contains("the server of 3 started, and answered 2 requests as it should");
        }

        @Test
        void restore(MetadataDatabase database) {
            Restore restore = database.restore(BACKUP, new CleanDatabase());

            assertThat(restore).succeeded();
            assertThat(restore.checks()).contains("the server of 1 started, and answered 2 requests as it should");
        }
    }

    @MetadataSnapshot(
            database = "postgres:17",
            version = "2",
            locations = "migrations/library/{engine}",
            server = Unprepared.class)
    static class UnpreparedTestCases {

        @Test
        void test(MetadataDatabase database) {
            database.migrateTo("3");
        }
    }

    @MetadataSnapshot(
            database = "postgres:17",
            locations = "migrations/library/{engine}",
            backups = "dumps/{engine}/{version}-full.sql",
            server = Dead.class)
    static class DeadRestoreTestCases {

        @RestoreTest
        void goesIn(Restore restore) {
            assertThat(restore.verdict().name()).as("restore").isNotEmpty();
            throw new AssertionError("not as asked");
        }
    }

    @MetadataSnapshot(
            database = "postgres:17",
            locations = "migrations/library/{engine}",
            backups = "dumps/{engine}/{version}-full.sql",
            server = Dead.class)
    static class DeadRecoveryTestCases implements RecoveryContract {

        @Override
        @RecoveryTest
        public void recovery(Recovery recovery) {
            RecoveryContract.super.recovery(recovery);
        }
    }

    @MetadataSnapshot(
            database = "postgres:17",
            version = "2",
            locations = "migrations/library/{engine}",
            server = OfTwoVersions.class)
    static class SomeVersionsTestCases {

        @Test
        void test(MetadataDatabase database) {
            Upgrade first = database.migrateTo("2.1");
            Upgrade second = database.migrateTo("3");

            assertThat(first.checks()).contains("the server of 2.1 was not run: there are servers of 1, 3");
            assertThat(second.checks()).contains("the server of 3 started");
            assertThatThrownBy(() -> database.startServer("2"))
                    .isInstanceOf(ServerException.class)
                    .hasMessage("There is no server of 2: there are servers of 1, 3");
        }
    }

    @MetadataSnapshot(
            database = "postgres:17",
            version = "2",
            locations = "migrations/library/{engine}",
            server = Strict.class)
    static class StrictTestCases {

        @Test
        void test(MetadataDatabase database) throws SQLException {
            assertThat(database.startServer("2")).works();
            assertThatThrownBy(() -> assertThat(database.startServer("2")).refused())
                    .hasMessage(
                            "Expected the server of 2 to refuse postgres:17 at 2, but it started, and answered its request as"
                                    + " it should, and changed nothing");
            database.migrateTo("3");

            assertThat(database.startServer("2")).refused().saying("The schema is at 3, and this is the library of 2");
            assertThatThrownBy(() -> assertThat(database.startServer("2")).saying("licence"))
                    .hasMessage(
                            "Expected the server of 2 to say 'licence' on postgres:17 at 3, but it did not start. The last"
                                    + " that it said:\nThe schema is at 3, and this is the library of 2");
            assertThatThrownBy(() -> assertThat(database.startServer("2")).works())
                    .hasMessageStartingWith(
                            "Expected the server of 2 to work on postgres:17 at 3, but it did not start. The last");
            assertThat(database.version()).contains("3");
        }
    }

    /** None of these refuses. */
    @MetadataSnapshot(
            database = "postgres:17",
            version = "3",
            locations = "migrations/library/{engine}",
            server = Lenient.class)
    static class LenientTestCases {

        @Test
        void andAnswersWrongly(MetadataDatabase database) {
            assertThatThrownBy(() -> assertThat(database.startServer("2")).refused())
                    .hasMessage(
                            "Expected the server of 2 to refuse postgres:17 at 3, but it started, and GET /languages answered"
                                    + " 500: ERROR: column \"name\" does not exist, and changed nothing");
        }

        @Test
        @MetadataSnapshot(server = Writing.class)
        void andChangesWhatANewerOneWrote(MetadataDatabase database) throws SQLException {
            assertThatThrownBy(() -> assertThat(database.startServer("2")).refused())
                    .hasMessageStartingWith(
                            "Expected the server of 2 to refuse postgres:17 at 3, but it started, and answered its"
                                    + " request as it should\nThe database is another after GET /languages:\n  ")
                    .hasMessageContaining("language");
            // That was a copy.
            try (Connection connection = database.connect();
                    var statement = connection.createStatement();
                    var rows = statement.executeQuery("SELECT FROM language WHERE code = 'fr'")) {
                assertThat(rows.next()).isTrue();
            }
        }

        @Test
        @MetadataSnapshot(server = Migrating.class)
        void andMigratesBeforeItEnds(MetadataDatabase database) {
            assertThatThrownBy(() -> assertThat(database.startServer("2")).refused())
                    .hasMessageStartingWith(
                            "Expected the server of 2 to refuse postgres:17 at 3, but it did not start. The last"
                                    + " that it said:\ntoo new\nBut the database is another after its end:\n  ");
        }

        @Test
        @MetadataSnapshot(server = Silent.class)
        void andDoesNotSayWhy(MetadataDatabase database) {
            assertThatThrownBy(() -> assertThat(database.startServer("2")).refused())
                    .hasMessage(
                            "Expected the server of 2 to refuse postgres:17 at 3, but it did not start, and said nothing that"
                                    + " would tell an operator why");
        }

        @Test
        @MetadataSnapshot(server = Hanging.class)
        void andDoesNothing(MetadataDatabase database) {
            assertThatThrownBy(() -> assertThat(database.startServer("2")).refused())
                    .hasMessage(
                            "Expected the server of 2 to refuse postgres:17 at 3, but that it did not start proves nothing: on"
                                    + " an empty database that was migrated to 2 it had not started after 300 ms, and was interrupted\nHere"
                                    + " it had not started after 300 ms, and was interrupted");
        }

        @Test
        @MetadataSnapshot(server = Dead.class)
        void andDoesNotStartAnywhere(MetadataDatabase database) {
            assertThatThrownBy(() -> assertThat(database.startServer("2")).refused())
                    .hasMessage(
                            "Expected the server of 2 to refuse postgres:17 at 3, but that it did not start proves nothing: on"
                                    + " an empty database that was migrated to 2 it did not start. The last that it said:\nno licence\nHere"
                                    + " it did not start. The last that it said:\nno licence");
        }
    }

    static final class Writing implements ProductServerFactory {
        @Override
        public ProductServer create(Engine engine) {
            return ProductServer.of((version, database) ->
                            LibraryServer.answering(database, "DELETE FROM language WHERE code = 'fr' RETURNING code"))
                    .answers("/languages")
                    .build();
        }
    }

    static final class Migrating implements ProductServerFactory {
        @Override
        public ProductServer create(Engine engine) {
            return ProductServer.of((version, database) -> {
                        if (!Library.query(database, "SELECT 1 FROM flyway_schema_history WHERE version = '3'")
                                .isEmpty()) {
                            Library.execute(database, "CREATE TABLE shelf (id INT)");
                            throw new IllegalStateException("too new");
                        }
                        return LibraryServer.start(version, database);
                    })
                    .build();
        }
    }

    static final class Silent implements ProductServerFactory {
        @Override
        public ProductServer create(Engine engine) {
            return ProductServer.of((version, database) -> {
                        try {
                            return LibraryServer.strict(version, database);
                        } catch (IllegalStateException e) {
                            throw new IllegalStateException("", e.getCause());
                        }
                    })
                    .build();
        }
    }

    static final class Hanging implements ProductServerFactory {
        @Override
        public ProductServer create(Engine engine) {
            return ProductServer.of((version, database) -> {
                        new CountDownLatch(1).await();
                        throw new AssertionError();
                    })
                    .timeLimit(Duration.ofMillis(300))
                    .build();
        }
    }

    @MetadataSnapshot(database = "postgres:17", version = "2", locations = "migrations/library/{engine}")
    static class NoServerTestCases {

        @Test
        void test(MetadataDatabase database) {
            database.startServer("1");
        }
    }

    @MetadataSnapshot(
            database = "postgres:17",
            version = "2",
            locations = "migrations/library/{engine}",
            server = Unmade.class)
    static class UnmadeTestCases {

        @Test
        void test(MetadataDatabase database) {
            database.migrateTo("3");
        }
    }
}
