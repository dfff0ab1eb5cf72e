package io.github.metadatasnapshot.server;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/**
 * A command's input in frames: a line with the size and the number of the blocks that follow, and the blocks. A frame of
 * size 0 is the input's end. When the command has ended, which may be long before its input is used up, a line with the
 * end mark is the last that is sent.
 *
 * <p>Read by one thread, docker-java's. Holds one frame in memory.
 */
final class FramedInput extends InputStream {

    /** What a pipe holds: of larger blocks, reading and writing would take turns. */
    private static final int BLOCK_BYTES = 64 * 1024;

    /** For each frame a process is started in the container, which takes a millisecond. */
    private static final int BLOCKS = 16;

    private final InputStream input;
    private final String endMark;
    private final CountDownLatch ended;
    private final CountDownLatch failed;
    private final byte[] data = new byte[BLOCKS * BLOCK_BYTES];
    private byte[] header = new byte[0];
    private int headerPosition;
    private int dataLength;
    private int dataPosition;
    private boolean nothingMoreToRead;
    private boolean endMarkSent;

    private volatile @Nullable IOException failure;

    /**
     * @param ended when the command has ended
     * @param failed told when the input cannot be read. Its end is not sent then: whoever is told ends the command
     */
    FramedInput(InputStream input, String endMark, CountDownLatch ended, CountDownLatch failed) {
        this.input = input;
        this.endMark = endMark;
        this.ended = ended;
        this.failed = failed;
    }

    /** {@return why the input could not be read, {@code null} where it could} */
    @Nullable
    IOException failure() {
        return failure;
    }

    @Override
    public int read() {
        byte[] single = new byte[1];
        return read(single, 0, 1) < 0 ? -1 : single[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) {
        if (headerPosition == header.length && dataPosition == dataLength && !nextFrame()) {
            return -1;
        }
        int fromHeader = Math.min(length, header.length - headerPosition);
        System.arraycopy(header, headerPosition, target, offset, fromHeader);
        headerPosition += fromHeader;
        int fromData = Math.min(length - fromHeader, dataLength - dataPosition);
        System.arraycopy(data, dataPosition, target, offset + fromHeader, fromData);
        dataPosition += fromData;
        return fromHeader + fromData;
    }

    private boolean nextFrame() {
        if (endMarkSent) {
            return false;
        }
        if (!nothingMoreToRead && ended.getCount() > 0) {
            try {
                int length = input.readNBytes(data, 0, data.length);
                nothingMoreToRead = length == 0;
                boolean full = length == data.length;
                return frame((full ? BLOCK_BYTES : length) + " " + (full ? BLOCKS : 1), length);
            } catch (IOException e) {
                fail(e);
            } catch (RuntimeException e) {
                fail(new IOException("The input could not be read: " + e, e));
            }
        }
        endMarkSent = true;
        try {
            ended.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
        // The line break ends the line of a frame that the script may be waiting for.
        return frame("\n" + endMark, 0);
    }

    private void fail(IOException e) {
        failure = e;
        failed.countDown();
    }

    private boolean frame(String line, int length) {
        header = (line + "\n").getBytes(StandardCharsets.US_ASCII);
        headerPosition = 0;
        dataLength = length;
        dataPosition = 0;
        return true;
    }
}
