package io.github.metadatasnapshot.server;

import io.github.metadatasnapshot.engine.DatabaseDefaults;
import java.util.Optional;
import java.util.Set;

/** A server that creates databases with other defaults than its own: see {@link DatabaseServer#with(DatabaseDefaults)}. */
final class ServerWithDefaults implements DatabaseServer {

    private final AbstractServer server;
    private final DatabaseDefaults defaults;

    ServerWithDefaults(AbstractServer server, DatabaseDefaults defaults) {
        this.server = server;
        this.defaults = defaults;
    }

    @Override
    public ServerSpec spec() {
        return server.spec();
    }

    @Override
    public String description() {
        return server.description();
    }

    @Override
    public String version() {
        return server.version();
    }

    @Override
    public TestDatabase createDatabase() {
        return server.createDatabase(defaults).seenFrom(this);
    }

    @Override
    public DatabaseServer with(DatabaseDefaults others) {
        return server.with(others);
    }

    /** {@return this server: what was written down comes before what a backup says} */
    @Override
    public DatabaseServer with(DatabaseDefaults.CharacterSet said) {
        return this;
    }

    /** {@return this server, as in the other case} */
    @Override
    public DatabaseServer withThoseSaid(DatabaseDefaults said) {
        return this;
    }

    @Override
    public DatabaseDefaults defaults() {
        return defaults;
    }

    @Override
    public TestDatabase copyOf(TestDatabase source) {
        return server.copyOf(source);
    }

    @Override
    public boolean copies() {
        return server.copies();
    }

    @Override
    public void replace(TestDatabase live, TestDatabase with) {
        server.replace(live, with);
    }

    @Override
    public TestDatabase createLike(TestDatabase other) {
        return server.createLike(other);
    }

    @Override
    public void makeEmpty(TestDatabase database) {
        server.makeEmpty(database);
    }

    @Override
    public void inPlaceOf(TestDatabase database, TestDatabase copy, Runnable work) {
        server.inPlaceOf(database, copy, work);
    }

    @Override
    public boolean takesProbes() {
        return server.takesProbes();
    }

    @Override
    public Optional<ClientHost> clientHost() {
        return server.clientHost();
    }

    @Override
    public Optional<ClientTools> clientTools() {
        return server.clientTools();
    }

    @Override
    public Optional<String> whyNoClientTools(Set<String> missingRoles) {
        return server.whyNoClientTools(missingRoles);
    }

    @Override
    public Optional<CachedDatabases> cached() {
        return server.cached().map(Cached::new);
    }

    @Override
    public void close() {
        server.close();
    }

    /** The databases of the server; the key of each holds its defaults. */
    private final class Cached implements CachedDatabases {

        private final CachedDatabases databases;

        Cached(CachedDatabases databases) {
            this.databases = databases;
        }

        @Override
        public Optional<TestDatabase> any() {
            return databases.any().map(database -> database.seenFrom(ServerWithDefaults.this));
        }

        @Override
        public Optional<Found> take(String key) {
            return databases
                    .take(key)
                    .map(found -> new Found(found.database().seenFrom(ServerWithDefaults.this), found.contents()));
        }

        @Override
        public void keep(TestDatabase database, String key, String contents) {
            databases.keep(database, key, contents);
        }
    }

    @Override
    public String toString() {
        return server.toString();
    }
}
