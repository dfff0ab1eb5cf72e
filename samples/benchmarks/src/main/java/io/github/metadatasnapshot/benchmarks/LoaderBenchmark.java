package io.github.metadatasnapshot.benchmarks;

import io.github.metadatasnapshot.backup.Backup;
import io.github.metadatasnapshot.backup.BackupInfo;
import io.github.metadatasnapshot.engine.ClientMode;
import io.github.metadatasnapshot.restore.ClientReport;
import io.github.metadatasnapshot.restore.JdbcLoad;
import io.github.metadatasnapshot.restore.RestoreAttempt;
import io.github.metadatasnapshot.restore.RestoreProcedure;
import io.github.metadatasnapshot.restore.StrictClient;
import io.github.metadatasnapshot.server.ClientHost;
import io.github.metadatasnapshot.server.DatabaseServer;
import io.github.metadatasnapshot.server.ServerProvider;
import io.github.metadatasnapshot.server.ServerSettings;
import io.github.metadatasnapshot.server.ServerSpec;
import io.github.metadatasnapshot.server.Servers;
import io.github.metadatasnapshot.server.TestDatabase;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Loading a large backup that is not compressed, beside the client reading the same file in the server's container. The
 * extension does it in a JVM of its own, with 64 MB of heap.
 */
public final class LoaderBenchmark {

    static final String CLIENT = "client, file in the container";
    static final String PROCEDURE = "extension, StrictClient";
    static final String JDBC = "extension, JdbcLoad";

    private static final String IN_CONTAINER = "/var/tmp/backup.sql";

    private static final String HISTORY_TABLE = "flyway_schema_history";

    private LoaderBenchmark() {}

    /** Makes the backup where there is none, and returns where it is. */
    static Path prepare(DatabaseServer server, Options options) throws Exception {
        Path file = options.directory()
                .resolve("generated")
                .resolve(server.engine().id() + "-" + options.load() + "mb.sql");
        new Catalog(server.engine()).captureLatest(server, options.load(), file);
        return file;
    }

    static List<Measurement> run(String database, Path file, Options options) throws Exception {
        Path results = options.directory().resolve("loader.txt");
        Jvm.run(
                LoaderBenchmark.class,
                List.of("-Xmx64m"),
                List.of(),
                List.of(
                        database,
                        String.valueOf(options.rounds()),
                        options.load() + " MB",
                        file.toAbsolutePath().toString(),
                        results.toAbsolutePath().toString()),
                options.directory().resolve("loader.log"));
        return Files.readAllLines(results).stream().map(Measurement::parse).toList();
    }

    /**
     * Times all candidates in this JVM.
     *
     * @param arguments the image; the number of rounds; the size for people; the backup; the file that takes the results
     * @throws Exception if something cannot be measured
     */
    public static void main(String[] arguments) throws Exception {
        Path file = Path.of(arguments[3]);
        try (Servers servers = new Servers(new ServerSettings(ServerProvider.CONTAINER, Map.of()))) {
            DatabaseServer server = servers.get(ServerSpec.parse(arguments[0]));
            ClientHost host = server.clientHost().orElseThrow();
            try (InputStream script = Files.newInputStream(file)) {
                run(host, List.of("sh", "-c", "cat > " + IN_CONTAINER), Map.of(), script);
            }
            Backup backup = Backup.of(file);
            BackupInfo info = backup.inspect(server.engine(), HISTORY_TABLE, server.clientHost());
            List<Measurement> measurements = new Rounds(arguments[0], Integer.parseInt(arguments[1]), false)
                    .measure(
                            "loader",
                            arguments[2],
                            List.of(
                                    Candidate.timed(CLIENT, () -> timed(server, target -> byClient(host, target))),
                                    Candidate.timed(
                                            PROCEDURE,
                                            () -> timed(
                                                    server, target -> load(new StrictClient(), target, backup, info))),
                                    Candidate.timed(
                                            JDBC,
                                            () -> timed(
                                                    server, target -> load(new JdbcLoad(), target, backup, info)))));
            Files.write(
                    Path.of(arguments[4]),
                    measurements.stream().map(Measurement::tabs).toList());
        }
    }

    /** Loads into an empty database. */
    private interface Load {
        void into(TestDatabase target) throws Exception;
    }

    private static long timed(DatabaseServer server, Load load) throws Exception {
        try (TestDatabase target = server.createDatabase()) {
            long start = System.nanoTime();
            load.into(target);
            return System.nanoTime() - start;
        }
    }

    private static void byClient(ClientHost host, TestDatabase target) throws IOException {
        List<String> command = new ArrayList<>(List.of("sh", "-c", "exec \"$@\" < " + IN_CONTAINER, "sh"));
        command.addAll(target.engine().clientCommand(ClientMode.STRICT, target.user(), target.name()));
        run(
                host,
                command,
                Map.of(target.engine().passwordVariable(), target.password()),
                InputStream.nullInputStream());
    }

    private static void run(ClientHost host, List<String> command, Map<String, String> environment, InputStream input)
            throws IOException {
        ByteArrayOutputStream errors = new ByteArrayOutputStream();
        int status = host.run(command, environment, input, OutputStream.nullOutputStream(), errors);
        if (status != 0) {
            throw new IOException(
                    command + " ended with status " + status + ": " + errors.toString(StandardCharsets.UTF_8));
        }
    }

    private static void load(RestoreProcedure procedure, TestDatabase target, Backup backup, BackupInfo info)
            throws Exception {
        ClientReport report = procedure.run(
                new RestoreAttempt(target, backup, info, List.of(), Set.of(), RestoreAttempt.Preparation.NONE));
        if (!report.errors().isEmpty()) {
            throw new IOException(procedure + " failed: " + report.errors().get(0));
        }
    }
}
