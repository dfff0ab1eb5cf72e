package io.github.metadatasnapshot.engine;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A table as its rows are compared; of a partitioned one the whole.
 *
 * @param name its name
 * @param source what its rows are selected from, in the engine's SQL
 * @param columns its columns by name, in the order in which they stand
 * @param key the names of the primary key's columns, in the key's order; none where there is no key
 * @param uniques the names of the columns of each unique key that is not the primary one
 */
public record DataTable(
        TableName name, String source, Map<String, DataColumn> columns, List<String> key, List<List<String>> uniques) {

    /** Copies columns and keys. */
    public DataTable {
        columns = Collections.unmodifiableMap(new LinkedHashMap<>(columns));
        key = List.copyOf(key);
        uniques = uniques.stream().map(List::copyOf).toList();
    }

    /** {@return its name as that of a {@link SchemaObject}} */
    public String label() {
        return SchemaObject.nameOf(name);
    }

    /** {@return the name of a column of it as that of a {@link SchemaObject}} */
    public String label(String column) {
        return SchemaObject.name(name.schema(), name.name(), column);
    }

    /** {@return the columns of the primary key, where there is one, and of each unique key} */
    public List<List<String>> keys() {
        return Stream.concat(Stream.of(key), uniques.stream())
                .filter(columns -> !columns.isEmpty())
                .toList();
    }
}
