package io.github.metadatasnapshot.backup;

import java.io.EOFException;

/** A script ends inside a quote, a comment or the rows of a {@code COPY}. */
public final class UnterminatedScriptException extends EOFException {

    private static final long serialVersionUID = 1;

    private final long line;

    UnterminatedScriptException(String what, long line) {
        super("the script ends inside the " + what + " that begins in line " + line);
        this.line = line;
    }

    /** {@return the line in which it began what never ends, from 1} */
    public long line() {
        return line;
    }
}
