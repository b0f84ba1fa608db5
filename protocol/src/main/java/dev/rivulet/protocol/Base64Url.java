package dev.rivulet.protocol;

import java.util.Base64;

/** base64url without padding (RFC 4648 §5), where every byte string has exactly one text. */
public final class Base64Url {
    private static final Base64.Encoder ENCODER = Base64.getUrlEncoder().withoutPadding();
    private static final Base64.Decoder DECODER = Base64.getUrlDecoder();

    private Base64Url() {}

    /** The one text of these bytes. */
    public static String encode(byte[] bytes) {
        return ENCODER.encodeToString(bytes);
    }

    /** The bytes of {@code text}; refuses padding, other characters, and trailing bits that are not zero. */
    public static byte[] decode(String text) throws DecodeException {
        byte[] bytes;
        try {
            bytes = DECODER.decode(text);
        } catch (IllegalArgumentException e) {
            throw refused("not base64url");
        }
        // The JDK's decoder takes padding and drops trailing bits, so two texts would mean the same bytes.
        if (!encode(bytes).equals(text)) {
            throw refused("not canonical base64url");
        }
        return bytes;
    }

    /** As {@link #decode(String)}, and refuses any other number of bytes than {@code length}. */
    public static byte[] decode(String text, int length) throws DecodeException {
        byte[] bytes = decode(text);
        if (bytes.length != length) {
            throw refused(bytes.length + " bytes, not " + length);
        }
        return bytes;
    }

    private static DecodeException refused(String reason) {
        return new DecodeException("base64url", reason);
    }
}
