package io.github.metadatasnapshot.restore;

import static java.util.stream.Collectors.joining;
import static java.util.stream.Collectors.toSet;

import io.github.metadatasnapshot.backup.Backup;
import io.github.metadatasnapshot.backup.BackupInfo;
import io.github.metadatasnapshot.backup.LeftOut;
import io.github.metadatasnapshot.engine.ConnectedSession;
import io.github.metadatasnapshot.engine.Engine;
import io.github.metadatasnapshot.engine.HistoryTable;
import io.github.metadatasnapshot.engine.SchemaHistory;
import io.github.metadatasnapshot.engine.SequencePosition;
import io.github.metadatasnapshot.engine.TableDigest;
import io.github.metadatasnapshot.engine.TableName;
import io.github.metadatasnapshot.engine.Version;
import io.github.metadatasnapshot.server.TestDatabase;
import io.github.metadatasnapshot.server.WriteCheck;
import io.github.metadatasnapshot.shape.DatabaseState;
import io.github.metadatasnapshot.shape.StateDifference;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** An attempt to restore a backup into a database: what was tried, what the client said, and what it did. */
public final class Restore {

    private static final System.Logger LOGGER = System.getLogger("io.github.metadatasnapshot");

    private static final Set<String> LOGGED = ConcurrentHashMap.newKeySet();

    private final Facts facts;
    private final List<String> unfaithful;
    private final List<String> notes;
    private final @Nullable Controls controls;
    private final Supplier<Optional<NextMigration>> next;
    private final Supplier<Optional<WriteCheck>> writes;
    private final List<String> checks = new CopyOnWriteArrayList<>();
    private final List<String> causes = new CopyOnWriteArrayList<>();

    /** What was seen of the restore, before it is judged. */
    private record Facts(
            String database,
            Engine engine,
            String backup,
            BackupInfo info,
            HistoryTable historyTable,
            String procedure,
            ClientReport report,
            List<String> errors,
            DatabaseState before,
            DatabaseState after,
            List<String> others,
            SessionWatch.Found found,
            List<String> lostProperties,
            long millis) {}

    private Restore(
            Facts facts,
            List<String> unfaithful,
            List<String> notes,
            @Nullable Controls controls,
            Supplier<Optional<NextMigration>> next,
            Supplier<Optional<WriteCheck>> writes) {
        this.facts = facts;
        this.unfaithful = unfaithful;
        this.notes = notes;
        this.controls = controls;
        this.next = next;
        this.writes = writes;
    }

    /**
     * Tries a restore as {@link #run(TestDatabase, Optional, Backup, RestoreProcedure, HistoryTable)} does, after a look at
     * what the database holds.
     *
     * @param target the database
     * @param backup the backup
     * @param procedure how it is restored
     * @param historyTable where the history of the database lies
     * @return what came of it, a failed restore included
     */
    public static Restore run(
            TestDatabase target, Backup backup, RestoreProcedure procedure, HistoryTable historyTable) {
        return run(target, Optional.empty(), backup, procedure, historyTable);
    }

    /**
     * Tries a restore. What the backup needs beside a client is given to it: roles that it names, and, for a data-only
     * one, that the rows which migrations wrote make way and that foreign keys and triggers don't fire.
     *
     * @param target the database
     * @param known what it holds now; empty where that is to be read
     * @param backup the backup
     * @param procedure how it is restored
     * @param historyTable where the history of the database lies
     * @return what came of it, a failed restore included
     * @throws io.github.metadatasnapshot.backup.BackupException if the file is missing, damaged or not meant for the
     *     engine; nothing was touched then
     * @throws RestoreException if the restore could not be tried
     */
    public static Restore run(
            TestDatabase target,
            Optional<DatabaseState> known,
            Backup backup,
            RestoreProcedure procedure,
            HistoryTable historyTable) {
        return run(target, known, backup, procedure, historyTable, RestoreOptions.NONE);
    }

