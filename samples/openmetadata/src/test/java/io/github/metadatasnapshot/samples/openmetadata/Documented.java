package io.github.metadatasnapshot.samples.openmetadata;

import io.github.metadatasnapshot.engine.Engine;
import io.github.metadatasnapshot.engine.Version;
import io.github.metadatasnapshot.restore.ClientReport;
import io.github.metadatasnapshot.restore.RestoreAttempt;
import io.github.metadatasnapshot.restore.RestoreProcedure;
import io.github.metadatasnapshot.server.ClientContainer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The commands of OpenMetadata's document on backups, run in a temporary container that holds the client only. */
final class Documented implements AutoCloseable {

    private static final Pattern VERSION = Pattern.compile("(?:Ver |\\(PostgreSQL\\) )(\\d+(?:\\.\\d+)+)");

    private final Engine engine;
    private final ClientContainer container;

    /** Starts a container of the client, as {@code docker run --rm} does; it is removed when it is closed. */
    Documented(Engine engine) {
        this.engine = engine;
        this.container = ClientContainer.start(engine == Engine.POSTGRESQL ? "postgres:17" : "mysql:9.7");
    }

    /** A database somewhere on the network. */
    record Database(String jdbcUrl, String user, String password) {

        private URI address() {
            return URI.create(jdbcUrl.substring("jdbc:".length()));
        }

        private String name() {
            return address().getPath().substring(1);
        }
    }

    /** Runs the document's backup command. */
    void backUp(Database database, Path file) throws IOException {
        boolean postgres = engine == Engine.POSTGRESQL;
        require(postgres ? "pg_dump" : "mysqldump", postgres ? "13.3" : "8.3");
        List<String> command = postgres ? List.of("pg_dump") : List.of("mysqldump", "--no-tablespaces");
        Files.createDirectories(file.toAbsolutePath().getParent());
        ByteArrayOutputStream errors = new ByteArrayOutputStream();
        int status;
        try (OutputStream output = Files.newOutputStream(file)) {
            status = run(command, database, InputStream.nullInputStream(), output, errors);
        }
        if (status != 0) {
            throw new IOException(
                    command + " ended with status " + status + ": " + errors.toString(StandardCharsets.UTF_8));
        }
    }

    private int run(
            List<String> command, Database database, InputStream input, OutputStream output, OutputStream errors)
            throws IOException {
        List<String> all = new ArrayList<>(command);
        boolean postgres = engine == Engine.POSTGRESQL;
        all.addAll(List.of(postgres ? "-U" : "-u", database.user()));
        if (!postgres) {
            all.add("-p" + database.password());
        }
        URI address = database.address();
        all.addAll(List.of(
                "-h",
                container.reach(address.getHost()),
                postgres ? "-p" : "-P",
                String.valueOf(address.getPort()),
                database.name()));
        return container
                .host()
                .run(all, postgres ? Map.of("PGPASSWORD", database.password()) : Map.of(), input, output, errors);
    }

    /** Enforces "mysqldump 8.3 or higher" and "pg_dump 13.3 or higher". */
    private void require(String tool, String least) throws IOException {
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        container.host().run(List.of(tool, "--version"), Map.of(), InputStream.nullInputStream(), printed, printed);
        tooOld(printed.toString(StandardCharsets.UTF_8).strip(), least).ifPresent(reason -> {
            throw new IllegalStateException(reason);
        });
    }

    static Optional<String> tooOld(String printed, String least) {
        Matcher version = VERSION.matcher(printed);
        if (!version.find()) {
            return Optional.of("'" + printed + "' tells no version; OpenMetadata asks for " + least + " or higher");
        }
        return Version.of(version.group(1)).compareTo(Version.of(least)) < 0
                ? Optional.of("'" + printed + "' is too old: OpenMetadata asks for " + least
                        + " or higher. Take a newer image for the client")
                : Optional.empty();
    }

    @Override
    public void close() {
        container.close();
    }

    /** Restores by {@code mysql} or {@code psql} as the document says. */
    static final class Restore implements RestoreProcedure {

        @Override
        public ClientReport run(RestoreAttempt attempt) throws IOException {
            Engine engine = attempt.target().engine();
            ByteArrayOutputStream errors = new ByteArrayOutputStream();
            List<String> client = List.of(engine == Engine.POSTGRESQL ? "psql" : "mysql");
            try (Documented documented = new Documented(engine);
                    InputStream backup = attempt.openScript()) {
                int status = documented.run(
                        client,
                        new Database(
                                attempt.target().jdbcUrl(),
                                attempt.target().user(),
                                attempt.target().password()),
                        backup,
                        OutputStream.nullOutputStream(),
                        errors);
                long count = errors.toString(StandardCharsets.UTF_8)
                        .lines()
                        .filter(line -> line.contains("ERROR"))
                        .count();
                return new ClientReport(client.get(0), status == 0, count, List.of());
            }
        }

        @Override
        public String toString() {
            return "the document's client";
        }
    }
}
