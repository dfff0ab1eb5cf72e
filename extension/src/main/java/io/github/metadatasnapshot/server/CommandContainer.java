package io.github.metadatasnapshot.server;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.async.ResultCallback;
import com.github.dockerjava.api.command.WaitContainerResultCallback;
import com.github.dockerjava.api.exception.DockerException;
import com.github.dockerjava.api.exception.NotModifiedException;
import com.github.dockerjava.api.model.Frame;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.testcontainers.containers.ContainerLaunchException;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.startupcheck.StartupCheckStrategy;
import org.testcontainers.images.builder.Transferable;
import org.testcontainers.utility.DockerImageName;

/** A container that reaches a database, runs one command and is removed, as {@code docker run --rm} does. */
public final class CommandContainer {

    private static final int READABLE_BY_ALL = 0100444;
    private static final int STOP_SECONDS = 10;
    private static final int MOST_LINES = 50;
    private static final int MOST_CHARACTERS = 8_000;
    private static final int MOST_BYTES = 1 << 18;

    private final TestDatabase database;
    private final String image;
    private final Route route;

    private CommandContainer(TestDatabase database, String image, Route route) {
        this.database = database;
        this.image = image;
        this.route = route;
    }

    /**
     * What came of a command.
     *
     * @param status the status that it ended with; empty where it was stopped because time ran out
     * @param output the end of what it printed, errors included: 50 lines or 8,000 characters at most, without the
     *     database's password
     */
    public record Outcome(OptionalInt status, String output) {}

    /** {@return why no container runs here, empty where one does} */
    public static Optional<String> whyUnavailable() {
        return Docker.whyUnavailable();
    }

    /**
     * Finds the way from a container to a database. Nothing is started yet.
     *
     * @param database the database
     * @param image the image, such as {@code acme/server:1.2}
     * @return the container
     * @throws ServerUnavailableException if no Docker engine answers
     * @throws ServerException if there is no such image, or no container reaches the database
     */
    public static CommandContainer beside(TestDatabase database, String image) {
        Docker.requireEngine(image);
        Docker.requireImage(image);
        return new CommandContainer(database, image, database.route());
    }

    /** {@return the host at which the container reaches the database's server} */
    public String host() {
        return route.host();
    }

    /** {@return the port at which the container reaches the database's server} */
    public int port() {
        return route.port();
    }

    /** {@return the JDBC URL by which the container reaches the database, with the parameters of this machine's} */
    public String jdbcUrl() {
        String authority = (host().contains(":") ? "[" + host() + "]" : host()) + ":" + port();
        return database.jdbcUrl().replaceFirst("//[^/?]*", Matcher.quoteReplacement("//" + authority));
    }

    /**
     * Runs a command until it ends or time runs out. Afterwards there is no container any more.
     *
     * @param entrypoint the program that runs the command; none for the image's own
     * @param command the command, or its arguments where the image says which program runs; never a password among them
     * @param environment variables for the command
     * @param files what is in files that all may read, by their paths in the container
     * @param limit how long it may take
     * @return what came of it
     * @throws ServerException if it cannot be started
     */
    public Outcome run(
            List<String> entrypoint,
            List<String> command,
            Map<String, String> environment,
            Map<String, String> files,
            Duration limit) {
        try (Running running = start(entrypoint, command, environment, files, OptionalInt.empty(), Optional.empty())) {
            boolean ended = await(running.container, limit);
            return new Outcome(ended ? running.status() : OptionalInt.empty(), running.output());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ServerException("Interrupted while a container of " + image + " ran", e);
        }
    }

    /**
     * Starts a command that goes on, as a server does.
     *
     * @param entrypoint as of {@link #run}
     * @param command as of {@link #run}
     * @param environment as of {@link #run}
     * @param files as of {@link #run}
     * @param listens the port that it answers HTTP at
     * @param line what the line holds that is waited for
     * @return the container, to be closed after use
     * @throws ServerException if it cannot be started
     */
    public Running start(
            List<String> entrypoint,
            List<String> command,
            Map<String, String> environment,
            Map<String, String> files,
            OptionalInt listens,
            Optional<Pattern> line) {
        Once container = new Once(image);
        try {
            container.withEnv(environment).withCommand(command.toArray(String[]::new));
            container.withCreateContainerCmdModifier(create -> {
                if (!entrypoint.isEmpty()) {
                    create.withEntrypoint(entrypoint);
                }
            });
            files.forEach((path, text) -> container.withCopyToContainer(Transferable.of(text, READABLE_BY_ALL), path));
            route.join(container);
            if (listens.isPresent() && !sharesNetwork()) {
                container.withExposedPorts(listens.getAsInt());
                Docker.publishOnLoopback(container, listens.getAsInt());
            }
            container.start();
            Running running = new Running(container, listens, line);
            line.ifPresent(pattern -> running.follow());
            return running;
        } catch (ContainerLaunchException | DockerException e) {
            container.close();
            throw new ServerException(
                    "A container of " + image + " did not start: " + Docker.rootMessage(e)
                            + ". Check that the image has the program",
                    e);
        }
    }

    /** Tells whether the container has no address of its own, so that its ports are those of this machine or of the server. */
    private boolean sharesNetwork() {
        return route.network().equals("host") || route.network().startsWith("container:");
    }

