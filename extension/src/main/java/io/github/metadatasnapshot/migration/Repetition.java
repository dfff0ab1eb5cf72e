package io.github.metadatasnapshot.migration;

import io.github.metadatasnapshot.engine.SchemaHistory;
import io.github.metadatasnapshot.engine.Version;
import io.github.metadatasnapshot.server.ServerException;
import io.github.metadatasnapshot.server.TestDatabase;
import io.github.metadatasnapshot.shape.DatabaseState;
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
    private final List<String> findings = new ArrayList<>();

    private Repetition(TestDatabase database, Migrator migrator, Version to) {
        this.database = database;
        this.migrator = migrator;
        this.to = to;
    }

    /**
     * Tries it on a copy of the database, or on the database itself where it cannot be copied; repeatable migrations are
     * applied again on a copy only.
     *
     * @param known what the database holds, unless a test has changed it; empty where nobody knows
     * @return what is wrong, none where nothing is
     * @throws MigrationException if the database cannot be read
     */
    static List<String> findings(TestDatabase database, Migrator migrator, Version to, Optional<DatabaseState> known) {
        Optional<TestDatabase> copy = copy(database);
        if (copy.isEmpty()) {
            Repetition repetition = new Repetition(database, migrator, to);
            repetition.migrate();
            return repetition.findings;
        }
        if (known.isPresent() && migrator.validatesWhenMigrating()) {
            try (TestDatabase copied = copy.get()) {
                if (new Repetition(copied, migrator, to).passes(known.get())) {
                    return List.of();
                }
            }
            copy = copy(database);
        }
        try (TestDatabase copied = copy.orElseThrow()) {
            Repetition repetition = new Repetition(copied, migrator, to);
            DatabaseState state = repetition.migrate();
            if (repetition.findings.isEmpty()) {
                repetition.applyRepeatableAgain(state);
            }
            return repetition.findings;
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
        return after.history().endsAs(now.history())
                && after.withoutHistory(migrator.historyTable()).equals(now.withoutHistory(migrator.historyTable()));
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
        run.applied().forEach(migration -> findings.add("a second migrate applies " + migration.script() + " again"));
        DatabaseState after = Upgrade.state(database, migrator, before);
        before.differences(after).forEach(change -> findings.add("after a second migrate " + change));
        return after;
    }

    private void history(SchemaHistory history) {
        for (SchemaHistory.Row row : history.rows()) {
            if (!row.success()) {
                findings.add("the history says that " + row.script() + " failed");
            }
        }
        for (SchemaHistory.Row row : history.outOfOrder()) {
            findings.add("the history says that " + row.script() + " was applied out of order, as number " + row.rank()
                    + " and after a higher version");
        }
        for (Migration migration : migrator.migrations(database)) {
            boolean ran = history.rows().stream()
                    .anyMatch(row -> row.version() == null
                            && row.success()
                            && row.description().equals(migration.description()));
            if (migration.version().isEmpty() && !ran) {
                findings.add("the repeatable migration '" + migration.description() + "' never ran");
            }
        }
    }

    private void applyRepeatableAgain(DatabaseState state) {
        if (!forgetRepeatable()) {
            return;
        }
        DatabaseState before = state.withoutHistory(migrator.historyTable());
        MigrationRun run = migrator.migrate(database, to, Migrator.Purpose.COMPARISON);
        run.failure()
                .ifPresent(failure ->
                        findings.add("a repeatable migration cannot be applied twice, " + failure.describe()));
        before.differences(Upgrade.state(database, migrator, state).withoutHistory(migrator.historyTable()))
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
