package io.github.metadatasnapshot.restore;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** Says every few seconds how much of a backup was read, for those that take longer. */
final class Progress extends FilterInputStream {

    private static final System.Logger LOGGER = System.getLogger("io.github.metadatasnapshot");
    private static final long INTERVAL_NANOS = 5_000_000_000L;

    private final String what;
    private final long total;
    private long read;
    private long nextNanos = System.nanoTime() + INTERVAL_NANOS;

    private Progress(InputStream in, String what, long total) {
        super(in);
        this.what = what;
        this.total = total;
    }

    /** Wraps the backup's bytes, decompressed. */
    static InputStream of(InputStream in, RestoreAttempt attempt) {
        return new Progress(
                in,
                attempt.backup().name() + " into " + attempt.target(),
                attempt.info().bytes());
    }

    @Override
    public int read() throws IOException {
        int b = super.read();
        count(b < 0 ? 0 : 1);
        return b;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        int n = super.read(bytes, offset, length);
        count(Math.max(n, 0));
        return n;
    }

    private void count(int bytes) {
        read += bytes;
        if (System.nanoTime() - nextNanos > 0) {
            nextNanos = System.nanoTime() + INTERVAL_NANOS;
            LOGGER.log(
                    System.Logger.Level.INFO,
                    "Loading {0}: {1} of {2} MB ({3} %)",
                    what,
                    read >> 20,
                    total >> 20,
                    total == 0 ? 0 : 100 * read / total);
        }
    }
}
