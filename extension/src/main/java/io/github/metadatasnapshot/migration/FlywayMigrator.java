package io.github.metadatasnapshot.migration;

import static java.util.stream.Collectors.joining;
import static java.util.stream.Collectors.toSet;

import io.github.metadatasnapshot.engine.Engine;
import io.github.metadatasnapshot.engine.HistoryTable;
import io.github.metadatasnapshot.engine.SchemaHistory;
import io.github.metadatasnapshot.engine.Version;
import io.github.metadatasnapshot.server.ServerException;
import io.github.metadatasnapshot.server.TestDatabase;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.function.BiFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.CoreErrorCode;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.Location;
import org.flywaydb.core.api.MigrationInfo;
import org.flywaydb.core.api.MigrationVersion;
import org.flywaydb.core.api.callback.Callback;
import org.flywaydb.core.api.configuration.ClassicConfiguration;
import org.flywaydb.core.api.configuration.Configuration;
import org.flywaydb.core.api.configuration.FluentConfiguration;
import org.flywaydb.core.api.output.MigrateResult;
import org.flywaydb.core.api.output.ValidateResult;
import org.flywaydb.core.api.pattern.ValidatePattern;
import org.jspecify.annotations.Nullable;

/** Migrates by the Flyway that is on the class path, through its public API. */
public final class FlywayMigrator implements Migrator {

    /** A prefix that no file has: it leaves a kind of migrations out. */
    private static final String NO_PREFIX = "metadata-snapshot-leaves-these-out";

    private static final String NO_TABLE = "metadata_snapshot_no_history";

    private static final int MAX_STATEMENT_LINES = 10;

    /** The end of a line of Flyway's report of wrong names, in Flyway 10 to 13. */
    private static final Pattern WRONG_NAME = Pattern.compile("name format: (\\S+)");

    /** A script of Flyway's commercial editions, which takes back a migration. */
    private static final Pattern UNDO = Pattern.compile("U\\d+(?:[._]\\d+)*__.+");

    // Flyway's report of a failed statement is text: these are its labels in Flyway 10 to 13.
    private static final Pattern LINE = Pattern.compile("(?m)^Line\\s*:\\s*(\\d+)");
    private static final Pattern OFFENDING = Pattern.compile(
            "Offending statement found at line (\\d+): (?<statement>.+?)(?: \\[non-transactional])?(?:\\R|$)");
    private static final Pattern LOCATION = Pattern.compile("(?m)^Location\\s*:\\s*(.+?)(?:\\s+\\((.+)\\))?\\s*$");

    private final FlywaySettings settings;
    private final Engine engine;
    private final ClassLoader classLoader;
    private final HistoryTable flywayTable;
    private final boolean validatesWhenMigrating;
    private final boolean appliesOutOfOrder;
    private final Optional<VersionedDirectoryLayout> layout;
    private final Optional<LayoutScripts> scripts;
    private final FoundScripts foundScripts = new FoundScripts();
    private final Pattern scriptName;
    private final Charset encoding;
    private final String repeatable;
    private final Optional<Version> baseline;
    private final LaterScripts laterScripts = new LaterScripts();
    private final Map<String, String> repeatables = new ConcurrentHashMap<>();
    private final SortedSet<String> leftOut = new ConcurrentSkipListSet<>();
    private volatile boolean namesMayBeWrong;
    private @Nullable List<Migration> migrations;
    private @Nullable MigrationContents contents;

    /**
     * Creates a migrator.
     *
     * @param settings how Flyway is configured
     * @param engine the engine of the databases that it migrates
     * @param classLoader finds migrations and configuration files
     * @throws MigrationException if a configuration file or a location cannot be read
     */
    public FlywayMigrator(FlywaySettings settings, Engine engine, ClassLoader classLoader) {
        this(settings, engine, classLoader, Optional.empty());
    }

    /**
     * Creates a migrator for migrations that do not lie where Flyway looks for them.
     *
     * @param settings how Flyway is configured beside that; locations say nothing
     * @param engine the engine of the databases that it migrates
     * @param classLoader finds configuration files
     * @param layout where the migrations lie
     * @throws MigrationException if a configuration file or the migrations cannot be read
     */
    public FlywayMigrator(
            FlywaySettings settings, Engine engine, ClassLoader classLoader, VersionedDirectoryLayout layout) {
        this(settings, engine, classLoader, Optional.of(layout));
    }

