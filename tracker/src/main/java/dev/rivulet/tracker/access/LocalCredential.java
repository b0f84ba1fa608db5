package dev.rivulet.tracker.access;

import dev.rivulet.tracker.api.Caller;
import dev.rivulet.tracker.api.Role;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Optional;

/** The secret that lies in the data directory while the tracker runs: who can read it may do everything. */
public final class LocalCredential {
    /** The name by which the audit log knows its bearer; no operator can have it. */
    public static final String NAME = "local";

    private static final Caller BEARER = new Caller(NAME, Role.OWNER, null);

    private final byte[] secret;

    public LocalCredential(String secret) {
        this.secret = secret.getBytes(StandardCharsets.UTF_8);
    }

    /** Who shows this. */
    Optional<Caller> of(String shown) {
        return MessageDigest.isEqual(shown.getBytes(StandardCharsets.UTF_8), secret)
                ? Optional.of(BEARER)
                : Optional.empty();
    }
}
