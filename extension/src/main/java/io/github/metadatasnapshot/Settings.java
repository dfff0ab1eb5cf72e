package io.github.metadatasnapshot;

import static java.util.stream.Collectors.joining;
import static java.util.stream.Collectors.toSet;

import io.github.metadatasnapshot.backup.LiveDatabase;
import io.github.metadatasnapshot.backup.S3Settings;
import io.github.metadatasnapshot.engine.Engine;
import io.github.metadatasnapshot.matrix.CellPattern;
import io.github.metadatasnapshot.matrix.Shard;
import io.github.metadatasnapshot.report.ReportFiles;
import io.github.metadatasnapshot.restore.RestoreOptions;
import io.github.metadatasnapshot.server.ExternalSettings;
import io.github.metadatasnapshot.server.ServerProvider;
import io.github.metadatasnapshot.server.ServerSettings;
import io.github.metadatasnapshot.server.ServerSpec;
import io.github.metadatasnapshot.server.ServerStorage;
import io.github.metadatasnapshot.server.StateCache;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.junit.jupiter.api.extension.ExtensionConfigurationException;

/**
 * The settings of a run. Each is a system property, an environment variable (in capitals, with {@code _} for dots and
 * hyphens: {@code METADATASNAPSHOT_PROVIDER}) or an entry in {@code junit-platform.properties}, and wins in this order.
 *
 * <p>A key that begins with {@code metadatasnapshot.} and is none of these, or a value that a key does not take, is an
 * error.
 *
 * @since 0.1
 */
public final class Settings {

    /** Where servers come from: {@code auto} (the default), {@code container}, {@code embedded} or {@code external}. */
    public static final String PROVIDER = "metadatasnapshot.provider";

    /**
     * Images, separated by commas, that replace those of the annotations. A test keeps the engines that it was written
     * for: it runs on those of the list that are of the same engine as one of its own.
     */
    public static final String DATABASES = "metadatasnapshot.databases";

    /**
     * Where servers that are started for the run keep their data: {@code disk} (the default), or {@code memory}, which is
     * faster, MySQL and MariaDB above all, and takes as much memory as the databases of a run are large at a time. Embedded
     * servers do so on Linux.
     */
    public static final String STORAGE = "metadatasnapshot.storage";

    /** Whether a database that cannot run here fails the test: {@code true}, or {@code false} (the default). */
    public static final String REQUIRE = "metadatasnapshot.require";

    /**
     * What comes before the engine ({@code postgresql}, {@code mysql} or {@code mariadb}) in the keys of an external
     * server: {@code metadatasnapshot.external.mysql.url} and, likewise, {@code .user}, {@code .password} and {@code
     * .single-database}: {@code true} where the user may not create databases; the one in the URL, empty at first, then
     * serves the tests in turn. By default {@code false}. And {@code .probe}: {@code true} where {@code acceptsWrites()} may
     * write to copies of databases there, which runs their triggers. By default {@code false}. And {@code .client}: {@code
     * container} (the default), where backups are restored by the engine's client in a container that reaches the server, and
     * over JDBC where none does, or where the backup names roles that the server lacks and the user may not create, which the
     * report says; or {@code jdbc}, where they are restored over JDBC.
     */
    public static final String EXTERNAL = "metadatasnapshot.external.";

    /**
     * Writes backups by the engine's dump tool, and the frozen shapes that tests ask for: {@code missing}, where the one
     * that an annotation or a test names does not exist, or {@code replace}, in any case. By default none is written. Not
     * on a CI server, where they would be lost.
     */
    public static final String CAPTURE = "metadatasnapshot.capture";

    /**
     * The directory below which backups and frozen shapes are written whose location is a relative path without {@code file:}. By default
     * {@code src/test/resources}, in the working directory.
     */
    public static final String CAPTURE_DIRECTORY = "metadatasnapshot.capture.directory";

    /**
     * The directory in which downloaded backups are kept. By default {@code ~/.cache/metadata-snapshot}.
     */
    public static final String CACHE_DIRECTORY = "metadatasnapshot.cache.directory";

