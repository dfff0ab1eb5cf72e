package io.github.metadatasnapshot;

import io.github.metadatasnapshot.engine.TableName;
import io.github.metadatasnapshot.matrix.Cell;
import io.github.metadatasnapshot.matrix.CellResult;
import io.github.metadatasnapshot.matrix.CellResult.MigrationTime;
import io.github.metadatasnapshot.matrix.Check;
import io.github.metadatasnapshot.matrix.Expectation;
import io.github.metadatasnapshot.migration.AppliedMigration;
import io.github.metadatasnapshot.migration.IgnoredNote;
import io.github.metadatasnapshot.migration.MigrationEffects;
import io.github.metadatasnapshot.migration.MigrationFailure;
import io.github.metadatasnapshot.migration.Upgrade;
import io.github.metadatasnapshot.recovery.Recovery;
import io.github.metadatasnapshot.restore.Restore;
import io.github.metadatasnapshot.restore.RestoreCause;
import io.github.metadatasnapshot.restore.RestoreVerdict;
import io.github.metadatasnapshot.shape.DataException;
import io.github.metadatasnapshot.shape.DatabaseState;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.ExtensionContext;

/** A cell that runs as a test: what was done of it so far. */
final class CellRun {

    /** How many errors, and how many differences, the report has of a cell. */
    private static final int MOST_LINES = 50;

    private final CellTest test;
    private final long begun = System.nanoTime();
    private @Nullable Upgrade upgrade;
    private @Nullable AssertionError smokeTestFailure;
    private @Nullable Restore restore;
    private @Nullable Recovery recovery;

    CellRun(CellTest test) {
        this.test = test;
    }

    /** {@return the cell that a test is, empty for a test that is none} */
    static Optional<CellRun> of(ExtensionContext context) {
        return Optional.ofNullable(
                context.getStore(MetadataSnapshotExtension.NAMESPACE).get(CellRun.class, CellRun.class));
    }

    Cell cell() {
        return test.cell();
    }

    Optional<Expectation> expectation() {
        return test.expectation();
    }

    /** {@return the declaration of a test that begins as this cell does} */
    Declaration startOf(Declaration declaration) {
        return declaration.startingFrom(
                cell().check() == Check.CROSS_VERSION_RESTORE ? cell().to() : cell().from(), test.start());
    }

    /** {@return the backup whose own database the cell begins with, empty where that is another one} */
    Optional<String> intendedFor() {
        return cell().check() == Check.RESTORE ? Optional.of(test.backup()) : Optional.empty();
    }

    /** {@return why the backup tells no version, so that nothing of it can be checked; empty where it does} */
    Optional<String> unreadable() {
        return test.unreadable();
    }

    /** Tells whether the database may be one into which others have restored in vain. */
    boolean mayReuse() {
        return cell().check() == Check.CROSS_VERSION_RESTORE;
    }

    /** {@return what the database holds, where it may be reused and the restore has changed nothing; empty otherwise} */
    synchronized Optional<DatabaseState> untouched() {
        return Optional.ofNullable(restore)
                .filter(done -> mayReuse() && done.before().equals(done.after()))
                .map(Restore::after);
    }

    /** Upgrades the database and runs the smoke tests, once. What they find is told with the cell's checks. */
    synchronized Upgrade upgrade(MetadataDatabase database) {
        if (upgrade == null) {
            Upgrade done = database.migrateUntested(cell().to());
            upgrade = done;
            try {
                database.smokeTest(done);
            } catch (AssertionError e) {
                smokeTestFailure = e;
            }
        }
        return upgrade;
    }

    /** {@return why a smoke test failed, empty where none did} */
    synchronized Optional<AssertionError> smokeTestFailure() {
        return Optional.ofNullable(smokeTestFailure);
    }

    /**
     * Adds what a smoke test found to what the checks of the cell found.
     *
     * @param checks why they failed, empty where all hold
     * @return why the cell fails, empty where it does not
     */
    synchronized Optional<AssertionError> withSmokeTests(Optional<AssertionError> checks) {
        AssertionError smoke = smokeTestFailure;
        if (smoke == null) {
            return checks;
        }
        String message = String.valueOf(smoke.getMessage());
        String cause = message.lines().findFirst().orElse(message);
        if (upgrade != null) {
            upgrade.noteFailure(cause, List.of(message));
        } else if (restore != null) {
            restore.noteFailure(cause);
        }
        if (checks.isEmpty()) {
            return Optional.of(smoke);
        }
        AssertionError both = new AssertionError(checks.get().getMessage() + "\n" + message, checks.get());
        both.addSuppressed(smoke);
        return Optional.of(both);
    }

    /** Upgrades the database and tries the way back, once; that from each migration where no shorter path has it. */
    synchronized Recovery recovery(MetadataDatabase database) {
        if (recovery == null) {
            recovery = database.recover(database.migrateUntested(cell().to()), test.backup(), test.step());
        }
        return recovery;
    }

    /** Restores the backup and, where it belongs, runs the smoke tests, once. */
    synchronized Restore restore(MetadataDatabase database) {
        if (restore == null) {
            Restore done = database.restoreUntested(test.backup(), cell().from());
            restore = done;
            if (cell().check() == Check.RESTORE) {
                try {
                    database.smokeTest(done);
                } catch (AssertionError e) {
                    smokeTestFailure = e;
                }
            }
        }
        return restore;
    }

