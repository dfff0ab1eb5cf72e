package io.github.metadatasnapshot.restore;

import io.github.metadatasnapshot.engine.ClientMode;

/**
 * The engine's client told to go on after every error: {@code mysql --force}, which then always reports success. {@code
 * psql} does so without being told.
 */
public final class ForcedClient extends EngineClient {

    /** Creates the procedure. */
    public ForcedClient() {
        super(ClientMode.FORCED);
    }
}