    /**
     * What comes before the engine ({@code postgresql}, {@code mysql} or {@code mariadb}) in the keys {@code .user} and {@code
     * .password} of who reads a database that an annotation names as a backup by its JDBC URL.
     */
    public static final String BACKUP = "metadatasnapshot.backup.";

    /**
     * The directory in which the backups stay that are captured of databases named as a backup, readable by their owner only. By
     * default they are deleted when the run ends.
     */
    public static final String BACKUP_DIRECTORY = "metadatasnapshot.backup.directory";

    /**
     * Where object storage is that backups of {@code s3://bucket/key} are read from and captured to: a URL of {@code http} or
     * {@code https}. By default AWS, or what the AWS SDK's own configuration says. Credentials and region come from the
     * SDK's own chains.
     */
    public static final String S3_ENDPOINT = "metadatasnapshot.s3.endpoint";

    /**
     * Whether buckets are named in the path of a URL instead of its host, as many servers other than AWS demand: {@code
     * true}, or {@code false} (the default).
     */
    public static final String S3_PATH_STYLE = "metadatasnapshot.s3.path-style";

    /**
     * How much disk the databases that tests get copies of may take on each server, with these copies, in megabytes: a whole
     * number, by default 4096. Beyond it what no test uses is dropped, and made again when it is needed; 0 keeps none, so
     * that every test loads its backup anew.
     */
    public static final String STATES_MEGABYTES = "metadatasnapshot.states.megabytes";

    /**
     * A directory in which the databases that tests get copies of are left for the next run, which takes those that would be
     * made of the same. By default none is left. Not of external servers, and not together with {@link #STORAGE} in memory.
     */
    public static final String STATES_CACHE = "metadatasnapshot.states.cache";

    /**
     * How much disk {@link #STATES_CACHE} may take, in megabytes: a whole number, by default 2048. Beyond it the files that no
     * run used for longest are deleted.
     */
    public static final String STATES_CACHE_MEGABYTES = "metadatasnapshot.states.cache.megabytes";

    /**
     * How long a client may wait in a restore for a lock of a session that was connected before, in seconds: a whole number
     * from 1, by default 60. Then the client is ended, and nothing is concluded from the restore.
     */
    public static final String RESTORE_LOCK_SECONDS = "metadatasnapshot.restore.lock.seconds";

    /**
     * What becomes of a backup whose dump tool is older than {@link MetadataSnapshot#dumpTools} asks for, newer than the server
     * and its client, or, where a product asks for one, not known: {@code report} (the default), which names it before it is
     * used and in the report, or {@code refuse}.
     */
    public static final String BACKUP_TOOLS = "metadatasnapshot.backup.tools";

    /**
     * What becomes of two backups of one version whose names tell dates: {@code refuse} (the default), an error that names both,
     * or {@code later}, which takes the one with the later name and says so.
     */
    public static final String BACKUP_DUPLICATES = "metadatasnapshot.backup.duplicates";

    /**
     * Runs a part of the cells, such as {@code 2/5} for the second of five parts that take about as long as each other. Each
     * cell is in one of them; those of the others are left out as if there were none. By default all run.
     */
    public static final String SHARD = "metadatasnapshot.shard";

    /**
     * Runs the cells alone that are written so, such as {@code postgres:17 · 1.2 → 2.0 · upgrade}; {@code *} stands for
     * anything: {@code postgres:17*1.2*upgrade}. By default all run.
     */
    public static final String CELLS = "metadatasnapshot.cells";

    /**
     * An earlier {@code report.json}, or the directory that it is in, by whose times the cells are spread over {@link #SHARD
     * shards}: the same for all of them. By default an upgrade counts as much as two restores.
     */
    public static final String SHARD_TIMES = "metadatasnapshot.shard.times";

    /**
     * The directory of the report, which is written where cells ran: {@code index.html}, {@code report.md} and {@code
     * report.json}. JVMs of one build that name the same add to one report. By default {@code target/metadata-snapshot}, in
     * the working directory.
     */
    public static final String REPORT_DIRECTORY = "metadatasnapshot.report.directory";

