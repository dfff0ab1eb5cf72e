package io.github.metadatasnapshot.engine;

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
 * @param references what each column of a foreign key refers to
 */
record ProbedTable(
        TableName name,
        Map<String, Column> columns,
        List<Unique> uniques,
        Map<String, SequencePosition.Column> references) {

    ProbedTable(TableName name, List<Unique> uniques, Map<String, SequencePosition.Column> references) {
        this(name, new LinkedHashMap<>(), uniques, references);
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
     * @param name its name
     * @param columns the columns that it is of, or that its expressions and generated columns are made from
     */
    record Unique(String name, Set<String> columns) {}

    /** {@return an index with the columns that generated ones are made from in place of these} */
    static Unique unique(String name, Set<String> columns, Map<String, Set<String>> generated) {
        Set<String> all = new LinkedHashSet<>();
        columns.forEach(column -> all.addAll(generated.getOrDefault(column, Set.of(column))));
        return new Unique(name, all);
    }

    String label() {
        return "table " + name;
    }

    /** Tells whether an index is there for values that the database generates. */
    boolean isGenerated(Unique unique) {
        return unique.columns().stream().anyMatch(this::isGenerated);
    }

    private boolean isGenerated(String column) {
        Column found = columns.get(column);
        return found != null && found.generated();
    }
}
