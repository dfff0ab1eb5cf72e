package io.github.metadatasnapshot.migration;

import io.github.metadatasnapshot.engine.Version;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.flywaydb.core.api.MigrationInfo;
import org.flywaydb.core.api.callback.Callback;
import org.flywaydb.core.api.callback.Context;
import org.flywaydb.core.api.callback.Event;
import org.jspecify.annotations.Nullable;

/** Does what Flyway does not while it runs the scripts of a layout: the steps in Java, and the product's own history. */
final class LayoutRun implements Callback {

    private final LayoutScripts scripts;
    private final Optional<HistoryWriter> writer;
    private final List<String> statements = new ArrayList<>();
    private @Nullable String failed;

    LayoutRun(LayoutScripts scripts, Optional<HistoryWriter> writer) {
        this.scripts = scripts;
        this.writer = writer;
    }

    /** {@return what of this failed, for a message; empty where nothing of it did} */
    Optional<String> failed() {
        return Optional.ofNullable(failed);
    }

    @Override
    public boolean supports(Event event, Context context) {
        return event == Event.BEFORE_EACH_MIGRATE
                || event == Event.AFTER_EACH_MIGRATE_STATEMENT
                || event == Event.AFTER_EACH_MIGRATE;
    }

    @Override
    public boolean canHandleInTransaction(Event event, Context context) {
        return true;
    }

    @Override
    public String getCallbackName() {
        return "metadata-snapshot-layout";
    }

    @Override
    public void handle(Event event, Context context) {
        if (event == Event.BEFORE_EACH_MIGRATE) {
            statements.clear();
            return;
        }
        MigrationInfo info = context.getMigrationInfo();
        LayoutScript script = scripts.script(info.getScript()).orElse(null);
        if (script == null) {
            return;
        }
        if (event == Event.AFTER_EACH_MIGRATE_STATEMENT) {
            statement(context, script);
        } else if (writer.isPresent()) {
            write(context, script, info, writer.get());
        }
    }

    private void statement(Context context, LayoutScript script) {
        String sql = context.getStatement().getSql().strip().replaceFirst("\\s*;$", "");
        Optional<MigrationStep> step = script.migration().step();
        if (step.isEmpty() || !sql.equals(script.stepMark())) {
            statements.add(sql);
            return;
        }
        try {
            step.get().run(context.getConnection());
        } catch (Exception e) {
            // Whatever the product's code throws.
            failed = "the step of " + script.migration().version();
            throw new MigrationException(failed + " failed: " + e, e);
        }
    }

    private void write(Context context, LayoutScript script, MigrationInfo info, HistoryWriter writer) {
        try {
            writer.write(
                    context.getConnection(),
                    new WrittenMigration(
                            Version.of(script.migration().version().toString()),
                            info.getDescription(),
                            script.migration().path(),
                            info.getChecksum() == null ? 0 : info.getChecksum(),
                            statements));
        } catch (SQLException e) {
            failed = "what writes " + script.migration().version() + " into the history";
            throw new MigrationException(failed + " failed: " + e.getMessage(), e);
        }
    }
}
