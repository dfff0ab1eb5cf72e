package io.github.metadatasnapshot.backup;

import static java.util.stream.Collectors.joining;

import com.github.luben.zstd.ZstdInputStream;
import io.github.metadatasnapshot.engine.Engine;
import io.github.metadatasnapshot.engine.HistoryTable;
import io.github.metadatasnapshot.engine.Version;
import io.github.metadatasnapshot.server.ClientHost;
import java.io.BufferedInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/**
 * A backup: a file that {@code pg_dump}, {@code mysqldump} or {@code mariadb-dump} wrote, compressed or not. Nothing of it
 * is held in memory. Safe for use by several threads.
 */
public final class Backup {

    /** How a backup is written, once it is decompressed. */
    public enum Format {
        /** Statements, one after the other. */
        PLAIN,
        /** The archive that {@code pg_dump -Fc} writes, which only {@code pg_restore} reads. */
        POSTGRESQL_CUSTOM
    }

    private static final String CLASSPATH = "classpath:";
    private static final String FILE = "file:";
    private static final byte[] GZIP = {0x1f, (byte) 0x8b};
    private static final byte[] ZSTD = {0x28, (byte) 0xb5, 0x2f, (byte) 0xfd};
    private static final int ZSTD_LARGEST_WINDOW = 31;
    private static final byte[] SKIPPABLE = {0x2a, 0x4d, 0x18};
    private static final int SKIPPABLE_HEAD_BYTES = 8;
    private static final int MOST_LAYERS = 4;
    private static final byte[] CUSTOM = "PGDMP".getBytes(StandardCharsets.US_ASCII);
    private static final int BUFFER_BYTES = 1 << 16;
    private static final int MOST_FILES_LISTED = 20;

    /** What the directories hold that other tools write, in the order in which it is looked for. */
    private static final Map<String, String> DIRECTORIES = new LinkedHashMap<>();

    static {
        DIRECTORIES.put("toc.dat", ", as pg_dump -Fd writes it");
        DIRECTORIES.put("PG_VERSION", ", and holds the files of a PostgreSQL server, not statements");
        DIRECTORIES.put("base.tar*", ", as pg_basebackup writes it, and holds the files of a server, not statements");
        DIRECTORIES.put("@.json", ", as MySQL Shell (util.dumpInstance, util.dumpSchemas) writes it");
        DIRECTORIES.put(
                "{xtrabackup_checkpoints,mariadb_backup_checkpoints,ibdata1}",
                ", and holds the files of a MySQL or MariaDB server, not statements");
        DIRECTORIES.put("metadata{,.partial}", ", as mydumper writes it");
        DIRECTORIES.put("*.txt", ", as mysqldump --tab writes it");
    }

    private final String name;
    private final URL url;
    private final Optional<Version> declared;
    private final Map<Object, Inspection> inspections;

    private Backup(String name, URL url) {
        this(name, url, Optional.empty(), new ConcurrentHashMap<>());
    }

    private Backup(String name, URL url, Optional<Version> declared, Map<Object, Inspection> inspections) {
        this.name = name;
        this.url = url;
        this.declared = declared;
        this.inspections = inspections;
    }

    /**
     * Finds a backup.
     *
     * @param location {@code classpath:} and a resource, {@code file:} and a path, or either without the prefix: then
     *     the class path is searched first, the file system next. A relative path starts at the working directory. Or an
     *     {@code https:} URL with the file's hash, {@code https://host/1.2.sql.gz#sha256=…}: it is downloaded once, and
     *     kept in {@code ~/.cache/metadata-snapshot} (where there is no such directory and none can be made, below the
     *     system's temporary one). Or an object, {@code s3://bucket/key}, which is kept there likewise; it may be pinned by
     *     {@code #sha256=…}, {@code #versionId=…} or {@code #etag=…}, and is what a run finds there first otherwise. It is
     *     read by the AWS SDK 2 ({@code software.amazon.awssdk:s3}), with the credentials and the region that this finds
     * @param loader finds resources
     * @return the backup
     * @throws BackupException if there is no such file, and then the message names the places that were looked at, and the
     *     files that lie there; or if it cannot be downloaded, is not pinned, or is another than its hash says
     */
    public static Backup locate(String location, ClassLoader loader) {
        return locate(location, loader, Optional.empty(), S3Settings.DEFAULT);
    }

