package io.github.metadatasnapshot.benchmarks;

import io.github.metadatasnapshot.engine.Engine;
import io.github.metadatasnapshot.server.ClientHost;
import io.github.metadatasnapshot.server.DatabaseServer;
import io.github.metadatasnapshot.server.TestDatabase;
import io.github.metadatasnapshot.shape.Shape;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Reading the shape of a database, beside the dump of its schema by the engine's own tool, run in the server's container. */
final class ShapeBenchmark {

    private static final int TABLES = 300;

    private ShapeBenchmark() {}

    static List<Measurement> run(DatabaseServer server, Rounds rounds) throws Exception {
        try (TestDatabase database = server.createDatabase()) {
            ClientHost host = server.clientHost().orElseThrow();
            try (Connection connection = database.open()) {
                create(connection, server.engine());
                return rounds.measure(
                        "shape",
                        TABLES + " tables",
                        List.of(
                                new Candidate(dumpTool(server.engine()), () -> dump(host, database)),
                                new Candidate("Shape.read", () -> Shape.read(connection, server.engine()))));
            }
        }
    }

    private static void create(Connection connection, Engine engine) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            for (int i = 0; i < TABLES; i++) {
                for (String sql : table(i, engine)) {
                    statement.execute(sql);
                }
            }
        }
    }

    private static List<String> table(int i, Engine engine) {
        List<String> sql = new ArrayList<>();
        sql.add("""
                CREATE TABLE t%1$03d (
                  id BIGINT NOT NULL,
                  parent_id BIGINT,
                  name VARCHAR(200) DEFAULT 'new' NOT NULL,
                  state VARCHAR(20) NOT NULL,
                  amount DECIMAL(12, 2),
                  ratio DOUBLE PRECISION,
                  note TEXT,
                  active BOOLEAN,
                  born DATE,
                  CONSTRAINT t%1$03d_pk PRIMARY KEY (id),
                  CONSTRAINT t%1$03d_name UNIQUE (name, state),
                  CONSTRAINT t%1$03d_amount CHECK (amount >= 0),
                  CONSTRAINT t%1$03d_state CHECK (state IN ('draft', 'done')),
                  CONSTRAINT t%1$03d_parent FOREIGN KEY (parent_id) REFERENCES t%2$03d (id) ON DELETE CASCADE)
                """.formatted(i, Math.max(0, i - 1)));
        sql.add("CREATE INDEX t%1$03d_born ON t%1$03d (born, state)".formatted(i));
        if (i % 10 == 0) {
            sql.add("CREATE VIEW v%1$03d AS SELECT id, name, amount FROM t%1$03d WHERE state = 'done'".formatted(i));
        }
        if (i % 20 == 0) {
            sql.add("CREATE FUNCTION f%03d(a INT) RETURNS INT ".formatted(i)
                    + (engine == Engine.POSTGRESQL
                            ? "LANGUAGE plpgsql AS $$ BEGIN RETURN a * 2; END $$"
                            : "DETERMINISTIC RETURN a * 2"));
        }
        return sql;
    }

    private static String dumpTool(Engine engine) {
        return engine == Engine.POSTGRESQL ? "pg_dump -s" : engine.dumpTool().program() + " --no-data";
    }

    private static void dump(ClientHost host, TestDatabase database) throws IOException {
        Engine engine = database.engine();
        String program = engine.dumpTool().program();
        List<String> command = engine == Engine.POSTGRESQL
                ? List.of(
                        program, "--schema-only", "--host=127.0.0.1", "--username=" + database.user(), database.name())
                : List.of(
                        program,
                        "--no-data",
                        "--routines",
                        "--no-tablespaces",
                        "--host=127.0.0.1",
                        "--user=" + database.user(),
                        database.name());
        ByteArrayOutputStream errors = new ByteArrayOutputStream();
        int status = host.run(
                command,
                Map.of(engine.passwordVariable(), database.password()),
                InputStream.nullInputStream(),
                OutputStream.nullOutputStream(),
                errors);
        if (status != 0) {
            throw new IOException(program + " ended with status " + status + ": "
                    + errors.toString(StandardCharsets.UTF_8).strip());
        }
    }
}
