package io.github.metadatasnapshot.backup;

import io.github.metadatasnapshot.engine.Engine;
import io.github.metadatasnapshot.engine.GuardSpec;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The comments that a guard stands between, by which it is found again. It comes before every other statement. */
final class GuardMark {

    private static final Pattern BEGIN = Pattern.compile("-- metadata-snapshot guard 1: version (\\S+)");
    private static final String END = "-- metadata-snapshot guard ends";

    private Optional<String> begun = Optional.empty();
    private boolean statementBefore;
    private long lastLine;

    /** {@return the guard with its marks: lines in ASCII, each with its line break} */
    static String text(Engine engine, GuardSpec spec) {
        return "-- metadata-snapshot guard 1: version " + spec.version() + "\n"
                + "-- Stops the client here, before anything is changed, where the database is at another version.\n"
                + engine.guard(spec)
                + END
                + "\n";
    }

    /** {@return the beginning of a file as its dump tool wrote it: without a guard that was put there} */
    static String without(String beginning) {
        Matcher begin = BEGIN.matcher(beginning);
        int end = begin.find() ? beginning.indexOf(END, begin.end()) : -1;
        return end < 0 ? beginning : beginning.substring(0, begin.start()) + beginning.substring(end + END.length());
    }

    void comment(String text, long line) {
        Matcher begin = BEGIN.matcher(text);
        if (begin.matches() && !statementBefore) {
            begun = Optional.of(begin.group(1));
        } else if (text.equals(END) && begun.isPresent() && lastLine == 0) {
            lastLine = line;
        }
    }

    void statement() {
        statementBefore = true;
    }

    /** {@return the version that the guard demands, empty where there is no whole guard} */
    Optional<String> version() {
        return lastLine == 0 ? Optional.empty() : begun;
    }

    /** {@return the line in which the guard ends, 0 where there is none} */
    long lastLine() {
        return lastLine;
    }
}
