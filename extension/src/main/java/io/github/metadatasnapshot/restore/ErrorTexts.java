package io.github.metadatasnapshot.restore;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toMap;

import io.github.metadatasnapshot.backup.BackupInfo;
import io.github.metadatasnapshot.engine.RestoreContext;
import io.github.metadatasnapshot.engine.SchemaHistory;
import io.github.metadatasnapshot.engine.SchemaObject;
import io.github.metadatasnapshot.server.TestDatabase;
import io.github.metadatasnapshot.shape.DatabaseState;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** Describes the errors of a restore, each with its cause where that can be looked up. */
final class ErrorTexts {

    private ErrorTexts() {}

    static List<String> of(
            Connection connection, TestDatabase target, ClientReport report, BackupInfo info, DatabaseState before)
            throws SQLException {
        if (report.errors().isEmpty()) {
            return List.of();
        }
        RestoreContext context = new RestoreContext(
                info.kind() == BackupInfo.Kind.DATA_ONLY,
                info.writer(),
                info.toolVersion(),
                info.history().map(SchemaHistory::describeVersion).orElse("no version"),
                before.history().describeVersion(),
                before.isEmpty(),
                before.rows(),
                before.shape().objects().stream()
                        .collect(groupingBy(SchemaObject::kind, toMap(SchemaObject::name, SchemaObject::definition))),
                info.rows().keySet(),
                target.server().spec().toString());
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
}
