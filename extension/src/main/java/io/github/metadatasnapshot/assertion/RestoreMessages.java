package io.github.metadatasnapshot.assertion;

import static java.util.stream.Collectors.joining;

import io.github.metadatasnapshot.restore.ClientReport;
import io.github.metadatasnapshot.restore.Completeness;
import io.github.metadatasnapshot.restore.Restore;
import io.github.metadatasnapshot.restore.RestoreCause;
import io.github.metadatasnapshot.restore.RestoreVerdict;
import io.github.metadatasnapshot.restore.SilentAcceptance;
import io.github.metadatasnapshot.shape.ShapeDifference;
import java.util.List;

/** What assertions about a restore say when they fail. */
final class RestoreMessages {

    private static final int MAX_DIFFERENCES = 10;
    /** The errors after the first few mostly follow from these. */
    private static final int MAX_ERRORS = 3;

    private RestoreMessages() {}

    static FailedCheck otherVerdict(Restore restore, String expectation) {
        return failed(expectation, "it was " + describe(restore) + "." + details(restore), verdict(restore));
    }

    static FailedCheck inconclusive(Restore restore, String expectation) {
        String why = restore.inconclusive().orElseThrow();
        return failed(
                expectation,
                "nothing can be concluded from it: " + why + "\nthe restore itself was " + restore.verdict() + "."
                        + details(restore),
                "inconclusive: " + FailedCheck.withoutNumbers(why));
    }

    static FailedCheck otherAcceptance(Restore restore, List<SilentAcceptance> expected) {
        return failed(
                "to be silently accepted with " + expected,
                "it was " + describe(restore) + "." + details(restore),
                verdict(restore));
    }

    static FailedCheck otherCause(Restore restore, String expectation) {
        String why = restore.cause()
                .map(cause -> explain(restore, cause))
                .orElse("it did not fail, it was " + describe(restore));
        return failed(
                "to fail because of " + expectation,
                why + "." + restore.inconclusive().map(reason -> "\n" + reason).orElse("") + details(restore),
                verdict(restore));
    }

    private static FailedCheck failed(String expectation, String finding, String subject) {
        return new FailedCheck(Gravity.VERDICT, expectation, finding, List.of(subject));
    }

    /** {@return what the restore did, in words that are the same for all that did so} */
    private static String verdict(Restore restore) {
        String how = restore.cause()
                .map(Enum::name)
                .orElseGet(() -> restore.acceptance().stream().map(Enum::name).collect(joining(", ")));
        return restore.verdict() + (how.isEmpty() ? "" : ": " + how);
    }

    private static String explain(Restore restore, RestoreCause cause) {
        return switch (cause) {
            case GUARD -> "the guard of the backup refused it";
            case VERSION ->
                "it was the version: the target is at another one, and a database at the backup's own version, with the"
                        + " backup in it, takes it";
            case OCCUPIED_TARGET ->
                "the target is occupied: "
                        + (restore.isAtVersionOfBackup()
                                ? "it is at the backup's own version, so that what it holds is in the way"
                                : "a database at the backup's own version, with the backup in it, does not take it"
                                        + " either");
            case SEQUENCE_MOVED -> "it has moved sequences back, which no rollback undoes, and left all else as it was";
            case ENVIRONMENT ->
                "the version has nothing to do with it"
                        + (restore.report().fault().isPresent() ? "" : ": the backup does not go in where it should");
        };
    }

    private static String describe(Restore restore) {
        if (!restore.acceptance().isEmpty()) {
            return restore.verdict() + ": "
                    + restore.acceptance().stream().map(Enum::name).collect(joining(", "));
        }
        if (restore.verdict() == RestoreVerdict.RESTORED && !restore.before().isEmpty()) {
            String was = restore.targetVersion();
            String is = restore.backupVersion();
            return restore.verdict()
                    + (was.equals(is) ? "" : ": the database, which was at " + was + ", is a faithful " + is + " now");
        }
        return restore.verdict()
                + restore.cause().map(cause -> ", because of " + cause).orElse("");
    }

