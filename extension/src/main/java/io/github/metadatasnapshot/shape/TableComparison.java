package io.github.metadatasnapshot.shape;

import io.github.metadatasnapshot.engine.DataColumn;
import io.github.metadatasnapshot.engine.DataReader;
import io.github.metadatasnapshot.engine.DataSelection.Pair;
import io.github.metadatasnapshot.engine.DataTable;
import io.github.metadatasnapshot.engine.TableName;
import io.github.metadatasnapshot.shape.DataLoss.Kind;
import io.github.metadatasnapshot.shape.DataMatching.Match;
import io.github.metadatasnapshot.shape.RowMatching.Outcome;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Compares tables with what has become of them, and gathers what they lost. */
final class TableComparison {

    private static final Set<String> VIEWS = Set.of("view", "materialized view", "foreign table");

    private final DataReader old;
    private final RowMatching rowMatching;
    private final DatabaseState stateBefore;
    private final DatabaseState stateAfter;
    private final DataMatching matching;
    private final RenameSuggestions suggestions;
    private final List<DataLoss> rows = new ArrayList<>();
    private final List<DataLoss> values = new ArrayList<>();

    TableComparison(
            DataReader old,
            DataReader now,
            DatabaseState stateBefore,
            DatabaseState stateAfter,
            DataMatching matching) {
        this.old = old;
        this.stateBefore = stateBefore;
        this.stateAfter = stateAfter;
        this.matching = matching;
        this.rowMatching = new RowMatching(old, now, new RowComparison(old, now));
        this.suggestions = new RenameSuggestions(old, now, rowMatching, matching);
    }

    /** {@return the rows that were lost, or may have been} */
    List<DataLoss> rows() {
        return rows;
    }

    /** {@return the values that were lost, or may have been} */
    List<DataLoss> values() {
        return values;
    }

    void compare(DataTable table) throws SQLException {
        Match match = matching.match(table);
        DataTable now = match.now();
        if (now == null) {
            tableGone(table);
        } else if (match.declared().isEmpty() && now.name().equals(table.name()) && isUntouched(table.name())) {
            return;
        } else {
            for (DataColumn column : match.gone()) {
                columnGone(match, column);
            }
            compareRows(match, now);
        }
        compareMoved(match);
    }

    private boolean isUntouched(TableName table) {
        var before = stateBefore.digests().get(table);
        return before != null && before.equals(stateAfter.digests().get(table));
    }

    private long size(DataTable table) {
        var digest = stateBefore.digests().get(table.name());
        // Of a partitioned table the digests are those of its partitions.
        return digest == null ? stateBefore.totalRows() : digest.rows();
    }

    private void tableGone(DataTable table) throws SQLException {
        long count = old.count(table);
        if (count > 0 && !matching.isExcepted(table)) {
            DataLoss loss = new DataLoss(
                    Kind.ROWS,
                    "table " + table.label() + " is gone, with " + rows(count) + view(table) + matching.unfound(table)
                            + suggestions.table(table, size(table)),
                    count,
                    List.of());
            rows.add(loss);
            values.add(loss);
        }
    }

    /** {@return what goes by the name of a table that is gone} */
    private String view(DataTable table) {
        return stateAfter.shape().objects().stream()
                .filter(object -> VIEWS.contains(object.kind()) && object.name().equals(table.label()))
                .map(object -> "; " + table.label() + " is a " + object.kind() + " now")
                .findFirst()
                .orElse("");
    }

    private void columnGone(Match match, DataColumn column) throws SQLException {
        DataTable table = match.table();
        long count = old.count(table, column);
        if (count > 0 && !matching.isExcepted(table, column) && !matching.isExcepted(table)) {
            values.add(new DataLoss(
                    Kind.COLUMN,
                    "column " + table.label(column.name()) + " is gone, with "
                            + (count == 1 ? "1 value" : count + " values") + matching.unfound(table, column)
                            + suggestions.column(match, column, size(table)),
                    count,
                    List.of()));
        }
    }

    private void compareRows(Match match, DataTable now) throws SQLException {
        DataTable table = match.table();
        List<Pair> strict = new ArrayList<>();
        List<Pair> excepted = new ArrayList<>();
        for (Pair pair : match.pairs()) {
            (matching.mayBeExcepted(table, pair.column()) ? excepted : strict).add(pair);
        }
        Outcome outcome = rowMatching.compare(table, now, strict, size(table));
        if (outcome.isLoss() && !matching.isExcepted(table)) {
            add(match, now, outcome, strict);
        }
        for (Pair pair : excepted) {
            if (rowMatching.changes(table, now, strict, pair, size(table))) {
                matching.isExcepted(table, pair.column());
            }
        }
    }

    private void add(Match match, DataTable now, Outcome outcome, List<Pair> pairs) throws SQLException {
        DataTable table = match.table();
        String name =
                "table " + table.label() + (now.label().equals(table.label()) ? "" : ", now " + now.label() + ",");
        String of = " of " + rows(old.count(table));
        RowComparison.Rows lost = outcome.lost();
        if (lost.count() > 0) {
            rows.add(new DataLoss(
                    Kind.ROWS,
                    name + " lost " + lost.count() + of + (outcome.keyed() ? "" : ", compared without a key")
                            + suggestions.table(table, size(table)),
                    lost.count(),
                    lost.examples()));
        }
        RowComparison.Rows unclear = outcome.unclear();
        if (unclear.count() > 0) {
            DataLoss loss = new DataLoss(
                    Kind.ROWS_OR_VALUES,
                    name + " changed or lost " + unclear.count() + of + ": " + outcome.why(),
                    unclear.count(),
                    unclear.examples());
            rows.add(loss);
            values.add(loss);
        }
        RowComparison.Rows changed = outcome.changed();
        if (changed.count() > 0) {
            values.add(new DataLoss(
                    Kind.VALUES,
                    name + " has other values in " + changed.count() + of
                            + suggestions.changed(match, pairs, size(table)),
                    changed.count(),
                    changed.examples()));
        }
    }

    /** Compares columns that went to another table than the rest of theirs. */
    private void compareMoved(Match match) throws SQLException {
        DataTable table = match.table();
        Map<DataTable, List<Pair>> moved = new LinkedHashMap<>();
        match.declared().forEach((column, target) -> {
            if (!target.table().equals(match.now())) {
                moved.computeIfAbsent(target.table(), to -> new ArrayList<>()).add(new Pair(column, target.column()));
            }
        });
        for (Map.Entry<DataTable, List<Pair>> entry : moved.entrySet()) {
            RowComparison.Result result =
                    rowMatching.compareMoved(table, entry.getKey(), entry.getValue(), size(table));
            if (result.isLoss() && !isMovedExcepted(table, entry.getValue())) {
                long count = result.lost().count() + result.changed().count();
                List<String> examples = new ArrayList<>(result.lost().examples());
                examples.addAll(result.changed().examples());
                values.add(new DataLoss(
                        Kind.VALUES,
                        "table " + entry.getKey().label() + " lacks values of " + rows(count) + " that table "
                                + table.label() + " had",
                        count,
                        examples.subList(0, Math.min(examples.size(), RowComparison.EXAMPLES))));
            }
        }
    }

    private boolean isMovedExcepted(DataTable table, List<Pair> pairs) {
        boolean excepted = matching.isExcepted(table);
        for (Pair pair : pairs) {
            excepted |= matching.isExcepted(table, pair.column());
        }
        return excepted;
    }

    private static String rows(long count) {
        return count == 1 ? "1 row" : count + " rows";
    }
}
