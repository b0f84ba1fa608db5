package dev.rivulet.tracker.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

final class FlatSetTest {
    /** Few hash codes, so that clusters form and wrap around the table's end. */
    private static final List<Element> UNIVERSE = IntStream.range(0, 64)
            .mapToObj(i -> new Element(i, i % 5 == 0 ? -1 : i / 3))
            .toList();

    @Property
    void behavesAsASet(@ForAll @Size(max = 300) List<@IntRange(min = -64, max = 63) Integer> steps) {
        FlatSet<Element> set = new FlatSet<>();
        Set<Element> model = new HashSet<>();

        for (int step : steps) {
            if (step >= 0) {
                assertThat(set.add(UNIVERSE.get(step))).isEqualTo(model.add(UNIVERSE.get(step)));
            } else {
                assertThat(set.remove(UNIVERSE.get(-step - 1))).isEqualTo(model.remove(UNIVERSE.get(-step - 1)));
            }
        }

        List<Element> elements = new ArrayList<>();
        set.forEach(elements::add);
        assertThat(elements).containsExactlyInAnyOrderElementsOf(model);
        assertThat(set.size()).isEqualTo(model.size());
        assertThat(set.isEmpty()).isEqualTo(model.isEmpty());
        UNIVERSE.forEach(element -> assertThat(set.contains(element)).isEqualTo(model.contains(element)));
    }

    @Property
    void sampleIsDistinctPassesTheFilterAndIsCompleteWhenSmall(
            @ForAll Set<@IntRange(min = 0, max = 63) Integer> elements, @ForAll @IntRange(min = 1, max = 20) int most) {
        FlatSet<Element> set = new FlatSet<>();
        elements.forEach(i -> set.add(UNIVERSE.get(i)));

        List<Element> sample = new ArrayList<>();
        set.sample(most, new Random(elements.size()), element -> element.number % 2 == 0, sample::add);

        long even = elements.stream().filter(i -> i % 2 == 0).count();
        assertThat(sample).doesNotHaveDuplicates().allMatch(e -> e.number % 2 == 0 && elements.contains(e.number));
        assertThat(sample).hasSizeLessThanOrEqualTo(most);
        if (elements.size() <= most * 8) {
            assertThat(sample).hasSize((int) Math.min(most, even));
        }
    }

    @Test
    void noElementIsLeftOutOfSamplesNorPreferred() {
        Random random = new Random(1);
        FlatSet<Element> set = new FlatSet<>();
        int elements = 1000;
        IntStream.range(0, elements).forEach(i -> set.add(new Element(i, random.nextInt())));

        int[] seen = new int[elements];
        int rounds = 20_000;
        for (int i = 0; i < rounds; i++) {
            set.sample(10, random, element -> true, element -> seen[element.number]++);
        }

        // Each is due 200 times; how dense its surroundings are moves that by less than three.
        assertThat(IntStream.of(seen).min().orElseThrow()).isGreaterThan(200 / 3);
        assertThat(IntStream.of(seen).max().orElseThrow()).isLessThan(200 * 3);
    }

    private static final class Element {
        final int number;
        private final int hash;

        Element(int number, int hash) {
            this.number = number;
            this.hash = hash;
        }

        @Override
        public int hashCode() {
            return hash;
        }

        @Override
        public boolean equals(Object other) {
            return this == other;
        }
    }
}
