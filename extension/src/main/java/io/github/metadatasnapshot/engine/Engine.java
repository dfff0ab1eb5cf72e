package io.github.metadatasnapshot.engine;

import static java.util.stream.Collectors.joining;

import java.net.InetSocketAddress;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A database engine: its names, and the SQL that no other engine understands. Without state, shared by all. */
// The subclasses are reached through this class alone, so no thread can initialise one of them first.
@SuppressWarnings("ClassInitializationDeadlock")
public abstract sealed class Engine permits PostgreSqlEngine, MySqlEngine {

    /** PostgreSQL. */
    public static final Engine POSTGRESQL = new PostgreSqlEngine();

    /** MySQL. */
    public static final Engine MYSQL = new MySqlEngine();

    /** MariaDB. */
    public static final Engine MARIADB = new MariaDbEngine();

    /** Every engine. */
    public static final List<Engine> ALL = List.of(POSTGRESQL, MYSQL, MARIADB);

    /** How much of a session's statement is shown, in characters. */
    private static final int STATEMENT_SHOWN = 100;

    private static final Pattern FULL_DISK = Pattern.compile("No space left on device");

    static final String FULL_DISK_CAUSE =
            "the server's disk, which is Docker's for a container, is full: make room there (docker system df shows what"
                    + " takes it), or let less be kept there by a lower metadatasnapshot.states.megabytes";

    private final String id;
    private final String displayName;
    private final List<String> imageWords;

    Engine(String id, String displayName, List<String> imageWords) {
        this.id = id;
        this.displayName = displayName;
        this.imageWords = List.copyOf(imageWords);
    }

    /**
     * Finds the engine whose server an image holds, by the words that occur in the names of its images.
     *
     * @param repository the image's name without registry and tag, such as {@code postgres} or {@code bitnami/mysql}
     * @return the engine, empty where none is known
     */
    public static Optional<Engine> ofImage(String repository) {
        return ALL.stream()
                .filter(engine -> engine.imageWords.stream().anyMatch(repository::contains))
                .findFirst();
    }

    /**
     * Finds the engine that a JDBC URL leads to.
     *
     * @param url a URL such as {@code jdbc:mysql://localhost/db}
     * @return the engine, empty where none is known
     */
    public static Optional<Engine> ofJdbcUrl(String url) {
        return ALL.stream()
                .filter(engine -> url.startsWith("jdbc:" + engine.id + ":"))
                .findFirst();
    }

    /** {@return the engine's name in paths, keys and JDBC URLs: {@code postgresql}, {@code mysql} or {@code mariadb}} */
    public final String id() {
        return id;
    }

    /** {@return the engine's name for people} */
    public final String displayName() {
        return displayName;
    }

    /** {@return the words that an image's name holds when it is known to be of this engine, the official one first} */
    public final List<String> imageWords() {
        return imageWords;
    }

    /**
     * Returns what {@code {engine}} in a path may stand for, the best first: MariaDB takes {@code mysql} where nothing of
     * its own is found.
     */
    public List<String> pathNames() {
        return List.of(id);
    }

    /** Tells whether a backup of the other engine is written for this one too, as MySQL's and MariaDB's are. */
    public final boolean reads(Engine writer) {
        return (this instanceof MySqlEngine) == (writer instanceof MySqlEngine);
    }

    /** {@return the artifact of the JDBC driver, for the message that asks for it} */
    public abstract String driverArtifact();

    /** {@return the port that the server listens on inside its container} */
    public abstract int port();

    /**
     * Returns the JDBC URL of a database.
     *
     * @param host the host
     * @param port the port
     * @param database the name of the database
     * @return the URL
     */
    public abstract String jdbcUrl(String host, int port, String database);

    /**
     * Returns the driver's properties that bound how long it waits for a server's answer.
     *
     * @param seconds the bound, above 0
     * @return the properties, for {@link java.sql.DriverManager#getConnection(String, java.util.Properties)}
     */
    public abstract Map<String, String> answerWithin(int seconds);

    /**
     * Returns the URL with another database in it.
     *
     * @param url a JDBC URL of a server of this engine
     * @param database the database to name instead of the URL's own
     * @return the URL with the same host and parameters
     */
    public final String withDatabase(String url, String database) {
        int authority = url.indexOf("//") + 2;
        int query = url.indexOf('?');
        int end = query < 0 ? url.length() : query;
        int slash = url.indexOf('/', authority);
        String server = url.substring(0, slash < 0 || slash > end ? end : slash);
        return server + "/" + database + (query < 0 ? "" : url.substring(query));
    }

