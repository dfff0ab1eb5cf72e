package io.github.metadatasnapshot.engine;

import java.nio.charset.Charset;

/**
 * How a script for an engine's own client is written, as far as it takes to find where its statements end and what they
 * name. The settings of the session change it: {@code NO_BACKSLASH_ESCAPES}, {@code ANSI_QUOTES}, {@code
 * standard_conforming_strings} and the character set of the client.
 *
 * @param backslashEscapes whether a backslash escapes the next character in every quoted string, or only in strings that
 *     begin with {@code E'} (PostgreSQL)
 * @param doubleQuotedNames whether double quotes quote identifiers, in which a backslash is a character like any other,
 *     or strings
 * @param backtickQuotes whether backticks quote identifiers
 * @param hashComments whether {@code #} begins a comment
 * @param dollarQuotes whether {@code $tag$} quotes strings
 * @param nestedComments whether block comments nest
 * @param copyData whether the rows of {@code COPY … FROM stdin} stand in the script
 * @param metaCommands whether a line that begins with a backslash is a command of the client
 * @param delimiterCommand whether a line {@code DELIMITER x} changes what ends a statement
 * @param charset the character set of names and strings
 */
public record ScriptSyntax(
        boolean backslashEscapes,
        boolean doubleQuotedNames,
        boolean backtickQuotes,
        boolean hashComments,
        boolean dollarQuotes,
        boolean nestedComments,
        boolean copyData,
        boolean metaCommands,
        boolean delimiterCommand,
        Charset charset) {

    /** {@return the same but for what backslashes and double quotes mean} */
    public ScriptSyntax withQuotes(boolean escapes, boolean names) {
        return new ScriptSyntax(
                escapes,
                names,
                backtickQuotes,
                hashComments,
                dollarQuotes,
                nestedComments,
                copyData,
                metaCommands,
                delimiterCommand,
                charset);
    }

    /** {@return the same in another character set} */
    public ScriptSyntax withCharset(Charset other) {
        return new ScriptSyntax(
                backslashEscapes,
                doubleQuotedNames,
                backtickQuotes,
                hashComments,
                dollarQuotes,
                nestedComments,
                copyData,
                metaCommands,
                delimiterCommand,
                other);
    }
}
