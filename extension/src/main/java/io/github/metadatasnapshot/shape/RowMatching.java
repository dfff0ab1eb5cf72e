package io.github.metadatasnapshot.shape;

import io.github.metadatasnapshot.engine.DataColumn;
import io.github.metadatasnapshot.engine.DataReader;
import io.github.metadatasnapshot.engine.DataSelection;
import io.github.metadatasnapshot.engine.DataSelection.Pair;
import io.github.metadatasnapshot.engine.DataTable;
import io.github.metadatasnapshot.shape.RowComparison.Result;
import io.github.metadatasnapshot.shape.RowComparison.Rows;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Decides by which columns a row of a table is the same as one of another table, and compares the two by these. */
final class RowMatching {

    private final DataReader old;
    private final DataReader now;
    private final RowComparison comparison;

    RowMatching(DataReader old, DataReader now, RowComparison comparison) {
        this.old = old;
        this.now = now;
        this.comparison = comparison;
    }

    /**
     * What came of the rows of a table.
     *
     * @param keyed whether the rows were told apart by some columns
     * @param lost rows that are no longer there
     * @param unclear rows that are no longer there or have changed
     * @param why why that is unclear; the empty string where it is not
     * @param changed rows with other values
     */
    record Outcome(boolean keyed, Rows lost, Rows unclear, String why, Rows changed) {

        boolean isLoss() {
            return lost.count() + unclear.count() + changed.count() > 0;
        }
    }

    Outcome compare(DataTable table, DataTable after, List<Pair> pairs, long size) throws SQLException {
        Optional<List<Pair>> key = all(table.key(), pairs);
        if (key.isPresent()) {
            Result result = comparison.compare(keyed(table, key.get(), pairs), after, size);
            return result.lost().count() == 0
                    ? clear(result)
                    : withOtherKey(table, after, pairs, key.get(), result, size);
        }
        Result result = comparison.compare(unkeyed(table, pairs), after, size);
        if (!result.isLoss()) {
            return clear(result);
        }
        Optional<List<Pair>> unique = uniqueKey(table, after, pairs, List.of());
        if (unique.isPresent()) {
            return clear(comparison.compare(keyed(table, unique.get(), pairs), after, size));
        }
        Optional<Result> byUnchanged = byUnchangedColumns(table, after, pairs, size);
        return byUnchanged.isPresent() ? clear(byUnchanged.get()) : withoutKey(table, after, result.lost());
    }

    private static Outcome clear(Result result) {
        return new Outcome(result.keyed(), result.lost(), RowComparison.NO_ROWS, "", result.changed());
    }

    /** Rows whose key is gone may be those that another key tells to be there: with another key, or as others. */
    private Outcome withOtherKey(
            DataTable table, DataTable after, List<Pair> pairs, List<Pair> key, Result result, long size)
            throws SQLException {
        Optional<List<Pair>> other = uniqueKey(table, after, pairs, key);
        if (other.isEmpty()) {
            return clear(result);
        }
        Result byOther = comparison.compare(keyed(table, other.get(), pairs), after, size);
        long unclear = result.lost().count() - byOther.lost().count();
        if (unclear <= 0) {
            return clear(result);
        }
        return new Outcome(
                true,
                byOther.lost(),
                new Rows(unclear, result.lost().examples().subList(0, (int)
                        Math.min(unclear, result.lost().examples().size()))),
                "rows with their " + names(key) + " are gone, rows with their " + names(other.get()) + " are there",
                result.changed());
    }

    private static String names(List<Pair> key) {
        return String.join(", ", key.stream().map(pair -> pair.column().name()).toList());
    }

    /** As many rows as there are fewer are lost; of others without an equal one that cannot be told. */
    private Outcome withoutKey(DataTable table, DataTable after, Rows missing) throws SQLException {
        long fewer = Math.max(0, old.count(table) - now.count(after));
        long lost = Math.min(missing.count(), fewer);
        boolean areAllLost = lost == missing.count();
        return new Outcome(
                false,
                new Rows(lost, areAllLost ? missing.examples() : List.of()),
                new Rows(missing.count() - lost, areAllLost ? List.of() : missing.examples()),
                "no key tells which",
                RowComparison.NO_ROWS);
    }

