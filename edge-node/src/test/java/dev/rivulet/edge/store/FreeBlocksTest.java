package dev.rivulet.edge.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class FreeBlocksTest {
    @Test
    void oneRunWhileThereIsOne() {
        FreeBlocks blocks = new FreeBlocks(100);

        Runs first = blocks.take(64);
        Runs second = blocks.take(36);

        assertThat(text(first)).isEqualTo("0+64");
        assertThat(text(second)).isEqualTo("64+36");
        assertThat(blocks.take(1)).isNull();
    }

    @Test
    void theFirstHoleThatIsLargeEnough() {
        FreeBlocks blocks = new FreeBlocks(100);
        Runs small = blocks.take(2);
        blocks.take(1);
        Runs large = blocks.take(5);
        blocks.take(1);
        blocks.release(small);
        blocks.release(large);

        assertThat(text(blocks.take(4))).isEqualTo("3+4");
        assertThat(text(blocks.take(2))).isEqualTo("0+2");
    }

    @Test
    void severalHolesWhenNoneIsLargeEnough() {
        FreeBlocks blocks = new FreeBlocks(6);
        List<Runs> each = new ArrayList<>();
        for (int block = 0; block < 6; block++) {
            each.add(blocks.take(1));
        }
        blocks.release(each.get(1));
        blocks.release(each.get(3));
        blocks.release(each.get(5));

        assertThat(text(blocks.take(3))).isEqualTo("1+1 3+1 5+1");
    }

    @Test
    void whatIsNotThereOrTakenCannotBeClaimed() {
        FreeBlocks blocks = new FreeBlocks(10);
        blocks.take(4);
        Runs.Builder half = new Runs.Builder();
        half.add(5, 2);
        half.add(3, 1);

        assertThat(blocks.claim(Runs.of(3, 2))).isFalse();
        assertThat(blocks.claim(Runs.of(8, 3))).isFalse();
        assertThat(blocks.claim(Runs.of(-1, 1))).isFalse();
        assertThat(blocks.claim(Runs.of(4, 0))).isFalse();
        assertThat(blocks.claim(half.build())).isFalse();
        assertThat(blocks.claim(Runs.of(4, 6))).as("nothing of that was taken").isTrue();
        assertThat(blocks.taken()).isEqualTo(10);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void asLongAsThereAreEnoughTheyCanBeHadAndNoneTwice(long seed) {
        int limit = 2000;
        Random random = new Random(seed);
        FreeBlocks blocks = new FreeBlocks(limit);
        BitSet taken = new BitSet();
        List<Runs> held = new ArrayList<>();
        for (int step = 0; step < 5000; step++) {
            int wanted = 1 + random.nextInt(random.nextBoolean() ? 4 : 256);
            if (random.nextInt(5) < 3) {
                Runs runs = blocks.take(wanted);
                assertThat(runs != null).isEqualTo(taken.cardinality() + wanted <= limit);
                if (runs != null) {
                    assertThat(runs.blocks()).isEqualTo(wanted);
                    mark(taken, runs, true);
                    held.add(runs);
                }
            } else if (!held.isEmpty()) {
                Runs runs = held.remove(random.nextInt(held.size()));
                blocks.release(runs);
                mark(taken, runs, false);
            }
            assertThat(blocks.taken()).isEqualTo(taken.cardinality());
        }
    }

    private static void mark(BitSet taken, Runs runs, boolean now) {
        for (int run = 0; run < runs.count(); run++) {
            for (int block = runs.start(run); block < runs.start(run) + runs.length(run); block++) {
                assertThat(taken.get(block)).isNotEqualTo(now);
                taken.set(block, now);
            }
        }
    }

    private static String text(Runs runs) {
        List<String> parts = new ArrayList<>();
        for (int run = 0; run < runs.count(); run++) {
            parts.add(runs.start(run) + "+" + runs.length(run));
        }
        return String.join(" ", parts);
    }
}
