package io.github.metadatasnapshot.shape;

import io.github.metadatasnapshot.engine.DataReader;
import io.github.metadatasnapshot.engine.DataTable;
import io.github.metadatasnapshot.engine.Engine;
import io.github.metadatasnapshot.engine.HistoryTable;
import io.github.metadatasnapshot.engine.TableIdentity;
import io.github.metadatasnapshot.engine.TableName;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What the tables of a database lost on the way from one state to another. Rows and columns that came up on the way are no
 * loss, nor is a value that has kept its text in another type.
 *
 * <p>A row is the same by the columns of its primary key before, where they are still there; else by a unique key without
 * NULL that both tables have; else by the columns of which every value is still there, if together they tell the rows apart.
 * Otherwise a row of which no equal one is left is lost or changed, which nothing tells.
 *
 * @param rows rows that are no longer there, or of which that cannot be told, the gravest loss first
 * @param values values that are no longer there or that are others, of rows that are, the gravest loss first
 * @param exceptions what was declared, by name
 * @param recognised what goes by another name now as the engine says, though it was not declared, for people
 */
public record DataComparison(
        List<DataLoss> rows, List<DataLoss> values, List<DataException> exceptions, List<String> recognised) {

    /** Copies the lists. */
    public DataComparison {
        rows = List.copyOf(rows);
        values = List.copyOf(values);
        exceptions = List.copyOf(exceptions);
        recognised = List.copyOf(recognised);
    }

    /** {@return the comparison of a database that had no rows, and so has lost none} */
    public static DataComparison ofNothing(DataRules rules) {
        return new DataComparison(List.of(), List.of(), exceptions(rules, Set.of()), List.of());
    }

    /**
     * Compares two databases of one server: inside the server as far as they are equal, in constant memory where they are
     * not.
     *
     * @param engine their engine
     * @param before a connection to a copy of the database as it was
     * @param stateBefore the state that it was in
     * @param identitiesBefore what {@link Engine#identities} returned of the database itself as it was; empty where that is
     *     not known
     * @param after a connection to the database
     * @param stateAfter the state that it is in
     * @param historyTable where the history lies, which is not compared
     * @param rules what may be lost, and what has another name
     * @param ignored what is not compared
     * @return what was lost
     * @throws SQLException if something cannot be read
     */
    public static DataComparison of(
            Engine engine,
            Connection before,
            DatabaseState stateBefore,
            Map<TableName, TableIdentity> identitiesBefore,
            Connection after,
            DatabaseState stateAfter,
            HistoryTable historyTable,
            DataRules rules,
            IgnoredObjects ignored)
            throws SQLException {
        String schema = engine.defaultSchema(after);
        Map<TableName, TableIdentity> identitiesAfter =
                identitiesBefore.isEmpty() ? Map.of() : engine.identities(after);
        try (DataReader old = engine.dataReader(before);
                DataReader now = engine.dataReader(after)) {
            Map<TableName, DataTable> tables = old.tables();
            Map<TableName, DataTable> tablesAfter = now.tables();
            historyTable.find(tables.keySet(), schema).forEach(tables::remove);
            historyTable.find(tablesAfter.keySet(), schema).forEach(tablesAfter::remove);
            tables.values().removeIf(table -> ignored.ignores(table.label()));
            tablesAfter.values().removeIf(table -> ignored.ignores(table.label()));
            DataMatching matching = new DataMatching(
                    now,
                    rules.on(
                            stateBefore.history().version(),
                            stateAfter.history().version()),
                    tables,
                    identitiesBefore,
                    tablesAfter,
                    identitiesAfter);
            TableComparison comparison = new TableComparison(old, now, stateBefore, stateAfter, matching);
            for (DataTable table : tables.values()) {
                comparison.compare(table);
            }
            new GeneratorLosses(stateBefore, stateAfter, matching, tables)
                    .addTo(comparison.rows(), comparison.values(), engine, before, after);
            return new DataComparison(
                    comparison.rows().stream().sorted(DataLoss.BY_GRAVITY).toList(),
                    comparison.values().stream().sorted(DataLoss.BY_GRAVITY).toList(),
                    exceptions(rules, matching.needed()),
                    matching.recognised());
        }
    }

    private static List<DataException> exceptions(DataRules rules, Set<DataRule> needed) {
        return rules.all().stream()
                .distinct()
                .map(rule -> new DataException(rule, needed.contains(rule)))
                .toList();
    }
}
