package io.github.metadatasnapshot.restore;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.Charset;
import java.nio.charset.CodingErrorAction;

/** Text of another character set in UTF-8. Bytes that are none of the character set are a {@code CharacterCodingException}. */
final class Utf8InputStream extends InputStream {

    private static final int BLOCK_CHARS = 1 << 15;

    private final Reader text;
    private final char[] chars = new char[BLOCK_CHARS];
    private byte[] block = {};
    private int position;

    Utf8InputStream(InputStream in, Charset charset) {
        this.text = new InputStreamReader(
                in,
                charset.newDecoder()
                        .onMalformedInput(CodingErrorAction.REPORT)
                        .onUnmappableCharacter(CodingErrorAction.REPORT));
    }

    @Override
    public int read() throws IOException {
        return fill() ? block[position++] & 0xff : -1;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        if (!fill()) {
            return -1;
        }
        int count = Math.min(length, block.length - position);
        System.arraycopy(block, position, target, offset, count);
        position += count;
        return count;
    }

    /** {@return whether there is a byte} */
    private boolean fill() throws IOException {
        while (position == block.length) {
            int count = text.read(chars);
            if (count < 0) {
                return false;
            }
            block = new String(chars, 0, count).getBytes(UTF_8);
            position = 0;
        }
        return true;
    }
}
