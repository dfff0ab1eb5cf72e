package io.github.metadatasnapshot.shape;

import io.github.metadatasnapshot.engine.DataColumn;
import io.github.metadatasnapshot.engine.DataReader;
import io.github.metadatasnapshot.engine.DataSelection;
import io.github.metadatasnapshot.engine.DataSelection.Pair;
import io.github.metadatasnapshot.engine.DataTable;
import io.github.metadatasnapshot.engine.Engine;
import io.github.metadatasnapshot.engine.HistoryTable;
import io.github.metadatasnapshot.engine.TableName;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What the tables of a database lost on the way from one state to another. Rows and columns that came up on the way are no
 * loss, nor is a value that has kept its text in another type.
 *
 * @param rows rows that are no longer there: those of which the primary key is gone; without a primary key, or where that has
 *     changed, those of which no equal one is left
 * @param values values that are no longer there or that are others, of rows that are
 * @param exceptions the exceptions that were declared
 */
public record DataComparison(List<DataLoss> rows, List<DataLoss> values, List<DataException> exceptions) {

    /** Copies the lists. */
    public DataComparison {
        rows = List.copyOf(rows);
        values = List.copyOf(values);
        exceptions = List.copyOf(exceptions);
    }

    /** {@return the comparison of a database that had no rows, and so has lost none} */
    public static DataComparison ofNothing(DataRules rules) {
        return new DataComparison(List.of(), List.of(), exceptions(rules, Set.of()));
    }

    /**
     * Compares two databases of one server: inside the server as far as they are equal, in constant memory where they are
     * not.
     *
     * @param engine their engine
     * @param before a connection to a copy of the database as it was
     * @param stateBefore the state that it was in
     * @param after a connection to the database
     * @param stateAfter the state that it is in
     * @param historyTable where the history lies, which is not compared
     * @param rules what may be lost, and what has another name
     * @return what was lost
     * @throws SQLException if something cannot be read
     */
    public static DataComparison of(
            Engine engine,
            Connection before,
            DatabaseState stateBefore,
            Connection after,
            DatabaseState stateAfter,
            HistoryTable historyTable,
            DataRules rules)
            throws SQLException {
        String schema = engine.defaultSchema(after);
        try (DataReader old = engine.dataReader(before);
                DataReader now = engine.dataReader(after)) {
            Map<TableName, DataTable> tables = old.tables();
            historyTable.find(tables.keySet(), schema).forEach(tables::remove);
            Run run = new Run(new RowComparison(old, now), old, stateBefore, stateAfter, rules, now.tables());
            for (DataTable table : tables.values()) {
                run.compare(table);
            }
            return new DataComparison(run.rows, run.values, exceptions(rules, run.needed));
        }
    }

    private static List<DataException> exceptions(DataRules rules, Set<String> needed) {
        return new TreeMap<>(rules.exceptions())
                .entrySet().stream()
                        .map(exception -> new DataException(
                                exception.getKey(), exception.getValue(), needed.contains(exception.getKey())))
                        .toList();
    }

    private static final class Run {

        private final RowComparison comparison;
        private final DataReader old;
        private final DatabaseState stateBefore;
        private final DatabaseState stateAfter;
        private final DataRules rules;
        private final Map<String, DataTable> tablesAfter = new TreeMap<>();
        private final Map<String, Target> columnsAfter = new TreeMap<>();
        private final List<DataLoss> rows = new ArrayList<>();
        private final List<DataLoss> values = new ArrayList<>();
        private final Set<String> needed = new HashSet<>();

        /** A column of a table after. */
        private record Target(DataTable table, DataColumn column) {}

        Run(
                RowComparison comparison,
                DataReader old,
                DatabaseState stateBefore,
                DatabaseState stateAfter,
                DataRules rules,
                Map<TableName, DataTable> after) {
            this.comparison = comparison;
            this.old = old;
            this.stateBefore = stateBefore;
            this.stateAfter = stateAfter;
            this.rules = rules;
            for (DataTable table : after.values()) {
                tablesAfter.put(table.label(), table);
                for (DataColumn column : table.columns().values()) {
                    columnsAfter.put(table.label(column.name()), new Target(table, column));
                }
            }
        }