    /**
     * Which databases stay after their tests, on a server that runs on after the run: {@code failed}, those of tests that
     * failed, with a note at the failure and at the end of the run of how to connect to them and how to remove them; or {@code
     * none} (the default). What the run does not keep it removes at its end; where it is killed, its containers stay.
     */
    public static final String KEEP = "metadatasnapshot.keep";

    private static final long DEFAULT_STATES_MEGABYTES = 4096;
    private static final long DEFAULT_STATES_CACHE_MEGABYTES = 2048;
    private static final long BYTES_PER_MEGABYTE = 1024L * 1024;

    private static final Path TESTS = Path.of("src", "test");

    /** What the usual CI servers set; {@code CI} is that of most, but not of these others. */
    private static final List<String> CI_VARIABLES = List.of(
            "CI",
            "CONTINUOUS_INTEGRATION",
            "GITHUB_ACTIONS",
            "GITLAB_CI",
            "TF_BUILD",
            "JENKINS_URL",
            "TEAMCITY_VERSION",
            "BUILDKITE",
            "CODEBUILD_BUILD_ID",
            "GO_PIPELINE_NAME",
            "bamboo_buildKey");

    private static final String PREFIX = "metadatasnapshot.";
    private static final String JUNIT_FILE = "junit-platform.properties";
    private static final List<String> EXTERNAL_KEYS =
            List.of("url", "user", "password", "single-database", "probe", "client");

    private final Function<String, Optional<String>> junit;

    /**
     * How backups are captured.
     *
     * @param replace whether those that exist are replaced
     * @param directory below which those on the class path are written
     */
    record Capture(boolean replace, Path directory) {}

    private Settings(Function<String, Optional<String>> junit) {
        this.junit = junit;
    }

    /**
     * Reads the settings.
     *
     * @param junit finds JUnit's own configuration parameters
     * @throws ExtensionConfigurationException if a key is unknown, or a value is none that its key takes
     */
    static Settings read(Function<String, Optional<String>> junit) {
        Set<String> known = new TreeSet<>(List.of(
                PROVIDER,
                DATABASES,
                STORAGE,
                REQUIRE,
                CAPTURE,
                CAPTURE_DIRECTORY,
                CACHE_DIRECTORY,
                BACKUP_DIRECTORY,
                STATES_MEGABYTES,
                STATES_CACHE,
                STATES_CACHE_MEGABYTES,
                RESTORE_LOCK_SECONDS,
                BACKUP_TOOLS,
                S3_ENDPOINT,
                S3_PATH_STYLE,
                BACKUP_DUPLICATES,
                SHARD,
                SHARD_TIMES,
                REPORT_DIRECTORY,
                CELLS,
                KEEP));
        for (Engine engine : Engine.ALL) {
            EXTERNAL_KEYS.forEach(key -> known.add(EXTERNAL + engine.id() + "." + key));
            known.add(BACKUP + engine.id() + ".user");
            known.add(BACKUP + engine.id() + ".password");
        }
        Set<String> variables = known.stream().map(Settings::variable).collect(toSet());
        checkKeys("system property ", System.getProperties(), known);
        checkKeys("entry in " + JUNIT_FILE + " ", junitFile(), known);
        System.getenv().keySet().stream()
                .filter(name -> name.startsWith(variable(PREFIX)) && !variables.contains(name))
                .findFirst()
                .ifPresent(name -> {
                    throw unknown("environment variable " + name, String.join(", ", new TreeSet<>(variables)));
                });
        Settings settings = new Settings(junit);
        settings.require();
        settings.databases();
        settings.servers();
        settings.capture();
        settings.cacheDirectory();
        settings.backupDirectory();
        settings.s3();
        settings.stateBytes();
        settings.restoreLockWait();
        settings.refusesBackupTools();
        settings.takesLaterBackup();
        settings.shard();
        settings.shardTimes();
        settings.reportDirectory();
        settings.cells();
        settings.keepsFailed();
        return settings;
    }

