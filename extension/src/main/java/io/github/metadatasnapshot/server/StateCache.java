package io.github.metadatasnapshot.server;

import com.github.luben.zstd.ZstdInputStream;
import com.github.luben.zstd.ZstdOutputStream;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Prepared databases that a run leaves for the next one: for each server a file with its data directory, taken when it had
 * been shut down. A file gets its name once it is complete, so that builds may use the same directory at once; the last one
 * wins.
 *
 * @param directory where the files are
 * @param mostBytes how much they may take together, before those that were not used for longest are deleted
 */
public record StateCache(Path directory, long mostBytes) {

    private static final System.Logger LOGGER = System.getLogger("io.github.metadatasnapshot");
    private static final String FORMAT = "metadata snapshot 1";
    private static final String SUFFIX = ".states";
    private static final String PART_SUFFIX = ".part";
    private static final Duration LONGEST_WRITE = Duration.ofHours(6);

    /** A file of the cache that has been opened: the data directory is read from it, to the end. */
    record Entry(List<CachedState> states, InputStream data) implements AutoCloseable {

        @Override
        public void close() throws IOException {
            data.close();
        }
    }

    /** Writes a data directory. */
    interface Data {
        void write(OutputStream out) throws IOException;
    }

    private Path file(String server) {
        return directory.resolve(server + SUFFIX);
    }

    /** Opens what there is for a server; what cannot be read is deleted. */
    Optional<Entry> open(String server) {
        Path file = file(server);
        InputStream in = null;
        try {
            in = new BufferedInputStream(Files.newInputStream(file));
            DataInputStream data = new DataInputStream(new BufferedInputStream(new ZstdInputStream(in)));
            String format = data.readUTF();
            if (!format.equals(FORMAT) || !data.readUTF().equals(server)) {
                throw new IOException("it says that it is of another server");
            }
            List<CachedState> states = new ArrayList<>();
            for (int left = data.readInt(); left > 0; left--) {
                states.add(CachedState.read(data));
            }
            Files.setLastModifiedTime(file, FileTime.from(Instant.now()));
            return Optional.of(new Entry(states, data));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            closeQuietly(in);
            discard(server, String.valueOf(e.getMessage()));
            return Optional.empty();
        }
    }

    private static void closeQuietly(@Nullable InputStream in) {
        try {
            if (in != null) {
                in.close();
            }
        } catch (IOException e) {
            LOGGER.log(Level.DEBUG, "A file could not be closed", e);
        }
    }

    /** Deletes what there is for a server. */
    void discard(String server, String reason) {
        LOGGER.log(
                Level.WARNING,
                "The cached databases in {0} are of no use and are deleted; they are prepared anew: {1}",
                file(server),
                reason);
        delete(file(server));
    }

    /** Writes what there is for a server from now on. Never throws: what goes wrong is logged. */
    void save(String server, Collection<CachedState> states, Data data) {
        Path part = null;
        try {
            Files.createDirectories(directory);
            part = Files.createTempFile(directory, server, PART_SUFFIX);
            write(part, server, states, data);
            long bytes = Files.size(part);
            if (bytes > mostBytes) {
                LOGGER.log(
                        Level.WARNING,
                        "{0} prepared databases take {1} MB in the cache {2}, which may hold {3} MB: they are not kept",
                        states.size(),
                        megabytes(bytes),
                        directory,
                        megabytes(mostBytes));
                delete(part);
                return;
            }
            Files.move(part, file(server), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            makeRoom();
        } catch (IOException | RuntimeException e) {
            LOGGER.log(
                    Level.WARNING,
                    "Prepared databases could not be written into the cache {0}: {1}",
                    directory,
                    Docker.rootMessage(e));
            if (part != null) {
                delete(part);
            }
        }
    }

    private static String megabytes(long bytes) {
        return Long.toString((bytes + (1 << 20) - 1) >> 20);
    }

    private static void write(Path file, String server, Collection<CachedState> states, Data data) throws IOException {
        try (ZstdOutputStream compressed =
                new ZstdOutputStream(new BufferedOutputStream(Files.newOutputStream(file)), 1)) {
            // By which a damaged file is told when it is read.
            compressed.setChecksum(true);
            DataOutputStream out = new DataOutputStream(new BufferedOutputStream(compressed));
            out.writeUTF(FORMAT);
            out.writeUTF(server);
            out.writeInt(states.size());
            for (CachedState state : states) {
                state.write(out);
            }
            data.write(out);
            out.flush();
        }
    }

    private void makeRoom() throws IOException {
        List<Path> files;
        try (Stream<Path> all = Files.list(directory)) {
            files = all.toList();
        }
        files.stream()
                .filter(file -> file.toString().endsWith(PART_SUFFIX))
                .filter(file -> lastUse(file).toInstant().isBefore(Instant.now().minus(LONGEST_WRITE)))
                .forEach(StateCache::delete);
        long bytes = 0;
        for (Path file : files.stream()
                .filter(file -> file.toString().endsWith(SUFFIX))
                .sorted(Comparator.comparing(StateCache::lastUse).reversed())
                .toList()) {
            bytes += size(file);
            if (bytes > mostBytes) {
                LOGGER.log(Level.INFO, "{0} is deleted, as the cache may hold {1} MB", file, megabytes(mostBytes));
                delete(file);
            }
        }
    }

    // Another build may delete a file at any time.

    private static FileTime lastUse(Path file) {
        try {
            return Files.getLastModifiedTime(file);
        } catch (IOException e) {
            return FileTime.fromMillis(0);
        }
    }

    private static long size(Path file) {
        try {
            return Files.size(file);
        } catch (IOException e) {
            return 0;
        }
    }

    private static void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            LOGGER.log(Level.WARNING, "{0} could not be deleted: {1}", file, e.getMessage());
        }
    }
}