    /**
     * Tries a restore as {@link #run(TestDatabase, Optional, Backup, RestoreProcedure, HistoryTable)} does, and judges it by a
     * second load where the client reports success and the file was counted otherwise.
     *
     * @param target the database
     * @param known what it holds now; empty where that is to be read
     * @param backup the backup
     * @param procedure how it is restored
     * @param historyTable where the history of the database lies
     * @param options what it may need besides
     * @return what came of it, a failed restore included
     * @throws io.github.metadatasnapshot.backup.BackupException as that does
     * @throws RestoreException as that does
     */
    public static Restore run(
            TestDatabase target,
            Optional<DatabaseState> known,
            Backup backup,
            RestoreProcedure procedure,
            HistoryTable historyTable,
            RestoreOptions options) {
        Engine engine = target.engine();
        BackupInfo info = backup.inspect(engine, historyTable, target.server().clientHost());
        try (RenamedRows renamed = RenamedRows.of(backup, target, historyTable)) {
            DatabaseState before;
            SessionWatch sessions = new SessionWatch(target, procedure);
            Set<String> missingRoles;
            RowsTarget rows;
            List<String> properties;
            // Not held while the procedure runs: a database that somebody is connected to cannot be renamed.
            try (Connection connection = target.open()) {
                before = known.isPresent() ? known.get() : DatabaseState.read(connection, engine, historyTable);
                sessions.before(connection);
                missingRoles = target.lendRoles(connection, info.roles());
                setForRoles(connection, target, info, missingRoles);
                properties = properties(procedure, target, connection);
                rows = procedure.replacesContents()
                        ? RowsTarget.NONE
                        : RowsTarget.of(
                                connection, engine, info, before.largeObjects().count() > 0);
            }
            RestoreAttempt attempt = new RestoreAttempt(
                    target, renamed.backup(), info, rows.prologue(), missingRoles, options.preparation());
            long start = System.nanoTime();
            ClientReport report;
            Set<Long> holders = procedure.replacesContents() ? Set.of() : sessions.ids();
            try (sessions;
                    BlockWatch watch = new BlockWatch(target, holders, options.lockWait())) {
                sessions.start();
                ClientReport ran = rows.during(target, () -> procedure.run(attempt));
                report = watch.reason(!ran.success()).map(ran::failingFor).orElse(ran);
            }
            long millis = (System.nanoTime() - start) / 1_000_000;
            try (Connection connection = target.open()) {
                report = withoutLaterSettings(report, engine, info, connection);
                SessionWatch.Found found = sessions.after(connection);
                DatabaseState after = DatabaseState.read(connection, engine, historyTable, before);
                Facts facts = new Facts(
                        target.server().spec().toString(),
                        engine,
                        backup.name(),
                        info,
                        historyTable,
                        procedure.toString(),
                        report,
                        ErrorTexts.of(connection, attempt, report, before),
                        before,
                        after,
                        ConnectedSession.describe(sessions.seenBefore()),
                        found,
                        lost(properties, properties(procedure, target, connection)),
                        millis);
                Judgement judgement = judge(facts, connection, backup, options.second());
                Restore restore = new Restore(
                        facts, judgement.unfaithful(), judgement.notes(), null, Optional::empty, Optional::empty);
                restore.logNotes();
                return restore;
            }
        } catch (SQLException | IOException e) {
            throw new RestoreException(
                    "Backup " + backup.name() + " could not be restored into " + target + ": " + e.getMessage(), e);
        }
    }

    /** {@return the report without the settings that the server is too old to have, each of which a dump names once} */
    private static ClientReport withoutLaterSettings(
            ClientReport report, Engine engine, BackupInfo info, Connection connection) throws SQLException {
        if (!report.success() || report.errors().isEmpty()) {
            return report;
        }
        int release = connection.getMetaData().getDatabaseMajorVersion();
        Set<String> named = new HashSet<>();
        return report.excusing(error -> engine.laterSessionSetting(error.statement(), error.message(), release)
                .filter(named::add)
                .map(setting ->
                        "not set, as the server of release " + release + " does not have it: " + setting + ", by "
                                + info.toolVersion()
                                        .map(version -> "pg_dump " + version)
                                        .orElse("a later pg_dump")
                                + ", for the session of the restore alone"));
    }

