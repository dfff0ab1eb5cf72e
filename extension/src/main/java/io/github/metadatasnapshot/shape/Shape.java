package io.github.metadatasnapshot.shape;

import io.github.metadatasnapshot.engine.Engine;
import io.github.metadatasnapshot.engine.SchemaObject;
import io.github.metadatasnapshot.engine.TableName;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The schema of a database as its engine describes it, without the data. The same for a database that was migrated and for
 * one that was dumped and restored.
 *
 * <p>Immutable; two shapes are equal when they hold the same objects with the same definitions, in which the order of a
 * table's columns counts.
 */
public final class Shape {

    /** The shape of an empty database. */
    public static final Shape EMPTY = new Shape(new TreeMap<>());

    private static final Set<String> OF_TABLES = Set.of(
            "partition",
            SchemaObject.TABLE,
            SchemaObject.COLUMN_ORDER,
            SchemaObject.COLUMN,
            SchemaObject.CONSTRAINT,
            SchemaObject.FOREIGN_KEY,
            SchemaObject.INDEX,
            "period",
            "trigger",
            "rule",
            "policy");

    private record Key(String kind, String name) implements Comparable<Key> {

        private static final Comparator<Key> ORDER =
                Comparator.comparing(Key::kind).thenComparing(Key::name);

        @Override
        public int compareTo(Key other) {
            return ORDER.compare(this, other);
        }
    }

    private final SortedMap<Key, String> definitions;

    private Shape(SortedMap<Key, String> definitions) {
        this.definitions = Collections.unmodifiableSortedMap(definitions);
    }

    /**
     * Makes a shape of objects.
     *
     * @param objects the objects
     * @return the shape
     * @throws IllegalArgumentException if two of them have the same kind and name
     */
    public static Shape of(Collection<SchemaObject> objects) {
        SortedMap<Key, String> definitions = new TreeMap<>();
        for (SchemaObject object : objects) {
            if (definitions.put(new Key(object.kind(), object.name()), object.definition()) != null) {
                throw new IllegalArgumentException("There are two of " + object.kind() + " " + object.name());
            }
        }
        return new Shape(definitions);
    }

    /**
     * Reads the shape of a database.
     *
     * @param connection a connection to it, left as it was
     * @param engine its engine
     * @return the shape
     * @throws SQLException if the catalogue cannot be read
     */
    public static Shape read(Connection connection, Engine engine) throws SQLException {
        return of(engine.schemaObjects(connection));
    }

    /**
     * Reads the privileges in a database, which its shape is without.
     *
     * @param connection a connection to it, left as it was
     * @param engine its engine
     * @return a shape that consists of them alone
     * @throws SQLException if the catalogue cannot be read
     */
    public static Shape readGrants(Connection connection, Engine engine) throws SQLException {
        return of(engine.grants(connection));
    }

    /** {@return the objects, by kind and name} */
    public List<SchemaObject> objects() {
        return definitions.entrySet().stream()
                .map(entry ->
                        new SchemaObject(entry.getKey().kind(), entry.getKey().name(), entry.getValue()))
                .toList();
    }

    /**
     * Finds an object.
     *
     * @param kind its kind, such as {@code table}
     * @param name its name
     * @return its definition, empty where there is no such object
     */
    public Optional<String> definition(String kind, String name) {
        return Optional.ofNullable(definitions.get(new Key(kind, name)));
    }

    /** Tells whether there is a table, be it one whose rows lie in partitions. */
    public boolean hasTable(TableName table) {
        return definitions.containsKey(new Key(SchemaObject.TABLE, SchemaObject.nameOf(table)));
    }

    /**
     * Returns the shape without a table and all that belongs to it.
     *
     * @param table the table, such as the one with the history
     * @return the rest
     */
    public Shape without(TableName table) {
        SortedMap<Key, String> rest = new TreeMap<>(definitions);
        rest.keySet().removeIf(key -> belongsTo(key.kind(), key.name(), table));
        return new Shape(rest);
    }

    /** {@return the shape without the objects that are ignored, and all that belongs to them} */
    public Shape without(IgnoredObjects ignored) {
        if (ignored.equals(IgnoredObjects.NONE)) {
            return this;
        }
        SortedMap<Key, String> rest = new TreeMap<>(definitions);
        List<String> tables = definitions.keySet().stream()
                .filter(key -> key.kind().equals(SchemaObject.TABLE) && ignored.ignores(key.name()))
                .map(Key::name)
                .toList();
        rest.keySet()
                .removeIf(key -> tables.stream().anyMatch(table -> belongsTo(key.kind(), key.name(), table))
                        || ignored.ignores(key.kind(), key.name()));
        return new Shape(rest);
    }

    /**
     * Puts one mark in the place of the database's name, so that what migrations write of it is the same in every database.
     *
     * @param name the name, which nothing else has
     * @return the shape with the mark in its definitions
     */
    public Shape withoutNameOf(String name) {
        if (definitions.values().stream().noneMatch(definition -> definition.contains(name))) {
            return this;
        }
        SortedMap<Key, String> marked = new TreeMap<>(definitions);
        marked.replaceAll((key, definition) -> definition.replace(name, "<database>"));
        return new Shape(marked);
    }

    /** Tells whether there is an object that is ignored. */
    public boolean has(IgnoredObjects ignored) {
        return definitions.keySet().stream().anyMatch(key -> ignored.ignores(key.kind(), key.name()));
    }

