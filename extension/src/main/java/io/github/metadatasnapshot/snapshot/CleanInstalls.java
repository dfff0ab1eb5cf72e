package io.github.metadatasnapshot.snapshot;

import io.github.metadatasnapshot.engine.Version;
import io.github.metadatasnapshot.migration.CleanInstall;
import io.github.metadatasnapshot.migration.Migrator;
import io.github.metadatasnapshot.server.DatabaseServer;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Makes clean installs, each once for a server, a migrator and a version; one that failed is not tried again. Safe for use
 * by several threads.
 */
public final class CleanInstalls implements CleanInstall.Source {

    private record Key(DatabaseServer server, Migrator migrator, Version version) {}

    /** Made by whoever asks first, while whoever else asks waits. */
    private static final class Memo {

        private @Nullable CleanInstall install;

        synchronized CleanInstall get(Key key) {
            if (install == null) {
                install = CleanInstall.make(key.server(), key.migrator(), key.version());
            }
            return install;
        }
    }

    private final Map<Key, Memo> memos = new ConcurrentHashMap<>();

    /** Creates the clean installs of one run. */
    public CleanInstalls() {}

    @Override
    public CleanInstall of(DatabaseServer server, Migrator migrator, Version version) {
        Key key = new Key(server, migrator, version);
        return memos.computeIfAbsent(key, asked -> new Memo()).get(key);
    }
}
