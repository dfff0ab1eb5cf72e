package io.github.metadatasnapshot.restore;

import static io.github.metadatasnapshot.testsupport.Library.query;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.metadatasnapshot.backup.Backup;
import io.github.metadatasnapshot.backup.BackupException;
import io.github.metadatasnapshot.backup.RewrittenRows;
import io.github.metadatasnapshot.engine.DatabaseNameColumn;
import io.github.metadatasnapshot.engine.HistoryColumns;
import io.github.metadatasnapshot.engine.HistoryTable;
import io.github.metadatasnapshot.engine.Version;
import io.github.metadatasnapshot.server.ClientHost;
import io.github.metadatasnapshot.server.DatabaseServer;
import io.github.metadatasnapshot.server.TestDatabase;
import io.github.metadatasnapshot.testsupport.RequiresDocker;
import io.github.metadatasnapshot.testsupport.TakesTurns;
import io.github.metadatasnapshot.testsupport.TestServers;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The commands of the page "Back up Data" of Bytebase's manual, with a host, a port and a user in the place of its
 * placeholders. The backup by copying the data directory is in {@code DataDirectoryDumpsTests}.
 */
@TakesTurns(of = 2)
@RequiresDocker
class BytebaseBackUpDataTests {

    private static final HistoryTable HISTORY = history("migration_history", "metadb");

    private static HistoryTable history(String table, String inBackups) {
        return new HistoryTable(
                        "",
                        table,
                        new HistoryColumns(
                                List.of("id", "namespace", "version"), Map.of("installed_rank", "id"), "", Map.of()),
                        List.of())
                .with(new DatabaseNameColumn(table, "namespace", inBackups));
    }

    /** The last principal's name is like the beginning of the history's rows, and the statement names the database, too. */
    private static final String CONTENT = """
            CREATE TABLE migration_history (id serial PRIMARY KEY, namespace text, version text, statement text);
            INSERT INTO migration_history (namespace, version, statement) VALUES
              ('metadb', '1.0.0', 'metadb'), ('metadb', '1.1.0', 'ALTER DATABASE metadb'), ('bytebase', '1.2.0', 'metadb');
            CREATE TABLE principal (id serial PRIMARY KEY, name text);
            INSERT INTO principal (name) VALUES
              ('metadb'), (E'COPY public.migration_history (namespace) FROM stdin;\\nmetadb');
            COMMENT ON TABLE principal IS 'first line
            COPY public.migration_history (namespace) FROM stdin;
            metadb';
            """;

    private final DatabaseServer server = TestServers.container("postgres:17");
    private final ClientHost host = server.clientHost().orElseThrow();

    private TestDatabase login;

    @TempDir
    private Path directory;

    @BeforeEach
    void createMetadb() throws IOException {
        login = server.createDatabase();
        shell("psql -h 127.0.0.1 -p 5432 -U postgres postgres -qc 'CREATE DATABASE metadb'");
        assertThat(run("psql -h 127.0.0.1 -p 5432 -U postgres -v ON_ERROR_STOP=1 -q metadb", CONTENT))
                .isEmpty();
        shell("pg_dump -h 127.0.0.1 -p 5432 -U postgres -d metadb > /tmp/metadb.sql");
    }

    @AfterEach
    void dropDatabases() throws IOException {
        login.close();
        for (String name : List.of("metadb", "metadb_new", "metadb_old", "metadb2")) {
            shell("psql -h 127.0.0.1 -p 5432 -U postgres postgres -qc 'DROP DATABASE IF EXISTS " + name
                    + " WITH (FORCE)'");
        }
    }

    /** Runs commands, and returns the errors that they print. */
    private String shell(String script) throws IOException {
        return run(script, "");
    }

    private String run(String script, String input) throws IOException {
        ByteArrayOutputStream errors = new ByteArrayOutputStream();
        host.run(
                List.of("sh", "-c", script),
                Map.of("PGPASSWORD", login.password(), "PGOPTIONS", "-c client_min_messages=warning"),
                new ByteArrayInputStream(input.getBytes(UTF_8)),
                OutputStream.nullOutputStream(),
                errors);
        return errors.toString(UTF_8).strip();
    }

