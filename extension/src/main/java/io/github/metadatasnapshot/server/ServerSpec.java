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
 * @param version the version that the tag of an official image names, such as {@code 17} or {@code 8.4}; empty where it names
 *     none, and for every other image, whose tag may be the version of something else: the server tells it then
 */
public record ServerSpec(String image, Engine engine, Optional<String> version) {

    /** Docker's own images of the engines, by their full names or short ones, or from a mirror of Docker Hub. */
    private static final Pattern OFFICIAL = Pattern.compile(
            "(?:(?:[^/]*[.:][^/]*/(?:docker/)?)?library/|(?:[^/]*\\.)?docker\\.io/)?(?:postgres|mysql|mariadb)");

    private static final Pattern VERSION = Pattern.compile("(\\d+(?:\\.\\d+)*).*");

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
                        + "': the engines are PostgreSQL, MySQL and MariaDB, told by the image's name (postgres,"
                        + " postgis, pgvector, timescale, mysql, percona, mariadb). For an image of another name, say"
                        + " which it holds: \"" + image + " as postgres\""));
        Matcher version = VERSION.matcher(tag);
        return new ServerSpec(
                image,
                engine,
                OFFICIAL.matcher(repository).matches() && version.matches()
                        ? Optional.of(version.group(1))
                        : Optional.empty());
    }

    /** {@return the image as Docker's clients take it: where there is a digest, the tag says nothing} */
    String reference() {
        return image.replaceFirst(":[^:/@]+(?=@)", "");
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
