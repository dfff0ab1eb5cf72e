package io.github.metadatasnapshot.assertion;

import static java.util.stream.Collectors.joining;

import io.github.metadatasnapshot.restore.ClientReport;
import io.github.metadatasnapshot.restore.Restore;
import java.util.List;

/** What assertions about a restore say when they fail. */
final class RestoreMessages {

    private static final int MAX_DIFFERENCES = 10;
    /** The errors after the first few mostly follow from these. */
    private static final int MAX_ERRORS = 3;

    private RestoreMessages() {}

    static String otherVerdict(Restore restore, String expectation) {
        return "Expected the restore " + restore + " " + expectation + ", but it was " + restore.verdict() + "."
                + details(restore);
    }

    static String notUntouched(Restore restore) {
        return "Expected the restore " + restore + " to leave the database untouched, but it was changed."
                + list("changed:", restore.before().differences(restore.after()), MAX_DIFFERENCES) + client(restore);
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
        return "\nfile: " + restore.backup() + "\nprocedure: " + restore.procedure() + ", " + report.client()
                + "\nthe client reported " + reported(report)
                + list("", restore.describeErrors(), MAX_ERRORS);
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
