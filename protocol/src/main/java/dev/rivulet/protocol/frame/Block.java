package dev.rivulet.protocol.frame;

import dev.rivulet.protocol.Check;
import dev.rivulet.protocol.DecodeException;
import dev.rivulet.protocol.InvalidValueException;
import dev.rivulet.protocol.Limits;
import java.nio.ByteBuffer;

/**
 * What one message of the blocks channel carries (docs/protocol.md, section 6.1).
 *
 * <pre>
 *  0            4            8
 *  +------------+------------+----------------
 *  | request id | offset     | 1 to {@value Limits#MAX_BLOCK_BYTES} bytes
 *  +------------+------------+----------------
 * </pre>
 *
 * @param requestId of the request that it answers, a u32
 * @param offset from the beginning of what was requested; a multiple of {@value Limits#MAX_BLOCK_BYTES}
 * @param payload read-only; shares its bytes with the buffer it was made from
 */
public record Block(long requestId, long offset, ByteBuffer payload) {
    /** Bytes before the payload. */
    public static final int HEADER_BYTES = 8;

    /** Bytes of the largest frame. */
    public static final int MAX_FRAME_BYTES = HEADER_BYTES + Limits.MAX_BLOCK_BYTES;

    public Block {
        Check.u32("requestId", requestId);
        Check.u32("offset", offset);
        Check.that(offset % Limits.MAX_BLOCK_BYTES == 0, "offset", "not a multiple of the block length");
        Check.range("payload", payload.remaining(), 1, Limits.MAX_BLOCK_BYTES);
        payload = payload.slice().asReadOnlyBuffer();
    }

    /** A new view of the payload, from its first to its last byte. */
    @Override
    public ByteBuffer payload() {
        return payload.duplicate();
    }

    /** Reads the frame that remains in {@code frame}, whose position does not change. */
    public static Block decode(ByteBuffer frame) throws DecodeException {
        ByteBuffer rest = frame.slice();
        if (rest.remaining() < HEADER_BYTES) {
            throw new DecodeException("block", rest.remaining() + " bytes");
        }
        long requestId = Integer.toUnsignedLong(rest.getInt());
        long offset = Integer.toUnsignedLong(rest.getInt());
        try {
            return new Block(requestId, offset, rest);
        } catch (InvalidValueException e) {
            throw new DecodeException("block." + e.field(), e.reason());
        }
    }

    /** The frame: a new buffer, exactly as long as it has to be. */
    public ByteBuffer encode() {
        ByteBuffer frame = ByteBuffer.allocate(frameBytes());
        encode(frame);
        return frame.flip();
    }

    /** Puts the frame, {@link #frameBytes} long, into a big-endian buffer. */
    public void encode(ByteBuffer target) {
        target.putInt((int) requestId).putInt((int) offset).put(payload.duplicate());
    }

    /** Bytes of the frame. */
    public int frameBytes() {
        return HEADER_BYTES + payload.remaining();
    }
}
