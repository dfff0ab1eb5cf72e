package io.github.metadatasnapshot.migration;

import io.github.metadatasnapshot.engine.Version;
import java.util.List;

/**
 * A migration that was applied, for the product's own history.
 *
 * @param version the version
 * @param description what it is called
 * @param script its first file, relative to the layout's root; where it has none, its directory
 * @param checksum the checksum of its scripts
 * @param statements the statements that ran, in their order and without the semicolon
 */
public record WrittenMigration(
        Version version, String description, String script, int checksum, List<String> statements) {

    /** Copies the list. */
    public WrittenMigration {
        statements = List.copyOf(statements);
    }
}