    private static void checkKeys(String what, Properties properties, Set<String> known) {
        properties.stringPropertyNames().stream()
                .filter(key -> key.startsWith(PREFIX) && !known.contains(key))
                .findFirst()
                .ifPresent(key -> {
                    throw unknown(what + key, String.join(", ", known));
                });
    }

    /** JUnit tells the value of a key, but not which keys there are. */
    private static Properties junitFile() {
        Properties properties = new Properties();
        try (InputStream file = Thread.currentThread().getContextClassLoader().getResourceAsStream(JUNIT_FILE)) {
            if (file != null) {
                properties.load(file);
            }
        } catch (IOException e) {
            throw new ExtensionConfigurationException(JUNIT_FILE + " cannot be read: " + e.getMessage(), e);
        }
        return properties;
    }

    private static ExtensionConfigurationException unknown(String what, String known) {
        return new ExtensionConfigurationException(
                "There is no setting of the name of the " + what + ". The settings are " + known);
    }

    private static String variable(String key) {
        return key.toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_');
    }

    private Optional<String> find(String key) {
        Optional<String> value = junit.apply(key);
        if (System.getProperty(key) == null && System.getenv(variable(key)) != null) {
            value = Optional.of(System.getenv(variable(key)));
        }
        value.filter(String::isBlank).ifPresent(blank -> {
            throw new ExtensionConfigurationException(
                    "The setting " + key + " is blank: leave it out, or give it a value");
        });
        return value.map(String::strip);
    }

    private boolean flag(String key) {
        return is(key, "true", List.of("true", "false"));
    }

    /** {@return whether a setting that takes one of two values has the wanted one; it has the other by default} */
    private boolean is(String key, String wanted, List<String> values) {
        return find(key)
                .map(value -> {
                    if (!values.contains(value)) {
                        throw new ExtensionConfigurationException(
                                "The setting " + key + " is '" + value + "': it takes " + String.join(" or ", values));
                    }
                    return value.equals(wanted);
                })
                .orElse(false);
    }

    /** {@return whether a database that cannot run here fails the test} */
    boolean require() {
        return flag(REQUIRE);
    }

    /** {@return the databases that replace those of the annotations, empty where they stay} */
    Optional<List<ServerSpec>> databases() {
        return find(DATABASES)
                .map(list -> Arrays.stream(list.split(","))
                        .map(String::strip)
                        .map(image -> {
                            try {
                                return ServerSpec.parse(image);
                            } catch (IllegalArgumentException e) {
                                throw new ExtensionConfigurationException(
                                        "The setting " + DATABASES + ": " + e.getMessage(), e);
                            }
                        })
                        .toList());
    }

    /** {@return whether backups of the wrong tool are refused} */
    boolean refusesBackupTools() {
        return is(BACKUP_TOOLS, "refuse", List.of("report", "refuse"));
    }

    /** {@return whether, of two dated backups of one version, the one with the later name is taken} */
    boolean takesLaterBackup() {
        return find(BACKUP_DUPLICATES)
                .map(value -> switch (value) {
                    case "refuse" -> false;
                    case "later" -> true;
                    default ->
                        throw new ExtensionConfigurationException(
                                "The setting " + BACKUP_DUPLICATES + " is '" + value + "': it takes refuse or later");
                })
                .orElse(false);
    }

    /** {@return how backups are captured, empty where none are} */
    Optional<Capture> capture() {
        Optional<Path> directory = directory(CAPTURE_DIRECTORY);
        return find(CAPTURE).map(value -> {
            boolean replace = switch (value) {
                case "missing" -> false;
                case "replace" -> true;
                default ->
                    throw new ExtensionConfigurationException(
                            "The setting " + CAPTURE + " is '" + value + "': it takes missing or replace");
            };
            refuseOnCi(value);
            return new Capture(replace, directory.orElseGet(Settings::testResources));
        });
    }

