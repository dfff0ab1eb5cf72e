package io.github.metadatasnapshot.migration;

import io.github.metadatasnapshot.engine.Engine;
import io.github.metadatasnapshot.engine.HistoryTable;
import io.github.metadatasnapshot.engine.SchemaHistory;
import io.github.metadatasnapshot.engine.Version;
import io.github.metadatasnapshot.server.TestDatabase;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.flywaydb.core.Flyway;
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
import org.jspecify.annotations.Nullable;

/** Migrates by the Flyway that is on the class path, through its public API. */
public final class FlywayMigrator implements Migrator {

    /** A prefix that no file has: it leaves a kind of migrations out. */
    private static final String NO_PREFIX = "metadata-snapshot-leaves-these-out";

    private static final String NO_TABLE = "metadata_snapshot_no_history";

    private static final int MAX_STATEMENT_LINES = 10;

    // Flyway's report of a failed statement is text: these are its labels in Flyway 10 to 13.
    private static final Pattern SCRIPT = Pattern.compile("([^\\s/\\\\']+\\.sql)\\b");
    private static final Pattern LINE = Pattern.compile("(?m)^Line\\s*:\\s*(\\d+)");
    private static final Pattern LOCATION = Pattern.compile("(?m)^Location\\s*:\\s*(.+?)(?:\\s+\\((.+)\\))?\\s*$");

