package io.github.metadatasnapshot.product;

import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Pattern;

/** By what a product's server shows that it has started, and so has migrated its database. */
public final class ServerSign {

    private static final ServerSign HISTORY = new ServerSign(OptionalInt.empty(), "", Optional.empty());

    private final OptionalInt port;
    private final String path;
    private final Optional<Pattern> line;

    private ServerSign(OptionalInt port, String path, Optional<Pattern> line) {
        this.port = port;
        this.path = path;
        this.line = line;
    }

    /**
     * The server answers a request with a status from 200 to 299.
     *
     * @param port the port that it listens on, in its container or on this machine
     * @param path the path, such as {@code /health}
     * @return the sign
     * @throws IllegalArgumentException if the port is none, or the path does not begin with {@code /}
     */
    public static ServerSign http(int port, String path) {
        if (port < 1 || port > 0xFFFF || !path.startsWith("/")) {
            throw new IllegalArgumentException("ServerSign.http(" + port + ", \"" + path
                    + "\") is no place that answers: it takes a port from 1 to 65535 and a path that begins with /, such as"
                    + " http(8080, \"/health\")");
        }
        return new ServerSign(OptionalInt.of(port), path, Optional.empty());
    }

    /**
     * The server prints a line. For servers in containers.
     *
     * @param pattern a regular expression that is found in the line, such as {@code Started Server in}
     * @return the sign
     * @throws java.util.regex.PatternSyntaxException if it is none
     */
    public static ServerSign log(String pattern) {
        return new ServerSign(OptionalInt.empty(), "", Optional.of(Pattern.compile(pattern)));
    }

    /**
     * The database's history says the version, and for 2 seconds no other session has run a statement or been in a
     * transaction: some products write down the version before they are done.
     *
     * @return the sign
     */
    public static ServerSign history() {
        return HISTORY;
    }

    /** {@return the port that answers, if that is the sign} */
    public OptionalInt port() {
        return port;
    }

    /** {@return the path that is answered} */
    public String path() {
        return path;
    }

    /** {@return what the line holds, if that is the sign} */
    public Optional<Pattern> line() {
        return line;
    }

    /** {@return the sign for people} */
    @Override
    public String toString() {
        if (port.isPresent()) {
            return "an answer at port " + port.getAsInt() + ", " + path;
        }
        return line.map(pattern -> "the line '" + pattern + "'").orElse("its version in the history, and 2 s of rest");
    }
}
