package io.github.metadatasnapshot.matrix;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What came of a cell.
 *
 * @param cell the cell
 * @param result whether it holds
 * @param verdict what a restore did, such as {@code SILENTLY_ACCEPTED}; empty for an upgrade, or where nothing was restored
 * @param cause why a restore failed, such as {@code GUARD}; empty where it did not
 * @param expected what is declared as an exception: the verdict of a restore, or what fails of an upgrade; empty where
 *     nothing is
 * @param because why the exception is declared; empty where none is
 * @param millis how long the cell took, in milliseconds
 * @param message why the cell failed or was not run, for people; empty where it passed
 * @param failures what failed, the gravest first: a line each, the same in all cells that fail for the same cause; none
 *     where the cell passed or was not run
 * @param checks what was checked, a line each
 * @param errors the errors of client or server, a line or more each
 * @param differences how shape or data differ from what was expected, a line or more each
 * @param migrations what an upgrade applied, in its order
 */
public record CellResult(
        Cell cell,
        Result result,
        Optional<String> verdict,
        Optional<String> cause,
        Optional<String> expected,
        String because,
        long millis,
        String message,
        List<String> failures,
        List<String> checks,
        List<String> errors,
        List<String> differences,
        List<MigrationTime> migrations) {

    /** Copies the lists. */
    public CellResult {
        failures = List.copyOf(failures);
        checks = List.copyOf(checks);
        errors = List.copyOf(errors);
        differences = List.copyOf(differences);
        migrations = List.copyOf(migrations);
    }

    /** Whether a cell holds. */
    public enum Result {

        /** It does. */
        PASSED,

        /** It does not. */
        FAILED,

        /** A restore failed, but so does its control: nothing can be concluded. Counts as a failure. */
        INCONCLUSIVE,

        /** The database cannot run here. */
        NOT_RUN;

        /** {@return the result's name in reports: {@code passed}, {@code failed}, {@code inconclusive} or {@code not-run}} */
        public String id() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    /**
     * A migration that was applied.
     *
     * @param version its version, empty for a repeatable one
     * @param description its description
     * @param millis how long it took, in milliseconds
     * @param rewritten the tables that it wrote anew, as far as the server tells
     * @param locked the tables that nobody else could write to for {@link #LONG_MILLIS} and more, as far as the server tells
     */
    public record MigrationTime(
            String version, String description, long millis, List<String> rewritten, List<String> locked) {

        /** From when on a migration or a lock is worth a word, in milliseconds. */
        public static final long LONG_MILLIS = 1000;

        /** Copies the lists. */
        public MigrationTime {
            rewritten = List.copyOf(rewritten);
            locked = List.copyOf(locked);
        }

        /** {@return the migration for people: its version and description} */
        public String name() {
            return ((version.isEmpty() ? "repeatable" : version) + " " + description).strip();
        }
    }
}
