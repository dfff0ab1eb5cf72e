package io.github.metadatasnapshot.server;

/** Where a server that was started for the run keeps its data. */
public enum ServerStorage {
    /** In a volume of Docker's, or in the directory for temporary files. */
    DISK,
    /**
     * In memory, of which Docker takes up to half of what the machine has. An embedded server does so on Linux, where 1 GB of
     * shared memory is free, and is on disk elsewhere.
     */
    MEMORY
}
