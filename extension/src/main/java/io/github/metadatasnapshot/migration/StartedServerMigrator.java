package io.github.metadatasnapshot.migration;

import io.github.metadatasnapshot.engine.HistoryTable;
import io.github.metadatasnapshot.engine.Version;
import io.github.metadatasnapshot.product.ProductServer;
import io.github.metadatasnapshot.product.ServerStart;
import io.github.metadatasnapshot.product.ServerStart.Outcome;
import io.github.metadatasnapshot.server.ServerException;
import io.github.metadatasnapshot.server.ServerUnavailableException;
import io.github.metadatasnapshot.server.TestDatabase;
import java.util.Optional;

/** Migrates by starting the product's server, as it is started to be tried. */
final class StartedServerMigrator extends ReleaseMigrator {

    private final ProductServer server;

    StartedServerMigrator(ProductServer server, HistoryTable history) {
        super(
                "ProductServer",
                server.toString(),
                () -> server.versions().stream().map(Version::toString).toList(),
                history,
                DEFAULT_LIMIT);
        this.server = server;
    }

    @Override
    public Optional<String> whyUnavailable() {
        return server.whyUnavailable();
    }

    @Override
    String by(Version version) {
        return "the server of " + version;
    }

    @Override
    String told() {
        return " and the version";
    }

    @Override
    Brought bring(TestDatabase database, Version version) {
        ServerStart start;
        try {
            start = server.startOnly(database, version);
        } catch (ServerUnavailableException e) {
            throw e;
        } catch (ServerException e) {
            throw new MigrationException(
                    database + " cannot be migrated to " + version + " by the product's server: " + e.getMessage(), e);
        }
        String name = "The server of " + version;
        return start.outcome() == Outcome.STARTED
                ? new Brought(name, "started and was stopped", Optional.empty(), Optional.empty())
                : new Brought(name, start.describe(), Optional.empty(), Optional.empty())
                        .because(
                                "",
                                database.engine().likelyCause("", start.said()).orElse(""));
    }

    /** {@return the migrator for people} */
    @Override
    public String toString() {
        return "the product's server";
    }
}
