package dev.rivulet.protocol.http;

import dev.rivulet.protocol.Check;
import dev.rivulet.protocol.DecodeException;
import dev.rivulet.protocol.InvalidValueException;
import dev.rivulet.protocol.Limits;
import dev.rivulet.protocol.id.ResourceUrl;

/**
 * A pattern of paths (docs/protocol.md, section 2.2): {@code *} is any run without {@code /} and {@code ?}, {@code **}
 * any run without {@code ?}; after a literal {@code ?} a {@code *} is any run. Only a pattern with a {@code ?} matches a
 * URL with a query.
 */
public record UrlPattern(String text) {
    public UrlPattern {
        Check.line("pattern", text, 1, Limits.MAX_PATTERN_CHARS);
        Check.that(text.startsWith("/") || text.startsWith("*"), "pattern", "begins neither with '/' nor with '*'");
        Check.that(text.chars().allMatch(c -> c > ' ' && c < 0x7F), "pattern", "not visible ASCII");
    }

    /** Reads a pattern from untrusted text. */
    public static UrlPattern parse(String text) throws DecodeException {
        try {
            return new UrlPattern(text);
        } catch (InvalidValueException e) {
            throw new DecodeException(e.field(), e.reason());
        }
    }

    /** Whether the pattern covers the URL's path and query, whole. */
    public boolean matches(ResourceUrl url) {
        return matches(url.pathAndQuery());
    }

    /**
     * One pass over the pattern, keeping for every prefix of the subject whether the pattern so far matches it: time is
     * the product of both lengths whatever the pattern, so that none can be made slow.
     */
    boolean matches(String subject) {
        boolean[] reached = new boolean[subject.length() + 1];
        reached[0] = true;
        boolean inQuery = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '*') {
                boolean two = i + 1 < text.length() && text.charAt(i + 1) == '*';
                i += two ? 1 : 0;
                extend(reached, subject, inQuery ? "" : two ? "?" : "/?");
            } else {
                inQuery |= c == '?';
                step(reached, subject, c);
            }
        }
        return reached[subject.length()];
    }

    private static void extend(boolean[] reached, String subject, String stops) {
        for (int end = 1; end < reached.length; end++) {
            reached[end] |= reached[end - 1] && stops.indexOf(subject.charAt(end - 1)) < 0;
        }
    }

    private static void step(boolean[] reached, String subject, char expected) {
        for (int end = reached.length - 1; end > 0; end--) {
            reached[end] = reached[end - 1] && subject.charAt(end - 1) == expected;
        }
        reached[0] = false;
    }

    @Override
    public String toString() {
        return text;
    }
}