    private FlywayMigrator(
            FlywaySettings settings,
            Engine engine,
            ClassLoader classLoader,
            Optional<VersionedDirectoryLayout> layout) {
        this.settings = settings;
        this.layout = layout;
        this.scripts = layout.map(LayoutScripts::new);
        this.engine = engine;
        this.classLoader = classLoader;
        FluentConfiguration configuration = productsConfiguration();
        requireThatMigrationsRun(configuration);
        requireLocations(configuration);
        String[] schemas = configuration.getSchemas();
        String schema = configuration.getDefaultSchema() != null
                ? configuration.getDefaultSchema()
                : schemas.length > 0 ? schemas[0] : "";
        if (!schema.isEmpty() && engine != Engine.POSTGRESQL) {
            throw new MigrationException(
                    "Flyway is configured for the schema " + schema + ", which on " + engine
                            + " is a database: migrations would leave the database of the test. Leave the schemas out,"
                            + " Flyway then takes the database that it is connected to",
                    null);
        }
        this.flywayTable = new HistoryTable(schema, configuration.getTable());
        this.validatesWhenMigrating = configuration.isValidateOnMigrate();
        this.appliesOutOfOrder = configuration.isOutOfOrder();
        this.encoding = configuration.getEncoding();
        this.repeatable = configuration.getRepeatableSqlMigrationPrefix() + configuration.getSqlMigrationSeparator();
        this.scriptName = Pattern.compile("([^\\s/\\\\']+(?:"
                + Stream.of(configuration.getSqlMigrationSuffixes())
                        .map(Pattern::quote)
                        .collect(joining("|"))
                + "))(?!\\w)");
        this.baseline = layout.isEmpty() && configuration.isBaselineOnMigrate()
                ? Optional.of(Version.of(configuration.getBaselineVersion().getVersion()))
                : Optional.empty();
    }

    @Override
    public HistoryTable historyTable() {
        return history().map(VersionedDirectoryLayout.History::table).orElse(flywayTable);
    }

    private Optional<VersionedDirectoryLayout.History> history() {
        return layout.flatMap(VersionedDirectoryLayout::history);
    }

    @Override
    public synchronized List<Migration> migrations(TestDatabase database) {
        if (migrations == null) {
            try {
                migrations = find(database).stream()
                        .filter(info -> info.getState().isResolved() && !isOfType(info, "UNDO"))
                        .map(info -> new Migration(
                                Optional.ofNullable(info.getVersion()).map(version -> Version.of(version.getVersion())),
                                info.getDescription(),
                                Optional.ofNullable(info.getChecksum()),
                                isOfType(info, "BASELINE")))
                        .toList();
            } catch (FlywayException e) {
                throw new MigrationException("The migrations cannot be read: " + explained(e), e);
            }
        }
        return migrations;
    }

    private List<MigrationInfo> find(TestDatabase database) {
        List<MigrationInfo> found = findNamed(database);
        requireVersions(found);
        FluentConfiguration configuration = productsConfiguration();
        if (layout.isEmpty()
                && !configuration.isSkipDefaultResolvers()
                && configuration.getJavaMigrationClassProvider() == null) {
            Set<String> names =
                    found.stream().map(info -> String.valueOf(info.getScript())).collect(toSet());
            List<String> inJava = JavaMigrationsLeftOut.find(configuration, names, classLoader);
            if (!inJava.isEmpty()) {
                throw new MigrationException(
                        "Flyway leaves out migrations in Java: " + String.join(", ", inJava)
                                + ". Where the product gives them to Flyway, as Spring does with beans, do the same by"
                                + " a FlywayCustomizer: flyway.javaMigrations(new V3__Example(...))",
                        null);
            }
        }
        for (MigrationInfo info : found) {
            if (info.getVersion() == null) {
                repeatables.put(info.getDescription(), fileName(info.getScript()));
            }
            if (isOfType(info, "UNDO")) {
                leftOut.add(info.getScript() + ": undo migrations are not run");
            } else if (!info.isShouldExecute()) {
                leftOut.add(info.getScript() + ": its shouldExecute is " + info.getShouldExecuteExpression());
            }
        }
        return found;
    }

    /** Refuses what Flyway takes for a number and would order before or among the versions: {@code V-3__x.sql}. */
    private static void requireVersions(List<MigrationInfo> found) {
        List<String> wrong = found.stream()
                .filter(info -> info.getVersion() != null
                        && !Version.isVersion(info.getVersion().getVersion()))
                .map(info -> info.getScript() + " (version '" + info.getVersion() + "')")
                .toList();
        if (!wrong.isEmpty()) {
            throw new MigrationException(
                    "These migrations have no version: " + String.join(", ", wrong)
                            + ". A version is made of the digits 0 to 9, with dots or underscores between, as in"
                            + " V1.10__name.sql: rename them",
                    null);
        }
    }

    /** Finds migrations by files whose names Flyway understands: it would pass over others. */
    private List<MigrationInfo> findNamed(TestDatabase database) {
        // By a history that is not there: of a migration that was applied Flyway tells the checksum of then.
        FluentConfiguration configuration = configuration().table(NO_TABLE).dataSource(database.dataSource());
        boolean mayBeWrong = !configuration.isValidateMigrationNaming();
        try {
            return foundScripts.find(configuration.validateMigrationNaming(true));
        } catch (FlywayException e) {
            List<String> unknown = WRONG_NAME
                    .matcher(String.valueOf(e.getMessage()))
                    .results()
                    .map(name -> name.group(1))
                    .toList();
            if (unknown.isEmpty()
                    || !(mayBeWrong || unknown.stream().noneMatch(name -> isMeant(name, configuration)))) {
                throw e;
            }
            for (String name : unknown) {
                leftOut.add(name + ": "
                        + (UNDO.matcher(name).matches()
                                ? "undo migrations are not run"
                                : isMeant(name, configuration)
                                        ? "Flyway does not understand the name, and validateMigrationNaming is false"
                                        : "by its name no migration, and Flyway passes over it"));
            }
            namesMayBeWrong = true;
            return foundScripts.find(configuration().table(NO_TABLE).dataSource(database.dataSource()));
        }
    }

