package io.github.metadatasnapshot.backup;

import static java.util.stream.Collectors.joining;

import io.github.metadatasnapshot.engine.ClientScript;
import io.github.metadatasnapshot.engine.HistoryTable;
import io.github.metadatasnapshot.engine.PostgreSqlDataDirectory;
import io.github.metadatasnapshot.engine.PostgreSqlDataDirectory.Content;
import io.github.metadatasnapshot.server.ClientContainer;
import io.github.metadatasnapshot.server.ClientHost;
import io.github.metadatasnapshot.server.ServerUnavailableException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A copy of PostgreSQL's data directory in a tar archive, as a product with an embedded server is backed up. Nothing of it is
 * unpacked on this machine: a container without a network unpacks it, starts a server on it and dumps the database in it,
 * which is a backup like any other.
 */
public final class DataDirectory {

    private static final int LONGEST_OUTPUT_BYTES = 1 << 20;

    private static final String NOT_LISTED = "its databases cannot be listed";

    private final Backup backup;
    private final List<DataDirectoryArchive> archives;

    private DataDirectory(Backup backup, List<DataDirectoryArchive> archives) {
        this.backup = backup;
        this.archives = archives;
    }

    /**
     * Looks for a data directory in a backup, which is read from end to end where it is a tar archive, compressed by gzip,
     * zstd or not at all.
     *
     * @param backup the backup
     * @return the copy in it, which may be of several data directories; empty where the file is something else
     * @throws BackupException if the archive is damaged, has entries that no safe archive has, or is longer than 64 GiB once
     *     it is unpacked
     */
    public static Optional<DataDirectory> in(Backup backup) {
        return Optional.of(DataDirectoryArchive.read(backup, DataDirectoryArchive.MOST_BYTES))
                .filter(archives -> !archives.isEmpty())
                .map(archives -> new DataDirectory(backup, archives));
    }

    /**
     * A dump of a copy.
     *
     * @param backup the dump
     * @param trusted what is left to trust of a copy that was made while the server ran, for people; none of another
     */
    public record Dump(Backup backup, List<String> trusted) {

        /** Copies the list. */
        public Dump {
            trusted = List.copyOf(trusted);
        }
    }

    /**
     * Dumps the database in the copy. Of several databases it is the one with the history table, and of several data
     * directories the one that has such a database.
     *
     * @param image the image of a server of the same major version, such as {@code postgres:17}
     * @param history the history table; one of those before it will do, as in a copy of an old release
     * @param copiedWhileRunning whether the copy is of one moment, though its server ran
     * @param target where the dump is written, compressed by its suffix
     * @return the dump, under the name of the copy
     * @throws ServerUnavailableException if no Docker engine answers
     * @throws BackupException if the server was not shut down before it was copied, a server of the image does not start on
     *     the copy, the copy is found to be damaged, or nothing tells which of its databases is meant
     */
    public Dump dump(String image, HistoryTable history, boolean copiedWhileRunning, Path target) {
        try (ClientContainer container = ClientContainer.startSealed(image, PostgreSqlDataDirectory.SYSTEM_USER)) {
            ClientHost host = container.host();
            run(
                    host,
                    new PostgreSqlDataDirectory("").unpack(),
                    "tar could not unpack it",
                    () -> DataDirectoryArchive.open(backup, DataDirectoryArchive.MOST_BYTES));
            Found found = find(host, image, history, copiedWhileRunning);
            List<String> trusted = found.state().isEmpty() ? List.of() : check(host, found);
            try (BackupFile file = BackupFile.begin(target);
                    InputStream dump = output(
                            host,
                            found.directory().dump(found.database()),
                            "database " + found.database() + " of it cannot be dumped",
                            InputStream::nullInputStream)) {
                dump.transferTo(file.content());
                file.complete();
            }
            return new Dump(Backup.of(target, backup.name() + " (database " + found.database() + ")"), trusted);
        } catch (ServerUnavailableException e) {
            throw new ServerUnavailableException(
                    backup.name()
                            + " is a copy of a data directory, which only a server in a container of its own opens. "
                            + e.getMessage(),
                    e);
        } catch (IOException e) {
            throw new BackupException(backup.name() + " cannot be dumped to " + target + ": " + e.getMessage(), e);
        }
    }

    /**
     * A database of a server that runs.
     *
     * @param directory its data directory
     * @param database its name
     * @param state what pg_controldata printed of a copy that was made while the server ran; empty of another
     */
    private record Found(PostgreSqlDataDirectory directory, String database, Optional<String> state) {}

