package dev.rivulet.protocol.http;

import dev.rivulet.protocol.Check;
import dev.rivulet.protocol.DecodeException;
import dev.rivulet.protocol.InvalidValueException;
import dev.rivulet.protocol.Limits;
import dev.rivulet.protocol.id.ResourceUrl;

/**
 * {@code scheme://host[:port]}, whose host may begin with {@code *.}, which stands for one or more labels
 * (docs/protocol.md, section 2.2).
 */
public record OriginPattern(String text) {
    private static final String ANY_LABELS = "*.";

    public OriginPattern {
        Check.text("origin", text, 1, Limits.MAX_ORIGIN_CHARS);
        String origin = text.replaceFirst("://\\*\\.", "://");
        Check.that(isOrigin(origin), "origin", "not a canonical scheme://host[:port]");
        Check.that(origin.equals(text) || !isIpLiteral(origin), "origin", "labels before an address literal");
    }

    /** Reads a pattern from untrusted text. */
    public static OriginPattern parse(String text) throws DecodeException {
        try {
            return new OriginPattern(text);
        } catch (InvalidValueException e) {
            throw new DecodeException(e.field(), e.reason());
        }
    }

    /** Whether it covers an origin, in the canonical form that an {@code Origin} header has. */
    public boolean matches(String origin) {
        if (isExact()) {
            return origin.equals(text);
        }
        String head = text.substring(0, text.indexOf(ANY_LABELS));
        String tail = text.substring(head.length() + 1);
        return origin.length() > head.length() + tail.length()
                && origin.startsWith(head)
                && origin.endsWith(tail)
                && isLabels(origin.substring(head.length(), origin.length() - tail.length()));
    }

    /** Whether it names one origin only. */
    public boolean isExact() {
        return !text.contains(ANY_LABELS);
    }

    /** Whether the host is an IPv4 or IPv6 address. */
    public boolean isIpLiteral() {
        return isIpLiteral(text);
    }

    private static boolean isIpLiteral(String text) {
        String authority = text.substring(text.indexOf("://") + 3);
        return authority.startsWith("[")
                || authority.replaceFirst(":[0-9]+$", "").matches(".*\\.?[0-9]+");
    }

    private static boolean isLabels(String labels) {
        return labels.matches("[a-z0-9_-]+(\\.[a-z0-9_-]+)*");
    }

    private static boolean isOrigin(String origin) {
        try {
            return ResourceUrl.parse(origin + "/").origin().equals(origin);
        } catch (DecodeException e) {
            return false;
        }
    }

    @Override
    public String toString() {
        return text;
    }
}
