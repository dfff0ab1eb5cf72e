/**
 * Restoring a backup by a procedure, and telling what that did to the database.
 *
 * <p>{@link io.github.metadatasnapshot.restore.Restore} is what came of an attempt, {@link
 * io.github.metadatasnapshot.restore.RestoreProcedure} how it is made.
 */
@NullMarked
package io.github.metadatasnapshot.restore;

import org.jspecify.annotations.NullMarked;
