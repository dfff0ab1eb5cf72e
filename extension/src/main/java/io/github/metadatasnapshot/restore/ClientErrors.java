package io.github.metadatasnapshot.restore;

import io.github.metadatasnapshot.backup.ScriptReader;
import io.github.metadatasnapshot.backup.ScriptStatement;
import io.github.metadatasnapshot.engine.Engine;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Takes what a client prints as errors, line by line, and keeps the errors among it. */
final class ClientErrors extends OutputStream {

    /** What {@code pg_restore} says, which knows no lines; the statement follows as {@code Command was: …}. */
    private static final Pattern PG_RESTORE =
            Pattern.compile("^pg_restore: error: (?:could not execute query: )?(?:ERROR:\\s+)?(?<message>.*)");

    /** Where psql says that an error is one of a function's body. */
    private static final Pattern IN_FUNCTION = Pattern.compile("^CONTEXT: +(?:PL/pgSQL|SQL) function ");

    private static final int MAX_LINE_BYTES = 8192;

    /** To which a shell, and Docker, adds the number of the signal that ended a process. */
    private static final int KILLED = 128;

    private final Engine engine;
    private final Pattern pattern;
    /** Of each line of the prologue the statement that it belongs to. */
    private final List<String> prologueLines;

    private final long prologueAfter;
    private final List<StatementError> errors = new ArrayList<>();
    private final ByteArrayOutputStream current = new ByteArrayOutputStream();
    private String lastLine = "";
    private Optional<String> fault = Optional.empty();
    private long count;

    /**
     * Creates a parser.
     *
     * @param engine the engine whose client prints
     * @param prologue the statements that the client was given beside those of the backup, each ending its line
     * @param prologueAfter the line of the backup after which it was given them, 0 for before the first
     */
    ClientErrors(Engine engine, List<String> prologue, long prologueAfter) {
        this.engine = engine;
        this.pattern = engine.clientError();
        this.prologueLines = prologue.stream()
                .flatMap(statement ->
                        Collections.nCopies(
                                (int) statement.chars().filter(c -> c == '\n').count() + 1, statement)
                                .stream())
                .toList();
        this.prologueAfter = prologueAfter;
    }

    @Override
    public void write(int b) {
        if (b == '\n') {
            endOfLine();
        } else if (current.size() < MAX_LINE_BYTES) {
            current.write(b);
        }
    }

    @Override
    public void write(byte[] bytes, int offset, int length) {
        for (int i = offset; i < offset + length; i++) {
            write(bytes[i]);
        }
    }

    private void endOfLine() {
        String text = current.toString(StandardCharsets.UTF_8).stripTrailing();
        current.reset();
        if (text.isEmpty()) {
            return;
        }
        lastLine = text;
        if (fault.isEmpty() && engine.isClientFault(text)) {
            fault = Optional.of(ClientReport.NOT_OF_THE_STATEMENT + text);
        }
        Matcher error = pattern.matcher(text);
        if (error.find()) {
            long line = error.group("line") == null ? 0 : Long.parseLong(error.group("line"));
            String state = error.group("state") == null ? "" : error.group("state");
            long inPrologue = line - prologueAfter;
            if (inPrologue > 0 && inPrologue <= prologueLines.size()) {
                add(StatementError.ofPrologue(prologueLines.get((int) inPrologue - 1), state, error.group("message")));
            } else {
                long at = inPrologue <= 0 ? line : line - prologueLines.size();
                add(new StatementError(at, at, "", state, error.group("message")));
            }
        } else if (IN_FUNCTION.matcher(text).find() && !errors.isEmpty() && count <= ClientReport.MAX_ERRORS) {
            // As the JDBC driver says it.
            StatementError last = errors.remove(errors.size() - 1);
            errors.add(new StatementError(
                    last.line(),
                    last.lastLine(),
                    last.statement(),
                    last.sqlState(),
                    last.message() + text.replaceFirst("CONTEXT: +", "\n  Where: ")));
        } else if (text.startsWith("Command was: ") && !errors.isEmpty() && count <= ClientReport.MAX_ERRORS) {
            StatementError last = errors.remove(errors.size() - 1);
            errors.add(new StatementError(0, 0, text.substring(13), last.sqlState(), last.message()));
        } else {
            Matcher restore = PG_RESTORE.matcher(text);
            if (restore.find()) {
                add(new StatementError(0, 0, "", "", restore.group("message")));
            }
        }
    }

    private void add(StatementError error) {
        count++;
        if (errors.size() < ClientReport.MAX_ERRORS) {
            errors.add(error);
        }
    }

    /**
     * Makes the report, once the client has ended.
     *
     * @param client the client as it was called
     * @param exitStatus its exit status
     * @param script the backup's statements, of which those that failed are looked up
     * @throws IOException if the backup cannot be read
     */
    ClientReport report(String client, int exitStatus, ScriptSource script) throws IOException {
        endOfLine();
        if (exitStatus != 0 && errors.isEmpty()) {
            add(new StatementError(0, 0, "", "", lastLine.isEmpty() ? "exit status " + exitStatus : lastLine));
        }
        if (exitStatus > KILLED) {
            fault = Optional.of("the client ended with status " + exitStatus + ", as a process does that signal "
                    + (exitStatus - KILLED) + " has killed");
        }
        return new ClientReport(client, exitStatus == 0, count, withStatements(script), List.of(), fault);
    }

    /** Opens a script. */
    interface ScriptSource {
        InputStream open() throws IOException;
    }

    private List<StatementError> withStatements(ScriptSource script) throws IOException {
        if (errors.stream().noneMatch(error -> error.line() > 0)) {
            return errors;
        }
        List<StatementError> found = new ArrayList<>();
        // psql names the line on which a statement ends, mysql the one on which it begins: either way the failed
        // statement is the last that begins no later.
        try (ScriptReader reader = new ScriptReader(script.open(), engine.scriptSyntax())) {
            ScriptStatement next = reader.next();
            long first = 0;
            String excerpt = "";
            for (StatementError error : errors) {
                if (error.line() == 0) {
                    found.add(error);
                    continue;
                }
                while (next != null && next.firstLine() <= error.line()) {
                    first = next.firstLine();
                    excerpt = next.excerpt();
                    next = reader.next();
                }
                found.add(new StatementError(first, error.lastLine(), excerpt, error.sqlState(), error.message()));
            }
        }
        return found;
    }
}
