package dev.rivulet.edge.peer;

import dev.rivulet.protocol.Limits;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Memory of pieces that were sent, for those that will be: an edge that sends 500 Mbit/s would otherwise make as much
 * garbage, and occupy a multiple of what it needs. Who forgets to give memory back loses nothing by it, for it is ordinary
 * memory of Java's. Any thread may call any method.
 */
final class PieceBuffers {
    /** What is kept for later, in bytes. */
    static final int KEPT_BYTES = 24 << 20;

    /** A shorter piece gets memory of its own: keeping a whole piece's for it would cost more than it saves. */
    static final int LEAST_BYTES = Limits.SMALL_PIECE_BYTES / 4;

    private final Deque<byte[]> small = new ArrayDeque<>();
    private final Deque<byte[]> large = new ArrayDeque<>();
    private int kept;

    /** Memory for one piece, held by who asked for it. */
    Lease lease() {
        return new Lease();
    }

    /** Memory that is kept for later now, in bytes. */
    synchronized int keptBytes() {
        return kept;
    }

    private byte[] take(int bytes) {
        byte[] array = poll(bytes);
        return array != null ? array : new byte[lengthFor(bytes)];
    }

    private static int lengthFor(int bytes) {
        return bytes <= Limits.SMALL_PIECE_BYTES ? Limits.SMALL_PIECE_BYTES : Limits.MAX_PIECE_BYTES;
    }

    private synchronized byte @Nullable [] poll(int bytes) {
        byte[] array = (bytes <= Limits.SMALL_PIECE_BYTES ? small : large).poll();
        kept -= array == null ? 0 : array.length;
        return array;
    }

    private synchronized void giveBack(byte[] array) {
        if (kept + array.length <= KEPT_BYTES) {
            kept += array.length;
            (array.length == Limits.SMALL_PIECE_BYTES ? small : large).push(array);
        }
    }

    /** Memory for one piece, which goes to others once all who hold it have let go of it. */
    final class Lease {
        private final AtomicInteger holders = new AtomicInteger(1);
        private byte @Nullable [] array;

        /**
         * The memory; to be asked for once, by who holds the lease alone.
         *
         * @param bytes 1 to {@link Limits#MAX_PIECE_BYTES}
         * @return of exactly that length
         */
        ByteBuffer room(int bytes) {
            if (bytes < LEAST_BYTES) {
                return ByteBuffer.allocate(bytes);
            }
            byte[] taken = take(bytes);
            array = taken;
            return ByteBuffer.wrap(taken, 0, bytes).slice();
        }

        /** Holds it once more; only while it is held. */
        void hold() {
            holders.incrementAndGet();
        }

        /** Lets go of it, and reads nothing there any more. */
        void release() {
            if (holders.decrementAndGet() == 0 && array != null) {
                giveBack(array);
            }
        }
    }
}
