package io.github.metadatasnapshot.server;

import io.github.metadatasnapshot.engine.ClientAccess;
import io.github.metadatasnapshot.engine.ClientMode;
import io.github.metadatasnapshot.engine.Engine;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * An engine's client tools.
 *
 * @param host where they run
 * @param access how they reach the server from there
 */
public record ClientTools(ClientHost host, ClientAccess access) {

    /**
     * Runs a tool until it ends.
     *
     * @param command the tool and its arguments, made for {@link #access}
     * @param engine the engine
     * @param password the user's password, which the tool takes by a variable
     * @param input what the tool reads, streamed
     * @param output takes what it prints
     * @param errors takes what it prints as errors
     * @return the exit status
     * @throws IOException if it cannot be run, or {@code input} cannot be read
     */
    public int run(
            List<String> command,
            Engine engine,
            String password,
            InputStream input,
            OutputStream output,
            OutputStream errors)
            throws IOException {
        Map<String, String> environment = new TreeMap<>(access.environment());
        environment.put(engine.passwordVariable(), password);
        return host.run(command, environment, input, output, errors);
    }

    /**
     * Logs in by the client.
     *
     * @param engine the engine
     * @param user the user
     * @param password the user's password
     * @param database the database
     * @return what the client says where it fails; empty where it reaches the server
     */
    Optional<String> whyNoLogin(Engine engine, String user, String password, String database) {
        List<String> command = engine.clientCommand(ClientMode.STRICT, access, user, database);
        ByteArrayOutputStream errors = new ByteArrayOutputStream();
        try {
            int status = run(
                    command,
                    engine,
                    password,
                    new ByteArrayInputStream("SELECT 1;\n".getBytes(StandardCharsets.US_ASCII)),
                    OutputStream.nullOutputStream(),
                    errors);
            return status == 0
                    ? Optional.empty()
                    : Optional.of(command.get(0) + " says: "
                            + errors.toString(StandardCharsets.UTF_8).strip());
        } catch (IOException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }
}
