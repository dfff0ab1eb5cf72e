/** AssertJ assertions for upgrades and restores: {@link io.github.metadatasnapshot.assertion.MetadataSnapshotAssertions}. */
@NullMarked
package io.github.metadatasnapshot.assertion;

import org.jspecify.annotations.NullMarked;
