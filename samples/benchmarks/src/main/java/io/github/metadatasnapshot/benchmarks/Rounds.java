package io.github.metadatasnapshot.benchmarks;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Times candidates side by side: each round runs all of them, so that what disturbs the machine for a while disturbs all. One
 * more round goes before, whose times are thrown away.
 */
final class Rounds {

    private final String engine;
    private final int rounds;

    Rounds(String engine, int rounds) {
        this.engine = engine;
        this.rounds = rounds;
    }

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
        for (int round = -1; round < rounds; round++) {
            for (int i = 0; i < candidates.size(); i++) {
                long start = System.nanoTime();
                candidates.get(i).task().run();
                if (round >= 0) {
                    nanos[i][round] = System.nanoTime() - start;
                }
            }
        }
        double byHand = medianMillis(nanos[0]);
        List<Measurement> measurements = new ArrayList<>();
        for (int i = 0; i < nanos.length; i++) {
            double median = medianMillis(nanos[i]);
            measurements.add(
                    new Measurement(name, engine, size, candidates.get(i).name(), median, median / byHand));
        }
        return measurements;
    }

    private static double medianMillis(long[] nanos) {
        long[] sorted = nanos.clone();
        Arrays.sort(sorted);
        int middle = sorted.length / 2;
        double median = sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2.0;
        return median / 1_000_000;
    }
}
