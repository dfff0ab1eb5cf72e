package io.github.metadatasnapshot.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.metadatasnapshot.testsupport.Logs;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.logging.Level;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StateCacheTests {

    private static final int MEGABYTE = 1 << 20;

    @TempDir
    private Path directory;

    private StateCache cache;

    @BeforeEach
    void createCache() {
        cache = new StateCache(directory, 5 * MEGABYTE);
    }

    /** Bytes that cannot be compressed. */
    private static byte[] data(int seed, int bytes) {
        byte[] data = new byte[bytes];
        new Random(seed).nextBytes(data);
        return data;
    }

    private void save(String server, int seed, int bytes) {
        CachedState state = new CachedState(
                "key", "database" + seed, "contents", new TreeSet<>(List.of("a", "b")), new TreeSet<>(List.of("a")), 7);
        cache.save(server, List.of(state), out -> out.write(data(seed, bytes)));
    }

    private Path file(String server) {
        return directory.resolve(server + ".states");
    }

    private List<String> files() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    private void usedBefore(Path file, int seconds) throws IOException {
        Files.setLastModifiedTime(file, FileTime.from(Instant.now().minusSeconds(seconds)));
    }

    @Test
    void whatWasSavedIsThere() throws IOException {
        assertThat(cache.open("one")).isEmpty();
        save("one", 1, MEGABYTE);

        try (StateCache.Entry entry = cache.open("one").orElseThrow()) {
            assertThat(entry.states()).singleElement().satisfies(state -> {
                assertThat(state.database()).isEqualTo("database1");
                assertThat(state.roles()).containsExactly("a", "b");
                assertThat(state.created()).containsExactly("a");
                assertThat(state.lastUse()).isEqualTo(7);
            });
            assertThat(entry.data().readAllBytes()).isEqualTo(data(1, MEGABYTE));
        }
        assertThat(cache.open("other")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"0, Unknown frame descriptor", "10, Data corruption detected"})
    void aDamagedFileIsDeletedAndToldOf(int place, String reason) throws IOException {
        save("one", 1, 10);
        try (RandomAccessFile content = new RandomAccessFile(file("one").toFile(), "rw")) {
            content.seek(place);
            content.write(new byte[] {-1, -1, -1, -1, -1, -1});
        }
        assertThat(Logs.of(Level.WARNING, () -> assertThat(cache.open("one")).isEmpty()))
                .containsExactly("The cached databases in " + file("one")
                        + " are of no use and are deleted; they are prepared anew: " + reason);
        assertThat(files()).isEmpty();
    }

    @Test
    void aFileThatWasRenamedIsDeletedAndToldOf() throws IOException {
        save("one", 1, 10);
        Files.move(file("one"), file("other"));
        assertThat(Logs.of(Level.WARNING, () -> assertThat(cache.open("other")).isEmpty()))
                .containsExactly(
                        "The cached databases in " + file("other")
                                + " are of no use and are deleted; they are prepared anew: it says that it is of another server");
        assertThat(files()).isEmpty();
    }

    @Test
    void aStateIsHandedOutOnce() {
        CacheSlot slot = new CacheSlot(cache, "server");
        slot.found(List.of(new CachedState("key", "database", "contents", new TreeSet<>(), new TreeSet<>(), 7)));

        assertThat(slot.use("key")).isPresent();
        assertThat(slot.use("key")).isEmpty();
        assertThat(slot.use("another")).isEmpty();
    }

    @Test
    void whoeverReadsWhileOthersWriteGetsAWholeFile() throws Exception {
        save("one", 0, MEGABYTE);
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            List<Callable<Boolean>> all = new ArrayList<>();
            for (int i = 1; i <= 20; i++) {
                int seed = i;
                all.add(() -> {
                    save("one", seed, MEGABYTE);
                    return true;
                });
                all.add(() -> {
                    try (StateCache.Entry entry = cache.open("one").orElseThrow()) {
                        int of = Integer.parseInt(
                                entry.states().get(0).database().substring("database".length()));
                        assertThat(entry.data().readAllBytes()).isEqualTo(data(of, MEGABYTE));
                        return true;
                    }
                });
            }
            for (Future<Boolean> each : threads.invokeAll(all)) {
                assertThat(each.get()).isTrue();
            }
        } finally {
            threads.shutdownNow();
        }
        assertThat(files()).containsExactly("one.states");
    }

    @Test
    void theFileThatWasNotUsedForLongestMakesRoom() throws IOException {
        save("one", 1, 2 * MEGABYTE);
        save("other", 2, 2 * MEGABYTE);
        usedBefore(file("one"), 200);
        usedBefore(file("other"), 100);
        Path abandoned = Files.write(directory.resolve("third.part"), new byte[1]);
        Files.write(directory.resolve("running.part"), new byte[1]);
        usedBefore(abandoned, 24 * 60 * 60);
        cache.open("one").orElseThrow().close();

        assertThat(Logs.of(Level.INFO, () -> save("third", 3, 2 * MEGABYTE)))
                .containsExactly(file("other") + " is deleted, as the cache may hold 5 MB");
        assertThat(files()).containsExactly("one.states", "running.part", "third.states");
    }

    @Test
    void whatIsLargerThanTheCacheIsNotKept() throws IOException {
        save("one", 1, MEGABYTE);
        assertThat(Logs.of(Level.WARNING, () -> save("other", 2, 6 * MEGABYTE)))
                .containsExactly("1 prepared databases take 7 MB in the cache " + directory
                        + ", which may hold 5 MB: they are not kept");
        assertThat(files()).containsExactly("one.states");
    }

    @Test
    void whatCannotBeWrittenIsToldAndLeavesNothing() throws IOException {
        save("one", 1, MEGABYTE);
        assertThat(Logs.of(
                        Level.WARNING,
                        () -> cache.save("one", List.of(), out -> {
                            throw new IOException("No space left on device");
                        })))
                .containsExactly("Prepared databases could not be written into the cache " + directory
                        + ": No space left on device");
        assertThat(cache.open("one").map(StateCache.Entry::states).map(List::size))
                .isEqualTo(Optional.of(1));
        assertThat(files()).containsExactly("one.states");
    }
}
