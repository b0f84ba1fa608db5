package dev.rivulet.edge.peer.wire;

import dev.rivulet.protocol.DecodeException;
import java.nio.ByteBuffer;

/** Finds the frames in a stream of bytes. */
final class FrameReader {
    /** Room for several of the longest frames, so that a read brings many of the usual ones. */
    static final int BUFFER_BYTES = 2 * (Frame.HEADER_BYTES + Frame.MAX_PAYLOAD_BYTES);

    private static final int MAX_LENGTH = Frame.HEADER_BYTES - Frame.LENGTH_BYTES + Frame.MAX_PAYLOAD_BYTES;

    private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);

    /** Where the next bytes go; never full. */
    ByteBuffer room() {
        return buffer;
    }

    /**
     * Hands over every frame that is complete.
     *
     * @throws DecodeException when what came is no frame; nothing can be read after it
     */
    void take(FrameSink sink) throws DecodeException {
        buffer.flip();
        while (buffer.remaining() >= Frame.LENGTH_BYTES) {
            int length = buffer.getInt(buffer.position());
            if (length < Frame.HEADER_BYTES - Frame.LENGTH_BYTES || length > MAX_LENGTH) {
                throw new DecodeException("frame length", "is " + length);
            }
            if (buffer.remaining() < Frame.LENGTH_BYTES + length) {
                break;
            }
            buffer.getInt();
            hand(length, sink);
        }
        buffer.compact();
    }

    private void hand(int length, FrameSink sink) throws DecodeException {
        int end = buffer.position() + length;
        FrameType type = FrameType.of(buffer.get());
        int link = buffer.getInt();
        ByteBuffer payload = buffer.slice(buffer.position(), end - buffer.position());
        buffer.position(end);
        sink.take(type, link, payload);
    }
}
