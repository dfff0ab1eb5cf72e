package io.github.metadatasnapshot.benchmarks;

import java.util.Locale;

/**
 * What came of a candidate.
 *
 * @param name the benchmark
 * @param engine the database, such as {@code postgres:17}
 * @param size how much there was to do
 * @param candidate the way it was done
 * @param medianMillis the median of all rounds, in milliseconds
 * @param ratioToByHand the median as a multiple of that of the first candidate, which is the way by hand
 */
record Measurement(
        String name, String engine, String size, String candidate, double medianMillis, double ratioToByHand) {

    static final String HEADING = String.format(
            Locale.ROOT,
            "%-12s %-14s %-28s %-20s %12s %10s",
            "benchmark",
            "database",
            "size",
            "candidate",
            "median ms",
            "ratio");

    String line() {
        return String.format(
                Locale.ROOT,
                "%-12s %-14s %-28s %-20s %12.1f %10.3f",
                name,
                engine,
                size,
                candidate,
                medianMillis,
                ratioToByHand);
    }

    String json() {
        return String.format(
                Locale.ROOT,
                "{\"name\": \"%s\", \"engine\": \"%s\", \"size\": \"%s\", \"candidate\": \"%s\","
                        + " \"medianMillis\": %.1f, \"ratioToByHand\": %.3f}",
                name,
                engine,
                size,
                candidate,
                medianMillis,
                ratioToByHand);
    }
}