    /** {@return whether a file that Flyway passes over was meant for it: its name is nearly that of a migration or callback} */
    private static boolean isMeant(String name, Configuration configuration) {
        String prefix = Stream.of(
                        configuration.getSqlMigrationPrefix(), configuration.getRepeatableSqlMigrationPrefix(), "B")
                .map(Pattern::quote)
                .collect(joining("|", "(?:", ")"));
        return !UNDO.matcher(name).matches()
                && Pattern.compile("(?i)(?:" + prefix + "?[_.-]*\\d|" + prefix + "_|before|after).*")
                        .matcher(name)
                        .matches();
    }

    @Override
    public List<String> leftOut() {
        return List.copyOf(leftOut);
    }

    @Override
    public List<MigrationScript> scripts(TestDatabase database) {
        if (scripts.isPresent()) {
            return scripts.get().all().stream()
                    .map(script -> new MigrationScript(
                            Optional.of(script.migration().version()),
                            false,
                            script.migration().path(),
                            script.text()))
                    .toList();
        }
        migrations(database);
        Flyway flyway = configuration().dataSource(database.dataSource()).load();
        List<MigrationScript> scripts = new ArrayList<>();
        try {
            for (MigrationInfo info : flyway.info().all()) {
                if (info.getState().isResolved() && !isOfType(info, "UNDO")) {
                    text(info, flyway.getConfiguration())
                            .ifPresent(text -> scripts.add(new MigrationScript(
                                    Optional.ofNullable(info.getVersion())
                                            .map(version -> Version.of(version.getVersion())),
                                    isOfType(info, "BASELINE"),
                                    fileName(info.getScript()),
                                    text)));
                }
            }
        } catch (FlywayException e) {
            throw new MigrationException("The migrations cannot be read: " + explained(e), e);
        }
        return scripts;
    }

    /** Reads a script from where it lies, or else from the locations, of which Flyway names it relative to one. */
    private Optional<String> text(MigrationInfo info, Configuration configuration) {
        if (!FoundScripts.isScript(info, configuration)) {
            return Optional.empty();
        }
        try {
            Path file = Path.of(String.valueOf(info.getPhysicalLocation()));
            if (Files.isRegularFile(file)) {
                return Optional.of(Files.readString(file, configuration.getEncoding()));
            }
            for (Location location : configuration.getLocations()) {
                String name = location.getDescriptor().replaceFirst("^classpath:", "") + "/" + info.getScript();
                try (InputStream in = classLoader.getResourceAsStream(name)) {
                    if (in != null) {
                        return Optional.of(new String(in.readAllBytes(), configuration.getEncoding()));
                    }
                }
            }
        } catch (IOException | InvalidPathException e) {
            // What a script says is told for convenience only.
            return Optional.empty();
        }
        return Optional.empty();
    }

    @Override
    public synchronized Optional<String> contents(TestDatabase database, Version target) {
        if (layout.isPresent()) {
            // Its steps may be Java.
            return Optional.empty();
        }
        migrations(database);
        if (contents == null) {
            try {
                contents = MigrationContents.read(
                        settings,
                        configuration()
                                .table(NO_TABLE)
                                .dataSource(database.dataSource())
                                .load(),
                        classLoader);
            } catch (FlywayException e) {
                throw new MigrationException("The migrations cannot be read: " + explained(e), e);
            }
        }
        return contents.upTo(target);
    }

    @Override
    public List<String> validate(TestDatabase database, Version target) {
        try (LentHistory lent = lend(database)) {
            ValidateResult result = configuration(database, target, Purpose.UPGRADE, laterScripts.at(target))
                    .load()
                    .validateWithResult();
            List<String> lines = result.invalidMigrations.stream()
                    // The next migrate applies it, which is for those to judge who look at what that changes.
                    .filter(invalid -> invalid.errorDetails.errorCode != CoreErrorCode.OUTDATED_REPEATABLE_MIGRATION)
                    .map(invalid -> line(invalid.errorDetails.errorMessage))
                    .toList();
            return result.validationSuccessful || !result.invalidMigrations.isEmpty()
                    ? lines
                    : List.of(line(result.errorDetails.errorMessage));
        } catch (FlywayException e) {
            throw new MigrationException("The migrations cannot be validated: " + explained(e), e);
        }
    }

    @Override
    public boolean validatesWhenMigrating() {
        return validatesWhenMigrating;
    }

    @Override
    public boolean appliesOutOfOrder() {
        return appliesOutOfOrder;
    }

