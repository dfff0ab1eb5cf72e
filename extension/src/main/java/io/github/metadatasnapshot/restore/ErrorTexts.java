package io.github.metadatasnapshot.restore;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toMap;

import io.github.metadatasnapshot.backup.BackupException;
import io.github.metadatasnapshot.backup.BackupInfo;
import io.github.metadatasnapshot.backup.ScriptReader;
import io.github.metadatasnapshot.backup.ScriptStatement;
import io.github.metadatasnapshot.engine.RestoreContext;
import io.github.metadatasnapshot.engine.SchemaObject;
import io.github.metadatasnapshot.server.TestDatabase;
import io.github.metadatasnapshot.shape.DatabaseState;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Describes the errors of a restore, each with its cause where that can be looked up. */
final class ErrorTexts {

    private ErrorTexts() {}

    static List<String> of(Connection connection, RestoreAttempt attempt, ClientReport report, DatabaseState before)
            throws SQLException {
        if (report.errors().isEmpty()) {
            return List.of();
        }
        TestDatabase target = attempt.target();
        BackupInfo info = attempt.info();
        RestoreContext context = new RestoreContext(
                info.kind() == BackupInfo.Kind.DATA_ONLY,
                info.writer(),
                info.toolVersion(),
                info.describeVersion(),
                before.history().describeVersion(),
                before.isEmpty(),
                before.rows(),
                before.shape().objects().stream()
                        .collect(groupingBy(SchemaObject::kind, toMap(SchemaObject::name, SchemaObject::definition))),
                info.rows().keySet(),
                target.server().spec().toString(),
                pattern -> firstStatement(attempt, pattern));
        List<String> texts = new ArrayList<>();
        for (StatementError error : report.errors()) {
            texts.add(error
                    + target.engine()
                            .restoreHint(
                                    connection,
                                    error.sqlState(),
                                    error.message(),
                                    error.statement(),
                                    error.line(),
                                    context)
                            .map(cause -> "\nlikely cause: " + cause)
                            .orElse(""));
        }
        return List.copyOf(texts);
    }

    private static Optional<String> firstStatement(RestoreAttempt attempt, Pattern pattern) {
        try (ScriptReader reader =
                new ScriptReader(attempt.openScript(), attempt.target().engine().scriptSyntax())) {
            for (ScriptStatement next = reader.next(); next != null; next = reader.next()) {
                String excerpt = next.excerpt();
                if (pattern.matcher(excerpt).find()) {
                    return Optional.of(excerpt);
                }
            }
        } catch (IOException | BackupException e) {
            // The error itself matters more.
        }
        return Optional.empty();
    }
}