    /** Starts a server on one data directory after the other, and leaves the one running that has the history. */
    private Found find(ClientHost host, String image, HistoryTable history, boolean copiedWhileRunning)
            throws IOException {
        List<Found> found = new ArrayList<>();
        for (DataDirectoryArchive archive : archives) {
            PostgreSqlDataDirectory directory = new PostgreSqlDataDirectory(archive.root());
            Optional<String> state = start(host, image, archive, directory, copiedWhileRunning);
            Map<String, Content> databases = databases(host, directory, history);
            if (archives.size() == 1) {
                return new Found(directory, database(databases, history), state);
            }
            if (databases.containsValue(Content.HISTORY)) {
                found.add(new Found(directory, database(databases, history), state));
            }
            run(host, directory.stop(), "its server does not stop", InputStream::nullInputStream);
        }
        if (found.size() != 1) {
            throw new BackupException(backup.name() + " holds " + archives.size() + " data directories, "
                    + archives.stream().map(DataDirectoryArchive::root).collect(joining(", "))
                    + (found.isEmpty()
                            ? ", of which none has a database with the history table " + named(history)
                            : ", and more than one has a database with the history table " + named(history))
                    + ": pack the one to test into an archive of its own");
        }
        run(host, found.get(0).directory().start(), "its server does not start again", InputStream::nullInputStream);
        return found.get(0);
    }

    /** Starts the server, and returns its state before where the copy was made while it ran. */
    private Optional<String> start(
            ClientHost host,
            String image,
            DataDirectoryArchive archive,
            PostgreSqlDataDirectory directory,
            boolean copiedWhileRunning)
            throws IOException {
        String release = PostgreSqlDataDirectory.release(
                run(host, directory.version(), image + " holds no server of PostgreSQL", InputStream::nullInputStream));
        boolean sameRelease = release.equals(archive.version());
        // pg_controldata of another release misreads the file.
        Optional<String> state =
                sameRelease ? stateWhileRunning(host, archive, directory, copiedWhileRunning) : Optional.empty();
        String doesNotStart = "the server of " + image
                + " does not start on this copy of a data directory of PostgreSQL "
                + archive.version()
                + (sameRelease
                        ? ". Likely files are missing, or are not of one moment: stop the server and copy the whole"
                                + " directory, or copy it by pg_basebackup -X fetch"
                        : ". Name a server of its major version: database = \"postgres:" + archive.version() + "\"")
                + ". The server said";
        run(host, directory.prepare(), "it cannot be made ready", InputStream::nullInputStream);
        run(host, directory.recover(), doesNotStart, InputStream::nullInputStream);
        if (state.filter(PostgreSqlDataDirectory::hasChecksums).isPresent()) {
            run(
                    host,
                    directory.checksums(),
                    "pages do not have their checksums: the copy is damaged, or its files are not of one moment",
                    InputStream::nullInputStream);
        }
        run(host, directory.start(), doesNotStart, InputStream::nullInputStream);
        return state;
    }

    /** {@return what pg_controldata prints where the server had not been shut down, and the files are said to be of one moment} */
    private Optional<String> stateWhileRunning(
            ClientHost host,
            DataDirectoryArchive archive,
            PostgreSqlDataDirectory directory,
            boolean copiedWhileRunning)
            throws IOException {
        if (archive.labelled()) {
            return Optional.empty();
        }
        String printed =
                run(host, directory.state(), "pg_controldata cannot read its state", InputStream::nullInputStream);
        String state = PostgreSqlDataDirectory.state(printed);
        if (!archive.running() && PostgreSqlDataDirectory.isShutDown(state)) {
            return Optional.empty();
        }
        if (!copiedWhileRunning) {
            throw new BackupException(backup.name()
                    + " is a copy of a data directory whose server had not been shut down: pg_controldata says '"
                    + state
                    + "'" + (archive.running() ? ", there is a postmaster.pid" : "")
                    + ", and there is no backup_label. Its files can be of different moments, and a server that starts on"
                    + " them can hold less than the one they are from. Stop the server before you copy, or copy by"
                    + " pg_basebackup -X fetch. Of a snapshot of the volume, which is of one moment, or a copy in the"
                    + " product's readonly mode, say so: copiedWhileRunning = true");
        }
        return Optional.of(printed);
    }

    /** Checks a copy that was made while the server ran, since one that is torn may start, and says what is left to trust. */
    private List<String> check(ClientHost host, Found found) throws IOException {
        List<String> damage = psql(
                host,
                found.directory().damage(found.database()),
                "database " + found.database() + " is damaged, or its files are not of one moment. amcheck says");
        boolean amcheck = !damage.equals(List.of(PostgreSqlDataDirectory.NO_AMCHECK));
        if (amcheck && !damage.isEmpty()) {
            throw new BackupException(backup.name() + ": database " + found.database()
                    + " is damaged, or its files are not of one moment. amcheck says: " + damage.get(0));
        }
        String state = found.state().orElseThrow();
        boolean checksums = PostgreSqlDataDirectory.hasChecksums(state);
        List<String> trusted = new ArrayList<>();
        trusted.add(backup.name() + " was copied while its server ran. It was recovered, and then "
                + (checksums ? "each page compared with its checksum, " : "")
                + (amcheck ? "each table and B-tree index checked by amcheck, " : "")
                + "each row of database " + found.database() + " read. A page of another moment that "
                + (checksums ? "has its checksum and " : "") + "fits in is not found by that: that all files are of one"
                + " moment is left to trust. Tables without a log (UNLOGGED) are empty");
        if (!checksums) {
            trusted.add(backup.name() + ": its pages have no checksums");
        }
        if (!amcheck) {
            trusted.add(backup.name() + ": the image holds no amcheck, so that indexes were not looked at");
        }
        if (PostgreSqlDataDirectory.keepsTornPages(state)) {
            trusted.add(backup.name() + ": its server ran with full_page_writes = off, so that a page which was half"
                    + " written in that moment was not repaired");
        }
        return trusted;
    }

