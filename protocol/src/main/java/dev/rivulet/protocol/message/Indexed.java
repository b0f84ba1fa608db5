package dev.rivulet.protocol.message;

import dev.rivulet.protocol.Check;
import dev.rivulet.protocol.InvalidValueException;
import dev.rivulet.protocol.Limits;
import dev.rivulet.protocol.catalog.Entry;
import dev.rivulet.protocol.http.HeaderFields;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The end of an answer to an {@link IndexRequest}: either why there is none, or what the origin said.
 *
 * @param failed why there is none, one of the words of docs/protocol.md, section 5.6, or another
 */
public record Indexed(
        long id, @Nullable String failed, @Nullable Answer answer) implements ClientMessage {
    /** The edge has enough to do. */
    public static final String BUSY = "busy";
    /** The site, as the edge knows it, does not allow the URL. */
    public static final String POLICY = "policy";
    /** The resource is larger than asked for, or than the edge has room for. */
    public static final String TOO_LARGE = "too-large";
    /** There was no whole answer of the origin. */
    public static final String ORIGIN = "origin";
    /** The origin's header cannot be reported. */
    public static final String HEADER = "header";
    /** It was not done in time. */
    public static final String LATE = "late";
    /** The edge could not keep the bytes. */
    public static final String STORE = "store";

    /** Header fields that may be reported: those that decide about sharing, and those of an entry. */
    public static final Set<String> HEADER_NAMES = headerNames();

    public Indexed {
        Check.u32("id", id);
        Check.optionalLine("failed", failed, 1, Limits.MAX_ERROR_CODE_CHARS);
        if ((failed == null) == (answer == null)) {
            throw new InvalidValueException("answer", "not exactly one of failed and answer");
        }
    }

    /** A report of failure. */
    public static Indexed failed(long id, String reason) {
        return new Indexed(id, reason, null);
    }

    /** A report of an answer. */
    public static Indexed answered(long id, Answer answer) {
        return new Indexed(id, null, answer);
    }

    /**
     * What the origin said.
     *
     * @param headers those of {@link #HEADER_NAMES} only; of {@code Set-Cookie} the values do not matter
     * @param tookSeconds from the request to the header
     * @param ageSeconds from the header to this report
     * @param body what was read; null when the header says that it must not be shared, so that none was
     */
    public record Answer(
            int status,
            HeaderFields headers,
            long tookSeconds,
            long ageSeconds,
            @Nullable Body body) {
        public Answer {
            Check.range("status", status, 100, 599);
            for (String name : headers.names()) {
                Check.that(HEADER_NAMES.contains(name), "headers." + name, "not on the list of headers");
                Check.list("headers." + name, headers.all(name), 1, Limits.MAX_INDEX_HEADER_LINES);
                for (String value : headers.all(name)) {
                    Check.that(HeaderFields.isVisibleAscii(value), "headers." + name, "too long, or not visible ASCII");
                }
            }
            Check.u32("took", tookSeconds);
            Check.u32("age", ageSeconds);
        }
    }

    /**
     * The body, of which all {@link IndexHashes} came before.
     *
     * @param size in bytes
     * @param ranges whether the origin serves byte ranges of it
     */
    public record Body(long size, boolean ranges) {
        public Body {
            Check.range("size", size, 1, Limits.MAX_RESOURCE_BYTES);
        }
    }

    private static Set<String> headerNames() {
        Set<String> names = new TreeSet<>(Entry.HEADER_NAMES);
        names.addAll(Set.of(
                "age",
                "cache-control",
                "content-encoding",
                "date",
                "etag",
                "expires",
                "last-modified",
                "set-cookie",
                "vary"));
        return Set.copyOf(names);
    }
}
