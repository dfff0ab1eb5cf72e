package io.github.metadatasnapshot.product;

import io.github.metadatasnapshot.engine.HistoryTable;
import io.github.metadatasnapshot.engine.Version;
import io.github.metadatasnapshot.server.ServerException;
import io.github.metadatasnapshot.server.TestDatabase;
import java.io.IOException;
import java.net.URI;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Waits until a server shows its sign. Statements are in transactions of their own: an open one would block what changes tables
 * on MySQL.
 */
public final class SignWatch implements AutoCloseable {

    private static final int INTERVAL_MILLIS = 200;
    private static final Duration ANSWER_LIMIT = Duration.ofSeconds(5);
    private static final Duration REST = Duration.ofSeconds(2);

    private final ServerSign sign;
    private final TestDatabase database;
    private final HistoryTable history;
    private final Version version;
    private final Duration limit;
    private final Optional<Connection> asked;
    private final Optional<Connection> monitor;
    private @Nullable Long restingSince;
    private @Nullable HttpAnswer answer;

    /**
     * Begins to watch.
     *
     * @param sign what the server shows
     * @param database the database that it has been told
     * @param history where it writes down the version, which {@link ServerSign#history} waits for
     * @param version the version
     * @param limit how long it may take
     * @throws ServerException if the history is to show it, and the user may not see what other sessions do
     */
    public SignWatch(ServerSign sign, TestDatabase database, HistoryTable history, Version version, Duration limit) {
        this.sign = sign;
        this.database = database;
        this.history = history;
        this.version = version;
        this.limit = limit;
        if (sign != ServerSign.history()) {
            asked = Optional.empty();
            monitor = Optional.empty();
            return;
        }
        try {
            monitor = Optional.of(database.openBeside());
            database.engine().whyNotAllSessions(monitor.get()).ifPresent(reason -> {
                throw new ServerException(
                        "Whether a server has done with its migrations cannot be told by the history: " + reason
                                + ". Wait for ServerSign.http or ServerSign.log",
                        null);
            });
            asked = Optional.of(database.open());
        } catch (SQLException e) {
            throw new ServerException(database + " cannot be watched: " + e.getMessage(), e);
        }
    }

    /**
     * Waits.
     *
     * @param runs whether the server still runs
     * @param printed whether it has printed its line
     * @param url where it answers
     * @return whether it has shown the sign
     */
    public boolean await(BooleanSupplier runs, BooleanSupplier printed, Supplier<URI> url) {
        long end = System.nanoTime() + limit.toNanos();
        while (System.nanoTime() < end) {
            // One that has ended may have shown it just before.
            boolean ended = !runs.getAsBoolean();
            if (!ended && isShown(printed, url)) {
                return true;
            }
            if (ended) {
                return false;
            }
            try {
                Thread.sleep(INTERVAL_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new ServerException("Interrupted while a server started on " + database, e);
            }
        }
        return false;
    }

    /** {@return what it answered last where an answer is the sign, empty where it did not} */
    public Optional<HttpAnswer> lastAnswer() {
        return Optional.ofNullable(answer);
    }

    private boolean isShown(BooleanSupplier printed, Supplier<URI> url) {
        if (sign.line().isPresent()) {
            return printed.getAsBoolean();
        }
        if (sign.port().isPresent()) {
            try {
                answer = HttpAnswer.get(url.get().resolve(sign.path()), ANSWER_LIMIT);
                return answer.isSuccess();
            } catch (IOException e) {
                return false;
            }
        }
        return isAtRest();
    }

    private boolean isAtRest() {
        try {
            boolean rests = history.read(asked.orElseThrow(), database.engine())
                            .version()
                            .filter(version::equals)
                            .isPresent()
                    && database.engine()
                            .busySessions(monitor.orElseThrow(), database.name())
                            .isEmpty();
            if (!rests) {
                restingSince = null;
                return false;
            }
        } catch (SQLException e) {
            // A migration may be at work on the table.
            restingSince = null;
            return false;
        }
        if (restingSince == null) {
            restingSince = System.nanoTime();
        }
        return System.nanoTime() - restingSince >= REST.toNanos();
    }

    @Override
    public void close() {
        asked.ifPresent(SignWatch::close);
        monitor.ifPresent(SignWatch::close);
    }

    private static void close(Connection connection) {
        try {
            connection.close();
        } catch (SQLException e) {
            System.getLogger("io.github.metadatasnapshot")
                    .log(System.Logger.Level.DEBUG, "A connection is left open", e);
        }
    }
}
