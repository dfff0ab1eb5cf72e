package io.github.metadatasnapshot.samples.openmetadata;

import io.github.metadatasnapshot.engine.Engine;
import io.github.metadatasnapshot.restore.ClientReport;
import io.github.metadatasnapshot.restore.RestoreAttempt;
import io.github.metadatasnapshot.restore.RestoreProcedure;
import io.github.metadatasnapshot.restore.StatementError;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.lang.ProcessBuilder.Redirect;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.testcontainers.utility.DockerImageName;
import org.testcontainers.utility.ImageNameSubstitutor;

/**
 * The commands of OpenMetadata's document on backups, each a process {@code docker run --rm …}, with {@code > file} or {@code
 * < file}. As there, the password is on the command line: it has to be one of a test. The server is reached
 * at the address that its own container has.
 */
final class Documented {

    private static final long LONGEST_SECONDS = 120;

    private final Engine engine;
    private final String image;
    private final Map<Integer, String> hosts = new HashMap<>();

    /** Takes the images that the samples are tested with. */
    Documented(Engine engine) {
        this(engine, engine == Engine.POSTGRESQL ? "postgres:17" : "mysql:9.7");
    }

    /** Takes another image for the client. The document's own are {@code mysql/mysql-server:latest} and {@code postgres:latest}. */
    Documented(Engine engine, String image) {
        this.engine = engine;
        this.image = ImageNameSubstitutor.instance()
                .apply(DockerImageName.parse(image))
                .asCanonicalNameString();
    }

    /**
     * A database on a server in a container, whose port is published here.
     *
     * @param password the password; the empty string to leave it out of the command
     */
    record Database(String jdbcUrl, String user, String password) {

        private URI address() {
            return URI.create(jdbcUrl.substring("jdbc:".length()));
        }

        private String name() {
            return address().getPath().substring(1);
        }
    }

    /**
     * A command that has ended.
     *
     * @param status the exit status of {@code docker run}
     * @param errors what it printed as errors
     * @param container the container that it ran in
     */
    record Outcome(int status, String errors, String container) {

        /** {@return whether the container is gone, as {@code --rm} says} */
        boolean isGone() throws IOException {
            return docker("ps", "--all", "--quiet", "--filter", "id=" + container)
                    .isEmpty();
        }

        /** {@return this, whose container is gone} */
        Outcome gone() throws IOException {
            if (!isGone()) {
                throw new IOException("Container " + container + " is still there after docker run --rm");
            }
            return this;
        }
    }

    /**
     * Runs the document's backup command.
     *
     * @return what the tool said that it could not read, and that no database holds
     * @throws IOException if {@code docker run} fails, or the tool prints an error, whatever the exit status: the file is no
     *     backup then
     */
    List<String> backUp(Database database, Path file) throws IOException {
        Outcome outcome = backUpInto(file, database).gone();
        List<String> errors =
                outcome.errors().lines().filter(engine.dumpTool()::isError).toList();
        if (outcome.status() != 0 || !errors.stream().allMatch(engine.dumpTool()::isAboutServer)) {
            throw new IOException(
                    engine.dumpTool().program() + " ended with status " + outcome.status() + ": " + outcome.errors());
        }
        return errors;
    }

    /** Runs the document's backup command, whatever comes of it. */
    Outcome backUpInto(Path file, Database database) throws IOException {
        Files.createDirectories(file.toAbsolutePath().getParent());
        return run(backupCommand(), database, Redirect.PIPE, Redirect.to(file.toFile()), Process::getOutputStream);
    }

    /** Runs the document's backup command, of whose output no more is read than a few bytes. */
    Outcome backUpIntoAPipeThatBreaks(Database database) throws IOException {
        return run(backupCommand(), database, Redirect.PIPE, Redirect.PIPE, process -> {
            process.getInputStream().readNBytes(100);
            return process.getInputStream();
        });
    }

    /** Runs the document's restore command. */
    Outcome restore(Path file, Database database) throws IOException {
        return run(clientCommand(), database, Redirect.from(file.toFile()), Redirect.DISCARD, Process::getOutputStream);
    }

    private Outcome restore(InputStream script, Database database) throws IOException {
        return run(clientCommand(), database, Redirect.PIPE, Redirect.DISCARD, process -> {
            OutputStream input = process.getOutputStream();
            byte[] block = new byte[1 << 16];
            for (int length = script.read(block); length >= 0; length = script.read(block)) {
                try {
                    input.write(block, 0, length);
                } catch (IOException e) {
                    // The client has ended at an error.
                    break;
                }
            }
            return input;
        });
    }

    private List<String> backupCommand() {
        return engine == Engine.POSTGRESQL ? List.of("pg_dump") : List.of("mysqldump", "--no-tablespaces");
    }

    private List<String> clientCommand() {
        return List.of(client());
    }

