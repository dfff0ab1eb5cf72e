package io.github.metadatasnapshot.restore;

import java.util.Optional;

/**
 * The same backup, restored by the same procedure into a database that should take it.
 *
 * @param target the database, for people
 * @param restore what came of it; empty where it could not be tried
 * @param obstacle why it could not be tried; the empty string where it could
 */
public record Control(String target, Optional<Restore> restore, String obstacle) {

    /** Creates a control that was run. */
    public static Control of(String target, Restore restore) {
        return new Control(target, Optional.of(restore), "");
    }

    /** Creates a control that could not be run. */
    public static Control impossible(String target, String obstacle) {
        return new Control(target, Optional.empty(), obstacle);
    }

    boolean restored() {
        return restore.filter(run -> run.verdict() == RestoreVerdict.RESTORED).isPresent();
    }

    /** Says why the control did not succeed. */
    String describeFailure() {
        if (restore.isEmpty()) {
            return "the same backup could not be restored into " + target + ", as a control: " + obstacle;
        }
        Restore run = restore.get();
        String text = "the same backup by the same procedure into " + target + ", as a control, was " + run.verdict();
        if (!run.report().errors().isEmpty()) {
            return text + ": " + run.describeErrors().get(0);
        }
        return text + (run.unfaithful().isEmpty() ? "" : ": " + run.unfaithful().get(0));
    }
}
