package io.github.metadatasnapshot.restore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.metadatasnapshot.assertion.MetadataSnapshotAssertions;
import io.github.metadatasnapshot.engine.Engine;
import io.github.metadatasnapshot.server.DatabaseServer;
import io.github.metadatasnapshot.server.TestDatabase;
import io.github.metadatasnapshot.testsupport.Images;
import io.github.metadatasnapshot.testsupport.Library;
import io.github.metadatasnapshot.testsupport.RequiresDocker;
import io.github.metadatasnapshot.testsupport.TestServers;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;

/** Restores beside a session that is in a transaction, as a product's server that was not stopped may be. */
class BlockedRestoreTests {

    private static final RestoreOptions TWO_SECONDS =
            new RestoreOptions(RestoreAttempt.Preparation.NONE, Optional.empty(), Duration.ofSeconds(2));

    private static Restore restore(TestDatabase database) {
        String dump = database.engine() == Engine.POSTGRESQL
                ? "postgresql/1-clean.sql"
                : database.engine().id() + "/1-full.sql";
        return Restore.run(
                database,
                Optional.empty(),
                Library.dump(dump),
                new DocumentedClient(),
                Library.migrator(database.engine()).historyTable(),
                TWO_SECONDS);
    }

    private static void assertEnded(DatabaseServer server) throws SQLException {
        try (TestDatabase database = Library.create(server, "1");
                Connection product = database.open();
                var statement = product.createStatement()) {
            product.setAutoCommit(false);
            statement.executeQuery("SELECT name FROM author").close();
            Restore restore = restore(database);

            assertThat(restore.report().success()).isFalse();
            assertThat(restore.inconclusive())
                    .hasValueSatisfying(reason -> assertThat(reason)
                            .startsWith("the client waited for a lock that another session holds, and was ended after 2"
                                    + " s: stop what is connected before a restore. The session is "
                                    + database.user()));
            if (server.engine() == Engine.POSTGRESQL) {
                assertThat(restore.inconclusive().orElseThrow())
                        .endsWith(", idle in transaction: SELECT name FROM author");
            }
            assertThat(restore.cause()).contains(RestoreCause.ENVIRONMENT);
            assertThatThrownBy(
                            () -> MetadataSnapshotAssertions.assertThat(restore).failed())
                    .hasMessageContaining(
                            " to fail, but nothing can be concluded from it: the client waited for a lock that another");
        }
    }

    @Test
    void overJdbcIsEndedAndTheSessionIsNamed() throws SQLException {
        assertEnded(TestServers.embedded());
    }

    @RequiresDocker
    @ParameterizedTest
    @Images({"postgres:17", "postgres:13", "mysql:9.7", "mariadb:11.8"})
    void byAClientIsEndedAndTheSessionIsNamed(String image) throws SQLException {
        assertEnded(TestServers.container(image));
    }

    @Test
    void besideASessionThatHoldsNoLockIsNotEnded() throws SQLException {
        try (TestDatabase database = Library.create(TestServers.embedded(), "1");
                Connection product = database.open();
                var statement = product.createStatement()) {
            statement.executeQuery("SELECT name FROM author").close();
            Restore restore = restore(database);

            assertThat(restore.inconclusive()).isEmpty();
            assertThat(restore.report().success()).isTrue();
        }
    }
}
