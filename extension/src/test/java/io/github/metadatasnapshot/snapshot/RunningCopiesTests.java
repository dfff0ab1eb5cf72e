package io.github.metadatasnapshot.snapshot;

import static io.github.metadatasnapshot.assertion.MetadataSnapshotAssertions.assertThat;
import static io.github.metadatasnapshot.testsupport.DataDirectories.run;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.luben.zstd.ZstdOutputStream;
import io.github.metadatasnapshot.MetadataDatabase;
import io.github.metadatasnapshot.MetadataSnapshot;
import io.github.metadatasnapshot.backup.Backup;
import io.github.metadatasnapshot.backup.BackupException;
import io.github.metadatasnapshot.backup.DataDirectory;
import io.github.metadatasnapshot.engine.HistoryTable;
import io.github.metadatasnapshot.server.ClientContainer;
import io.github.metadatasnapshot.testsupport.DataDirectories;
import io.github.metadatasnapshot.testsupport.Library;
import io.github.metadatasnapshot.testsupport.RequiresDocker;
import io.github.metadatasnapshot.testsupport.TakesTurns;
import io.github.metadatasnapshot.testsupport.TestKit;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Copies of the data directory of a server that ran: of one moment, of a server that wrote nothing, and torn ones. */
@RequiresDocker
@TakesTurns(of = 5)
class RunningCopiesTests {

    private static final Path COPIES = Path.of("target/running-copies");

    private static final HistoryTable HISTORY = new HistoryTable("", HistoryTable.DEFAULT_NAME);

    private static final String FUNCTIONS = """
            set -e
            signal() {
              for process in /proc/[0-9]*; do
                if [ "$(cat $process/comm 2>/dev/null)" = postgres ]; then kill -$1 ${process#/proc/}; fi
              done
            }
            sql() { psql -qAt -v ON_ERROR_STOP=1 -h /tmp -U bb -c "$1" bb; }
            pack() { tar -C /tmp -cf /tmp/$1.tar pgdata; }
            moment() { signal STOP; pack $1; signal CONT; }
            begin() {
              initdb --username=bb --no-sync --encoding=UTF8 --no-locale $1 /tmp/pgdata
              pg_ctl -D /tmp/pgdata -w -l /tmp/log -o "-c listen_addresses= -c unix_socket_directories=/tmp" start
              createdb -h /tmp -U bb bb
              psql -q -h /tmp -U bb bb </tmp/dump.sql
              sql "CREATE TABLE note (id INT PRIMARY KEY, text TEXT)"
              sql "ALTER TABLE note ALTER text SET STORAGE MAIN"
              sql "INSERT INTO note SELECT n, repeat('abcdefgh', 999) FROM generate_series(1, 3) n"
              sql CHECKPOINT
              note=/tmp/pgdata/$(sql "SELECT pg_relation_filepath('note')")
              key=/tmp/pgdata/$(sql "SELECT pg_relation_filepath('note_pkey')")
            }
            """;

    private static final String WITH_CHECKSUMS = """
            begin --data-checksums
            sql "INSERT INTO note VALUES (4, 'in the log alone')"
            moment moment
            sql "ALTER SYSTEM SET default_transaction_read_only = on"
            sql "SELECT pg_reload_conf()"
            pack readonly
            sql CHECKPOINT
            signal STOP
            # Half of a page is of another moment, when it was not written yet.
            dd if=/dev/zero of=$note bs=4096 seek=1 count=1 conv=notrunc
            pack page
            signal KILL
            """;

    private static final String WITHOUT_CHECKSUMS = """
            begin
            sql "ALTER SYSTEM SET full_page_writes = off"
            sql "SELECT pg_reload_conf()"
            sql CHECKPOINT
            moment unprotected
            cp $key /tmp/earlier
            sql "INSERT INTO note VALUES (4, 'later')"
            sql CHECKPOINT
            signal STOP
            cp $key /tmp/later
            cp /tmp/earlier $key
            pack index
            cp /tmp/later $key
            # A compressed value says of its next bytes that each repeats others.
            LC_ALL=C sed -i 's/\\(abcdefgh\\)./\\1\\x01/' $note
            pack value
            """;

    @BeforeAll
    static void copyDataDirectories() throws IOException {
        Files.createDirectories(COPIES);
        for (String script : List.of(WITH_CHECKSUMS, WITHOUT_CHECKSUMS)) {
            try (ClientContainer container = ClientContainer.startSealed("postgres:17", "postgres");
                    InputStream dump = Library.dump("postgresql/1-full.sql").open()) {
                run(container, List.of("sh", "-c", "cat >/tmp/dump.sql"), dump, OutputStream.nullOutputStream());
                run(
                        container,
                        List.of("bash"),
                        new ByteArrayInputStream((FUNCTIONS + script).getBytes(UTF_8)),
                        OutputStream.nullOutputStream());
                List<String> copies = script.equals(WITH_CHECKSUMS)
                        ? List.of("moment", "readonly", "page")
                        : List.of("unprotected", "index", "value");
                for (String copy : copies) {
                    try (OutputStream packed =
                            new ZstdOutputStream(Files.newOutputStream(COPIES.resolve(copy + ".tar.zst")))) {
                        run(container, List.of("cat", "/tmp/" + copy + ".tar"), InputStream.nullInputStream(), packed);
                    }
                }
            }
        }
    }

