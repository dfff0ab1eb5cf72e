package io.github.metadatasnapshot.assertion;

import static io.github.metadatasnapshot.assertion.MetadataSnapshotAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.metadatasnapshot.restore.ClientReport;
import io.github.metadatasnapshot.restore.DocumentedClient;
import io.github.metadatasnapshot.restore.Restore;
import io.github.metadatasnapshot.restore.RestoreCause;
import io.github.metadatasnapshot.restore.RestoreProcedure;
import io.github.metadatasnapshot.restore.RestoreVerdict;
import io.github.metadatasnapshot.restore.StrictClient;
import io.github.metadatasnapshot.server.TestDatabase;
import io.github.metadatasnapshot.testsupport.Library;
import io.github.metadatasnapshot.testsupport.TakesTurns;
import io.github.metadatasnapshot.testsupport.TestServers;
import java.util.List;
import java.util.function.Consumer;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

@TakesTurns(of = 2)
class RestoreAssertTests {

    private static final String FILE = "\nfile: dumps/postgresql/";

    private static Restore restore(String dump, String version, RestoreProcedure procedure) {
        try (TestDatabase database = Library.create(TestServers.embedded(), version)) {
            return Restore.run(
                    database,
                    Library.dump("postgresql/" + dump),
                    procedure,
                    Library.migrator(database.engine()).historyTable());
        }
    }

    private static Restore restored() {
        return restore("2-data.sql", "2", new StrictClient());
    }

    private static Restore rolledBack() {
        return restore("1-full.sql", "2", new StrictClient());
    }

    private static Restore silentlyAccepted() {
        return restore("2-data.sql", "2.1", new StrictClient());
    }

    private static Restore partiallyApplied() {
        return restore("2-data.sql", "2", new RestoreProcedure() {
            @Override
            public ClientReport run(io.github.metadatasnapshot.restore.RestoreAttempt attempt) {
                Library.execute(
                        attempt.target(),
                        "DELETE FROM flyway_schema_history WHERE version = '2'",
                        "DELETE FROM language",
                        "CREATE TABLE left_over (id INT)",
                        "DROP VIEW titles");
                return new ClientReport("tar x", false, 0, List.of());
            }

            @Override
            public String toString() {
                return "Tape";
            }
        });
    }

    private static AbstractThrowableAssert<?, ?> assertFails(Restore restore, Consumer<RestoreAssert> assertion) {
        return assertThatThrownBy(() -> assertion.accept(assertThat(restore))).isInstanceOf(AssertionError.class);
    }

    @Test
    void eachPassesForItsVerdicts() {
        assertThat(restored()).succeeded().hasVerdict(RestoreVerdict.RESTORED);
        assertThat(rolledBack()).wasRejected().failed().leftDatabaseUntouched().hasVerdict(RestoreVerdict.ROLLED_BACK);
        assertThat(partiallyApplied()).failed().hasVerdict(RestoreVerdict.PARTIALLY_APPLIED);
        assertThat(silentlyAccepted()).hasVerdict(RestoreVerdict.SILENTLY_ACCEPTED);
    }

    @Nested
    class Failing {

        @Test
        void ofARestoreThatWentIn() {
            String butRestored = ", but it was RESTORED." + FILE
                    + "2-data.sql\nprocedure: StrictClient, JDBC\nthe client reported success";

            assertFails(restored(), RestoreAssert::wasRejected)
                    .hasMessage("Expected the restore postgres:17 · data-only backup of 2 into 2 to be rejected"
                            + butRestored);
            assertFails(restored(), RestoreAssert::failed)
                    .hasMessage(
                            "Expected the restore postgres:17 · data-only backup of 2 into 2 to fail" + butRestored);
            assertFails(restored(), restore -> restore.hasVerdict(RestoreVerdict.ROLLED_BACK))
                    .hasMessage("Expected the restore postgres:17 · data-only backup of 2 into 2 to be ROLLED_BACK"
                            + butRestored);
        }

