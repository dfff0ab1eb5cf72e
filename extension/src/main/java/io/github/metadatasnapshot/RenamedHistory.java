package io.github.metadatasnapshot;

import io.github.metadatasnapshot.engine.DatabaseNameColumn;
import io.github.metadatasnapshot.engine.HistoryTable;
import io.github.metadatasnapshot.migration.Migrator;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import org.jspecify.annotations.Nullable;

/** A migrator of which it is known how backups name their database: see {@link RenamedDatabase}. */
final class RenamedHistory implements InvocationHandler {

    private final Migrator migrator;
    private final HistoryTable history;

    private RenamedHistory(Migrator migrator, HistoryTable history) {
        this.migrator = migrator;
        this.history = history;
    }

    /**
     * Returns the same migrator, with another history table.
     *
     * @throws IllegalArgumentException as {@link HistoryTable#with} does
     */
    static Migrator of(Migrator migrator, DatabaseNameColumn column) {
        return (Migrator) Proxy.newProxyInstance(
                Migrator.class.getClassLoader(),
                new Class<?>[] {Migrator.class},
                new RenamedHistory(migrator, migrator.historyTable().with(column)));
    }

    @Override
    public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] arguments) throws Throwable {
        if (method.getName().equals("historyTable")) {
            return history;
        }
        if (method.getName().equals("equals")) {
            return arguments != null && proxy == arguments[0];
        }
        try {
            return method.invoke(migrator, arguments);
        } catch (InvocationTargetException e) {
            throw e.getTargetException();
        }
    }
}
