package io.github.metadatasnapshot.migration;

import static java.util.stream.Collectors.toCollection;

import io.github.metadatasnapshot.engine.Engine;
import io.github.metadatasnapshot.engine.SessionLook;
import io.github.metadatasnapshot.engine.StoredTable;
import io.github.metadatasnapshot.engine.TableName;
import io.github.metadatasnapshot.server.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.flywaydb.core.api.MigrationInfo;
import org.flywaydb.core.api.callback.Callback;
import org.flywaydb.core.api.callback.Context;
import org.flywaydb.core.api.callback.Event;
import org.jspecify.annotations.Nullable;

/**
 * Looks at what each migration does to the tables. Ends no transaction, leaves nothing behind, and where it cannot look the
 * effects are unknown.
 */
final class MigrationObserver implements Callback, AutoCloseable {

    private static final System.Logger LOG = System.getLogger("io.github.metadatasnapshot");

    /** What was seen before a migration. */
    private record Before(SessionLook look, Optional<LockWatch> locks) {}

    private interface Question<T> {
        T ask() throws SQLException;
    }

    private final TestDatabase database;
    private final Engine engine;
    private final Map<String, MigrationEffects> effects = new HashMap<>();
    private @Nullable Connection monitor;
    private @Nullable Before before;

    MigrationObserver(TestDatabase database) {
        this.database = database;
        this.engine = database.engine();
    }

    /** {@return what a migration did} */
    MigrationEffects effects(String version, String description) {
        return effects.getOrDefault(key(version, description), MigrationEffects.UNKNOWN);
    }

    private static String key(String version, String description) {
        return version + " " + description;
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
        return "metadata-snapshot";
    }

    @Override
    public void handle(Event event, Context context) {
        try {
            if (event == Event.BEFORE_EACH_MIGRATE) {
                if (monitor == null) {
                    // Flyway has the connections that it needs by now.
                    monitor = database.open();
                }
                before = begin(context.getConnection(), monitor);
            } else if (before != null && monitor != null) {
                MigrationInfo migration = context.getMigrationInfo();
                String version = migration.getVersion() == null
                        ? ""
                        : migration.getVersion().getVersion();
                effects.put(
                        key(version, migration.getDescription()),
                        effectsSince(before, context.getConnection(), monitor));
                before = null;
            }
        } catch (SQLException | RuntimeException e) {
            // The migration is the user's, and does not fail for this.
            LOG.log(System.Logger.Level.DEBUG, "A migration is not observed", e);
        }
    }

    private Before begin(Connection session, Connection monitor) throws SQLException {
        SessionLook look = look(session, monitor);
        Optional<LockWatch> locks =
                answer(() -> LockWatch.start(monitor, engine, look.session())).flatMap(watch -> watch);
        return new Before(look, locks);
    }

    private MigrationEffects effectsSince(Before then, Connection session, Connection monitor) throws SQLException {
        Optional<Map<String, Long>> locks = then.locks().flatMap(watch -> answer(watch::end));
        SessionLook now = look(session, monitor);
        Optional<Map<String, StoredTable>> tables = then.look().tables();
        return new MigrationEffects(
                now.rows().since(then.look().rows()),
                tables.flatMap(was -> now.tables().map(is -> rewritten(was, is))),
                tables.flatMap(was -> locks.map(millis -> locked(was, millis))));
    }

    /** Asks the migration's own session: an error there would abort its transaction, if it were not undone. */
    private SessionLook look(Connection session, Connection monitor) throws SQLException {
        Savepoint savepoint = session.getAutoCommit() ? null : session.setSavepoint();
        try {
            SessionLook look = engine.look(session, monitor);
            if (savepoint != null) {
                session.releaseSavepoint(savepoint);
            }
            return look;
        } catch (SQLException e) {
            if (savepoint != null) {
                session.rollback(savepoint);
            }
            throw e;
        }
    }

    private static SortedSet<TableName> rewritten(Map<String, StoredTable> before, Map<String, StoredTable> now) {
        return before.entrySet().stream()
                .filter(table -> now.containsKey(table.getKey())
                        && !now.get(table.getKey())
                                .storage()
                                .equals(table.getValue().storage()))
                .map(table -> table.getValue().name())
                .collect(toCollection(TreeSet::new));
    }

    /** A table that the migration creates is locked, but nobody else knows it yet. */
    private static SortedMap<TableName, Long> locked(Map<String, StoredTable> before, Map<String, Long> millis) {
        SortedMap<TableName, Long> locked = new TreeMap<>();
        millis.forEach((id, time) -> {
            StoredTable table = before.get(id);
            if (table != null) {
                locked.merge(table.name(), time, Math::max);
            }
        });
        return locked;
    }

    private static <T> Optional<T> answer(Question<T> question) {
        try {
            return Optional.of(question.ask());
        } catch (SQLException e) {
            LOG.log(System.Logger.Level.DEBUG, "A migration is not observed in full", e);
            return Optional.empty();
        }
    }

    @Override
    public void close() {
        if (before != null) {
            before.locks().ifPresent(LockWatch::stop);
        }
        if (monitor != null) {
            try {
                monitor.close();
            } catch (SQLException e) {
                LOG.log(System.Logger.Level.DEBUG, "A connection is left open", e);
            }
        }
    }
}