    private String ask(String database, String sql) throws IOException {
        ByteArrayOutputStream output = new ByteArrayOutputStream();
        host.run(
                List.of("psql", "-h", "127.0.0.1", "-p", "5432", "-U", "postgres", "-Atc", sql, database),
                Map.of("PGPASSWORD", login.password()),
                InputStream.nullInputStream(),
                output,
                OutputStream.nullOutputStream());
        return output.toString(UTF_8).strip();
    }

    private Backup dump(String command) throws IOException {
        Path file = directory.resolve("metadb.sql");
        try (OutputStream out = Files.newOutputStream(file)) {
            host.run(
                    List.of("sh", "-c", command),
                    Map.of("PGPASSWORD", login.password()),
                    InputStream.nullInputStream(),
                    out,
                    OutputStream.nullOutputStream());
        }
        return Backup.of(file);
    }

    @Test
    void restoreOption1RestoresToTheSameMetadb() throws Exception {
        ask("metadb", "UPDATE principal SET name = 'lost'");

        // Step 1 - Restore metadata to a temporary db
        assertThat(shell("""
                psql -h 127.0.0.1 -p 5432 -U postgres metadb -c "CREATE DATABASE metadb_new"
                psql -h 127.0.0.1 -p 5432 -U postgres metadb_new < /tmp/metadb.sql
                """)).isEmpty();

        // Step 2 - Swap: with the product connected, and from the database itself, it is refused as the manual says.
        String swap = """
                psql -h 127.0.0.1 -p 5432 -U postgres postgres -c "ALTER DATABASE metadb RENAME TO metadb_old"
                """;
        String url = login.jdbcUrl().replace("/" + login.name(), "/metadb");
        try (Connection bytebase = DriverManager.getConnection(url, login.user(), login.password())) {
            assertThat(bytebase.isValid(1)).isTrue();
            assertThat(shell(swap)).contains("database \"metadb\" is being accessed by other users");
        }
        assertThat(shell(swap.replace("postgres -c", "metadb -c"))).contains("current database cannot be renamed");
        assertThat(shell(swap + """
                psql -h 127.0.0.1 -p 5432 -U postgres postgres -c "ALTER DATABASE metadb_new RENAME TO metadb"
                """)).isEmpty();

        // Step 3 - Verify, and drop the old metadata db
        assertThat(ask("metadb", "SELECT count(*) FROM principal WHERE name = 'metadb'"))
                .isEqualTo("1");
        assertThat(ask("metadb_old", "SELECT count(*) FROM principal WHERE name = 'lost'"))
                .isEqualTo("2");
        assertThat(shell("psql -h 127.0.0.1 -p 5432 -U postgres postgres -c \"DROP DATABASE metadb_old\""))
                .isEmpty();
        assertThat(ask("postgres", "SELECT datname FROM pg_database WHERE datname LIKE 'metadb%'"))
                .isEqualTo("metadb");
    }

    @Test
    void restoreOption2RestoresToADifferentDatabase() throws Exception {
        Backup backup = dump("cat /tmp/metadb.sql");
        try (TestDatabase metadb2 = server.createDatabase()) {
            Restore restore = Restore.run(metadb2, backup, new DocumentedClient(), HISTORY);

            assertThat(restore.verdict()).isEqualTo(RestoreVerdict.RESTORED);
            assertThat(restore.after().history().version()).contains(Version.of("1.1.0"));
            assertThat(query(metadb2, "SELECT namespace, version, statement FROM migration_history ORDER BY id"))
                    .containsExactly(
                            metadb2.name() + "|1.0.0|metadb",
                            metadb2.name() + "|1.1.0|ALTER DATABASE metadb",
                            "bytebase|1.2.0|metadb");
            assertThat(query(metadb2, "SELECT name FROM principal ORDER BY id"))
                    .containsExactly("metadb", "COPY public.migration_history (namespace) FROM stdin;\nmetadb");
            assertThat(query(metadb2, "SELECT obj_description('principal'::regclass)")
                            .get(0))
                    .endsWith("stdin;\nmetadb");
        }
        // Step 3 - Drop the old metadata db
        assertThat(shell("psql -h 127.0.0.1 -p 5432 -U postgres postgres -c \"DROP DATABASE metadb\""))
                .isEmpty();
    }

