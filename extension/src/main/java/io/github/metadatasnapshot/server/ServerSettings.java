package io.github.metadatasnapshot.server;

import io.github.metadatasnapshot.engine.Engine;
import java.util.Map;

/**
 * Where servers come from in this run.
 *
 * @param provider the place
 * @param external how to reach external servers, by engine
 */
public record ServerSettings(ServerProvider provider, Map<Engine, ExternalSettings> external) {

    /** Copies the map. */
    public ServerSettings {
        external = Map.copyOf(external);
    }
}
