package dev.rivulet.edge.peer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rivulet.protocol.Limits;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class PieceBuffersTest {
    private final PieceBuffers buffers = new PieceBuffers();

    private static byte[] memoryOf(ByteBuffer room) {
        assertThat(room.arrayOffset()).isZero();
        return room.array();
    }

    @Test
    void whatEverybodyHasLetGoOfIsUsedAgain() {
        PieceBuffers.Lease first = buffers.lease();
        byte[] memory = memoryOf(first.room(Limits.SMALL_PIECE_BYTES));
        first.hold();

        first.release();
        byte[] meanwhile = memoryOf(buffers.lease().room(Limits.SMALL_PIECE_BYTES));
        first.release();
        ByteBuffer after = buffers.lease().room(Limits.SMALL_PIECE_BYTES - 1);

        assertThat(meanwhile).isNotSameAs(memory);
        assertThat(memoryOf(after)).isSameAs(memory);
        assertThat(after.remaining()).isEqualTo(Limits.SMALL_PIECE_BYTES - 1);
        assertThat(after.capacity()).isEqualTo(Limits.SMALL_PIECE_BYTES - 1);
    }

    @Test
    void largeAndSmallPiecesDoNotShareMemory() {
        PieceBuffers.Lease large = buffers.lease();
        large.room(Limits.MAX_PIECE_BYTES);
        large.release();

        assertThat(memoryOf(buffers.lease().room(Limits.SMALL_PIECE_BYTES))).hasSize(Limits.SMALL_PIECE_BYTES);
        assertThat(buffers.keptBytes()).isEqualTo(Limits.MAX_PIECE_BYTES);
    }

    @Test
    void noMoreIsKeptThanTheBound() {
        List<PieceBuffers.Lease> leases = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            leases.add(buffers.lease());
            leases.get(i).room(Limits.MAX_PIECE_BYTES);
        }

        leases.forEach(PieceBuffers.Lease::release);

        assertThat(buffers.keptBytes()).isEqualTo(PieceBuffers.KEPT_BYTES);
    }

    @Test
    void whatIsMuchShorterThanAPieceIsNotKept() {
        PieceBuffers.Lease lease = buffers.lease();
        lease.room(PieceBuffers.LEAST_BYTES - 1);

        lease.release();

        assertThat(buffers.keptBytes()).isZero();
    }
}
