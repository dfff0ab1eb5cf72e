package io.github.metadatasnapshot.server;

import java.lang.System.Logger.Level;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One server of a run: not started yet, running, or failed for good. Its lock is held while the server starts. */
final class ServerSlot implements AutoCloseable {

    private static final System.Logger LOGGER = System.getLogger("io.github.metadatasnapshot");

    private final Supplier<DatabaseServer> starter;
    private @Nullable DatabaseServer server;
    private volatile @Nullable ServerException failure;
    private boolean restarted;

    ServerSlot(Supplier<DatabaseServer> starter) {
        this.starter = starter;
    }

    synchronized DatabaseServer get() {
        ServerException first = failure;
        if (first != null) {
            throw again(first);
        }
        if (server instanceof AbstractServer running && !running.answers()) {
            bury(running);
        }
        if (server == null) {
            server = start();
        }
        return server;
    }

    private DatabaseServer start() {
        try {
            return starter.get();
        } catch (ServerException e) {
            remember(e);
            throw e;
        } catch (RuntimeException | LinkageError e) {
            ServerException wrapped = new ServerException("The server could not be started: " + e, e);
            remember(wrapped);
            throw wrapped;
        }
    }

    private void remember(ServerException e) {
        // The next test must not suffer from the time-out of this one.
        if (!Thread.currentThread().isInterrupted()) {
            failure = e;
        }
    }

    private void bury(AbstractServer dead) {
        String obituary = dead.description() + " no longer runs: " + dead.epitaph();
        server = null;
        closeQuietly(dead);
        if (restarted) {
            ServerException twice = new ServerException(obituary + ". It had been started twice", null);
            failure = twice;
            throw twice;
        }
        restarted = true;
        LOGGER.log(Level.WARNING, "{0}. It is started once more, and what was prepared on it is made again", obituary);
    }

    /** {@return the failure with the stack trace of this call, and the first as its cause} */
    private static ServerException again(ServerException first) {
        return first instanceof ServerUnavailableException
                ? new ServerUnavailableException(String.valueOf(first.getMessage()), first)
                : new ServerException(String.valueOf(first.getMessage()), first);
    }

    /** {@return why the server cannot run here, as the attempt to start it has shown; empty before and otherwise} */
    Optional<String> whyUnavailable() {
        return Optional.ofNullable(failure)
                .filter(ServerUnavailableException.class::isInstance)
                .map(ServerException::getMessage);
    }

    @Override
    public synchronized void close() {
        DatabaseServer running = server;
        server = null;
        if (failure == null) {
            failure = new ServerException("The servers of this run have been stopped", null);
        }
        if (running != null) {
            closeQuietly(running);
        }
    }

    private static void closeQuietly(DatabaseServer server) {
        try {
            server.close();
        } catch (RuntimeException e) {
            LOGGER.log(Level.WARNING, "{0} could not be stopped: {1}", server.description(), e);
        }
    }
}
