package io.github.metadatasnapshot.server;

/** A place that a database server comes from. */
public enum ServerProvider {
    /** The first of the others that can be had: a container, an embedded server, an external one. */
    AUTO,
    /** A Docker container, started by Testcontainers. */
    CONTAINER,
    /** A server whose binaries are on the class path. PostgreSQL only. */
    EMBEDDED,
    /** A server that runs already, by JDBC URL. */
    EXTERNAL
}
