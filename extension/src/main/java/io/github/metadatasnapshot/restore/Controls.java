package io.github.metadatasnapshot.restore;

/**
 * What the same backup does by the same procedure where the version is not in its way. A restore that fails proves
 * something about the version only beside these.
 */
public interface Controls {

    /** {@return the backup in the database that it is meant for: an empty one, or for rows only one migrated to its version} */
    Control intended();

    /** {@return the backup in a database that it was restored into before} */
    Control occupied();

    /** {@return what the backup holds of the schema of its version} */
    Completeness completeness();
}
