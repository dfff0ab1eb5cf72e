package io.github.metadatasnapshot.assertion;

import io.github.metadatasnapshot.migration.AppliedMigration;
import io.github.metadatasnapshot.migration.CleanInstall;
import io.github.metadatasnapshot.migration.MigrationException;
import io.github.metadatasnapshot.migration.Upgrade;
import io.github.metadatasnapshot.server.ServerException;
import io.github.metadatasnapshot.server.WriteCheck;
import io.github.metadatasnapshot.shape.DataComparison;
import io.github.metadatasnapshot.shape.DataException;
import io.github.metadatasnapshot.shape.DataLoss;
import io.github.metadatasnapshot.shape.DataRules;
import io.github.metadatasnapshot.shape.IgnoredObjects;
import io.github.metadatasnapshot.shape.Shape;
import io.github.metadatasnapshot.shape.ShapeDifference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import org.assertj.core.api.AbstractAssert;

/**
 * Assertions about an {@link Upgrade}.
 *
 * @since 0.1
 */
public final class UpgradeAssert extends AbstractAssert<UpgradeAssert, Upgrade> {

    private boolean ignoringColumnOrder;
    private boolean ignoringGeneratedNames;
    private boolean includingGrants;
    private DataRules rules;
    private IgnoredObjects ignored = IgnoredObjects.NONE;
    private final Proof proof;

    UpgradeAssert(Upgrade actual, boolean collecting) {
        super(actual, UpgradeAssert.class);
        // Null fails in the first assertion.
        this.rules = actual == null ? DataRules.NONE : actual.declared();
        this.proof = new Proof(
                "the upgrade " + actual, collecting, failed -> actual.noteFailure(failed.cause(), failed.subjects()));
    }

    /** Throws what the checks found, where failures are collected. */
    void assertAll() {
        proof.failure().ifPresent(this::fail);
    }

    /** {@return what is proven} */
    Proof proof() {
        return proof;
    }

    /** Makes a check, unless an earlier failure leaves nothing to look at. */
    private UpgradeAssert check(String check, Supplier<List<FailedCheck>> look) {
        isNotNull();
        if (!proof.hasEnded(check)) {
            actual.noteCheck(check);
            proof.note(look.get()).ifPresent(this::fail);
        }
        return this;
    }

    private void fail(String message) {
        throw failure("%s", message);
    }

    /**
     * Verifies that no migration failed and that the database's history says the version that was asked for.
     *
     * <pre>{@code
     * assertThat(database.migrateTo("2.0")).succeeded();
     * }</pre>
     *
     * @return this
     * @throws AssertionError if a migration failed, with its file, line, statement and the engine's message
     */
    public UpgradeAssert succeeded() {
        return check("succeeded", () -> {
            if (actual.succeeded()) {
                return List.of();
            }
            proof.end("the upgrade failed");
            return List.of(UpgradeMessages.notSucceeded(actual));
        });
    }

    /**
     * Verifies that a migration failed, or that the database did not reach the version that was asked for.
     *
     * @return this
     * @throws AssertionError if the upgrade succeeded
     */
    public UpgradeAssert failed() {
        return check("failed", () -> actual.succeeded() ? List.of(UpgradeMessages.notFailed(actual)) : List.of());
    }

    /**
     * Declares that a table or column may lose data, to the checks that follow. An exception that none of the upgrades of a
     * run needed is named at its end.
     *
     * <pre>{@code
     * assertThat(upgrade).except("audit_log", "purged by 1.10").keptEveryRow();
     * }</pre>
     *
     * @param name {@code table} or {@code table.column} as they were before; on PostgreSQL with the schema before it where
     *     that is not {@code public}
     * @param reason why; not blank
     * @return this
     * @throws IllegalArgumentException if the reason is blank
     */
    public UpgradeAssert except(String name, String reason) {
        isNotNull();
        rules = rules.except(name, reason);
        return this;
    }

    /**
     * Declares to the checks that follow where the data of a table or column lies after the upgrade; says nothing of upgrades
     * from a version without it, or to one that has it still. Renames follow each other: with {@code a} renamed to
     * {@code b} and {@code b} to {@code c}, the rows of {@code a} are looked for in {@code c} where there is no {@code b} any
     * more. Renames that the engine itself can tell need no declaration: see {@link #keptEveryRow}.
     *
     * <p>A column may have moved to another table: if that is not its own table under a new name, its values are looked for by
     * its own table's primary key where the columns of that are declared as well, or else in any row.
     *
     * <pre>{@code
     * assertThat(upgrade).renamed("glossary.term", "glossary_term.name").keptEveryValue();
     * }</pre>
     *
     * @param from {@code table} or {@code table.column} before, as in {@link #except}; on MySQL and MariaDB columns in any case
     * @param to the same after
     * @return this
     * @throws IllegalArgumentException if one is a table and the other a column
     */
    public UpgradeAssert renamed(String from, String to) {
        isNotNull();
        if (!proof.hasEnded()) {
            rules = rules.renamed(
                    from, to, actual.before().shape(), actual.after().shape());
        }
        return this;
    }

