package io.github.metadatasnapshot.restore;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.metadatasnapshot.backup.Backup;
import io.github.metadatasnapshot.backup.SnapshotCapture;
import io.github.metadatasnapshot.engine.Engine;
import io.github.metadatasnapshot.migration.FlywayMigrator;
import io.github.metadatasnapshot.migration.FlywaySettings;
import io.github.metadatasnapshot.migration.Migrator;
import io.github.metadatasnapshot.server.DatabaseServer;
import io.github.metadatasnapshot.server.TestDatabase;
import io.github.metadatasnapshot.shape.DatabaseState;
import io.github.metadatasnapshot.snapshot.Snapshot;
import io.github.metadatasnapshot.testsupport.ColumnType;
import io.github.metadatasnapshot.testsupport.Images;
import io.github.metadatasnapshot.testsupport.Library;
import io.github.metadatasnapshot.testsupport.RequiresDocker;
import io.github.metadatasnapshot.testsupport.RichSchema;
import io.github.metadatasnapshot.testsupport.TakesTurns;
import io.github.metadatasnapshot.testsupport.TestServers;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;

/** A database looks the same whether it was migrated or captured and restored, by the client and by JDBC. */
@RequiresDocker
@TakesTurns(of = 2)
class RoundTripTests {

    private static final List<RestoreProcedure> PROCEDURES = List.of(new DocumentedClient(), new JdbcLoad());

    @TempDir
    private Path directory;

    @ParameterizedTest
    @Images({"postgres:13", "postgres:17", "postgres:18", "mysql:9.7", "mariadb:11.8"})
    void everyKindOfObject(String image) throws Exception {
        goesRound(TestServers.container(image), RichSchema::fill);
    }

    @ParameterizedTest
    @Images({"postgres:13", "postgres:17", "postgres:18", "mysql:9.7", "mariadb:11.8"})
    void everyTypeOfColumn(String image) throws Exception {
        goesRound(TestServers.container(image), RoundTripTests::addTypes);
    }

    /** What the server's own catalogue, or the manual that it holds, calls a type is among those that go round. */
    @ParameterizedTest
    @Images({"postgres:13", "postgres:18", "mysql:9.7", "mariadb:11.8"})
    void noTypeIsForgotten(String image) throws Exception {
        try (TestDatabase database = TestServers.container(image).createDatabase()) {
            addTypes(database);
            assertThat(database.engine() == Engine.POSTGRESQL ? postgreSqlTypes(database) : mySqlTypes(database))
                    .isEmpty();
        }
    }

    private static List<String> postgreSqlTypes(TestDatabase database) {
        return Library.query(database, """
                SELECT typname FROM pg_type t
                WHERE typnamespace = 'pg_catalog'::regnamespace AND typtype IN ('b', 'r', 'm')
                  AND NOT EXISTS (SELECT FROM pg_type WHERE typarray = t.oid)
                  AND NOT EXISTS (SELECT FROM pg_attribute WHERE atttypid = t.oid AND attrelid IN
                    (SELECT oid FROM pg_class WHERE relnamespace = 'public'::regnamespace))
                """);
    }

    private static List<String> mySqlTypes(TestDatabase database) throws SQLException {
        String types = "SELECT DISTINCT data_type FROM information_schema.columns WHERE table_schema = DATABASE()";
        List<String> known = Library.query(database, types);
        assertThat(known).hasSizeGreaterThan(30);
        try (Connection connection = database.open();
                var statement = connection.createStatement()) {
            for (String topic : Library.query(
                    database,
                    "SELECT t.name FROM mysql.help_topic t JOIN mysql.help_category c USING (help_category_id)"
                            + " WHERE c.name = 'Data Types'")) {
                for (String argument : List.of("", "(1)", "('a')")) {
                    try {
                        statement.execute("CREATE TABLE `" + topic + argument + "` (c "
                                + topic.replace(" DATA TYPE", "").replace(" Data Type", "") + argument + ")");
                    } catch (SQLException e) {
                        assertThat(e.getMessage())
                                .as("no type, or none with such an argument")
                                .doesNotContain("denied");
                    }
                }
            }
        }
        assertThat(Library.query(database, "SHOW TABLES")).contains("BIGINT", "ENUM('a')", "VARCHAR(1)");
        List<String> unknown = new ArrayList<>(Library.query(database, types));
        unknown.removeAll(known);
        return unknown;
    }

