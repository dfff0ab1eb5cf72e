package io.github.metadatasnapshot.backup;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The place of an object: {@code s3://bucket/key}, and behind a {@code #} what pins its content.
 *
 * @param bucket the bucket
 * @param key the key, as it is: nothing in it is decoded
 * @param pin what pins the content, empty where the object is taken as it is
 */
record S3Location(String bucket, String key, Optional<Pin> pin) {

    /** What tells a content. */
    enum Mark {
        /** The hash of the content, in hexadecimal digits. */
        SHA256("sha256"),
        /** The version of the object, in a bucket that keeps versions. */
        VERSION_ID("versionId"),
        /** The object's entity tag, in quotation marks. */
        ETAG("etag");

        private final String word;

        Mark(String word) {
            this.word = word;
        }
    }

    /**
     * The content of an object.
     *
     * @param mark what kind of mark tells it
     * @param value the mark
     */
    record Pin(Mark mark, String value) {}

    private static final String SCHEME = "s3:";
    private static final Pattern SHAPE = Pattern.compile("s3://([^/?#]*)/([^?#]*)(?:#(.*))?", Pattern.CASE_INSENSITIVE);
    private static final Pattern BUCKET = Pattern.compile("[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]");
    private static final int LONGEST_KEY_BYTES = 1024;

    /** Tells whether a location is one of these, right or wrong. */
    static boolean isS3(String location) {
        return location.toLowerCase(Locale.ROOT).startsWith(SCHEME);
    }

    /**
     * Reads a location.
     *
     * @throws BackupException if it is none
     */
    static S3Location of(String location) {
        if (location.matches("(?i)s3:/*[^/?#]*[:@].*")) {
            throw new BackupException("The backup s3://… names credentials, or a port. Leave them out: credentials"
                    + " come from the AWS SDK's own chain (AWS_ACCESS_KEY_ID, a profile, a role), and a server other"
                    + " than AWS from the setting metadatasnapshot.s3.endpoint");
        }
        Matcher matcher = SHAPE.matcher(location);
        String name = location.replaceFirst("[?#].*", "");
        if (!matcher.matches()) {
            throw malformed(name, location.contains("?") ? "it has a query. A version is pinned by #versionId=" : "");
        }
        String bucket = matcher.group(1);
        String key = matcher.group(2);
        if (!BUCKET.matcher(bucket).matches()) {
            throw malformed(
                    name,
                    "'" + bucket + "' is no name of a bucket, which has 3 to 63 lower-case letters, digits, dots"
                            + " and hyphens");
        }
        if (key.isEmpty() || key.endsWith("/")) {
            throw malformed(name, key.isEmpty() ? "it names no key" : "its key ends with a slash");
        }
        if (key.getBytes(UTF_8).length > LONGEST_KEY_BYTES) {
            throw malformed(name, "its key has more than " + LONGEST_KEY_BYTES + " bytes");
        }
        return new S3Location(bucket, key, Optional.ofNullable(matcher.group(3)).map(pin -> pin(name, pin)));
    }

    private static Pin pin(String name, String text) {
        String value = text.substring(text.indexOf('=') + 1);
        if (text.matches("sha256=[0-9a-fA-F]{64}")) {
            return new Pin(Mark.SHA256, value.toLowerCase(Locale.ROOT));
        }
        if (text.matches("versionId=.+")) {
            return new Pin(Mark.VERSION_ID, value);
        }
        if (text.matches("etag=.+")) {
            return new Pin(Mark.ETAG, value.startsWith("\"") ? value : "\"" + value + "\"");
        }
        throw malformed(
                name, "'#" + text + "' pins nothing: #sha256=<64 hexadecimal digits>, #versionId=… and #etag=… do");
    }

    private static BackupException malformed(String name, String reason) {
        return new BackupException("The backup " + name + " is no object of S3, which is written s3://bucket/key"
                + (reason.isEmpty() ? "" : ": " + reason));
    }

    /**
     * Checks that something else may be written there.
     *
     * @throws BackupException if the content is pinned
     */
    S3Location writable() {
        pin.ifPresent(content -> {
            throw new BackupException(name() + " is to be written, but is pinned by " + describe(content)
                    + ": leave out what stands behind the #");
        });
        return this;
    }

    /** {@return what pins it, for messages} */
    static String describe(Pin pin) {
        return pin.mark().word + " " + pin.value();
    }

    /** {@return the location for messages, without the pin} */
    String name() {
        return "s3://" + bucket + "/" + key;
    }
}
