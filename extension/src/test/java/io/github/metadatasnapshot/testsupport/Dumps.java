package io.github.metadatasnapshot.testsupport;

import io.github.metadatasnapshot.backup.Backup;
import io.github.metadatasnapshot.server.TestDatabase;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Dumps of databases in containers, taken by the server's own tool as a test goes on. */
public final class Dumps {

    private Dumps() {}

    /** Dumps a database into a new file, with further options. */
    public static Backup of(TestDatabase database, Path directory, String... options) {
        try {
            Path file = Files.createTempFile(directory, "dump", ".sql");
            ByteArrayOutputStream errors = new ByteArrayOutputStream();
            int status;
            try (OutputStream out = Files.newOutputStream(file)) {
                status = database.server()
                        .clientHost()
                        .orElseThrow()
                        .run(
                                database.engine()
                                        .dumpTool()
                                        .command(
                                                "127.0.0.1",
                                                database.engine().port(),
                                                database.user(),
                                                database.name(),
                                                false,
                                                List.of(options)),
                                Map.of(database.engine().passwordVariable(), database.password()),
                                InputStream.nullInputStream(),
                                out,
                                errors);
            }
            if (status != 0) {
                throw new AssertionError(errors.toString(StandardCharsets.UTF_8));
            }
            return Backup.locate(file.toString(), Dumps.class.getClassLoader());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
