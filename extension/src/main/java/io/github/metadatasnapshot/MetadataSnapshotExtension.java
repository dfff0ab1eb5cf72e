package io.github.metadatasnapshot;

import static java.util.stream.Collectors.joining;

import io.github.metadatasnapshot.backup.Backup;
import io.github.metadatasnapshot.backup.BackupException;
import io.github.metadatasnapshot.backup.BackupInfo;
import io.github.metadatasnapshot.engine.Engine;
import io.github.metadatasnapshot.engine.Version;
import io.github.metadatasnapshot.migration.MigrationException;
import io.github.metadatasnapshot.migration.Migrator;
import io.github.metadatasnapshot.migration.Upgrade;
import io.github.metadatasnapshot.restore.Restore;
import io.github.metadatasnapshot.server.DatabaseServer;
import io.github.metadatasnapshot.server.ServerSpec;
import io.github.metadatasnapshot.server.TestDatabase;
import io.github.metadatasnapshot.shape.DatabaseState;
import io.github.metadatasnapshot.snapshot.DatedBackups;
import io.github.metadatasnapshot.snapshot.Recording;
import io.github.metadatasnapshot.snapshot.Restores;
import io.github.metadatasnapshot.snapshot.Snapshot;
import io.github.metadatasnapshot.snapshot.SnapshotException;
import java.lang.annotation.Annotation;
import java.sql.Connection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.junit.jupiter.api.ClassTemplate;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ClassTemplateInvocationContext;
import org.junit.jupiter.api.extension.ClassTemplateInvocationContextProvider;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolutionException;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.jupiter.api.extension.TestInstantiationAwareExtension;
import org.junit.platform.commons.support.AnnotationSupport;
import org.opentest4j.TestAbortedException;

