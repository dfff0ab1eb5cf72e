package io.github.metadatasnapshot.benchmarks;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Runs a class of this module in a JVM of its own, as a build runs tests. */
final class Jvm {

    private Jvm() {}

    /**
     * Runs a class until its JVM ends.
     *
     * @param main the class
     * @param options options of the JVM
     * @param extraClassPath directories before the class path
     * @param arguments arguments of the class
     * @param log takes what it prints
     * @throws IOException if the JVM ends with another status than 0; the message has the end of what it printed
     */
    static void run(Class<?> main, List<String> options, List<Path> extraClassPath, List<String> arguments, Path log)
            throws IOException, InterruptedException {
        List<String> classPath = new ArrayList<>();
        extraClassPath.forEach(path -> classPath.add(path.toAbsolutePath().toString()));
        classPath.add(System.getProperty("java.class.path"));
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Dorg.slf4j.simpleLogger.defaultLogLevel=error"));
        command.addAll(options);
        command.add(main.getName());
        command.addAll(arguments);
        Files.createDirectories(log.toAbsolutePath().getParent());
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
        // Not as an argument: a class path is longer than one may be on some systems.
        builder.environment().putAll(Map.of("CLASSPATH", String.join(File.pathSeparator, classPath)));
        Process process = builder.start();
        int status;
        try {
            status = process.waitFor();
        } finally {
            process.destroy();
        }
        if (status != 0) {
            List<String> lines = Files.readAllLines(log);
            throw new IOException(main.getSimpleName() + " ended with status " + status + ", see " + log + ":\n"
                    + String.join("\n", lines.subList(Math.max(0, lines.size() - 40), lines.size())));
        }
    }
}
