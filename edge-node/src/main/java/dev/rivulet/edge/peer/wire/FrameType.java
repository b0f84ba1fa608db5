package dev.rivulet.edge.peer.wire;

import dev.rivulet.protocol.DecodeException;

/** The kinds of frames. Both processes run the same jar, so the codes may change. */
public enum FrameType {
    // From the edge.
    /** Make a link that offers; ICE servers. */
    OFFER(1),
    /** Make a link that answers; ICE servers and the offer. */
    ANSWER(2),
    /** End the link. */
    CLOSE(3),
    /** Say {@link #PONG} once the native thread has come to it. */
    PING(4),
    /** End every link, and then the process. */
    STOP(5),
    /** Say {@link #SENT} from now on when no more than so many bytes of blocks have not left. */
    MARK(15),

    // From either.
    /** What one side signals to the other. */
    SIGNAL(6),
    /** A control message. */
    CONTROL(7),
    /** A message of the blocks channel. */
    BLOCK(8),

    // From the WebRTC process.
    /** The native library is loaded. */
    READY(9),
    /** It does not load; the reason. */
    UNAVAILABLE(10),
    /** Both channels of the link are open. */
    OPENED(11),
    /** How many bytes of blocks have left the link so far. */
    SENT(12),
    /** The link has ended; the reason. */
    CLOSED(13),
    /** The answer to {@link #PING}. */
    PONG(14);

    private static final FrameType[] ALL = values();

    private final byte code;

    FrameType(int code) {
        this.code = (byte) code;
    }

    byte code() {
        return code;
    }

    static FrameType of(byte code) throws DecodeException {
        for (FrameType type : ALL) {
            if (type.code == code) {
                return type;
            }
        }
        throw new DecodeException("frame type", "is " + code);
    }
}
