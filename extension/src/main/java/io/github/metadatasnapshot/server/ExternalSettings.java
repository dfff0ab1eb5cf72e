package io.github.metadatasnapshot.server;

/**
 * How to reach an external server.
 *
 * @param url the JDBC URL; in it the database to connect to first, or, where that is the only one, the one to use
 * @param user the user, with ordinary privileges
 * @param password the password
 * @param singleDatabase whether the user may not create databases, so that the one of the URL, empty at first, is used
 *     and emptied for each test in turn
 * @param probe whether copies of its databases may be written to, to see whether they take writes: triggers and foreign
 *     tables may reach further
 * @param client whether the engine's client tools run in a container that reaches it; otherwise statements run over JDBC
 */
public record ExternalSettings(
        String url, String user, String password, boolean singleDatabase, boolean probe, boolean client) {

    /** Creates settings of a server that no client tools are run for. */
    public ExternalSettings(String url, String user, String password, boolean singleDatabase, boolean probe) {
        this(url, user, password, singleDatabase, probe, false);
    }

    /** Creates settings of a server whose databases are not probed, and that no client tools are run for. */
    public ExternalSettings(String url, String user, String password, boolean singleDatabase) {
        this(url, user, password, singleDatabase, false);
    }

    /** Leaves the password out. */
    @Override
    public String toString() {
        return url + " as " + user;
    }
}
