package io.github.metadatasnapshot.report;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;

/** Files that several JVMs write at once. */
final class LockedFile {

    /** What is done while no other JVM does it. */
    interface Work {

        void run(FileChannel locked) throws IOException;
    }

    /** A file's lock is the JVM's, and a second thread of it would not wait but fail. */
    private static final Lock WITHIN_JVM = new ReentrantLock();

    private LockedFile() {}

    static void use(Path file, Work work) throws IOException {
        WITHIN_JVM.lock();
        try (FileChannel channel =
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            channel.lock();
            work.run(channel);
        } finally {
            WITHIN_JVM.unlock();
        }
    }

    /** Writes a file so that nobody sees half of it. */
    static void replace(Path file, String text) throws IOException {
        Path beside = file.resolveSibling(file.getFileName() + ".new");
        Files.writeString(beside, text);
        Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