    private void goesRound(DatabaseServer server, Consumer<TestDatabase> fill) throws Exception {
        Migrator migrator = migrator(server.engine());
        try (TestDatabase source = migrated(server, migrator);
                TestDatabase other = migrated(server, migrator)) {
            fill.accept(source);
            fill.accept(other);
            Library.execute(other, "INSERT INTO person (id, name) VALUES (2, 'in the way')");
            DatabaseState state = state(source, migrator);
            Path full = directory.resolve("full.sql.gz");
            Path rows = directory.resolve("rows.sql.gz");
            SnapshotCapture.from(source).to(full);
            SnapshotCapture.from(source).dataOnly().to(rows);
            for (RestoreProcedure procedure : PROCEDURES) {
                try (TestDatabase copy = server.createDatabase()) {
                    assertRestored(copy, full, procedure, migrator, state);
                }
                assertRestored(other, rows, procedure, migrator, state);
            }
        }
    }

    private static void assertRestored(
            TestDatabase target, Path file, RestoreProcedure procedure, Migrator migrator, DatabaseState expected) {
        Restore restore = Restore.run(
                target,
                Backup.locate("file:" + file, RoundTripTests.class.getClassLoader()),
                procedure,
                migrator.historyTable());

        String what = procedure + " of " + file.getFileName();
        assertThat(restore.describeErrors()).as(what).isEmpty();
        assertThat(expected.differences(restore.after())).as(what).isEmpty();
        assertThat(restore.unfaithful()).as(what).isEmpty();
        assertThat(restore.verdict()).isEqualTo(RestoreVerdict.RESTORED);
        assertThat(restore.after()).isEqualTo(expected);
    }

    private static Migrator migrator(Engine engine) {
        return new FlywayMigrator(
                new FlywaySettings(
                        List.of(), List.of("migrations/simple"), "", List.of(), Map.of(), Optional.empty(), false),
                engine,
                RoundTripTests.class.getClassLoader());
    }

    private static TestDatabase migrated(DatabaseServer server, Migrator migrator) {
        return new Snapshot(migrator, Optional.of("2"), Optional.empty()).create(server);
    }

    private static DatabaseState state(TestDatabase database, Migrator migrator) throws SQLException {
        try (Connection connection = database.open()) {
            return DatabaseState.read(connection, database.engine(), migrator.historyTable());
        }
    }

    /** A table for each type, on PostgreSQL with arrays of it too. */
    private static void addTypes(TestDatabase database) {
        List<String> statements = new ArrayList<>(ColumnType.prerequisites(database.engine()));
        for (ColumnType type : ColumnType.of(database.server())) {
            if (!type.dumped()) {
                continue;
            }
            boolean arrays = database.engine() == Engine.POSTGRESQL
                    && type.values().size() > 1
                    && !type.sql().endsWith("[]");
            String table = "t" + statements.size();
            statements.add("CREATE TABLE " + table + " (id INT PRIMARY KEY, c " + type.sql()
                    + (arrays ? ", a " + type.sql() + "[])" : ")"));
            List<String> rows = new ArrayList<>();
            for (String value : type.values()) {
                String array = ", CAST(ARRAY[" + value + ", NULL] AS " + type.sql() + "[])";
                rows.add("(" + rows.size() + ", " + value + (arrays ? array : "") + ")");
            }
            statements.add("INSERT INTO " + table + " VALUES " + String.join(", ", rows));
        }
        Library.execute(database, statements.toArray(String[]::new));
    }
}
