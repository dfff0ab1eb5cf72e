package io.github.metadatasnapshot.server;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.Map;

/** A place where the engine's own client tools run, beside the server: its container. */
public interface ClientHost {

    /**
     * Runs a command until it ends.
     *
     * @param command the command and its arguments, never a password among them
     * @param environment variables for the command, such as the password
     * @param input what the command reads from its standard input, streamed; the end of the stream is passed on
     * @param output takes what the command prints
     * @param errors takes what the command prints as errors
     * @return the exit status
     * @throws IOException if the command cannot be run, or {@code input} cannot be read
     */
    int run(
            List<String> command,
            Map<String, String> environment,
            InputStream input,
            OutputStream output,
            OutputStream errors)
            throws IOException;
}
