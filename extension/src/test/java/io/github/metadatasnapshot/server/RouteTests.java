package io.github.metadatasnapshot.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetSocketAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The ways from a container to a server, on this machine and on others. */
class RouteTests {

    private static InetSocketAddress at(String host) {
        return InetSocketAddress.createUnresolved(host, 5432);
    }

    @ParameterizedTest(name = "{0} from the network ''{1}''")
    @CsvSource({
        "localhost, host, 127.0.0.1",
        "127.0.0.1, host, 127.0.0.1",
        "::1, host, ::1",
        "localhost, '', host.docker.internal",
        "db.example.com, '', db.example.com"
    })
    void leadToAServer(String host, String network, String reached) {
        assertThat(Route.to(at(host), network, true)).isEqualTo(new Route(network, reached, 5432));
    }

    @Test
    void doNotLeadFromAnotherMachineToThisOne() {
        assertThat(Route.to(at("db.example.com"), "", false)).isEqualTo(new Route("", "db.example.com", 5432));
        assertThatThrownBy(() -> Route.to(at("localhost"), "", false))
                .isInstanceOf(ServerException.class)
                .hasMessage(
                        "No container reaches a server at localhost: it listens on this machine alone, and the Docker"
                                + " engine runs on another, or around the container that the tests run in. Let the server run in a"
                                + " container, too");
    }
}
