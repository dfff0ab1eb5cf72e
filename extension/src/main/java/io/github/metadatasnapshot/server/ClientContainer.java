package io.github.metadatasnapshot.server;

import com.github.dockerjava.api.exception.DockerException;
import com.github.dockerjava.api.model.Capability;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.testcontainers.containers.ContainerLaunchException;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.utility.DockerImageName;

/**
 * A container that does nothing but hold an engine's client tools, for a server that has none beside it. It is removed when
 * it is closed.
 */
public final class ClientContainer implements AutoCloseable {

    /** What a container calls the machine that Docker runs on, where it is not in that machine's own network. */
    private static final String GATEWAY = "host.docker.internal";

    private final GenericContainer<?> container;
    private final boolean inHostNetwork;

    private ClientContainer(GenericContainer<?> container, boolean inHostNetwork) {
        this.container = container;
        this.inHostNetwork = inHostNetwork;
    }

    /**
     * Starts a container.
     *
     * @param image the image, such as {@code postgres:17}
     * @return the container, to be closed after use
     * @throws ServerUnavailableException if no Docker engine answers
     * @throws ServerException if there is no such image, or it does not start
     */
    public static ClientContainer start(String image) {
        GenericContainer<?> container = idle(image);
        // Only there does a container reach a server that listens on this machine's loopback address alone; Docker's
        // virtual machine on macOS and Windows passes such connections on by itself.
        boolean inHostNetwork = isLinux() && Docker.isLocal();
        if (inHostNetwork) {
            container.withNetworkMode("host");
        } else {
            container.withExtraHost(GATEWAY, "host-gateway");
        }
        return start(image, container, inHostNetwork);
    }

    /**
     * Starts a container for what cannot be trusted: it has no network, no privileges, and nothing of this machine.
     *
     * @param image the image, such as {@code postgres:17}
     * @param user the user that runs the tools
     * @return the container, to be closed after use
     * @throws ServerUnavailableException if no Docker engine answers
     * @throws ServerException if there is no such image, or it does not start
     */
    public static ClientContainer startSealed(String image, String user) {
        GenericContainer<?> container = idle(image).withNetworkMode("none").withCreateContainerCmdModifier(create -> {
            create.withUser(user);
            Objects.requireNonNull(create.getHostConfig())
                    .withCapDrop(Capability.ALL)
                    .withSecurityOpts(List.of("no-new-privileges"));
        });
        return start(image, container, false);
    }

    private static GenericContainer<?> idle(String image) {
        Docker.whyUnavailable().ifPresent(reason -> {
            throw new ServerUnavailableException("A container of " + image + " cannot run here: " + reason, null);
        });
        Docker.requireImage(image);
        return new GenericContainer<>(DockerImageName.parse(image))
                .withCreateContainerCmdModifier(create -> create.withEntrypoint("tail", "-f", "/dev/null"));
    }

    private static ClientContainer start(String image, GenericContainer<?> container, boolean inHostNetwork) {
        try {
            container.start();
            return new ClientContainer(container, inHostNetwork);
        } catch (ContainerLaunchException | DockerException e) {
            container.stop();
            throw new ServerException("A container of " + image + " did not start: " + Docker.rootMessage(e), e);
        }
    }

    private static boolean isLinux() {
        return System.getProperty("os.name").toLowerCase(Locale.ROOT).contains("linux");
    }

    /** {@return where the tools run} */
    public ClientHost host() {
        return new ContainerClientHost(container.getDockerClient(), container.getContainerId());
    }

    /**
     * Returns the name by which the container reaches a host.
     *
     * @param host the name by which this machine reaches it
     * @return the same, but for this machine itself
     */
    public String reach(String host) {
        boolean loopback = host.equalsIgnoreCase("localhost") || host.startsWith("127.") || host.equals("::1");
        if (!loopback) {
            return host;
        }
        // To the tools of MySQL and MariaDB, localhost is a socket.
        return inHostNetwork ? (host.equals("::1") ? host : "127.0.0.1") : GATEWAY;
    }

    /** Removes the container. */
    @Override
    public void close() {
        container.stop();
    }
}
