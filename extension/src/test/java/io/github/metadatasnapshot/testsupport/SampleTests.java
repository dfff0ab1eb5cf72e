package io.github.metadatasnapshot.testsupport;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.testkit.engine.EngineTestKit;

class SampleTests {

    private static final List<Integer> CASES =
            IntStream.rangeClosed(1, 30).boxed().toList();

    @Test
    void holdsTheFixedPartAndSoManyOthersInOrder() {
        List<Integer> part = Sample.part(CASES, 3, 5, 20_000);

        assertThat(part).hasSize(8).startsWith(1, 2, 3).isSorted().doesNotHaveDuplicates();
    }

    @Test
    void isTheSameForTheSameSeed() {
        assertThat(Sample.part(CASES, 3, 5, 20_000)).isEqualTo(Sample.part(CASES, 3, 5, 20_000));
    }

    @Test
    void coversTheSetWithinWeeks() {
        Set<Integer> seen = new TreeSet<>();
        for (long day = 20_000; day < 20_030; day++) {
            seen.addAll(Sample.part(CASES, 3, 5, day));
        }
        assertThat(seen).containsExactlyElementsOf(CASES);
    }

    @Test
    void isTheWholeOfASmallSet() {
        assertThat(Sample.part(List.of(1, 2), 3, 5, 1)).containsExactly(1, 2);
        assertThat(Sample.part(List.of(1, 2, 3), 2, 5, 1)).containsExactly(1, 2, 3);
    }

    @Test
    void hasSeedsThatNoWholeSetHas() {
        List<Long> today = Sample.partOfSeeds(3, 4, 100, 20_000).boxed().toList();
        List<Long> tomorrow = Sample.partOfSeeds(3, 4, 100, 20_001).boxed().toList();

        assertThat(today).hasSize(7).startsWith(1L, 2L, 3L).doesNotHaveDuplicates();
        assertThat(today.subList(3, 7)).allMatch(seed -> seed > 100).doesNotContainAnyElementsOf(tomorrow);
    }

    @Test
    void givesEachTurnOnceInAsManyDays() {
        for (long day = 20_000; day < 20_300; day += 3) {
            for (int turn = 0; turn < 3; turn++) {
                assertThat(turns("a test", turn, 3, day - Math.floorMod(day, 3L), 3))
                        .hasSize(1);
            }
        }
    }

    @Test
    void givesNamesTurnsOnDifferentDays() {
        long today = IntStream.range(0, 1000)
                .filter(each -> Sample.hasTurn("test " + each, 0, 3, 20_000))
                .count();

        assertThat(today).isBetween(250L, 420L);
    }

    /** Or a test that has its turn every third day would always see the same of three servers. */
    @Test
    void givesTurnsOnAllDaysOfAnyNumber() {
        assertThat(turns("a test", 0, 3, 20_000, 60).stream()
                        .map(day -> day % 3)
                        .collect(Collectors.toSet()))
                .containsExactlyInAnyOrder(0L, 1L, 2L);
    }

    private static List<Long> turns(String whose, int turn, int of, long from, int days) {
        return LongStream.range(from, from + days)
                .filter(day -> Sample.hasTurn(whose, turn, of, day))
                .boxed()
                .toList();
    }

    @Test
    void leavesOutTestsThatHaveTheirTurnOnAnotherDay() {
        long ran = EngineTestKit.engine("junit-jupiter")
                .selectors(DiscoverySelectors.selectClass(TurnsTestCases.class))
                .execute()
                .testEvents()
                .succeeded()
                .count();

        // What both inherit runs in one of them.
        assertThat(ran).isEqualTo(Sample.exhaustive() ? 4 : 3);
    }

    static class TurnsTestCases {

        abstract static class Parent {
            @Test
            void inherited() {}
        }

        @Nested
        @TakesTurns(turn = 0, of = 2)
        class OnOneServer extends Parent {

            @Test
            @TakesTurns(of = 1)
            void fixed() {}
        }

        @Nested
        @TakesTurns(turn = 1, of = 2)
        class OnAnother extends Parent {

            @Nested
            class Nearest {

                @Test
                @TakesTurns(of = 1)
                void fixed() {}
            }
        }
    }
}