    @AfterAll
    static void deleteCopies() throws IOException {
        DataDirectories.delete(COPIES);
    }

    private static DataDirectory.Dump dump(String name) {
        return DataDirectory.in(Backup.of(COPIES.resolve(name)))
                .orElseThrow()
                .dump("postgres:17", HISTORY, true, COPIES.resolve(name + ".sql"));
    }

    private static String text(DataDirectory.Dump dump) throws IOException {
        return new String(dump.backup().open().readAllBytes(), UTF_8);
    }

    private static void assertRefused(String name, String message, String inTheToolsWords) {
        assertThatThrownBy(() -> dump(name))
                .isInstanceOf(BackupException.class)
                .hasMessageStartingWith(COPIES.resolve(name) + message)
                .hasMessageContaining(inTheToolsWords);
        assertThat(COPIES.resolve(name + ".sql")).doesNotExist();
    }

    @MetadataSnapshot(
            database = "postgres:17",
            backup = "target/running-copies/moment.tar.zst",
            copiedWhileRunning = true,
            locations = "migrations/library/postgresql")
    static class MomentTestCases {

        @Test
        void holdsWhatWasCommitted(MetadataDatabase database) throws SQLException {
            assertThat(database.version()).contains("1");
            try (Connection connection = database.connect();
                    var statement = connection.createStatement();
                    ResultSet rows = statement.executeQuery("SELECT text FROM note WHERE id = 4")) {
                assertThat(rows.next()).isTrue();
                assertThat(rows.getString(1)).isEqualTo("in the log alone");
            }
            assertThat(database.migrateToLatest()).succeeded().keptEveryRow();
        }
    }

    @Test
    void aCopyOfOneMomentIsRecovered() {
        TestKit.assertAllSucceeded(TestKit.run(MomentTestCases.class), 1);
    }

    @Test
    void aCopyInTheReadOnlyModeIsTaken() throws IOException {
        DataDirectory.Dump dump = dump("readonly.tar.zst");

        assertThat(text(dump)).contains("COPY public.author ", "\n4\tin the log alone\n");
        assertThat(dump.trusted())
                .containsExactly(COPIES.resolve("readonly.tar.zst")
                        + " was copied while its server ran. It was recovered, and then each page compared with its"
                        + " checksum, each table and B-tree index checked by amcheck, each row of database bb read. A page"
                        + " of another moment that has its checksum and fits in is not found by that: that all files are"
                        + " of one moment is left to trust. Tables without a log (UNLOGGED) are empty");
    }

    @Test
    void whatIsNotKnownOfACopyIsNamed() {
        assertThat(dump("unprotected.tar.zst").trusted())
                .hasSize(3)
                .anySatisfy(line -> assertThat(line).endsWith(": its pages have no checksums"))
                .anySatisfy(line -> assertThat(line)
                        .endsWith(
                                ": its server ran with full_page_writes = off, so that a page which was half written in"
                                        + " that moment was not repaired"));
    }

    @Test
    void aTornPageIsFoundByItsChecksum() {
        assertRefused(
                "page.tar.zst",
                ": pages do not have their checksums: the copy is damaged, or its files are not of one moment: ",
                "pg_checksums: error: checksum verification failed in file");
    }

    @Test
    void anIndexOfAnotherMomentIsFoundByAmcheck() {
        assertRefused(
                "index.tar.zst",
                ": database bb is damaged, or its files are not of one moment. amcheck says: ",
                "from table \"note\" lacks matching index tuple within index \"note_pkey\"");
    }

    @Test
    void aDamagedValueIsFoundByReadingIt() {
        assertRefused(
                "value.tar.zst", ": database bb of it cannot be dumped: pg_dump: ", "compressed pglz data is corrupt");
    }

    @MetadataSnapshot(database = "mysql:9.7", version = "1", copiedWhileRunning = true)
    static class MySqlTestCases {
        @Test
        void doesNotRun() {}
    }

    @Test
    void otherEnginesHaveNoSuchCopies() {
        assertThat(TestKit.failure(TestKit.run(MySqlTestCases.class)))
                .hasMessageContaining("copiedWhileRunning is for PostgreSQL, and mysql:9.7 is not");
    }
}
