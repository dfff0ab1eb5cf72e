package io.github.metadatasnapshot.snapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.metadatasnapshot.engine.HistoryTable;
import io.github.metadatasnapshot.engine.Version;
import io.github.metadatasnapshot.migration.CleanInstall;
import io.github.metadatasnapshot.migration.Migration;
import io.github.metadatasnapshot.migration.MigrationRun;
import io.github.metadatasnapshot.migration.Migrator;
import io.github.metadatasnapshot.migration.Upgrade;
import io.github.metadatasnapshot.server.DatabaseServer;
import io.github.metadatasnapshot.server.TestDatabase;
import io.github.metadatasnapshot.shape.DataLoss;
import io.github.metadatasnapshot.shape.DataRules;
import io.github.metadatasnapshot.shape.DatabaseState;
import io.github.metadatasnapshot.testsupport.Library;
import io.github.metadatasnapshot.testsupport.Logs;
import io.github.metadatasnapshot.testsupport.Scripts;
import io.github.metadatasnapshot.testsupport.TakesTurns;
import io.github.metadatasnapshot.testsupport.TestKit;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import java.util.logging.Level;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@TakesTurns(of = 3)
class PreparedStatesTests {

    private static final long ROOMY = 1L << 30;

    private final DatabaseServer server = TestKit.externalServer();
    private final List<String> databases = Library.databases(server);
    private Counting migrator;
    private Scripts scripts;

    /** Counts how often a database is migrated. */
    private record Counting(Migrator migrator, AtomicInteger migrations) implements Migrator {

        @Override
        public List<Migration> migrations(TestDatabase database) {
            return migrator.migrations(database);
        }

        @Override
        public List<String> validate(TestDatabase database, Version target) {
            return migrator.validate(database, target);
        }

        @Override
        public HistoryTable historyTable() {
            return migrator.historyTable();
        }

        @Override
        public MigrationRun migrate(TestDatabase database, Version target, Purpose purpose) {
            migrations.incrementAndGet();
            return migrator.migrate(database, target, purpose);
        }
    }

    @BeforeEach
    void writeMigrations(@TempDir Path directory) {
        scripts = new Scripts(directory)
                .with("V1__people.sql", "CREATE TABLE person (id INT PRIMARY KEY); INSERT INTO person VALUES (1), (2);")
                .with("V2__more.sql", "CREATE TABLE more (id INT PRIMARY KEY); DELETE FROM person WHERE id IN (1, 3);")
                .with("V3__half.sql", "SELECT * FROM nowhere;");
        migrator = new Counting(scripts.migrator(server.engine()), new AtomicInteger());
    }

    @AfterEach
    void dropStates() {
        server.close();
        assertThat(Library.databases(server)).isEqualTo(databases);
    }

    private Snapshot at(String version) {
        return new Snapshot(migrator, Optional.of(version), Optional.empty());
    }

    private List<String> added() {
        List<String> now = Library.databases(server);
        now.removeAll(databases);
        return now;
    }

