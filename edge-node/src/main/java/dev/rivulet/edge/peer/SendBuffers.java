package dev.rivulet.edge.peer;

import dev.rivulet.protocol.Limits;
import dev.rivulet.protocol.frame.Block;

/**
 * How much a link's send buffer may take. Where few are sent to, as much as the protocol allows; where many are, less, since
 * what waits in buffers is memory, and each of many empties its own slowly.
 */
final class SendBuffers {
    /** What all buffers together take, as far as {@link #LEAST_BYTES} allows. */
    static final int ALL_BYTES = 24 << 20;

    /** Three blocks: one remains when the buffer has drained to half of it, and two more find room. */
    static final int LEAST_BYTES = 3 * Block.MAX_FRAME_BYTES;

    private SendBuffers() {}

    /**
     * What each may take: {@link Limits#MAX_SEND_BUFFER_BYTES}, half of it, and so on. In steps, so that it is seldom
     * another.
     *
     * @param links that are sent to
     */
    static int each(int links) {
        int bytes = Limits.MAX_SEND_BUFFER_BYTES;
        while (bytes > LEAST_BYTES && (long) bytes * links > ALL_BYTES) {
            bytes /= 2;
        }
        return Math.max(bytes, LEAST_BYTES);
    }
}
