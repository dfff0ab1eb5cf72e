package io.github.metadatasnapshot.testsupport;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.metadatasnapshot.backup.S3Settings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.UUID;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;

/** Object storage in memory, by S3Proxy in a process of its own, which all tests of a JVM share. */
public final class ObjectStorage {

    /** Where the build wrote the class path of S3Proxy, in the working directory. */
    private static final Path CLASS_PATH = Path.of("target", "s3proxy.classpath");

    private static final String USER = "tester";
    private static final String PASSWORD = UUID.randomUUID().toString();
    private static final int START_SECONDS = 60;

    private static final S3Settings SETTINGS = start();
    private static final S3Client CLIENT = S3Client.builder()
            .endpointOverride(SETTINGS.endpoint().orElseThrow())
            .forcePathStyle(true)
            .region(Region.US_EAST_1)
            .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
            .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create(USER, PASSWORD)))
            .build();

    private ObjectStorage() {}

    private static S3Settings start() {
        if (!Files.exists(CLASS_PATH)) {
            throw new AssertionError(
                    CLASS_PATH + " is not there, which ./mvnw -pl extension generate-test-resources" + " writes");
        }
        try {
            int port;
            try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
                port = free.getLocalPort();
            }
            Path directory = Files.createTempDirectory("s3proxy");
            Path properties = directory.resolve("s3proxy.properties");
            Files.writeString(properties, """
                            s3proxy.authorization=aws-v2-or-v4
                            s3proxy.endpoint=http://127.0.0.1:%d
                            s3proxy.identity=%s
                            s3proxy.credential=%s
                            jclouds.provider=transient-nio2
                            jclouds.identity=unused
                            jclouds.credential=unused
                            """.formatted(port, USER, PASSWORD));
            Path logging = directory.resolve("logback.xml");
            Files.writeString(logging, "<configuration/>");
            Path log = directory.resolve("log");
            Process process = new ProcessBuilder(
                            ProcessHandle.current().info().command().orElse("java"),
                            "-XX:TieredStopAtLevel=1",
                            "-XX:+UseSerialGC",
                            "-Xmx512m",
                            "-Dlogback.configurationFile=" + logging,
                            "-cp",
                            Files.readString(CLASS_PATH, UTF_8).strip(),
                            "org.gaul.s3proxy.Main",
                            "--properties",
                            properties.toString())
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile())
                    .start();
            Runtime.getRuntime().addShutdownHook(new Thread(() -> {
                process.destroyForcibly();
                try {
                    for (Path file : new Path[] {properties, logging, log, directory}) {
                        Files.deleteIfExists(file);
                    }
                } catch (IOException e) {
                    // They lie in the temporary directory.
                }
            }));
            await(process, port, log);
            return new S3Settings(Optional.of(URI.create("http://127.0.0.1:" + port)), true);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void await(Process process, int port, Path log) throws IOException {
        long end = System.nanoTime() + START_SECONDS * 1_000_000_000L;
        while (true) {
            try (Socket socket = new Socket()) {
                socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1000);
                return;
            } catch (IOException e) {
                if (!process.isAlive() || System.nanoTime() > end) {
                    throw new AssertionError("S3Proxy does not start: " + Files.readString(log), e);
                }
            }
            try {
                Thread.sleep(50);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new AssertionError(e);
            }
        }
    }

    /** {@return where it is} */
    public static S3Settings settings() {
        return SETTINGS;
    }

    /** {@return a client to look at what is there} */
    public static S3Client client() {
        return CLIENT;
    }

    /** {@return the name of a new, empty bucket} */
    public static String bucket() {
        String name = "b" + UUID.randomUUID();
        CLIENT.createBucket(request -> request.bucket(name));
        return name;
    }

    /** {@return the password} */
    public static String password() {
        return PASSWORD;
    }

    /** Gives the AWS SDK of this JVM credentials and a region. */
    public static void logIn(String password) {
        System.setProperty("aws.accessKeyId", USER);
        System.setProperty("aws.secretAccessKey", password);
        System.setProperty("aws.region", "us-east-1");
    }
}