/** Runs an annotated class once for each of its databases, and gives each test a database of its own. */
final class MetadataSnapshotExtension
        implements ClassTemplateInvocationContextProvider,
                ExecutionCondition,
                BeforeEachCallback,
                ParameterResolver,
                TestInstantiationAwareExtension {

    static final ExtensionContext.Namespace NAMESPACE =
            ExtensionContext.Namespace.create(MetadataSnapshotExtension.class);

    private static final List<Class<?>> PARAMETERS =
            List.of(MetadataDatabase.class, DataSource.class, Connection.class);

    /** The database that tests run on, and why they don't where the settings chose others. */
    record Choice(ServerSpec database, Optional<String> deselected) implements ClassTemplateInvocationContext {

        @Override
        public String getDisplayName(int invocationIndex) {
            return database.toString();
        }

        @Override
        public void prepareInvocation(ExtensionContext context) {
            context.getStore(NAMESPACE).put(Choice.class, this);
        }
    }

    // A class runs once for each database

    @Override
    public boolean supportsClassTemplate(ExtensionContext context) {
        return context.getTestClass()
                .filter(type -> AnnotationSupport.isAnnotated(type, MetadataSnapshot.class))
                .filter(type -> !hasOtherTemplate(type) || hasSeveralDatabases(context))
                .isPresent();
    }

    /**
     * Tells whether a class runs several times for another reason, as a {@code @ParameterizedClass} does. JUnit runs the times of
     * both one after the other, not each with each: those of the other then run on the one database.
     */
    private static boolean hasOtherTemplate(Class<?> type) {
        return Stream.of(type.getAnnotations())
                .map(Annotation::annotationType)
                .filter(each ->
                        each != MetadataSnapshot.class && !AnnotationSupport.isAnnotated(each, MetadataSnapshot.class))
                .anyMatch(each -> AnnotationSupport.isAnnotated(each, ClassTemplate.class));
    }

    private static boolean hasSeveralDatabases(ExtensionContext context) {
        return context.getStore(NAMESPACE).get(Choice.class) == null
                && choices(context, Declaration.of(context)).size() > 1;
    }

    @Override
    public Stream<? extends ClassTemplateInvocationContext> provideClassTemplateInvocationContexts(
            ExtensionContext context) {
        Declaration declaration = Declaration.of(context);
        if (hasOtherTemplate(context.getRequiredTestClass())) {
            throw Declaration.misuse(
                    declaration.where(),
                    "a class that runs several times for another reason, such as a @ParameterizedClass, takes one"
                            + " database: name the databases on a class around, and make this one a @Nested class of it");
        }
        boolean namesNone = AnnotationSupport.findAnnotation(context.getRequiredTestClass(), MetadataSnapshot.class)
                .filter(own -> own.database().isEmpty() && own.databases().length == 0)
                .isPresent();
        Choice around = context.getStore(NAMESPACE).get(Choice.class, Choice.class);
        return namesNone && around != null ? Stream.of(around) : choices(context, declaration).stream();
    }

    /** Chooses the databases: those of the settings that are of an engine of the annotation's, or else its own. */
    private static List<Choice> choices(ExtensionContext context, Declaration declaration) {
        Optional<List<ServerSpec>> replaced = Session.of(context).settings().databases();
        List<ServerSpec> declared = declaration.databases();
        if (declared.isEmpty() && replaced.isEmpty()) {
            throw Declaration.misuse(
                    declaration.where(),
                    "there is no database: set database, such as database = \"postgres:17\", here or on the class"
                            + " around, or the setting " + Settings.DATABASES);
        }
        if (replaced.isEmpty()) {
            return declared.stream()
                    .map(spec -> new Choice(spec, Optional.empty()))
                    .toList();
        }
        List<Engine> engines = declared.stream().map(ServerSpec::engine).toList();
        List<Choice> chosen = replaced.get().stream()
                .filter(spec -> engines.isEmpty() || engines.contains(spec.engine()))
                .map(spec -> new Choice(spec, Optional.empty()))
                .toList();
        if (!chosen.isEmpty()) {
            return chosen;
        }
        String reason = Settings.DATABASES + " = "
                + replaced.get().stream().map(ServerSpec::toString).collect(joining(",")) + " holds no "
                + engines.stream().distinct().map(Engine::displayName).collect(joining(" and no "));
        return declared.stream()
                .map(spec -> new Choice(spec, Optional.of(reason)))
                .toList();
    }

    static Choice choice(ExtensionContext context, Declaration declaration) {
        Choice choice = context.getStore(NAMESPACE).get(Choice.class, Choice.class);
        // A class that is not annotated runs once, and so does an annotated method in it.
        return choice != null ? choice : choices(context, declaration).get(0);
    }

    // A test runs where its database does

    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
        if (context.getTestMethod().isEmpty()) {
            return ConditionEvaluationResult.enabled("the database is chosen for each test");
        }
        if (CellExtension.isAroundCells(context)) {
            return ConditionEvaluationResult.enabled("each cell is looked at by itself");
        }
        Session session;
        Declaration declaration;
        Choice choice;
        try {
            session = Session.of(context);
            declaration = Declaration.of(context);
            choice = choice(context, declaration);
        } catch (RuntimeException e) {
            return ConditionEvaluationResult.enabled("the error is reported when the test begins");
        }
        Optional<String> unavailable = choice.deselected()
                .map(why -> choice.database() + " is left out: " + why)
                .or(() -> session.servers().whyUnavailable(choice.database()))
                .or(() -> whyNotMigrated(context, session, declaration, choice.database()));
        boolean fails = choice.deselected().isEmpty() && session.settings().require();
        if (unavailable.isEmpty() || fails) {
            return ConditionEvaluationResult.enabled(choice.database() + " runs here");
        }
        session.log().addNotRun(unavailable.get());
        return ConditionEvaluationResult.disabled("Not run: " + unavailable.get());
    }

    private static Optional<String> whyNotMigrated(
            ExtensionContext context, Session session, Declaration declaration, ServerSpec database) {
        try {
            return session.migrator(
                            declaration,
                            database.engine(),
                            context.getRequiredTestClass().getClassLoader())
                    .whyUnavailable()
                    .map(reason -> database + " cannot be migrated here: " + reason);
        } catch (RuntimeException e) {
            // Reported when the test begins.
            return Optional.empty();
        }
    }

    // A test has a database of its own

    @Override
    public void beforeEach(ExtensionContext context) {
        fixture(context);
    }

    @Override
    public ExtensionContextScope getTestInstantiationExtensionContextScope(ExtensionContext rootContext) {
        return ExtensionContextScope.TEST_METHOD;
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        Class<?> type = parameter.getParameter().getType();
        if (type == MetadataDatabase.class) {
            return true;
        }
        // What is annotated is another extension's.
        return context.getTestMethod().isPresent()
                && PARAMETERS.contains(type)
                && parameter.getParameter().getAnnotations().length == 0;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        if (context.getTestMethod().isEmpty()) {
            throw new ParameterResolutionException(
                    "A MetadataDatabase belongs to one test: take it in a test method, in a @BeforeEach or @AfterEach"
                            + " method, or in the constructor of a class with one"
                            + " instance a"
                            + " test;"
                            + " not in"
                            + " " + parameter.getDeclaringExecutable());
        }
        Class<?> type = parameter.getParameter().getType();
        Fixture fixture = fixture(context);
        fixture.handOut();
        if (type == Connection.class) {
            return fixture.connection();
        }
        return type == DataSource.class ? fixture.database().dataSource() : fixture.database();
    }

    static Fixture fixture(ExtensionContext context) {
        return context.getStore(NAMESPACE)
                .getOrComputeIfAbsent(
                        Fixture.class,
                        key -> CellRun.of(context)
                                .map(cell -> create(context, cell))
                                .orElseGet(() -> create(context, Optional.empty())),
                        Fixture.class);
    }

    /** What goes wrong while a state is made says nothing of the cell. */
    private static Fixture create(ExtensionContext context, CellRun cell) {
        try {
            return create(context, Optional.of(cell));
        } catch (TestAbortedException e) {
            throw e;
        } catch (RuntimeException e) {
            throw new SnapshotException(cell + ": " + e.getMessage(), e);
        }
    }

    private static Fixture create(ExtensionContext context, Optional<CellRun> cell) {
        Session session = Session.of(context);
        Declaration declared = Declaration.of(context);
        Declaration declaration = cell.map(run -> run.startOf(declared)).orElse(declared);
        ServerSpec spec = choice(context, declaration).database();
        ClassLoader classLoader = context.getRequiredTestClass().getClassLoader();
        // All that can be wrong is looked for before a server starts.
        Migrator migrator = session.migrator(declaration, spec.engine(), classLoader);
        Optional<DatedBackups> dated = declaration
                .datedBackups()
                .map(pattern -> session.dated(
                        spec,
                        pattern,
                        classLoader,
                        declaration,
                        migrator,
                        Optional.of(session.servers().get(spec))));
        Optional<String> location =
                dated.map(all -> datedLocation(all, declaration)).or(declaration::backupLocation);
        Optional<Recording> recording = location.filter(at -> cell.isEmpty() && dated.isEmpty())
                .flatMap(at -> session.recorder()
                        .flatMap(recorder -> recorder.plan(declaration, at, spec.engine(), classLoader, migrator)));
        Optional<Backup> existing = location.filter(at -> recording.isEmpty())
                .map(at -> session.backup(at, spec.engine(), classLoader, migrator, declaration.version()))
                .map(file -> declaration
                        .version()
                        .map(Version::of)
                        .map(file::declaredAt)
                        .orElse(file));
        var procedure = session.procedure(declaration);
        var recovery = session.recovery(declaration);
        SmokeTests<Upgrade> afterUpgrades = SmokeTests.afterUpgrades(context);
        SmokeTests<Restore> afterRestores = SmokeTests.afterRestores(context);
        ServerTests servers = session.servers(declaration, spec.engine());
        if (declaration.version().isEmpty() && location.isEmpty()) {
            throw Declaration.misuse(
                    declaration.where(), "which version to start from? Set version, or backup, or both");
        }
        Class<?> testClass = context.getRequiredTestClass();
        List<Recording> before = recording
                .map(asked ->
                        session.recorder().orElseThrow().before(asked, declaration, spec.engine(), testClass, migrator))
                .orElse(List.of());
        DatabaseServer server = session.servers().get(spec).with(declaration.defaults(spec.engine()));
        cell.flatMap(CellRun::unreadable).ifPresent(reason -> {
            throw new BackupException(reason);
        });
        before.forEach(earlier -> session.recorder().orElseThrow().record(earlier, server));
        Optional<Backup> backup = recording
                .map(asked -> session.recorder().orElseThrow().record(asked, server))
                .or(() -> existing.map(file -> session.restorable(file, declaration, server, migrator)));
        var database = cell.flatMap(CellRun::intendedFor)
                .map(named -> find(
                        named,
                        cell.map(run -> Version.of(run.cell().from())),
                        declaration,
                        session,
                        server,
                        migrator,
                        classLoader))
                .map(file -> session.restores().intendedTarget(server, inspect(file, server, migrator), migrator))
                .orElseGet(() -> {
                    Snapshot start = new Snapshot(migrator, declaration.version(), backup);
                    return cell.filter(CellRun::mayReuse).isPresent()
                            ? session.states().createOrReuse(start, server)
                            : session.states().create(start, server);
                });
        checkVia(declaration, migrator, database);
        Optional<DatabaseState> known = session.states()
                .contents(database)
                .or(() -> cell.flatMap(CellRun::intendedFor).map(any -> Restores.look(database, migrator)));
        declaration
                .seriesOfBackup()
                .filter(pattern -> dated.isEmpty())
                .ifPresent(pattern -> session.compareBackups(spec, pattern, classLoader, migrator.versions(database)));
        dated.ifPresent(all -> session.compareBackups(spec, all, migrator.versions(database)));
        return new Fixture(
                database,
                new MetadataDatabase(
                        database,
                        migrator,
                        (named, version) -> find(
                                named,
                                version.or(() -> declared.versionOf(named, spec.engine())),
                                declaration,
                                session,
                                server,
                                migrator,
                                classLoader),
                        procedure,
                        recovery,
                        session.restores(),
                        declaration.via(),
                        declaration.rules(spec),
                        session.cleanInstalls(),
                        session.states(),
                        named -> session.frozenShapes().compare(named, database, migrator, classLoader),
                        afterUpgrades,
                        afterRestores,
                        servers,
                        session.log(),
                        session.settings().s3(),
                        known),
                (used, handedOut) -> {
                    if (!KeptDatabase.keep(used, context, session)) {
                        cell.filter(run -> !handedOut)
                                .flatMap(CellRun::untouched)
                                .ifPresentOrElse(
                                        state -> session.states().keepForReuse(used, state),
                                        () -> session.states().closeLater(used));
                    }
                });
    }

    /** {@return where the backup of the version is among dated ones} */
    private static String datedLocation(DatedBackups backups, Declaration declaration) {
        String asked = declaration
                .version()
                .orElseThrow(() -> Declaration.misuse(
                        declaration.where(),
                        "backups = \"" + backups.pattern()
                                + "\" asks for the version, and there is none: set version"));
        String location = backups.locations().get(Version.of(asked));
        if (location == null) {
            throw new BackupException(
                    "There is no backup of version " + asked + " at " + backups.pattern() + ". " + backups.describe());
        }
        return location;
    }

    private static Backup find(
            String location,
            Optional<Version> version,
            Declaration declaration,
            Session session,
            DatabaseServer server,
            Migrator migrator,
            ClassLoader classLoader) {
        Backup found = session.backup(location, server.engine(), classLoader, migrator, Optional.empty());
        Backup backup = session.restorable(version.map(found::declaredAt).orElse(found), declaration, server, migrator);
        Optional<Version> said = inspect(backup, server, migrator).version();
        if (version.isPresent() && said.isPresent() && !said.equals(version)) {
            throw new SnapshotException(
                    "Backup " + backup.name() + " is named as one of version " + version.get()
                            + ", but its history says " + said.get() + ". Name it as one of " + said.get()
                            + ", or the backup of " + version.get(),
                    null);
        }
        return backup;
    }

    private static BackupInfo inspect(Backup backup, DatabaseServer server, Migrator migrator) {
        return backup.inspect(server.engine(), migrator.historyTable(), server.clientHost());
    }

    private static void checkVia(Declaration declaration, Migrator migrator, TestDatabase database) {
        try {
            declaration.via().forEach(version -> Upgrade.known(version, migrator.versions(database)));
        } catch (MigrationException e) {
            database.close();
            throw Declaration.misuse(declaration.where(), "via: " + e.getMessage());
        }
    }
}
