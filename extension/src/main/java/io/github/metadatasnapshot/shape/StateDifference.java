package io.github.metadatasnapshot.shape;

import io.github.metadatasnapshot.engine.LargeObjects;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/**
 * Something that a database holds otherwise than expected.
 *
 * @param gravity how grave that is
 * @param count how many rows or large objects are concerned; 0 where nothing is counted
 * @param text the difference for people
 */
public record StateDifference(Gravity gravity, long count, String text) {

    /** How grave a difference is, the gravest first. */
    public enum Gravity {
        /** The history says something else, which tells by what all else is judged. */
        HISTORY,
        /** Rows or large objects are missing. */
        ROWS,
        /** Objects without rows are missing. */
        MISSING_OBJECTS,
        /** Objects have another definition. */
        OBJECTS,
        /** A generator continues at a value, or before one, that a unique column holds. */
        COLLISIONS,
        /** Rows or large objects hold other values. */
        VALUES,
        /** A generator gives out values again that are not held. */
        POSITIONS,
        /** Rows or objects are there besides. */
        ADDITIONS,
        /** Objects are described or ordered in another way. */
        NAMES
    }

    private static final Comparator<StateDifference> BY_GRAVITY = Comparator.comparing(StateDifference::gravity)
            .thenComparing(StateDifference::count, Comparator.reverseOrder());

    /** {@return the difference of an object, graver where it is missing than where it is another, and than where it is there besides} */
    public static StateDifference ofObject(ShapeDifference difference, String text) {
        Gravity gravity = difference.isOfNames()
                ? Gravity.NAMES
                : difference.isMissing()
                        ? Gravity.MISSING_OBJECTS
                        : difference.expected() == null ? Gravity.ADDITIONS : Gravity.OBJECTS;
        return new StateDifference(gravity, 0, text);
    }

    /**
     * Creates the difference between two numbers of rows.
     *
     * @param expected how many rows are expected
     * @param actual how many there are
     * @param text the difference for people
     * @return the difference, graver where rows are missing than where there are more
     */
    public static StateDifference ofRows(long expected, long actual, String text) {
        return actual < expected
                ? new StateDifference(Gravity.ROWS, expected - actual, text)
                : new StateDifference(Gravity.ADDITIONS, actual - expected, text);
    }

    /**
     * Creates the difference that a table is missing.
     *
     * @param rows how many rows it should hold
     * @param text the difference for people
     * @return the difference, graver where rows are missing with it
     */
    public static StateDifference ofMissingTable(long rows, String text) {
        return new StateDifference(rows > 0 ? Gravity.ROWS : Gravity.MISSING_OBJECTS, rows, text);
    }

    /** {@return the difference between large objects, graver where some are missing than where they are others} */
    public static StateDifference ofLargeObjects(LargeObjects expected, LargeObjects actual, String text) {
        return expected.count() == actual.count()
                ? new StateDifference(Gravity.VALUES, expected.count(), text)
                : ofRows(expected.count(), actual.count(), text);
    }

    /**
     * Orders differences for people.
     *
     * @param differences the differences; those of the same gravity and count keep their order
     * @return the texts, the gravest first, and of the same gravity the largest
     */
    public static List<String> describe(Collection<StateDifference> differences) {
        return differences.stream()
                .sorted(BY_GRAVITY)
                .map(StateDifference::text)
                .toList();
    }
}
