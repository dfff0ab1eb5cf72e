package io.github.metadatasnapshot.engine;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * What is known of a restore when one of its errors is explained.
 *
 * @param dataOnly whether the backup holds rows only
 * @param writer the engine that the backup was taken from
 * @param toolVersion the version of the dump tool, where the file says it
 * @param backupVersion the schema version of the backup, for people
 * @param targetVersion the schema version of the database before the restore, for people
 * @param emptyBefore whether the database held nothing before the restore
 * @param rowsBefore the tables of the database before the restore, and how many rows each held
 * @param schemaBefore the definitions of the database's objects before the restore, by kind and then name as in {@link
 *     SchemaObject}
 * @param rowsInBackup the tables that the backup holds rows of
 * @param database the database for people, such as {@code postgres:17}
 * @param statements finds the first statement of the backup that a pattern matches, and gives its beginning with single
 *     spaces; it reads the file anew
 */
public record RestoreContext(
        boolean dataOnly,
        Engine writer,
        Optional<String> toolVersion,
        String backupVersion,
        String targetVersion,
        boolean emptyBefore,
        SortedMap<TableName, Long> rowsBefore,
        Map<String, Map<String, String>> schemaBefore,
        Set<TableName> rowsInBackup,
        String database,
        Function<Pattern, Optional<String>> statements) {

    /** Finds a table that the database held before, by its name with or without its schema. */
    Optional<TableName> tableBefore(String name) {
        return find(rowsBefore.keySet(), name);
    }

    /** Tells whether the backup holds rows of a table, named with or without its schema. */
    boolean hasRowsOf(String name) {
        return find(rowsInBackup, name).isPresent();
    }

    private static Optional<TableName> find(Set<TableName> tables, String name) {
        return tables.stream()
                .filter(table -> table.name().equals(name)
                        || SchemaObject.nameOf(table).equals(name)
                        || (table.schema() + "." + table.name()).equals(name))
                .findFirst();
    }

    /** Tells whether a table of the database had a column before. */
    boolean hadColumn(TableName table, String column) {
        return schemaBefore
                .getOrDefault(SchemaObject.COLUMN, Map.of())
                .containsKey(SchemaObject.name(table.schema(), table.name(), column));
    }

    /** Tells whether the schema of the database is at another version than the backup. */
    boolean isOtherVersion() {
        return !backupVersion.equals(targetVersion);
    }
}
