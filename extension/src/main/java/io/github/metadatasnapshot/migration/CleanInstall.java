package io.github.metadatasnapshot.migration;

import io.github.metadatasnapshot.engine.Version;
import io.github.metadatasnapshot.server.DatabaseServer;
import io.github.metadatasnapshot.server.ServerException;
import io.github.metadatasnapshot.server.TestDatabase;
import io.github.metadatasnapshot.shape.DatabaseState;
import io.github.metadatasnapshot.shape.Shape;
import java.util.Optional;

/**
 * What migrations make of an empty database.
 *
 * @param shape its shape without the history; empty where there is no such database
 * @param grants who has which privileges in it
 * @param obstacle why there is none; the empty string where there is one
 */
public record CleanInstall(Optional<Shape> shape, Shape grants, String obstacle) {

    /** Makes clean installs, or remembers them. */
    @FunctionalInterface
    public interface Source {

        /**
         * Returns a clean install.
         *
         * @param server the server
         * @param migrator what migrates the database
         * @param version the version that it is migrated to
         * @return the clean install, a failed one included
         */
        CleanInstall of(DatabaseServer server, Migrator migrator, Version version);
    }

    /**
     * Migrates an empty database, which is dropped then.
     *
     * @param server the server that it is made on
     * @param migrator what migrates it
     * @param version the version that it is migrated to
     * @return the clean install, a failed one included
     */
    public static CleanInstall make(DatabaseServer server, Migrator migrator, Version version) {
        try (TestDatabase database = server.createDatabase()) {
            MigrationRun run = migrator.migrate(database, version, Migrator.Purpose.COMPARISON);
            if (run.failure().isPresent()) {
                return failed(run.failure().get().describe());
            }
            DatabaseState state = Upgrade.state(database, migrator);
            return state.history().version().equals(Optional.of(version))
                    ? new CleanInstall(
                            Optional.of(state.withoutHistory(migrator.historyTable())
                                    .shape()
                                    .withoutNameOf(database.name())),
                            Upgrade.grants(database),
                            "")
                    : failed("its history says " + state.history().describeVersion());
        } catch (MigrationException | ServerException e) {
            return failed(String.valueOf(e.getMessage()));
        }
    }

    private static CleanInstall failed(String obstacle) {
        return new CleanInstall(Optional.empty(), Shape.EMPTY, obstacle);
    }
}
