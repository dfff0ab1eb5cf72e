package io.github.metadatasnapshot.engine;

import static java.util.stream.Collectors.toSet;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A table as a write probe sees it.
 *
 * @param name its name
 * @param columns its columns by name, those left out that no statement may give a value
 * @param uniques its unique indexes
 * @param references its foreign keys
 */
record ProbedTable(TableName name, Map<String, Column> columns, List<Unique> uniques, List<Reference> references) {

    ProbedTable(TableName name, List<Unique> uniques, Collection<Reference> references) {
        this(name, new LinkedHashMap<>(), uniques, List.copyOf(references));
    }

    /** How a value can be changed into one that no other row has. */
    enum Kind {
        UUID,
        TEXT,
        NUMBER,
        DATE,
        BYTES,
        /** A document of which the texts can be changed, as generated columns may be keys that are taken from it. */
        JSON,
        OTHER
    }

    /**
     * A column.
     *
     * @param name its name
     * @param kind how its values can be changed
     * @param required whether a row needs a value for it
     * @param generated whether the database makes a value of its own for each row that comes without one
     * @param type its type in SQL
     * @param madeUp a value of its type, in SQL; {@code null} where none is known
     * @param length how many characters or bytes it takes, 0 for any number
     */
    record Column(
            String name,
            Kind kind,
            boolean required,
            boolean generated,
            String type,
            @Nullable String madeUp,
            int length) {}

    /**
     * A unique index.
     *
     * @param names its name, and those of its parts in partitions
     * @param columns the columns that it is of, or that its expressions and generated columns are made from
     */
    record Unique(Set<String> names, Set<String> columns) {}

    /** {@return an index with the columns that generated ones are made from in place of these} */
    static Unique unique(Set<String> names, Set<String> columns, Map<String, Set<String>> generated) {
        Set<String> all = new LinkedHashSet<>();
        columns.forEach(column -> all.addAll(generated.getOrDefault(column, Set.of(column))));
        return new Unique(names, all);
    }

    /**
     * A foreign key.
     *
     * @param parent the table that it refers to
     * @param columns the columns of the parent's key, by its own
     */
    record Reference(TableName parent, Map<String, String> columns) {

        Reference(TableName parent) {
            this(parent, new LinkedHashMap<>());
        }
    }

    /** Tells whether a column is one of a foreign key. */
    boolean refers(Column column) {
        return references.stream().anyMatch(reference -> reference.columns().containsKey(column.name()));
    }

    /** Tells whether a row can be given all columns of a foreign key. */
    boolean isWritable(Reference reference) {
        return reference.columns().keySet().stream()
                .allMatch(column -> columns.containsKey(column) && !isGenerated(column));
    }

    String label() {
        return "table " + name;
    }

    /** Tells whether an index is there for values that the database generates. */
    boolean isGenerated(Unique unique) {
        return unique.columns().stream().anyMatch(this::isGenerated);
    }

    /** {@return the columns that the database generates values for, of those in an index} */
    Set<SequencePosition.Column> generated(Unique unique) {
        return unique.columns().stream()
                .filter(this::isGenerated)
                .map(column -> new SequencePosition.Column(name, column))
                .collect(toSet());
    }

    private boolean isGenerated(String column) {
        Column found = columns.get(column);
        return found != null && found.generated();
    }
}
