package dev.rivulet.protocol;

import java.util.Arrays;
import java.util.Optional;

/** Why a tracker closes a WebSocket (docs/protocol.md, section 5.3). */
public enum TrackerCloseCode {
    GOING_AWAY(1001),
    TOO_BIG(1009),
    MALFORMED(4400),
    UNAUTHORIZED(4401),
    FORBIDDEN(4403),
    UNKNOWN_SITE(4404),
    HELLO_TIMEOUT(4408),
    REPLACED(4409),
    REVOKED(4410),
    BANNED(4411),
    RATE_LIMIT(4429),
    INTERNAL(4500);

    private final int code;

    TrackerCloseCode(int code) {
        this.code = code;
    }

    /** The code of the close frame. */
    public int code() {
        return code;
    }

    /** Whether trying again with the same hello cannot help, so that a client stops. */
    public boolean isFinal() {
        return switch (this) {
            case UNAUTHORIZED, FORBIDDEN, UNKNOWN_SITE, REPLACED, REVOKED -> true;
            default -> false;
        };
    }

    /** The constant of this code, if it is one of ours. */
    public static Optional<TrackerCloseCode> of(int code) {
        return Arrays.stream(values()).filter(c -> c.code == code).findFirst();
    }
}
