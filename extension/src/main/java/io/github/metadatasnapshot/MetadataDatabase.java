package io.github.metadatasnapshot;

import io.github.metadatasnapshot.backup.Backup;
import io.github.metadatasnapshot.backup.CaptureInfo;
import io.github.metadatasnapshot.backup.S3Settings;
import io.github.metadatasnapshot.backup.SnapshotCapture;
import io.github.metadatasnapshot.engine.SchemaHistory;
import io.github.metadatasnapshot.engine.Version;
import io.github.metadatasnapshot.migration.CleanInstall;
import io.github.metadatasnapshot.migration.FrozenComparison;
import io.github.metadatasnapshot.migration.Migrator;
import io.github.metadatasnapshot.migration.Originals;
import io.github.metadatasnapshot.migration.Upgrade;
import io.github.metadatasnapshot.product.ServerStart;
import io.github.metadatasnapshot.recovery.Recovery;
import io.github.metadatasnapshot.restore.Restore;
import io.github.metadatasnapshot.restore.RestoreProcedure;
import io.github.metadatasnapshot.restore.RestoreVerdict;
import io.github.metadatasnapshot.server.ServerException;
import io.github.metadatasnapshot.server.TestDatabase;
import io.github.metadatasnapshot.shape.DataRules;
import io.github.metadatasnapshot.shape.DatabaseState;
import io.github.metadatasnapshot.snapshot.Restores;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * The database of one test: a real one, at a version of its schema, with the data of a backup in it. It is dropped after
 * the test, unless that fails and {@link Settings#KEEP} says that it stays.
 *
 * @since 0.1
 */
public final class MetadataDatabase {

    private static final System.Logger LOG = System.getLogger("io.github.metadatasnapshot");

    private final TestDatabase database;
    private final Migrator migrator;
    private final BackupFinder backups;
    private final RestoreProcedure procedure;
    private final RestoreProcedure recovery;
    private final Restores restores;
    private final List<String> via;
    private final DataRules rules;
    private final CleanInstall.Source cleanInstalls;
    private final Originals originals;
    private final ShapeFinder frozenShapes;
    private final SmokeTests<Upgrade> afterUpgrades;
    private final SmokeTests<Restore> afterRestores;
    private final ServerTests servers;
    private final RunLog log;
    private final S3Settings s3;

    /** What the database holds, as long as nobody can have changed it. */
    private Optional<DatabaseState> known;

    /** Finds backups as the test's annotation does. */
    interface BackupFinder {

        /**
         * Finds a backup.
         *
         * @param location where it is
         * @param declared the version that it is said to be of; empty where nothing says
         * @throws io.github.metadatasnapshot.snapshot.SnapshotException if its own history says another
         */
        Backup find(String location, Optional<Version> declared);
    }

    /** Compares the database with a frozen shape. */
    interface ShapeFinder {
        FrozenComparison compare(String location);
    }

    MetadataDatabase(
            TestDatabase database,
            Migrator migrator,
            BackupFinder backups,
            RestoreProcedure procedure,
            RestoreProcedure recovery,
            Restores restores,
            List<String> via,
            DataRules rules,
            CleanInstall.Source cleanInstalls,
            Originals originals,
            ShapeFinder frozenShapes,
            SmokeTests<Upgrade> afterUpgrades,
            SmokeTests<Restore> afterRestores,
            ServerTests servers,
            RunLog log,
            S3Settings s3,
            Optional<DatabaseState> known) {
        this.database = database;
        this.migrator = migrator;
        this.backups = backups;
        this.procedure = procedure;
        this.recovery = recovery;
        this.restores = restores;
        this.via = via;
        this.rules = rules;
        this.cleanInstalls = cleanInstalls;
        this.originals = originals;
        this.frozenShapes = frozenShapes;
        this.afterUpgrades = afterUpgrades;
        this.afterRestores = afterRestores;
        this.servers = servers;
        this.log = log;
        this.s3 = s3;
        this.known = known;
    }

    /**
     * Migrates the database to a later version, through those of {@link MetadataSnapshot#via} that lie between, and
     * runs the {@link AfterUpgrade} methods of the test's class on a copy if that succeeds.
     *
     * @param version the version, such as {@code 2.0}
     * @return what came of it; a migration that fails is no exception, assert it: {@code assertThat(upgrade).succeeded()}
     * @throws io.github.metadatasnapshot.migration.MigrationException if no migration has the version, or it lies below the
     *     database's own
     * @throws AssertionError if an {@link AfterUpgrade} method fails
     */
    public Upgrade migrateTo(String version) {
        return smokeTested(migrateUntested(version));
    }

    /** Migrates as {@link #migrateTo} does, and runs no smoke test. */
    Upgrade migrateUntested(String version) {
        return migrate(Optional.of(version), via);
    }

    private Upgrade smokeTested(Upgrade upgrade) {
        smokeTest(upgrade);
        return upgrade;
    }

    /**
     * Migrates the database to a later version in one run, around those of {@link MetadataSnapshot#via}. Where the product
     * is to refuse that: {@code assertThat(database.migrateDirectlyTo("2.0")).failed()}.
     *
     * @param version the version, such as {@code 2.0}
     * @return what came of it, as of {@link #migrateTo}
     * @throws io.github.metadatasnapshot.migration.MigrationException if no migration has the version, or it lies below the
     *     database's own
     */
    public Upgrade migrateDirectlyTo(String version) {
        return smokeTested(migrate(Optional.of(version), List.of()));
    }

    /**
     * Migrates the database to the latest version that there is a migration to, as {@link #migrateTo} does.
     *
     * @return what came of it, as of {@link #migrateTo}
     * @throws io.github.metadatasnapshot.migration.MigrationException if there are no migrations
     * @throws AssertionError as {@link #migrateTo} does
     */
    public Upgrade migrateToLatest() {
        return smokeTested(migrate(Optional.empty(), via));
    }

    private Upgrade migrate(Optional<String> version, List<String> through) {
        Upgrade upgrade = Upgrade.run(database, known(), migrator, version, through, cleanInstalls, originals);
        upgrade.declare(rules);
        log.add(upgrade);
        return upgrade;
    }

    /** Runs the smoke tests after an upgrade that succeeded, and the server of its version. */
    void smokeTest(Upgrade upgrade) {
        if (upgrade.succeeded()) {
            smokeTest(afterUpgrades, upgrade);
            startServer(upgrade.to(), "the upgrade " + upgrade, upgrade::noteCheck);
        }
    }

    /** Runs the smoke tests after a restore of which the database holds exactly the backup, and the server of its version. */
    void smokeTest(Restore restore) {
        smokeTest(restore, restore::noteCheck);
    }

    private void smokeTest(Restore restore, Consumer<String> noted) {
        if (restore.verdict() == RestoreVerdict.RESTORED
                && restore.inconclusive().isEmpty()) {
            smokeTest(afterRestores, restore);
            startServer(restore.backupVersion(), "the restore " + restore, noted);
        }
    }

    /** Runs smoke tests on a copy: what they write is none of the upgrade's or the restore's doing. */
    private <T> void smokeTest(SmokeTests<T> smokeTests, T done) {
        if (smokeTests.isEmpty()) {
            return;
        }
        onCopy(copy -> {
            smokeTests.run(copy, done);
            return null;
        });
    }

    private void startServer(String version, String done, Consumer<String> noted) {
        if (!servers.isEmpty()) {
            noted.accept(onCopy(copy -> servers.after(copy.database, version, done)));
        }
    }

    private <T extends @Nullable Object> T onCopy(Function<MetadataDatabase, T> work) {
        Optional<TestDatabase> copy = copy();
        try {
            return work.apply(copy.map(this::with).orElse(this));
        } finally {
            copy.ifPresent(TestDatabase::close);
        }
    }

    /** {@return a copy; empty where the server has one database only, or has no tools and sessions are connected to this one} */
    private Optional<TestDatabase> copy() {
        try {
            return Optional.of(database.server().copyOf(database));
        } catch (ServerException e) {
            LOG.log(System.Logger.Level.INFO, "The product is tried on {0} itself: {1}", database, e.getMessage());
            return Optional.empty();
        }
    }

    private MetadataDatabase with(TestDatabase other) {
        return new MetadataDatabase(
                other,
                migrator,
                backups,
                procedure,
                recovery,
                restores,
                via,
                rules,
                cleanInstalls,
                originals,
                frozenShapes,
                afterUpgrades,
                afterRestores,
                servers,
                log,
                s3,
                Optional.empty());
    }

    /**
     * Compares the database, as it is now, with the shape that its version had when it was released, and so what the
     * migrations make of an empty database today:
     *
     * <pre>{@code
     * assertThat(database.frozenShape("backups/{engine}/{version}.shape.txt")).isUnchanged();
     * }</pre>
     *
     * <p>The file is written by a run with the setting {@link Settings#CAPTURE}, to be committed beside the backup of the
     * version. Other releases of an engine may describe the same object in other words, as PostgreSQL 13 and 17 do with procedures:
     * where they do, keep a file for each.
     *
     * @param location the file, on the class path, or else a path; {@code {engine}} stands for {@code postgresql}, {@code
     *     mysql} or {@code mariadb}, {@code {release}} for its release, such as {@code 17} or {@code 9.7}, and {@code
     *     {version}} for the version that the database is at now
     * @return the comparison
     * @throws io.github.metadatasnapshot.snapshot.SnapshotException if there is no such file, or it cannot be read or
     *     written
     * @throws io.github.metadatasnapshot.migration.MigrationException if it is of another version or engine, or the
     *     database is at no version
     */
    public FrozenComparison frozenShape(String location) {
        return frozenShapes.compare(location);
    }

    /**
     * Tries to restore a backup into this database as it is now, by the procedure of the annotation, and runs the {@link
     * AfterRestore} methods of the test's class on a copy if that succeeds.
     *
     * @param backup the file, as in {@link MetadataSnapshot#backup}
     * @return what came of it; a restore that fails is no exception, assert it: {@code assertThat(restore).wasRejected()}
     * @throws io.github.metadatasnapshot.backup.BackupException if the file is missing, damaged or of another engine;
     *     nothing was touched then
     * @throws io.github.metadatasnapshot.snapshot.SnapshotException if it was captured with migrations that are others
     *     today; nothing was touched then
     * @throws AssertionError if an {@link AfterRestore} method fails
     */
    public Restore restore(String backup) {
        return restore(backup, procedure);
    }

    /**
     * Tries to restore a backup into this database as it is now. Beside it, and once in a run, the same backup goes by the
     * same procedure into the database that it is meant for, an empty one or one migrated to its version: where it is not
     * taken even there, the restore proves nothing, and assertions say so.
     *
     * @param backup the file, as in {@link MetadataSnapshot#backup}
     * @param procedure how to restore it
     * @return what came of it, as of {@link #restore(String)}
     * @throws io.github.metadatasnapshot.backup.BackupException if the file is missing, damaged or of another engine;
     *     nothing was touched then
     * @throws io.github.metadatasnapshot.snapshot.SnapshotException if it was captured with migrations that are others
     *     today; nothing was touched then
     * @throws AssertionError if an {@link AfterRestore} method fails
     */
    public Restore restore(String backup, RestoreProcedure procedure) {
        Restore restore = restoreUntested(backup, Optional.empty(), procedure);
        smokeTest(restore);
        return restore;
    }

    /**
     * Tries to restore a backup that does not say its version into this database as it is now, as {@link #restore(String)} does:
     * rows without the history, as some products' own tools write them. They are judged as rows of the declared version,
     * if they go into a database that is migrated to it; reports say <i>as declared</i>. Where {@link MetadataSnapshot#backups}
     * has the version in the name of the file, {@link #restore(String)} takes it from there.
     *
     * @param backup the file, as in {@link MetadataSnapshot#backup}
     * @param version the version that it is of, such as {@code 1.1}
     * @return what came of it, as of {@link #restore(String)}
     * @throws IllegalArgumentException if that is no version
     * @throws io.github.metadatasnapshot.backup.BackupException as of {@link #restore(String)}
     * @throws io.github.metadatasnapshot.snapshot.SnapshotException as of {@link #restore(String)}, or if the backup has a
     *     history that says another version; nothing was touched then
     * @throws AssertionError if an {@link AfterRestore} method fails
     */
    public Restore restore(String backup, String version) {
        Restore restore = restoreUntested(backup, Optional.of(Version.of(version)), procedure);
        smokeTest(restore);
        return restore;
    }

    /** Restores a backup of a version by the procedure of the annotation, and runs no smoke test. */
    Restore restoreUntested(String backup, String version) {
        return restoreUntested(backup, Optional.of(Version.of(version)), procedure);
    }

    private Restore restoreUntested(String backup, Optional<Version> declared, RestoreProcedure procedure) {
        Restore restore = restores.restore(database, known(), backups.find(backup, declared), procedure, migrator);
        log.add(restore);
        return restore;
    }

    /**
     * Tries the way back from an upgrade of this database, by {@link MetadataSnapshot#recovery}: on a copy of what the upgrade
     * has left, and on copies in which the upgrade is broken off in the middle of each of its migrations, by a statement
     * that the server refuses (on MySQL and MariaDB, which undo nothing, also at the last one). A migrator whose statements
     * are not seen, such as a container, is broken off between versions. This database stays as it is.
     *
     * <pre>{@code
     * Upgrade upgrade = database.migrateTo("2.0");
     * assertThat(database.recover(upgrade, "backups/1.2.sql.gz")).broughtBackEverything();
     * }</pre>
     *
     * @param upgrade the upgrade, as {@link #migrateTo} returned it, whether it succeeded or not
     * @param backup the file, as in {@link MetadataSnapshot#backup}, taken before the upgrade
     * @return what came of it
     * @throws io.github.metadatasnapshot.backup.BackupException if the file is missing, damaged or of another engine
     * @throws io.github.metadatasnapshot.migration.MigrationException if what the database held before the upgrade is not known
     *     any more
     * @throws io.github.metadatasnapshot.server.ServerException if the database cannot be copied
     */
    public Recovery recover(Upgrade upgrade, String backup) {
        return recover(upgrade, backup, true);
    }

    Recovery recover(Upgrade upgrade, String backup, boolean everyMigration) {
        Backup found = backups.find(backup, Optional.empty());
        // Where its history or its name tells its version, that counts, and a backup of another one is judged.
        Backup file =
                upgrade.before().history().version().map(found::declaredAt).orElse(found);
        Set<String> noted = new LinkedHashSet<>();
        Recovery.Restorer restorer = new Recovery.Restorer() {
            @Override
            public Restore restore(TestDatabase target, DatabaseState state) {
                return restores.restore(target, Optional.of(state), file, recovery, migrator);
            }

            @Override
            public void smokeTest(TestDatabase target, Restore restore) {
                with(target).smokeTest(restore, noted::add);
            }
        };
        Recovery tried = Recovery.run(upgrade, migrator, restorer, everyMigration);
        noted.forEach(tried::noteCheck);
        log.add(tried);
        return tried;
    }

    /**
     * Starts the product's server of a version, by {@link MetadataSnapshot#server}, on a copy of this database: such as an
     * older one, where the product is to refuse a newer schema. Many products rightly start on one, so that no contract asks
     * for this.
     *
     * <pre>{@code
     * database.migrateTo("2.0");
     * assertThat(database.startServer("1.2")).refused();
     * }</pre>
     *
     * <p>The copy is looked at before and after the server, and after each of the requests that it is sent once it has started.
     * Where it does not start, it is started on an empty database of its own version as well: one that does not start there
     * either proves nothing. Where the server cannot copy the database, it is started on the database itself.
     *
     * @param version the version of the server
     * @return what came of it
     * @throws ServerException if there is no server of the version, or it cannot be started here
     */
    public ServerStart startServer(String version) {
        known();
        return onCopy(copy -> servers.start(copy.database, version, migrator));
    }

    /**
     * Captures a backup of this database as it is now, schema and data, by the engine's own dump tool: with a {@linkplain
     * io.github.metadatasnapshot.backup.SnapshotGuard guard}, by which it goes into a database of its own version only,
     * and with all that a later test can hold it against. The tool runs in the server's container; where the server has
     * none, in a container that is removed afterwards.
     *
     * <pre>{@code
     * database.migrateTo("1.2");
     * database.capture(Path.of("src/test/resources/backups/postgresql/1.2.sql.gz"));
     * }</pre>
     *
     * @param target where the backup is written, compressed by its suffix: {@code .gz}, {@code .zst} or none. Its directory
     *     is created; a file there is replaced once the backup is complete
     * @return what was captured
     * @throws io.github.metadatasnapshot.backup.BackupException if the database has no history, the dump tool is too old
     *     or fails, or the file cannot be written; {@code target} is as it was then
     * @throws io.github.metadatasnapshot.server.ServerException if no container can be started
     */
    public CaptureInfo capture(Path target) {
        return SnapshotCapture.from(database)
                .historyTable(migrator.historyTable())
                .to(target);
    }

    /**
     * Captures a backup as {@link #capture(Path)} does into object storage, without a file: by a multipart upload, in parts of
     * 8 MiB, which are held in memory one at a time. The upload is aborted on any error. What a JVM had sent that was killed
     * stays as parts of an incomplete upload: a rule of the bucket with {@code AbortIncompleteMultipartUpload} deletes them.
     *
     * <pre>{@code
     * database.capture("s3://backups/catalog/1.2.sql.gz");
     * }</pre>
     *
     * @param target {@code s3://bucket/key}, compressed by its suffix: {@code .gz}, {@code .zst} or none. An object there is
     *     replaced once the backup is complete
     * @return what was captured
     * @throws io.github.metadatasnapshot.backup.BackupException as of {@link #capture(Path)}, or if the AWS SDK 2 ({@code
     *     software.amazon.awssdk:s3}) is missing or the object cannot be written; {@code target} is as it was then
     * @throws io.github.metadatasnapshot.server.ServerException if no container can be started
     */
    public CaptureInfo capture(String target) {
        return SnapshotCapture.from(database)
                .historyTable(migrator.historyTable())
                .to(target, s3);
    }

    /**
     * Reads the version that the database is at now.
     *
     * @return the version by its history, such as {@code 1.2}; empty where no versioned migration was applied
     * @throws SQLException if the history cannot be read
     */
    public Optional<String> version() throws SQLException {
        try (Connection connection = database.open()) {
            SchemaHistory history = migrator.historyTable().read(connection, database.engine());
            return history.version().map(version -> version.toString());
        }
    }

    /** {@return what the database holds before somebody may change it, empty where somebody may have already} */
    private synchronized Optional<DatabaseState> known() {
        Optional<DatabaseState> state = known;
        known = Optional.empty();
        return state;
    }

    /**
     * Opens a connection.
     *
     * @return a new connection, to be closed by the caller
     * @throws SQLException if the server refuses
     */
    public Connection connect() throws SQLException {
        known();
        return database.open();
    }

    /** {@return a data source that opens a connection for each that is asked for} */
    public DataSource dataSource() {
        known();
        return database.dataSource();
    }

    /** {@return the JDBC URL, without user and password; on MySQL it has parameters, see {@link #jdbcUrl(String)}} */
    public String jdbcUrl() {
        return database.jdbcUrl();
    }

    /**
     * Returns the JDBC URL with further parameters, which are put behind a {@code ?}, or behind an {@code &} where it has
     * parameters already: it has on MySQL, whose driver does not log in without, and on an external server those that were set.
     *
     * @param parameters such as {@code currentSchema=public&ApplicationName=app}
     * @return the URL, without user and password
     * @throws IllegalArgumentException if there are none, or they begin with {@code ?} or {@code &}
     */
    public String jdbcUrl(String parameters) {
        return database.jdbcUrl(parameters);
    }

    /** {@return the user who owns the database} */
    public String user() {
        return database.user();
    }

    /** {@return the user's password} */
    public String password() {
        known();
        return database.password();
    }

    /** {@return the engine: {@code postgresql}, {@code mysql} or {@code mariadb}} */
    public String engine() {
        return database.engine().id();
    }

    /** {@return the database for people} */
    @Override
    public String toString() {
        return database.toString();
    }
}
