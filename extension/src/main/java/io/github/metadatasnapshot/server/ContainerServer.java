package io.github.metadatasnapshot.server;

import static java.util.stream.Collectors.toMap;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.command.InspectContainerResponse.ContainerState;
import com.github.dockerjava.api.command.InspectImageResponse;
import com.github.dockerjava.api.command.WaitContainerResultCallback;
import com.github.dockerjava.api.exception.DockerException;
import io.github.metadatasnapshot.engine.Engine;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.testcontainers.containers.JdbcDatabaseContainer;

/** A server in a container, started by Testcontainers. Its databases belong to the administrator. */
final class ContainerServer extends AbstractServer {

    private static final System.Logger LOGGER = System.getLogger("io.github.metadatasnapshot");
    private static final Duration START_TIMEOUT = Duration.ofMinutes(2);
    private static final int STOP_SECONDS = 60;
    private static final String MIGRATOR = "metadata_snapshot";
    private static final long SHARED_MEMORY_BYTES = 256L * 1024 * 1024;

    private final JdbcDatabaseContainer<?> container;
    private final List<String> dataDirectories;
    private final Login migrator;

    private ContainerServer(
            ServerSpec spec,
            String version,
            Login login,
            Login migrator,
            Optional<CacheSlot> cache,
            JdbcDatabaseContainer<?> container,
            List<String> dataDirectories) {
        super(spec, version, login, login, cache);
        this.migrator = migrator;
        this.container = container;
        this.dataDirectories = dataDirectories;
    }

    /**
     * Starts a container, and waits for its server.
     *
     * @throws ServerException if there is no such image, no driver for the engine, the server does not start or is of
     *     another version than the tag says; nothing is left running then
     */
    static ContainerServer start(ServerSpec spec, ServerStorage storage) {
        return start(spec, storage, Optional.empty());
    }

    /** As {@link #start(ServerSpec, ServerStorage)}, with the databases that an earlier run has left. */
    static ContainerServer start(ServerSpec spec, ServerStorage storage, Optional<StateCache> cache) {
        return start(spec, storage, cache, List.of(), START_TIMEOUT, container -> {});
    }

    /** As {@link #start(ServerSpec, ServerStorage)}; where a database is kept, the container outlives this JVM. */
    static ContainerServer startToKeep(ServerSpec spec, ServerStorage storage, Optional<StateCache> cache) {
        ContainerServer server = start(
                spec,
                storage,
                cache,
                List.of(),
                START_TIMEOUT,
                container -> container.withCreateContainerCmdModifier(
                        create -> create.withLabels(new OwnLabels(create.getLabels()))));
        // Nobody else removes it where the run is ended from outside.
        Runtime.getRuntime().addShutdownHook(new Thread(server::close, "stop " + server.name()));
        return server;
    }

    /**
     * As {@link #start(ServerSpec, ServerStorage, Optional)}, with further arguments of the server's command, a time to start in, and
     * a last word on the container.
     */
    static ContainerServer start(
            ServerSpec spec,
            ServerStorage storage,
            Optional<StateCache> cache,
            List<String> arguments,
            Duration timeout,
            Consumer<JdbcDatabaseContainer<?>> lastWord) {
        requireDriver(
                spec.engine(), spec.engine().jdbcUrl("localhost", spec.engine().port(), ""));
        InspectImageResponse image = Docker.requireImage(spec.reference());
        Optional<CacheSlot> slot = cache.flatMap(states -> slot(spec, image, states));
        return CacheSlot.start(slot, entry -> start(spec, storage, image, slot, entry, arguments, timeout, lastWord));
    }

    private static Optional<CacheSlot> slot(ServerSpec spec, InspectImageResponse image, StateCache cache) {
        if (dataDirectories(image).count() != 1) {
            LOGGER.log(
                    System.Logger.Level.WARNING,
                    "Nothing of {0} is cached: its image has to have one volume, where the server keeps its data",
                    spec);
            return Optional.empty();
        }
        return CodeSources.of(ContainerServer.class)
                .map(code -> new CacheSlot(
                        cache,
                        new Fingerprint()
                                .add("container", spec.image(), String.valueOf(image.getId()), code)
                                .hex()));
    }

