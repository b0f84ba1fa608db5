package dev.rivulet.protocol.http;

import java.math.BigInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The arithmetic of RFC 9110 §14.1.2. */
final class RangeHeader {
    /** Units are case-insensitive (§14.1). Several ranges and malformed ones do not match and are ignored. */
    private static final Pattern ONE_RANGE =
            Pattern.compile("bytes=(?:([0-9]+)-([0-9]*)|-([0-9]+))", Pattern.CASE_INSENSITIVE);

    private RangeHeader() {}

    static ByteRange parse(String header, long size) {
        Matcher matcher = ONE_RANGE.matcher(header.strip());
        if (!matcher.matches()) {
            return new ByteRange.Whole();
        }
        String suffix = matcher.group(3);
        return suffix == null
                ? fromTo(new BigInteger(matcher.group(1)), matcher.group(2), size)
                : last(new BigInteger(suffix), size);
    }

    private static ByteRange last(BigInteger suffix, long size) {
        // A suffix longer than the body is the whole body.
        long length = suffix.min(BigInteger.valueOf(size)).longValueExact();
        return length == 0 ? new ByteRange.Unsatisfiable() : new ByteRange.Part(size - length, size - 1);
    }

    private static ByteRange fromTo(BigInteger first, String lastText, long size) {
        BigInteger end = BigInteger.valueOf(size - 1);
        // A last position that is absent or past the end is the last byte; one before the first is malformed.
        BigInteger last = lastText.isEmpty() ? end.max(first) : new BigInteger(lastText);
        if (last.compareTo(first) < 0) {
            return new ByteRange.Whole();
        }
        return first.compareTo(end) > 0
                ? new ByteRange.Unsatisfiable()
                : new ByteRange.Part(first.longValueExact(), last.min(end).longValueExact());
    }
}