    /** {@return what the database as a whole is, where the procedure may have replaced it} */
    private static List<String> properties(RestoreProcedure procedure, TestDatabase target, Connection connection)
            throws SQLException {
        return procedure.replacesContents()
                ? target.engine().creation(connection, target.name(), target.name())
                : List.of();
    }

    private static List<String> lost(List<String> before, List<String> after) {
        return before.stream().filter(each -> !after.contains(each)).toList();
    }

    /** What a restore is found to lack, and what else is to be said about how that was found. */
    private record Judgement(List<String> unfaithful, List<String> notes) {}

    private static Judgement judge(Facts facts, Connection connection, Backup backup, Optional<SecondLoad> second)
            throws SQLException {
        List<Faithfulness.Difference> counted = Faithfulness.differences(facts.info(), facts.before(), facts.after());
        boolean silent = facts.report().success() && facts.report().errorCount() == 0;
        if (silent) {
            counted = Faithfulness.lookedUp(counted, facts.engine(), connection);
        }
        Optional<StateDifference> otherHistory =
                Faithfulness.otherHistory(facts.info(), facts.historyTable(), facts.after());
        List<String> texts = StateDifference.describe(
                Stream.concat(otherHistory.stream(), counted.stream().map(Faithfulness.Difference::what))
                        .toList());
        if (counted.isEmpty() || !silent || second.isEmpty()) {
            return new Judgement(texts, List.of());
        }
        Optional<DatabaseState> state = second.get().state(backup, facts.historyTable());
        if (state.isEmpty()) {
            return new Judgement(
                    texts,
                    List.of(
                            "the rows of the backup were counted in the file, which is a guess; a second load over JDBC,"
                                    + " to tell, failed: " + second.get().failure(backup, facts.historyTable())));
        }
        List<StateDifference> differences =
                new ArrayList<>(otherHistory.stream().toList());
        counted.stream()
                .filter(Faithfulness.Difference::hidden)
                .map(Faithfulness.Difference::what)
                .forEach(differences::add);
        differences.addAll(Faithfulness.loadDifferences(
                state.get(), facts.after(), facts.engine().partitionedTables(connection)));
        List<String> unfaithful = StateDifference.describe(differences);
        return new Judgement(
                unfaithful,
                unfaithful.isEmpty()
                        ? List.of("the file seems to hold other rows than the database, but two loads, by "
                                + facts.procedure() + " and over JDBC, left the same: " + String.join("; ", texts))
                        : List.of());
    }

    /**
     * Judges the restore beside its controls: by every value, not by the number of rows alone, and with its cause.
     *
     * @param with the controls
     * @param next tries the product's next migration on a copy of the database
     * @param writes tries whether the database takes writes
     * @return the same restore
     */
    public Restore beside(Controls with, Supplier<Optional<NextMigration>> next, Supplier<WriteCheck> writes) {
        Control intended = with.intended();
        List<String> differences = intended.restored()
                ? Faithfulness.differences(faithful(intended.restore().orElseThrow()), facts.after(), untransformed())
                : unfaithful;
        return new Restore(facts, differences, notes, with, next, () -> Optional.of(writes.get()));
    }

    /** {@return the same restore, of a database that is dropped, so that nothing is tried on it any more} */
    public Restore afterwards() {
        return new Restore(facts, unfaithful, notes, controls, Optional::empty, Optional::empty);
    }

    /** {@return that rows whose version is a declared one are in a database of another: no history of theirs tells} */
    private Optional<StateDifference> untransformed() {
        return facts.info().declared().isPresent()
                ? Faithfulness.untransformed(facts.info(), facts.before(), facts.after())
                : Optional.empty();
    }

