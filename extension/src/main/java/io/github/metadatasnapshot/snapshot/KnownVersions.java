package io.github.metadatasnapshot.snapshot;

import io.github.metadatasnapshot.backup.Backup;
import io.github.metadatasnapshot.backup.BackupException;
import io.github.metadatasnapshot.engine.Version;
import io.github.metadatasnapshot.migration.Migrator;
import io.github.metadatasnapshot.server.Fingerprint;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * The versions that files were found to be of, remembered by length and SHA-256: a copy under another name is not read again, and
 * a file that was replaced is. Safe for use by several threads.
 */
public final class KnownVersions {

    /** A file's content, and what reads its history. */
    private record Content(long length, String sha256, Migrator migrator) {}

    private final Map<String, String> hashes = new ConcurrentHashMap<>();
    private final Map<Content, Version> versions = new ConcurrentHashMap<>();

    /** Creates a memory of nothing. */
    public KnownVersions() {}

    /**
     * Finds the version of a file.
     *
     * @param file the file
     * @param migrator what knows the table of the history
     * @param reader reads it, where the content is not known yet; its exceptions are not remembered, as they name the file
     * @return the version
     * @throws BackupException if the file cannot be read
     */
    public Version of(Backup file, Migrator migrator, Supplier<Version> reader) {
        String hash = hashes.computeIfAbsent(file.identity(), unchanged -> hash(file));
        Content content = new Content(file.length(), hash, migrator);
        Version known = versions.get(content);
        if (known == null) {
            known = reader.get();
            versions.put(content, known);
        }
        return known;
    }

    private static String hash(Backup file) {
        try (InputStream in = file.openRaw()) {
            return new Fingerprint().add(in).hex();
        } catch (IOException e) {
            throw new BackupException(file.name() + " cannot be read: " + e.getMessage(), e);
        }
    }
}
