package io.github.metadatasnapshot.shape;

import static java.util.stream.Collectors.joining;

import io.github.metadatasnapshot.engine.SchemaObject;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * What an upgrade may do to the data: tables and columns that may lose some, and those that go by another name afterwards.
 * Tables are named as in the database, {@code table} or {@code schema.table} where the schema is not {@code public}, and
 * columns {@code table.column}; a part of a name that has a dot in it stands in double quotes.
 *
 * @param exceptions the reason for each exception, by the name before
 * @param renames the name after, by the name before
 */
public record DataRules(Map<String, String> exceptions, Map<String, String> renames) {

    /** Nothing may be lost, and all keeps its name. */
    public static final DataRules NONE = new DataRules(Map.of(), Map.of());

    /** Copies the maps. */
    public DataRules {
        exceptions = Map.copyOf(exceptions);
        renames = Map.copyOf(renames);
    }

    /**
     * Adds an exception.
     *
     * @param name a table or column that may lose data
     * @param reason why
     * @return these rules and the exception
     * @throws IllegalArgumentException if the reason is blank
     */
    public DataRules except(String name, String reason) {
        if (reason.isBlank()) {
            throw new IllegalArgumentException(
                    "except(\"" + name + "\", \"" + reason + "\") gives no reason: say why the data may be lost");
        }
        return new DataRules(with(exceptions, name, reason), renames);
    }

    /**
     * Adds a rename, unless it concerns other upgrades: where the old name was not there yet or any more, or is still there.
     *
     * @param from a table or column before
     * @param to the table or column that holds its data after
     * @param before the shape before
     * @param after the shape after
     * @return these rules and the rename
     * @throws IllegalArgumentException if neither of the two exists after, or one is a table and the other a column
     */
    public DataRules renamed(String from, String to, Shape before, Shape after) {
        String call = "renamed(\"" + from + "\", \"" + to + "\")";
        Optional<String> kindBefore = kind(from, before);
        Optional<String> kindAfter = kind(to, after);
        boolean elsewhere = kindBefore.isEmpty()
                || (kindAfter.isEmpty() && kind(from, after).isPresent());
        if (elsewhere) {
            return this;
        }
        if (kindAfter.isEmpty()) {
            throw new IllegalArgumentException(
                    call + " names nothing that there is after the upgrade: " + whatThereIs(to, after));
        }
        if (!kindBefore.equals(kindAfter)) {
            throw new IllegalArgumentException(call + " names a " + kindBefore.get() + " and a " + kindAfter.get()
                    + ": name two tables, or two columns");
        }
        return new DataRules(exceptions, with(renames, from, to));
    }

    private static Map<String, String> with(Map<String, String> map, String key, String value) {
        Map<String, String> more = new TreeMap<>(map);
        more.put(key, value);
        return more;
    }

    private static Optional<String> kind(String name, Shape shape) {
        return Stream.of(SchemaObject.TABLE, SchemaObject.COLUMN)
                .filter(kind -> shape.definition(kind, name).isPresent())
                .findFirst();
    }

    private static String whatThereIs(String name, Shape shape) {
        Collection<String> columns = names(shape, SchemaObject.COLUMN);
        Optional<String> table = names(shape, SchemaObject.TABLE).stream()
                .filter(candidate -> name.startsWith(candidate + "."))
                .findFirst();
        return table.map(of -> "table " + of + " has "
                        + columns.stream()
                                .filter(column -> column.startsWith(of + "."))
                                .collect(joining(", ")))
                .orElseGet(() -> {
                    String tables = String.join(", ", names(shape, SchemaObject.TABLE));
                    return tables.isEmpty() ? "it has no table" : "the tables are " + tables;
                });
    }

    private static List<String> names(Shape shape, String kind) {
        return shape.objects().stream()
                .filter(object -> object.kind().equals(kind))
                .map(SchemaObject::name)
                .toList();
    }
}
