package io.github.metadatasnapshot.snapshot;

import static io.github.metadatasnapshot.assertion.MetadataSnapshotAssertions.assertThat;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.luben.zstd.ZstdOutputStream;
import io.github.metadatasnapshot.MetadataDatabase;
import io.github.metadatasnapshot.MetadataSnapshot;
import io.github.metadatasnapshot.backup.Backup;
import io.github.metadatasnapshot.backup.BackupException;
import io.github.metadatasnapshot.backup.DataDirectory;
import io.github.metadatasnapshot.engine.HistoryColumns;
import io.github.metadatasnapshot.engine.HistoryTable;
import io.github.metadatasnapshot.restore.DatabaseSwap;
import io.github.metadatasnapshot.restore.Restore;
import io.github.metadatasnapshot.restore.RestoreVerdict;
import io.github.metadatasnapshot.server.ClientContainer;
import io.github.metadatasnapshot.testsupport.DataDirectories;
import io.github.metadatasnapshot.testsupport.Library;
import io.github.metadatasnapshot.testsupport.RequiresDocker;
import io.github.metadatasnapshot.testsupport.TakesTurns;
import io.github.metadatasnapshot.testsupport.TestKit;
import io.github.metadatasnapshot.testsupport.TestServers;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.regex.Pattern;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Copies of the data directory of a real server: of one that had been shut down, and of one that had not. */
@RequiresDocker
@TakesTurns(of = 4)
class DataDirectoryDumpsTests {

    private static final Path COPIES = Path.of("target/data-directories");

    private static final HistoryTable HISTORY = new HistoryTable("", HistoryTable.DEFAULT_NAME);

    /** Of a product that once had Flyway, and has another table now. */
    private static final HistoryTable LATER_HISTORY =
            new HistoryTable("", "instance_change_history", HistoryColumns.FLYWAY, List.of(HISTORY));

    /** As Bytebase makes its embedded server, whose user and database are {@code bb}. */
    private static final String START = """
            set -e
            initdb --username=bb --no-sync --encoding=UTF8 --no-locale /tmp/pgdata
            pg_ctl -D /tmp/pgdata -w -l /tmp/log -o "-c listen_addresses= -c unix_socket_directories=/tmp" start
            createdb -h /tmp -U bb bb
            """;

    private static final String COPY = """
            set -e
            pg_basebackup -h /tmp -U bb -D /tmp/base --format=tar --wal-method=fetch --checkpoint=fast
            tar -C /tmp -cf /tmp/running.tar pgdata
            createdb -h /tmp -U bb --template=bb second
            pg_basebackup -h /tmp -U bb -D /tmp/two --format=tar --wal-method=fetch --checkpoint=fast
            pg_basebackup -h /tmp -U bb -D /tmp/nowal --format=tar --wal-method=none --checkpoint=fast
            dropdb -h /tmp -U bb second
            createdb -h /tmp -U bb sample
            psql -q -h /tmp -U bb -c "CREATE TABLE sample (id INT)" sample
            # What the copy says must not be believed: each of these runs a program of the machine that starts it.
            echo "archive_mode = on" >>/tmp/pgdata/postgresql.conf
            echo "archive_command = 'touch /tmp/ran'" >>/tmp/pgdata/postgresql.auto.conf
            echo "shared_preload_libraries = 'nowhere'" >>/tmp/pgdata/postgresql.auto.conf
            author=$(psql -At -h /tmp -U bb -c "SELECT pg_relation_filepath('author')" bb)
            pg_ctl -D /tmp/pgdata -m fast -w stop
            tar -C /tmp -cf /tmp/stopped.tar pgdata
            tar -C /tmp -cf /tmp/lost.tar --exclude=pgdata/$author pgdata
            tar -C /tmp -cf /tmp/control.tar --exclude=pgdata/global/pg_control pgdata
            mv /tmp/pgdata/base/1 /tmp/one
            echo "no directory" >/tmp/pgdata/base/1
            tar -C /tmp -cf /tmp/odd.tar pgdata
            rm /tmp/pgdata/base/1
            mv /tmp/one /tmp/pgdata/base/1
            tar -C /tmp -rf /tmp/odd.tar pgdata/base/1/112
            # A whole directory, whose sample instance is a copy of the other one, or as it is made.
            mkdir -p /tmp/data/pgdata-sample
            cp -r /tmp/pgdata /tmp/data/pgdata-sample/test
            mv /tmp/pgdata /tmp/data/pgdata
            tar -C /tmp -cf /tmp/twice.tar data
            rm -rf /tmp/data/pgdata-sample/test
            initdb --username=bb --no-sync --no-locale /tmp/pgdata
            tar -C /tmp -cf /tmp/empty.tar pgdata
            mv /tmp/pgdata /tmp/data/pgdata-sample/test
            tar -C /tmp -cf /tmp/whole.tar data
            """;

