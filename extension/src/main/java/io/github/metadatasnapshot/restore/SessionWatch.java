package io.github.metadatasnapshot.restore;

import static java.util.stream.Collectors.toMap;

import io.github.metadatasnapshot.engine.ConnectedSession;
import io.github.metadatasnapshot.engine.Threads;
import io.github.metadatasnapshot.server.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * Looks for sessions of others in the database that is restored into: before the restore, each second, and after it. A look
 * is a query; a restore that takes less than a second has no more than two.
 */
final class SessionWatch implements AutoCloseable {

    private static final long INTERVAL_MILLIS = 1000;

    /** A session is listed for a moment after its client has closed it. */
    private static final long MOMENT_MILLIS = 20;

    private static final int MOMENTS_BEFORE = 5;
    private static final int MOMENTS_AFTER = 150;

    private final TestDatabase database;
    private final Set<String> users;
    /** Whether the client is known to have one session at a time. */
    private final boolean single;
    /** Whether it runs beside the server. */
    private final boolean besideServer;

    private final CountDownLatch ended = new CountDownLatch(1);
    private final Thread thread;
    private final Map<Long, Seen> others = new LinkedHashMap<>();
    private Map<Long, ConnectedSession> before = Map.of();
    private Optional<Long> client = Optional.empty();
    private Optional<String> whyNotAll = Optional.empty();

    /** When a session was seen. */
    private enum Time {
        BEFORE("before"),
        DURING("while it ran"),
        AFTER("after");

        private final String text;

        Time(String text) {
            this.text = text;
        }
    }

    private record Seen(String description, EnumSet<Time> times) {

        String describe() {
            List<String> texts = times.stream().map(time -> time.text).toList();
            int last = texts.size() - 1;
            return description + " ("
                    + (last == 0 ? "" : String.join(", ", texts.subList(0, last)) + " and ")
                    + texts.get(last) + ")";
        }
    }

    /**
     * What was found.
     *
     * @param sessions the sessions of others, a line each, with when they were seen
     * @param whyNotAll why there may be more; empty where there are not
     */
    record Found(List<String> sessions, Optional<String> whyNotAll) {}

    SessionWatch(TestDatabase database, RestoreProcedure procedure) {
        this.database = database;
        this.users = new HashSet<>(List.of(database.user(), database.migrationUser()));
        this.single = procedure instanceof EngineClient || procedure instanceof JdbcLoad;
        this.besideServer = (procedure instanceof EngineClient || procedure instanceof ContainerCommand)
                && database.server().clientHost().isPresent();
        this.thread = new Thread(this::watch, "metadata-snapshot-sessions-" + database.name());
        thread.setDaemon(true);
    }

    /** Looks before the restore. */
    void before(Connection connection) throws SQLException {
        whyNotAll = database.engine().whyNotAllSessions(connection);
        before = look(connection);
        for (int i = 0; i < MOMENTS_BEFORE && !before.isEmpty() && pause(); i++) {
            before = look(connection);
        }
        before.values().forEach(session -> note(session, Time.BEFORE));
    }

    /** {@return the numbers of the sessions that were connected before} */
    Set<Long> ids() {
        return before.keySet();
    }

    /** {@return the sessions that were connected before} */
    List<ConnectedSession> seenBefore() {
        return List.copyOf(before.values());
    }

    /** Begins to look each second, until it is closed. */
    void start() {
        thread.start();
    }

    private void watch() {
        try {
            if (ended.await(INTERVAL_MILLIS, TimeUnit.MILLISECONDS)) {
                return;
            }
            // Not to the database itself, which a procedure may rename or drop.
            try (Connection monitor = database.openBeside()) {
                do {
                    during(look(monitor));
                } while (!ended.await(INTERVAL_MILLIS, TimeUnit.MILLISECONDS));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (SQLException e) {
            whyNotAll = Optional.of("the sessions could not be listed while the restore ran: " + e.getMessage());
        }
    }

    private void during(Map<Long, ConnectedSession> sessions) {
        if (client.filter(sessions::containsKey).isEmpty()) {
            client = sessions.values().stream()
                    .filter(this::mayBeClient)
                    .map(ConnectedSession::id)
                    .findFirst();
        }
        for (ConnectedSession session : sessions.values()) {
            boolean own = single ? client.filter(id -> id == session.id()).isPresent() : mayBeClient(session);
            if (!own) {
                note(session, Time.DURING);
            }
        }
    }

    private boolean mayBeClient(ConnectedSession session) {
        return !before.containsKey(session.id())
                && users.contains(session.user())
                && (!besideServer || session.isFromServer());
    }

    /** Looks after the restore, when the watch is closed. */
    Found after(Connection connection) throws SQLException {
        Map<Long, ConnectedSession> sessions = look(connection);
        for (int i = 0; i < MOMENTS_AFTER && sessions.values().stream().anyMatch(this::mayBeClient) && pause(); i++) {
            sessions = look(connection);
        }
        sessions.values().forEach(session -> note(session, Time.AFTER));
        return new Found(others.values().stream().map(Seen::describe).sorted().toList(), whyNotAll);
    }

    private void note(ConnectedSession session, Time time) {
        others.computeIfAbsent(session.id(), id -> new Seen(session.description(), EnumSet.noneOf(Time.class)))
                .times()
                .add(time);
    }

    private Map<Long, ConnectedSession> look(Connection monitor) throws SQLException {
        return database.engine().sessions(monitor, database.name()).stream()
                .collect(toMap(ConnectedSession::id, Function.identity()));
    }

    private static boolean pause() {
        try {
            Thread.sleep(MOMENT_MILLIS);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    @Override
    public void close() {
        ended.countDown();
        Threads.join(thread);
    }
}
