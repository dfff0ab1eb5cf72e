package io.github.metadatasnapshot.server;

import org.jspecify.annotations.Nullable;

/** A database server cannot be started, reached or used. The message says why, and what to do. */
public class ServerException extends RuntimeException {

    private static final long serialVersionUID = 1;

    /**
     * Creates an exception.
     *
     * @param message what failed, why, and the way out
     * @param cause the cause, {@code null} where there is none
     */
    public ServerException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
