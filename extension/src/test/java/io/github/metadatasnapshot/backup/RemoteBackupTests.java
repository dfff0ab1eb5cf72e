package io.github.metadatasnapshot.backup;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RemoteBackupTests {

    private static final ClassLoader LOADER = RemoteBackupTests.class.getClassLoader();

    @TempDir
    private Path directory;

    private final AtomicInteger requests = new AtomicInteger();
    private final CountDownLatch finished = new CountDownLatch(1);
    private byte[] content = "SELECT 1;\n".getBytes(UTF_8);
    private HttpServer server;
    private Path cache;

    @BeforeEach
    void start() throws IOException {
        cache = directory.resolve("cache");
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newCachedThreadPool());
        server.createContext("/", this::answer);
        server.start();
    }

    @AfterEach
    void stop() {
        finished.countDown();
        server.stop(0);
    }

    private void answer(HttpExchange exchange) throws IOException {
        requests.incrementAndGet();
        String path = exchange.getRequestURI().getPath();
        if (path.startsWith("/status/")) {
            exchange.sendResponseHeaders(Integer.parseInt(path.substring(8)), -1);
        } else if (path.equals("/moved")) {
            exchange.getResponseHeaders().add("Location", "/backups/1.2.sql");
            exchange.sendResponseHeaders(302, -1);
        } else if (path.equals("/stalls") || path.equals("/breaks")) {
            exchange.sendResponseHeaders(200, 100);
            exchange.getResponseBody().write(content);
            exchange.getResponseBody().flush();
            if (path.equals("/stalls")) {
                try {
                    finished.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }
        } else {
            exchange.sendResponseHeaders(200, content.length);
            exchange.getResponseBody().write(content);
        }
        exchange.close();
    }

    private String url(String path) {
        return "http://localhost:" + server.getAddress().getPort() + path;
    }

    private String pinned(String path) {
        return url(path) + "#sha256=" + sha256(content);
    }

    private static String sha256(byte[] bytes) {
        Sha256 hash = new Sha256();
        hash.update(bytes, 0, bytes.length);
        return hash.hex();
    }

    private static byte[] read(Backup backup) throws IOException {
        try (InputStream in = backup.openRaw()) {
            return in.readAllBytes();
        }
    }

    @Test
    void isDownloadedOnce() throws IOException {
        content = new byte[3_000_000];
        new Random(1).nextBytes(content);

        Backup backup = Backup.locate(pinned("/backups/1.2.sql.gz?key=secret"), LOADER, cache);
        Backup again = Backup.locate(pinned("/backups/1.2.sql.gz"), LOADER, cache);

        assertThat(read(backup)).isEqualTo(content);
        assertThat(read(again)).isEqualTo(content);
        assertThat(requests).hasValue(1);
        assertThat(backup.name()).isEqualTo(url("/backups/1.2.sql.gz"));
        try (Stream<Path> files = Files.list(cache)) {
            assertThat(files)
                    .singleElement()
                    .satisfies(file -> assertThat(file.getFileName()).hasToString(sha256(content) + "-1.2.sql.gz"));
        }
    }

    @Test
    void isDownloadedOnceByManyThreads() {
        IntStream.range(0, 8).parallel().forEach(i -> Backup.locate(pinned("/x.sql"), LOADER, cache));
        assertThat(requests).hasValue(1);
    }

    @Test
    void isDownloadedAgainWhenItWasChangedInTheCache() throws IOException {
        Backup.locate(pinned("/x.sql"), LOADER, cache);
        try (Stream<Path> files = Files.list(cache)) {
            Files.writeString(files.findFirst().orElseThrow(), "something else");
        }
        assertThat(read(Backup.locate(pinned("/x.sql"), LOADER, cache))).isEqualTo(content);
        assertThat(requests).hasValue(2);
    }

    @Test
    void aCacheThatCannotBeWrittenToIsAnError() throws IOException {
        Files.writeString(cache, "no directory");

        assertThatThrownBy(() -> Backup.locate(pinned("/x.sql?key=secret"), LOADER, cache))
                .isInstanceOf(BackupException.class)
                .hasMessageStartingWith(url("/x.sql") + " cannot be kept in the cache " + cache
                        + ": java.nio.file.FileAlreadyExistsException: ")
                .hasMessageEndingWith(". Free some space there, or set another directory");
        assertThat(requests).hasValue(0);
    }

    @Test
    void followsARedirect() throws IOException {
        assertThat(read(Backup.locate(pinned("/moved"), LOADER, cache))).isEqualTo(content);
    }

    @Test
    void anotherFileThanWasPinnedIsAnError() {
        String pinned = "0123456789abcdef".repeat(4);
        assertThatThrownBy(() -> Backup.locate(url("/x.sql?key=secret") + "#sha256=" + pinned, LOADER, cache))
                .isInstanceOf(BackupException.class)
                .hasMessageContaining("is not the file that was pinned: it has the SHA-256 " + sha256(content))
                .hasMessageContaining("demands " + pinned)
                .hasMessageNotContaining("secret");
        assertThat(cache).isEmptyDirectory();
    }

    @ParameterizedTest
    @CsvSource({"403, A URL that was signed", "404, there is no such file", "500, the server answered 500"})
    void aStatusIsNamed(int status, String hint) {
        assertThatThrownBy(() -> Backup.locate(pinned("/status/" + status), LOADER, cache))
                .isInstanceOf(BackupException.class)
                .hasMessageContaining("cannot be downloaded: the server answered " + status)
                .hasMessageContaining(hint);
        assertThat(cache).isEmptyDirectory();
    }

    @Test
    void nobodyThereIsNamed() throws IOException {
        int port;
        try (ServerSocket socket = new ServerSocket(0)) {
            port = socket.getLocalPort();
        }
        assertThatThrownBy(
                        () -> Backup.locate("http://localhost:" + port + "/x#sha256=" + "0".repeat(64), LOADER, cache))
                .isInstanceOf(BackupException.class)
                .hasMessageContaining("cannot be downloaded: Connect")
                .hasMessageContaining("Is there a network");
    }

    @Test
    void aConnectionThatBreaksIsNamed() {
        assertThatThrownBy(() -> Backup.locate(pinned("/breaks"), LOADER, cache))
                .isInstanceOf(BackupException.class)
                .hasMessageContaining("cannot be downloaded: ");
        assertThat(cache).isEmptyDirectory();
    }

    @Test
    void aServerThatSendsNothingMoreIsNamed() {
        assertThatThrownBy(() -> RemoteBackup.of(pinned("/stalls"), cache, 1).file())
                .isInstanceOf(BackupException.class)
                .hasMessageContaining("sent nothing more for 1 seconds, after 10 bytes");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "#", "#sha256=12", "#md5=0123456789abcdef0123456789abcdef"})
    void withoutAHashIsAnError(String pin) {
        assertThatThrownBy(() -> Backup.locate("https://host.example/1.2.sql.gz?key=secret" + pin, LOADER, cache))
                .isInstanceOf(BackupException.class)
                .hasMessageContaining("The backup https://host.example/1.2.sql.gz is not pinned")
                .hasMessageContaining("https://host.example/1.2.sql.gz#sha256=<64 hexadecimal digits>")
                .hasMessageNotContaining("secret");
    }

    @Test
    void plainHttpIsForThisMachineOnly() {
        assertThatThrownBy(() -> Backup.locate("http://host.example/x#sha256=" + "0".repeat(64), LOADER, cache))
                .isInstanceOf(BackupException.class)
                .hasMessageContaining("use https");
    }

    @ParameterizedTest
    @ValueSource(strings = {"https:x", "https:///x", "https://host/a b"})
    void whatIsNoUrlIsAnError(String location) {
        assertThatThrownBy(() -> Backup.locate(location, LOADER, cache))
                .isInstanceOf(BackupException.class)
                .hasMessageContaining("is no URL");
    }
}
