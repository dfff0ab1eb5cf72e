package io.github.metadatasnapshot.shape;

import static java.util.stream.Collectors.joining;

import io.github.metadatasnapshot.engine.DataColumn;
import io.github.metadatasnapshot.engine.DataReader;
import io.github.metadatasnapshot.engine.DataSelection.Pair;
import io.github.metadatasnapshot.engine.DataTable;
import io.github.metadatasnapshot.engine.TableIdentity;
import io.github.metadatasnapshot.engine.TableName;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Finds the table and the columns in which the data of each table is now: those that are declared, else those that the engine
 * says are the same, else those of the same name.
 */
final class DataMatching {

    /** A column of a table after. */
    record Target(DataTable table, DataColumn column) {}

    /**
     * Where the data of a table is.
     *
     * @param table the table before
     * @param now the table that its rows are in now; {@code null} where there is none
     * @param pairs its columns that are in that table
     * @param declared its columns of which it was declared where they are
     * @param gone its columns that are nowhere
     */
    record Match(
            DataTable table,
            @Nullable DataTable now,
            List<Pair> pairs,
            Map<DataColumn, Target> declared,
            List<DataColumn> gone) {

        /** {@return the columns of the table now that hold nothing of the table before} */
        List<DataColumn> added() {
            if (now == null) {
                return List.of();
            }
            Set<DataColumn> taken = new HashSet<>();
            pairs.forEach(pair -> taken.add(pair.other()));
            return now.columns().values().stream()
                    .filter(column -> !taken.contains(column) && !column.generated())
                    .toList();
        }
    }

    private final DataReader reader;
    private final List<DataRule> rules;
    private final Map<TableName, DataTable> before;
    private final Map<TableName, TableIdentity> identitiesBefore;
    private final Map<TableName, TableIdentity> identitiesAfter;
    private final Map<String, DataTable> tablesAfter = new TreeMap<>();
    private final Map<String, Target> columnsAfter = new TreeMap<>();
    private final Set<String> namesBefore = new HashSet<>();
    private final Map<DataTable, DataTable> successors = new HashMap<>();
    private final Set<DataRule> needed = new HashSet<>();
    private final Set<String> recognised = new LinkedHashSet<>();

    DataMatching(
            DataReader reader,
            DataRules rules,
            Map<TableName, DataTable> before,
            Map<TableName, TableIdentity> identitiesBefore,
            Map<TableName, DataTable> after,
            Map<TableName, TableIdentity> identitiesAfter) {
        this.reader = reader;
        this.rules = rules.all();
        this.before = before;
        this.identitiesBefore = identitiesBefore;
        this.identitiesAfter = identitiesAfter;
        for (DataTable table : before.values()) {
            namesBefore.add(key(table));
            table.columns().keySet().forEach(column -> namesBefore.add(key(table, column)));
        }
        for (DataTable table : after.values()) {
            tablesAfter.put(key(table), table);
            table.columns()
                    .values()
                    .forEach(column -> columnsAfter.put(key(table, column.name()), new Target(table, column)));
        }
        findSuccessors();
    }

    /** {@return the rules that were needed so far} */
    Set<DataRule> needed() {
        return needed;
    }

    /** {@return what goes by another name now as the engine says, for people} */
    List<String> recognised() {
        return List.copyOf(recognised);
    }

    /** {@return the tables after that hold the rows of no table before} */
    List<DataTable> added() {
        return tablesAfter.values().stream()
                .filter(table -> !successors.containsValue(table))
                .toList();
    }

    private String key(DataTable table) {
        return reader.folded(table.label());
    }

    private String key(DataTable table, String column) {
        return reader.folded(table.label(column));
    }

    private void findSuccessors() {
        Map<String, DataTable> byId = new HashMap<>();
        for (DataTable table : tablesAfter.values()) {
            TableIdentity identity = identitiesAfter.get(table.name());
            if (identity != null) {
                byId.put(identity.id(), table);
            }
        }
        Set<DataTable> claimed = new HashSet<>();
        for (DataTable table : before.values()) {
            TableIdentity identity = identitiesBefore.get(table.name());
            DataTable declared = follow(Set.of(key(table)), Set::of, tablesAfter);
            DataTable same = identity == null ? null : byId.get(identity.id());
            if (declared != null) {
                successors.put(table, declared);
            } else if (same != null) {
                successors.put(table, same);
                claimed.add(same);
                if (!key(same).equals(key(table))) {
                    recognised.add("table " + table.label() + " is " + same.label() + " now");
                }
            }
        }
        for (DataTable table : before.values()) {
            DataTable same = tablesAfter.get(key(table));
            if (!successors.containsKey(table) && same != null && !claimed.contains(same)) {
                successors.put(table, same);
            }
        }
    }

