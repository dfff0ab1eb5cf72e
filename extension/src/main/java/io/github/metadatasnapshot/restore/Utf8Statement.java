package io.github.metadatasnapshot.restore;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.metadatasnapshot.engine.ScriptSyntax;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.util.Locale;
import java.util.Set;

/**
 * Makes a statement of MySQL or MariaDB, whose bytes may be anything, a text that a driver sends as the same value. A
 * driver takes text and sends UTF-8; so a string that is not UTF-8, as {@code mysqldump} writes a blob, becomes a
 * hexadecimal literal.
 */
final class Utf8Statement {

    private static final Set<String> ROWS = Set.of("INSERT", "REPLACE");

    private static final byte[] HEX = "0123456789ABCDEF".getBytes(UTF_8);

    /** Bytes outside of any string are not UTF-8. */
    static final class NotUtf8Exception extends Exception {

        private static final long serialVersionUID = 1;

        NotUtf8Exception(String message) {
            super(message);
        }

        NotUtf8Exception() {
            this(
                    "The statement holds bytes outside of strings that are not UTF-8, which a JDBC driver cannot send: dump"
                            + " with --default-character-set=utf8mb4, or use the client in a container");
        }
    }

    private Utf8Statement() {}

    /**
     * Makes the text.
     *
     * @param bytes holds the statement
     * @param from where it begins
     * @param to where it ends
     * @param syntax what backslashes and double quotes mean in it
     * @return the text
     * @throws NotUtf8Exception if bytes outside of strings are not UTF-8
     */
    static String of(byte[] bytes, int from, int to, ScriptSyntax syntax) throws NotUtf8Exception {
        return isUtf8(bytes, from, to)
                ? new String(bytes, from, to - from, UTF_8)
                : rewritten(bytes, from, to, syntax, "");
    }

    /**
     * Makes the text of a statement that is in another character set. Strings of rows keep their bytes, for a value of a
     * column without a character set is written like any other: {@code 'größe'} becomes {@code _latin1
     * 0x6772F6DF65}.
     *
     * @param bytes holds the statement
     * @param from where it begins
     * @param to where it ends
     * @param syntax what backslashes and double quotes mean in it, and its character set
     * @param characterSet the server's name of that
     * @return the text
     * @throws NotUtf8Exception if bytes are none of the character set
     */
    static String of(byte[] bytes, int from, int to, ScriptSyntax syntax, String characterSet) throws NotUtf8Exception {
        boolean loadsRows = ROWS.contains(firstWord(bytes, from, to));
        return loadsRows && !isAscii(bytes, from, to)
                ? rewritten(bytes, from, to, syntax, characterSet)
                : decoded(bytes, from, to, syntax);
    }

