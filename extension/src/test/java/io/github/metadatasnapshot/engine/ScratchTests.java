package io.github.metadatasnapshot.engine;

import io.github.metadatasnapshot.restore.*;
import io.github.metadatasnapshot.server.*;
import io.github.metadatasnapshot.shape.*;
import io.github.metadatasnapshot.testsupport.TestServers;
import java.nio.file.*;
import java.sql.*;
import org.junit.jupiter.api.Test;

class ScratchTests {
    static final String SCHEMA = "n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'";

    @Test
    void scratch() throws Exception {
        DatabaseServer server = TestServers.container("postgres:17");
        try (TestDatabase db = server.createDatabase()) {
            String sql = Files.readString(Path.of("/tmp/cat20.sql"));
            try (Connection c = db.open();
                    var s = c.createStatement()) {
                s.execute(sql);
            }
            for (int round = 0; round < 5; round++) {
                try (TestDatabase copy = server.copyOf(db)) {
                    long a = System.nanoTime();
                    try (Connection c = copy.open()) {
                        long b = System.nanoTime();
                        PostgreSqlSchema.read(c, SCHEMA);
                        long d = System.nanoTime();
                        PostgreSqlSchema.read(c, SCHEMA);
                        long e = System.nanoTime();
                        var t = Engine.POSTGRESQL.tables(c);
                        long f = System.nanoTime();
                        Engine.POSTGRESQL.digests(c, t);
                        long g = System.nanoTime();
                        System.out.printf(
                                "open %.1f first %.1f second %.1f tables %.1f digests %.1f%n",
                                (b - a) / 1e6, (d - b) / 1e6, (e - d) / 1e6, (f - e) / 1e6, (g - f) / 1e6);
                    }
                }
            }
        }
    }
}
