package io.github.metadatasnapshot.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.metadatasnapshot.backup.Backup;
import io.github.metadatasnapshot.engine.Engine;
import io.github.metadatasnapshot.engine.HistoryTable;
import io.github.metadatasnapshot.restore.Restore;
import io.github.metadatasnapshot.restore.RestoreCause;
import io.github.metadatasnapshot.restore.StrictClient;
import io.github.metadatasnapshot.testsupport.Library;
import io.github.metadatasnapshot.testsupport.RequiresDocker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A disk that has room for a database, and not for a copy of it as well. */
@RequiresDocker
class FullDiskTests {

    private static final int STATE_MEGABYTES = 60;

    @ParameterizedTest
    @CsvSource({
        "postgres:17, /var/lib/postgresql/data, 165, 'could not write to file .*: No space left on device \\(SQLSTATE 53100\\)'",
        "mysql:9.7, /var/lib/mysql, 285, 'ERROR 1114 \\(HY000\\) at line \\d+: The table ''filler'' is full'"
    })
    @Timeout(120)
    void aCopyThatDoesNotFitLeavesNothingBehind(String image, String directory, int megabytes, String message)
            throws IOException {
        try (DatabaseServer server = server(image, directory, megabytes)) {
            TestDatabase small = server.createDatabase();
            TestDatabase state = server.createDatabase();
            fill(state);
            state.freeze();
            List<String> databases = Library.databases(server);
            long taken = taken(server, directory);

            assertThatThrownBy(() -> server.copyOf(state))
                    .isInstanceOf(ServerException.class)
                    .hasMessageMatching("(?s)Database " + state.name() + " on "
                            + server.engine().displayName()
                            + " [0-9.]+ in a container of " + image + " could not be copied: .*" + message
                            + "; the server's disk, which is Docker's for a container, is full: make room there .*");

            assertThat(Library.databases(server)).isEqualTo(databases);
            assertThat(taken(server, directory)).isLessThan(taken + STATE_MEGABYTES / 2);
            server.copyOf(small).close();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "postgres:17, /var/lib/postgresql/data, 165, 53100: could not .*: No space left on device",
        "mysql:9.7, /var/lib/mysql, 285, ERROR 1114 \\(HY000\\) at line 2: The table 'filler' is full"
    })
    @Timeout(120)
    void aRestoreThatDoesNotFitIsNoVerdict(
            String image, String directory, int megabytes, String message, @TempDir Path files) throws IOException {
        try (DatabaseServer server = server(image, directory, megabytes);
                TestDatabase database = server.createDatabase()) {
            String text = server.engine() == Engine.POSTGRESQL ? "text" : "longtext";
            Path file = Files.writeString(
                    files.resolve("1.sql"),
                    "CREATE TABLE filler (filling " + text + ");\nINSERT INTO filler "
                            + rows(server.engine(), megabytes) + ";\n");
            Restore restore = Restore.run(
                    database, Backup.of(file), new StrictClient(), new HistoryTable("", HistoryTable.DEFAULT_NAME));

            assertThat(restore.inconclusive())
                    .hasValueSatisfying(reason -> assertThat(reason)
                            .startsWith("the server, the machine or another session ended it")
                            .containsPattern(message));
            assertThat(restore.cause()).contains(RestoreCause.ENVIRONMENT);
        }
    }

    private static DatabaseServer server(String image, String directory, int megabytes) {
        return ContainerServer.start(
                ServerSpec.parse(image),
                ServerStorage.DISK,
                Optional.empty(),
                List.of(),
                Duration.ofMinutes(2),
                container -> container.withTmpFs(Map.of(directory, "rw,size=" + megabytes + "m")));
    }

    private static void fill(TestDatabase database) {
        Library.execute(database, "CREATE TABLE filler AS " + rows(database.engine(), STATE_MEGABYTES));
    }

    private static String rows(Engine engine, int megabytes) {
        return engine == Engine.POSTGRESQL
                ? "SELECT repeat('x', 1000) AS filling FROM generate_series(1, %d)".formatted(megabytes * 1000)
                : """
                        WITH RECURSIVE megabytes (number) AS (SELECT 1 UNION ALL SELECT number + 1 FROM megabytes
                        WHERE number < %d) SELECT REPEAT('x', 1000000) AS filling FROM megabytes
                        """.formatted(megabytes).strip();
    }

    /** {@return how much of the disk is taken, in megabytes} */
    private static long taken(DatabaseServer server, String directory) throws IOException {
        return Long.parseLong(Library.inContainer(server, "df", "-m", "--output=used", directory)
                .lines()
                .skip(1)
                .findFirst()
                .orElseThrow()
                .strip());
    }
}
