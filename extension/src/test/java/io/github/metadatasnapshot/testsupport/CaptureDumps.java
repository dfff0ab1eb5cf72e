package io.github.metadatasnapshot.testsupport;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.metadatasnapshot.engine.Engine;
import io.github.metadatasnapshot.server.DatabaseServer;
import io.github.metadatasnapshot.server.TestDatabase;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Writes the files in {@code src/test/resources/dumps} by the real dump tools. Not run with the tests, but by
 * {@code ./mvnw test -pl extension -Dtest=CaptureDumps}.
 */
@RequiresDocker
class CaptureDumps {

    private static final Path DUMPS = Path.of("src/test/resources/dumps");

    @ParameterizedTest
    @ValueSource(strings = {"1", "2", "2.1", "3"})
    void postgresql(String version) throws IOException {
        DatabaseServer server = TestServers.container("postgres:17");
        try (TestDatabase database = Library.create(server, version)) {
            fill(database);
            pgDump(database, version + "-full.sql");
            pgDump(database, version + "-data.sql", "--data-only");
            if (version.equals("1")) {
                pgDump(database, version + "-full.dump", "-Fc");
                pgDump(database, version + "-data.dump", "-Fc", "--data-only");
                pgDump(database, version + "-clean.sql", "--clean", "--if-exists");
                pgDump(database, version + "-no-history.sql", "--exclude-table=flyway_schema_history");
                pgDump(database, version + "-data-no-history.sql", "--data-only", "-T", "flyway_schema_history");
                Library.execute(database, "CREATE ROLE keeper", "ALTER TABLE book OWNER TO keeper");
                Library.execute(database, "GRANT SELECT ON author TO keeper");
                pgDump(database, version + "-owner.sql");
                Library.execute(database, "DROP OWNED BY keeper CASCADE", "DROP ROLE keeper");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "2", "2.1", "3"})
    void mysql(String version) throws IOException {
        mysql(TestServers.container("mysql:9.7"), "mysqldump", "MYSQL_PWD", version);
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "2", "2.1", "3"})
    void mariadb(String version) throws IOException {
        mysql(TestServers.container("mariadb:11.8"), "mariadb-dump", "MYSQL_PWD", version);
    }

    private static void mysql(DatabaseServer server, String tool, String passwordVariable, String version)
            throws IOException {
        try (TestDatabase database = Library.create(server, version)) {
            fill(database);
            List<String> dump = List.of(tool, "-h", "127.0.0.1", "-u", database.user(), "--single-transaction");
            write(database, passwordVariable, dump, version + "-full.sql", database.name());
            write(
                    database,
                    passwordVariable,
                    dump,
                    version + "-data.sql",
                    "--no-create-info",
                    "--skip-triggers",
                    database.name());
            if (version.equals("1")) {
                write(
                        database,
                        passwordVariable,
                        dump,
                        version + "-data-triggers.sql",
                        "--no-create-info",
                        database.name());
                write(
                        database,
                        passwordVariable,
                        dump,
                        version + "-no-drop.sql",
                        "--skip-add-drop-table",
                        database.name());
            }
        }
    }

    private static void fill(TestDatabase database) {
        boolean postgresql = database.engine() == Engine.POSTGRESQL;
        Library.execute(
                database,
                "DELETE FROM audit",
                "DELETE FROM author",
                "DELETE FROM language WHERE code = 'fr'",
                "INSERT INTO author (name) VALUES ('Ann'), ('Bob'), ('Cid')",
                "INSERT INTO book (title, author_id) SELECT concat('new ', name), id FROM author",
                "UPDATE author SET best_book_id = (SELECT max(id) FROM book WHERE author_id = author.id)",
                "DELETE FROM audit WHERE what <> 'author Ann'",
                // What the triggers would refuse, were they to fire.
                "UPDATE book SET title = replace(title, 'new ', 'old ')");
        if (postgresql) {
            Library.execute(database, "INSERT INTO lent VALUES (1, '2024-05-01'), (2, '2024-05-02')");
        }
    }

    private static void pgDump(TestDatabase database, String file, String... options) throws IOException {
        write(
                database,
                "PGPASSWORD",
                List.of("pg_dump", "-h", "127.0.0.1", "-U", database.user(), database.name()),
                file,
                options);
    }

    private static void write(
            TestDatabase database, String passwordVariable, List<String> dump, String file, String... options)
            throws IOException {
        List<String> command = new ArrayList<>(dump);
        command.addAll(List.of(options));
        Path path = DUMPS.resolve(database.engine().id()).resolve(file);
        Files.createDirectories(path.getParent());
        ByteArrayOutputStream errors = new ByteArrayOutputStream();
        try (OutputStream output = Files.newOutputStream(path)) {
            int status = database.server()
                    .clientHost()
                    .orElseThrow()
                    .run(
                            command,
                            Map.of(passwordVariable, database.password()),
                            InputStream.nullInputStream(),
                            output,
                            errors);
            assertThat(status).as(errors.toString(StandardCharsets.UTF_8)).isZero();
        }
    }
}
