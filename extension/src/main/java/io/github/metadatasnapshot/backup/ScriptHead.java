package io.github.metadatasnapshot.backup;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;

/** What must remain the first thing in a script, whatever else is put at its head. */
public final class ScriptHead {

    private static final byte[] BYTE_ORDER_MARK = {(byte) 0xef, (byte) 0xbb, (byte) 0xbf};

    /** MariaDB's client reads on without its commands from here: what comes before is not protected. */
    private static final List<byte[]> SANDBOX =
            List.of("/*M!999999\\-".getBytes(US_ASCII), "/*!999999\\-".getBytes(US_ASCII));

    private static final int LONGEST_LINE_BYTES = 200;

    private ScriptHead() {}

    /**
     * Takes a byte order mark and MariaDB's sandbox line off a script.
     *
     * @param script the script, of which nothing has been read
     * @return the bytes, with the line's end; none where it begins with neither
     * @throws IOException if the script cannot be read
     */
    public static byte[] take(BufferedInputStream script) throws IOException {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        if (begins(script, BYTE_ORDER_MARK)) {
            head.write(script.readNBytes(BYTE_ORDER_MARK.length));
        }
        if (begins(script, SANDBOX.get(0)) || begins(script, SANDBOX.get(1))) {
            script.mark(LONGEST_LINE_BYTES);
            ByteArrayOutputStream line = new ByteArrayOutputStream();
            int b;
            do {
                b = script.read();
                line.write(b);
            } while (b >= 0 && b != '\n' && line.size() < LONGEST_LINE_BYTES);
            if (b == '\n') {
                head.write(line.toByteArray());
            } else {
                script.reset();
            }
        }
        return head.toByteArray();
    }

    private static boolean begins(BufferedInputStream script, byte[] bytes) throws IOException {
        script.mark(bytes.length);
        boolean begins = Arrays.equals(script.readNBytes(bytes.length), bytes);
        script.reset();
        return begins;
    }
}
