package io.github.metadatasnapshot.backup;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.github.metadatasnapshot.engine.ClientAccess;
import io.github.metadatasnapshot.engine.DatabaseNameColumn;
import io.github.metadatasnapshot.engine.DumpTool;
import io.github.metadatasnapshot.engine.Engine;
import io.github.metadatasnapshot.engine.GuardSpec;
import io.github.metadatasnapshot.engine.HistoryTable;
import io.github.metadatasnapshot.engine.SchemaHistory;
import io.github.metadatasnapshot.engine.TableName;
import io.github.metadatasnapshot.engine.Version;
import io.github.metadatasnapshot.server.ClientContainer;
import io.github.metadatasnapshot.server.ClientHost;
import io.github.metadatasnapshot.server.ClientTools;
import io.github.metadatasnapshot.server.TestDatabase;
import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Captures a backup of a database, by the engine's own dump tool in a container: with the options that make it go into a
 * database elsewhere, a {@linkplain SnapshotGuard guard}, and comments by which {@link Backup#inspect} tells a truncated or
 * altered file and which say what was captured: {@link CaptureInfo}.
 *
 * <pre>{@code
 * SnapshotCapture.from("jdbc:postgresql://db.example:5432/catalog", "reader", password)
 *         .to(Path.of("backups/postgresql/1.2.sql.gz"));
 * }</pre>
 *
 * <p>The dump is consistent while others write. The password reaches the tool as an environment variable, never as an
 * argument.
 *
 * @since 0.1
 */
public final class SnapshotCapture {

    private static final System.Logger LOGGER = System.getLogger("io.github.metadatasnapshot");
    private static final String DEFAULT_HISTORY_TABLE = "flyway_schema_history";

    private final Engine engine;
    private final String url;
    private final String user;
    private final String password;
    private final Optional<ClientHost> beside;
    private @Nullable TestDatabase testDatabase;
    private @Nullable String image;
    private HistoryTable history = new HistoryTable("", DEFAULT_HISTORY_TABLE);
    private BackupInfo.Kind kind = BackupInfo.Kind.FULL;
    private final List<String> options = new ArrayList<>();
    private boolean readableByOwner;

    private SnapshotCapture(Engine engine, String url, String user, String password, Optional<ClientHost> beside) {
        this.engine = engine;
        this.url = url;
        this.user = user;
        this.password = password;
        this.beside = beside;
    }

    /**
     * Captures from a server that runs already. The tool checks its certificate as the URL demands: by {@code sslmode} and
     * {@code sslrootcert} (PostgreSQL), {@code sslMode} and {@code trustCertificateKeyStoreUrl}, {@code …Type} and {@code
     * …Password} (MySQL), or {@code sslMode} and {@code serverSslCert} (MariaDB). Client certificates are not supported.
     *
     * @param url the JDBC URL of the database, such as {@code jdbc:mysql://localhost:3306/catalog}
     * @param user a user who may read all of it
     * @param password the user's password
     * @return what captures it
     * @throws IllegalArgumentException if the URL is not that of a known engine
     */
    public static SnapshotCapture from(String url, String user, String password) {
        Engine engine = Engine.ofJdbcUrl(url)
                .orElseThrow(
                        () -> new IllegalArgumentException("No engine is known for the JDBC URL, which should begin"
                                + " with jdbc:postgresql:, jdbc:mysql: or jdbc:mariadb:"));
        engine.address(url);
        return new SnapshotCapture(engine, url, user, password, Optional.empty());
    }

    /**
     * Captures from a test's database, by the tool in its server's container where it has one.
     *
     * @param database the database
     * @return what captures it
     */
    public static SnapshotCapture from(TestDatabase database) {
        SnapshotCapture capture = new SnapshotCapture(
                database.engine(),
                database.jdbcUrl(),
                database.user(),
                database.password(),
                database.server().clientHost());
        capture.testDatabase = database;
        return capture;
    }

    /**
     * Runs the tool of another image, in a container that is removed afterwards. Without this it is the official one of the
     * server's release.
     *
     * @param toolImage the image, such as {@code postgres:17}; its tool must not be older than the server
     * @return this
     */
    public SnapshotCapture with(String toolImage) {
        this.image = toolImage;
        return this;
    }

    /**
     * Names the history table, where it is not {@code flyway_schema_history}.
     *
     * @param name its name
     * @return this
     */
    public SnapshotCapture historyTable(String name) {
        return historyTable("", name);
    }

    /**
     * Names the history table.
     *
     * @param schema its schema, empty for that of the connection
     * @param name its name
     * @return this
     */
    public SnapshotCapture historyTable(String schema, String name) {
        return historyTable(new HistoryTable(schema, name));
    }

    /**
     * Names the history table, which may be one that Flyway did not make; the backup has no guard then.
     *
     * @param table the table
     * @return this
     */
    public SnapshotCapture historyTable(HistoryTable table) {
        this.history = table;
        return this;
    }

    /**
     * Captures the rows only, for a database that is at the version already.
     *
     * @return this
     */
    public SnapshotCapture dataOnly() {
        this.kind = BackupInfo.Kind.DATA_ONLY;
        return this;
    }

    /**
     * Adds options of the dump tool, such as {@code --exclude-table=logs}.
     *
     * @param more the options
     * @return this
     */
    public SnapshotCapture options(String... more) {
        options.addAll(List.of(more));
        return this;
    }

    /** Lets nobody but this user read the file. */
    SnapshotCapture readableByOwner() {
        this.readableByOwner = true;
        return this;
    }

    /**
     * Reads which version the database is at.
     *
     * @throws BackupException as in {@link #to(Path)}
     */
    Version version() {
        return look().history().version().orElseThrow();
    }

    /**
     * Captures into a file.
     *
     * @param target where it is written, compressed by its suffix: {@code .gz}, {@code .zst} or none. Its directory is
     *     created; a file there is replaced once the backup is complete
     * @return what was captured
     * @throws BackupException if the database cannot be read or has no history, the dump tool is too old or fails, or the
     *     file cannot be written; {@code target} is as it was then
     * @throws io.github.metadatasnapshot.server.ServerException if no container can be started
     */
    public CaptureInfo to(Path target) {
        try (BackupFile file = BackupFile.begin(target, readableByOwner)) {
            CaptureInfo info = to(file.content());
            file.complete();
            return info;
        } catch (IOException e) {
            throw new BackupException(target + " cannot be written: " + e, e);
        }
    }

    /**
     * Captures into object storage, where the AWS SDK's own configuration says.
     *
     * @param target as in {@link #to(String, S3Settings)}
     * @return what was captured
     * @throws BackupException as in {@link #to(String, S3Settings)}
     * @throws io.github.metadatasnapshot.server.ServerException if no container can be started
     */
    public CaptureInfo to(String target) {
        return to(target, S3Settings.DEFAULT);
    }

    /**
     * Captures into object storage: by a multipart upload, in parts of 8 MiB, which are held in memory one at a time. No
     * temporary file is written. The upload is aborted on any error. What a JVM had sent that was killed stays as parts of an
     * incomplete upload: a rule of the bucket with {@code AbortIncompleteMultipartUpload} deletes them.
     *
     * @param target {@code s3://bucket/key}, compressed by its suffix as in {@link #to(Path)}. An object there is replaced
     *     once the backup is complete
     * @param s3 how object storage is reached
     * @return what was captured
     * @throws BackupException as in {@link #to(Path)}, and if the AWS SDK is missing or the object cannot be written; the
     *     message says what had been sent. {@code target} is as it was then
     * @throws io.github.metadatasnapshot.server.ServerException if no container can be started
     */
    public CaptureInfo to(String target, S3Settings s3) {
        return to(S3Location.of(target).writable(), s3, true).orElseThrow();
    }

    /** Captures into object storage, empty where an object is there that may not be replaced. */
    Optional<CaptureInfo> to(S3Location target, S3Settings s3, boolean replace) {
        try (S3Upload upload = S3Upload.begin(target, s3)) {
            try {
                CaptureInfo info = to(upload.content());
                boolean completed = upload.complete(replace);
                S3Backup.forget(target, s3);
                return completed ? Optional.of(info) : Optional.empty();
            } catch (BackupException | IOException e) {
                throw new BackupException(e.getMessage() + "\n" + upload.abort(), e);
            } catch (RuntimeException | Error e) {
                e.addSuppressed(new BackupException(upload.abort()));
                throw e;
            }
        } catch (IOException e) {
            throw new BackupException(target.name() + " cannot be written: " + e, e);
        }
    }

    /**
     * Captures into a stream, such as that of an upload.
     *
     * @param target takes the backup, not compressed; it is not closed. After an exception it holds a backup that was cut
     *     off, as whoever loads it will be told
     * @return what was captured
     * @throws BackupException as in {@link #to(Path)}
     * @throws IOException if {@code target} does not take what is written
     * @throws io.github.metadatasnapshot.server.ServerException if no container can be started
     */
    public CaptureInfo to(OutputStream target) throws IOException {
        Optional<DatabaseNameColumn> renamed =
                history.databaseName().filter(column -> !column.inBackups().isEmpty());
        return testDatabase == null || renamed.isEmpty()
                ? captureAsItIs(target)
                : captureRenamed(testDatabase, renamed.get(), target);
    }

    /** The test's database has a name that no other one will have: its rows name the product's in the backup. */
    private CaptureInfo captureRenamed(TestDatabase database, DatabaseNameColumn column, OutputStream target)
            throws IOException {
        try (TestDatabase copy = database.server().copyOf(database)) {
            try (Connection connection = copy.open()) {
                column.rewrite(connection, engine, copy.name(), column.inBackups());
            } catch (SQLException e) {
                throw new BackupException(
                        "The rows of " + column + " cannot name " + column.inBackups() + ": " + e.getMessage(), e);
            }
            SnapshotCapture capture = from(copy).historyTable(history.of(column.inBackups()));
            capture.image = image;
            capture.kind = kind;
            capture.options.addAll(options);
            return capture.to(target);
        }
    }

    private CaptureInfo captureAsItIs(OutputStream target) throws IOException {
        if (image == null && beside.isPresent()) {
            return capture(look(), new ClientTools(beside.get(), engine.accessBeside()), target);
        }
        requireAccess();
        Source source = look();
        String toolImage = image == null ? engine.toolImage(source.serverVersion()) : image;
        try (ClientContainer.Tools container = ClientContainer.reaching(toolImage, engine, url)) {
            return capture(source, container.tools(), target);
        }
    }

    /** The tool has to be told what the driver is. */
    private void requireAccess() {
        try {
            engine.access(url);
        } catch (IllegalArgumentException e) {
            throw new BackupException("Nothing was captured. " + e.getMessage(), e);
        }
    }

    /** What the database says before it is dumped. */
    private record Source(
            String database,
            String serverVersion,
            TableName historyTable,
            SchemaHistory history,
            HistoryTable ofDatabase) {}

    private Source look() {
        try (Connection connection = DriverManager.getConnection(url, user, password)) {
            connection.setReadOnly(true);
            String database = connection.getCatalog();
            if (database == null || database.isEmpty()) {
                throw new BackupException("Which database is to be captured? The JDBC URL names none");
            }
            TableName table = new TableName(
                    engine == Engine.POSTGRESQL && !history.schema().isEmpty()
                            ? history.schema()
                            : engine.defaultSchema(connection),
                    history.name());
            if (history.among(engine.tables(connection)).isEmpty()) {
                throw new BackupException("Database " + database + " has no table " + table
                        + ", or " + user + " may not read it, so nothing tells of which version it is. Name the history"
                        + " table, if it is another; or migrate the database first");
            }
            SchemaHistory rows = history.read(connection, engine);
            if (rows.version().isEmpty()) {
                throw new BackupException("Database " + database + " has no applied version in its table " + table
                        + ": migrate it first");
            }
            return new Source(database, engine.serverVersion(connection), table, rows, history.of(database));
        } catch (SQLException e) {
            String state = e.getSQLState() == null ? "" : e.getSQLState();
            throw new BackupException(
                    "The database to capture cannot be read: "
                            + engine.certificateRefused(e).orElse(e.getMessage())
                            + engine.likelyCause(state, String.valueOf(e.getMessage()))
                                    .map(cause -> "; " + cause)
                                    .orElse(
                                            "08001".equals(state)
                                                            && String.valueOf(e.getMessage())
                                                                    .contains("driver")
                                                    ? ". The driver of " + engine + " is " + engine.driverArtifact()
                                                    : ""),
                    e);
        }
    }

    private CaptureInfo capture(Source source, ClientTools tools, OutputStream target) throws IOException {
        DumpTool tool = engine.dumpTool();
        String toolVersion = version(tool, tools.host(), source.serverVersion());
        Version version = source.history().version().orElseThrow();
        CaptureInfo info = new CaptureInfo(
                engine,
                source.serverVersion(),
                tool.program(),
                toolVersion,
                kind,
                version.toString(),
                source.historyTable(),
                Instant.now().truncatedTo(ChronoUnit.SECONDS),
                CaptureInfo.migrations(source.history()));
        String preamble =
                CaptureText.header(info) + (history.isFlyways() ? guard(source, version) : "") + CaptureText.bodyMark();
        ClientAccess access = tools.access();
        List<String> command = tool.command(
                access.host(),
                access.port(),
                user,
                source.database(),
                kind == BackupInfo.Kind.DATA_ONLY,
                Stream.concat(access.options().stream(), options.stream()).toList());
        try (BufferedInputStream dump = new BufferedInputStream(new CommandOutput(
                tool.program() + " of " + source.database(), new DumpRun(this, tool, tools, command)))) {
            byte[] head = ScriptHead.take(dump);
            target.write(head);
            target.write(preamble.getBytes(US_ASCII));
            Sha256 hash = new Sha256();
            hash.update(head, 0, head.length);
            InputStream body = new CopyingInputStream(dump, target, hash);
            BackupInfo written = new BackupInspector("The dump of " + source.database(), engine, source.ofDatabase())
                    .inspect(new SequenceInputStream(new ByteArrayInputStream(head), body));
            check(source, written);
            String footer = CaptureText.footer(
                    new CaptureText.Footer(written.rows(), CaptureText.head(preamble), hash.bytes(), hash.hex()));
            target.write(footer.getBytes(US_ASCII));
        } catch (CopyingInputStream.TargetException e) {
            throw e.target();
        }
        return info;
    }

    private String guard(Source source, Version version) {
        return GuardMark.text(
                engine,
                new GuardSpec(
                        version, source.history().applied(), source.historyTable(), kind == BackupInfo.Kind.FULL));
    }

    /** What the file holds counts: the header was written before anything of the dump was there. */
    private void check(Source source, BackupInfo written) {
        SchemaHistory dumped = written.history().orElse(SchemaHistory.EMPTY);
        if (!dumped.equals(source.history())) {
            throw new BackupException("The history of " + source.database() + " said version "
                    + source.history().describeVersion() + " and says " + dumped.describeVersion()
                    + " in the dump: it was migrated meanwhile, or the options leave the history out. Capture again"
                    + " when no migration runs");
        }
        if (written.createsDatabase()) {
            throw new BackupException("The dump of " + source.database() + " creates its database: leave the option -C"
                    + " (--create) out, so that it can be restored into any");
        }
        if (written.kind() != kind) {
            throw new BackupException("The dump of " + source.database() + " is " + written.kind() + ", asked was "
                    + kind + ": the options change what is dumped, or the database has no rows");
        }
    }

    private String version(DumpTool tool, ClientHost host, String serverVersion) {
        ByteArrayOutputStream output = new ByteArrayOutputStream();
        int status;
        try {
            status = host.run(
                    List.of(tool.program(), "--version"), Map.of(), InputStream.nullInputStream(), output, output);
        } catch (IOException e) {
            throw new BackupException(
                    tool.program() + " cannot be run: " + e.getMessage()
                            + ". Capture with an image that holds it, such as " + engine.toolImage(serverVersion),
                    e);
        }
        String printed = output.toString(StandardCharsets.UTF_8).strip();
        String version = tool.version(printed)
                .filter(found -> status == 0)
                .orElseThrow(() -> new BackupException("What is called " + tool.program() + " is not that of " + engine
                        + ": it says '" + printed + "'. Capture with an image of " + engine + ", such as "
                        + engine.toolImage(serverVersion)));
        tool.whyUnfit(version, serverVersion).ifPresent(reason -> {
            throw new BackupException(reason);
        });
        return version;
    }

    /** A dump tool at work. */
    private record DumpRun(SnapshotCapture capture, DumpTool tool, ClientTools tools, List<String> command)
            implements CommandOutput.Command {

        @Override
        public InputStream input() {
            return InputStream.nullInputStream();
        }

        @Override
        public int run(InputStream input, OutputStream output, OutputStream errors) throws IOException {
            return tools.run(command, capture.engine, capture.password, input, output, errors);
        }

        @Override
        public @Nullable String judge(int status, String errors) {
            if (status != 0) {
                return tool.program() + " ended with status " + status + ": " + errors;
            }
            List<String> said = errors.lines().filter(tool::isError).toList();
            if (!said.stream().allMatch(tool::isAboutServer)) {
                return tool.program() + " ended with status 0, but said: " + errors;
            }
            // That the dump is complete is seen by its last line.
            said.forEach(line -> LOGGER.log(
                    System.Logger.Level.WARNING,
                    "Not in the dump, as about the server and not about the database: {0}",
                    line));
            return null;
        }

        @Override
        public BackupException failure(String reason, @Nullable Throwable cause) {
            return new BackupException(
                    "Nothing was captured. " + reason + "\ncommand: " + String.join(" ", command), cause);
        }
    }
}
