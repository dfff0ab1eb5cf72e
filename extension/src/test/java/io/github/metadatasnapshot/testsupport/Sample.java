package io.github.metadatasnapshot.testsupport;

import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * A fixed and a seeded part of a large set of cases; the whole set with {@code -Pexhaustive}.
 *
 * <p>The fixed part is the same in each run: one case of each kind, and those that once failed. The seeded part is another
 * one each day. A run prints its seed before the first sample; {@code -Dsample.seed=N} takes the same part again.
 *
 * <pre>{@code
 * @ParameterizedTest
 * @MethodSource("types")
 * void keepsItsValue(ColumnType type) { ... }
 *
 * static Stream<ColumnType> types() {
 *     return Sample.of(ALL_TYPES, 5, 10); // the first 5 of the list, 10 of the others
 * }
 * }</pre>
 */
public final class Sample {

    private static final boolean EXHAUSTIVE = Boolean.getBoolean("sample.exhaustive");
    private static final long SEED = Long.getLong("sample.seed", today());

    static {
        System.out.println(
                EXHAUSTIVE ? "Samples are whole sets" : "Samples are of today: repeat with -Dsample.seed=" + SEED);
    }

    private Sample() {}

    /** All samples of a run are of the day on which it began. */
    private static long today() {
        return LocalDate.now(ZoneOffset.UTC).toEpochDay();
    }

    /** {@return whether the whole sets run} */
    public static boolean exhaustive() {
        return EXHAUSTIVE;
    }

    /**
     * Returns a part of a set of cases, in the set's order.
     *
     * @param cases the set, the cases that always run first
     * @param fixed how many of the first cases are in each sample
     * @param seeded how many of the others are
     */
    public static <T> Stream<T> of(List<T> cases, int fixed, int seeded) {
        return EXHAUSTIVE ? cases.stream() : part(cases, fixed, seeded, SEED).stream();
    }

    /**
     * Returns the case of the day, all with {@code -Pexhaustive}.
     *
     * @param whose what has cases: another has another on the same day
     */
    public static <T> Stream<T> oneOf(List<T> cases, String whose) {
        return EXHAUSTIVE || cases.isEmpty()
                ? cases.stream()
                : Stream.of(cases.get(Math.floorMod(SEED + whose.hashCode(), cases.size())));
    }

    /** {@return whether it has its turn today, always with {@code -Pexhaustive}} */
    static boolean hasTurn(String whose, int turn, int of) {
        return EXHAUSTIVE || hasTurn(whose, turn, of, SEED);
    }

    /**
     * Of the same number of days each turn is once, in an order that is another for each name and each time: what a name has
     * by {@link #oneOf}, too, differs from one turn to the next.
     */
    static boolean hasTurn(String whose, int turn, int of, long day) {
        int first = random(whose.hashCode() + Math.floorDiv(day, of)).nextInt(of);
        return Math.floorMod(day + first, of) == turn;
    }

    /**
     * Returns seeds for cases that are made up at random: 1, 2, … and some that are others each day.
     *
     * @param whole how many there are with {@code -Pexhaustive}: 1, 2, … alone
     */
    public static LongStream seeds(int fixed, int seeded, int whole) {
        return EXHAUSTIVE ? LongStream.rangeClosed(1, whole) : partOfSeeds(fixed, seeded, whole, SEED);
    }

    static LongStream partOfSeeds(int fixed, int seeded, int whole, long seed) {
        return LongStream.concat(
                LongStream.rangeClosed(1, fixed), random(seed).longs(seeded, whole + 1L, Integer.MAX_VALUE));
    }

    static <T> List<T> part(List<T> cases, int fixed, int seeded, long seed) {
        List<Integer> others = new ArrayList<>();
        for (int i = fixed; i < cases.size(); i++) {
            others.add(i);
        }
        Collections.shuffle(others, random(seed));
        Set<Integer> chosen = new HashSet<>(others.subList(0, Math.min(seeded, others.size())));
        List<T> part = new ArrayList<>();
        for (int i = 0; i < cases.size(); i++) {
            if (i < fixed || chosen.contains(i)) {
                part.add(cases.get(i));
            }
        }
        return part;
    }

    /** The first numbers of neighbouring seeds are alike: they are spread. */
    private static Random random(long seed) {
        return new Random(seed * 0x9e3779b97f4a7c15L);
    }
}