    /** {@return what the database would hold after a faithful restore} */
    private DatabaseState faithful(Restore intended) {
        // Where the version is the same, rows don't change the tables that they come into, and are not asked to.
        boolean keepsShape = isDataOnly()
                && facts.before()
                        .history()
                        .version()
                        .equals(intended.after().history().version());
        SchemaHistory history = intended.after().history();
        SortedMap<TableName, TableDigest> digests = intended.after().digests();
        if (facts.info().declared().isPresent()) {
            // Such rows leave the history as it is, and the times in it are those of its own database.
            history = facts.after().history().equals(facts.before().history())
                    ? facts.before().history()
                    : history;
            digests = facts.after().history().equals(history) ? withHistoryOf(facts.after(), digests) : digests;
        }
        return new DatabaseState(
                history,
                keepsShape ? facts.before().shape() : intended.after().shape(),
                digests,
                intended.after().positions(),
                intended.after().largeObjects());
    }

    private SortedMap<TableName, TableDigest> withHistoryOf(
            DatabaseState state, SortedMap<TableName, TableDigest> digests) {
        SortedMap<TableName, TableDigest> all = new TreeMap<>(digests);
        all.keySet().removeAll(facts.historyTable().among(digests.keySet()));
        SortedMap<TableName, TableDigest> ofHistory = new TreeMap<>(state.digests());
        ofHistory.keySet().retainAll(facts.historyTable().among(state.digests().keySet()));
        all.putAll(ofHistory);
        return all;
    }

    /** {@return what the restore did} */
    public RestoreVerdict verdict() {
        if (!facts.report().success()) {
            if (!facts.before().isUntouchedIn(facts.after())) {
                return RestoreVerdict.PARTIALLY_APPLIED;
            }
            return isByGuard() ? RestoreVerdict.REFUSED : RestoreVerdict.ROLLED_BACK;
        }
        return unfaithful.isEmpty() && facts.report().errorCount() == 0
                ? RestoreVerdict.RESTORED
                : RestoreVerdict.SILENTLY_ACCEPTED;
    }

    /**
     * Says why nothing can be concluded from the restore: the client waited for a lock of another session or was killed, the
     * server went away or lacked space or memory, or the same backup does not even go into the database that it is meant for.
     *
     * @return that session, the {@linkplain ClientReport#fault fault}, or the control's error; empty where the verdict counts, or
     *     where there are no controls
     */
    public Optional<String> inconclusive() {
        return facts.report().fault().or(this::inconclusiveByControl);
    }

    private Optional<String> inconclusiveByControl() {
        return Optional.ofNullable(controls)
                .map(Controls::intended)
                .filter(intended -> !intended.restored())
                .map(intended -> intended.describeFailure()
                        + facts.info()
                                .declaredNote()
                                .map(note -> "\nnote: " + note)
                                .orElse(""));
    }

    /**
     * Says why the restore failed.
     *
     * @return the cause, empty where the client reported success, or where there are no controls
     */
    public Optional<RestoreCause> cause() {
        if (facts.report().success()) {
            return Optional.empty();
        }
        if (inconclusive().isPresent()) {
            return Optional.of(RestoreCause.ENVIRONMENT);
        }
        if (controls == null) {
            return Optional.empty();
        }
        boolean onlyPositions = facts.before().isUntouchedButForPositionsIn(facts.after());
        if (onlyPositions && !facts.before().isUntouchedIn(facts.after())) {
            return Optional.of(RestoreCause.SEQUENCE_MOVED);
        }
        if (isByGuard()) {
            return Optional.of(RestoreCause.GUARD);
        }
        return Optional.of(
                !isAtVersionOfBackup() && controls.occupied().restored()
                        ? RestoreCause.VERSION
                        : RestoreCause.OCCUPIED_TARGET);
    }

    /** {@return whether the target was at the version of the backup before} */
    public boolean isAtVersionOfBackup() {
        Optional<Version> version = facts.info().version();
        return version.isPresent() && version.equals(facts.before().history().version());
    }

    private boolean isByGuard() {
        return facts.report().errors().stream().anyMatch(StatementError::isGuard);
    }

