package io.github.metadatasnapshot.engine;

import org.jspecify.annotations.Nullable;

/** SQL that MySQL and MariaDB keep as a text, in a form that a dump and restore leaves as it is. */
final class StoredSql {

    private StoredSql() {}

    /**
     * Leaves comments out of the body of a routine, trigger or event, and writes one blank for any white space: the client
     * that restores a dump does the former unless it is told not to, a migration by JDBC does not. What looks like a
     * comment but is run or heeded by the server stays.
     *
     * @param sql the body, {@code null} where the user may not see it
     */
    static String withoutComments(@Nullable String sql) {
        if (sql == null) {
            return "";
        }
        StringBuilder text = new StringBuilder(sql.length());
        boolean blank = false;
        for (int i = 0; i < sql.length(); ) {
            int end = afterBlank(sql, i);
            if (end > i) {
                blank = true;
            } else {
                if (blank && text.length() > 0) {
                    text.append(' ');
                }
                blank = false;
                end = afterToken(sql, i);
                text.append(sql, i, end);
            }
            i = end;
        }
        return text.toString();
    }

    /**
     * Leaves out a qualifier before names, outside of strings and quoted names, such as the name of the database, which the
     * definition of a view is full of.
     *
     * @param sql the definition, {@code null} where the user may not see it
     * @param qualifier the qualifier, in quotes and with the dot
     */
    static String withoutQualifier(@Nullable String sql, String qualifier) {
        if (sql == null) {
            return "";
        }
        StringBuilder text = new StringBuilder(sql.length());
        for (int i = 0; i < sql.length(); ) {
            if (sql.startsWith(qualifier, i) && (i == 0 || sql.charAt(i - 1) != '.')) {
                i += qualifier.length();
            } else {
                int end = afterToken(sql, i);
                text.append(sql, i, end);
                i = end;
            }
        }
        return text.toString();
    }

    /** {@return the end of the white space or comment that begins here, or the start where none does} */
    private static int afterBlank(String sql, int start) {
        char c = sql.charAt(start);
        if (Character.isWhitespace(c)) {
            return start + 1;
        }
        // Two hyphens are a comment only before white space: 1--1 is 2.
        boolean dashes = sql.startsWith("--", start)
                && (start + 2 == sql.length() || Character.isWhitespace(sql.charAt(start + 2)));
        if (dashes || c == '#') {
            int end = sql.indexOf('\n', start);
            return end < 0 ? sql.length() : end;
        }
        if (sql.startsWith("/*", start)
                && !sql.startsWith("/*!", start)
                && !sql.startsWith("/*+", start)
                && !sql.startsWith("/*M!", start)) {
            int end = sql.indexOf("*/", start + 2);
            return end < 0 ? sql.length() : end + 2;
        }
        return start;
    }

    /** {@return the end of the string or quoted name that begins here, or else of the one character} */
    private static int afterToken(String sql, int start) {
        char quote = sql.charAt(start);
        if (quote != '\'' && quote != '"' && quote != '`') {
            return start + 1;
        }
        for (int i = start + 1; i < sql.length(); i++) {
            if (quote != '`' && sql.charAt(i) == '\\') {
                i++;
            } else if (sql.charAt(i) == quote) {
                return i + 1;
            }
        }
        return sql.length();
    }
}
