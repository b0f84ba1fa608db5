package dev.rivulet.tracker.access;

import dev.rivulet.protocol.Base64Url;
import dev.rivulet.protocol.id.Sha256;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;

/** Secrets that programs and browsers keep: random, so that a plain hash of them can be kept here. */
final class Secret {
    private static final int BYTES = 32;

    private Secret() {}

    /** A new one; 43 characters of base64url. */
    static String make(SecureRandom random) {
        byte[] bytes = new byte[BYTES];
        random.nextBytes(bytes);
        return Base64Url.encode(bytes);
    }

    /** What is kept of it. */
    static String hash(String secret) {
        return Sha256.of(secret.getBytes(StandardCharsets.UTF_8)).text();
    }
}