    /** {@return a unique key without NULL that both tables have, other than a given one} */
    private Optional<List<Pair>> uniqueKey(DataTable table, DataTable after, List<Pair> pairs, List<Pair> than)
            throws SQLException {
        List<Set<String>> keysAfter = after.keys().stream().map(Set::copyOf).toList();
        for (List<String> candidate : table.uniques()) {
            Optional<List<Pair>> key = all(candidate, pairs);
            if (key.isPresent()
                    && !new HashSet<>(key.get()).equals(new HashSet<>(than))
                    && keysAfter.contains(columns(key.get(), Pair::other))
                    && !old.hasNull(table, columns(key.get(), Pair::column))
                    && !now.hasNull(after, columns(key.get(), Pair::other))) {
                return key;
            }
        }
        return Optional.empty();
    }

    private interface Side {
        DataColumn of(Pair pair);
    }

    private static Set<String> columns(List<Pair> pairs, Side side) {
        Set<String> names = new HashSet<>();
        pairs.forEach(pair -> names.add(side.of(pair).name()));
        return names;
    }

    /**
     * Compares by the columns of which every value is still there, if these tell the rows apart and none is lost then. The few
     * rows of a small table may have such a value by chance: each value that is there speaks for a match, each column that
     * changed against it.
     */
    private Optional<Result> byUnchangedColumns(DataTable table, DataTable after, List<Pair> pairs, long size)
            throws SQLException {
        List<Pair> unchanged = new ArrayList<>();
        int changed = 0;
        for (Pair pair : pairs) {
            if (pair.column().generated()) {
                continue;
            }
            if (comparison.keeps(unkeyed(table, List.of(pair)), after, size)) {
                unchanged.add(pair);
            } else {
                changed++;
            }
        }
        long rows = old.count(table);
        List<List<Pair>> candidates = new ArrayList<>(List.of(unchanged));
        unchanged.forEach(pair -> candidates.add(List.of(pair)));
        for (List<Pair> key : candidates) {
            DataSelection selection = keyed(table, key, pairs);
            if (rows * key.size() >= changed && !key.isEmpty() && old.isUnique(selection)) {
                Result result = comparison.compare(selection, after, size);
                if (result.lost().count() == 0) {
                    return Optional.of(result);
                }
            }
        }
        return Optional.empty();
    }

    /** Compares columns that went to another table than the rest of theirs; rows without a value in them need not be there. */
    Result compareMoved(DataTable table, DataTable after, List<Pair> pairs, long size) throws SQLException {
        DataSelection all =
                all(table.key(), pairs).map(key -> keyed(table, key, pairs)).orElseGet(() -> unkeyed(table, pairs));
        return comparison.compare(new DataSelection(table, all.id(), all.values(), all.keyed(), true), after, size);
    }

    /** Tells whether rows that are there hold other values in a column; without a key, whether some values are nowhere. */
    boolean changes(DataTable table, DataTable after, List<Pair> others, Pair pair, long size) throws SQLException {
        DataSelection selection = column(table, others, pair);
        return selection.keyed()
                ? comparison.compare(selection, after, size).changed().count() > 0
                : !comparison.keeps(selection, after, size);
    }

    /** Tells whether every value of a column is there, in the row of its key among others where that is there. */
    boolean keeps(DataTable table, DataTable after, List<Pair> others, Pair pair, long size) throws SQLException {
        return comparison.keeps(column(table, others, pair), after, size);
    }

    private static DataSelection column(DataTable table, List<Pair> others, Pair pair) {
        return all(table.key(), others)
                .map(key -> new DataSelection(table, key, List.of(pair), true, false))
                .orElseGet(() -> unkeyed(table, List.of(pair)));
    }

    private static DataSelection keyed(DataTable table, List<Pair> key, List<Pair> pairs) {
        return new DataSelection(
                table,
                key,
                pairs.stream()
                        .filter(pair -> !key.contains(pair) && !pair.column().generated())
                        .toList(),
                true,
                false);
    }

    private static DataSelection unkeyed(DataTable table, Collection<Pair> pairs) {
        return new DataSelection(
                table, pairs.stream().filter(pair -> !pair.column().generated()).toList(), List.of(), false, false);
    }

    /** {@return the pairs of the columns of a key, empty where there is no key or not each has a pair} */
    private static Optional<List<Pair>> all(List<String> key, List<Pair> pairs) {
        List<Pair> found = pairs.stream()
                .filter(pair -> key.contains(pair.column().name()))
                .toList();
        return key.isEmpty() || found.size() < key.size() ? Optional.empty() : Optional.of(found);
    }
}
