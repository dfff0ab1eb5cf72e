package io.github.metadatasnapshot.benchmarks;

import static java.util.stream.Collectors.joining;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * What a run has measured, for people and for machines.
 *
 * @param measurements the measurements
 * @param rounds of how many rounds each is the median
 * @param machine what it was measured on, and when
 */
record Results(List<Measurement> measurements, int rounds, String machine) {

    static Results of(List<Measurement> measurements, int rounds) {
        return new Results(measurements, rounds, describeMachine());
    }

    String text() {
        List<Goal.Result> goals = Goal.results(measurements);
        return Stream.of(
                        Stream.of(heading(), "", Measurement.HEADING),
                        measurements.stream().map(Measurement::line),
                        goals.isEmpty() ? Stream.<String>of() : Stream.of("", "Goals"),
                        goals.stream().map(Goal.Result::line))
                .flatMap(lines -> lines)
                .collect(joining("\n", "", "\n"));
    }

    String json() {
        return measurements.stream().map(Measurement::json).collect(joining(",\n  ", "[\n  ", "\n]\n"));
    }

    String markdown() {
        List<Goal.Result> goals = Goal.results(measurements);
        return Stream.of(
                        Stream.of(
                                heading(),
                                "",
                                "| benchmark | database | size | candidate | median ms | ratio to by hand | |",
                                "| --- | --- | --- | --- | ---: | ---: | --- |"),
                        measurements.stream().map(Measurement::markdown),
                        goals.isEmpty()
                                ? Stream.<String>of()
                                : Stream.of(
                                        "",
                                        "| benchmark | database | size | what | goal | reached | |",
                                        "| --- | --- | --- | --- | --- | ---: | --- |"),
                        goals.stream().map(Goal.Result::markdown))
                .flatMap(lines -> lines)
                .collect(joining("\n", "", "\n"));
    }

    private String heading() {
        return "Medians of " + rounds + (rounds == 1 ? " round, " : " rounds, ") + machine;
    }

    private static String describeMachine() {
        return String.format(
                Locale.ROOT,
                "%s: %d cores%s, %.0f GB of memory, %s %s, Java %s",
                LocalDate.now(ZoneOffset.UTC),
                Runtime.getRuntime().availableProcessors(),
                processor(),
                memoryBytes() / 1e9,
                System.getProperty("os.name"),
                System.getProperty("os.arch"),
                System.getProperty("java.version"));
    }

    private static double memoryBytes() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof com.sun.management.OperatingSystemMXBean system
                ? system.getTotalMemorySize()
                : 0;
    }

    /** {@return the name of the processor, where the system tells it} */
    private static String processor() {
        try (Stream<String> lines = Files.lines(Path.of("/proc/cpuinfo"))) {
            return lines.filter(line -> line.startsWith("model name"))
                    .findFirst()
                    .map(line -> " of " + line.replaceFirst("^[^:]*:\\s*", ""))
                    .orElse("");
        } catch (IOException e) {
            return "";
        }
    }
}
