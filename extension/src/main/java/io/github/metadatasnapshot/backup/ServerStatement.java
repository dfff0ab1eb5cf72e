package io.github.metadatasnapshot.backup;

import io.github.metadatasnapshot.engine.ScriptSyntax;
import java.util.Locale;
import java.util.Set;

/** Tells the statements that change the whole server: a dump of one database has none of them. */
final class ServerStatement {

    private static final Set<String> POSTGRESQL_OBJECTS =
            Set.of("ROLE", "USER", "GROUP", "TABLESPACE", "SYSTEM", "OWNED");

    private static final Set<String> POSTGRESQL_GRANTED = Set.of("DATABASE", "TABLESPACE", "PARAMETER", "ROLE");

    private static final Set<String> MYSQL_OBJECTS =
            Set.of("ROLE", "USER", "SERVER", "TABLESPACE", "UNDO", "LOGFILE", "INSTANCE", "RESOURCE");

    private static final Set<String> MYSQL_VERBS = Set.of(
            "GRANT",
            "REVOKE",
            "INSTALL",
            "UNINSTALL",
            "FLUSH",
            "RESET",
            "PURGE",
            "CHANGE",
            "STOP",
            "SHUTDOWN",
            "RESTART",
            "KILL",
            "CLONE",
            "LOAD");

    private static final Set<String> GLOBAL = Set.of("GLOBAL", "PERSIST", "PERSIST_ONLY", "PASSWORD");

    private ServerStatement() {}

    /**
     * Tells whether the statement is one.
     *
     * @param verb its first word, in upper case
     * @param tokens what follows
     * @param syntax how it is written
     */
    static boolean is(String verb, Tokens tokens, ScriptSyntax syntax) {
        return syntax.backtickQuotes() ? isOfMySql(verb, tokens) : isOfPostgreSql(verb, tokens);
    }

    /** Tells whether the statement is about a subscription, which PostgreSQL's dump tool writes without being asked. */
    static boolean isSubscription(String verb, Tokens tokens, ScriptSyntax syntax) {
        return !syntax.backtickQuotes()
                && Set.of("CREATE", "ALTER", "DROP", "COMMENT").contains(verb)
                && (!verb.equals("COMMENT") || tokens.accept("on"))
                && next(tokens).equals("SUBSCRIPTION");
    }

    private static boolean isOfPostgreSql(String verb, Tokens tokens) {
        return switch (verb) {
            case "CREATE", "ALTER", "DROP" ->
                POSTGRESQL_OBJECTS.contains(next(tokens))
                        && !(tokens.is("user") && next(tokens).equals("MAPPING"));
            case "GRANT", "REVOKE" -> !tokens.skipTo("on") || POSTGRESQL_GRANTED.contains(next(tokens));
            case "COMMENT" -> tokens.accept("on") && POSTGRESQL_GRANTED.contains(next(tokens));
            case "REASSIGN" -> true;
            default -> false;
        };
    }

    private static boolean isOfMySql(String verb, Tokens tokens) {
        return switch (verb) {
            case "CREATE", "ALTER", "DROP", "RENAME" -> {
                if (tokens.accept("or")) {
                    tokens.accept("replace");
                }
                yield MYSQL_OBJECTS.contains(next(tokens));
            }
            case "SET" -> setsGlobal(tokens);
            case "SELECT" ->
                tokens.skipTo("into") && Set.of("OUTFILE", "DUMPFILE").contains(next(tokens));
            case "START" -> !next(tokens).equals("TRANSACTION");
            default -> MYSQL_VERBS.contains(verb);
        };
    }

    /** GTIDs are another's to refuse: mysqldump writes them without being asked. */
    private static boolean setsGlobal(Tokens tokens) {
        int depth = 0;
        boolean assigned = true;
        while (tokens.next()) {
            if (assigned && !tokens.is("@")) {
                assigned = false;
                if (GLOBAL.contains(word(tokens))) {
                    tokens.accept(".");
                    return !next(tokens).equals("GTID_PURGED");
                }
            }
            if (tokens.is("(")) {
                depth++;
            } else if (tokens.is(")")) {
                depth--;
            }
            assigned |= depth == 0 && tokens.is(",");
        }
        return false;
    }

    private static String next(Tokens tokens) {
        return tokens.next() ? word(tokens) : "";
    }

    private static String word(Tokens tokens) {
        return tokens.isWord() ? tokens.text().toUpperCase(Locale.ROOT) : "";
    }
}
