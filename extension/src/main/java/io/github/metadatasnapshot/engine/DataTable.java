package io.github.metadatasnapshot.engine;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A table as its rows are compared; of a partitioned one the whole.
 *
 * @param name its name
 * @param source what its rows are selected from, in the engine's SQL
 * @param columns its columns by name, in the order in which they stand
 * @param key the names of the primary key's columns, in the key's order; none where there is no key
 */
public record DataTable(TableName name, String source, Map<String, DataColumn> columns, List<String> key) {

    /** Copies columns and key. */
    public DataTable {
        columns = Collections.unmodifiableMap(new LinkedHashMap<>(columns));
        key = List.copyOf(key);
    }

    /** {@return its name as that of a {@link SchemaObject}} */
    public String label() {
        return SchemaObject.nameOf(name);
    }

    /** {@return the name of a column of it as that of a {@link SchemaObject}} */
    public String label(String column) {
        return SchemaObject.name(name.schema(), name.name(), column);
    }
}
