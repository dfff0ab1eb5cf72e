package io.github.metadatasnapshot.benchmarks;

import io.github.metadatasnapshot.engine.Version;
import io.github.metadatasnapshot.server.DatabaseServer;
import io.github.metadatasnapshot.server.ServerProvider;
import io.github.metadatasnapshot.server.ServerSettings;
import io.github.metadatasnapshot.server.ServerSpec;
import io.github.metadatasnapshot.server.Servers;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;

/**
 * Measures on servers in containers, prints a table, and writes it to {@code benchmark.json} and {@code benchmark.md}.
 *
 * <pre>{@code ./mvnw -q -pl samples/benchmarks -am -Pbenchmark verify}</pre>
 */
public final class Benchmarks {

    private Benchmarks() {}

    /**
     * Runs the benchmarks that system properties ask for.
     *
     * @param arguments none
     * @throws Exception if something cannot be measured
     */
    public static void main(String[] arguments) throws Exception {
        Options options = Options.read(System.getProperties());
        List<Measurement> measurements = new ArrayList<>();
        for (String benchmark : options.only()) {
            for (String database : options.databases()) {
                for (Measurement measurement : run(benchmark, database, options)) {
                    System.out.println(measurement.line());
                    measurements.add(measurement);
                }
                // After each, so that a run which is ended leaves what it has measured.
                write(measurements, options);
            }
        }
        System.out.println();
        System.out.print(Results.of(measurements, options.rounds()).text());
    }

    private static void write(List<Measurement> measurements, Options options) throws IOException {
        Results results = Results.of(measurements, options.rounds());
        Files.createDirectories(options.directory());
        Files.writeString(options.directory().resolve("benchmark.json"), results.json());
        Files.writeString(options.directory().resolve("benchmark.md"), results.markdown());
    }

    private static List<Measurement> run(String benchmark, String database, Options options) throws Exception {
        Rounds rounds = new Rounds(database, options.rounds(), true);
        return switch (benchmark) {
            case "startup" -> StartUpBenchmark.run(options, new Rounds(database, options.rounds(), false));
            case "shape" -> on(database, server -> ShapeBenchmark.run(server, rounds));
            case "data" -> on(database, server -> DataBenchmark.run(server, rounds));
            case "clone" ->
                ofEachSize(options, size -> on(database, server -> CloneBenchmark.run(server, size, options, rounds)));
            case "loader" ->
                LoaderBenchmark.run(
                        database, on(database, server -> LoaderBenchmark.prepare(server, options)), options);
            case "soak" -> soak(database, options);
            case "matrix" -> ofEachSize(options, size -> matrix(database, size, options));
            default -> throw new IllegalArgumentException(benchmark);
        };
    }

    /** The server that makes the backups has stopped when something is timed. */
    private static List<Measurement> matrix(String database, int size, Options options) throws Exception {
        NavigableSet<Version> versions = on(database, server -> MatrixBenchmark.prepare(server, size, options));
        Catalog catalog = new Catalog(ServerSpec.parse(database).engine());
        return MatrixBenchmark.run(database, catalog, versions, size, options);
    }

    /** Measures nothing: it fails where a round of the matrix leaves something behind. */
    private static List<Measurement> soak(String database, Options options) throws Exception {
        int size = options.sizes().get(0);
        NavigableSet<Version> versions = on(database, server -> MatrixBenchmark.prepare(server, size, options));
        MatrixBenchmark.soak(database, versions.size(), size, options);
        return List.of();
    }

    /** What is done for a size of backups. */
    private interface Sized {
        List<Measurement> run(int megabytes) throws Exception;
    }

    private static List<Measurement> ofEachSize(Options options, Sized benchmark) throws Exception {
        List<Measurement> measurements = new ArrayList<>();
        for (int size : options.sizes()) {
            measurements.addAll(benchmark.run(size));
        }
        return measurements;
    }

    /** What is done on a server. */
    private interface OnServer<T> {
        T run(DatabaseServer server) throws Exception;
    }

    private static <T> T on(String database, OnServer<T> task) throws Exception {
        try (Servers servers = new Servers(new ServerSettings(ServerProvider.CONTAINER, Map.of()))) {
            return task.run(servers.get(ServerSpec.parse(database)));
        }
    }
}
