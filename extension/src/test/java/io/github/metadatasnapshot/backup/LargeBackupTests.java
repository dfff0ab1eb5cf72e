package io.github.metadatasnapshot.backup;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.metadatasnapshot.engine.Engine;
import java.io.BufferedOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A backup that is ten times as large as the heap of the JVM that reads it. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class LargeBackupTests {

    private static final int MEGABYTES = 300;

    @TempDir
    private Path directory;

    /** What runs with little heap: names the engine and the file as arguments, prints what is in it. */
    static final class Inspect {

        private Inspect() {}

        public static void main(String[] arguments) {
            Engine engine = Engine.ofImage(arguments[0]).orElseThrow();
            BackupInfo info = Backup.locate("file:" + arguments[1], Inspect.class.getClassLoader())
                    .inspect(engine, "flyway_schema_history", Optional.empty());
            System.out.print(info.rows() + " " + info.bytes() / 1_000_000);
        }
    }

    private String inspect(String engine, Path backup) throws IOException, InterruptedException {
        Path output = directory.resolve("output");
        int status = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx32m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Inspect.class.getName(),
                        engine,
                        backup.toString())
                .redirectErrorStream(true)
                .redirectOutput(new File(output.toString()))
                .start()
                .waitFor();
        assertThat(status).as(Files.readString(output)).isZero();
        return Files.readString(output);
    }

    private Path write(String head, String block, String tail) throws IOException {
        Path file = directory.resolve("large.sql.gz");
        byte[] bytes = block.getBytes(UTF_8);
        try (OutputStream out = new BufferedOutputStream(
                new GZIPOutputStream(Files.newOutputStream(file), 1 << 16) {
                    {
                        def.setLevel(Deflater.BEST_SPEED);
                    }
                },
                1 << 16)) {
            out.write(head.getBytes(UTF_8));
            for (int i = 0; i < MEGABYTES; i++) {
                out.write(bytes);
            }
            out.write(tail.getBytes(UTF_8));
        }
        return file;
    }

    @Test
    void rowsOfACopy() throws Exception {
        String rows = "12345\tsome 'text'; \\N\n".repeat(50_000);

        Path backup = write("CREATE TABLE public.t (a integer, b text);\nCOPY public.t FROM stdin;\n", rows, "\\.\n");

        assertThat(inspect("postgres", backup)).isEqualTo("{t=15000000} " + MEGABYTES * rows.length() / 1_000_000);
    }

    @Test
    void longInserts() throws Exception {
        String rows = "(1,'some \\'text\\'; (')".concat(",(2,'some \\'text\\'; (')".repeat(50_000 - 1));
        String insert = "INSERT INTO `t` VALUES " + rows + ";\n";

        Path backup = write("CREATE TABLE `t` (a INT, b TEXT);\n", insert, "");

        assertThat(inspect("mysql", backup))
                .isEqualTo("{t=15000000} " + (MEGABYTES * insert.length() + 34) / 1_000_000);
    }
}
