package io.github.metadatasnapshot.backup;

import io.github.metadatasnapshot.engine.ScriptSyntax;
import java.util.Optional;

/**
 * A statement of a script, or a line that is a command of the client. Its text is a view of the buffer of the {@link
 * ScriptReader}, valid until the reader is asked for more.
 */
public final class ScriptStatement {

    /** What a statement is. */
    public enum Kind {
        /** A statement for the server. */
        SQL,
        /** A line that begins with a backslash, for {@code psql} itself. */
        META_COMMAND
    }

    private static final int LONGEST_EXCERPT = 500;

    private final Kind kind;
    private final byte[] buffer;
    private final int offset;
    private final int length;
    private final long firstLine;
    private final long lastLine;
    private final int groups;
    private final int metaCommand;
    private final boolean terminated;
    private final boolean followedByRows;
    private final ScriptSyntax syntax;

    ScriptStatement(
            Kind kind,
            byte[] buffer,
            int offset,
            int length,
            long firstLine,
            long lastLine,
            int groups,
            int metaCommand,
            boolean terminated,
            boolean followedByRows,
            ScriptSyntax syntax) {
        this.kind = kind;
        this.buffer = buffer;
        this.offset = offset;
        this.length = length;
        this.firstLine = firstLine;
        this.lastLine = lastLine;
        this.groups = groups;
        this.metaCommand = metaCommand;
        this.terminated = terminated;
        this.followedByRows = followedByRows;
        this.syntax = syntax;
    }

    /** {@return what the statement is} */
    public Kind kind() {
        return kind;
    }

    /** {@return the array that holds the text; not a copy} */
    public byte[] buffer() {
        return buffer;
    }

    /** {@return where in the {@linkplain #buffer array} the text begins} */
    public int offset() {
        return offset;
    }

    /** {@return the length of the text in bytes, without the delimiter} */
    public int length() {
        return length;
    }

    /** {@return the line in which the text begins, from 1} */
    public long firstLine() {
        return firstLine;
    }

    /** {@return the line in which the text ends, from 1} */
    public long lastLine() {
        return lastLine;
    }

    /**
     * {@return the number of parentheses that are opened outside of any other: of an {@code INSERT}, its rows, and one
     * more where it lists its columns}
     */
    public int groups() {
        return groups;
    }

    /** {@return whether the delimiter follows; without it the script ends here} */
    public boolean isTerminated() {
        return terminated;
    }

    /** {@return whether this is a {@code COPY … FROM stdin} whose rows follow: see {@link ScriptReader#copyData}} */
    public boolean isFollowedByRows() {
        return followedByRows;
    }

    /** {@return how the statement is written: by the settings of the session that it runs in} */
    public ScriptSyntax syntax() {
        return syntax;
    }

    /**
     * Returns the command for the client, such as {@code \connect x}, that stands in the text outside of quotes and
     * comments; for a {@link Kind#META_COMMAND} the text itself.
     *
     * @return the command up to the end of its line, empty where there is none
     */
    public Optional<String> metaCommand() {
        if (metaCommand < 0) {
            return Optional.empty();
        }
        return Optional.of(decode(offset + metaCommand, offset + length)
                .lines()
                .findFirst()
                .orElseThrow()
                .stripTrailing());
    }

    /** {@return the text, in the script's character set at this place, with U+FFFD for what is none} */
    public String text() {
        return decode(offset, offset + length);
    }

    /**
     * {@return the beginning of the text in one line of at most 500 characters, for a message, with each stretch of white
     * space as one space, ending in {@code …} where it was cut}
     */
    public String excerpt() {
        return excerpt(LONGEST_EXCERPT);
    }

    String excerpt(int limit) {
        // A character has four bytes at most; and white space is rarely longer than the text.
        int end = offset + Math.min(length, 4 * limit);
        String line = decode(offset, end).strip().replaceAll("\\s+", " ");
        if (line.length() <= limit && end == offset + length) {
            return line;
        }
        int cut = Math.min(limit - 1, line.length());
        return line.substring(0, Character.isHighSurrogate(line.charAt(cut - 1)) ? cut - 1 : cut) + "…";
    }

    private String decode(int from, int to) {
        return new String(buffer, from, to - from, syntax.charset());
    }

    @Override
    public String toString() {
        return "line " + firstLine + ": " + excerpt(100);
    }
}
