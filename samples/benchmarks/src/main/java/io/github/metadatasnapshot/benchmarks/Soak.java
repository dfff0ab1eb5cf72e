package io.github.metadatasnapshot.benchmarks;

import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import io.github.metadatasnapshot.MetadataSnapshot;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.platform.launcher.LauncherSession;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;
import org.testcontainers.DockerClientFactory;

/** Runs the matrix again and again in one JVM, on one server, and looks at what each round leaves behind. */
public final class Soak {

    private static final long BYTES_PER_MEGABYTE = 1024L * 1024;

    /** The copies that were made ahead may be there or not when a round is over. */
    private static final int COPIES_AHEAD = 4;

    private static final int SLACK_MEGABYTES = 32;

    private Soak() {}

    /** What there is after a round. */
    record Left(long heapMegabytes, int threads, int containers, long databases, long connections, long diskMegabytes) {

        /** {@return what is more than it was, none where all is as it was} */
        List<String> beyond(Left first) {
            List<String> more = new ArrayList<>();
            compare(more, "heap (MB)", grown(first.heapMegabytes), heapMegabytes);
            compare(more, "threads", first.threads + COPIES_AHEAD, threads);
            compare(more, "containers", first.containers, containers);
            compare(more, "databases", first.databases + COPIES_AHEAD, databases);
            compare(more, "connections", first.connections + COPIES_AHEAD, connections);
            compare(more, "disk (MB)", grown(first.diskMegabytes), diskMegabytes);
            return more;
        }

        private static long grown(long megabytes) {
            return megabytes * 5 / 4 + SLACK_MEGABYTES;
        }

        private static void compare(List<String> more, String what, long most, long is) {
            if (is > most) {
                more.add("%s: %d, at most %d".formatted(what, is, most));
            }
        }
    }

    /** Asks the server, over the connection of a test like any other. */
    @MetadataSnapshot(
            databases = {"postgres:17", "mysql:9.7"},
            version = "1.0",
            locations = "db/migration/{engine}")
    static class Probe {

        private static long databases;
        private static long connections;
        private static long bytes;

        @Test
        void ask(Connection connection) throws SQLException {
            boolean postgres = connection.getMetaData().getURL().startsWith("jdbc:postgresql:");
            databases = number(
                    connection, "SELECT count(*) FROM " + (postgres ? "pg_database" : "information_schema.schemata"));
            connections = number(
                    connection,
                    "SELECT count(*) FROM " + (postgres ? "pg_stat_activity" : "information_schema.processlist"));
            bytes = number(
                    connection,
                    postgres
                            ? "SELECT sum(pg_database_size(oid)) FROM pg_database"
                            : "SELECT sum(file_size) FROM information_schema.innodb_tablespaces");
        }

        private static long number(Connection connection, String sql) throws SQLException {
            try (var statement = connection.createStatement();
                    ResultSet row = statement.executeQuery(sql)) {
                row.next();
                return row.getLong(1);
            }
        }
    }

    /**
     * Runs the matrix on a database, and ends with status 1 if a cell fails, or if more is left after the last round than after
     * the first.
     *
     * @param arguments the image; the number of cells; how many rounds; where the report goes
     * @throws Exception if something cannot be run
     */
    public static void main(String[] arguments) throws Exception {
        long cells = Long.parseLong(arguments[1]);
        int rounds = Integer.parseInt(arguments[2]);
        List<Left> left = new ArrayList<>();
        boolean passed = true;
        try (LauncherSession session = LauncherFactory.openSession()) {
            for (int round = 1; round <= rounds && passed; round++) {
                long start = System.nanoTime();
                passed = run(session, CatalogMatrix.class, arguments) == cells
                        && run(session, Probe.class, arguments) == 1;
                left.add(look());
                System.out.printf(
                        "round %d: %.1f s, %s%n", round, (System.nanoTime() - start) / 1e9, left.get(left.size() - 1));
            }
        }
        List<String> more = left.get(left.size() - 1).beyond(left.get(0));
        System.out.println(
                !passed ? "not all cells passed" : more.isEmpty() ? "nothing more is left" : String.join("\n", more));
        if (!passed || !more.isEmpty()) {
            System.exit(1);
        }
    }

    private static long run(LauncherSession session, Class<?> tests, String[] arguments) {
        SummaryGeneratingListener summaries = new SummaryGeneratingListener();
        session.getLauncher()
                .execute(
                        MatrixRun.request(arguments[0], Path.of(arguments[3]), "memory")
                                .selectors(selectClass(tests))
                                .build(),
                        summaries);
        return summaries.getSummary().getTestsSucceededCount();
    }

    private static Left look() {
        System.gc();
        Runtime runtime = Runtime.getRuntime();
        return new Left(
                (runtime.totalMemory() - runtime.freeMemory()) / BYTES_PER_MEGABYTE,
                Thread.activeCount(),
                DockerClientFactory.instance()
                        .client()
                        .listContainersCmd()
                        .withLabelFilter(Map.of(
                                DockerClientFactory.TESTCONTAINERS_SESSION_ID_LABEL, DockerClientFactory.SESSION_ID))
                        .exec()
                        .size(),
                Probe.databases,
                Probe.connections,
                Probe.bytes / BYTES_PER_MEGABYTE);
    }
}