    private static String line(@Nullable String text) {
        return String.valueOf(text)
                .strip()
                .replaceAll("\\s*\\R\\s*(?=->)", " ")
                .replaceAll("(?<![.\\s])\\s*\\R\\s*", ". ")
                .replaceAll("\\s+", " ");
    }

    private static boolean isOfType(MigrationInfo migration, String type) {
        return String.valueOf(migration.getType()).contains(type);
    }

    @Override
    public Optional<Version> baseline() {
        return baseline;
    }

    @Override
    public void baseline(TestDatabase database) {
        try {
            configuration().dataSource(database.dataSource()).load().baseline();
        } catch (FlywayException e) {
            throw new MigrationException("The history of " + database + " cannot be begun: " + explained(e), e);
        }
    }

    @Override
    public boolean leavesOut(Migration migration, Version at) {
        return migration.version().isEmpty()
                && laterScripts.at(at).contains(repeatables.getOrDefault(migration.description(), ""));
    }

    @Override
    public MigrationRun migrate(TestDatabase database, Version target, Purpose purpose) {
        return migrate(database, target, purpose, false);
    }

    private MigrationRun migrate(TestDatabase database, Version target, Purpose purpose, boolean isEmpty) {
        List<AppliedMigration> applied = new ArrayList<>();
        while (true) {
            Set<String> without = laterScripts.at(target);
            MigrationRun run = migrate(database, target, purpose, without);
            applied.addAll(run.applied());
            Optional<MigrationFailure> failure = run.failure();
            if (failure.isEmpty()
                    || without.contains(failure.get().script())
                    || !isOfLaterRelease(database, target, isEmpty, failure.get())) {
                return new MigrationRun(applied, failure);
            }
            forgetFailed(database);
        }
    }

    /** Tells whether a script that failed cannot be of the version that is migrated to, and notes it. */
    private boolean isOfLaterRelease(TestDatabase database, Version target, boolean isEmpty, MigrationFailure failure) {
        String script = failure.script();
        if (layout.isPresent()
                || !isOfNoVersion(script)
                || versions(database).tailSet(target, false).isEmpty()) {
            return false;
        }
        if (isEmpty) {
            // No row is to blame.
            laterScripts.add(target, script);
            leftOut.add(script + " at " + target + ": it fails there, so it is a later release's ("
                    + failure.message().lines().findFirst().orElse("") + ")");
            return true;
        }
        try (TestDatabase empty = database.server().createDatabase()) {
            migrate(empty, target, Purpose.COMPARISON, true);
        } catch (MigrationException | ServerException e) {
            return false;
        }
        return laterScripts.at(target).contains(script);
    }

    private boolean isOfNoVersion(String script) {
        return script.startsWith(repeatable) || script.startsWith("after");
    }

    /** MySQL and MariaDB keep the row of what failed, with which Flyway migrates no more. */
    private void forgetFailed(TestDatabase database) {
        try (Connection connection = database.open()) {
            flywayTable.forgetFailedRepeatable(connection, engine);
        } catch (SQLException e) {
            throw new MigrationException("The history of " + database + " cannot be changed: " + e.getMessage(), e);
        }
    }

    private MigrationRun migrate(TestDatabase database, Version target, Purpose purpose, Set<String> without) {
        return migrate(configuration(database, target, purpose, without), database, purpose, List.of());
    }

    @Override
    public Optional<WatchedRun> migrateWatched(TestDatabase database, Version target, Optional<BreakOff> breakOff) {
        StatementWatch watch = new StatementWatch(engine, breakOff);
        FluentConfiguration configuration =
                configuration(database, target, Purpose.COMPARISON, laterScripts.at(target));
        configuration.dataSource(watch.around(database.migrationDataSource()));
        MigrationRun run = migrate(configuration, database, Purpose.COMPARISON, List.of(watch));
        return Optional.of(new WatchedRun(run, watch.statements()));
    }

    private MigrationRun migrate(
            FluentConfiguration configuration, TestDatabase database, Purpose purpose, List<Callback> more) {
        MigrationRecorder recorder = new MigrationRecorder();
        Optional<LayoutRun> run =
                scripts.map(all -> new LayoutRun(all, history().map(VersionedDirectoryLayout.History::writer)));
        List<Callback> callbacks = new ArrayList<>(List.of(recorder));
        run.ifPresent(callbacks::add);
        callbacks.addAll(more);
        try (LentHistory lent = lend(database)) {
            if (purpose != Purpose.UPGRADE) {
                return migrate(
                        load(configuration, callbacks),
                        database,
                        recorder,
                        run,
                        (version, description) -> MigrationEffects.UNKNOWN);
            }
            try (MigrationObserver observer = new MigrationObserver(database)) {
                callbacks.add(observer);
                return migrate(load(configuration, callbacks), database, recorder, run, observer::effects);
            }
        } catch (FlywayException e) {
            throw new MigrationException("The history cannot be read: " + explained(e), e);
        }
    }

