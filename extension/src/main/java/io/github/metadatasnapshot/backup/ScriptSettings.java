package io.github.metadatasnapshot.backup;

import io.github.metadatasnapshot.engine.ScriptSyntax;
import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.StandardCharsets;
import java.nio.charset.UnsupportedCharsetException;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The settings of a session that change how the client cuts its script, and how the server reads names, as the script's own
 * {@code SET} statements make them. The clients follow the server in them: {@code psql} by its parameter {@code
 * standard_conforming_strings}, {@code mysql} and {@code mariadb} by a flag in each answer.
 *
 * <p>Of MySQL and MariaDB, the variables are followed in which a dump saves a setting: {@code SET @OLD_SQL_MODE=@@SQL_MODE}.
 */
final class ScriptSettings {

    private static final int LONGEST_BYTES = 4000;

    private static final String SQL_MODE = "@@sql_mode";
    private static final String CHARSET = "@@character_set_client";
    private static final Set<String> FOLLOWED = Set.of(SQL_MODE, CHARSET);
    private static final Set<String> WITH_ANSI_QUOTES =
            Set.of("ansi_quotes", "ansi", "db2", "maxdb", "mssql", "oracle", "postgresql");
    private static final Set<String> SCOPES = Set.of("session", "local");

    /** PostgreSQL's names of character sets, without hyphens and underscores, where Java has other ones. */
    private static final Map<String, String> POSTGRESQL_CHARSETS = Map.ofEntries(
            Map.entry("LATIN1", "ISO-8859-1"),
            Map.entry("LATIN2", "ISO-8859-2"),
            Map.entry("LATIN3", "ISO-8859-3"),
            Map.entry("LATIN4", "ISO-8859-4"),
            Map.entry("LATIN5", "ISO-8859-9"),
            Map.entry("LATIN7", "ISO-8859-13"),
            Map.entry("LATIN9", "ISO-8859-15"),
            Map.entry("KOI8R", "KOI8-R"),
            Map.entry("KOI8U", "KOI8-U"),
            Map.entry("EUCJP", "EUC-JP"),
            Map.entry("EUCKR", "EUC-KR"),
            Map.entry("EUCCN", "GB2312"),
            Map.entry("EUCTW", "x-EUC-TW"),
            Map.entry("SJIS", "windows-31j"),
            Map.entry("BIG5", "Big5"),
            Map.entry("GBK", "GBK"),
            Map.entry("GB18030", "GB18030"),
            Map.entry("UHC", "x-windows-949"),
            Map.entry("JOHAB", "x-Johab"));

    /** Those of MySQL and MariaDB. Their latin1 is Microsoft's. */
    private static final Map<String, String> MYSQL_CHARSETS = Map.ofEntries(
            Map.entry("latin1", "windows-1252"),
            Map.entry("latin2", "ISO-8859-2"),
            Map.entry("latin5", "ISO-8859-9"),
            Map.entry("latin7", "ISO-8859-13"),
            Map.entry("greek", "ISO-8859-7"),
            Map.entry("hebrew", "ISO-8859-8"),
            Map.entry("koi8r", "KOI8-R"),
            Map.entry("koi8u", "KOI8-U"),
            Map.entry("cp1250", "windows-1250"),
            Map.entry("cp1251", "windows-1251"),
            Map.entry("cp1256", "windows-1256"),
            Map.entry("cp1257", "windows-1257"),
            Map.entry("cp850", "IBM850"),
            Map.entry("cp852", "IBM852"),
            Map.entry("cp866", "IBM866"),
            Map.entry("cp932", "windows-31j"),
            Map.entry("sjis", "Shift_JIS"),
            Map.entry("ujis", "EUC-JP"),
            Map.entry("eucjpms", "EUC-JP"),
            Map.entry("euckr", "EUC-KR"),
            Map.entry("gb2312", "GB2312"),
            Map.entry("gbk", "GBK"),
            Map.entry("gb18030", "GB18030"),
            Map.entry("big5", "Big5"),
            Map.entry("tis620", "TIS-620"),
            Map.entry("macroman", "x-MacRoman"));

    private final ScriptSyntax initial;
    private final Map<String, String> variables = new HashMap<>();
    private ScriptSyntax syntax;

    ScriptSettings(ScriptSyntax initial) {
        this.initial = initial;
        this.syntax = initial;
    }

    /** {@return how the script is written from here on} */
    ScriptSyntax syntax() {
        return syntax;
    }

    /** Takes a statement; returns whether it may have changed how the script is written. */
    boolean read(ScriptStatement statement) {
        if (statement.length() > LONGEST_BYTES || !mayBeSet(statement)) {
            return false;
        }
        Tokens tokens = Tokens.of(statement);
        if (!tokens.next() || !tokens.is("set")) {
            return false;
        }
        if (syntax.backtickQuotes()) {
            new Assignments(tokens).read();
            follow();
        } else {
            readOfPostgreSql(tokens);
        }
        return true;
    }

    /** Tells by its first byte that most statements are none. */
    private boolean mayBeSet(ScriptStatement statement) {
        byte first = statement.buffer()[statement.offset()];
        return first == 's' || first == 'S' || (first == '/' && syntax.backtickQuotes());
    }

