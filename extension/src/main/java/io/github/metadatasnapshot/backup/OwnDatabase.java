package io.github.metadatasnapshot.backup;

import static java.util.stream.Collectors.joining;

import io.github.metadatasnapshot.engine.DatabaseDefaults;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What {@code pg_dump --create} and {@code pg_restore --create} write about the database as a whole. It is not run, as the
 * database is made for the test, and it says what the database had by default.
 */
final class OwnDatabase {

    private static final Set<String> OPTIONS = Set.of(
            "ENCODING",
            "LOCALE_PROVIDER",
            "LOCALE",
            "LC_COLLATE",
            "LC_CTYPE",
            "BUILTIN_LOCALE",
            "ICU_LOCALE",
            "ICU_RULES");

    /** What changes how values are read and written. An administrator sets them, so none that runs or loads something. */
    private static final Set<String> SETTINGS = Set.of(
            "array_nulls",
            "bytea_output",
            "datestyle",
            "default_text_search_config",
            "extra_float_digits",
            "intervalstyle",
            "lc_monetary",
            "lc_numeric",
            "lc_time",
            "search_path",
            "timezone",
            "timezone_abbreviations",
            "transform_null_equals",
            "xmlbinary",
            "xmloption");

    private String name = "";
    private String dropped = "";
    private final List<String> options = new ArrayList<>();
    private final List<String> settings = new ArrayList<>();
    private final SortedMap<String, List<String>> roleSettings = new TreeMap<>();

    /**
     * Takes a statement where it is about the database that the file creates.
     *
     * @param verb its first word, in upper case
     * @param tokens what follows
     * @param first whether nothing came before that is in a database
     * @return whether it is about that database alone
     */
    boolean takes(String verb, Tokens tokens, boolean first) {
        return switch (verb) {
            case "CREATE" -> first && name.isEmpty() && tokens.accept("database") && creates(tokens);
            case "DROP" -> first && name.isEmpty() && dropped.isEmpty() && tokens.accept("database") && drops(tokens);
            case "ALTER" -> tokens.accept("database") ? isOwn(tokens) && alters(tokens, settings) : altersRole(tokens);
            case "COMMENT" -> tokens.accept("on") && tokens.accept("database") && isOwn(tokens);
            case "GRANT", "REVOKE", "SECURITY" ->
                tokens.skipTo("on") && tokens.accept("database") && isOwn(tokens) && !tokens.accept(",");
            default -> false;
        };
    }

    private boolean creates(Tokens tokens) {
        if (!tokens.next() || !tokens.isName() || !(dropped.isEmpty() || dropped.equals(tokens.name()))) {
            return false;
        }
        name = tokens.name();
        dropped = "";
        tokens.accept("with");
        while (tokens.next()) {
            String option = tokens.text().toUpperCase(Locale.ROOT);
            tokens.accept("=");
            if (tokens.next() && OPTIONS.contains(option)) {
                options.add(option + " = " + literal(tokens.text()));
            }
        }
        return true;
    }

    private boolean drops(Tokens tokens) {
        if (tokens.accept("if")) {
            tokens.accept("exists");
        }
        if (!tokens.next() || !tokens.isName()) {
            return false;
        }
        dropped = tokens.name();
        return true;
    }

    /** Takes the settings of a role in that database: pg_dump writes them, and none of the role elsewhere. */
    private boolean altersRole(Tokens tokens) {
        if (!(tokens.accept("role") || tokens.accept("user")) || !tokens.next() || !tokens.isName()) {
            return false;
        }
        String role = tokens.name();
        return tokens.accept("in")
                && tokens.accept("database")
                && isOwn(tokens)
                && alters(tokens, roleSettings.computeIfAbsent(role, key -> new ArrayList<>()));
    }

    private static boolean alters(Tokens tokens, List<String> settings) {
        if (tokens.accept("set") && tokens.next()) {
            String setting = tokens.text().toLowerCase(Locale.ROOT);
            if (SETTINGS.contains(setting) && (tokens.accept("to") || tokens.accept("="))) {
                List<String> values = new ArrayList<>();
                do {
                    values.add(tokens.next() ? literal(tokens.text()) : "''");
                } while (tokens.accept(","));
                settings.add(setting + " TO " + values.stream().collect(joining(", ")));
            }
        }
        return true;
    }

    private boolean isOwn(Tokens tokens) {
        return !name.isEmpty()
                && tokens.next()
                && tokens.isName()
                && tokens.name().equals(name);
    }

    private static String literal(String text) {
        return "'" + text.replace("'", "''") + "'";
    }

    /** {@return whether the command of psql connects to the database that the file creates} */
    boolean isConnectedBy(String command) {
        return !name.isEmpty()
                && Set.of(
                                "\\connect " + name,
                                "\\connect \"" + name.replace("\"", "\"\"") + "\"",
                                "\\connect -reuse-previous=on \"dbname='" + name + "'\"")
                        .contains(command.strip());
    }

    /** {@return what the database had by default, as the file says it} */
    DatabaseDefaults defaults() {
        return new DatabaseDefaults(String.join(" ", options), settings);
    }

    /** {@return what is set for a role in the database, by role; nothing for one of which no setting is taken over} */
    SortedMap<String, List<String>> roleSettings() {
        return roleSettings;
    }
}
