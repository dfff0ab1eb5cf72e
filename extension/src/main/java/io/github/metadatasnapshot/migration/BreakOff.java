package io.github.metadatasnapshot.migration;

/**
 * Where a migration is broken off: the server refuses one of its statements.
 *
 * @param script the file of the migration, as a {@link MigrationFailure} names it
 * @param statement the number of the statement, from 1
 */
public record BreakOff(String script, int statement) {}
