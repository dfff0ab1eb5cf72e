package io.github.metadatasnapshot.server;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.async.ResultCallback;
import com.github.dockerjava.api.command.InspectImageResponse;
import com.github.dockerjava.api.command.PullImageCmd;
import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.api.model.ExposedPort;
import com.github.dockerjava.api.model.PortBinding;
import com.github.dockerjava.api.model.Ports;
import com.github.dockerjava.api.model.PullResponseItem;
import com.github.dockerjava.api.model.ResponseItem;
import java.io.Closeable;
import java.io.File;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.dockerclient.DockerClientProviderStrategy;
import org.testcontainers.dockerclient.TransportConfig;
import org.testcontainers.utility.DockerImageName;
import org.testcontainers.utility.ImageNameSubstitutor;
import org.testcontainers.utility.TestcontainersConfiguration;

/** The Docker engine that Testcontainers finds. */
final class Docker {

    private static final System.Logger LOGGER = System.getLogger("io.github.metadatasnapshot");

    /** How the network's errors are told by Go, in which engines are written. */
    private static final Pattern OUT_OF_REACH =
            Pattern.compile("dial tcp|no such host|[Tt]imeout|deadline exceeded|refused|reset by"
                    + " peer|unreachable|proxyconnect|TLS handshake|x509|server misbehaving|EOF$");

    /** A tag that no image has. */
    private static final String NO_TAG = "metadata-snapshot-asks-for-an-answer";

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
            TransportConfig engine;
            try {
                engine = DockerClientFactory.instance().getTransportConfig();
            } catch (RuntimeException e) {
                return Optional.of("no Docker engine answers (" + rootMessage(e)
                        + "); start Docker, or see Testcontainers' log for what it tried");
            }
            Optional<String> unpulled = whyNotRyuk(engine);
            if (unpulled.isPresent()) {
                return unpulled;
            }
            try {
                DockerClientFactory.instance().client();
                return Optional.empty();
            } catch (RuntimeException e) {
                return Optional.of("a Docker engine answers, but Testcontainers cannot use it (" + rootMessage(e)
                        + "); see Testcontainers' log for what it tried");
            }
        }

        /**
         * Asks the engine for the image by which Testcontainers removes containers: without a registry, Testcontainers tries
         * for minutes to pull it. Only Testcontainers knows its tag; the registry's answer to another one is at hand at once.
         */
        private static Optional<String> whyNotRyuk(TransportConfig engine) {
            if (Boolean.parseBoolean(System.getenv("TESTCONTAINERS_RYUK_DISABLED"))) {
                return Optional.empty();
            }
            DockerImageName name = ImageNameSubstitutor.instance().apply(DockerImageName.parse("testcontainers/ryuk"));
            try (DockerClient docker = DockerClientProviderStrategy.getClientForConfig(engine)) {
                if (!docker.listImagesCmd()
                        .withReferenceFilter(name.getUnversionedPart())
                        .exec()
                        .isEmpty()) {
                    return Optional.empty();
                }
                pull(docker.pullImageCmd(name.getUnversionedPart()).withTag(NO_TAG));
            } catch (IOException | RuntimeException e) {
                String answer = rootMessage(e);
                return !isOutOfReach(answer)
                        ? Optional.empty()
                        : Optional.of("a Docker engine answers, but the image " + name.getUnversionedPart()
                                + ", by which Testcontainers removes its containers, is not on this machine and cannot"
                                + " be pulled. Docker said: " + answer
                                + ". Check the connection to the registry; or set the environment variable"
                                + " TESTCONTAINERS_RYUK_DISABLED=true where only images are used that are there");
            }
            return Optional.empty();
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

    /** Publishes a port of a container on this machine's loopback address alone, where the engine is here. */
    static void publishOnLoopback(GenericContainer<?> container, int port) {
        if (isLocal()) {
            container.withCreateContainerCmdModifier(create -> Objects.requireNonNull(create.getHostConfig())
                    .withPortBindings(new PortBinding(Ports.Binding.bindIp("127.0.0.1"), ExposedPort.tcp(port))));
        }
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
            if (isOutOfReach(String.valueOf(first.getMessage()))) {
                // A registry that is out of reach is so for every platform, after another half a minute.
                throw notPulled(image, name, first);
            }
            try {
                // Older images have no variant for ARM; Docker emulates. After an interruption it helps as well.
                pull(pull.withPlatform("linux/amd64"));
            } catch (RuntimeException second) {
                throw notPulled(image, name, first);
            }
        }
        return docker.inspectImageCmd(name.asCanonicalNameString()).exec();
    }

    /** Tells whether an engine says that a registry does not answer, rather than that it has no such image. */
    private static boolean isOutOfReach(String answer) {
        return OUT_OF_REACH.matcher(answer).find();
    }

    private static ServerException notPulled(String image, DockerImageName name, RuntimeException cause) {
        return new ServerException(
                "The image " + shown(image, name) + " is not on this machine and cannot be pulled. Docker said: "
                        + rootMessage(cause) + ". Check the name and the tag (docker pull "
                        + name.asCanonicalNameString()
                        + "), the connection to the registry and, for a private one, docker login",
                cause);
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