    /** {@return in what way a backup that was accepted in silence is not all there; none for other verdicts, or where there are no controls} */
    public Set<SilentAcceptance> acceptance() {
        if (verdict() != RestoreVerdict.SILENTLY_ACCEPTED
                || controls == null
                || inconclusive().isPresent()) {
            return Set.of();
        }
        Set<SilentAcceptance> kinds = SilentAcceptance.of(
                facts.before(),
                facts.after(),
                faithful(controls.intended().restore().orElseThrow()),
                !isDataOnly(),
                facts.report().errorCount() > 0,
                facts.historyTable());
        return kinds.isEmpty() && untransformed().isPresent() ? Set.of(SilentAcceptance.UNTRANSFORMED_DATA) : kinds;
    }

    /**
     * Tries what the product's next {@code migrate} would do to what the restore left, on a copy of the database, each time
     * that it is asked for.
     *
     * @return what it does; empty where the restore changed nothing, or was not judged beside controls
     */
    public Optional<NextMigration> nextMigration() {
        return facts.before().isUntouchedIn(facts.after()) ? Optional.empty() : next.get();
    }

    /**
     * Tries whether the database, as it is now, takes writes: see {@code RestoreAssert.acceptsWrites}.
     *
     * @return what came of it; empty where the restore was not judged beside controls
     * @throws io.github.metadatasnapshot.server.ServerException if the database cannot be copied or read
     */
    public Optional<WriteCheck> checkWrites() {
        return writes.get();
    }

    /** {@return the columns whose sequence the backup sets, so that it continues where that of its database did} */
    public Set<SequencePosition.Column> setColumns() {
        return facts.after().positions().values().stream()
                .filter(facts.info()::sets)
                .flatMap(position -> position.columns().stream())
                .collect(toSet());
    }

    /**
     * Holds the schema that the backup brings against the one that the migrations to its version make of an empty database.
     *
     * @return what the backup lacks; unknown where there are no controls
     */
    public Completeness completeness() {
        return controls == null ? Completeness.unknown("the restore has no controls") : controls.completeness();
    }

    /** {@return the engine} */
    public Engine engine() {
        return facts.engine();
    }

    /** {@return the database that was asked for, such as {@code postgres:17}} */
    public String database() {
        return facts.database();
    }

    /** {@return the backup, as it was named} */
    public String backup() {
        return facts.backup();
    }

    /** {@return whether the backup holds rows only, and no schema} */
    public boolean isDataOnly() {
        return facts.info().kind() == BackupInfo.Kind.DATA_ONLY;
    }

    /** {@return whether the backup holds rows without a history, so that its version is the one that was declared for it} */
    public boolean isVersionDeclared() {
        return facts.info().declared().isPresent();
    }

    /** {@return whether the backup has a {@linkplain io.github.metadatasnapshot.backup.SnapshotGuard guard}} */
    public boolean isGuarded() {
        return facts.info().guard().isPresent();
    }

    /** {@return the version that the history in the backup says, or else that was declared for it, or {@code no version}} */
    public String backupVersion() {
        return facts.info().version().map(Version::toString).orElse("no version");
    }

    /** {@return the version that the target was at before, or {@code no version}} */
    public String targetVersion() {
        return facts.before().history().describeVersion();
    }

    /** {@return the procedure} */
    public String procedure() {
        return facts.procedure();
    }

    /** {@return what the client reported} */
    public ClientReport report() {
        return facts.report();
    }

    /** {@return the errors that the client reported, each with its place, its statement and its likely cause} */
    public List<String> describeErrors() {
        return facts.errors();
    }

    /** {@return the target's state before} */
    public DatabaseState before() {
        return facts.before();
    }

    /** {@return the target's state after} */
    public DatabaseState after() {
        return facts.after();
    }

    /**
     * Lists the sessions that others had on the target before the restore. Manuals ask for the product's server to be
     * stopped: what it writes meanwhile may get lost, or stand between the rows of the backup.
     *
     * @return a line for each, with user, application and what it did last
     */
    public List<String> otherSessions() {
        return facts.others();
    }