    @Test
    void restoreOption2WithTheRewrittenFileByItsOwnCommands() throws Exception {
        Path rewritten = directory.resolve("metadb2.sql");
        assertThat(new RewrittenRows("migration_history", "namespace", "metadb", "metadb2")
                        .in(dump("cat /tmp/metadb.sql"), Optional.of(host), rewritten))
                .isPresent();

        assertThat(run("cat > /tmp/metadb.sql", Files.readString(rewritten))).isEmpty();
        assertThat(shell("""
                psql -h 127.0.0.1 -p 5432 -U postgres metadb -c "CREATE DATABASE metadb2"
                psql -h 127.0.0.1 -p 5432 -U postgres metadb2 < /tmp/metadb.sql
                psql -h 127.0.0.1 -p 5432 -U postgres postgres -c "DROP DATABASE metadb"
                """)).isEmpty();
        assertThat(ask("metadb2", "SELECT namespace, version FROM migration_history ORDER BY id"))
                .isEqualTo("metadb2|1.0.0\nmetadb2|1.1.0\nbytebase|1.2.0");
        assertThat(ask("metadb2", "SELECT name FROM principal WHERE id = 1")).isEqualTo("metadb");
    }

    @Test
    void theUneditedFileIsAtNoVersionInADatabaseOfAnotherName() throws Exception {
        try (TestDatabase metadb2 = server.createDatabase()) {
            Restore restore = Restore.run(
                    metadb2, dump("cat /tmp/metadb.sql"), new DocumentedClient(), history("migration_history", ""));

            assertThat(restore.verdict()).isEqualTo(RestoreVerdict.SILENTLY_ACCEPTED);
            assertThat(restore.after().history().version()).isEmpty();
            assertThat(restore.unfaithful())
                    .containsExactly(
                            "the history says no version: the rows of its history are of the databases bytebase"
                                    + " and metadb (migration_history.namespace), and count in a database of that name only."
                                    + " Rewrite the name of the database that was dumped to that of the database that it is"
                                    + " restored into, as a test does with renamed = @RenamedDatabase(table ="
                                    + " \"migration_history\", column = \"namespace\", name = \"…\")");
        }
    }

    @Test
    void restoreOption2ByAnEditorThatReplacesEverywhereChangesWhatUsersWrote() throws Exception {
        assertThat(shell("""
                psql -h 127.0.0.1 -p 5432 -U postgres metadb -c "CREATE DATABASE metadb2"
                sed 's/metadb/metadb2/g' /tmp/metadb.sql | psql -h 127.0.0.1 -p 5432 -U postgres metadb2
                """)).isEmpty();
        assertThat(ask("metadb2", "SELECT name FROM principal WHERE id = 1")).isEqualTo("metadb2");
    }

    @Test
    void aNameThatNoRowHasIsNotReplaced() throws Exception {
        assertRefused(
                dump("cat /tmp/metadb.sql"),
                history("migration_history", "metadb3"),
                "'metadb3' cannot be replaced in migration_history.namespace of %s: no row has it. Look into the file for"
                        + " what the column holds: it is the name of the database that was dumped");
        assertRefused(
                dump("pg_dump -h 127.0.0.1 -p 5432 -U postgres -d metadb --inserts"),
                HISTORY,
                "'metadb' cannot be replaced in migration_history.namespace of %s: line .* writes rows by INSERT. Dump"
                        + " without --inserts and --column-inserts");
        try (TestDatabase other = server.createDatabase()) {
            // Of a release that has another history.
            Restore restore = Restore.run(
                    other,
                    dump("pg_dump -h 127.0.0.1 -p 5432 -U postgres -d metadb"),
                    new DocumentedClient(),
                    history("instance_change_history", "metadb"));
            assertThat(restore.verdict()).isEqualTo(RestoreVerdict.RESTORED);
            assertThat(query(other, "SELECT namespace FROM migration_history WHERE id = 1"))
                    .containsExactly("metadb");
        }
    }

    private void assertRefused(Backup backup, HistoryTable history, String message) {
        assertThatThrownBy(() -> Restore.run(login, backup, new DocumentedClient(), history))
                .isInstanceOf(BackupException.class)
                .message()
                .matches(message.formatted(backup.name()));
        assertThat(query(login, "SELECT relname FROM pg_class WHERE relname = 'principal'"))
                .isEmpty();
    }
}
