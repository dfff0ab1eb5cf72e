package io.github.metadatasnapshot.backup;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.metadatasnapshot.engine.Engine;
import io.github.metadatasnapshot.engine.GuardSpec;
import io.github.metadatasnapshot.engine.SchemaHistory;
import io.github.metadatasnapshot.engine.TableName;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Captured files, and what becomes of them on the way. */
class CaptureFileTests {

    private static final String HISTORY = "flyway_schema_history";
    private static final Map<String, Engine> ENGINES =
            Map.of("postgresql", Engine.POSTGRESQL, "mysql", Engine.MYSQL, "mariadb", Engine.MARIADB);

    @TempDir
    private Path directory;

    private static Backup dump(Engine engine) {
        return Backup.locate("dumps/" + engine.id() + "/2-full.sql", CaptureFileTests.class.getClassLoader());
    }

    /** {@return what a capture of the dump would have written, one character a byte} */
    private static String captured(Engine engine) throws IOException {
        BackupInfo info = dump(engine).inspect(engine, HISTORY, Optional.empty());
        SchemaHistory history = info.history().orElseThrow();
        TableName table = new TableName(engine == Engine.POSTGRESQL ? "public" : "", HISTORY);
        CaptureInfo capture = new CaptureInfo(
                engine,
                "1.1",
                engine.dumpTool().program(),
                "1.1",
                BackupInfo.Kind.FULL,
                "2",
                table,
                Instant.parse("2024-05-01T10:00:00Z"),
                CaptureInfo.migrations(history));
        String guard =
                GuardMark.text(engine, new GuardSpec(history.version().orElseThrow(), history.applied(), table, true));
        try (InputStream in = dump(engine).open()) {
            String body = new String(in.readAllBytes(), ISO_8859_1);
            String head = body.startsWith("/*M!9") ? body.substring(0, body.indexOf('\n') + 1) : "";
            String preamble = CaptureText.header(capture) + guard + CaptureText.bodyMark();
            return head + preamble + body.substring(head.length()) + footer(preamble, body, info.rows());
        }
    }

    private static String footer(String preamble, String body, SortedMap<TableName, Long> rows) {
        Sha256 hash = new Sha256();
        hash.update(body.getBytes(ISO_8859_1), 0, body.length());
        return CaptureText.footer(new CaptureText.Footer(rows, CaptureText.head(preamble), hash.bytes(), hash.hex()));
    }

    private BackupInfo inspect(Engine engine, String content) throws IOException {
        Path file = Files.createTempFile(directory, "captured", ".sql");
        Files.write(file, content.getBytes(ISO_8859_1));
        return Backup.locate("file:" + file, getClass().getClassLoader()).inspect(engine, HISTORY, Optional.empty());
    }

    private AbstractThrowableAssert<?, ?> assertThatInspecting(Engine engine, String content) {
        return assertThatThrownBy(() -> inspect(engine, content)).isInstanceOf(BackupException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"postgresql", "mysql", "mariadb"})
    void saysWhatItIs(String id) throws IOException {
        Engine engine = ENGINES.get(id);
        BackupInfo info = inspect(engine, captured(engine));
        CaptureInfo capture = info.capture().orElseThrow();

        assertThat(capture.engine()).isEqualTo(engine);
        assertThat(capture.version()).isEqualTo("2");
        assertThat(capture.date()).isEqualTo("2024-05-01T10:00:00Z");
        assertThat(capture.migrations())
                .isEqualTo(CaptureInfo.migrations(info.history().orElseThrow()))
                .hasSize(2);
        assertThat(info.guard()).contains("2");
        assertThat(info.rows())
                .isEqualTo(
                        dump(engine).inspect(engine, HISTORY, Optional.empty()).rows());
    }

    @Test
    void anOrdinaryDumpIsNone() {
        BackupInfo info = dump(Engine.MYSQL).inspect(Engine.MYSQL, HISTORY, Optional.empty());
        assertThat(info.capture()).isEmpty();
        assertThat(info.guard()).isEmpty();
        assertThat(info.guardEnd()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"postgresql", "mysql", "mariadb"})
    void withoutItsFooterItIsTruncated(String id) throws IOException {
        Engine engine = ENGINES.get(id);
        String captured = captured(engine);
        assertThatInspecting(engine, captured.substring(0, captured.indexOf("\n-- metadata-snapshot footer")))
                .hasMessageContaining("was not copied to its end: the footer")
                .hasMessageContaining("Copy the file again");
        assertThatInspecting(engine, captured.substring(0, captured.lastIndexOf("\n-- metadata-snapshot body")))
                .hasMessageContaining("has a footer that cannot be read at ''");
        assertThatInspecting(engine, captured.substring(0, captured.length() - 10))
                .hasMessageContaining("has a footer that cannot be read at 'body ");
    }

    @Test
    void aByteInItsBodyTellsThatItWasAltered() throws IOException {
        assertThatInspecting(Engine.POSTGRESQL, captured(Engine.POSTGRESQL).replace("Ann", "Eve"))
                .hasMessageContaining("was altered after it had been captured: its body has the SHA-256 ")
                .hasMessageNotContaining("line ends");
        assertThatInspecting(Engine.MARIADB, captured(Engine.MARIADB).replace("Ann", "Eve"))
                .hasMessageContaining("was altered after it had been captured");
    }

    @Test
    void convertedLineEndsAreNamed() throws IOException {
        assertThatInspecting(Engine.MYSQL, captured(Engine.MYSQL).replace("\n", "\r\n"))
                .hasMessageContaining("was altered")
                .hasMessageContaining("line ends may have been converted");
    }

