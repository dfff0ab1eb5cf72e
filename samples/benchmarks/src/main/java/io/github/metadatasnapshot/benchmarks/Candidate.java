package io.github.metadatasnapshot.benchmarks;

/**
 * One way to do what a benchmark is about.
 *
 * @param name what it is called in the table
 * @param task does it once
 */
record Candidate(String name, Task task) {

    /** What is timed. */
    @FunctionalInterface
    interface Task {
        void run() throws Exception;
    }
}
