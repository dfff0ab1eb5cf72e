package io.github.metadatasnapshot.migration;

import io.github.metadatasnapshot.engine.HistoryTable;
import io.github.metadatasnapshot.engine.SchemaHistory;
import io.github.metadatasnapshot.engine.TableIdentity;
import io.github.metadatasnapshot.engine.TableName;
import io.github.metadatasnapshot.server.ServerException;
import io.github.metadatasnapshot.server.TestDatabase;
import io.github.metadatasnapshot.shape.DataComparison;
import io.github.metadatasnapshot.shape.DataException;
import io.github.metadatasnapshot.shape.DataRules;
import io.github.metadatasnapshot.shape.DatabaseState;
import io.github.metadatasnapshot.shape.IgnoredObjects;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CopyOnWriteArraySet;
import org.jspecify.annotations.Nullable;

/** What a database held before an upgrade, for comparing it with what it holds afterwards. */
final class UpgradeData {

    private static final System.Logger LOG = System.getLogger("io.github.metadatasnapshot");

    /** What a comparison is asked for. */
    private record Question(DataRules rules, IgnoredObjects ignored) {}

    private final TestDatabase database;
    private final DatabaseState before;
    private final HistoryTable historyTable;
    private final Map<TableName, TableIdentity> identities;
    private final @Nullable TestDatabase copy;
    private final @Nullable ServerException whyNoCopy;
    private final Map<Question, DataComparison> compared = new HashMap<>();
    private final List<DataException> exceptions = new CopyOnWriteArrayList<>();
    private final Set<String> recognised = new CopyOnWriteArraySet<>();

    private UpgradeData(
            TestDatabase database,
            DatabaseState before,
            HistoryTable historyTable,
            Map<TableName, TableIdentity> identities,
            @Nullable TestDatabase copy,
            @Nullable ServerException whyNoCopy) {
        this.database = database;
        this.before = before;
        this.historyTable = historyTable;
        this.identities = identities;
        this.copy = copy;
        this.whyNoCopy = whyNoCopy;
    }

    /** Copies the database, unless it is a copy itself or holds nothing but its history. */
    static UpgradeData keep(
            TestDatabase database, DatabaseState before, HistoryTable historyTable, Originals originals) {
        if (isBare(before)) {
            return new UpgradeData(database, before, historyTable, Map.of(), null, null);
        }
        try {
            TestDatabase kept = originals.of(database, before).orElseGet(database::copy);
            return new UpgradeData(database, before, historyTable, identities(database), kept, null);
        } catch (ServerException e) {
            return new UpgradeData(database, before, historyTable, Map.of(), null, e);
        }
    }

    /** Looks at the database itself: in a copy tables have other numbers. */
    private static Map<TableName, TableIdentity> identities(TestDatabase database) {
        try (Connection connection = database.open()) {
            return database.engine().identities(connection);
        } catch (SQLException e) {
            LOG.log(System.Logger.Level.DEBUG, "Renames in " + database + " are not recognised", e);
            return Map.of();
        }
    }

    /**
     * Makes a database that holds what this one held before the upgrade.
     *
     * @return the database, to be closed after use; empty where there is none
     * @throws ServerException if it cannot be made
     */
    Optional<TestDatabase> replay() {
        if (copy != null) {
            return Optional.of(copy.server().copyOf(copy));
        }
        return before.isEmpty()
                ? Optional.of(database.server().createDatabase().named(database.nameColumn()))
                : Optional.empty();
    }

    /** {@return a database that holds what this one held before the upgrade, not to be changed; empty where there is none} */
    Optional<TestDatabase> copy() {
        return Optional.ofNullable(copy);
    }

    private static boolean isBare(DatabaseState state) {
        return state.totalRows() == state.history().rows().size()
                && state.largeObjects().count() == 0;
    }

    synchronized DataComparison compare(DataRules rules, IgnoredObjects ignored, DatabaseState after) {
        Question question = new Question(rules, ignored);
        DataComparison known = compared.get(question);
        if (known != null) {
            return known;
        }
        DataComparison comparison = copy == null ? withoutCopy(rules) : compare(copy, question, after);
        compared.put(question, comparison);
        exceptions.addAll(comparison.exceptions());
        recognised.addAll(comparison.recognised());
        return comparison;
    }

    private DataComparison withoutCopy(DataRules rules) {
        if (whyNoCopy != null) {
            throw new MigrationException(
                    "the database before the upgrade could not be kept: " + whyNoCopy.getMessage(), whyNoCopy);
        }
        return DataComparison.ofNothing(rules);
    }

    private DataComparison compare(TestDatabase old, Question question, DatabaseState after) {
        try (Connection then = old.open();
                Connection now = database.open()) {
            SchemaHistory history = historyTable.read(now, database.engine());
            if (!history.equals(after.history())) {
                throw new MigrationException(
                        "the database has been migrated again since, and is at " + history.describeVersion()
                                + " now: compare it before the next migration",
                        null);
            }
            return DataComparison.of(
                    database.engine(),
                    then,
                    before,
                    identities,
                    now,
                    after,
                    historyTable,
                    question.rules(),
                    question.ignored());
        } catch (SQLException e) {
            throw new MigrationException(
                    "the rows of " + database + " or of its copy cannot be read: " + e.getMessage(), e);
        }
    }

    /** {@return what comparisons so far found under another name, as the engine says, for people} */
    List<String> recognised() {
        return List.copyOf(recognised);
    }

    List<DataException> exceptions() {
        return Collections.unmodifiableList(exceptions);
    }
}
