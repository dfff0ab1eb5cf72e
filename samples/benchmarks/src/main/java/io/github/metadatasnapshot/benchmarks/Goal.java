package io.github.metadatasnapshot.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * What a candidate is to reach.
 *
 * @param name the benchmark
 * @param database what the image begins with
 * @param size how much there is to do; empty for any
 * @param candidate whose time is held against it
 * @param against the candidate that it is compared with; empty where the time stands for itself
 * @param measure how they are compared
 * @param limit the goal
 */
record Goal(
        String name, String database, String size, String candidate, String against, Measure measure, double limit) {

    enum Measure {
        TIMES_FASTER("≥ %.0f × as fast", "%.1f ×"),
        TIMES_AS_LONG("≤ %.2f × as long", "%.2f ×"),
        MILLIS("< %.0f ms", "%.1f ms"),
        SHARE("≤ %.0f %% of the run", "%.1f %%");

        private final String goal;
        private final String value;

        Measure(String goal, String value) {
            this.goal = goal;
            this.value = value;
        }
    }

    static final List<Goal> ALL = List.of(
            faster("postgres", "5 MB", MatrixBenchmark.BY_HAND, 30),
            faster("postgres", "100 MB", MatrixBenchmark.BY_HAND, 32),
            faster("mysql", "5 MB", MatrixBenchmark.BY_HAND, 15),
            faster("mysql", "100 MB", MatrixBenchmark.BY_HAND, 20),
            faster("postgres", "", MatrixBenchmark.SHARED, 7),
            faster("mysql", "", MatrixBenchmark.SHARED, 4),
            new Goal(MatrixBenchmark.PROFILE, "", "", MatrixBenchmark.EVERYTHING_ELSE, "", Measure.SHARE, 10),
            new Goal("clone", "postgres", "", CloneBenchmark.COPY, CloneBenchmark.TEMPLATE, Measure.TIMES_AS_LONG, 1.3),
            new Goal(
                    "clone",
                    "mysql",
                    "5 MB",
                    CloneBenchmark.COPY,
                    CloneBenchmark.DATA_DIRECTORY,
                    Measure.TIMES_AS_LONG,
                    1.2),
            new Goal("clone", "mysql", "5 MB", CloneBenchmark.HANDED_OUT, "", Measure.MILLIS, 60),
            new Goal("loader", "", "", LoaderBenchmark.JDBC, LoaderBenchmark.CLIENT, Measure.TIMES_AS_LONG, 1.05),
            new Goal("loader", "", "", LoaderBenchmark.PROCEDURE, LoaderBenchmark.CLIENT, Measure.TIMES_AS_LONG, 1.05));

    private static Goal faster(String database, String size, String against, double times) {
        return new Goal(
                MatrixBenchmark.NAME, database, size, MatrixBenchmark.EXTENSION, against, Measure.TIMES_FASTER, times);
    }

    /**
     * How far a goal was reached.
     *
     * @param goal the goal
     * @param measured what it was reached by
     * @param value what is held against the limit
     */
    record Result(Goal goal, Measurement measured, double value) {

        boolean met() {
            return goal.measure == Measure.TIMES_FASTER
                    ? value >= goal.limit
                    : goal.measure == Measure.MILLIS ? value < goal.limit : value <= goal.limit;
        }

        String line() {
            return String.format(
                    Locale.ROOT,
                    "%-7s %-14s %-14s %-20s %-60s %-22s %s",
                    met() ? "met" : "MISSED",
                    measured.name(),
                    measured.engine(),
                    measured.size(),
                    what(),
                    wanted(),
                    reached());
        }

        String markdown() {
            return "| "
                    + String.join(
                            " | ",
                            measured.name(),
                            measured.engine(),
                            measured.size(),
                            what(),
                            wanted(),
                            reached(),
                            met() ? "met" : "**missed**")
                    + " |";
        }

        private String what() {
            return goal.candidate + (goal.against.isEmpty() ? "" : " against " + goal.against);
        }

        private String wanted() {
            return String.format(Locale.ROOT, goal.measure.goal, goal.limit);
        }

        private String reached() {
            return String.format(Locale.ROOT, goal.measure.value, value);
        }
    }

    /** {@return what came of the goals, of those that were measured} */
    static List<Result> results(List<Measurement> measurements) {
        List<Result> results = new ArrayList<>();
        for (Goal goal : ALL) {
            for (Measurement measured : measurements) {
                if (goal.isAbout(measured)) {
                    goal.value(measured, measurements)
                            .ifPresent(value -> results.add(new Result(goal, measured, value)));
                }
            }
        }
        return results;
    }

    private boolean isAbout(Measurement measured) {
        return measured.name().equals(name)
                && measured.engine().startsWith(database)
                && (size.isEmpty() || measured.size().equals(size))
                && measured.candidate().equals(candidate);
    }

    private Optional<Double> value(Measurement measured, List<Measurement> measurements) {
        Predicate<Measurement> isOther = other -> other.name().equals(name)
                && other.engine().equals(measured.engine())
                && other.size().equals(measured.size())
                && other.candidate().equals(against);
        return switch (measure) {
            case MILLIS -> Optional.of(measured.medianMillis());
            case SHARE -> Optional.of(measured.share().orElseThrow() * 100);
            case TIMES_FASTER ->
                measurements.stream()
                        .filter(isOther)
                        .findFirst()
                        .map(other -> other.medianMillis() / measured.medianMillis());
            case TIMES_AS_LONG ->
                measurements.stream()
                        .filter(isOther)
                        .findFirst()
                        .map(other -> measured.medianMillis() / other.medianMillis());
        };
    }
}
