package io.github.metadatasnapshot.migration;

import io.github.metadatasnapshot.engine.Version;
import java.util.Optional;

/**
 * The file of a migration.
 *
 * @param version the version, empty for a repeatable migration
 * @param baseline whether it makes the schema of its version at once
 * @param name the name of the file
 * @param text what is in it
 */
public record MigrationScript(Optional<Version> version, boolean baseline, String name, String text) {}
