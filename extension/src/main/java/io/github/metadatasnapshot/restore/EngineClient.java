package io.github.metadatasnapshot.restore;

import io.github.metadatasnapshot.backup.Backup;
import io.github.metadatasnapshot.backup.BackupInfo;
import io.github.metadatasnapshot.engine.ClientMode;
import io.github.metadatasnapshot.engine.Engine;
import io.github.metadatasnapshot.server.ClientHost;
import io.github.metadatasnapshot.server.TestDatabase;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Restores through the engine's own client, which reads the backup from its standard input. */
abstract class EngineClient implements RestoreProcedure {

    private final ClientMode mode;

    EngineClient(ClientMode mode) {
        this.mode = mode;
    }

    @Override
    public final ClientReport run(RestoreAttempt attempt) throws IOException, SQLException {
        Optional<ClientHost> host = attempt.target().server().clientHost();
        if (host.isEmpty()) {
            return overJdbc(attempt, mode);
        }
        // pg_restore takes no statements to begin with: a data-only archive goes through psql, as pg_restore writes it.
        boolean archive = attempt.backup().format() == Backup.Format.POSTGRESQL_CUSTOM
                && attempt.info().kind() == BackupInfo.Kind.FULL;
        if (archive) {
            return byPgRestore(attempt, host.get());
        }
        TestDatabase target = attempt.target();
        return byCommand(attempt, host.get(), target.engine().clientCommand(mode, target.user(), target.name()));
    }

    /** Runs a command that reads the backup's statements from its standard input. */
    static ClientReport byCommand(RestoreAttempt attempt, ClientHost host, List<String> command) throws IOException {
        TestDatabase target = attempt.target();
        Engine engine = target.engine();
        ClientErrors errors = new ClientErrors(
                engine, attempt.prologue().size(), attempt.info().guardEnd());
        int exitStatus;
        try (InputStream input = withPrologue(Progress.of(attempt, Optional.of(host)), attempt)) {
            exitStatus = run(host, command, target, input, errors);
        }
        return errors.report(
                String.join(" ", command), exitStatus, () -> attempt.backup().openScript(Optional.of(host)), engine);
    }

    /** Puts the prologue before the backup's statements, but behind its guard, which must find the database as it was. */
    private static InputStream withPrologue(InputStream backup, RestoreAttempt attempt) throws IOException {
        if (attempt.prologue().isEmpty()) {
            return backup;
        }
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        for (long lines = 0; lines < attempt.info().guardEnd(); ) {
            int b = backup.read();
            if (b < 0) {
                break;
            }
            head.write(b);
            lines += b == '\n' ? 1 : 0;
        }
        for (String statement : attempt.prologue()) {
            head.write((statement + ";\n").getBytes(StandardCharsets.UTF_8));
        }
        return new SequenceInputStream(new ByteArrayInputStream(head.toByteArray()), backup);
    }

    private ClientReport byPgRestore(RestoreAttempt attempt, ClientHost host) throws IOException {
        TestDatabase target = attempt.target();
        List<String> command =
                new ArrayList<>(List.of("pg_restore", "-h", "127.0.0.1", "-U", target.user(), "-d", target.name()));
        if (mode == ClientMode.STRICT) {
            command.addAll(List.of("--exit-on-error", "--single-transaction"));
        }
        ClientErrors errors = new ClientErrors(target.engine(), 0, 0);
        int exitStatus;
        try (InputStream input = Progress.of(attempt.backup().open(), attempt)) {
            exitStatus = run(host, command, target, input, errors);
        }
        return errors.report(String.join(" ", command), exitStatus, InputStream::nullInputStream, target.engine());
    }

    private static int run(
            ClientHost host, List<String> command, TestDatabase target, InputStream input, ClientErrors errors)
            throws IOException {
        return host.run(
                command,
                Map.of(target.engine().passwordVariable(), target.password()),
                input,
                OutputStream.nullOutputStream(),
                errors);
    }

    /** Runs the backup's statements over JDBC, as the client would in the given mode. */
    static ClientReport overJdbc(RestoreAttempt attempt, ClientMode mode) throws IOException, SQLException {
        boolean goesOn = mode == ClientMode.FORCED
                || (mode == ClientMode.DOCUMENTED && attempt.target().engine() == Engine.POSTGRESQL);
        return JdbcLoader.load(attempt, goesOn, mode == ClientMode.STRICT);
    }

    /** Equal to any other of its class, as there is one for each mode. */
    @Override
    public final boolean equals(@Nullable Object other) {
        return other instanceof EngineClient client && client.mode == mode;
    }

    @Override
    public final int hashCode() {
        return mode.hashCode();
    }

    @Override
    public final String toString() {
        return getClass().getSimpleName();
    }
}