    private String client() {
        return engine == Engine.POSTGRESQL ? "psql" : "mysql";
    }

    /** Reads or writes a process's streams, and returns the one to close. */
    private interface Streams {
        AutoCloseable use(Process process) throws IOException;
    }

    private Outcome run(List<String> tool, Database database, Redirect input, Redirect output, Streams streams)
            throws IOException {
        Path directory = Files.createTempDirectory("documented");
        Path container = directory.resolve("container");
        Path errors = directory.resolve("errors");
        try {
            Process process = new ProcessBuilder(command(tool, database, container))
                    .redirectInput(input)
                    .redirectOutput(output)
                    .redirectError(errors.toFile())
                    .start();
            int status = end(process, streams, tool.get(0));
            return new Outcome(
                    status,
                    Files.readString(errors, StandardCharsets.UTF_8).strip(),
                    Files.exists(container) ? Files.readString(container) : "");
        } finally {
            Files.deleteIfExists(container);
            Files.deleteIfExists(errors);
            Files.delete(directory);
        }
    }

    private List<String> command(List<String> tool, Database database, Path container) throws IOException {
        boolean postgres = engine == Engine.POSTGRESQL;
        boolean restores = tool.get(0).equals(client());
        List<String> command = new ArrayList<>(List.of("docker", "run", "--rm"));
        if (restores) {
            command.add("-i");
        }
        command.add("--cidfile=" + container);
        boolean password = !database.password().isEmpty();
        if (postgres && password) {
            command.addAll(List.of("-e", "PGPASSWORD=" + database.password()));
        }
        command.add(image);
        command.addAll(tool);
        command.addAll(List.of(postgres ? "-U" : "-u", database.user()));
        if (!postgres && password) {
            command.add("-p" + database.password());
        }
        command.addAll(List.of(
                "-h",
                host(database.address().getPort()),
                postgres ? "-p" : "-P",
                String.valueOf(engine.port()),
                database.name()));
        return command;
    }

    /** Runs a statement as the administrator of a PostgreSQL server, in the server's own container. */
    static void asAdministrator(Database database, String sql) throws IOException {
        docker("exec", server(database.address().getPort()), "psql", "-q", "-U", "postgres", "-c", sql);
    }

    private static String server(int port) throws IOException {
        String server = docker("ps", "--quiet", "--filter", "publish=" + port);
        if (server.isEmpty()) {
            throw new IOException("No container publishes port " + port + ": the server has to be in one");
        }
        return server;
    }

    /** {@return the address that the container has on the default network which publishes a port here} */
    private String host(int port) throws IOException {
        String known = hosts.get(port);
        if (known == null) {
            known = docker(
                    "inspect", "--format", "{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}", server(port));
            hosts.put(port, known);
        }
        return known;
    }

    private static String docker(String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of("docker"));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        int status = end(process, Process::getOutputStream, "docker");
        if (status != 0) {
            throw new IOException(String.join(" ", command) + " ended with status " + status + ": " + printed);
        }
        return printed;
    }

    private static int end(Process process, Streams streams, String tool) throws IOException {
        try {
            streams.use(process).close();
        } catch (IOException e) {
            process.destroy();
            throw e;
        } catch (Exception e) {
            throw new IOException(e);
        }
        try {
            if (!process.waitFor(LONGEST_SECONDS, TimeUnit.SECONDS)) {
                process.destroy();
                throw new IOException(tool + " had not ended after " + LONGEST_SECONDS + " s");
            }
            return process.exitValue();
        } catch (InterruptedException e) {
            process.destroy();
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("Interrupted while " + tool + " ran");
        }
    }

    /** Restores by {@code mysql} or {@code psql} as the document says. */
    static class Restore implements RestoreProcedure {

        Documented documented(Engine engine) {
            return new Documented(engine);
        }

        @Override
        public ClientReport run(RestoreAttempt attempt) throws IOException {
            Documented documented = documented(attempt.target().engine());
            Database database = new Database(
                    attempt.target().jdbcUrl(),
                    attempt.target().user(),
                    attempt.target().password());
            try (InputStream backup = attempt.openScript()) {
                Outcome outcome = documented.restore(backup, database).gone();
                List<StatementError> errors = outcome.errors()
                        .lines()
                        .filter(line -> line.startsWith("ERROR"))
                        .map(line -> new StatementError(0, 0, "", "", line))
                        .toList();
                return new ClientReport(documented.client(), outcome.status() == 0, errors.size(), errors);
            }
        }

        @Override
        public String toString() {
            return "the document's client";
        }
    }

    /** The same by the client of PostgreSQL 18, whatever the server. */
    static final class RestoreByNewest extends Restore {

        @Override
        Documented documented(Engine engine) {
            return new Documented(engine, "postgres:18");
        }

        @Override
        public String toString() {
            return "the document's client of release 18";
        }
    }
}