    static FailedCheck notUntouched(Restore restore) {
        List<String> changes = restore.before().differences(restore.after());
        return new FailedCheck(
                Gravity.ROWS,
                "to leave the database untouched",
                "it was changed." + list("changed:", changes, MAX_DIFFERENCES) + client(restore),
                changes.stream().map(FailedCheck::withoutNumbers).toList());
    }

    static FailedCheck lostProperties(Restore restore) {
        return new FailedCheck(
                Gravity.OBJECTS,
                "to keep what the database as a whole has",
                "it lost what no dump holds:" + list("", restore.lostProperties(), MAX_DIFFERENCES),
                restore.lostProperties());
    }

    static FailedCheck notAlone(Restore restore) {
        List<String> sessions = restore.concurrentSessions();
        if (sessions.isEmpty()) {
            String why = restore.whyNotAllSessions().orElseThrow();
            return new FailedCheck(Gravity.OTHER, "to run alone", "that is not known: " + why, List.of(why));
        }
        return new FailedCheck(
                Gravity.OTHER,
                "to run alone",
                "others were connected to the database:" + list("", sessions, MAX_DIFFERENCES)
                        + "\nstop the product's server, and what else is connected, before a restore",
                sessions.stream().map(FailedCheck::withoutNumbers).toList());
    }

    static FailedCheck incomplete(Restore restore) {
        Completeness completeness = restore.completeness();
        String expectation = "to bring all that the migrations to its version create";
        if (!completeness.unknown().isEmpty()) {
            return new FailedCheck(
                    Gravity.MISSING_OBJECTS,
                    expectation,
                    "that cannot be told: " + completeness.unknown() + ".",
                    List.of(completeness.unknown()));
        }
        List<String> missing = completeness.missing().stream()
                .map(each -> each.kind() + " " + each.name())
                .toList();
        String hints = completeness.missing().stream()
                .map(ShapeDifference::kind)
                .distinct()
                .filter(kind -> !completeness.kinds().contains(kind))
                .flatMap(kind -> restore.engine().dumpOption(kind).stream())
                .map(hint -> "\n" + hint)
                .collect(joining());
        return new FailedCheck(
                Gravity.MISSING_OBJECTS,
                expectation,
                "the backup " + restore.backup() + " lacks:" + list("", missing, MAX_DIFFERENCES) + hints,
                missing);
    }

    private static String details(Restore restore) {
        return switch (restore.verdict()) {
            case RESTORED -> client(restore);
            case REFUSED, ROLLED_BACK -> client(restore);
            case PARTIALLY_APPLIED ->
                list("changed:", restore.before().differences(restore.after()), MAX_DIFFERENCES) + client(restore);
            case SILENTLY_ACCEPTED ->
                list("not a faithful copy of the backup:", restore.unfaithful(), MAX_DIFFERENCES) + client(restore);
        };
    }

    private static String client(Restore restore) {
        var report = restore.report();
        return next(restore) + "\nfile: " + restore.backup()
                + "\nprocedure: " + restore.procedure() + ", " + report.client()
                + restore.notes().stream().map(note -> "\nnote: " + note).collect(joining())
                + "\nthe client reported " + reported(report)
                + list("", restore.describeErrors(), MAX_ERRORS)
                + list("others were connected to the database:", restore.otherSessions(), MAX_DIFFERENCES);
    }

    /** Where the backup went in at its own version there is nothing to migrate. */
    private static String next(Restore restore) {
        boolean asMeant = restore.verdict() == RestoreVerdict.RESTORED
                && restore.backupVersion().equals(restore.targetVersion());
        return asMeant ? "" : restore.nextMigration().map(next -> "\n" + next).orElse("");
    }

    private static String reported(ClientReport report) {
        long count = report.errorCount();
        String errors = count == 1 ? "1 error" : count + " errors";
        if (report.success()) {
            return count == 0 ? "success" : "success, after " + errors;
        }
        return count > 1 ? errors : "an error";
    }

    private static String list(String title, List<String> lines, int most) {
        if (lines.isEmpty()) {
            return "";
        }
        return (title.isEmpty() ? "" : "\n" + title)
                + lines.stream().limit(most).map(line -> "\n- " + line).collect(joining())
                + (lines.size() > most ? "\n- and " + (lines.size() - most) + " more" : "");
    }
}
