package io.github.metadatasnapshot.migration;

import io.github.metadatasnapshot.engine.Engine;
import io.github.metadatasnapshot.engine.Version;
import io.github.metadatasnapshot.server.TestDatabase;
import io.github.metadatasnapshot.shape.DatabaseState;
import io.github.metadatasnapshot.shape.FrozenShape;
import io.github.metadatasnapshot.shape.Shape;
import io.github.metadatasnapshot.shape.ShapeDifference;
import java.util.List;
import java.util.Optional;

/**
 * The shape that a version had when it was released, beside the shape of a database at that version and beside what the
 * migrations make of an empty database today.
 */
public final class FrozenComparison {

    private final String file;
    private final FrozenShape frozen;
    private final String database;
    private final String release;
    private final List<ShapeDifference> differences;
    private final CleanInstall clean;
    private final List<String> invalid;
    private final MentionFinder mentions;

    private FrozenComparison(
            String file,
            FrozenShape frozen,
            String database,
            String release,
            List<ShapeDifference> differences,
            CleanInstall clean,
            List<String> invalid,
            MentionFinder mentions) {
        this.file = file;
        this.frozen = frozen;
        this.database = database;
        this.release = release;
        this.differences = differences;
        this.clean = clean;
        this.invalid = invalid;
        this.mentions = mentions;
    }

    /**
     * Freezes the shape of a database as it is now, the history left out.
     *
     * @param database the database
     * @param migrator what migrates it
     * @return the shape
     * @throws MigrationException if the database is at no version, or cannot be read
     */
    public static FrozenShape freeze(TestDatabase database, Migrator migrator) {
        DatabaseState state = Upgrade.state(database, migrator);
        return freeze(
                database,
                version(database, state),
                state.withoutHistory(migrator.historyTable()).shape().withoutNameOf(database.name()));
    }

    private static FrozenShape freeze(TestDatabase database, Version version, Shape shape) {
        Engine engine = database.engine();
        return new FrozenShape(
                engine.displayName(), engine.release(database.server().version()), version.toString(), shape);
    }

    private static Version version(TestDatabase database, DatabaseState state) {
        return state.history()
                .version()
                .orElseThrow(() ->
                        new MigrationException(database + " is at no version, so its shape is that of none", null));
    }

    /**
     * Compares a database, as it is now, with the frozen shape of its version.
     *
     * @param database the database
     * @param migrator what migrates it
     * @param frozen the frozen shape
     * @param file the file that it was read from
     * @param cleanInstalls makes an empty database of the version
     * @return the comparison
     * @throws MigrationException if the frozen shape is of another version or engine, or the database cannot be read
     */
    public static FrozenComparison of(
            TestDatabase database,
            Migrator migrator,
            FrozenShape frozen,
            String file,
            CleanInstall.Source cleanInstalls) {
        FrozenShape now = freeze(database, migrator);
        if (!frozen.version().equals(now.version()) || !frozen.engine().equals(now.engine())) {
            throw new MigrationException(
                    "The frozen shape in " + file + " is of version " + frozen.version() + " on " + frozen.engine()
                            + ", but " + database + " is at " + now.version() + " on " + now.engine()
                            + ". Name the file of this version",
                    null);
        }
        Version version = Version.of(now.version());
        CleanInstall clean = cleanInstalls.of(database.server(), migrator, version);
        return new FrozenComparison(
                file,
                frozen,
                database.server().spec() + " · " + version,
                now.release(),
                frozen.shape().differences(now.shape()),
                new CleanInstall(
                        clean.shape()
                                .map(shape -> freeze(database, version, shape).shape()),
                        clean.grants(),
                        clean.obstacle()),
                migrator.validate(database, version),
                new MentionFinder(database, migrator, version));
    }

    /** {@return the file with the frozen shape} */
    public String file() {
        return file;
    }

    /** {@return how the database differs from the frozen shape} */
    public List<ShapeDifference> differences() {
        return differences;
    }

    /** {@return how what the migrations make of an empty database differs from the frozen shape} */
    public List<ShapeDifference> cleanInstallDifferences() {
        return clean.shape().map(frozen.shape()::differences).orElse(List.of());
    }

    /** {@return why no empty database could be migrated to the version, empty where one could} */
    public Optional<String> cleanInstallObstacle() {
        return Optional.of(clean.obstacle()).filter(obstacle -> !obstacle.isEmpty());
    }

    /** {@return what the migrator finds wrong between the database's history and the migrations of today} */
    public List<String> invalid() {
        return invalid;
    }

    /**
     * Returns the release of the engine that the shape was frozen on.
     *
     * @return the release, such as {@code PostgreSQL 13}; empty where it is that of the database
     */
    public Optional<String> otherRelease() {
        return Optional.of(frozen.engine() + " " + frozen.release())
                .filter(other -> !frozen.release().equals(release));
    }

    /**
     * Finds the migration that last touched an object.
     *
     * @param difference the object
     * @return where it is mentioned, for people; empty where that cannot be told
     */
    public Optional<String> lastMention(ShapeDifference difference) {
        return mentions.find(difference);
    }

    /** {@return the database for people: {@code postgres:17 · 1.2}} */
    @Override
    public String toString() {
        return database;
    }
}
