package io.github.metadatasnapshot.benchmarks;

import io.github.metadatasnapshot.backup.Backup;
import io.github.metadatasnapshot.server.ClientHost;
import io.github.metadatasnapshot.server.DatabaseServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A data directory in the server's container, which is copied for a second server to run on. */
final class RawMySql implements AutoCloseable {

    private static final String START = """
            cd /var/tmp/raw-mysql 2>/dev/null || { mkdir -p /var/tmp/raw-mysql && cd /var/tmp/raw-mysql; }
            start() {
              mysqld --no-defaults --user=mysql --datadir="$PWD/$1" --socket="$PWD/$1/socket" --pid-file="$PWD/$1/pid" \\
                --skip-networking --mysqlx=OFF --skip-log-bin --performance-schema=OFF --log-error="$PWD/$1/errors" \\
                --innodb-flush-log-at-trx-commit=0 --innodb-doublewrite=0 --innodb-flush-method=nosync \\
                --innodb-redo-log-capacity=8M --innodb-buffer-pool-size=64M --max-allowed-packet=1G \\
                </dev/null >/dev/null 2>&1 &
              server=$!
              until mysqladmin --no-defaults -uroot --socket="$PWD/$1/socket" --silent ping >/dev/null 2>&1; do
                kill -0 "$server" 2>/dev/null || { cat "$PWD/$1/errors" >&2; exit 1; }
                sleep 0.01
              done
            }
            """;

    private static final String LOAD = START + """
            set -e
            rm -rf source copy
            mysqld --no-defaults --user=mysql --initialize-insecure --datadir="$PWD/source" \\
              --innodb-redo-log-capacity=8M >&2
            start source
            mysql --no-defaults -uroot --socket="$PWD/source/socket" -e 'CREATE DATABASE catalog'
            mysql --no-defaults -uroot --socket="$PWD/source/socket" --max-allowed-packet=1G catalog
            mysqladmin --no-defaults -uroot --socket="$PWD/source/socket" shutdown
            wait "$server"
            """;

    private static final String COPY = START + """
            cp -a source copy || exit 1
            start copy
            """;

    private static final String DROP = """
            cd /var/tmp/raw-mysql && kill -KILL "$(cat copy/pid)"
            # It may write something while it ends.
            until rm -rf copy; do sleep 0.01; done
            """;

    private final DatabaseServer server;
    private boolean loaded;

    RawMySql(DatabaseServer server) {
        this.server = server;
    }

    /** Loads a backup into a data directory of its own, and stops the server that did. */
    void load(Backup backup) throws IOException {
        ClientHost host = server.clientHost().orElseThrow();
        try (InputStream script = backup.openScript(Optional.of(host))) {
            run(LOAD, script);
        }
        loaded = true;
    }

    /** Copies the directory, starts a server on it and drops both; returns the nanoseconds until it answered. */
    long copy() throws IOException {
        long start = System.nanoTime();
        run(COPY, InputStream.nullInputStream());
        long time = System.nanoTime() - start;
        run(DROP, InputStream.nullInputStream());
        return time;
    }

    private void run(String script, InputStream input) throws IOException {
        ByteArrayOutputStream output = new ByteArrayOutputStream();
        int status =
                server.clientHost().orElseThrow().run(List.of("bash", "-c", script), Map.of(), input, output, output);
        if (status != 0) {
            throw new IOException("The raw copy failed: " + output.toString(StandardCharsets.UTF_8));
        }
    }

    @Override
    public void close() throws IOException {
        if (loaded) {
            run("rm -rf /var/tmp/raw-mysql", InputStream.nullInputStream());
        }
    }
}
