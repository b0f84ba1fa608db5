package dev.rivulet.tracker.access;

import dev.rivulet.protocol.Check;
import java.util.regex.Pattern;

/** How operators may be called. */
final class OperatorName {
    /** Characters of the longest name. */
    static final int MAX_CHARS = 64;

    private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9._@+-]{0," + (MAX_CHARS - 1) + "}");

    private OperatorName() {}

    /** Refuses what is no name. */
    static void check(String field, String name) {
        Check.that(
                NAME.matcher(name).matches() && !name.equals(LocalCredential.NAME),
                field,
                "write 1 to " + MAX_CHARS
                        + " lower-case letters, digits and . _ @ + -, beginning with a letter or digit,"
                        + " other than " + LocalCredential.NAME);
    }
}
