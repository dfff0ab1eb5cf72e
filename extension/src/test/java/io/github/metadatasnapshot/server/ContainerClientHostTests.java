package io.github.metadatasnapshot.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.metadatasnapshot.testsupport.RequiresDocker;
import io.github.metadatasnapshot.testsupport.TakesTurns;
import io.github.metadatasnapshot.testsupport.TestServers;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.io.SequenceInputStream;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@RequiresDocker
@Timeout(value = 2, unit = TimeUnit.MINUTES)
@TakesTurns(of = 3)
class ContainerClientHostTests {

    private static final long MEGABYTE = 1024 * 1024;

    private final ByteArrayOutputStream output = new ByteArrayOutputStream();
    private final ByteArrayOutputStream errors = new ByteArrayOutputStream();

    @ParameterizedTest
    @CsvSource({
        "postgres:17, psql -v ON_ERROR_STOP=1 -h 127.0.0.1 -U postgres -d, PGPASSWORD",
        "mysql:9.7, mysql -h 127.0.0.1 -u root, MYSQL_PWD",
        "mariadb:11.8, mariadb -h 127.0.0.1 -u root, MYSQL_PWD"
    })
    void theEnginesClientReadsAScript(String image, String command, String passwordVariable) throws Exception {
        try (TestDatabase database = TestServers.container(image).createDatabase()) {
            int status = run(
                    image,
                    List.of((command + " " + database.name()).split(" ")),
                    Map.of(passwordVariable, database.password()),
                    text("CREATE TABLE t (name VARCHAR(20));\nINSERT INTO t VALUES ('Zoë');\n"));

            assertThat(errors.toString(UTF_8)).isEmpty();
            assertThat(status).isZero();
            assertThat(namesIn(database)).isEqualTo("Zoë");
        }
    }

    @Test
    void passesOnTheStatusAndBothStreams() throws Exception {
        int status = run(
                List.of("sh", "-c", "echo out; echo err >&2; printf %s \"$GREETING\"; exit 7"),
                Map.of("GREETING", "a b"));

        assertThat(status).isEqualTo(7);
        assertThat(output.toString(UTF_8)).isEqualTo("out\na b");
        assertThat(errors.toString(UTF_8)).isEqualTo("err\n");
    }

