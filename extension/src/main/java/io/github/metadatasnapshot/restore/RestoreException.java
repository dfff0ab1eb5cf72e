package io.github.metadatasnapshot.restore;

import org.jspecify.annotations.Nullable;

/** A restore cannot be tried, or its database cannot be looked at. A restore that fails is no such error. */
public class RestoreException extends RuntimeException {

    private static final long serialVersionUID = 1;

    /**
     * Creates an exception.
     *
     * @param message what failed, and the way out
     * @param cause the cause, {@code null} where there is none
     */
    public RestoreException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
