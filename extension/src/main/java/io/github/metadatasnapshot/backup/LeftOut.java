package io.github.metadatasnapshot.backup;

/**
 * A statement of a backup that is not run, since it is about the server or the database as a whole, and not about what is in
 * the database that the backup goes into: MySQL's dump tool adds the server's GTIDs to each dump, and would keep a restore out
 * of the server's binary log; PostgreSQL's creates the database.
 *
 * @param line the line in which it begins, from 1
 * @param from the offset of its first byte in the script, from 0
 * @param to the offset behind its delimiter
 * @param statement the beginning of the statement
 */
public record LeftOut(long line, long from, long to, String statement) {

    /** {@return the statement for people} */
    @Override
    public String toString() {
        return "line " + line + ": " + statement;
    }
}
