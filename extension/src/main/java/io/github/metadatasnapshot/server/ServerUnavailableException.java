package io.github.metadatasnapshot.server;

import org.jspecify.annotations.Nullable;

/**
 * The database server that a test asks for cannot run here: nothing is broken, something is not there, such as a Docker
 * engine. The message lists each place that was tried, why not, and the way out.
 */
public class ServerUnavailableException extends ServerException {

    private static final long serialVersionUID = 1;

    /**
     * Creates an exception.
     *
     * @param message what is not there, and the way out
     * @param cause the cause, {@code null} where there is none
     */
    public ServerUnavailableException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
