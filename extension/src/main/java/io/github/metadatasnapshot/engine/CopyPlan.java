package io.github.metadatasnapshot.engine;

import java.util.List;

/**
 * What copies of a database by the engine's tools take of it.
 *
 * @param schema what the script of {@link Engine#schemaForCopies} printed
 * @param files the tables of which the files are copied, not the rows
 */
public record CopyPlan(String schema, List<String> files) {

    /** Copies the list. */
    public CopyPlan {
        files = List.copyOf(files);
    }
}
