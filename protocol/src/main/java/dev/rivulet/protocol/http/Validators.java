package dev.rivulet.protocol.http;

import dev.rivulet.protocol.Check;
import dev.rivulet.protocol.Limits;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What an origin says of a resource's version.
 *
 * @param etag the {@code ETag} as it was sent, null when none was
 * @param lastModified the {@code Last-Modified} as it was sent, null when none was
 */
public record Validators(@Nullable String etag, @Nullable String lastModified) {
    /** An origin that sent neither. */
    public static final Validators NONE = new Validators(null, null);

    private static final String NOT_USABLE =
            "not 1 to " + Limits.MAX_HEADER_CHARS + " visible ASCII characters, spaces and tabs";

    /** Servers that compress mark the tag of the compressed representation so: {@code "abc-gzip"}, {@code "abc;br"}. */
    private static final Pattern ENCODING_SUFFIX = Pattern.compile("[-;](gzip|br|zstd|deflate)\"$");

    public Validators {
        Check.that(etag == null || isUsable(etag), "etag", NOT_USABLE);
        Check.that(lastModified == null || isUsable(lastModified), "lastModified", NOT_USABLE);
    }

    /** Those of a response; one that an entry could not carry is as good as none. */
    public static Validators of(HeaderFields headers) {
        return new Validators(usable(headers.single("etag")), usable(headers.single("last-modified")));
    }

    private static @Nullable String usable(@Nullable String value) {
        return value != null && isUsable(value) ? value : null;
    }

    private static boolean isUsable(String value) {
        return !value.isEmpty() && HeaderFields.isVisibleAscii(value);
    }

    /**
     * Whether a response with the {@code other} validators has the same version (docs/protocol.md, section 4.4): the tags
     * decide where both sides have one, weakness and the encoding's suffix aside; else the dates.
     */
    public boolean matches(Validators other) {
        if (etag != null && other.etag != null) {
            return opaque(etag).equals(opaque(other.etag));
        }
        return lastModified != null && lastModified.equals(other.lastModified);
    }

    private static String opaque(String tag) {
        String strong = tag.startsWith("W/") ? tag.substring(2) : tag;
        return ENCODING_SUFFIX.matcher(strong).replaceFirst("\"");
    }
}