    private final FlywaySettings settings;
    private final Engine engine;
    private final ClassLoader classLoader;
    private final HistoryTable flywayTable;
    private final boolean validatesWhenMigrating;
    private final Optional<VersionedDirectoryLayout> layout;
    private final Optional<LayoutScripts> scripts;
    private final FoundScripts foundScripts = new FoundScripts();
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
        FluentConfiguration configuration = configuration();
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
                // By a history that is not there: of a migration that was applied Flyway tells the checksum of then.
                List<MigrationInfo> found =
                        foundScripts.find(configuration().table(NO_TABLE).dataSource(database.dataSource()));
                migrations = found.stream()
                        .filter(info -> info.getState().isResolved() && !isOfType(info, "UNDO"))
                        .map(info -> new Migration(
                                Optional.ofNullable(info.getVersion()).map(version -> Version.of(version.getVersion())),
                                info.getDescription(),
                                Optional.ofNullable(info.getChecksum()),
                                isOfType(info, "BASELINE")))
                        .toList();
            } catch (FlywayException e) {
                throw new MigrationException("The migrations cannot be read: " + e.getMessage(), e);
            }
        }
        return migrations;
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
            throw new MigrationException("The migrations cannot be read: " + e.getMessage(), e);
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
                throw new MigrationException("The migrations cannot be read: " + e.getMessage(), e);
            }
        }
        return contents.upTo(target);
    }

    @Override
    public List<String> validate(TestDatabase database, Version target) {
        try (LentHistory lent = lend(database)) {
            ValidateResult result =
                    configuration(database, target, Purpose.UPGRADE).load().validateWithResult();
            List<String> lines = result.invalidMigrations.stream()
                    .map(invalid -> line(invalid.errorDetails.errorMessage))
                    .toList();
            return result.validationSuccessful || !lines.isEmpty()
                    ? lines
                    : List.of(line(result.errorDetails.errorMessage));
        } catch (FlywayException e) {
            throw new MigrationException("The migrations cannot be validated: " + e.getMessage(), e);
        }
    }

    @Override
    public boolean validatesWhenMigrating() {
        return validatesWhenMigrating;
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
    public MigrationRun migrate(TestDatabase database, Version target, Purpose purpose) {
        FluentConfiguration configuration = configuration(database, target, purpose);
        MigrationRecorder recorder = new MigrationRecorder();
        Optional<LayoutRun> run =
                scripts.map(all -> new LayoutRun(all, history().map(VersionedDirectoryLayout.History::writer)));
        List<Callback> callbacks = new ArrayList<>(List.of(recorder));
        run.ifPresent(callbacks::add);
        try (LentHistory lent = lend(database)) {
            if (purpose != Purpose.UPGRADE) {
                return migrate(
                        load(configuration, callbacks),
                        database,
                        purpose,
                        recorder,
                        run,
                        (version, description) -> MigrationEffects.UNKNOWN);
            }
            try (MigrationObserver observer = new MigrationObserver(database)) {
                callbacks.add(observer);
                return migrate(load(configuration, callbacks), database, purpose, recorder, run, observer::effects);
            }
        } catch (FlywayException e) {
            throw new MigrationException("The history cannot be read: " + e.getMessage(), e);
        }
    }

    /** Gives Flyway a table where the history is the product's own; {@code null} where it is Flyway's. */
    private @Nullable LentHistory lend(TestDatabase database) {
        return history()
                .map(own -> new LentHistory(
                        configuration().dataSource(database.dataSource()), database, own.table(), migrations(database)))
                .orElse(null);
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
            Purpose purpose,
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
                    Optional.of(failure(e, watch.cancelled(), purpose, run.flatMap(LayoutRun::failed))));
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

    private static String fileName(@Nullable String path) {
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
            FlywayException e, Optional<String> cancelled, Purpose purpose, Optional<String> failedInJava) {
        String report = String.valueOf(e.getMessage());
        Optional<SQLException> sql = sqlException(e);
        String sqlState = sql.map(SQLException::getSQLState).orElse("");
        String message = sql.map(cause -> String.valueOf(cause.getMessage()))
                .orElse(report)
                .strip();
        String script = first(SCRIPT, report);
        int line = Integer.parseInt("0" + first(LINE, report));
        Optional<LayoutScript.Place> place =
                scripts.flatMap(all -> all.script(first(SCRIPT, report))).flatMap(found -> found.place(line));
        String hint = engine.likelyCause(sqlState, message).orElse("");
        if (cancelled.isPresent()) {
            message =
                    "the statement waited for a lock that another session of the same test holds while it is idle in a"
                            + " transaction, and would have waited for ever; it was cancelled";
            hint = "CREATE INDEX CONCURRENTLY and its kin wait for the transaction in which Flyway holds its own lock:"
                    + " set flyway.postgresql.transactional.lock=false, in the product's configuration file or by a"
                    + " FlywayCustomizer; or a connection of the test has a transaction open: end it before migrating";
        } else if (purpose == Purpose.PREPARE && (script.startsWith("R__") || script.startsWith("after"))) {
            hint = "the repeatable migration or callback assumes a later version than the one that is prepared: set"
                    + " versionedOnly = true to leave it out there";
        }
        return new MigrationFailure(
                failedInJava.or(() -> place.map(LayoutScript.Place::script)).orElse(script),
                failedInJava.isPresent()
                        ? 0
                        : place.map(LayoutScript.Place::line).orElse(line),
                cancelled
                        .or(() -> place.map(
                                found -> statement(found.textFromThere().lines())))
                        .orElseGet(() -> line == 0 ? "" : statement(report, line))
                        .strip(),
                sqlState == null ? "" : sqlState,
                message,
                hint);
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
            try (BufferedReader reader = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
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

    private FluentConfiguration configuration(TestDatabase database, Version target, Purpose purpose) {
        FluentConfiguration configuration = configuration();
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
                .dataSource(database.dataSource());
    }

    private FluentConfiguration configuration() {
        // Flyway passes over a file whose name it does not understand, unless it is told not to.
        FluentConfiguration configuration = Flyway.configure(classLoader).validateMigrationNaming(true);
        for (String file : settings.configFiles()) {
            configuration.configuration(FlywayConfigFile.read(file, classLoader));
        }
        if (!settings.locations().isEmpty() && layout.isEmpty()) {
            configuration.locations(
                    settings.locations().stream().map(this::location).toArray(String[]::new));
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
            configuration.placeholders(settings.placeholders());
        }
        settings.customizer().ifPresent(customizer -> customizer.customize(configuration));
        history().ifPresent(own -> configuration.table(LentHistory.TABLE));
        foundScripts.giveTo(configuration);
        return configuration;
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
                                + "'. A folder of the class path is named as it lies there, such as db/migration; any"
                                + " other begins with filesystem: and, where it is relative, is looked for in "
                                + Path.of("").toAbsolutePath(),
                        null));
    }

    private boolean exists(String location) {
        String path = location.replaceFirst("^\\w{2,}:", "");
        if (location.startsWith("filesystem:")) {
            return Files.exists(Path.of(path));
        }
        // Flyway knows places of its own, such as s3: and wildcards; whether these exist is left to it.
        boolean onlyFlywayKnows = path.contains("*") || (!path.equals(location) && !location.startsWith("classpath:"));
        return onlyFlywayKnows || classLoader.getResource(path.replaceFirst("^/", "")) != null;
    }
}
