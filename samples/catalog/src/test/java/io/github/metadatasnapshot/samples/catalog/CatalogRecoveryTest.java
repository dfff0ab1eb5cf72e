package io.github.metadatasnapshot.samples.catalog;

import io.github.metadatasnapshot.RecoveryContract;

/** The backup of a version brings everything back, whatever became of an upgrade from it. */
@CatalogSnapshot
class CatalogRecoveryTest implements RecoveryContract {}
