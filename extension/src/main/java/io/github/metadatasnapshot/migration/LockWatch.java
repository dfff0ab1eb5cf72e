package io.github.metadatasnapshot.migration;

import io.github.metadatasnapshot.engine.Engine;
import io.github.metadatasnapshot.engine.Threads;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Watches which tables a session keeps locked during one migration, from another session. */
final class LockWatch {

    private static final long SHORTEST_INTERVAL_NANOS = TimeUnit.MILLISECONDS.toNanos(5);
    private static final long LONGEST_INTERVAL_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    /** How many times one looks before the interval has grown by its own length. */
    private static final long LOOKS = 100;

    private final Connection monitor;
    private final Engine engine;
    private final String session;
    private final CountDownLatch ended = new CountDownLatch(1);
    private final Thread thread = new Thread(this::watch, "metadata-snapshot-locks");

    /** How long each table was locked, in nanoseconds. */
    private final Map<String, Long> locked = new HashMap<>();

    private final long start;
    private Set<String> last;
    private long lastLook;
    private volatile @Nullable SQLException failure;

    private LockWatch(Connection monitor, Engine engine, String session, Set<String> first) {
        this.monitor = monitor;
        this.engine = engine;
        this.session = session;
        this.last = first;
        this.start = System.nanoTime();
        this.lastLook = start;
    }

    /**
     * Begins to watch.
     *
     * @return the watch, empty where the server does not say who locks what
     */
    static Optional<LockWatch> start(Connection monitor, Engine engine, String session) throws SQLException {
        return engine.exclusiveLocks(monitor, session).map(locks -> {
            LockWatch watch = new LockWatch(monitor, engine, session, locks);
            watch.thread.setDaemon(true);
            watch.thread.start();
            return watch;
        });
    }

    private void watch() {
        try {
            while (!ended.await(interval(), TimeUnit.NANOSECONDS)) {
                look();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (SQLException e) {
            failure = e;
        }
    }

    private long interval() {
        long grown = (System.nanoTime() - start) / LOOKS;
        return Math.min(LONGEST_INTERVAL_NANOS, Math.max(SHORTEST_INTERVAL_NANOS, grown));
    }

    private void look() throws SQLException {
        Set<String> now = engine.exclusiveLocks(monitor, session).orElse(Set.of());
        long time = System.nanoTime();
        long since = time - lastLook;
        now.forEach(table -> locked.merge(table, since, Long::sum));
        last.stream().filter(table -> !now.contains(table)).forEach(table -> locked.merge(table, since, Long::sum));
        last = now;
        lastLook = time;
    }

    /**
     * Looks once more, and ends.
     *
     * @return how long each table was locked, in milliseconds
     * @throws SQLException if the server did not answer
     */
    Map<String, Long> end() throws SQLException {
        stop();
        if (failure != null) {
            throw failure;
        }
        look();
        Map<String, Long> millis = new HashMap<>();
        locked.forEach((table, nanos) -> millis.put(table, TimeUnit.NANOSECONDS.toMillis(nanos)));
        return millis;
    }

    /** Ends without a result. */
    void stop() {
        ended.countDown();
        Threads.join(thread);
    }
}
