package dev.rivulet.tracker.access;

import com.eatthepath.otp.TimeBasedOneTimePasswordGenerator;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Locale;
import java.util.OptionalLong;
import javax.crypto.spec.SecretKeySpec;

/** Codes of six digits that change every 30 seconds (RFC 6238). Pure. */
final class Totp {
    /** Bytes of a key, as RFC 4226 recommends. */
    static final int KEY_BYTES = 20;
    /** By how many steps a telephone's clock may differ. */
    static final int TOLERANCE_STEPS = 1;

    private static final TimeBasedOneTimePasswordGenerator CODES = new TimeBasedOneTimePasswordGenerator();
    private static final long STEP_SECONDS = CODES.getTimeStep().toSeconds();

    private static final String BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    private static final int BASE32_BITS = 5;
    private static final int LAST_DIGIT = BASE32.length() - 1;

    private Totp() {}

    /**
     * The time step of which {@code code} is, if it is one around now and later than {@code usedStep}: a code is good
     * once (RFC 6238, section 5.2).
     */
    static OptionalLong step(byte[] key, String code, long nowSeconds, long usedStep) {
        long now = nowSeconds / STEP_SECONDS;
        OptionalLong found = OptionalLong.empty();
        for (long step = now - TOLERANCE_STEPS; step <= now + TOLERANCE_STEPS; step++) {
            // All are compared, so that time tells nothing.
            if (isSame(code(key, step), code) && step > usedStep && found.isEmpty()) {
                found = OptionalLong.of(step);
            }
        }
        return found;
    }

    /** The code of a time step. */
    static String code(byte[] key, long step) {
        try {
            return CODES.generateOneTimePasswordString(
                    new SecretKeySpec(key, "RAW"), Instant.ofEpochSecond(step * STEP_SECONDS), Locale.ROOT);
        } catch (InvalidKeyException e) {
            throw new IllegalStateException("any bytes are a key", e);
        }
    }

    /** As people type it. */
    static String base32(byte[] key) {
        StringBuilder text = new StringBuilder();
        int bits = 0;
        int held = 0;
        for (byte each : key) {
            held = (held << Byte.SIZE) | (each & 0xff);
            bits += Byte.SIZE;
            while (bits >= BASE32_BITS) {
                bits -= BASE32_BITS;
                text.append(BASE32.charAt((held >> bits) & LAST_DIGIT));
            }
            held &= (1 << bits) - 1;
        }
        if (bits > 0) {
            text.append(BASE32.charAt((held << (BASE32_BITS - bits)) & LAST_DIGIT));
        }
        return text.toString();
    }

    /** As authenticator programs read it. */
    static String uri(String name, byte[] key) {
        return "otpauth://totp/Rivulet:" + URLEncoder.encode(name, StandardCharsets.UTF_8) + "?secret=" + base32(key)
                + "&issuer=Rivulet";
    }

    private static boolean isSame(String expected, String given) {
        return MessageDigest.isEqual(expected.getBytes(StandardCharsets.UTF_8), given.getBytes(StandardCharsets.UTF_8));
    }
}
