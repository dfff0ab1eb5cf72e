package io.github.metadatasnapshot.server;

import io.github.metadatasnapshot.engine.DatabaseDefaults;
import io.github.metadatasnapshot.engine.Engine;
import java.util.Optional;
import java.util.Set;

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

    /**
     * Returns this server, on which databases are created with other defaults than the server's. Copies have those of their
     * source.
     *
     * @param defaults the defaults
     * @return the same server, the same for each call with equal defaults
     */
    DatabaseServer with(DatabaseDefaults defaults);

    /**
     * Returns this server, on which databases are created with the character set that a backup says.
     *
     * @param said what the backup says
     * @return this server itself, where its own is the same, or it does not know that one, or has one database only
     * @throws ServerException if the server does not answer
     */
    DatabaseServer with(DatabaseDefaults.CharacterSet said);

    /**
     * Returns this server, on which databases are created with what a backup says of the database that it was taken from.
     *
     * @param said what the backup says
     * @return this server itself, where its own is the same, or it cannot create such a database, or has one database only
     * @throws ServerException if the server does not answer
     */
    DatabaseServer withThoseSaid(DatabaseDefaults said);

    /** Returns what databases are created with. */
    DatabaseDefaults defaults();

    /**
     * Creates a database that is equal to another one: every object and every row, and the settings of the database as a
     * whole, but not the privileges on it nor, on MariaDB, the past of system-versioned tables. PostgreSQL copies a
     * database by itself while no session is connected to it; those that are about to end are given a moment. Otherwise, and
     * on MySQL and MariaDB, the engine's tools copy what is committed; where there are none, MySQL and MariaDB copy over JDBC
     * what the user may see.
     *
     * @param source a database of this server; it is not changed
     * @return the copy, to be closed after use
     * @throws DatabaseInUseException if sessions are connected to the source, and there are no tools
     * @throws ServerException if the server has one database only, or the server or a tool refuses; nothing is left behind
     *     then
     */
    TestDatabase copyOf(TestDatabase source);

    /**
     * Tells whether {@link #copyOf} is possible where no session is connected to the source.
     *
     * @return false where there is one database only
     */
    boolean copies();

    /**
     * Drops a database and gives its name to another one: renames the live one away and the other one in, then drops the
     * old. PostgreSQL only, which waits 5 seconds for the sessions of either to end.
     *
     * @param live a database of this server; afterwards it holds what the other one held
     * @param with a database of this server, which is no more afterwards
     * @throws DatabaseInUseException if sessions are connected to either; both are as they were then
     * @throws ServerException if the engine cannot rename databases, the server has one database only, or refuses; both are
     *     as they were then, unless the message says that the old one is left behind
     */
    void replace(TestDatabase live, TestDatabase with);

    /**
     * Creates an empty database with the owner, locale, settings, privileges and comment of another one.
     *
     * @param other a database of this server
     * @return the database, to be closed after use
     * @throws ServerException if the server has one database only, or refuses
     */
    TestDatabase createLike(TestDatabase other);

    /**
     * Drops a database, with the sessions that are connected to it, and creates it anew: empty, with the same name, owner,
     * locale, settings, privileges and comment. The only database that a server has is emptied.
     *
     * @param database a database of this server
     * @throws ServerException if the server refuses, or something is left in an only database, which the message names
     */
    void makeEmpty(TestDatabase database);

    /**
     * Does something while a copy of a database stands in its place, under its name. PostgreSQL renames both, and back. MySQL
     * and MariaDB cannot rename: there it is done in the database itself, which is made anew from the copy afterwards.
     *
     * @param database a database of this server; it holds the same afterwards
     * @param copy a copy of it, which holds the same, or what was made of it, afterwards
     * @param work what is done with the database
     * @throws DatabaseInUseException if sessions are connected to either on PostgreSQL; nothing was done then
     * @throws ServerException if the server refuses; unless nothing was done, the message says where the database is now
     */
    void inPlaceOf(TestDatabase database, TestDatabase copy, Runnable work);

    /** Tells whether copies of a database may be written to, to see whether it takes writes. */
    default boolean takesProbes() {
        return true;
    }

    /** Returns where the engine's client tools run beside the server; empty where there are none (embedded and external servers). */
    Optional<ClientHost> clientHost();

    /**
     * Returns the engine's client tools: those beside the server, or those in a container of their own that reaches an external
     * server, which is started when they are first asked for.
     *
     * @return the tools, empty where there are none
     */
    default Optional<ClientTools> clientTools() {
        return clientHost().map(host -> new ClientTools(host, engine().accessBeside()));
    }

    /**
     * Returns why the client tools, which should restore backups on an external server, cannot restore one.
     *
     * @param missingRoles roles that the backup names, and that the server lacks
     * @return the reason, empty where they can, and for any other server
     */
    default Optional<String> whyNoClientTools(Set<String> missingRoles) {
        return Optional.empty();
    }

    /** Returns what an earlier run has left on the server, and this one may leave; empty where nothing is cached. */
    default Optional<CachedDatabases> cached() {
        return Optional.empty();
    }

    /** Stops what was started; an external server runs on, and one on which a database is {@linkplain TestDatabase#keep kept}. */
    @Override
    void close();
}
