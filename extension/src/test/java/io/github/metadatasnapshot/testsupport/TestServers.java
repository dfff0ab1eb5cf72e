package io.github.metadatasnapshot.testsupport;

import io.github.metadatasnapshot.server.DatabaseServer;
import io.github.metadatasnapshot.server.ServerProvider;
import io.github.metadatasnapshot.server.ServerSettings;
import io.github.metadatasnapshot.server.ServerSpec;
import io.github.metadatasnapshot.server.ServerStorage;
import io.github.metadatasnapshot.server.Servers;
import java.util.Locale;
import java.util.Map;

/** Servers that all test classes of a run share. */
public final class TestServers {

    private static final Servers EMBEDDED = servers(ServerProvider.EMBEDDED);
    private static final Servers CONTAINERS = servers(ServerProvider.CONTAINER);

    static {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            EMBEDDED.close();
            CONTAINERS.close();
        }));
    }

    private TestServers() {}

    private static Servers servers(ServerProvider provider) {
        return new Servers(new ServerSettings(
                provider,
                Map.of(),
                ServerStorage.valueOf(
                        System.getProperty("metadatasnapshot.storage", "disk").toUpperCase(Locale.ROOT)),
                false));
    }

    /** {@return an embedded PostgreSQL, which runs everywhere} */
    public static DatabaseServer embedded() {
        return EMBEDDED.get(ServerSpec.parse("postgres:17"));
    }

    /** {@return a server in a container; the test needs {@code @RequiresDocker}} */
    public static DatabaseServer container(String image) {
        return CONTAINERS.get(ServerSpec.parse(image));
    }
}
