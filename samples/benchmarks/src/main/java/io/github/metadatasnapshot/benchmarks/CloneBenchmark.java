package io.github.metadatasnapshot.benchmarks;

import io.github.metadatasnapshot.backup.Backup;
import io.github.metadatasnapshot.engine.Engine;
import io.github.metadatasnapshot.engine.Version;
import io.github.metadatasnapshot.server.DatabaseServer;
import io.github.metadatasnapshot.server.TestDatabase;
import io.github.metadatasnapshot.snapshot.PreparedStates;
import io.github.metadatasnapshot.snapshot.Snapshot;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;

/** Copying a loaded database of the latest version, beside what the engine takes for it. */
final class CloneBenchmark {

    static final String TEMPLATE = "CREATE DATABASE … TEMPLATE";
    static final String DATA_DIRECTORY = "data directory copied, second mysqld";
    static final String COPY = "extension";
    static final String HANDED_OUT = "extension, made ahead";

    private static final String IN_SERVER = "DDL + INSERT … SELECT (tables only)";
    private static final int PAUSE_MILLIS = 2_000;
    private static final int PAUSE_MILLIS_PER_MEGABYTE = 100;

    private CloneBenchmark() {}

    static List<Measurement> run(DatabaseServer server, int megabytes, Options options, Rounds rounds)
            throws Exception {
        NavigableSet<Version> versions = MatrixBenchmark.prepare(server, megabytes, options);
        Catalog catalog = new Catalog(server.engine());
        Path file = catalog.backup(MatrixBenchmark.root(megabytes, options), versions.last());
        Backup backup = Backup.of(file);
        Snapshot snapshot = new Snapshot(catalog.migrator(), Optional.empty(), Optional.of(backup));
        PreparedStates states = new PreparedStates(Long.MAX_VALUE);
        // A copy is closed when its time has been taken.
        try (TestDatabase source = snapshot.create(server);
                TestDatabase beside = server.createDatabase();
                Connection admin = beside.open();
                RawMySql raw = new RawMySql(server)) {
            source.freeze();
            List<Candidate> candidates = new ArrayList<>();
            if (server.engine() == Engine.POSTGRESQL) {
                candidates.add(Candidate.timed(TEMPLATE, () -> template(admin, source, "")));
                candidates.add(Candidate.timed(
                        TEMPLATE + " STRATEGY FILE_COPY", () -> template(admin, source, " STRATEGY FILE_COPY")));
            } else {
                if (server.engine() == Engine.MYSQL) {
                    raw.load(backup);
                    candidates.add(Candidate.timed(DATA_DIRECTORY, raw::copy));
                }
                Map<String, String> tables = tables(admin, source);
                candidates.add(Candidate.timed(IN_SERVER, () -> inServer(admin, tables)));
            }
            candidates.add(Candidate.timed(COPY, () -> {
                long start = System.nanoTime();
                try (TestDatabase copy = server.copyOf(source)) {
                    return System.nanoTime() - start;
                }
            }));
            candidates.add(Candidate.timed(HANDED_OUT, () -> {
                long start = System.nanoTime();
                TestDatabase copy = states.create(snapshot, server);
                long time = System.nanoTime() - start;
                copy.close();
                // The next one is made meanwhile, and not while something else is timed.
                Thread.sleep(PAUSE_MILLIS + (long) PAUSE_MILLIS_PER_MEGABYTE * megabytes);
                return time;
            }));
            return rounds.measure("clone", megabytes + " MB", candidates);
        }
    }

    private static long template(Connection admin, TestDatabase source, String strategy) throws SQLException {
        try (Statement statement = admin.createStatement()) {
            long start = System.nanoTime();
            statement.execute("CREATE DATABASE raw_copy TEMPLATE " + source.name() + strategy);
            long time = System.nanoTime() - start;
            statement.execute("DROP DATABASE raw_copy");
            return time;
        }
    }

    /** {@return the statements that create the tables and copy their rows, by table} */
    private static Map<String, String> tables(Connection admin, TestDatabase source) throws SQLException {
        Map<String, String> tables = new LinkedHashMap<>();
        try (Statement statement = admin.createStatement()) {
            List<String> names = new ArrayList<>();
            try (ResultSet rows = statement.executeQuery("SELECT table_name FROM information_schema.tables"
                    + " WHERE table_schema = '" + source.name() + "' AND table_type = 'BASE TABLE'")) {
                while (rows.next()) {
                    names.add(rows.getString(1));
                }
            }
            for (String name : names) {
                try (ResultSet row = statement.executeQuery("SHOW CREATE TABLE " + source.name() + "." + name)) {
                    row.next();
                    tables.put(row.getString(2), insert(admin, source, name));
                }
            }
        }
        return tables;
    }

    private static String insert(Connection admin, TestDatabase source, String table) throws SQLException {
        try (Statement statement = admin.createStatement();
                ResultSet row =
                        statement.executeQuery("SELECT GROUP_CONCAT(column_name) FROM information_schema.columns"
                                + " WHERE table_schema = '" + source.name() + "' AND table_name = '" + table
                                + "' AND COALESCE(generation_expression, '') = ''")) {
            row.next();
            String columns = row.getString(1);
            return "INSERT INTO " + table + " (" + columns + ") SELECT " + columns + " FROM " + source.name() + "."
                    + table;
        }
    }

    private static long inServer(Connection admin, Map<String, String> tables) throws SQLException {
        try (Statement statement = admin.createStatement()) {
            long start = System.nanoTime();
            statement.execute("SET foreign_key_checks = 0, sql_mode = 'NO_AUTO_VALUE_ON_ZERO,ALLOW_INVALID_DATES'");
            statement.execute("CREATE DATABASE raw_copy");
            statement.execute("USE raw_copy");
            for (Map.Entry<String, String> table : tables.entrySet()) {
                statement.execute(table.getKey());
                statement.execute(table.getValue());
            }
            long time = System.nanoTime() - start;
            statement.execute("DROP DATABASE raw_copy");
            return time;
        }
    }
}
