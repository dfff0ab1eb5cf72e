package io.github.metadatasnapshot.restore;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.luben.zstd.ZstdOutputStream;
import io.github.metadatasnapshot.backup.Backup;
import io.github.metadatasnapshot.engine.Engine;
import io.github.metadatasnapshot.engine.HistoryTable;
import io.github.metadatasnapshot.server.DatabaseServer;
import io.github.metadatasnapshot.server.TestDatabase;
import io.github.metadatasnapshot.testsupport.Sample;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;

/**
 * Loads 512 MiB, 1 GiB with {@code -Pexhaustive}, which is more than the heap of this JVM holds several times over: the build
 * runs its subclasses with {@code -Xmx128m}, side by side.
 */
@Tag("big")
abstract class BigBackups {

    private static final long BYTES = Sample.exhaustive() ? 1L << 30 : 512L << 20;
    private static final int ROW_BYTES = 4096;
    private static final int ROWS_PER_INSERT = 200;
    private static final long ROWS = BYTES / ROW_BYTES;

    @TempDir
    private Path folder;

    final void loads(DatabaseServer server) throws IOException {
        assertThat(Runtime.getRuntime().maxMemory()).as("heap").isLessThanOrEqualTo(128L << 20);
        Path file = write(server.engine());
        Backup backup = Backup.locate(file.toString(), getClass().getClassLoader());
        try (TestDatabase database = server.createDatabase()) {
            Restore restore =
                    Restore.run(database, backup, new StrictClient(), new HistoryTable("", HistoryTable.DEFAULT_NAME));

            assertThat(restore.report().errors()).isEmpty();
            assertThat(restore.verdict()).isEqualTo(RestoreVerdict.RESTORED);
            assertThat(restore.after().totalRows()).isEqualTo(ROWS + 1);
        }
    }

    /** Writes a dump as the engine's tool does, so regular that it takes little room on disk. */
    private Path write(Engine engine) throws IOException {
        boolean postgreSql = engine == Engine.POSTGRESQL;
        Path file = folder.resolve("big.sql.zst");
        String text = "x".repeat(ROW_BYTES - 10);
        try (OutputStream out =
                new BufferedOutputStream(new ZstdOutputStream(Files.newOutputStream(file), 1), 1 << 16)) {
            print(
                    out,
                    (postgreSql ? "-- PostgreSQL database dump\n\n" : "-- " + engine.displayName() + " dump 10.13\n\n")
                            + "CREATE TABLE flyway_schema_history (installed_rank INT PRIMARY KEY, version VARCHAR(50),"
                            + " description VARCHAR(200), type VARCHAR(20), script VARCHAR(1000), checksum INT,"
                            + " installed_by VARCHAR(100), installed_on TIMESTAMP, execution_time INT, success BOOLEAN);\n"
                            + "INSERT INTO flyway_schema_history VALUES (1, '1', 'big', 'SQL', 'V1__big.sql', 1, 'me',"
                            + " '2026-01-01 00:00:00', 1, true);\n"
                            + "CREATE TABLE big (id INT PRIMARY KEY, text TEXT NOT NULL);\n");
            if (postgreSql) {
                print(out, "COPY big (id, text) FROM stdin;\n");
                for (long id = 0; id < ROWS; id++) {
                    print(out, id + "\t" + text + "\n");
                }
                print(out, "\\.\n\n-- PostgreSQL database dump complete\n");
            } else {
                for (long id = 0; id < ROWS; id++) {
                    boolean first = id % ROWS_PER_INSERT == 0;
                    boolean last = id % ROWS_PER_INSERT == ROWS_PER_INSERT - 1 || id == ROWS - 1;
                    print(
                            out,
                            (first ? "INSERT INTO `big` VALUES " : ",") + "(" + id + ",'" + text + "')"
                                    + (last ? ";\n" : ""));
                }
                print(out, "\n-- Dump completed on 2026-01-01  0:00:00\n");
            }
        }
        return file;
    }

    private static void print(OutputStream out, String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.UTF_8));
    }
}
