package io.github.metadatasnapshot.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Properties;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** What the benchmarks calculate from what they have measured. */
class ArithmeticTests {

    @Nested
    class Medians {

        @Test
        void areInTheMiddleAndBetweenTheTwoInTheMiddle() {
            assertThat(Rounds.medianMillis(new long[] {9_000_000, 1_000_000, 2_000_000}))
                    .isEqualTo(2);
            assertThat(Rounds.medianMillis(new long[] {9_000_000, 1_000_000, 2_000_000, 5_000_000}))
                    .isEqualTo(3.5);
        }

        @Test
        void leaveTheWarmUpOutAndAreHeldAgainstTheFirstCandidate() throws Exception {
            Iterator<Long> byHand =
                    List.of(99_000_000L, 8_000_000L, 10_000_000L, 12_000_000L).iterator();
            Iterator<Long> other =
                    List.of(99_000_000L, 1_000_000L, 5_000_000L, 5_000_000L).iterator();
            List<Measurement> measured = new Rounds("postgres:17", 3, true)
                    .measure(
                            "clone",
                            "5 MB",
                            List.of(Candidate.timed("by hand", byHand::next), Candidate.timed("other", other::next)));
            assertThat(measured).containsExactly(measurement("by hand", 10, 1), measurement("other", 5, 0.5));
        }

        private static Measurement measurement(String candidate, double millis, double ratio) {
            return ArithmeticTests.measurement("clone", "postgres:17", candidate, millis, ratio);
        }
    }

    @Nested
    class SoakTests {

        private final Soak.Left first = new Soak.Left(24, 3, 1, 26, 9, 256);

        @Test
        void passWhereNoMoreIsLeft() {
            assertThat(new Soak.Left(25, 3, 1, 26, 9, 255).beyond(first)).isEmpty();
        }

        @Test
        void nameWhatIsMore() {
            assertThat(new Soak.Left(63, 8, 2, 31, 14, 353).beyond(first))
                    .containsExactly(
                            "heap (MB): 63, at most 62",
                            "threads: 8, at most 7",
                            "containers: 2, at most 1",
                            "databases: 31, at most 30",
                            "connections: 14, at most 13",
                            "disk (MB): 353, at most 352");
        }
    }

    @Nested
    class CellsByHand {

        private static final List<Integer> CELLS =
                IntStream.range(0, 45).boxed().toList();

        @Test
        void areSpreadEvenlyAndOthersInEachRound() {
            CellSample sample = new CellSample(OptionalInt.of(3), 5);
            assertThat(sample.of(CELLS, 0)).containsExactly(1, 16, 31);
            assertThat(sample.of(CELLS, 4)).containsExactly(13, 28, 43);
            Set<Integer> seen = IntStream.range(0, 5)
                    .boxed()
                    .flatMap(round -> sample.of(CELLS, round).stream())
                    .collect(Collectors.toSet());
            assertThat(seen).hasSize(15);
        }

        @Test
        void areAllWhereAllAreAskedForOrMoreThanThereAre() {
            assertThat(new CellSample(OptionalInt.empty(), 2).of(CELLS, 1)).isEqualTo(CELLS);
            assertThat(new CellSample(OptionalInt.of(100), 2).of(CELLS, 0)).isEqualTo(CELLS);
        }

        @Test
        void takeInProportionWhatAllTake() {
            assertThat(CellSample.scale(300, 3, 45)).isEqualTo(4500);
        }
    }

    @Nested
    class Goals {

        @Test
        void areMetOrMissedByWhatWasMeasuredOnTheSameDatabaseAndSize() {
            List<Goal.Result> results = Goal.results(List.of(
                    measurement(MatrixBenchmark.NAME, "postgres:17", MatrixBenchmark.BY_HAND, 310_000, 1),
                    measurement(MatrixBenchmark.NAME, "postgres:17", MatrixBenchmark.SHARED, 69_000, 0.2),
                    measurement(MatrixBenchmark.NAME, "postgres:17", MatrixBenchmark.EXTENSION, 10_000, 0.03),
                    measurement(MatrixBenchmark.NAME, "mysql:9.7", MatrixBenchmark.EXTENSION, 1, 1)));
            assertThat(results).extracting(Goal.Result::met).containsExactly(true, false);
            assertThat(results.get(1).markdown())
                    .isEqualTo("| matrix | postgres:17 | 5 MB | extension against by hand, shared | ≥ 7 × as fast"
                            + " | 6.9 × | **missed** |");
        }

        @Test
        void askForAShareOrATime() {
            List<Goal.Result> results = Goal.results(List.of(
                    new Measurement(
                            MatrixBenchmark.PROFILE,
                            "mysql:9.7",
                            "5 MB",
                            MatrixBenchmark.EVERYTHING_ELSE,
                            100,
                            0,
                            OptionalInt.empty(),
                            OptionalDouble.of(0.11)),
                    measurement("clone", "mysql:9.7", CloneBenchmark.HANDED_OUT, 59.9, 1)));
            assertThat(results)
                    .extracting(Goal.Result::line)
                    .satisfiesExactly(
                            share -> assertThat(share).startsWith("MISSED").endsWith("11.0 %"),
                            time -> assertThat(time).startsWith("met").endsWith("59.9 ms"));
        }
    }