    /**
     * Finds a backup.
     *
     * @param location as in {@link #locate(String, ClassLoader)}
     * @param loader finds resources
     * @param cache the directory in which downloads are kept; it is created where it is missing
     * @return the backup
     * @throws BackupException as in {@link #locate(String, ClassLoader)}
     */
    public static Backup locate(String location, ClassLoader loader, Path cache) {
        return locate(location, loader, Optional.of(cache), S3Settings.DEFAULT);
    }

    /**
     * Finds a backup.
     *
     * @param location as in {@link #locate(String, ClassLoader)}
     * @param loader finds resources
     * @param cache the directory in which downloads are kept; empty for the one that is named there
     * @param s3 how object storage is reached
     * @return the backup
     * @throws BackupException as in {@link #locate(String, ClassLoader)}
     */
    public static Backup locate(String location, ClassLoader loader, Optional<Path> cache, S3Settings s3) {
        if (S3Location.isS3(location)) {
            return ofS3(S3Location.of(location), cache, s3);
        }
        if (RemoteBackup.isRemote(location)) {
            RemoteBackup remote = RemoteBackup.of(location, cache.orElseGet(Backup::defaultCache));
            return ofFile(remote.name(), remote.file());
        }
        return locateHere(location, loader);
    }

    static Backup ofS3(S3Location location, Optional<Path> cache, S3Settings s3) {
        return ofFile(location.name(), new S3Backup(location, s3, cache.orElseGet(Backup::defaultCache)).file());
    }

    /** {@return whether a location is a URL or an object of S3, of which the file is downloaded, or a database that is captured} */
    public static boolean isRemote(String location) {
        return RemoteBackup.isRemote(location) || isS3(location) || LiveDatabase.isOne(location);
    }

    /** {@return whether a location begins with {@code s3:}, as that of an object of S3} */
    public static boolean isS3(String location) {
        return S3Location.isS3(location);
    }

    /**
     * Finds a backup that may be missing.
     *
     * @param location as in {@link #locate(String, ClassLoader)}, but no URL
     * @param loader finds resources
     * @return the backup, empty where there is no such file
     * @throws BackupException if it is a directory
     */
    public static Optional<Backup> find(String location, ClassLoader loader) {
        return Place.of(location).find(loader);
    }

    /**
     * Opens a file.
     *
     * @param file the file, which is there
     * @return the backup
     * @throws BackupException if it is a directory
     */
    public static Backup of(Path file) {
        return ofFile(file.toString(), file);
    }

    /**
     * Returns the file that a location names, to write a backup there.
     *
     * @param location as in {@link #locate(String, ClassLoader)}, but no URL
     * @param resources the directory whose files come to the class path
     * @return the file: a relative path without {@code file:} lies in {@code resources}
     */
    public static Path target(String location, Path resources) {
        Place place = Place.of(location);
        return place.path != null && (!place.onClassPath || place.path.isAbsolute())
                ? place.path
                : resources.resolve(place.resource());
    }

    /** Opens a file that was made of another, by whose name it is known. */
    static Backup of(Path file, String name) {
        return ofFile(name, file);
    }

    /**
     * Declares the version of a backup that may not say it itself: of rows without the history, as some products' own tools
     * write them. Where the file has a history, that tells its version, and where one was declared before, it stays.
     *
     * @param version the version
     * @return the same backup, which is read no second time for it
     */
    public Backup declaredAt(Version version) {
        return new Backup(name, url, declared.or(() -> Optional.of(version)), inspections);
    }

    private static Path defaultCache() {
        Path cache = Path.of(System.getProperty("user.home"), ".cache", "metadata-snapshot");
        try {
            Files.createDirectories(cache);
            if (Files.isWritable(cache)) {
                return cache;
            }
        } catch (IOException e) {
            // As with a user of a container, who has no home.
        }
        return Path.of(System.getProperty("java.io.tmpdir"), "metadata-snapshot-" + System.getProperty("user.name"));
    }

    private static Backup locateHere(String location, ClassLoader loader) {
        Place place = Place.of(location);
        return place.find(loader)
                .orElseThrow(
                        () -> new BackupException(notFound(place.name, place.onClassPath ? loader : null, place.path)));
    }

