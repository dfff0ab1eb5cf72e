/**
 * The file: where a backup lies, how it is compressed, what is in it and whether it may be loaded.
 *
 * <p>{@link io.github.metadatasnapshot.backup.Backup} is the type to start from; {@link
 * io.github.metadatasnapshot.backup.ScriptReader} cuts a script of any size into its statements.
 */
@NullMarked
package io.github.metadatasnapshot.backup;

import org.jspecify.annotations.NullMarked;
