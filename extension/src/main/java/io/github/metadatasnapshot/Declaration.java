package io.github.metadatasnapshot;

import static java.util.stream.Collectors.joining;

import io.github.metadatasnapshot.backup.Backup;
import io.github.metadatasnapshot.engine.DatabaseDefaults;
import io.github.metadatasnapshot.engine.DatabaseNameColumn;
import io.github.metadatasnapshot.engine.Engine;
import io.github.metadatasnapshot.engine.Version;
import io.github.metadatasnapshot.matrix.Expectation;
import io.github.metadatasnapshot.matrix.UpgradePaths;
import io.github.metadatasnapshot.migration.FlywayCustomizer;
import io.github.metadatasnapshot.migration.FlywaySettings;
import io.github.metadatasnapshot.migration.Migrator;
import io.github.metadatasnapshot.migration.MigratorFactory;
import io.github.metadatasnapshot.product.ProductServer;
import io.github.metadatasnapshot.product.ProductServerFactory;
import io.github.metadatasnapshot.restore.CleanDatabase;
import io.github.metadatasnapshot.restore.DocumentedClient;
import io.github.metadatasnapshot.restore.RestoreProcedure;
import io.github.metadatasnapshot.server.ServerSpec;
import io.github.metadatasnapshot.shape.DataRules;
import io.github.metadatasnapshot.snapshot.BackupSeries;
import io.github.metadatasnapshot.snapshot.SnapshotData;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtensionConfigurationException;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.platform.commons.support.AnnotationSupport;
import org.junit.platform.commons.support.ReflectionSupport;

/**
 * What the annotations of a test say together: what the method leaves out comes from its class, and what a nested class
 * leaves out from the class around it.
 */
