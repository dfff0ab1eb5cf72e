package io.github.metadatasnapshot.migration;

import static java.util.Comparator.comparingLong;

import io.github.metadatasnapshot.engine.Engine;
import io.github.metadatasnapshot.engine.SchemaHistory;
import io.github.metadatasnapshot.engine.Version;
import io.github.metadatasnapshot.server.ServerException;
import io.github.metadatasnapshot.server.TestDatabase;
import io.github.metadatasnapshot.server.WriteCheck;
import io.github.metadatasnapshot.shape.DataComparison;
import io.github.metadatasnapshot.shape.DataException;
import io.github.metadatasnapshot.shape.DataRules;
import io.github.metadatasnapshot.shape.DatabaseState;
import io.github.metadatasnapshot.shape.IgnoredObjects;
import io.github.metadatasnapshot.shape.Shape;
import io.github.metadatasnapshot.shape.ShapeDifference;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.CopyOnWriteArrayList;

/** A migration of a database from the version that it was at to another one: what was asked for, and what came of it. */
public final class Upgrade {

    private final TestDatabase target;
    private final Migrator migrator;
    private final List<Version> via;
    private final CleanInstall.Source cleanInstalls;
    private final Version to;
    private final DatabaseState before;
    private final DatabaseState after;
    private final MigrationRun run;
    private final long millis;
    private final UpgradeData data;
    private final List<String> checks = new CopyOnWriteArrayList<>();
    private final List<IgnoredNote> ignored = new CopyOnWriteArrayList<>();
    private volatile DataRules declared = DataRules.NONE;
    private final List<String> causes = new CopyOnWriteArrayList<>();
    private final SortedSet<String> notComparedAfterFailure = new ConcurrentSkipListSet<>();
    private final List<String> findings = new CopyOnWriteArrayList<>();

    private Upgrade(
            TestDatabase target,
            Migrator migrator,
            List<Version> via,
            CleanInstall.Source cleanInstalls,
            Version to,
            DatabaseState before,
            DatabaseState after,
            MigrationRun run,
            long millis,
            UpgradeData data) {
        this.target = target;
        this.migrator = migrator;
        this.via = via;
        this.cleanInstalls = cleanInstalls;
        this.to = to;
        this.before = before;
        this.after = after;
        this.run = run;
        this.millis = millis;
        this.data = data;
    }

    /**
     * Migrates a database. What it holds is copied first, where the server can copy databases, so that {@link #compareData}
     * has something to compare with; the copy is dropped with the database.
     *
     * @param database the database
     * @param migrator what migrates it
     * @param target the version to migrate to, such as {@code 2.0}; empty for the latest
     * @return what came of it, a failed migration included
     * @throws MigrationException if there is no such version, or if it lies below the database's own
     */
    public static Upgrade run(TestDatabase database, Migrator migrator, Optional<String> target) {
        return run(database, Optional.empty(), migrator, target, List.of(), CleanInstall::make, Originals.NONE);
    }

    /**
     * Migrates a database, as {@link #run(TestDatabase, Migrator, Optional)} does, through other versions, with a run of the
     * migrator for each.
     *
     * @param database the database
     * @param known what it holds now; empty where that is to be read
     * @param migrator what migrates it
     * @param target the version to migrate to, such as {@code 2.0}; empty for the latest
     * @param via versions, in their order; those between the database's own and the target are gone through
     * @param cleanInstalls makes what the shape after is compared with
     * @param originals knows what the data after is compared with, without a copy
     * @return what came of it, a failed migration included
     * @throws MigrationException if there is no such version, or if the target lies below the database's own
     */
    public static Upgrade run(
            TestDatabase database,
            Optional<DatabaseState> known,
            Migrator migrator,
            Optional<String> target,
            List<String> via,
            CleanInstall.Source cleanInstalls,
            Originals originals) {
        NavigableSet<Version> versions = migrator.versions(database);
        if (versions.isEmpty()) {
            throw new MigrationException("There is no versioned migration to migrate " + database + " with", null);
        }
        DatabaseState before = known.orElseGet(() -> state(database, migrator));
        Version to = target.map(version -> known(version, versions)).orElseGet(versions::last);
        before.history().version().filter(from -> from.compareTo(to) > 0).ifPresent(from -> {
            throw new MigrationException(
                    "Cannot migrate " + database + " to " + to + ": it is at " + from
                            + ", which is later, and migrations only go forward. To see what a restore of " + to
                            + " does here, call restore with a backup of it",
                    null);
        });
        List<Version> between = via.stream()
                .map(version -> known(version, versions))
                .filter(version -> version.compareTo(to) < 0)
                .filter(version -> before.history()
                        .version()
                        .filter(from -> from.compareTo(version) >= 0)
                        .isEmpty())
                .toList();
        UpgradeData data = UpgradeData.keep(database, before, migrator.historyTable(), originals);
        long start = System.nanoTime();
        MigrationRun run = migrate(database, migrator, between, to);
        long millis = (System.nanoTime() - start) / 1_000_000;
        DatabaseState after = state(database, migrator, before);
        return new Upgrade(
                database,
                migrator,
                between,
                cleanInstalls,
                to,
                before,
                after,
                new MigrationRun(
                        run.applied(),
                        run.failure().map(failure -> OtherCollation.explain(failure, database, after.shape()))),
                millis,
                data);
    }

