package io.github.metadatasnapshot.backup;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Downloaded backups, kept in a directory under the SHA-256 of their content. It is checked when a file is first used in a
 * run: one that was changed is downloaded again.
 */
final class DownloadCache {

    /** Writes a file. */
    interface Download {

        /**
         * Downloads.
         *
         * @param part the file, which is not there yet
         * @throws BackupException if it cannot be downloaded
         * @throws IOException if {@code part} cannot be written
         */
        void to(Path part) throws IOException;
    }

    private static final System.Logger LOGGER = System.getLogger("io.github.metadatasnapshot");

    private static final int BLOCK_BYTES = 1 << 16;
    private static final int LONGEST_NAME = 100;

    /** Files whose hash was found right in this run, by what tells that they were changed. */
    private static final Map<String, String> VERIFIED = new ConcurrentHashMap<>();

    /** One at a time for each hash or mark: tests that start together want the same file. */
    private static final Map<String, Object> LOCKS = new ConcurrentHashMap<>();

    private final Path directory;

    DownloadCache(Path directory) {
        this.directory = directory;
    }

    /** {@return the directory, for messages} */
    Path directory() {
        return directory;
    }

    /**
     * Returns the file of a hash, and downloads it where it is not here.
     *
     * @param sha256 the hash, in hexadecimal digits
     * @param name the location for messages, without what may be a key to it
     * @param download downloads it
     * @throws BackupException if it cannot be downloaded or kept, or has another hash
     */
    Path ofHash(String sha256, String name, Download download) {
        Path file = file(sha256, name);
        synchronized (LOCKS.computeIfAbsent(sha256, key -> new Object())) {
            try {
                if (!isVerified(file, sha256, name)) {
                    add(name, download, sha256);
                }
                return file;
            } catch (IOException e) {
                throw notKept(name, e);
            }
        }
    }

    /**
     * Returns the file of a mark that stands for one content, and downloads it where it is not here. Its hash is noted beside
     * it.
     *
     * @param mark what tells it from any other, as a file may be named
     * @param name the location for messages
     * @param download downloads it
     * @throws BackupException if it cannot be downloaded or kept
     */
    Path ofMark(String mark, String name, Download download) {
        Path noted = directory.resolve(mark + ".sha256");
        synchronized (LOCKS.computeIfAbsent(mark, key -> new Object())) {
            try {
                String sha256 = Files.exists(noted) ? Files.readString(noted) : "";
                if (sha256.matches("[0-9a-f]{64}")) {
                    return ofHash(sha256, name, download);
                }
                String found = add(name, download, "");
                Files.writeString(noted, found, UTF_8);
                return file(found, name);
            } catch (IOException e) {
                throw notKept(name, e);
            }
        }
    }

    private BackupException notKept(String name, IOException cause) {
        return new BackupException(
                name + " cannot be kept in the cache " + directory + ": " + cause
                        + ". Free some space there, or set another directory",
                cause);
    }

    private Path file(String sha256, String name) {
        String last = name.substring(name.lastIndexOf('/') + 1).replaceAll("[^A-Za-z0-9._-]", "_");
        return directory.resolve(sha256 + "-" + last.substring(Math.max(0, last.length() - LONGEST_NAME)));
    }

    private static boolean isVerified(Path file, String sha256, String name) throws IOException {
        if (!Files.isRegularFile(file)) {
            return false;
        }
        String state = state(file);
        if (state.equals(VERIFIED.get(file.toString()))) {
            return true;
        }
        if (!hash(file).equals(sha256)) {
            LOGGER.log(
                    System.Logger.Level.WARNING,
                    "{0} was changed in the cache {1}: it is downloaded again",
                    name,
                    file);
            return false;
        }
        VERIFIED.put(file.toString(), state);
        return true;
    }

    private static String state(Path file) throws IOException {
        return Files.size(file) + " " + Files.getLastModifiedTime(file);
    }

    private static String hash(Path file) throws IOException {
        Sha256 hash = new Sha256();
        byte[] block = new byte[BLOCK_BYTES];
        try (InputStream in = Files.newInputStream(file)) {
            for (int count = in.read(block); count >= 0; count = in.read(block)) {
                hash.update(block, 0, count);
            }
        }
        return hash.hex();
    }

    /** Downloads a file, and returns its hash; it must be the one demanded, unless that is empty. */
    private String add(String name, Download download, String demanded) throws IOException {
        Files.createDirectories(directory);
        LOGGER.log(System.Logger.Level.INFO, "Downloading {0}", name);
        Path part = directory.resolve(UUID.randomUUID() + ".part");
        try {
            download.to(part);
            String found = hash(part);
            if (!demanded.isEmpty() && !found.equals(demanded)) {
                throw new BackupException(name + " is not the file that was pinned: it has the SHA-256 " + found
                        + " and " + Files.size(part) + " bytes, the location demands " + demanded
                        + ". It was replaced or damaged; where the new one is meant, pin its hash");
            }
            Path file = file(found, name);
            try {
                Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            } catch (AtomicMoveNotSupportedException e) {
                Files.move(part, file, StandardCopyOption.REPLACE_EXISTING);
            }
            VERIFIED.put(file.toString(), state(file));
            return found;
        } finally {
            Files.deleteIfExists(part);
        }
    }
}
