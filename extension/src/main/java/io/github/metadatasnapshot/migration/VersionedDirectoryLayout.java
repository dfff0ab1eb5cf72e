package io.github.metadatasnapshot.migration;

import static java.util.stream.Collectors.joining;

import io.github.metadatasnapshot.engine.HistoryTable;
import io.github.metadatasnapshot.engine.Version;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.flywaydb.core.api.configuration.FluentConfiguration;

/**
 * Migrations that do not lie and are not named as Flyway wants it, such as one directory for each version. Flyway gets them
 * through its own extension points, so that history, checksums and targets work as ever.
 *
 * <pre>{@code
 * VersionedDirectoryLayout.in(home.resolve("sql"))
 *         .scripts("([\\d.]+)/postgres/schema\\.sql", "$1")
 *         .scripts("([\\d.]+)/postgres/data\\.sql", "$1")
 *         .step("1.3.3", connection -> Release133.convert(connection))
 * }</pre>
 *
 * <p>All scripts of a version are one migration, in the order in which they were named here. Each method returns a layout
 * with more in it and leaves this one as it is.
 */
public final class VersionedDirectoryLayout {

    /** What leads to migrations: files, or directories that stand for a version even where they hold no script. */
    private record Rule(Pattern pattern, String version, boolean directory) {}

    /** A product's own history, in the place of Flyway's. */
    record History(HistoryTable table, HistoryWriter writer) {}

    private final Path root;
    private final List<Rule> rules;
    private final List<Pattern> ignored;
    private final Map<Version, MigrationStep> steps;
    private final Optional<History> history;
    private final FlywayCustomizer customizer;

    private VersionedDirectoryLayout(
            Path root,
            List<Rule> rules,
            List<Pattern> ignored,
            Map<Version, MigrationStep> steps,
            Optional<History> history,
            FlywayCustomizer customizer) {
        this.root = root;
        this.rules = List.copyOf(rules);
        this.ignored = List.copyOf(ignored);
        this.steps = Map.copyOf(steps);
        this.history = history;
        this.customizer = customizer;
    }

    /**
     * Begins a layout, without migrations.
     *
     * @param root the directory that they lie in
     * @return the layout
     */
    public static VersionedDirectoryLayout in(Path root) {
        return new VersionedDirectoryLayout(root, List.of(), List.of(), Map.of(), Optional.empty(), flyway -> {});
    }

    /**
     * Takes scripts.
     *
     * @param pattern a regular expression for their paths, relative to the root and with {@code /} between the names; a
     *     group {@code description} in it says what the migration is called
     * @param version what their version is: {@code $1} stands for the first group, {@code ${name}} for one that has a name
     * @return the layout with them
     */
    public VersionedDirectoryLayout scripts(String pattern, String version) {
        return with(new Rule(Pattern.compile(pattern), version, false));
    }

    /**
     * Takes directories, each of which stands for a version even where it holds no script.
     *
     * @param pattern a regular expression for their paths, as in {@link #scripts}
     * @param version what their version is, as there
     * @return the layout with them
     */
    public VersionedDirectoryLayout directories(String pattern, String version) {
        return with(new Rule(Pattern.compile(pattern), version, true));
    }

    private VersionedDirectoryLayout with(Rule rule) {
        return new VersionedDirectoryLayout(root, add(rules, rule), ignored, steps, history, customizer);
    }

    /**
     * Leaves files out. Without this a {@code .sql} file that lies beside a script and is none is an error, as it is likely
     * misnamed and the product never runs it.
     *
     * @param pattern a regular expression for their paths, as in {@link #scripts}
     * @return the layout without them
     */
    public VersionedDirectoryLayout ignore(String pattern) {
        return new VersionedDirectoryLayout(
                root, rules, add(ignored, Pattern.compile(pattern)), steps, history, customizer);
    }

    /**
     * Adds what the product does in Java, after the first script of a version and before the others.
     *
     * @param version the version
     * @param step what is done
     * @return the layout with it
     */
    public VersionedDirectoryLayout step(String version, MigrationStep step) {
        Map<Version, MigrationStep> more = new LinkedHashMap<>(steps);
        more.put(Version.of(version), step);
        return new VersionedDirectoryLayout(root, rules, ignored, more, history, customizer);
    }

    /**
     * Keeps the history in the product's own tables. Flyway's table is there only while Flyway runs.
     *
     * @param table the product's table, or tables
     * @param writer writes into it
     * @return the layout with it
     */
    public VersionedDirectoryLayout history(HistoryTable table, HistoryWriter writer) {
        return new VersionedDirectoryLayout(
                root, rules, ignored, steps, Optional.of(new History(table, writer)), customizer);
    }