    /** A location that is no URL, read: {@code path} is {@code null} where only the class path is searched. */
    private record Place(
            String name, boolean onClassPath, @Nullable Path path) {

        static Place of(String location) {
            boolean onClassPath = !location.startsWith(FILE);
            boolean inFileSystem = !location.startsWith(CLASSPATH);
            String name = onClassPath && inFileSystem
                    ? location
                    : location.substring(onClassPath ? CLASSPATH.length() : FILE.length());
            return new Place(name, onClassPath, inFileSystem ? Backup.path(location, name) : null);
        }

        String resource() {
            return name.replaceFirst("^/+", "");
        }

        Optional<Backup> find(ClassLoader loader) {
            URL resource = onClassPath ? loader.getResource(resource()) : null;
            if (resource != null) {
                Path file = Backup.path(resource);
                return Optional.of(file == null ? new Backup(name, resource) : ofFile(name, file));
            }
            return path != null && Files.exists(path) ? Optional.of(ofFile(name, path)) : Optional.empty();
        }
    }

    private static Backup ofFile(String name, Path path) {
        if (Files.isDirectory(path)) {
            throw new BackupException(name + " is a directory" + kindOfDirectory(path)
                    + ". A backup is one file: dump plain (pg_dump -Fp, mysqldump, mariadb-dump) or with pg_dump -Fc");
        }
        try {
            return new Backup(name, path.toUri().toURL());
        } catch (IOException e) {
            throw new BackupException(name + " cannot be opened: " + e.getMessage(), e);
        }
    }

    /** {@return which tool writes such a directory, where its files tell} */
    private static String kindOfDirectory(Path directory) {
        for (Map.Entry<String, String> kind : DIRECTORIES.entrySet()) {
            try (DirectoryStream<Path> found = Files.newDirectoryStream(directory, kind.getKey())) {
                if (found.iterator().hasNext()) {
                    return kind.getValue();
                }
            } catch (IOException e) {
                return ", which cannot be read";
            }
        }
        return "";
    }

    private static @Nullable Path path(URL resource) {
        try {
            return resource.getProtocol().equals("file") ? Path.of(resource.toURI()) : null;
        } catch (URISyntaxException e) {
            return null;
        }
    }

    private static @Nullable Path path(String location, String name) {
        try {
            // file:///a%20b is a URI, file:a b and C:\a are paths.
            return location.startsWith("file:/") ? Path.of(new URI(location)) : Path.of(name);
        } catch (URISyntaxException | IllegalArgumentException e) {
            try {
                return Path.of(name);
            } catch (InvalidPathException none) {
                return null;
            }
        }
    }

    private static String notFound(String name, @Nullable ClassLoader loader, @Nullable Path path) {
        StringBuilder message = new StringBuilder("There is no backup " + name + ". Looked for");
        if (loader != null) {
            String resource = name.replaceFirst("^/+", "");
            message.append("\n  the resource ").append(resource).append(" on the class path");
            String parent = resource.substring(0, resource.lastIndexOf('/') + 1);
            URL directory = parent.isEmpty() ? null : loader.getResource(parent);
            message.append(filesIn(directory == null ? null : path(directory)));
        }
        if (path != null) {
            message.append("\n  the file ").append(path.toAbsolutePath().normalize());
            message.append(filesIn(path.toAbsolutePath().getParent()));
        }
        return message.toString();
    }

    private static String filesIn(@Nullable Path directory) {
        if (directory == null || !Files.isDirectory(directory)) {
            return ", whose directory is not there either";
        }
        try (Stream<Path> files = Files.list(directory)) {
            String[] names =
                    files.map(file -> file.getFileName().toString()).sorted().toArray(String[]::new);
            if (names.length == 0) {
                return ", whose directory is empty";
            }
            return ", beside which lie "
                    + Arrays.stream(names).limit(MOST_FILES_LISTED).collect(joining(", "))
                    + (names.length > MOST_FILES_LISTED ? " and " + (names.length - MOST_FILES_LISTED) + " more" : "");
        } catch (IOException e) {
            return ", whose directory cannot be read";
        }
    }

