package io.github.metadatasnapshot.migration;

import java.util.List;
import java.util.Optional;

/**
 * What a {@link Migrator} did.
 *
 * @param applied the migrations that were applied, in their order; before the failure where there is one
 * @param failure why it stopped, empty where it did not
 */
public record MigrationRun(List<AppliedMigration> applied, Optional<MigrationFailure> failure) {

    /** Copies the list. */
    public MigrationRun {
        applied = List.copyOf(applied);
    }
}
