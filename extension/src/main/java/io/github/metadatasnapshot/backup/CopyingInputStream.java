package io.github.metadatasnapshot.backup;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/** Writes all that is read to a stream, too, and hashes it. */
final class CopyingInputStream extends FilterInputStream {

    /** The stream did not take it; told from what goes wrong while reading. */
    static final class TargetException extends RuntimeException {

        private static final long serialVersionUID = 1;

        private final IOException target;

        TargetException(IOException target) {
            super(target);
            this.target = target;
        }

        IOException target() {
            return target;
        }
    }

    private final OutputStream target;
    private final Sha256 hash;

    CopyingInputStream(InputStream in, OutputStream target, Sha256 hash) {
        super(in);
        this.target = target;
        this.hash = hash;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        int count = in.read(bytes, offset, length);
        if (count > 0) {
            hash.update(bytes, offset, count);
            try {
                target.write(bytes, offset, count);
            } catch (IOException e) {
                throw new TargetException(e);
            }
        }
        return count;
    }

    @Override
    public long skip(long count) throws IOException {
        byte[] skipped = new byte[(int) Math.max(0, Math.min(count, 1 << 16))];
        return Math.max(0, read(skipped, 0, skipped.length));
    }

    @Override
    public boolean markSupported() {
        return false;
    }
}
