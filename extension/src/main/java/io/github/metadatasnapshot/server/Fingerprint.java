package io.github.metadatasnapshot.server;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** The SHA-256 of several things, one after the other, by which they are told from any others. */
public final class Fingerprint {

    private static final int BUFFER_BYTES = 1 << 16;

    private final MessageDigest digest = sha256();

    /** Begins with nothing. */
    public Fingerprint() {}

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java has SHA-256", e);
        }
    }

    /** Adds texts, each of which counts with its length. */
    public Fingerprint add(String... texts) {
        for (String text : texts) {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            digest.update((bytes.length + ":").getBytes(StandardCharsets.US_ASCII));
            digest.update(bytes);
        }
        return this;
    }

    /** Adds all that can be read. */
    public Fingerprint add(InputStream in) throws IOException {
        MessageDigest content = sha256();
        byte[] block = new byte[BUFFER_BYTES];
        for (int read = in.read(block); read >= 0; read = in.read(block)) {
            content.update(block, 0, read);
        }
        digest.update(content.digest());
        return this;
    }

    /** {@return the hash in lower-case hexadecimal; nothing may be added after that} */
    public String hex() {
        return HexFormat.of().formatHex(digest.digest());
    }
}
