package dev.rivulet.protocol.http;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** Whom a browser connects to; each mode is stricter than the one before it. */
public enum PrivacyMode {
    /** Any peer. */
    OPEN,
    /** Edges only, so that no visitor learns another's address. */
    EDGES,
    /** Through a relay edge, so that no single edge knows who and what. */
    OBLIVIOUS;

    /** As the wire names it. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The mode of that name, if it is one. */
    public static Optional<PrivacyMode> of(String text) {
        return Arrays.stream(values()).filter(mode -> mode.text().equals(text)).findFirst();
    }

    /** The stricter of the two. */
    public PrivacyMode tightenedBy(PrivacyMode other) {
        return compareTo(other) >= 0 ? this : other;
    }
}
