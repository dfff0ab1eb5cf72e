package io.github.metadatasnapshot.matrix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ShardTests {

    private static List<Cell> cells(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> new Cell("postgres:17", Check.RESTORE, "" + i, "" + i, "client"))
                .toList();
    }

    /** A cell takes as long as its version says. */
    private static final CellTimes BY_VERSION = cell -> OptionalLong.of(Long.parseLong(cell.from()));

    private static List<List<Cell>> shards(int count, List<Cell> cells, CellTimes times) {
        return IntStream.rangeClosed(1, count)
                .mapToObj(number -> new Shard(number, count).of(cells, times))
                .toList();
    }

    @ParameterizedTest
    @CsvSource({"1, 10", "2, 10", "5, 10", "3, 100", "7, 61", "5, 3", "5, 0", "999999, 4"})
    void eachCellIsInOneOfThemInItsOrder(int count, int size) {
        List<Cell> cells = cells(size);

        for (CellTimes times : List.of(CellTimes.NONE, BY_VERSION)) {
            List<Cell> together = new ArrayList<>();
            shards(count, cells, times).forEach(together::addAll);
            assertThat(together).isEqualTo(cells);
        }
    }

    @Test
    void takeAboutAsLongAsEachOther() {
        List<Cell> cells = cells(100);

        // Together 4950, and no cell takes longer than 99.
        assertThat(shards(5, cells, BY_VERSION))
                .allSatisfy(shard -> assertThat(shard.stream()
                                .mapToLong(cell -> BY_VERSION.millis(cell).orElseThrow())
                                .sum())
                        .isBetween(990L - 99, 990L + 99));
        assertThat(shards(5, cells, CellTimes.NONE))
                .allSatisfy(shard -> assertThat(shard).hasSize(20));
    }

    @Test
    void countAnUpgradeTwiceOfWhichNoTimeIsKnown() {
        Cell upgrade = new Cell("postgres:17", Check.UPGRADE, "1", "2", "");
        List<Cell> cells = new ArrayList<>(List.of(upgrade, upgrade));
        cells.addAll(cells(4));

        assertThat(shards(2, cells, CellTimes.NONE)).containsExactly(List.of(upgrade, upgrade), cells(4));
    }

    @Test
    void areReadAsTheyAreWritten() {
        assertThat(Shard.parse("2/5")).isEqualTo(new Shard(2, 5)).hasToString("2/5");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            6/5                   | there is no shard 6, they are 1/5 to 5/5
            0/5                   | there is no shard 0, they are 1/5 to 5/5
            2/1                   | there is no shard 2, they are 1/1
            0/0                   | there is no shard of none
            2                     | it takes the number of a shard and how many there are, such as 2/5
            -1/5                  | it takes the number of a shard and how many there are, such as 2/5
            1/2/3                 | it takes the number of a shard and how many there are, such as 2/5
            1/9999999999999999999 | it takes the number of a shard and how many there are, such as 2/5
            """)
    void areRefusedThatAreNone(String text, String message) {
        assertThatThrownBy(() -> Shard.parse(text)).hasMessage(message);
    }
}
