package io.github.metadatasnapshot;

import io.github.metadatasnapshot.engine.Version;
import io.github.metadatasnapshot.migration.MigrationRun;
import io.github.metadatasnapshot.migration.Migrator;
import io.github.metadatasnapshot.product.ProductServer;
import io.github.metadatasnapshot.product.ServerStart;
import io.github.metadatasnapshot.product.ServerStart.Outcome;
import io.github.metadatasnapshot.server.ServerException;
import io.github.metadatasnapshot.server.ServerUnavailableException;
import io.github.metadatasnapshot.server.TestDatabase;
import java.util.Optional;

/**
 * Starts the product's server of {@link MetadataSnapshot#server} on databases.
 *
 * @param server how, empty where none is declared
 * @param required whether one that cannot be started here fails the test
 * @param log where is noted what was not run
 */
record ServerTests(Optional<ProductServer> server, boolean required, RunLog log) {

    /** Tells whether no server is declared. */
    boolean isEmpty() {
        return server.isEmpty();
    }

    /**
     * Starts the server of a version after something was done, if there is one.
     *
     * @param database a database of that version
     * @param version the version
     * @param done what was done, such as {@code the upgrade postgres:17 · 1.0 → 1.1}
     * @return what was checked, or was not and why
     * @throws AssertionError if the server does not work
     */
    String after(TestDatabase database, String version, String done) {
        ProductServer started = server.orElseThrow();
        Optional<String> notRun = whyNotRun(started, version);
        if (notRun.isPresent()) {
            String text = "the server of " + version + " was not run: " + notRun.get();
            log.note("The product's server", text);
            return text;
        }
        ServerStart start = started.start(database, Version.of(version));
        if (!start.isWorking()) {
            throw new AssertionError(
                    "The server of " + version + " does not work after " + done + ": it " + start.describe());
        }
        return "the server of " + version + " " + start.describe();
    }

    private Optional<String> whyNotRun(ProductServer started, String version) {
        if (!Version.isVersion(version)) {
            return Optional.of("'" + version + "' is no version");
        }
        Optional<String> none = started.whyNone(Version.of(version));
        if (none.isPresent()) {
            return none;
        }
        Optional<String> unavailable = started.whyUnavailable();
        if (required && unavailable.isPresent()) {
            throw new ServerUnavailableException(
                    "The server of " + version + " cannot be started: " + unavailable.get(), null);
        }
        return unavailable;
    }

    /**
     * Starts the server of a version on a database of any, and where it does not start, on an empty one of its own version, too.
     *
     * @param database the database
     * @param version the version
     * @param migrator what migrates databases
     * @return what came of it
     * @throws ServerException if there is no such server
     */
    ServerStart start(TestDatabase database, String version, Migrator migrator) {
        ProductServer started = server.orElseThrow(() -> new ServerException(
                "Which server? @MetadataSnapshot lacks server = …, which says how one of a version is started", null));
        Version own = Version.of(version);
        ServerStart start = started.startWatched(database, own, migrator.historyTable());
        return start.outcome() == Outcome.STARTED
                ? start
                : control(started, database, own, migrator)
                        .map(start::inconclusive)
                        .orElse(start);
    }

    /** {@return why it does not start on a database of its own version either; empty where it does} */
    private static Optional<String> control(
            ProductServer started, TestDatabase database, Version own, Migrator migrator) {
        try (TestDatabase empty = database.server().createDatabase()) {
            MigrationRun run = migrator.migrate(empty, own, Migrator.Purpose.COMPARISON);
            if (run.failure().isPresent()) {
                return Optional.of("an empty database cannot be migrated to " + own + ": "
                        + run.failure().get().describe());
            }
            ServerStart control = started.start(empty, own);
            return control.outcome() == Outcome.STARTED
                    ? Optional.empty()
                    : Optional.of("on an empty database that was migrated to " + own + " it " + control.describe());
        }
    }
}
