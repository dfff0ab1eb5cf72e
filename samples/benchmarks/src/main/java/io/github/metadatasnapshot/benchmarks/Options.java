package io.github.metadatasnapshot.benchmarks;

import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import java.util.Properties;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * What is measured, as system properties that begin with {@code benchmark.} say it.
 *
 * @param databases the images
 * @param only the benchmarks, of {@link #ALL}
 * @param rounds how often each candidate is timed
 * @param sizes megabytes of the backups
 * @param load megabytes of the backup that is loaded
 * @param cells how many cells of each kind are run by hand in a round; empty for all
 * @param soak how many rounds the matrix is run in one JVM, where {@code soak} is asked for
 * @param directory where the results and all generated files go
 */
record Options(
        List<String> databases,
        List<String> only,
        int rounds,
        List<Integer> sizes,
        int load,
        OptionalInt cells,
        int soak,
        Path directory) {

    private static final List<String> MEASURED = List.of("startup", "shape", "data", "clone", "loader", "matrix");

    static final List<String> ALL =
            Stream.concat(MEASURED.stream(), Stream.of("soak")).toList();

    static Options read(Properties properties) {
        List<String> only = list(properties, "only", String.join(",", MEASURED));
        TreeSet<String> unknown = new TreeSet<>(only);
        ALL.forEach(unknown::remove);
        if (!unknown.isEmpty()) {
            throw new IllegalArgumentException(
                    "benchmark.only: there is no benchmark " + String.join(", ", unknown) + ", only " + ALL);
        }
        String cells = value(properties, "cells", "3");
        return new Options(
                list(properties, "databases", "postgres:17,mysql:9.7"),
                only,
                positive(properties, "rounds", "5"),
                list(properties, "sizes", "5,100").stream()
                        .map(each -> positive("sizes", each))
                        .toList(),
                positive(properties, "load", "500"),
                cells.equals("all") ? OptionalInt.empty() : OptionalInt.of(positive("cells", cells)),
                positive(properties, "soak", "50"),
                Path.of(value(properties, "directory", "target")));
    }

    private static String value(Properties properties, String name, String otherwise) {
        return properties.getProperty("benchmark." + name, otherwise).strip();
    }

    private static List<String> list(Properties properties, String name, String otherwise) {
        return Stream.of(value(properties, name, otherwise).split(",", -1))
                .map(String::strip)
                .toList();
    }

    private static int positive(Properties properties, String name, String otherwise) {
        return positive(name, value(properties, name, otherwise));
    }

    private static int positive(String name, String text) {
        try {
            int number = Integer.parseInt(text);
            if (number > 0) {
                return number;
            }
        } catch (NumberFormatException e) {
            // Told below, as a number that is too small is.
        }
        throw new IllegalArgumentException("benchmark." + name + ": '" + text + "' is no number above 0");
    }
}
