package io.github.metadatasnapshot.backup;

import io.github.metadatasnapshot.engine.Engine;
import io.github.metadatasnapshot.server.ClientHost;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The statements that {@code pg_restore} makes of an archive, while a thread streams the archive into it. Whatever ends
 * that thread ends the stream too, so that no reader waits for ever.
 */
final class RestoredArchive extends InputStream {

    private static final int BLOCKS = 16;
    private static final int LONGEST_ERRORS_BYTES = 4000;
    private static final byte[] END = {};

    private final Backup backup;
    private final BlockingQueue<byte[]> blocks = new ArrayBlockingQueue<>(BLOCKS);
    private final Thread thread;
    private byte[] block = {};
    private int position;
    private boolean ended;
    private volatile boolean closed;
    private volatile @Nullable BackupException failure;

    RestoredArchive(Backup backup, ClientHost host) {
        this.backup = backup;
        this.thread = new Thread(() -> restore(host), "pg_restore of " + backup.name());
        thread.setDaemon(true);
        thread.start();
    }

    private void restore(ClientHost host) {
        Errors errors = new Errors();
        try (InputStream archive = backup.open()) {
            int status = host.run(List.of("pg_restore", "-f", "-"), Map.of(), archive, new Output(), errors);
            if (status != 0) {
                failure = failed("pg_restore ended with status " + status + ": " + errors.text(), null);
            }
        } catch (BackupException e) {
            failure = e;
        } catch (IOException | RuntimeException e) {
            failure = failed(String.valueOf(e.getMessage()), e);
        } finally {
            try {
                put(END);
            } catch (IOException e) {
                // The reader is gone.
            }
        }
    }

    private BackupException failed(String reason, @Nullable Throwable cause) {
        String hint = Engine.POSTGRESQL
                .likelyCause("", reason)
                .map(likely -> " Likely cause: " + likely + ".")
                .orElse(" The archive is damaged, or was not copied to its end: copy it again, or dump again.");
        return new BackupException(backup.name() + " cannot be read by pg_restore. " + reason + "." + hint, cause);
    }

    private void put(byte[] bytes) throws IOException {
        try {
            while (!blocks.offer(bytes, 100, TimeUnit.MILLISECONDS)) {
                if (closed) {
                    throw new IOException("closed");
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException();
        }
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, target.length);
        if (length == 0) {
            return 0;
        }
        if (position == block.length && !nextBlock()) {
            return -1;
        }
        int count = Math.min(length, block.length - position);
        System.arraycopy(block, position, target, offset, count);
        position += count;
        return count;
    }

    private boolean nextBlock() throws IOException {
        if (!ended) {
            try {
                block = blocks.take();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new InterruptedIOException();
            }
            position = 0;
            ended = block == END;
        }
        BackupException cause = failure;
        if (ended && cause != null) {
            throw new BackupException(String.valueOf(cause.getMessage()), cause);
        }
        return !ended;
    }

    @Override
    public void close() {
        closed = true;
        ended = true;
        block = END;
        position = 0;
        blocks.clear();
    }

    private final class Output extends OutputStream {

        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            if (closed) {
                throw new IOException("closed");
            }
            if (length > 0) {
                put(Arrays.copyOfRange(bytes, offset, offset + length));
            }
        }
    }

    private static final class Errors extends OutputStream {

        private final ByteArrayOutputStream kept = new ByteArrayOutputStream();

        @Override
        public synchronized void write(int b) {
            if (kept.size() < LONGEST_ERRORS_BYTES) {
                kept.write(b);
            }
        }

        synchronized String text() {
            return kept.toString(StandardCharsets.UTF_8).strip();
        }
    }
}
