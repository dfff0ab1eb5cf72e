package io.github.metadatasnapshot.server;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.async.ResultCallback;
import com.github.dockerjava.api.command.InspectImageResponse;
import com.github.dockerjava.api.command.PullImageCmd;
import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.api.model.PullResponseItem;
import com.github.dockerjava.api.model.ResponseItem;
import java.io.Closeable;
import java.io.File;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.utility.DockerImageName;
import org.testcontainers.utility.ImageNameSubstitutor;
import org.testcontainers.utility.TestcontainersConfiguration;

/** The Docker engine that Testcontainers finds. */
final class Docker {

    private static final System.Logger LOGGER = System.getLogger("io.github.metadatasnapshot");

    private Docker() {}

    /** {@return why there is no Docker engine to use, empty where there is one} */
    static Optional<String> whyUnavailable() {
        return Availability.REASON;
    }

    /**
     * Fails where no container can run.
     *
     * @throws ServerUnavailableException if there is no Docker engine to use
     */
    static void requireEngine(String image) {
        whyUnavailable().ifPresent(reason -> {
            throw new ServerUnavailableException("A container of " + image + " cannot run here: " + reason, null);
        });
    }

    /** The answer for this JVM: Testcontainers does not look a second time either. */
    private static final class Availability {

        static final Optional<String> REASON = look();

        private static Optional<String> look() {
            // Testcontainers logs an error with a stack trace where it finds no engine. With nothing configured and no
            // socket in any of the places where it looks, the answer is known without it.
            if (!isConfigured() && sockets().noneMatch(socket -> new File(socket).exists())) {
                return Optional.of("no Docker engine answers (there is no socket, such as /var/run/docker.sock, and"
                        + " DOCKER_HOST is not set); install or start Docker");
            }
            try {
                DockerClientFactory.instance().client();
                return Optional.empty();
            } catch (RuntimeException e) {
                return Optional.of("no Docker engine answers (" + rootMessage(e)
                        + "); start Docker, or see Testcontainers' log for what it tried");
            }
        }

        private static boolean isConfigured() {
            TestcontainersConfiguration configuration = TestcontainersConfiguration.getInstance();
            return configuration.getEnvVarOrUserProperty("docker.host", null) != null
                    || configuration.getUserProperty("tc.host", null) != null
                    || configuration.getDockerClientStrategyClassName() != null
                    || System.getProperty("DOCKER_HOST") != null;
        }

        private static Stream<String> sockets() {
            String home = System.getProperty("user.home");
            Stream<String> fixed = Stream.of(
                    "/var/run/docker.sock",
                    home + "/.docker/run/docker.sock",
                    home + "/.docker/desktop/docker.sock",
                    "//./pipe/docker_engine");
            // A rootless engine's.
            File[] users = new File("/run/user").listFiles();
            Stream<String> runtime = Stream.concat(
                    Stream.ofNullable(System.getenv("XDG_RUNTIME_DIR")),
                    users == null ? Stream.empty() : Stream.of(users).map(File::getPath));
            return Stream.concat(fixed, runtime.map(directory -> directory + "/docker.sock"));
        }
    }

    /** {@return whether the engine publishes a container's ports on this machine} */
    static boolean isLocal() {
        return List.of("localhost", "127.0.0.1")
                .contains(DockerClientFactory.instance().dockerHostIpAddress());
    }

    /**
     * Pulls an image, unless the engine has it.
     *
     * <p>Testcontainers would do it too, but repeats a failed attempt for two minutes, without a network as well.
     *
     * @return what the engine knows of the image
     * @throws ServerException if there is no such image, or it cannot be pulled
     */
    static InspectImageResponse requireImage(String image) {
        DockerClient docker = DockerClientFactory.instance().client();
        DockerImageName name = ImageNameSubstitutor.instance().apply(DockerImageName.parse(image));
        try {
            return docker.inspectImageCmd(name.asCanonicalNameString()).exec();
        } catch (NotFoundException e) {
            LOGGER.log(System.Logger.Level.INFO, "Pulling the image {0}", name.asCanonicalNameString());
        }
        PullImageCmd pull = docker.pullImageCmd(name.getUnversionedPart()).withTag(name.getVersionPart());
        try {
            pull(pull);
        } catch (RuntimeException first) {
            try {
                // Older images have no variant for ARM; Docker emulates. After an interruption it helps as well.
                pull(pull.withPlatform("linux/amd64"));
            } catch (RuntimeException second) {
                throw new ServerException(
                        "The image " + shown(image, name)
                                + " is not on this machine and cannot be pulled. Docker said: "
                                + rootMessage(first) + ". Check the name and the tag (docker pull "
                                + name.asCanonicalNameString()
                                + "), the connection to the registry and, for a private one, docker login",
                        first);
            }
        }
        return docker.inspectImageCmd(name.asCanonicalNameString()).exec();
    }

    private static String shown(String image, DockerImageName name) {
        String full = name.asCanonicalNameString();
        return full.equals(image) ? image : image + " (" + full + ")";
    }

    private static void pull(PullImageCmd command) {
        Pull pull = new Pull();
        command.exec(pull);
        try {
            pull.finished.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : e;
        }
    }

    /** docker-java's own callback logs each failure as an error, and this one may be mended by the second attempt. */
    private static final class Pull implements ResultCallback<PullResponseItem> {

        final CompletableFuture<@Nullable Void> finished = new CompletableFuture<>();

        @Override
        public void onStart(Closeable closeable) {}

        @Override
        public void onNext(PullResponseItem item) {
            ResponseItem.ErrorDetail error = item.getErrorDetail();
            if (error != null) {
                finished.completeExceptionally(new IllegalStateException(error.getMessage()));
            }
        }

        @Override
        public void onError(Throwable throwable) {
            finished.completeExceptionally(throwable);
        }

        @Override
        public void onComplete() {
            finished.complete(null);
        }

        @Override
        public void close() {}
    }

    /** {@return what the first cause says, without docker-java's wrapping} */
    static String rootMessage(Throwable throwable) {
        Throwable root = throwable;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        String message = root.getMessage() == null ? root.toString() : root.getMessage();
        return message.replaceFirst("(?s)^Status \\d+: (?:\\{\"message\":\"(.*)\"}\\s*|(.*))$", "$1$2")
                .replace("\\\"", "\"")
                .strip()
                .replaceFirst("\\.$", "");
    }
}
