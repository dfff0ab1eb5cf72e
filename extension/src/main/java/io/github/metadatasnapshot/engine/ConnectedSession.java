package io.github.metadatasnapshot.engine;

import java.util.Collection;
import java.util.List;

/**
 * A session that is connected to a database.
 *
 * @param id its number on the server
 * @param user the user that it is of
 * @param host where it comes from; empty where the server does not say, as of a socket
 * @param description the session for people: user, host, application, state and what it did last
 */
public record ConnectedSession(long id, String user, String host, String description) {

    /** {@return a line for each session, sorted} */
    public static List<String> describe(Collection<ConnectedSession> sessions) {
        return sessions.stream().map(ConnectedSession::description).sorted().toList();
    }

    /** Tells whether it comes from the server's own machine or container. */
    public boolean isFromServer() {
        return host.isEmpty() || host.equals("localhost") || host.equals("::1") || host.startsWith("127.");
    }
}