    /**
     * Leaves tables and other objects out of account in the checks that follow, with all that belongs to them: in the schema,
     * in the rows, and in what a second run changes. For what is in the database and not the product's to prove, such as the
     * tables of Quartz or Spring Session, another Flyway's, or a log that a callback writes at each run. Names that nothing in
     * any upgrade of a run has are named at its end.
     *
     * <pre>{@code
     * assertThat(upgrade).ignoring("qrtz_*", "Quartz makes them itself").matchesCleanInstall();
     * }</pre>
     *
     * @param names the name of a table, view, sequence or routine, on PostgreSQL with the schema before it where that is not
     *     {@code public}; {@code *} stands for any characters but a dot, and {@code schema.*} for all of a schema
     * @param reason why; not blank
     * @return this
     * @throws IllegalArgumentException if the names or the reason are blank, or the names mean everything
     */
    public UpgradeAssert ignoring(String names, String reason) {
        isNotNull();
        String call = "ignoring(\"" + names + "\", \"" + reason + "\")";
        if (reason.isBlank()) {
            throw new IllegalArgumentException(call + " gives no reason: say why it is not the product's to prove");
        }
        if (names.replace("*", "").replace(".", "").isBlank()) {
            throw new IllegalArgumentException(
                    call + " means everything: name a table, such as \"deployment\", some, such as \"qrtz_*\", or a"
                            + " schema, such as \"quartz.*\"");
        }
        actual.noteIgnored(names, reason);
        ignored = ignored.and(names);
        return this;
    }

    /**
     * Verifies that each row, and each large object, is still there. A row is told from others by its table's primary key
     * before the upgrade where the columns of that are still there; else by a unique key without NULL that both tables have;
     * else by the columns of which every value is still there, if no two rows have the same. Otherwise as many rows are lost
     * as there are fewer, and of others without an equal one it is said that they changed or were lost.
     *
     * <p>Tables and columns that go by another name are recognised where the engine proves that they are the same: PostgreSQL
     * by OID and column number; MySQL and MariaDB by InnoDB's table id, which is another one where the rows were copied, and
     * the columns' places as long as there are as many of the same types.
     *
     * @return this
     * @throws AssertionError if a row is gone, or may be, with the first ones; or if the server cannot copy databases, so that
     *     there is nothing to compare with
     */
    public UpgradeAssert keptEveryRow() {
        return check("kept every row", () -> compare(Gravity.ROWS, "to keep every row", DataComparison::rows));
    }

    /**
     * Verifies that no table or column that held values is gone, and that the rows that are still there hold the same values
     * as before. A value that another type writes alike is the same; a time without a zone is taken for one in UTC where it
     * became one with a zone, or did the other way round. Large objects count as well, with their contents, and so does what
     * sequences, identity and AUTO_INCREMENT columns give out next: a value that was given out before, or that a unique column
     * holds since the upgrade, is a loss; a gap is none. An exception for the column, its table, or {@code pg_largeobject}
     * excuses them.
     *
     * @return this
     * @throws AssertionError if a value is gone or another one, with the first ones; or as of {@link #keptEveryRow}
     */
    public UpgradeAssert keptEveryValue() {
        return check("kept every value", () -> compare(Gravity.VALUES, "to keep every value", DataComparison::values));
    }

    /**
     * Verifies that the upgrade succeeded, and within a time. Looking at the database before and after it is left out.
     *
     * <pre>{@code
     * assertThat(upgrade).completedWithin(Duration.ofMinutes(5));
     * }</pre>
     *
     * @param budget the longest time that it may take
     * @return this
     * @throws AssertionError if it did not succeed, or took longer, with its slowest migrations
     */
    public UpgradeAssert completedWithin(Duration budget) {
        return succeeded()
                .check(
                        "completed within " + budget.toMillis() + " ms",
                        () -> isOver(actual.millis(), budget)
                                ? List.of(UpgradeMessages.tooSlow(actual, budget))
                                : List.of());
    }

