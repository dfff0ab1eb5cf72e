package io.github.metadatasnapshot.engine;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Writes the expressions of PostgreSQL as they read after a dump and restore.
 *
 * <p>The server prints an expression from its parsed form, and some forms come to be by other ways than from what is
 * printed. A dump and restore parses that text, and from then on it stays. What the parser does to it is done here, and
 * nothing else, so that expressions which differ in any other way still differ:
 *
 * <ul>
 *   <li>{@code varchar_column IN ('a', 'b')} is kept as an array that is cast as a whole, and printed as {@code
 *       (ARRAY['a'::character varying, 'b'::character varying])::text[]}. The parser hands the cast of an array
 *       constructor down to its elements: {@code ARRAY[('a'::character varying)::text, ('b'::character varying)::text]}.
 *   <li>{@code a IN (b, c, d)} is kept as nested pairs, and printed as {@code (((a = b) OR (a = c)) OR (a = d))}. The
 *       parser makes one list of a chain that begins with another of the same operator: {@code ((a = b) OR (a = c) OR (a
 *       = d))}.
 * </ul>
 */
final class ReparsedExpression {

    private static final String ARRAY = "ARRAY[";

    private static final String IDENTIFIER = "(?:\"(?:[^\"]|\"\")+\"|[\\p{L}_][\\p{L}\\p{N}_$]*)";

    /** The cast to an array type. Only the types that the grammar spells in several words have a blank. */
    private static final Pattern CAST = Pattern.compile("::(?<type>" + IDENTIFIER + "(?:\\." + IDENTIFIER
            + ")?(?: varying| precision)?" + "(?:\\(\\d+(?:,-?\\d+)?\\))?(?: with(?:out)? time zone)?)\\[\\]");

    private static final List<String> OPERATORS = List.of(" OR ", " AND ");

    private ReparsedExpression() {}

    /** {@return the text of an expression, or of a statement that holds some, as it reads after a dump and restore} */
    static String of(String sql) {
        StringBuilder text = new StringBuilder(sql.length());
        for (int i = 0; i < sql.length(); ) {
            int close = sql.charAt(i) == '(' ? closing(sql, i) : -1;
            if (close < 0) {
                int end = afterToken(sql, i);
                text.append(sql, i, end);
                i = end;
                continue;
            }
            String inner = of(sql.substring(i + 1, close));
            Matcher cast = CAST.matcher(sql).region(close + 1, sql.length());
            if (isArray(inner) && cast.lookingAt()) {
                text.append(cast(inner, cast.group("type")));
                i = cast.end();
            } else {
                text.append('(').append(flattened(inner)).append(')');
                i = close + 1;
            }
        }
        return text.toString();
    }

    private static boolean isArray(String expression) {
        return expression.startsWith(ARRAY) && closing(expression, ARRAY.length() - 1) == expression.length() - 1;
    }

    /** Casts each element of an array, down to the innermost of an array of arrays. */
    private static String cast(String array, String type) {
        List<String> casts = new ArrayList<>();
        int start = ARRAY.length();
        for (int i = start; i < array.length(); ) {
            if (array.charAt(i) == ',' || i == array.length() - 1) {
                String element = array.substring(start, i).strip();
                casts.add(isArray(element) ? cast(element, type) : "(" + element + ")::" + type);
                start = i + 1;
            }
            i = afterGroup(array, i);
        }
        return ARRAY + String.join(", ", casts) + "]";
    }

    /** Takes the parentheses off a chain of ANDs, or of ORs, that a longer one of the same begins with. */
    private static String flattened(String expression) {
        if (!expression.startsWith("(")) {
            return expression;
        }
        int close = closing(expression, 0);
        Set<String> operators = operators(expression);
        if (close < 0 || operators.size() != 1) {
            return expression;
        }
        String first = expression.substring(1, close);
        boolean follows = expression.startsWith(operators.iterator().next(), close + 1);
        boolean query = first.startsWith("SELECT") || first.startsWith("WITH") || first.startsWith("VALUES");
        return follows && !query && operators(first).equals(operators)
                ? first + expression.substring(close + 1)
                : expression;
    }

    /** {@return which of AND and OR stand in the expression outside of all parentheses} */
    private static Set<String> operators(String expression) {
        Set<String> found = new HashSet<>();
        for (int i = 0; i < expression.length(); i = afterGroup(expression, i)) {
            for (String operator : OPERATORS) {
                if (expression.startsWith(operator, i)) {
                    found.add(operator);
                }
            }
        }
        return found;
    }

    /** {@return the end of the brackets or token that begin here} */
    private static int afterGroup(String sql, int start) {
        int close = isOpening(sql.charAt(start)) ? closing(sql, start) : -1;
        return close < 0 ? afterToken(sql, start) : close + 1;
    }

    /** {@return where the bracket or parenthesis closes, -1 where it does not} */
    private static int closing(String sql, int opening) {
        int depth = 0;
        for (int i = opening; i < sql.length(); i = afterToken(sql, i)) {
            char c = sql.charAt(i);
            if (isOpening(c)) {
                depth++;
            } else if (c == ']' || c == ')') {
                depth--;
                if (depth == 0) {
                    return i;
                }
            }
        }
        return -1;
    }

    private static boolean isOpening(char c) {
        return c == '[' || c == '(';
    }

    /** {@return the end of the string or quoted name that begins here, or else of the one character} */
    private static int afterToken(String sql, int start) {
        char quote = sql.charAt(start);
        if (quote != '\'' && quote != '"') {
            return start + 1;
        }
        boolean escapes = quote == '\'' && start > 0 && sql.charAt(start - 1) == 'E';
        // A quote that is doubled ends one string and begins the next, which comes to the same.
        for (int i = start + 1; i < sql.length(); i++) {
            if (escapes && sql.charAt(i) == '\\') {
                i++;
            } else if (sql.charAt(i) == quote) {
                return i + 1;
            }
        }
        return sql.length();
    }
}
