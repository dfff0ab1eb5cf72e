package io.github.metadatasnapshot.report;

import org.jspecify.annotations.Nullable;

/** A report cannot be read, written or merged. The message names the files and says what to do. */
public class ReportException extends RuntimeException {

    private static final long serialVersionUID = 1;

    /**
     * Creates an exception.
     *
     * @param message what is wrong with which file, and the way out
     */
    public ReportException(String message) {
        super(message);
    }

    /**
     * Creates an exception with a cause.
     *
     * @param message what is wrong with which file, and the way out
     * @param cause the cause, {@code null} where there is none
     */
    public ReportException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