    private static MigrationRun migrate(TestDatabase database, Migrator migrator, List<Version> via, Version to) {
        List<AppliedMigration> applied = new ArrayList<>();
        for (Version version : via) {
            // What assumes the latest version waits for it here too.
            MigrationRun run = migrator.migrate(database, version, Migrator.Purpose.PREPARE);
            applied.addAll(run.applied());
            if (run.failure().isPresent()) {
                return new MigrationRun(applied, run.failure());
            }
        }
        MigrationRun run = migrator.migrate(database, to, Migrator.Purpose.UPGRADE);
        applied.addAll(run.applied());
        return new MigrationRun(applied, run.failure());
    }

    /**
     * Finds a version among those that there are migrations to.
     *
     * @param version the version, in any spelling that Flyway takes for the same
     * @param versions the versions that there are
     * @return the version
     * @throws MigrationException if it is not among them
     */
    public static Version known(String version, NavigableSet<Version> versions) {
        if (!Version.isVersion(version) || !versions.contains(Version.of(version))) {
            throw new MigrationException(
                    "There is no migration to version " + version + ". "
                            + (versions.isEmpty()
                                    ? "There is no versioned migration at all where Flyway looks for them: only such"
                                            + " lead to a version, repeatable ones do not"
                                    : "There are migrations to "
                                            + String.join(
                                                    ", ",
                                                    versions.stream()
                                                            .map(Version::toString)
                                                            .toList())),
                    null);
        }
        return Version.of(version);
    }

    static DatabaseState state(TestDatabase database, Migrator migrator) {
        return state(database, migrator, DatabaseState.EMPTY);
    }

    static DatabaseState state(TestDatabase database, Migrator migrator, DatabaseState earlier) {
        try (Connection connection = database.open()) {
            return DatabaseState.read(connection, database.engine(), migrator.historyTable(), earlier);
        } catch (SQLException e) {
            throw new MigrationException("The state of " + database + " cannot be read: " + e.getMessage(), e);
        }
    }

    static Shape grants(TestDatabase database) {
        try (Connection connection = database.open()) {
            return Shape.readGrants(connection, database.engine());
        } catch (SQLException e) {
            throw new MigrationException("The privileges in " + database + " cannot be read: " + e.getMessage(), e);
        }
    }

    /** {@return the database that was asked for, such as {@code postgres:17}} */
    public String database() {
        return target.server().spec().toString();
    }

    /** {@return the version that the database was at before, such as {@code 1.2}, or {@code no version}} */
    public String from() {
        return before.history().describeVersion();
    }

    /** {@return the version that was asked for} */
    public String to() {
        return to.toString();
    }

    /** {@return the version that the database is at now, by its history} */
    public String reached() {
        return after.history().describeVersion();
    }

    /** {@return the migrations that were applied, in their order; of an upgrade that failed those before the failure} */
    public List<AppliedMigration> migrations() {
        return run.applied();
    }

    /** {@return the migrations that were applied, the slowest first} */
    public List<AppliedMigration> slowestMigrations() {
        return run.applied().stream()
                .sorted(comparingLong(AppliedMigration::millis).reversed())
                .toList();
    }

    /** {@return why the upgrade stopped, empty where it did not} */
    public Optional<MigrationFailure> failure() {
        return run.failure();
    }

    /**
     * Says what is left of the migration that failed, where the engine does not undo it: how the database differs from one
     * that was migrated only as far as the migrations before it.
     *
     * @return a line or more for each difference, none where nothing is left; empty where that cannot be told
     */
    public Optional<List<String>> leftByFailure() {
        Leftovers leftovers = new Leftovers(target, migrator, data, before, after);
        Optional<List<String>> left = leftovers.find(
                run.applied(), via.isEmpty() ? run.failure().map(MigrationFailure::script) : Optional.empty(), to);
        notComparedAfterFailure.addAll(leftovers.unsteady());
        return left;
    }

    /**
     * Names what {@link #leftByFailure} has not compared: columns into which the migrations before the failed one write other
     * values each time that they are applied, such as the time.
     *
     * @return the columns, in their order; none before {@link #leftByFailure} was called
     */
    public SortedSet<String> notComparedAfterFailure() {
        return Collections.unmodifiableSortedSet(notComparedAfterFailure);
    }

