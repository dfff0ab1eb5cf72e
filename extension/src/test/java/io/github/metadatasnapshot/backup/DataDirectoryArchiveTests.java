package io.github.metadatasnapshot.backup;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.luben.zstd.ZstdOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DataDirectoryArchiveTests {

    private static final long MOST_BYTES = 1 << 20;

    @TempDir
    private Path directory;

    private interface Content {
        void write(TarArchiveOutputStream tar) throws IOException;
    }

    private Backup pack(String name, Content content) throws IOException {
        Path file = directory.resolve(name);
        try (OutputStream out = compressed(name, Files.newOutputStream(file));
                TarArchiveOutputStream tar = new TarArchiveOutputStream(out)) {
            content.write(tar);
        }
        return Backup.of(file);
    }

    private static OutputStream compressed(String name, OutputStream out) throws IOException {
        if (name.endsWith(".gz")) {
            return new GZIPOutputStream(out);
        }
        return name.endsWith(".zst") ? new ZstdOutputStream(out) : out;
    }

    private static void file(TarArchiveOutputStream tar, String path, String content) throws IOException {
        byte[] bytes = content.getBytes(UTF_8);
        TarArchiveEntry entry = new TarArchiveEntry(path, true);
        entry.setSize(bytes.length);
        tar.putArchiveEntry(entry);
        tar.write(bytes);
        tar.closeArchiveEntry();
    }

    private static void link(TarArchiveOutputStream tar, String path, byte type, String target) throws IOException {
        TarArchiveEntry entry = new TarArchiveEntry(path, type);
        entry.setLinkName(target);
        tar.putArchiveEntry(entry);
        tar.closeArchiveEntry();
    }

    private static List<DataDirectoryArchive> read(Backup backup) {
        return DataDirectoryArchive.read(backup, MOST_BYTES);
    }

    @ParameterizedTest(name = "{0} with {1}")
    @CsvSource(
            quoteCharacter = '"',
            value = {
                "data.tar.zst, pgdata/",
                "data.tar.gz, ./",
                "data.tar, \"\"",
                "named-otherwise.zst, bytebase/data/pgdata/"
            })
    void aDataDirectoryIsFoundByContent(String name, String root) throws IOException {
        Backup backup = pack(name, tar -> {
            file(tar, root + "base/1/PG_VERSION", "17\n");
            file(tar, root + "PG_VERSION", "17\n");
            file(tar, root + "global/pg_control", "…");
        });
        assertThat(read(backup)).containsExactly(new DataDirectoryArchive(root, "17", false, false));
    }

    @Test
    void whatTellsOfARunningServerIsNoted() throws IOException {
        Backup backup = pack("data.tar", tar -> {
            file(tar, "pgdata/backup_label", "START WAL LOCATION");
            file(tar, "pgdata/postmaster.pid", "1");
            file(tar, "pgdata/PG_VERSION", "13\n");
        });
        assertThat(read(backup)).containsExactly(new DataDirectoryArchive("pgdata/", "13", true, true));
    }

    @Test
    void severalAreFound() throws IOException {
        Backup backup = pack("data.tar", tar -> {
            file(tar, "data/pgdata/PG_VERSION", "17\n");
            file(tar, "data/pgdata-sample/test/PG_VERSION", "17\n");
            file(tar, "data/pgdata-sample/test/postmaster.pid", "1");
            file(tar, "data/backup/db/7.sql", "SELECT 1;");
        });
        assertThat(read(backup))
                .containsExactly(
                        new DataDirectoryArchive("data/pgdata-sample/test/", "17", false, true),
                        new DataDirectoryArchive("data/pgdata/", "17", false, false));
    }

    @Test
    void otherFilesAreLeftToOthers() throws IOException {
        assertThat(read(Backup.of(Files.writeString(directory.resolve("dump.sql"), "SELECT 1;"))))
                .isEmpty();
        assertThat(read(pack("some.tar", tar -> file(tar, "dump.sql", "SELECT 1;"))))
                .isEmpty();
        assertThat(read(pack("pg_dump.tar", tar -> {
                    file(tar, "toc.dat", "PGDMP");
                    file(tar, "PG_VERSION", "17\n");
                })))
                .isEmpty();
    }

    @Nested
    class Refused {

        private void assertRefused(Content content, String message) throws IOException {
            Backup backup = pack("data.tar.zst", tar -> {
                file(tar, "pgdata/PG_VERSION", "17\n");
                content.write(tar);
            });
            assertThatThrownBy(() -> read(backup))
                    .isInstanceOf(BackupException.class)
                    .hasMessage(backup.name() + message);
        }

        @ParameterizedTest
        @ValueSource(
                strings = {"/etc/cron.d/evil", "../../.ssh/authorized_keys", "pgdata/base/../../evil", "pgdata/.."})
        void isAPathThatLeadsOut(String path) throws IOException {
            assertRefused(
                    tar -> file(tar, path, "…"),
                    " is not unpacked: its entry " + path + " lies outside the archive's own directory. tar writes no"
                            + " such entry for a data directory: see where the file comes from");
        }

        @Test
        void isALink() throws IOException {
            assertRefused(
                    tar -> link(tar, "pgdata/pg_wal", TarConstants.LF_SYMLINK, "/var/wal"),
                    " is not unpacked: its entry pgdata/pg_wal is a link to /var/wal, and links are not followed. Pack"
                            + " what it leads to (tar --dereference --hard-dereference)");
        }

        @Test
        void isAHardLink() throws IOException {
            assertRefused(
                    tar -> link(tar, "pgdata/base/1/2", TarConstants.LF_LINK, "/etc/shadow"),
                    " is not unpacked: its entry pgdata/base/1/2 is a link to /etc/shadow, and links are not followed."
                            + " Pack what it leads to (tar --dereference --hard-dereference)");
        }

        @Test
        void isADevice() throws IOException {
            assertRefused(
                    tar -> link(tar, "pgdata/disk", TarConstants.LF_BLK, ""),
                    " is not unpacked: its entry pgdata/disk is neither a file nor a directory: leave it out");
        }

        @Test
        void isWhatDecompressesWithoutEnd() throws IOException {
            Backup backup = pack("data.tar.zst", tar -> {
                file(tar, "pgdata/PG_VERSION", "17\n");
                file(tar, "pgdata/zeroes", "\0".repeat((int) MOST_BYTES));
            });
            assertThat(backup.length()).isLessThan(10_000);
            assertThatThrownBy(() -> read(backup))
                    .isInstanceOf(BackupException.class)
                    .hasMessage(
                            backup.name() + " holds more than 1048576 bytes once it is unpacked, and is not unpacked:"
                                    + " dump the database instead (pg_dump)");
        }

        @Test
        void isWhatGrowsWhileItIsUnpacked() throws IOException {
            Backup backup = pack("data.tar.zst", tar -> file(tar, "pgdata/PG_VERSION", "17\n"));
            assertThatThrownBy(() -> DataDirectoryArchive.open(backup, 100).readAllBytes())
                    .isInstanceOf(BackupException.class)
                    .hasMessageContaining("holds more than 100 bytes once it is unpacked");
        }

        @Test
        void isAnArchiveThatIsCutOff() throws IOException {
            Backup whole = pack("data.tar", tar -> {
                file(tar, "pgdata/PG_VERSION", "17\n");
                file(tar, "pgdata/base/1", "x".repeat(10_000));
            });
            Path cut = directory.resolve("cut.tar");
            Files.write(cut, Arrays.copyOf(whole.open().readAllBytes(), 3_000));
            assertThatThrownBy(() -> read(Backup.of(cut)))
                    .isInstanceOf(BackupException.class)
                    .hasMessageStartingWith(cut + " is damaged, or was not copied to its end: ");
        }
    }
}
