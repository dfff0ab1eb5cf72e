package io.github.metadatasnapshot.benchmarks;

import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import io.github.metadatasnapshot.MetadataDatabase;
import io.github.metadatasnapshot.MetadataSnapshot;
import io.github.metadatasnapshot.engine.Engine;
import io.github.metadatasnapshot.server.ServerSpec;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.LauncherSession;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;
import org.testcontainers.containers.JdbcDatabaseContainer;

/** From the start of the JVM until the first test runs, with the catalogue's first version in its database. */
public final class StartUpBenchmark {

    private static final String VERSION = "1.0";
    private static final String DATABASE = "benchmark.database";
    private static final String REACHED = "benchmark.reached";

    private StartUpBenchmark() {}

    static List<Measurement> run(Options options, Rounds rounds) throws Exception {
        List<Candidate> candidates = new ArrayList<>(List.of(
                candidate("Testcontainers, by hand", ByHandTest.class, "container", options, rounds),
                candidate("extension, container", ByExtensionTest.class, "container", options, rounds)));
        if (ServerSpec.parse(rounds.engine()).engine() == Engine.POSTGRESQL) {
            candidates.add(candidate("extension, embedded", ByExtensionTest.class, "embedded", options, rounds));
        }
        return rounds.measure("startup", "version " + VERSION, candidates);
    }

    private static Candidate candidate(String name, Class<?> test, String provider, Options options, Rounds rounds) {
        return Candidate.timed(name, () -> {
            Path reached = options.directory().resolve("startup.txt");
            Files.deleteIfExists(reached);
            long start = System.currentTimeMillis();
            Jvm.run(
                    StartUpBenchmark.class,
                    List.of("-D" + DATABASE + "=" + rounds.engine(), "-D" + REACHED + "=" + reached.toAbsolutePath()),
                    List.of(),
                    List.of(
                            test.getName(),
                            rounds.engine(),
                            provider,
                            options.directory()
                                    .resolve("startup-report")
                                    .toAbsolutePath()
                                    .toString()),
                    options.directory().resolve("startup.log"));
            return (Long.parseLong(Files.readString(reached)) - start) * 1_000_000;
        });
    }

    /**
     * Runs a test, and ends with status 1 unless it passes.
     *
     * @param arguments the test's class; the image; where the server comes from; where the report goes
     * @throws Exception if the test cannot be run
     */
    public static void main(String[] arguments) throws Exception {
        LauncherDiscoveryRequest request = LauncherDiscoveryRequestBuilder.request()
                .selectors(selectClass(arguments[0]))
                .configurationParameters(Map.of(
                        "metadatasnapshot.databases", arguments[1],
                        "metadatasnapshot.provider", arguments[2],
                        "metadatasnapshot.require", "true",
                        "metadatasnapshot.report.directory", arguments[3]))
                .build();
        SummaryGeneratingListener summaries = new SummaryGeneratingListener();
        try (LauncherSession session = LauncherFactory.openSession()) {
            session.getLauncher().execute(request, summaries);
        }
        summaries.getSummary().printFailuresTo(new PrintWriter(System.out, true, StandardCharsets.UTF_8));
        if (summaries.getSummary().getTestsSucceededCount() != 1) {
            System.exit(1);
        }
    }

    private static void reached() throws IOException {
        Files.writeString(Path.of(System.getProperty(REACHED)), String.valueOf(System.currentTimeMillis()));
    }

    /** As one writes it with Testcontainers. */
    static class ByHandTest {

        private static final String IMAGE = System.getProperty(DATABASE, "postgres:17");
        private static final JdbcDatabaseContainer<?> SERVER = ByHand.container(IMAGE);

        @BeforeAll
        static void migrate() {
            SERVER.start();
            new Catalog(ServerSpec.parse(IMAGE).engine())
                    .flyway(SERVER.getJdbcUrl(), SERVER.getUsername(), SERVER.getPassword(), VERSION)
                    .migrate();
        }

        @AfterAll
        static void stop() {
            SERVER.stop();
        }

        @Test
        void first() throws IOException {
            reached();
        }
    }

    /** As one writes it with the extension. */
    @MetadataSnapshot(
            databases = {"postgres:17", "mysql:9.7", "mariadb:11.8"},
            version = VERSION,
            locations = "db/migration/{engine}")
    static class ByExtensionTest {

        @Test
        void first(MetadataDatabase database) throws IOException {
            reached();
        }
    }
}
