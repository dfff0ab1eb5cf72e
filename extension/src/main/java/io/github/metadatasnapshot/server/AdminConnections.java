package io.github.metadatasnapshot.server;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Deque;
import java.util.concurrent.ConcurrentLinkedDeque;

/** Connections of a server's administrator that are used again, since a login takes as long as what they are used for. */
final class AdminConnections implements AutoCloseable {

    private static final int VALID_SECONDS = 2;

    private final Login login;
    private final Deque<Connection> idle = new ConcurrentLinkedDeque<>();
    private volatile boolean closed;

    AdminConnections(Login login) {
        this.login = login;
    }

    /** What is done over a connection that is left in auto-commit mode. */
    interface Work {
        void run(Connection connection) throws SQLException;
    }

    /** Does something over a connection that nobody else uses meanwhile. */
    void use(Work work) throws SQLException {
        Connection connection = take();
        boolean sound = false;
        try {
            work.run(connection);
            sound = true;
        } finally {
            if (sound && !closed) {
                idle.push(connection);
            } else {
                connection.close();
            }
        }
    }

    private Connection take() throws SQLException {
        for (Connection connection = idle.poll(); connection != null; connection = idle.poll()) {
            if (connection.isValid(VALID_SECONDS)) {
                return connection;
            }
            connection.close();
        }
        return login.open();
    }

    /** Closes what is idle, and what is in use when it is given back. */
    @Override
    public void close() throws SQLException {
        closed = true;
        for (Connection connection = idle.poll(); connection != null; connection = idle.poll()) {
            connection.close();
        }
    }
}
