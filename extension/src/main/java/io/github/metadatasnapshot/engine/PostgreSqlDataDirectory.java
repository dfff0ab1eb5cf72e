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

    private static final String PLACE = "/tmp/copy";
    private static final String SOCKETS = "/tmp";

    /** Who the superuser is, the copy does not say: the server without clients makes one, and asks for no name. */
    private static final String ROLE = "metadata_snapshot";

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

    private static final String START = """
            echo 'CREATE ROLE %s LOGIN SUPERUSER' | postgres --single -D "$1" template1 >/dev/null || exit
            pg_ctl -D "$1" -w -t 600 -l /tmp/log start >/dev/null || { cat /tmp/log >&2; exit 1; }
            """.formatted(ROLE);

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
