package io.github.metadatasnapshot;

import io.github.metadatasnapshot.matrix.Cell;
import io.github.metadatasnapshot.matrix.CellResult;
import java.io.Console;
import java.io.PrintStream;
import java.time.Duration;
import java.util.function.LongSupplier;

/** Tells how far the cells are: in one line that is written over on a terminal, elsewhere in one line a minute. */
final class Progress {

    private static final long LINE_NANOS = Duration.ofMinutes(1).toNanos();

    private final PrintStream out;
    private final boolean terminal;
    private final LongSupplier clock;
    private int planned;
    private int done;
    private int failed;
    private long begun;
    private long lastLine;
    private int lastLength;

    /**
     * Creates the progress of a run.
     *
     * @param out where it is told
     * @param terminal whether that is a terminal
     * @param clock a time in nanoseconds
     */
    Progress(PrintStream out, boolean terminal, LongSupplier clock) {
        this.out = out;
        this.terminal = terminal;
        this.clock = clock;
    }

    /** Tells whether somebody reads along. */
    @SuppressWarnings("SystemConsoleNull")
    static boolean isTerminal() {
        Console console = System.console();
        if (console == null) {
            return false;
        }
        try {
            // Since Java 22 there may be a console where there is no terminal.
            return (boolean) Console.class.getMethod("isTerminal").invoke(console);
        } catch (ReflectiveOperationException e) {
            return true;
        }
    }

    /** Notes that there will be more cells. */
    synchronized void planned(int cells) {
        if (planned == 0) {
            begun = clock.getAsLong();
            lastLine = begun;
        }
        planned += cells;
    }

    synchronized void started(Cell cell) {
        if (terminal) {
            String line = line() + " " + cell;
            out.print("\r" + line + " ".repeat(Math.max(0, lastLength - line.length())));
            out.flush();
            lastLength = line.length();
        } else if (clock.getAsLong() - lastLine >= LINE_NANOS) {
            lastLine = clock.getAsLong();
            out.println("Metadata Snapshot: " + line() + " " + cell);
        }
    }

    synchronized void finished(CellResult result) {
        done++;
        switch (result.result()) {
            case FAILED, INCONCLUSIVE -> failed++;
            case PASSED, NOT_RUN -> {}
        }
    }

    private String line() {
        return "%d of %d cells%s%s:".formatted(done, planned, failed == 0 ? "" : ", " + failed + " failed", left());
    }

    private String left() {
        if (done == 0 || done > planned) {
            return "";
        }
        Duration left = Duration.ofNanos((clock.getAsLong() - begun) / done * (planned - done));
        return left.toMinutes() > 0
                ? ", about " + left.plusSeconds(30).toMinutes() + " min left"
                : ", about " + left.toSeconds() + " s left";
    }

    /** Ends the line that is written over. */
    synchronized void end() {
        if (lastLength > 0) {
            out.println();
            lastLength = 0;
        }
    }
}