    @BeforeAll
    static void copyDataDirectories() throws IOException {
        Files.createDirectories(COPIES);
        try (ClientContainer container = ClientContainer.startSealed("postgres:17", "postgres")) {
            run(container, "sh", "-c", START);
            try (InputStream dump = Library.dump("postgresql/1-full.sql").open()) {
                DataDirectories.run(
                        container,
                        List.of("psql", "-q", "-h", "/tmp", "-U", "bb", "bb"),
                        dump,
                        OutputStream.nullOutputStream());
            }
            run(container, "sh", "-c", COPY);
            for (String copy : List.of(
                    "stopped",
                    "running",
                    "lost",
                    "control",
                    "odd",
                    "empty",
                    "whole",
                    "twice",
                    "base/base",
                    "two/base",
                    "nowal/base")) {
                String name = copy.replaceFirst("/.*", "");
                try (OutputStream packed = name.equals("base")
                        ? new GZIPOutputStream(Files.newOutputStream(COPIES.resolve(name + ".tar.gz")))
                        : new ZstdOutputStream(Files.newOutputStream(COPIES.resolve(name + ".tar.zst")))) {
                    DataDirectories.run(
                            container, List.of("cat", "/tmp/" + copy + ".tar"), InputStream.nullInputStream(), packed);
                }
            }
        }
    }

    private static void run(ClientContainer container, String... command) throws IOException {
        DataDirectories.run(
                container, List.of(command), InputStream.nullInputStream(), OutputStream.nullOutputStream());
    }

    @AfterAll
    static void deleteCopies() throws IOException {
        DataDirectories.delete(COPIES);
    }

    private static DataDirectory copy(String name) {
        return DataDirectory.in(Backup.of(COPIES.resolve(name))).orElseThrow();
    }

    private static void assertRefused(String name, String image, HistoryTable history, String message) {
        assertThatThrownBy(() -> copy(name).dump(image, history, false, COPIES.resolve("refused.sql")))
                .isInstanceOf(BackupException.class)
                .message()
                .matches(Pattern.compile(
                        Pattern.quote(COPIES.resolve(name) + message).replace("…", "\\E.*\\Q"), Pattern.DOTALL));
        assertThat(COPIES.resolve("refused.sql")).doesNotExist();
    }

    @MetadataSnapshot(
            database = "postgres:17",
            backup = "target/data-directories/stopped.tar.zst",
            locations = "migrations/library/postgresql")
    static class CopyTestCases {

        @Test
        void isUpgraded(MetadataDatabase database) throws SQLException {
            assertThat(database.version()).contains("1");
            assertThat(database.migrateToLatest()).succeeded().keptEveryRow().matchesCleanInstall();
        }

        @Test
        void isRestored(MetadataDatabase database) {
            database.migrateToLatest();
            Restore restore = database.restore("target/data-directories/stopped.tar.zst", new DatabaseSwap());
            assertThat(restore).hasVerdict(RestoreVerdict.RESTORED);
            assertThat(restore.backup()).isEqualTo("target/data-directories/stopped.tar.zst (database bb)");
        }
    }

    @Test
    void aTestStartsFromACopy() {
        TestKit.assertAllSucceeded(TestKit.run(CopyTestCases.class), 2);
    }

    @Test
    void aCopyIsDumpedOnceAndTheDumpIsDeletedInTheEnd() throws IOException {
        Backup dump;
        try (DataDirectoryDumps dumps = new DataDirectoryDumps()) {
            Backup copy = Backup.of(COPIES.resolve("base.tar.gz"));
            dump = dumps.of(copy, TestServers.embedded(), HISTORY, false);
            assertThat(dumps.of(copy, TestServers.embedded(), HISTORY, false)).isSameAs(dump);
            assertThat(new String(dump.open().readAllBytes(), UTF_8)).contains("COPY public.author ");
            Backup other = Library.dump("postgresql/1-full.sql");
            assertThat(dumps.of(other, TestServers.embedded(), HISTORY, false)).isSameAs(other);
        }
        assertThatThrownBy(dump::open).hasMessageContaining(" is gone");
    }