        @Test
        void ofARestoreThatWasRolledBackWithTheStatementThatStoppedIt() {
            assertFails(rolledBack(), RestoreAssert::succeeded)
                    .hasMessageStartingWith(
                            "Expected the restore postgres:17 · backup of 1 into 2 to succeed, but it was"
                                    + " ROLLED_BACK." + FILE
                                    + "1-full.sql\nprocedure: StrictClient, JDBC\nthe client reported an error\n- line 26: ERROR:"
                                    + " type \"mood\" already exists (SQLSTATE 42710)\nstatement: CREATE TYPE public.mood AS ENUM")
                    .hasMessageEndingWith(
                            "\nlikely cause: the target is not empty: a full backup goes into an empty database");
        }

        @Test
        void ofARestoreThatLeftHalfOfItselfBehindWithWhatChanged() {
            String changed = """

                    changed:
                    - the history says 1, before it said 2
                    - table language has 0 rows, before it had 3
                    - table flyway_schema_history has 1 rows, before it had 2
                    - view titles is gone
                    - table left_over is new, with 0 rows
                    file: dumps/postgresql/2-data.sql
                    procedure: Tape, tar x
                    the client reported an error""".stripTrailing();

            assertFails(partiallyApplied(), RestoreAssert::wasRejected)
                    .hasMessage(
                            "Expected the restore postgres:17 · data-only backup of 2 into 2 to be rejected, but it was"
                                    + " PARTIALLY_APPLIED." + changed);
            assertFails(partiallyApplied(), RestoreAssert::leftDatabaseUntouched)
                    .hasMessage(
                            "Expected the restore postgres:17 · data-only backup of 2 into 2 to leave the database untouched, but"
                                    + " it was changed." + changed);
        }

        /** A client that does this to a database at version 2, and then says whether it has restored the backup. */
        private Restore ruined(boolean success) {
            return restore("2-data.sql", "2", new RestoreProcedure() {
                @Override
                public ClientReport run(io.github.metadatasnapshot.restore.RestoreAttempt attempt) {
                    for (int i = 10; i < 22; i++) {
                        Library.execute(attempt.target(), "CREATE TABLE a" + i + " (id INT)");
                    }
                    Library.execute(attempt.target(), "DELETE FROM language", "DROP VIEW titles");
                    return new ClientReport("tar x", success, 0, List.of());
                }

                @Override
                public String toString() {
                    return "Tape";
                }
            });
        }

        @Test
        void ofManyChangesShowsTheGravest() {
            assertFails(ruined(false), RestoreAssert::leftDatabaseUntouched).hasMessageContaining("""
                    but it was changed.
                    changed:
                    - table language has 0 rows, before it had 3
                    - view titles is gone
                    - table a10 is new, with 0 rows
                    - table a11 is new, with 0 rows
                    - table a12 is new, with 0 rows
                    - table a13 is new, with 0 rows
                    - table a14 is new, with 0 rows
                    - table a15 is new, with 0 rows
                    - table a16 is new, with 0 rows
                    - table a17 is new, with 0 rows
                    - and 4 more
                    file:""");
            assertFails(ruined(true), RestoreAssert::wasRejected)
                    .hasMessageMatching("(?s).*\nnot a faithful copy of the backup:"
                            + "\n- table \\w+ holds 0 rows, the backup has (\\d)\n.*"
                            + "\n- table a1\\d is there, which the backup does not have\n- and \\d+ more\nfile: .*");
        }

        @Test
        void ofARestoreThatWasAcceptedSilentlyWithWhatIsNotFaithful() {
            assertFails(silentlyAccepted(), RestoreAssert::failed)
                    .hasMessage("Expected the restore postgres:17 · data-only backup of 2 into 2.1 to fail, but it was"
                            + " SILENTLY_ACCEPTED.\nnot a faithful copy of the backup:"
                            + "\n- rows of version 2 lie untransformed in the tables of 2.1" + FILE
                            + "2-data.sql\nprocedure: StrictClient, JDBC\nthe client reported success");
        }

