package io.github.metadatasnapshot.migration;

/**
 * A migration that was applied.
 *
 * @param version the version, the empty string for a repeatable migration
 * @param description what it is called
 * @param script the file
 * @param millis how long it took, in milliseconds
 */
public record AppliedMigration(String version, String description, String script, long millis) {}
