package io.github.metadatasnapshot.migration;

/**
 * Why a migration stopped. What is not known is the empty string, or 0.
 *
 * @param script the migration's file
 * @param line the line at which its failing statement begins, from 1
 * @param statement the failing statement
 * @param sqlState the engine's SQLSTATE
 * @param message the engine's own message, or the runner's
 * @param hint the likely cause and the way out
 */
public record MigrationFailure(
        String script, int line, String statement, String sqlState, String message, String hint) {

    /** {@return the failure on as many lines as it takes: where, what the engine said, the statement, the hint} */
    public String describe() {
        StringBuilder text = new StringBuilder();
        if (!script.isEmpty()) {
            text.append("in ").append(script);
            if (line > 0) {
                text.append(", line ").append(line);
            }
            text.append(": ");
        }
        text.append(message);
        if (!sqlState.isEmpty()) {
            text.append(" (SQLSTATE ").append(sqlState).append(')');
        }
        if (!statement.isEmpty()) {
            text.append("\nstatement: ").append(statement);
        }
        if (!hint.isEmpty()) {
            text.append("\nlikely cause: ").append(hint);
        }
        return text.toString();
    }
}
