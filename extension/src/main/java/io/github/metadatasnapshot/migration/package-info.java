/**
 * Migrating a database, by Flyway or by a runner of the product's own.
 *
 * <p>{@link io.github.metadatasnapshot.migration.Migrator} is what migrates, {@link
 * io.github.metadatasnapshot.migration.Upgrade} what came of it. The only room that imports Flyway.
 */
@NullMarked
package io.github.metadatasnapshot.migration;

import org.jspecify.annotations.NullMarked;