record Declaration(
        String where,
        List<ServerSpec> databases,
        List<String> databaseDefaults,
        Optional<String> version,
        Optional<String> backup,
        Optional<String> backups,
        SortedMap<String, Version> dumpTools,
        UpgradePaths paths,
        List<Expectation> expectations,
        Class<? extends SnapshotData> data,
        Class<? extends RestoreProcedure> procedure,
        Class<? extends RestoreProcedure> recovery,
        Class<? extends FlywayCustomizer> customizer,
        Class<? extends MigratorFactory> migrator,
        Class<? extends ProductServerFactory> server,
        FlywaySettings flyway,
        List<String> via,
        Optional<DatabaseNameColumn> renamed,
        boolean copiedWhileRunning) {

    private static final Pattern PLACEHOLDER = Pattern.compile("\\{[^{}]*}");

    /**
     * Reads the annotations of a test, or of a class.
     *
     * @throws ExtensionConfigurationException if they contradict each other or a value is none
     */
    static Declaration of(ExtensionContext context) {
        List<MetadataSnapshot> classes = onClasses(context);
        Optional<MetadataSnapshot> onMethod = context.getTestMethod()
                .flatMap(method -> AnnotationSupport.findAnnotation(method, MetadataSnapshot.class));
        String where = context.getTestMethod()
                .filter(method -> onMethod.isPresent())
                .map(Declaration::name)
                .orElseGet(() -> context.getRequiredTestClass().getName());
        List<MetadataSnapshot> all = new ArrayList<>();
        onMethod.ifPresent(all::add);
        all.addAll(classes);

        onMethod.ifPresent(method -> checkMethod(where, method, classes));
        Optional<String> version = first(all, MetadataSnapshot::version);
        version.filter(text -> !Version.isVersion(text)).ifPresent(text -> {
            throw misuse(
                    where,
                    "version = \"" + text + "\" is not a version: it takes numbers separated by dots, such as"
                            + " \"1.10\"");
        });
        Class<? extends FlywayCustomizer> customizer = all.stream()
                .<Class<? extends FlywayCustomizer>>map(MetadataSnapshot::flyway)
                .filter(type -> type != FlywayCustomizer.None.class)
                .findFirst()
                .orElse(FlywayCustomizer.None.class);
        return new Declaration(
                where,
                databases(where, all),
                databaseDefaults(where, all),
                version,
                backup(where, all),
                backups(where, all),
                dumpTools(where, all),
                all.stream()
                        .map(MetadataSnapshot::paths)
                        .filter(paths -> paths != UpgradePaths.NEXT_AND_LATEST)
                        .findFirst()
                        .orElse(UpgradePaths.NEXT_AND_LATEST),
                expectations(where, all),
                all.stream()
                        .<Class<? extends SnapshotData>>map(MetadataSnapshot::data)
                        .filter(type -> type != SnapshotData.None.class)
                        .findFirst()
                        .orElse(SnapshotData.None.class),
                all.stream()
                        .<Class<? extends RestoreProcedure>>map(MetadataSnapshot::procedure)
                        .filter(type -> type != DocumentedClient.class)
                        .findFirst()
                        .orElse(DocumentedClient.class),
                all.stream()
                        .<Class<? extends RestoreProcedure>>map(MetadataSnapshot::recovery)
                        .filter(type -> type != CleanDatabase.class)
                        .findFirst()
                        .orElse(CleanDatabase.class),
                customizer,
                all.stream()
                        .<Class<? extends MigratorFactory>>map(MetadataSnapshot::migrator)
                        .filter(type -> type != MigratorFactory.BuiltIn.class)
                        .findFirst()
                        .orElse(MigratorFactory.BuiltIn.class),
                all.stream()
                        .<Class<? extends ProductServerFactory>>map(MetadataSnapshot::server)
                        .filter(type -> type != ProductServerFactory.None.class)
                        .findFirst()
                        .orElse(ProductServerFactory.None.class),
                new FlywaySettings(
                        firstList(all, MetadataSnapshot::flywayConfig),
                        firstList(all, MetadataSnapshot::locations),
                        first(all, MetadataSnapshot::table).orElse(""),
                        firstList(all, MetadataSnapshot::schemas),
                        placeholders(where, firstList(all, MetadataSnapshot::placeholders)),
                        Optional.empty(),
                        all.stream().anyMatch(MetadataSnapshot::versionedOnly)),
                via(where, firstList(all, MetadataSnapshot::via)),
                renamed(where, all),
                copiedWhileRunning(where, all));
    }

    /** Finds the one file: what stands closer to the test may name backups of all versions in its place. */
    private static Optional<String> backup(String where, List<MetadataSnapshot> all) {
        for (MetadataSnapshot each : all) {
            if (!each.backup().isEmpty() && !each.backups().isEmpty()) {
                throw misuse(where, "backup and backups are both set: leave out one of the two");
            }
        }
        Optional<String> backup = all.stream()
                .filter(each -> !each.backup().isEmpty() || !each.backups().isEmpty())
                .findFirst()
                .map(MetadataSnapshot::backup)
                .filter(location -> !location.isEmpty());
        backup.ifPresent(location -> {
            if (BackupSeries.is(location)) {
                throw misuse(
                        where,
                        "backup = \"" + location + "\" takes one file, without {version}: set backups = \"" + location
                                + "\"");
            }
            if (BackupSeries.isDated(location)) {
                throw misuse(
                        where,
                        "backup = \"" + location + "\" takes one file, without *: set backups = \"" + location
                                + "\", and version for the one to start from");
            }
            checkPlaceholders(where, "backup", location, List.of("{engine}"));
        });
        return backup;
    }

    private static Optional<String> backups(String where, List<MetadataSnapshot> all) {
        Optional<String> backups = first(all, MetadataSnapshot::backups);
        backups.ifPresent(location -> {
            checkPlaceholders(where, "backups", location, List.of("{engine}", "{version}"));
            if (BackupSeries.isDated(location)) {
                checkDated(where, location);
            } else if (!BackupSeries.is(location)) {
                throw misuse(
                        where,
                        "backups = \"" + location + "\" takes the files of all versions, with {version} in the place of"
                                + " the version, or with * in the place of a date, where the history in each file tells"
                                + " its version. For one file, set backup");
            }
        });
        return backups;
    }

    private static void checkDated(String where, String location) {
        String problem = "";
        if (BackupSeries.is(location)) {
            problem = "has both {version} and *: take the one, where the names tell versions, or the other, where the"
                    + " histories in the files do";
        } else if (Backup.isRemote(location)) {
            problem = "is a URL, whose server does not list its files: take files";
        } else if (location.indexOf('*') < location.lastIndexOf('/')) {
            problem = "has * in a directory: it takes the place of a date in the name of the file";
        }
        if (!problem.isEmpty()) {
            throw misuse(where, "backups = \"" + location + "\" " + problem);
        }
    }

    private static SortedMap<String, Version> dumpTools(String where, List<MetadataSnapshot> all) {
        try {
            return BackupTools.least(firstList(all, MetadataSnapshot::dumpTools));
        } catch (IllegalArgumentException e) {
            throw misuse(where, "dumpTools: " + e.getMessage());
        }
    }

    private static void checkPlaceholders(String where, String attribute, String location, List<String> known) {
        Matcher placeholder = PLACEHOLDER.matcher(location);
        while (placeholder.find()) {
            if (!known.contains(placeholder.group())) {
                throw misuse(
                        where,
                        attribute + " = \"" + location + "\": there is no placeholder " + placeholder.group()
                                + ", there is " + String.join(" and ", known));
            }
        }
    }

    private static List<Expectation> expectations(String where, List<MetadataSnapshot> all) {
        List<Expectation> expectations = all.stream()
                .map(MetadataSnapshot::expect)
                .filter(each -> each.length > 0)
                .findFirst()
                .map(each -> Arrays.stream(each)
                        .map(expect -> expectation(where, expect))
                        .toList())
                .orElse(List.of());
        List<ServerSpec> databases = databases(where, all);
        for (Expectation each : expectations) {
            if (!databases.isEmpty() && databases.stream().noneMatch(each::isAbout)) {
                throw misuse(
                        where,
                        "expect: " + each + " is about none of its databases, which are "
                                + databases.stream().map(ServerSpec::toString).collect(joining(", ")));
            }
        }
        for (ServerSpec database : databases) {
            try {
                Expectation.check(expectations.stream()
                        .filter(each -> each.isAbout(database))
                        .toList());
            } catch (IllegalArgumentException e) {
                throw misuse(where, "expect: " + e.getMessage());
            }
        }
        return expectations;
    }

    private static Expectation expectation(String where, Expect expect) {
        for (String version : List.of(expect.from(), expect.to(), expect.at())) {
            if (!version.isEmpty() && !Version.isVersion(version)) {
                throw misuse(
                        where,
                        "expect: \"" + version + "\" is not a version: it takes numbers separated by dots, such as"
                                + " \"1.10\"");
            }
        }
        boolean between = !expect.from().isEmpty()
                && !expect.to().isEmpty()
                && expect.at().isEmpty();
        boolean through =
                expect.from().isEmpty() && expect.to().isEmpty() && !expect.at().isEmpty();
        boolean restore = expect.verdict().length == 1 && between;
        boolean failure = (expect.fails().length > 0 || expect.recoveryFails().length > 0) && (between || through);
        boolean loss = expect.loses().length > 0 && through;
        long said = Stream.of(
                        expect.verdict().length,
                        expect.fails().length,
                        expect.recoveryFails().length,
                        expect.loses().length)
                .filter(length -> length > 0)
                .count();
        if (said != 1 || !(restore || failure || loss)) {
            throw misuse(
                    where,
                    "expect: " + describe(expect) + " is none of the four that there are: from and to with a verdict"
                            + " of a restore; from and to, or at, with what fails of an upgrade, or with recoveryFails;"
                            + " at with what a migration loses");
        }
        Expectation expectation = new Expectation(
                expect.database(),
                between
                        ? new Expectation.Between(Version.of(expect.from()), Version.of(expect.to()))
                        : new Expectation.Through(Version.of(expect.at())),
                Arrays.stream(expect.verdict()).findFirst(),
                List.of(expect.fails()),
                List.of(expect.recoveryFails()),
                List.of(expect.loses()),
                expect.because());
        if (expect.because().isBlank()) {
            throw misuse(where, "expect: " + expectation + " does not say why: set because");
        }
        if (Stream.of(expect.fails(), expect.recoveryFails(), expect.loses())
                .flatMap(Arrays::stream)
                .anyMatch(String::isBlank)) {
            throw misuse(where, "expect: " + expectation + " names nothing: leave the blank text out");
        }
        return expectation;
    }

    /** {@return the attributes that are set, as they are written} */
    private static String describe(Expect expect) {
        Map<String, List<String>> attributes = new LinkedHashMap<>();
        attributes.put("from", List.of(expect.from()));
        attributes.put("to", List.of(expect.to()));
        attributes.put("at", List.of(expect.at()));
        attributes.put(
                "verdict", Arrays.stream(expect.verdict()).map(Enum::name).toList());
        attributes.put("fails", List.of(expect.fails()));
        attributes.put("recoveryFails", List.of(expect.recoveryFails()));
        attributes.put("loses", List.of(expect.loses()));
        return attributes.entrySet().stream()
                .filter(attribute -> !String.join("", attribute.getValue()).isEmpty())
                .map(attribute -> attribute.getKey() + " = " + String.join(", ", attribute.getValue()))
                .collect(joining(", ", "@Expect(", ")"));
    }

    private static boolean copiedWhileRunning(String where, List<MetadataSnapshot> all) {
        boolean copied = all.stream().anyMatch(MetadataSnapshot::copiedWhileRunning);
        if (copied) {
            requirePostgreSql(where, "copiedWhileRunning", all);
        }
        return copied;
    }

    private static void requirePostgreSql(String where, String attribute, List<MetadataSnapshot> all) {
        for (ServerSpec database : databases(where, all)) {
            if (database.engine() != Engine.POSTGRESQL) {
                throw misuse(where, attribute + " is for PostgreSQL, and " + database + " is not");
            }
        }
    }

    private static Optional<DatabaseNameColumn> renamed(String where, List<MetadataSnapshot> all) {
        List<RenamedDatabase> named = all.stream()
                .map(each -> List.of(each.renamed()))
                .filter(each -> !each.isEmpty())
                .findFirst()
                .orElse(List.of());
        if (named.size() > 1) {
            throw misuse(where, "renamed takes one column, and there are " + named.size());
        }
        for (RenamedDatabase each : named) {
            if (each.table().isBlank() || each.column().isBlank() || each.name().isBlank()) {
                throw misuse(where, "renamed: table, column and name are needed, and one of them is blank");
            }
        }
        if (!named.isEmpty()) {
            requirePostgreSql(where, "renamed", all);
        }
        return named.stream()
                .map(each -> new DatabaseNameColumn(each.table(), each.column(), each.name()))
                .findFirst();
    }

    private static List<String> via(String where, List<String> versions) {
        for (int i = 0; i < versions.size(); i++) {
            String version = versions.get(i);
            if (!Version.isVersion(version)) {
                throw misuse(
                        where,
                        "via: \"" + version + "\" is not a version: it takes numbers separated by dots, such as"
                                + " \"1.10\"");
            }
            if (i > 0 && Version.of(versions.get(i - 1)).compareTo(Version.of(version)) >= 0) {
                throw misuse(
                        where,
                        "via: " + version + " comes after " + versions.get(i - 1)
                                + ", which is not lower: name the versions in the order in which they are gone"
                                + " through");
            }
        }
        return versions;
    }

    private static List<MetadataSnapshot> onClasses(ExtensionContext context) {
        List<MetadataSnapshot> found = new ArrayList<>();
        List<Class<?>> innermostFirst = new ArrayList<>(context.getEnclosingTestClasses());
        context.getTestClass().ifPresent(innermostFirst::add);
        Collections.reverse(innermostFirst);
        for (Class<?> type : innermostFirst) {
            AnnotationSupport.findAnnotation(type, MetadataSnapshot.class).ifPresent(found::add);
        }
        return found;
    }

    private static void checkMethod(String where, MetadataSnapshot method, List<MetadataSnapshot> classes) {
        if (method.databases().length > 0) {
            throw misuse(where, "databases is for classes, which run once for each; a method takes one database");
        }
        boolean classChose =
                classes.stream().anyMatch(each -> !each.database().isEmpty() || each.databases().length > 0);
        if (classChose && !method.database().isEmpty()) {
            throw misuse(
                    where,
                    "database = \"" + method.database() + "\" on the method contradicts its class, which names"
                            + " databases itself: leave out one of the two");
        }
    }

    private static List<ServerSpec> databases(String where, List<MetadataSnapshot> all) {
        for (MetadataSnapshot each : all) {
            if (!each.database().isEmpty() && each.databases().length > 0) {
                throw misuse(where, "database and databases are both set: leave out one of the two");
            }
            List<String> images = each.database().isEmpty() ? List.of(each.databases()) : List.of(each.database());
            if (!images.isEmpty()) {
                try {
                    return images.stream().map(ServerSpec::parse).toList();
                } catch (IllegalArgumentException e) {
                    throw misuse(where, String.valueOf(e.getMessage()));
                }
            }
        }
        return List.of();
    }

    private static List<String> databaseDefaults(String where, List<MetadataSnapshot> all) {
        List<String> entries = firstList(all, MetadataSnapshot::databaseDefaults);
        List<Engine> engines = databases(where, all).stream()
                .map(ServerSpec::engine)
                .distinct()
                .toList();
        for (String entry : entries) {
            if (engines.size() > 1 && !entry.matches("\\s*(?:postgresql|mysql|mariadb)\\s*:.*")) {
                throw misuse(
                        where,
                        "databaseDefaults: '" + entry + "' does not say for which of its engines it is: write '"
                                + engines.get(0).id() + ": " + entry.strip() + "'");
            }
        }
        for (Engine engine : engines) {
            try {
                DatabaseDefaults.parse(engine, entries);
            } catch (IllegalArgumentException e) {
                throw misuse(where, "databaseDefaults: " + e.getMessage());
            }
        }
        return entries;
    }

    /** {@return what databases of an engine are created with} */
    DatabaseDefaults defaults(Engine engine) {
        return DatabaseDefaults.parse(engine, databaseDefaults);
    }

    private static Map<String, String> placeholders(String where, List<String> entries) {
        Map<String, String> placeholders = new LinkedHashMap<>();
        for (String entry : entries) {
            int equals = entry.indexOf('=');
            if (equals < 1) {
                throw misuse(where, "placeholders: '" + entry + "' is not of the form name=value");
            }
            placeholders.put(entry.substring(0, equals), entry.substring(equals + 1));
        }
        return placeholders;
    }

    private static Optional<String> first(List<MetadataSnapshot> all, Function<MetadataSnapshot, String> attribute) {
        return all.stream().map(attribute).filter(value -> !value.isEmpty()).findFirst();
    }

    private static List<String> firstList(List<MetadataSnapshot> all, Function<MetadataSnapshot, String[]> attribute) {
        return all.stream()
                .map(attribute)
                .filter(values -> values.length > 0)
                .findFirst()
                .map(Arrays::asList)
                .orElse(List.of());
    }

    /** {@return where the dated files are, of which the one of the version is the backup; empty where that is named otherwise} */
    Optional<String> datedBackups() {
        return backup.isPresent() ? Optional.empty() : backups.filter(BackupSeries::isDated);
    }

    /** Finds what the declaration says of the version of a backup; empty where it says nothing. */
    Optional<Version> versionOf(String location, Engine engine) {
        return backups.filter(BackupSeries::is)
                .flatMap(pattern -> BackupSeries.versionOf(pattern, engine, location))
                .or(() ->
                        backup.filter(location::equals).flatMap(own -> version).map(Version::of));
    }

    /** {@return where the backup is, with the version in it} */
    Optional<String> backupLocation() {
        if (backup.isPresent() || backups.isEmpty()) {
            return backup;
        }
        String asked = version.orElseThrow(() -> misuse(
                where, "backups = \"" + backups.get() + "\" asks for the version, and there is none: set version"));
        return Optional.of(backups.get().replace(BackupSeries.VERSION, asked));
    }

    /** {@return where the backups of all versions are, if the test's own is one of these} */
    Optional<String> seriesOfBackup() {
        return backup.isPresent() ? Optional.empty() : backups;
    }

    /** {@return the same, but starting from a version, with a backup of it or with none} */
    Declaration startingFrom(String start, Optional<String> location) {
        return new Declaration(
                where,
                databases,
                databaseDefaults,
                Optional.of(start),
                location,
                Optional.empty(),
                dumpTools,
                paths,
                expectations,
                data,
                procedure,
                recovery,
                customizer,
                migrator,
                server,
                flyway,
                via,
                renamed,
                copiedWhileRunning);
    }

    /** {@return what migrations may do to the data of a database, as it is declared at their versions} */
    DataRules rules(ServerSpec database) {
        DataRules rules = DataRules.NONE;
        for (Expectation each : expectations) {
            if (each.isAbout(database) && each.path() instanceof Expectation.Through through) {
                for (String name : each.loses()) {
                    rules = rules.except(name, each.because(), Optional.of(through.version()));
                }
            }
        }
        return rules;
    }

    /** {@return the same, but of another version of its series, with its own data} */
    Declaration ofVersion(String other, Class<? extends SnapshotData> itsData) {
        return new Declaration(
                where,
                databases,
                databaseDefaults,
                Optional.of(other),
                backup,
                backups,
                dumpTools,
                paths,
                expectations,
                itsData,
                procedure,
                recovery,
                customizer,
                migrator,
                server,
                flyway,
                via,
                renamed,
                copiedWhileRunning);
    }

    /** {@return a new migrator} */
    Migrator newMigrator(Engine engine, ClassLoader classLoader) {
        Migrator made = instance(migrator).create(flywayWithCustomizer(), engine, classLoader);
        try {
            return renamed.map(column -> RenamedHistory.of(made, column)).orElse(made);
        } catch (IllegalArgumentException e) {
            throw misuse(where, "renamed: " + e.getMessage());
        }
    }

    /** {@return the Flyway settings with an instance of the customizer} */
    private FlywaySettings flywayWithCustomizer() {
        return new FlywaySettings(
                flyway.configFiles(),
                flyway.locations(),
                flyway.table(),
                flyway.schemas(),
                flyway.placeholders(),
                Optional.of(instance(customizer)),
                flyway.versionedOnly());
    }

    /** {@return an instance of what fills in data} */
    SnapshotData newData() {
        return instance(data);
    }

    /** {@return an instance of a class that is named} */
    RestoreProcedure newProcedure(Class<? extends RestoreProcedure> named) {
        return instance(named);
    }

    /** {@return how the product's server is started, empty where none is declared} */
    Optional<ProductServer> newServer(Engine engine) {
        return server == ProductServerFactory.None.class
                ? Optional.empty()
                : Optional.of(instance(server).create(engine));
    }

    private <T> T instance(Class<T> type) {
        try {
            return ReflectionSupport.newInstance(type);
        } catch (Exception e) {
            // JUnit throws what it finds, checked exceptions included.
            throw new ExtensionConfigurationException(
                    "@MetadataSnapshot on " + where + ": " + type.getName()
                            + " cannot be created; it needs a constructor without parameters, and must not be an inner"
                            + " class that is not static",
                    e);
        }
    }

    private static String name(Method method) {
        return method.getDeclaringClass().getName() + "." + method.getName();
    }

    static ExtensionConfigurationException misuse(String where, String rule) {
        return new ExtensionConfigurationException("@MetadataSnapshot on " + where + ": " + rule);
    }
}
