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
        return (script.isEmpty() ? "" : "in " + place() + ": ") + describeError();
    }

    /** {@return where it stopped: {@code V2__half.sql, line 4}; the empty string where that is not known} */
    public String place() {
        return script.isEmpty() || line == 0 ? script : script + ", line " + line;
    }

    /** {@return the failure without its place: what the engine said, the statement, the hint} */
    public String describeError() {
        StringBuilder text = new StringBuilder(message);
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