    private Map<String, Content> databases(ClientHost host, PostgreSqlDataDirectory directory, HistoryTable history)
            throws IOException {
        Map<String, Content> databases = new TreeMap<>();
        for (String name : psql(host, directory.databases(), NOT_LISTED)) {
            databases.put(name, content(host, directory, name, tables(history)));
        }
        return databases;
    }

    private static List<String> tables(HistoryTable history) {
        return history.tables().stream()
                .filter(table -> table.columns().column("version").isPresent())
                .map(HistoryTable::name)
                .toList();
    }

    private static String named(HistoryTable history) {
        return String.join(" or ", tables(history));
    }

    private String database(Map<String, Content> databases, HistoryTable history) {
        List<String> candidates = having(databases, Content.HISTORY);
        if (candidates.isEmpty()) {
            candidates = having(databases, Content.TABLES);
        }
        if (candidates.size() != 1) {
            throw new BackupException(backup.name() + " is a copy of a data directory with the databases "
                    + String.join(", ", databases.keySet()) + ", of which "
                    + (candidates.isEmpty()
                            ? "none has a table"
                            : String.join(" and ", candidates)
                                    + (databases.containsValue(Content.HISTORY)
                                            ? " have the history table " + named(history)
                                                    + ": dump the one that you mean (pg_dump)"
                                            : " have tables, but not the history table " + named(history)
                                                    + ". If the product's has another name, set the attribute table")));
        }
        return candidates.get(0);
    }

    private Content content(
            ClientHost host, PostgreSqlDataDirectory directory, String database, List<String> historyTables)
            throws IOException {
        Content content = Content.NOTHING;
        for (String table : historyTables) {
            content = Content.valueOf(
                    psql(host, directory.content(database, table), NOT_LISTED).get(0));
            if (content == Content.HISTORY) {
                break;
            }
        }
        return content;
    }

    private static List<String> having(Map<String, Content> databases, Content content) {
        return databases.keySet().stream()
                .filter(name -> databases.get(name) == content)
                .toList();
    }

    private List<String> psql(ClientHost host, ClientScript script, String failure) throws IOException {
        String printed = run(
                host,
                script.command(),
                failure,
                () -> new ByteArrayInputStream(script.input().getBytes(StandardCharsets.UTF_8)));
        return printed.isEmpty() ? List.of() : List.of(printed.split("\0", -1));
    }

    private String run(ClientHost host, List<String> command, String failure, Supplier<InputStream> input)
            throws IOException {
        try (InputStream output = output(host, command, failure, input)) {
            String printed = new String(output.readNBytes(LONGEST_OUTPUT_BYTES), StandardCharsets.UTF_8);
            if (output.read() >= 0) {
                throw new BackupException(
                        backup.name() + ": " + failure + ": " + command.get(0) + " prints without end");
            }
            return printed.replaceFirst("\0$", "");
        }
    }

    private InputStream output(ClientHost host, List<String> command, String failure, Supplier<InputStream> input) {
        return new CommandOutput(command.get(0) + " for " + backup.name(), new Step(host, command, failure, input));
    }

    /** A command in the container. */
    private final class Step implements CommandOutput.Command {

        private final ClientHost host;
        private final List<String> command;
        private final String failure;
        private final Supplier<InputStream> input;

        Step(ClientHost host, List<String> command, String failure, Supplier<InputStream> input) {
            this.host = host;
            this.command = command;
            this.failure = failure;
            this.input = input;
        }

        @Override
        public InputStream input() {
            return input.get();
        }

        @Override
        public int run(InputStream input, OutputStream output, OutputStream errors) throws IOException {
            return host.run(command, Map.of("LC_ALL", "C"), input, output, errors);
        }

        @Override
        public @Nullable String judge(int status, String errors) {
            return status == 0 ? null : errors.isEmpty() ? "status " + status : errors;
        }

        @Override
        public BackupException failure(String reason, @Nullable Throwable cause) {
            return new BackupException(backup.name() + ": " + failure + ": " + reason, cause);
        }
    }
}
