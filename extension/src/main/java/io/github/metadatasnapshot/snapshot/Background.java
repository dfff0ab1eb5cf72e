package io.github.metadatasnapshot.snapshot;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** Does what nobody waits for on one thread of its own; who asks for more than that one manages does it himself. */
final class Background implements AutoCloseable {

    private static final int MOST_WAITING = 8;
    private static final int IDLE_SECONDS = 5;
    private static final int END_SECONDS = 60;

    private static final System.Logger LOGGER = System.getLogger("io.github.metadatasnapshot");

    private final ThreadPoolExecutor executor = new ThreadPoolExecutor(
            1,
            1,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(MOST_WAITING),
            task -> {
                Thread thread = new Thread(task, "metadata-snapshot");
                thread.setDaemon(true);
                return thread;
            },
            new ThreadPoolExecutor.CallerRunsPolicy());

    Background() {
        executor.allowCoreThreadTimeOut(true);
    }

    /** Does something soon. What it throws is logged. */
    void run(Runnable task) {
        executor.execute(() -> {
            try {
                task.run();
            } catch (RuntimeException e) {
                LOGGER.log(System.Logger.Level.WARNING, "{0}", e.getMessage());
            }
        });
    }

    /** Waits for what has been begun, and leaves out what has not. */
    @Override
    public void close() {
        executor.shutdownNow();
        try {
            executor.awaitTermination(END_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
