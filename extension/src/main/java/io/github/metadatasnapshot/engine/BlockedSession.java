package io.github.metadatasnapshot.engine;

/**
 * A session that waits for a lock of another one.
 *
 * @param id its number on the server
 * @param blocker the session that holds the lock, for people: user, host, application, state and what it did last
 */
public record BlockedSession(long id, String blocker) {}
