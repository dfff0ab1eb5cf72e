package io.github.metadatasnapshot.benchmarks;

import io.github.metadatasnapshot.benchmarks.ThreadProfile.Part;
import io.github.metadatasnapshot.engine.Version;
import io.github.metadatasnapshot.server.DatabaseServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The whole matrix of the catalogue's versions, by hand and by the extension, which runs in a JVM of its own from its start to
 * its end. A further run of it says where its time goes.
 */
final class MatrixBenchmark {

    static final String NAME = "matrix";
    static final String PROFILE = "matrix-profile";
    static final String BY_HAND = "by hand";
    static final String SHARED = "by hand, shared";
    static final String EXTENSION = "extension";
    static final String IN_MEMORY = "extension, storage = memory";
    static final String AS_BY_HAND = "extension, checks as by hand";
    static final String EVERYTHING_ELSE = "everything else";

    private static final String ALL_CHECKS = CatalogMatrix.class.getName();

    private MatrixBenchmark() {}

    /** Makes the backups where there are none, and returns their versions. */
    static NavigableSet<Version> prepare(DatabaseServer server, int megabytes, Options options) throws Exception {
        return new Catalog(server.engine()).capture(server, megabytes, root(megabytes, options));
    }

    static Path root(int megabytes, Options options) {
        return options.directory().resolve("generated").resolve(megabytes + "mb");
    }

    static List<Measurement> run(
            String database, Catalog catalog, NavigableSet<Version> versions, int megabytes, Options options)
            throws Exception {
        Path root = root(megabytes, options);
        ByHand byHand =
                new ByHand(database, catalog, versions, root, new CellSample(options.cells(), options.rounds()));
        int cells = byHand.kinds().stream().mapToInt(List::size).sum();
        OptionalInt sampled = byHand.sampled() == cells ? OptionalInt.empty() : OptionalInt.of(byHand.sampled());
        AtomicInteger each = new AtomicInteger();
        AtomicInteger shared = new AtomicInteger();
        String size = megabytes + " MB";
        List<Measurement> measurements = new ArrayList<>(new Rounds(database, options.rounds(), false)
                .measure(
                        NAME,
                        size,
                        List.of(
                                new Candidate(BY_HAND, () -> byHand.containerEach(each.getAndIncrement()), sampled),
                                new Candidate(SHARED, () -> byHand.containerShared(shared.getAndIncrement()), sampled),
                                new Candidate(
                                        EXTENSION,
                                        () -> extension(database, cells, root, options, List.of("disk", ALL_CHECKS))),
                                new Candidate(
                                        IN_MEMORY,
                                        () -> extension(database, cells, root, options, List.of("memory", ALL_CHECKS))),
                                new Candidate(
                                        AS_BY_HAND,
                                        () -> extension(
                                                database,
                                                cells,
                                                root,
                                                options,
                                                List.of("disk", CatalogMatrixAsByHand.class.getName()))))));
        double byHandMillis = measurements.get(0).medianMillis();
        measurements.addAll(profile(database, size, cells, root, options, byHandMillis));
        return measurements;
    }

    /** Runs the matrix of so many versions again and again in one JVM. */
    static void soak(String database, int versions, int megabytes, Options options) throws Exception {
        int cells = versions + versions * (versions - 1) / 2 + versions * (versions - 1);
        Path log = options.directory().resolve("soak-" + database.replace(':', '-') + ".log");
        Jvm.run(
                Soak.class,
                List.of(),
                List.of(root(megabytes, options)),
                List.of(
                        database,
                        String.valueOf(cells),
                        String.valueOf(options.soak()),
                        options.directory()
                                .resolve("matrix-report")
                                .toAbsolutePath()
                                .toString()),
                log);
        Files.readAllLines(log).stream()
                .filter(line -> line.startsWith("round ") || line.startsWith("nothing "))
                .forEach(System.out::println);
    }

    private static void extension(String database, int cells, Path root, Options options, List<String> more)
            throws Exception {
        List<String> arguments = new ArrayList<>(List.of(
                database,
                String.valueOf(cells),
                options.directory().resolve("matrix-report").toAbsolutePath().toString()));
        arguments.addAll(more);
        Jvm.run(
                MatrixRun.class,
                List.of(),
                List.of(root),
                arguments,
                options.directory().resolve("matrix.log"));
    }

    private static List<Measurement> profile(
            String database, String size, int cells, Path root, Options options, double byHandMillis) throws Exception {
        Path file = options.directory()
                .resolve("matrix-profile-" + database.replace(':', '-') + "-" + size.replace(" ", "") + ".txt");
        long start = System.nanoTime();
        extension(
                database,
                cells,
                root,
                options,
                List.of("disk", ALL_CHECKS, file.toAbsolutePath().toString()));
        double all = System.nanoTime() - start;
        Map<Part, Double> parts = new EnumMap<>(Part.class);
        for (String line : Files.readAllLines(file).stream()
                .takeWhile(line -> !line.isEmpty())
                .toList()) {
            String[] words = line.split(" ", -1);
            parts.put(Part.valueOf(words[0]), Double.parseDouble(words[1]));
        }
        // What is missing is the start of the process before the JVM counts, and its end.
        double seen = parts.values().stream().mapToDouble(nanos -> nanos).sum();
        parts.merge(Part.JVM, Math.max(0, all - seen), Double::sum);
        List<Measurement> measurements = new ArrayList<>();
        double rest = 0;
        for (Map.Entry<Part, Double> part : parts.entrySet()) {
            measurements.add(part(database, size, part.getKey().description, part.getValue(), all, byHandMillis));
            rest += part.getKey().needed ? 0 : part.getValue();
        }
        measurements.add(part(database, size, EVERYTHING_ELSE, rest, all, byHandMillis));
        return measurements;
    }

    private static Measurement part(
            String database, String size, String part, double nanos, double all, double byHandMillis) {
        double millis = nanos / 1_000_000;
        return new Measurement(
                PROFILE,
                database,
                size,
                part,
                millis,
                millis / byHandMillis,
                OptionalInt.empty(),
                OptionalDouble.of(nanos / all));
    }
}
