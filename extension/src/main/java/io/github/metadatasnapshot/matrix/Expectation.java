package io.github.metadatasnapshot.matrix;

import io.github.metadatasnapshot.engine.Version;
import io.github.metadatasnapshot.restore.RestoreVerdict;
import io.github.metadatasnapshot.server.ServerSpec;
import java.util.List;

/**
 * A restore that is known to do something else than what is asked of restores.
 *
 * @param database the image or the engine that it is known of; empty for any
 * @param from the version that the backup is of
 * @param to the version that the database is at
 * @param verdict what the restore does
 * @param because why that is accepted
 */
public record Expectation(String database, Version from, Version to, RestoreVerdict verdict, String because) {

    /** {@return whether it is about a database} */
    public boolean isAbout(ServerSpec spec) {
        return database.isEmpty()
                || database.equals(spec.toString())
                || database.equals(spec.engine().id());
    }

    /**
     * Tells whether it is about a cell.
     *
     * @param cell a cell of a database that it is about
     */
    public boolean isAbout(Cell cell) {
        return cell.check() != Check.UPGRADE
                && from.equals(Version.of(cell.from()))
                && to.equals(Version.of(cell.to()));
    }

    /**
     * Finds expectations that cannot both be met.
     *
     * @param all the expectations about one database
     * @throws IllegalArgumentException if two say different things of one restore
     */
    public static void check(List<Expectation> all) {
        for (Expectation one : all) {
            for (Expectation other : all) {
                if (one.from().equals(other.from())
                        && one.to().equals(other.to())
                        && one.verdict() != other.verdict()) {
                    throw new IllegalArgumentException(
                            one + " and " + other + " contradict each other: leave out one of the two");
                }
            }
        }
    }

    /** {@return the expectation as it is declared} */
    @Override
    public String toString() {
        return "@Expect(from = \"" + from + "\", to = \"" + to + "\", verdict = " + verdict
                + (database.isEmpty() ? "" : ", database = \"" + database + "\"") + ")";
    }
}