    private static void refuseOnCi(String value) {
        for (String variable : CI_VARIABLES) {
            String set = System.getenv(variable);
            if (set != null && !set.isBlank() && !set.strip().equalsIgnoreCase("false")) {
                throw new ExtensionConfigurationException("The setting " + CAPTURE + " is '" + value
                        + "', but this is a CI server (the environment variable " + variable + " is '" + set
                        + "'): what it captures is lost, and a test that captures its own backup proves nothing. Capture"
                        + " on your own machine and commit the files; leave the setting out here");
            }
        }
    }

    private static Path testResources() {
        if (!Files.isDirectory(TESTS)) {
            throw new ExtensionConfigurationException("The setting " + CAPTURE + " writes backups below "
                    + TESTS.resolve("resources").toAbsolutePath()
                    + ", but there are no tests: run in the directory of the module,"
                    + " or set " + CAPTURE_DIRECTORY);
        }
        return TESTS.resolve("resources");
    }

    /** {@return how much disk prepared states may take on a server, in bytes} */
    long stateBytes() {
        return bytes(STATES_MEGABYTES, DEFAULT_STATES_MEGABYTES);
    }

    /** {@return how long a client may wait for a lock of another session in a restore} */
    Duration restoreLockWait() {
        return find(RESTORE_LOCK_SECONDS)
                .map(value -> {
                    if (!value.matches("[1-9]\\d{0,5}")) {
                        throw new ExtensionConfigurationException("The setting " + RESTORE_LOCK_SECONDS + " is '"
                                + value + "': it takes a whole number of seconds, from 1");
                    }
                    return Duration.ofSeconds(Long.parseLong(value));
                })
                .orElse(RestoreOptions.LOCK_WAIT);
    }

    private long bytes(String key, long defaultMegabytes) {
        return find(key)
                        .map(value -> {
                            if (!value.matches("\\d{1,9}")) {
                                throw new ExtensionConfigurationException("The setting " + key + " is '" + value
                                        + "': it takes a whole number of megabytes");
                            }
                            return Long.parseLong(value);
                        })
                        .orElse(defaultMegabytes)
                * BYTES_PER_MEGABYTE;
    }

    /** {@return where prepared databases are left for the next run, empty where none are} */
    private Optional<StateCache> stateCache(ServerStorage storage) {
        long mostBytes = bytes(STATES_CACHE_MEGABYTES, DEFAULT_STATES_CACHE_MEGABYTES);
        Optional<Path> directory = directory(STATES_CACHE);
        if (directory.isPresent() && storage == ServerStorage.MEMORY) {
            throw new ExtensionConfigurationException("The setting " + STATES_CACHE + " is '" + directory.get()
                    + "', and " + STORAGE + " is 'memory'. What a run leaves is taken from servers that were shut"
                    + " down, and a container's memory is lost then: leave one of the two out");
        }
        return directory.map(each -> new StateCache(each, mostBytes));
    }

    /** {@return where downloads are kept, empty where that is left open} */
    Optional<Path> cacheDirectory() {
        return directory(CACHE_DIRECTORY);
    }

    /** {@return where backups of databases stay, empty where they are deleted in the end} */
    Optional<Path> backupDirectory() {
        return directory(BACKUP_DIRECTORY);
    }

    /**
     * Returns a database that is named as a backup, with who reads it.
     *
     * @throws io.github.metadatasnapshot.backup.BackupException if the URL is of another engine or holds a password, or no user is set
     */
    LiveDatabase liveDatabase(Engine engine, String url) {
        String keys = BACKUP + engine.id() + ".";
        return new LiveDatabase(
                engine,
                url,
                find(keys + "user").orElse(""),
                find(keys + "password").orElse(""));
    }

