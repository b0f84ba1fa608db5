package dev.rivulet.edge;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class HeapTrimTest {
    private static final long MIB = 1 << 20;

    /** Where a collection leaves what is needed. */
    private static final class TestHeap implements HeapTrim.Heap {
        long committed;
        long needed = 80 * MIB;
        int collections;

        @Override
        public long committedBytes() {
            return committed;
        }

        @Override
        public void collect() {
            collections++;
            committed = Math.min(committed, needed);
        }
    }

    private final TestHeap heap = new TestHeap();
    private final HeapTrim trim = new HeapTrim(heap);

    @AfterEach
    void close() {
        trim.close();
    }

    @Test
    void aSmallHeapIsLeftAlone() {
        looksWith(HeapTrim.LEAST_BYTES);

        assertThat(heap.collections).isZero();
    }

    @Test
    void aHeapThatGarbageHasMadeLargeShrinks() {
        looksWith(600 * MIB);
        looksWith(HeapTrim.LEAST_BYTES);
        looksWith(600 * MIB);

        assertThat(heap.collections).isEqualTo(2);
        assertThat(heap.committed).isEqualTo(heap.needed);
    }

    @Test
    void aHeapThatIsNeededIsNotCollectedAgainAndAgain() {
        heap.needed = 500 * MIB;
        looksWith(600 * MIB);
        looksWith(600 * MIB);
        looksWith(999 * MIB);

        assertThat(heap.collections).isEqualTo(1);

        looksWith(1001 * MIB);

        assertThat(heap.collections).isEqualTo(2);
    }

    private void looksWith(long committed) {
        heap.committed = committed;
        trim.look();
    }
}
