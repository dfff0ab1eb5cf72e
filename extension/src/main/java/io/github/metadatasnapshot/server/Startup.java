package io.github.metadatasnapshot.server;

import io.github.metadatasnapshot.engine.Engine;
import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.JdbcDatabaseContainer;
import org.testcontainers.images.builder.Transferable;
import org.testcontainers.mariadb.MariaDBContainer;
import org.testcontainers.mysql.MySQLContainer;
import org.testcontainers.postgresql.PostgreSQLContainer;
import org.testcontainers.utility.DockerImageName;

/**
 * The start of one container, which it waits for by logging in. That takes less time than waiting for the log to say so,
 * and an end of the container before is noticed at once; Testcontainers would try again until the time is over, and with
 * MySQL twice more after that.
 */
final class Startup {

    private static final int POLL_MILLIS = 25;
    private static final int CHECK_EVERY = 10;
    private static final int ANSWER_SECONDS = 10;
    private static final int TAIL_LINES = 20;
    private static final String PASSWORD_FILE = "/metadatasnapshot.sql";
    private static final int READABLE = 0444;

    private final ServerSpec spec;
    private final String password;
    private final Duration timeout;
    private @Nullable Login login;
    private @Nullable String version;
    private String log = "";

    private final @Nullable Data data;

    /**
     * What the server starts on.
     *
     * @param archive a tar archive of its data directory
     * @param directory the directory
     */
    record Data(InputStream archive, String directory) {}

    Startup(ServerSpec spec, String password, Duration timeout, @Nullable Data data) {
        this.spec = spec;
        this.password = password;
        this.timeout = timeout;
        this.data = data;
    }

    /** {@return what the server's command has to be given} */
    Stream<String> arguments() {
        return passwordAtStart().isPresent() ? Stream.of("--init-file=" + PASSWORD_FILE) : Stream.empty();
    }

    private Optional<String> passwordAtStart() {
        return data == null ? Optional.empty() : spec.engine().passwordAtStart(password);
    }

    private void fill(GenericContainer<?> container, String containerId) {
        if (data == null) {
            return;
        }
        passwordAtStart()
                .ifPresent(sql -> container.copyFileToContainer(Transferable.of(sql, READABLE), PASSWORD_FILE));
        try {
            container
                    .getDockerClient()
                    .copyArchiveToContainerCmd(containerId)
                    .withTarInputStream(new Unclosed(data.archive()))
                    .withRemotePath(data.directory().replaceFirst("/[^/]+/?$", "/"))
                    .exec();
            // What is damaged is known at its end.
            data.archive().transferTo(OutputStream.nullOutputStream());
        } catch (IOException e) {
            throw new ServerException("its data directory cannot be read: " + e.getMessage(), e);
        }
    }

    /** docker-java closes what it has read the archive from, and what is behind the archive's end is still to be read. */
    private static final class Unclosed extends FilterInputStream {

        Unclosed(InputStream in) {
            super(in);
        }

        @Override
        public void close() {}
    }