    @Override
    public Optional<List<AppliedMigration>> migrateBefore(TestDatabase database, Version target, String script) {
        if (layout.isPresent() || !isMigration(database, script)) {
            return Optional.empty();
        }
        MigrationRecorder recorder = new MigrationRecorder();
        StopBefore stop = new StopBefore(script);
        MigrationRun run = migrate(
                load(
                        configuration(database, target, Purpose.COMPARISON, laterScripts.at(target)),
                        List.of(recorder, stop)),
                database,
                recorder,
                Optional.empty(),
                (version, description) -> MigrationEffects.UNKNOWN);
        if (!stop.hasStopped()) {
            throw new MigrationException("The migrations before " + script + " do not run as they did", null);
        }
        return Optional.of(run.applied());
    }

    private boolean isMigration(TestDatabase database, String script) {
        return Stream.of(configuration()
                        .dataSource(database.dataSource())
                        .load()
                        .info()
                        .all())
                .anyMatch(info -> script.equals(fileName(info.getScript())));
    }

    /** Gives Flyway a table where the history is the product's own; {@code null} where it is Flyway's. */
    private @Nullable LentHistory lend(TestDatabase database) {
        return history()
                .map(own -> new LentHistory(
                        configuration().dataSource(database.dataSource()), database, own.table(), migrations(database)))
                .orElse(null);
    }

    /** {@return what Flyway says, with the way out where a part of it is missing} */
    private String explained(FlywayException e) {
        String message = String.valueOf(e.getMessage());
        if (!message.contains("found to handle jdbc:") && !message.startsWith("Unsupported Database: ")) {
            return message;
        }
        String version = Flyway.class.getPackage().getImplementationVersion();
        return "Flyway's module for " + engine.displayName() + " is not on the class path. Add org.flywaydb:"
                + (engine == Engine.POSTGRESQL ? "flyway-database-postgresql" : "flyway-mysql")
                + (version == null ? "" : ":" + version)
                + " to the dependencies of the tests, in the version of flyway-core (Flyway says: " + message + ")";
    }

    private static Flyway load(FluentConfiguration configuration, List<Callback> callbacks) {
        Flyway flyway = configuration.callbacks(with(configuration, callbacks)).load();
        // Flyway drops the callbacks that it was given where it finds some in the package db.callback.
        if (flyway.getConfiguration() instanceof ClassicConfiguration loaded
                && !List.of(loaded.getCallbacks()).containsAll(callbacks)) {
            loaded.setCallbacks(with(loaded, callbacks));
        }
        return flyway;
    }

    private static Callback[] with(Configuration configuration, List<Callback> callbacks) {
        return Stream.concat(Stream.of(configuration.getCallbacks()), callbacks.stream())
                .toArray(Callback[]::new);
    }

    private MigrationRun migrate(
            Flyway flyway,
            TestDatabase database,
            MigrationRecorder recorder,
            Optional<LayoutRun> run,
            BiFunction<String, String, MigrationEffects> effects) {
        SelfBlockWatch watch = new SelfBlockWatch(database);
        try (watch) {
            MigrateResult result = flyway.migrate();
            return new MigrationRun(
                    result.migrations.stream()
                            .map(migration -> new AppliedMigration(
                                    orEmpty(migration.version),
                                    migration.description,
                                    script(migration.filepath),
                                    migration.executionTime,
                                    effects.apply(orEmpty(migration.version), migration.description)))
                            .toList(),
                    Optional.empty());
        } catch (FlywayException e) {
            return new MigrationRun(
                    applied(database, recorder, effects),
                    Optional.of(failure(e, flyway, database, watch.cancelled(), run.flatMap(LayoutRun::failed))));
        }
    }

    /** Asks the history what was applied before a failure: what ran to its end may have been rolled back since. */
    private List<AppliedMigration> applied(
            TestDatabase database, MigrationRecorder recorder, BiFunction<String, String, MigrationEffects> effects) {
        try (Connection connection = database.open()) {
            Map<Integer, Long> millis = flywayTable.executionMillis(connection, engine);
            Map<String, AppliedMigration> applied = new LinkedHashMap<>();
            for (SchemaHistory.Row row : flywayTable.read(connection, engine).rows()) {
                if (row.success() && recorder.saw(row.script())) {
                    // Of a repeatable migration the last row counts.
                    applied.remove(row.script());
                    applied.put(
                            row.script(),
                            new AppliedMigration(
                                    orEmpty(row.version()),
                                    row.description(),
                                    script(row.script()),
                                    millis.getOrDefault(row.rank(), 0L),
                                    effects.apply(orEmpty(row.version()), row.description())));
                }
            }
            return List.copyOf(applied.values());
        } catch (SQLException e) {
            // The failure itself matters more.
            return List.of();
        }
    }

    private static String orEmpty(@Nullable String text) {
        return text == null ? "" : text;
    }

    static String fileName(@Nullable String path) {
        return path == null ? "" : path.substring(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);
    }

    /** {@return the file of a script that Flyway names} */
    private String script(@Nullable String path) {
        String name = path == null ? "" : path;
        return scripts.flatMap(all -> all.script(name))
                .map(script -> script.migration().path())
                .orElseGet(() -> fileName(path));
    }

