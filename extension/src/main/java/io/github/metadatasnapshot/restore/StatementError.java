package io.github.metadatasnapshot.restore;

import io.github.metadatasnapshot.engine.Engine;

/**
 * An error of a statement of a backup. What is not known is 0 or the empty string.
 *
 * @param line the line of the file at which the statement begins, from 1
 * @param lastLine the line that the client named
 * @param statement the beginning of the statement
 * @param sqlState the engine's SQLSTATE
 * @param message the engine's own message
 */
public record StatementError(long line, long lastLine, String statement, String sqlState, String message) {

    private static final int LONGEST_STATEMENT = 500;

    /** {@return the error of a statement that the backup does not hold, but that makes room for it} */
    static StatementError ofPrologue(String statement, String sqlState, String message) {
        String excerpt = statement.length() <= LONGEST_STATEMENT
                ? statement
                : statement.substring(0, LONGEST_STATEMENT - 1) + "…";
        return new StatementError(
                0, 0, excerpt + " (not in the file: run before it, so that its rows find room)", sqlState, message);
    }

    /** {@return whether the guard of the backup raised the error, so that nothing of the backup ran} */
    public boolean isGuard() {
        return Engine.isGuard(message);
    }

    /** {@return the error for people: line, message, SQLSTATE and statement} */
    @Override
    public String toString() {
        return (line == 0 ? "" : "line " + line + ": ")
                + message
                + (sqlState.isEmpty() ? "" : " (SQLSTATE " + sqlState + ")")
                + (statement.isEmpty() ? "" : "\nstatement: " + statement);
    }
}
