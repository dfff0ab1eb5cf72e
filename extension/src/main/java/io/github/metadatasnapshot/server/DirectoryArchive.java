package io.github.metadatasnapshot.server;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

/** A directory of this machine, packed into a tar archive. */
final class DirectoryArchive {

    private DirectoryArchive() {}

    /** Packs files and directories, those of the given names left out; nothing else is in the data directory of a server. */
    static void pack(Path directory, Set<String> without, OutputStream out) throws IOException {
        List<Path> paths;
        try (Stream<Path> walk = Files.walk(directory)) {
            paths = walk.filter(path -> !path.equals(directory)).sorted().toList();
        }
        TarArchiveOutputStream tar = new TarArchiveOutputStream(out);
        tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
        tar.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_POSIX);
        for (Path path : paths) {
            String name = directory.relativize(path).toString().replace('\\', '/');
            if (!without.contains(name)) {
                tar.putArchiveEntry(new TarArchiveEntry(path, name));
                if (Files.isRegularFile(path)) {
                    Files.copy(path, tar);
                }
                tar.closeArchiveEntry();
            }
        }
        tar.finish();
    }

    /** Unpacks what {@link #pack} has packed, and reads the stream to its end. */
    static void unpack(InputStream in, Path directory) throws IOException {
        TarArchiveInputStream tar = new TarArchiveInputStream(in);
        for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
            Path path = directory.resolve(entry.getName()).normalize();
            if (!path.startsWith(directory)) {
                throw new IOException("Its entry " + entry.getName() + " lies outside");
            }
            if (entry.isDirectory()) {
                Files.createDirectories(path);
            } else {
                Files.copy(tar, path);
            }
        }
        in.transferTo(OutputStream.nullOutputStream());
    }
}
