package io.github.metadatasnapshot.benchmarks;

import java.util.OptionalInt;

/**
 * One way to do what a benchmark is about.
 *
 * @param name what it is called in the table
 * @param timed does it once, and says how long that took
 * @param sampledCells of how many cells the time is made up, where they are not all
 */
record Candidate(String name, Timed timed, OptionalInt sampledCells) {

    /** A candidate whose task is timed as a whole. */
    Candidate(String name, Task task) {
        this(
                name,
                () -> {
                    long start = System.nanoTime();
                    task.run();
                    return System.nanoTime() - start;
                },
                OptionalInt.empty());
    }

    /** A candidate of which a part is timed. */
    static Candidate timed(String name, Timed timed) {
        return new Candidate(name, timed, OptionalInt.empty());
    }

    /** What is timed. */
    @FunctionalInterface
    interface Task {
        void run() throws Exception;
    }

    /** What times itself, in nanoseconds. */
    @FunctionalInterface
    interface Timed {
        long nanos() throws Exception;
    }
}
