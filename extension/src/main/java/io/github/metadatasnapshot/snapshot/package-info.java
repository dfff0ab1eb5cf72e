/** Prepared states: a database at version X with a backup of X in it, from which a test starts. */
@NullMarked
package io.github.metadatasnapshot.snapshot;

import org.jspecify.annotations.NullMarked;
