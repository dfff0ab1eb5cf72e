package io.github.metadatasnapshot.shape;

import static java.util.Objects.requireNonNull;

import io.github.metadatasnapshot.engine.Engine;
import io.github.metadatasnapshot.engine.HistoryTable;
import io.github.metadatasnapshot.engine.LargeObjects;
import io.github.metadatasnapshot.engine.SchemaHistory;
import io.github.metadatasnapshot.engine.SchemaObject;
import io.github.metadatasnapshot.engine.SequencePosition;
import io.github.metadatasnapshot.engine.TableDigest;
import io.github.metadatasnapshot.engine.TableName;
import io.github.metadatasnapshot.shape.StateDifference.Gravity;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What a database holds at one moment. Two states are equal when the history, every object, every row, the positions of all
 * generators and all large objects are.
 *
 * @param history what the history table says
 * @param shape the schema
 * @param digests what every table holds, that of the history included
 * @param positions where sequences and AUTO_INCREMENT counters continue, by the generator's name
 * @param largeObjects PostgreSQL's large objects
 */
public record DatabaseState(
        SchemaHistory history,
        Shape shape,
        SortedMap<TableName, TableDigest> digests,
        SortedMap<String, SequencePosition> positions,
        LargeObjects largeObjects) {

    /** What an administrator may have put into a database before its user came. */
    private static final Set<String> PREPARED = Set.of("schema", "extension", SchemaObject.COMMENT);

    /** What an empty database holds. */
    public static final DatabaseState EMPTY =
            new DatabaseState(SchemaHistory.EMPTY, Shape.EMPTY, new TreeMap<>(), new TreeMap<>(), LargeObjects.NONE);

    /** Copies the maps. */
    public DatabaseState {
        digests = Collections.unmodifiableSortedMap(new TreeMap<>(digests));
        positions = Collections.unmodifiableSortedMap(new TreeMap<>(positions));
    }

    /**
     * Looks at a database.
     *
     * @param connection a connection to it, left as it was
     * @param engine its engine
     * @param historyTable where its history lies
     * @return its state
     * @throws SQLException if something of it cannot be read
     */
    public static DatabaseState read(Connection connection, Engine engine, HistoryTable historyTable)
            throws SQLException {
        return read(connection, engine, historyTable, EMPTY);
    }

    /**
     * Looks at a database again, without reading the tables that provably hold the same rows still.
     *
     * @param connection a connection to it, left as it was
     * @param engine its engine
     * @param historyTable where its history lies
     * @param earlier an earlier state of it, or of the database that it was copied from
     * @return its state
     * @throws SQLException if something of it cannot be read
     */
    public static DatabaseState read(
            Connection connection, Engine engine, HistoryTable historyTable, DatabaseState earlier)
            throws SQLException {
        var tables = engine.tables(connection);
        SortedMap<String, SequencePosition> positions = new TreeMap<>();
        engine.positions(connection).forEach(position -> positions.put(position.name(), position));
        return new DatabaseState(
                historyTable.read(connection, engine, tables),
                Shape.read(connection, engine),
                engine.digests(connection, tables, earlier.digests, historyTable.databaseName()),
                positions,
                engine.largeObjects(connection));
    }

    /**
     * Leaves the history out: its rows, and its table with all that belongs to it.
     *
     * @param historyTable the history table
     * @return the rest
     */
    public DatabaseState withoutHistory(HistoryTable historyTable) {
        Shape rest = shape;
        SortedMap<TableName, TableDigest> digestsOfRest = new TreeMap<>(digests);
        Set<TableName> historyTables = historyTable.among(digests.keySet());
        for (TableName table : historyTables) {
            rest = rest.without(table);
            digestsOfRest.remove(table);
        }
        SortedMap<String, SequencePosition> positionsOfRest = new TreeMap<>(positions);
        positionsOfRest
                .values()
                .removeIf(position ->
                        position.columns().stream().anyMatch(column -> historyTables.contains(column.table())));
        return new DatabaseState(SchemaHistory.EMPTY, rest, digestsOfRest, positionsOfRest, largeObjects);
    }

    /** {@return the number of rows of every table} */
    public SortedMap<TableName, Long> rows() {
        SortedMap<TableName, Long> rows = new TreeMap<>();
        digests.forEach((table, digest) -> rows.put(table, digest.rows()));
        return rows;
    }

    /** Tells whether the database holds nothing of anybody's but schemas and extensions. */
    public boolean isEmpty() {
        return digests.isEmpty()
                && largeObjects.count() == 0
                && shape.objects().stream().map(SchemaObject::kind).allMatch(PREPARED::contains);
    }

    /** {@return the number of rows of all tables together} */
    public long totalRows() {
        return digests.values().stream().mapToLong(TableDigest::rows).sum();
    }

    /**
     * Says how the history of a later state differs from that of this one.
     *
     * @param after the later state
     * @return a line, empty where the histories are equal
     */
    public Optional<String> historyDifference(DatabaseState after) {
        if (history.equals(after.history)) {
            return Optional.empty();
        }
        String before = history.describeVersion();
        String now = after.history.describeVersion();
        return Optional.of(
                before.equals(now)
                        ? "the history has other rows, of the same version " + now
                        : "the history says " + now + ", before it said " + before);
    }

    /** {@return the state without the tables and other objects that are ignored} */
    public DatabaseState without(IgnoredObjects ignored) {
        if (ignored.equals(IgnoredObjects.NONE)) {
            return this;
        }
        SortedMap<TableName, TableDigest> digestsOfRest = new TreeMap<>(digests);
        digestsOfRest.keySet().removeIf(table -> ignored.ignores(SchemaObject.nameOf(table)));
        SortedMap<String, SequencePosition> positionsOfRest = new TreeMap<>(positions);
        positionsOfRest
                .values()
                .removeIf(position -> ignored.ignores(position.name().replaceFirst("^.* ", ""))
                        || position.columns().stream()
                                .anyMatch(column -> ignored.ignores(SchemaObject.nameOf(column.table()))));
        return new DatabaseState(history, shape.without(ignored), digestsOfRest, positionsOfRest, largeObjects);
    }

    /**
     * Tells whether a later state is this one still. Generators that went on don't count: what a transaction took from a
     * sequence is a gap once it is undone, and no loss.
     *
     * @param after the later state
     * @return whether nothing else differs
     */
    public boolean isUntouchedIn(DatabaseState after) {
        return isUntouchedButForPositionsIn(after) && movedBack(after).isEmpty();
    }

    /**
     * Tells whether a later state differs from this one in the positions of generators at most.
     *
     * @param after the later state
     * @return whether nothing else differs
     */
    public boolean isUntouchedButForPositionsIn(DatabaseState after) {
        return history.equals(after.history)
                && shape.equals(after.shape)
                && digests.equals(after.digests)
                && largeObjects.equals(after.largeObjects);
    }

    private List<StateDifference> movedBack(DatabaseState after) {
        return behind(after, "before it continued at");
    }

    /**
     * Lists the generators that are behind where they are in this state.
     *
     * @param other the other state
     * @param where what this state is beside the other one, such as {@code before it continued at}
     * @return the differences by name
     */
    public List<StateDifference> behind(DatabaseState other, String where) {
        List<StateDifference> behind = new ArrayList<>();
        other.positions.forEach((name, position) -> {
            SequencePosition wanted = positions.get(name);
            if (wanted != null && position.isBehind(wanted)) {
                behind.add(new StateDifference(
                        position.taken().isPresent() ? Gravity.COLLISIONS : Gravity.POSITIONS,
                        0,
                        position.describeBeside(wanted, where)));
            }
        });
        return behind;
    }

    /**
     * Says how a later state differs from this one. Generators that went on are left out, as of {@link #isUntouchedIn}.
     *
     * @param after the later state
     * @return one line a difference, and two more where an object has another definition, the gravest first; none where the
     *     later state is this one still
     */
    public List<String> differences(DatabaseState after) {
        return differences(after, Set.of());
    }

    /**
     * Says how a later state differs from this one, but for the rows of some tables.
     *
     * @param after the later state
     * @param equal tables whose rows are known to be the same in the columns that both states have
     * @return lines as of {@link #differences(DatabaseState)}
     */
    public List<String> differences(DatabaseState after, Set<TableName> equal) {
        List<StateDifference> differences = new ArrayList<>();
        historyDifference(after).ifPresent(text -> differences.add(new StateDifference(Gravity.HISTORY, 0, text)));
        var tables = new TreeSet<>(digests.keySet());
        tables.addAll(after.digests.keySet());
        for (TableName table : tables) {
            TableDigest before = digests.get(table);
            TableDigest now = after.digests.get(table);
            if (now == null) {
                long rows = requireNonNull(before).rows();
                differences.add(
                        StateDifference.ofMissingTable(rows, "table " + table + " is gone, with " + rows + " rows"));
            } else if (before == null) {
                differences.add(StateDifference.ofRows(
                        0, now.rows(), "table " + table + " is new, with " + now.rows() + " rows"));
            } else if (before.rows() != now.rows()) {
                differences.add(StateDifference.ofRows(
                        before.rows(),
                        now.rows(),
                        "table " + table + " has " + now.rows() + " rows, before it had " + before.rows()));
            } else if (!before.equals(now) && !equal.contains(table)) {
                differences.add(new StateDifference(
                        Gravity.VALUES,
                        now.rows(),
                        "table " + table + " holds the same number of rows with other values"));
            }
        }
        if (!largeObjects.equals(after.largeObjects)) {
            differences.add(StateDifference.ofLargeObjects(
                    largeObjects,
                    after.largeObjects,
                    largeObjects.count() == after.largeObjects.count()
                                    && largeObjects.bytes() == after.largeObjects.bytes()
                            ? "the large objects are others, or have other contents, as many as before"
                            : "large objects: " + after.largeObjects + ", before: " + largeObjects));
        }
        differences.addAll(movedBack(after));
        objectDifferences(after)
                .forEach(difference -> differences.add(StateDifference.ofObject(difference, describe(difference))));
        return StateDifference.describe(differences);
    }

    /**
     * Says how the objects of another state differ from those of this one, the expected one; what belongs to a table that
     * only one of them has is left out.
     *
     * @param actual the other state
     * @return the differences, the gravest first
     */
    public List<ShapeDifference> objectDifferences(DatabaseState actual) {
        return shape.differences(actual.shape).stream()
                .filter(difference -> difference.expected() != null || !actual.isPartOfNew(difference, this))
                .filter(difference -> difference.actual() != null || !isPartOfNew(difference, actual))
                .toList();
    }

    private static String describe(ShapeDifference difference) {
        String object = difference.kind() + " " + difference.name();
        if (difference.expected() == null) {
            return object + " is new";
        }
        if (difference.actual() == null) {
            return object + " is gone";
        }
        return "%s has changed%n  before: %s%n  now:    %s"
                .formatted(object, difference.expected(), difference.actual());
    }

    /** Tells whether an object belongs to a table that only this state has, so that the table's own line says it all. */
    private boolean isPartOfNew(ShapeDifference difference, DatabaseState other) {
        return digests.keySet().stream()
                .filter(table -> !other.digests.containsKey(table))
                .anyMatch(table -> Shape.belongsTo(difference.kind(), difference.name(), table));
    }

    @Override
    public String toString() {
        return "version " + history.describeVersion() + ", " + digests.size() + " tables, " + totalRows() + " rows";
    }
}