    /**
     * Reads where the server is from a JDBC URL.
     *
     * @param url a URL of this engine, such as {@code jdbc:mysql://localhost:3306/db}
     * @return the first host of the URL and its port
     * @throws IllegalArgumentException if the URL is not of that form
     */
    public final InetSocketAddress address(String url) {
        Matcher matcher = Pattern.compile("(?s)jdbc:" + id + ":(?://(?:[^/?@]*@)?(?<host>\\[[^]]*]|[^/?:,(=]*)"
                        + "(?::(?<port>\\d+))?(?:[/?,].*)?|[^/].*)?")
                .matcher(url);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("No host and port can be read from the JDBC URL, which should begin with"
                    + " jdbc:" + id + "://host:port/database");
        }
        String host = matcher.group("host");
        String port = matcher.group("port");
        return InetSocketAddress.createUnresolved(
                host == null || host.isEmpty() ? "localhost" : host.replaceAll("[\\[\\]]", ""),
                port == null ? port() : Integer.parseInt(port));
    }

    /** {@return the settings of a container's server whose data may be lost, as arguments of its command} */
    public abstract List<String> throwAwaySettings();

    /** {@return settings of a server whose data directory is packed after it was shut down, so that less is in it} */
    public List<String> settingsForCaching() {
        return List.of();
    }

    /** {@return the query for what belongs to the whole server, a line each: {@code database …}, {@code role …}, {@code setting …}} */
    public abstract String serverWideQuery();

    /**
     * Returns what a server runs before anybody can log in to it, on a data directory whose password nobody knows any more.
     *
     * @param password the administrator's new password, of letters, digits, hyphens and underscores
     * @return the statements, one a line; empty where a server cannot be told so, but asked without a password by who is
     *     beside it
     */
    public Optional<String> passwordAtStart(String password) {
        return Optional.empty();
    }

    /** {@return the variable by which the client tools take the password} */
    public abstract String passwordVariable();

    /** {@return how the client tools reach a server that they run beside} */
    public final ClientAccess accessBeside() {
        return ClientAccess.beside(port());
    }

    /**
     * Returns how the client tools reach the server of a JDBC URL and check its certificate: as the driver does.
     *
     * @param url the URL
     * @return the access, by the URL's host
     * @throws IllegalArgumentException if the URL is not of the form that {@link #address} takes, a parameter about TLS is
     *     not supported, as those of client certificates are not, or a file that one names cannot be read
     */
    public final ClientAccess access(String url) {
        InetSocketAddress server = address(url);
        return demanding(accessBeside().at(server.getHostString(), server.getPort()), UrlParameters.of(url));
    }

    /** Lets the client tools demand of a server what a URL says of TLS. */
    abstract ClientAccess demanding(ClientAccess server, UrlParameters url);

    /** {@return the URL's parameter that names the authorities whose certificates are trusted} */
    abstract String authoritiesParameter();

    /**
     * Explains why a driver does not connect, where it does not take the server's certificate.
     *
     * @param failure what the driver has thrown
     * @return the reason and the way out, empty where it is another
     */
    public final Optional<String> certificateRefused(SQLException failure) {
        return TlsFailure.explain(failure, authoritiesParameter());
    }

    /**
     * Returns the command that restores a script which it reads from its standard input, beside the server.
     *
     * @param mode how it deals with errors
     * @param user the user
     * @param database the database
     * @return the client and its arguments
     */
    public final List<String> clientCommand(ClientMode mode, String user, String database) {
        return clientCommand(mode, accessBeside(), user, database);
    }

    /**
     * Returns the command that restores a script which it reads from its standard input.
     *
     * @param mode how it deals with errors
     * @param access how it reaches the server
     * @param user the user
     * @param database the database
     * @return the client and its arguments
     */
    public abstract List<String> clientCommand(ClientMode mode, ClientAccess access, String user, String database);

    /**
     * Returns the command by which somebody looks at a database.
     *
     * @param server the server's host and port
     * @param user the user
     * @param database the database
     * @return the client and its arguments, the password not among them
     */
    public abstract List<String> console(InetSocketAddress server, String user, String database);

    /**
     * Returns what the client's report of an error looks like, with the groups line, state and message; of {@code psql}
     * line and state are missing where it was not asked for them.
     */
    public abstract Pattern clientError();

    /**
     * Tells a fault of the server, the machine or another session from an error of the statement that it ended: a connection
     * that was lost, a server that shuts down, a full disk, too little memory, a time-out, a deadlock.
     *
     * @param error an error that a driver has thrown
     * @return whether it says nothing of the statement
     */
    public abstract boolean isFault(SQLException error);

    /**
     * Tells the same by what the engine's client prints.
     *
     * @param line a line that it printed as an error
     * @return whether it is that of such a fault
     */
    public abstract boolean isClientFault(String line);

    /** {@return the program that dumps a database} */
    public abstract DumpTool dumpTool();

    /**
     * Returns the official image that holds the {@linkplain #dumpTool dump tool} for a server.
     *
     * @param serverVersion the server's version, such as {@code 17.5}
     * @return an image, such as {@code postgres:17}
     */
    public final String toolImage(String serverVersion) {
        return dumpTool().image(imageWords.get(0), serverVersion);
    }

    /**
     * Returns the option without which the dump tool leaves out all objects of a kind.
     *
     * @param kind the kind of a {@link SchemaObject}
     * @return a sentence about it, empty where there is no such option
     */
    public Optional<String> dumpOption(String kind) {
        return Optional.empty();
    }

    /** {@return how a script for the engine's client is written} */
    public abstract ScriptSyntax scriptSyntax();

    /** {@return the identifier in the engine's quotes} */
    public abstract String quote(String identifier);

    /**
     * Returns the statements by which an administrator creates a user, or gives it another password, who may do on the
     * server what the administrator may, but reaches no database except some: what is in others it can neither read nor
     * change, those of the engine it can read.
     *
     * @param user the user's name
     * @param password its password, of letters, digits, hyphens and underscores
     * @param databases how the names of the databases begin that it reaches, of letters
     * @return the statements; none where no session reaches another database than its own
     */
    public List<String> confinedUser(String user, String password, String databases) {
        return List.of();
    }

    /**
     * Tells whether a session can write to databases of others than its user.
     *
     * @param connection a connection to the server
     * @return whether its user has the privilege for every database, and one session reaches them all
     * @throws SQLException if the server does not answer
     */
    public boolean writesAnywhere(Connection connection) throws SQLException {
        return false;
    }

    /** Tells whether the server has refused what a {@linkplain #confinedUser confined user} did in another database. */
    public boolean isOutside(SQLException refusal) {
        return false;
    }

    /** {@return the table's name in the engine's quotes} */
    public final String quote(TableName table) {
        return table.schema().isEmpty() ? quote(table.name()) : quote(table.schema()) + "." + quote(table.name());
    }

    /** {@return the text as a string literal of the engine} */
    public abstract String literal(String text);

    /**
     * Returns the SQL of a guard: it makes the engine's client stop, before anything is changed, where the database is at
     * another version. Leaves nothing behind in the session but, for {@code psql}, {@code ON_ERROR_STOP}. {@code mysql
     * --force} and {@code mariadb --force} stop at nothing, a guard included.
     *
     * @param spec what it demands
     * @return lines in ASCII, each with its line break
     */
    public abstract String guard(GuardSpec spec);

    /**
     * Tells whether an error was raised by a {@linkplain #guard guard}.
     *
     * @param message the engine's message
     * @return whether it is that of a guard
     */
    public static boolean isGuard(String message) {
        return message.toLowerCase(Locale.ROOT).contains(GuardSpec.MARK);
    }

    /**
     * Reads the server's version.
     *
     * @param connection a connection to any database of the server
     * @return the version as numbers and dots, such as {@code 17.5} or {@code 11.8.2}
     * @throws SQLException if the server does not answer
     */
    public final String serverVersion(Connection connection) throws SQLException {
        String text = queryForStrings(connection, serverVersionSql()).get(0);
        return text.replaceFirst("^5\\.5\\.5-", "").replaceFirst("[^0-9.].*$", "");
    }

    abstract String serverVersionSql();

    /**
     * Returns the SQL that creates an empty database.
     *
     * @param name its name
     * @param defaults what it has by default; the settings are set by {@link #set}
     * @return the statement
     */
    public abstract String createDatabase(String name, DatabaseDefaults defaults);

    /** {@return the statements that give a database the settings of its defaults} */
    public final List<String> set(String name, DatabaseDefaults defaults) {
        return defaults.settings().stream()
                .map(setting -> "ALTER DATABASE " + quote(name) + " SET " + setting)
                .toList();
    }

    /**
     * Returns the defaults that a backup says its database had, where they are not those of the server.
     *
     * @param admin a connection to the server
     * @param said what the backup says
     * @return the defaults; none where the server's are the same, or the server does not know the collation
     * @throws SQLException if the server does not answer
     */
    public DatabaseDefaults defaults(Connection admin, DatabaseDefaults.CharacterSet said) throws SQLException {
        return DatabaseDefaults.NONE;
    }

    /**
     * Returns what a backup says its database had by default, as far as it is not what the server gives to each and the server
     * takes it, which is tried.
     *
     * @param admin a connection to the server, outside of a transaction
     * @param said what the backup says
     * @param trial the name of a database that is not there; it is created and dropped
     * @return the defaults; without the options where the server's are the same, or it does not take them
     * @throws SQLException if the server does not answer, or the user may not create a database
     */
    public DatabaseDefaults defaults(Connection admin, DatabaseDefaults said, String trial) throws SQLException {
        return DatabaseDefaults.NONE;
    }

    /**
     * Returns what makes of {@link #createDatabase} the creation of a copy, where the server itself can copy a database.
     *
     * @param admin a connection to another database of the server
     * @param source the database that is copied, to which no session may be connected
     * @param throwAway whether the server runs without waiting for its disks
     * @return the end of the statement, empty where the server cannot
     * @throws SQLException if the server does not answer
     */
    public Optional<String> templateClause(Connection admin, String source, boolean throwAway) throws SQLException {
        return Optional.empty();
    }

    /**
     * Looks for sessions that keep the server from copying a database by {@link #templateClause}.
     *
     * @param admin a connection to another database of the server
     * @param source the database
     * @return the refusal to expect, empty where no session is connected, or where none is in the way
     * @throws SQLException if the server does not answer
     */
    public Optional<SQLException> refusalToCopy(Connection admin, String source) throws SQLException {
        return Optional.empty();
    }

    /**
     * Measures a database.
     *
     * @param connection a connection to it
     * @return about how much disk it takes, in bytes
     * @throws SQLException if the server does not answer
     */
    public final long databaseBytes(Connection connection) throws SQLException {
        return Long.parseLong(queryForStrings(connection, databaseBytesSql()).get(0));
    }

    abstract String databaseBytesSql();

    /**
     * Returns the statements that give a database the settings which another one has as a whole, such as its default
     * collation.
     *
     * @param admin a connection to the server
     * @param from the database whose settings are read
     * @param to the database that takes them
     * @return the statements
     * @throws SQLException if the catalogue cannot be read
     */
    public abstract List<String> databaseSettings(Connection admin, String from, String to) throws SQLException;

    /**
     * Writes down what {@link #copyByClient} has to know of a database's schema, by the engine's tools in the server's
     * container.
     *
     * @param user an administrator, as whom the tools log in
     * @param from the database
     * @return what prints it; a status other than 0, or an {@linkplain DumpTool#isError error} of the dump tool, is a
     *     failure; empty where nothing has to be known
     */
    public Optional<ClientScript> schemaForCopies(String user, String from) {
        return Optional.empty();
    }

    /**
     * Lists the tables of a database that had better be copied as files, in the server's container.
     *
     * @param admin a connection to the server
     * @param from the database
     * @return names; empty where the engine cannot
     * @throws SQLException if the catalogue cannot be read
     */
    public List<String> filesForCopies(Connection admin, String from) throws SQLException {
        return List.of();
    }

    /**
     * Tells whether {@link #schemaForCopies} works for a database.
     *
     * @param admin a connection to the server
     * @param from the database
     * @return false where the tools stop at something that the server itself goes on with
     * @throws SQLException if the catalogue cannot be read
     */
    public boolean toolsCopy(Connection admin, String from) throws SQLException {
        return true;
    }

    /** {@return whether {@link #copyBySql} works} */
    public boolean copiesBySql() {
        return false;
    }

    /**
     * Copies a database over JDBC, whatever sessions are connected to it. For engines without a {@link #templateClause}.
     *
     * @param from a connection to the database that is copied, as whoever owns it; it is to be closed then
     * @param to a connection to an empty one; it is to be closed then
     * @param files the tables that are copied without their rows, for {@link #copyFiles}
     * @throws SQLException if the server refuses; the message names the object, and the database is half filled
     */
    public void copyBySql(Connection from, Connection to, List<String> files) throws SQLException {
        throw new UnsupportedOperationException(displayName + " copies databases itself");
    }

    /**
     * Copies the files of tables behind {@link #copyBySql}, unless a transaction is open that has written to them.
     *
     * @param admin a connection to the server
     * @param user an administrator, as whom the tools log in
     * @param from the database that is copied
     * @param to the one that has the tables, without rows; it may be gone after a failure
     * @param files tables that {@link #filesForCopies} listed
     * @return what copies them; failures as of {@link #schemaForCopies}
     * @throws SQLException if the catalogue cannot be read
     */
    public ClientScript copyFiles(Connection admin, String user, String from, String to, List<String> files)
            throws SQLException {
        throw new UnsupportedOperationException(displayName + " copies databases itself");
    }

    /**
     * Copies a database by the engine's tools in the server's container, whatever sessions are connected to it.
     *
     * @param admin a connection to the server
     * @param user an administrator, as whom the tools log in
     * @param from the database that is copied
     * @param to an empty one; it may be gone after a failure
     * @param plan what is taken of the database, which has the same schema still
     * @return what copies it; failures as of {@link #schemaForCopies}
     * @throws SQLException if the catalogue cannot be read
     */
    public abstract ClientScript copyByClient(Connection admin, String user, String from, String to, CopyPlan plan)
            throws SQLException;

    /**
     * Returns the SQL that gives a database another name, to which no session may be connected.
     *
     * @param name its name
     * @param newName the name that it is given
     * @return the statement, empty where the engine cannot
     */
    public Optional<String> renameDatabase(String name, String newName) {
        return Optional.empty();
    }

    /** Tells whether a database could not be copied or renamed because sessions are connected to it. */
    public boolean isInUse(SQLException refusal) {
        return false;
    }

    /**
     * Lists the sessions of others that are connected to the same database: all that the user may see, without the server's
     * own.
     *
     * @param connection a connection to the database
     * @return a line for each, sorted: user, host, application, state and the beginning of the statement that runs, or ran
     *     last, as far as they are known
     * @throws SQLException if the server does not answer
     */
    public final List<String> otherSessions(Connection connection) throws SQLException {
        return ConnectedSession.describe(sessions(connection, connection.getCatalog()));
    }

    /**
     * Lists the sessions that are connected to a database, without that of the connection and the server's own.
     *
     * @param connection a connection to the server
     * @param database the name of the database
     * @return the sessions; those that the user may not see are missing
     * @throws SQLException if the server does not answer
     */
    public abstract List<ConnectedSession> sessions(Connection connection, String database) throws SQLException;

    /**
     * Lists those of {@link #sessions} that run a statement or are in a transaction.
     *
     * @param connection a connection to the server
     * @param database the name of the database
     * @return the sessions, and those of which the user may not see what they do
     * @throws SQLException if the server does not answer
     */
    public abstract List<ConnectedSession> busySessions(Connection connection, String database) throws SQLException;

    /**
     * Tells why {@link #sessions} may lack some.
     *
     * @param connection a connection to the server
     * @return what the user lacks, and what grants it; empty where the user sees the sessions of all
     * @throws SQLException if the server does not answer
     */
    public Optional<String> whyNotAllSessions(Connection connection) throws SQLException {
        return Optional.empty();
    }

    /**
     * Lists the sessions in the database of a connection that wait for a lock.
     *
     * @param monitor a connection to the database
     * @param holders the sessions of which one holds the lock; others are left out of account
     * @return those that wait, and for whom; none where the user may not see that
     * @throws SQLException if the server does not answer
     */
    public abstract List<BlockedSession> blockedSessions(Connection monitor, Set<Long> holders) throws SQLException;

    /**
     * Ends a session.
     *
     * @param monitor a connection to the server
     * @param session the session's number
     * @throws SQLException if the server refuses
     */
    public abstract void endSession(Connection monitor, long session) throws SQLException;

    static String describeSession(
            @Nullable String user,
            @Nullable String host,
            @Nullable String application,
            @Nullable String state,
            @Nullable String statement) {
        String sql = orEmpty(statement)
                .strip()
                .replaceAll("\\s+", " ")
                // Those of users that the statement creates.
                .replaceFirst("(?i)\\b(PASSWORD|IDENTIFIED\\b.*?\\b(?:BY|AS))[ (]+'.*", "$1 ***");
        return orEmpty(user)
                + after(" from ", orEmpty(host))
                + after(" by ", orEmpty(application))
                + after(", ", orEmpty(state))
                + after(": ", sql.length() <= STATEMENT_SHOWN ? sql : sql.substring(0, STATEMENT_SHOWN - 1) + "…");
    }

    private static String after(String words, String text) {
        return text.isEmpty() ? "" : words + text;
    }

    static String orEmpty(@Nullable String text) {
        return text == null ? "" : text;
    }

    /**
     * Drops a database, and ends the sessions that are still connected to it.
     *
     * @param admin a connection to another database of the server
     * @param name the database; nothing happens where it does not exist
     * @throws SQLException if the server refuses
     */
    public abstract void dropDatabase(Connection admin, String name) throws SQLException;

    /**
     * Returns what creates a database like another one, but for what is in it: with its owner, locale, settings, privileges,
     * comment and limits, none of which is in a dump.
     *
     * @param connection a connection to any database of the server
     * @param like the other database
     * @param name the name of the new one, which may be that of the other one
     * @return the statements, the creation first
     * @throws SQLException if the server does not answer
     */
    public abstract List<String> creation(Connection connection, String like, String name) throws SQLException;

    /**
     * Drops every object of the connected user in the database and leaves the database empty, with the privileges of an
     * ordinary owner.
     *
     * @param connection a connection to the database
     * @throws SQLException if the server refuses
     */
    public abstract void emptyDatabase(Connection connection) throws SQLException;

    /**
     * Lists the tables that hold rows, those of the engine and of its extensions left out.
     *
     * @param connection a connection to the database
     * @return the tables by name; of a partitioned one its partitions (PostgreSQL) or itself (MySQL, MariaDB)
     * @throws SQLException if the catalogue cannot be read
     */
    public final SortedSet<TableName> tables(Connection connection) throws SQLException {
        SortedSet<TableName> tables = new TreeSet<>();
        try (var statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(tablesSql())) {
            while (rows.next()) {
                tables.add(new TableName(rows.getString(1), rows.getString(2)));
            }
        }
        return tables;
    }

    abstract String tablesSql();

    /**
     * Counts the rows of a table, whatever it belongs to.
     *
     * @param connection a connection to the database
     * @param table the table
     * @return how many the connection's user sees, those of its partitions included; empty where there is no such table
     * @throws SQLException if the table cannot be read
     */
    public Optional<Long> countRows(Connection connection, TableName table) throws SQLException {
        return Optional.empty();
    }

    /**
     * Finds the tables whose partitions hold their rows in files of their own, as PostgreSQL's do.
     *
     * @param connection a connection to the database
     * @return each partition that holds rows, and the table that it is part of, not itself a partition
     * @throws SQLException if the catalogue cannot be read
     */
    public Map<TableName, TableName> partitionedTables(Connection connection) throws SQLException {
        return Map.of();
    }

    /**
     * Tells whether rules of the table hide rows from the connection's user.
     *
     * @param connection a connection to the database
     * @param table the table, which exists
     * @return whether row-level security applies to the user
     * @throws SQLException if the catalogue cannot be read
     */
    public boolean hidesRows(Connection connection, TableName table) throws SQLException {
        return false;
    }

    /**
     * Lists the views, routines, sequences and types that the database holds beside its tables, for telling whether it
     * is empty.
     *
     * @param connection a connection to the database
     * @return their names
     * @throws SQLException if the catalogue cannot be read
     */
    public abstract List<String> otherObjects(Connection connection) throws SQLException;

    /**
     * Describes every object of the user's in the database, but for owners and privileges. What belongs to an extension is
     * left out. The session is left as it was.
     *
     * @param connection a connection to the database
     * @return the objects, in no order
     * @throws SQLException if the catalogue cannot be read
     */
    public abstract List<SchemaObject> schemaObjects(Connection connection) throws SQLException;

    /**
     * Describes who has which privileges in the database, apart from those that everybody's objects come with: an object for
     * each user or role and each thing that privileges are granted on. The session is left as it was.
     *
     * @param connection a connection to the database
     * @return the privileges that the connection's user may see, in no order
     * @throws SQLException if the catalogue cannot be read
     */
    public abstract List<SchemaObject> grants(Connection connection) throws SQLException;

    /**
     * Returns the definition of a constraint, index or sequence without its name, where the name has the form of those that
     * the engine makes up: {@code pet_owner_id_fkey}, {@code pet_ibfk_1}.
     *
     * @param object any object
     * @return what is left of the definition; empty where the name is one that somebody chose, or the object of another
     *     kind
     */
    public abstract Optional<String> withoutGeneratedName(SchemaObject object);

    /**
     * Returns the definition of a column as it reads when a sequence that it takes its default from has another name.
     *
     * @param column the definition of the column
     * @param sequence the sequence's own name
     * @param newName its other name
     * @return the definition, the same where the column has no such default
     */
    public String withSequence(String column, String sequence, String newName) {
        return column;
    }

    /**
     * Returns the part of a server's version that tells releases apart which may describe the same object differently.
     *
     * @param serverVersion the version, such as {@code 17.5} or {@code 11.8.2}
     * @return the release, such as {@code 17} or {@code 11.8}
     */
    public abstract String release(String serverVersion);

    /**
     * Digests the rows of tables inside the server: the order of rows and columns, the session's settings and the path that
     * the rows came in by make no difference; any other value, column name or number of equal rows does. Takes the SELECT
     * privilege only, and leaves the session as it was.
     *
     * @param connection a connection to the database
     * @param tables the tables
     * @param earlier digests of this database, or of the one that it was copied from: a table that provably holds the same
     *     rows still is not read again
     * @return the digest of each
     * @throws SQLException if a table cannot be read
     */
    public final SortedMap<TableName, TableDigest> digests(
            Connection connection, Collection<TableName> tables, Map<TableName, TableDigest> earlier)
            throws SQLException {
        return digests(connection, tables, earlier, Optional.empty());
    }

    /**
     * Digests the rows of tables as {@link #digests(Connection, Collection, Map)} does. The database's own name makes no
     * difference in the column that has it.
     *
     * @param connection as there
     * @param tables as there
     * @param earlier as there
     * @param databaseName the column; empty where there is none. PostgreSQL only
     * @return the digest of each
     * @throws SQLException if a table cannot be read
     */
    public abstract SortedMap<TableName, TableDigest> digests(
            Connection connection,
            Collection<TableName> tables,
            Map<TableName, TableDigest> earlier,
            Optional<DatabaseNameColumn> databaseName)
            throws SQLException;

    /**
     * Reads by what the tables of a database are the same under other names.
     *
     * @param connection a connection to the database
     * @return the tables that the engine tells apart, by name; none where the user may not see it
     * @throws SQLException if the server does not answer
     */
    public abstract Map<TableName, TableIdentity> identities(Connection connection) throws SQLException;

    /**
     * Reads where the generators of a database continue: sequences, those of extensions left out, and AUTO_INCREMENT
     * counters. None of them is moved, and the session is left as it was.
     *
     * @param connection a connection to the database
     * @return the positions, in no order
     * @throws SQLException if one cannot be read
     */
    public abstract List<SequencePosition> positions(Connection connection) throws SQLException;

    /**
     * Digests the large objects of a database.
     *
     * @param connection a connection to the database
     * @return the digest; {@link LargeObjects#NONE} for engines without large objects
     * @throws SQLException if they cannot be read
     */
    public LargeObjects largeObjects(Connection connection) throws SQLException {
        return LargeObjects.NONE;
    }

    /**
     * Hashes each large object of a database.
     *
     * @param connection a connection to the database
     * @return a hash of the contents by OID; the empty string for those that the user may not read
     * @throws SQLException if they cannot be read
     */
    public SortedMap<Long, String> largeObjectHashes(Connection connection) throws SQLException {
        return new TreeMap<>();
    }

    /**
     * Writes a row into each table of a database, takes the next value of each sequence and reads a row of each view. What
     * was written stays, so the database is to be one that is thrown away.
     *
     * @param connection a connection to the database, in auto-commit mode
     * @param not the tables that are left out
     * @param thorough whether each table is given both a row that is made up by type and one made from a row that it holds
     * @param limit how long all may take
     * @return what came of it
     * @throws SQLException if the catalogue cannot be read
     */
    public final WriteProbe probeWrites(
            Connection connection, Predicate<TableName> not, boolean thorough, Duration limit) throws SQLException {
        return Writes.probe(this, writeDialect(), connection, not, thorough, limit);
    }

    abstract WriteDialect writeDialect();

    /**
     * Opens a reader of what the tables of a database hold, to compare it with another database's.
     *
     * @param connection a connection to the database, for the reader alone until it is closed
     * @return the reader
     * @throws SQLException if the server does not answer
     */
    public abstract DataReader dataReader(Connection connection) throws SQLException;

    /**
     * Returns the schema that an unqualified name of the user's means in the database.
     *
     * @param connection a connection to the database
     * @return the schema, the empty string on MySQL and MariaDB
     * @throws SQLException if the server does not answer
     */
    public abstract String defaultSchema(Connection connection) throws SQLException;

    /**
     * Puts foreign keys and triggers out of the way of rows that are loaded, for every session, until the result is
     * {@linkplain Suspension#end ended}. What a session can switch off for itself is not touched: see {@link
     * #prologue}.
     *
     * @param connection a connection to the database
     * @return what brings them back
     * @throws SQLException if the server refuses
     */
    public abstract Suspension suspendRules(Connection connection) throws SQLException;

    /**
     * Returns the statements that the session which loads a data-only backup begins with: foreign keys and triggers off
     * as far as the session may, and the rows that stand in the backup's way deleted.
     *
     * @param connection a connection to the database, with the privileges of the session that loads
     * @param tables the tables that the backup holds rows of, whether they exist in the database or not
     * @return the statements, without a delimiter
     * @throws SQLException if the server does not answer
     */
    public abstract List<String> prologue(Connection connection, Collection<TableName> tables) throws SQLException;

    /**
     * Returns the statement of a {@link #prologue} that removes every large object, for a backup that brings its own.
     *
     * @return the statement, without a delimiter
     */
    public String withoutLargeObjects() {
        throw new UnsupportedOperationException(displayName + " has no large objects");
    }

    /**
     * Creates the roles that a backup names as owners, grantees or definers and that the server lacks, without the
     * right to log in.
     *
     * @param connection a connection to the database that the backup goes into
     * @param roles the roles: names on PostgreSQL, {@code user@host} on MySQL and MariaDB
     * @return what came of it
     * @throws SQLException if the server does not answer
     */
    public abstract CreatedRoles createMissingRoles(Connection connection, Collection<String> roles)
            throws SQLException;

    /**
     * Takes away what {@link #createMissingRoles} has given to roles in a database, where that outlives the database.
     *
     * @param admin a connection to another database of the server
     * @param database the database
     * @param roles the roles
     * @throws SQLException if the server refuses
     */
    public void revokeRoles(Connection admin, String database, Collection<String> roles) throws SQLException {}

    /**
     * Drops a role.
     *
     * @param admin a connection to the server
     * @param role the role, as {@link #createMissingRoles} takes it; nothing happens where it does not exist
     * @throws SQLException if the server refuses, as PostgreSQL does while something belongs to the role
     */
    public abstract void dropRole(Connection admin, String role) throws SQLException;

    /**
     * Returns the statement without what names a missing role: see {@link #createMissingRoles}.
     *
     * @param sql a statement of a backup
     * @param missing the roles that the server lacks
     * @return the statement without the role, {@code null} where nothing is left to run
     */
    public abstract @Nullable String withoutRoles(String sql, Collection<String> missing);

    /**
     * Looks at what a session has done so far, and where the rows of every table lie, as the session sees it. Leaves it in
     * its transaction, if it is in one.
     *
     * @param session the session itself
     * @param monitor another connection to the database
     * @return what was seen
     * @throws SQLException if the server does not answer
     */
    public abstract SessionLook look(Connection session, Connection monitor) throws SQLException;

    /**
     * Lists the tables that a session keeps everybody else from writing to.
     *
     * @param monitor a connection to the database
     * @param session the session, as {@link #look} names it
     * @return the tables, by the identity that {@link #look} tells; empty where the server does not say
     * @throws SQLException if the server does not answer, or refuses
     */
    public abstract Optional<Set<String>> exclusiveLocks(Connection monitor, String session) throws SQLException;

    /**
     * Looks for a statement that waits for a lock which a session of the same migration holds while that session is
     * idle, so that the wait never ends.
     *
     * @param monitor a connection to the database, not the one that migrates
     * @return the waiting statement, empty where there is none
     * @throws SQLException if the server does not answer
     */
    public Optional<String> selfBlockedStatement(Connection monitor) throws SQLException {
        return Optional.empty();
    }

    /**
     * Cancels the statements that {@link #selfBlockedStatement} finds.
     *
     * @param monitor a connection to the database
     * @throws SQLException if the server refuses
     */
    public void cancelSelfBlocked(Connection monitor) throws SQLException {}

    /**
     * Names the likely cause of an error in the words of somebody who has seen it before.
     *
     * @param sqlState the SQLSTATE, empty where it is not known
     * @param message the engine's own message
     * @return the cause and the way out, empty where the message says all that there is to say
     */
    public final Optional<String> likelyCause(String sqlState, String message) {
        if (FULL_DISK.matcher(message).find()) {
            return Optional.of(FULL_DISK_CAUSE);
        }
        return isGuard(message)
                ? Optional.of(
                        "the backup fits its own version only, and its guard stopped the client before anything was"
                                + " changed; restore into a database at the backup's version")
                : cause(sqlState, message);
    }

    /** As {@link #likelyCause}, for errors that no guard raised. */
    abstract Optional<String> cause(String sqlState, String message);

    /**
     * Names the likely cause of an error as {@link #likelyCause(String, String)} does, where its condition is looked up in
     * the database.
     *
     * @param connection a connection to the database in which the error came
     * @param sqlState the SQLSTATE, empty where it is not known
     * @param message the engine's own message
     * @return the cause and the way out, empty where they are not known
     * @throws SQLException if the catalogue cannot be read
     */
    public final Optional<String> likelyCause(Connection connection, String sqlState, String message)
            throws SQLException {
        Optional<String> looked = fullTable(connection, message);
        return looked.isPresent() ? looked : likelyCause(sqlState, message);
    }

    /** Explains that a table is full, empty where the message is about something else. */
    Optional<String> fullTable(Connection connection, String message) throws SQLException {
        return Optional.empty();
    }

    /**
     * Gives a role settings that hold in one database. What the server does not take is logged, and left out.
     *
     * @param connection a connection to the server
     * @param role the role
     * @param database the database
     * @param settings what {@code ALTER ROLE … SET} takes; none on MySQL and MariaDB
     * @throws SQLException if the server does not answer
     */
    public void setForRole(Connection connection, String role, String database, List<String> settings)
            throws SQLException {}

    /**
     * Returns the roles that a statement could not create because they are there.
     *
     * @param connection a connection to the server, after the failure
     * @param message the engine's own message
     * @return those that the message names and the server has; none where it is about something else
     * @throws SQLException if the catalogue cannot be read
     */
    public abstract List<String> rolesThatAreThere(Connection connection, String message) throws SQLException;

    /**
     * Explains an error of a restore. A cause is named only where its condition was looked up in the database, the file or
     * the statement.
     *
     * @param connection a connection to the database after the restore
     * @param sqlState the SQLSTATE, empty where it is not known
     * @param message the engine's own message
     * @param statement the beginning of the statement that failed, empty where it is not known
     * @param line the line of the file in which the statement begins, 0 where it is not known
     * @param context what is known of the restore
     * @return the cause and the way out, empty where they are not known
     * @throws SQLException if the catalogue cannot be read
     */
    public final Optional<String> restoreHint(
            Connection connection, String sqlState, String message, String statement, long line, RestoreContext context)
            throws SQLException {
        Optional<String> cause = likelyCause(connection, sqlState, message);
        return cause.isPresent()
                ? cause
                : restoreHints()
                        .explain(connection, new RestoreHints.Failure(sqlState, message, statement, line), context);
    }

    abstract RestoreHints restoreHints();

    /**
     * Finds the setting that a dump gives to its session and that a server of an earlier release does not have: nothing of
     * what is restored depends on it.
     *
     * @param statement the statement that failed; the empty string where it is not known
     * @param message the server's message
     * @param server the server's release
     * @return the setting, empty where the error is another
     */
    public Optional<String> laterSessionSetting(String statement, String message, int server) {
        return Optional.empty();
    }

    /**
     * Explains why a statement of a migration failed. Rows are named only where they were looked up.
     *
     * @param connection a connection to the database after the failure
     * @param sqlState the SQLSTATE, empty where it is not known
     * @param message the engine's own message
     * @param statement the statement, empty where it is not known
     * @return the cause and the way out, empty where they are not known
     * @throws SQLException if rows cannot be read
     */
    public final Optional<String> migrationHint(
            Connection connection, String sqlState, String message, String statement) throws SQLException {
        Optional<String> cause = likelyCause(connection, sqlState, message);
        return cause.isPresent() || statement.isEmpty()
                ? cause
                : new RowsInTheWay(this, connection, sqlState, message, statement).explain();
    }

    /** {@return those of the tables that hold a row} */
    final List<TableName> filled(Connection connection, Collection<TableName> tables) throws SQLException {
        List<TableName> filled = new ArrayList<>();
        for (TableName table : tables) {
            if (!queryForStrings(connection, "SELECT 1 FROM " + quote(table) + " LIMIT 1")
                    .isEmpty()) {
                filled.add(table);
            }
        }
        return filled;
    }

    static Set<Long> numbers(Connection connection, String sql) throws SQLException {
        Set<Long> numbers = new TreeSet<>();
        for (String number : queryForStrings(connection, sql)) {
            numbers.add(Long.valueOf(number));
        }
        return numbers;
    }

    static List<String> queryForStrings(Connection connection, String sql) throws SQLException {
        List<String> values = new ArrayList<>();
        try (var statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            while (rows.next()) {
                values.add(rows.getString(1));
            }
        }
        return values;
    }

    /** {@return the command as a shell takes it} */
    static String shell(List<String> command) {
        return command.stream()
                .map(word -> "'" + word.replace("'", "'\\''") + "'")
                .collect(joining(" "));
    }

    static void execute(Connection connection, Iterable<String> statements) throws SQLException {
        try (var statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    @Override
    public final String toString() {
        return displayName;
    }
}
