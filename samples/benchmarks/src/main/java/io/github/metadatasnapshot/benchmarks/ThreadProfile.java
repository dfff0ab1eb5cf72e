package io.github.metadatasnapshot.benchmarks;

import static java.util.stream.Collectors.joining;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What the threads of a run wait for or work at, looked at every 10 milliseconds: the time since the look before is divided
 * among the tests that are busy, so that the parts make up the run. A test that waits for another thread of the run is not busy;
 * what goes on beside the tests counts where none of them is.
 */
final class ThreadProfile {

    /** What a thread is busy with. */
    enum Part {
        /** Flyway, with the migrations that the server runs for it. */
        FLYWAY("Flyway", true),
        /** Waiting for the server: what it is asked over JDBC, and its start and stop. */
        SERVER("server", true),
        /** The engine's client and dump tool, which load backups and copy databases. */
        CLIENT("client", true),
        /** JDBC drivers at work on what the server sent. */
        DRIVER("everything else: JDBC driver", false),
        /** The extension's own code. */
        EXTENSION("everything else: extension", false),
        /** Nothing of the extension runs: the JVM starts, and JUnit finds the tests. */
        JVM("everything else: JVM and JUnit", false);

        final String description;
        final boolean needed;

        Part(String description, boolean needed) {
            this.description = description;
            this.needed = needed;
        }
    }

    private record Busy(Part part, String place) {}

    private static final int INTERVAL_MILLIS = 10;
    private static final int MOST_PLACES = 40;
    private static final int PLACE_FRAMES = 4;
    private static final String EXTENSION = "io.github.metadatasnapshot.";
    private static final String BENCHMARKS = EXTENSION + "benchmarks.";
    private static final List<String> DRIVERS = List.of("org.postgresql.", "com.mysql.", "org.mariadb.jdbc.");

    private final Map<Part, Double> nanos = new EnumMap<>(Part.class);
    private final Map<String, Double> places = new HashMap<>();
    private final Thread sampler = new Thread(this::sample, "profile");
    private volatile boolean stopped;

    void start() {
        long sinceStart = System.currentTimeMillis()
                - ManagementFactory.getRuntimeMXBean().getStartTime();
        nanos.put(Part.JVM, sinceStart * 1_000_000.0);
        sampler.setDaemon(true);
        sampler.start();
    }

    /**
     * Ends the profile.
     *
     * @return a line {@code PART nanoseconds} for each part; after an empty one the places of the extension that took most, in
     *     milliseconds
     */
    String stop() throws InterruptedException {
        stopped = true;
        sampler.join();
        String parts = Stream.of(Part.values())
                .map(part -> String.format(Locale.ROOT, "%s %.0f%n", part, nanos.getOrDefault(part, 0.0)))
                .collect(joining());
        return places.entrySet().stream()
                .sorted(Map.Entry.<String, Double>comparingByValue().reversed())
                .limit(MOST_PLACES)
                .map(place -> String.format(Locale.ROOT, "%8.0f  %s%n", place.getValue() / 1_000_000, place.getKey()))
                .collect(joining("", parts + System.lineSeparator(), ""));
    }

    private void sample() {
        long last = System.nanoTime();
        while (!stopped) {
            try {
                Thread.sleep(INTERVAL_MILLIS);
            } catch (InterruptedException e) {
                return;
            }
            Map<Thread, StackTraceElement[]> tests = new HashMap<>();
            Map<Thread, StackTraceElement[]> others = new HashMap<>();
            Thread.getAllStackTraces().forEach((thread, stack) -> {
                if (has(stack, "org.junit.")) {
                    tests.put(thread, stack);
                } else if (thread.getState() != Thread.State.TIMED_WAITING) {
                    others.put(thread, stack);
                }
            });
            List<Busy> busy = busy(tests);
            if (busy.isEmpty()) {
                busy = busy(others);
            }
            long now = System.nanoTime();
            double each = (double) (now - last) / Math.max(1, busy.size());
            if (busy.isEmpty()) {
                nanos.merge(Part.JVM, each, Double::sum);
            }
            for (Busy thread : busy) {
                nanos.merge(thread.part(), each, Double::sum);
                places.merge(thread.part() + " " + thread.place(), each, Double::sum);
            }
            last = now;
        }
    }

    private static List<Busy> busy(Map<Thread, StackTraceElement[]> threads) {
        List<Busy> busy = new ArrayList<>();
        threads.forEach((thread, stack) ->
                part(thread.getState(), stack).ifPresent(part -> busy.add(new Busy(part, place(stack)))));
        return busy;
    }

    /** {@return what a thread is busy with; empty where it is not, or is none of the extension's} */
    static Optional<Part> part(Thread.State state, StackTraceElement[] stack) {
        if (!has(stack, EXTENSION)) {
            return Optional.empty();
        }
        if (has(stack, "org.flywaydb.")) {
            return Optional.of(Part.FLYWAY);
        }
        if (has(stack, EXTENSION + "server.ContainerClientHost")) {
            return Optional.of(Part.CLIENT);
        }
        if (has(stack, "org.testcontainers.") || has(stack, "com.github.dockerjava.")) {
            return Optional.of(Part.SERVER);
        }
        if (DRIVERS.stream().anyMatch(driver -> has(stack, driver))) {
            return Optional.of(isInSocket(stack) ? Part.SERVER : Part.DRIVER);
        }
        return state == Thread.State.WAITING || state == Thread.State.BLOCKED
                ? Optional.empty()
                : Optional.of(Part.EXTENSION);
    }

    /** {@return the innermost frames of the extension} */
    private static String place(StackTraceElement[] stack) {
        return Stream.of(stack)
                .filter(frame -> frame.getClassName().startsWith(EXTENSION))
                .limit(PLACE_FRAMES)
                .map(frame -> frame.getClassName().substring(EXTENSION.length()) + "." + frame.getMethodName() + ":"
                        + frame.getLineNumber())
                .collect(joining(" < "));
    }

    private static boolean isInSocket(StackTraceElement[] stack) {
        String top = stack[0].getClassName();
        return top.startsWith("sun.nio.ch.") || top.startsWith("java.net.");
    }

    private static boolean has(StackTraceElement[] stack, String prefix) {
        return Stream.of(stack)
                .map(StackTraceElement::getClassName)
                .anyMatch(name -> name.startsWith(prefix) && !name.startsWith(BENCHMARKS));
    }
}
