package io.github.metadatasnapshot.matrix;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.metadatasnapshot.engine.Version;
import java.util.List;
import java.util.NavigableSet;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MatrixTests {

    private static NavigableSet<Version> versions(String... versions) {
        NavigableSet<Version> all = new TreeSet<>();
        Stream.of(versions).map(Version::of).forEach(all::add);
        return all;
    }

    private static List<String> lines(List<Cell> cells) {
        return cells.stream().map(Cell::toString).toList();
    }

    private static final Matrix MATRIX =
            Matrix.of("postgres:17", versions("1.9", "1.10", "1.2"), versions("1.2", "1.3", "1.9", "1.10", "2.0"));

    @Test
    void restoresEachBackupWhereItBelongs() {
        assertThat(lines(MATRIX.restores("client")))
                .containsExactly(
                        "postgres:17 · 1.2 · restore", "postgres:17 · 1.9 · restore", "postgres:17 · 1.10 · restore");
    }

    @Test
    void upgradesEachBackupToTheNextVersionAndTheLatest() {
        assertThat(lines(MATRIX.upgrades(UpgradePaths.NEXT_AND_LATEST)))
                .containsExactly(
                        "postgres:17 · 1.2 → 1.9 · upgrade",
                        "postgres:17 · 1.2 → 2.0 · upgrade",
                        "postgres:17 · 1.9 → 1.10 · upgrade",
                        "postgres:17 · 1.9 → 2.0 · upgrade",
                        "postgres:17 · 1.10 → 2.0 · upgrade");
    }

    @Test
    void upgradesEachBackupToEveryLaterVersion() {
        assertThat(lines(MATRIX.upgrades(UpgradePaths.ALL)))
                .containsExactly(
                        "postgres:17 · 1.2 → 1.9 · upgrade",
                        "postgres:17 · 1.2 → 1.10 · upgrade",
                        "postgres:17 · 1.2 → 2.0 · upgrade",
                        "postgres:17 · 1.9 → 1.10 · upgrade",
                        "postgres:17 · 1.9 → 2.0 · upgrade",
                        "postgres:17 · 1.10 → 2.0 · upgrade");
    }

    @Test
    void restoresEachBackupIntoEachOtherVersionOneTargetAfterTheOther() {
        assertThat(lines(MATRIX.crossVersionRestores("client")))
                .containsExactly(
                        "postgres:17 · 1.9 → 1.2 · cross version restore",
                        "postgres:17 · 1.10 → 1.2 · cross version restore",
                        "postgres:17 · 1.2 → 1.9 · cross version restore",
                        "postgres:17 · 1.10 → 1.9 · cross version restore",
                        "postgres:17 · 1.2 → 1.10 · cross version restore",
                        "postgres:17 · 1.9 → 1.10 · cross version restore",
                        "postgres:17 · 1.2 → 2.0 · cross version restore",
                        "postgres:17 · 1.9 → 2.0 · cross version restore",
                        "postgres:17 · 1.10 → 2.0 · cross version restore");
    }

    @Test
    void hasNoPathWhereThereIsOneVersion() {
        Matrix one = Matrix.of("postgres:17", versions("1"), versions("1"));

        assertThat(one.upgrades(UpgradePaths.ALL)).isEmpty();
        assertThat(one.crossVersionRestores("client")).isEmpty();
        assertThat(lines(one.restores("client"))).containsExactly("postgres:17 · 1 · restore");
    }

    @ParameterizedTest
    @CsvSource({
        "postgres:17 · 1.2 → 2.0 · upgrade, true",
        "postgres:17*1.2*2.0*upgrade, true",
        "*, true",
        "*upgrade, true",
        "postgres:17, false",
        "*restore, false",
        "postgres:1. · 1.2 → 2.0 · upgrade, false",
        "postgres:17 · 1.2 → 2.0 · upgrade*more, false",
    })
    void aPatternChoosesCellsByHowTheyAreWritten(String glob, boolean matches) {
        Cell cell = new Cell("postgres:17", Check.UPGRADE, "1.2", "2.0", "");

        assertThat(new CellPattern(glob).matches(cell)).isEqualTo(matches);
    }

    @Test
    void theLastResultOfATestCounts() {
        CellResults results = new CellResults();
        Cell cell = new Cell("postgres:17", Check.UPGRADE, "1.2", "2.0", "");

        results.add("one", ResultsOf.a(cell, CellResult.Result.FAILED));
        results.add("another", ResultsOf.a(cell, CellResult.Result.FAILED));
        results.add("one", ResultsOf.a(cell, CellResult.Result.PASSED));

        assertThat(results.all())
                .extracting(CellResult::result)
                .containsExactly(CellResult.Result.PASSED, CellResult.Result.FAILED);
    }
}