    private MigrationFailure failure(
            FlywayException e,
            Flyway flyway,
            TestDatabase database,
            Optional<String> cancelled,
            Optional<String> failedInJava) {
        String report = String.valueOf(e.getMessage());
        Optional<SQLException> sql = sqlException(e);
        String sqlState = sql.map(SQLException::getSQLState).orElse("");
        String message = sql.map(cause -> String.valueOf(cause.getMessage()))
                .orElse(report)
                .strip();
        Optional<String> mixing = mixing(report, flyway);
        String script = mixing.orElseGet(() -> first(scriptName, report));
        int line = Integer.parseInt("0" + first(mixing.isPresent() ? OFFENDING : LINE, report));
        Optional<LayoutScript.Place> place =
                scripts.flatMap(all -> all.script(script)).flatMap(found -> found.place(line));
        String statement = cancelled
                .or(() -> place.map(found -> statement(found.textFromThere().lines())))
                .orElseGet(() -> line == 0 ? "" : statement(report, line))
                .strip();
        String hint = hint(database, orEmpty(sqlState), message, statement);
        if (cancelled.isPresent()) {
            message =
                    "the statement waited for a lock that another session of the same test holds while it is idle in a"
                            + " transaction, and would have waited for ever; it was cancelled";
            hint = "CREATE INDEX CONCURRENTLY and its kin wait for the transaction in which Flyway holds its own lock:"
                    + " set flyway.postgresql.transactional.lock=false, in the product's configuration file or by a"
                    + " FlywayCustomizer; or a connection of the test has a transaction open: end it before migrating";
        } else if (isConfined(database) && sql.filter(engine::isOutside).isPresent()) {
            hint = "the migration reaches into another database, of which nothing is proven: "
                    + database.migrationUser()
                    + ", as whom it is run, may do all that an administrator may, but in other databases";
        } else if (hint.isEmpty()) {
            hint = roleHint(database, message, script, line, flyway);
        }
        return new MigrationFailure(
                failedInJava.or(() -> place.map(LayoutScript.Place::script)).orElse(script),
                failedInJava.isPresent()
                        ? 0
                        : place.map(LayoutScript.Place::line).orElse(line),
                statement,
                orEmpty(sqlState),
                message,
                hint);
    }

    /** Looks for the script of which Flyway names no more than a statement: the next in which it stands on that line. */
    private Optional<String> mixing(String report, Flyway flyway) {
        Matcher offending = OFFENDING.matcher(report);
        if (!offending.find()) {
            return Optional.empty();
        }
        long line = Long.parseLong(offending.group(1));
        try {
            return Stream.of(flyway.info().pending())
                    .filter(info -> text(info, flyway.getConfiguration()).stream()
                            .flatMap(String::lines)
                            .skip(line - 1)
                            .limit(1)
                            .anyMatch(text -> text.contains(offending.group("statement"))))
                    .map(info -> fileName(info.getScript()))
                    .findFirst();
        } catch (FlywayException e) {
            // The failure itself matters more.
            return Optional.empty();
        }
    }

    private String hint(TestDatabase database, String sqlState, String message, String statement) {
        try (Connection connection = database.open()) {
            return engine.migrationHint(connection, sqlState, message, statement)
                    .orElse("");
        } catch (SQLException e) {
            // The failure itself matters more.
            return "";
        }
    }

    /** Explains an error about a role that is there: who has made it is looked up on the server and in the scripts. */
    private String roleHint(TestDatabase database, String message, String script, int line, Flyway flyway) {
        List<String> roles;
        try (Connection connection = database.open()) {
            roles = engine.rolesThatAreThere(connection, message);
        } catch (SQLException e) {
            // The failure itself matters more.
            return "";
        }
        if (roles.isEmpty()) {
            return "";
        }
        Optional<String> maker = madeBefore(roles, script, line, flyway);
        String names = String.join(", ", roles);
        return maker.map(by -> names + " was made by " + by + " before, so that the migrations create it twice")
                .orElse("roles and users are the server's, not the database's, and " + names
                        + " was on it before: another database on it has made it, or the server itself. Create it only"
                        + " where it is not there (PostgreSQL: DO, after a look at pg_roles; MySQL and MariaDB: CREATE"
                        + " USER IF NOT EXISTS), as a second database on a server needs it too");
    }

    /** Looks for a statement that creates one of the roles, in what runs before a line of a script. */
    private Optional<String> madeBefore(List<String> roles, String script, int line, Flyway flyway) {
        Pattern creates = Pattern.compile(
                "\\bCREATE\\s+(?:ROLE|USER)\\b[^;]*?(?<![\\w$])(?:"
                        + roles.stream()
                                .map(role -> Pattern.quote(role.replaceFirst("@[^@]*$", "")))
                                .collect(joining("|"))
                        + ")(?![\\w$])",
                Pattern.CASE_INSENSITIVE);
        for (MigrationInfo info : flyway.info().all()) {
            String name = fileName(info.getScript());
            boolean last = name.equals(script);
            Optional<String> text = text(info, flyway.getConfiguration())
                    .map(all -> last ? all.lines().limit(Math.max(0, line - 1)).collect(joining("\n")) : all);
            if ((last || info.getState().isApplied())
                    && text.filter(creates.asPredicate()).isPresent()) {
                return Optional.of(name);
            }
        }
        return Optional.empty();
    }

