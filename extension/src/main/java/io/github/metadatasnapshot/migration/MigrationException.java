package io.github.metadatasnapshot.migration;

import org.jspecify.annotations.Nullable;

/** A migration cannot be tried at all: its target, its files or its configuration are wrong. */
public class MigrationException extends RuntimeException {

    private static final long serialVersionUID = 1;

    /**
     * Creates an exception.
     *
     * @param message what is wrong, and the way out
     * @param cause the cause, {@code null} where there is none
     */
    public MigrationException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
