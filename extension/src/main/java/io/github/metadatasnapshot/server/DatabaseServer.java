package io.github.metadatasnapshot.server;

import io.github.metadatasnapshot.engine.Engine;
import java.util.Optional;

/** A running server, on which every test has databases of its own. Safe for use by several threads. */
public interface DatabaseServer extends AutoCloseable {

    /** Returns what was asked for. */
    ServerSpec spec();

    /** Returns the server for people, with its version and where it came from. */
    String description();

    /** Returns the server's version as numbers and dots, such as {@code 17.5}. */
    String version();

    /** Returns the engine. */
    default Engine engine() {
        return spec().engine();
    }

    /**
     * Creates an empty database of a name that no other one has.
     *
     * @return the database, to be closed after use
     * @throws ServerException if the server refuses or does not answer
     */
    TestDatabase createDatabase();

    /** Returns where the engine's client tools run; empty where there are none (embedded and external servers). */
    Optional<ClientHost> clientHost();

    /** Stops what was started; an external server runs on. */
    @Override
    void close();
}
