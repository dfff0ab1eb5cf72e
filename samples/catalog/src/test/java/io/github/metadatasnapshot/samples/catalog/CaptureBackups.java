package io.github.metadatasnapshot.samples.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.metadatasnapshot.backup.SnapshotGuard;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.MigrationInfo;
import org.flywaydb.core.api.MigrationVersion;
import org.flywaydb.core.api.configuration.FluentConfiguration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.testcontainers.containers.Container.ExecResult;
import org.testcontainers.containers.ExecConfig;
import org.testcontainers.containers.JdbcDatabaseContainer;
import org.testcontainers.mariadb.MariaDBContainer;
import org.testcontainers.mysql.MySQLContainer;
import org.testcontainers.postgresql.PostgreSQLContainer;
import org.testcontainers.utility.MountableFile;

/**
 * Writes the backups in {@code src/test/resources/backups}: one life of the product, from its first release to its
 * newest. At each release users write ({@code src/test/resources/usage}), the database is dumped by its own tool, and
 * then upgraded to the next one, with all that it holds.
 *
 * <p>No test, and no part of the build: a published release's backups never change. Run it after adding a release,
 * commit the new files only.
 */
@Tag("capture")
class CaptureBackups {

    /** The database, the role that owns it and its password. An ordinary role, as a product would have it. */
    private static final String CATALOG = "catalog";

    /** A table with a single row hides what a restore does to the second: unique keys never notice. */
    private static final long LEAST_ROWS = 2;

    private static final String USAGE_IN_CONTAINER = "/tmp/usage.sql";
    private static final String DUMP_IN_CONTAINER = "/tmp/backup.sql";

    /** The oldest supported server: what it writes can be restored into every newer one. */
    @Test
    void postgresql(TestReporter reporter) throws Exception {
        try (PostgreSQLContainer server = new PostgreSQLContainer("postgres:13").withDatabaseName(CATALOG)) {
            server.start();
            try (Connection connection = connect(server, server.getUsername(), server.getPassword());
                    Statement statement = connection.createStatement()) {
                // The container's own user is a superuser.
                statement.execute("CREATE ROLE catalog LOGIN PASSWORD 'catalog'");
                statement.execute("ALTER DATABASE catalog OWNER TO catalog");
            }
            List<String> dump = List.of("pg_dump", "-U", CATALOG, "-h", "127.0.0.1", "-p", "5432", CATALOG);
            new Life(
                            server,
                            "postgresql",
                            "postgresql",
                            "public",
                            Map.of("PGPASSWORD", CATALOG),
                            List.of(
                                    "psql",
                                    "-U",
                                    CATALOG,
                                    "-h",
                                    "127.0.0.1",
                                    "-v",
                                    "ON_ERROR_STOP=1",
                                    "--single-transaction",
                                    "--quiet",
                                    CATALOG),
                            dump,
                            with(dump, "--data-only"),
                            reporter)
                    .live();
        }
    }

    @Test
    void mysql(TestReporter reporter) throws Exception {
        try (MySQLContainer server = new MySQLContainer("mysql:9.7")
                .withDatabaseName(CATALOG)
                .withUsername(CATALOG)
                .withPassword(CATALOG)
                // The binary log is on by default; without this only a superuser may create a trigger or a function.
                .withCommand("mysqld", "--log-bin-trust-function-creators=ON")) {
            server.start();
            // Two defaults of 9.7 need a superuser: GTIDs are on, and the dump would set GTID_PURGED when restored; and
            // it reads masking policies from a system table ("loose", since older tools don't know the option).
            List<String> dump = mysqlTool(
                    "mysqldump", "--no-tablespaces", "--set-gtid-purged=OFF", "--loose-skip-masking-policies");
            new Life(
                            server,
                            "mysql",
                            "mysql",
                            CATALOG,
                            Map.of("MYSQL_PWD", CATALOG),
                            mysqlTool("mysql", "--default-character-set=utf8mb4"),
                            // The manuals' command has no --routines: their backups lose functions and procedures.
                            with(dump, "--routines"),
                            with(dump, "--no-create-info", "--skip-triggers"),
                            reporter)
                    .live();
        }
    }

    @Test
    void mariadb(TestReporter reporter) throws Exception {
        try (MariaDBContainer server = new MariaDBContainer("mariadb:11.8")
                .withDatabaseName(CATALOG)
                .withUsername(CATALOG)
                .withPassword(CATALOG)) {
            server.start();
            List<String> dump = mysqlTool("mariadb-dump", "--no-tablespaces");
            new Life(
                            server,
                            "mysql",
                            "mariadb",
                            CATALOG,
                            Map.of("MYSQL_PWD", CATALOG),
                            mysqlTool("mariadb", "--default-character-set=utf8mb4"),
                            // As for MySQL.
                            with(dump, "--routines"),
                            with(dump, "--no-create-info", "--skip-triggers"),
                            reporter)
                    .live();
        }
    }

    /** By TCP, since a host named {@code localhost} means the socket to these tools. */
    private static List<String> mysqlTool(String tool, String... options) {
        List<String> command = new ArrayList<>(List.of(tool));
        command.addAll(List.of(options));
        command.addAll(List.of("-u", CATALOG, "-h", "127.0.0.1", "-P", "3306", CATALOG));
        return List.copyOf(command);
    }

