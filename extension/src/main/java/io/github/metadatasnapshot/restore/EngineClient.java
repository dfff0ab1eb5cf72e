package io.github.metadatasnapshot.restore;

import static java.util.stream.Collectors.joining;

import io.github.metadatasnapshot.backup.Backup;
import io.github.metadatasnapshot.backup.BackupInfo;
import io.github.metadatasnapshot.backup.ScriptHead;
import io.github.metadatasnapshot.engine.ClientMode;
import io.github.metadatasnapshot.engine.Engine;
import io.github.metadatasnapshot.server.ClientTools;
import io.github.metadatasnapshot.server.DatabaseServer;
import io.github.metadatasnapshot.server.TestDatabase;
import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
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
        DatabaseServer server = attempt.target().server();
        Optional<ClientTools> tools = server.clientTools();
        Optional<String> whyNot = server.whyNoClientTools(attempt.missingRoles());
        if (tools.isEmpty() || whyNot.isPresent()) {
            ClientReport report = overJdbc(attempt, mode);
            return whyNot.map(reason -> report.noting("restored over JDBC and not by the engine's client: " + reason))
                    .orElse(report);
        }
        // pg_restore takes no statements to begin with: a data-only archive goes through psql, as pg_restore writes it.
        boolean archive = attempt.backup().format() == Backup.Format.POSTGRESQL_CUSTOM
                && attempt.info().kind() == BackupInfo.Kind.FULL;
        if (archive) {
            return byPgRestore(attempt, tools.get());
        }
        TestDatabase target = attempt.target();
        return byCommand(
                attempt,
                tools.get(),
                target.engine().clientCommand(mode, tools.get().access(), target.user(), target.name()));
    }

    /** Runs a command that reads the backup's statements from its standard input. */
    static ClientReport byCommand(RestoreAttempt attempt, ClientTools tools, List<String> command) throws IOException {
        TestDatabase target = attempt.target();
        Engine engine = target.engine();
        try (BufferedInputStream script = new BufferedInputStream(Progress.of(attempt.openScript(), attempt))) {
            Head head = head(script, attempt.info().guardEnd());
            ClientErrors errors = new ClientErrors(engine, attempt.prologue(), head.lines());
            int exitStatus = run(tools, command, target, head.before(attempt.prologue(), script), errors);
            return errors.report(String.join(" ", command), exitStatus, attempt::openScript);
        }
    }

    /** What of a script comes before the prologue: what must be its first bytes, and its guard. */
    private record Head(InputStream bytes, long lines) {

        InputStream before(List<String> prologue, InputStream rest) {
            String statements =
                    prologue.stream().map(statement -> statement + ";\n").collect(joining());
            return new SequenceInputStream(Collections.enumeration(
                    List.of(bytes, new ByteArrayInputStream(statements.getBytes(StandardCharsets.UTF_8)), rest)));
        }
    }

    /** Takes the head off a script. The guard must find the database as it was. */
    private static Head head(BufferedInputStream script, long guardEnd) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.write(ScriptHead.take(script));
        long lines = 0;
        for (byte b : bytes.toByteArray()) {
            lines += b == '\n' ? 1 : 0;
        }
        while (lines < guardEnd) {
            int b = script.read();
            if (b < 0) {
                break;
            }
            bytes.write(b);
            lines += b == '\n' ? 1 : 0;
        }
        return new Head(new ByteArrayInputStream(bytes.toByteArray()), lines);
    }

    private ClientReport byPgRestore(RestoreAttempt attempt, ClientTools tools) throws IOException {
        TestDatabase target = attempt.target();
        List<String> command = new ArrayList<>(List.of("pg_restore"));
        command.addAll(tools.access().arguments("-p", target.engine()));
        command.addAll(List.of("-U", target.user(), "-d", target.name()));
        if (mode == ClientMode.STRICT) {
            command.addAll(List.of("--exit-on-error", "--single-transaction"));
        }
        ClientErrors errors = new ClientErrors(target.engine(), List.of(), 0);
        int exitStatus;
        try (InputStream input = Progress.of(attempt.backup().open(), attempt)) {
            exitStatus = run(tools, command, target, input, errors);
        }
        return errors.report(String.join(" ", command), exitStatus, InputStream::nullInputStream);
    }

    private static int run(
            ClientTools tools, List<String> command, TestDatabase target, InputStream input, ClientErrors errors)
            throws IOException {
        return tools.run(command, target.engine(), target.password(), input, OutputStream.nullOutputStream(), errors);
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
