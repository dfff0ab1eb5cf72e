package io.github.metadatasnapshot;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.metadatasnapshot.matrix.Cell;
import io.github.metadatasnapshot.matrix.CellResult;
import io.github.metadatasnapshot.matrix.Check;
import io.github.metadatasnapshot.matrix.ResultsOf;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ProgressTests {

    private static final Cell UPGRADE = new Cell("postgres:17", Check.UPGRADE, "1.2", "2.0", "");
    private static final Cell RESTORE = new Cell("postgres:17", Check.RESTORE, "1", "1", "client");

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final AtomicLong clock = new AtomicLong();

    private Progress progress(boolean terminal) {
        return new Progress(new PrintStream(out, true, StandardCharsets.UTF_8), terminal, clock::get);
    }

    private String printed() {
        return out.toString(StandardCharsets.UTF_8);
    }

    private void run(Progress progress, Cell cell, Duration time, CellResult.Result result) {
        progress.started(cell);
        clock.addAndGet(time.toNanos());
        progress.finished(ResultsOf.a(cell, result));
    }

    @Test
    void isALineThatIsWrittenOverOnATerminal() {
        Progress progress = progress(true);

        progress.planned(3);
        run(progress, UPGRADE, Duration.ofMinutes(3), CellResult.Result.FAILED);
        run(progress, RESTORE, Duration.ofSeconds(1), CellResult.Result.PASSED);
        run(progress, RESTORE, Duration.ofSeconds(1), CellResult.Result.PASSED);
        progress.end();
        progress.end();

        assertThat(printed()).isEqualToNormalizingNewlines("""
                        \r0 of 3 cells: postgres:17 · 1.2 → 2.0 · upgrade\
                        \r1 of 3 cells, 1 failed, about 6 min left: postgres:17 · 1 · restore\
                        \r2 of 3 cells, 1 failed, about 2 min left: postgres:17 · 1 · restore
                        """);
    }

    @Test
    void leavesNothingOfALongerLine() {
        Progress progress = progress(true);

        progress.planned(2);
        progress.started(UPGRADE);
        progress.started(RESTORE);

        assertThat(printed()).endsWith("\r0 of 2 cells: postgres:17 · 1 · restore        ");
    }

    @Test
    void isALineAMinuteElsewhere() {
        Progress progress = progress(false);

        progress.planned(200);
        for (int i = 0; i < 13; i++) {
            run(progress, UPGRADE, Duration.ofSeconds(10), CellResult.Result.PASSED);
        }
        progress.end();

        assertThat(printed()).isEqualToNormalizingNewlines("""
                        Metadata Snapshot: 6 of 200 cells, about 32 min left: postgres:17 · 1.2 → 2.0 · upgrade
                        Metadata Snapshot: 12 of 200 cells, about 31 min left: postgres:17 · 1.2 → 2.0 · upgrade
                        """);
    }
}
