package io.github.metadatasnapshot.migration;

import io.github.metadatasnapshot.engine.Threads;
import io.github.metadatasnapshot.server.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Watches a migration for a statement that waits for a lock of the migration's own idle session, and would wait for
 * ever: the engine sees no deadlock there. Cancels it, so that the migration ends with an error.
 */
final class SelfBlockWatch implements AutoCloseable {

    /** Most migrations end within this time and never cost a second connection. */
    private static final long INTERVAL_MILLIS = 1000;

    private final TestDatabase database;
    private final CountDownLatch ended = new CountDownLatch(1);
    private final Thread thread;
    private volatile @Nullable String cancelled;

    SelfBlockWatch(TestDatabase database) {
        this.database = database;
        this.thread = new Thread(this::watch, "metadata-snapshot-watch-" + database.name());
        thread.setDaemon(true);
        thread.start();
    }

    /** Returns the statement that was cancelled, empty where none had to be. */
    Optional<String> cancelled() {
        return Optional.ofNullable(cancelled);
    }

    private void watch() {
        try {
            if (ended.await(INTERVAL_MILLIS, TimeUnit.MILLISECONDS)) {
                return;
            }
            try (Connection monitor = database.open()) {
                Optional<String> before = Optional.empty();
                while (!ended.await(INTERVAL_MILLIS, TimeUnit.MILLISECONDS)) {
                    Optional<String> blocked = database.engine().selfBlockedStatement(monitor);
                    // A session may be idle for a moment between two statements: only a second look is proof.
                    if (blocked.isPresent() && blocked.equals(before)) {
                        cancelled = blocked.get();
                        database.engine().cancelSelfBlocked(monitor);
                        return;
                    }
                    before = blocked;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (SQLException e) {
            System.getLogger("io.github.metadatasnapshot")
                    .log(System.Logger.Level.WARNING, "The migration of " + database + " is not watched", e);
        }
    }

    @Override
    public void close() {
        ended.countDown();
        Threads.join(thread);
    }
}