    /**
     * Tells this file from any other, and from itself once it was changed, so that what was found in it can be kept.
     *
     * @return its URL, with length and time where it lies in the file system
     */
    public String identity() {
        Path file = path(url);
        try {
            return file == null ? url.toString() : url + " " + Files.size(file) + " " + Files.getLastModifiedTime(file);
        } catch (IOException e) {
            throw new BackupException(name + " cannot be read: " + e.getMessage(), e);
        }
    }

    /**
     * Measures the file, without reading it.
     *
     * @return its length in bytes
     * @throws BackupException if it cannot be looked at
     */
    public long length() {
        try {
            return url.openConnection().getContentLengthLong();
        } catch (IOException e) {
            throw new BackupException(name + " cannot be read: " + e.getMessage(), e);
        }
    }

    /** {@return the location without its prefix, as it is named in messages} */
    public String name() {
        return name;
    }

    /**
     * Opens the file as it is.
     *
     * @return its bytes, to be closed by the caller
     * @throws BackupException if it cannot be opened
     */
    public InputStream openRaw() {
        try {
            return url.openStream();
        } catch (FileNotFoundException e) {
            throw new BackupException(name + " is gone, or may not be read: " + e.getMessage(), e);
        } catch (IOException e) {
            throw new BackupException(name + " cannot be opened: " + e.getMessage(), e);
        }
    }

    /**
     * Opens the file decompressed. Whether it is compressed by gzip, by zstd or not at all is told by its first bytes,
     * whatever its name. What was compressed several times, up to four, is decompressed as often.
     *
     * @return its bytes, to be closed by the caller; reading fails with an {@link IOException} where the compressed data
     *     is damaged
     * @throws BackupException if it cannot be opened
     */
    public InputStream open() {
        InputStream content = new BufferedInputStream(openRaw(), BUFFER_BYTES);
        try {
            for (int layer = 0; layer < MOST_LAYERS; layer++) {
                InputStream decompressed = decompressed(content);
                if (decompressed == content) {
                    break;
                }
                content = new BufferedInputStream(decompressed, BUFFER_BYTES);
            }
            return content;
        } catch (IOException e) {
            close(content, e);
            throw damaged(e);
        }
    }

    private static InputStream decompressed(InputStream content) throws IOException {
        if (beginsWith(content, GZIP)) {
            return new GZIPInputStream(content, BUFFER_BYTES);
        }
        // As pzstd writes before each frame. LZ4 has them as well: what comes behind tells.
        while (skipsFrame(content)) {}
        if (beginsWith(content, ZSTD)) {
            ZstdInputStream zstd = new ZstdInputStream(content);
            // As zstd --long=31 needs it. The memory is taken where the file asks for it only.
            zstd.setLongMax(ZSTD_LARGEST_WINDOW);
            return zstd;
        }
        return content;
    }

    /** Skips a frame of zstd without content at the head of the stream; returns whether there was one. */
    private static boolean skipsFrame(InputStream in) throws IOException {
        in.mark(SKIPPABLE_HEAD_BYTES);
        byte[] head = in.readNBytes(SKIPPABLE_HEAD_BYTES);
        in.reset();
        if (head.length < SKIPPABLE_HEAD_BYTES
                || (head[0] & 0xf0) != 0x50
                || !Arrays.equals(head, 1, 4, SKIPPABLE, 0, SKIPPABLE.length)) {
            return false;
        }
        int length = ByteBuffer.wrap(head, 4, 4).order(ByteOrder.LITTLE_ENDIAN).getInt();
        in.skipNBytes(SKIPPABLE_HEAD_BYTES + Integer.toUnsignedLong(length));
        return true;
    }

    /**
     * {@return how the backup is written}
     *
     * @throws BackupException if it cannot be read
     */
    public Format format() {
        try (InputStream content = new BufferedInputStream(open())) {
            return beginsWith(content, CUSTOM) ? Format.POSTGRESQL_CUSTOM : Format.PLAIN;
        } catch (IOException e) {
            throw damaged(e);
        }
    }

    /**
     * {@return the engine that the backup is written for, as its beginning tells; MySQL where that leaves it open}
     *
     * @throws BackupException if it cannot be read, or is no dump
     */
    Engine writer() {
        try (InputStream content = open()) {
            return new FileHead(content.readNBytes(FileHead.BYTES)).writer(Engine.MYSQL);
        } catch (FileHead.NotADumpException e) {
            throw new BackupException(name + " " + e.getMessage(), e);
        } catch (IOException e) {
            throw damaged(e);
        }
    }

