package io.github.metadatasnapshot.server;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.exception.DockerException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * Runs commands inside a container, by {@code docker exec} through docker-java.
 *
 * <p>docker-java cannot end a command's standard input: it never closes its half of the connection, so that {@code psql}
 * would wait for ever. Hence the input travels in {@linkplain FramedInput frames}, which a script in the container takes
 * apart again and whose last one ends the command's input. The script needs {@code sh}, {@code dd} and {@code sed}, which
 * every image of a database server holds.
 */
final class ContainerClientHost implements ClientHost {

    /** In the environment of all processes of a run, by which they are found when they must be killed. */
    private static final String RUN_VARIABLE = "METADATA_SNAPSHOT_RUN";

    /**
     * Runs the command {@code $2…} with the input that the frames hold, and prints its exit status after the mark {@code
     * $1} to standard error. Then reads on to the line that repeats the mark: a command may end before its input does,
     * and docker-java prints a stack trace where it can't get rid of what it has begun to send.
     *
     * <p>An end of the connection before the last frame means that this JVM has died. The command must not take it for
     * the end of its input, and commit: the script kills its process group, which Docker makes for each {@code exec}.
     */
    private static final String SCRIPT = """
            end=$1
            shift
            if command -v "$1" >/dev/null 2>&1; then
              {
                while read -r size count; do
                  [ "$size" != 0 ] || exit 0
                  dd bs="$size" count="$count" iflag=fullblock 2>/dev/null || exit 0
                done
                kill -KILL 0
              } | {
                "$@"
                printf '%s %d\\n' "$end" "$?" >&2
              }
            else
              printf '%s missing\\n' "$end" >&2
            fi
            exec sed -n "/^$end\\$/q"
            """;

    /**
     * Kills the processes of the run {@code $1} but for the shells of the script, which have the mark among their
     * arguments and end by themselves. A child that a killed shell leaves behind would become one of the container's
     * first process: PostgreSQL takes its end for a crash of its own, and starts anew.
     */
    private static final String KILL_SCRIPT = """
            for environment in $(grep -l "$1" /proc/[0-9]*/environ 2>/dev/null); do
              process=${environment%/environ}
              grep -q "$1" "$process/cmdline" 2>/dev/null || kill -KILL "${process#/proc/}" 2>/dev/null
            done
            """;

    private static final int KILL_ATTEMPTS = 100;
    private static final int KILL_INTERVAL_MILLIS = 100;

    private final DockerClient docker;
    private final String containerId;

    ContainerClientHost(DockerClient docker, String containerId) {
        this.docker = docker;
        this.containerId = containerId;
    }

    @Override
    public int run(
            List<String> command,
            Map<String, String> environment,
            InputStream input,
            OutputStream output,
            OutputStream errors)
            throws IOException {
        String mark = UUID.randomUUID().toString();
        ExecOutput result = new ExecOutput(mark, output, errors);
        FramedInput framed = new FramedInput(input, mark, result.ended(), result.stopped());
        List<String> variables = new ArrayList<>(List.of(RUN_VARIABLE + "=" + mark));
        environment.forEach((name, value) -> variables.add(name + "=" + value));
        List<String> script = new ArrayList<>(List.of("sh", "-c", SCRIPT, "sh", mark));
        script.addAll(command);
        try {
            start(script, variables, framed, result);
            result.stopped().await();
        } catch (InterruptedException e) {
            kill(mark, result);
            Thread.currentThread().interrupt();
            throw (IOException) new InterruptedIOException("Interrupted while " + command.get(0) + " ran").initCause(e);
        } catch (DockerException e) {
            throw new IOException(command.get(0) + " could not be run in the container: " + e.getMessage(), e);
        }
        if (!result.isComplete()) {
            kill(mark, result);
        }
        IOException unreadable = framed.failure();
        if (unreadable != null) {
            throw unreadable;
        }
        return result.exitStatus(command.get(0));
    }

    private void start(List<String> command, List<String> variables, InputStream input, ExecOutput output) {
        String id = docker.execCreateCmd(containerId)
                .withAttachStdin(true)
                .withAttachStdout(true)
                .withAttachStderr(true)
                .withEnv(variables)
                .withCmd(command.toArray(String[]::new))
                .exec()
                .getId();
        docker.execStartCmd(id).withStdIn(input).exec(output);
    }

    /** Ends a run, whose command may not have begun yet, or be about to start another. */
    private void kill(String mark, ExecOutput run) throws IOException {
        try {
            for (int attempt = 0; attempt < KILL_ATTEMPTS; attempt++) {
                ExecOutput nothing =
                        new ExecOutput(mark, OutputStream.nullOutputStream(), OutputStream.nullOutputStream());
                start(List.of("sh", "-c", KILL_SCRIPT, "sh", mark), List.of(), InputStream.nullInputStream(), nothing);
                if (run.awaitCompletion(KILL_INTERVAL_MILLIS)) {
                    return;
                }
            }
            throw new IOException("A command could not be ended in the container");
        } catch (DockerException e) {
            throw new IOException("A command could not be ended in the container: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw (IOException) new InterruptedIOException("Interrupted while a command was ended").initCause(e);
        }
    }
}
