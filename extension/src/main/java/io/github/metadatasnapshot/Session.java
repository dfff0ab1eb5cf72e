package io.github.metadatasnapshot;

import io.github.metadatasnapshot.backup.Backup;
import io.github.metadatasnapshot.backup.BackupException;
import io.github.metadatasnapshot.backup.BackupInfo;
import io.github.metadatasnapshot.backup.LiveDatabase;
import io.github.metadatasnapshot.engine.DatabaseNameColumn;
import io.github.metadatasnapshot.engine.Engine;
import io.github.metadatasnapshot.engine.Version;
import io.github.metadatasnapshot.matrix.Cell;
import io.github.metadatasnapshot.matrix.CellResults;
import io.github.metadatasnapshot.matrix.CellTimes;
import io.github.metadatasnapshot.migration.FlywaySettings;
import io.github.metadatasnapshot.migration.Migrator;
import io.github.metadatasnapshot.restore.RestoreProcedure;
import io.github.metadatasnapshot.server.DatabaseServer;
import io.github.metadatasnapshot.server.ServerSpec;
import io.github.metadatasnapshot.server.ServerUnavailableException;
import io.github.metadatasnapshot.server.Servers;
import io.github.metadatasnapshot.snapshot.BackupSeries;
import io.github.metadatasnapshot.snapshot.CleanInstalls;
import io.github.metadatasnapshot.snapshot.DataDirectoryDumps;
import io.github.metadatasnapshot.snapshot.DatedBackups;
import io.github.metadatasnapshot.snapshot.KnownVersions;
import io.github.metadatasnapshot.snapshot.LiveBackups;
import io.github.metadatasnapshot.snapshot.PreparedStates;
import io.github.metadatasnapshot.snapshot.Restores;
import java.lang.reflect.Method;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.extension.ExtensionContext;

/** What all tests of a run share: the servers, what was read once, and the log of what happened. */
final class Session implements AutoCloseable {

    private static final String DUMP_TOOLS = "The tools that wrote the backups";

    /** What tells one migrator from another. */
    private record MigratorKey(
            Class<?> factory,
            FlywaySettings settings,
            Class<?> customizer,
            Optional<DatabaseNameColumn> renamed,
            Engine engine,
            ClassLoader classLoader) {}

    /** A file that tells no version, for the tests of a class on a database. */
    private record Unreadable(Class<?> testClass, ServerSpec database, String file) {}

    /** Backups for a database, and the versions that there are migrations to. */
    private record Series(ServerSpec database, BackupSeries backups, NavigableSet<Version> versions) {}

    private final Settings settings;
    private final Servers servers;
    private final RunLog log = new RunLog();
    private final BackupTools backupTools;
    private final PreparedStates states;
    private final Restores restores;
    private final Map<MigratorKey, Migrator> migrators = new ConcurrentHashMap<>();
    private final Map<Class<? extends RestoreProcedure>, RestoreProcedure> procedures = new ConcurrentHashMap<>();
    private final Map<String, Backup> backups = new ConcurrentHashMap<>();
    private final DataDirectoryDumps dumps = new DataDirectoryDumps();
    private final LiveBackups liveBackups;
    private final Set<Series> series = ConcurrentHashMap.newKeySet();
    private final KnownVersions knownVersions = new KnownVersions();
    private final Map<String, List<String>> datedFindings = new ConcurrentHashMap<>();
    private final Map<Unreadable, Method> unreadable = new ConcurrentHashMap<>();
    private final Optional<Recorder> recorder;
    private final CleanInstalls cleanInstalls = new CleanInstalls();
    private final FrozenShapes frozenShapes;
    private final CellResults cellResults = new CellResults();
    private final CellTimes cellTimes;
    private final RunReport report = new RunReport();
    private final Progress progress = new Progress(System.out, Progress.isTerminal(), System::nanoTime);
    private final AtomicInteger offered = new AtomicInteger();
    private final AtomicInteger chosen = new AtomicInteger();

