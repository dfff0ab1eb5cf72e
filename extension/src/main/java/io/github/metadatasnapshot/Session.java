package io.github.metadatasnapshot;

import io.github.metadatasnapshot.backup.Backup;
import io.github.metadatasnapshot.backup.BackupException;
import io.github.metadatasnapshot.engine.Engine;
import io.github.metadatasnapshot.migration.FlywayMigrator;
import io.github.metadatasnapshot.migration.FlywaySettings;
import io.github.metadatasnapshot.migration.Migrator;
import io.github.metadatasnapshot.server.Servers;
import io.github.metadatasnapshot.snapshot.Restores;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.extension.ExtensionContext;

/** What all tests of a run share: the servers, what was read once, and the log of what happened. */
final class Session implements AutoCloseable {

    /** What tells one migrator from another. */
    private record MigratorKey(FlywaySettings settings, Class<?> customizer, Engine engine, ClassLoader classLoader) {}

    private final Settings settings;
    private final Servers servers;
    private final RunLog log = new RunLog();
    private final Restores restores = new Restores();
    private final Map<MigratorKey, Migrator> migrators = new ConcurrentHashMap<>();
    private final Map<String, Backup> backups = new ConcurrentHashMap<>();

    private Session(Settings settings) {
        this.settings = settings;
        this.servers = new Servers(settings.servers());
    }

    /** {@return the session that a context belongs to} */
    static Session of(ExtensionContext context) {
        return context.getStore(ExtensionContext.StoreScope.LAUNCHER_SESSION, MetadataSnapshotExtension.NAMESPACE)
                .getOrComputeIfAbsent(
                        Session.class,
                        key -> new Session(Settings.read(context::getConfigurationParameter)),
                        Session.class);
    }

    Settings settings() {
        return settings;
    }

    Servers servers() {
        return servers;
    }

    Restores restores() {
        return restores;
    }

    RunLog log() {
        return log;
    }

    Migrator migrator(Declaration declaration, Engine engine, ClassLoader classLoader) {
        return migrators.computeIfAbsent(
                new MigratorKey(declaration.flyway(), declaration.customizer(), engine, classLoader),
                key -> new FlywayMigrator(declaration.flywayWithCustomizer(), engine, classLoader));
    }

    /**
     * Finds a backup, of which each file is read once in a run to see what it holds.
     *
     * @param location where it is; {@code {engine}} stands for a name of the engine
     */
    Backup backup(String location, Engine engine, ClassLoader classLoader) {
        List<String> candidates = location.contains("{engine}")
                ? engine.pathNames().stream()
                        .map(name -> location.replace("{engine}", name))
                        .toList()
                : List.of(location);
        BackupException missing = null;
        for (String candidate : candidates) {
            try {
                Backup found = Backup.locate(candidate, classLoader);
                return backups.computeIfAbsent(found.identity(), key -> found);
            } catch (BackupException e) {
                missing = missing == null ? e : missing;
            }
        }
        throw Objects.requireNonNull(missing);
    }

    @Override
    public void close() {
        servers.close();
        log.print(System.out);
    }
}
