package io.github.metadatasnapshot.testsupport;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.metadatasnapshot.backup.Backup;
import io.github.metadatasnapshot.engine.Engine;
import io.github.metadatasnapshot.migration.FlywayMigrator;
import io.github.metadatasnapshot.migration.FlywaySettings;
import io.github.metadatasnapshot.migration.Migrator;
import io.github.metadatasnapshot.server.DatabaseServer;
import io.github.metadatasnapshot.server.TestDatabase;
import io.github.metadatasnapshot.snapshot.Snapshot;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A product with four releases on each engine (see {@code migrations/library}), whose tables point to each other in a
 * circle and have triggers, and dumps of its releases (see {@code dumps}, and {@link CaptureDumps}).
 */
public final class Library {

    private Library() {}

    /** {@return where its migrations lie} */
    public static String locations(Engine engine) {
        return "migrations/library/" + (engine == Engine.POSTGRESQL ? "postgresql" : "mysql");
    }

    public static Migrator migrator(Engine engine) {
        return migrator(engine, "");
    }

    /** {@return a migrator with a history table of another name} */
    public static Migrator migrator(Engine engine, String historyTable) {
        return new FlywayMigrator(
                new FlywaySettings(
                        List.of(),
                        List.of(locations(engine)),
                        historyTable,
                        List.of(),
                        Map.of(),
                        Optional.empty(),
                        false),
                engine,
                Library.class.getClassLoader());
    }

    /** {@return a dump, by its name below {@code dumps/}} */
    public static Backup dump(String name) {
        return Backup.locate("dumps/" + name, Library.class.getClassLoader());
    }

    /** Makes a database at a version, with what its migrations write. */
    public static TestDatabase create(DatabaseServer server, String version) {
        return new Snapshot(migrator(server.engine()), Optional.of(version), Optional.empty()).create(server);
    }

    public static void execute(TestDatabase database, String... statements) {
        try (Connection connection = database.open();
                var statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }

    /** {@return the rows of a query, a line each, with the columns separated by bars} */
    public static List<String> query(TestDatabase database, String sql) {
        List<String> lines = new ArrayList<>();
        try (Connection connection = database.open();
                var statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            int columns = rows.getMetaData().getColumnCount();
            while (rows.next()) {
                List<String> values = new ArrayList<>();
                for (int i = 1; i <= columns; i++) {
                    values.add(rows.getString(i));
                }
                lines.add(String.join("|", values));
            }
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
        return lines;
    }

    /** {@return the databases of the server, by name} */
    /** {@return what a command prints in the container of a server} */
    public static String inContainer(DatabaseServer server, String... command) throws IOException {
        ByteArrayOutputStream output = new ByteArrayOutputStream();
        int status = server.clientHost()
                .orElseThrow()
                .run(
                        List.of(command),
                        Map.of(),
                        InputStream.nullInputStream(),
                        output,
                        OutputStream.nullOutputStream());
        assertThat(status).isZero();
        return output.toString(StandardCharsets.UTF_8).strip();
    }

    public static List<String> databases(DatabaseServer server) {
        try (TestDatabase asked = server.createDatabase()) {
            List<String> names = query(
                    asked,
                    server.engine() == Engine.POSTGRESQL
                            ? "SELECT datname FROM pg_database ORDER BY 1"
                            : "SHOW DATABASES");
            names.remove(asked.name());
            return names;
        }
    }
}
