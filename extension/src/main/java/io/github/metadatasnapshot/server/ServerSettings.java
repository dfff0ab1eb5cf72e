package io.github.metadatasnapshot.server;

import io.github.metadatasnapshot.engine.Engine;
import java.util.Map;
import java.util.Optional;

/**
 * Where servers come from in this run.
 *
 * @param provider the place
 * @param external how to reach external servers, by engine
 * @param storage where servers in containers keep their data
 * @param keepsDatabases whether databases may be {@linkplain TestDatabase#keep kept}
 * @param cache what servers in containers and embedded ones leave for the next run; empty where they leave nothing
 */
public record ServerSettings(
        ServerProvider provider,
        Map<Engine, ExternalSettings> external,
        ServerStorage storage,
        boolean keepsDatabases,
        Optional<StateCache> cache) {

    /** Copies the map. */
    public ServerSettings {
        external = Map.copyOf(external);
    }

    /** As the other constructor, of servers that leave nothing for the next run. */
    public ServerSettings(
            ServerProvider provider,
            Map<Engine, ExternalSettings> external,
            ServerStorage storage,
            boolean keepsDatabases) {
        this(provider, external, storage, keepsDatabases, Optional.empty());
    }

    /**
     * Creates settings of servers that keep their data on disk, and no database after the run.
     *
     * @param provider the place
     * @param external how to reach external servers, by engine
     */
    public ServerSettings(ServerProvider provider, Map<Engine, ExternalSettings> external) {
        this(provider, external, ServerStorage.DISK, false);
    }
}
