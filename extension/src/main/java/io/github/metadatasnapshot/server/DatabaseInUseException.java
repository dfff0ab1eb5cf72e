package io.github.metadatasnapshot.server;

import java.sql.SQLException;
import java.util.List;

/** A database cannot be copied or renamed, because sessions are connected to it. The message says whose they are. */
public final class DatabaseInUseException extends ServerException {

    private static final long serialVersionUID = 1;

    private final SQLException refusal;
    private final transient List<String> sessions;

    DatabaseInUseException(String message, SQLException refusal, List<String> sessions) {
        super(message, refusal);
        this.refusal = refusal;
        this.sessions = List.copyOf(sessions);
    }

    /** {@return the engine's refusal} */
    public SQLException refusal() {
        return refusal;
    }

    /** {@return the sessions, a line for each; none where they ended meanwhile} */
    public List<String> sessions() {
        return sessions;
    }
}
