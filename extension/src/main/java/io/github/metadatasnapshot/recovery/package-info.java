/** Getting back to the version before an upgrade, by a backup: what was tried, and what came back. */
@NullMarked
package io.github.metadatasnapshot.recovery;

import org.jspecify.annotations.NullMarked;
