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

    /** Servers that compress mark the tag of the compressed representation so: {@code "abc-gzip"}, {@code "abc;br"}. */
    private static final Pattern ENCODING_SUFFIX = Pattern.compile("[-;](gzip|br|zstd|deflate)\"$");

    public Validators {
        Check.optionalLine("etag", etag, 1, Limits.MAX_HEADER_CHARS);
        Check.optionalLine("lastModified", lastModified, 1, Limits.MAX_HEADER_CHARS);
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
