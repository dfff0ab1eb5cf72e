package io.github.metadatasnapshot.server;

import io.github.metadatasnapshot.engine.Engine;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which server a test asks for: an image as a compose file names it.
 *
 * @param image the image's name and tag, such as {@code postgres:17} or {@code registry.example/base/mysql:8.4}
 * @param engine the engine whose server the image holds
 * @param version the version that the tag names, such as {@code 17} or {@code 8.4}; empty where the tag names none
 */
public record ServerSpec(String image, Engine engine, Optional<String> version) {

    private static final Pattern SPEC = Pattern.compile("(?<image>\\S+?)(?:\\s+as\\s+(?<engine>\\S+))?");

    /**
     * Reads a specification.
     *
     * @param text an image with an optional tag; for an image whose name does not tell its engine, followed by
     *     {@code as postgres}, {@code as mysql} or {@code as mariadb}
     * @return the specification
     * @throws IllegalArgumentException if the text is blank or no engine is known for the image
     */
    public static ServerSpec parse(String text) {
        Matcher matcher = SPEC.matcher(text.strip());
        if (!matcher.matches()) {
            throw new IllegalArgumentException(
                    "'" + text + "' is not a database: it takes an image with a tag, such as postgres:17");
        }
        String image = matcher.group("image");
        String withoutDigest = image.replaceFirst("@.*$", "");
        int colon = withoutDigest.indexOf(':', withoutDigest.lastIndexOf('/') + 1);
        String repository = colon < 0 ? withoutDigest : withoutDigest.substring(0, colon);
        String tag = colon < 0 ? "" : withoutDigest.substring(colon + 1);
        String named = matcher.group("engine");
        Engine engine = Engine.ofImage(named == null ? repository.replaceFirst("^[^/]*[.:][^/]*/", "") : named)
                .orElseThrow(() -> new IllegalArgumentException("No database engine is known for '" + text
                        + "': the engines are PostgreSQL, MySQL and MariaDB, told by the image's name (postgres, postgis,"
                        + " pgvector, timescale, mysql, percona, mariadb). For an image of another name, say which it"
                        + " holds: \"" + image + " as postgres\""));
        Matcher version = Pattern.compile("(?:pg)?(\\d+(?:\\.\\d+)*).*").matcher(tag);
        return new ServerSpec(image, engine, version.matches() ? Optional.of(version.group(1)) : Optional.empty());
    }

    /**
     * Tells whether a server of a version is what this specification asks for.
     *
     * @param serverVersion the server's version, such as {@code 17.5}
     * @return whether the version of the tag, where it names one, is the beginning of the server's
     */
    public boolean accepts(String serverVersion) {
        return version.map(asked -> (serverVersion + ".").startsWith(asked + "."))
                .orElse(true);
    }

    /** Returns the image. */
    @Override
    public String toString() {
        return image;
    }
}