    @Test
    void otherRowsThanTheFooterSays() throws IOException {
        String captured = captured(Engine.POSTGRESQL);
        int author = captured.indexOf("rows 3 public.author");
        assertThatInspecting(
                        Engine.POSTGRESQL,
                        captured.substring(0, author) + "rows 4" + captured.substring(author + "rows 3".length()))
                .hasMessageContaining("says in its footer that table author has 4 rows, but it holds 3 rows");
    }

    @Test
    void somethingBehindTheFooter() throws IOException {
        assertThatInspecting(Engine.POSTGRESQL, captured(Engine.POSTGRESQL) + "DROP TABLE book;\n")
                .hasMessageContaining("has something behind its footer");
    }

    @Test
    void aHeaderOfAnotherEngine() throws IOException {
        assertThatInspecting(
                        Engine.MYSQL,
                        captured(Engine.MYSQL).replace("snapshot engine mysql", "snapshot engine mariadb"))
                .hasMessageContaining("captured from MariaDB, but holds a dump of MySQL");
    }

    @Test
    void aHeaderOfAnotherVersion() throws IOException {
        String captured = captured(Engine.MYSQL);
        assertThatInspecting(Engine.MYSQL, captured.replace("snapshot version 2\n", "snapshot version 1\n"))
                .hasMessageContaining("says in its header that it is of version 1, but its guard demands 2");
        assertThatInspecting(
                        Engine.MYSQL,
                        captured.replace("snapshot version 2\n", "snapshot version 1\n")
                                .replace("guard 1: version 2\n", "guard 1: version 1\n"))
                .hasMessageContaining("says in its header that it is of version 1, but the history in it says 2");
    }

    @ParameterizedTest
    @CsvSource({
        "snapshot kind FULL, snapshot kind HALF, has a header that cannot be read at 'kind HALF'",
        "snapshot date 2024, snapshot date 20x4, has a header whose date is none",
        "snapshot capture 1, snapshot capture 2, 'in format 2, and this one reads 1 only'",
        "snapshot kind FULL, snapshot kind DATA_ONLY, 'says in its header that it is DATA_ONLY, but it is FULL'",
        "snapshot tool pg_dump, snapshot, has a header that cannot be read at ",
    })
    void aHeaderThatWasAltered(String what, String by, String message) throws IOException {
        assertThatInspecting(Engine.POSTGRESQL, captured(Engine.POSTGRESQL).replace(what, by))
                .hasMessageContaining(message);
    }

    @ParameterizedTest
    @ValueSource(strings = {"postgresql", "mysql", "mariadb"})
    void aGuardThatWasAltered(String id) throws IOException {
        Engine engine = ENGINES.get(id);
        List<String> lines = new ArrayList<>(captured(engine).lines().toList());
        int guard = lines.indexOf(lines.stream()
                .filter(line -> line.contains("guard 1: version"))
                .findFirst()
                .orElseThrow());
        lines.remove(guard + 1);
        assertThatInspecting(engine, String.join("\n", lines) + "\n")
                .hasMessageContaining("was altered after it had been captured: its header or its guard");
    }

    @Test
    void withoutItsHeader() throws IOException {
        String captured = captured(Engine.POSTGRESQL);
        assertThatInspecting(Engine.POSTGRESQL, captured.substring(captured.indexOf("-- PostgreSQL")))
                .hasMessageContaining("has a footer but no header");
    }

    @Test
    void rowsThatLookLikeOurCommentsAreRows() throws IOException {
        String body = """
                --
                -- PostgreSQL database dump
                --

                COPY public.t (a) FROM stdin;
                -- metadata-snapshot capture 1
                -- metadata-snapshot footer 1
                -- metadata-snapshot body
                -- metadata-snapshot
                \\.

                --
                -- PostgreSQL database dump complete
                --
                """;
        assertThat(inspect(Engine.POSTGRESQL, body).capture()).isEmpty();
        assertThat(hashOf(body, body)).isTrue();
    }

    /** The hash of a body is that of its bytes, wherever the blocks end that it is read in. */
    @Test
    void blocksMayEndAnywhere() throws IOException {
        String captured = captured(Engine.MARIADB);
        String body;
        try (InputStream in = dump(Engine.MARIADB).open()) {
            body = new String(in.readAllBytes(), ISO_8859_1);
        }
        Random random = new Random(7);
        for (int i = 0; i < 20; i++) {
            CaptureReader reader = new CaptureReader(new ByteArrayInputStream(captured.getBytes(ISO_8859_1)));
            byte[] block = new byte[i < 2 ? 1 : 50 * i];
            while (reader.read(block, 0, 1 + random.nextInt(block.length)) >= 0) {
                // Only the hash is asked for.
            }
            assertThat(read(reader)).isTrue();
        }
        assertThat(body).isNotEmpty();
    }

    private static boolean hashOf(String body, String rows) throws IOException {
        String preamble = CaptureText.header(new CaptureInfo(
                        Engine.POSTGRESQL,
                        "17",
                        "pg_dump",
                        "17",
                        BackupInfo.Kind.FULL,
                        "1",
                        new TableName("public", HISTORY),
                        Instant.EPOCH,
                        List.of()))
                + CaptureText.bodyMark();
        String text = preamble + body + footer(preamble, rows, new TreeMap<>());
        CaptureReader reader = new CaptureReader(new ByteArrayInputStream(text.getBytes(ISO_8859_1)));
        reader.readAllBytes();
        return read(reader);
    }

    private static boolean read(CaptureReader reader) {
        try {
            return reader.capture().isPresent();
        } catch (CaptureText.UnreadableException e) {
            throw new AssertionError(e);
        }
    }
}
