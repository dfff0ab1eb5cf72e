package io.github.metadatasnapshot.testsupport;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.metadatasnapshot.server.ClientContainer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Makes copies of data directories, for tests that take them as backups. */
public final class DataDirectories {

    private DataDirectories() {}

    /** Runs a command in a container, which has to succeed. */
    public static void run(ClientContainer container, List<String> command, InputStream input, OutputStream output)
            throws IOException {
        ByteArrayOutputStream errors = new ByteArrayOutputStream();
        int status = container.host().run(command, Map.of(), input, output, errors);
        assertThat(status).as(errors.toString(UTF_8)).isZero();
    }

    /** Deletes the copies in a directory. */
    public static void delete(Path copies) throws IOException {
        try (Stream<Path> files = Files.list(copies)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
    }
}
