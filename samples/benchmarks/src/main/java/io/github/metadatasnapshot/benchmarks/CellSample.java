package io.github.metadatasnapshot.benchmarks;

import java.util.List;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/**
 * Which cells of a kind are run by hand in a round: as many in each, spread evenly over all, and others in the next round.
 *
 * @param size how many; empty for all
 * @param rounds how many rounds there are
 */
record CellSample(OptionalInt size, int rounds) {

    /**
     * Chooses cells.
     *
     * @param all the cells of a kind
     * @param round the round, from 0
     * @return some of them, in their order
     */
    <T> List<T> of(List<T> all, int round) {
        int count = Math.min(all.size(), size.orElse(all.size()));
        double offset = (round + 0.5) / rounds;
        return IntStream.range(0, count)
                .mapToObj(i -> all.get((int) ((i + offset) * all.size() / count)))
                .toList();
    }

    /** {@return how long all cells take, where those of a sample took so long} */
    static long scale(long nanos, int sampled, int all) {
        return Math.round((double) nanos * all / sampled);
    }
}