        void compare(DataTable table) throws SQLException {
            Map<DataColumn, Target> renamed = new LinkedHashMap<>();
            for (DataColumn column : table.columns().values()) {
                String to = rules.renames().get(table.label(column.name()));
                if (to != null && columnsAfter.containsKey(to)) {
                    renamed.put(column, Objects.requireNonNull(columnsAfter.get(to)));
                }
            }
            DataTable now = successor(table, renamed);
            if (now == null) {
                gone(table);
                compareMoved(table, null, renamed);
                return;
            }
            if (renamed.isEmpty() && now.name().equals(table.name()) && isUntouched(table.name())) {
                return;
            }
            List<Pair> pairs = new ArrayList<>();
            Set<DataColumn> taken = new HashSet<>();
            renamed.forEach((column, target) -> {
                if (target.table().equals(now)) {
                    taken.add(target.column());
                }
            });
            for (DataColumn column : table.columns().values()) {
                Target target = renamed.get(column);
                DataColumn same = now.columns().get(column.name());
                if (target != null && target.table().equals(now)) {
                    pairs.add(new Pair(column, target.column()));
                } else if (same != null && !taken.contains(same)) {
                    pairs.add(new Pair(column, same));
                } else if (target == null && !column.generated()) {
                    lost(table, column);
                }
            }
            compare(table, now, pairs);
            compareMoved(table, now, renamed);
        }

        /** Finds the table that holds the rows now. */
        private @Nullable DataTable successor(DataTable table, Map<DataColumn, Target> renamed) {
            String name = rules.renames().getOrDefault(table.label(), table.label());
            DataTable same = tablesAfter.get(name);
            if (same != null) {
                return same;
            }
            Set<DataTable> others = new HashSet<>();
            for (Map.Entry<DataColumn, Target> rename : renamed.entrySet()) {
                if (table.key().contains(rename.getKey().name())) {
                    return rename.getValue().table();
                }
                others.add(rename.getValue().table());
            }
            return others.size() == 1 ? others.iterator().next() : null;
        }

        private boolean isUntouched(TableName table) {
            var before = stateBefore.digests().get(table);
            return before != null && before.equals(stateAfter.digests().get(table));
        }

        private void gone(DataTable table) throws SQLException {
            long count = old.count(table);
            if (count > 0 && !isExcepted(table.label())) {
                DataLoss loss = new DataLoss("table " + table.label() + " is gone, with " + rows(count), List.of());
                rows.add(loss);
                values.add(loss);
            }
        }

        private void lost(DataTable table, DataColumn column) throws SQLException {
            long count = old.count(table, column);
            String name = table.label(column.name());
            if (count > 0 && !isExcepted(name) && !isExcepted(table.label())) {
                values.add(new DataLoss(
                        "column " + name + " is gone, with " + (count == 1 ? "1 value" : count + " values"),
                        List.of()));
            }
        }

        /** Tells whether a loss was declared; asked only once there is one. */
        private boolean isExcepted(String name) {
            boolean excepted = rules.exceptions().containsKey(name);
            if (excepted) {
                needed.add(name);
            }
            return excepted;
        }

        private void compare(DataTable table, DataTable now, List<Pair> pairs) throws SQLException {
            List<Pair> strict = new ArrayList<>();
            List<Pair> excepted = new ArrayList<>();
            for (Pair pair : pairs) {
                boolean declared =
                        rules.exceptions().containsKey(table.label(pair.column().name()));
                (declared ? excepted : strict).add(pair);
            }
            RowComparison.Result result = comparison.compare(select(table, now, strict), now, size(table));
            if (result.isLoss() && !isExcepted(table.label())) {
                add(table, now, result);
            }
            for (Pair pair : excepted) {
                List<Pair> withKey = new ArrayList<>(strict.stream()
                        .filter(other -> table.key().contains(other.column().name()))
                        .toList());
                withKey.add(pair);
                RowComparison.Result ofColumn = comparison.compare(select(table, now, withKey), now, size(table));
                if (ofColumn.changed().count() > 0 || (!ofColumn.keyed() && ofColumn.isLoss())) {
                    needed.add(table.label(pair.column().name()));
                }
            }
        }