    /**
     * Lists the sessions of others that were connected to the target before the restore, while it ran, as far as a look each
     * second shows, or after it. Those of the user that restores, from where the restore's client runs, are taken for the
     * client's own as long as they come and go with it; of the engine's clients and JDBC that is one session at a time.
     *
     * @return a line for each, with user, application, what it did last, and when it was seen; the connections that a test
     *     itself holds are among them
     */
    public List<String> concurrentSessions() {
        return facts.found().sessions();
    }

    /** {@return why there may be more {@linkplain #concurrentSessions sessions} than were seen; empty where there are not} */
    public Optional<String> whyNotAllSessions() {
        return facts.found().whyNotAll();
    }

    /**
     * Lists what the database as a whole has lost that no dump holds: its settings, the privileges on it, its owner, comment,
     * locale and limits, where the procedure has replaced the database.
     *
     * @return the statements that would set it, none where nothing is lost
     */
    public List<String> lostProperties() {
        return facts.lostProperties();
    }

    /** {@return how the target differs from a faithful copy of the backup, a line each, the gravest first; none where it does not} */
    public List<String> unfaithful() {
        return unfaithful;
    }

    /**
     * Notes that something is checked of the restore.
     *
     * @param what what, for people
     */
    public void noteCheck(String what) {
        if (!checks.contains(what)) {
            checks.add(what);
        }
    }

    /** {@return what was checked of the restore so far, whether it holds or not} */
    public List<String> checks() {
        return List.copyOf(checks);
    }

    /** Gives the target what the backup sets for roles in its database. */
    private static void setForRoles(
            Connection connection, TestDatabase target, BackupInfo info, Set<String> missingRoles) throws SQLException {
        for (Map.Entry<String, List<String>> role : info.roleSettings().entrySet()) {
            if (!missingRoles.contains(role.getKey())) {
                target.engine().setForRole(connection, role.getKey(), target.name(), role.getValue());
            }
        }
    }

    /**
     * Notes why a check of the restore failed.
     *
     * @param cause the cause in a line, the same for all restores that fail for it
     */
    public void noteFailure(String cause) {
        causes.add(cause);
    }

    /** {@return why checks of the restore failed so far, the gravest first} */
    public List<String> causes() {
        return List.copyOf(causes);
    }

    /**
     * Says what else there is to know about the restore.
     *
     * @return a sentence each: statements of the backup that were not run, what decided where the file was counted otherwise
     *     than the database, and {@link #lostProperties}
     */
    public List<String> notes() {
        List<LeftOut> leftOut = facts.info().leftOut();
        return Stream.of(
                        facts.report().notes().stream(),
                        notes.stream(),
                        facts.info().declaredNote().stream(),
                        leftOut.isEmpty()
                                ? Stream.<String>empty()
                                : Stream.of(describe(facts.info().writer(), leftOut)),
                        lostProperties().stream().map("the database lost what no dump holds: "::concat))
                .flatMap(lines -> lines)
                .toList();
    }

    /** Logs them, of the same backup once a run. */
    private void logNotes() {
        for (String note : notes()) {
            if (LOGGED.add(facts.backup() + note)) {
                LOGGER.log(System.Logger.Level.INFO, "Backup {0}: {1}", facts.backup(), note);
            }
        }
    }

    private static String describe(Engine writer, List<LeftOut> leftOut) {
        return "not run, as about "
                + (writer == Engine.POSTGRESQL
                        ? "the database as a whole and not about what is in it: "
                        : "the server's GTIDs and binary log and not about the database: ")
                + leftOut.stream().map(LeftOut::toString).collect(joining("; "));
    }

    /** {@return how long the restore took, in milliseconds, looking at the database left out} */
    public long millis() {
        return facts.millis();
    }

    /** {@return the restore for people: {@code mysql:8.4 · backup of 1.1 into 1.2}} */
    @Override
    public String toString() {
        return facts.database() + " · " + (isDataOnly() ? "data-only " : "") + "backup of "
                + facts.info().describeVersion() + " into "
                + (facts.before().isEmpty() ? "an empty database" : targetVersion());
    }
}
