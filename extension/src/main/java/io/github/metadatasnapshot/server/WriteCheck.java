package io.github.metadatasnapshot.server;

import static java.util.Objects.requireNonNull;
import static java.util.stream.Collectors.joining;

import io.github.metadatasnapshot.engine.HistoryTable;
import io.github.metadatasnapshot.engine.TableName;
import io.github.metadatasnapshot.engine.WriteProbe;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * Whether a database takes writes, tried on a copy that is thrown away. What the server refuses counts where a database that
 * it is held against takes it: a trigger that raises an error on purpose does so everywhere.
 *
 * @param findings what does not work here and does elsewhere, a line each
 * @param summary how many of how many objects were probed, and why not the others; or why none was
 */
public record WriteCheck(List<String> findings, String summary) {

    /** How long the probe of a database may take. */
    public static final Duration LIMIT = Duration.ofSeconds(30);

    private static final int MAX_REASONS = 10;

    /** Copies the list. */
    public WriteCheck {
        findings = List.copyOf(findings);
    }

    /** Makes a database to hold another one against. */
    @FunctionalInterface
    public interface Maker {

        /**
         * Makes the database.
         *
         * @return a database that is thrown away; empty where there is none
         */
        Optional<TestDatabase> make();
    }

    /**
     * A database that another one is held against.
     *
     * @param where where a write works that does not work here, such as {@code it works on a clean install}
     * @param knowsGenerators whether it had the same rows, so that it tells whether a generated value was taken there already
     * @param maker makes it
     */
    public record Reference(String where, boolean knowsGenerators, Maker maker) {}

    /**
     * Probes a database.
     *
     * @param database the database, which is not changed
     * @param historyTable where its history lies, which is left out
     * @param excuse why a failure is no finding, whatever the database is held against; empty where it may be one
     * @param references what it is held against; asked only where something does not work
     * @return what came of it
     * @throws ServerException if the database cannot be copied
     */
    public static WriteCheck of(
            TestDatabase database,
            HistoryTable historyTable,
            Function<WriteProbe.Failure, Optional<String>> excuse,
            List<Reference> references) {
        if (!database.server().takesProbes()) {
            return new WriteCheck(
                    List.of(),
                    "not probed: on an external server only where metadatasnapshot.external."
                            + database.engine().id() + ".probe is true");
        }
        WriteProbe probe;
        try (TestDatabase copy = database.server().copyOf(database)) {
            probe = probe(copy, historyTable, false);
        }
        SortedMap<String, String> skipped = new TreeMap<>(probe.skipped());
        List<String> findings = new ArrayList<>();
        if (!probe.failed().isEmpty()) {
            judge(probe, historyTable, excuse, references, findings, skipped);
        }
        long tables =
                count(probe.worked(), "table ") + count(probe.failed(), "table ") + count(probe.skipped(), "table ");
        long probed = tables - count(skipped, "table ");
        if (tables > 0 && probed == 0) {
            findings.add("no table could be written to, so that nothing is known");
        }
        return new WriteCheck(findings, summary(probe, probed, tables, skipped));
    }

    private static WriteProbe probe(TestDatabase database, HistoryTable historyTable, boolean thorough) {
        try (Connection connection = database.open()) {
            Set<TableName> history = historyTable.among(database.engine().tables(connection));
            return database.engine().probeWrites(connection, history::contains, thorough, LIMIT);
        } catch (SQLException e) {
            throw new ServerException("Writes to " + database + " cannot be probed: " + e.getMessage(), e);
        }
    }

    private static void judge(
            WriteProbe probe,
            HistoryTable historyTable,
            Function<WriteProbe.Failure, Optional<String>> excuse,
            List<Reference> references,
            List<String> findings,
            Map<String, String> skipped) {
        Map<Reference, WriteProbe> asked = new HashMap<>();
        List<String> unknown = new ArrayList<>();
        for (Reference reference : references) {
            try {
                Optional<TestDatabase> made = reference.maker().make();
                if (made.isPresent()) {
                    try (TestDatabase database = made.get()) {
                        asked.put(reference, probe(database, historyTable, true));
                    }
                }
            } catch (ServerException e) {
                unknown.add(String.valueOf(e.getMessage()));
            }
        }
        probe.failed().forEach((object, failure) -> {
            Optional<String> excused = excuse.apply(failure);
            if (excused.isPresent()) {
                skipped.put(object, excused.get() + ": " + failure.message());
                return;
            }
            Optional<String> elsewhere = references.stream()
                    .filter(asked::containsKey)
                    .filter(reference -> !failure.isOfGenerator()
                            || reference.knowsGenerators()
                            || isNewest(object, references, asked))
                    .filter(reference -> requireNonNull(asked.get(reference)).worked(object, failure.row()))
                    .map(Reference::where)
                    .findFirst();
            if (elsewhere.isPresent()) {
                findings.add(object + ": " + failure.message() + " (" + elsewhere.get() + ")");
            } else if (asked.values().stream().noneMatch(other -> other.has(object))) {
                skipped.put(
                        object,
                        failure.message() + ", and there is nothing to hold it against"
                                + unknown.stream().map(reason -> ": " + reason).collect(joining()));
            } else {
                skipped.put(object, "it fails elsewhere as well: " + failure.message());
            }
        });
    }

    /** Tells whether no database that would know about generated values has the object. */
    private static boolean isNewest(String object, List<Reference> references, Map<Reference, WriteProbe> asked) {
        return references.stream()
                .filter(Reference::knowsGenerators)
                .map(asked::get)
                .noneMatch(probe -> probe != null && probe.has(object));
    }

    private static long count(Map<String, ?> objects, String word) {
        return objects.keySet().stream().filter(name -> name.startsWith(word)).count();
    }

    private static String summary(WriteProbe probe, long probed, long tables, Map<String, String> skipped) {
        long sequences = count(probe.worked(), "sequence ") + count(probe.failed(), "sequence ");
        long views = count(probe.worked(), "view ") + count(probe.failed(), "view ");
        String text = probed + " of " + tables + (tables == 1 ? " table" : " tables")
                + (sequences == 0 ? "" : ", " + sequences + (sequences == 1 ? " sequence" : " sequences"))
                + (views == 0 ? "" : ", " + views + (views == 1 ? " view" : " views"));
        return text
                + (skipped.isEmpty()
                        ? ""
                        : skipped.entrySet().stream()
                                .limit(MAX_REASONS)
                                .map(reason -> reason.getKey() + " (" + reason.getValue() + ")")
                                .collect(joining(", ", "; not probed: ", "")))
                + (skipped.size() > MAX_REASONS ? " and " + (skipped.size() - MAX_REASONS) + " more" : "");
    }
}
