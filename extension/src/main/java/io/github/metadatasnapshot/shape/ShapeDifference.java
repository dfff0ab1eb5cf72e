package io.github.metadatasnapshot.shape;

import io.github.metadatasnapshot.engine.SchemaObject;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An object that two shapes don't agree on.
 *
 * @param kind what it is, such as {@code column}
 * @param name its name
 * @param expected its definition in the one shape, {@code null} where it is not there
 * @param actual its definition in the other, {@code null} where it is not there
 */
public record ShapeDifference(
        String kind,
        String name,
        @Nullable String expected,
        @Nullable String actual) {

    /** The kinds of objects, the gravest to miss first; others come before names and orders. */
    private static final List<String> KINDS = List.of(
            SchemaObject.TABLE,
            "partition",
            SchemaObject.COLUMN,
            SchemaObject.CONSTRAINT,
            SchemaObject.FOREIGN_KEY,
            "trigger",
            "rule",
            "policy",
            "view",
            "materialized view",
            "routine",
            SchemaObject.SEQUENCE,
            SchemaObject.INDEX);

    private static final List<String> LAST_KINDS =
            List.of(SchemaObject.GRANT, SchemaObject.COMMENT, SchemaObject.COLUMN_ORDER);

    /**
     * What is missing comes first, then what differs, then what is too many; names and orders come last. In each by what it
     * is, then by name.
     */
    public static final Comparator<ShapeDifference> BY_GRAVITY = Comparator.comparing(ShapeDifference::isOfNames)
            .thenComparingInt(ShapeDifference::manner)
            .thenComparingInt(ShapeDifference::rank)
            .thenComparing(ShapeDifference::kind)
            .thenComparing(ShapeDifference::name);

    private int manner() {
        return isMissing() ? 0 : expected != null ? 1 : 2;
    }

    private int rank() {
        int known = KINDS.indexOf(kind);
        return known >= 0 ? known : KINDS.size() + 1 + LAST_KINDS.indexOf(kind);
    }

    /** Tells whether the object is in the expected shape alone. */
    public boolean isMissing() {
        return actual == null;
    }

    /** Tells whether it is about the order of a table's columns. */
    public boolean isOfColumnOrder() {
        return kind.equals(SchemaObject.COLUMN_ORDER);
    }

    /** Tells whether it is only about how something is called, described or ordered. */
    public boolean isOfNames() {
        return isOfColumnOrder() || kind.equals(SchemaObject.COMMENT);
    }

    /**
     * Tells whether this is about a part of a table that only one of the shapes has.
     *
     * @param table another difference
     * @return whether it says all that there is to say of the table
     */
    public boolean isPartOf(ShapeDifference table) {
        return table.kind().equals(SchemaObject.TABLE)
                && (table.expected() == null || table.actual() == null)
                && Shape.isOfTable(kind)
                && name.startsWith(table.name() + ".");
    }

    /** {@return the difference for people: one line where an object is missing or too many, else with both definitions} */
    @Override
    public String toString() {
        String object = kind + " " + name;
        if (expected == null) {
            return object + " is there, unexpected: " + actual;
        }
        if (actual == null) {
            return object + " is missing: " + expected;
        }
        return object + " differs%n  expected: %s%n  actual:   %s".formatted(expected, actual);
    }
}
