package io.github.metadatasnapshot.testsupport;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.metadatasnapshot.server.ServerProvider;
import io.github.metadatasnapshot.server.ServerSettings;
import io.github.metadatasnapshot.server.ServerSpec;
import io.github.metadatasnapshot.server.Servers;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.testkit.engine.Event;
import org.junit.platform.testkit.engine.EventType;

/** Runs classes through the JUnit Platform in a process that finds no Docker engine, wherever there is one. */
public final class WithoutDocker {

    private static final String RESULT = "result: ";

    private WithoutDocker() {}

    /** {@return what came of each test, such as {@code AccountTest: skipped: Not run: …}} */
    public static List<String> run(Map<String, String> settings, Class<?>... testClasses) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                ProcessHandle.current().info().command().orElse("java"),
                "-cp",
                System.getProperty("java.class.path"),
                "-Dorg.slf4j.simpleLogger.defaultLogLevel=off",
                WithoutDocker.class.getName()));
        Stream.of(testClasses).map(Class::getName).forEach(command::add);
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().remove("DOCKER_HOST");
        Process process = builder.start();
        Properties properties = new Properties();
        properties.putAll(settings);
        try (var input = process.outputWriter(UTF_8)) {
            properties.store(input, null);
        }
        try (InputStream output = process.getInputStream()) {
            String printed = new String(output.readAllBytes(), UTF_8);
            List<String> results = printed.lines()
                    .filter(line -> line.startsWith(RESULT))
                    .map(line -> line.substring(RESULT.length()))
                    .toList();
            if (results.isEmpty()) {
                throw new AssertionError(printed);
            }
            return results;
        }
    }

    /** Runs the classes that the arguments name, with the settings on standard input. */
    public static void main(String[] classes) throws IOException, ClassNotFoundException {
        Properties settings = new Properties();
        settings.load(System.in);
        // Testcontainers looks for an engine on systems that it knows, and once.
        String system = System.setProperty("os.name", "Plan 9");
        try (Servers servers = new Servers(new ServerSettings(ServerProvider.CONTAINER, Map.of()))) {
            if (servers.whyUnavailable(ServerSpec.parse("postgres:17")).isEmpty()) {
                throw new IllegalStateException("A Docker engine was found all the same");
            }
        }
        System.setProperty("os.name", system);
        for (String name : classes) {
            Map<String, String> all = settings.stringPropertyNames().stream()
                    .collect(Collectors.toMap(key -> key, settings::getProperty));
            TestKit.run(Class.forName(name), all).testEvents().stream()
                    .filter(event -> event.getType() != EventType.STARTED)
                    .map(WithoutDocker::describe)
                    .filter(text -> !text.isEmpty())
                    .forEach(text -> System.out.println(
                            RESULT + name.replaceFirst(".*\\$", "") + ": " + text.replaceAll("\\R", " ")));
        }
        System.exit(0);
    }

    private static String describe(Event event) {
        if (event.getType() == EventType.SKIPPED) {
            return "skipped: " + event.getRequiredPayload(String.class);
        }
        return event.getPayload(TestExecutionResult.class)
                .map(result -> result.getStatus().name().toLowerCase(Locale.ROOT) + ": "
                        + result.getThrowable().map(Throwable::getMessage).orElse(""))
                .orElse("");
    }
}
