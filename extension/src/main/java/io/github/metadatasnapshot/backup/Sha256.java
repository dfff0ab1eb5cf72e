package io.github.metadatasnapshot.backup;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** The SHA-256 of bytes that pass by, and their number. */
final class Sha256 {

    private final MessageDigest digest;
    private long bytes;

    Sha256() {
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java has SHA-256", e);
        }
    }

    private Sha256(MessageDigest digest, long bytes) {
        this.digest = digest;
        this.bytes = bytes;
    }

    void update(byte[] block, int offset, int length) {
        digest.update(block, offset, length);
        bytes += length;
    }

    long bytes() {
        return bytes;
    }

    Sha256 copy() {
        try {
            return new Sha256((MessageDigest) digest.clone(), bytes);
        } catch (CloneNotSupportedException e) {
            throw new IllegalStateException("The JDK's own can be cloned", e);
        }
    }

    /** {@return the hash in lower-case hexadecimal; nothing may be added after that} */
    String hex() {
        return HexFormat.of().formatHex(digest.digest());
    }
}
