package io.github.metadatasnapshot.benchmarks;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;

/**
 * Times candidates side by side: each round runs all of them, so that what disturbs the machine for a while disturbs all.
 *
 * @param engine the database, such as {@code postgres:17}
 * @param rounds how many rounds are timed
 * @param warmUp whether a round goes before whose times are thrown away
 */
record Rounds(String engine, int rounds, boolean warmUp) {

    /**
     * Times candidates.
     *
     * @param name the benchmark
     * @param size how much there is to do
     * @param candidates the candidates, the way by hand first
     * @return a measurement for each
     */
    List<Measurement> measure(String name, String size, List<Candidate> candidates) throws Exception {
        long[][] nanos = new long[candidates.size()][rounds];
        for (int round = warmUp ? -1 : 0; round < rounds; round++) {
            for (int i = 0; i < candidates.size(); i++) {
                long time = candidates.get(i).timed().nanos();
                System.err.printf(
                        "%s %s %s, round %d: %s %,d ms%n",
                        name, engine, size, round + 1, candidates.get(i).name(), time / 1_000_000);
                if (round >= 0) {
                    nanos[i][round] = time;
                }
            }
        }
        double byHand = medianMillis(nanos[0]);
        List<Measurement> measurements = new ArrayList<>();
        for (int i = 0; i < nanos.length; i++) {
            Candidate candidate = candidates.get(i);
            double median = medianMillis(nanos[i]);
            measurements.add(new Measurement(
                    name,
                    engine,
                    size,
                    candidate.name(),
                    median,
                    median / byHand,
                    candidate.sampledCells(),
                    OptionalDouble.empty()));
        }
        return measurements;
    }

    static double medianMillis(long[] nanos) {
        long[] sorted = nanos.clone();
        Arrays.sort(sorted);
        int middle = sorted.length / 2;
        double median = sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2.0;
        return median / 1_000_000;
    }
}