    private void readOfPostgreSql(Tokens tokens) {
        if (!tokens.next()) {
            return;
        }
        if (SCOPES.contains(lower(tokens))) {
            tokens.next();
        }
        String name = lower(tokens);
        boolean assigned = name.equals("names") || tokens.accept("=") || tokens.accept("to");
        if (!assigned || !tokens.next()) {
            return;
        }
        String value = tokens.text();
        if (name.equals("standard_conforming_strings")) {
            syntax = syntax.withQuotes(Set.of("off", "false", "no", "0").contains(lower(tokens)), true);
        } else if (name.equals("names") || name.equals("client_encoding")) {
            syntax = syntax.withCharset(charsetOfPostgreSql(value));
        }
    }

    private Charset charsetOfPostgreSql(String name) {
        return charset(nameOfPostgreSql(name));
    }

    private static @Nullable String nameOfPostgreSql(String name) {
        String plain = name.toUpperCase(Locale.ROOT).replaceAll("[-_ ]", "");
        String known = POSTGRESQL_CHARSETS.get(plain);
        return known == null && plain.matches("(?:WIN|ISO8859)\\d+")
                ? plain.replaceFirst("WIN", "windows-").replaceFirst("ISO8859", "ISO-8859-")
                : known;
    }

    /**
     * Returns a character set in which each byte below 128 is that of ASCII, so that quotes and backslashes are found.
     *
     * @param name the server's name for it
     * @return Java's, empty where it has none, or a second byte of a character may be one of ASCII
     */
    Optional<Charset> asciiBased(String name) {
        String known =
                initial.backtickQuotes() ? MYSQL_CHARSETS.get(name.toLowerCase(Locale.ROOT)) : nameOfPostgreSql(name);
        return known == null || !Charset.isSupported(known)
                ? Optional.empty()
                : Optional.of(Charset.forName(known))
                        .filter(charset -> charset.newEncoder().maxBytesPerChar() == 1
                                || charset.name().startsWith("EUC-"));
    }

    private void follow() {
        String mode = variables.get(SQL_MODE);
        String charset = variables.get(CHARSET);
        syntax = initial;
        if (mode != null) {
            List<String> modes = List.of(mode.strip().split("\\s*,\\s*"));
            syntax = syntax.withQuotes(
                    !modes.contains("no_backslash_escapes"), modes.stream().anyMatch(WITH_ANSI_QUOTES::contains));
        }
        if (charset != null) {
            syntax = syntax.withCharset(charset(MYSQL_CHARSETS.get(charset)));
        }
    }

    private Charset charset(@Nullable String name) {
        try {
            return name == null ? initial.charset() : Charset.forName(name);
        } catch (IllegalCharsetNameException | UnsupportedCharsetException e) {
            // Java need not have it; what is ASCII is the same in every one.
            return StandardCharsets.ISO_8859_1;
        }
    }

    private static String lower(Tokens tokens) {
        return tokens.text().toLowerCase(Locale.ROOT);
    }

    /** The assignments of one {@code SET} of MySQL or MariaDB. */
    private final class Assignments {

        private final Tokens tokens;

        Assignments(Tokens tokens) {
            this.tokens = tokens;
        }

        /** Reads them; the tokens stand at the {@code SET}. */
        void read() {
            do {
                if (!tokens.next()) {
                    return;
                }
                String name = name();
                if (name.equals("names") || name.equals("charset") || name.equals("character")) {
                    name = name.equals("character") && !tokens.accept("set") ? "" : CHARSET;
                } else {
                    tokens.accept(":");
                    if (!tokens.accept("=")) {
                        return;
                    }
                }
                String value = value(",");
                boolean userVariable = name.startsWith("@") && !name.startsWith("@@");
                if (userVariable || FOLLOWED.contains(name)) {
                    if (value.isEmpty() && userVariable) {
                        variables.remove(name);
                    } else {
                        variables.put(name, value);
                    }
                }
            } while (tokens.is(","));
        }

        /** Reads what is assigned to: a user variable with one {@code @} before its name, a system variable with two. */
        private String name() {
            if (tokens.is("@")) {
                return variable();
            }
            if (SCOPES.contains(lower(tokens))) {
                tokens.next();
            }
            String name = lower(tokens);
            return FOLLOWED.contains("@@" + name) ? "@@" + name : name;
        }

        /** Reads a variable; the tokens stand at its first {@code @}. */
        private String variable() {
            if (!tokens.accept("@")) {
                return tokens.next() ? "@" + lower(tokens) : "";
            }
            String name = tokens.next() ? lower(tokens) : "";
            while (tokens.accept(".")) {
                name = !SCOPES.contains(name) || !tokens.next() ? "" : lower(tokens);
            }
            return "@@" + name;
        }

        /**
         * Reads an expression up to a symbol outside of parentheses. Of functions {@code REPLACE} is known; whatever else
         * the expression does, its strings and variables are taken to be put together, as {@code CONCAT} does.
         */
        private String value(String end) {
            StringBuilder value = new StringBuilder();
            while (tokens.next() && !tokens.is(end) && !tokens.is(")")) {
                if (tokens.is("@")) {
                    value.append(variables.getOrDefault(variable(), ""));
                } else if (tokens.isString()) {
                    value.append(lower(tokens));
                } else if (tokens.is("(")) {
                    value.append(value(")"));
                } else if (tokens.isWord()) {
                    String word = lower(tokens);
                    if (tokens.accept("(")) {
                        value.append(word.equals("replace") ? replaced() : value(")"));
                    } else if (value.length() == 0 && end.equals(",") && !word.equals("default")) {
                        value.append(word);
                    }
                }
            }
            return value.toString();
        }

        /** Reads the arguments of {@code REPLACE}. */
        private String replaced() {
            String text = value(",");
            String sought = value(",");
            return text.replace(sought, value(","));
        }
    }
}
