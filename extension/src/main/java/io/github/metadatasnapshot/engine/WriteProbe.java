package io.github.metadatasnapshot.engine;

import java.util.Collections;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What came of writing to a database: a row into each table, the next value of each sequence, and a row from each view.
 * Objects are named for people, such as {@code table pet}.
 *
 * @param worked what worked, and with which row
 * @param failed what the server refused
 * @param skipped what was not tried, or says nothing, with the reason
 */
public record WriteProbe(
        SortedMap<String, Set<Row>> worked, SortedMap<String, Failure> failed, SortedMap<String, String> skipped) {

    /** Where a row comes from. */
    public enum Row {
        /** From one that the table holds, with other values in its unique columns. */
        COPIED,
        /** From the types of its columns. */
        MADE_UP
    }

    /**
     * What the server refused.
     *
     * @param row where the row came from
     * @param taken the columns whose value, which the database generated, is taken already; none where it is not that
     * @param atEnd whether a generator has no value left
     * @param message the engine's own words
     */
    public record Failure(Row row, Set<SequencePosition.Column> taken, boolean atEnd, String message) {

        /** Copies the set. */
        public Failure {
            taken = Set.copyOf(taken);
        }

        /** {@return whether it fails at a generated value} */
        public boolean isOfGenerator() {
            return atEnd || !taken.isEmpty();
        }
    }

    /** Copies the maps. */
    public WriteProbe {
        worked = Collections.unmodifiableSortedMap(new TreeMap<>(worked));
        failed = Collections.unmodifiableSortedMap(new TreeMap<>(failed));
        skipped = Collections.unmodifiableSortedMap(new TreeMap<>(skipped));
    }

    WriteProbe() {
        this(new TreeMap<>(), new TreeMap<>(), new TreeMap<>());
    }

    /** {@return whether the database has an object} */
    public boolean has(String object) {
        return worked.containsKey(object) || failed.containsKey(object) || skipped.containsKey(object);
    }

    /** {@return whether an object took a row of that origin} */
    public boolean worked(String object, Row row) {
        return worked.getOrDefault(object, Set.of()).contains(row);
    }

    /** Collects what comes of a probe. */
    static final class Builder {

        private final Map<String, Set<Row>> worked = new TreeMap<>();
        private final Map<String, Failure> failed = new TreeMap<>();
        private final Map<String, String> skipped = new TreeMap<>();

        void worked(String object, Row row) {
            worked.computeIfAbsent(object, name -> EnumSet.noneOf(Row.class)).add(row);
        }

        void failed(String object, Failure failure) {
            failed.putIfAbsent(object, failure);
        }

        void skipped(String object, String reason) {
            skipped.putIfAbsent(object, reason);
        }

        WriteProbe build() {
            return new WriteProbe(new TreeMap<>(worked), new TreeMap<>(failed), new TreeMap<>(skipped));
        }
    }
}
