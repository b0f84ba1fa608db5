package dev.rivulet.protocol.message;

import dev.rivulet.protocol.DecodeException;
import java.util.Arrays;
import java.util.Locale;

/** What a peer is. */
public enum Role {
    /** A page in a visitor's browser. */
    PAGE,
    /** A JVM on a volunteer's server. */
    EDGE;

    /** As the wire names it. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    static Role parse(String text) throws DecodeException {
        return Arrays.stream(values())
                .filter(role -> role.text().equals(text))
                .findFirst()
                .orElseThrow(() -> new DecodeException("role", "neither page nor edge"));
    }
}
