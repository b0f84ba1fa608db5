package dev.rivulet.protocol.id;

import dev.rivulet.protocol.Check;
import dev.rivulet.protocol.DecodeException;
import dev.rivulet.protocol.InvalidValueException;
import java.util.regex.Pattern;

/** The name under which a website is enrolled with a tracker: a DNS label in lower case. */
public record SiteId(String text) implements Comparable<SiteId> {
    private static final Pattern FORM = Pattern.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");

    public SiteId {
        Check.that(FORM.matcher(text).matches(), "site", "not 1 to 63 of a-z, 0-9 and inner hyphens");
    }

    /** Reads a site id from untrusted text. */
    public static SiteId parse(String text) throws DecodeException {
        try {
            return new SiteId(text);
        } catch (InvalidValueException e) {
            throw new DecodeException(e.field(), e.reason());
        }
    }

    @Override
    public int compareTo(SiteId other) {
        return text.compareTo(other.text);
    }

    @Override
    public String toString() {
        return text;
    }
}