    /**
     * Verifies that the upgrade succeeded, and each of its migrations within a time.
     *
     * @param budget the longest time that a migration may take
     * @return this
     * @throws AssertionError if the upgrade did not succeed, or a migration took longer, with all that did
     */
    public UpgradeAssert eachMigrationCompletedWithin(Duration budget) {
        return succeeded().check("each migration completed within " + budget.toMillis() + " ms", () -> {
            List<AppliedMigration> slow = actual.slowestMigrations().stream()
                    .filter(migration -> isOver(migration.millis(), budget))
                    .toList();
            return slow.isEmpty() ? List.of() : List.of(UpgradeMessages.slowMigrations(actual, budget, slow));
        });
    }

    /**
     * Verifies that the upgrade succeeded, and that no migration kept others from writing to a table of the old version for
     * longer than a time.
     *
     * @param budget the longest time that a table may be locked
     * @return this
     * @throws AssertionError if the upgrade did not succeed, a migration locked a table for longer, or the server does not
     *     tell, as MySQL and MariaDB don't in the containers that are started for tests
     * @see io.github.metadatasnapshot.migration.MigrationEffects#lockedMillis
     */
    public UpgradeAssert lockedNoTableLongerThan(Duration budget) {
        return succeeded().check("locked no table for longer than " + budget.toMillis() + " ms", () -> {
            List<AppliedMigration> locking = actual.migrations().stream()
                    .filter(migration -> migration
                            .effects()
                            .longestLockMillis()
                            .filter(millis -> isOver(millis, budget))
                            .isPresent())
                    .toList();
            if (!locking.isEmpty()) {
                return List.of(UpgradeMessages.lockedTooLong(actual, budget, locking));
            }
            List<AppliedMigration> unknown = actual.migrations().stream()
                    .filter(migration -> migration.effects().lockedMillis().isEmpty())
                    .toList();
            return unknown.isEmpty() ? List.of() : List.of(UpgradeMessages.locksUnknown(actual, budget, unknown));
        });
    }

    /** {@return the exceptions that were declared to checks of this upgrade, and that none of them needed} */
    public List<DataException> unneededExceptions() {
        isNotNull();
        return DataException.unneeded(actual.dataExceptions());
    }

    private List<FailedCheck> compare(
            Gravity gravity, String expectation, Function<DataComparison, List<DataLoss>> what) {
        try {
            List<DataLoss> losses = what.apply(actual.compareData(rules, ignored));
            return losses.isEmpty() ? List.of() : List.of(UpgradeMessages.lost(gravity, expectation, losses));
        } catch (MigrationException e) {
            return List.of(UpgradeMessages.notCompared(gravity, expectation, e));
        }
    }

    /**
     * Leaves the order of columns out of account in the comparison with a clean install that follows.
     *
     * @return this
     */
    public UpgradeAssert ignoringColumnOrder() {
        ignoringColumnOrder = true;
        return this;
    }

    /**
     * Leaves names that the engine made up out of account in the comparison with a clean install that follows: those of
     * constraints, indexes and sequences that have the engine's form, such as {@code pet_owner_id_fkey} on PostgreSQL or
     * {@code pet_ibfk_1} on MySQL and MariaDB.
     *
     * @return this
     */
    public UpgradeAssert ignoringGeneratedNames() {
        ignoringGeneratedNames = true;
        return this;
    }

    /**
     * Includes privileges in the comparison with a clean install that follows, as far as the user that migrates may see them:
     * on PostgreSQL those on schemas, tables, views, sequences, columns and routines; on MySQL and MariaDB those on the
     * database, tables and columns.
     *
     * <pre>{@code
     * assertThat(upgrade).includingGrants().matchesCleanInstall();
     * }</pre>
     *
     * @return this
     */
    public UpgradeAssert includingGrants() {
        includingGrants = true;
        return this;
    }

    /**
     * Verifies that the database has the shape that an empty one has which is migrated to the same version, on the same
     * server. The order of columns counts unless {@link #ignoringColumnOrder} was called before, and so do names that the
     * engine made up unless {@link #ignoringGeneratedNames} was; privileges don't unless {@link #includingGrants} was.
     *
     * <pre>{@code
     * assertThat(database.migrateTo("2.0")).matchesCleanInstall();
     * }</pre>
     *
     * @return this
     * @throws AssertionError if an object differs, with both definitions and the migration that last mentions it; or if the
     *     upgrade, or the clean install, failed
     */
    public UpgradeAssert matchesCleanInstall() {
        return check("matches a clean install" + (includingGrants ? ", grants included" : ""), () -> {
            if (!actual.succeeded()) {
                return List.of(UpgradeMessages.notLookedAt(ShapeMessages.expectedClean(actual)));
            }
            CleanInstall clean = actual.cleanInstall();
            return clean.shape()
                    .map(expected -> ShapeMessages.notClean(actual, differences(clean, expected.without(ignored))))
                    .orElseGet(() -> List.of(ShapeMessages.noCleanInstall(actual, clean.obstacle())));
        });
    }

