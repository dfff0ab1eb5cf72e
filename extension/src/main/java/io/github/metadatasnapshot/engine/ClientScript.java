package io.github.metadatasnapshot.engine;

import java.util.List;

/**
 * What a client in the server's container is to do.
 *
 * @param command the command and its arguments, the password not among them
 * @param input what it reads from its standard input
 */
public record ClientScript(List<String> command, String input) {

    /** Copies the command. */
    public ClientScript {
        command = List.copyOf(command);
    }
}
