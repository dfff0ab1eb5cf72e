package io.github.metadatasnapshot.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.metadatasnapshot.testsupport.RequiresDocker;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** An engine that answers, and a registry that does not: told at once, and as what it is. */
@RequiresDocker
class OutOfReachTests {

    private static final String REASON = "reason: ";

    /** Where Testcontainers has to pull the image by which it removes containers, as on every other machine. */
    @Test
    @Timeout(120)
    void theImageOfTestcontainersItselfIsNamedWithTheEnginesAnswer() throws IOException {
        assertThat(reasons(false))
                .satisfiesExactly(
                        before -> assertThat(before)
                                .startsWith("postgres:17 cannot run here: a Docker engine answers, but the image"
                                        + " localhost:1/testcontainers/ryuk, by which Testcontainers removes its"
                                        + " containers, is not on this machine and cannot be pulled. Docker said: ")
                                .contains("refused")
                                .contains("TESTCONTAINERS_RYUK_DISABLED=true"),
                        asked -> assertThat(asked)
                                .startsWith("ServerUnavailableException: postgres:17 cannot run here: a"),
                        millis -> assertThat(Long.parseLong(millis)).isLessThan(30_000L));
    }

    /** What is not there by a registry's fault is an error in any case, not a database that cannot run here. */
    @Test
    @Timeout(120)
    void theImageOfADatabaseIsNamedWithTheEnginesAnswer() throws IOException {
        assertThat(reasons(true))
                .satisfiesExactly(
                        before -> assertThat(before).isEqualTo("none"),
                        asked -> assertThat(asked)
                                .startsWith("ServerException: The image postgres:17 (localhost:1/postgres:17) is not on"
                                        + " this machine and cannot be pulled. Docker said: ")
                                .contains("refused")
                                .endsWith("Check the name and the tag (docker pull localhost:1/postgres:17), the"
                                        + " connection to the registry and, for a private one, docker login"),
                        millis -> assertThat(Long.parseLong(millis)).isLessThan(30_000L));
    }

    /** {@return what {@link #main} prints where no registry answers} */
    private static List<String> reasons(boolean ryukDisabled) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(
                        ProcessHandle.current().info().command().orElse("java"),
                        "-cp",
                        System.getProperty("java.class.path"),
                        "-Dorg.slf4j.simpleLogger.defaultLogLevel=off",
                        OutOfReachTests.class.getName())
                .redirectErrorStream(true);
        builder.environment().put("TESTCONTAINERS_HUB_IMAGE_NAME_PREFIX", "localhost:1/");
        builder.environment().put("TESTCONTAINERS_RYUK_DISABLED", "" + ryukDisabled);
        Process process = builder.start();
        String printed = new String(process.getInputStream().readAllBytes(), UTF_8);
        List<String> reasons = printed.lines()
                .filter(line -> line.startsWith(REASON))
                .map(line -> line.substring(REASON.length()))
                .toList();
        assertThat(reasons).as(printed).isNotEmpty();
        return reasons;
    }

    /** What the tests run. */
    public static void main(String[] arguments) {
        long start = System.nanoTime();
        ServerSpec spec = ServerSpec.parse("postgres:17");
        try (Servers servers = new Servers(new ServerSettings(ServerProvider.CONTAINER, Map.of()))) {
            Optional<String> reason = servers.whyUnavailable(spec);
            System.out.println(REASON + reason.orElse("none").replaceAll("\\R", " "));
            servers.get(spec);
        } catch (ServerException e) {
            System.out.println(REASON + (e.getClass().getSimpleName() + ": " + e.getMessage()).replaceAll("\\R", " "));
        }
        System.out.println(REASON + (System.nanoTime() - start) / 1_000_000);
        System.exit(0);
    }
}
