package io.github.metadatasnapshot.shape;

import io.github.metadatasnapshot.engine.DataColumn;
import io.github.metadatasnapshot.engine.DataReader;
import io.github.metadatasnapshot.engine.DataSelection.Pair;
import io.github.metadatasnapshot.engine.DataTable;
import io.github.metadatasnapshot.shape.DataMatching.Match;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** Looks for what is missing under another name, to say which declaration may be lacking: ends of sentences, or nothing. */
final class RenameSuggestions {

    /** How many tables or columns are looked into for one that is missing. */
    private static final int MOST = 10;

    private final DataReader old;
    private final DataReader now;
    private final RowMatching rows;
    private final DataMatching matching;

    RenameSuggestions(DataReader old, DataReader now, RowMatching rows, DataMatching matching) {
        this.old = old;
        this.now = now;
        this.rows = rows;
        this.matching = matching;
    }

    /** {@return which new table has the columns and rows of one before} */
    String table(DataTable table, long size) throws SQLException {
        long count = old.count(table);
        for (DataTable candidate : matching.added().stream().limit(MOST).toList()) {
            List<Pair> pairs = pairs(table, candidate);
            if (pairs.size() == table.columns().size()
                    && now.count(candidate) >= count
                    && !rows.compare(table, candidate, pairs, size).isLoss()) {
                return "; " + candidate.label() + " has the same columns and rows: "
                        + renamed(table.label(), candidate.label());
            }
        }
        return "";
    }

    private List<Pair> pairs(DataTable table, DataTable other) {
        List<Pair> pairs = new ArrayList<>();
        for (DataColumn column : table.columns().values()) {
            String name = now.folded(other.label(column.name()));
            other.columns().values().stream()
                    .filter(candidate ->
                            now.folded(other.label(candidate.name())).equals(name))
                    .forEach(candidate -> pairs.add(new Pair(column, candidate)));
        }
        return pairs;
    }

    /** {@return which new column holds the values of one that is gone} */
    String column(Match match, DataColumn column, long size) throws SQLException {
        DataTable after = match.now();
        for (DataColumn candidate : candidates(match, column)) {
            if (after != null && rows.keeps(match.table(), after, match.pairs(), new Pair(column, candidate), size)) {
                return "; " + after.label(candidate.name()) + " holds the same: "
                        + renamed(match.table().label(column.name()), after.label(candidate.name()));
            }
        }
        return "";
    }

    /** {@return which new column holds the values that one had which holds others now} */
    String changed(Match match, List<Pair> pairs, long size) throws SQLException {
        DataTable after = match.now();
        for (Pair pair : pairs) {
            if (after != null
                    && !match.table().key().contains(pair.column().name())
                    && !candidates(match, pair.column()).isEmpty()
                    && !rows.keeps(match.table(), after, pairs, pair, size)) {
                String suggestion = column(match, pair.column(), size);
                if (!suggestion.isEmpty()) {
                    return suggestion;
                }
            }
        }
        return "";
    }

    private static List<DataColumn> candidates(Match match, DataColumn column) {
        return match.added().stream()
                .filter(candidate -> candidate.type().equals(column.type()))
                .limit(MOST)
                .toList();
    }

    private static String renamed(String from, String to) {
        return "renamed(\"" + from + "\", \"" + to + "\")?";
    }
}
