package io.github.metadatasnapshot.backup;

import org.jspecify.annotations.Nullable;

/**
 * A backup is missing, damaged, of another engine, or holds what must not run in a test's database. The message names
 * the file, the line and the statement where there are any, and says what to do.
 */
public class BackupException extends RuntimeException {

    private static final long serialVersionUID = 1;

    /**
     * Creates an exception.
     *
     * @param message what is wrong with which file, why, and the way out
     */
    public BackupException(String message) {
        super(message);
    }

    /**
     * Creates an exception with a cause.
     *
     * @param message what is wrong with which file, why, and the way out
     * @param cause the cause, {@code null} where there is none
     */
    public BackupException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
