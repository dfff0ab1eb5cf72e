package io.github.metadatasnapshot.migration;

import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.callback.Callback;
import org.flywaydb.core.api.callback.Context;
import org.flywaydb.core.api.callback.Event;

/** Ends a run of Flyway before a migration, which it takes for a failure. */
final class StopBefore implements Callback {

    private final String script;
    private volatile boolean stopped;

    StopBefore(String script) {
        this.script = script;
    }

    boolean hasStopped() {
        return stopped;
    }

    @Override
    public boolean supports(Event event, Context context) {
        return event == Event.BEFORE_EACH_MIGRATE;
    }

    @Override
    public boolean canHandleInTransaction(Event event, Context context) {
        return true;
    }

    @Override
    public String getCallbackName() {
        return "metadata-snapshot-stop";
    }

    @Override
    public void handle(Event event, Context context) {
        if (script.equals(FlywayMigrator.fileName(context.getMigrationInfo().getScript()))) {
            stopped = true;
            throw new FlywayException("Stopped before " + script);
        }
    }
}
