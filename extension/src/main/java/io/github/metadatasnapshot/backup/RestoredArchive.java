package io.github.metadatasnapshot.backup;

import io.github.metadatasnapshot.engine.Engine;
import io.github.metadatasnapshot.server.ClientHost;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Makes statements of an archive by {@code pg_restore}, into which the archive is streamed. Those about the database as a whole
 * are among them: see {@link OwnDatabase}.
 */
record RestoredArchive(Backup backup, ClientHost host) implements CommandOutput.Command {

    InputStream open() {
        return new CommandOutput("pg_restore of " + backup.name(), this);
    }

    @Override
    public InputStream input() {
        return backup.open();
    }

    @Override
    public int run(InputStream input, OutputStream output, OutputStream errors) throws IOException {
        return host.run(List.of("pg_restore", "--create", "-f", "-"), Map.of(), input, output, errors);
    }

    @Override
    public @Nullable String judge(int status, String errors) {
        return status == 0 ? null : "pg_restore ended with status " + status + ": " + errors;
    }

    @Override
    public BackupException failure(String reason, @Nullable Throwable cause) {
        String hint = Engine.POSTGRESQL
                .likelyCause("", reason)
                .map(likely -> " Likely cause: " + likely + ".")
                .orElse(" The archive is damaged, or was not copied to its end: copy it again, or dump again.");
        return new BackupException(backup.name() + " cannot be read by pg_restore. " + reason + "." + hint, cause);
    }
}