    /**
     * Opens the backup as statements: the file decompressed, or what {@code pg_restore} makes of an archive that {@code
     * pg_dump -Fc} wrote.
     *
     * @param host where {@code pg_restore} runs; not used for a plain backup
     * @return the statements, to be closed by the caller; where {@code pg_restore} fails, reading fails with a {@link
     *     BackupException} that holds what it printed
     * @throws BackupException if the file cannot be opened, or needs {@code pg_restore} and there is no host
     */
    public InputStream openScript(Optional<ClientHost> host) {
        if (format() == Format.PLAIN) {
            return open();
        }
        return new RestoredArchive(
                        this,
                        host.orElseThrow(() ->
                                new BackupException(name + " is in PostgreSQL's custom format (pg_dump -Fc), which"
                                        + " only pg_restore reads, and only a container has that. Dump plain (pg_dump -Fp), or run the"
                                        + " server in a container")))
                .open();
    }

    /**
     * Opens the backup as statements, as {@link #openScript(Optional)} does, without some of them.
     *
     * @param host where {@code pg_restore} runs; not used for a plain backup
     * @param leftOut the statements that are left out; every other keeps its line
     * @return the statements, to be closed by the caller
     * @throws BackupException as that does
     */
    public InputStream openScript(Optional<ClientHost> host, List<LeftOut> leftOut) {
        InputStream script = openScript(host);
        return leftOut.isEmpty() ? script : new WithoutStatements(script, leftOut);
    }

    /**
     * Reads the whole file once and tells what is in it. The result is remembered.
     *
     * @param target the engine that the backup is to go into
     * @param historyTable the name of Flyway's history table, such as {@code flyway_schema_history}
     * @param host where {@code pg_restore} runs; not used for a plain backup
     * @return what is in the file
     * @throws BackupException if the file is damaged, is no dump, is one of another engine, or holds a statement that
     *     would leave the database it is loaded into
     */
    public BackupInfo inspect(Engine target, String historyTable, Optional<ClientHost> host) {
        return inspect(target, new HistoryTable("", historyTable), host);
    }

    /**
     * Reads the whole file once and tells what is in it, as {@link #inspect(Engine, String, Optional)} does.
     *
     * @param target the engine that the backup is to go into
     * @param historyTable the history table
     * @param host where {@code pg_restore} runs; not used for a plain backup
     * @return what is in the file
     * @throws BackupException as that does
     */
    public BackupInfo inspect(Engine target, HistoryTable historyTable, Optional<ClientHost> host) {
        BackupInfo info = inspections
                .computeIfAbsent(
                        Map.entry(target, historyTable),
                        key -> Inspection.of(() -> new BackupInspector(name, target, historyTable).inspect(this, host)))
                .result();
        return declared.map(info::declaredAt).orElse(info);
    }

    /** What came of an inspection: a failure too would come again, after as many gigabytes. */
    private record Inspection(
            @Nullable BackupInfo info, @Nullable BackupException failure) {

        static Inspection of(Supplier<BackupInfo> inspector) {
            try {
                return new Inspection(inspector.get(), null);
            } catch (BackupException e) {
                return new Inspection(null, e);
            }
        }

        BackupInfo result() {
            if (info == null) {
                throw new BackupException(String.valueOf(failure == null ? null : failure.getMessage()), failure);
            }
            return info;
        }
    }

    BackupException damaged(IOException cause) {
        String reason = cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
        return new BackupException(
                name + " is damaged, or was not copied to its end: " + reason + ". Copy it again, or dump again",
                cause);
    }

    private static boolean beginsWith(InputStream in, byte[] magic) throws IOException {
        in.mark(magic.length);
        byte[] head = in.readNBytes(magic.length);
        in.reset();
        return Arrays.equals(head, magic);
    }

    private static void close(InputStream in, IOException cause) {
        try {
            in.close();
        } catch (IOException e) {
            cause.addSuppressed(e);
        }
    }

    /** {@return the name} */
    @Override
    public String toString() {
        return name;
    }
}