    /**
     * Configures Flyway as these migrations want it. What the annotation says comes later and wins.
     *
     * @param customizer what configures it; placeholders are off before, and a script may mix statements that run in a
     *     transaction with those that do not
     * @return the layout with it
     */
    public VersionedDirectoryLayout flyway(FlywayCustomizer customizer) {
        return new VersionedDirectoryLayout(root, rules, ignored, steps, history, customizer);
    }

    void customize(FluentConfiguration flyway) {
        customizer.customize(flyway);
    }

    Optional<History> history() {
        return history;
    }

    /**
     * Looks for the migrations.
     *
     * @throws MigrationException if the root is missing, or a file is no script, or one too many
     */
    NavigableMap<Version, LayoutMigration> migrations() {
        NavigableMap<Version, LayoutMigration> migrations = new TreeMap<>();
        List<String> directories = new ArrayList<>();
        List<String> files = new ArrayList<>();
        try (Stream<Path> all = Files.walk(root)) {
            all.sorted()
                    .forEach(path -> (Files.isDirectory(path) ? directories : files)
                            .add(root.relativize(path).toString().replace('\\', '/')));
        } catch (IOException | UncheckedIOException e) {
            throw new MigrationException("The migrations in " + root.toAbsolutePath() + " cannot be read: " + e, e);
        }
        Map<String, String> taken = new LinkedHashMap<>();
        for (Rule rule : rules) {
            Map<Version, String> ofRule = new TreeMap<>();
            for (String path : rule.directory() ? directories : files) {
                Matcher matcher = rule.pattern().matcher(path);
                if (!matcher.matches() || isIgnored(path)) {
                    continue;
                }
                Version version = version(rule, matcher, path);
                String other = ofRule.put(version, path);
                if (other != null) {
                    throw new MigrationException(
                            "Version " + version + " is there twice in " + root + ": " + other + " and " + path
                                    + ". Delete one of the two, or give it a version of its own",
                            null);
                }
                taken.put(path, path);
                LayoutMigration before = migrations.getOrDefault(
                        version, LayoutMigration.of(version, Optional.ofNullable(steps.get(version))));
                migrations.put(version, rule.directory() ? before.in(path) : before.with(path, description(matcher)));
            }
        }
        refuseOthers(files, taken);
        steps.keySet().stream()
                .filter(version -> !migrations.containsKey(version))
                .findFirst()
                .ifPresent(version -> {
                    throw new MigrationException(
                            "There is a step for version " + version + ", but no migration in " + root
                                    + " has that version",
                            null);
                });
        return migrations;
    }

    private boolean isIgnored(String path) {
        return ignored.stream().anyMatch(pattern -> pattern.matcher(path).matches());
    }

    private static Version version(Rule rule, Matcher matcher, String path) {
        String text = matcher.replaceFirst(rule.version());
        if (!Version.isVersion(text)) {
            throw new MigrationException(
                    "'" + text + "', which " + path + " leads to, is not a version: it takes numbers separated by dots,"
                            + " such as 1.10. Change the pattern " + rule.pattern() + ", or ignore the file",
                    null);
        }
        return Version.of(text);
    }

    private static Optional<String> description(Matcher matcher) {
        return matcher.pattern().pattern().contains("(?<description>")
                ? Optional.ofNullable(matcher.group("description"))
                : Optional.empty();
    }

    private void refuseOthers(List<String> files, Map<String, String> taken) {
        List<String> directories = taken.keySet().stream()
                .filter(files::contains)
                .map(VersionedDirectoryLayout::directory)
                .toList();
        for (String file : files) {
            if (file.endsWith(".sql")
                    && directories.contains(directory(file))
                    && !taken.containsKey(file)
                    && !isIgnored(file)) {
                throw new MigrationException(
                        root.resolve(file)
                                + " lies beside scripts and is none, so that nobody runs it. Likely its name is"
                                + " wrong: a script's path is "
                                + rules.stream()
                                        .filter(rule -> !rule.directory())
                                        .map(rule -> rule.pattern().pattern())
                                        .collect(joining(" or "))
                                + ". Rename it, or ignore it",
                        null);
            }
        }
    }

    private static String directory(String file) {
        return file.substring(0, file.lastIndexOf('/') + 1);
    }

    private static <T> List<T> add(List<T> list, T item) {
        return Stream.concat(list.stream(), Stream.of(item)).toList();
    }

    /**
     * Lists the versions that there are migrations to.
     *
     * @return the versions, the lowest first
     * @throws MigrationException if the migrations cannot be read
     */
    public NavigableSet<Version> versions() {
        return Collections.unmodifiableNavigableSet(migrations().navigableKeySet());
    }

    /** {@return the directory that the migrations lie in} */
    Path root() {
        return root;
    }

    @Override
    public String toString() {
        return "versioned directories in " + root;
    }
}