    @Test
    void theHistoryTellsOneDatabaseFromAnother() {
        assertRefused(
                "two.tar.zst",
                "postgres:17",
                HISTORY,
                " is a copy of a data directory with the databases bb, postgres, second, of which bb and second have the"
                        + " history table flyway_schema_history: dump the one that you mean (pg_dump)");
        assertRefused(
                "two.tar.zst",
                "postgres:17",
                new HistoryTable("", "elsewhere"),
                " is a copy of a data directory with the databases bb, postgres, second, of which bb and second have"
                        + " tables, but not the history table elsewhere. If the product's has another name, set the"
                        + " attribute table");
    }

    @Test
    void aCopyOfAnOldReleaseHasTheHistoryOfThen() {
        Backup dump = copy("stopped.tar.zst")
                .dump("postgres:17", LATER_HISTORY, false, COPIES.resolve("old.sql"))
                .backup();
        assertThat(dump.name()).isEqualTo(COPIES.resolve("stopped.tar.zst") + " (database bb)");
        assertRefused(
                "two.tar.zst",
                "postgres:17",
                LATER_HISTORY,
                " is a copy of a data directory with the databases bb, postgres, second, of which bb and second have the"
                        + " history table flyway_schema_history or instance_change_history: dump the one that you mean"
                        + " (pg_dump)");
    }

    @Test
    void ofAWholeDirectoryTheServerWithTheHistoryIsTaken() {
        Backup dump = copy("whole.tar.zst")
                .dump("postgres:17", HISTORY, false, COPIES.resolve("whole.sql"))
                .backup();
        assertThat(dump.name()).isEqualTo(COPIES.resolve("whole.tar.zst") + " (database bb)");
        assertRefused(
                "whole.tar.zst",
                "postgres:17",
                new HistoryTable("", "elsewhere"),
                " holds 2 data directories, data/pgdata-sample/test/, data/pgdata/, of which none has a database with the"
                        + " history table elsewhere: pack the one to test into an archive of its own");
    }

    @Test
    void twoServersWithTheHistoryAreRefused() {
        assertRefused(
                "twice.tar.zst",
                "postgres:17",
                HISTORY,
                " holds 2 data directories, data/pgdata-sample/test/, data/pgdata/, and more than one has a database with"
                        + " the history table flyway_schema_history: pack the one to test into an archive of its own");
    }

    @Test
    void aServerOfAnotherMajorVersionRefusesTheCopyInItsOwnWords() {
        assertRefused(
                "stopped.tar.zst",
                "postgres:13",
                HISTORY,
                ": the server of postgres:13 does not start on this copy of a data directory of PostgreSQL 17. Name a"
                        + " server of its major version: database = \"postgres:17\". The server said: …FATAL:  database files"
                        + " are incompatible with server…DETAIL:  The data directory was initialized by PostgreSQL version"
                        + " 17, which is not compatible with this version 13.…");
    }

    @Test
    void aCopyOfARunningServerIsNoBackup() {
        assertRefused(
                "running.tar.zst",
                "postgres:17",
                HISTORY,
                " is a copy of a data directory whose server had not been shut down: pg_controldata says 'in production',"
                        + " there is a postmaster.pid, and there is no backup_label. Its files can be of different"
                        + " moments, and a server that starts on them can hold less than the one they are from. Stop the"
                        + " server before you copy, or copy by pg_basebackup -X fetch. Of a snapshot of the volume, which is"
                        + " of one moment, or a copy in the product's readonly mode, say so: copiedWhileRunning = true");
    }

    @Test
    void whatIsMissingOrOddIsSaidByTheToolThatFindsIt() {
        assertRefused(
                "lost.tar.zst",
                "postgres:17",
                HISTORY,
                ": database bb of it cannot be dumped: pg_dump: …could not open file \"base/…");
        assertRefused(
                "control.tar.zst",
                "postgres:17",
                HISTORY,
                ": pg_controldata cannot read its state: pg_controldata: error: could not open file …pg_control…");
        assertRefused(
                "odd.tar.zst",
                "postgres:17",
                HISTORY,
                ": tar could not unpack it: tar: pgdata/base/1/112: Cannot open: Not a directory…");
        assertRefused(
                "empty.tar.zst",
                "postgres:17",
                HISTORY,
                " is a copy of a data directory with the databases postgres, of which none has a table");
    }

    @Test
    void aCopyWithoutItsWriteAheadLogIsRefusedInTheServersWords() {
        assertRefused(
                "nowal.tar.zst",
                "postgres:17",
                HISTORY,
                ": the server of postgres:17 does not start on this copy of a data directory of PostgreSQL 17. Likely files"
                        + " are missing, or are not of one moment: stop the server and copy the whole directory, or copy it"
                        + " by pg_basebackup -X fetch. The server said: …FATAL:  could not locate required checkpoint record…");
    }
}
