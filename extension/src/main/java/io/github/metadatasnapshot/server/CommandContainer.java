package io.github.metadatasnapshot.server;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.async.ResultCallback;
import com.github.dockerjava.api.command.WaitContainerResultCallback;
import com.github.dockerjava.api.exception.DockerException;
import com.github.dockerjava.api.model.Frame;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import org.testcontainers.containers.ContainerLaunchException;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.startupcheck.StartupCheckStrategy;
import org.testcontainers.images.builder.Transferable;
import org.testcontainers.utility.DockerImageName;

/** A container that reaches a database, runs one command and is removed, as {@code docker run --rm} does. */
public final class CommandContainer {

    private static final int READABLE_BY_ALL = 0100444;
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
        try (Once container = new Once(image)) {
            container.withEnv(environment).withCommand(command.toArray(String[]::new));
            container.withCreateContainerCmdModifier(create -> {
                if (!entrypoint.isEmpty()) {
                    create.withEntrypoint(entrypoint);
                }
            });
            files.forEach((path, text) -> container.withCopyToContainer(Transferable.of(text, READABLE_BY_ALL), path));
            route.join(container);
            container.start();
            boolean ended = await(container, limit);
            OptionalInt status = ended
                    ? OptionalInt.of(container
                            .getCurrentContainerInfo()
                            .getState()
                            .getExitCodeLong()
                            .intValue())
                    : OptionalInt.empty();
            return new Outcome(status, output(container));
        } catch (ContainerLaunchException | DockerException e) {
            throw new ServerException(
                    "A container of " + image + " did not start: " + Docker.rootMessage(e)
                            + ". Check that the image has the program",
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ServerException("Interrupted while a container of " + image + " ran", e);
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