    /** A container that runs until its command ends, or it is closed. */
    public final class Running implements AutoCloseable {

        private final Once container;
        private final OptionalInt listens;
        private final Lines lines;

        private Running(Once container, OptionalInt listens, Optional<Pattern> line) {
            this.container = container;
            this.listens = listens;
            this.lines = new Lines(line);
        }

        private void follow() {
            container
                    .docker()
                    .logContainerCmd(container.getContainerId())
                    .withStdOut(true)
                    .withStdErr(true)
                    .withFollowStream(true)
                    .exec(lines);
        }

        /** {@return the status that the command ended with, empty while it runs} */
        public OptionalInt status() {
            var state = container.getCurrentContainerInfo().getState();
            return Boolean.TRUE.equals(state.getRunning())
                    ? OptionalInt.empty()
                    : OptionalInt.of(state.getExitCodeLong().intValue());
        }

        /** Tells whether it has printed the line that is waited for. */
        public boolean hasPrinted() {
            return lines.found;
        }

        /**
         * {@return where this machine reaches the port that it answers at}
         *
         * @throws ServerException if it has ended, or no port of it is reached
         */
        public URI url() {
            int port = listens.orElseThrow();
            if (!sharesNetwork()) {
                try {
                    return URI.create("http://" + container.getHost() + ":" + container.getMappedPort(port));
                } catch (IllegalStateException | IllegalArgumentException e) {
                    throw new ServerException("A container of " + image + " has no port " + port + " any more", e);
                }
            }
            if (route.network().equals("host")) {
                return URI.create("http://127.0.0.1:" + port);
            }
            throw new ServerException(
                    "No port of a container of " + image
                            + " is reached: it has the network of the database's container," + " which has no address",
                    null);
        }

        /** {@return the end of what it printed, as of {@link Outcome#output}} */
        public String output() {
            try {
                return CommandContainer.this.output(container);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return "";
            }
        }

        /** Lets the command end in its own manner, for 10 seconds at most, as {@code docker stop} does. */
        public void stop() {
            try {
                container
                        .docker()
                        .stopContainerCmd(container.getContainerId())
                        .withTimeout(STOP_SECONDS)
                        .exec();
            } catch (NotModifiedException e) {
                // It has ended.
            } catch (DockerException e) {
                throw new ServerException(
                        "A container of " + image + " could not be stopped: " + Docker.rootMessage(e), e);
            }
        }

        /** Removes the container, which is killed if it runs. */
        @Override
        public void close() {
            container.close();
        }
    }

    private static boolean await(Once container, Duration limit) throws InterruptedException {
        return container
                .docker()
                .waitContainerCmd(container.getContainerId())
                .exec(new WaitContainerResultCallback())
                .awaitCompletion(limit.toMillis(), TimeUnit.MILLISECONDS);
    }

    private String output(Once container) throws InterruptedException {
        Tail tail = container
                .docker()
                .logContainerCmd(container.getContainerId())
                .withStdOut(true)
                .withStdErr(true)
                .withTail(MOST_LINES)
                .exec(new Tail());
        tail.awaitCompletion();
        String text = Login.withoutPasswords(tail.text());
        for (String password : List.of(database.password(), database.migrationPassword())) {
            if (!password.isEmpty()) {
                text = text.replace(password, "***");
            }
        }
        String end = text.strip();
        return end.length() > MOST_CHARACTERS ? "…" + end.substring(end.length() - MOST_CHARACTERS) : end;
    }

    /** A container that may end as soon as it has begun, of which Testcontainers must not log what it prints. */
    private static final class Once extends GenericContainer<Once> {

        Once(String image) {
            super(DockerImageName.parse(image));
            withStartupCheckStrategy(new StartupCheckStrategy() {
                @Override
                public StartupStatus checkStartupState(DockerClient docker, String containerId) {
                    return StartupStatus.SUCCESSFUL;
                }
            });
        }

        DockerClient docker() {
            return dockerClient;
        }

        @Override
        protected void waitUntilContainerStarted() {}
    }

    /** Looks for a line in what a container prints. */
    private static final class Lines extends ResultCallback.Adapter<Frame> {

        private final Optional<Pattern> wanted;
        private final ByteArrayOutputStream line = new ByteArrayOutputStream();
        private volatile boolean found;

        Lines(Optional<Pattern> wanted) {
            this.wanted = wanted;
        }

        @Override
        public void onNext(Frame frame) {
            for (byte b : frame.getPayload()) {
                if (b == '\n' || line.size() >= MOST_CHARACTERS) {
                    String text = line.toString(UTF_8);
                    line.reset();
                    found |= wanted.filter(pattern -> pattern.matcher(text).find())
                            .isPresent();
                }
                if (b != '\n') {
                    line.write(b);
                }
            }
        }
    }

    /** The last bytes of a container's log. */
    private static final class Tail extends ResultCallback.Adapter<Frame> {

        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

        @Override
        public void onNext(Frame frame) {
            bytes.writeBytes(frame.getPayload());
            if (bytes.size() > 2 * MOST_BYTES) {
                byte[] all = bytes.toByteArray();
                bytes.reset();
                bytes.write(all, all.length - MOST_BYTES, MOST_BYTES);
            }
        }

        String text() {
            return bytes.toString(UTF_8);
        }
    }
}
