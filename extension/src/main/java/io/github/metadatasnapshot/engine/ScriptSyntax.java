package io.github.metadatasnapshot.engine;

/**
 * How a script for an engine's own client is written, as far as it takes to find where its statements end.
 *
 * @param backslashEscapes whether a backslash escapes the next character in every quoted string (MySQL), or only in
 *     strings that begin with {@code E'} (PostgreSQL)
 * @param backtickQuotes whether backticks quote identifiers
 * @param hashComments whether {@code #} begins a comment
 * @param dollarQuotes whether {@code $tag$} quotes strings
 * @param nestedComments whether block comments nest
 * @param copyData whether the rows of {@code COPY … FROM stdin} stand in the script
 * @param metaCommands whether a line that begins with a backslash is a command of the client
 * @param delimiterCommand whether a line {@code DELIMITER x} changes what ends a statement
 */
public record ScriptSyntax(
        boolean backslashEscapes,
        boolean backtickQuotes,
        boolean hashComments,
        boolean dollarQuotes,
        boolean nestedComments,
        boolean copyData,
        boolean metaCommands,
        boolean delimiterCommand) {}
