package io.github.metadatasnapshot.migration;

import io.github.metadatasnapshot.engine.TableDigest;
import io.github.metadatasnapshot.engine.TableName;
import io.github.metadatasnapshot.engine.Version;
import io.github.metadatasnapshot.server.ServerException;
import io.github.metadatasnapshot.server.TestDatabase;
import io.github.metadatasnapshot.shape.ColumnDifferences;
import io.github.metadatasnapshot.shape.DatabaseState;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeSet;

/** Finds what a failed migration has left in a database: how that differs from one that was migrated only as far as before. */
final class Leftovers {

    /** Between two replays: a time that a migration writes has seconds at least. */
    private static final long PAUSE_MILLIS = 1_100;

    private final TestDatabase database;
    private final Migrator migrator;
    private final UpgradeData data;
    private final DatabaseState before;
    private final DatabaseState after;
    private final SortedSet<String> unsteady = new TreeSet<>();

    Leftovers(TestDatabase database, Migrator migrator, UpgradeData data, DatabaseState before, DatabaseState after) {
        this.database = database;
        this.migrator = migrator;
        this.data = data;
        this.before = before.withoutHistory(migrator.historyTable());
        this.after = after.withoutHistory(migrator.historyTable());
    }

    /**
     * Columns that were not compared, because the migrations before the failed one write other values into them each time, as
     * those that call {@code now()} or {@code uuid()}.
     */
    SortedSet<String> unsteady() {
        return unsteady;
    }

    /**
     * Finds it.
     *
     * @param applied what was applied before the failure
     * @param failed the file of what failed; empty where the migrator is not to stop before it
     * @param to the version that was asked for
     * @return a line or more for each difference; empty where that cannot be told
     */
    Optional<List<String>> find(List<AppliedMigration> applied, Optional<String> failed, Version to) {
        if (applied.isEmpty()) {
            return Optional.of(since(before, data.copy(), Optional.empty()));
        }
        try (Replay first = replay(applied, failed, to)) {
            return Optional.of(since(first.state(), Optional.of(first.database()), Optional.of(() -> {
                pause();
                return replay(applied, failed, to);
            })));
        } catch (MigrationException | ServerException e) {
            return Optional.empty();
        }
    }

    /** A database that the migrations before the failed one were applied to once more. */
    private record Replay(TestDatabase database, DatabaseState state) implements AutoCloseable {

        @Override
        public void close() {
            database.close();
        }
    }

    private interface Replayer {
        Replay again();
    }

    private Replay replay(List<AppliedMigration> applied, Optional<String> failed, Version to) {
        TestDatabase other =
                data.replay().orElseThrow(() -> new MigrationException("There is nothing to migrate once more", null));
        try {
            List<AppliedMigration> again = failed.filter(script -> !script.isEmpty())
                    .flatMap(script -> migrator.migrateBefore(other, to, script))
                    .orElseGet(() -> migrate(other, applied.get(applied.size() - 1)));
            if (!names(again).equals(names(applied))) {
                throw new MigrationException("Other migrations were applied to " + other, null);
            }
            return new Replay(other, Upgrade.state(other, migrator).withoutHistory(migrator.historyTable()));
        } catch (MigrationException | ServerException e) {
            other.close();
            throw e;
        }
    }

    private List<AppliedMigration> migrate(TestDatabase other, AppliedMigration last) {
        if (last.version().isEmpty()) {
            throw new MigrationException("After a repeatable migration the migrator cannot stop", null);
        }
        MigrationRun again = migrator.migrate(other, Version.of(last.version()), Migrator.Purpose.PREPARE);
        if (again.failure().isPresent()) {
            throw new MigrationException("The migrations before the failure fail", null);
        }
        return again.applied();
    }

    private static List<String> names(List<AppliedMigration> migrations) {
        return migrations.stream().map(AppliedMigration::name).toList();
    }

    private List<String> since(DatabaseState then, Optional<TestDatabase> same, Optional<Replayer> replayer) {
        Set<TableName> equal = new TreeSet<>();
        List<TableName> doubtful = new ArrayList<>();
        then.digests().forEach((table, digest) -> {
            TableDigest now = after.digests().get(table);
            if (now != null && !now.equals(digest) && now.rows() == digest.rows()) {
                doubtful.add(table);
            }
        });
        if (same.isPresent() && !doubtful.isEmpty()) {
            SortedMap<TableName, SortedSet<String>> differing = differing(same.get(), database, doubtful);
            differing.forEach((table, columns) -> {
                if (columns.isEmpty()) {
                    equal.add(table);
                }
            });
            if (replayer.isPresent() && equal.size() < doubtful.size()) {
                equal.addAll(unsteady(same.get(), replayer.get(), differing));
            }
        }
        return then.differences(after, equal);
    }

    /** {@return the tables of which only columns differ that differ between two replays, too} */
    private List<TableName> unsteady(
            TestDatabase first, Replayer replayer, SortedMap<TableName, SortedSet<String>> differing) {
        List<TableName> tables = new ArrayList<>();
        try (Replay second = replayer.again()) {
            differing(first, second.database(), differing.keySet()).forEach((table, columns) -> {
                Set<String> rest = new TreeSet<>(differing.getOrDefault(table, new TreeSet<>()));
                columns.stream().filter(rest::contains).forEach(column -> unsteady.add(table + "." + column));
                rest.removeAll(columns);
                if (rest.isEmpty()) {
                    tables.add(table);
                }
            });
        }
        return tables;
    }

    private static SortedMap<TableName, SortedSet<String>> differing(
            TestDatabase one, TestDatabase other, Collection<TableName> tables) {
        try (Connection then = one.open();
                Connection now = other.open()) {
            return ColumnDifferences.of(one.engine(), then, now, tables);
        } catch (SQLException e) {
            throw new MigrationException("The rows of " + one + " or of " + other + " cannot be read", e);
        }
    }

    private static void pause() {
        try {
            Thread.sleep(PAUSE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new MigrationException("Interrupted before migrations were applied once more", e);
        }
    }
}