    /** Tells whether nothing failed and the history says that the database is at the version asked for. */
    public boolean succeeded() {
        return run.failure().isEmpty()
                && after.history().version().equals(Optional.of(to))
                && after.history().rows().stream().allMatch(row -> row.success());
    }

    /**
     * Tells which of today's migrations up to the version asked for the database has not had, although the upgrade succeeded:
     * Flyway passes over what lies below the database's version, where it is configured not to complain.
     *
     * @return their versions, the lowest first
     */
    public List<Version> passedOver() {
        if (!succeeded()
                || !migrator.listsAllMigrations()
                || !migrator.historyTable().isFlyways()) {
            return List.of();
        }
        NavigableSet<Version> missing = new TreeSet<>(Migration.versions(migrator.migrations(target).stream()
                        .filter(migration -> !migration.baseline())
                        .toList()))
                .headSet(to, true);
        missing.removeAll(after.history().applied());
        after.history().rows().stream()
                .filter(row -> row.type().contains("BASELINE") && row.version() != null)
                .map(row -> Version.of(String.valueOf(row.version())))
                .forEach(baseline -> missing.headSet(baseline, true).clear());
        return List.copyOf(missing);
    }

    /**
     * Returns what an empty database is that is migrated to the same version, on the same server.
     *
     * @return the clean install; made when it is first asked for
     */
    public CleanInstall cleanInstall() {
        return cleanInstalls.of(target.server(), migrator, to);
    }

    /** {@return the shape of the database after, without the history, and without the database's name} */
    public Shape shape() {
        return after.withoutHistory(migrator.historyTable()).shape().withoutNameOf(target.name());
    }

    /** {@return who has which privileges in the database now, apart from those of every new object} */
    public Shape grants() {
        return grants(target);
    }

    /** {@return the engine} */
    public Engine engine() {
        return target.engine();
    }

    /**
     * Finds the migration that last touched an object.
     *
     * @param difference the object
     * @return where it is mentioned, for people; empty where that cannot be told
     */
    public Optional<String> lastMention(ShapeDifference difference) {
        return new MentionFinder(target, migrator, to).find(difference);
    }

    /**
     * Explains differences from a clean install that come from the database's default collation.
     *
     * @param differences the differences
     * @return the collations of the database and of its tables, and the way out; empty where they are not the cause
     */
    public Optional<String> likelyCause(List<ShapeDifference> differences) {
        boolean collation = differences.stream()
                .anyMatch(difference -> difference.expected() != null
                        && difference.actual() != null
                        && OtherCollation.differs(difference.expected(), difference.actual()));
        return collation ? OtherCollation.find(target, after.shape()) : Optional.empty();
    }

    /**
     * Migrates a copy of the database, as it is now, once more: see {@code UpgradeAssert.isRepeatable}.
     *
     * @param ignored what is left out of account
     * @return what is wrong, none where nothing is
     * @throws MigrationException if the database was migrated further since, or cannot be read
     */
    public List<String> repeat(IgnoredObjects ignored) {
        SchemaHistory now = history();
        if (!now.version().equals(after.history().version())) {
            throw new MigrationException(
                    "The upgrade " + this + " cannot be repeated: the database is at " + now.describeVersion()
                            + " now. Repeat it before anything else migrates the database",
                    null);
        }
        return Repetition.findings(
                target, migrator, to, now.equals(after.history()) ? Optional.of(after) : Optional.empty(), ignored);
    }

    /**
     * Tries whether the database, as it is now, takes writes: see {@code UpgradeAssert.acceptsWrites}.
     *
     * @return what came of it
     * @throws ServerException if the database cannot be copied or read
     */
    public WriteCheck checkWrites() {
        return WriteCheck.of(
                target,
                migrator.historyTable(),
                failure -> Optional.empty(),
                List.of(
                        new WriteCheck.Reference("it worked before the upgrade", true, data::replay),
                        new WriteCheck.Reference("it works on a clean install", false, this::installAnew)));
    }

    private Optional<TestDatabase> installAnew() {
        TestDatabase database = target.server().createDatabase().named(target.nameColumn());
        try {
            Optional<MigrationFailure> failure =
                    migrator.migrate(database, to, Migrator.Purpose.COMPARISON).failure();
            if (failure.isPresent()) {
                throw new MigrationException(failure.get().describe(), null);
            }
            return Optional.of(database);
        } catch (MigrationException e) {
            database.close();
            throw new ServerException("A clean install cannot be made: " + e.getMessage(), e);
        }
    }

