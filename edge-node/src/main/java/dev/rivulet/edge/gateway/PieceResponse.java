package dev.rivulet.edge.gateway;

import dev.rivulet.edge.limit.SharedRate;
import dev.rivulet.protocol.http.ByteRange;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.HeaderMap;
import io.undertow.util.Headers;
import io.undertow.util.HttpString;
import io.undertow.util.StatusCodes;
import java.nio.ByteBuffer;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/** Writes a piece, or the part of it that was asked for. */
final class PieceResponse {
    private static final String IMMUTABLE = "public, max-age=31536000, immutable";
    static final HttpString NOSNIFF = new HttpString("X-Content-Type-Options");
    private static final HttpString TIMING = new HttpString("Timing-Allow-Origin");
    private static final HttpString RESOURCE_POLICY = new HttpString("Cross-Origin-Resource-Policy");

    private PieceResponse() {}

    private static void describe(HttpServerExchange exchange, PieceAddress address) {
        exchange.getResponseHeaders()
                .put(Headers.CACHE_CONTROL, IMMUTABLE)
                .put(Headers.ETAG, address.etag())
                .put(Headers.ACCEPT_RANGES, "bytes")
                .put(TIMING, "*")
                .put(RESOURCE_POLICY, "cross-origin");
    }

    private static void describeBody(HttpServerExchange exchange) {
        exchange.getResponseHeaders()
                .put(Headers.CONTENT_TYPE, "application/octet-stream")
                .put(NOSNIFF, "nosniff");
    }

    /** Whether the client has it already (RFC 9110 §13.1.2). */
    static boolean isUnchanged(HttpServerExchange exchange, PieceAddress address) {
        String known = exchange.getRequestHeaders().getFirst(Headers.IF_NONE_MATCH);
        if (known == null) {
            return false;
        }
        for (String tag : known.split(",", -1)) {
            String opaque = tag.strip().replaceFirst("^W/", "");
            if (opaque.equals("*") || opaque.equals(address.etag())) {
                return true;
            }
        }
        return false;
    }

    static void sendUnchanged(HttpServerExchange exchange, PieceAddress address) {
        describe(exchange, address);
        exchange.setStatusCode(StatusCodes.NOT_MODIFIED).endExchange();
    }

    /** Answers a {@code HEAD}; ranges are for {@code GET} only (RFC 9110 §14.2). */
    static void sendHead(HttpServerExchange exchange, PieceAddress address, int length) {
        describe(exchange, address);
        describeBody(exchange);
        exchange.setResponseContentLength(length);
        exchange.endExchange();
    }

    /**
     * Answers a {@code GET} from the whole piece's bytes. Leaves the buffer's position alone: several requests for one
     * piece may be answered from one buffer at the same time.
     *
     * @param sent told how many bytes go out, as they do
     */
    static void send(
            HttpServerExchange exchange, PieceAddress address, ByteBuffer piece, SharedRate rate, LongConsumer sent) {
        int size = piece.remaining();
        HeaderMap headers = exchange.getResponseHeaders();
        ByteRange range = ByteRange.parse(rangeHeader(exchange, address), size);
        if (range instanceof ByteRange.Unsatisfiable unsatisfiable) {
            headers.put(Headers.CONTENT_RANGE, unsatisfiable.contentRange(size));
            new Problem(StatusCodes.REQUEST_RANGE_NOT_SATISFIABLE, "the piece has " + size + " bytes").send(exchange);
            return;
        }
        describe(exchange, address);
        describeBody(exchange);
        ByteBuffer body = piece.slice();
        if (range instanceof ByteRange.Part part) {
            exchange.setStatusCode(StatusCodes.PARTIAL_CONTENT);
            headers.put(Headers.CONTENT_RANGE, part.contentRange(size));
            body = piece.slice(piece.position() + (int) part.first(), (int) part.length());
        }
        PacedBody.send(exchange, rate, body, sent);
    }

    /** The range, unless {@code If-Range} names another version (RFC 9110 §13.1.5). */
    private static @Nullable String rangeHeader(HttpServerExchange exchange, PieceAddress address) {
        String condition = exchange.getRequestHeaders().getFirst(Headers.IF_RANGE);
        boolean otherVersion = condition != null && !condition.equals(address.etag());
        return otherVersion ? null : exchange.getRequestHeaders().getFirst(Headers.RANGE);
    }
}
