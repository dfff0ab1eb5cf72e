package io.github.metadatasnapshot.migration;

import io.github.metadatasnapshot.engine.Engine;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.CallableStatement;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import javax.sql.DataSource;
import org.flywaydb.core.api.callback.Callback;
import org.flywaydb.core.api.callback.Context;
import org.flywaydb.core.api.callback.Event;

/**
 * Counts the statements of each migration, and sends another statement in the place of one: one that the server refuses, so
 * that what follows is what follows a failure in production. What a driver does beside statements, such as PostgreSQL's COPY, is
 * not seen.
 */
final class StatementWatch implements Callback {

    private final String refused;
    private final Optional<BreakOff> breakOff;
    private final Map<String, Integer> statements = new LinkedHashMap<>();
    private String script = "";

    /**
     * Creates a watch.
     *
     * @param engine the engine
     * @param breakOff the statement that the server is to refuse; empty for none
     */
    StatementWatch(Engine engine, Optional<BreakOff> breakOff) {
        this.refused = "SELECT * FROM " + engine.quote("broken off by Metadata Snapshot");
        this.breakOff = breakOff;
    }

    /** {@return how many statements each migration ran so far, by its file} */
    Map<String, Integer> statements() {
        return statements;
    }

    /** {@return a data source whose sessions are watched} */
    DataSource around(DataSource source) {
        return proxy(DataSource.class, source, (method, arguments) -> {
            Object result = invoke(source, method, arguments);
            return result instanceof Connection connection ? around(connection) : result;
        });
    }

    private Connection around(Connection connection) {
        return proxy(Connection.class, connection, (method, arguments) -> {
            Object result = invoke(connection, method, arguments);
            if (result instanceof CallableStatement statement) {
                return around(CallableStatement.class, statement, connection);
            }
            if (result instanceof PreparedStatement statement) {
                return around(PreparedStatement.class, statement, connection);
            }
            return result instanceof Statement statement ? around(Statement.class, statement, connection) : result;
        });
    }

    private <T extends Statement> T around(Class<T> type, T statement, Connection connection) {
        return proxy(type, statement, (method, arguments) -> {
            // A query changes nothing, and Flyway has some of its own.
            if (method.getName().startsWith("execute") && !method.getName().equals("executeQuery")) {
                beforeStatement(connection);
            }
            return invoke(statement, method, arguments);
        });
    }

    private void beforeStatement(Connection connection) throws SQLException {
        if (script.isEmpty()) {
            return;
        }
        int number = statements.merge(script, 1, Integer::sum);

        if (breakOff.equals(Optional.of(new BreakOff(script, number)))) {
            try (Statement other = connection.createStatement()) {
                other.execute(refused);
            }
        }
    }

    private interface Handler {
        Object handle(Method method, Object[] arguments) throws Throwable;
    }

    private static <T> T proxy(Class<T> type, T target, Handler handler) {
        return type.cast(Proxy.newProxyInstance(
                StatementWatch.class.getClassLoader(),
                new Class<?>[] {type},
                (proxy, method, arguments) -> method.getDeclaringClass() == Object.class
                        ? invoke(target, method, arguments)
                        : handler.handle(method, arguments)));
    }

    private static Object invoke(Object target, Method method, Object[] arguments) throws Throwable {
        try {
            return method.invoke(target, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    @Override
    public boolean supports(Event event, Context context) {
        return event == Event.BEFORE_EACH_MIGRATE || event == Event.AFTER_EACH_MIGRATE;
    }

    @Override
    public boolean canHandleInTransaction(Event event, Context context) {
        return true;
    }

    @Override
    public String getCallbackName() {
        return "metadata-snapshot-watch";
    }

    @Override
    public void handle(Event event, Context context) {
        script = event == Event.BEFORE_EACH_MIGRATE
                ? FlywayMigrator.fileName(context.getMigrationInfo().getScript())
                : "";
        if (!script.isEmpty()) {
            statements.put(script, 0);
        }
    }
}
