package io.github.metadatasnapshot.shape;

import io.github.metadatasnapshot.engine.DataColumn;
import io.github.metadatasnapshot.engine.DataTable;
import io.github.metadatasnapshot.engine.Engine;
import io.github.metadatasnapshot.engine.SequencePosition;
import io.github.metadatasnapshot.engine.TableName;
import io.github.metadatasnapshot.shape.DataLoss.Kind;
import io.github.metadatasnapshot.shape.DataMatching.Match;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What an upgrade lost outside of its tables: positions of sequences, and large objects. */
final class GeneratorLosses {

    /** The name by which an exception is declared for large objects: that of the table in which the server keeps them. */
    private static final String LARGE_OBJECTS = "pg_largeobject";

    private final DatabaseState before;
    private final DatabaseState after;
    private final DataMatching matching;
    private final Map<TableName, DataTable> tables;

    GeneratorLosses(
            DatabaseState before, DatabaseState after, DataMatching matching, Map<TableName, DataTable> tables) {
        this.before = before;
        this.after = after;
        this.matching = matching;
        this.tables = tables;
    }

    /**
     * Finds what was lost.
     *
     * @param rows receives what is gone
     * @param values receives that, and what is another now
     */
    void addTo(List<DataLoss> rows, List<DataLoss> values, Engine engine, Connection then, Connection now)
            throws SQLException {
        largeObjects(rows, values, engine, then, now);
        positions(values);
    }

    /**
     * Finds the generators that give out values again which they gave out before the upgrade, or which a unique column holds
     * since. A column that takes its values from another generator now is looked up in that one.
     */
    private void positions(List<DataLoss> values) {
        Map<String, SequencePosition> byColumn = new TreeMap<>();
        after.positions()
                .values()
                .forEach(position -> position.columns().forEach(column -> byColumn.put(column.label(), position)));
        before.positions().forEach((name, was) -> {
            SequencePosition is = successor(was, byColumn);
            if (is == null) {
                return;
            }
            boolean collides = is.taken().isPresent() && was.taken().isEmpty();
            if ((collides || is.isBehind(was)) && !isExcepted(was)) {
                String old = is.name().equals(was.name()) ? "" : name + ", ";
                values.add(new DataLoss(
                        is.taken().isPresent() ? Kind.COLLISION : Kind.POSITION,
                        is.describeBeside(was, "before the upgrade " + old + "it continued at"),
                        1,
                        List.of()));
            }
        });
    }

    private @Nullable SequencePosition successor(SequencePosition was, Map<String, SequencePosition> byColumn) {
        for (SequencePosition.Column column : was.columns()) {
            DataTable table = tables.get(column.table());
            Match match = table == null ? null : matching.match(table);
            DataTable now = match == null ? null : match.now();
            if (match == null || now == null) {
                continue;
            }
            for (var pair : match.pairs()) {
                SequencePosition is = byColumn.get(now.label(pair.other().name()));
                if (pair.column().name().equals(column.name()) && is != null) {
                    return is;
                }
            }
        }
        return after.positions().get(was.name());
    }

    private boolean isExcepted(SequencePosition position) {
        boolean excepted = false;
        for (SequencePosition.Column column : position.columns()) {
            DataTable table = tables.get(column.table());
            if (table != null) {
                DataColumn own = table.columns().get(column.name());
                excepted |= matching.isExcepted(table) || (own != null && matching.isExcepted(table, own));
            }
        }
        return excepted;
    }

    private void largeObjects(
            List<DataLoss> rows, List<DataLoss> values, Engine engine, Connection then, Connection now)
            throws SQLException {
        if (before.largeObjects().equals(after.largeObjects())) {
            return;
        }
        SortedMap<Long, String> is = engine.largeObjectHashes(now);
        SortedMap<Long, String> was = engine.largeObjectHashes(then);
        List<Long> lost = new ArrayList<>();
        List<Long> changed = new ArrayList<>();
        was.forEach((oid, hash) -> {
            String other = is.get(oid);
            if (other == null) {
                lost.add(oid);
            } else if (!other.equals(hash)) {
                changed.add(oid);
            }
        });
        if ((lost.isEmpty() && changed.isEmpty()) || matching.isExcepted(LARGE_OBJECTS)) {
            return;
        }
        String of = " of " + was.size() + (was.size() == 1 ? " large object " : " large objects ");
        if (!lost.isEmpty()) {
            DataLoss loss = loss(Kind.ROWS, of + (lost.size() == 1 ? "is gone" : "are gone"), lost);
            rows.add(loss);
            values.add(loss);
        }
        if (!changed.isEmpty()) {
            values.add(loss(Kind.VALUES, of + (changed.size() == 1 ? "holds" : "hold") + " other contents", changed));
        }
    }

    private static DataLoss loss(Kind kind, String what, List<Long> oids) {
        return new DataLoss(
                kind,
                oids.size() + what,
                oids.size(),
                oids.stream()
                        .limit(RowComparison.EXAMPLES)
                        .map(oid -> "oid = " + oid)
                        .toList());
    }
}