    private static ContainerServer start(
            ServerSpec spec,
            ServerStorage storage,
            InspectImageResponse image,
            Optional<CacheSlot> cache,
            StateCache.@Nullable Entry entry,
            List<String> arguments,
            Duration timeout,
            Consumer<JdbcDatabaseContainer<?>> lastWord) {
        Engine engine = spec.engine();
        List<String> dataDirectories = dataDirectories(image).toList();
        Startup startup = new Startup(
                spec,
                Login.randomPassword(),
                timeout,
                entry == null ? null : new Startup.Data(entry.data(), dataDirectories.get(0)));
        JdbcDatabaseContainer<?> container = startup.container();
        container.withCommand(Stream.of(
                        command(engine),
                        engine.throwAwaySettings().stream(),
                        cache.stream().flatMap(slot -> engine.settingsForCaching().stream()),
                        startup.arguments(),
                        arguments.stream())
                .flatMap(each -> each)
                .toArray(String[]::new));
        if (engine == Engine.POSTGRESQL) {
            container.withEnv("POSTGRES_INITDB_ARGS", "--no-sync");
            // Docker's 64 MB are too few for the parallel workers of a large index.
            container.withSharedMemorySize(SHARED_MEMORY_BYTES);
        }
        if (storage == ServerStorage.MEMORY) {
            container.withTmpFs(dataDirectories.stream().collect(toMap(directory -> directory, directory -> "rw")));
        }
        Docker.publishOnLoopback(container, engine.port());
        lastWord.accept(container);
        try {
            container.start();
            String version = startup.version();
            if (!spec.accepts(version)) {
                throw new ServerException(
                        "The image " + spec + " holds " + engine.displayName() + " " + version
                                + ", which is not what its tag says. It was given another's tag, or is out of date:"
                                + " docker pull it again, or name the version that it holds",
                        null);
            }
            if (entry != null) {
                cache.ifPresent(slot -> slot.found(entry.states()));
            }
            if (engine == Engine.POSTGRESQL) {
                makeLoginsFast(startup.login());
            }
            Login migrator = confined(engine, startup.login());
            return new ContainerServer(spec, version, startup.login(), migrator, cache, container, dataDirectories);
        } catch (RuntimeException e) {
            container.stop();
            throw e instanceof ServerException known ? known : startup.failure(e);
        }
    }

    private static void makeLoginsFast(Login admin) {
        String sql = "ALTER ROLE " + Engine.POSTGRESQL.quote(admin.user()) + " PASSWORD '"
                + ScramVerifier.of(admin.password()) + "'";
        execute(Engine.POSTGRESQL, admin, List.of(sql), "The administrator's password could not be set");
    }

    /** Creates the user that migrates, who does not reach the databases of others. */
    private static Login confined(Engine engine, Login admin) {
        Login confined = new Login(admin.url(), MIGRATOR, Login.randomPassword());
        List<String> statements = engine.confinedUser(confined.user(), confined.password(), NAMES);
        if (statements.isEmpty()) {
            return admin;
        }
        execute(engine, admin, statements, "The user for migrations could not be created");
        return confined;
    }

    private static void execute(Engine engine, Login admin, List<String> statements, String failed) {
        try (Connection connection = admin.open();
                var statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        } catch (SQLException e) {
            throw new ServerException(failed + ": " + describe(engine, e), e);
        }
    }

    @Override
    Login migrator() {
        return migrator;
    }

    private static Stream<String> command(Engine engine) {
        // Testcontainers' own command, which ours replaces, has fsync=off as well. The images of MySQL and MariaDB put
        // the name of the server before arguments that begin with a hyphen.
        return engine == Engine.POSTGRESQL ? Stream.of("postgres") : Stream.empty();
    }

