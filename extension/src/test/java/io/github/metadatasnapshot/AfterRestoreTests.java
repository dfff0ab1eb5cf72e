package io.github.metadatasnapshot;

import static io.github.metadatasnapshot.assertion.MetadataSnapshotAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.metadatasnapshot.recovery.Recovery;
import io.github.metadatasnapshot.restore.CleanDatabase;
import io.github.metadatasnapshot.restore.DocumentedClient;
import io.github.metadatasnapshot.restore.Restore;
import io.github.metadatasnapshot.testsupport.TakesTurns;
import io.github.metadatasnapshot.testsupport.TestKit;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a test author sees of {@link AfterRestore}. */
@TakesTurns(of = 3)
class AfterRestoreTests {

    private static final List<String> RAN = Collections.synchronizedList(new ArrayList<>());

    private static final String BACKUP = "dumps/{engine}/1-full.sql";

    @BeforeEach
    void forget() {
        RAN.clear();
    }

    @Test
    void runsOnACopyAfterARestoreThatSucceeded() {
        TestKit.assertAllSucceeded(TestKit.run(WritingTestCases.class), 1);

        assertThat(RAN).containsExactly("1 into 2");
    }

    @Test
    void doesNotRunAfterOneThatDidNot() {
        TestKit.assertAllSucceeded(TestKit.run(OccupiedTestCases.class), 1);

        assertThat(RAN).isEmpty();
    }

    @Test
    void aFailureFailsTheTestAndNamesTheRestore() {
        assertThat(TestKit.failure(TestKit.run(FailingTestCases.class)))
                .isInstanceOf(AssertionError.class)
                .hasMessage("@AfterRestore serves failed after the restore postgres:17 · backup of 1 into 2: no answer")
                .hasCauseInstanceOf(IllegalStateException.class);
    }

    @Test
    void aFailureOfACellIsToldBesideWhatItsChecksFound() {
        Map<String, String> settings = TestKit.external();
        settings.put(Settings.CELLS, "*· 1 · restore");

        assertThat(TestKit.failure(TestKit.run(ContractTestCases.class, settings)))
                .message()
                .startsWith(
                        "not as asked\n@AfterRestore serves failed after the restore postgres:17 · backup of 1 into an"
                                + " empty database: no answer");
    }

    @Test
    void aFailureAfterARecoveryIsToldForEachWayBack() {
        Map<String, String> settings = TestKit.external();
        settings.put(Settings.CELLS, "* 1 → 2 · recovery");

        assertThat(TestKit.failure(TestKit.run(RecoveringTestCases.class, settings)))
                .hasMessageStartingWith(
                        "2 of 2 checks of the recovery postgres:17 · 2 → 1 failed (other checks: 2). Expected"
                                + " it\n1) the product to run on what was brought back after the upgrade, but @AfterRestore serves"
                                + " failed after the restore postgres:17 · backup of 1 into 2: no answer\n2) the product to run on"
                                + " what was brought back after V2__subtitle.sql was broken off at statement 2 of 2, but ");
    }

    @Test
    void aParameterOfAnotherType() {
        assertThat(TestKit.failure(TestKit.run(ParameterTestCases.class)))
                .hasMessage(
                        "@AfterRestore on " + ParameterTestCases.class.getName() + ".serves: it cannot take a String: a"
                                + " parameter is a MetadataDatabase, a Restore, a DataSource or a Connection");
    }

    @MetadataSnapshot(database = "postgres:17", version = "2", locations = "migrations/library/{engine}")
    abstract static class Restores {

        @Test
        void test(MetadataDatabase database) throws SQLException {
            Restore restore = database.restore(BACKUP, new CleanDatabase());
            assertThat(restore).succeeded();
            assertThat(database.version()).contains("1");
        }
    }

    static class WritingTestCases extends Restores {

        @AfterRestore
        void serves(Connection connection, DataSource dataSource, Restore restore, MetadataDatabase database)
                throws SQLException {
            RAN.add(restore.backupVersion() + " into " + restore.targetVersion());
            try (var statement = connection.createStatement()) {
                statement.execute("DELETE FROM flyway_schema_history");
            }
            try (Connection other = dataSource.getConnection()) {
                assertThat(other.getCatalog()).isEqualTo(connection.getCatalog());
            }
            assertThat(database.version()).isEmpty();
        }
    }

    @MetadataSnapshot(database = "postgres:17", version = "2", locations = "migrations/library/{engine}")
    static class OccupiedTestCases {

        @AfterRestore
        void serves() {
            RAN.add("ran");
        }

        @Test
        void test(MetadataDatabase database) {
            assertThat(database.restore(BACKUP, new DocumentedClient())).wasSilentlyAccepted();
        }
    }

    static class FailingTestCases extends Restores {

        @AfterRestore
        void serves() {
            throw new IllegalStateException("no answer");
        }
    }

    @MetadataSnapshot(
            database = "postgres:17",
            locations = "migrations/library/{engine}",
            backups = "dumps/{engine}/{version}-full.sql")
    static class ContractTestCases {

        @RestoreTest
        void goesIn(Restore restore) {
            assertThat(restore.verdict().name()).as("restore").isNotEmpty();
            throw new AssertionError("not as asked");
        }

        @AfterRestore
        void serves() {
            throw new IllegalStateException("no answer");
        }
    }

    @MetadataSnapshot(
            database = "postgres:17",
            locations = "migrations/library/{engine}",
            backups = "dumps/{engine}/{version}-full.sql")
    static class RecoveringTestCases implements RecoveryContract {

        @Override
        @RecoveryTest
        public void recovery(Recovery recovery) {
            RecoveryContract.super.recovery(recovery);
        }

        @AfterRestore
        void serves() {
            throw new IllegalStateException("no answer");
        }
    }

    static class ParameterTestCases extends Restores {

        @AfterRestore
        void serves(String url) {
            RAN.add(url);
        }
    }
}
