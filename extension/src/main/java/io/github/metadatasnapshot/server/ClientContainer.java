package io.github.metadatasnapshot.server;

import com.github.dockerjava.api.command.CreateContainerCmd;
import com.github.dockerjava.api.exception.DockerException;
import com.github.dockerjava.api.model.Capability;
import io.github.metadatasnapshot.engine.ClientAccess;
import io.github.metadatasnapshot.engine.Engine;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Objects;
import org.testcontainers.containers.ContainerLaunchException;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.images.builder.Transferable;
import org.testcontainers.utility.DockerImageName;

/**
 * A container that does nothing but hold an engine's client tools, for a server that has none beside it. It is removed when
 * it is closed.
 */
public final class ClientContainer implements AutoCloseable {

    private static final int READABLE_BY_ALL = 0100444;

    private final GenericContainer<?> container;

    private ClientContainer(GenericContainer<?> container) {
        this.container = container;
    }

    /**
     * Starts a container from which the tools reach a server: on Linux from this machine's own network where the server
     * listens on its loopback address, and else from a network of Docker's, with the server's name as this machine resolves
     * it.
     *
     * @param image the image, such as {@code postgres:17}
     * @param engine the server's engine
     * @param url the JDBC URL that leads to it; what it demands of TLS, the tools demand too
     * @return the container with the tools in it, to be closed after use
     * @throws IllegalArgumentException if the tools cannot be told a parameter of the URL, as {@link Engine#access} says
     * @throws ServerUnavailableException if no Docker engine answers
     * @throws ServerException if there is no such image, it does not start, or no container reaches the server
     */
    public static Tools reaching(String image, Engine engine, String url) {
        ClientAccess access = engine.access(url);
        Docker.requireEngine(image);
        return reaching(image, access, Route.to(engine.address(url)));
    }

    /** As {@link #reaching(String, Engine, String)}, by a way that was found. */
    static Tools reaching(String image, ClientAccess access, Route found) {
        Route route = access.checksName() ? found.as(access.host()) : found;
        GenericContainer<?> container = idle(image).withCreateContainerCmdModifier(ClientContainer::withoutPrivileges);
        route.join(container);
        if (!access.authorities().isEmpty()) {
            container.withCopyToContainer(
                    Transferable.of(access.authorities(), READABLE_BY_ALL), ClientAccess.AUTHORITIES);
        }
        ClientContainer started = start(image, container);
        return new Tools(started, new ClientTools(started.host(), access.at(route.host(), route.port())));
    }

    /**
     * A container, and the tools in it.
     *
     * @param container the container
     * @param tools the tools
     */
    public record Tools(ClientContainer container, ClientTools tools) implements AutoCloseable {

        /** Removes the container. */
        @Override
        public void close() {
            container.close();
        }
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
        Route.join(container, Route.outward());
        return start(image, container);
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
            withoutPrivileges(create);
        });
        return start(image, container);
    }

    private static void withoutPrivileges(CreateContainerCmd create) {
        Objects.requireNonNull(create.getHostConfig())
                .withCapDrop(Capability.ALL)
                .withSecurityOpts(List.of("no-new-privileges"));
    }

    private static GenericContainer<?> idle(String image) {
        Docker.requireEngine(image);
        Docker.requireImage(image);
        return new GenericContainer<>(DockerImageName.parse(image))
                .withCreateContainerCmdModifier(create -> create.withEntrypoint("tail", "-f", "/dev/null"));
    }

    private static ClientContainer start(String image, GenericContainer<?> container) {
        try {
            container.start();
            return new ClientContainer(container);
        } catch (ContainerLaunchException | DockerException e) {
            container.stop();
            throw new ServerException("A container of " + image + " did not start: " + Docker.rootMessage(e), e);
        }
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
     * @throws ServerException if it is this machine, and the Docker engine runs on another
     */
    public String reach(String host) {
        return Route.to(InetSocketAddress.createUnresolved(host, 0)).host();
    }

    /** Removes the container. */
    @Override
    public void close() {
        container.stop();
    }
}