    /** Follows declared renames from one name to the next until something has that name, and notes that they were needed. */
    private <T> @Nullable T follow(
            Set<String> names, Function<String, Set<String>> aliases, Map<String, T> namesAfter) {
        Deque<String> open = new ArrayDeque<>(names);
        Set<String> seen = new HashSet<>(names);
        List<DataRule> way = new ArrayList<>();
        while (!open.isEmpty()) {
            for (DataRule rename : renames(open.remove())) {
                way.add(rename);
                for (String alias : aliases.apply(reader.folded(rename.to()))) {
                    T target = namesAfter.get(alias);
                    if (target != null) {
                        needed.addAll(way);
                        return target;
                    }
                    if (seen.add(alias)) {
                        open.add(alias);
                    }
                }
            }
        }
        return null;
    }

    private List<DataRule> renames(String name) {
        return rules.stream()
                .filter(rule -> rule.isRename() && reader.folded(rule.name()).equals(name) && !isOfOtherUpgrade(rule))
                .toList();
    }

    /** Tells whether a rename happened before: both names were there, and still are, and the second was not given away. */
    private boolean isOfOtherUpgrade(DataRule rename) {
        String from = reader.folded(rename.name());
        String to = reader.folded(rename.to());
        return rename.version().isEmpty()
                && namesBefore.contains(to)
                && (tablesAfter.containsKey(from) || columnsAfter.containsKey(from))
                && rules.stream()
                        .noneMatch(rule ->
                                rule.isRename() && reader.folded(rule.name()).equals(to));
    }

    /** {@return the names that a table has by the rules: that before, those that it is renamed to, and that after} */
    private Set<String> names(DataTable table) {
        Set<String> names = new LinkedHashSet<>(Set.of(key(table)));
        Deque<String> open = new ArrayDeque<>(names);
        while (!open.isEmpty()) {
            for (DataRule rename : renames(open.remove())) {
                String to = reader.folded(rename.to());
                if (names.add(to)) {
                    open.add(to);
                }
            }
        }
        DataTable now = successors.get(table);
        if (now != null) {
            names.add(key(now));
        }
        return names;
    }

    /** {@return the name of a column with each of its table's names} */
    private Set<String> aliases(Set<String> tables, String column) {
        Set<String> aliases = new LinkedHashSet<>(Set.of(column));
        for (String table : tables) {
            if (column.startsWith(table + ".")) {
                tables.forEach(other -> aliases.add(other + column.substring(table.length())));
            }
        }
        return aliases;
    }

    /** Tells whether a table may lose data, and notes that it does. */
    boolean isExcepted(DataTable table) {
        return isExcepted(names(table));
    }

    /** Tells whether a column may lose data, and notes that it does. */
    boolean isExcepted(DataTable table, DataColumn column) {
        return isExcepted(aliases(names(table), key(table, column.name())));
    }

    /** Tells whether something that is no table of the user's may be lost, and notes that it is. */
    boolean isExcepted(String name) {
        return isExcepted(Set.of(reader.folded(name)));
    }

    private boolean isExcepted(Set<String> names) {
        List<DataRule> exceptions = exceptions(names);
        needed.addAll(exceptions);
        return !exceptions.isEmpty();
    }

    /** Tells whether it was declared that a column may lose data. */
    boolean mayBeExcepted(DataTable table, DataColumn column) {
        return !exceptions(aliases(names(table), key(table, column.name()))).isEmpty();
    }

    /** {@return that a declared rename of a table leads nowhere, as the end of a sentence; the empty string otherwise} */
    String unfound(DataTable table) {
        return unfound(names(table));
    }

    /** {@return that a declared rename of a column leads nowhere, as the end of a sentence; the empty string otherwise} */
    String unfound(DataTable table, DataColumn column) {
        DataTable now = successors.get(table);
        String unfound = unfound(aliases(names(table), key(table, column.name())));
        return unfound.isEmpty() || now == null
                ? unfound
                : unfound + ", but " + String.join(", ", now.columns().keySet());
    }

    private String unfound(Set<String> names) {
        return names.stream()
                .flatMap(name -> renames(name).stream())
                .findFirst()
                .map(rename ->
                        "; renamed(\"" + rename.name() + "\", \"" + rename.to() + "\"): there is no " + rename.to())
                .orElse("");
    }

    private List<DataRule> exceptions(Set<String> names) {
        return rules.stream()
                .filter(rule -> !rule.isRename() && names.contains(reader.folded(rule.name())))
                .toList();
    }

