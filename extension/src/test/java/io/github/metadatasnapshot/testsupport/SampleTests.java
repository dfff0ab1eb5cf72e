package io.github.metadatasnapshot.testsupport;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

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
}
