package io.github.metadatasnapshot.snapshot;

import io.github.metadatasnapshot.engine.Version;
import io.github.metadatasnapshot.migration.CleanInstall;
import io.github.metadatasnapshot.migration.Migrator;
import io.github.metadatasnapshot.server.DatabaseServer;

/**
 * Makes clean installs, each once for a server, a migrator and a version; one that failed is not tried again. Safe for use
 * by several threads.
 *
 * <p>Each is made at once, and not of a lower version: what a migration leaves to its session, such as a setting, reaches the
 * next one only so. It is what a new customer gets, and what an upgrade, which goes in steps, is held against.
 */
public final class CleanInstalls implements CleanInstall.Source {

    private record Key(DatabaseServer server, Migrator migrator, Version version) {}

    private final Memo<Key, CleanInstall> installs = new Memo<>();

    /** Creates the clean installs of one run. */
    public CleanInstalls() {}

    @Override
    public CleanInstall of(DatabaseServer server, Migrator migrator, Version version) {
        return installs.get(new Key(server, migrator, version), () -> CleanInstall.make(server, migrator, version));
    }
}
