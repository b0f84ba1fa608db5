package dev.rivulet.edge.origin;

import dev.rivulet.protocol.catalog.Layout;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Locale;
import java.util.concurrent.atomic.LongAdder;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.http.HttpStatus;

/** Turns an origin's response into verified pieces, as they arrive. */
final class SpanReader {
    /** Takes pieces in order. */
    interface Sink {
        /** {@code bytes} are exactly those of the piece, verified, and not touched by the reader again. May block. */
        void piece(int index, ByteBuffer bytes) throws IOException;
    }

    private static final Pattern CONTENT_RANGE = Pattern.compile("bytes ([0-9]{1,15})-([0-9]{1,15})/([0-9]{1,15}|\\*)");

    private final Layout layout;
    private final LongAdder received;

    /** @param received counts body bytes, right or wrong */
    SpanReader(Layout layout, LongAdder received) {
        this.layout = layout;
        this.received = received;
    }

    /** Whether this is the whole resource, asked for or not. */
    static boolean isWhole(ClassicHttpResponse response) {
        return response.getCode() == HttpStatus.SC_OK;
    }

    /**
     * Reads and verifies the body.
     *
     * @param asked what a range was asked for; a whole response brings all pieces instead
     * @throws ContradictedException when the resource is not what the layout says
     * @throws OriginException when the origin refuses or answers something else than it was asked
     */
    void read(ClassicHttpResponse response, PieceSpan asked, Sink sink) throws IOException {
        checkEncoding(response);
        PieceSpan span = checkStatus(response, asked);
        if (response.getEntity() == null) {
            throw new OriginException("no body");
        }
        InputStream body = response.getEntity().getContent();
        for (int index = span.first(); index <= span.last(); index++) {
            byte[] bytes = body.readNBytes(layout.length(index));
            received.add(bytes.length);
            if (bytes.length < layout.length(index)) {
                throw new OriginException("body ends within piece " + index);
            }
            if (!layout.verify(index, ByteBuffer.wrap(bytes))) {
                throw new ContradictedException("piece " + index + " has other bytes");
            }
            sink.piece(index, ByteBuffer.wrap(bytes));
        }
        if (body.read() >= 0 && isWhole(response)) {
            throw new ContradictedException("it has more than " + layout.size() + " bytes");
        }
    }

    private PieceSpan checkStatus(ClassicHttpResponse response, PieceSpan asked) throws IOException {
        if (isWhole(response)) {
            checkSize(header(response, HttpHeaders.CONTENT_LENGTH));
            return PieceSpan.all(layout);
        }
        if (response.getCode() == HttpStatus.SC_REQUESTED_RANGE_NOT_SATISFIABLE) {
            throw new ContradictedException("it is shorter");
        }
        if (response.getCode() != HttpStatus.SC_PARTIAL_CONTENT) {
            throw new OriginException("status " + response.getCode());
        }
        Matcher range = CONTENT_RANGE.matcher(header(response, HttpHeaders.CONTENT_RANGE));
        if (!range.matches()) {
            throw new OriginException("206 without a usable Content-Range");
        }
        checkSize(range.group(3));
        if (Long.parseLong(range.group(1)) != asked.begin(layout)
                || Long.parseLong(range.group(2)) != asked.end(layout) - 1) {
            throw new OriginException("another range than asked for: " + range.group());
        }
        return asked;
    }

    private void checkSize(String size) throws ContradictedException {
        if (size.matches("[0-9]{1,18}") && Long.parseLong(size) != layout.size()) {
            throw new ContradictedException("it has " + size + " bytes, not " + layout.size());
        }
    }

    private static void checkEncoding(ClassicHttpResponse response) throws OriginException {
        String encoding = header(response, HttpHeaders.CONTENT_ENCODING).toLowerCase(Locale.ROOT);
        if (!encoding.isEmpty() && !encoding.equals("identity")) {
            throw new OriginException("encoded as " + encoding + " though identity was asked for");
        }
    }

    private static String header(ClassicHttpResponse response, String name) {
        Header header = response.getFirstHeader(name);
        return header == null || header.getValue() == null
                ? ""
                : header.getValue().strip();
    }
}
