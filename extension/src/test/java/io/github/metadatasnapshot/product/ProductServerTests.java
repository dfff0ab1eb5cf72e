package io.github.metadatasnapshot.product;

import static io.github.metadatasnapshot.assertion.MetadataSnapshotAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.metadatasnapshot.engine.HistoryTable;
import io.github.metadatasnapshot.engine.Version;
import io.github.metadatasnapshot.product.ServerStart.Outcome;
import io.github.metadatasnapshot.server.ServerException;
import io.github.metadatasnapshot.server.TestDatabase;
import io.github.metadatasnapshot.testsupport.Library;
import io.github.metadatasnapshot.testsupport.PerlServer;
import io.github.metadatasnapshot.testsupport.RequiresDocker;
import io.github.metadatasnapshot.testsupport.TakesTurns;
import io.github.metadatasnapshot.testsupport.TestServers;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** Servers in containers: a shell script with a small server in Perl, in an image that has PostgreSQL's client. */
@TakesTurns(of = 2)
class ProductServerTests {

    @RequiresDocker
    @Nested
    class InAContainer {

        private static final Version VERSION = Version.of("17");

        private static TestDatabase database;

        @BeforeAll
        static void create() {
            database = TestServers.container("postgres:17").createDatabase();
            Library.execute(
                    database,
                    "CREATE TABLE asset (name TEXT)",
                    "INSERT INTO asset VALUES ('orders')",
                    "CREATE TABLE visit (at TIMESTAMPTZ)");
        }

        @AfterAll
        static void drop() {
            database.close();
        }

        private static ProductServer.Builder server(String script) {
            return ProductServer.ofImage("postgres:{version}")
                    .entrypoint("bash", "-c")
                    .command(script)
                    .environment("PGHOST", "{host}")
                    .environment("PGPORT", "{port}")
                    .environment("PGDATABASE", "{database}")
                    .environment("PGUSER", "{user}")
                    .environment("PGPASSWORD", "{password}")
                    .environment("PORT", "8080")
                    .timeLimit(Duration.ofSeconds(20));
        }

        private static ProductServer.Builder listing(String statement) {
            return server("answer() { [ \"$1\" = /health ] || psql -qAtX -v ON_ERROR_STOP=1 -c \"" + statement
                            + "\"; }\n" + PerlServer.SERVE)
                    .until(ServerSign.http(8080, "/health"));
        }

        private static ServerStart start(ProductServer.Builder server) {
            return server.build().startWatched(database, VERSION, new HistoryTable("", HistoryTable.DEFAULT_NAME));
        }

        @Test
        void worksWhereAllRequestsAreAnswered() {
            ServerStart start = start(listing("SELECT name FROM asset")
                    .answers("/assets")
                    .answers("/assets", "^orders$")
                    .answers(
                            "the assets",
                            url -> assertThat(HttpAnswer.get(url.resolve("/"), Duration.ofSeconds(5))
                                            .status())
                                    .isEqualTo(200)));

            assertThat(start).works();
            assertThat(start.requests()).isEqualTo(3);
            assertThat(start.change()).isEmpty();
            assertThatThrownBy(() -> assertThat(start).refused())
                    .hasMessage(
                            "Expected the server of 17 to refuse postgres:17 at no version, but it started, and answered 3"
                                    + " requests as it should, and changed nothing");
        }

        @Test
        void theFirstWrongAnswerIsTold() {
            assertThatThrownBy(() -> assertThat(start(listing("SELECT name FROM asset")
                                    .answers("/assets", "customers")
                                    .answers("/never")))
                            .works())
                    .hasMessage(
                            "Expected the server of 17 to work on postgres:17 at no version, but it started, and GET /assets"
                                    + " answered without 'customers': orders");
            assertThatThrownBy(() -> assertThat(
                                    start(listing("SELECT owner FROM asset").answers("/assets")))
                            .works())
                    .hasMessageContaining(
                            "it started, and GET /assets answered 500: ERROR:  column \"owner\" does not exist");
            assertThatThrownBy(() -> assertThat(start(listing("SELECT 1").answers("the login", url -> {
                                throw new IllegalStateException("no token at " + url.getPath());
                            })))
                            .works())
                    .hasMessageContaining("it started, and the login failed: no token at ");
        }

