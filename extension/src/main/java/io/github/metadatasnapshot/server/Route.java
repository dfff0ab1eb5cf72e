package io.github.metadatasnapshot.server;

import java.net.InetSocketAddress;
import java.util.Locale;
import org.testcontainers.containers.GenericContainer;

/**
 * How a container reaches a server.
 *
 * @param network the network that the container joins; the empty string for the engine's own, in which {@link #GATEWAY} is
 *     this machine
 * @param host what the server is called there
 * @param port the server's port there
 */
record Route(String network, String host, int port) {

    /** What a container calls the machine that Docker runs on, where it is not in that machine's own network. */
    private static final String GATEWAY = "host.docker.internal";

    /**
     * Finds the way to a server that this machine reaches.
     *
     * @param server where this machine reaches it
     * @throws ServerException if it listens on this machine, and the Docker engine runs on another
     */
    static Route to(InetSocketAddress server) {
        return to(server, outward(), Docker.isLocal());
    }

    /** As {@link #to(InetSocketAddress)}, with what is true of another machine. */
    static Route to(InetSocketAddress server, String network, boolean local) {
        String host = server.getHostString();
        if (!host.equalsIgnoreCase("localhost") && !host.startsWith("127.") && !host.equals("::1")) {
            return new Route(network, host, server.getPort());
        }
        if (!local) {
            throw new ServerException(
                    "No container reaches a server at " + host
                            + ": it listens on this machine alone, and the Docker engine runs on another, or around the"
                            + " container that the tests run in. Let the server run in a container, too",
                    null);
        }
        if (network.isEmpty()) {
            return new Route(network, GATEWAY, server.getPort());
        }
        // To the tools of MySQL and MariaDB, localhost is a socket.
        return new Route(network, host.equals("::1") ? host : "127.0.0.1", server.getPort());
    }

    /** {@return the network from which a container reaches what this machine does} */
    static String outward() {
        boolean linux = System.getProperty("os.name").toLowerCase(Locale.ROOT).contains("linux");
        // Only there does a container reach a server that listens on this machine's loopback address alone; Docker's
        // virtual machine on macOS and Windows passes such connections on by itself.
        return linux && Docker.isLocal() ? "host" : "";
    }

    /** Lets a container join a network once it is started. */
    static void join(GenericContainer<?> container, String network) {
        if (network.isEmpty()) {
            container.withExtraHost(GATEWAY, "host-gateway");
        } else {
            container.withNetworkMode(network);
        }
    }
}
