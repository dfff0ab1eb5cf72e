package io.github.metadatasnapshot.shape;

import static java.util.Objects.requireNonNull;
import static java.util.stream.Collectors.joining;

import io.github.metadatasnapshot.engine.DataReader;
import io.github.metadatasnapshot.engine.DataRow;
import io.github.metadatasnapshot.engine.DataSelection;
import io.github.metadatasnapshot.engine.DataTable;
import io.github.metadatasnapshot.engine.RowHashes;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;

/**
 * Compares the rows of two tables, each over a connection of its own, at the same time: first by digests of parts that the
 * servers make, then the hashes of the rows of those parts that differ, in the order of the ids.
 */
final class RowComparison {

    /** How many differing rows of a table are shown. */
    static final int EXAMPLES = 5;

    /** Tables with more rows are digested in parts, so that a few differing rows can be found among few. */
    private static final int FEW_ROWS = 10_000;

    private static final int PARTS = 1024;
    private static final int LONGEST_SHOWN = 60;
    private static final int BEFORE_DIFFERENCE = 20;

    static final Rows NO_ROWS = new Rows(0, List.of());

    private final DataReader old;
    private final DataReader now;

    RowComparison(DataReader old, DataReader now) {
        this.old = old;
        this.now = now;
    }

    /**
     * Rows that differ.
     *
     * @param count how many
     * @param examples the first of them
     */
    record Rows(long count, List<String> examples) {}

    /**
     * What came of a comparison.
     *
     * @param keyed whether the rows were told apart by a key
     * @param lost rows whose id is no longer there, or not as often
     * @param changed rows with other values
     */
    record Result(boolean keyed, Rows lost, Rows changed) {

        boolean isLoss() {
            return lost.count() + changed.count() > 0;
        }
    }

    Result compare(DataSelection selection, DataTable after, long size) throws SQLException {
        Parts parts = differing(selection, after, size);
        if (parts.differing().isEmpty()) {
            return new Result(selection.keyed(), NO_ROWS, NO_ROWS);
        }
        Merge merge = merge(selection, after, parts);
        Set<String> ids = new HashSet<>(merge.firstLost.keySet());
        ids.addAll(merge.firstChanged);
        if (ids.isEmpty()) {
            return new Result(selection.keyed(), NO_ROWS, NO_ROWS);
        }
        DataSelection flipped = selection.flipped(after);
        Both<Map<String, DataRow>> rows = both(
                () -> old.rows(selection, parts.number(), parts.differing(), ids),
                () -> now.rows(flipped, parts.number(), parts.differing(), ids));
        return new Result(
                selection.keyed(),
                new Rows(merge.lost, lostExamples(selection, merge.firstLost, rows.before())),
                new Rows(merge.changed, changedExamples(selection, merge.firstChanged, rows)));
    }

    /** Tells whether {@link #compare} would find no loss. */
    boolean keeps(DataSelection selection, DataTable after, long size) throws SQLException {
        Parts parts = differing(selection, after, size);
        if (parts.differing().isEmpty()) {
            return true;
        }
        Merge merge = merge(selection, after, parts);
        return merge.lost + merge.changed == 0;
    }

    /** The parts into which rows are divided, and those in which they differ. */
    private record Parts(int number, List<Integer> differing) {}

    private Parts differing(DataSelection selection, DataTable after, long size) throws SQLException {
        int parts = size > FEW_ROWS ? PARTS : 1;
        Both<Map<Integer, String>> digests =
                both(() -> old.digests(selection, parts), () -> now.digests(selection.flipped(after), parts));
        return new Parts(
                parts,
                digests.before().entrySet().stream()
                        .filter(part -> !part.getValue().equals(digests.after().get(part.getKey())))
                        .map(Map.Entry::getKey)
                        .toList());
    }

    private Merge merge(DataSelection selection, DataTable after, Parts parts) throws SQLException {
        Both<RowHashes> hashes = both(
                () -> old.hashes(selection, parts.number(), parts.differing()),
                () -> now.hashes(selection.flipped(after), parts.number(), parts.differing()));
        try (RowHashes before = hashes.before();
                RowHashes rest = hashes.after()) {
            Merge merge = new Merge();
            if (selection.keyed()) {
                merge.byKey(before, rest);
            } else {
                merge.byCount(before, rest);
            }
            return merge;
        }
    }

    private static final class Merge {

        private long lost;
        private long changed;
        private final Map<String, String> firstLost = new LinkedHashMap<>();
        private final List<String> firstChanged = new ArrayList<>();