    /** Tells whether an object is a table or a part of it. */
    static boolean belongsTo(String kind, String object, TableName table) {
        return belongsTo(kind, object, SchemaObject.nameOf(table));
    }

    private static boolean belongsTo(String kind, String object, String name) {
        if (kind.equals(SchemaObject.COMMENT)) {
            return object.equals("table " + name)
                    || object.startsWith("column " + name + ".")
                    || object.endsWith(" on " + name);
        }
        return OF_TABLES.contains(kind) && (object.equals(name) || object.startsWith(name + "."));
    }

    /** Tells whether objects of a kind belong to tables, or are tables. */
    public static boolean isOfTable(String kind) {
        return OF_TABLES.contains(kind);
    }

    /** {@return the shape without the order in which the columns of its tables stand} */
    public Shape withoutColumnOrder() {
        SortedMap<Key, String> rest = new TreeMap<>(definitions);
        rest.keySet().removeIf(key -> key.kind().equals(SchemaObject.COLUMN_ORDER));
        return new Shape(rest);
    }

    /**
     * Gives objects the names that another shape has for their likes, where the engine made up the names: constraints and
     * indexes of the same table, and sequences, of the same definition.
     *
     * @param expected the other shape
     * @param engine the engine of both
     * @return the shape in the words of the other one
     */
    public Shape withGeneratedNamesOf(Shape expected, Engine engine) {
        Map<SchemaObject, SchemaObject> names = new LinkedHashMap<>();
        Map<String, Deque<SchemaObject>> wanted = expected.generated(engine, this);
        generated(engine, expected).forEach((like, objects) -> {
            Deque<SchemaObject> others = wanted.getOrDefault(like, new ArrayDeque<>());
            objects.stream().limit(others.size()).forEach(object -> names.put(object, others.remove()));
        });
        SortedMap<Key, String> renamed = new TreeMap<>(definitions);
        names.keySet().forEach(object -> renamed.remove(new Key(object.kind(), object.name())));
        List<SchemaObject> displaced = new ArrayList<>();
        names.values().forEach(other -> {
            String definition = renamed.put(new Key(other.kind(), other.name()), other.definition());
            if (definition != null) {
                displaced.add(new SchemaObject(other.kind(), other.name(), definition));
            }
        });
        for (SchemaObject object : displaced) {
            names.keySet().stream()
                    .filter(other -> other.kind().equals(object.kind())
                            && other.nameWith("").equals(object.nameWith("")))
                    .map(other -> new Key(other.kind(), other.name()))
                    .filter(key -> !renamed.containsKey(key))
                    .findFirst()
                    .ifPresent(free -> renamed.put(free, object.definition()));
        }
        names.forEach((sequence, other) -> {
            if (sequence.kind().equals(SchemaObject.SEQUENCE)) {
                renamed.replaceAll((key, definition) -> key.kind().equals(SchemaObject.COLUMN)
                        ? engine.withSequence(definition, sequence.ownName(), other.ownName())
                        : definition);
            }
        });
        return new Shape(renamed);
    }

    /** {@return the objects that the engine named and that the other shape lacks, by what is theirs but the name} */
    private Map<String, Deque<SchemaObject>> generated(Engine engine, Shape other) {
        Map<String, Deque<SchemaObject>> generated = new TreeMap<>();
        for (SchemaObject object : objects()) {
            if (!other.definition(object.kind(), object.name()).equals(Optional.of(object.definition()))) {
                engine.withoutGeneratedName(object)
                        .ifPresent(definition -> generated
                                .computeIfAbsent(
                                        object.kind() + "\n" + object.nameWith("") + "\n" + definition,
                                        like -> new ArrayDeque<>())
                                .add(object));
            }
        }
        return generated;
    }

    /**
     * Says how another shape differs from this one, the expected one. Columns that only one of them has don't make a
     * difference in their order besides.
     *
     * @param actual the other shape
     * @return the differences, the gravest first; none where the two are equal
     */
    public List<ShapeDifference> differences(Shape actual) {
        List<ShapeDifference> differences = new ArrayList<>();
        SortedSet<Key> keys = new TreeSet<>(definitions.keySet());
        keys.addAll(actual.definitions.keySet());
        for (Key key : keys) {
            String mine = definitions.get(key);
            String its = actual.definitions.get(key);
            if (Objects.equals(mine, its)) {
                continue;
            }
            if (key.kind().equals(SchemaObject.COLUMN_ORDER)) {
                if (mine == null || its == null || sameOrder(mine, its)) {
                    continue;
                }
            }
            differences.add(new ShapeDifference(key.kind(), key.name(), mine, its));
        }
        differences.sort(ShapeDifference.BY_GRAVITY);
        return differences;
    }

    private static boolean sameOrder(String expected, String actual) {
        List<String> mine = new ArrayList<>(Arrays.asList(expected.split(", ", -1)));
        List<String> its = new ArrayList<>(Arrays.asList(actual.split(", ", -1)));
        mine.retainAll(List.copyOf(its));
        its.retainAll(List.copyOf(mine));
        return mine.equals(its);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Shape shape && definitions.equals(shape.definitions);
    }

    @Override
    public int hashCode() {
        return definitions.hashCode();
    }

    /** {@return an object a line} */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        definitions.forEach((key, definition) -> text.append(key.kind())
                .append(' ')
                .append(key.name())
                .append(": ")
                .append(definition)
                .append('\n'));
        return text.toString();
    }
}
