package io.github.metadatasnapshot.shape;

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