    /** {@return where the data of a table is} */
    Match match(DataTable table) {
        Set<String> names = names(table);
        Map<DataColumn, Target> declared = new LinkedHashMap<>();
        for (DataColumn column : table.columns().values()) {
            Target target =
                    follow(aliases(names, key(table, column.name())), name -> aliases(names, name), columnsAfter);
            if (target != null) {
                declared.put(column, target);
            }
        }
        DataTable now = successor(table, declared);
        List<DataColumn> gone = new ArrayList<>();
        Map<DataColumn, DataColumn> found = now == null ? Map.of() : columns(table, now, declared);
        List<Pair> pairs = new ArrayList<>();
        for (DataColumn column : table.columns().values()) {
            DataColumn target = found.get(column);
            if (now != null && target != null) {
                pairs.add(new Pair(column.with(renamedLabels(table, column, now, target)), target));
            } else if (!declared.containsKey(column) && !column.generated()) {
                gone.add(column);
            }
        }
        return new Match(table, now, pairs, declared, gone);
    }

    /** A table that has no successor is in the one that its columns were declared to be in. */
    private @Nullable DataTable successor(DataTable table, Map<DataColumn, Target> declared) {
        DataTable known = successors.get(table);
        if (known != null) {
            return known;
        }
        Set<DataTable> others = new HashSet<>();
        for (Map.Entry<DataColumn, Target> rename : declared.entrySet()) {
            if (table.key().contains(rename.getKey().name())) {
                return rename.getValue().table();
            }
            others.add(rename.getValue().table());
        }
        return others.size() == 1 ? others.iterator().next() : null;
    }

    private Map<DataColumn, DataColumn> columns(DataTable table, DataTable now, Map<DataColumn, Target> declared) {
        Map<DataColumn, DataColumn> found = new HashMap<>();
        declared.forEach((column, target) -> {
            if (target.table().equals(now)) {
                found.put(column, target.column());
            }
        });
        for (DataColumn column : table.columns().values()) {
            DataColumn same = sameByIdentity(table, column, now);
            if (same != null && !declared.containsKey(column) && !found.containsValue(same)) {
                found.put(column, same);
                if (!reader.folded(table.label(column.name())).equals(reader.folded(table.label(same.name())))) {
                    recognised.add("column " + table.label(column.name()) + " is " + now.label(same.name()) + " now");
                }
            }
        }
        for (DataColumn column : table.columns().values()) {
            Target same = columnsAfter.get(nameIn(now, table, column));
            if (!found.containsKey(column) && same != null && !found.containsValue(same.column())) {
                found.put(column, same.column());
            }
        }
        return found;
    }

    /** {@return the name that a column has if it is in a table and has kept its own name} */
    private String nameIn(DataTable now, DataTable table, DataColumn column) {
        return key(now) + key(table, column.name()).substring(key(table).length());
    }

    private @Nullable DataColumn sameByIdentity(DataTable table, DataColumn column, DataTable now) {
        TableIdentity then = identitiesBefore.get(table.name());
        TableIdentity is = identitiesAfter.get(now.name());
        if (then == null || is == null || !then.id().equals(is.id())) {
            return null;
        }
        TableIdentity.Column place = then.columns().get(column.name());
        for (DataColumn candidate : now.columns().values()) {
            TableIdentity.Column other = is.columns().get(candidate.name());
            if (place != null && other != null && other.place().equals(place.place())) {
                boolean contradicted = columnsAfter.containsKey(nameIn(now, table, column))
                        || namesBefore.contains(nameIn(table, now, candidate));
                return then.exact() || !contradicted ? candidate : null;
            }
        }
        return null;
    }

    /** {@return the labels of an enumeration that go by other names now, as the engine says} */
    private Map<String, String> renamedLabels(DataTable table, DataColumn column, DataTable now, DataColumn target) {
        Map<String, String> before = labels(identitiesBefore, table, column);
        Map<String, String> after = labels(identitiesAfter, now, target);
        Map<String, String> renamed = new TreeMap<>();
        before.forEach((id, label) -> {
            String other = after.get(id);
            if (other != null && !other.equals(label)) {
                renamed.put(label, other);
            }
        });
        if (!renamed.isEmpty()) {
            recognised.add("of column " + now.label(target.name()) + " "
                    + renamed.entrySet().stream()
                            .map(label -> "the label " + label.getKey() + " is " + label.getValue() + " now")
                            .collect(joining(", ")));
        }
        return renamed;
    }

    private static Map<String, String> labels(
            Map<TableName, TableIdentity> identities, DataTable table, DataColumn column) {
        TableIdentity identity = identities.get(table.name());
        TableIdentity.Column known =
                identity == null ? null : identity.columns().get(column.name());
        return known == null ? Collections.emptyMap() : known.labels();
    }
}