    @Test
    void aMeasurementSaysOfHowManyCellsItIsMadeUp() {
        Measurement measured = new Measurement(
                "matrix", "mysql:9.7", "5 MB", "by hand", 1234.56, 1, OptionalInt.of(9), OptionalDouble.empty());
        assertThat(measured.json())
                .isEqualTo("{\"name\": \"matrix\", \"engine\": \"mysql:9.7\", \"size\": \"5 MB\", \"candidate\":"
                        + " \"by hand\", \"medianMillis\": 1234.6, \"ratioToByHand\": 1.0000, \"sampledCells\": 9}");
        assertThat(measured.line()).endsWith("calculated from 9 cells a round");
    }

    @Test
    void aMeasurementComesBackFromAnotherJvmAsItWas() {
        Measurement measured = measurement("loader", "mysql:9.7", "client", 12.345678, 1.0 / 3);
        assertThat(Measurement.parse(measured.tabs())).isEqualTo(measured);
    }

    @Nested
    class Profiles {

        @Test
        void tellWhatAThreadIsBusyWithFromTheOuterToTheInner() {
            assertThat(part(Thread.State.RUNNABLE, "sun.nio.ch.Net", "org.postgresql.X", "org.flywaydb.Y", OURS))
                    .contains(ThreadProfile.Part.FLYWAY);
            assertThat(part(Thread.State.RUNNABLE, "sun.nio.ch.Net", "org.postgresql.X", OURS))
                    .contains(ThreadProfile.Part.SERVER);
            assertThat(part(Thread.State.RUNNABLE, "java.lang.String", "org.postgresql.X", OURS))
                    .contains(ThreadProfile.Part.DRIVER);
            assertThat(part(
                            Thread.State.WAITING,
                            "java.util.concurrent.CountDownLatch",
                            "io.github.metadatasnapshot.server.ContainerClientHost",
                            OURS))
                    .contains(ThreadProfile.Part.CLIENT);
            assertThat(part(Thread.State.RUNNABLE, "java.lang.String", OURS)).contains(ThreadProfile.Part.EXTENSION);
        }

        @Test
        void leaveOutWhoWaitsForAnotherThreadAndWhoIsNotOfTheExtension() {
            assertThat(part(Thread.State.WAITING, "java.util.concurrent.FutureTask", OURS))
                    .isEmpty();
            assertThat(part(Thread.State.RUNNABLE, "org.junit.X", "io.github.metadatasnapshot.benchmarks.MatrixRun"))
                    .isEmpty();
        }

        private static final String OURS = "io.github.metadatasnapshot.snapshot.Memo";

        private static Optional<ThreadProfile.Part> part(Thread.State state, String... stack) {
            return ThreadProfile.part(
                    state,
                    Arrays.stream(stack)
                            .map(name -> new StackTraceElement(name, "run", null, 1))
                            .toArray(StackTraceElement[]::new));
        }

        @Test
        void makeUpTheTimeThatThereWas() throws Exception {
            ThreadProfile profile = new ThreadProfile();
            profile.start();
            long start = System.nanoTime();
            Thread.sleep(100);
            String[] lines =
                    profile.stop().lines().takeWhile(line -> !line.isEmpty()).toArray(String[]::new);
            double elapsed = System.nanoTime() - start;
            assertThat(lines).hasSize(ThreadProfile.Part.values().length);
            double sinceStart = System.currentTimeMillis()
                    - ManagementFactory.getRuntimeMXBean().getStartTime();
            double sum = Arrays.stream(lines)
                    .mapToDouble(line -> Double.parseDouble(line.split(" ", -1)[1]))
                    .sum();
            assertThat(sum / 1e6).isCloseTo(sinceStart, within(elapsed / 1e6));
        }
    }

    @Nested
    class Choices {

        @Test
        void areReadFromProperties() {
            Properties properties = new Properties();
            properties.putAll(
                    Map.of("benchmark.only", "matrix, clone", "benchmark.cells", "all", "benchmark.sizes", "1"));
            Options options = Options.read(properties);
            assertThat(options.only()).containsExactly("matrix", "clone");
            assertThat(options.cells()).isEmpty();
            assertThat(options.sizes()).containsExactly(1);
            assertThat(options.rounds()).isEqualTo(5);
        }

        @Test
        void areRefusedWhereThereAreNone() {
            Properties properties = new Properties();
            properties.put("benchmark.only", "matrx");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Options.read(properties))
                    .withMessage(
                            "benchmark.only: there is no benchmark matrx, only [startup, shape, data, clone, loader,"
                                    + " matrix, soak]");
            properties.clear();
            properties.put("benchmark.rounds", "0");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Options.read(properties))
                    .withMessage("benchmark.rounds: '0' is no number above 0");
        }
    }

    private static Measurement measurement(String name, String engine, String candidate, double millis, double ratio) {
        return new Measurement(
                name, engine, "5 MB", candidate, millis, ratio, OptionalInt.empty(), OptionalDouble.empty());
    }
}
