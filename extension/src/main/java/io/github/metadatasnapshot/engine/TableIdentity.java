package io.github.metadatasnapshot.engine;

import java.util.Map;

/**
 * By what an engine tells a table and its columns from others, whatever they are called. Means something within one database
 * only: a copy of a database may have others.
 *
 * @param id what no other table of the database has and a renamed table keeps, such as the OID on PostgreSQL
 * @param exact whether equal places prove columns to be the same; otherwise they do where no name contradicts
 * @param columns the columns by name
 */
public record TableIdentity(String id, boolean exact, Map<String, Column> columns) {

    /** Copies the map. */
    public TableIdentity {
        columns = Map.copyOf(columns);
    }

    /**
     * A column of a table.
     *
     * @param place what no other column of the table has and a renamed column keeps
     * @param labels the labels of its enumeration, by what a renamed label keeps; none for other types
     */
    public record Column(String place, Map<String, String> labels) {

        /** Copies the map. */
        public Column {
            labels = Map.copyOf(labels);
        }
    }
}
