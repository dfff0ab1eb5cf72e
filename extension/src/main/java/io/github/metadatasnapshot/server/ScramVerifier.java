package io.github.metadatasnapshot.server;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * What PostgreSQL keeps of a password, with one round of hashing where it would take 4,096 itself. Those make it slow to guess
 * what people think up; to guess 24 random bytes is no slower for them, but every login of the tests is. See <a
 * href="https://www.rfc-editor.org/rfc/rfc5802#section-3">RFC 5802</a> and <a
 * href="https://www.postgresql.org/docs/current/catalog-pg-authid.html">pg_authid</a>.
 */
final class ScramVerifier {

    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int SALT_BYTES = 16;

    private ScramVerifier() {}

    /**
     * Returns what stands for a password in {@code ALTER ROLE}.
     *
     * @param password a random password, of ASCII characters
     */
    static String of(String password) {
        byte[] salt = new byte[SALT_BYTES];
        RANDOM.nextBytes(salt);
        try {
            byte[] salted = hmac(
                    password.getBytes(UTF_8),
                    ByteBuffer.allocate(SALT_BYTES + Integer.BYTES)
                            .put(salt)
                            .putInt(1)
                            .array());
            byte[] storedKey = MessageDigest.getInstance("SHA-256").digest(hmac(salted, "Client Key".getBytes(UTF_8)));
            byte[] serverKey = hmac(salted, "Server Key".getBytes(UTF_8));
            Base64.Encoder base64 = Base64.getEncoder();
            return "SCRAM-SHA-256$1:" + base64.encodeToString(salt) + "$" + base64.encodeToString(storedKey) + ":"
                    + base64.encodeToString(serverKey);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Every Java has HmacSHA256 and SHA-256", e);
        }
    }

    private static byte[] hmac(byte[] key, byte[] text) throws GeneralSecurityException {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(key, "HmacSHA256"));
        return mac.doFinal(text);
    }
}