    /** {@return what the image has as volumes, which differs between versions of the same engine} */
    private static Stream<String> dataDirectories(InspectImageResponse image) {
        return Stream.ofNullable(image.getConfig())
                .flatMap(config -> Stream.ofNullable(config.getVolumes()))
                .flatMap(volumes -> volumes.keySet().stream());
    }

    @Override
    public String description() {
        return engine().displayName() + " " + version() + " in a container of " + spec();
    }

    @Override
    public Optional<ClientHost> clientHost() {
        return Optional.of(new ContainerClientHost(container.getDockerClient(), container.getContainerId()));
    }

    /** From a network of the container's own, where nobody else's ports are in the way. */
    @Override
    Route route() {
        return container.getContainerInfo().getNetworkSettings().getNetworks().entrySet().stream()
                .filter(network -> network.getValue().getIpAddress() != null
                        && !network.getValue().getIpAddress().isEmpty())
                .findFirst()
                .map(network -> new Route(network.getKey(), network.getValue().getIpAddress(), engine().port()))
                .orElseGet(() -> new Route("container:" + container.getContainerId(), "127.0.0.1", engine().port()));
    }

    @Override
    String epitaph() {
        try {
            ContainerState state = container.getCurrentContainerInfo().getState();
            String cause = Boolean.TRUE.equals(state.getOOMKilled()) ? ", because memory ran out" : "";
            return "its container ended with status " + state.getExitCodeLong() + cause
                    + Startup.tail(container.getLogs());
        } catch (DockerException e) {
            return "its container has been removed";
        }
    }

    private String name() {
        return container.getContainerName().replaceFirst("^/", "");
    }

    /** The password stays in the container's environment. */
    @Override
    String access(String database) {
        String variable = engine() == Engine.POSTGRESQL ? "POSTGRES_PASSWORD" : "MYSQL_ROOT_PASSWORD";
        String console = String.join(
                " ",
                engine().console(
                                InetSocketAddress.createUnresolved("127.0.0.1", engine().port()),
                                admin.user(),
                                database));
        return """
            connect:  docker exec -it %1$s sh -c '%2$s=$%3$s exec %4$s'
            password: docker exec %1$s printenv %3$s
            remove:   docker rm -f -v %1$s\
            """.formatted(name(), engine().passwordVariable(), variable, console);
    }

    @Override
    public void close() {
        if (keepsDatabases()) {
            dropDatabases();
            return;
        }
        List<CachedState> save = clearForCache();
        if (!save.isEmpty()) {
            save(save, this::writeData);
        }
        container.stop();
    }

    /** Shuts the server down, and writes its data directory. */
    private void writeData(OutputStream out) throws IOException {
        DockerClient docker = container.getDockerClient();
        docker.killContainerCmd(container.getContainerId())
                .withSignal(engine() == Engine.POSTGRESQL ? "SIGINT" : "SIGTERM")
                .exec();
        try (WaitContainerResultCallback end =
                docker.waitContainerCmd(container.getContainerId()).start()) {
            int status = end.awaitStatusCode(STOP_SECONDS, TimeUnit.SECONDS);
            if (status != 0) {
                throw new IOException(description() + " ended with status " + status);
            }
        }
        try (InputStream data = docker.copyArchiveFromContainerCmd(container.getContainerId(), dataDirectories.get(0))
                .exec()) {
            data.transferTo(out);
        }
    }

    /** Labels without those of Testcontainers, by which it removes at the end of the JVM what it has started. */
    private static final class OwnLabels extends HashMap<String, String> {

        private static final long serialVersionUID = 1;

        OwnLabels(Map<String, String> labels) {
            super(labels);
        }

        @Override
        public @Nullable String put(String name, String value) {
            return name.startsWith("org.testcontainers") ? null : super.put(name, value);
        }

        /** Testcontainers adds its own last. */
        @Override
        public void putAll(Map<? extends String, ? extends String> labels) {
            labels.forEach(this::put);
        }
    }
}
