package io.github.metadatasnapshot.server;

/** Where the server in a container keeps its data. */
public enum ServerStorage {
    /** In a volume of Docker's. */
    DISK,
    /** In memory, which Docker takes up to half of what the machine has. */
    MEMORY
}
