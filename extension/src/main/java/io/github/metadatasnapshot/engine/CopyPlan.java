package io.github.metadatasnapshot.engine;

import java.util.List;

/**
 * What copies of a database take of it.
 *
 * @param schema what the script of {@link Engine#schemaForCopies} printed; empty where nothing has to be known
 * @param files the tables of which the files are copied, not the rows
 */
public record CopyPlan(String schema, List<String> files) {

    /** Copies the list. */
    public CopyPlan {
        files = List.copyOf(files);
    }

    /** {@return the same plan, but for the files} */
    public CopyPlan withoutFiles() {
        return new CopyPlan(schema, List.of());
    }
}