    private List<String> awaitAdded(Predicate<List<String>> expected) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        List<String> now = added();
        while (!expected.test(now) && System.nanoTime() < end) {
            Thread.sleep(10);
            now = added();
        }
        assertThat(expected).accepts(now);
        return now;
    }

    @Test
    void aStateIsMadeOnceForAllThreadsAndEachHasACopy() throws Exception {
        PreparedStates states = new PreparedStates(ROOMY, 0);
        List<TestDatabase> copies = new ArrayList<>();
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            List<Future<TestDatabase>> all = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                all.add(threads.submit(() -> states.create(at("1"), server)));
            }
            for (Future<TestDatabase> each : all) {
                copies.add(each.get());
            }
        } finally {
            threads.shutdownNow();
        }
        Library.execute(copies.get(0), "DELETE FROM person");

        assertThat(migrator.migrations()).hasValue(1);
        assertThat(added()).hasSize(9);
        assertThat(copies.subList(1, 8))
                .allSatisfy(copy -> assertThat(Library.query(copy, "SELECT count(*) FROM person"))
                        .containsExactly("2"));
        copies.forEach(TestDatabase::close);
        assertThat(added()).hasSize(1);
    }

    @Test
    void whatCannotBeMadeIsToldToAllAndLeavesNothingBehind() throws Exception {
        PreparedStates states = new PreparedStates(ROOMY, 0);
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            List<Future<TestDatabase>> all = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                all.add(threads.submit(() -> states.create(at("3"), server)));
            }
            for (Future<TestDatabase> each : all) {
                assertThatThrownBy(each::get)
                        .hasCauseInstanceOf(SnapshotException.class)
                        .hasMessageContaining("cannot be migrated to 3, to start from there: in V3__half.sql, line 1:"
                                + " ERROR: relation \"nowhere\" does not exist");
            }
        } finally {
            threads.shutdownNow();
        }

        assertThat(migrator.migrations()).hasValue(1);
        assertThat(added()).isEmpty();
    }

    @Test
    void theStateThatWasNotUsedForLongestMakesRoom() throws SQLException {
        // Room for one, which is about 8 MB.
        PreparedStates states = new PreparedStates(12L << 20, 0);
        states.create(at("1"), server).close();
        String first = added().get(0);
        states.create(at("2"), server).close();

        assertThat(added()).hasSize(1).doesNotContain(first);
        states.create(at("1"), server).close();
        assertThat(migrator.migrations()).hasValue(3);
    }

    @Test
    void aStateWhoseCopyIsInUseStays() {
        PreparedStates states = new PreparedStates(1, 0);
        try (TestDatabase copy = states.create(at("1"), server)) {
            states.create(at("2"), server).close();

            assertThat(added()).hasSize(2).contains(copy.name());
            states.create(at("1"), server).close();
            assertThat(migrator.migrations()).hasValue(2);
        }
        assertThat(added()).isEmpty();
    }

    @Test
    void aStateThatCannotBeDroppedIsToldAndNoTestFails() {
        PreparedStates states = new PreparedStates(1, 0);
        TestDatabase beside = server.createDatabase();
        TestDatabase copy = states.create(at("1"), server);
        String state = added().stream()
                .filter(name -> !name.equals(copy.name()) && !name.equals(beside.name()))
                .findFirst()
                .orElseThrow();
        Library.execute(beside, "ALTER DATABASE " + state + " IS_TEMPLATE true");

        assertThat(Logs.of(Level.WARNING, copy::close))
                .singleElement()
                .asString()
                .startsWith("Database " + state + " on " + server.description() + " could not be dropped: ")
                .contains("cannot drop a template database");
        states.create(at("1"), server).close();

        Library.execute(beside, "ALTER DATABASE " + state + " IS_TEMPLATE false");
        assertThat(migrator.migrations()).hasValue(2);
    }

    @Test
    void aCopyThatNobodyChangedServesTheNext() throws Exception {
        PreparedStates states = new PreparedStates(ROOMY, 0);
        TestDatabase first = states.createOrReuse(at("1"), server);
        states.keepForReuse(first, state(first));

        assertThat(states.create(at("1"), server)).isNotSameAs(first);
        assertThat(states.createOrReuse(at("1"), server)).isSameAs(first);
        TestDatabase second = states.createOrReuse(at("1"), server);
        assertThat(second).isNotSameAs(first);
        Library.execute(second, "DELETE FROM person");
        states.keepForReuse(second, state(second));
        awaitAdded(now -> !now.contains(second.name()));
    }

    @Test
    void whatIsKeptForReuseMakesRoom() throws SQLException {
        PreparedStates states = new PreparedStates(12L << 20, 0);
        TestDatabase kept = states.create(at("1"), server);
        states.keepForReuse(kept, state(kept));
        states.create(at("2"), server).close();

        assertThat(added()).hasSize(1).doesNotContain(kept.name());
    }

    @Test
    void copiesCountTooAndThoseThatNoTestUsesMakeRoomBeforeStatesDo() throws SQLException {
        // Room for three of about 8 MB.
        PreparedStates states = new PreparedStates(28L << 20, 0);
        TestDatabase kept = states.create(at("1"), server);
        states.keepForReuse(kept, state(kept));
        assertThat(added()).hasSize(2);
        states.create(at("2"), server).close();

        assertThat(added()).hasSize(2).doesNotContain(kept.name());
        states.create(at("1"), server).close();
        assertThat(migrator.migrations()).hasValue(2);
    }

    @Test
    void theNextCopyIsMadeAheadWhileAProcessorIsFree() throws InterruptedException {
        try (PreparedStates states = new PreparedStates(ROOMY, 2)) {
            states.create(at("1"), server).close();
            try (TestDatabase second = states.create(at("1"), server)) {
                List<String> ahead = awaitAdded(now -> now.size() == 3);
                try (TestDatabase third = states.create(at("1"), server)) {
                    assertThat(ahead).contains(third.name());
                    assertThat(Library.query(third, "SELECT count(*) FROM person"))
                            .containsExactly("2");
                }
            }
        }
        assertThat(added()).hasSize(1);
        assertThat(migrator.migrations()).hasValue(1);
    }

    @Test
    void aCopyThatWasMadeAheadIsDroppedWhereTestsGoOnToAnotherState() throws InterruptedException {
        try (PreparedStates states = new PreparedStates(ROOMY, 2)) {
            states.create(at("1"), server).close();
            states.create(at("1"), server).close();
            List<String> first = awaitAdded(now -> now.size() == 2);
            states.create(at("2"), server).close();
            states.create(at("2"), server).close();
            awaitAdded(now -> now.size() == 3 && !now.containsAll(first));
        }
    }

    @Test
    void aDatabaseIsClosedLaterWhileTheTestsGoOn() throws InterruptedException {
        try (PreparedStates states = new PreparedStates(ROOMY, 0)) {
            states.closeLater(states.create(at("1"), server));
            awaitAdded(now -> now.size() == 1);
        }
    }

    @Test
    void withoutRoomEachDatabaseIsMadeAnew() {
        PreparedStates states = new PreparedStates(0, 0);
        try (TestDatabase one = states.create(at("1"), server);
                TestDatabase other = states.create(at("1"), server)) {
            assertThat(added()).containsExactlyInAnyOrder(one.name(), other.name());
        }

        assertThat(migrator.migrations()).hasValue(2);
    }

    @Test
    void anUpgradeIsComparedWithTheStateUnlessTheCopyWasChangedBefore() throws SQLException {
        PreparedStates states = new PreparedStates(ROOMY, 0);
        try (TestDatabase unchanged = states.create(at("1"), server);
                TestDatabase changed = states.create(at("1"), server)) {
            Library.execute(changed, "INSERT INTO person VALUES (3)");
            assertThat(states.of(unchanged, state(unchanged))).isPresent();
            assertThat(states.of(changed, state(changed))).isEmpty();

            Upgrade first = upgrade(unchanged, states);
            assertThat(added()).hasSize(3);
            Upgrade second = upgrade(changed, states);
            assertThat(added()).hasSize(4);

            assertThat(lost(first)).hasSize(1);
            assertThat(lost(second)).hasSize(2);
        }
        assertThat(added()).hasSize(1);
    }

    private static List<String> lost(Upgrade upgrade) {
        return upgrade.compareData(DataRules.NONE).rows().stream()
                .map(DataLoss::examples)
                .flatMap(List::stream)
                .toList();
    }

    private Upgrade upgrade(TestDatabase database, PreparedStates states) {
        return Upgrade.run(
                database, Optional.empty(), migrator, Optional.of("2"), List.of(), CleanInstall::make, states);
    }

    private DatabaseState state(TestDatabase database) throws SQLException {
        try (Connection connection = database.open()) {
            return DatabaseState.read(connection, database.engine(), migrator.historyTable());
        }
    }
}
