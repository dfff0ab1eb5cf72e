package io.github.metadatasnapshot.restore;

import io.github.metadatasnapshot.engine.BlockedSession;
import io.github.metadatasnapshot.engine.Threads;
import io.github.metadatasnapshot.server.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Watches a restore for a lock that a session holds which was there before, such as one of the product's server: the client
 * waits for it for ever, since dumps switch time-outs off. Ends the client's session after a time.
 */
final class BlockWatch implements AutoCloseable {

    private static final long INTERVAL_MILLIS = 1000;

    private final TestDatabase database;
    private final Duration limit;
    private final Set<Long> before;
    private final CountDownLatch ended = new CountDownLatch(1);
    private final Thread thread;
    private volatile @Nullable String blocker;
    private volatile boolean cut;

    /**
     * Begins to watch.
     *
     * @param database the database that is restored into
     * @param before the sessions that are connected to it already
     * @param limit how long the client may wait
     */
    BlockWatch(TestDatabase database, Set<Long> before, Duration limit) {
        this.database = database;
        this.before = before;
        this.limit = limit;
        this.thread = new Thread(this::watch, "metadata-snapshot-restore-" + database.name());
        thread.setDaemon(true);
        if (!before.isEmpty()) {
            thread.start();
        }
    }

    /**
     * Says why the client failed, if it is for a lock of another session.
     *
     * @param failed whether it failed
     * @return the reason, with the session that holds the lock
     */
    Optional<String> reason(boolean failed) {
        String session = blocker;
        if (session == null || !failed) {
            return Optional.empty();
        }
        return Optional.of("the client waited for a lock that another session holds, "
                + (cut ? "and was ended after " + limit.toSeconds() + " s" : "until it failed")
                + ": stop what is connected before a restore. The session is " + session);
    }

    private void watch() {
        try {
            if (ended.await(INTERVAL_MILLIS, TimeUnit.MILLISECONDS)) {
                return;
            }
            try (Connection monitor = database.open()) {
                long since = System.nanoTime();
                do {
                    Optional<BlockedSession> blocked = look(monitor);
                    blocker = blocked.map(BlockedSession::blocker).orElse(null);
                    if (blocked.isEmpty()) {
                        since = System.nanoTime();
                    } else if (System.nanoTime() - since >= limit.toNanos()) {
                        cut = true;
                        database.engine().endSession(monitor, blocked.get().id());
                        return;
                    }
                } while (!ended.await(INTERVAL_MILLIS, TimeUnit.MILLISECONDS));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (SQLException e) {
            System.getLogger("io.github.metadatasnapshot")
                    .log(System.Logger.Level.DEBUG, "The restore into " + database + " is not watched", e);
        }
    }

    private Optional<BlockedSession> look(Connection monitor) throws SQLException {
        List<BlockedSession> blocked = database.engine().blockedSessions(monitor, before);
        return blocked.stream()
                .filter(session -> !before.contains(session.id()))
                .findFirst();
    }

    @Override
    public void close() {
        ended.countDown();
        Threads.join(thread);
    }
}