    private static boolean isConfined(TestDatabase database) {
        return !database.migrationUser().equals(database.user());
    }

    /** Reads the failed statement from its file: Flyway's report leaves it out since version 13. */
    private String statement(String report, int line) {
        Matcher location = LOCATION.matcher(report);
        if (!location.find()) {
            return "";
        }
        try (InputStream resource = classLoader.getResourceAsStream(location.group(1))) {
            InputStream in = resource != null || location.group(2) == null
                    ? resource
                    : Files.newInputStream(Path.of(location.group(2)));
            if (in == null) {
                return "";
            }
            try (BufferedReader reader = new BufferedReader(new InputStreamReader(in, encoding))) {
                return statement(reader.lines().skip(line - 1L));
            }
        } catch (IOException | UncheckedIOException | InvalidPathException e) {
            // The line of the file is in the message; its text is only for convenience.
            return "";
        }
    }

    private static String statement(Stream<String> lines) {
        StringBuilder statement = new StringBuilder();
        for (String text : lines.limit(MAX_STATEMENT_LINES).toList()) {
            statement.append(text.stripTrailing()).append('\n');
            if (text.stripTrailing().endsWith(";")) {
                break;
            }
        }
        return statement.toString().strip();
    }

    private static String first(Pattern pattern, String text) {
        Matcher matcher = pattern.matcher(text);
        return matcher.find() ? matcher.group(1) : "";
    }

