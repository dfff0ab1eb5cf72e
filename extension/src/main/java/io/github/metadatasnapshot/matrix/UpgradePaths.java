package io.github.metadatasnapshot.matrix;

/** Between which versions upgrades are checked. */
public enum UpgradePaths {

    /** From every version to the next one, and to the latest. */
    NEXT_AND_LATEST,

    /** From every version to every later one. */
    ALL
}
