package io.github.metadatasnapshot.matrix;

/**
 * One check of the matrix.
 *
 * @param database the database that was asked for, such as {@code postgres:17}
 * @param check what is checked
 * @param from the version that is upgraded, or that the backup is of
 * @param to the version that is upgraded to, or that the database is at; of a {@link Check#RESTORE} the same as {@code from},
 *     of a {@link Check#RECOVERY} the one that there is a way back from
 * @param procedure how the backup is restored; empty for an upgrade
 */
public record Cell(String database, Check check, String from, String to, String procedure) {

    /** {@return the cell for people: {@code postgres:17 · 1.2 → 2.0 · upgrade}} */
    @Override
    public String toString() {
        String versions = check == Check.RESTORE ? from : from + " → " + to;
        return database + " · " + versions + " · " + check.id().replace('-', ' ');
    }
}
