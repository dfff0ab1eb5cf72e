package io.github.metadatasnapshot.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The program by which an engine dumps a database. */
public final class DumpTool {

    private static final Pattern NOTHING = Pattern.compile("(?!)");

    static final DumpTool PG_DUMP = new DumpTool(
            "pg_dump",
            Pattern.compile("pg_dump \\(PostgreSQL\\) (?<version>\\d+(?:\\.\\d+)*)"),
            "13.3",
            "with postgres:17, for instance",
            1,
            Pattern.compile("pg_dump: (?:error|fatal): .*"),
            NOTHING,
            List.of(
                    "--username=",
                    "--no-password",
                    "--format=plain",
                    "--encoding=UTF8",
                    "--no-owner",
                    "--no-privileges",
                    "--no-tablespaces",
                    // A migration that runs at the same time holds locks: an error instead of a wait without an end.
                    "--lock-wait-timeout=60s"),
            List.of("--data-only"));

    static final DumpTool MYSQLDUMP = new DumpTool(
            "mysqldump",
            Pattern.compile("(?!.*MariaDB)mysqldump +Ver (?:\\d+\\.\\d+ Distrib )?(?<version>\\d+(?:\\.\\d+)+)"),
            "8.3",
            "with mysql:8.4, for instance; earlier ones mishandle generated columns",
            2,
            Pattern.compile("(?:\\S*/)?mysqldump: (?!\\[Warning]|Deprecated).*"),
            // Since 9.7: the whole server's, which an ordinary user may not read.
            Pattern.compile("(?:\\S*/)?mysqldump: Error: 'SELECT command denied to user .* for table"
                    + " '(?:column_)?masking_policy'' when trying to dump masking policies"),
            Stream.concat(
                            mySqlOptions(),
                            Stream.of(
                                    "--set-gtid-purged=OFF",
                                    // Since 9.7, on by default, and not for an ordinary user.
                                    "--loose-skip-masking-policies"))
                    .toList(),
            List.of("--no-create-info", "--skip-triggers", "--skip-routines", "--skip-events", "--complete-insert"));

    static final DumpTool MARIADB_DUMP = new DumpTool(
            "mariadb-dump",
            Pattern.compile("mariadb-dump +(?:from |Ver \\d+\\.\\d+ Distrib )(?<version>\\d+(?:\\.\\d+)+).*"),
            "10.5",
            "with mariadb:11.8, for instance",
            2,
            Pattern.compile("(?:\\S*/)?(?:mariadb-dump|mysqldump): (?!\\[Warning]|Warning|Deprecated).*"),
            NOTHING,
            mySqlOptions().toList(),
            List.of("--no-create-info", "--skip-triggers", "--skip-routines", "--skip-events", "--complete-insert"));

    private final String program;
    private final Pattern versionLine;
    private final Version oldest;
    private final String instead;
    private final int releaseParts;
    private final Pattern error;
    private final Pattern ofServer;
    private final List<String> options;
    private final List<String> dataOnly;

    private DumpTool(
            String program,
            Pattern versionLine,
            String oldest,
            String instead,
            int releaseParts,
            Pattern error,
            Pattern ofServer,
            List<String> options,
            List<String> dataOnly) {
        this.program = program;
        this.versionLine = versionLine;
        this.oldest = Version.of(oldest);
        this.instead = instead;
        this.releaseParts = releaseParts;
        this.error = error;
        this.ofServer = ofServer;
        this.options = options;
        this.dataOnly = dataOnly;
    }

    private static Stream<String> mySqlOptions() {
        return Stream.of(
                "--user=",
                "--single-transaction",
                "--no-tablespaces",
                "--routines",
                "--triggers",
                "--events",
                "--hex-blob",
                "--default-character-set=utf8mb4",
                // The default of 24 MB is less than what a server takes.
                "--max-allowed-packet=1G");
    }

    /** {@return the program's name} */
    public String program() {
        return program;
    }

    /**
     * Returns the command that dumps a database to its standard output: what can be restored elsewhere, by another user,
     * consistent while others write.
     *
     * @param host the server's host
     * @param port the server's port
     * @param user the user
     * @param database the database
     * @param rowsOnly whether only the rows are dumped
     * @param more further options
     * @return the program and its arguments, the password not among them
     */
    public List<String> command(
            String host, int port, String user, String database, boolean rowsOnly, List<String> more) {
        List<String> command = new ArrayList<>(List.of(program, "--host=" + host, "--port=" + port));
        command.add(options.get(0) + user);
        command.addAll(options.subList(1, options.size()));
        if (rowsOnly) {
            command.addAll(dataOnly);
        }
        command.addAll(more);
        command.add(database);
        return command;
    }

    /**
     * Reads the tool's version.
     *
     * @param printed what it prints when it is called with {@code --version}
     * @return the version, such as {@code 17.5}; empty where that was another tool
     */
    public Optional<String> version(String printed) {
        Matcher matcher = versionLine.matcher(printed.strip());
        return matcher.lookingAt() ? Optional.of(matcher.group("version")) : Optional.empty();
    }

    /**
     * Tells why a version of the tool must not dump a server.
     *
     * @param version the tool's version
     * @param serverVersion the server's version
     * @return the reason and the way out; empty where it may
     */
    public Optional<String> whyUnfit(String version, String serverVersion) {
        if (Version.of(version).compareTo(oldest) < 0) {
            return Optional.of(
                    program + " " + version + " is too old: capture with " + oldest + " or later (" + instead + ")");
        }
        Version release = release(serverVersion);
        if (release(version).compareTo(release) < 0) {
            return Optional.of(program + " " + version + " is older than the server, " + serverVersion
                    + ": capture with that of " + release + " or later");
        }
        return Optional.empty();
    }

    /** {@return the version without what differs between updates of one release: 17 of 17.5, 9.7 of 9.7.1} */
    private Version release(String version) {
        String[] parts = version.split("\\.", -1);
        return Version.of(String.join(".", List.of(parts).subList(0, Math.min(releaseParts, parts.length))));
    }

    /** Tells whether a line that the tool printed to its standard error is an error, whatever its exit status. */
    public boolean isError(String line) {
        return error.matcher(line).matches();
    }

    /**
     * Tells whether a line that the tool printed as an error, with exit status 0, is about what no database holds, so that
     * the dump lacks nothing of its own.
     */
    public boolean isAboutServer(String line) {
        return ofServer.matcher(line).matches();
    }

    /** Tells whether a dump is of a later release of the tool than a server, and so than the client of that server. */
    public boolean isNewer(String version, String serverVersion) {
        return release(version).compareTo(release(serverVersion)) > 0;
    }

    /** {@return the image that holds the tool of a server's release} */
    String image(String repository, String serverVersion) {
        return repository + ":" + release(serverVersion);
    }
}
