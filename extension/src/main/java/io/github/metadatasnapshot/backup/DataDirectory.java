package io.github.metadatasnapshot.backup;

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

    private final Backup backup;
    private final DataDirectoryArchive archive;
    private final PostgreSqlDataDirectory directory;

    private DataDirectory(Backup backup, DataDirectoryArchive archive) {
        this.backup = backup;
        this.archive = archive;
        this.directory = new PostgreSqlDataDirectory(archive.root());
    }

    /**
     * Looks for a data directory in a backup, which is read from end to end where it is a tar archive, compressed by gzip,
     * zstd or not at all.
     *
     * @param backup the backup
     * @return the copy in it; empty where the file is something else
     * @throws BackupException if the archive is damaged, has entries that no safe archive has, is longer than 64 GiB once
     *     it is unpacked, or holds several data directories
     */
    public static Optional<DataDirectory> in(Backup backup) {
        return DataDirectoryArchive.read(backup, DataDirectoryArchive.MOST_BYTES)
                .map(archive -> new DataDirectory(backup, archive));
    }

    /**
     * Dumps the database in the copy. Of several databases it is the one with the history table.
     *
     * @param image the image of a server of the same major version, such as {@code postgres:17}
     * @param history the history table; one of those before it will do, as in a copy of an old release
     * @param target where the dump is written, compressed by its suffix
     * @return the dump, under the name of the copy
     * @throws ServerUnavailableException if no Docker engine answers
     * @throws BackupException if the server was not shut down before it was copied, a server of the image does not start on
     *     the copy, or nothing tells which of its databases is meant
     */
    public Backup dump(String image, HistoryTable history, Path target) {
        try (ClientContainer container = ClientContainer.startSealed(image, PostgreSqlDataDirectory.SYSTEM_USER)) {
            ClientHost host = container.host();
            run(
                    host,
                    directory.unpack(),
                    "tar could not unpack it",
                    () -> DataDirectoryArchive.open(backup, DataDirectoryArchive.MOST_BYTES));
            start(host, image);
            String database = database(host, history);
            try (BackupFile file = BackupFile.begin(target);
                    InputStream dump = output(
                            host,
                            directory.dump(database),
                            "database " + database + " of it cannot be dumped",
                            InputStream::nullInputStream)) {
                dump.transferTo(file.content());
                file.complete();
            }
            return Backup.of(target, backup.name() + " (database " + database + ")");
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

    private void start(ClientHost host, String image) throws IOException {
        String release = PostgreSqlDataDirectory.release(
                run(host, directory.version(), image + " holds no server of PostgreSQL", InputStream::nullInputStream));
        boolean sameRelease = release.equals(archive.version());
        // pg_controldata of another release misreads the file.
        if (sameRelease) {
            requireShutDown(host);
        }
        run(host, directory.prepare(), "it cannot be made ready", InputStream::nullInputStream);
        run(
                host,
                directory.start(),
                "the server of " + image + " does not start on this copy of a data directory of PostgreSQL "
                        + archive.version()
                        + (sameRelease
                                ? ". Likely files are missing, or are not of one moment: stop the server and copy the whole"
                                        + " directory, or copy it by pg_basebackup -X fetch"
                                : ". Name a server of its major version: database = \"postgres:" + archive.version()
                                        + "\"")
                        + ". The server said",
                InputStream::nullInputStream);
    }

    private void requireShutDown(ClientHost host) throws IOException {
        if (archive.labelled()) {
            return;
        }
        String state = PostgreSqlDataDirectory.state(
                run(host, directory.state(), "pg_controldata cannot read its state", InputStream::nullInputStream));
        if (archive.running() || !PostgreSqlDataDirectory.isShutDown(state)) {
            throw new BackupException(backup.name()
                    + " is a copy of a data directory whose server had not been shut down: pg_controldata says '"
                    + state
                    + "'" + (archive.running() ? ", there is a postmaster.pid" : "")
                    + ", and there is no backup_label. Its files can be of different moments, and a server that starts on"
                    + " them can hold less than the one they are from. Stop the server before you copy, or copy by"
                    + " pg_basebackup -X fetch. A snapshot of the volume is of one moment: start a server on it, stop that,"
                    + " and pack the directory then");
        }
    }

    private String database(ClientHost host, HistoryTable history) throws IOException {
        List<String> tables = history.tables().stream()
                .filter(table -> table.columns().column("version").isPresent())
                .map(HistoryTable::name)
                .toList();
        Map<String, Content> databases = new TreeMap<>();
        for (String name : psql(host, directory.databases())) {
            databases.put(name, content(host, name, tables));
        }
        List<String> candidates = having(databases, Content.HISTORY);
        if (candidates.isEmpty()) {
            candidates = having(databases, Content.TABLES);
        }
        if (candidates.size() != 1) {
            String named = String.join(" or ", tables);
            throw new BackupException(backup.name() + " is a copy of a data directory with the databases "
                    + String.join(", ", databases.keySet()) + ", of which "
                    + (candidates.isEmpty()
                            ? "none has a table"
                            : String.join(" and ", candidates)
                                    + (databases.containsValue(Content.HISTORY)
                                            ? " have the history table " + named
                                                    + ": dump the one that you mean (pg_dump)"
                                            : " have tables, but not the history table " + named
                                                    + ". If the product's has another name, set the attribute table")));
        }
        return candidates.get(0);
    }

    private Content content(ClientHost host, String database, List<String> historyTables) throws IOException {
        Content content = Content.NOTHING;
        for (String table : historyTables) {
            content = Content.valueOf(
                    psql(host, directory.content(database, table)).get(0));
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

    private List<String> psql(ClientHost host, ClientScript script) throws IOException {
        String printed = run(
                host,
                script.command(),
                "its databases cannot be listed",
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
