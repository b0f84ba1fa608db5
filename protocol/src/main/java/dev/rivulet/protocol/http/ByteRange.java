package dev.rivulet.protocol.http;

import org.jspecify.annotations.Nullable;

/** What a {@code Range} header asks of a body of known size (RFC 9110 §14, one range). */
public sealed interface ByteRange {
    /** No range: answer 200 with everything. */
    record Whole() implements ByteRange {}

    /** Bytes {@code first} to {@code last}, both inclusive: answer 206. */
    record Part(long first, long last) implements ByteRange {
        public Part {
            if (first < 0 || last < first) {
                throw new IllegalArgumentException(first + "-" + last);
            }
        }

        /** How many bytes. */
        public long length() {
            return last - first + 1;
        }

        /** The {@code Content-Range} of the answer. */
        public String contentRange(long size) {
            return "bytes " + first + "-" + last + "/" + size;
        }
    }

    /** Nothing of the body is in the range: answer 416. */
    record Unsatisfiable() implements ByteRange {
        /** The {@code Content-Range} of the answer. */
        public String contentRange(long size) {
            return "bytes */" + size;
        }
    }

    /**
     * Reads a header; several ranges, other units and malformed ones are ignored.
     *
     * @param header the value, null when there is none
     * @param size of the whole body, 0 or more
     */
    static ByteRange parse(@Nullable String header, long size) {
        return header == null ? new Whole() : RangeHeader.parse(header, size);
    }
}
