/**
 * Starts a test from a real database at an old version with a real backup in it, migrates it and restores into it.
 *
 * <p>Start from {@link io.github.metadatasnapshot.MetadataSnapshot}, the annotation, and {@link
 * io.github.metadatasnapshot.MetadataDatabase}, what a test gets.
 */
@NullMarked
package io.github.metadatasnapshot;

import org.jspecify.annotations.NullMarked;
