package io.github.metadatasnapshot.snapshot;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.Supplier;

/**
 * Values of which each is made once: by whoever asks first, while whoever else asks waits. A failure is remembered too, and
 * told to all, unless whoever made the value was interrupted: the next test must not suffer from the time-out of this one.
 *
 * @param <K> what tells one value from another
 * @param <V> the values
 */
public final class Memo<K, V> {

    private final Map<K, FutureTask<V>> tasks = new ConcurrentHashMap<>();

    /** Creates a memo that remembers nothing yet. */
    public Memo() {}

    /**
     * Returns a value.
     *
     * @param key which
     * @param maker makes it if that was not tried yet; may ask for others
     * @return the value
     */
    public V get(K key, Supplier<V> maker) {
        FutureTask<V> task = new FutureTask<>(maker::get);
        FutureTask<V> first = tasks.putIfAbsent(key, task);
        if (first == null) {
            first = task;
            task.run();
        }
        try {
            return first.get();
        } catch (ExecutionException e) {
            if (first == task && Thread.currentThread().isInterrupted()) {
                tasks.remove(key, task);
            }
            if (e.getCause() instanceof Error error) {
                throw error;
            }
            throw (RuntimeException) e.getCause();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while another test prepares what this one needs", e);
        }
    }

    /** Forgets a value, which is made again when it is asked for. */
    public void forget(K key) {
        tasks.remove(key);
    }

    /** Tells whether a value was asked for. */
    public boolean knows(K key) {
        return tasks.containsKey(key);
    }
}
