package io.github.metadatasnapshot;

import static io.github.metadatasnapshot.assertion.MetadataSnapshotAssertions.assertThat;

import io.github.metadatasnapshot.backup.BackupException;
import io.github.metadatasnapshot.engine.Version;
import io.github.metadatasnapshot.matrix.Cell;
import io.github.metadatasnapshot.matrix.CellResult;
import io.github.metadatasnapshot.matrix.Check;
import io.github.metadatasnapshot.matrix.Expectation;
import io.github.metadatasnapshot.matrix.Matrix;
import io.github.metadatasnapshot.migration.Migration;
import io.github.metadatasnapshot.migration.Migrator;
import io.github.metadatasnapshot.migration.Upgrade;
import io.github.metadatasnapshot.recovery.Recovery;
import io.github.metadatasnapshot.report.ReportFiles;
import io.github.metadatasnapshot.restore.Restore;
import io.github.metadatasnapshot.server.DatabaseServer;
import io.github.metadatasnapshot.server.ServerException;
import io.github.metadatasnapshot.server.ServerSpec;
import io.github.metadatasnapshot.server.TestDatabase;
import io.github.metadatasnapshot.snapshot.BackupSeries;
import io.github.metadatasnapshot.snapshot.DatedBackups;
import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.AfterTestExecutionCallback;
import org.junit.jupiter.api.extension.BeforeTestExecutionCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.InvocationInterceptor;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.jupiter.api.extension.ReflectiveInvocationContext;
import org.junit.jupiter.api.extension.TestTemplateInvocationContext;
import org.junit.jupiter.api.extension.TestTemplateInvocationContextProvider;
import org.junit.jupiter.api.extension.TestWatcher;
import org.junit.platform.commons.JUnitException;
import org.junit.platform.commons.support.AnnotationSupport;