    /** Gives the administrator the password of this run. */
    private boolean setPassword(GenericContainer<?> container) {
        ClientHost host = new ContainerClientHost(container.getDockerClient(), container.getContainerId());
        boolean byFile = passwordAtStart().isPresent();
        List<String> command = byFile
                ? List.of("rm", PASSWORD_FILE)
                : List.of("psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", "-U", "postgres", "-d", "postgres");
        String input = byFile ? "" : "ALTER ROLE postgres PASSWORD '" + password + "'";
        try {
            return host.run(
                            command,
                            Map.of(),
                            new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)),
                            OutputStream.nullOutputStream(),
                            OutputStream.nullOutputStream())
                    == 0;
        } catch (IOException e) {
            return false;
        }
    }

    /** {@return the container, not started yet} */
    JdbcDatabaseContainer<?> container() {
        Engine engine = spec.engine();
        DockerImageName image = DockerImageName.parse(spec.reference())
                .asCompatibleSubstituteFor(engine.imageWords().get(0));
        if (engine == Engine.POSTGRESQL) {
            return new PostgreSql(image)
                    .withDatabaseName("postgres")
                    .withUsername("postgres")
                    .withPassword(password);
        }
        return engine == Engine.MYSQL
                ? new MySql(image).withUsername("root").withPassword(password)
                : new MariaDb(image).withUsername("root").withPassword(password);
    }

    Login login() {
        if (login == null) {
            throw new IllegalStateException("The container has not been started");
        }
        return login;
    }

    String version() {
        if (version == null) {
            throw new IllegalStateException("The container has not been started");
        }
        return version;
    }

    private void await(JdbcDatabaseContainer<?> container) {
        Engine engine = spec.engine();
        boolean postgres = engine == Engine.POSTGRESQL;
        Login candidate = new Login(
                engine.jdbcUrl(container.getHost(), container.getMappedPort(engine.port()), postgres ? "postgres" : ""),
                postgres ? "postgres" : "root",
                password);
        long end = System.nanoTime() + timeout.toNanos();
        boolean setsPassword = data != null && postgres;
        for (int attempt = 1; ; attempt++) {
            if (setsPassword) {
                setsPassword = !setPassword(container);
            }
            try (Connection connection = candidate.openWithin(engine, ANSWER_SECONDS)) {
                version = engine.serverVersion(connection);
                login = candidate;
                if (data != null && !postgres) {
                    setPassword(container);
                }
                return;
            } catch (SQLException e) {
                if (attempt % CHECK_EVERY == 0 && !container.isRunning()) {
                    throw new ServerException("its container ended", e);
                }
                if (System.nanoTime() > end) {
                    throw new ServerException(
                            "it did not answer within " + timeout.toSeconds() + " seconds: "
                                    + AbstractServer.describe(engine, e),
                            e);
                }
            }
            pause();
        }
    }

    private static void pause() {
        try {
            Thread.sleep(POLL_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ServerException("the thread that started it was interrupted", e);
        }
    }

    private String keep(String text) {
        log = text;
        return text;
    }

    /** {@return what to throw when the container has not started} */
    ServerException failure(RuntimeException cause) {
        Throwable reason = cause;
        while (!(reason instanceof ServerException) && reason.getCause() != null) {
            reason = reason.getCause();
        }
        String why =
                reason instanceof ServerException ? String.valueOf(reason.getMessage()) : Docker.rootMessage(cause);
        return new ServerException(
                spec.engine().displayName() + " did not start in a container of " + spec + ": " + why + tail(log),
                cause);
    }

    /** {@return the end of a log, as the end of a message} */
    static String tail(String log) {
        List<String> lines = log.lines().toList();
        return lines.isEmpty()
                ? ""
                : ". The end of its log:\n"
                        + String.join("\n", lines.subList(Math.max(0, lines.size() - TAIL_LINES), lines.size()));
    }

    // Testcontainers fetches the log of a container that did not start, prints it, and removes the container: getLogs()
    // is where it can be had for the exception.

    private final class PostgreSql extends PostgreSQLContainer {

        PostgreSql(DockerImageName image) {
            super(image);
        }

        @Override
        protected void containerIsCreated(String id) {
            fill(this, id);
        }

        @Override
        protected void waitUntilContainerStarted() {
            await(this);
        }

        @Override
        public String getLogs() {
            return keep(super.getLogs());
        }
    }

    private final class MySql extends MySQLContainer {

        MySql(DockerImageName image) {
            super(image);
        }

        @Override
        protected void configure() {
            super.configure();
            setStartupAttempts(1);
        }

        @Override
        protected void containerIsCreated(String id) {
            fill(this, id);
        }

        @Override
        protected void waitUntilContainerStarted() {
            await(this);
        }

        @Override
        public String getLogs() {
            return keep(super.getLogs());
        }
    }

    private final class MariaDb extends MariaDBContainer {

        MariaDb(DockerImageName image) {
            super(image);
        }

        @Override
        protected void configure() {
            super.configure();
            setStartupAttempts(1);
        }

        @Override
        protected void containerIsCreated(String id) {
            fill(this, id);
        }

        @Override
        protected void waitUntilContainerStarted() {
            await(this);
        }

        @Override
        public String getLogs() {
            return keep(super.getLogs());
        }
    }
}
