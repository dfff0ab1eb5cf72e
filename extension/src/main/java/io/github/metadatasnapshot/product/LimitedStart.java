package io.github.metadatasnapshot.product;

import io.github.metadatasnapshot.server.ServerException;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Starts a server in this JVM, and waits no longer than it may take. */
public final class LimitedStart {

    private LimitedStart() {}

    /**
     * Starts a server. One that starts after the time is over is closed then.
     *
     * @param <S> the server
     * @param name the server, for people
     * @param starter starts it; is interrupted when the time is over
     * @param limit how long it may take
     * @return the server
     * @throws TimeoutException if the time is over
     * @throws Exception what the starter throws
     * @throws ServerException if this thread is interrupted
     */
    public static <S extends AutoCloseable> S of(String name, Callable<S> starter, Duration limit) throws Exception {
        CompletableFuture<S> started = new CompletableFuture<>();
        Thread thread = new Thread(
                () -> {
                    try {
                        S server = starter.call();
                        if (!started.complete(server)) {
                            server.close();
                        }
                    } catch (Throwable e) {
                        started.completeExceptionally(e);
                    }
                },
                "metadata-snapshot " + name);
        thread.setDaemon(true);
        thread.start();
        try {
            return started.get(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            started.completeExceptionally(e);
            thread.interrupt();
            throw e;
        } catch (InterruptedException e) {
            started.completeExceptionally(e);
            thread.interrupt();
            Thread.currentThread().interrupt();
            throw new ServerException("Interrupted while " + name + " started", e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof Error error) {
                throw error;
            }
            throw e;
        }
    }
}
