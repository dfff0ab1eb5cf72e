package io.github.metadatasnapshot.migration;

import static java.util.stream.Collectors.joining;

import io.github.metadatasnapshot.engine.RowChanges;
import io.github.metadatasnapshot.engine.TableName;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * What a migration did to the tables of a database, as far as the engine tells. What it does not tell is empty, and not
 * none.
 *
 * @param rows the rows that it changed. PostgreSQL counts them in one transaction only: not for a migration without
 *     one, or that commits by itself; and not those of tables that it dropped. MySQL and MariaDB count them where the
 *     migration defines nothing, and MySQL where no statement of it sorts or groups in a temporary table
 * @param rewritten the tables that were there before and lie in another file now: written anew, or truncated. MySQL and
 *     MariaDB tell a user with the privilege {@code PROCESS}, of InnoDB
 * @param lockedMillis the tables that were there before and that nobody else could write to, and for how long, in
 *     milliseconds: until the end of the migration, where it is one transaction. The time is taken by looking every 5 to
 *     100 ms, and is too long by one such interval at most, two where the lock is given up before; a shorter lock that is
 *     given up before may be missed. MySQL and MariaDB tell where the performance schema is on, with the instrument
 *     {@code wait/lock/metadata/sql/mdl}, and the user may read it
 */
public record MigrationEffects(
        Optional<RowChanges> rows,
        Optional<SortedSet<TableName>> rewritten,
        Optional<SortedMap<TableName, Long>> lockedMillis) {

    /** Nothing is known. */
    public static final MigrationEffects UNKNOWN =
            new MigrationEffects(Optional.empty(), Optional.empty(), Optional.empty());

    /** Copies the collections. */
    public MigrationEffects {
        rewritten = rewritten.map(tables -> Collections.unmodifiableSortedSet(new TreeSet<>(tables)));
        lockedMillis = lockedMillis.map(tables -> Collections.unmodifiableSortedMap(new TreeMap<>(tables)));
    }

    /** {@return how long the table was locked that was locked the longest, in milliseconds; empty where that is not known} */
    public Optional<Long> longestLockMillis() {
        return lockedMillis.map(
                tables -> tables.values().stream().max(Long::compare).orElse(0L));
    }

    /** {@return the effects for people, without those that there were none of} */
    public String describe() {
        List<String> unknown = new ArrayList<>();
        List<String> known = Stream.of(
                        rows.map(MigrationEffects::describe).orElseGet(() -> note(unknown, "rows changed")),
                        rewritten
                                .map(tables -> tables.isEmpty() ? "" : "rewrote " + join(tables.stream()))
                                .orElseGet(() -> note(unknown, "tables rewritten")),
                        lockedMillis
                                .map(MigrationEffects::describeLocks)
                                .orElseGet(() -> note(unknown, "tables locked")))
                .filter(text -> !text.isEmpty())
                .toList();
        return Stream.of(String.join("; ", known), unknown.isEmpty() ? "" : "unknown: " + String.join(", ", unknown))
                .filter(text -> !text.isEmpty())
                .collect(joining("; "));
    }

    private static String note(List<String> unknown, String what) {
        unknown.add(what);
        return "";
    }

    private static String describe(RowChanges rows) {
        List<String> counts = new ArrayList<>();
        count(counts, rows.inserted(), "inserted");
        count(counts, rows.updated(), "updated");
        count(counts, rows.deleted(), "deleted");
        return String.join(", ", counts);
    }

    private static void count(List<String> counts, long rows, String what) {
        if (rows > 0) {
            counts.add(rows + (rows == 1 ? " row " : " rows ") + what);
        }
    }

    private static String describeLocks(SortedMap<TableName, Long> locks) {
        return locks.isEmpty()
                ? ""
                : "locked "
                        + join(locks.entrySet().stream()
                                .map(lock -> lock.getKey() + " for " + lock.getValue() + " ms"));
    }

    private static String join(Stream<?> items) {
        return items.map(Object::toString).collect(joining(", "));
    }
}
