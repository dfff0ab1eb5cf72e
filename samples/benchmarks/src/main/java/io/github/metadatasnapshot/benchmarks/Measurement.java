package io.github.metadatasnapshot.benchmarks;

import java.util.Locale;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/**
 * What came of a candidate.
 *
 * @param name the benchmark
 * @param engine the database, such as {@code postgres:17}
 * @param size how much there was to do
 * @param candidate the way it was done
 * @param medianMillis the median of all rounds, in milliseconds
 * @param ratioToByHand the median as a multiple of that of the first candidate, which is the way by hand
 * @param sampledCells how many cells were run in a round, where the time of all is calculated from theirs
 * @param share which part of the whole it is, between 0 and 1, where it is a part
 */
record Measurement(
        String name,
        String engine,
        String size,
        String candidate,
        double medianMillis,
        double ratioToByHand,
        OptionalInt sampledCells,
        OptionalDouble share) {

    static final String HEADING = String.format(
            Locale.ROOT,
            "%-14s %-14s %-30s %-42s %12s %9s",
            "benchmark",
            "database",
            "size",
            "candidate",
            "median ms",
            "ratio");

    String line() {
        return String.format(
                Locale.ROOT,
                "%-14s %-14s %-30s %-42s %12.1f %9.3f%s",
                name,
                engine,
                size,
                candidate,
                medianMillis,
                ratioToByHand,
                remark().isEmpty() ? "" : "  " + remark());
    }

    String markdown() {
        return String.format(
                Locale.ROOT,
                "| %s | %s | %s | %s | %s | %.3f | %s |",
                name,
                engine,
                size,
                candidate,
                millis(),
                ratioToByHand,
                remark());
    }

    private String millis() {
        return String.format(Locale.ROOT, medianMillis < 1000 ? "%.1f" : "%.0f", medianMillis);
    }

    private String remark() {
        if (share.isPresent()) {
            return String.format(Locale.ROOT, "%.1f %% of the run", share.getAsDouble() * 100);
        }
        return sampledCells.isPresent() ? "calculated from " + sampledCells.getAsInt() + " cells a round" : "";
    }

    String json() {
        return String.format(
                        Locale.ROOT,
                        "{\"name\": \"%s\", \"engine\": \"%s\", \"size\": \"%s\", \"candidate\": \"%s\","
                                + " \"medianMillis\": %.1f, \"ratioToByHand\": %.4f",
                        name,
                        engine,
                        size,
                        candidate,
                        medianMillis,
                        ratioToByHand)
                + (sampledCells.isPresent() ? ", \"sampledCells\": " + sampledCells.getAsInt() : "")
                + (share.isPresent() ? String.format(Locale.ROOT, ", \"share\": %.4f", share.getAsDouble()) : "")
                + "}";
    }

    /** {@return the measurement for {@link #parse}, without what only the matrix has} */
    String tabs() {
        return String.join(
                "\t", name, engine, size, candidate, String.valueOf(medianMillis), String.valueOf(ratioToByHand));
    }

    static Measurement parse(String tabs) {
        String[] values = tabs.split("\t", -1);
        return new Measurement(
                values[0],
                values[1],
                values[2],
                values[3],
                Double.parseDouble(values[4]),
                Double.parseDouble(values[5]),
                OptionalInt.empty(),
                OptionalDouble.empty());
    }
}
