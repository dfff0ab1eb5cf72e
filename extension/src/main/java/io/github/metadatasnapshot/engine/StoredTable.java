package io.github.metadatasnapshot.engine;

/**
 * A table, and where its rows lie.
 *
 * @param name its name; of a partition on MySQL and MariaDB that of its table
 * @param storage what names its file: another one than before means that the table was written anew, or truncated
 */
public record StoredTable(TableName name, String storage) {}
