package io.github.metadatasnapshot;

import io.github.metadatasnapshot.backup.Backup;
import io.github.metadatasnapshot.backup.BackupException;
import io.github.metadatasnapshot.engine.Engine;
import io.github.metadatasnapshot.engine.Version;
import io.github.metadatasnapshot.migration.FlywayMigrator;
import io.github.metadatasnapshot.migration.FlywaySettings;
import io.github.metadatasnapshot.migration.Migrator;
import io.github.metadatasnapshot.restore.RestoreProcedure;
import io.github.metadatasnapshot.server.ServerSpec;
import io.github.metadatasnapshot.server.Servers;
import io.github.metadatasnapshot.snapshot.BackupSeries;
import io.github.metadatasnapshot.snapshot.CleanInstalls;
import io.github.metadatasnapshot.snapshot.PreparedStates;
import io.github.metadatasnapshot.snapshot.Restores;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.extension.ExtensionContext;

/** What all tests of a run share: the servers, what was read once, and the log of what happened. */
final class Session implements AutoCloseable {

    /** What tells one migrator from another. */
    private record MigratorKey(FlywaySettings settings, Class<?> customizer, Engine engine, ClassLoader classLoader) {}

    /** Backups for a database, and the versions that there are migrations to. */
    private record Series(ServerSpec database, BackupSeries backups, NavigableSet<Version> versions) {}

    private final Settings settings;
    private final Servers servers;
    private final RunLog log = new RunLog();
    private final PreparedStates states;
    private final Restores restores;
    private final Map<MigratorKey, Migrator> migrators = new ConcurrentHashMap<>();
    private final Map<Class<?>, RestoreProcedure> procedures = new ConcurrentHashMap<>();
    private final Map<String, Backup> backups = new ConcurrentHashMap<>();
    private final Set<Series> series = ConcurrentHashMap.newKeySet();
    private final Optional<Recorder> recorder;
    private final CleanInstalls cleanInstalls = new CleanInstalls();
    private final FrozenShapes frozenShapes;

    private Session(Settings settings) {
        this.settings = settings;
        this.recorder = settings.capture().map(capture -> new Recorder(capture, log));
        this.frozenShapes = new FrozenShapes(settings.capture(), cleanInstalls, log);
        this.servers = new Servers(settings.servers());
        this.states = new PreparedStates(settings.stateBytes());
        this.restores = new Restores(states);
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

    PreparedStates states() {
        return states;
    }

    Restores restores() {
        return restores;
    }

    CleanInstalls cleanInstalls() {
        return cleanInstalls;
    }

    FrozenShapes frozenShapes() {
        return frozenShapes;
    }

    RunLog log() {
        return log;
    }

    Migrator migrator(Declaration declaration, Engine engine, ClassLoader classLoader) {
        return migrators.computeIfAbsent(
                new MigratorKey(declaration.flyway(), declaration.customizer(), engine, classLoader),
                key -> new FlywayMigrator(declaration.flywayWithCustomizer(), engine, classLoader));
    }

    /** {@return what captures backups, empty where none are captured} */
    Optional<Recorder> recorder() {
        return recorder;
    }

    /** {@return how the tests of a declaration restore; the same for all that name the class, whose controls they share} */
    RestoreProcedure procedure(Declaration declaration) {
        return procedures.computeIfAbsent(declaration.procedure(), type -> declaration.newProcedure());
    }

    /**
     * Finds a backup, of which each file is read once in a run to see what it holds.
     *
     * @param location where it is; {@code {engine}} stands for a name of the engine
     */
    Backup backup(String location, Engine engine, ClassLoader classLoader) {
        BackupException missing = null;
        for (String candidate : BackupSeries.candidates(location, engine)) {
            try {
                Backup found = locate(candidate, classLoader);
                return backups.computeIfAbsent(found.identity(), key -> found);
            } catch (BackupException e) {
                missing = missing == null ? e : missing;
            }
        }
        throw Objects.requireNonNull(missing);
    }

    private Backup locate(String location, ClassLoader classLoader) {
        return recorder.flatMap(written -> written.find(location))
                .or(() -> settings.cacheDirectory().map(cache -> Backup.locate(location, classLoader, cache)))
                .orElseGet(() -> Backup.locate(location, classLoader));
    }

    /** Notes which versions there are, to compare the backups with them when all tests have run. */
    void compareBackups(ServerSpec database, String pattern, ClassLoader classLoader, NavigableSet<Version> versions) {
        series.add(new Series(
                database,
                new BackupSeries(pattern, database.engine(), classLoader, recorder.map(Recorder::directory)),
                versions));
    }

    @Override
    public void close() {
        servers.close();
        for (Series each : series) {
            log.add(each.backups().pattern() + " on " + each.database(), findings(each));
        }
        log.print(System.out);
    }

    private static List<String> findings(Series series) {
        try {
            return series.backups().findings(series.versions()).describe();
        } catch (RuntimeException e) {
            // An exception here would end the whole run.
            return List.of("cannot be compared with the migrations: " + e.getMessage());
        }
    }
}
