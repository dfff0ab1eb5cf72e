package io.github.metadatasnapshot.restore;

import io.github.metadatasnapshot.engine.ClientMode;

/**
 * The engine's client as a careful administrator calls it: {@code psql} with {@code ON_ERROR_STOP=1} and {@code
 * --single-transaction}, so that the first error undoes everything. {@code mysql} and {@code mariadb} stop at the first
 * error by themselves and cannot undo what ran: for them this is {@link DocumentedClient}.
 */
public final class StrictClient extends EngineClient {

    /** Creates the procedure. */
    public StrictClient() {
        super(ClientMode.STRICT);
    }
}
