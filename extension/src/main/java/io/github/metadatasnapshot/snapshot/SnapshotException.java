package io.github.metadatasnapshot.snapshot;

import org.jspecify.annotations.Nullable;

/** A database cannot be brought to the state that a test starts from, or a frozen shape cannot be read or written. */
public class SnapshotException extends RuntimeException {

    private static final long serialVersionUID = 1;

    /**
     * Creates an exception.
     *
     * @param message what failed, and the way out
     * @param cause the cause, {@code null} where there is none
     */
    public SnapshotException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