    private SchemaHistory history() {
        try (Connection connection = target.open()) {
            return migrator.historyTable().read(connection, engine());
        } catch (SQLException e) {
            throw new MigrationException("The history of " + target + " cannot be read: " + e.getMessage(), e);
        }
    }

    /** {@return the database} */
    public TestDatabase target() {
        return target;
    }

    /** {@return the versions that the migrator was run for, the last of which was asked for} */
    public List<Version> route() {
        List<Version> route = new ArrayList<>(via);
        route.add(to);
        return route;
    }

    /**
     * Makes a database that holds what this one held before the upgrade.
     *
     * @return the database, to be closed after use; empty where that was not kept
     * @throws ServerException if it cannot be made
     */
    public Optional<TestDatabase> replay() {
        return data.replay();
    }

    /**
     * Makes a database that holds what this one holds now.
     *
     * @return the database, to be closed after use
     * @throws ServerException if it cannot be made
     */
    public TestDatabase copyOfResult() {
        return target.server().copyOf(target);
    }

    /** {@return the database's state before} */
    public DatabaseState before() {
        return before;
    }

    /** {@return the database's state after} */
    public DatabaseState after() {
        return after;
    }

    /** {@return the number of rows before, those of the history left out} */
    public long rowsBefore() {
        return before.withoutHistory(migrator.historyTable()).totalRows();
    }

    /** {@return the number of rows after, those of the history left out} */
    public long rowsAfter() {
        return after.withoutHistory(migrator.historyTable()).totalRows();
    }

    /**
     * Compares what the database holds now with what it held before.
     *
     * @param rules what may be lost, and what has another name
     * @return what was lost
     * @throws MigrationException if there is no copy of the database before, with the reason; if the database was migrated
     *     again since; or if something cannot be read
     */
    public DataComparison compareData(DataRules rules) {
        return compareData(rules, IgnoredObjects.NONE);
    }

    /**
     * Compares what the database holds now with what it held before, except for some tables.
     *
     * @param rules what may be lost, and what has another name
     * @param ignored what is not compared
     * @return what was lost
     * @throws MigrationException as {@link #compareData(DataRules)} does
     */
    public DataComparison compareData(DataRules rules, IgnoredObjects ignored) {
        return data.compare(rules, ignored, after);
    }

    /**
     * Notes that something is checked of the upgrade.
     *
     * @param what what, for people
     */
    public void noteCheck(String what) {
        if (!checks.contains(what)) {
            checks.add(what);
        }
    }

    /** {@return what was checked of the upgrade so far, whether it holds or not} */
    public List<String> checks() {
        return List.copyOf(checks);
    }

    /**
     * Declares what the upgrade may do to the data.
     *
     * @param rules what is known of its migrations
     */
    public void declare(DataRules rules) {
        declared = rules;
    }

    /** {@return what was declared of its migrations; nothing where nothing was} */
    public DataRules declared() {
        return declared;
    }

    /**
     * Notes that something is left out of account.
     *
     * @param glob the names of tables and other objects, as of {@link IgnoredObjects}
     * @param reason why
     */
    public void noteIgnored(String glob, String reason) {
        IgnoredObjects objects = IgnoredObjects.NONE.and(glob);
        boolean needed = before.shape().has(objects) || after.shape().has(objects);
        ignored.add(new IgnoredNote(glob, reason, needed));
    }

    /** {@return what was left out of account so far, a list that grows} */
    public List<IgnoredNote> ignored() {
        return Collections.unmodifiableList(ignored);
    }

    /**
     * Notes why a check of the upgrade failed.
     *
     * @param cause the cause in a line, the same for all upgrades that fail for it
     * @param found all that was found, a line each
     */
    public void noteFailure(String cause, List<String> found) {
        causes.add(cause);
        findings.addAll(found);
    }

    /** {@return all that checks found wrong so far, a line each} */
    public List<String> findings() {
        return List.copyOf(findings);
    }

    /** {@return why checks of the upgrade failed so far, the gravest first} */
    public List<String> causes() {
        return List.copyOf(causes);
    }

    /** {@return the exceptions of all comparisons so far, a list that grows with them} */
    public List<DataException> dataExceptions() {
        return data.exceptions();
    }

    /** {@return the tables and columns that comparisons so far found under another name, as the engine says, for people} */
    public List<String> recognisedRenames() {
        return data.recognised();
    }

    /** {@return how long the migration took, in milliseconds, looking at the database left out} */
    public long millis() {
        return millis;
    }

    /** {@return the upgrade for people: {@code postgres:17 · 1.2 → 2.0}, with the versions between} */
    @Override
    public String toString() {
        StringBuilder path = new StringBuilder(database() + " · " + from());
        via.forEach(version -> path.append(" → ").append(version));
        return path.append(" → ").append(to).toString();
    }
}
