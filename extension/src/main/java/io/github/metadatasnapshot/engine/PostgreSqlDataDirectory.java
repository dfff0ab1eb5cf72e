package io.github.metadatasnapshot.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What is run, in a container of its own, to start a server on a copy of PostgreSQL's data directory and to dump a database
 * of it. The copy's own settings are replaced: they can name programs to run, and paths of the machine it is from.
 */
public final class PostgreSqlDataDirectory {

    /** The user that the server runs as in images of PostgreSQL. */
    public static final String SYSTEM_USER = "postgres";

    /** What {@link #damage} prints where the image does not hold the extension. */
    public static final String NO_AMCHECK = "no amcheck";

    private static final String PLACE = "/tmp/copy";
    private static final String SOCKETS = "/tmp";

    /** Who the superuser is, the copy does not say: the server without clients makes one, and asks for no name. */
    private static final String ROLE = "metadata_snapshot";

    private static final Pattern CHECKSUMS = Pattern.compile("(?m)^Data page checksum version: *[1-9]");
    private static final Pattern TORN_PAGES = Pattern.compile("(?m)^Latest checkpoint's full_page_writes: *off");
    private static final Pattern STATE = Pattern.compile("(?m)^Database cluster state: *(.*?) *$");
    private static final Pattern RELEASE = Pattern.compile("\\(PostgreSQL\\) (\\d+(?:\\.\\d+)*)");

    private static final String PREPARE = """
            set -e
            cd "$1"
            chmod -R u+rwX .
            chmod 700 .
            rm -f postmaster.pid
            cat >postgresql.conf <<'END'
            listen_addresses = ''
            unix_socket_directories = '/tmp'
            fsync = off
            END
            echo 'local all all trust' >pg_hba.conf
            : >pg_ident.conf
            : >postgresql.auto.conf
            """;

    private static final String RECOVER = """
            echo 'CREATE ROLE %s LOGIN SUPERUSER' | postgres --single -D "$1" template1 >/dev/null
            """.formatted(ROLE);

    private static final String START = """
            pg_ctl -D "$1" -w -t 600 -l /tmp/log start >/dev/null || { cat /tmp/log >&2; exit 1; }
            """;

    /**
     * What is undone in the end is not dumped. The parent check needs no other session; of a row each index is asked, but
     * not of an index's entry that the row is there.
     */
    private static final String DAMAGE = """
            SELECT count(*) > 0 AS available FROM pg_available_extensions WHERE name = 'amcheck' \\gset
            \\if :available
            BEGIN;
            CREATE EXTENSION IF NOT EXISTS amcheck;
            SELECT nspname AS schema FROM pg_extension JOIN pg_namespace n ON n.oid = extnamespace
            WHERE extname = 'amcheck' \\gset
            SELECT count(:"schema".bt_index_parent_check(indexrelid, true)) AS indexes
            FROM pg_index JOIN pg_class c ON c.oid = indexrelid JOIN pg_am a ON a.oid = relam
            WHERE amname = 'btree' AND relkind = 'i' AND relpersistence <> 't' AND indisvalid AND indisready \\gset
            SELECT count(*) > 0 AS heap FROM pg_proc WHERE proname = 'verify_heapam' \\gset
            \\if :heap
            SELECT format('table %%s, block %%s, row %%s: %%s', c.oid::regclass, blkno, offnum, msg)
            FROM pg_class c CROSS JOIN LATERAL :"schema".verify_heapam(c.oid)
            WHERE relkind IN ('r', 't', 'm') AND relpersistence <> 't' LIMIT 1;
            \\endif
            ROLLBACK;
            \\else
            SELECT '%s';
            \\endif
            """.formatted(NO_AMCHECK);

    private static final String DATABASES = """
            SELECT datname FROM pg_catalog.pg_database
            WHERE datallowconn AND NOT datistemplate ORDER BY datname
            """;

    private static final String CONTENT = """
            SELECT CASE WHEN bool_or(relname = :'table') THEN 'HISTORY'
                        WHEN count(*) > 0 THEN 'TABLES'
                        ELSE 'NOTHING' END
            FROM pg_catalog.pg_class JOIN pg_catalog.pg_namespace n ON n.oid = relnamespace
            WHERE relkind IN ('r', 'p') AND nspname NOT IN ('pg_catalog', 'information_schema')
            """;

