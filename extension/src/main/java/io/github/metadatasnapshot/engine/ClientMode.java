package io.github.metadatasnapshot.engine;

/** How an engine's client deals with errors in a script. */
public enum ClientMode {
    /** As the manuals call it: {@code psql} goes on after an error, {@code mysql} and {@code mariadb} stop. */
    DOCUMENTED,
    /** Stops at the first error and, where the engine can, undoes all that ran before. */
    STRICT,
    /** Goes on after every error. */
    FORCED
}
