package io.github.metadatasnapshot.migration;

import java.util.HashSet;
import java.util.Set;
import org.flywaydb.core.api.MigrationInfo;
import org.flywaydb.core.api.callback.Callback;
import org.flywaydb.core.api.callback.Context;
import org.flywaydb.core.api.callback.Event;

/** Remembers which migrations ran to their end, which Flyway does not tell of a run that fails later. */
final class MigrationRecorder implements Callback {

    private final Set<String> scripts = new HashSet<>();

    boolean saw(String script) {
        return scripts.contains(script);
    }

    @Override
    public boolean supports(Event event, Context context) {
        return event == Event.AFTER_EACH_MIGRATE;
    }

    @Override
    public boolean canHandleInTransaction(Event event, Context context) {
        return true;
    }

    @Override
    public String getCallbackName() {
        return "metadata-snapshot-recorder";
    }

    @Override
    public void handle(Event event, Context context) {
        MigrationInfo migration = context.getMigrationInfo();
        scripts.add(migration.getScript());
    }
}