    /**
     * Decodes a statement by its own character set.
     *
     * @throws NotUtf8Exception if bytes are none of the character set
     */
    static String decoded(byte[] bytes, int from, int to, ScriptSyntax syntax) throws NotUtf8Exception {
        try {
            return syntax.charset()
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT)
                    .decode(ByteBuffer.wrap(bytes, from, to - from))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new NotUtf8Exception("The statement holds bytes that are not " + syntax.charset()
                    + ", the character set that the file says it is in");
        }
    }

    /** Writes strings in hexadecimal that are not in UTF-8, or, where the statement is not, that are not ASCII. */
    private static String rewritten(byte[] bytes, int from, int to, ScriptSyntax syntax, String characterSet)
            throws NotUtf8Exception {
        boolean inUtf8 = characterSet.isEmpty();
        boolean escapes = syntax.backslashEscapes();
        ByteArrayOutputStream text = new ByteArrayOutputStream(to - from + (to - from) / 2);
        int copied = from;
        int p = from;
        while (p < to) {
            byte c = bytes[p];
            if (c == '\'' || (c == '"' && !syntax.doubleQuotedNames())) {
                int end = endOfString(bytes, p, to, escapes);
                if (inUtf8 ? !isUtf8(bytes, p, end) : !isAscii(bytes, p, end)) {
                    copy(bytes, copied, p, syntax, inUtf8, text);
                    if (!inUtf8 && !followsIntroducer(bytes, from, p)) {
                        text.writeBytes(("_" + characterSet + " ").getBytes(UTF_8));
                    }
                    writeHex(bytes, p, end, escapes, text);
                    copied = end;
                }
                p = end;
            } else if (c == '`' || c == '"') {
                p = skipTo(bytes, p + 1, to, (char) c);
            } else if (c == '#' || (c == '-' && at(bytes, p + 1, to) == '-' && isBlank(at(bytes, p + 2, to)))) {
                p = skipTo(bytes, p, to, '\n');
            } else if (c == '/' && at(bytes, p + 1, to) == '*' && !isConditional(bytes, p + 2, to)) {
                do {
                    p = skipTo(bytes, p + 1, to, '*');
                } while (p < to && at(bytes, p, to) != '/');
            } else {
                p++;
            }
        }
        copy(bytes, copied, to, syntax, inUtf8, text);
        return text.toString(UTF_8);
    }

    private static void copy(
            byte[] bytes, int from, int to, ScriptSyntax syntax, boolean inUtf8, ByteArrayOutputStream target)
            throws NotUtf8Exception {
        if (inUtf8 ? isUtf8(bytes, from, to) : isAscii(bytes, from, to)) {
            target.write(bytes, from, to - from);
        } else if (inUtf8) {
            throw new NotUtf8Exception();
        } else {
            target.writeBytes(decoded(bytes, from, to, syntax).getBytes(UTF_8));
        }
    }

    private static boolean isAscii(byte[] bytes, int from, int to) {
        for (int p = from; p < to; p++) {
            if (bytes[p] < 0) {
                return false;
            }
        }
        return true;
    }

    /** Tells whether the word before a string says its character set: {@code _binary}. */
    private static boolean followsIntroducer(byte[] bytes, int from, int string) {
        int end = string;
        while (end > from && isBlank(bytes[end - 1])) {
            end--;
        }
        int begin = end;
        while (begin > from && (bytes[begin - 1] == '_' || Character.isLetterOrDigit(bytes[begin - 1]))) {
            begin--;
        }
        return begin < end && bytes[begin] == '_';
    }

    private static String firstWord(byte[] bytes, int from, int to) {
        int end = from;
        while (end < to && !isBlank(bytes[end])) {
            end++;
        }
        return new String(bytes, from, end - from, UTF_8).toUpperCase(Locale.ROOT);
    }

    private static boolean isConditional(byte[] bytes, int p, int to) {
        return at(bytes, p, to) == '!' || (at(bytes, p, to) == 'M' && at(bytes, p + 1, to) == '!');
    }

    private static boolean isBlank(int c) {
        return c >= 0 && c <= ' ';
    }

    private static int at(byte[] bytes, int p, int to) {
        return p < to ? bytes[p] : 0;
    }

    /** Returns where the character after the next one that is sought stands. */
    private static int skipTo(byte[] bytes, int from, int to, char sought) {
        int p = from;
        while (p < to && bytes[p] != sought) {
            p++;
        }
        return Math.min(p + 1, to);
    }

    private static int endOfString(byte[] bytes, int from, int to, boolean escapes) {
        byte quote = bytes[from];
        int p = from + 1;
        while (p < to) {
            byte c = bytes[p++];
            if (c == '\\' && escapes) {
                p++;
            } else if (c == quote) {
                if (at(bytes, p, to) != quote) {
                    return p;
                }
                p++;
            }
        }
        return to;
    }

    private static void writeHex(byte[] bytes, int from, int end, boolean escapes, ByteArrayOutputStream target) {
        target.write('0');
        target.write('x');
        byte quote = bytes[from];
        int p = from + 1;
        while (p < end - 1) {
            byte c = bytes[p++];
            if (c == quote) {
                p++;
            } else if (c == '\\' && escapes) {
                c = bytes[p++];
                if (c == '%' || c == '_') {
                    writeHex((byte) '\\', target);
                }
                c = unescaped(c);
            }
            writeHex(c, target);
        }
    }

    private static void writeHex(byte value, ByteArrayOutputStream target) {
        target.write(HEX[(value >> 4) & 0xf]);
        target.write(HEX[value & 0xf]);
    }

    private static byte unescaped(byte letter) {
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

    /** Tells whether the bytes decode to characters that encode to the same bytes. */
    static boolean isUtf8(byte[] bytes, int from, int to) {
        int p = from;
        while (true) {
            while (p < to && bytes[p] >= 0) {
                p++;
            }
            if (p == to) {
                return true;
            }
            int lead = bytes[p] & 0xff;
            int length = lead < 0xc2 ? 0 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : lead < 0xf5 ? 4 : 0;
            if (length == 0 || to - p < length) {
                return false;
            }
            int second = bytes[p + 1] & 0xff;
            // Neither an overlong form nor half of a surrogate pair nor a code point beyond the last.
            boolean secondFits = switch (lead) {
                case 0xe0 -> second >= 0xa0;
                case 0xed -> second < 0xa0;
                case 0xf0 -> second >= 0x90;
                case 0xf4 -> second < 0x90;
                default -> true;
            };
            for (int i = 1; i < length; i++) {
                if ((bytes[p + i] & 0xc0) != 0x80) {
                    return false;
                }
            }
            if (!secondFits) {
                return false;
            }
            p += length;
        }
    }
}
