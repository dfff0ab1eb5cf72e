package io.github.metadatasnapshot.restore;

import io.github.metadatasnapshot.engine.Engine;
import io.github.metadatasnapshot.server.ClientHost;
import io.github.metadatasnapshot.server.ClientTools;
import io.github.metadatasnapshot.server.TestDatabase;
import java.io.IOException;
import java.util.List;

/**
 * The product's own command, run in the server's container: it reads the backup's statements from its standard input and
 * reports success by exit status 0. What it prints to standard error is searched for the errors of the engine's client.
 *
 * <p>In its arguments <code>{user}</code>, <code>{database}</code>, <code>{host}</code> and <code>{port}</code> stand for
 * those of the database. The password is in the variable that the engine's client reads, {@code PGPASSWORD} or {@code
 * MYSQL_PWD}. For an annotation, a class of one's own calls it:
 *
 * <pre>{@code
 * class OurRestore implements RestoreProcedure {
 *     public ClientReport run(RestoreAttempt attempt) throws IOException {
 *         return ContainerCommand.of("/opt/product/restore.sh", "{database}").run(attempt);
 *     }
 * }
 * }</pre>
 *
 * @param command the program and its arguments
 */
public record ContainerCommand(List<String> command) implements RestoreProcedure {

    /**
     * Copies the command.
     *
     * @throws IllegalArgumentException if it is empty, or holds <code>{password}</code>
     */
    public ContainerCommand {
        command = List.copyOf(command);
        if (command.isEmpty() || command.get(0).isBlank()) {
            throw new IllegalArgumentException("Which command restores the backup? ContainerCommand was given none");
        }
        if (command.stream().anyMatch(argument -> argument.contains("{password}"))) {
            throw new IllegalArgumentException(
                    "ContainerCommand passes no password as an argument, where all could read"
                            + " it: the command finds it in the variable PGPASSWORD (PostgreSQL) or MYSQL_PWD (MySQL, MariaDB)");
        }
    }

    /**
     * Creates the procedure.
     *
     * @param command the program and its arguments
     * @return the procedure
     * @throws IllegalArgumentException as of the constructor
     */
    public static ContainerCommand of(String... command) {
        return new ContainerCommand(List.of(command));
    }

    /**
     * Restores a backup.
     *
     * @throws RestoreException if the server runs in no container
     * @throws IOException if the container has no such program, or the backup cannot be read
     */
    @Override
    public ClientReport run(RestoreAttempt attempt) throws IOException {
        TestDatabase target = attempt.target();
        Engine engine = target.engine();
        ClientHost host = target.server()
                .clientHost()
                .orElseThrow(() -> new RestoreException(
                        this + " runs in the server's container, and " + target.server()
                                + " has none: run the server in one, or restore by JdbcLoad",
                        null));
        List<String> filledIn = command.stream()
                .map(argument -> argument.replace("{user}", target.user())
                        .replace("{database}", target.name())
                        .replace("{host}", "127.0.0.1")
                        .replace("{port}", String.valueOf(engine.port())))
                .toList();
        return EngineClient.byCommand(attempt, new ClientTools(host, engine.accessBeside()), filledIn);
    }

    /** {@return the command as it was given} */
    @Override
    public String toString() {
        return "ContainerCommand " + String.join(" ", command);
    }
}