    /** {@return the verdict, empty where nothing was restored} */
    synchronized Optional<RestoreVerdict> verdict() {
        return Optional.ofNullable(restore).map(Restore::verdict);
    }

    /** {@return how long it has run, in milliseconds} */
    long millis() {
        return (System.nanoTime() - begun) / 1_000_000;
    }

    /** {@return what came of a cell whose test failed, with what was thrown, or did not} */
    CellResult result(Optional<Throwable> failure) {
        CellResult.Result result = failure.isEmpty()
                ? CellResult.Result.PASSED
                : isInconclusive() ? CellResult.Result.INCONCLUSIVE : CellResult.Result.FAILED;
        return result(
                result,
                failure.map(thrown ->
                                thrown.getMessage() == null ? thrown.getClass().getName() : thrown.getMessage())
                        .orElse(""));
    }

    /** {@return what comes of a cell that was not run} */
    CellResult notRun(String reason) {
        return result(CellResult.Result.NOT_RUN, reason);
    }

    private synchronized boolean isInconclusive() {
        // Where a backup belongs, the control is the cell itself.
        return cell().check() == Check.CROSS_VERSION_RESTORE
                && restore != null
                && restore.inconclusive().isPresent();
    }

    private synchronized CellResult result(CellResult.Result result, String message) {
        return new CellResult(
                cell(),
                result,
                verdict().map(RestoreVerdict::name),
                Optional.ofNullable(restore).flatMap(Restore::cause).map(RestoreCause::name),
                expectation().map(Expectation::describe),
                expectation().map(Expectation::because).orElse(""),
                millis(),
                message,
                failures(result, message),
                checks(),
                first(errors()),
                first(restore == null ? List.of() : differences(restore)),
                migrations());
    }

    /** Keeps a report of thousands of cells at a size that tools read. */
    private static List<String> first(List<String> lines) {
        return lines.size() <= MOST_LINES
                ? lines
                : Stream.concat(
                                lines.stream().limit(MOST_LINES),
                                Stream.of("and " + (lines.size() - MOST_LINES) + " more"))
                        .toList();
    }

    /** {@return what failed; where no check has noted it, the head of the message, without the cell that it names} */
    private List<String> failures(CellResult.Result result, String message) {
        if (result != CellResult.Result.FAILED && result != CellResult.Result.INCONCLUSIVE) {
            return List.of();
        }
        List<String> noted = upgrade != null
                ? upgrade.causes()
                : restore != null ? restore.causes() : recovery != null ? recovery.causes() : List.of();
        return noted.isEmpty()
                ? message.lines()
                        .limit(1)
                        .map(line -> line.replace(cell() + ": ", ""))
                        .toList()
                : noted.stream().distinct().toList();
    }

    /** {@return all that the checks of an upgrade or a recovery found wrong so far, a line each} */
    synchronized List<String> findings() {
        return upgrade != null ? upgrade.findings() : recovery != null ? recovery.findings() : List.of();
    }

    private List<String> checks() {
        if (upgrade != null) {
            return Stream.of(
                            upgrade.checks().stream(),
                            upgrade.dataExceptions().stream()
                                    .filter(DataException::needed)
                                    .map(DataException::toString)
                                    .distinct(),
                            upgrade.recognisedRenames().stream().map("recognised: "::concat),
                            upgrade.ignored().stream()
                                    .filter(IgnoredNote::needed)
                                    .map(IgnoredNote::toString)
                                    .distinct())
                    .flatMap(lines -> lines)
                    .toList();
        }
        if (recovery != null) {
            return Stream.concat(recovery.checks().stream(), recovery.notes().stream())
                    .toList();
        }
        return restore == null
                ? List.of()
                : Stream.concat(restore.checks().stream(), restore.notes().stream())
                        .toList();
    }

    private List<String> errors() {
        if (upgrade != null) {
            return upgrade.failure().map(MigrationFailure::describe).stream().toList();
        }
        return restore == null ? List.of() : restore.describeErrors();
    }

    private static List<String> differences(Restore restore) {
        return switch (restore.verdict()) {
            case RESTORED, REFUSED, ROLLED_BACK -> List.of();
            case PARTIALLY_APPLIED -> restore.before().differences(restore.after());
            case SILENTLY_ACCEPTED -> restore.unfaithful();
        };
    }

    private List<MigrationTime> migrations() {
        Upgrade migrated = recovery == null ? upgrade : recovery.upgrade();
        return migrated == null
                ? List.of()
                : migrated.migrations().stream().map(CellRun::migration).toList();
    }

    private static MigrationTime migration(AppliedMigration migration) {
        MigrationEffects effects = migration.effects();
        return new MigrationTime(
                migration.version(),
                migration.description(),
                migration.millis(),
                effects.rewritten().stream()
                        .flatMap(Set::stream)
                        .map(TableName::toString)
                        .toList(),
                effects.lockedMillis().stream()
                        .flatMap(locks -> locks.entrySet().stream())
                        .filter(lock -> lock.getValue() >= MigrationTime.LONG_MILLIS)
                        .map(lock -> lock.getKey().toString())
                        .toList());
    }

    /** {@return the cell for people} */
    @Override
    public String toString() {
        return cell().toString();
    }
}
