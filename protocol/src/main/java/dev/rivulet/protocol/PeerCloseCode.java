package dev.rivulet.protocol;

import java.util.Arrays;
import java.util.Optional;

/** Why a peer closes a connection (docs/protocol.md, section 6.3). */
public enum PeerCloseCode {
    NORMAL(4000),
    MALFORMED(4400),
    UNSOLICITED(4405),
    BAD_PIECE(4406),
    DUPLICATE(4409),
    IDLE(4410),
    RATE_LIMIT(4429);

    private final int code;

    PeerCloseCode(int code) {
        this.code = code;
    }

    /** The code of the close message. */
    public int code() {
        return code;
    }

    /** The constant of this code, if it is one of ours. */
    public static Optional<PeerCloseCode> of(int code) {
        return Arrays.stream(values()).filter(c -> c.code == code).findFirst();
    }
}
