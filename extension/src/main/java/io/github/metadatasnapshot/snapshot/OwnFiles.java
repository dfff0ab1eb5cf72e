package io.github.metadatasnapshot.snapshot;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Files of a run in a directory of this user's own, since they hold what the product's databases hold. They are deleted in
 * the end. Safe for use by several threads.
 */
final class OwnFiles implements AutoCloseable {

    private static final System.Logger LOGGER = System.getLogger("io.github.metadatasnapshot");

    private final List<Path> files = new ArrayList<>();
    private @Nullable Path directory;

    /** {@return the name of a new file, which is not there yet} */
    synchronized Path next() {
        try {
            if (directory == null) {
                directory = Files.createTempDirectory("metadata-snapshot");
                directory.toFile().deleteOnExit();
            }
            Path file = directory.resolve(files.size() + ".sql.zst");
            // Where the run is ended before it is closed. What is registered last is deleted first.
            file.toFile().deleteOnExit();
            files.add(file);
            return file;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Deletes the files. Never throws: what goes wrong is logged. */
    @Override
    public synchronized void close() {
        try {
            for (Path file : files) {
                Files.deleteIfExists(file);
            }
            if (directory != null) {
                Files.deleteIfExists(directory);
            }
        } catch (IOException e) {
            LOGGER.log(System.Logger.Level.WARNING, "The dumps in {0} could not be deleted: {1}", directory, e);
        }
    }
}
