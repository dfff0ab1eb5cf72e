package io.github.metadatasnapshot.backup;

import java.nio.file.Path;
import java.util.Optional;

/**
 * An object that a backup is captured to.
 *
 * @param location its place, without a pin
 * @param cache where it is kept when it is read again, empty for the default
 * @param s3 how object storage is reached
 */
record S3Target(S3Location location, Optional<Path> cache, S3Settings s3) implements CaptureTarget {

    @Override
    public boolean exists() {
        try (S3Store store = s3.open(location)) {
            return store.look().isPresent();
        }
    }

    @Override
    public boolean capture(SnapshotCapture capture, boolean replace) {
        return capture.to(location, s3, replace).isPresent();
    }

    @Override
    public Backup backup() {
        return Backup.ofS3(location, cache, s3);
    }

    @Override
    public String key() {
        return location.name();
    }

    @Override
    public String toString() {
        return location.name();
    }
}