    /** What a database of the copy holds. */
    public enum Content {
        /** The history table, and perhaps others. */
        HISTORY,
        /** Tables, but not the history table. */
        TABLES,
        /** No table. */
        NOTHING
    }

    private final String root;

    /**
     * Creates the commands for a copy.
     *
     * @param root the directory within the archive that is the data directory: empty, or ending with a slash
     */
    public PostgreSqlDataDirectory(String root) {
        this.root = root;
    }

    private String path() {
        return PLACE + "/" + root;
    }

    /** {@return the command that unpacks the archive, which it reads} */
    public List<String> unpack() {
        return shell("mkdir -p " + PLACE + " && exec tar -xf - -C " + PLACE);
    }

    /** {@return the command that prints the server's version} */
    public List<String> version() {
        return List.of("postgres", "--version");
    }

    /**
     * Reads what {@link #version} printed.
     *
     * @return the first number of the version, as {@code PG_VERSION} has it: two up to 9.6
     */
    public static String release(String printed) {
        Matcher matcher = RELEASE.matcher(printed);
        return !matcher.find() ? "" : matcher.group(1).replaceFirst("^(9\\.\\d+|[1-9]\\d+).*", "$1");
    }

    /** {@return the command that prints what the server last noted about its state} */
    public List<String> state() {
        return List.of("pg_controldata", "-D", path());
    }

    /** {@return the state that {@link #state} printed, such as {@code in production}; empty where there is none} */
    public static String state(String printed) {
        Matcher matcher = STATE.matcher(printed);
        return matcher.find() ? matcher.group(1) : "";
    }

    /** {@return whether a server in this state had ended in order, so that its files fit together} */
    public static boolean isShutDown(String state) {
        return state.startsWith("shut down");
    }

    /** {@return the command that replaces the copy's settings} */
    public List<String> prepare() {
        return shell(PREPARE, path());
    }

    /** {@return the command that brings the files to one moment by the log, and ends; where it fails, its errors are the server's} */
    public List<String> recover() {
        return shell(RECOVER, path());
    }

    /** {@return whether pages have checksums, by what {@link #state} printed} */
    public static boolean hasChecksums(String printed) {
        return CHECKSUMS.matcher(printed).find();
    }

    /** {@return whether a page that was half written cannot be repaired, by what {@link #state} printed} */
    public static boolean keepsTornPages(String printed) {
        return TORN_PAGES.matcher(printed).find();
    }

    /** {@return the command that compares each page with its checksum, of a server that does not run} */
    public List<String> checksums() {
        return List.of("pg_checksums", "--check", "-D", path());
    }

    /** {@return a script that reads each table and index of a database for what amcheck knows, and prints the first damage} */
    public ClientScript damage(String database) {
        return psql(database, "", DAMAGE);
    }

    /** {@return the command that ends the server} */
    public List<String> stop() {
        return List.of("pg_ctl", "-D", path(), "-m", "fast", "-w", "-s", "stop");
    }

    /** {@return the command that starts the server; where it fails, its errors are the server's} */
    public List<String> start() {
        return shell(START, path());
    }

    /** {@return prints the names of the databases, each of which a zero byte ends} */
    public ClientScript databases() {
        return psql("template1", "", DATABASES);
    }

    /** {@return prints the name of what a database holds} */
    public ClientScript content(String database, String historyTable) {
        return psql(database, historyTable, CONTENT);
    }

    /** {@return the command that dumps a database} */
    public List<String> dump(String database) {
        return List.of("pg_dump", "--host=" + SOCKETS, "--username=" + ROLE, "--encoding=UTF8", "--", database);
    }

    private static ClientScript psql(String database, String table, String sql) {
        return new ClientScript(
                List.of(
                        "psql",
                        "-XAtq0",
                        "--set=ON_ERROR_STOP=1",
                        "--set=table=" + table,
                        "--host=" + SOCKETS,
                        "--username=" + ROLE,
                        "--",
                        database),
                sql + ";");
    }

    private static List<String> shell(String script, String... arguments) {
        List<String> command = new ArrayList<>(List.of("sh", "-c", script, "sh"));
        command.addAll(List.of(arguments));
        return command;
    }
}
