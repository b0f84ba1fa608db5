package dev.rivulet.edge.peer.wire;

import dev.rivulet.protocol.frame.Block;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * A frame to be sent.
 *
 * <pre>
 *  0        4      5         9
 *  +--------+------+---------+----------------
 *  | length | type | link id | payload
 *  +--------+------+---------+----------------
 * </pre>
 *
 * The length is that of all that follows it, big-endian as everything. Links are numbered by the edge; what is about none
 * has link 0.
 */
public final class Frame {
    /** Bytes before the payload. */
    public static final int HEADER_BYTES = 9;

    /**
     * Bytes of the longest payload: of a message as long as webrtc-java takes from a peer, which is more than the peer
     * protocol allows. A link that has something longer to say ends.
     */
    public static final int MAX_PAYLOAD_BYTES = 1 << 18;

    static final int LENGTH_BYTES = 4;

    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    /** What puts a payload of known length. */
    private interface Payload {
        void putInto(ByteBuffer target);
    }

    private final FrameType type;
    private final int link;
    private final int payloadBytes;
    private final Payload payload;

    private Frame(FrameType type, int link, int payloadBytes, Payload payload) {
        if (payloadBytes > MAX_PAYLOAD_BYTES) {
            throw new IllegalArgumentException(type + " of " + payloadBytes + " bytes");
        }
        this.type = type;
        this.link = link;
        this.payloadBytes = payloadBytes;
        this.payload = payload;
    }

    /** A frame without payload. */
    public static Frame of(FrameType type, int link) {
        return of(type, link, NOTHING);
    }

    /**
     * A frame of bytes.
     *
     * @param payload up to {@link #MAX_PAYLOAD_BYTES}; stays unchanged until it was sent
     */
    public static Frame of(FrameType type, int link, ByteBuffer payload) {
        return new Frame(type, link, payload.remaining(), target -> target.put(payload.duplicate()));
    }

    /** A frame of text in UTF-8, up to {@link #MAX_PAYLOAD_BYTES}. */
    public static Frame of(FrameType type, int link, String text) {
        return of(type, link, ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
    }

    /** A frame of a number, such as {@link FrameType#SENT} has. */
    public static Frame of(FrameType type, int link, long number) {
        return new Frame(type, link, Long.BYTES, target -> target.putLong(number));
    }

    /**
     * A block, which is copied once, when it is written.
     *
     * @param taken called after that; not at all when it never is
     */
    public static Frame of(int link, Block block, Runnable taken) {
        return new Frame(FrameType.BLOCK, link, block.frameBytes(), target -> {
            block.encode(target);
            taken.run();
        });
    }

    /** Bytes that it takes on the wire. */
    int bytes() {
        return HEADER_BYTES + payloadBytes;
    }

    void encode(ByteBuffer target) {
        target.putInt(HEADER_BYTES - LENGTH_BYTES + payloadBytes)
                .put(type.code())
                .putInt(link);
        payload.putInto(target);
    }
}
