package io.github.metadatasnapshot.benchmarks;

import static java.util.stream.Collectors.joining;

import io.github.metadatasnapshot.server.DatabaseServer;
import io.github.metadatasnapshot.server.ServerProvider;
import io.github.metadatasnapshot.server.ServerSettings;
import io.github.metadatasnapshot.server.ServerSpec;
import io.github.metadatasnapshot.server.Servers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Measures on servers in containers, prints a table, and writes it to a file.
 *
 * <pre>{@code ./mvnw -q -pl samples/benchmarks -am -Pbenchmark verify}</pre>
 */
public final class Benchmarks {

    private Benchmarks() {}

    /**
     * Runs all benchmarks.
     *
     * @param arguments the databases, with commas between them; the number of rounds; the file that is written
     * @throws Exception if something cannot be measured
     */
    public static void main(String[] arguments) throws Exception {
        int rounds = Integer.parseInt(arguments[1]);
        Path file = Path.of(arguments[2]);
        List<Measurement> measurements = new ArrayList<>();
        for (String database : arguments[0].split(",", -1)) {
            try (Servers servers = new Servers(new ServerSettings(ServerProvider.CONTAINER, Map.of()))) {
                DatabaseServer server = servers.get(ServerSpec.parse(database.strip()));
                add(measurements, ShapeBenchmark.run(server, new Rounds(database.strip(), rounds)));
                add(measurements, DataBenchmark.run(server, new Rounds(database.strip(), rounds)));
            }
        }
        Files.createDirectories(file.toAbsolutePath().getParent());
        Files.writeString(
                file, measurements.stream().map(Measurement::json).collect(joining(",\n  ", "[\n  ", "\n]\n")));
    }

    private static void add(List<Measurement> all, List<Measurement> measurements) {
        if (all.isEmpty()) {
            System.out.println(Measurement.HEADING);
        }
        measurements.forEach(measurement -> System.out.println(measurement.line()));
        all.addAll(measurements);
    }
}
