package io.github.metadatasnapshot.backup;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What a command in a container prints, while a thread runs it. Whatever ends that thread ends the stream too, so that no
 * reader waits for ever; the end is reached only after the command was judged.
 */
final class CommandOutput extends InputStream {

    /** What is run. */
    interface Command {

        /** {@return what the command reads, closed in the end} */
        InputStream input();

        /** Runs it, and returns its exit status. */
        int run(InputStream input, OutputStream output, OutputStream errors) throws IOException;

        /** {@return what is wrong with a command that has ended; null for nothing} */
        @Nullable
        String judge(int status, String errors);

        /** Makes the exception of what is wrong. */
        BackupException failure(String reason, @Nullable Throwable cause);
    }

    private static final int BLOCKS = 16;
    private static final int LONGEST_ERRORS_BYTES = 20_000;
    private static final byte[] END = {};

    private final Command command;
    private final BlockingQueue<byte[]> blocks = new ArrayBlockingQueue<>(BLOCKS);
    private final Thread thread;
    private byte[] block = {};
    private int position;
    private boolean ended;
    private volatile boolean closed;
    private volatile @Nullable BackupException failure;

    CommandOutput(String name, Command command) {
        this.command = command;
        this.thread = new Thread(this::run, name);
        thread.setDaemon(true);
        thread.start();
    }

    private void run() {
        Errors errors = new Errors();
        try (InputStream input = command.input()) {
            int status = command.run(input, new Output(), errors);
            String wrong = command.judge(status, errors.text());
            failure = wrong == null ? null : command.failure(wrong, null);
        } catch (BackupException e) {
            failure = e;
        } catch (IOException | RuntimeException e) {
            failure = command.failure(String.valueOf(e.getMessage()), e);
        } finally {
            try {
                put(END);
            } catch (IOException e) {
                // The reader is gone.
            }
        }
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
