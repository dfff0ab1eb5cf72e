package io.github.metadatasnapshot.backup;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A script with spaces in the place of some statements, so that each of the others keeps its line. */
final class WithoutStatements extends FilterInputStream {

    private final Iterator<LeftOut> statements;
    private @Nullable LeftOut next;
    private long position;

    /**
     * Creates the stream.
     *
     * @param script the script, of which nothing has been read
     * @param statements the statements, in the order of the script
     */
    WithoutStatements(InputStream script, List<LeftOut> statements) {
        super(script);
        this.statements = statements.iterator();
        advance();
    }

    private void advance() {
        next = statements.hasNext() ? statements.next() : null;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        int count = in.read(target, offset, length);
        if (count > 0) {
            blank(target, offset, count);
            position += count;
        }
        return count;
    }

    private void blank(byte[] bytes, int offset, int count) {
        while (next != null && next.from() < position + count) {
            int from = (int) Math.max(0, next.from() - position);
            int to = (int) Math.min(count, next.to() - position);
            for (int i = offset + from; i < offset + to; i++) {
                if (bytes[i] != '\n' && bytes[i] != '\r') {
                    bytes[i] = ' ';
                }
            }
            if (next.to() > position + count) {
                return;
            }
            advance();
        }
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
