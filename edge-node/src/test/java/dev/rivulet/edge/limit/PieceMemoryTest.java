package dev.rivulet.edge.limit;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class PieceMemoryTest {
    @Test
    void everyWayHasAThirdAndNoneTakesAnothers() {
        PieceMemory memory = PieceMemory.of(30);

        assertThat(memory.peers().take(10)).isTrue();

        assertThat(memory.peers().take(1)).isFalse();
        assertThat(memory.http().take(10)).isTrue();
        assertThat(memory.fetchBytes()).isEqualTo(10);
        memory.peers().giveBack(10);
        assertThat(memory.peers().take(10)).isTrue();
        assertThat(memory.peers().takenBytes()).isEqualTo(10);
    }

    @Test
    void aSmallHeapLeavesRoomForTheRest() {
        assertThat(PieceMemory.within(PieceMemory.DEFAULT_BYTES, 256L << 20).bytes())
                .isEqualTo(PieceMemory.DEFAULT_BYTES);
        assertThat(PieceMemory.within(PieceMemory.DEFAULT_BYTES, 120L << 20).bytes())
                .isEqualTo(60L << 20);
        assertThat(PieceMemory.within(PieceMemory.DEFAULT_BYTES, 1).bytes()).isEqualTo(PieceMemory.MIN_BYTES);
    }
}
