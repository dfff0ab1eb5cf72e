package io.github.metadatasnapshot.backup;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;

/**
 * A file that a backup is captured to.
 *
 * @param file the file
 */
record FileTarget(Path file) implements CaptureTarget {

    @Override
    public boolean exists() {
        return Files.exists(file);
    }

    @Override
    public boolean capture(SnapshotCapture capture, boolean replace) throws IOException {
        if (replace) {
            capture.to(file);
            return true;
        }
        Path whole = file.toAbsolutePath();
        Path beside = whole.resolveSibling(UUID.randomUUID() + "-" + whole.getFileName());
        try {
            capture.to(beside);
            Files.move(beside, whole);
            return true;
        } catch (FileAlreadyExistsException e) {
            return false;
        } finally {
            Files.deleteIfExists(beside);
        }
    }

    @Override
    public Backup backup() {
        return Backup.of(file);
    }

    @Override
    public String key() {
        return file.toAbsolutePath().normalize().toString();
    }

    @Override
    public String toString() {
        return file.toString();
    }
}
