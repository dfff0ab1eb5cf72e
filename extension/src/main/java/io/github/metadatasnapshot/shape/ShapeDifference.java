package io.github.metadatasnapshot.shape;

import io.github.metadatasnapshot.engine.SchemaObject;
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