/** Runs a method for each cell of its class's database, and notes what comes of each. */
final class CellExtension
        implements TestTemplateInvocationContextProvider,
                ParameterResolver,
                BeforeTestExecutionCallback,
                InvocationInterceptor,
                AfterTestExecutionCallback,
                TestWatcher {

    private static final System.Logger LOG = System.getLogger("io.github.metadatasnapshot");

    private static final Map<Check, Class<? extends Annotation>> ANNOTATIONS = Map.of(
            Check.RESTORE, RestoreTest.class,
            Check.UPGRADE, UpgradePathTest.class,
            Check.CROSS_VERSION_RESTORE, CrossVersionRestoreTest.class,
            Check.RECOVERY, RecoveryTest.class);

    private static final List<Class<?>> ACTS = List.of(Upgrade.class, Restore.class, Recovery.class);

    /** Tells whether a context is that of a method which runs for each cell, and not of one of these. */
    static boolean isAroundCells(ExtensionContext context) {
        return context.getTestMethod()
                        .filter(method -> !checks(method).isEmpty())
                        .isPresent()
                && CellRun.of(context).isEmpty();
    }

    private static List<Check> checks(Method method) {
        return Arrays.stream(Check.values())
                .filter(check -> AnnotationSupport.isAnnotated(method, ANNOTATIONS.get(check)))
                .toList();
    }

    // Each cell is a test

    @Override
    public boolean supportsTestTemplate(ExtensionContext context) {
        return true;
    }

    /** A shard may have none of the cells, and with one version there is no path. */
    @Override
    public boolean mayReturnZeroTestTemplateInvocationContexts(ExtensionContext context) {
        return true;
    }

    @Override
    public Stream<TestTemplateInvocationContext> provideTestTemplateInvocationContexts(ExtensionContext context) {
        Declaration declaration = Declaration.of(context);
        Session session = Session.of(context);
        Check check = check(context, declaration);
        String pattern = declaration
                .backups()
                .orElseThrow(() -> Declaration.misuse(
                        declaration.where(),
                        "which versions are there? " + name(context) + " runs for each that there is a backup of: set"
                                + " backups, such as backups ="
                                + " \"backups/{engine}/{version}.sql.gz\", here"
                                + " or on the class around"));
        MetadataSnapshotExtension.Choice choice = MetadataSnapshotExtension.choice(context, declaration);
        ServerSpec database = choice.database();
        ClassLoader classLoader = context.getRequiredTestClass().getClassLoader();

        Migrator migrator = session.migrator(declaration, database.engine(), classLoader);
        Optional<DatabaseServer> server = choice.deselected().isEmpty() ? server(session, database) : Optional.empty();
        Optional<List<Migration>> read = server.map(runs -> migrations(runs, migrator));
        Optional<NavigableSet<Version>> migrations = read.map(Migration::versions);
        Optional<DatedBackups> dated = Optional.of(pattern)
                .filter(BackupSeries::isDated)
                .map(files -> session.dated(database, files, classLoader, declaration, migrator, server));
        NavigableMap<Version, String> backups =
                backups(session, declaration, pattern, dated, database, classLoader, migrations);
        Matrix matrix = Matrix.of(database.toString(), backups.navigableKeySet(), migrations.orElseGet(TreeSet::new));
        session.report().add(matrix, pattern, content(read.orElse(List.of()), backups, session, database, classLoader));
        if (migrations.isPresent()) {
            dated.ifPresentOrElse(
                    files -> session.compareBackups(database, files, migrations.get()),
                    () -> session.compareBackups(database, pattern, classLoader, migrations.get()));
            checkExpectations(declaration, matrix);
        }
        String procedure = session.procedure(declaration).toString();
        List<Cell> cells = switch (check) {
            case RESTORE -> matrix.restores(procedure);
            case UPGRADE -> matrix.upgrades(declaration.paths());
            case CROSS_VERSION_RESTORE -> matrix.crossVersionRestores(procedure);
            case RECOVERY -> matrix.recoveries(session.recovery(declaration).toString());
        };
        Map<Cell, String> unreadable = new LinkedHashMap<>();
        dated.ifPresent(files -> files.unreadable().keySet().stream()
                .filter(file -> session.tellsUnreadable(
                        context.getRequiredTestMethod(), context.getRequiredTestClass(), file, database))
                .forEach(file -> unreadable.put(unreadable(database, file, procedure), file)));
        List<Cell> all =
                Stream.concat(cells.stream(), unreadable.keySet().stream()).toList();
        return session.choose(all).stream()
                .map(cell -> unreadable.containsKey(cell)
                        ? unreadable(cell, Objects.requireNonNull(unreadable.get(cell)), dated.orElseThrow())
                        : test(cell, matrix, backups, declaration, database));
    }

    /** {@return the one cell of a file that tells no version, whatever is checked: that it is restored where it belongs} */
    private static Cell unreadable(ServerSpec database, String file, String procedure) {
        String name = file.substring(file.lastIndexOf('/') + 1);
        return new Cell(database.toString(), Check.RESTORE, name, name, procedure);
    }

    private static CellTest unreadable(Cell cell, String file, DatedBackups backups) {
        return new CellTest(
                cell,
                false,
                Optional.empty(),
                file,
                Optional.empty(),
                Optional.ofNullable(backups.unreadable().get(file)));
    }

    private static Check check(ExtensionContext context, Declaration declaration) {
        List<Check> checks = checks(context.getRequiredTestMethod());
        if (checks.size() != 1) {
            throw Declaration.misuse(
                    declaration.where(),
                    name(context) + " is more than one of @UpgradePathTest, @RestoreTest, @CrossVersionRestoreTest and"
                            + " @RecoveryTest: make a method of each");
        }
        return checks.get(0);
    }

    private static String name(ExtensionContext context) {
        return context.getRequiredTestMethod().getName();
    }

    /** {@return the server; empty where the database does not run, as each cell tells then} */
    private static Optional<DatabaseServer> server(Session session, ServerSpec database) {
        if (session.servers().whyUnavailable(database).isPresent()) {
            return Optional.empty();
        }
        try {
            DatabaseServer server = session.servers().get(database);
            session.report().add(server);
            return Optional.of(server);
        } catch (ServerException e) {
            return Optional.empty();
        }
    }

    private static List<Migration> migrations(DatabaseServer server, Migrator migrator) {
        try (TestDatabase asked = server.createDatabase()) {
            return migrator.migrations(asked);
        }
    }

    /** {@return what tells the migrations and backups of this build from those of another one} */
    private static List<String> content(
            List<Migration> migrations,
            NavigableMap<Version, String> backups,
            Session session,
            ServerSpec database,
            ClassLoader classLoader) {
        return Stream.concat(
                        migrations.stream().map(Migration::toString),
                        backups.values().stream()
                                .map(location -> location + " "
                                        + session.backup(location, database.engine(), classLoader)
                                                .length()))
                .sorted()
                .toList();
    }

    private static NavigableMap<Version, String> backups(
            Session session,
            Declaration declaration,
            String pattern,
            Optional<DatedBackups> dated,
            ServerSpec database,
            ClassLoader classLoader,
            Optional<NavigableSet<Version>> migrations) {
        BackupSeries series = session.series(database, pattern, classLoader);
        if (series.isRemote()) {
            throw Declaration.misuse(
                    declaration.where(),
                    "backups = \"" + pattern + "\" is a URL, whose server does not list its files: take files, or test"
                            + " each version with version and backup");
        }
        NavigableMap<Version, String> backups = dated.map(DatedBackups::locations)
                .orElseGet(() -> series.locations(migrations.orElseGet(TreeSet::new)));
        boolean none = backups.isEmpty()
                && dated.stream().allMatch(files -> files.unreadable().isEmpty());
        if (none) {
            try {
                // Throws, and tells where it has looked.
                session.backup(pattern, database.engine(), classLoader);
            } catch (BackupException e) {
                if (dated.isPresent()) {
                    throw e;
                }
                throw new BackupException(
                        e.getMessage() + ". This runs for the backups that there are, and captures none. With "
                                + Settings.CAPTURE
                                + "=missing, a test of one version does: @Test @MetadataSnapshot(version ="
                                + " \"1.0\"), with the same backups",
                        e);
            }
        }
        // What no migration fits cannot be upgraded, and is named at the end of the run.
        NavigableMap<Version, String> fitting = new TreeMap<>(backups);
        migrations.ifPresent(known -> fitting.keySet().retainAll(known));
        if (fitting.isEmpty() && !backups.isEmpty()) {
            throw new BackupException("backups = \"" + pattern + "\" names no version that there is a migration to: "
                    + String.join(", ", backups.values())
                    + (dated.isPresent()
                            ? ""
                            : ". Where the names tell dates, write * in the place of {version}, and the history in each"
                                    + " file tells its version"));
        }
        return fitting;
    }

    private static void checkExpectations(Declaration declaration, Matrix matrix) {
        for (Expectation expectation : declaration.expectations()) {
            if (expectation.path() instanceof Expectation.Between path) {
                check(declaration, expectation, path.from(), matrix.backups(), "backup of ", matrix);
                check(declaration, expectation, path.to(), matrix.versions(), "version ", matrix);
            } else if (expectation.path() instanceof Expectation.Through path) {
                check(declaration, expectation, path.version(), matrix.versions(), "version ", matrix);
            }
        }
    }

    private static void check(
            Declaration declaration,
            Expectation expectation,
            Version version,
            Collection<Version> known,
            String what,
            Matrix matrix) {
        if (!known.contains(version)) {
            throw Declaration.misuse(
                    declaration.where(),
                    "expect: " + expectation + " is about no "
                            + (expectation.verdict().isPresent() ? "restore" : "upgrade") + ": there is no " + what
                            + version + ". The versions are "
                            + String.join(
                                    ", ",
                                    matrix.versions().stream()
                                            .map(Version::toString)
                                            .toList()));
        }
    }

    private static CellTest test(
            Cell cell,
            Matrix matrix,
            NavigableMap<Version, String> backups,
            Declaration declaration,
            ServerSpec database) {
        boolean upgrades = cell.check() == Check.UPGRADE || cell.check() == Check.RECOVERY;
        Version start = Version.of(upgrades ? cell.from() : cell.to());
        return new CellTest(
                cell,
                matrix.isStep(Version.of(cell.from()), Version.of(cell.to())),
                cell.check() == Check.RESTORE ? Optional.empty() : Optional.ofNullable(backups.get(start)),
                Objects.requireNonNull(backups.get(Version.of(cell.from()))),
                declaration.expectations().stream()
                        .filter(each -> each.isAbout(database) && each.isAbout(cell))
                        .findFirst(),
                Optional.empty());
    }

    // What a cell does comes as a parameter

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return CellRun.of(context)
                .filter(run -> parameter.getParameter().getType() == act(run))
                .isPresent();
    }

    private static Class<?> act(CellRun run) {
        return switch (run.cell().check()) {
            case UPGRADE -> Upgrade.class;
            case RESTORE, CROSS_VERSION_RESTORE -> Restore.class;
            case RECOVERY -> Recovery.class;
        };
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return act(CellRun.of(context).orElseThrow(), context);
    }

    /** Acts before the method's parameters are resolved: an error would be taken for one of that. */
    @Override
    public void beforeTestExecution(ExtensionContext context) {
        CellRun run = CellRun.of(context).orElseThrow();
        boolean asked = Arrays.stream(context.getRequiredTestMethod().getParameterTypes())
                .anyMatch(ACTS::contains);
        if (asked || run.expectation().isPresent()) {
            act(run, context);
        }
    }

    private static Object act(CellRun run, ExtensionContext context) {
        return act(run, MetadataSnapshotExtension.fixture(context).database());
    }

    private static Object act(CellRun run, MetadataDatabase database) {
        return switch (run.cell().check()) {
            case UPGRADE -> run.upgrade(database);
            case RESTORE, CROSS_VERSION_RESTORE -> run.restore(database);
            case RECOVERY -> run.recovery(database);
        };
    }

    @Override
    public void interceptTestTemplateMethod(
            Invocation<Void> invocation, ReflectiveInvocationContext<Method> method, ExtensionContext context)
            throws Throwable {
        CellRun run = CellRun.of(context).orElseThrow();
        if (run.expectation().isEmpty()) {
            throwIfPresent(failureOf(invocation, run));
            return;
        }
        Expectation expected = run.expectation().get();
        MetadataDatabase database = MetadataSnapshotExtension.fixture(context).database();
        if (expected.verdict().isEmpty()) {
            act(run, database);
            assertFails(run, expected, invocation);
            return;
        }
        invocation.skip();
        assertAsExpected(run, expected, run.restore(database));
        throwIfPresent(run.withSmokeTests(Optional.empty()));
    }

    private static void throwIfPresent(Optional<AssertionError> failure) {
        if (failure.isPresent()) {
            throw failure.get();
        }
    }

    private static void assertAsExpected(CellRun run, Expectation expected, Restore restore) {
        try {
            assertThat(restore).hasVerdict(expected.verdict().orElseThrow());
        } catch (AssertionError e) {
            throw new AssertionError(
                    run + ": "
                            + (restore.inconclusive().isPresent()
                                    ? expected + " cannot be held against it. "
                                    : noLonger(expected, "it was " + restore.verdict()))
                            + e.getMessage(),
                    e);
        }
    }

    private static void assertFails(CellRun run, Expectation expected, Invocation<Void> invocation) throws Throwable {
        AssertionError failure = failureOf(invocation, run)
                .orElseThrow(() -> new AssertionError(run + ": " + noLonger(expected, "all that is checked holds")));
        List<String> findings =
                run.findings().isEmpty() ? List.of(String.valueOf(failure.getMessage())) : run.findings();
        List<String> missing = expected.failures().stream()
                .filter(text -> findings.stream().noneMatch(finding -> finding.contains(text)))
                .toList();
        if (!missing.isEmpty()) {
            throw new AssertionError(
                    run + ": " + noLonger(expected, "nothing of what fails is about " + String.join(", ", missing))
                            + failure.getMessage(),
                    failure);
        }
        List<String> others = findings.stream()
                .filter(finding -> expected.failures().stream().noneMatch(finding::contains))
                .toList();
        if (!others.isEmpty()) {
            throw new AssertionError(
                    run + ": more fails than " + expected + " says: " + String.join("; ", others) + ". "
                            + failure.getMessage(),
                    failure);
        }
    }

    private static Optional<AssertionError> failureOf(Invocation<Void> invocation, CellRun run) throws Throwable {
        try {
            invocation.proceed();
        } catch (AssertionError e) {
            return run.withSmokeTests(Optional.of(e));
        } catch (RuntimeException e) {
            run.smokeTestFailure().ifPresent(e::addSuppressed);
            throw e;
        }
        return run.withSmokeTests(Optional.empty());
    }

    private static String noLonger(Expectation expected, String instead) {
        return expected + " no longer happens, " + instead
                + ". If that is what you want, remove the exception, which was declared because \""
                + expected.because() + "\". ";
    }

    // What came of it is noted

    @Override
    public void afterTestExecution(ExtensionContext context) {
        CellRun run = CellRun.of(context).orElseThrow();
        Map<String, String> entry = new LinkedHashMap<>();
        entry.put("cell", run.toString());
        run.verdict().ifPresent(verdict -> entry.put("verdict", verdict.name()));
        run.expectation()
                .ifPresent(expected -> entry.put("expected", expected.describe() + ", because " + expected.because()));
        entry.put("millis", String.valueOf(run.millis()));
        context.publishReportEntry(entry);
    }

    @Override
    public void testSuccessful(ExtensionContext context) {
        CellRun.of(context).ifPresent(run -> note(context, run.result(Optional.empty())));
    }

    @Override
    public void testFailed(ExtensionContext context, Throwable cause) {
        CellRun.of(context).ifPresent(run -> {
            CellResult result = run.result(Optional.of(cause));
            note(context, result);
            publish(context, result);
        });
    }

    /** Adds a file to what JUnit knows of the test, which its own reports link to. */
    private static void publish(ExtensionContext context, CellResult result) {
        try {
            context.publishDirectory("metadata-snapshot", directory -> ReportFiles.writeCell(directory, result));
        } catch (JUnitException e) {
            // The report has it as well.
            LOG.log(
                    System.Logger.Level.WARNING,
                    "What came of " + result.cell() + " is not added to JUnit's own reports: " + e.getMessage());
        }
    }

    @Override
    public void testAborted(ExtensionContext context, Throwable cause) {
        CellRun.of(context).ifPresent(run -> note(context, run.notRun(String.valueOf(cause.getMessage()))));
    }

    @Override
    public void testDisabled(ExtensionContext context, Optional<String> reason) {
        CellRun.of(context).ifPresent(run -> note(context, run.notRun(reason.orElse(""))));
    }

    private static void note(ExtensionContext context, CellResult result) {
        Session session = Session.of(context);
        session.cellResults().add(context.getUniqueId(), result);
        session.progress().finished(result);
    }
}