        @Test
        void whatARequestChangesIsTold() {
            ServerStart start = start(
                    listing("INSERT INTO visit VALUES (now()) RETURNING 'done'").answers("/assets", "done"));

            assertThat(start).works();
            assertThat(start.change().orElseThrow().after()).isEqualTo("GET /assets");
            assertThat(start.change().orElseThrow().differences()).hasSize(1);
            assertThatThrownBy(() -> assertThat(start).refused())
                    .hasMessageContaining("\nThe database is another after GET /assets:\n  ");
        }

        @Test
        void refusesWhereItEndsInItsWords() {
            assertThat(start(server("echo the schema is newer; exit 3").until(ServerSign.log("Started"))))
                    .refused()
                    .saying("newer");
            ServerStart silent = start(server("exit 3").until(ServerSign.log("Started")));
            assertThat(silent.outcome()).isEqualTo(Outcome.ENDED);
            assertThatThrownBy(() -> assertThat(silent).refused())
                    .hasMessage(
                            "Expected the server of 17 to refuse postgres:17 at no version, but it ended with status 3 before"
                                    + " it showed the line 'Started', and said nothing that would tell an operator why");
        }

        @Test
        void refusesWhereItAnswersThatItHasNot() {
            ServerStart start = start(server("answer() { echo the schema is newer; false; }\n" + PerlServer.SERVE)
                    .until(ServerSign.http(8080, "/health"))
                    .timeLimit(Duration.ofSeconds(3)));

            assertThat(start).refused().saying("the schema is newer");
            assertThat(start.describe())
                    .isEqualTo(
                            "had not shown an answer at port 8080, /health after 3 s, but answered 500. The last that it"
                                    + " said:\nthe schema is newer");
        }

        @Test
        void doesNotRefuseByDoingNothing() {
            ServerStart start = start(server("trap 'exit 0' TERM; echo waiting; sleep 600 & wait")
                    .until(ServerSign.http(8080, "/health"))
                    .timeLimit(Duration.ofSeconds(1)));

            assertThat(start.outcome()).isEqualTo(Outcome.NOTHING);
            assertThatThrownBy(() -> assertThat(start).refused())
                    .hasMessage(
                            "Expected the server of 17 to refuse postgres:17 at no version, but it had not shown an answer at"
                                    + " port 8080, /health after 1 s, and was stopped. The last that it said:\nwaiting");
        }
    }

    @Test
    void whatIsNotSaidIsAsked() {
        ProductServer.Builder builder = ProductServer.ofImage("acme:{version}");

        assertThatThrownBy(builder::build)
                .isInstanceOf(ServerException.class)
                .hasMessageStartingWith("When has a server of acme:{version} started? ");
        assertThatThrownBy(() -> builder.until(ServerSign.history()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("ProductServer is started on a database that has its version already");
        assertThatThrownBy(builder.until(ServerSign.log("Started")).answers("/")::build)
                .hasMessage(
                        "Where does a server of acme:{version} answer? ProductServer.ofImage(\"acme:{version}\") lacks"
                                + " port(8080)");
        assertThatThrownBy(builder.until(ServerSign.http(80, "/")).port(81)::build)
                .hasMessage("ProductServer asks a server of acme:{version} at one port: until says 80, and port 81");
        assertThatThrownBy(() -> builder.command("--password={password}"))
                .hasMessageStartingWith("ProductServer puts {password} into no command");
        assertThatThrownBy(() -> builder.answers("assets"))
                .hasMessage("ProductServer asks for paths, and \"assets\" does not begin with /");
        assertThatThrownBy(() -> ProductServer.of((version, database) -> {
                            throw new AssertionError();
                        })
                        .until(ServerSign.log("Started")))
                .hasMessage("ProductServer.until is for servers in containers, ProductServer.ofImage");
    }
}
