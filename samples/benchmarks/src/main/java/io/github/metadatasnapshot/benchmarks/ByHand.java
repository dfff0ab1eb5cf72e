package io.github.metadatasnapshot.benchmarks;

import io.github.metadatasnapshot.engine.Engine;
import io.github.metadatasnapshot.engine.Version;
import io.github.metadatasnapshot.matrix.Cell;
import io.github.metadatasnapshot.matrix.Matrix;
import io.github.metadatasnapshot.matrix.UpgradePaths;
import io.github.metadatasnapshot.server.ServerSpec;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Objects;
import java.util.TreeMap;
import org.flywaydb.core.Flyway;
import org.testcontainers.containers.Container.ExecResult;
import org.testcontainers.containers.ExecConfig;
import org.testcontainers.containers.JdbcDatabaseContainer;
import org.testcontainers.mariadb.MariaDBContainer;
import org.testcontainers.mysql.MySQLContainer;
import org.testcontainers.postgresql.PostgreSQLContainer;
import org.testcontainers.utility.MountableFile;

/**
 * The matrix as a good engineer writes it with Testcontainers, Flyway and the engine's client: cells one after the other, as
 * JUnit runs tests unless it is told otherwise.
 *
 * @param database the image
 * @param catalog the product
 * @param versions its versions
 * @param root where its backups are, as of {@link Catalog#backup}
 * @param sample which cells are run
 */
record ByHand(String database, Catalog catalog, NavigableSet<Version> versions, Path root, CellSample sample) {

    private static final String IN_CONTAINER = "/tmp/backup.sql.gz";

    /** {@return the cells of each kind} */
    List<List<Cell>> kinds() {
        Matrix matrix = new Matrix(database, versions, versions);
        return List.of(matrix.restores(""), matrix.upgrades(UpgradePaths.ALL), matrix.crossVersionRestores(""));
    }

    /** {@return how many cells a round runs} */
    int sampled() {
        return kinds().stream().mapToInt(kind -> sample.of(kind, 0).size()).sum();
    }

    /** Runs cells, each with a container of its own; returns the nanoseconds that all would take. */
    long containerEach(int round) throws Exception {
        long nanos = 0;
        for (List<Cell> kind : kinds()) {
            List<Cell> cells = sample.of(kind, round);
            long start = System.nanoTime();
            for (Cell cell : cells) {
                try (JdbcDatabaseContainer<?> server = container(database)) {
                    server.start();
                    run(cell, server);
                }
            }
            nanos += CellSample.scale(System.nanoTime() - start, cells.size(), kind.size());
        }
        return nanos;
    }

    /** Runs cells in one container, which is emptied before each; returns the nanoseconds that all would take. */
    long containerShared(int round) throws Exception {
        long begun = System.nanoTime();
        long outside = 0;
        long nanos = 0;
        try (JdbcDatabaseContainer<?> server = container(database)) {
            server.start();
            for (List<Cell> kind : kinds()) {
                List<Cell> cells = sample.of(kind, round);
                long start = System.nanoTime();
                for (Cell cell : cells) {
                    flyway(server, "latest").clean();
                    run(cell, server);
                }
                long time = System.nanoTime() - start;
                outside += time;
                nanos += CellSample.scale(time, cells.size(), kind.size());
            }
        }
        return nanos + System.nanoTime() - begun - outside;
    }

    /** {@return a container with the settings that Testcontainers gives it} */
    static JdbcDatabaseContainer<?> container(String database) {
        // As an ordinary user, MySQL's would be refused the functions and triggers of the backup.
        return switch (ServerSpec.parse(database).engine().id()) {
            case "postgresql" -> new PostgreSQLContainer(database);
            case "mysql" -> new MySQLContainer(database).withUsername("root");
            default -> new MariaDBContainer(database).withUsername("root");
        };
    }

    private Flyway flyway(JdbcDatabaseContainer<?> server, String version) {
        return catalog.flyway(server.getJdbcUrl(), server.getUsername(), server.getPassword(), version);
    }

    private void run(Cell cell, JdbcDatabaseContainer<?> server) throws Exception {
        switch (cell.check()) {
            case RESTORE -> {
                require(load(cell.from(), server) == 0, cell);
                Flyway flyway = flyway(server, cell.from());
                flyway.validate();
                require(version(flyway).equals(cell.from()), cell);
            }
            case UPGRADE -> {
                require(load(cell.from(), server) == 0, cell);
                Map<String, Long> before = rows(server);
                Flyway flyway = flyway(server, cell.to());
                flyway.migrate();
                flyway.validate();
                Map<String, Long> after = rows(server);
                require(version(flyway).equals(cell.to()), cell);
                require(
                        before.entrySet().stream()
                                .allMatch(table -> after.getOrDefault(table.getKey(), 0L) >= table.getValue()),
                        cell);
            }
            case CROSS_VERSION_RESTORE -> {
                flyway(server, cell.to()).migrate();
                require(load(cell.from(), server) != 0, cell);
            }
            case RECOVERY -> throw new IllegalArgumentException(cell + " is none of those that are measured");
        }
    }

    private static String version(Flyway flyway) {
        return Objects.requireNonNull(flyway.info().current()).getVersion().toString();
    }

    private static void require(boolean asExpected, Cell cell) {
        if (!asExpected) {
            throw new IllegalStateException(cell + " by hand did not end as it should");
        }
    }

    /** {@return the client's exit status} */
    private long load(String version, JdbcDatabaseContainer<?> server) throws IOException, InterruptedException {
        server.copyFileToContainer(MountableFile.forHostPath(catalog.backup(root, Version.of(version))), IN_CONTAINER);
        String client = catalog.engine() == Engine.POSTGRESQL
                ? "psql -X -q -v ON_ERROR_STOP=1 --single-transaction -h 127.0.0.1 -U"
                : catalog.engine().id() + " -h 127.0.0.1 -u";
        ExecResult result = server.execInContainer(ExecConfig.builder()
                .command(new String[] {
                    "bash",
                    "-o",
                    "pipefail",
                    "-c",
                    "gunzip -c " + IN_CONTAINER + " | " + client + " " + server.getUsername() + " "
                            + server.getDatabaseName()
                })
                .envVars(Map.of(catalog.engine().passwordVariable(), server.getPassword()))
                .build());
        return result.getExitCode();
    }

    private static Map<String, Long> rows(JdbcDatabaseContainer<?> server) throws SQLException {
        Map<String, Long> rows = new TreeMap<>();
        try (Connection connection =
                        DriverManager.getConnection(server.getJdbcUrl(), server.getUsername(), server.getPassword());
                Statement statement = connection.createStatement()) {
            List<String> tables = new ArrayList<>();
            try (ResultSet result = connection
                    .getMetaData()
                    .getTables(connection.getCatalog(), connection.getSchema(), null, new String[] {"TABLE"})) {
                while (result.next()) {
                    tables.add(result.getString("TABLE_NAME"));
                }
            }
            for (String table : tables) {
                try (ResultSet result = statement.executeQuery("SELECT COUNT(*) FROM " + table)) {
                    result.next();
                    rows.put(table, result.getLong(1));
                }
            }
        }
        return rows;
    }
}
