package io.github.metadatasnapshot.testsupport;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.metadatasnapshot.engine.Engine;
import io.github.metadatasnapshot.server.ClientHost;
import io.github.metadatasnapshot.server.DatabaseServer;
import io.github.metadatasnapshot.server.TestDatabase;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;

/** A schema with every kind of object, and every type of column, that an engine has; and the tools that dump it. */
public final class RichSchema {

    private RichSchema() {}

    /** Makes a database of it, by JDBC as migrations do. */
    public static TestDatabase create(DatabaseServer server) {
        TestDatabase database = server.createDatabase();
        if (server.engine() == Engine.POSTGRESQL) {
            run(database, "postgresql.sql");
        } else {
            run(database, "mysql-common.sql");
            run(database, server.engine().id() + ".sql");
        }
        return database;
    }

    private static void run(TestDatabase database, String script) {
        try (InputStream in = RichSchema.class.getResourceAsStream("/shapes/" + script)) {
            Library.execute(
                    database, new String(in.readAllBytes(), UTF_8).strip().split("\n\n"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Dumps a database and restores the dump into a new one, with the engine's own tools. */
    public static TestDatabase dumpedAndRestored(TestDatabase database) throws IOException {
        DatabaseServer server = database.server();
        TestDatabase copy = server.createDatabase();
        String command = switch (server.engine().id()) {
            case "postgresql" ->
                "pg_dump -h 127.0.0.1 -U %1$s %2$s | psql -X -q -v ON_ERROR_STOP=1 -h 127.0.0.1 -U %1$s %3$s";
            case "mysql" ->
                "mysqldump -h 127.0.0.1 -u %1$s --set-gtid-purged=OFF --no-tablespaces --single-transaction"
                        + " --routines --triggers --events %2$s | mysql -h 127.0.0.1 -u %1$s %3$s";
            default ->
                "mariadb-dump -h 127.0.0.1 -u %1$s --single-transaction --routines --triggers --events %2$s"
                        + " | mariadb -h 127.0.0.1 -u %1$s %3$s";
        };
        ByteArrayOutputStream errors = new ByteArrayOutputStream();
        ClientHost host = server.clientHost().orElseThrow();
        int status = host.run(
                List.of(
                        "bash",
                        "-c",
                        "set -o pipefail; " + command.formatted(database.user(), database.name(), copy.name())),
                Map.of(server.engine().passwordVariable(), database.password()),
                InputStream.nullInputStream(),
                OutputStream.nullOutputStream(),
                errors);
        assertThat(errors.toString(UTF_8)).doesNotContainIgnoringCase("error");
        assertThat(status).isZero();
        return copy;
    }
}
