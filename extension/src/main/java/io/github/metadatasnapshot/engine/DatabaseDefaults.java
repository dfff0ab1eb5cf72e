package io.github.metadatasnapshot.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a database has by default instead of what its server gives to each: character set and collation, on PostgreSQL
 * encoding, locale and settings too.
 *
 * @param options what {@code CREATE DATABASE} says after the name, such as {@code COLLATE utf8mb4_unicode_ci}; the empty
 *     string where the server decides
 * @param settings what {@code ALTER DATABASE … SET} sets, such as {@code intervalstyle = 'iso_8601'}; PostgreSQL only
 */
public record DatabaseDefaults(String options, List<String> settings) {

    /** The defaults of the server. */
    public static final DatabaseDefaults NONE = new DatabaseDefaults("", List.of());

    private static final Pattern ENTRY =
            Pattern.compile("(?:(?<engine>\\w+)\\s*:\\s*)?(?:(?<set>(?i)SET)\\s+)?(?<rest>\\S.*)", Pattern.DOTALL);

    /** Copies the settings. */
    public DatabaseDefaults {
        settings = List.copyOf(settings);
    }

    /**
     * Reads what somebody wrote down.
     *
     * @param engine the engine of the database
     * @param entries options of {@code CREATE DATABASE}, or {@code SET name = value}; those that begin with the name of an
     *     engine and a colon hold for that one alone
     * @return the defaults
     * @throws IllegalArgumentException if an entry is blank, begins with another word and a colon, or holds a semicolon, or a
     *     setting is for an engine that has none for a database
     */
    public static DatabaseDefaults parse(Engine engine, List<String> entries) {
        List<String> options = new ArrayList<>();
        List<String> settings = new ArrayList<>();
        for (String entry : entries) {
            Matcher matcher = ENTRY.matcher(entry.strip());
            if (!matcher.matches() || entry.indexOf(';') >= 0) {
                throw new IllegalArgumentException(
                        "'" + entry + "' is neither what CREATE DATABASE takes after the name,"
                                + " such as COLLATE utf8mb4_unicode_ci, nor SET name = value");
            }
            String named = matcher.group("engine");
            if (named != null && Engine.ALL.stream().noneMatch(each -> each.id().equals(named))) {
                throw new IllegalArgumentException("'" + entry + "' names the engine '" + named
                        + "': the engines are postgresql, mysql and mariadb");
            }
            if (named != null && !named.equals(engine.id())) {
                continue;
            }
            if (matcher.group("set") == null) {
                options.add(matcher.group("rest"));
            } else if (engine == Engine.POSTGRESQL) {
                settings.add(matcher.group("rest"));
            } else {
                throw new IllegalArgumentException("'" + entry + "' is for PostgreSQL alone: of " + engine
                        + ", a database has a character set and a collation. For both engines, write 'postgresql: "
                        + entry.strip() + "'");
            }
        }
        return new DatabaseDefaults(String.join(" ", options), settings);
    }

    /** {@return whether the server decides all} */
    public boolean isNone() {
        return options.isEmpty() && settings.isEmpty();
    }

    /**
     * The default character set of a database of MySQL or MariaDB, as a dump says it.
     *
     * @param characterSet its name, such as {@code utf8mb4}
     * @param collation the name of the collation; empty where it is the default of the character set
     */
    public record CharacterSet(String characterSet, Optional<String> collation) {}
}