    private static Optional<SQLException> sqlException(Throwable e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException sql) {
                return Optional.of(sql);
            }
        }
        return Optional.empty();
    }

    private FluentConfiguration configuration(
            TestDatabase database, Version target, Purpose purpose, Set<String> without) {
        FluentConfiguration configuration = configuration();
        if (!without.isEmpty()) {
            migrations(database);
            configuration.resourceProvider(LaterScripts.without(without, foundScripts.provider()));
        }
        if (!without.isEmpty() || settings.versionedOnly()) {
            // A backup may hold those of its own release.
            configuration.ignoreMigrationPatterns(Stream.concat(
                            Stream.of(configuration.getIgnoreMigrationPatterns()),
                            Stream.of(ValidatePattern.fromPattern("repeatable:missing")))
                    .toArray(ValidatePattern[]::new));
        }
        if (purpose == Purpose.PREPARE && settings.versionedOnly()) {
            configuration
                    .repeatableSqlMigrationPrefix(NO_PREFIX)
                    .skipDefaultCallbacks(true)
                    .validateMigrationNaming(false);
        }
        boolean baselineBeyond = migrations(database).stream()
                .filter(Migration::baseline)
                .flatMap(migration -> migration.version().stream())
                .anyMatch(version -> version.compareTo(target) > 0);
        if (baselineBeyond) {
            // Flyway starts an empty database from its latest baseline migration, even from one beyond the target.
            configuration
                    .configuration(Map.of("flyway.baselineMigrationPrefix", NO_PREFIX))
                    .validateMigrationNaming(false);
        }
        return configuration
                .target(MigrationVersion.fromVersion(target.toString()))
                .dataSource(database.migrationDataSource());
    }

    /** Refuses what makes Flyway write migrations into the history that it does not run. */
    private void requireThatMigrationsRun(Configuration configuration) {
        String setting = configuration.isSkipExecutingMigrations()
                ? "skipExecutingMigrations"
                : configuration.getCherryPick() != null
                        ? "cherryPick"
                        : configuration.getDryRunOutput() != null ? "dryRunOutput" : "";
        if (!setting.isEmpty()) {
            throw new MigrationException(
                    source(setting) + " sets " + setting
                            + ", by which Flyway does not run the migrations, or not all of them:"
                            + " nothing would be proven. Leave it out, or undo it for the tests by a FlywayCustomizer",
                    null);
        }
    }

    /** {@return who sets a key, for the beginning of a message} */
    private String source(String setting) {
        return settings.configFiles().stream()
                .filter(file -> FlywayConfigFile.read(file, classLoader).keySet().stream()
                        .anyMatch(key -> key.equalsIgnoreCase("flyway." + setting)))
                .reduce((earlier, later) -> later)
                .map(file -> "The Flyway configuration file '" + file + "'")
                .orElseGet(() -> "The configuration of Flyway"
                        + settings.customizer()
                                .map(customizer ->
                                        " by " + customizer.getClass().getName())
                                .orElse(""));
    }

    /** Flyway passes over a place where nothing is, unless it is told not to. */
    private void requireLocations(Configuration configuration) {
        List<String> usual = descriptors(Flyway.configure(classLoader));
        List<String> configured = descriptors(configuration);
        if (layout.isPresent() || configuration.getResourceProvider() != null || configured.equals(usual)) {
            return;
        }
        List<String> missing =
                configured.stream().filter(location -> !exists(location)).toList();
        if (missing.isEmpty()) {
            return;
        }
        if (!configuration.isFailOnMissingLocations()) {
            missing.forEach(location -> leftOut.add(location
                    + ": there is nothing, neither on the class path nor as a path, and"
                    + " failOnMissingLocations is false"));
            return;
        }
        throw new MigrationException(
                source("locations") + " names locations of migrations where there is nothing: '"
                        + String.join("', '", missing)
                        + "'. Flyway would pass over them. A folder of the class path is named as it lies there, such"
                        + " as classpath:db/migration; a relative path, such as filesystem:sql, is looked for in "
                        + Path.of("").toAbsolutePath()
                        + ". Set locations, or failOnMissingLocations=false where nothing need be there",
                null);
    }

    private static List<String> descriptors(Configuration configuration) {
        return Stream.of(configuration.getLocations())
                .map(Location::getDescriptor)
                .toList();
    }

    private FluentConfiguration configuration() {
        FluentConfiguration configuration = productsConfiguration().failOnMissingLocations(false);
        if (namesMayBeWrong) {
            configuration.validateMigrationNaming(false);
        }
        foundScripts.giveTo(configuration);
        return configuration;
    }

    private FluentConfiguration productsConfiguration() {
        // Flyway passes over files whose names it does not understand, and locations that are not there, unless it is
        // told
        // not to.
        FluentConfiguration configuration =
                Flyway.configure(classLoader).validateMigrationNaming(true).failOnMissingLocations(true);
        for (String file : settings.configFiles()) {
            Map<String, String> values = FlywayConfigFile.read(file, classLoader);
            // Spring Boot's word for the engine.
            values.computeIfPresent("flyway.locations", (key, value) -> value.replace("{vendor}", engine.id()));
            try {
                configuration.configuration(values);
            } catch (FlywayException e) {
                throw new MigrationException("The Flyway configuration file '" + file + "': " + e.getMessage(), e);
            }
        }
        if (!settings.locations().isEmpty() && layout.isEmpty()) {
            String[] locations =
                    settings.locations().stream().map(this::location).toArray(String[]::new);
            try {
                configuration.locations(locations).getLocations();
            } catch (FlywayException e) {
                throw new MigrationException(
                        "Flyway does not take the locations '" + String.join("', '", locations) + "': "
                                + e.getMessage(),
                        e);
            }
        }
        scripts.ifPresent(all -> configuration
                .resourceProvider(all)
                .javaMigrationClassProvider(List::of)
                // What looks like a placeholder may be data.
                .placeholderReplacement(false)
                .mixed(true));
        layout.ifPresent(found -> found.customize(configuration));
        if (!settings.table().isEmpty()) {
            configuration.table(settings.table());
        }
        if (!settings.schemas().isEmpty()) {
            configuration.schemas(settings.schemas().toArray(String[]::new));
        }
        if (!settings.placeholders().isEmpty()) {
            Map<String, String> placeholders = new HashMap<>(configuration.getPlaceholders());
            placeholders.putAll(settings.placeholders());
            configuration.placeholders(placeholders);
        }
        settings.customizer().ifPresent(customizer -> customize(customizer, configuration));
        history().ifPresent(own -> configuration.table(LentHistory.TABLE));
        return configuration;
    }

    private static void customize(FlywayCustomizer customizer, FluentConfiguration configuration) {
        try {
            customizer.customize(configuration);
        } catch (FlywayException e) {
            throw new MigrationException(customizer.getClass().getName() + ": " + e.getMessage(), e);
        }
    }

    private String location(String pattern) {
        List<String> candidates = pattern.contains("{engine}")
                ? engine.pathNames().stream()
                        .map(name -> pattern.replace("{engine}", name))
                        .toList()
                : List.of(pattern);
        return candidates.stream()
                .filter(this::exists)
                .findFirst()
                .orElseThrow(() -> new MigrationException(
                        "There are no migrations at '" + String.join("' or '", candidates)
                                + (pattern.contains(",") ? "': each location is a string of its own" : "'")
                                + ". A folder of the class path is named as it lies there, such as db/migration; any"
                                + " other begins with filesystem: and, where it is relative, is looked for in "
                                + Path.of("").toAbsolutePath(),
                        null));
    }

    private boolean exists(String location) {
        String path = location.replaceFirst("^\\w{2,}:", "");
        if (location.startsWith("filesystem:") && !path.matches(".*[*?].*")) {
            return Files.exists(Path.of(path));
        }
        // Flyway knows places of its own, such as s3: and wildcards; whether these exist is left to it.
        boolean onlyFlywayKnows =
                path.matches(".*[*?].*") || (!path.equals(location) && !location.startsWith("classpath:"));
        return onlyFlywayKnows || classLoader.getResource(path.replaceFirst("^/", "")) != null;
    }
}
