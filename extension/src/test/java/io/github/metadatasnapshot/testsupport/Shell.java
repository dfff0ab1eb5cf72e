package io.github.metadatasnapshot.testsupport;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.TimeUnit;

/** Runs what somebody would paste into a terminal. */
public final class Shell {

    private Shell() {}

    /** {@return what a command prints that succeeds; it is given the input as if it were typed} */
    public static String run(String command, String input) {
        try {
            Process process = new ProcessBuilder("sh", "-c", command.replace(" -it ", " -i "))
                    .redirectErrorStream(true)
                    .start();
            try (var stdin = process.outputWriter(UTF_8)) {
                stdin.write(input);
            }
            try (InputStream output = process.getInputStream()) {
                String printed = new String(output.readAllBytes(), UTF_8);
                assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
                assertThat(process.exitValue()).as(printed).isZero();
                return printed.strip();
            }
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