        /** What was a key before may have several rows now: one of them must hold the old values. */
        void byKey(RowHashes before, RowHashes after) throws SQLException {
            boolean more = before.next();
            boolean moreAfter = after.next();
            while (more) {
                String id = before.id();
                List<String> missing = new ArrayList<>();
                while (more && before.id().equals(id)) {
                    missing.add(before.rest());
                    more = before.next();
                }
                long there = missing.size();
                long left = 0;
                while (moreAfter && after.id().compareTo(id) <= 0) {
                    if (after.id().equals(id)) {
                        left++;
                        missing.remove(after.rest());
                    }
                    moreAfter = after.next();
                }
                long lostHere = Math.max(0, there - left);
                lose(id, lostHere, "");
                if (missing.size() > lostHere) {
                    changed += missing.size() - lostHere;
                    if (firstChanged.size() < EXAMPLES) {
                        firstChanged.add(id);
                    }
                }
            }
        }

        void byCount(RowHashes before, RowHashes after) throws SQLException {
            boolean more = after.next();
            while (before.next()) {
                while (more && after.id().compareTo(before.id()) < 0) {
                    more = after.next();
                }
                long there = Long.parseLong(before.rest());
                long left = more && after.id().equals(before.id()) ? Long.parseLong(after.rest()) : 0;
                lose(
                        before.id(),
                        Math.max(0, there - left),
                        there == 1 ? "" : " (" + there + " such rows before, " + left + " after)");
            }
        }

        private void lose(String id, long rows, String note) {
            lost += rows;
            if (rows > 0 && firstLost.size() < EXAMPLES) {
                firstLost.put(id, note);
            }
        }
    }

    private static List<String> lostExamples(
            DataSelection selection, Map<String, String> ids, Map<String, DataRow> rows) {
        return ids.entrySet().stream()
                .map(id -> (id(selection, requireNonNull(rows.get(id.getKey()))) + id.getValue()).strip())
                .sorted()
                .toList();
    }

    private static List<String> changedExamples(
            DataSelection selection, List<String> ids, Both<Map<String, DataRow>> rows) {
        return ids.stream()
                // Another session may have deleted one meanwhile.
                .filter(id -> rows.after().containsKey(id))
                .map(id -> changes(
                        selection,
                        requireNonNull(rows.before().get(id)),
                        requireNonNull(rows.after().get(id))))
                .sorted()
                .toList();
    }

    private static String id(DataSelection selection, DataRow row) {
        return row.values().subList(0, selection.id().size()).stream()
                .map(value -> value.column() + " = " + quoted(value.shown(), 0))
                .collect(joining(", "));
    }

    private static String changes(DataSelection selection, DataRow before, DataRow after) {
        List<String> changes = new ArrayList<>();
        for (int i = selection.id().size(); i < before.values().size(); i++) {
            DataRow.Value old = before.values().get(i);
            DataRow.Value now = after.values().get(i);
            if (!Objects.equals(old.compared(), now.compared())) {
                String name =
                        old.column().equals(now.column()) ? old.column() : old.column() + ", now " + now.column() + ",";
                int from = differsAt(old.shown(), now.shown()) - BEFORE_DIFFERENCE;
                changes.add(name + " was " + quoted(old.shown(), from) + ", is " + quoted(now.shown(), from));
            }
        }
        return id(selection, before) + ": " + String.join("; ", changes);
    }

    private static int differsAt(@Nullable String before, @Nullable String after) {
        if (before == null || after == null) {
            return 0;
        }
        int at = 0;
        while (at < Math.min(before.length(), after.length()) && before.charAt(at) == after.charAt(at)) {
            at++;
        }
        return at;
    }

    /** {@return at most {@link #LONGEST_SHOWN} characters of a text, from where it begins to matter} */
    private static String quoted(@Nullable String text, int from) {
        if (text == null) {
            return "NULL";
        }
        if (text.length() <= LONGEST_SHOWN) {
            return "'" + text + "'";
        }
        int start = Math.max(0, Math.min(from, text.length() - LONGEST_SHOWN));
        int end = start + LONGEST_SHOWN;
        start += Character.isLowSurrogate(text.charAt(start)) ? 1 : 0;
        end -= Character.isHighSurrogate(text.charAt(end - 1)) ? 1 : 0;
        return "'" + (start > 0 ? "…" : "") + text.substring(start, end) + (end < text.length() ? "…" : "") + "'";
    }

    private record Both<T>(T before, T after) {}

    private static <T> Both<T> both(Callable<T> before, Callable<T> after) throws SQLException {
        FutureTask<T> task = new FutureTask<>(before);
        Thread thread = new Thread(task, "data before the upgrade");
        thread.setDaemon(true);
        thread.start();
        FutureTask<T> other = new FutureTask<>(after);
        other.run();

        return new Both<>(get(task), get(other));
    }

    private static <T> T get(FutureTask<T> task) throws SQLException {
        try {
            return task.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SQLException("Interrupted while data was compared", e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof SQLException cause) {
                throw cause;
            }
            throw new SQLException(e.getCause());
        }
    }
}
