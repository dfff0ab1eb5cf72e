package io.github.metadatasnapshot.backup;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.metadatasnapshot.engine.Engine;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SnapshotGuardTests {

    private static final ClassLoader LOADER = SnapshotGuardTests.class.getClassLoader();
    private static final Path DUMPS = Path.of("src/test/resources/dumps");

    @TempDir
    private Path directory;

    private static String content(Path file) throws IOException {
        try (InputStream in = Backup.locate("file:" + file, LOADER).open()) {
            return new String(in.readAllBytes(), ISO_8859_1);
        }
    }

    private static String withoutGuard(String content) {
        int begin = content.indexOf("-- metadata-snapshot guard 1");
        String end = "-- metadata-snapshot guard ends\n";
        return content.substring(0, begin) + content.substring(content.indexOf(end) + end.length());
    }

    @ParameterizedTest
    @CsvSource({
        "postgresql/1-full.sql, a.sql, 1",
        "postgresql/2.1-data.sql, a.sql.gz, 2.1",
        "mysql/2-full.sql, a.sql.zst, 2",
        "mariadb/3-full.sql, a.sql.GZ, 3"
    })
    void changesNothingElse(String dump, String name, String version) throws IOException {
        Path source = DUMPS.resolve(dump);
        Path guarded = directory.resolve(name);

        assertThat(SnapshotGuard.versionOf(source)).isEmpty();
        SnapshotGuard.add(source, guarded);

        assertThat(SnapshotGuard.versionOf(guarded)).contains(version);
        assertThat(withoutGuard(content(guarded))).isEqualTo(content(source));
        byte[] head = Files.readAllBytes(guarded);
        assertThat(head[0]).isEqualTo((byte) (name.endsWith("zst") ? 0x28 : name.endsWith(".sql") ? '-' : 0x1f));
        Engine engine = Backup.locate("file:" + source, LOADER).writer();
        BackupInfo before =
                Backup.locate("file:" + source, LOADER).inspect(engine, "flyway_schema_history", Optional.empty());
        BackupInfo after =
                Backup.locate("file:" + guarded, LOADER).inspect(engine, "flyway_schema_history", Optional.empty());
        assertThat(after.rows()).isEqualTo(before.rows());
        assertThat(after.tool()).isPresent().isEqualTo(before.tool());
        try (Stream<Path> files = Files.list(directory)) {
            assertThat(files).containsExactly(guarded);
        }
    }

    @Test
    void comesBehindTheSandboxLine() throws IOException {
        Path guarded = directory.resolve("a.sql");
        SnapshotGuard.add(DUMPS.resolve("mariadb/1-full.sql"), guarded);

        assertThat(content(guarded))
                .startsWith("/*M!999999\\- enable the sandbox mode */ \n-- metadata-snapshot guard 1: version 1\n");
    }

    @Test
    void comesBehindAByteOrderMarkAndBeforeRestrict() throws IOException {
        Path source = directory.resolve("source.sql");
        String dump = content(DUMPS.resolve("postgresql/1-full.sql"));
        Files.write(source, ("\u00ef\u00bb\u00bf" + dump).getBytes(ISO_8859_1));
        Path guarded = directory.resolve("a.sql");
        SnapshotGuard.add(source, guarded);

        String content = content(guarded);
        assertThat(content).startsWith("\u00ef\u00bb\u00bf-- metadata-snapshot guard 1: version 1\n");
        assertThat(content.indexOf("guard ends")).isLessThan(content.indexOf("\\restrict"));
    }

    @Test
    void replacesAFileByItself() throws IOException {
        Path file = directory.resolve("a.sql");
        Files.copy(DUMPS.resolve("mysql/1-full.sql"), file);
        SnapshotGuard.add(file, file);
        assertThat(SnapshotGuard.versionOf(file)).contains("1");
    }

    @Test
    void isPutOnOnce() throws IOException {
        Path once = directory.resolve("once.sql");
        Path twice = directory.resolve("twice.sql");
        SnapshotGuard.add(DUMPS.resolve("postgresql/1-full.sql"), once);

        assertThatThrownBy(() -> SnapshotGuard.add(once, twice))
                .isInstanceOf(BackupException.class)
                .hasMessageContaining("once.sql has a guard already, for version 1");
        try (Stream<Path> files = Files.list(directory)) {
            assertThat(files).containsExactly(once);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "postgresql/1-full.dump, takes no guard: dump plain",
        "postgresql/1-no-history.sql, holds no table flyway_schema_history",
        "../backups/postgresql-17-create.sql, 'takes no guard: it creates its database'",
        "postgresql/none.sql, There is no backup"
    })
    void whatCannotBeGuardedIsAnError(String dump, String message) {
        assertThatThrownBy(() -> SnapshotGuard.add(DUMPS.resolve(dump), directory.resolve("a.sql")))
                .isInstanceOf(BackupException.class)
                .hasMessageContaining(message);
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void aPlaceThatCannotBeWrittenToIsAnError() throws IOException {
        Path file = Files.writeString(directory.resolve("file"), "no directory");
        Path guarded = file.resolve("a.sql");

        assertThatThrownBy(() -> SnapshotGuard.add(DUMPS.resolve("postgresql/1-full.sql"), guarded))
                .isInstanceOf(BackupException.class)
                .hasMessageStartingWith(guarded + " cannot be written: java.nio.file.");
        assertThat(file).hasContent("no directory");
    }

    @Test
    void anotherHistoryTableIsNamed() {
        assertThatThrownBy(() -> SnapshotGuard.add(
                        DUMPS.resolve("postgresql/1-full.sql"), directory.resolve("a.sql"), "migrations"))
                .isInstanceOf(BackupException.class)
                .hasMessageContaining("holds no table migrations");
    }

    @ParameterizedTest
    @ValueSource(strings = {"postgresql/1-full.sql", "postgresql/1-full.dump"})
    void aDumpWithoutOneSaysSo(String dump) {
        assertThat(SnapshotGuard.versionOf(DUMPS.resolve(dump))).isEmpty();
    }

    @Test
    void aCommentAmongTheRowsIsNoGuard() throws IOException {
        Path file = directory.resolve("a.sql");
        Files.writeString(
                file,
                "SET statement_timeout = 0;\n-- metadata-snapshot guard 1: version 1\n-- metadata-snapshot guard ends\n");
        assertThat(SnapshotGuard.versionOf(file)).isEmpty();
    }
}
