package io.github.metadatasnapshot.migration;

import io.github.metadatasnapshot.engine.SchemaHistory;
import io.github.metadatasnapshot.engine.Version;
import io.github.metadatasnapshot.server.DatabaseInUseException;
import io.github.metadatasnapshot.server.ServerException;
import io.github.metadatasnapshot.server.TestDatabase;
import io.github.metadatasnapshot.shape.DatabaseState;
import io.github.metadatasnapshot.shape.IgnoredObjects;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Migrates a database that was migrated once more, where nothing should be left to do. */
final class Repetition {

    private final TestDatabase database;
    private final Migrator migrator;
    private final Version to;
    private final IgnoredObjects ignored;
    private final List<String> findings = new ArrayList<>();

    private Repetition(TestDatabase database, Migrator migrator, Version to, IgnoredObjects ignored) {
        this.database = database;
        this.migrator = migrator;
        this.to = to;
        this.ignored = ignored;
    }

    /**
     * Tries it on a copy of the database, or on the database itself where it cannot be copied; repeatable migrations are
     * applied again on a copy only. Before something is said to be wrong, it is tried with the copy in the database's place,
     * as a migration may write down the database's name; unless sessions are connected to the database.
     *
     * @param known what the database holds, unless a test has changed it; empty where nobody knows
     * @param ignored what is left out of account
     * @return what is wrong, none where nothing is
     * @throws MigrationException if the database cannot be read
     */
    static List<String> findings(
            TestDatabase database,
            Migrator migrator,
            Version to,
            Optional<DatabaseState> known,
            IgnoredObjects ignored) {
        Optional<TestDatabase> copy = copy(database);
        if (copy.isEmpty()) {
            Repetition repetition = new Repetition(database, migrator, to, ignored);
            repetition.migrate();
            return repetition.findings;
        }
        if (known.isPresent() && migrator.validatesWhenMigrating()) {
            try (TestDatabase copied = copy.get()) {
                if (new Repetition(copied, migrator, to, ignored).passes(known.get())) {
                    return List.of();
                }
            }
            copy = copy(database);
        }
        try (TestDatabase copied = copy.orElseThrow()) {
            Repetition inPlace = new Repetition(database, migrator, to, ignored);
            try {
                database.server().inPlaceOf(database, copied, inPlace::run);
                return inPlace.findings;
            } catch (DatabaseInUseException e) {
                Repetition repetition = new Repetition(copied, migrator, to, ignored);
                repetition.run();
                return repetition.findings;
            }
        }
    }

    private void run() {
        DatabaseState state = migrate();
        if (findings.isEmpty()) {
            applyRepeatableAgain(state);
        }
    }

    /** Does it all at once, which takes a third of the time, and tells that something is wrong but not what. */
    private boolean passes(DatabaseState now) {
        history(now.history());
        if (!findings.isEmpty()) {
            return false;
        }
        forgetRepeatable();
        MigrationRun run = migrator.migrate(database, to, Migrator.Purpose.COMPARISON);
        if (run.failure().isPresent()) {
            return false;
        }
        DatabaseState after = Upgrade.state(database, migrator, now);
        return after.history().endsAs(now.history()) && compared(now).isUntouchedIn(compared(after));
    }

    /** {@return what counts of a state beside the history} */
    private DatabaseState compared(DatabaseState state) {
        return state.withoutHistory(migrator.historyTable()).without(ignored);
    }

    private static Optional<TestDatabase> copy(TestDatabase database) {
        try {
            return Optional.of(database.server().copyOf(database));
        } catch (ServerException e) {
            return Optional.empty();
        }
    }

    /** {@return what the database holds then} */
    private DatabaseState migrate() {
        DatabaseState before = Upgrade.state(database, migrator);
        history(before.history());
        findings.addAll(migrator.validate(database, to));
        MigrationRun run = migrator.migrate(database, to, Migrator.Purpose.COMPARISON);
        run.failure().ifPresent(failure -> findings.add("a second migrate fails, " + failure.describe()));
        DatabaseState after = Upgrade.state(database, migrator, before);
        List<String> changes = compared(before).differences(compared(after));
        boolean repeatableOnly = !run.applied().isEmpty()
                && run.applied().stream()
                        .allMatch(migration -> migration.version().isEmpty());
        if (repeatableOnly && changes.isEmpty()) {
            // One with a time in it is another one in each run, and does no harm where it changes nothing.
            return after;
        }
        run.applied().forEach(migration -> findings.add("a second migrate applies " + migration.name() + " again"));
        before.historyDifference(after).ifPresent(change -> findings.add("after a second migrate " + change));
        changes.forEach(change -> findings.add("after a second migrate " + change));
        return after;
    }

    private void history(SchemaHistory history) {
        for (SchemaHistory.Row row : history.rows()) {
            if (!row.success()) {
                findings.add("the history says that " + row.script() + " failed");
            }
        }
        List<SchemaHistory.Row> late = migrator.appliesOutOfOrder() ? List.of() : history.outOfOrder();
        for (SchemaHistory.Row row : late) {
            findings.add("the history says that " + row.script() + " was applied out of order, as number " + row.rank()
                    + " and after a higher version");
        }
        for (Migration migration : migrator.migrations(database)) {
            boolean ran = history.rows().stream()
                    .anyMatch(row -> row.version() == null
                            && row.success()
                            && row.description().equals(migration.description()));
            if (migration.version().isEmpty() && !ran && !migrator.leavesOut(migration, to)) {
                findings.add("the repeatable migration '" + migration.description() + "' never ran");
            }
        }
    }

    private void applyRepeatableAgain(DatabaseState state) {
        if (!forgetRepeatable()) {
            return;
        }
        MigrationRun run = migrator.migrate(database, to, Migrator.Purpose.COMPARISON);
        run.failure()
                .ifPresent(failure ->
                        findings.add("a repeatable migration cannot be applied twice, " + failure.describe()));
        compared(state)
                .differences(compared(Upgrade.state(database, migrator, state)))
                .forEach(change -> findings.add("after repeatable migrations were applied twice, " + change));
    }

    private boolean forgetRepeatable() {
        boolean some = migrator.migrations(database).stream()
                .anyMatch(migration -> migration.version().isEmpty());
        if (some) {
            try (Connection connection = database.open()) {
                migrator.historyTable().forgetRepeatable(connection, database.engine());
            } catch (SQLException e) {
                throw new MigrationException("The history of " + database + " cannot be changed: " + e.getMessage(), e);
            }
        }
        return some;
    }
}
