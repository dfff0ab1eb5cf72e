package io.github.metadatasnapshot.backup;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** Where a backup is captured to: a file, or an object in S3. Its text is its location. */
public interface CaptureTarget {

    /**
     * Returns the place that a location names.
     *
     * @param location as in {@link Backup#locate(String, ClassLoader)}, but no URL of the web
     * @param resources the directory whose files come to the class path
     * @param cache where an object is kept when it is read again, empty for the default
     * @param s3 how object storage is reached
     * @return the place
     * @throws BackupException if the location is none of S3, though it begins with {@code s3:}, or has a pin
     */
    static CaptureTarget of(String location, Path resources, Optional<Path> cache, S3Settings s3) {
        return S3Location.isS3(location)
                ? new S3Target(S3Location.of(location).writable(), cache, s3)
                : new FileTarget(Backup.target(location, resources));
    }

    /**
     * Looks whether something is there.
     *
     * @return whether there is
     * @throws BackupException if object storage does not tell
     */
    boolean exists();

    /**
     * Captures a backup, and leaves one alone that is there.
     *
     * @param capture captures it
     * @param replace whether one that is there is replaced
     * @return whether it was captured; not where another process has done so meanwhile
     * @throws BackupException as in {@link SnapshotCapture#to(Path)}
     * @throws IOException if it cannot be written
     */
    boolean capture(SnapshotCapture capture, boolean replace) throws IOException;

    /** {@return the backup that is there} */
    Backup backup();

    /** {@return what tells it from any other} */
    String key();
}
