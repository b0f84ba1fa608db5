package dev.rivulet.protocol.stun;

import java.util.Arrays;

/**
 * An attribute (RFC 8489 §14).
 *
 * @param type 16 bits; below {@link #FIRST_OPTIONAL} whoever does not know it must not go on
 * @param value without padding; not to be changed
 */
@SuppressWarnings("ArrayRecordComponent") // compared by content below
public record StunAttribute(int type, byte[] value) {
    /** Types from here on may be ignored by who does not know them. */
    public static final int FIRST_OPTIONAL = 0x8000;

    /** RFC 5780 §7.2: answer from another address or port. */
    public static final int CHANGE_REQUEST = 0x0003;

    public static final int ERROR_CODE = 0x0009;
    public static final int UNKNOWN_ATTRIBUTES = 0x000A;
    public static final int XOR_MAPPED_ADDRESS = 0x0020;

    /** RFC 5780 §7.4: where else the server answers. */
    public static final int OTHER_ADDRESS = 0x802C;

    public static final int FINGERPRINT = 0x8028;

    /** USERNAME, MESSAGE-INTEGRITY, REALM, NONCE, MESSAGE-INTEGRITY-SHA256, USERHASH: who asks for no password reads none. */
    private static final int[] OF_AUTHENTICATION = {0x0006, 0x0008, 0x0014, 0x0015, 0x001C, 0x001E};

    /** Whether a server without passwords that does not know this attribute has to refuse the request. */
    boolean isRequiredAndUnknown() {
        return type < FIRST_OPTIONAL
                && type != CHANGE_REQUEST
                && Arrays.stream(OF_AUTHENTICATION).noneMatch(known -> known == type);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof StunAttribute that && type == that.type && Arrays.equals(value, that.value);
    }

    @Override
    public int hashCode() {
        return 31 * type + Arrays.hashCode(value);
    }

    @Override
    public String toString() {
        return String.format("0x%04x[%d bytes]", type, value.length);
    }
}
