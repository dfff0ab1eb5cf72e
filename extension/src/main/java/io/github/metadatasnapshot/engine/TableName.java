package io.github.metadatasnapshot.engine;

import java.util.Comparator;

/**
 * The name of a table, as the catalogue of the engine spells it.
 *
 * @param schema the schema; on MySQL and MariaDB, where a schema is a database, the empty string
 * @param name the table's own name
 */
public record TableName(String schema, String name) implements Comparable<TableName> {

    private static final Comparator<TableName> ORDER =
            Comparator.comparing(TableName::schema).thenComparing(TableName::name);

    @Override
    public int compareTo(TableName other) {
        return ORDER.compare(this, other);
    }

    /** {@return the name as a person writes it: without the schema where that is empty or {@code public}} */
    @Override
    public String toString() {
        return schema.isEmpty() || schema.equals("public") ? name : schema + "." + name;
    }
}
