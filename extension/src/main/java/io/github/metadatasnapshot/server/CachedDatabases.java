package io.github.metadatasnapshot.server;

import java.util.Optional;

/** The prepared databases that a server has from an earlier run, and those that it leaves for the next one. */
public interface CachedDatabases {

    /**
     * Returns any of those that an earlier run has left, to ask its server a question.
     *
     * @return a database, not to be changed; empty where there is none
     */
    Optional<TestDatabase> any();

    /**
     * Hands out what an earlier run has left.
     *
     * @param key what it was made of
     * @return the database, to be closed where it is of no use; empty where there is none
     */
    Optional<Found> take(String key);

    /**
     * Leaves a database for the next run, unless it is closed before this one ends.
     *
     * @param database a database of this server that nobody changes
     * @param key what it was made of
     * @param contents the fingerprint of what it holds
     */
    void keep(TestDatabase database, String key, String contents);

    /**
     * A database of an earlier run.
     *
     * @param database the database
     * @param contents the fingerprint of what it held
     */
    record Found(TestDatabase database, String contents) {}
}
