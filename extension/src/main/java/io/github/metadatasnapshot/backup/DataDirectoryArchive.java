package io.github.metadatasnapshot.backup;

import java.io.BufferedInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

/**
 * What a look through a tar archive tells of a data directory in it.
 *
 * @param root the directory within the archive: empty, or ending with a slash
 * @param version what its {@code PG_VERSION} says, such as {@code 17}
 * @param labelled whether it was copied by {@code pg_basebackup}, or between the calls that do as that does
 * @param running whether it holds the file that is there while a server runs
 */
record DataDirectoryArchive(String root, String version, boolean labelled, boolean running) {

    /** Of an archive decompressed, and of the files in it together. */
    static final long MOST_BYTES = 64L << 30;

    private static final int MOST_FILES = 1_000_000;
    private static final int LONGEST_VERSION_BYTES = 16;
    private static final int HEADER_BYTES = 512;
    private static final String VERSION_FILE = "PG_VERSION";
    private static final Set<String> MARKS = Set.of(VERSION_FILE, "backup_label", "postmaster.pid");

    /** Each database within a data directory has the file, too. */
    private static final Pattern WITHIN = Pattern.compile("(?:.*/)?(?:base|pg_tblspc)/.+/" + VERSION_FILE);

    /** Looks through a file, from end to end where it is a tar archive, and returns the data directories in it by name. */
    static List<DataDirectoryArchive> read(Backup backup, long mostBytes) {
        try (InputStream content = open(backup, mostBytes)) {
            content.mark(HEADER_BYTES);
            byte[] head = content.readNBytes(HEADER_BYTES);
            content.reset();
            boolean archive = TarArchiveInputStream.matches(head, head.length)
                    // What pg_dump -Ft writes.
                    && !new String(head, StandardCharsets.ISO_8859_1).startsWith("toc.dat\0");
            return archive ? read(backup, new TarArchiveInputStream(content), mostBytes) : List.of();
        } catch (IOException e) {
            throw backup.damaged(e);
        }
    }

    /** Opens the archive, decompressed; reading fails where it is longer than it may be. */
    static InputStream open(Backup backup, long mostBytes) {
        return new BufferedInputStream(new LimitedInputStream(backup, backup.open(), mostBytes));
    }

    private static List<DataDirectoryArchive> read(Backup backup, TarArchiveInputStream tar, long mostBytes)
            throws IOException {
        SortedMap<String, String> versions = new TreeMap<>();
        Set<String> marks = new TreeSet<>();
        Optional<String> unsafe = Optional.empty();
        long bytes = 0;
        int files = 0;
        for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
            String path = entry.getName();
            String name = path.substring(path.lastIndexOf('/') + 1);
            if (entry.getRealSize() > mostBytes - bytes) {
                throw tooLong(backup, mostBytes);
            }
            bytes += entry.getRealSize();
            if (++files > MOST_FILES) {
                throw new BackupException(backup.name() + " holds more than " + MOST_FILES
                        + " files, which no data directory of a test does: dump the database instead (pg_dump)");
            }
            if (unsafe.isEmpty()) {
                unsafe = whyUnsafe(entry);
            }
            if (MARKS.contains(name) && !WITHIN.matcher(path).matches()) {
                marks.add(path);
            }
            if (marks.contains(path) && name.equals(VERSION_FILE)) {
                versions.put(
                        path.substring(0, path.length() - name.length()),
                        new String(tar.readNBytes(LONGEST_VERSION_BYTES), StandardCharsets.UTF_8).strip());
            }
        }
        if (versions.isEmpty()) {
            return List.of();
        }
        if (unsafe.isPresent()) {
            throw new BackupException(backup.name() + " is not unpacked: " + unsafe.get());
        }
        return versions.entrySet().stream()
                .map(found -> new DataDirectoryArchive(
                        found.getKey(),
                        found.getValue(),
                        marks.contains(found.getKey() + "backup_label"),
                        marks.contains(found.getKey() + "postmaster.pid")))
                .toList();
    }

    private static Optional<String> whyUnsafe(TarArchiveEntry entry) {
        String path = entry.getName();
        if (path.startsWith("/") || ("/" + path + "/").contains("/../")) {
            return Optional.of(
                    "its entry " + path + " lies outside the archive's own directory. tar writes no such entry"
                            + " for a data directory: see where the file comes from");
        }
        if (entry.isSymbolicLink() || entry.isLink()) {
            return Optional.of("its entry " + path + " is a link to " + entry.getLinkName()
                    + ", and links are not followed. Pack what it leads to (tar --dereference --hard-dereference)");
        }
        if (entry.isCharacterDevice() || entry.isBlockDevice() || entry.isFIFO()) {
            return Optional.of("its entry " + path + " is neither a file nor a directory: leave it out");
        }
        return Optional.empty();
    }

    private static BackupException tooLong(Backup backup, long mostBytes) {
        return new BackupException(backup.name() + " holds more than " + mostBytes
                + " bytes once it is unpacked, and is not unpacked: dump the database instead (pg_dump)");
    }

    /** A small file can be made to decompress without end. */
    private static final class LimitedInputStream extends FilterInputStream {

        private final Backup backup;
        private final long most;
        private long left;

        LimitedInputStream(Backup backup, InputStream in, long most) {
            super(in);
            this.backup = backup;
            this.most = most;
            this.left = most;
        }

        @Override
        public int read() throws IOException {
            int read = super.read();
            count(read < 0 ? 0 : 1);
            return read;
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            int read = super.read(target, offset, length);
            count(read);
            return read;
        }

        @Override
        public long skip(long bytes) throws IOException {
            long skipped = super.skip(bytes);
            count(skipped);
            return skipped;
        }

        private void count(long bytes) {
            left -= Math.max(bytes, 0);
            if (left < 0) {
                throw tooLong(backup, most);
            }
        }
    }
}