    /** {@return how the shape differs from that of a clean install, by the gravity of it} */
    private Map<Gravity, List<ShapeDifference>> differences(CleanInstall clean, Shape expected) {
        Shape shape = actual.shape().without(ignored);
        Shape named = shape.withGeneratedNamesOf(expected, actual.engine());
        List<ShapeDifference> real = new ArrayList<>(expected.differences(named));
        Set<ShapeDifference> ofNames = new LinkedHashSet<>();
        if (!ignoringGeneratedNames) {
            ofNames.addAll(expected.differences(shape));
            real.forEach(ofNames::remove);
        }
        real.stream().filter(ShapeDifference::isOfNames).forEach(ofNames::add);
        if (ignoringColumnOrder) {
            ofNames.removeIf(ShapeDifference::isOfColumnOrder);
        }
        real.removeIf(ShapeDifference::isOfNames);
        if (includingGrants) {
            real.addAll(clean.grants().differences(actual.grants()));
        }
        Map<Gravity, List<ShapeDifference>> byGravity = new EnumMap<>(Gravity.class);
        byGravity.put(
                Gravity.MISSING_OBJECTS,
                real.stream().filter(ShapeDifference::isMissing).toList());
        byGravity.put(
                Gravity.OBJECTS,
                real.stream().filter(difference -> !difference.isMissing()).toList());
        byGravity.put(Gravity.NAMES, List.copyOf(ofNames));
        return byGravity;
    }

    /**
     * Verifies that there is nothing left to do: on a copy of the database, as it is now, a second run of the migrator
     * changes nothing; it finds no contradiction between history and migrations; the history has no failed row, and none that
     * is out of order unless the product allows that; every repeatable migration ran, and can be applied again without a
     * change. A repeatable migration that is another one in each run, as one with {@code ${flyway:timestamp}} in it, is judged
     * by what it changes.
     *
     * <p>Before something is said to be wrong, it is tried with the copy in the database's place, as migrations may write down
     * its name: under that name on PostgreSQL, unless sessions are connected to the database; in the database itself on MySQL
     * and MariaDB, which is made anew from the copy afterwards. Where the server cannot copy the database, the second run is on
     * the database itself, and repeatable migrations are not applied again.
     *
     * @return this
     * @throws AssertionError if something of this does not hold, with a line for each finding; or if the upgrade failed
     * @throws io.github.metadatasnapshot.migration.MigrationException if the database was migrated further since
     */
    public UpgradeAssert isRepeatable() {
        return check("is repeatable", () -> {
            if (!actual.succeeded()) {
                return List.of(UpgradeMessages.notLookedAt("to be repeatable"));
            }
            List<String> findings = actual.repeat(ignored);
            return findings.isEmpty() ? List.of() : List.of(UpgradeMessages.notRepeatable(findings));
        });
    }

    /**
     * Verifies that the database takes writes, on a copy of it that is thrown away: into each table a row made from one that
     * it holds, or from the types of its columns where it holds none, with the key that the database generates and with other
     * values in its unique columns; the next value of each sequence; a row from each view. What the server refuses counts
     * where it worked before the upgrade, or works on a clean install; a generated value that is taken already counts where
     * it was not taken before. All takes 30 seconds at most: what was not probed until then, or cannot be, is told with what
     * was checked. Triggers run, so that on an external server nothing is probed, and nothing verified, unless the setting
     * {@code metadatasnapshot.external.postgresql.probe}, or that of its engine, is {@code true}.
     *
     * @return this
     * @throws AssertionError if something is refused that is not refused there, with the engine's words; if there are tables
     *     and none could be probed; or if the database cannot be copied
     */
    public UpgradeAssert acceptsWrites() {
        return check("accepts writes", () -> {
            if (!actual.succeeded()) {
                return List.of(UpgradeMessages.notLookedAt("to accept writes"));
            }
            try {
                WriteCheck writes = actual.checkWrites();
                actual.noteCheck("writes probed: " + writes.summary());
                return writes.findings().isEmpty() ? List.of() : List.of(UpgradeMessages.refusesWrites(writes));
            } catch (ServerException e) {
                return List.of(UpgradeMessages.notProbed(String.valueOf(e.getMessage())));
            }
        });
    }

    private static boolean isOver(long millis, Duration budget) {
        return Duration.ofMillis(millis).compareTo(budget) > 0;
    }
}