    @Test
    void leavesArgumentsAsTheyAre() throws Exception {
        run(List.of("printf", "%s|", "a b", "$HOME", "'\"\\", ""), Map.of());
        assertThat(output.toString(UTF_8)).isEqualTo("a b|$HOME|'\"\\||");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 65_535, 65_536, 1_048_575, 1_048_576, 1_048_577, 5_000_000})
    void passesOnEveryByte(int length) throws Exception {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);

        assertThat(run("postgres:17", List.of("cat"), Map.of(), new ByteArrayInputStream(bytes)))
                .isZero();
        assertThat(Arrays.equals(output.toByteArray(), bytes)).isTrue();
    }

    @Test
    void streams() throws Exception {
        assertThat(run("postgres:17", List.of("wc", "-c"), Map.of(), lines(300 * MEGABYTE)))
                .isZero();
        assertThat(output.toString(UTF_8).strip()).isEqualTo(Long.toString(300 * MEGABYTE));
    }

    @Test
    void takesManyErrorsInTheirOrder() throws Exception {
        run(List.of("sh", "-c", "seq 200000 >&2"), Map.of());
        assertThat(errors.toString(UTF_8))
                .startsWith("1\n2\n3\n")
                .endsWith("199999\n200000\n")
                .hasSize(1_288_895);
    }

    @Test
    void aClientMayEndBeforeItsInput() throws Exception {
        List<Throwable> uncaught = new CopyOnWriteArrayList<>();
        Thread.UncaughtExceptionHandler before = Thread.getDefaultUncaughtExceptionHandler();
        Thread.setDefaultUncaughtExceptionHandler((thread, e) -> uncaught.add(e));
        try {
            CountingInput input = new CountingInput(lines(1000 * MEGABYTE));
            int status = run("postgres:17", List.of("sh", "-c", "head -c 3; exit 3"), Map.of(), input);

            assertThat(status).isEqualTo(3);
            assertThat(output.toString(UTF_8)).isEqualTo("aaa");
            assertThat(input.count).isLessThan(20 * MEGABYTE);
            assertThat(uncaught).isEmpty();
        } finally {
            Thread.setDefaultUncaughtExceptionHandler(before);
        }
    }

    @Nested
    class Failures {

        @Test
        void aProgramThatTheContainerLacks() {
            assertThatThrownBy(() -> run("postgres:17", List.of("no-such-program"), Map.of(), lines(10 * MEGABYTE)))
                    .isInstanceOf(IOException.class)
                    .hasMessage("The container has no program no-such-program");
        }

        @Test
        void inputThatCannotBeReadIsNotTakenForItsEnd() throws Exception {
            try (TestDatabase database = TestServers.container("postgres:17").createDatabase()) {
                try (Connection connection = database.open()) {
                    connection.createStatement().execute("CREATE TABLE t (name VARCHAR(20))");
                }
                InputStream input = new SequenceInputStream(text("INSERT INTO t VALUES ('half');\n"), broken());

                assertThatThrownBy(() -> run(
                                "postgres:17",
                                List.of(
                                        "psql",
                                        "-h",
                                        "127.0.0.1",
                                        "-U",
                                        "postgres",
                                        "--single-transaction",
                                        "-d",
                                        database.name()),
                                Map.of("PGPASSWORD", database.password()),
                                input))
                        .isInstanceOf(IOException.class)
                        .hasMessage("the file is damaged");
                assertThatThrownBy(() -> run("postgres:17", List.of("cat"), Map.of(), broken()))
                        .hasMessage("the file is damaged");

                assertThat(namesIn(database)).isNull();
                assertThat(processes()).doesNotContain(database.name());
            }
        }

        @Test
        void outputThatNobodyTakes() {
            OutputStream full = new OutputStream() {
                @Override
                public void write(int b) throws IOException {
                    throw new IOException("the disk is full");
                }
            };
            assertThatThrownBy(() -> TestServers.container("postgres:17")
                            .clientHost()
                            .orElseThrow()
                            .run(List.of("yes"), Map.of(), InputStream.nullInputStream(), full, errors))
                    .isInstanceOf(IOException.class)
                    .hasMessage("the disk is full");
        }

        @Test
        void anInterruptionEndsTheClient() throws Exception {
            CountDownLatch started = new CountDownLatch(1);
            OutputStream tellsStart = new OutputStream() {
                @Override
                public void write(int b) {
                    started.countDown();
                }
            };
            CompletableFuture<Throwable> thrown = new CompletableFuture<>();
            Thread thread = new Thread(() -> {
                try {
                    TestServers.container("postgres:17")
                            .clientHost()
                            .orElseThrow()
                            .run(
                                    List.of("sh", "-c", "echo started; exec sleep 98765"),
                                    Map.of(),
                                    lines(100 * MEGABYTE),
                                    tellsStart,
                                    errors);
                } catch (IOException e) {
                    thrown.complete(e);
                }
            });
            thread.start();
            started.await();
            thread.interrupt();

            assertThat(thrown.get()).isInstanceOf(InterruptedIOException.class);
            assertThat(processes()).doesNotContain("98765");
        }

        @Test
        void aClientThatIsKilled() {
            // Not PostgreSQL, which would start anew for it.
            assertThatThrownBy(() -> run(
                            "mariadb:11.8",
                            List.of("sh", "-c", "kill -KILL 0"),
                            Map.of(),
                            InputStream.nullInputStream()))
                    .isInstanceOf(IOException.class)
                    .hasMessage("The container stopped, or sh was killed in it, before sh ended");
        }

        @Test
        void aContainerThatHasStopped() {
            DatabaseServer server = ContainerServer.start(ServerSpec.parse("postgres:17"), ServerStorage.DISK);
            ClientHost host = server.clientHost().orElseThrow();
            server.close();
            assertThatThrownBy(() -> host.run(List.of("true"), Map.of(), InputStream.nullInputStream(), output, errors))
                    .isInstanceOf(IOException.class)
                    .hasMessageStartingWith("true could not be run in the container: ");
        }
    }

    private int run(List<String> command, Map<String, String> environment) throws IOException {
        return run("postgres:17", command, environment, InputStream.nullInputStream());
    }

    private int run(String image, List<String> command, Map<String, String> environment, InputStream input)
            throws IOException {
        return TestServers.container(image).clientHost().orElseThrow().run(command, environment, input, output, errors);
    }

    private String processes() throws IOException {
        output.reset();
        run(List.of("sh", "-c", "cat /proc/[0-9]*/cmdline | tr '\\0' ' '"), Map.of());
        return output.toString(UTF_8);
    }

    private static String namesIn(TestDatabase database) throws SQLException {
        try (Connection connection = database.open();
                var rows = connection.createStatement().executeQuery("SELECT max(name) FROM t")) {
            rows.next();
            return rows.getString(1);
        }
    }

    private static InputStream text(String text) {
        return new ByteArrayInputStream(text.getBytes(UTF_8));
    }

    private static InputStream broken() {
        return new InputStream() {
            @Override
            public int read() throws IOException {
                throw new IOException("the file is damaged");
            }

            @Override
            public int read(byte[] target, int offset, int size) throws IOException {
                throw new IOException("the file is damaged");
            }
        };
    }

    private static InputStream lines(long length) {
        return new InputStream() {
            private long left = length;

            @Override
            public int read() {
                return left-- > 0 ? 'a' : -1;
            }

            @Override
            public int read(byte[] target, int offset, int size) {
                if (left <= 0) {
                    return -1;
                }
                int count = (int) Math.min(size, left);
                Arrays.fill(target, offset, offset + count, (byte) 'a');
                left -= count;
                return count;
            }
        };
    }

    private static final class CountingInput extends FilterInputStream {

        private long count;

        CountingInput(InputStream input) {
            super(input);
        }

        @Override
        public int read(byte[] target, int offset, int size) throws IOException {
            int read = super.read(target, offset, size);
            count += Math.max(read, 0);
            return read;
        }
    }
}
