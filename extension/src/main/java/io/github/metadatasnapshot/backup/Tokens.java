package io.github.metadatasnapshot.backup;

import io.github.metadatasnapshot.engine.ScriptSyntax;
import java.io.ByteArrayOutputStream;

/**
 * The words, names, strings and symbols of a statement, one after the other. Comments are left out, the content of
 * conditional comments is not.
 */
final class Tokens {

    private enum Kind {
        WORD,
        QUOTED_NAME,
        STRING,
        SYMBOL,
        NONE
    }

    private final byte[] bytes;
    private final int end;
    private final ScriptSyntax syntax;
    private int position;
    private Kind kind = Kind.NONE;
    private String text = "";

    Tokens(byte[] bytes, int from, int to, ScriptSyntax syntax) {
        this.bytes = bytes;
        this.position = from;
        this.end = to;
        this.syntax = syntax;
    }

    static Tokens of(ScriptStatement statement) {
        int from = statement.offset();
        return new Tokens(statement.buffer(), from, from + statement.length(), statement.syntax());
    }

    /** {@return the tokens of a statement that follow the one at which others stand} */
    static Tokens after(ScriptStatement statement, Tokens others) {
        return new Tokens(
                statement.buffer(), others.position, statement.offset() + statement.length(), statement.syntax());
    }

    /** Moves to the next token; returns whether there is one. */
    boolean next() {
        skipBlanks();
        if (position >= end) {
            kind = Kind.NONE;
            text = "";
            return false;
        }
        byte c = bytes[position];
        if ((c == '"' && syntax.doubleQuotedNames()) || (c == '`' && syntax.backtickQuotes())) {
            quoted(c, false);
            kind = Kind.QUOTED_NAME;
        } else if (c == '\'' || c == '"') {
            quoted(c, syntax.backslashEscapes());
            kind = Kind.STRING;
        } else if (isWordPart(c)) {
            int from = position;
            while (position < end && isWordPart(bytes[position])) {
                position++;
            }
            text = new String(bytes, from, position - from, syntax.charset());
            kind = Kind.WORD;
            if (text.equalsIgnoreCase("e") && syntax.dollarQuotes() && position < end && bytes[position] == '\'') {
                quoted((byte) '\'', true);
                kind = Kind.STRING;
            }
        } else {
            text = String.valueOf((char) c);
            kind = Kind.SYMBOL;
            position++;
        }
        return true;
    }

    /** Moves to the next token that is the word, outside of quotes; returns whether there is one. */
    boolean skipTo(String word) {
        while (next()) {
            if (is(word)) {
                return true;
            }
        }
        return false;
    }

    /** Moves on where the next token is the word; returns whether it is. */
    boolean accept(String word) {
        int before = position;
        Kind kindBefore = kind;
        String textBefore = text;
        if (next() && is(word)) {
            return true;
        }
        position = before;
        kind = kindBefore;
        text = textBefore;
        return false;
    }

    /** Tells whether the token is this word or symbol, in any case. */
    boolean is(String word) {
        return (kind == Kind.WORD || kind == Kind.SYMBOL) && text.equalsIgnoreCase(word);
    }

    boolean isWord() {
        return kind == Kind.WORD;
    }

    boolean isName() {
        return kind == Kind.WORD || kind == Kind.QUOTED_NAME;
    }

    boolean isQuotedName() {
        return kind == Kind.QUOTED_NAME;
    }

    boolean isString() {
        return kind == Kind.STRING;
    }

    /** Returns the token without its quotes. */
    String text() {
        return text;
    }

    /** Returns the token as the catalogue spells a name: PostgreSQL folds what is not quoted. */
    String name() {
        return kind == Kind.WORD && !syntax.backtickQuotes() ? foldToLowerCase(text) : text;
    }

    /** Returns where the token ends, as an index into the array. */
    int position() {
        return position;
    }

    private static String foldToLowerCase(String text) {
        StringBuilder folded = new StringBuilder(text);
        for (int i = 0; i < folded.length(); i++) {
            char c = folded.charAt(i);
            if (c >= 'A' && c <= 'Z') {
                folded.setCharAt(i, (char) (c | 0x20));
            }
        }
        return folded.toString();
    }

    private void skipBlanks() {
        while (position < end) {
            byte c = bytes[position];
            if (c >= 0 && c <= ' ') {
                position++;
            } else if (c == '-' && at(1) == '-' && (!syntax.backtickQuotes() || (at(2) >= 0 && at(2) <= ' '))) {
                skipLine();
            } else if (c == '#' && syntax.hashComments()) {
                skipLine();
            } else if (c == '/' && at(1) == '*') {
                skipComment();
            } else if (c == '*' && at(1) == '/' && !syntax.nestedComments()) {
                // The end of a conditional comment.
                position += 2;
            } else {
                return;
            }
        }
    }

    private void skipLine() {
        while (position < end && bytes[position] != '\n') {
            position++;
        }
    }

    private void skipComment() {
        int mark = at(2) == 'M' ? 3 : 2;
        if (!syntax.nestedComments() && at(mark) == '!') {
            position += mark + 1;
            while (position < end && bytes[position] >= '0' && bytes[position] <= '9') {
                position++;
            }
            return;
        }
        int nesting = 0;
        do {
            if (bytes[position] == '/' && at(1) == '*' && (nesting == 0 || syntax.nestedComments())) {
                nesting++;
                position += 2;
            } else if (bytes[position] == '*' && at(1) == '/') {
                nesting--;
                position += 2;
            } else {
                position++;
            }
        } while (nesting > 0 && position < end);
    }

    private int at(int offset) {
        return position + offset < end ? bytes[position + offset] : 0;
    }

    private void quoted(byte quote, boolean escapes) {
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        position++;
        while (position < end) {
            byte c = bytes[position++];
            if (c == quote) {
                if (at(0) != quote) {
                    break;
                }
                position++;
                content.write(c);
            } else if (c == '\\' && escapes && position < end) {
                content.write(unescape(bytes[position++]));
            } else {
                content.write(c);
            }
        }
        text = content.toString(syntax.charset());
    }

    /** Returns what a letter after a backslash stands for; octal and hexadecimal escapes are in no dump. */
    static int unescape(byte letter) {
        return switch (letter) {
            case '0' -> 0;
            case 'b' -> '\b';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'Z' -> 26;
            default -> letter;
        };
    }

    private static boolean isWordPart(byte c) {
        return (c >= 'a' && c <= 'z')
                || (c >= 'A' && c <= 'Z')
                || (c >= '0' && c <= '9')
                || c == '_'
                || c == '$'
                || c < 0;
    }
}
