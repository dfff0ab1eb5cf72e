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
 * @param address the address that the name {@code host} has there; the empty string where it has one without
 */
record Route(String network, String host, int port, String address) {

    /** What a container calls the machine that Docker runs on, where it is not in that machine's own network. */
    private static final String GATEWAY = "host.docker.internal";

    private static final String GATEWAY_ADDRESS = "host-gateway";

    Route(String network, String host, int port) {
        this(network, host, port, "");
    }

    /**
     * Finds the way to a server that this machine reaches.
     *
     * @param server where this machine reaches it
     * @throws ServerException if it listens on this machine, and the Docker engine runs on another
     */
    static Route to(InetSocketAddress server) {
        return to(resolved(server), outward(), Docker.isLocal());
    }

    private static InetSocketAddress resolved(InetSocketAddress server) {
        return server.isUnresolved() ? new InetSocketAddress(server.getHostString(), server.getPort()) : server;
    }

    /** As {@link #to(InetSocketAddress)}, with what is true of another machine. */
    static Route to(InetSocketAddress server, String loopbackNetwork, boolean local) {
        String host = server.getHostString();
        if (!isLoopback(server)) {
            // A name may be one that this machine alone knows.
            String address = server.isUnresolved() ? "" : server.getAddress().getHostAddress();
            return new Route("", host, server.getPort(), address.equals(host) ? "" : address);
        }
        if (!local) {
            throw new ServerException(
                    "No container reaches a server at " + host
                            + ": it listens on this machine alone, and the Docker engine runs on another, or around the"
                            + " container that the tests run in. Let the server run in a container, too",
                    null);
        }
        if (loopbackNetwork.isEmpty()) {
            return new Route("", GATEWAY, server.getPort());
        }
        // To the tools of MySQL and MariaDB, localhost is a socket.
        return new Route(loopbackNetwork, host.equals("::1") ? host : "127.0.0.1", server.getPort());
    }

    private static boolean isLoopback(InetSocketAddress server) {
        String host = server.getHostString();
        return host.equalsIgnoreCase("localhost")
                || host.startsWith("127.")
                || host.equals("::1")
                || (!server.isUnresolved() && server.getAddress().isLoopbackAddress());
    }

    /** {@return the same way, by the name that the server's certificate has to hold} */
    Route as(String name) {
        if (name.equals(host)) {
            return this;
        }
        // In this machine's own network a container knows the names that the machine does.
        return new Route(network, name, port, network.isEmpty() ? GATEWAY_ADDRESS : "");
    }

    /** {@return the network from which a container reaches what this machine does} */
    static String outward() {
        boolean linux = System.getProperty("os.name").toLowerCase(Locale.ROOT).contains("linux");
        // Only there does a container reach a server that listens on this machine's loopback address alone; Docker's
        // virtual machine on macOS and Windows passes such connections on by itself.
        return linux && Docker.isLocal() ? "host" : "";
    }

    /** Lets a container go this way once it is started. */
    void join(GenericContainer<?> container) {
        join(container, network);
        if (!address.isEmpty()) {
            container.withExtraHost(host, address);
        }
    }

    /** Lets a container join a network once it is started. */
    static void join(GenericContainer<?> container, String network) {
        if (network.isEmpty()) {
            container.withExtraHost(GATEWAY, GATEWAY_ADDRESS);
        } else {
            container.withNetworkMode(network);
        }
    }
}