        private void add(DataTable table, DataTable now, RowComparison.Result result) throws SQLException {
            String name =
                    "table " + table.label() + (now.label().equals(table.label()) ? "" : ", now " + now.label() + ",");
            String of = " of " + rows(old.count(table));
            if (result.lost().count() > 0) {
                DataLoss loss = new DataLoss(
                        name + " lost " + result.lost().count() + of
                                + (result.keyed() ? "" : ", compared without a primary key"),
                        result.lost().examples());
                rows.add(loss);
                if (!result.keyed()) {
                    values.add(loss);
                }
            }
            if (result.changed().count() > 0) {
                values.add(new DataLoss(
                        name + " has other values in " + result.changed().count() + of,
                        result.changed().examples()));
            }
        }

        /** Compares columns that went to another table than the rest of theirs. */
        private void compareMoved(DataTable table, @Nullable DataTable now, Map<DataColumn, Target> renamed)
                throws SQLException {
            Map<DataTable, List<Pair>> moved = new LinkedHashMap<>();
            renamed.forEach((column, target) -> {
                if (!target.table().equals(now)) {
                    moved.computeIfAbsent(target.table(), to -> new ArrayList<>())
                            .add(new Pair(column, target.column()));
                }
            });
            for (Map.Entry<DataTable, List<Pair>> entry : moved.entrySet()) {
                DataSelection all = select(table, entry.getKey(), entry.getValue());
                RowComparison.Result result = comparison.compare(
                        new DataSelection(table, all.id(), all.values(), all.keyed(), true),
                        entry.getKey(),
                        size(table));
                if (result.isLoss() && !isMovedExcepted(table, entry.getValue())) {
                    List<String> examples = new ArrayList<>(result.lost().examples());
                    examples.addAll(result.changed().examples());
                    values.add(new DataLoss(
                            "table " + entry.getKey().label() + " lacks values of "
                                    + rows(result.lost().count()
                                            + result.changed().count())
                                    + " that table " + table.label() + " had",
                            examples.subList(0, Math.min(examples.size(), RowComparison.EXAMPLES))));
                }
            }
        }

        private boolean isMovedExcepted(DataTable table, List<Pair> pairs) {
            boolean excepted = isExcepted(table.label());
            for (Pair pair : pairs) {
                excepted |= isExcepted(table.label(pair.column().name()));
            }
            return excepted;
        }

        private long size(DataTable table) {
            var digest = stateBefore.digests().get(table.name());
            // Of a partitioned table the digests are those of its partitions.
            return digest == null ? stateBefore.totalRows() : digest.rows();
        }

        private static DataSelection select(DataTable table, DataTable now, List<Pair> pairs) {
            Set<String> keyNow = new TreeSet<>();
            List<Pair> key = new ArrayList<>();
            List<Pair> rest = new ArrayList<>();
            for (Pair pair : pairs) {
                if (table.key().contains(pair.column().name())) {
                    key.add(pair);
                    keyNow.add(pair.other().name());
                } else if (!pair.column().generated()) {
                    rest.add(pair);
                }
            }
            boolean keyed =
                    !key.isEmpty() && key.size() == table.key().size() && keyNow.equals(new TreeSet<>(now.key()));
            if (keyed) {
                return new DataSelection(table, key, rest, true, false);
            }
            key.addAll(rest);
            return new DataSelection(table, key, List.of(), false, false);
        }

        private static String rows(long count) {
            return count == 1 ? "1 row" : count + " rows";
        }
    }
}