    private Session(Settings settings) {
        this.settings = settings;
        this.cellTimes = settings.shardTimes().map(RunReport::times).orElse(CellTimes.NONE);
        this.recorder =
                settings.capture().map(capture -> new Recorder(capture, log, settings.cacheDirectory(), settings.s3()));
        this.backupTools = new BackupTools(settings.refusesBackupTools());
        this.frozenShapes = new FrozenShapes(settings.capture(), cleanInstalls, log);
        this.servers = new Servers(settings.servers());
        this.liveBackups = new LiveBackups(settings.backupDirectory());
        this.states = new PreparedStates(settings.stateBytes());
        this.restores = new Restores(states, cleanInstalls, settings.restoreLockWait());
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

    /** {@return what came of the cells} */
    CellResults cellResults() {
        return cellResults;
    }

    Progress progress() {
        return progress;
    }

    RunReport report() {
        return report;
    }

    /** Chooses, of all cells of a method on a database, those that the settings ask for. */
    List<Cell> choose(List<Cell> cells) {
        List<Cell> asked = settings.shard().map(shard -> shard.of(cells, cellTimes)).orElse(cells).stream()
                .filter(cell ->
                        settings.cells().map(pattern -> pattern.matches(cell)).orElse(true))
                .toList();
        offered.addAndGet(cells.size());
        chosen.addAndGet(asked.size());
        progress.planned(asked.size());
        return asked;
    }

    Migrator migrator(Declaration declaration, Engine engine, ClassLoader classLoader) {
        return migrators.computeIfAbsent(
                new MigratorKey(
                        declaration.migrator(),
                        declaration.flyway(),
                        declaration.customizer(),
                        declaration.renamed(),
                        engine,
                        classLoader),
                key -> declaration.newMigrator(engine, classLoader));
    }

    /** {@return what captures backups, empty where none are captured} */
    Optional<Recorder> recorder() {
        return recorder;
    }

    /** {@return how the tests of a declaration restore; the same for all that name the class, whose controls they share} */
    RestoreProcedure procedure(Declaration declaration) {
        return procedures.computeIfAbsent(declaration.procedure(), declaration::newProcedure);
    }

    /** {@return how the tests of a declaration restore after an upgrade, the same as of {@link #procedure}} */
    RestoreProcedure recovery(Declaration declaration) {
        return procedures.computeIfAbsent(declaration.recovery(), declaration::newProcedure);
    }

    /** {@return what starts the product's server on the databases of a declaration} */
    ServerTests servers(Declaration declaration, Engine engine) {
        return new ServerTests(declaration.newServer(engine), settings.require(), log);
    }

    /**
     * Finds a backup as {@link #backup(String, Engine, ClassLoader)} does, or captures the database that is named as one.
     *
     * @param migrator what knows its history table
     * @param declared the version that it is said to be of; empty where nothing says
     * @throws org.opentest4j.TestAbortedException if that takes a container, and none runs here
     */
    Backup backup(
            String location, Engine engine, ClassLoader classLoader, Migrator migrator, Optional<String> declared) {
        String own = BackupSeries.candidates(location, engine).get(0);
        if (!LiveDatabase.isOne(own)) {
            return backup(location, engine, classLoader);
        }
        LiveDatabase database = settings.liveDatabase(engine, own);
        return orNotRun(() -> liveBackups.of(database, migrator.historyTable(), declared));
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

    /**
     * Makes a backup one that can be restored: of a copy of a data directory, a dump. Looks at the tool that wrote it.
     *
     * @throws BackupException if the file cannot be read, or is refused for its tool
     * @throws org.opentest4j.TestAbortedException if that takes a container, and none runs here
     */
    Backup restorable(Backup backup, Declaration declaration, DatabaseServer server, Migrator migrator) {
        return orNotRun(() -> {
            Backup dump = dumps.of(backup, server, migrator.historyTable(), declaration.copiedWhileRunning());
            BackupInfo info = dump.inspect(server.engine(), migrator.historyTable(), server.clientHost());
            backupTools.check(dump.name(), info, declaration.dumpTools(), server);
            info.declared()
                    .ifPresent(version -> log.note(
                            "Versions as declared",
                            dump.name() + ": version " + version + " as declared, since it holds no history"));
            return dump;
        });
    }

    private Backup orNotRun(Supplier<Backup> maker) {
        try {
            return maker.get();
        } catch (ServerUnavailableException e) {
            if (settings.require()) {
                throw e;
            }
            String reason = String.valueOf(e.getMessage());
            log.addNotRun(reason);
            return Assumptions.abort("Not run: " + reason);
        }
    }

    private Backup locate(String location, ClassLoader classLoader) {
        return recorder.flatMap(written -> written.find(location))
                .orElseGet(() -> Backup.locate(location, classLoader, settings.cacheDirectory(), settings.s3()));
    }

    /**
     * Lists dated backups, and reads the versions of those that were not read before in the run.
     *
     * @param server where a file is read that only a tool can read; empty where the database does not run
     * @throws io.github.metadatasnapshot.snapshot.SnapshotException if two are of one version
     */
    DatedBackups dated(
            ServerSpec database,
            String pattern,
            ClassLoader classLoader,
            Declaration declaration,
            Migrator migrator,
            Optional<DatabaseServer> server) {
        DatedBackups found = DatedBackups.read(
                series(database, pattern, classLoader),
                location -> {
                    Backup file = backup(location, database.engine(), classLoader);
                    return knownVersions.of(
                            file, migrator, () -> version(file, database, declaration, migrator, server));
                },
                settings.takesLaterBackup());
        found.superseded().forEach(text -> log.note("Backups of one version", text));
        return found;
    }

    private Version version(
            Backup found,
            ServerSpec database,
            Declaration declaration,
            Migrator migrator,
            Optional<DatabaseServer> server) {
        Backup backup = server.map(
                        running -> dumps.of(found, running, migrator.historyTable(), declaration.copiedWhileRunning()))
                .orElse(found);
        BackupInfo info =
                backup.inspect(database.engine(), migrator.historyTable(), server.flatMap(DatabaseServer::clientHost));
        return info.version()
                .or(() -> info.kind() == BackupInfo.Kind.FULL && info.history().isEmpty()
                        ? migrator.baseline()
                        : Optional.empty())
                .orElseThrow(() -> new BackupException(found.name() + " tells no version: "
                        + info.whyOtherDatabase(migrator.historyTable())
                                .orElse("it holds "
                                        + (info.history().isEmpty() ? "no table " : "no applied version in the table ")
                                        + migrator.historyTable().name() + ". Where the name of the file is to declare"
                                        + " it, write {version} into backups in the place of the *")));
    }

    /** Tells whether a method is the one of its class that has the failing cell of a file that tells no version. */
    boolean tellsUnreadable(Method method, Class<?> testClass, String file, ServerSpec database) {
        return unreadable
                .computeIfAbsent(new Unreadable(testClass, database, file), first -> method)
                .equals(method);
    }

    /** Compares dated backups with the versions that there are, to say at the end what does not fit. */
    void compareBackups(ServerSpec database, DatedBackups backups, NavigableSet<Version> versions) {
        datedFindings.put(
                backups.pattern() + " on " + database,
                Stream.concat(
                                backups.findings(versions).describe().stream(),
                                backups.unreadable().keySet().stream().map(file -> file + " tells no version"))
                        .toList());
    }

    /** Notes which versions there are, to compare the backups with them when all tests have run. */
    void compareBackups(ServerSpec database, String pattern, ClassLoader classLoader, NavigableSet<Version> versions) {
        series.add(new Series(database, series(database, pattern, classLoader), versions));
    }

    /** {@return the backups for a database whose locations differ in the version} */
    BackupSeries series(ServerSpec database, String pattern, ClassLoader classLoader) {
        return new BackupSeries(pattern, database.engine(), classLoader, recorder.map(Recorder::directory));
    }

    /** {@return what is wrong with what the tests were given, by what it is wrong with; a line each} */
    SortedMap<String, List<String>> findings() {
        SortedMap<String, List<String>> findings = new TreeMap<>(datedFindings);
        for (Series each : series) {
            findings.merge(
                    each.backups().pattern() + " on " + each.database(),
                    findings(each),
                    (some, others) -> Stream.concat(some.stream(), others.stream())
                            .distinct()
                            .toList());
        }
        settings.cells()
                .filter(pattern -> offered.get() > 0 && chosen.get() == 0)
                .ifPresent(pattern -> findings.put(
                        Settings.CELLS + " = " + pattern.glob(),
                        List.of("none of " + offered + " cells is one of these")));
        migrators.forEach((key, migrator) -> findings.merge(
                "Left out of the migrations on " + key.engine(),
                migrator.leftOut(),
                (some, others) ->
                        Stream.concat(some.stream(), others.stream()).distinct().toList()));
        findings.putAll(log.noted());
        findings.put(DUMP_TOOLS, backupTools.findings());
        findings.put("Copied while the server ran", dumps.trusted());
        findings.values().removeIf(List::isEmpty);
        return findings;
    }

    @Override
    public void close() {
        progress.end();
        states.close();
        servers.close();
        dumps.close();
        liveBackups.close();
        SortedMap<String, List<String>> findings = findings();
        findings.forEach(log::add);
        log.print(System.out);
        findings.put("Ignored or excepted", log.neededExceptions());
        findings.put("How backups were restored", log.restoreNotes());
        findings.put(DUMP_TOOLS, backupTools.all());
        if (settings.shard().isEmpty()
                && settings.cells().isEmpty()
                && !log.unneededExceptions().isEmpty()) {
            // What part of the cells needs says nothing of the others.
            findings.put("Exceptions that no upgrade needed", log.unneededExceptions());
        }
        report.write(settings.reportDirectory(), cellResults.all(), findings, log.notRun(), System.out);
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