        @Test
        void ofARestoreThatDidNotSucceedWhateverTheClientReported() {
            assertFails(silentlyAccepted(), RestoreAssert::succeeded)
                    .hasMessageStartingWith(
                            "Expected the restore postgres:17 · data-only backup of 2 into 2.1 to succeed,"
                                    + " but it was SILENTLY_ACCEPTED.\nnot a faithful copy of the backup:\n- rows of version 2");
            assertFails(partiallyApplied(), RestoreAssert::succeeded)
                    .hasMessageStartingWith(
                            "Expected the restore postgres:17 · data-only backup of 2 into 2 to succeed,"
                                    + " but it was PARTIALLY_APPLIED.\nchanged:\n- the history says 1, before it said 2");
            assertFails(
                            restore("2-data.sql", "2", attempt -> {
                                ClientReport report = new StrictClient().run(attempt);
                                Library.execute(attempt.target(), "DROP TABLE language");
                                return report;
                            }),
                            RestoreAssert::succeeded)
                    .hasMessageContaining(
                            "to succeed, but it was SILENTLY_ACCEPTED.\nnot a faithful copy of the backup:"
                                    + "\n- table language of the backup is missing");
        }

        @Test
        void ofARestoreThatWasNotAcceptedSilently() {
            assertFails(restored(), RestoreAssert::wasSilentlyAccepted)
                    .hasMessageStartingWith("Expected the restore postgres:17 · data-only backup of 2 into 2 to be"
                            + " SILENTLY_ACCEPTED, but it was RESTORED.");
            assertFails(rolledBack(), RestoreAssert::wasSilentlyAccepted)
                    .hasMessageStartingWith("Expected the restore postgres:17 · backup of 1 into 2 to be"
                            + " SILENTLY_ACCEPTED, but it was ROLLED_BACK.");
        }

        @Test
        void ofARestoreThatDidNotFailHasNoCause() {
            assertFails(restored(), RestoreAssert::becauseOfVersion)
                    .hasMessageStartingWith("Expected the restore postgres:17 · data-only backup of 2 into 2 to fail"
                            + " because of the version, but it did not fail, it was RESTORED.");
            assertFails(silentlyAccepted(), restore -> restore.hasCause(RestoreCause.VERSION))
                    .hasMessageStartingWith("Expected the restore postgres:17 · data-only backup of 2 into 2.1 to fail"
                            + " because of VERSION, but it did not fail, it was SILENTLY_ACCEPTED.");
        }

        @Test
        void ofARestoreWithManyErrorsShowsTheFirst() {
            assertFails(restore("1-full.sql", "2", new DocumentedClient()), RestoreAssert::wasRejected)
                    .hasMessageMatching("(?s).*but it was SILENTLY_ACCEPTED\\..*"
                            + "the client reported success, after \\d\\d errors\n"
                            + "- line 26: .*\n- and \\d+ more");
        }

        @Test
        void ofNull() {
            List<Consumer<RestoreAssert>> assertions = List.of(
                    RestoreAssert::wasRejected,
                    RestoreAssert::failed,
                    RestoreAssert::succeeded,
                    RestoreAssert::leftDatabaseUntouched,
                    RestoreAssert::wasSilentlyAccepted,
                    RestoreAssert::becauseOfVersion,
                    restore -> restore.hasCause(RestoreCause.GUARD),
                    restore -> restore.hasVerdict(RestoreVerdict.RESTORED));
            for (Consumer<RestoreAssert> assertion : assertions) {
                assertFails(null, assertion).hasMessageContaining("not to be null");
            }
        }

        @Test
        void withADescription() {
            assertFails(restored(), restore -> restore.as("the old backup").failed())
                    .hasMessageStartingWith("[the old backup] Expected the restore");
        }
    }
}
