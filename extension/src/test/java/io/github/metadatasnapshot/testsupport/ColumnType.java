package io.github.metadatasnapshot.testsupport;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.metadatasnapshot.engine.Engine;
import io.github.metadatasnapshot.engine.Version;
import io.github.metadatasnapshot.server.DatabaseServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A type that a column may have; see {@code types}.
 *
 * @param sql how it is written
 * @param values expressions, whose values all differ
 * @param dumped whether the engine's dump tool writes the values so that they come back the same
 */
public record ColumnType(String sql, List<String> values, boolean dumped) {

    private static final Pattern LINE = Pattern.compile("(?:\\[(?<mark>\\w+)] )?(?<sql>[^|]+)\\|(?<values>.*)");

    /** Not a bar of an expression, which stands beside a blank or another bar. */
    private static final Pattern SEPARATOR = Pattern.compile("(?<![| ])\\|(?![| ])");

    private static final String LOST = "lost";

    /** Makes the types that are not the engine's own, but of its kinds. */
    private static final List<String> OF_USERS = List.of(
            "CREATE EXTENSION hstore",
            "CREATE TYPE mood AS ENUM ('sad', 'ok')",
            "CREATE TYPE pair AS (a text, b text)",
            "CREATE DOMAIN letter AS varchar(1) CHECK (VALUE IN ('a', 'b'))",
            "CREATE DOMAIN letters AS varchar(1)[]",
            "CREATE TYPE span AS RANGE (subtype = numeric)");

    /** {@return what a database needs before it has columns of these types} */
    public static List<String> prerequisites(Engine engine) {
        return engine == Engine.POSTGRESQL ? OF_USERS : List.of();
    }

    /** {@return the types that a server has} */
    public static List<ColumnType> of(DatabaseServer server) {
        List<String> lines = new ArrayList<>(lines(server.engine().id()));
        if (server.engine() != Engine.POSTGRESQL) {
            lines.addAll(lines("mysql-common"));
        }
        List<ColumnType> types = new ArrayList<>();
        for (String line : lines) {
            Matcher matcher = LINE.matcher(line);
            if (!matcher.matches()) {
                throw new IllegalArgumentException(line);
            }
            String mark = matcher.group("mark");
            boolean lost = LOST.equals(mark);
            if (mark == null || lost || Version.of(server.version()).compareTo(Version.of(mark)) >= 0) {
                types.add(new ColumnType(
                        matcher.group("sql"), List.of(SEPARATOR.split(matcher.group("values"), -1)), !lost));
            }
        }
        return types;
    }

    private static List<String> lines(String name) {
        try (InputStream in = ColumnType.class.getResourceAsStream("/types/" + name + ".txt")) {
            return new String(in.readAllBytes(), UTF_8)
                    .lines()
                    .filter(line -> !line.startsWith("#"))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