    private static List<String> with(List<String> command, String... options) {
        List<String> result = new ArrayList<>(command);
        result.addAll(1, Arrays.asList(options));
        return List.copyOf(result);
    }

    private static Connection connect(JdbcDatabaseContainer<?> server, String user, String password)
            throws SQLException {
        return DriverManager.getConnection(server.getJdbcUrl(), user, password);
    }

    /**
     * A database on its way from the first release to the newest.
     *
     * @param scripts the folder of migrations and of usage: MySQL and MariaDB share theirs
     * @param engine the folder of the backups
     * @param schema where the tables are
     * @param environment the password, where the tools look for it
     * @param client runs the SQL on its standard input, and stops at the first error
     */
    private record Life(
            JdbcDatabaseContainer<?> server,
            String scripts,
            String engine,
            String schema,
            Map<String, String> environment,
            List<String> client,
            List<String> fullDump,
            List<String> dataOnlyDump,
            TestReporter reporter) {

        void live() throws Exception {
            FluentConfiguration configuration = Flyway.configure()
                    .dataSource(server.getJdbcUrl(), CATALOG, CATALOG)
                    .locations("classpath:db/migration/" + scripts);
            List<MigrationVersion> releases = Stream.of(
                            configuration.load().info().all())
                    .map(MigrationInfo::getVersion)
                    .filter(version -> version != null) // repeatable migrations have none
                    .sorted()
                    .toList();
            assertThat(releases).as("releases in db/migration/%s", scripts).isNotEmpty();

            Path backups = Path.of(System.getProperty("basedir", ""), "src", "test", "resources", "backups", engine);
            for (MigrationVersion release : releases) {
                configuration.target(release).load().migrate();
                use(release);
                Map<String, Long> rows = countRows();
                assertThat(rows)
                        .as("rows of each table at %s", release)
                        .allSatisfy(
                                (table, count) -> assertThat(count).as(table).isGreaterThanOrEqualTo(LEAST_ROWS));
                Path full = backups.resolve(release + ".sql.gz");
                dump(fullDump, full);
                SnapshotGuard.add(
                        full, backups.resolveSibling("guarded").resolve(engine).resolve(release + ".sql.gz"));
                dump(dataOnlyDump, backups.resolve("data-only").resolve(release + ".sql.gz"));
                reporter.publishEntry(engine + " " + release, rows.toString());
            }
        }

        private void use(MigrationVersion release) throws Exception {
            String usage = "usage/" + scripts + "/" + release + ".sql";
            server.copyFileToContainer(MountableFile.forClasspathResource(usage), USAGE_IN_CONTAINER);
            run("exec \"$@\" < " + USAGE_IN_CONTAINER, client);
        }

        private Map<String, Long> countRows() throws SQLException {
            Map<String, Long> rows = new TreeMap<>();
            try (Connection connection = connect(server, CATALOG, CATALOG);
                    Statement statement = connection.createStatement()) {
                List<String> tables = new ArrayList<>();
                try (ResultSet result =
                        statement.executeQuery("SELECT table_name FROM information_schema.tables WHERE table_schema = '"
                                + schema + "' AND table_type = 'BASE TABLE'")) {
                    while (result.next()) {
                        tables.add(result.getString(1));
                    }
                }
                for (String table : tables) {
                    try (ResultSet result = statement.executeQuery("SELECT count(*) FROM " + table)) {
                        result.next();
                        rows.put(table, result.getLong(1));
                    }
                }
            }
            return rows;
        }

        /** The dump stays a file all the way: as a string it would lose its bytes, and need memory for all of them. */
        private void dump(List<String> command, Path backup) throws Exception {
            run("exec \"$@\" > " + DUMP_IN_CONTAINER, command);
            Path parent = Files.createDirectories(backup.toAbsolutePath().getParent());
            Path unfinished = Files.createTempFile(parent, "capture", ".tmp");
            try {
                server.copyFileFromContainer(DUMP_IN_CONTAINER, dump -> {
                    // Java's gzip header has neither a time nor a name in it: the same dump gives the same file.
                    try (OutputStream file = new BufferedOutputStream(Files.newOutputStream(unfinished));
                            OutputStream gzip = new GZIPOutputStream(file)) {
                        return dump.transferTo(gzip);
                    }
                });
                Files.move(unfinished, backup, StandardCopyOption.REPLACE_EXISTING);
            } finally {
                Files.deleteIfExists(unfinished);
            }
        }

        /** Runs a command through a shell script that redirects it: {@code "$@"} is the command. */
        private void run(String script, List<String> command) throws IOException, InterruptedException {
            List<String> shell = new ArrayList<>(List.of("sh", "-c", script, "sh"));
            shell.addAll(command);
            ExecResult result = server.execInContainer(ExecConfig.builder()
                    .command(shell.toArray(String[]::new))
                    .envVars(environment)
                    .build());
            assertThat(result.getExitCode())
                    .as("exit code of %s, which said:%n%s", command, result.getStderr())
                    .isZero();
            // An unprivileged mysqldump may leave things out, say so, and exit with 0. pg_dump's words are harmless: it
            // mentions that tables refer to themselves.
            if (!scripts.equals("postgresql")) {
                assertThat(result.getStderr().lines().filter(line -> !line.startsWith("WARNING: ")))
                        .as("complaints of %s", command)
                        .isEmpty();
            }
        }
    }
}
