package io.github.metadatasnapshot.migration;

import io.github.metadatasnapshot.engine.HistoryColumns;
import io.github.metadatasnapshot.engine.HistoryTable;
import io.github.metadatasnapshot.engine.Version;
import io.github.metadatasnapshot.product.ServerSign;
import io.github.metadatasnapshot.server.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.NavigableSet;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;

/** Migrates by what each release of the product does itself, of which the history alone tells whether it did. */
abstract class ReleaseMigrator implements Migrator {

    static final Duration DEFAULT_LIMIT = Duration.ofMinutes(10);

    /** Where the version is noted of a product that has no history. */
    static final HistoryTable NOTES =
            new HistoryTable("", "metadata_snapshot_version", new HistoryColumns(List.of("version")), List.of());

    private final String kind;
    private final String product;
    private final Supplier<? extends Collection<String>> versions;
    private final HistoryTable history;
    private final Duration limit;

    ReleaseMigrator(
            String kind,
            String product,
            Supplier<? extends Collection<String>> versions,
            HistoryTable history,
            Duration limit) {
        this.kind = kind;
        this.product = product;
        this.versions = versions;
        this.history = history;
        this.limit = limit;
    }

    /** Fails where a version is waited for in a history that the product does not write. */
    static void requireHistory(String kind, HistoryTable history, Optional<ServerSign> sign) {
        if (history.equals(NOTES)
                && sign.filter(shown -> shown == ServerSign.history()).isPresent()) {
            throw new MigrationException(
                    kind
                            + " cannot wait for a version in a history that the product does not write: with noHistory, take"
                            + " ServerSign.http or ServerSign.log",
                    null);
        }
    }

    /**
     * What a release did.
     *
     * @param name the release, for people
     * @param did what it did
     * @param output the last that it printed, where that is known
     * @param failure why it failed, empty where it did not
     */
    record Brought(String name, String did, Optional<String> output, Optional<MigrationFailure> failure) {

        static Brought well(String name, String did, String output) {
            return new Brought(name, did, Optional.of(output), Optional.empty());
        }

        static Brought failed(String name, String did, String output, String hint) {
            return well(name, did, output).because("", hint);
        }

        /** {@return the same, failed} */
        Brought because(String reason, String hint) {
            String printed = output.map(
                            text -> text.isEmpty() ? ". It printed nothing" : ". The last that it printed:\n" + text)
                    .orElse("");
            String message = name + " " + did + reason + printed;
            return new Brought(name, did, output, Optional.of(new MigrationFailure("", 0, "", "", message, hint)));
        }
    }

    /** Lets the release of a version migrate a database. */
    abstract Brought bring(TestDatabase database, Version version);

    /** {@return the release of a version, as migrations name it} */
    abstract String by(Version version);

    /** {@return how it is told which database and version, after "the database"} */
    abstract String told();

    final HistoryTable history() {
        return history;
    }

    final Duration limit() {
        return limit;
    }

    @Override
    public final List<Migration> migrations(TestDatabase database) {
        List<Migration> migrations = new ArrayList<>();
        for (String version : versions.get()) {
            if (!Version.isVersion(version)) {
                throw new MigrationException(
                        "'" + version + "', which " + kind + " lists for " + product
                                + ", is not a version: it takes numbers separated by dots, such as 1.10",
                        null);
            }
            migrations.add(new Migration(Optional.of(Version.of(version)), "", Optional.empty(), false));
        }
        return migrations;
    }

    @Override
    public final boolean listsAllMigrations() {
        return false;
    }

    /** {@return none: only the product knows what a history should say} */
    @Override
    public final List<String> validate(TestDatabase database, Version target) {
        return List.of();
    }

    @Override
    public final HistoryTable historyTable() {
        return history;
    }

    @Override
    public final MigrationRun migrate(TestDatabase database, Version target, Purpose purpose) {
        Version version = spelled(target, versions(database));
        Optional<Version> before = version(database);
        long start = System.nanoTime();
        Brought brought = bring(database, version);
        long millis = (System.nanoTime() - start) / 1_000_000;
        if (brought.failure().isPresent()) {
            return new MigrationRun(List.of(), brought.failure());
        }
        if (history.equals(NOTES)) {
            note(database, before, version);
        }
        Optional<Version> after = version(database);
        if (!after.equals(Optional.of(version))) {
            return new MigrationRun(
                    List.of(),
                    brought.because(
                                    ", but the history (" + history.name() + ") says "
                                            + after.map(Version::toString).orElse("no version") + ", not " + version,
                                    "it migrated another database, or to another version: look at how it is told the"
                                            + " database" + told())
                            .failure());
        }
        return new MigrationRun(
                after.equals(before)
                        ? List.of()
                        : List.of(new AppliedMigration(
                                version.toString(), "by " + by(version), "", millis, MigrationEffects.UNKNOWN)),
                Optional.empty());
    }

    /** {@return the version as the product spells it, on which its image depends} */
    private static Version spelled(Version target, NavigableSet<Version> versions) {
        return versions.contains(target) ? Objects.requireNonNull(versions.floor(target)) : target;
    }

    static String describe(Duration limit) {
        return limit.toMillis() % 1000 == 0 ? limit.toSeconds() + " s" : limit.toMillis() + " ms";
    }

    private Optional<Version> version(TestDatabase database) {
        try (Connection connection = database.open()) {
            return history.read(connection, database.engine()).version();
        } catch (SQLException e) {
            throw new MigrationException(
                    "The history in table " + history.name() + " of " + database + " cannot be read: " + e.getMessage()
                            + ". Say what the table's columns are by history",
                    e);
        }
    }

    private static void note(TestDatabase database, Optional<Version> before, Version version) {
        if (before.equals(Optional.of(version))) {
            return;
        }
        try (Connection connection = database.open();
                var statement = connection.createStatement()) {
            statement.execute("CREATE TABLE IF NOT EXISTS " + NOTES.name() + " (version VARCHAR(50) PRIMARY KEY)");
            statement.execute("INSERT INTO " + NOTES.name() + " VALUES ('" + version + "')");
        } catch (SQLException e) {
            throw new MigrationException(
                    "The version cannot be noted in table " + NOTES.name() + " of " + database + ": " + e.getMessage(),
                    e);
        }
    }
}
