package io.github.metadatasnapshot.backup;

import com.github.luben.zstd.ZstdOutputStream;
import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Locale;
import java.util.Set;
import java.util.UUID;
import java.util.zip.GZIPOutputStream;

/**
 * A file that is being written, compressed as its name says ({@code .gz}, {@code .zst}, or not at all). It takes its place
 * when it is complete; until then it lies beside it under another name, and is deleted if it never gets there.
 */
final class BackupFile implements Closeable {

    private static final int BUFFER_BYTES = 1 << 16;

    private final Path target;
    private final Path part;
    private final OutputStream content;

    private BackupFile(Path target, Path part, OutputStream content) {
        this.target = target;
        this.part = part;
        this.content = content;
    }

    /**
     * Begins a file. Its directory is created where it is missing.
     *
     * @param target where it is to lie; what lies there already is replaced in the end
     * @return the file, to be closed in any case
     * @throws IOException if the directory cannot be written to
     */
    static BackupFile begin(Path target) throws IOException {
        return begin(target, false);
    }

    /** As {@link #begin(Path)}; where {@code forOwner}, nobody but this user may read it, as far as the file system knows users. */
    static BackupFile begin(Path target, boolean forOwner) throws IOException {
        Path whole = target.toAbsolutePath();
        Files.createDirectories(whole.getParent());
        Path part = whole.resolveSibling(whole.getFileName() + "." + UUID.randomUUID() + ".part");
        boolean posix = part.getFileSystem().supportedFileAttributeViews().contains("posix");
        FileAttribute<?>[] attributes = forOwner && posix
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
                }
                : new FileAttribute<?>[0];
        OutputStream file = new BufferedOutputStream(
                Channels.newOutputStream(Files.newByteChannel(
                        part, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), attributes)),
                BUFFER_BYTES);
        try {
            return new BackupFile(whole, part, compressed(whole.toString(), file));
        } catch (IOException e) {
            file.close();
            Files.deleteIfExists(part);
            throw e;
        }
    }

    /** {@return what compresses as a name says: {@code .gz}, {@code .zst}, or not at all} */
    static OutputStream compressed(String target, OutputStream file) throws IOException {
        String name = target.toLowerCase(Locale.ROOT);
        if (name.endsWith(".gz")) {
            return new GZIPOutputStream(file, BUFFER_BYTES);
        }
        return name.endsWith(".zst") ? new ZstdOutputStream(file).setChecksum(true) : file;
    }

    /** {@return takes what is to be in the file, not compressed yet} */
    OutputStream content() {
        return content;
    }

    /**
     * Ends the file and puts it in its place.
     *
     * @throws IOException if that is not possible; what lay there is as it was
     */
    void complete() throws IOException {
        content.close();
        try {
            Files.move(part, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (AtomicMoveNotSupportedException e) {
            Files.move(part, target, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    /** Deletes what was written, unless it is complete. */
    @Override
    public void close() throws IOException {
        try {
            content.close();
        } finally {
            Files.deleteIfExists(part);
        }
    }
}
