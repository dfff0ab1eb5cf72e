package io.github.metadatasnapshot.server;

import static io.github.metadatasnapshot.testsupport.Library.databases;
import static io.github.metadatasnapshot.testsupport.Library.execute;
import static io.github.metadatasnapshot.testsupport.Library.query;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.metadatasnapshot.testsupport.Images;
import io.github.metadatasnapshot.testsupport.RequiresDocker;
import io.github.metadatasnapshot.testsupport.TakesTurns;
import io.github.metadatasnapshot.testsupport.TestKit;
import io.github.metadatasnapshot.testsupport.TestServers;
import java.sql.Connection;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@TakesTurns(of = 3)
class ReplaceTests {

    private static TestDatabase named(DatabaseServer server, String content) {
        TestDatabase database = server.createDatabase();
        execute(database, "CREATE TABLE t (content VARCHAR(10))", "INSERT INTO t VALUES ('" + content + "')");
        return database;
    }

    private static List<String> content(TestDatabase database) {
        return query(database, "SELECT content FROM t");
    }

    private static void replaces(DatabaseServer server) {
        List<String> before = databases(server);
        try (TestDatabase live = named(server, "old");
                TestDatabase with = named(server, "new")) {
            List<String> during = databases(server);
            server.replace(live, with);

            assertThat(content(live)).containsExactly("new");
            during.remove(with.name());
            assertThat(databases(server)).isEqualTo(during);
        }
        assertThat(databases(server)).isEqualTo(before);
    }

    @Test
    void theOldMakesWayForTheNew() {
        replaces(TestServers.embedded());
        replaces(TestKit.externalServer());
    }

    @Test
    @RequiresDocker
    void theOldMakesWayForTheNewInAContainer() {
        replaces(TestServers.container("postgres:17"));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void bothStayWhileASessionIsConnectedToEither(boolean toTheOld) throws Exception {
        DatabaseServer server = TestServers.embedded();
        try (TestDatabase live = named(server, "old");
                TestDatabase with = named(server, "new")) {
            List<String> before = databases(server);
            TestDatabase used = toTheOld ? live : with;
            try (Connection session = used.open()) {
                assertThat(session.isValid(0)).isTrue();
                assertThatThrownBy(() -> server.replace(live, with))
                        .isInstanceOf(DatabaseInUseException.class)
                        .hasMessageStartingWith("Database " + used + " could not be renamed: ERROR: database \""
                                + used.name() + "\" is being accessed by other users")
                        .hasMessageContaining(
                                "\nConnected are:\n- snapshot from 127.0.0.1 by PostgreSQL JDBC Driver, idle");
            }
            assertThat(content(live)).containsExactly("old");
            assertThat(content(with)).containsExactly("new");
            assertThat(databases(server)).isEqualTo(before);
        }
    }

    @RequiresDocker
    @ParameterizedTest
    @Images({"mysql:9.7", "mariadb:11.8"})
    void mySqlCannot(String image) {
        DatabaseServer server = TestServers.container(image);
        try (TestDatabase live = named(server, "old");
                TestDatabase with = named(server, "new")) {
            assertThatThrownBy(() -> server.replace(live, with))
                    .isInstanceOf(ServerException.class)
                    .hasMessage(server.engine() + " cannot rename a database, so none can take the place of another");
            assertThat(content(live)).containsExactly("old");
            assertThat(content(with)).containsExactly("new");
        }
    }
}