    /** {@return how object storage is reached} */
    S3Settings s3() {
        Optional<URI> endpoint = find(S3_ENDPOINT).map(value -> {
            try {
                URI url = new URI(value);
                boolean web = "http".equalsIgnoreCase(url.getScheme()) || "https".equalsIgnoreCase(url.getScheme());
                if (web && url.getHost() != null && url.getUserInfo() == null) {
                    return url;
                }
            } catch (URISyntaxException e) {
                // No URL either.
            }
            // It may hold credentials, which are not repeated.
            throw new ExtensionConfigurationException("The setting " + S3_ENDPOINT
                    + " takes a URL such as https://storage.example:9000, without a user: credentials come from the AWS"
                    + " SDK's own chain");
        });
        return new S3Settings(endpoint, flag(S3_PATH_STYLE));
    }

    private Optional<Path> directory(String key) {
        return find(key).map(value -> {
            try {
                Path directory = Path.of(value);
                if (!Files.exists(directory) || Files.isDirectory(directory)) {
                    return directory;
                }
            } catch (InvalidPathException e) {
                // No name of a directory either.
            }
            throw new ExtensionConfigurationException(
                    "The setting " + key + " is '" + value + "': it takes a directory, or the name of a new one");
        });
    }

    /** {@return the part of the cells that runs, empty where all do} */
    Optional<Shard> shard() {
        return find(SHARD).map(value -> {
            try {
                return Shard.parse(value);
            } catch (IllegalArgumentException e) {
                throw new ExtensionConfigurationException(
                        "The setting " + SHARD + " is '" + value + "': " + e.getMessage(), e);
            }
        });
    }

    /** {@return the earlier report by whose times shards are made, empty where there is none} */
    Optional<Path> shardTimes() {
        return find(SHARD_TIMES).map(value -> {
            try {
                return Path.of(value);
            } catch (InvalidPathException e) {
                throw new ExtensionConfigurationException(
                        "The setting " + SHARD_TIMES + " is '" + value + "': it takes a report.json", e);
            }
        });
    }

    /** {@return where the report is written} */
    Path reportDirectory() {
        return directory(REPORT_DIRECTORY).orElse(ReportFiles.DIRECTORY);
    }

    /** {@return the cells that run, empty where all do} */
    Optional<CellPattern> cells() {
        return find(CELLS).map(CellPattern::new);
    }

    /** {@return whether the database of a test that failed stays} */
    boolean keepsFailed() {
        return is(KEEP, "failed", List.of("none", "failed"));
    }

    /** {@return where servers come from} */
    ServerSettings servers() {
        ServerProvider provider = oneOf(PROVIDER, ServerProvider.values()).orElse(ServerProvider.AUTO);
        ServerStorage storage = oneOf(STORAGE, ServerStorage.values()).orElse(ServerStorage.DISK);
        Map<Engine, ExternalSettings> external = new HashMap<>();
        for (Engine engine : Engine.ALL) {
            String keys = EXTERNAL + engine.id() + ".";
            Optional<String> url = find(keys + "url");
            if (url.isPresent()) {
                if (!Engine.ofJdbcUrl(url.get()).equals(Optional.of(engine))) {
                    throw new ExtensionConfigurationException("The setting " + keys + "url is '" + url.get()
                            + "': it takes a URL that begins with jdbc:" + engine.id() + ":");
                }
                external.put(
                        engine,
                        new ExternalSettings(
                                url.get(),
                                find(keys + "user").orElse(""),
                                find(keys + "password").orElse(""),
                                flag(keys + "single-database"),
                                flag(keys + "probe"),
                                !is(keys + "client", "jdbc", List.of("container", "jdbc"))));
            }
        }
        return new ServerSettings(provider, external, storage, keepsFailed(), stateCache(storage));
    }

    private <E extends Enum<E>> Optional<E> oneOf(String key, E[] values) {
        return find(key)
                .map(value -> Arrays.stream(values)
                        .filter(each -> each.name().toLowerCase(Locale.ROOT).equals(value))
                        .findFirst()
                        .orElseThrow(() -> new ExtensionConfigurationException(
                                "The setting " + key + " is '" + value + "': it takes "
                                        + Arrays.stream(values)
                                                .map(each -> each.name().toLowerCase(Locale.ROOT))
                                                .collect(joining(", ")))));
    }
}
